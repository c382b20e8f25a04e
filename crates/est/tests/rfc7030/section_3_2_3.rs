//! §3.2.3 HTTP-based client authentication.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{
    Authorization, Challenge, Credentials, DigestHash, Enrolment, Error, Limits, Refusal,
    RefusalKind,
};
use devicecert_pki::Secret;
use http::{HeaderMap, HeaderValue, Method};

use crate::common::{DEVICE, NOW, Server, csr, drive, endpoint, response, sent};

const REALM: &str = "estrealm";

fn enrolment_with(user: &str, password: &str) -> Enrolment {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    enrolment.options().credentials = Some(Credentials::new(user, password).unwrap());
    enrolment
}

fn challenge(value: &str) -> http::Response<Vec<u8>> {
    response(401, &[("WWW-Authenticate", value)], "")
}

fn authorization(request: &http::Request<Vec<u8>>) -> Option<Authorization> {
    Authorization::read(request.headers(), &Limits::default()).unwrap()
}

#[test]
fn nothing_is_told_before_the_server_asks() {
    let mut enrolment = enrolment_with("estuser", "estpwd");
    assert_eq!(authorization(&sent(&mut enrolment, &DEVICE)), None);
    enrolment.received(&challenge("Basic realm=\"estrealm\""), NOW).unwrap();
    let request = sent(&mut enrolment, &DEVICE);
    // RFC 7617 §2; the value is what curl -u estuser:estpwd sends.
    assert_eq!(request.headers()["authorization"], "Basic ZXN0dXNlcjplc3Rwd2Q=");
    assert!(request.headers()["authorization"].is_sensitive());
}

#[test]
fn unless_the_caller_wants_it_so() {
    let mut enrolment = enrolment_with("estuser", "estpwd");
    enrolment.options().preemptive_basic = true;
    let request = sent(&mut enrolment, &DEVICE);
    assert_eq!(request.headers()["authorization"], "Basic ZXN0dXNlcjplc3Rwd2Q=");
}

#[test]
fn a_user_may_be_empty() {
    let credentials = Credentials::new("", "code").unwrap();
    assert_eq!((credentials.user(), credentials.password()), ("", &Secret::from("code")));
    assert!(Credentials::new("a:b", "x").is_err());
    assert!(Credentials::new("a\nb", "x").is_err());
}

#[test]
fn a_second_401_is_a_refusal() {
    let mut enrolment = enrolment_with("estuser", "wrong");
    let outcome = drive(&mut enrolment, &DEVICE, |_| challenge("Basic realm=\"estrealm\""));
    let Err(Error::Refused(refusal)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.kind(), RefusalKind::Unauthorised);
    assert_eq!(refusal.challenges, [Challenge::basic(REALM).unwrap()]);
}

/// RFC 7616 §3.3: "the client may wish to simply retry the request with a new encrypted response".
#[test]
fn a_nonce_that_expired_during_a_pause_is_replaced() {
    let server = Server::new();
    let polls = std::cell::Cell::new(0);
    let mut enrolment = enrolment_with("estuser", "estpwd");
    let issued = drive(&mut enrolment, &DEVICE, |request| {
        let Some(Authorization::Digest(digest)) = authorization(request) else {
            return challenge("Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
        };
        assert!(digest.is_of(&Secret::from("estpwd"), &Method::POST, &RustCrypto).unwrap());
        polls.set(polls.get() + 1);
        match (digest.nonce.as_str(), polls.get()) {
            ("n1", 1) => response(202, &[("Retry-After", "600")], ""),
            ("n1", _) => challenge("Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=TRUE"),
            ("n2", _) => {
                // The count starts anew with the nonce (RFC 7616 §3.4).
                let value = request.headers()["authorization"].to_str().unwrap();
                assert!(value.contains("nc=00000001"), "{value}");
                server.handle(request)
            }
            other => panic!("{other:?}"),
        }
    });
    assert!(issued.is_ok(), "{issued:?}");
    assert_eq!(polls.get(), 3);
}

/// So does one after each pause, but a server for which no nonce is new enough gets no end of them.
#[test]
fn a_nonce_is_replaced_once_for_each_request() {
    let asked = std::cell::Cell::new(0);
    let mut enrolment = enrolment_with("estuser", "estpwd");
    let outcome = drive(&mut enrolment, &DEVICE, |_| {
        asked.set(asked.get() + 1);
        match asked.get() {
            3 | 5 => response(202, &[("Retry-After", "600")], ""),
            _ => challenge("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true"),
        }
    });
    assert!(matches!(outcome, Err(Error::Refused(_))), "{outcome:?}");
    // 401, 401, 202; 401, 202; 401, 401.
    assert_eq!(asked.get(), 7);
}

#[test]
fn a_nonce_that_is_not_stale_is_not_replaced() {
    for stale in ["", ", stale=false"] {
        let asked = std::cell::Cell::new(0);
        let mut enrolment = enrolment_with("estuser", "wrong");
        let outcome = drive(&mut enrolment, &DEVICE, |_| {
            asked.set(asked.get() + 1);
            challenge(&format!("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"{stale}"))
        });
        assert!(matches!(outcome, Err(Error::Refused(_))), "{outcome:?}");
        assert_eq!(asked.get(), 2);
    }
}

#[test]
fn without_credentials_or_with_an_unknown_scheme_so_is_the_first() {
    for value in ["Negotiate", "Bearer realm=\"x\"", "Digest realm=\"x\"", "", ",,,=\"", "Digest"] {
        let mut enrolment = enrolment_with("u", "p");
        sent(&mut enrolment, &DEVICE);
        let error = enrolment.received(&challenge(value), NOW).unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{value}: {error}");
    }
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    assert!(enrolment.received(&challenge("Basic realm=\"x\""), NOW).is_err());
}

#[test]
fn of_several_challenges_the_strongest_is_answered() {
    let offers = "Basic realm=\"a, b\", Digest realm=\"r\", nonce=\"n1\", qop=\"auth,auth-int\", \
                  algorithm=MD5, Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth\"";
    let mut enrolment = enrolment_with("u", "p");
    sent(&mut enrolment, &DEVICE);
    enrolment.received(&challenge(offers), NOW).unwrap();
    let request = sent(&mut enrolment, &DEVICE);
    let Some(Authorization::Digest(digest)) = authorization(&request) else { panic!() };
    assert_eq!((digest.nonce.as_str(), digest.realm.as_str()), ("n2", "r"));
    assert_eq!(digest.uri, "/.well-known/est/simpleenroll");
    assert!(digest.is_of(&Secret::from("p"), &Method::POST, &RustCrypto).unwrap());
    assert!(!digest.is_of(&Secret::from("q"), &Method::POST, &RustCrypto).unwrap());
    assert!(!digest.is_of(&Secret::from("p"), &Method::GET, &RustCrypto).unwrap());
}

/// The examples of RFC 7616 §3.9.1, for both hashes: nonces and responses are the RFC's.
#[test]
fn the_digests_of_rfc_7616_are_recognised() {
    for (algorithm, response) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
        let value = format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
             algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
             response=\"{response}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(value).unwrap());
        let read = Authorization::read(&headers, &Limits::default()).unwrap();
        let Some(Authorization::Digest(digest)) = read else { panic!() };
        let password = Secret::from("Circle of Life");
        assert!(digest.is_of(&password, &Method::GET, &RustCrypto).unwrap(), "{algorithm}");
        assert_eq!(digest.user, "Mufasa");
    }
}

#[test]
fn every_challenge_that_a_server_makes_is_read_by_its_client() {
    let made = vec![
        Challenge::digest(r#"a "quoted" \ realm"#, "nonce", DigestHash::Sha256).unwrap(),
        Challenge::digest("r", "n", DigestHash::Md5).unwrap(),
        Challenge::basic("x").unwrap(),
    ];
    let refused = Refusal::unauthorised(made.clone()).to_http(Default::default());
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let Err(Error::Refused(refusal)) = enrolment.received(&refused, NOW) else { panic!() };
    assert_eq!(refusal.challenges, made);
    assert!(Challenge::basic("line\r\nbreak").is_err());
}

#[test]
fn a_password_does_not_reach_a_log() {
    let mut enrolment = enrolment_with("estuser", "sesame");
    sent(&mut enrolment, &DEVICE);
    enrolment.received(&challenge("Basic realm=\"r\""), NOW).unwrap();
    let step = enrolment.step(NOW).unwrap();
    for text in
        [format!("{enrolment:?}"), format!("{step:?}"), format!("{:?}", enrolment.options())]
    {
        assert!(!text.contains("sesame") && !text.contains("ZXN0dXNlcjp"), "{text}");
    }
}

#[test]
fn damaged_credentials_are_refused() {
    for value in ["Basic !!!", "Basic gICA", "Digest username=\"x\"", "Basic"] {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(value).unwrap());
        let read = Authorization::read(&headers, &Limits::default());
        let is_empty_user = value == "Basic";
        assert_eq!(read.is_err(), !is_empty_user, "{value}");
    }
    let mut headers = HeaderMap::new();
    headers.append("authorization", HeaderValue::from_static("Basic Og=="));
    headers.append("authorization", HeaderValue::from_static("Basic Og=="));
    assert!(Authorization::read(&headers, &Limits::default()).is_err());
}

#[test]
fn an_enrolment_goes_through_after_its_challenge() {
    let server = Server::new();
    let mut enrolment = enrolment_with("estuser", "estpwd");
    let issued = drive(&mut enrolment, &DEVICE, |request| match authorization(request) {
        Some(Authorization::Basic(found)) if found.user() == "estuser" => server.handle(request),
        _ => challenge("Basic realm=\"estrealm\""),
    });
    assert!(issued.is_ok());
}
