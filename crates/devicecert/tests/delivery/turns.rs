//! One thing at a time, and nothing that was not asked for.

use std::io;

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{Step, Turn};
use devicecert::error::Misuse;
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::Failure;
use devicecert::pki::Time;
use devicecert::{Delivery, Error};

use crate::support::{KEY, NOW, answer, apple, authorities, host, response, texts};

const LATER: Time = Time::from_unix(NOW.unix() + 600);

#[test]
fn the_same_is_asked_for_until_it_is_answered() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    let Ok(Step::Fetch(first)) = delivery.step(NOW) else { panic!() };
    let Ok(Step::Fetch(again)) = delivery.step(LATER) else { panic!() };
    assert_eq!((first.turn, again.turn), (Turn::First, Turn::First));
    let body = |fetch: &devicecert::delivery::Fetch| -> serde_json::Value {
        serde_json::from_slice(fetch.request.body()).unwrap()
    };
    let (first, again) = (body(&first), body(&again));
    assert_eq!(first["event"], again["event"], "the identifier does not change");
    assert_eq!(again["webhook"]["eventTimestamp"], LATER.unix());
    delivery.received(&response(200, "x")).unwrap();
    let Ok(Step::Store(records)) = delivery.step(LATER) else { panic!() };
    let Ok(Step::Store(same)) = delivery.step(LATER) else { panic!() };
    assert_eq!(records, same);
    // A challenge is as old as the request that brought it.
    assert!(format!("{records:?}").contains(&format!("{LATER:?}")), "{records:?}");
    delivery.stored().unwrap();
    let Ok(Step::Done(profile)) = delivery.step(LATER) else { panic!() };
    assert_eq!(texts(profile.as_str()), ["x"]);
}

#[test]
fn no_profile_before_its_records_are_stored() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    for _ in 0..3 {
        assert!(matches!(delivery.step(NOW), Ok(Step::Store(_))));
    }
    delivery.stored().unwrap();
    assert!(matches!(delivery.step(NOW), Ok(Step::Done(_))));
}

#[test]
fn a_profile_that_leaves_nothing_behind_is_there_at_once() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_HOST_UUID"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    assert!(matches!(delivery.step(NOW), Ok(Step::Done(_))));
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    let unexpected = Err(Error::Misuse(Misuse::UnexpectedAnswer));
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_DIGICERT_DATA_CORP"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    assert_eq!(delivery.received(&response(200, "")), unexpected);
    assert_eq!(delivery.stored(), unexpected);
    assert_eq!(delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()), unexpected);
    assert!(matches!(delivery.step(NOW), Ok(Step::GenerateKey(_))));
    assert_eq!(delivery.stored(), unexpected);
    let timeout = io::Error::from(io::ErrorKind::TimedOut);
    assert_eq!(delivery.unreachable(&timeout), unexpected);
    assert!(matches!(delivery.received(&response(200, "")), Err(Error::Misuse(_))));
    assert!(matches!(delivery.step(NOW), Ok(Step::GenerateKey(_))), "asked for as before");
    delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
    assert_eq!(delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()), unexpected);
    let Ok(Step::Fetch(fetch)) = delivery.step(NOW) else { panic!() };
    delivery.received(&answer(&fetch)).unwrap();
    assert_eq!(delivery.received(&answer(&fetch)), unexpected);
    delivery.stored().unwrap();
    assert_eq!(delivery.stored(), unexpected);
}

#[test]
fn a_ca_that_cannot_be_reached() {
    let (host, authorities) = (host(), authorities());
    for (variable, detail) in [
        (
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
            "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. timed out",
        ),
        (
            "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
            "Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_. timed out",
        ),
        (
            "$FLEET_VAR_DIGICERT_PASSWORD_CORP",
            "Couldn't get certificate from DigiCert for CORP. timed out",
        ),
    ] {
        let template = apple(&[variable]);
        let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
        if let Ok(Step::GenerateKey(_)) = delivery.step(NOW) {
            delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
        }
        let timeout = io::Error::from(io::ErrorKind::TimedOut);
        let error = delivery.unreachable(&timeout).unwrap_err();
        let Error::Undelivered(why) = &error else { panic!("{error:?}") };
        assert_eq!(why.detail(Rules::Current), detail);
        assert_eq!(delivery.step(NOW).unwrap_err(), error, "from then on always");
    }
}

#[test]
fn what_the_client_of_the_proxy_says_can_be_handed_in() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_NDES_SCEP_CHALLENGE"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    assert!(matches!(delivery.step(NOW), Ok(Step::Fetch(_))));
    let error = delivery.unreachable(&Failure::ConnectionRefused).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. connection refused"
    );
}
