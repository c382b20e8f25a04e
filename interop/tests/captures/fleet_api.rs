//! Fleet's `request_certificate` as it was recorded: ours has the same keys in the same order, and
//! what is answered is understood, by the caller and by Fleet.

use devicecert::crypto_rust::PrivateKey;
use devicecert::fleet::Limits;
use devicecert::fleet::request_certificate::{
    Api, Ask, Authority, AuthorityId, Caller, Error, Form, IdpToken, Introspection, Issued, Output,
    Reply, Role, Service, Step,
};
use devicecert::pki::cms::Bundle;
use devicecert::pki::{Csr, CsrParams, GeneralName, KeyKind, Secret, Signer, to_pem};
use http::Response;
use serde_json::Value;

use crate::Case;
use crate::captures::Captures;
use crate::fleet::{certificate, json, keys, recorded, response};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("fleet::request_certificate", request_certificate),
        Case::new("fleet::request_certificate_response", request_certificate_response),
        Case::new("fleet::request_certificate_error", request_certificate_error),
        Case::new("fleet::introspection", introspection),
    ]
}

fn csr(key: &PrivateKey, email: &str) -> Csr {
    let mut params = CsrParams::new("CN=x".parse().unwrap());
    params.subject_alt_name =
        vec![GeneralName::Email(email.into()), GeneralName::Upn(email.into())];
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

fn request_certificate(captures: &Captures) {
    let recorded = recorded(captures, "request_certificate_request");
    let values = json(&recorded);
    let text = |name: &str| values[name].as_str().unwrap().to_owned();
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let ask = Ask::new(csr(&key, "x@example.com")).output(Output::Certificate).idp(IdpToken {
        url: text("idp_oauth_url"),
        token: Secret::from(text("idp_token")),
        client_id: text("idp_client_id"),
    });
    let api = Api::new("https://fleet.example").unwrap();
    let request = api.with_token(AuthorityId::from(3), &ask, &Secret::from("token")).unwrap();
    let ours = String::from_utf8(request.into_body()).unwrap();
    assert_eq!(keys(&ours), keys(&recorded));
    // Every value is that of the record, but for the request, which is shortened there.
    let (mut ours, mut recorded) = (json(&ours), values);
    let first = "-----BEGIN CERTIFICATE REQUEST-----";
    assert!(ours["csr"].take().as_str().unwrap().starts_with(first));
    assert!(recorded["csr"].take().as_str().unwrap().starts_with(first));
    assert_eq!(ours, recorded);
}

/// The armour of the record around a body of ours: what is recorded there is a place holder.
fn request_certificate_response(captures: &Captures) {
    let recorded = json(&recorded(captures, "request_certificate_response"));
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let issued = certificate(&key);
    let body = to_pem("X", &Bundle::new([&issued]).to_der());
    let body: String = body.lines().filter(|line| !line.starts_with('-')).collect();
    let text = recorded["certificate"].as_str().unwrap().replace("<EST body>", &body);
    let answer = serde_json::json!({ "certificate": text }).to_string();
    let ask = Ask::new(csr(&key, "x@example.com"));
    let answer = ask.read(&response(200, &answer), &Limits::default()).unwrap();
    assert_eq!((answer.certificate, answer.form), (issued, Form::Pkcs7));
}

fn request_certificate_error(captures: &Captures) {
    let recorded = recorded(captures, "request_certificate_error");
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let ask = Ask::new(csr(&key, "x@example.com"));
    let error = ask.read(&response(400, &recorded), &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "Fleet refused with HTTP status 400: ...");
    // What we say has the same keys.
    let refusal =
        Service::default().handle(&Caller::Nobody, AuthorityId::from(3), b"").unwrap_err();
    let ours = String::from_utf8(refusal.to_http().into_body()).unwrap();
    assert_eq!(keys(&ours), keys(&recorded));
    assert!(matches!(error, Error::Refused { .. }));
}

fn introspection(captures: &Captures) {
    let recorded = recorded(captures, "oauth_introspection_response");
    let username = json(&recorded)["username"].as_str().unwrap().to_owned();
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let url = "https://idp.example/oauth2/v1/introspect";
    let mut service = Service::default();
    service.policy.introspection_urls = vec![url.to_owned()];
    let issues = |email: &str| {
        let body: Value = serde_json::json!({
            "csr": to_pem("CERTIFICATE REQUEST", csr(&key, email).as_der()),
            "idp_oauth_url": url, "idp_token": "t", "idp_client_id": "c",
        });
        let caller = Caller::User(Role::GlobalAdmin);
        let handling = service.handle(&caller, AuthorityId::from(3), body.to_string().as_bytes());
        let Step::LookUp(asked) = handling.unwrap().step() else { panic!("no look-up") };
        let authority = Authority::Est {
            url: "https://est.example".to_owned(),
            username: Some("u".to_owned()),
            password: Some(Secret::from("p")),
        };
        let Step::Introspect(asked) = asked.found(Some(authority)).step() else {
            panic!("no introspection")
        };
        let answer = Introspection::Response(Response::new(recorded.clone().into_bytes()));
        match asked.answered(&answer).step() {
            Step::Issue(asked) => {
                let done = asked.issued(Issued::Est(b"MAA=".to_vec())).step();
                assert!(matches!(done, Step::Done(Reply::Issued(_))));
                true
            }
            _ => false,
        }
    };
    assert!(issues(&username) && !issues("somebody@example.com"));
}
