//! On Apple's devices, with NTLM at the admin page.

use std::rc::Rc;

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Failure, ProfileStatus, Slot};

use super::{FRESH, INVALID_BY_THE_GUIDE, configure, fails, page_down, refusals, world};
use crate::device::Trouble;
use crate::device::apple::Mac;
use crate::mdm::{HOST as DEVICE, Upload};
use crate::profiles;
use crate::scene::Scene;
use crate::server::WRONG;
use crate::server::ndes::{Login, Ndes};
use crate::world::{Down, SECOND};

fn scene(rules: Rules) -> (Scene, Rc<Ndes>) {
    let (world, ndes) = world(rules, Login::Ntlm);
    let marker = "$FLEET_VAR_SCEP_RENEWAL_ID";
    let text = profiles::apple_scep("NDES_SCEP", "", "%SerialNumber% WIFI", marker);
    let upload = Upload::new(&world, profiles::APPLE, Slot::NDES, text);
    let scene = Scene {
        upload,
        device: Box::new(Mac::new(&ndes.scep.ca.certificate)),
        scep: ndes.scep.clone(),
        subject: format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::APPLE),
        world,
    };
    (scene, ndes)
}

pub(super) fn deliver() {
    let (scene, ndes) = scene(Rules::Current);
    let sent = scene.deliver();
    let shown = ndes.shown.take();
    let [challenge] = shown.as_slice() else { panic!("one challenge") };
    let url = format!("https://mdm.test/mdm/scep/proxy/{DEVICE}%2C{}%2CNDES", profiles::APPLE);
    let expected = scene
        .upload
        .text
        .replace("$FLEET_VAR_NDES_SCEP_CHALLENGE", challenge)
        .replace("$FLEET_VAR_NDES_SCEP_PROXY_URL", &url)
        .replace("$FLEET_VAR_SCEP_RENEWAL_ID", &format!("fleet-{}", profiles::APPLE));
    assert_eq!(sent.text(), expected);
    assert_eq!(scene.status(), ProfileStatus::Pending);
    let row = scene.world.row(&scene.upload).unwrap();
    assert_eq!(row.ca_type, Some(CaType::Ndes));
    assert_eq!(row.challenge_retrieved_at, Some(scene.world.now()));
    assert_eq!(scene.scep.operations.take(), [""; 0]);
}

pub(super) fn enrol() {
    let (scene, _) = scene(Rules::Current);
    scene.enrol();
}

pub(super) fn renew() {
    let (scene, ndes) = scene(Rules::Current);
    let (_, _, again) = scene.renew();
    let said = format!(
        "profile status (verified) is not 'pending' for host:{DEVICE} profile:{}\n",
        profiles::APPLE
    );
    assert_eq!(again, Err(Trouble::Http(400, said)));
    let shown = ndes.shown.take();
    assert_eq!(shown.len(), 2);
    assert_ne!(shown[0], shown[1]);
    assert_eq!(scene.scep.unused(), 0, "both are used up");
}

pub(super) fn wrong_credentials() {
    let (by_the_guide, ndes) = scene(Rules::Guide);
    configure(&by_the_guide.world, &ndes, Login::Ntlm, WRONG);
    fails(&by_the_guide, &ndes, INVALID_BY_THE_GUIDE);
    let (today, ndes) = scene(Rules::Current);
    refusals(&today, &ndes, Login::Ntlm);
}

pub(super) fn expired_challenge() {
    for rules in [Rules::Guide, Rules::Current] {
        let (scene, ndes) = scene(rules);
        scene.expire(FRESH + SECOND, "challenge password has expired");
        assert_eq!(ndes.shown.take().len(), 2);
    }
    let (scene, _) = scene(Rules::Current);
    let sent = scene.deliver();
    scene.world.pass(FRESH);
    assert_eq!(scene.install(&sent), Ok(()), "at the last second");
}

pub(super) fn ca_down() {
    let (scene, ndes) = scene(Rules::Current);
    page_down(&scene, &ndes);
    let scep = "/mscep.dll";
    scene.down(scep, Down::Fails(Failure::Timeout), 408, "request timed out");
    scene.down(scep, Down::Fails(Failure::ConnectionRefused), 500, "Internal Server Error");
    let (scene, _) = self::scene(Rules::Guide);
    scene.down(scep, Down::Fails(Failure::Timeout), 500, "request timed out");
    scene.down(
        scep,
        Down::Status(503),
        500,
        "http request failed with status 503 Service Unavailable, msg: \
         <html>Service Unavailable</html>",
    );
}
