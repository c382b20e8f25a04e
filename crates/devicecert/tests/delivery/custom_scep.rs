//! Any SCEP server: its challenge, and the proxy with a passcode.

use devicecert::Delivery;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::Cause;
use devicecert::fleet::proxy::{CaType, Identifier, Record};
use devicecert::fleet::{BAD_CHALLENGE, Rules};
use devicecert::pki::WithRandom;

use crate::support::{
    CUSTOM_CHALLENGE, HOST, NOW, PROFILE, PROXY, apple, authorities, custom_scep, deliver, host,
    nothing, refused, run, texts, windows,
};

const CHALLENGE: &str = "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI";
const URL: &str = "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI";

/// 24 octets of 7 in base64url.
const SEVENS: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
static REPEATING: WithRandom = WithRandom::new(&RustCrypto, |out| {
    out.fill(7);
    Ok(())
});

#[test]
fn nobody_is_asked_and_the_address_has_a_passcode() {
    let (host, authorities) = (host(), authorities());
    for template in [apple(&[CHALLENGE, URL]), windows(&[CHALLENGE, URL])] {
        let outcome = run(Delivery::new(&template, &host, &authorities, &REPEATING), |fetch| {
            panic!("{fetch:?}")
        });
        let url = format!("{PROXY}{HOST}%2C{PROFILE}%2CWIFI%2C{SEVENS}");
        assert_eq!(texts(&outcome.profile.unwrap()), [CUSTOM_CHALLENGE, url.as_str()]);
    }
}

#[test]
fn the_passcode_is_left_behind_with_the_time_and_is_the_one_in_the_address() {
    let outcome = deliver(&apple(&[CHALLENGE, URL]));
    let [Record::Certificate(row), Record::Passcode { slot, passcode, made_at, .. }] =
        &outcome.records[..]
    else {
        panic!("{:?}", outcome.records)
    };
    assert_eq!((row.ca.as_deref(), row.ca_type), (Some("WIFI"), Some(CaType::CustomScep)));
    assert_eq!(*made_at, NOW);
    let url = texts(&outcome.profile.unwrap()).remove(1);
    let read = Identifier::parse(url.strip_prefix(PROXY).unwrap()).unwrap();
    assert_eq!(read.slot(), slot);
    assert_eq!(read.passcode(), Some(passcode));
}

#[test]
fn each_delivery_has_a_passcode_of_its_own() {
    let template = apple(&[URL]);
    let url = || texts(&deliver(&template).profile.unwrap()).remove(0);
    assert_ne!(url(), url());
}

#[test]
fn a_challenge_that_windows_cannot_send_is_told_before_a_passcode_is_made() {
    let mut odd = nothing();
    odd.custom_scep(custom_scep("WIFI", "pass_word")).unwrap();
    let why = refused(&windows(&[CHALLENGE, URL]), &odd, |fetch| panic!("{fetch:?}"));
    assert_eq!(why.findings()[0].cause, Cause::UnprintableChallenge { at: 4 });
    assert_eq!(why.detail(Rules::Current), BAD_CHALLENGE);
    let (host, template) = (host(), apple(&[CHALLENGE]));
    let outcome = run(Delivery::new(&template, &host, &odd, &RustCrypto), |_| panic!());
    assert_eq!(texts(&outcome.profile.unwrap()), ["pass_word"]);
}

#[test]
fn a_challenge_that_reads_like_a_variable_or_like_xml_stays_what_it_is() {
    let mut odd = nothing();
    odd.custom_scep(custom_scep("WIFI", "a$FLEET_VAR_HOST_UUID<&'\"]]>")).unwrap();
    let (host, template) = (host(), apple(&[CHALLENGE]));
    let outcome = run(Delivery::new(&template, &host, &odd, &RustCrypto), |_| panic!());
    assert_eq!(
        texts(&outcome.profile.unwrap()),
        ["a$FLEET_VAR_HOST_UUID&lt;&amp;&#39;&#34;]]&gt;"]
    );
}

#[test]
fn what_fleet_says_when_it_is_gone() {
    let why = refused(&windows(&[CHALLENGE, URL]), &nothing(), |fetch| panic!("{fetch:?}"));
    assert_eq!(
        why.to_string(),
        "Fleet couldn't populate $CUSTOM_SCEP_CHALLENGE_WIFI because WIFI certificate authority \
         doesn't exist.\n\
         Fleet couldn't populate $CUSTOM_SCEP_PROXY_URL_WIFI because WIFI certificate authority \
         doesn't exist."
    );
}
