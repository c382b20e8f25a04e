//! On Windows, with Basic at the admin page.

use std::rc::Rc;

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Failure, ProfileStatus, Slot};
use devicecert::scep::FailInfo;

use super::{FRESH, page_down, refusals, world};
use crate::device::Trouble;
use crate::device::windows::Pc;
use crate::mdm::{HOST as DEVICE, Upload};
use crate::profiles::{self, numbered};
use crate::scene::Scene;
use crate::server::ndes::{Login, Ndes};
use crate::world::{Down, MINUTE, SECOND};

fn scene() -> (Scene, Rc<Ndes>) {
    let (world, ndes) = world(Rules::Current, Login::Basic);
    let text = profiles::windows_scep(
        "NDES_SCEP",
        "",
        profiles::WINDOWS_SUBJECT,
        &ndes.scep.ca.thumbprint(),
    );
    let upload = Upload::new(&world, profiles::WINDOWS, Slot::NDES, text);
    let scene = Scene {
        upload,
        device: Box::new(Pc::default()),
        scep: ndes.scep.clone(),
        subject: format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::WINDOWS),
        world,
    };
    (scene, ndes)
}

pub(super) fn deliver() {
    let (scene, ndes) = scene();
    let sent = scene.deliver();
    let shown = ndes.shown.take();
    let [challenge] = shown.as_slice() else { panic!("one challenge") };
    let url = format!("https://mdm.test/mdm/scep/proxy/{DEVICE}%2C{}%2CNDES", profiles::WINDOWS);
    let filled = profiles::windows_filled(&scene.upload.text)
        .replace("$FLEET_VAR_NDES_SCEP_CHALLENGE", challenge)
        .replace("$FLEET_VAR_NDES_SCEP_PROXY_URL", &url);
    assert_eq!(sent.text(), numbered(&filled));
    assert_eq!(scene.status(), ProfileStatus::Pending);
    let row = scene.world.row(&scene.upload).unwrap();
    assert_eq!(row.ca_type, Some(CaType::Ndes));
    assert_eq!(row.challenge_retrieved_at, Some(scene.world.now()));
}

pub(super) fn enrol() {
    scene().0.enrol();
}

pub(super) fn renew() {
    let (scene, ndes) = scene();
    let (_, _, again) = scene.renew();
    assert_eq!(again, Err(Trouble::Refused(FailInfo::BadRequest)), "by NDES");
    assert_eq!(ndes.shown.take().len(), 2);
    assert_eq!(scene.scep.unused(), 0);
}

pub(super) fn wrong_credentials() {
    let (scene, ndes) = scene();
    refusals(&scene, &ndes, Login::Basic);
}

pub(super) fn expired_challenge() {
    let (scene, ndes) = scene();
    scene.expire(FRESH + SECOND, "challenge password has expired");
    assert_eq!(ndes.shown.take().len(), 2);
}

pub(super) fn ca_down() {
    let (scene, ndes) = scene();
    page_down(&scene, &ndes);
    for (how, status, said, detail) in [
        (Down::Fails(Failure::Timeout), 408, "request timed out", "timeout"),
        (Down::Status(503), 500, "Internal Server Error", "HTTP 503"),
        (
            Down::Fails(Failure::ConnectionRefused),
            500,
            "Internal Server Error",
            "connection refused",
        ),
        (Down::Fails(Failure::Dns), 500, "Internal Server Error", "DNS resolution error"),
    ] {
        let before = scene.issued();
        let sent = scene.deliver();
        scene.world.down("operation=PKIOperation", how);
        let outcome = scene.install(&sent);
        assert_eq!(outcome, Err(Trouble::Http(status, format!("{said}\n"))));
        assert_eq!(scene.status(), ProfileStatus::Failed);
        assert_eq!(scene.detail(), format!("SCEP PKIOperation failed: {detail}"));
        scene.world.up();
        // Windows tries again by itself: the challenge has not been used.
        assert_eq!(scene.install(&sent), Ok(()));
        assert_eq!(scene.issued(), before + 1);
        assert_eq!((scene.status(), scene.detail()), (ProfileStatus::Verified, String::new()));
        scene.world.pass(MINUTE);
    }
}
