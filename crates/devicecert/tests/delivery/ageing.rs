//! What was had grows old while something else is waited for.

use std::time::Duration;

use devicecert::Delivery;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{CaId, Fetch, Step};
use devicecert::fleet::proxy::Record;
use devicecert::pki::Time;

use crate::support::{NDES_CHALLENGE, NOW, answer, apple, authorities, host, texts};

const NDES: &str = "$FLEET_VAR_NDES_SCEP_CHALLENGE";
const SMALLSTEP: &str = "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP";
const CUSTOM: &str = "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI";

fn after(seconds: u64) -> Time {
    NOW.after(Duration::from_secs(seconds))
}

fn asked(delivery: &mut Delivery<'_>, now: Time) -> Fetch {
    match delivery.step(now).unwrap() {
        Step::Fetch(fetch) => *fetch,
        other => panic!("{other:?}"),
    }
}

/// Has everything that CAs are asked for.
fn have_all(delivery: &mut Delivery<'_>, now: Time) -> Vec<Record> {
    loop {
        match delivery.step(now).unwrap() {
            Step::Fetch(fetch) => delivery.received(&answer(&fetch)).unwrap(),
            Step::Store(records) => return records,
            other => panic!("{other:?}"),
        }
    }
}

fn passcode(records: &[Record]) -> (String, Time) {
    let mut passcodes = records.iter().filter_map(|record| match record {
        Record::Passcode { passcode, made_at, .. } => Some((passcode.expose().into(), *made_at)),
        _ => None,
    });
    passcodes.next().unwrap()
}

#[test]
fn a_challenge_that_grew_old_while_another_ca_was_down_is_fetched_anew() {
    let (host, authorities, template) = (host(), authorities(), apple(&[NDES, SMALLSTEP]));
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    while let fetch = asked(&mut delivery, NOW)
        && fetch.ca == CaId::Ndes
    {
        delivery.received(&answer(&fetch)).unwrap();
    }
    // Smallstep does not answer, and is asked again and again.
    assert!(matches!(asked(&mut delivery, after(57 * 60)).ca, CaId::Smallstep(_)));
    assert_eq!(asked(&mut delivery, after(57 * 60 + 1)).ca, CaId::Ndes);
    let late = after(2 * 3600);
    let records = have_all(&mut delivery, late);
    for record in &records {
        let Record::Certificate(row) = record else { panic!("{record:?}") };
        assert_eq!(row.challenge_retrieved_at, Some(late));
    }
    assert_eq!(records.len(), 2);
}

#[test]
fn a_challenge_that_grew_old_while_the_store_was_down_is_fetched_anew() {
    let (host, authorities, template) = (host(), authorities(), apple(&[NDES]));
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    have_all(&mut delivery, NOW);
    assert!(matches!(delivery.step(after(57 * 60)), Ok(Step::Store(_))));
    assert_eq!(asked(&mut delivery, after(57 * 60 + 1)).ca, CaId::Ndes);
    have_all(&mut delivery, after(58 * 60));
    delivery.stored().unwrap();
    // What is stored is on its way.
    let Ok(Step::Done(profile)) = delivery.step(after(86_400)) else { panic!() };
    assert_eq!(texts(profile.as_str()), [NDES_CHALLENGE]);
}

#[test]
fn a_passcode_does_not_age_while_there_is_no_room_at_ndes() {
    let (host, authorities, template) = (host(), authorities(), apple(&[CUSTOM, NDES]));
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    assert_eq!(asked(&mut delivery, NOW).ca, CaId::Ndes);
    let late = after(2 * 3600);
    let (_, made_at) = passcode(&have_all(&mut delivery, late));
    assert_eq!(made_at, late);
}

#[test]
fn a_passcode_that_waited_for_its_store_is_made_anew() {
    let (host, authorities, template) = (host(), authorities(), apple(&[CUSTOM]));
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    let first = passcode(&have_all(&mut delivery, NOW));
    assert_eq!(passcode(&have_all(&mut delivery, after(60))), first);
    let (text, made_at) = passcode(&have_all(&mut delivery, after(61)));
    assert_eq!(made_at, after(61));
    assert_ne!(text, first.0);
    delivery.stored().unwrap();
    let Ok(Step::Done(profile)) = delivery.step(after(62)) else { panic!() };
    assert!(texts(profile.as_str())[0].ends_with(&text), "the one that was stored last");
}
