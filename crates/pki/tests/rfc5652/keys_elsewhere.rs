//! Keys that are asked: with a trait object, with a future, or with the answer handed in.

use crate::support::enveloped::{BLOCK, CONTENT, Envelope, IV, content_key};
use crate::support::{
    OCTET, PREDICTABLE, block_on, certificate_of, ec, later, limits, other, rsa, testdata, tlv,
    tolerant,
};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::cms::{EnvelopedData, RecipientIdentifier, SignedDataParams};
use devicecert_pki::error::{KeyError, Misuse, Rejected};
use devicecert_pki::{
    Attribute, CsrParams, Decryptor, Error, Locked, Provider, Secret, Signer, ToBeDecrypted,
    ToBeSigned, Unsigned, oid,
};
use std::sync::Arc;

const AES: ContentCipher = ContentCipher::Aes128Cbc;

fn unsigned() -> Unsigned<Vec<u8>> {
    let params = SignedDataParams::new(certificate_of("rsa"), b"content".to_vec());
    params.unsigned(&RustCrypto).unwrap()
}

fn lock(envelope: &Envelope) -> Locked<Secret> {
    envelope.parse().lock(&certificate_of("rsa"), &PREDICTABLE, &tolerant()).unwrap()
}

fn locked() -> Locked<Secret> {
    lock(&Envelope::new(AES, BLOCK))
}

fn content() -> Secret {
    Secret::new(CONTENT.to_vec())
}

/// The key of [`rsa`], shared between threads.
fn shared() -> Arc<PrivateKey> {
    let encoded = rsa().to_pkcs8_der().unwrap();
    Arc::new(PrivateKey::from_pkcs8_der(encoded.expose()).unwrap())
}

#[test]
fn three_ways_to_sign_give_the_same() {
    let at_hand = unsigned().sign(rsa()).unwrap();
    assert_eq!(unsigned().sign(&shared()), Ok(at_hand.clone()));

    let ask = unsigned().to_be_signed().clone();
    assert_eq!(&ask.key, rsa().public_key());
    let elsewhere = unsigned().attach(&rsa().sign(&ask).unwrap());
    assert_eq!(elsewhere, Ok(at_hand.clone()));

    let answer = |ask: ToBeSigned| later(rsa().sign(&ask).map_err(Error::from));
    assert_eq!(block_on(unsigned().sign_async(answer)), Ok(at_hand));
}

#[test]
fn what_a_signing_service_fails_with_comes_back() {
    #[derive(Debug, PartialEq)]
    enum Service {
        Offline,
        Ours(Error),
    }
    impl From<Error> for Service {
        fn from(error: Error) -> Self {
            Self::Ours(error)
        }
    }
    let offline = |_| later(Err(Service::Offline));
    assert_eq!(block_on(unsigned().sign_async(offline)), Err(Service::Offline));
    let nothing = |_| later(Ok(Vec::new()));
    let misuse = Service::Ours(Misuse::Signature.into());
    assert_eq!(block_on(unsigned().sign_async(nothing)), Err(misuse));
}

#[test]
fn an_empty_signature_is_not_attached() {
    assert_eq!(unsigned().attach(&[]), Err(Misuse::Signature.into()));
    let csr = CsrParams::new(certificate_of("rsa").subject().clone());
    let csr = csr.unsigned(rsa().public_key()).unwrap();
    assert_eq!(csr.attach(&[]), Err(Misuse::Signature.into()));
}

#[test]
fn the_wrong_key_refuses_to_sign() {
    let error = unsigned().sign(other());
    assert!(matches!(error, Err(Error::Key(KeyError::Unusable(_)))), "{error:?}");
}

#[test]
fn what_is_signed_can_be_changed_on_the_way() {
    let length = unsigned().sign(rsa()).unwrap().len();
    let mapped = unsigned().map(|message| Ok(message.len()));
    assert_eq!(mapped.sign(rsa()), Ok(length));
    let failing = unsigned().map(|_| Err::<(), _>(Misuse::Value("no").into()));
    assert_eq!(failing.sign(rsa()), Err(Misuse::Value("no").into()));
}

#[test]
fn three_ways_to_open_give_the_same() {
    assert_eq!(locked().unlock(rsa()), Ok(content()));
    assert_eq!(locked().unlock(&shared()), Ok(content()));

    let ask = locked().to_be_decrypted().cloned().unwrap();
    assert_eq!(ask.transport, KeyTransport::RsaPkcs1);
    assert_eq!(ask.recipient, RecipientIdentifier::of(&certificate_of("rsa")));
    assert_eq!(rsa().decrypt(&ask), Ok(content_key(AES)));
    assert_eq!(locked().attach(rsa().decrypt(&ask)), Ok(content()));

    let answer = |ask: ToBeDecrypted| later(rsa().decrypt(&ask));
    assert_eq!(block_on(locked().unlock_async(answer)), Ok(content()));
}

#[test]
fn a_failed_unwrap_goes_on_with_a_key_drawn_before() {
    // The provider "draws" 2a2a…2a. Content under that key opens after a failure, which shows
    // that the failure was not noticed; any other content fails where a wrong key fails.
    let drawn = Secret::new(vec![OCTET; 16]);
    let mut blocks = *BLOCK;
    RustCrypto.encrypt_blocks(AES, &drawn, &IV, &mut blocks).unwrap();
    let under_drawn = Envelope::with(|envelope| envelope.content = tlv(0x80, &blocks));

    let answers = [
        Err(KeyError::Failed),
        Err(KeyError::Random),
        Ok(Secret::new(Vec::new())),
        Ok(Secret::new(vec![1; 15])),
        Ok(Secret::new(vec![1; 17])),
        Ok(Secret::new(vec![1; 256])),
    ];
    for answer in answers {
        assert_eq!(lock(&under_drawn).attach(answer.clone()), Ok(content()), "{answer:?}");
        let wrong = locked().attach(answer.clone());
        assert_eq!(wrong, Err(Rejected::Undecryptable.into()), "{answer:?}");
        let later = block_on(locked().unlock_async(|_| later(answer.clone())));
        assert_eq!(later, Err(Rejected::Undecryptable.into()), "{answer:?}");
    }
    let wrong_key = locked().attach(Ok(Secret::new(vec![9; 16])));
    assert_eq!(wrong_key, Err(Rejected::Undecryptable.into()));
}

#[test]
fn an_ec_key_opens_nothing_and_says_no_more_than_that() {
    let error = locked().unlock(ec());
    assert_eq!(error, Err(Rejected::Undecryptable.into()));
}

#[test]
fn that_no_recipient_is_ours_is_found_out_when_it_is_unlocked() {
    #[derive(Debug)]
    struct NeverAsked;
    impl Decryptor for NeverAsked {
        fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
            panic!("asked for {ask:?}")
        }
    }
    let lock = || {
        let der = testdata("rfc5652/enveloped-other-only.der");
        let mut tolerance = tolerant();
        tolerance.only_recipient = false;
        let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
        enveloped.lock(&certificate_of("rsa"), &RustCrypto, &tolerance).unwrap()
    };
    let nobody = Err(Rejected::NoRecipient.into());
    assert!(lock().to_be_decrypted().is_none());
    assert_eq!(lock().unlock(&NeverAsked), nobody);
    let never = |ask: ToBeDecrypted| async move { panic!("asked for {ask:?}") };
    assert_eq!(block_on(lock().unlock_async(never)), nobody);
    assert_eq!(lock().attach(Ok(content_key(AES))), nobody);
}

#[test]
fn what_is_opened_can_be_changed_on_the_way_even_if_it_is_a_failure() {
    let turned = |result: Result<Secret, Error>| Ok(result.is_ok());
    assert_eq!(locked().and_then(turned).unlock(rsa()), Ok(true));
    let failed = locked().and_then(turned).attach(Err(KeyError::Failed));
    assert_eq!(failed, Ok(false));
}

#[test]
fn debug_prints_no_secrets() {
    const SECRET: &str = "one-time-password";
    let octets = format!("{:?}", SECRET.as_bytes());
    let octets = octets.trim_matches(['[', ']']);
    let params = CsrParams::new("CN=x".parse().unwrap()).challenge(SECRET);
    let unsigned = params.unsigned(rsa().public_key()).unwrap();
    let ask = unsigned.to_be_signed().clone();
    assert!(ask.message.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()));
    let shown_unsigned = format!("{unsigned:?}");
    let csr = unsigned.sign(rsa()).unwrap();
    let attribute = Attribute::new(oid::CHALLENGE_PASSWORD, SECRET.as_bytes().to_vec());
    for shown in [
        format!("{params:?}"),
        shown_unsigned,
        format!("{ask:?}"),
        format!("{csr:?}"),
        format!("{attribute:?}"),
        format!("{:?}", Secret::from(SECRET)),
        format!("{:?}", csr.challenge_password()),
        format!("{:?}", lock(&Envelope::new(AES, BLOCK)).and_then(|_| Ok(Secret::from(SECRET)))),
        format!("{:?}", rsa()),
    ] {
        assert!(!shown.is_empty());
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(!shown.contains(octets), "{shown}");
    }
    assert!(format!("{csr:?}").contains("[redacted]"));
    assert!(format!("{ask:?}").contains("bytes"));
}

#[test]
fn secrets_compare_by_content() {
    assert_eq!(Secret::from("a"), Secret::new(b"a".to_vec()));
    assert_ne!(Secret::from("a"), Secret::from("b"));
    assert_ne!(Secret::from("a"), Secret::from("ab"));
    assert_eq!(Secret::from(String::from("ab")).len(), 2);
    assert!(Secret::from("").is_empty() && !Secret::from("a").is_empty());
}
