//! ECDH on P-256 and P-384 (SEC 1 §3.3.1), and the envelopes that ride on it (RFC 5753).

use core::time::Duration;

use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::asn1::{Tlv, Writer};
use devicecert_pki::cms::{EnvelopedData, RecipientIdentifier, Seal};
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Certificate, CertificateParams, KeyKind, Limits, PublicKey, Secret, Time, ToBeDecrypted,
    Tolerance, Validity, WithPasswords,
};

use crate::backends::{BOTH, Backend, Key, PAIRS, file, public_key};

const CURVES: [(&str, KeyKind, usize); 2] =
    [("p256", KeyKind::P256, 32), ("p384", KeyKind::P384, 48)];

fn agree(key: &dyn Key, sender: &PublicKey) -> Result<Secret, KeyError> {
    let recipient = RecipientIdentifier::SubjectKeyIdentifier(vec![1]);
    key.decrypt(&ToBeDecrypted::key_agreement(sender.clone(), recipient))
}

/// The public key that OpenSSL agreed with, beside the messages that it wrote.
fn sender(name: &str) -> PublicKey {
    let der = file(&format!("../rfc5753/{name}-sender.spki.der"));
    PublicKey::parse(&der, &Limits::default()).unwrap()
}

/// A key on the curve of `key` with another point.
fn with_point(key: &PublicKey, point: &[u8]) -> PublicKey {
    let mut fields = Tlv::parse(key.as_der(), "a key").unwrap().reader();
    let algorithm = fields.any("its algorithm").unwrap().raw;
    let der = Writer::build(|w| {
        w.sequence(|w| {
            w.raw(algorithm);
            w.bit_string(point);
        });
    });
    PublicKey::parse(&der, &Limits::default()).unwrap()
}

#[test]
fn the_secret_is_what_openssl_derives() {
    for backend in BOTH {
        for (name, _, _) in CURVES {
            let secret = agree(&*backend.key(name), &sender(name));
            let expected = Secret::new(file(&format!("../rfc5753/{name}.secret")));
            assert_eq!(secret, Ok(expected), "{} {name}", backend.name);
        }
    }
}

#[test]
fn both_sides_agree_whatever_their_backend() {
    for (from, to) in PAIRS {
        for (name, kind, length) in CURVES {
            let key = (to.generate)(kind).unwrap();
            let (point, secret) = from.provider.agree_once(key.public()).unwrap();
            assert_eq!(secret.len(), length);
            let sender = with_point(key.public(), &point);
            assert_eq!(agree(&*key, &sender), Ok(secret), "{} to {} {name}", from.name, to.name);
        }
    }
}

#[test]
fn no_two_messages_have_the_same_key() {
    for backend in BOTH {
        let once = || backend.provider.agree_once(&public_key("p256")).unwrap();
        assert_ne!(once().0, once().0, "{}", backend.name);
        assert_ne!(once().1, once().1, "{}", backend.name);
    }
}

#[test]
fn keys_that_are_no_points_of_the_curve_are_refused() {
    for backend in BOTH {
        for (name, _, length) in CURVES {
            let honest = public_key(name);
            assert_eq!(backend.provider.check_agreement(&honest), Ok(()));
            let point = honest.key_bits();
            let mut off = point.to_vec();
            *off.last_mut().unwrap() ^= 1;
            let mut hybrid = point.to_vec();
            hybrid[0] = 6 | (point[2 * length] & 1);
            for (what, point) in [
                ("nothing", vec![]),
                ("infinity", vec![0]),
                ("the origin", [vec![4], vec![0; 2 * length]].concat()),
                ("off the curve", off),
                ("beyond the field", [vec![4], vec![0xff; 2 * length]].concat()),
                ("hybrid", hybrid),
                ("short", point[..2 * length].to_vec()),
                ("long", [point, &[0]].concat()),
                ("a SubjectPublicKeyInfo", honest.as_der().to_vec()),
            ] {
                let bad = with_point(&honest, &point);
                let provider = backend.provider;
                assert!(provider.check_agreement(&bad).is_err(), "{} {what}", backend.name);
                assert!(provider.agree_once(&bad).is_err(), "{} {what}", backend.name);
                assert!(agree(&*backend.key(name), &bad).is_err(), "{} {what}", backend.name);
            }
        }
        assert!(backend.provider.check_agreement(&public_key("rsa2048")).is_err());
    }
}

#[test]
fn a_key_agrees_only_on_its_own_curve() {
    for backend in BOTH {
        for (key, other) in [("p256", "p384"), ("p384", "p256"), ("rsa2048", "p256")] {
            let refused = agree(&*backend.key(key), &public_key(other));
            assert!(matches!(refused, Err(KeyError::Unusable(_))), "{} {key}", backend.name);
        }
    }
}

fn certificate(backend: &Backend, key: &dyn Key) -> Certificate {
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let (name, public) = ("CN=device".parse().unwrap(), key.public().clone());
    CertificateParams::self_signed(name, public, validity, backend.provider)
        .unwrap()
        .unsigned(key.public())
        .unwrap()
        .sign(key)
        .unwrap()
}

#[test]
fn what_one_backend_envelopes_the_other_opens() {
    for (from, to) in PAIRS {
        for (name, _, _) in CURVES {
            let key = to.key(name);
            let certificate = certificate(to, &*key);
            for cipher in [
                ContentCipher::Aes128Cbc,
                ContentCipher::Aes192Cbc,
                ContentCipher::Aes256Cbc,
                ContentCipher::DesEde3Cbc,
            ] {
                let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
                seal.check_recipient(certificate.public_key(), from.provider).unwrap();
                let der = seal.envelope(b"content", &certificate, from.provider).unwrap();
                let enveloped = EnvelopedData::parse(&der, &Limits::default()).unwrap();
                let locked = enveloped.lock(&certificate, to.provider, &Tolerance::STRICT);
                let opened = locked.unwrap().unlock(&*key);
                assert_eq!(opened.unwrap().expose(), b"content", "{} to {}", from.name, to.name);
            }
        }
    }
}

#[test]
fn what_one_backend_envelopes_to_a_password_the_other_opens() {
    for (from, to) in PAIRS {
        let key = to.key("p256");
        let certificate = certificate(to, &*key);
        let password = Secret::from("correct horse");
        for cipher in [ContentCipher::Aes128Cbc, ContentCipher::DesEde3Cbc] {
            let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
            let der = seal.envelope_to_password(b"content", &password, from.provider).unwrap();
            let enveloped = EnvelopedData::parse(&der, &Limits::default()).unwrap();
            let locked = enveloped.lock(&certificate, to.provider, &Tolerance::STRICT).unwrap();
            let passwords = [password.clone()];
            let opened = locked.unlock(&WithPasswords::new(&*key, &passwords, to.provider));
            assert_eq!(opened.unwrap().expose(), b"content", "{} to {}", from.name, to.name);
        }
    }
}
