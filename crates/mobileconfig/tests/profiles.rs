//! Profiles as wholes: what they come in, signatures and envelopes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::time::Duration;

use base64::Engine;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_mobileconfig::error::State;
use devicecert_mobileconfig::plist::{Dictionary, Encoding, Value};
use devicecert_mobileconfig::{Error, Limits, Profile, Scope, Uuid, cms};
use devicecert_pki::cms::Seal;
use devicecert_pki::error::Rejected;
use devicecert_pki::{
    Certificate, CertificateParams, KeyKind, Signer, Time, Tolerance, Validity, to_pem,
};

const NOW: i64 = 1_800_000_000;

fn validity() -> Validity {
    Validity::lasting(Time::from_unix(NOW - 60), Duration::from_secs(3600))
}

fn issued(
    kind: KeyKind,
    name: &str,
    issuer: Option<&(PrivateKey, Certificate)>,
    is_ca: IsCa,
) -> (PrivateKey, Certificate) {
    let key = PrivateKey::generate(kind).expect("a key");
    let (public, name) = (key.public_key().clone(), name.parse().expect("a name"));
    let params = match (issuer, is_ca) {
        (Some((_, issuer)), IsCa::Yes) => {
            let mut params =
                CertificateParams::ca(name, public, validity(), &RustCrypto).expect("params");
            params.issuer = issuer.subject().clone();
            params
        }
        (None, IsCa::Yes) => {
            CertificateParams::ca(name, public, validity(), &RustCrypto).expect("params")
        }
        (Some((_, issuer)), IsCa::No) => {
            CertificateParams::end_entity(issuer, name, public, validity(), &RustCrypto)
                .expect("params")
        }
        (None, IsCa::No) => {
            CertificateParams::self_signed(name, public, validity(), &RustCrypto).expect("params")
        }
    };
    let by = issuer.map_or(&key, |(key, _)| key);
    let certificate = params.unsigned(by.public_key()).expect("params").sign(by).expect("signed");
    (key, certificate)
}

enum IsCa {
    Yes,
    No,
}

fn sample() -> Profile {
    let mut profile = Profile::new("com.example.a", "11111111-2222-3333-4444-555555555555");
    profile.set("PayloadScope", Scope::User);
    profile.set("PayloadDisplayName", "Wi-Fi & more");
    profile.set("Unknown", 7);
    let mut payload = Dictionary::new();
    payload.insert("PayloadType", "com.apple.security.root");
    payload.insert("PayloadContent", vec![1, 2, 3]);
    profile.push(payload).expect("a payload");
    profile
}

fn read(bytes: &[u8]) -> Result<Profile, Error> {
    Profile::read(bytes, &Limits::default())
}

#[test]
fn top_level_keys_have_accessors() {
    let profile = read(
        b"<dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>$UDID</string>\
        <key>PayloadUUID</key><string>u</string><key>PayloadVersion</key><integer>1</integer><key>IsEncrypted</key><false/>\
        <key>PayloadDescription</key><string>d</string><key>HasRemovalPasscode</key><true/><key>PayloadOrganization</key><string>o</string>\
        <key>PayloadRemovalDisallowed</key><true/><key>PayloadScope</key><string>System</string><key>RemovalDate</key><date>2027-01-15T08:00:00Z</date>\
        <key>DurationUntilRemoval</key><real>60</real><key>PayloadExpirationDate</key><date>2027-01-15T08:00:00Z</date>\
        <key>TargetDeviceType</key><integer>5</integer><key>ConsentText</key><dict><key>default</key><string>ok</string></dict></dict>",
    )
    .expect("a profile");
    assert_eq!(profile.payload_type(), Some("Configuration"));
    assert_eq!(profile.identifier(), Some("$UDID"));
    assert_eq!(profile.uuid(), Some("u"));
    assert_eq!(profile.version(), Some(1));
    assert_eq!(profile.is_encrypted(), Some(false));
    assert_eq!(profile.description(), Some("d"));
    assert_eq!(profile.organization(), Some("o"));
    assert_eq!(profile.display_name(), None);
    assert_eq!(profile.has_removal_passcode(), Some(true));
    assert_eq!(profile.removal_disallowed(), Some(true));
    assert_eq!(profile.scope(), Some(Scope::System));
    assert_eq!(profile.removal_date(), Some(Time::from_unix(NOW)));
    assert_eq!(profile.expiration_date(), Some(Time::from_unix(NOW)));
    assert_eq!(profile.duration_until_removal(), Some(60.0));
    assert_eq!(profile.target_device_type(), Some(5));
    assert_eq!(
        profile.consent_text().and_then(|text| text.get("default")),
        Some(&Value::from("ok"))
    );
    assert_eq!(profile.payloads().count(), 0);
    // Anything that is a property list can be looked at.
    let array = read(b"<array/>").expect("no profile, but readable");
    assert_eq!((array.root(), array.version(), array.payloads().count()), (None, None, 0));
}

#[test]
fn every_wrapping_is_recognised() {
    let (key, certificate) = issued(KeyKind::P256, "CN=MDM", None, IsCa::No);
    let profile = sample();
    let der = profile
        .unsigned(certificate, &[], &RustCrypto)
        .expect("to sign")
        .sign(&key)
        .expect("signed");
    let lines = |text: String| text.as_bytes().chunks(60).collect::<Vec<_>>().join(&b"\r\n"[..]);
    let base64 = base64::engine::general_purpose::STANDARD.encode(&der);
    for bytes in [
        der.clone(),
        to_pem("PKCS7", &der).into_bytes(),
        to_pem("CMS", &der).into_bytes(),
        lines(base64),
    ] {
        let read = read(&bytes).expect("a signed profile");
        assert!(read.signature().is_some());
        assert_eq!(read.document(), profile.document());
        assert_eq!(read.document().encoding(), Some(Encoding::Xml));
    }
    assert_eq!(read(b"-----BEGIN PKCS7-----\nAA").err(), Some(State::Armour.into()));
    assert_eq!(read(b"MI*").err(), Some(State::Armour.into()));
    assert!(matches!(read(&der[..der.len() - 1]), Err(Error::Pki(_))));
    assert!(matches!(read(b"0"), Err(Error::Pki(_))));
    assert!(matches!(read(b""), Err(Error::Malformed(_))));
}

#[test]
fn a_signature_is_checked_against_a_certificate_and_against_an_anchor() {
    let root = issued(KeyKind::P256, "CN=Root", None, IsCa::Yes);
    let intermediate = issued(KeyKind::P256, "CN=Intermediate", Some(&root), IsCa::Yes);
    let (key, leaf) = issued(KeyKind::P384, "CN=MDM", Some(&intermediate), IsCa::No);
    let (_, stranger) = issued(KeyKind::P256, "CN=Root", None, IsCa::Yes);
    let chain = [intermediate.1.clone()];
    let tolerance = Tolerance::default();
    let signed = |chain: &[Certificate]| {
        let unsigned = sample().unsigned(leaf.clone(), chain, &RustCrypto).expect("to sign");
        read(&unsigned.sign(&key).expect("signed")).expect("a profile")
    };
    let profile = signed(&chain);
    let signature = profile.signature().expect("signed");
    assert_eq!(signature.claimed_signer(&tolerance).as_ref(), Ok(&leaf));
    assert_eq!(signature.verify(&leaf, &RustCrypto, &tolerance), Ok(()));
    assert_eq!(
        signature.verify(&stranger, &RustCrypto, &tolerance),
        Err(Error::Pki(Rejected::NoSignerCertificate.into())),
    );
    let anchored = |profile: &Profile, anchor: &Certificate, now: i64| {
        let signature = profile.signature().expect("signed");
        signature.verify_anchored(
            std::slice::from_ref(anchor),
            Time::from_unix(now),
            &RustCrypto,
            &tolerance,
        )
    };
    for anchor in [&root.1, &intermediate.1, &leaf] {
        assert_eq!(anchored(&profile, anchor, NOW).as_ref(), Ok(&leaf));
    }
    let untrusted = Err(Error::from(State::Untrusted));
    assert_eq!(anchored(&profile, &stranger, NOW), untrusted);
    assert_eq!(anchored(&profile, &root.1, NOW + 86_400), untrusted);
    assert_eq!(anchored(&signed(&[]), &root.1, NOW), untrusted);
    // An end entity is no CA, whatever it signed.
    let leaf_pair = (key, leaf);
    let (other_key, other) = issued(KeyKind::P256, "CN=Other", Some(&leaf_pair), IsCa::No);
    let forged =
        sample().unsigned(other, &[leaf_pair.1, chain[0].clone()], &RustCrypto).expect("to sign");
    let forged = read(&forged.sign(&other_key).expect("signed")).expect("a profile");
    assert_eq!(anchored(&forged, &root.1, NOW), untrusted);
}

#[test]
fn a_change_takes_the_signature_away_and_breaks_it() {
    let (key, certificate) = issued(KeyKind::P256, "CN=MDM", None, IsCa::No);
    let content =
        b"<dict><!-- kept --><key>PayloadType</key><string>Configuration</string></dict>".to_vec();
    let unsigned =
        cms::unsigned(content.clone(), certificate.clone(), &[], &RustCrypto).expect("to sign");
    let signed = unsigned.sign(&key).expect("signed");
    let mut profile = read(&signed).expect("a profile");
    assert_eq!(profile.document().source(), core::str::from_utf8(&content).ok());
    profile.set("PayloadVersion", 1);
    assert_eq!(profile.signature(), None);

    let at = signed.windows(4).position(|window| window == b"kept").expect("the content");
    let mut forged = signed;
    forged[at] = b'K';
    let profile = read(&forged).expect("still a message");
    let result = profile.signature().expect("signed").verify(
        &certificate,
        &RustCrypto,
        &Tolerance::default(),
    );
    assert_eq!(result, Err(Error::Pki(Rejected::MessageDigest.into())));
}

#[test]
fn payloads_are_encrypted_to_one_device() {
    let (key, device) = issued(KeyKind::Rsa { bits: 2048 }, "CN=Device", None, IsCa::No);
    let profile = sample();
    let encrypted = profile.encrypted_to(&device, Seal::default(), &RustCrypto).expect("encrypted");
    let received = read(encrypted.to_xml().expect("written").as_bytes()).expect("a profile");
    assert_eq!(received.is_encrypted(), Some(true));
    assert_eq!((received.payloads().count(), received.display_name()), (0, Some("Wi-Fi & more")));
    assert!(received.root().is_some_and(|root| !root.contains_key("PayloadContent")));

    let limits = Limits::default();
    let tolerance = Tolerance::default();
    let locked = received.locked(&device, &RustCrypto, &tolerance, &limits).expect("locked");
    let opened = locked.unlock(&key).expect("opened");
    assert_eq!(opened, profile);
    assert_eq!(opened.document().position(0).map(|position| position.line), Some(1));

    let undecryptable = devicecert_pki::Error::from(Rejected::Undecryptable);
    let (stranger, _) = issued(KeyKind::Rsa { bits: 2048 }, "CN=Stranger", None, IsCa::No);
    let locked = received.locked(&device, &RustCrypto, &tolerance, &limits).expect("locked");
    assert_eq!(locked.unlock(&stranger).err(), Some(undecryptable.clone()));
    // What opens and is no list of payloads is the same failure.
    for content in [&b"no property list"[..], b"<dict/>"] {
        let message = Seal::default().envelope(content, &device, &RustCrypto).expect("an envelope");
        let mut odd = received.clone();
        odd.set("EncryptedPayloadContent", message);
        let locked = odd.locked(&device, &RustCrypto, &tolerance, &limits).expect("locked");
        assert_eq!(locked.unlock(&key).err(), Some(undecryptable.clone()));
    }
    assert!(matches!(
        profile.locked(&device, &RustCrypto, &tolerance, &limits).err(),
        Some(Error::State(State::NotEncrypted)),
    ));
    let twice = received.encrypted_to(&device, Seal::default(), &RustCrypto);
    assert_eq!(twice.err(), Some(State::NoContent.into()));
}

#[test]
fn payloads_are_encrypted_to_a_device_with_an_ec_key() {
    let (key, device) = issued(KeyKind::P256, "CN=Device", None, IsCa::No);
    let profile = sample();
    let encrypted = profile.encrypted_to(&device, Seal::default(), &RustCrypto).expect("encrypted");
    let received = read(encrypted.to_xml().expect("written").as_bytes()).expect("a profile");
    let (limits, tolerance) = (Limits::default(), Tolerance::default());
    let locked = received.locked(&device, &RustCrypto, &tolerance, &limits).expect("locked");
    assert_eq!(locked.unlock(&key).expect("opened"), profile);
}

#[test]
fn a_signed_message_cut_or_flipped_anywhere_is_answered() {
    let (key, certificate) = issued(KeyKind::P256, "CN=MDM", None, IsCa::No);
    let unsigned = sample().unsigned(certificate.clone(), &[], &RustCrypto).expect("to sign");
    let signed = unsigned.sign(&key).expect("signed");
    for length in 0..signed.len() {
        assert!(read(&signed[..length]).is_err(), "{length}");
    }
    for index in 0..signed.len() {
        for bit in [1, 0x20, 0x80] {
            let mut bytes = signed.clone();
            bytes[index] ^= bit;
            let _answered = read(&bytes);
        }
    }
}

#[test]
fn uuids_are_of_their_version() {
    let random = Uuid::random(&RustCrypto).expect("random").to_string();
    assert_eq!((random.len(), &random[14..15]), (36, "4"));
    assert!(matches!(&random[19..20], "8" | "9" | "A" | "B"), "{random}");
    assert_ne!(random, Uuid::random(&RustCrypto).expect("random").to_string());
    // RFC 9562, appendix A.4.
    let known = Uuid::from_identifier("www.example.com", &RustCrypto).expect("SHA-1");
    assert_eq!(known.to_string(), "2ED6657D-E927-568B-95E1-2665A8AEA6A2");
}

#[test]
fn debug_shows_no_secret() {
    let (key, certificate) = issued(KeyKind::P256, "CN=MDM", None, IsCa::No);
    let mut profile = sample();
    profile.set("Challenge", "correct horse");
    let signed = profile.unsigned(certificate, &[], &RustCrypto).expect("to sign").sign(&key);
    let profile = read(&signed.expect("signed")).expect("a profile");
    assert!(!format!("{profile:?}").contains("horse"));
    let bytes = format!("{:?}", b"horse");
    assert!(!format!("{profile:?}").contains(bytes.trim_matches(['[', ']'])));
}
