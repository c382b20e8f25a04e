//! When there is something to be done.

use std::time::Duration;

use devicecert::fleet::osquery_policy;

use crate::program::{Program, path};
use crate::world::{EST, World};

fn renews(world: &World, arguments: &[&str]) -> bool {
    let before = world.statuses().len();
    let run = Program::of_user(world, EST).args(arguments).run();
    assert_eq!(run.status, 0, "{run:?}");
    let asked = world.statuses().len() > before;
    assert_eq!(asked, run.out.starts_with("issued: "), "{run:?}");
    assert_eq!(!asked, run.out.starts_with("nothing to do: "), "{run:?}");
    asked
}

/// The certificate is valid for 365 days.
#[test]
fn as_long_as_it_is_good_nothing_is_asked() {
    let world = World::new();
    assert!(renews(&world, &[]));
    let first = std::fs::read(world.out("device.pem")).unwrap();
    assert!(!renews(&world, &[]));
    assert!(!renews(&world, &["--renew-below", "364"]));
    assert_eq!(std::fs::read(world.out("device.pem")).unwrap(), first);
    assert!(renews(&world, &["--renew-below", "366"]));
    assert_ne!(std::fs::read(world.out("device.pem")).unwrap(), first);
    world.check_issued(&world.est_ca);
}

#[test]
fn a_new_key_each_time_or_the_same() {
    let world = World::new();
    assert!(renews(&world, &[]));
    let first = world.key().public_key().clone();
    assert!(renews(&world, &["--renew-below", "366", "--same-key"]));
    assert_eq!(world.key().public_key(), &first);
    assert!(renews(&world, &["--renew-below", "366"]));
    assert_ne!(world.key().public_key(), &first);
    world.check_issued(&world.est_ca);
}

#[test]
fn what_is_damaged_is_asked_for_again() {
    let world = World::new();
    assert!(renews(&world, &[]));
    for text in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        std::fs::write(world.out("device.pem"), text).unwrap();
        assert!(renews(&world, &[]));
        world.check_issued(&world.est_ca);
    }
    std::fs::remove_file(world.out("device.key")).unwrap();
    assert!(renews(&world, &[]));
    world.check_issued(&world.est_ca);
}

/// A renewal that fails leaves everything in use as it was.
#[test]
fn a_refusal_changes_nothing() {
    let world = World::new();
    assert!(renews(&world, &[]));
    let read = |name| std::fs::read(world.out(name)).unwrap();
    let before = (read("device.pem"), read("device.key"));
    let run = Program::of_user(&world, "6").args(&["--renew-below", "366"]).run();
    assert_eq!(run.status, 3);
    assert_eq!((read("device.pem"), read("device.key")), before);
    assert!(!renews(&world, &[]));
}

/// The policy says what the program says, to the day.
#[test]
fn the_policy() {
    let world = World::new();
    let device = world.folder.path().join("device");
    let program = Program::nowhere().args(&["--print-policy", "--out", path(&device)]);
    let run = program.args(&["--renew-below", "14"]).run();
    let margin = Duration::from_secs(14 * 86_400);
    let expected = osquery_policy(path(&world.out("device.pem")), margin);
    assert_eq!((run.status, run.out), (0, format!("{expected}\n")));
}
