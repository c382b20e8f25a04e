//! What is not said.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    CaType, Claim, Identifier, ManagedCertificate, Passcode, Profile, ProfileStatus, ProfileUuid,
    Record, Resend, Store, UpstreamFailure,
};
use devicecert_fleet::proxy::{Denied, Slot};
use devicecert_pki::Time;

use super::common::{
    APPLE, BOTH, HOST, MESSAGE, NOW, PASSCODE, WIFI, get, now, path, path_of, pki_operation, post,
    refused, response, slot, with_passcode, world,
};

/// Everything that can be printed of an enrolment.
#[test]
fn nothing_that_is_printed_has_the_passcode_in_it() {
    let world = with_passcode(Rules::Current, APPLE);
    let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
    let call = world.proxy.route(&request).unwrap();
    let identifier = call.identifier().clone();
    let passcode = identifier.passcode().unwrap().clone();
    let url = identifier.to_url("https://mdm.test").unwrap();
    let record =
        Record::Passcode { slot: slot(APPLE, WIFI), passcode: passcode.clone(), made_at: NOW };
    let claim = format!("{:?}", Claim::Presented(&passcode));
    let mut printed = vec![
        format!("{call:?} {identifier:?} {identifier} {passcode:?} {url:?} {record:?}"),
        format!("{:?} {claim}", world.store),
    ];
    let mut relay = now(world.proxy.check(call, &world.store, NOW)).unwrap();
    printed.push(format!("{relay:?} {:?}", relay.step()));
    relay.received(response(503, b""));
    printed.push(format!("{relay:?} {:?}", relay.step()));
    relay.received(response(503, b""));
    printed.push(format!("{relay:?} {:?}", relay.step()));
    for printed in printed {
        assert!(!printed.contains(PASSCODE) && !printed.contains(&PASSCODE[..8]), "{printed}");
        assert!(printed.len() < 4096, "{printed}");
    }
}

/// Whatever is wrong with the rest of the URL.
#[test]
fn no_refusal_has_the_passcode_in_it() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        for fields in [
            format!("bozo%2Cbozo%2C{WIFI}%2C{PASSCODE}"),
            format!("{HOST}%2Cg1x%2C{WIFI}%2C{PASSCODE}"),
            format!("%2C{APPLE}%2C{WIFI}%2C{PASSCODE}"),
            format!("{HOST}%2C{APPLE}%2CGONE%2C{PASSCODE}"),
            format!("{HOST}%2C{APPLE}%2C{WIFI}%2C{PASSCODE}%2C"),
            format!("{HOST}%2C{APPLE}%2C{WIFI}%2C{PASSCODE}%zz"),
            format!("{HOST}%2C{APPLE}%2C{WIFI}%2Cx{PASSCODE}"),
        ] {
            let request = post(&format!("/mdm/scep/proxy/{fields}"), MESSAGE);
            let (_, text) = world.refusal(&request, NOW);
            assert!(!text.contains(PASSCODE), "{text}");
        }
        world.set_status(&slot(APPLE, WIFI), ProfileStatus::Verified);
        let (_, text) = world.refusal(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW);
        assert!(!text.contains(PASSCODE), "{text}");
    }
}

#[test]
fn what_a_device_sent_is_repeated_in_part_and_without_control_characters() {
    let long = "x".repeat(1000);
    for (path, most) in [
        (format!("/mdm/scep/proxy/h%2C{long}?operation=GetCACaps"), 400),
        (format!("/mdm/scep/proxy/h%2Cg{long}?operation=GetCACaps"), 400),
        (format!("/mdm/scep/proxy/h%2CaP?operation=PKIOperation&message={long}%"), 400),
        (format!("/mdm/scep/proxy/h%2CaP?operation=PKIOperation&message={long}%00"), 400),
        (format!("/mdm/scep/proxy/h%2CaP?operation=PKIOperation&message=%1B%0D%0A{long}"), 400),
        ("/mdm/scep/proxy/h%2C%E2%80%AEx?operation=GetCACaps".to_owned(), 400),
        ("/mdm/scep/proxy/h%0D%0AX:%20y%2CaP?operation=GetCACaps".to_owned(), 100),
    ] {
        let (_, text) = world(Rules::Current).refusal(&get(&path), NOW);
        assert!(text.len() < most && !text.contains(char::is_control), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}

/// A store that is broken.
#[derive(Debug, Default)]
struct Broken {
    /// The calls that it answers before it breaks.
    working: AtomicUsize,
}

#[derive(Debug)]
struct Fault;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("password authentication failed for user \"fleet\"")
    }
}

impl std::error::Error for Fault {}

impl Broken {
    fn answer<T>(&self, answer: T) -> Result<T, Fault> {
        let left = self
            .working
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(|_| answer).map_err(|_| Fault)
    }
}

impl Store for Broken {
    type Error = Fault;

    async fn record(&self, _: Record) -> Result<(), Fault> {
        self.answer(())
    }

    async fn managed_certificate(&self, slot: &Slot) -> Result<Option<ManagedCertificate>, Fault> {
        self.answer(Some(ManagedCertificate::new(slot, CaType::CustomScep)))
    }

    async fn profile(&self, _: &str, _: &ProfileUuid) -> Result<Option<Profile>, Fault> {
        self.answer(Some(Profile::new(ProfileStatus::Pending)))
    }

    async fn set_profile(&self, _: &str, _: &ProfileUuid, _: Profile) -> Result<(), Fault> {
        self.answer(())
    }

    async fn consume_passcode(&self, _: &Slot, _: Claim<'_>) -> Result<Option<Time>, Fault> {
        self.answer(None)
    }

    async fn remove_passcodes_made_before(&self, _: Time) -> Result<u64, Fault> {
        self.answer(0)
    }

    async fn resend(&self, _: &str, _: &ProfileUuid, _: Resend, _: Time) -> Result<(), Fault> {
        self.answer(())
    }

    async fn fail_profile(
        &self,
        _: &str,
        _: &ProfileUuid,
        _: UpstreamFailure,
    ) -> Result<(), Fault> {
        self.answer(())
    }

    async fn clear_failure(&self, _: &str, _: &ProfileUuid) -> Result<(), Fault> {
        self.answer(())
    }
}

/// Certificate, profile, passcode, resend: whichever of the four it does not answer.
#[test]
fn a_broken_store_lets_nobody_through_and_is_not_spoken_of() {
    let proxy = world(Rules::Current).proxy;
    let call = proxy.route(&pki_operation(APPLE, WIFI, Some(PASSCODE))).unwrap();
    for working in 0..4 {
        let store = Broken { working: working.into() };
        let denied = now(proxy.check(call.clone(), &store, NOW)).unwrap_err();
        assert!(matches!(denied, Denied::Store(Fault)));
        let expected = (500, "Internal Server Error".to_owned());
        assert_eq!(refused(&denied.to_response()), expected);
    }
    let store = Broken { working: 4.into() };
    let denied = now(proxy.check(call, &store, NOW)).unwrap_err();
    assert_eq!(refused(&denied.to_response()), (400, "custom scep challenge failed".to_owned()));
}

#[test]
fn a_path_that_a_proxy_before_this_one_may_log_is_the_only_place_of_it() {
    let passcode = Passcode::from_random([0x42; 24]);
    let identifier = Identifier::custom_scep(HOST, APPLE, WIFI, passcode.clone()).unwrap();
    assert_eq!(identifier.to_string(), format!("host:{HOST} profile:{APPLE} CA:{WIFI}"));
    assert_eq!(path(&identifier), path_of(APPLE, WIFI, Some(passcode.expose())));
}
