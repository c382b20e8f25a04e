//! The question to the identity provider, and its answer.

use devicecert_fleet::request_certificate::{Introspection, Step};
use devicecert_fleet::{Limits, PeerText, Rules};
use http::{Method, Response};

use crate::support::{ADMIN, IDP, World, good, hydrant, idp_body, refused, says, told};

/// Every octet of it.
#[test]
fn the_question() {
    let mut world = World::new(Rules::Current);
    let mut body = idp_body(&good());
    body["idp_token"] = "eyJ+/=&a b~*_-.\u{e4}".into();
    body["idp_client_id"] = "0oa&b c".into();
    world.issues(&ADMIN, &body);
    let asked = world.asked.unwrap();
    assert_eq!(asked.method(), Method::POST);
    assert_eq!(asked.uri(), IDP);
    // As Go's url.Values writes them.
    let form = "client_id=0oa%26b+c&token=eyJ%2B%2F%3D%26a+b~%2A_-.%C3%A4";
    assert_eq!(asked.body(), form.as_bytes());
    let headers: Vec<_> = asked.headers().iter().collect();
    assert_eq!(headers.len(), 1);
    assert_eq!(headers[0].0, "content-type");
    assert_eq!(headers[0].1, "application/x-www-form-urlencoded");
}

#[test]
fn answers_that_vouch_for_nobody() {
    let status = |code: u16| {
        let body = br#"{"active":true,"username":"fleetie@example.com"}"#.to_vec();
        Introspection::Response(Response::builder().status(code).body(body).unwrap())
    };
    let long =
        format!(r#"{{"active":true,"username":"fleetie@example.com"{}}}"#, " ".repeat(1 << 18));
    let answers = [
        says(r#"{"active":false,"username":"fleetie@example.com"}"#),
        says(r#"{"username":"fleetie@example.com"}"#),
        says(r#"{"active":true}"#),
        says(r#"{"active":true,"username":""}"#),
        says(r#"{"active":true,"username":null}"#),
        says(r#"{"active":"true","username":"fleetie@example.com"}"#),
        says(r#"{"active":true,"active":true,"username":"fleetie@example.com"}"#),
        says(r#"{"active":true,"username":"fleetie@example.com "}"#),
        says(r#"{"active":true,"username":"FLEETIE@example.com"}"#),
        says(r#"[true,"fleetie@example.com"]"#),
        says(""),
        says(&long),
        status(201),
        status(302),
        status(401),
        status(500),
        Introspection::Unreachable(PeerText::new(
            "timeout",
            &[],
            Limits::default().text_characters,
        )),
    ];
    for rules in [Rules::Guide, Rules::Current] {
        for answer in &answers {
            let mut world = World::new(rules);
            world.introspection = answer.clone();
            let refusal = world.refuses(&ADMIN, &idp_body(&good()));
            assert_eq!(told(&refusal), refused(403, "Invalid IDP token"), "{answer:?}");
            assert_eq!(world.done, ["look up", "introspect"]);
        }
    }
}

/// Late 2025 asks whatever URL the caller gives, if it is one.
#[test]
fn where_the_question_goes() {
    let mut world = World::new(Rules::Guide);
    let mut body = idp_body(&good());
    body["idp_oauth_url"] = "http://10.0.0.1:8080/own?x=1".into();
    world.issues(&ADMIN, &body);
    assert_eq!(world.asked.take().unwrap().uri(), "http://10.0.0.1:8080/own?x=1");
    for url in ["", "/introspect", "idp.example", "file:///etc/passwd", "https://", "https:///x"] {
        body["idp_oauth_url"] = url.into();
        world.done.clear();
        assert_eq!(told(&world.refuses(&ADMIN, &body)), refused(403, "Invalid IDP token"), "{url}");
        assert_eq!(world.done, ["look up"]);
    }
}

/// The body of a question is a secret, and so is what is in it.
#[test]
fn the_token_is_not_shown() {
    let world = World::new(Rules::Guide);
    let mut body = idp_body(&good());
    body["idp_token"] = "s3cr3t".into();
    let handling = world.service.handle(&ADMIN, 3.into(), body.to_string().as_bytes()).unwrap();
    // As text, and as the octets of a body.
    let token = format!("{:?}", b"s3cr3t");
    let token = token.trim_matches(['[', ']']);
    let is_quiet = |shown: &str| !["s3cr3t", token, "BEGIN"].iter().any(|it| shown.contains(it));
    assert!(is_quiet(&format!("{handling:?}")));
    let Step::LookUp(asked) = handling.step() else { panic!() };
    let handling = asked.found(Some(hydrant()));
    assert!(is_quiet(&format!("{handling:?}")), "{handling:?}");
    let Step::Introspect(asked) = handling.step() else { panic!() };
    assert!(String::from_utf8_lossy(asked.request().body()).contains("s3cr3t"));
}
