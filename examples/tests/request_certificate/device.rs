//! Signed with the key of the host identity certificate.

use std::time::Duration;

use devicecert::fleet::Rules;
use devicecert::fleet::request_certificate::{HostBinding, Service};

use crate::program::Program;
use crate::world::{EMAIL, EST, World, enrolled, host_identity};

#[test]
fn a_certificate_for_its_own_user() {
    let world = World::new();
    let host = world.host(&[0x0a, 0xbc], enrolled(EMAIL));
    Program::of_device(&world, EST, &host).names(EMAIL, "ada").run().issued();
    world.check_issued(&world.est_ca);
}

#[test]
fn not_for_anybody_else() {
    let world = World::new();
    let host = world.host(&[7], enrolled("somebody@example.com"));
    let run = || Program::of_device(&world, EST, &host).names(EMAIL, EMAIL).run();
    let text = ": Certificate subject does not match the end user identity recorded for this host.";
    run().refused(403, text);
    assert!(!world.out("device.pem").exists());
    world.change(|state| state.service.policy.host_binding = HostBinding::Disabled);
    run().issued();
    // Late 2025 bound nobody.
    world.change(|state| state.service = Service::new(Rules::Guide));
    let again = Program::of_device(&world, EST, &host).names("x@example.com", "y");
    again.args(&["--renew-below", "9999"]).run().issued();
}

#[test]
fn not_without_an_enrolled_host() {
    let world = World::new();
    let host = world.host(&[7], None);
    let text = ": Host identity certificate is not associated with an enrolled host.";
    Program::of_device(&world, EST, &host).names(EMAIL, EMAIL).run().refused(403, text);
}

/// What Fleet answers then is no JSON, and tells the device no more than that.
#[test]
fn not_with_a_certificate_that_fleet_does_not_know() {
    let world = World::new();
    let host = world.host(&[7], enrolled(EMAIL));
    let run = || Program::of_device(&world, EST, &host).names(EMAIL, EMAIL).run();
    let known = std::mem::take(&mut world.fleet.state.lock().unwrap().hosts);
    run().refused(401, "");
    // The same serial number, with another key.
    world.change(|state| state.hosts = vec![(host_identity(&[7]).0, enrolled(EMAIL))]);
    run().refused(401, "");
    world.change(|state| state.hosts = known);
    run().issued();
}

#[test]
fn a_signature_that_took_too_long() {
    let world = World::new();
    let host = world.host(&[7], enrolled(EMAIL));
    let run = || Program::of_device(&world, EST, &host).names(EMAIL, EMAIL).run();
    world.change(|state| state.ahead = Duration::from_secs(320));
    run().refused(401, "");
    assert_eq!(world.statuses(), [401]);
    world.change(|state| state.ahead = Duration::from_secs(200));
    run().issued();
}

#[test]
fn a_key_that_is_not_the_certificates() {
    let world = World::new();
    let host = world.host(&[7], enrolled(EMAIL));
    let key = std::fs::read(&host.1).unwrap();
    let other = world.host(&[8], enrolled(EMAIL));
    std::fs::write(&other.1, key).unwrap();
    let run = Program::of_device(&world, EST, &other).names(EMAIL, EMAIL).run();
    assert_eq!(run.status, 1);
    run.says("--host-key is not the key of --host-certificate");
    assert!(world.statuses().is_empty());
}
