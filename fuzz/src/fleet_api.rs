//! Calls of Fleet's `request_certificate` at the server, all the way: whoever gets to the CA has been
//! vouched for where he must be, and whatever is answered is JSON.
//!
//! The first octet chooses rules, settings, caller and CA; then comes the body, a NUL, what the
//! identity provider answers, a NUL, and what the EST server answers.

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::{
    Authority, AuthorityId, Caller, IdentityProviders, Introspection, Issued, Reply, Role, Service,
    Step,
};
use devicecert_pki::{GeneralName, Secret};
use http::Response;
use serde_json::Value;

const URL: &str = "https://idp.example/introspect";

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let mut parts = rest.splitn(3, |octet| *octet == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (body, idp, est) = (part(), part(), part());
    let mut service = Service::new(match first & 1 {
        0 => Rules::Guide,
        _ => Rules::Current,
    });
    if first & 2 != 0 {
        service.policy.introspection_urls.push(URL.to_owned());
    }
    if first & 4 != 0 {
        service.policy.identity_providers = IdentityProviders::Any;
    }
    let caller = Caller::User(match first & 8 {
        0 => Role::GlobalAdmin,
        _ => Role::OfATeam,
    });
    let authority = match first >> 4 {
        0 => None,
        1 => Some(Authority::Other),
        2 => Some(Authority::Ndes { scep_url: None, admin_url: None }),
        _ => Some(Authority::Hydrant {
            url: "https://est.example".to_owned(),
            client_id: Some("id".to_owned()),
            client_secret: Some(Secret::from("s3cr3t-of-the-ca")),
        }),
    };
    // What another reader finds in the identity provider's answer; `None` if it does not take it: it
    // looks at what nobody asked for, too.
    let mut vouched_for: Option<Value> = None;
    let response = match service.handle(&caller, AuthorityId::from(1), body) {
        Err(refusal) => refusal.to_http(),
        Ok(mut handling) => loop {
            handling = match handling.step() {
                Step::LookUp(asked) => asked.found(authority.clone()),
                Step::Introspect(asked) => {
                    let request = asked.request();
                    if service.rules == Rules::Current && first & 4 == 0 {
                        assert_eq!(request.uri(), URL);
                    }
                    let form = std::str::from_utf8(request.body()).unwrap();
                    assert!(form.starts_with("client_id=") && form.matches('&').count() == 1);
                    vouched_for = serde_json::from_slice(idp).ok();
                    asked.answered(&Introspection::Response(Response::new(idp.to_vec())))
                }
                Step::Issue(asked) => {
                    assert_eq!(first & 8, 0);
                    if service.rules == Rules::Current && first & 6 == 2 {
                        // Somebody had to vouch, and did so for this address.
                        let names = asked.issue().csr().subject_alt_name().unwrap();
                        let emails: Vec<_> = names
                            .iter()
                            .filter_map(|name| match name {
                                GeneralName::Email(email) => Some(email.clone()),
                                _ => None,
                            })
                            .collect();
                        assert_eq!(emails.len(), 1);
                        if let Some(answer) = &vouched_for {
                            assert_eq!(answer["username"], emails[0]);
                        }
                    }
                    assert!(asked.issue().est_body().is_ascii());
                    asked.issued(Issued::Est(est.to_vec()))
                }
                Step::Done(Reply::Issued(text)) => {
                    assert_eq!(text.as_str().matches("-----BEGIN ").count(), 1);
                    assert_eq!(text.as_str().matches("-----END ").count(), 1);
                    break text.to_http();
                }
                Step::Done(Reply::Refused(refusal)) => {
                    assert!(!refusal.status().is_success());
                    break refusal.to_http();
                }
            };
        },
    };
    let json: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(response.status() == 200, json["certificate"].is_string());
    assert_eq!(response.status() != 200, json["errors"][0]["reason"].is_string());
    assert!(!String::from_utf8_lossy(response.body()).contains("s3cr3t-of-the-ca"));
}
