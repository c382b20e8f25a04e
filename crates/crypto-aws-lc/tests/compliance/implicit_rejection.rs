//! A bad unwrap tells nothing (Bleichenbacher, Manger): it goes on with a stand-in key and fails
//! where a wrong content key fails.

use core::time::Duration;

use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert_pki::cms::{EnvelopedData, RecipientInfo, Seal};
use devicecert_pki::error::Rejected;
use devicecert_pki::{
    Certificate, CertificateParams, Error, Limits, Provider, Secret, Time, Tolerance, Validity,
    WithRandom,
};

use crate::backends::{BOTH, Backend, Key, file};

/// A backend whose random octets are all the same, so that a made-up key is known beforehand.
fn predictable(backend: &Backend, octet: u8) -> &'static dyn Provider {
    let random = move |out: &mut [u8]| {
        out.fill(octet);
        Ok(())
    };
    Box::leak(Box::new(WithRandom::new(backend.provider, random)))
}

const CONTENT: &[u8] = b"a certification request";
const STAND_IN: u8 = 0x42;
const HONEST: u8 = 0x17;

/// What stands in for the encrypted content key, by what is wrong with it.
fn bad_wraps() -> Vec<(&'static str, Vec<u8>)> {
    let mut bad: Vec<_> = [
        "first-octet-not-zero",
        "block-type-1",
        "block-type-0",
        "no-separator",
        "padding-of-7-octets",
        "separator-right-after-type",
        "key-too-short",
        "key-too-long",
        "key-empty",
        "random",
    ]
    .into_iter()
    .map(|name| (name, file(&format!("bad/{name}.wrapped"))))
    .collect();
    bad.push(("above the modulus", vec![0xff; 256]));
    bad.push(("zero", vec![0; 256]));
    bad.push(("one", [vec![0; 255], vec![1]].concat()));
    bad
}

fn recipient(backend: &Backend) -> (Box<dyn Key>, Certificate) {
    let key = backend.key("rsa2048");
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let name = "CN=registration authority".parse().unwrap();
    let certificate =
        CertificateParams::self_signed(name, key.public().clone(), validity, backend.provider)
            .unwrap()
            .unsigned(key.public())
            .unwrap()
            .sign(&*key)
            .unwrap();
    (key, certificate)
}

/// An envelope in which `wrapped` stands where the encrypted content key stood.
fn envelope(
    seal: Seal,
    recipient: &Certificate,
    provider: &dyn Provider,
    wrapped: Option<&[u8]>,
) -> EnvelopedData {
    let mut message = seal.envelope(CONTENT, recipient, provider).unwrap();
    if let Some(wrapped) = wrapped {
        let parsed = EnvelopedData::parse(&message, &Limits::default()).unwrap();
        let [RecipientInfo::KeyTransport(info)] = parsed.recipients() else {
            panic!("expected one recipient");
        };
        let honest = &info.encrypted_key;
        let at = message.windows(honest.len()).position(|window| window == *honest).unwrap();
        message.splice(at..at + honest.len(), wrapped.iter().copied());
    }
    EnvelopedData::parse(&message, &Limits::default()).unwrap()
}

fn open(
    envelope: EnvelopedData,
    certificate: &Certificate,
    provider: &'static dyn Provider,
    key: &dyn Key,
) -> Result<Secret, Error> {
    envelope.lock(certificate, provider, &Tolerance::default()).unwrap().unlock(key)
}

const SEALS: [Seal; 3] = [
    Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RsaPkcs1),
    Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RSA_OAEP_SHA1),
    Seal::new(
        ContentCipher::Aes128Cbc,
        KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha256 },
    ),
];

#[test]
fn an_honest_envelope_opens() {
    for backend in BOTH {
        let (key, certificate) = recipient(backend);
        for seal in SEALS {
            let envelope = envelope(seal, &certificate, backend.provider, None);
            let opened = open(envelope, &certificate, backend.provider, &*key);
            assert_eq!(opened.unwrap().expose(), CONTENT, "{} {seal:?}", backend.name);
        }
    }
}

#[test]
fn every_bad_unwrap_is_undecryptable_and_nothing_else() {
    for backend in BOTH {
        let (key, certificate) = recipient(backend);
        for seal in SEALS {
            for (what, wrapped) in bad_wraps() {
                let honest = predictable(backend, HONEST);
                let envelope = envelope(seal, &certificate, honest, Some(&wrapped));
                let provider = predictable(backend, STAND_IN);
                assert_eq!(
                    open(envelope, &certificate, provider, &*key),
                    Err(Rejected::Undecryptable.into()),
                    "{} {seal:?} {what}",
                    backend.name
                );
            }
        }
    }
}

#[test]
fn a_bad_unwrap_goes_on_with_the_stand_in_key() {
    // The content is encrypted under what the stand-in will be, so it opens exactly if the failed
    // unwrap was neither reported nor acted upon.
    for backend in BOTH {
        let (key, certificate) = recipient(backend);
        let provider = predictable(backend, STAND_IN);
        for seal in SEALS {
            for (what, wrapped) in bad_wraps() {
                let envelope = envelope(seal, &certificate, provider, Some(&wrapped));
                let opened = open(envelope, &certificate, provider, &*key);
                assert_eq!(
                    opened.as_ref().map(Secret::expose),
                    Ok(CONTENT),
                    "{} {seal:?} {what}",
                    backend.name
                );
            }
        }
    }
}

#[test]
fn a_wrong_content_key_fails_like_a_bad_unwrap() {
    for backend in BOTH {
        let (key, certificate) = recipient(backend);
        for seal in SEALS {
            let other = Secret::new(vec![0x99; 16]);
            let wrapped =
                backend.provider.wrap_key(key.public(), seal.key_transport, &other).unwrap();
            let honest = predictable(backend, HONEST);
            let envelope = envelope(seal, &certificate, honest, Some(&wrapped));
            assert_eq!(
                open(envelope, &certificate, backend.provider, &*key),
                Err(Rejected::Undecryptable.into()),
                "{} {seal:?}",
                backend.name
            );
        }
    }
}

#[test]
fn a_wrapped_key_of_another_length_fails_like_a_bad_unwrap() {
    for backend in BOTH {
        let (key, certificate) = recipient(backend);
        for seal in SEALS {
            for length in [0, 1, 255, 257, 512] {
                let honest = predictable(backend, HONEST);
                let parsed = envelope(seal, &certificate, honest, None);
                let provider = predictable(backend, STAND_IN);
                let locked = parsed.lock(&certificate, provider, &Tolerance::default()).unwrap();
                let mut ask = locked.to_be_decrypted().unwrap().clone();
                ask.encrypted_key = vec![1; length];
                assert_eq!(
                    locked.attach(key.decrypt(&ask)),
                    Err(Rejected::Undecryptable.into()),
                    "{} {seal:?} {length}",
                    backend.name
                );
            }
        }
    }
}
