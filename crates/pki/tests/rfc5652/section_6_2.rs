//! RFC 5652 §6.2, RecipientInfo.

use crate::support::certificate::Tbs;
use crate::support::enveloped::{BLOCK, CONTENT, Envelope, recipient};
use crate::support::signed::issuer_and_serial;
use crate::support::{certificate_of, limits, malformed, rsa, sequence, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::cms::{
    EnvelopedData, KeyTransportRecipient, RecipientIdentifier, RecipientInfo,
};
use devicecert_pki::error::{Found, Rejected};
use devicecert_pki::{Certificate, Error, Tolerance};

const AES: ContentCipher = ContentCipher::Aes128Cbc;

fn open(
    envelope: &Envelope,
    certificate: &Certificate,
    tolerance: &Tolerance,
) -> Result<Vec<u8>, Error> {
    let locked = envelope.parse().lock(certificate, &RustCrypto, tolerance)?;
    locked.unlock(rsa()).map(|content| content.expose().to_vec())
}

/// To these recipients, each named by a rid, all of them with the key of [`rsa`].
fn to(rids: &[&[u8]]) -> Envelope {
    Envelope::with(|envelope| {
        envelope.recipients = rids.iter().map(|rid| recipient(rid, AES)).collect();
    })
}

fn transported(info: Option<&RecipientInfo>) -> &KeyTransportRecipient {
    let Some(RecipientInfo::KeyTransport(recipient)) = info else { panic!("{info:?}") };
    recipient
}

fn ours() -> Vec<u8> {
    issuer_and_serial(certificate_of("rsa").as_der())
}

/// The rid of a CA certificate that was renewed with the same key.
fn stale() -> Vec<u8> {
    issuer_and_serial(certificate_of("other").as_der())
}

/// Our rid with PrintableString in place of UTF8String.
fn respelt() -> Vec<u8> {
    let mut der = ours();
    der.iter_mut().filter(|octet| **octet == 0x0c).for_each(|octet| *octet = 0x13);
    assert_ne!(der, ours());
    der
}

#[test]
fn a_recipient_is_named_by_issuer_and_serial_number() {
    let certificate = certificate_of("rsa");
    let envelope = to(&[&ours()]);
    assert_eq!(open(&envelope, &certificate, &Tolerance::STRICT), Ok(CONTENT.to_vec()));
    let enveloped = envelope.parse();
    let found = transported(enveloped.recipient(&certificate, &Tolerance::STRICT));
    assert_eq!(found.identifier, RecipientIdentifier::of(&certificate));
    assert_eq!(found.encrypted_key.len(), 256);
}

#[test]
fn a_recipient_is_named_by_key_identifier() {
    let certificate = certificate_of("rsa");
    let identifier = certificate.extensions().subject_key_identifier().unwrap().to_vec();
    for rid in [tlv(0x80, &identifier), tlv(0xa0, &tlv(4, &identifier))] {
        let envelope = to(&[&rid]);
        assert_eq!(open(&envelope, &certificate, &Tolerance::STRICT), Ok(CONTENT.to_vec()));
        let enveloped = envelope.parse();
        let named = transported(enveloped.recipient(&certificate, &Tolerance::STRICT));
        let expected = RecipientIdentifier::SubjectKeyIdentifier(identifier.clone());
        assert_eq!(named.identifier, expected);
    }
    let shown = RecipientIdentifier::SubjectKeyIdentifier(vec![0, 0xab]).to_string();
    assert_eq!(shown, "subject key identifier 00ab");
}

#[test]
fn a_respelt_issuer_is_found_only_where_that_is_tolerated() {
    let mut tolerance = Tolerance::STRICT;
    let certificate = certificate_of("rsa");
    let envelope = to(&[&stale(), &respelt()]);
    let refused = open(&envelope, &certificate, &tolerance);
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
    tolerance.respelt_issuer = true;
    assert_eq!(open(&envelope, &certificate, &tolerance), Ok(CONTENT.to_vec()));
}

#[test]
fn an_exact_recipient_comes_before_a_respelt_one() {
    let certificate = certificate_of("rsa");
    let enveloped = to(&[&respelt(), &ours()]).parse();
    let found = transported(enveloped.recipient(&certificate, &tolerant()));
    assert_eq!(found.identifier, RecipientIdentifier::of(&certificate));
}

#[test]
fn the_only_recipient_is_tried_only_where_that_is_tolerated() {
    let mut tolerance = Tolerance::STRICT;
    let certificate = certificate_of("rsa");
    let envelope = to(&[&stale()]);
    let refused = open(&envelope, &certificate, &tolerance);
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
    tolerance.only_recipient = true;
    assert_eq!(open(&envelope, &certificate, &tolerance), Ok(CONTENT.to_vec()));
    // One of two is not the only one.
    let refused = open(&to(&[&stale(), &stale()]), &certificate, &tolerance);
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
}

#[test]
fn one_recipient_beside_another_kind_is_not_the_only_one() {
    let envelope = Envelope::with(|envelope| {
        envelope.recipients = vec![recipient(&stale(), AES), tlv(0xa4, &[5, 0])];
    });
    let refused = open(&envelope, &certificate_of("rsa"), &tolerant());
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
}

#[test]
fn of_several_recipients_ours_is_found() {
    let certificate = certificate_of("rsa");
    for rids in [[&stale()[..], &ours()], [&ours(), &stale()]] {
        let opened = open(&to(&rids), &certificate, &Tolerance::STRICT);
        assert_eq!(opened, Ok(CONTENT.to_vec()));
    }
}

#[test]
fn messages_of_openssl_to_several_recipients() {
    let certificate = certificate_of("rsa");
    let read = |name: &str| {
        let der = testdata(&format!("rfc5652/{name}.der"));
        EnvelopedData::parse(&der, &limits()).unwrap()
    };
    let two = read("enveloped-other-first");
    assert_eq!(two.recipients().len(), 2);
    let found = transported(two.recipient(&certificate, &Tolerance::STRICT));
    assert_eq!(found.identifier, RecipientIdentifier::of(&certificate));

    let foreign = read("enveloped-other-only");
    assert_eq!(foreign.recipient(&certificate, &Tolerance::STRICT), None);
    assert!(foreign.recipient(&certificate_of("other"), &Tolerance::STRICT).is_some());
}

#[test]
fn recipients_of_all_kinds_are_read_and_others_kept() {
    // OpenSSL wrote a key agreement, a key-encryption-key and a password recipient beside ours.
    let der = testdata("rfc5652/enveloped-kinds.der");
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let mut tags = Vec::new();
    for info in enveloped.recipients() {
        match info {
            RecipientInfo::Other { tag, encoding } => {
                assert!(der.windows(encoding.len()).any(|window| window == encoding));
                tags.push(*tag);
            }
            RecipientInfo::KeyTransport(_) => tags.push(0x30),
            RecipientInfo::KeyAgreement(_) => tags.push(0xa1),
            RecipientInfo::KeyEncryptionKey(_) => tags.push(0xa2),
            RecipientInfo::Password(_) => tags.push(0xa3),
            other => panic!("{other:?}"),
        }
    }
    tags.sort_unstable();
    assert_eq!(tags, [0x30, 0xa1, 0xa2, 0xa3]);
}

#[test]
fn a_message_without_recipients_is_for_nobody() {
    let envelope = Envelope::with(|envelope| envelope.recipients = Vec::new());
    let refused = open(&envelope, &certificate_of("rsa"), &tolerant());
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
}

#[test]
fn the_serial_number_of_a_recipient_may_be_long_or_padded() {
    // 32 octets, as sscep writes.
    let long = Tbs::with(|tbs| tbs.serial = tlv(2, &[0x41; 32])).parse().unwrap();
    let rid = |serial: &[u8]| sequence(&[long.issuer().as_der(), &tlv(2, serial)]);
    for serial in [&[0x41; 32][..], &[&[0], &[0x41; 32][..]].concat()] {
        let opened = open(&to(&[&rid(serial)]), &long, &Tolerance::STRICT);
        assert_eq!(opened, Ok(CONTENT.to_vec()));
    }
    let refused = open(&to(&[&rid(&[0x41; 31])]), &long, &Tolerance::STRICT);
    assert_eq!(refused, Err(Rejected::NoRecipient.into()));
}

#[test]
fn a_damaged_recipient_is_refused() {
    let mut envelope = Envelope::new(AES, BLOCK);
    let named = "issuerAndSerialNumber or subjectKeyIdentifier";
    let right = envelope.recipients[0].clone();
    for (damaged, expected, found) in [
        (
            tlv(0x30, &[&right[4..], &[5, 0]].concat()),
            "the end of KeyTransRecipientInfo",
            Found::Trailing(2),
        ),
        (vec![0x30, 0], "the version of KeyTransRecipientInfo", Found::End),
        (sequence(&[&[2, 1, 0], &[5, 0]]), named, Found::Tag(5)),
        (
            sequence(&[&[2, 1, 0], &tlv(0x80, b"id"), &sequence(&[&[6, 1, 42]]), &[5, 0]]),
            "encryptedKey",
            Found::Tag(5),
        ),
    ] {
        envelope.recipients = vec![damaged];
        let error = malformed(EnvelopedData::parse(&envelope.to_der(), &limits()));
        assert_eq!((error.1, error.2), (expected, found));
    }
}
