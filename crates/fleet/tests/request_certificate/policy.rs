//! Who may vouch, by the settings of 2026.

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::IdentityProviders;

use crate::support::{
    ADMIN, EMAIL, IDP, World, body, device, good, host, idp_body, names, refused, told,
};

const ENDPOINT: &str = "IdP introspection endpoint is not permitted.";
const REQUIRED: &str = "IdP verification is required by this Fleet server.";
const CLIENT: &str = "IdP client ID is not permitted.";

/// Without endpoints no endpoint is asked, and no word is demanded.
#[test]
fn closed_by_default() {
    let mut world = World::closed();
    assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(403, ENDPOINT));
    world.issues(&ADMIN, &body(&good()));
    // Clients alone permit nothing and demand nothing.
    world.service.policy.client_ids = vec!["client".into()];
    assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(403, ENDPOINT));
    world.issues(&ADMIN, &body(&good()));
    assert!(!world.done.contains(&"introspect"));
}

/// With an endpoint somebody must vouch, and for devices, too.
#[test]
fn an_endpoint_makes_it_a_duty() {
    let mut world = World::new(Rules::Current);
    assert_eq!(told(&world.refuses(&ADMIN, &body(&good()))), refused(400, REQUIRED));
    let device = device(host(Some(EMAIL)));
    assert_eq!(told(&world.refuses(&device, &body(&good()))), refused(400, REQUIRED));
    world.issues(&device, &idp_body(&good()));
}

#[test]
fn endpoints_are_compared_octet_by_octet() {
    for url in
        [format!("{IDP}/"), IDP.to_uppercase(), format!("{IDP}?x"), "https://evil.example/".into()]
    {
        let mut world = World::new(Rules::Current);
        let mut body = idp_body(&good());
        body["idp_oauth_url"] = url.into();
        assert_eq!(told(&world.refuses(&ADMIN, &body)), refused(403, ENDPOINT));
        assert_eq!(world.done, ["look up"]);
    }
}

#[test]
fn clients_are_a_further_condition() {
    let mut world = World::new(Rules::Current);
    world.issues(&ADMIN, &idp_body(&good()));
    world.service.policy.client_ids = vec!["other".into(), "Client".into()];
    world.done.clear();
    assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(403, CLIENT));
    assert_eq!(world.done, ["look up"]);
    world.service.policy.client_ids.push("client".into());
    world.issues(&ADMIN, &idp_body(&good()));
}

/// `server.allow_request_certificate_any_idp`: as in late 2025, but for what a name is.
#[test]
fn any_identity_provider() {
    let mut world = World::closed();
    world.service.policy.identity_providers = IdentityProviders::Any;
    let mut any = idp_body(&good());
    any["idp_oauth_url"] = "https://anywhere.example/".into();
    world.issues(&ADMIN, &any);
    // Nor are devices bound to their users any more.
    world.issues(&device(host(Some("other@example.com"))), &body(&good()));
    // Three fields or none are still the rule, and so is a whole name.
    any.as_object_mut().unwrap().remove("idp_token");
    assert_eq!(world.refuses(&ADMIN, &any).0, 400);
    let refusal = world.refuses(&ADMIN, &idp_body(&names(EMAIL, "fleet")));
    assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
}

/// Late 2025 has no such settings.
#[test]
fn the_settings_do_not_count_for_late_2025() {
    let mut world = World::new(Rules::Guide);
    world.service.policy.client_ids = vec!["other".into()];
    world.issues(&ADMIN, &body(&good()));
    world.issues(&ADMIN, &idp_body(&good()));
}
