//! A delivery goes on where another server left it, at every turn.

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{Authorities, CaId, Saved, Step, Turn};
use devicecert::error::Misuse;
use devicecert::fleet::proxy::Record;
use devicecert::fleet::{Host, Template};
use devicecert::pki::Secret;
use devicecert::{Delivery, Error};

use crate::support::{
    HOST, KEY, NOW, answer, apple, authorities, custom_scep, host, nothing, texts,
};

fn template() -> Template {
    apple(&[
        "$FLEET_VAR_DIGICERT_PASSWORD_CORP",
        "$FLEET_VAR_DIGICERT_DATA_CORP",
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
        "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
        "$FLEET_SECRET_PSK",
    ])
}

/// Another server: from octets, with settings of its own.
fn moved<'a>(
    delivery: &Delivery<'_>,
    template: &'a Template,
    host: &'a Host,
    authorities: &'a Authorities,
) -> Delivery<'a> {
    let octets = delivery.save().as_secret().expose().to_vec();
    let saved = Saved::from_secret(Secret::new(octets));
    let resumed = Delivery::resume(&saved, template, host, authorities, &RustCrypto);
    resumed.unwrap().secret("PSK", "psk")
}

#[test]
fn at_every_turn() {
    let (template, host, authorities) = (template(), host(), authorities());
    let mut delivery =
        Delivery::new(&template, &host, &authorities, &RustCrypto).secret("PSK", "psk");
    let (mut asked, mut stored, mut urls) = (Vec::new(), Vec::new(), Vec::new());
    let profile = loop {
        delivery = moved(&delivery, &template, &host, &authorities);
        match delivery.step(NOW).unwrap() {
            // What is under way starts anew: so is this answered without being moved in between.
            Step::GenerateKey(_) => {
                delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
                let Ok(Step::Fetch(fetch)) = delivery.step(NOW) else { panic!() };
                asked.push(fetch.ca.clone());
                delivery.received(&answer(&fetch)).unwrap();
            }
            Step::Fetch(fetch) => {
                assert_eq!(fetch.turn, Turn::First);
                asked.push(fetch.ca.clone());
                delivery.received(&answer(&fetch)).unwrap();
                if fetch.ca == CaId::Ndes {
                    let Ok(Step::Fetch(fetch)) = delivery.step(NOW) else { panic!() };
                    delivery.received(&answer(&fetch)).unwrap();
                }
            }
            Step::Store(records) => {
                for record in &records {
                    if let Record::Passcode { passcode, .. } = record {
                        urls.push(passcode.expose().to_owned());
                    }
                }
                stored.push(records);
                delivery.stored().unwrap();
            }
            Step::Done(profile) => break profile.into_string(),
        }
    };
    let asked: Vec<_> = asked.iter().map(ToString::to_string).collect();
    assert_eq!(asked, ["DigiCert CA CORP", "NDES", "Smallstep CA STEP"], "each once");
    assert_eq!(stored.len(), 1, "stored once");
    assert_eq!(stored[0].len(), 5);
    let texts = texts(&profile);
    assert_eq!(texts.len(), 6);
    assert!(texts[3].ends_with(&urls[0]), "the passcode that was stored is the one in the profile");
    // And once more, after the end.
    let mut again = moved(&delivery, &template, &host, &authorities);
    let Ok(Step::Done(same)) = again.step(NOW) else { panic!() };
    assert_eq!(same.as_str(), profile);
}

#[test]
fn a_key_that_was_made_and_not_certified_is_made_again() {
    let (template, host, authorities) = (template(), host(), authorities());
    let mut delivery =
        Delivery::new(&template, &host, &authorities, &RustCrypto).secret("PSK", "psk");
    assert!(matches!(delivery.step(NOW), Ok(Step::GenerateKey(_))));
    delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
    assert!(matches!(delivery.step(NOW), Ok(Step::Fetch(_))));
    let mut resumed = moved(&delivery, &template, &host, &authorities);
    assert!(matches!(resumed.step(NOW), Ok(Step::GenerateKey(_))));
}

#[test]
fn it_is_of_one_host_one_profile_and_these_cas() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&["$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"]);
    let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    assert!(matches!(delivery.step(NOW), Ok(Step::Store(_))));
    let saved = delivery.save();
    let resume = |template: &Template, host: &Host, authorities: &Authorities| {
        Delivery::resume(&saved, template, host, authorities, &RustCrypto).map(drop)
    };
    let refused = Err(Error::Misuse(Misuse::Saved));
    assert_eq!(resume(&template, &host, &authorities), Ok(()));
    let other = Host::new(HOST, "a-other");
    assert_eq!(resume(&template, &other, &authorities), refused);
    let other = Host::new("other", crate::support::PROFILE);
    assert_eq!(resume(&template, &other, &authorities), refused);
    assert_eq!(resume(&template, &host, &nothing()), refused);
    let mut other = nothing();
    other.custom_scep(custom_scep("VPN", "x")).unwrap();
    assert_eq!(resume(&template, &host, &other), refused);
    let other = apple(&["$FLEET_VAR_NDES_SCEP_CHALLENGE"]);
    assert_eq!(resume(&other, &host, &authorities), refused);
}

#[test]
fn damaged_octets_are_refused() {
    let (template, host, authorities) = (template(), host(), authorities());
    let mut delivery =
        Delivery::new(&template, &host, &authorities, &RustCrypto).secret("PSK", "psk");
    delivery.step(NOW).unwrap();
    delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
    let Ok(Step::Fetch(fetch)) = delivery.step(NOW) else { panic!() };
    delivery.received(&answer(&fetch)).unwrap();
    let whole = delivery.save().as_secret().expose().to_vec();
    let resume = |octets: &[u8]| {
        let saved = Saved::from_secret(Secret::new(octets.to_vec()));
        Delivery::resume(&saved, &template, &host, &authorities, &RustCrypto).map(drop)
    };
    assert_eq!(resume(&whole), Ok(()));
    for end in 0..whole.len() {
        assert_eq!(resume(&whole[..end]), Err(Error::Misuse(Misuse::Saved)), "cut at {end}");
    }
    let longer = [whole.as_slice(), b"\0"].concat();
    assert_eq!(resume(&longer), Err(Error::Misuse(Misuse::Saved)));
    for at in 0..64 {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        // Whatever comes of it, it is an answer.
        let _ = resume(&changed);
    }
}
