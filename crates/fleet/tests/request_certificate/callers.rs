//! Who may call.

use devicecert_fleet::License;
use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::{AuthorityId, Caller, Refusal, Role};

use crate::support::{
    self, ADMIN, EMAIL, World, body, device, good, host, reason, refused, sign, told,
};

#[test]
fn global_admins_and_maintainers_and_nobody_else() {
    for rules in [Rules::Guide, Rules::Current] {
        let mut world = World::closed();
        world.service.rules = rules;
        for role in [Role::GlobalAdmin, Role::GlobalMaintainer] {
            world.issues(&Caller::User(role), &body(&good()));
        }
        world.done.clear();
        for role in [
            Role::GlobalObserver,
            Role::GlobalObserverPlus,
            Role::GlobalTechnician,
            Role::GlobalGitOps,
            Role::OfATeam,
        ] {
            let refusal = world.refuses(&Caller::User(role), &body(&good()));
            assert_eq!(told(&refusal), refused(403, "forbidden"));
        }
        let refusal = world.refuses(&Caller::Nobody, &body(&good()));
        assert_eq!(told(&refusal), refused(401, "Authentication required"));
        assert!(world.done.is_empty(), "{:?}", world.done);
    }
}

/// Those who may not ask are not told whether they asked well.
#[test]
fn callers_come_before_bodies() {
    let mut world = World::closed();
    assert_eq!(reason(&world.call_with(&Caller::Nobody, b"?")).0, 401);
    assert_eq!(reason(&world.call_with(&Caller::User(Role::OfATeam), b"?")).0, 403);
    assert_eq!(reason(&world.call_with(&ADMIN, b"?")).0, 400);
}

#[test]
fn without_a_licence() {
    let mut world = World::closed();
    world.service.license = License::Free;
    let refusal = world.refuses(&ADMIN, &body(&good()));
    assert_eq!(told(&refusal), refused(402, "Requires Fleet Premium license"));
}

#[test]
fn a_device_whose_host_is_not_enrolled() {
    let mut world = World::closed();
    let refusal = world.refuses(&device(None), &body(&good()));
    let text = "Host identity certificate is not associated with an enrolled host.";
    assert_eq!(told(&refusal), refused(403, text));
    assert!(world.done.is_empty());
    world.issues(&device(host(Some(EMAIL))), &body(&good()));
    // Late 2025 did not ask.
    World::new(Rules::Guide).issues(&device(None), &body(&good()));
}

/// A signature proves what was signed: another path or another body is another call.
#[test]
fn a_device_gets_what_it_has_signed_and_nothing_else() {
    let service = World::closed().service;
    let (ca, body) = (AuthorityId::from(3), body(&good()).to_string().into_bytes());
    let call = |method: &str, path: &str, signed: &[u8]| {
        let request = http::Request::builder().method(method);
        let request = request.uri(format!("https://fleet.example{path}"));
        let request = sign(request.body(signed.to_vec()).unwrap());
        let caller = Caller::Device(support::signed(&request), host(Some(EMAIL)));
        service.handle(&caller, ca, &body).map(drop)
    };
    let path = ca.path();
    assert_eq!(call("POST", &path, &body), Ok(()));
    assert_eq!(call("POST", &path.replace("/v1/", "/latest/"), &body), Ok(()));
    let other = Err(Refusal::OtherRequest);
    assert_eq!(call("POST", "/api/fleet/orbit/config", &body), other);
    assert_eq!(call("POST", &AuthorityId::from(4).path(), &body), other);
    assert_eq!(call("PUT", &path, &body), other);
    assert_eq!(call("POST", &path, b"{}"), other);
    let response = Refusal::OtherRequest.to_http();
    assert_eq!(told(&reason(&response)), refused(401, "Authentication required"));
}

/// For servers that find signatures out elsewhere.
#[test]
fn a_signed_request_without_certificate() {
    let text = "Missing host identity certificate for signed certificate request.";
    let response = Refusal::NoHostCertificate.to_http();
    assert_eq!(told(&reason(&response)), refused(403, text));
}
