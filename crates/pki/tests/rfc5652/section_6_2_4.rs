//! RFC 5652 §6.2.4, PasswordRecipientInfo, with PBKDF2 and the key wrap of RFC 3211.

use crate::support::{
    block_on, certificate_of, exceeded, hex, later, limits, malformed, rsa, testdata, tlv,
};
use core::num::NonZeroU32;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::cms::{EnvelopedData, RecipientInfo, Seal};
use devicecert_pki::error::{Found, KeyError, Rejected, Unsupported};
use devicecert_pki::{
    Decryptor, Error, Limits, Secret, ToBeDecrypted, Tolerance, WithPasswords, oid,
};

fn open(der: &[u8], passwords: &[&str], tolerance: &Tolerance) -> Result<Vec<u8>, Error> {
    let passwords: Vec<Secret> = passwords.iter().map(|text| Secret::from(*text)).collect();
    let enveloped = EnvelopedData::parse(der, &limits())?;
    let locked = enveloped.lock(&certificate_of("ec"), &RustCrypto, tolerance)?;
    locked
        .unlock(&WithPasswords::new(rsa(), &passwords, &RustCrypto))
        .map(|content| content.expose().to_vec())
}

fn content() -> Result<Vec<u8>, Error> {
    Ok(testdata("rfc3211/content.txt"))
}

#[test]
fn messages_of_openssl_open() {
    for name in ["aes128", "aes192", "aes256", "des3", "beside-rsa"] {
        let der = testdata(&format!("rfc3211/{name}.der"));
        assert_eq!(open(&der, &["secret"], &Tolerance::STRICT), content(), "{name}");
        assert_eq!(open(&der, &["no", "secret", "nor"], &Tolerance::STRICT), content(), "{name}");
    }
}

#[test]
fn what_openssl_decrypted_still_opens() {
    let der = testdata("rfc3211/ours.der");
    assert_eq!(open(&der, &["secret"], &Tolerance::STRICT), content());
}

#[test]
fn a_recipient_that_is_named_comes_before_a_password() {
    let der = testdata("rfc3211/beside-rsa.der");
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let locked = enveloped.lock(&certificate_of("rsa"), &RustCrypto, &Tolerance::STRICT).unwrap();
    assert!(matches!(locked.to_be_decrypted(), Some(ToBeDecrypted::KeyTransport(_))));
    assert_eq!(locked.unlock(rsa()).unwrap().expose(), content().unwrap());
}

#[test]
fn every_cipher_wraps_its_own_key() {
    for cipher in ContentCipher::ALL {
        let mut seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
        seal.iterations = NonZeroU32::MIN;
        let password = Secret::from("secret");
        let der = seal.envelope_to_password(b"content", &password, &RustCrypto).unwrap();
        let mut tolerance = Tolerance::STRICT;
        tolerance.legacy_algorithms = true;
        assert_eq!(open(&der, &["secret"], &tolerance), Ok(b"content".to_vec()), "{cipher:?}");
        if cipher == ContentCipher::DesCbc {
            let refused = open(&der, &["secret"], &Tolerance::STRICT);
            assert_eq!(refused, Err(Unsupported::Legacy("single DES").into()));
        }
    }
}

#[test]
fn what_is_written_is_version_3_with_hmac_sha_256() {
    let password = Secret::from("secret");
    let der = Seal::default().envelope_to_password(b"content", &password, &RustCrypto).unwrap();
    // RFC 5652 §6.1: version 3; §6.2.4: version 0, [0] keyDerivationAlgorithm; RFC 8018 A.2.
    let version = hex("020103 31");
    assert!(der.windows(4).any(|window| window == version));
    let prf = hex("0203 0186a0 300c 06082a864886f70d0209 0500");
    assert!(der.windows(prf.len()).any(|window| window == prf));
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let [RecipientInfo::Password(recipient)] = enveloped.recipients() else { panic!() };
    assert_eq!(recipient.iterations().unwrap().get(), 100_000);
    assert_eq!(recipient.algorithm().oid, oid::PWRI_KEK);
}

#[test]
fn a_wrong_password_fails_where_a_wrong_content_key_fails() {
    let der = testdata("rfc3211/aes128.der");
    for passwords in [&["Secret"][..], &[""], &[], &["one", "two"]] {
        let refused = open(&der, passwords, &Tolerance::STRICT);
        assert_eq!(refused, Err(Rejected::Undecryptable.into()), "{passwords:?}");
    }
}

#[test]
fn a_private_key_alone_does_not_open_it() {
    let der = testdata("rfc3211/aes128.der");
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let locked = enveloped.lock(&certificate_of("ec"), &RustCrypto, &Tolerance::STRICT).unwrap();
    let ask = locked.to_be_decrypted().unwrap();
    assert!(matches!(rsa().decrypt(ask), Err(KeyError::Unusable(_))));
    assert_eq!(locked.unlock(rsa()), Err(Rejected::Undecryptable.into()));
}

#[test]
fn a_password_that_comes_later_opens_it_too() {
    let der = testdata("rfc3211/aes128.der");
    let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
    let locked = enveloped.lock(&certificate_of("ec"), &RustCrypto, &Tolerance::STRICT).unwrap();
    let answer = |ask: ToBeDecrypted| {
        let ToBeDecrypted::Password(recipient) = ask else { panic!("{ask:?}") };
        later(recipient.open(&Secret::from("secret"), &RustCrypto))
    };
    let opened = block_on(locked.unlock_async(answer)).unwrap();
    assert_eq!(opened.expose(), content().unwrap());
}

/// A message of OpenSSL with something in place of the wrapped content key.
fn with_key(name: &str, damage: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut der = testdata(&format!("rfc3211/{name}.der"));
    // The last OCTET STRING in front of encryptedContentInfo.
    let end = der.windows(4).rposition(|window| window == [0x30, 0x4c, 6, 9]).unwrap();
    damage(&mut der[end - 32..end]);
    der
}

#[test]
fn a_damaged_wrap_fails_where_a_wrong_content_key_fails() {
    for position in 0..32 {
        let der = with_key("aes128", |wrapped| wrapped[position] ^= 1);
        let refused = open(&der, &["secret"], &Tolerance::STRICT);
        assert_eq!(refused, Err(Rejected::Undecryptable.into()), "{position}");
    }
}

/// A PasswordRecipientInfo by hand, in a message of AES-128.
fn by_hand(derivation: &[u8], algorithm: &[u8], wrapped: &[u8]) -> Vec<u8> {
    let pwri = [hex("020100"), derivation.to_vec(), algorithm.to_vec(), tlv(4, wrapped)].concat();
    let cipher = tlv(0x30, &[hex("0609608648016503040102"), tlv(4, &[0; 16])].concat());
    let encrypted =
        tlv(0x30, &[hex("06092a864886f70d010701"), cipher, tlv(0x80, &[0; 16])].concat());
    let enveloped = [hex("020103"), tlv(0x31, &tlv(0xa3, &pwri)), encrypted].concat();
    tlv(0x30, &[hex("06092a864886f70d010703"), tlv(0xa0, &tlv(0x30, &enveloped))].concat())
}

fn pbkdf2(iterations: &[u8]) -> Vec<u8> {
    let params = [tlv(4, &[1; 8]), tlv(2, iterations)].concat();
    tlv(0xa0, &[hex("06092a864886f70d01050c"), tlv(0x30, &params)].concat())
}

fn pwri_kek() -> Vec<u8> {
    let aes = tlv(0x30, &[hex("0609608648016503040102"), tlv(4, &[0; 16])].concat());
    tlv(0x30, &[hex("060b2a864886f70d0109100309"), aes].concat())
}

#[test]
fn a_wrapped_key_of_any_length_is_no_reason_to_read_beyond_it() {
    for length in [0, 1, 15, 16, 17, 31, 32, 33, 48, 1024] {
        let der = by_hand(&pbkdf2(&[1]), &pwri_kek(), &vec![0; length]);
        let refused = open(&der, &["secret"], &Tolerance::STRICT);
        assert_eq!(refused, Err(Rejected::Undecryptable.into()), "{length}");
    }
}

#[test]
fn iterations_are_bounded_before_anything_is_derived() {
    let parse = |iterations: &[u8], limits: &Limits| {
        EnvelopedData::parse(&by_hand(&pbkdf2(iterations), &pwri_kek(), &[0; 32]), limits)
    };
    let what = "iterations of a password recipient";
    let refused = parse(&[0x7f; 8], &limits()).map(drop);
    assert_eq!(refused, exceeded(what, 250_000, 0x7f7f_7f7f_7f7f_7f7f));
    let mut limits = limits();
    limits.recipient_iterations = 2048;
    assert!(parse(&[8, 0], &limits).is_ok());
    assert_eq!(parse(&[8, 1], &limits).map(drop), exceeded(what, 2048, 2049));
    let (_, expected, found) = malformed(parse(&[0], &limits));
    assert_eq!((expected, found), ("an iteration count", Found::Value("a count of 0")));
}

#[test]
fn other_algorithms_are_unsupported() {
    // hmacWithSHA224.
    let sha224 = [tlv(4, &[1; 8]), tlv(2, &[1]), hex("300c 06082a864886f70d0208 0500")].concat();
    let sha224 = tlv(0xa0, &[hex("06092a864886f70d01050c"), tlv(0x30, &sha224)].concat());
    let scrypt = tlv(0xa0, &hex("06092b06010401da47040b"));
    for (derivation, algorithm) in [
        (sha224, pwri_kek()),
        (scrypt, pwri_kek()),
        // RFC 5652 §6.2.4: without a derivation the key is known to both sides otherwise.
        (vec![], pwri_kek()),
        (pbkdf2(&[1]), hex("300b 0609608648016503040105")),
        (pbkdf2(&[1]), hex("300d 060b2a864886f70d0109100309")),
    ] {
        let der = by_hand(&derivation, &algorithm, &[0; 32]);
        let refused = open(&der, &["secret"], &Tolerance::STRICT);
        assert!(matches!(refused, Err(Error::Unsupported(_))), "{refused:?}");
    }
}
