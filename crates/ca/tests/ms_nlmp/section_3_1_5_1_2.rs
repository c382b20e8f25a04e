//! What a client does with a CHALLENGE_MESSAGE: the exchange over HTTP, turn by turn.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::ndes::{ChallengeFetch, Error, Step, ntlm};
use devicecert_ca::{Credentials, Misuse};
use http::{Request, Response};

use crate::common::{NOW, hex, response, utf16le};
use crate::{CHALLENGE, WITH_TIME, field};

fn fetch(url: &str) -> ChallengeFetch {
    let credentials = Credentials::new(r"Domain\User", "Password");
    ChallengeFetch::new(url.parse().unwrap(), credentials, [0xaa; 8]).unwrap()
}

fn https() -> ChallengeFetch {
    fetch("https://ndes.example.com/certsrv/mscep_admin/")
}

fn unauthorized(offers: &[&str]) -> Response<Vec<u8>> {
    let mut response = response(401, "");
    for offer in offers {
        response.headers_mut().append("www-authenticate", offer.parse().unwrap());
    }
    response
}

/// The next request, and whether it has to go on the same connection.
fn request(fetch: &ChallengeFetch) -> (Request<Vec<u8>>, bool) {
    match fetch.step(NOW).unwrap() {
        Step::Send(request) => (request, false),
        Step::SendOnSameConnection(request) => (request, true),
        Step::Done(challenge) => panic!("{challenge:?}"),
    }
}

fn authorization(fetch: &ChallengeFetch) -> Option<String> {
    let (request, _) = request(fetch);
    Some(request.headers().get("authorization")?.to_str().unwrap().to_owned())
}

fn page() -> Response<Vec<u8>> {
    response(200, utf16le("<P> The enrollment challenge password is: <B> 8CE317021F690069 </B>"))
}

#[test]
fn three_requests_two_of_them_on_the_connection_of_the_first() {
    for scheme in ["NTLM", "Negotiate"] {
        let mut fetch = https();
        assert!(!request(&fetch).1);
        assert_eq!(authorization(&fetch), None);
        fetch.received(&unauthorized(&[scheme])).unwrap();

        assert!(request(&fetch).1);
        let message = authorization(&fetch).unwrap();
        let message = message.strip_prefix(&format!("{scheme} ")).unwrap();
        assert_eq!(STANDARD.decode(message).unwrap(), ntlm::NEGOTIATE);
        let challenge = format!("{scheme} {}", STANDARD.encode(hex(WITH_TIME)));
        fetch.received(&unauthorized(&[&challenge])).unwrap();

        let (request, is_on_same_connection) = request(&fetch);
        assert!(is_on_same_connection);
        assert_eq!(request.uri(), "https://ndes.example.com/certsrv/mscep_admin/");
        assert_eq!((request.method().as_str(), request.body().len()), ("GET", 0));
        assert_eq!(request.headers().len(), 1);
        let message = authorization(&fetch).unwrap();
        let message = STANDARD.decode(message.rsplit_once(' ').unwrap().1).unwrap();
        let target = utf16le("HTTP/ndes.example.com");
        assert!(field(&message, 20).windows(target.len()).any(|window| window == target));
        fetch.received(&page()).unwrap();

        match fetch.step(NOW).unwrap() {
            Step::Done(challenge) => assert_eq!(challenge.expose(), b"8CE317021F690069"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn ntlm_is_taken_before_negotiate_and_negotiate_before_basic() {
    let taken = |offers: &[&str]| {
        let mut fetch = https();
        fetch.received(&unauthorized(offers)).unwrap();
        authorization(&fetch).unwrap().split_once(' ').unwrap().0.to_owned()
    };
    assert_eq!(taken(&["Basic realm=\"a\"", "Negotiate", "NTLM"]), "NTLM");
    assert_eq!(taken(&["Basic realm=\"a, NTLM\", Negotiate"]), "Negotiate");
    assert_eq!(taken(&["basic realm=\"a\\\", NTLM\""]), "Basic");
    assert_eq!(taken(&["Bearer", "ntlm"]), "NTLM");
}

#[test]
fn basic_is_taken_over_https_only() {
    let mut fetch = https();
    fetch.received(&unauthorized(&["Basic realm=\"ndes\""])).unwrap();
    // printf 'Domain\User:Password' | base64
    assert_eq!(authorization(&fetch).as_deref(), Some("Basic RG9tYWluXFVzZXI6UGFzc3dvcmQ="));
    fetch.received(&page()).unwrap();
    assert!(matches!(fetch.step(NOW), Ok(Step::Done(_))));

    let mut fetch = self::fetch("http://ndes.example.com/certsrv/mscep_admin/");
    let offers = unauthorized(&["Basic realm=\"ndes\""]);
    assert_eq!(fetch.received(&offers), Err(Error::NoScheme));
}

#[test]
fn who_asks_for_basic_over_http_gets_it() {
    let url = "http://ndes.example.com/".parse().unwrap();
    let fetch = ChallengeFetch::basic(url, Credentials::new("User", "Password")).unwrap();
    assert_eq!(authorization(&fetch).as_deref(), Some("Basic VXNlcjpQYXNzd29yZA=="));
}

#[test]
fn no_scheme_that_is_known() {
    for offers in [&[][..], &["Digest realm=\"a\", nonce=\"NTLM\""], &["NTLMv3"], &["Bearer"]] {
        assert_eq!(https().received(&unauthorized(offers)), Err(Error::NoScheme), "{offers:?}");
    }
}

#[test]
fn wrong_credentials() {
    let challenge = format!("NTLM {}", STANDARD.encode(hex(CHALLENGE)));
    let mut fetch = https();
    fetch.received(&unauthorized(&["NTLM"])).unwrap();
    fetch.received(&unauthorized(&[&challenge])).unwrap();
    // Even with another challenge in it: whoever asks again and again gets one answer.
    assert_eq!(fetch.received(&unauthorized(&[&challenge])), Err(Error::Status(401)));
    assert_eq!(fetch.step(NOW).unwrap_err(), Error::Status(401));
    assert_eq!(fetch.received(&page()), Err(Error::Misuse(Misuse::UnexpectedAnswer)));
}

#[test]
fn a_negotiate_message_that_is_answered_without_a_challenge() {
    let mut fetch = https();
    fetch.received(&unauthorized(&["NTLM"])).unwrap();
    assert_eq!(fetch.received(&unauthorized(&["NTLM"])), Err(Error::Status(401)));
}

#[test]
fn a_challenge_that_cannot_be_read() {
    for (challenge, error) in [
        ("NTLM *", ntlm::Error::Base64),
        ("NTLM TlRMTVNTUAABAAAA", ntlm::Error::MessageType(1)),
        ("NTLM aGVsbG8=", ntlm::Error::Signature),
    ] {
        let mut fetch = https();
        fetch.received(&unauthorized(&["NTLM"])).unwrap();
        assert_eq!(fetch.received(&unauthorized(&[challenge])), Err(Error::Ntlm(error)));
    }
}

#[test]
fn a_connection_that_is_authenticated_already() {
    let mut fetch = https();
    fetch.received(&page()).unwrap();
    assert!(matches!(fetch.step(NOW), Ok(Step::Done(_))));
    let mut fetch = https();
    fetch.received(&unauthorized(&["NTLM"])).unwrap();
    fetch.received(&page()).unwrap();
    assert!(matches!(fetch.step(NOW), Ok(Step::Done(_))));
}

#[test]
fn redirects_are_not_followed() {
    let mut redirect = response(302, "");
    redirect.headers_mut().insert("location", "https://elsewhere.example/".parse().unwrap());
    assert_eq!(https().received(&redirect), Err(Error::Status(302)));
}

#[test]
fn the_same_is_asked_for_until_it_is_answered() {
    let mut fetch = https();
    fetch.received(&unauthorized(&["NTLM"])).unwrap();
    fetch.received(&unauthorized(&[&format!("NTLM {}", STANDARD.encode(hex(WITH_TIME)))])).unwrap();
    assert_eq!(authorization(&fetch), authorization(&fetch));
}

#[test]
fn a_user_needs_a_name() {
    let url = "https://ndes.example.com/".parse().unwrap();
    let fetch = ChallengeFetch::new(url, Credentials::new("", "Password"), [0; 8]);
    assert_eq!(fetch.unwrap_err(), Misuse::Empty("the user name"));
}
