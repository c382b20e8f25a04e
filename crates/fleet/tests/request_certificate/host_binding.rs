//! A device gets a certificate for its own user.

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::HostBinding;

use crate::support::{
    ADMIN, EMAIL, World, body, csr, device, good, host, idp_body, names, refused, told,
};

const MISMATCH: &str =
    "Certificate subject does not match the end user identity recorded for this host.";

#[test]
fn its_own_user() {
    let mut world = World::closed();
    for username in [EMAIL, "FLEETIE@Example.com"] {
        world.issues(&device(host(Some(username))), &body(&good()));
    }
    world.issues(&device(host(Some(EMAIL))), &body(&names("Fleetie@example.com", "FLEETIE")));
}

#[test]
fn anybody_else() {
    let mut world = World::closed();
    for username in [None, Some(""), Some("other@example.com"), Some("fleetie")] {
        let refusal = world.refuses(&device(host(username)), &body(&good()));
        assert_eq!(told(&refusal), refused(403, MISMATCH));
    }
    for upn in ["victim@example.com", "fleet", "fleetie@"] {
        let refusal = world.refuses(&device(host(Some(EMAIL))), &body(&names(EMAIL, upn)));
        assert_eq!(told(&refusal), refused(403, MISMATCH));
    }
    // What names nobody cannot be bound.
    let refusal = world.refuses(&device(host(Some(EMAIL))), &body(&csr(vec![])));
    assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
    assert!(!world.done.contains(&"issue"));
}

/// Before anything goes over the network.
#[test]
fn binding_comes_before_introspection() {
    let mut world = World::new(Rules::Current);
    let refusal = world.refuses(&device(host(None)), &idp_body(&good()));
    assert_eq!(told(&refusal), refused(403, MISMATCH));
    assert_eq!(world.done, ["look up"]);
}

#[test]
fn where_it_is_disabled() {
    let mut world = World::closed();
    world.service.policy.host_binding = HostBinding::Disabled;
    world.issues(&device(host(None)), &body(&good()));
    world.issues(&device(host(Some("other@example.com"))), &body(&csr(vec![])));
}

/// A token has no host, so there is nothing to bind to.
#[test]
fn users_are_not_bound() {
    World::closed().issues(&ADMIN, &body(&names("anybody@example.com", "somebody")));
}

/// Late 2025 issues to any device that signs.
#[test]
fn late_2025_binds_nobody() {
    let mut world = World::new(Rules::Guide);
    world.issues(&device(host(Some("other@example.com"))), &body(&good()));
}
