//! Smallstep.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use devicecert::ca::{Credentials, smallstep::Settings};
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Failure, ProfileStatus};

use crate::device::Trouble;
use crate::device::apple::Mac;
use crate::mdm::{HOST as DEVICE, Upload};
use crate::profiles::{self, CA};
use crate::scene::Scene;
use crate::server::smallstep::{HOST, SCEP_HOST, USER, WEBHOOK, Webhook, scep};
use crate::server::{RIGHT, WRONG};
use crate::table::{Cell, Row};
use crate::world::{Down, SECOND, World};

pub(crate) const APPLE: Row = Row {
    title: "Smallstep × Apple",
    module: "smallstep::apple",
    cells: [
        Cell::Test(deliver),
        Cell::Test(enrol),
        Cell::Test(renew),
        Cell::Test(wrong_credentials),
        Cell::Test(expired_challenge),
        Cell::Test(ca_down),
    ],
};

/// How long the proxy takes a challenge for good.
const FRESH: Duration = Duration::from_secs(4 * 60);

/// Fleet leaves the name of the CA out.
const POPULATE: &str = "Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_.";

fn configure(world: &World, webhook: &Webhook, password: &str) {
    let credentials = Credentials::new(USER, password);
    let challenge_url = format!("https://{HOST}{WEBHOOK}");
    let settings = Settings::new(CA, webhook.scep.url("https"), challenge_url, credentials);
    let account = settings.account().unwrap();
    world.configure(|authorities| authorities.smallstep(account).unwrap());
}

fn scene() -> (Scene, Rc<Webhook>) {
    let mut world = World::new(Rules::Current);
    let scep = Rc::new(scep(world.now()));
    let webhook = Rc::new(Webhook { scep: scep.clone(), given: RefCell::default() });
    world.serve(SCEP_HOST, scep.clone());
    world.serve(HOST, webhook.clone());
    world.proxy = world.proxy.clone().smallstep(CA, scep.url("https").parse().unwrap());
    configure(&world, &webhook, RIGHT);
    let marker = "$FLEET_VAR_SCEP_RENEWAL_ID";
    let text = profiles::apple_scep("SMALLSTEP_SCEP", "_WIFI", "%SerialNumber% WIFI", marker);
    let upload = Upload::new(&world, profiles::APPLE, CA, text);
    let scene = Scene {
        upload,
        device: Box::new(Mac::new(&scep.ca.certificate)),
        scep,
        subject: format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::APPLE),
        world,
    };
    (scene, webhook)
}

#[track_caller]
fn fails(scene: &Scene, webhook: &Webhook, detail: &str) {
    scene.fails(detail);
    assert_eq!(webhook.given.borrow().len(), 0);
}

fn deliver() {
    let (scene, webhook) = scene();
    let sent = scene.deliver();
    let given = webhook.given.take();
    let [challenge] = given.as_slice() else { panic!("one challenge") };
    let url = format!("https://mdm.test/mdm/scep/proxy/{DEVICE}%2C{}%2CWIFI", profiles::APPLE);
    let expected = scene
        .upload
        .text
        .replace("$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_WIFI", challenge)
        .replace("$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_WIFI", &url)
        .replace("$FLEET_VAR_SCEP_RENEWAL_ID", &format!("fleet-{}", profiles::APPLE));
    assert_eq!(sent.text(), expected);
    assert_eq!(scene.status(), ProfileStatus::Pending);
    let row = scene.world.row(&scene.upload).unwrap();
    assert_eq!(row.ca_type, Some(CaType::Smallstep));
    assert_eq!(row.challenge_retrieved_at, Some(scene.world.now()));
}

fn enrol() {
    scene().0.enrol();
}

fn renew() {
    let (scene, webhook) = scene();
    let (_, _, again) = scene.renew();
    let said = format!(
        "profile status (verified) is not 'pending' for host:{DEVICE} profile:{}\n",
        profiles::APPLE
    );
    assert_eq!(again, Err(Trouble::Http(400, said)));
    let given = webhook.given.take();
    assert_eq!(given.len(), 2);
    assert_ne!(given[0], given[1]);
    assert_eq!(scene.scep.unused(), 0, "both are used up");
}

fn wrong_credentials() {
    let (scene, webhook) = scene();
    configure(&scene.world, &webhook, WRONG);
    let detail = format!("{POPULATE} getting Smallstep SCEP challenge: status code 401");
    fails(&scene, &webhook, &detail);
    configure(&scene.world, &webhook, RIGHT);
    scene.enrol();
}

fn expired_challenge() {
    let (late, webhook) = scene();
    late.expire(FRESH + SECOND, "challenge password has expired");
    assert_eq!(webhook.given.take().len(), 2);
    let (scene, _) = scene();
    let sent = scene.deliver();
    scene.world.pass(FRESH);
    assert_eq!(scene.install(&sent), Ok(()), "at the last second");
}

fn ca_down() {
    let (scene, webhook) = scene();
    for (how, detail) in [
        (Down::Fails(Failure::Timeout), "context deadline exceeded"),
        (Down::Fails(Failure::Dns), "no such host"),
        (Down::Status(503), "getting Smallstep SCEP challenge: status code 503"),
    ] {
        scene.world.down(WEBHOOK, how);
        fails(&scene, &webhook, &format!("{POPULATE} {detail}"));
        scene.world.up();
    }
    scene.down(SCEP_HOST, Down::Fails(Failure::Timeout), 408, "request timed out");
    scene.down(SCEP_HOST, Down::Status(503), 500, "Internal Server Error");
}
