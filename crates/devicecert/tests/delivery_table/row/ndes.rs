//! Microsoft NDES.

use std::rc::Rc;
use std::time::Duration;

use devicecert::ca::{Credentials, ndes::Settings};
use devicecert::delivery::Ndes as Configured;
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::Failure;

use crate::scene::Scene;
use crate::server::ndes::{ADMIN_PATH, HOST, Login, Ndes, Permission, USER};
use crate::server::{RIGHT, WRONG};
use crate::table::{Cell, Row};
use crate::world::{Down, HOUR, SECOND, World};

mod apple;
mod windows;

pub(crate) const APPLE: Row = Row {
    title: "NDES × Apple",
    module: "ndes::apple",
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
    title: "NDES × Windows",
    module: "ndes::windows",
    cells: [
        Cell::Test(windows::deliver),
        Cell::Test(windows::enrol),
        Cell::Test(windows::renew),
        Cell::Test(windows::wrong_credentials),
        Cell::Test(windows::expired_challenge),
        Cell::Test(windows::ca_down),
    ],
};

/// How long the proxy takes a challenge for good.
const FRESH: Duration = Duration::from_secs(57 * 60);

const INVALID: &str = "Invalid NDES admin credentials. Fleet couldn't populate \
    $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > \
    Certificate enrollment.";
const INVALID_BY_THE_GUIDE: &str = "Invalid NDES admin credentials. Fleet couldn't populate \
    $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > \
    Mobile Device Management > Simple Certificate Enrollment Protocol.";
const NO_PERMISSION: &str = "This account does not have sufficient permissions to enroll with \
    SCEP. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update the account with \
    NDES SCEP enroll permissions and try again.";
const CACHE_FULL: &str = "The NDES password cache is full. Fleet couldn't populate \
    $FLEET_VAR_NDES_SCEP_CHALLENGE. Please increase the number of cached passwords in NDES and try \
    again.";

/// Basic is for https only.
const fn scheme(login: Login) -> &'static str {
    match login {
        Login::Ntlm => "http",
        Login::Basic => "https",
    }
}

fn world(rules: Rules, login: Login) -> (World, Rc<Ndes>) {
    let mut world = World::new(rules);
    let ndes = Rc::new(Ndes::new(login, world.now()));
    world.serve(HOST, ndes.clone());
    world.proxy = world.proxy.clone().ndes(ndes.scep.url("http").parse().unwrap());
    configure(&world, &ndes, login, RIGHT);
    (world, ndes)
}

fn configure(world: &World, ndes: &Ndes, login: Login, password: &str) {
    let admin_url = format!("{}://{HOST}{ADMIN_PATH}", scheme(login));
    let credentials = Credentials::new(USER, password);
    let settings = Settings::new(ndes.scep.url("http"), admin_url, credentials);
    let account = settings.account().unwrap();
    world.configure(|authorities| authorities.ndes(Configured::Microsoft(account)).unwrap());
}

/// What is shown beside a profile that could not be filled in.
#[track_caller]
fn fails(scene: &Scene, ndes: &Ndes, detail: &str) {
    let before = ndes.shown.borrow().len();
    scene.fails(detail);
    assert_eq!(ndes.shown.borrow().len(), before);
}

/// All that can go wrong before there is a profile.
fn refusals(scene: &Scene, ndes: &Ndes, login: Login) {
    configure(&scene.world, ndes, login, WRONG);
    fails(scene, ndes, INVALID);
    configure(&scene.world, ndes, login, RIGHT);
    ndes.permission.set(Permission::Nothing);
    fails(scene, ndes, NO_PERMISSION);
    ndes.permission.set(Permission::Enrol);
    assert_eq!(scene.scep.operations.take(), [""; 0]);
    scene.enrol();
}

/// The page cannot be had, for one reason or another.
fn page_down(scene: &Scene, ndes: &Ndes) {
    let populate = "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE.";
    for (how, detail) in [
        (Down::Fails(Failure::Timeout), format!("{populate} context deadline exceeded")),
        (Down::Fails(Failure::ConnectionRefused), format!("{populate} connection refused")),
        (Down::Fails(Failure::Dns), format!("{populate} no such host")),
        (Down::Status(503), INVALID.to_owned()),
    ] {
        scene.world.down(ADMIN_PATH, how);
        fails(scene, ndes, &detail);
        scene.world.up();
    }
    for _ in 0..Ndes::MOST {
        scene.deliver();
    }
    fails(scene, ndes, CACHE_FULL);
    scene.world.pass(HOUR + SECOND);
}
