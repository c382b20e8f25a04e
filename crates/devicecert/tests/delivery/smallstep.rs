//! Smallstep: a challenge from its webhook, and the proxy.

use devicecert::delivery::{CaId, Cause, Turn};
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Record};

use crate::support::{
    HOST, NOW, PROFILE, PROXY, SMALLSTEP_CHALLENGE, apple, authorities, deliver, nothing, refused,
    response, smallstep, texts,
};

const CHALLENGE: &str = "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP";
const URL: &str = "$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_STEP";

#[test]
fn one_challenge_and_the_address_of_the_proxy() {
    let outcome = deliver(&apple(&[URL, CHALLENGE]));
    let url = format!("{PROXY}{HOST}%2C{PROFILE}%2CSTEP");
    assert_eq!(texts(&outcome.profile.unwrap()), [url.as_str(), SMALLSTEP_CHALLENGE]);
    let [fetch] = &outcome.asked[..] else { panic!() };
    assert_eq!(fetch.ca, CaId::Smallstep("STEP".parse().unwrap()));
    assert_eq!((fetch.turn, fetch.timeout.as_secs()), (Turn::First, 30));
    let body: serde_json::Value = serde_json::from_slice(fetch.request.body()).unwrap();
    assert_eq!(body["webhook"]["eventTimestamp"], NOW.unix());
    let [Record::Certificate(row)] = &outcome.records[..] else { panic!() };
    assert_eq!((row.ca.as_deref(), row.ca_type), (Some("STEP"), Some(CaType::Smallstep)));
    assert_eq!(row.challenge_retrieved_at, Some(NOW));
}

#[test]
fn the_address_of_the_proxy_alone_is_on_record_too() {
    let outcome = deliver(&apple(&[URL]));
    let url = format!("{PROXY}{HOST}%2C{PROFILE}%2CSTEP");
    assert_eq!(texts(&outcome.profile.unwrap()), [url]);
    let [Record::Certificate(row)] = &outcome.records[..] else { panic!("{:?}", outcome.records) };
    assert_eq!((row.ca.as_deref(), row.ca_type), (Some("STEP"), Some(CaType::Smallstep)));
    assert_eq!(row.challenge_retrieved_at, Some(NOW), "the proxy lets in only fresh challenges");
}

#[test]
fn it_is_asked_last_as_its_challenges_are_good_for_four_minutes() {
    let outcome = deliver(&apple(&[
        CHALLENGE,
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_DIGICERT_DATA_CORP",
    ]));
    let asked: Vec<_> = outcome.asked.iter().map(|fetch| fetch.ca.to_string()).collect();
    assert_eq!(asked, ["DigiCert CA CORP", "NDES", "NDES", "Smallstep CA STEP"]);
}

#[test]
fn what_fleet_says_when_smallstep_refuses() {
    let why = refused(&apple(&[URL, CHALLENGE]), &authorities(), |_| response(401, "no"));
    // The variable stands there without the name of the CA.
    assert_eq!(
        why.detail(Rules::Current),
        "Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_. getting Smallstep SCEP \
         challenge: status code 401"
    );
    assert!(
        matches!(&why.findings()[0].cause, Cause::Smallstep { ca, .. } if ca.as_str() == "STEP")
    );
    assert_eq!(why.findings()[0].place.line, 3, "beside the challenge, not the address");
}

#[test]
fn what_fleet_says_when_it_is_gone() {
    let mut other = nothing();
    other.smallstep(smallstep("step")).unwrap();
    let why = refused(&apple(&[URL, CHALLENGE]), &other, |fetch| panic!("{fetch:?}"));
    assert_eq!(
        why.detail(Rules::Guide),
        "Fleet couldn't populate $SMALLSTEP_SCEP_PROXY_URL_STEP because STEP certificate \
         authority doesn't exist."
    );
}
