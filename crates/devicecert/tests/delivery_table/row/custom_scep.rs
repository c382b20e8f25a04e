//! Any SCEP server, with one challenge for everybody; a passcode in the URL lets a device through
//! the proxy once.

use std::rc::Rc;

use devicecert::delivery::CustomScep;
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Platform, ProfileStatus};
use devicecert::scep::FailInfo;

use crate::device::{Device, Trouble};
use crate::mdm::{HOST as DEVICE, Sent, Upload};
use crate::profiles::CA;
use crate::scene::Scene;
use crate::server::scep::ScepServer;
use crate::table::{Cell, Row};
use crate::world::World;
use crate::{watch, wire};

mod android;
mod apple;
mod windows;

pub(crate) const APPLE: Row = Row {
    title: "custom SCEP × Apple",
    module: "custom_scep::apple",
    cells: [
        Cell::Test(apple::deliver),
        Cell::Test(apple::enrol),
        Cell::Test(apple::renew),
        Cell::Test(apple::wrong_credentials),
        Cell::Test(apple::expired_challenge),
        Cell::Test(apple::ca_down),
    ],
};

pub(crate) const WINDOWS: Row = Row {
    title: "custom SCEP × Windows",
    module: "custom_scep::windows",
    cells: [
        Cell::Test(windows::deliver),
        Cell::Test(windows::enrol),
        Cell::Test(windows::renew),
        Cell::Test(windows::wrong_credentials),
        Cell::Test(windows::expired_challenge),
        Cell::Test(windows::ca_down),
    ],
};

pub(crate) const ANDROID: Row = Row {
    title: "custom SCEP × Android",
    module: "custom_scep::android",
    cells: [
        Cell::Test(android::deliver),
        Cell::Test(android::enrol),
        Cell::Test(android::renew),
        Cell::Test(android::wrong_credentials),
        Cell::Test(android::expired_challenge),
        Cell::Test(android::ca_down),
    ],
};

const HOST: &str = "scep.test";

/// What every device has to know. Windows can send all of it.
const CHALLENGE: &str = "Open Sesame: 1001";

/// What the administrator has mistyped.
const OTHER_CHALLENGE: &str = "Open Sesam: 1001";

const USED_UP: &str = "custom scep challenge failed";

fn world(rules: Rules) -> (World, Rc<ScepServer>) {
    let mut world = World::new(rules);
    let scep = Rc::new(ScepServer::standing(HOST, "/scep", CHALLENGE, world.now()));
    world.serve(HOST, scep.clone());
    world.proxy = world.proxy.clone().custom_scep(CA, scep.url("http").parse().unwrap());
    configure(&world, &scep, CHALLENGE);
    (world, scep)
}

fn configure(world: &World, scep: &ScepServer, challenge: &str) {
    watch::secret(challenge);
    let url = scep.url("http").parse().unwrap();
    let ca = CustomScep::new(CA.parse().unwrap(), url, challenge);
    world.configure(|authorities| authorities.custom_scep(ca).unwrap());
}

fn scene(
    rules: Rules,
    profile: &str,
    text: impl FnOnce(&ScepServer) -> String,
    device: impl FnOnce(&ScepServer) -> Box<dyn Device>,
    subject: String,
) -> Scene {
    let (world, scep) = world(rules);
    let upload = Upload::new(&world, profile, CA, text(&scep));
    Scene { upload, device: device(&scep), scep, subject, world }
}

/// The URL of the proxy without the passcode.
fn url_before_passcode(scene: &Scene) -> String {
    let profile = scene.upload.slot.profile();
    format!("https://mdm.test/mdm/scep/proxy/{DEVICE}%2C{profile}%2CWIFI%2C")
}

/// What is different in each profile.
fn passcode(scene: &Scene, sent: &Sent) -> String {
    let text = match sent {
        Sent::Template { url, .. } => String::from_utf8(url.expose().to_vec()).unwrap() + "<",
        other => other.text().to_owned(),
    };
    let passcode = wire::between(&text, &url_before_passcode(scene), "<").to_owned();
    assert_eq!(passcode.len(), 32);
    assert!(passcode.bytes().all(|x| x.is_ascii_alphanumeric() || matches!(x, b'-' | b'_')));
    passcode
}

/// The passcode that is in the profile is in the store, too, and the row of the certificate.
fn is_expected(scene: &Scene, passcode: &str) {
    assert_eq!(scene.status(), ProfileStatus::Pending);
    assert_eq!(scene.world.row(&scene.upload).unwrap().ca_type, Some(CaType::CustomScep));
    assert!(scene.world.takes_passcode(&scene.upload, passcode));
    assert_eq!(scene.scep.operations.take(), [""; 0], "nobody is asked");
}

/// What is `said` to a device that comes again with the first profile.
fn renews(scene: &Scene, said: &str) {
    let (first, second, again) = scene.renew();
    assert_eq!(again, Err(Trouble::Http(400, format!("{said}\n"))));
    let [old, new] = [first, second].map(|sent| passcode(scene, &sent));
    assert_ne!(old, new);
    for used in [old, new] {
        assert!(!scene.world.takes_passcode(&scene.upload, &used));
    }
}

/// Nobody but the CA knows that the challenge is wrong, and nobody but the device hears of it:
/// beside a profile of Windows, which says nothing, nothing is shown.
fn is_refused_by_the_ca(scene: &Scene) {
    configure(&scene.world, &scene.scep, OTHER_CHALLENGE);
    let sent = scene.deliver();
    assert_eq!(scene.install(&sent), Err(Trouble::Refused(FailInfo::BadRequest)));
    assert_eq!((scene.scep.asked(), scene.issued()), (1, 0));
    assert!(!scene.world.takes_passcode(&scene.upload, &passcode(scene, &sent)), "used up");
    match scene.upload.slot.profile().platform() {
        Platform::Windows => {
            assert_eq!((scene.status(), scene.detail()), (ProfileStatus::Verifying, String::new()));
        }
        Platform::Apple | Platform::Android(_) => assert_eq!(scene.status(), ProfileStatus::Failed),
    }
    configure(&scene.world, &scene.scep, CHALLENGE);
    scene.enrol();
}
