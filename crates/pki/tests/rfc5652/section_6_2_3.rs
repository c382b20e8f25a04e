//! §6.2.3 Recipients that share a symmetric key with the sender, and RFC 3394.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::cms::{EnvelopedData, Seal};
use devicecert_pki::error::{Error, Misuse, Rejected, Unsupported};
use devicecert_pki::{Secret, Tolerance, oid};

use crate::support::{limits, testdata};

const NAME: &[u8] = b"kek";

/// The key that OpenSSL was given: 0, 1, 2, …
fn kek(octets: u8) -> Secret {
    Secret::new((0..octets).collect())
}

fn open(der: &[u8], name: &[u8], kek: &Secret) -> Result<Secret, Error> {
    let enveloped = EnvelopedData::parse(der, &limits()).unwrap();
    enveloped.open_with_kek(name, kek, &RustCrypto, &Tolerance::STRICT)
}

#[test]
fn what_openssl_wraps_is_unwrapped() {
    for octets in [16, 24, 32] {
        let der = testdata(&format!("rfc5652/enveloped-kek-{}.der", u16::from(octets) * 8));
        let opened = open(&der, NAME, &kek(octets)).unwrap();
        assert_eq!(opened.expose(), testdata("rfc5652/content.txt"));
    }
}

#[test]
fn another_key_or_another_name_opens_nothing() {
    let der = testdata("rfc5652/enveloped-kek-128.der");
    let mut wrong: Vec<u8> = (0..16).collect();
    wrong[15] ^= 1;
    let wrong = Secret::new(wrong);
    assert_eq!(open(&der, NAME, &wrong), Err(Rejected::Undecryptable.into()));
    assert_eq!(open(&der, b"other", &kek(16)), Err(Rejected::NoRecipient.into()));
    // A key of another length cannot have wrapped it.
    let other = open(&der, NAME, &kek(24)).unwrap_err();
    let (what, oid) = ("the key wrap algorithm", oid::AES_128_WRAP);
    assert_eq!(other, Unsupported::Algorithm { what, oid }.into());
    let short = open(&der, NAME, &Secret::new(vec![0; 17])).unwrap_err();
    assert!(matches!(short, Error::Misuse(Misuse::Value(_))));
}

#[test]
fn every_bit_of_a_wrapped_key_counts() {
    let der = testdata("rfc5652/enveloped-kek-128.der");
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let devicecert_pki::cms::RecipientInfo::KeyEncryptionKey(found) = &enveloped.recipients()[0]
    else {
        panic!()
    };
    assert_eq!((found.key_identifier.as_slice(), found.algorithm.oid), (NAME, oid::AES_128_WRAP));
    // RFC 3394 §2.2.1: one block of 8 octets more than the key.
    assert_eq!(found.encrypted_key.len(), 24);
    let wrapped = found.encrypted_key.clone();
    let place = der.windows(24).position(|window| window == wrapped).unwrap();
    for bit in 0..24 * 8 {
        let mut flipped = der.clone();
        flipped[place + bit / 8] ^= 1 << (bit % 8);
        let outcome = open(&flipped, NAME, &kek(16));
        assert_eq!(outcome, Err(Rejected::Undecryptable.into()), "bit {bit}");
    }
}

#[test]
fn what_is_wrapped_here_is_unwrapped_here() {
    for (cipher, octets) in [
        (ContentCipher::Aes128Cbc, 16),
        (ContentCipher::Aes256Cbc, 16),
        (ContentCipher::Aes192Cbc, 24),
        (ContentCipher::DesEde3Cbc, 24),
    ] {
        let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
        let der = seal.envelope_with_kek(b"content", NAME, &kek(octets), &RustCrypto).unwrap();
        assert_eq!(open(&der, NAME, &kek(octets)).unwrap().expose(), b"content");
    }
    let seal = Seal::new(ContentCipher::DesCbc, KeyTransport::RsaPkcs1);
    // The key of single DES is one block, and two is the least that can be wrapped.
    assert!(seal.envelope_with_kek(b"content", NAME, &kek(16), &RustCrypto).is_err());
}

#[test]
fn the_type_of_the_content_is_written_as_it_is_given() {
    let mut seal = Seal::default();
    seal.content_type = oid::SIGNED_DATA;
    let der = seal.envelope_with_kek(b"content", NAME, &kek(16), &RustCrypto).unwrap();
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    assert_eq!(enveloped.content_type(), oid::SIGNED_DATA);
}
