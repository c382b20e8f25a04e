//! What is looked at first, and what is said.

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::{Authority, Issued};
use devicecert_fleet::{Limits, PeerText};
use devicecert_pki::Secret;

use crate::support::{
    ADMIN, World, body, good, hydrant, idp_body, ndes, pem, reason, refused, told,
};

const RULES: [Rules; 2] = [Rules::Guide, Rules::Current];

fn no_csr() -> serde_json::Value {
    serde_json::json!({ "csr": "I am not a CSR" })
}

/// Late 2025: the kind of the CA, its secrets, the request, the identity provider.
#[test]
fn the_order_of_late_2025() {
    let mut world = World::new(Rules::Guide);
    world.authority = None;
    assert_eq!(world.refuses(&ADMIN, &no_csr()).0, 404);
    world.authority = Some(Authority::Other);
    assert!(world.refuses(&ADMIN, &no_csr()).1.starts_with("This API currently"));
    world.authority = Some(Authority::Hydrant {
        url: String::new(),
        client_id: Some("id".into()),
        client_secret: None,
    });
    assert!(world.refuses(&ADMIN, &no_csr()).1.contains("client secret"));
    world.authority = Some(hydrant());
    let mut both = no_csr();
    both["idp_token"] = "a token alone".into();
    assert_eq!(world.refuses(&ADMIN, &both).1, "Invalid CSR");
    both["csr"] = pem(&good()).into();
    assert!(world.refuses(&ADMIN, &both).1.starts_with("IDP Client ID, Token"));
    assert!(!world.done.contains(&"introspect") && !world.done.contains(&"issue"));
}

/// 2026: the request, the CA, its kind and secrets, the identity; nothing is looked up before.
#[test]
fn the_order_of_2026() {
    let mut world = World::new(Rules::Current);
    world.authority = None;
    let mut both = no_csr();
    both["idp_token"] = "a token alone".into();
    assert_eq!(world.refuses(&ADMIN, &both).1, "Invalid CSR");
    assert!(world.done.is_empty());
    both["csr"] = pem(&good()).into();
    assert_eq!(world.refuses(&ADMIN, &both).0, 404);
    world.authority = Some(Authority::Other);
    assert!(world.refuses(&ADMIN, &both).1.starts_with("This API currently"));
    world.authority = Some(hydrant());
    assert!(world.refuses(&ADMIN, &both).1.starts_with("IDP Client ID, Token"));
    world.done.clear();
    world.issues(&ADMIN, &idp_body(&good()));
    assert_eq!(world.done, ["look up", "introspect", "issue"]);
}

#[test]
fn there_is_no_such_ca() {
    for rules in RULES {
        let mut world = World::new(rules);
        world.authority = None;
        let refusal = world.refuses(&ADMIN, &idp_body(&good()));
        let text = "certificate authority was not found in the datastore";
        assert_eq!(told(&refusal), refused(404, text));
    }
}

#[test]
fn cas_that_do_not_issue_here() {
    let guide = "This API currently only supports Hydrant and EST Certificate Authorities.";
    let current =
        "This API currently only supports Hydrant, EST, and NDES Certificate Authorities.";
    for (rules, text) in [(Rules::Guide, guide), (Rules::Current, current)] {
        let mut world = World::new(rules);
        world.authority = Some(Authority::Other);
        assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(400, text));
    }
    let mut world = World::new(Rules::Guide);
    world.authority = Some(ndes());
    assert_eq!(told(&world.refuses(&ADMIN, &body(&good()))), refused(400, guide));
}

#[test]
fn what_is_not_configured() {
    let secret = || Some(Secret::from("secret"));
    let hydrant = |client_id: Option<&str>, client_secret| Authority::Hydrant {
        url: "https://hydrant.example".into(),
        client_id: client_id.map(str::to_owned),
        client_secret,
    };
    let est = |username: Option<&str>, password| Authority::Est {
        url: "https://est.example".into(),
        username: username.map(str::to_owned),
        password,
    };
    for (authority, what) in [
        (hydrant(None, secret()), "a username"),
        (hydrant(Some("id"), None), "a client secret"),
        (est(None, secret()), "a username"),
        (est(Some("user"), None), "a password"),
    ] {
        let text = format!("Certificate authority does not have {what} configured.");
        for rules in RULES {
            let mut world = World::new(rules);
            world.authority = Some(authority.clone());
            assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(400, &text));
        }
    }
    let mut world = World::closed();
    world.authority = Some(Authority::Ndes { scep_url: None, admin_url: None });
    let text = "Certificate authority does not have a SCEP URL configured.";
    assert_eq!(told(&world.refuses(&ADMIN, &body(&good()))), refused(400, text));
}

#[test]
fn one_or_two_of_the_three_fields() {
    let text = "IDP Client ID, Token, and OAuth URL all must be provided, if any are provided when requesting a certificate.";
    let fields = ["idp_oauth_url", "idp_token", "idp_client_id"];
    for rules in RULES {
        for without in [&fields[..1], &fields[1..2], &fields[2..], &fields[..2], &fields[1..]] {
            let mut world = World::new(rules);
            let mut body = idp_body(&good());
            for field in without {
                body.as_object_mut().unwrap().remove(*field);
            }
            assert_eq!(told(&world.refuses(&ADMIN, &body)), refused(400, text));
            assert_eq!(world.done, ["look up"]);
        }
    }
}

/// Whatever the EST server's fault, it is the caller's: Hydrant answers a bad request with 5xx.
#[test]
fn est_servers_that_fail() {
    for rules in RULES {
        let mut world = World::new(rules);
        let why =
            PeerText::new("unexpected status code: 500", &[], Limits::default().text_characters);
        world.issued = Issued::EstFailed(why);
        let text = "EST certificate request failed: unexpected status code: 500";
        assert_eq!(told(&world.refuses(&ADMIN, &idp_body(&good()))), refused(400, text));
        for body in ["", " \n", "<html>", "AAA\n-----END PKCS7-----\n-----BEGIN CERTIFICATE-----\n"]
        {
            world.issued = Issued::Est(body.into());
            let (status, text) = world.refuses(&ADMIN, &idp_body(&good()));
            assert_eq!(
                (status, text.as_str()),
                (400, "EST certificate request failed: the response is not base64")
            );
        }
    }
}

#[test]
fn bodies_that_are_none() {
    let mut world = World::closed();
    for body in ["", "[]", "null", "{", "{\"csr\":1}", "{\"csr\":\"\",\"csr\":\"\"}", "[\"csr\"]"] {
        let refusal = reason(&world.call_with(&ADMIN, body.as_bytes()));
        assert_eq!(told(&refusal), refused(400, "json decoder error"), "{body}");
    }
    let long = vec![b' '; 262_145];
    assert_eq!(reason(&world.call_with(&ADMIN, &long)).0, 413);
    for body in ["{}", "{\"csr\":null}"] {
        let refusal = reason(&world.call_with(&ADMIN, body.as_bytes()));
        assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
    }
    assert!(world.done.is_empty());
}

/// As the agent's tool sends it.
#[test]
fn fields_that_are_not_known_are_passed_over() {
    let mut world = World::closed();
    let mut body = body(&good());
    body["id"] = 3.into();
    body["idp_token"] = serde_json::Value::Null;
    body["return_pem_certificate"] = serde_json::Value::Null;
    world.issues(&ADMIN, &body);
    assert_eq!(world.done, ["look up", "issue"]);
}
