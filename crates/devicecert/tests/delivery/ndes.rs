//! NDES and Okta: one challenge for each host and delivery.

use devicecert::Delivery;
use devicecert::ca::Credentials;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{CaId, Cause, Fetch, Ndes, Okta, Step, Turn};
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Record};
use http::Response;

use crate::support::{
    HOST, NDES_CHALLENGE, NOW, PROFILE, PROXY, answer, apple, authorities, deliver, host,
    ndes_page, nothing, refused, response, run, texts, windows,
};

const CHALLENGE: &str = "$FLEET_VAR_NDES_SCEP_CHALLENGE";
const URL: &str = "$FLEET_VAR_NDES_SCEP_PROXY_URL";

fn page(text: &str) -> impl Fn(&Fetch) -> Response<Vec<u8>> {
    move |fetch| match ndes_page(fetch) {
        page if page.status() == 200 => response(200, text),
        offer => offer,
    }
}

#[test]
fn one_challenge_and_the_address_of_the_proxy() {
    for template in [apple(&[CHALLENGE, URL, CHALLENGE]), windows(&[CHALLENGE, URL, CHALLENGE])] {
        let outcome = deliver(&template);
        let url = format!("{PROXY}{HOST}%2C{PROFILE}%2CNDES");
        let texts = texts(&outcome.profile.unwrap());
        assert_eq!(texts, [NDES_CHALLENGE, url.as_str(), NDES_CHALLENGE]);
        let turns: Vec<_> = outcome.asked.iter().map(|fetch| fetch.turn).collect();
        assert_eq!(turns, [Turn::First, Turn::Next], "without credentials, then with");
        assert!(outcome.asked.iter().all(|fetch| fetch.ca == CaId::Ndes));
        assert_eq!(outcome.asked[0].timeout.as_secs(), 30);
    }
}

#[test]
fn what_it_leaves_behind_has_the_time_of_the_challenge() {
    let outcome = deliver(&apple(&[CHALLENGE, URL]));
    let [Record::Certificate(row)] = &outcome.records[..] else { panic!() };
    assert_eq!((row.host.as_str(), row.profile.as_str()), (HOST, PROFILE));
    assert_eq!((row.ca.as_deref(), row.ca_type), (Some("NDES"), Some(CaType::Ndes)));
    assert_eq!(row.challenge_retrieved_at, Some(NOW));
    assert_eq!((row.validity, &row.serial), (None, &None));
}

#[test]
fn the_address_of_the_proxy_alone_is_on_record_too() {
    let outcome = deliver(&apple(&[URL]));
    let url = format!("{PROXY}{HOST}%2C{PROFILE}%2CNDES");
    assert_eq!(texts(&outcome.profile.unwrap()), [url]);
    let [Record::Certificate(row)] = &outcome.records[..] else { panic!("{:?}", outcome.records) };
    assert_eq!((row.ca.as_deref(), row.ca_type), (Some("NDES"), Some(CaType::Ndes)));
    assert_eq!(row.challenge_retrieved_at, Some(NOW), "the proxy lets in only fresh challenges");
    // What goes wrong is told beside the address, there being nothing else.
    let why = refused(&apple(&["x", URL]), &authorities(), |_| response(500, ""));
    assert_eq!(why.findings()[0].place.line, 3);
}

#[test]
fn ntlm_goes_on_over_the_same_connection() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&[CHALLENGE]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    let mut turns = Vec::new();
    // The challenge of MS-NLMP §4.2.4.3.
    let challenge = "NTLM TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAA\
                     AA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=";
    loop {
        match delivery.step(NOW).unwrap() {
            Step::Fetch(fetch) => {
                turns.push(fetch.turn);
                let mut offer = response(401, "");
                let answer = match turns.len() {
                    1 => "NTLM",
                    2 => challenge,
                    _ => {
                        delivery.received(&page_with(NDES_CHALLENGE)).unwrap();
                        continue;
                    }
                };
                offer.headers_mut().insert("WWW-Authenticate", answer.parse().unwrap());
                delivery.received(&offer).unwrap();
            }
            Step::Store(_) => delivery.stored().unwrap(),
            Step::Done(profile) => {
                assert_eq!(texts(profile.as_str()), [NDES_CHALLENGE]);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(turns, [Turn::First, Turn::SameConnection, Turn::SameConnection]);
}

fn page_with(challenge: &str) -> Response<Vec<u8>> {
    response(200, &format!("The enrollment challenge password is: <B> {challenge} </B>"))
}

#[test]
fn okta_is_asked_with_basic_from_the_start() {
    let mut okta = nothing();
    let ca = Okta::new(
        "https://example.okta.com/api/v1/scep".parse().unwrap(),
        "https://example.okta.com/api/v1/scep/challenge".parse().unwrap(),
        Credentials::new("user", "password"),
    );
    okta.ndes(Ndes::Okta(ca.unwrap())).unwrap();
    let (host, template) = (host(), apple(&[CHALLENGE]));
    let outcome = run(Delivery::new(&template, &host, &okta, &RustCrypto), answer);
    assert_eq!(texts(&outcome.profile.unwrap()), [NDES_CHALLENGE]);
    let [fetch] = &outcome.asked[..] else { panic!() };
    assert_eq!(fetch.request.headers()["authorization"], "Basic dXNlcjpwYXNzd29yZA==");
    assert_eq!(fetch.turn, Turn::First);
}

#[test]
fn a_challenge_that_windows_cannot_send_is_told_and_not_sent() {
    let odd = page("The enrollment challenge password is: <B> a_b </B>");
    let why = refused(&windows(&[CHALLENGE, URL]), &authorities(), &odd);
    assert_eq!(why.findings()[0].cause, Cause::UnprintableChallenge { at: 1 });
    // Not with Fleet's text, which is about custom SCEP.
    assert_eq!(
        why.detail(Rules::Current),
        "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Windows cannot send the character \
         at byte 1 of the challenge: expected letters, numbers, spaces, and the characters ' ( ) + \
         , - . / : = ?."
    );
    // Apple's devices send it.
    let (host, authorities, template) = (host(), authorities(), apple(&[CHALLENGE]));
    let outcome = run(Delivery::new(&template, &host, &authorities, &RustCrypto), &odd);
    assert_eq!(texts(&outcome.profile.unwrap()), ["a_b"]);
}

#[test]
fn what_fleet_says_when_ndes_refuses() {
    let invalid = "Invalid NDES admin credentials. Fleet couldn't populate \
        $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > ";
    for (text, guide, current) in [
        (
            "<title>Sign in</title>",
            format!("{invalid}Mobile Device Management > Simple Certificate Enrollment Protocol."),
            format!("{invalid}Certificate enrollment."),
        ),
        (
            "The password cache is full.",
            "The NDES password cache is full. Fleet couldn't populate \
             $FLEET_VAR_NDES_SCEP_CHALLENGE. Please increase the number of cached passwords in \
             NDES and try again."
                .to_owned(),
            String::new(),
        ),
        (
            "You do not have sufficient permission to enroll with SCEP.",
            "This account does not have sufficient permissions to enroll with SCEP. Fleet \
             couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update the account with \
             NDES SCEP enroll permissions and try again."
                .to_owned(),
            String::new(),
        ),
    ] {
        let current = if current.is_empty() { guide.clone() } else { current };
        let why = refused(&apple(&[CHALLENGE]), &authorities(), page(text));
        assert_eq!(why.detail(Rules::Guide), guide);
        assert_eq!(why.detail(Rules::Current), current);
        assert_eq!(why.to_string(), current);
        assert_eq!(why.findings()[0].ca(), Some(CaId::Ndes));
    }
}

#[test]
fn what_fleet_says_when_there_is_no_ndes() {
    let why = refused(&apple(&[URL, CHALLENGE]), &nothing(), |fetch| panic!("{fetch:?}"));
    assert_eq!(
        why.detail(Rules::Current),
        "NDES SCEP Proxy is not configured. Please configure in Settings > Integrations > \
         Certificates."
    );
    assert_eq!(why.findings().len(), 2);
    let why = refused(&windows(&[CHALLENGE]), &nothing(), |fetch| panic!("{fetch:?}"));
    assert_eq!(
        why.detail(Rules::Current),
        "NDES is not configured. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE."
    );
}
