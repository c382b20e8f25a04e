//! With an identity provider that vouches for the user.

use devicecert::fleet::Rules;

use crate::fleet::TOKEN;
use crate::program::Program;
use crate::world::{EMAIL, EST, World, enrolled};

fn program(world: &World) -> Program {
    Program::of_user(world, EST)
        .args(&["--idp-url", &world.idp_url, "--idp-client-id", "0oa&1"])
        .env("FLEET_IDP_TOKEN", "eyJ+/=")
}

#[test]
fn it_vouches() {
    for rules in [Rules::Guide, Rules::Current] {
        let world = World::new();
        world.change(|state| {
            state.service.rules = rules;
            state.service.policy.introspection_urls = vec![world.idp_url.clone()];
        });
        program(&world).run().issued();
        world.check_issued(&world.est_ca);
        let idp = world.idp.lock().unwrap();
        let [asked] = idp.asked.as_slice() else { panic!("asked {} times", idp.asked.len()) };
        assert_eq!(asked.method(), "POST");
        assert_eq!(asked.uri(), "/oauth2/v1/introspect");
        assert_eq!(asked.headers()["content-type"], "application/x-www-form-urlencoded");
        assert!(!asked.headers().contains_key("authorization"));
        assert_eq!(asked.body(), b"client_id=0oa%261&token=eyJ%2B%2F%3D");
    }
}

#[test]
fn it_does_not_vouch() {
    let world = World::new();
    world.change(|state| {
        state.service.policy.introspection_urls = vec![world.idp_url.clone()];
    });
    for answer in [
        r#"{"active":false}"#,
        r#"{"active":true}"#,
        r#"{"active":true,"username":"mallory@example.com"}"#,
        "<html>",
    ] {
        world.idp.lock().unwrap().answer = answer.to_owned();
        program(&world).run().refused(403, ": Invalid IDP token");
    }
    assert_eq!(world.idp.lock().unwrap().asked.len(), 4);
    assert!(!world.out("device.pem").exists());
}

#[test]
fn it_is_not_listed() {
    let world = World::new();
    program(&world).run().refused(403, ": IdP introspection endpoint is not permitted.");
    world.change(|state| {
        state.service.policy.introspection_urls = vec![world.idp_url.clone()];
        state.service.policy.client_ids = vec!["other".to_owned()];
    });
    program(&world).run().refused(403, ": IdP client ID is not permitted.");
    let text = ": IdP verification is required by this Fleet server.";
    Program::of_user(&world, EST).run().refused(400, text);
    assert!(world.idp.lock().unwrap().asked.is_empty());
}

#[test]
fn the_names_are_of_two_people() {
    let world = World::new();
    world.change(|state| {
        state.service.policy.introspection_urls = vec![world.idp_url.clone()];
    });
    let program = || {
        Program::bare(&world, EST)
            .args(&["--idp-url", &world.idp_url, "--idp-client-id", "c"])
            .env("FLEET_IDP_TOKEN", "t")
    };
    let user = || program().env("FLEET_API_TOKEN", TOKEN);
    user().names(EMAIL, "bob@example.com").run().refused(400, ": Invalid CSR");
    user().names("bob@example.com", "bob").run().refused(403, ": Invalid IDP token");
    let subject = ["--subject", "CN=nobody"];
    user().args(&subject).run().refused(400, ": Invalid CSR");
}

/// Both conditions for a device, whose user comes first.
#[test]
fn a_device_with_an_identity_provider() {
    let world = World::new();
    world.change(|state| {
        state.service.policy.introspection_urls = vec![world.idp_url.clone()];
    });
    let host = world.host(&[7], enrolled(EMAIL));
    let idp = ["--idp-url", &world.idp_url, "--idp-client-id", "c"];
    let program = |email: &str| {
        let program = Program::of_device(&world, EST, &host).names(email, email).args(&idp);
        program.env("FLEET_IDP_TOKEN", "t").run()
    };
    let text = ": Certificate subject does not match the end user identity recorded for this host.";
    program("bob@example.com").refused(403, text);
    assert!(world.idp.lock().unwrap().asked.is_empty());
    program(EMAIL).issued();
}
