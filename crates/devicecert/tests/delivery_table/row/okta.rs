//! Okta, which Fleet knows as NDES.
//!
//! Not on Windows: its challenges have characters that Windows cannot send.

use std::rc::Rc;
use std::time::Duration;

use devicecert::ca::Credentials;
use devicecert::delivery::{Ndes, Okta as Configured};
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Failure, ProfileStatus, Slot};

use crate::device::Trouble;
use crate::device::apple::Mac;
use crate::mdm::{HOST as DEVICE, Upload};
use crate::profiles;
use crate::scene::Scene;
use crate::server::okta::{CHALLENGE_PATH, HOST, Okta, USER};
use crate::server::{RIGHT, WRONG};
use crate::table::{Cell, Row};
use crate::world::{Down, SECOND, World};

pub(crate) const APPLE: Row = Row {
    title: "Okta as NDES × Apple",
    module: "okta::apple",
    cells: [
        Cell::Test(deliver),
        Cell::Test(enrol),
        Cell::Test(renew),
        Cell::Test(wrong_credentials),
        Cell::Test(expired_challenge),
        Cell::Test(ca_down),
    ],
};

const INVALID: &str = "Invalid NDES admin credentials. Fleet couldn't populate \
    $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > \
    Certificate enrollment.";

fn configure(world: &World, okta: &Okta, password: &str) {
    let challenge_url = format!("https://{HOST}{CHALLENGE_PATH}").parse().unwrap();
    let credentials = Credentials::new(USER, password);
    let scep_url = okta.scep.url("https").parse().unwrap();
    let account = Configured::new(scep_url, challenge_url, credentials).unwrap();
    world.configure(|authorities| authorities.ndes(Ndes::Okta(account)).unwrap());
}

fn scene() -> (Scene, Rc<Okta>) {
    let mut world = World::new(Rules::Current);
    let okta = Rc::new(Okta::new(world.now()));
    world.serve(HOST, okta.clone());
    world.proxy = world.proxy.clone().ndes(okta.scep.url("https").parse().unwrap());
    configure(&world, &okta, RIGHT);
    let marker = "$FLEET_VAR_CERTIFICATE_RENEWAL_ID";
    let text = profiles::apple_scep("NDES_SCEP", "", "%SerialNumber% WIFI", marker);
    let upload = Upload::new(&world, profiles::APPLE, Slot::NDES, text);
    let scene = Scene {
        upload,
        device: Box::new(Mac::new(&okta.scep.ca.certificate)),
        scep: okta.scep.clone(),
        subject: format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::APPLE),
        world,
    };
    (scene, okta)
}

#[track_caller]
fn fails(scene: &Scene, okta: &Okta, detail: &str) {
    scene.fails(detail);
    assert_eq!(okta.shown.borrow().len(), 0);
}

fn deliver() {
    let (scene, okta) = scene();
    let sent = scene.deliver();
    let shown = okta.shown.take();
    let [challenge] = shown.as_slice() else { panic!("one challenge") };
    let url = format!("https://mdm.test/mdm/scep/proxy/{DEVICE}%2C{}%2CNDES", profiles::APPLE);
    let marker = format!("fleet-{}", profiles::APPLE);
    let expected = scene
        .upload
        .text
        .replace("$FLEET_VAR_NDES_SCEP_CHALLENGE", challenge)
        .replace("$FLEET_VAR_NDES_SCEP_PROXY_URL", &url)
        .replace("$FLEET_VAR_CERTIFICATE_RENEWAL_ID", &marker);
    assert_eq!(sent.text(), expected);
    assert_eq!(scene.status(), ProfileStatus::Pending);
    assert_eq!(scene.world.row(&scene.upload).unwrap().ca_type, Some(CaType::Ndes));
}

fn enrol() {
    scene().0.enrol();
}

fn renew() {
    let (scene, okta) = scene();
    let (_, _, again) = scene.renew();
    let said = format!(
        "profile status (verified) is not 'pending' for host:{DEVICE} profile:{}\n",
        profiles::APPLE
    );
    assert_eq!(again, Err(Trouble::Http(400, said)));
    let shown = okta.shown.take();
    assert_eq!(shown.len(), 2);
    assert_ne!(shown[0], shown[1]);
    assert_eq!(scene.scep.unused(), 0, "both are used up");
}

fn wrong_credentials() {
    let (scene, okta) = scene();
    configure(&scene.world, &okta, WRONG);
    fails(&scene, &okta, INVALID);
    configure(&scene.world, &okta, RIGHT);
    scene.enrol();
}

fn expired_challenge() {
    let (scene, okta) = scene();
    let fresh = Duration::from_secs(57 * 60);
    scene.expire(fresh + SECOND, "challenge password has expired");
    assert_eq!(okta.shown.take().len(), 2);
}

fn ca_down() {
    let (scene, okta) = scene();
    let populate = "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE.";
    for (how, detail) in [
        (Down::Fails(Failure::Timeout), format!("{populate} context deadline exceeded")),
        (Down::Status(503), INVALID.to_owned()),
    ] {
        scene.world.down(HOST, how);
        fails(&scene, &okta, &detail);
        scene.world.up();
    }
    let scep = "/cert/scep";
    scene.down(scep, Down::Fails(Failure::Timeout), 408, "request timed out");
    scene.down(scep, Down::Status(502), 500, "Internal Server Error");
}
