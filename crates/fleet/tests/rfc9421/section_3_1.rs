//! §3.1: creating a signature.

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::message_signature::{Error, HostIdentity, KeyId, Rejected};
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Certificate, CertificateParams, Error as PkiError, KeyKind, Signer, Time, Validity,
};

use crate::support::{Device, NONCE, URL, now, post, seconds};

#[test]
fn the_fields_of_a_signed_request() {
    let signed = Device::new(KeyKind::P256).sign(post(URL));
    let field = |name: &str| signed.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(field("host"), "fleet.example");
    assert_eq!(field("content-digest"), "sha-256=:Z40aLvWGRJh2EE5gxkktHASDMH2N4JkmhTMYcNvzEwE=:");
    assert_eq!(
        field("signature-input"),
        "sig1=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");\
         keyid=\"ABCDE\";created=1800000000;nonce=\"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=\""
    );
    let signature = field("signature");
    assert!(signature.starts_with("sig1=:") && signature.ends_with("==:"), "{signature}");
}

/// §3.3.4, §3.3.5: both numbers, each as long as the curve's order.
#[test]
fn signatures_are_64_octets_on_p256_and_96_on_p384() {
    // With the frame `sig1=:…:`, in base64.
    for (kind, length) in [(KeyKind::P256, 7 + 88), (KeyKind::P384, 7 + 128)] {
        let device = Device::new(kind);
        for _ in 0..8 {
            let signed = device.sign(post(URL));
            assert_eq!(signed.headers()["signature"].len(), length);
            device.verify(&signed).unwrap();
        }
    }
}

/// A TPM, a token or a cloud service.
#[test]
fn a_key_that_answers_later() {
    let device = Device::new(KeyKind::P256);
    let unsigned = device.identity.unsigned(post(URL), now(), &NONCE, &RustCrypto).unwrap();
    let key = &device.key;
    let signed = unsigned.sign_async(|ask| async move {
        assert_eq!(&ask.key, key.public_key());
        key.sign(&ask).map_err(PkiError::from)
    });
    let mut signed = Box::pin(signed);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(signed) = signed.as_mut().poll(&mut context) else { panic!() };
    device.verify(&signed.unwrap()).unwrap();
}

#[test]
fn a_key_that_answers_with_something_else() {
    let device = Device::new(KeyKind::P256);
    let unsigned = || device.identity.unsigned(post(URL), now(), &NONCE, &RustCrypto).unwrap();
    assert!(unsigned().attach(&[]).is_err());
    // The two numbers without DER around them.
    assert_eq!(unsigned().attach(&[1; 64]).unwrap_err(), PkiError::Key(KeyError::Failed));
}

#[test]
fn a_signature_of_before_is_replaced() {
    let device = Device::new(KeyKind::P256);
    let again = device.sign(device.sign(post(URL)));
    assert_eq!(again.headers().get_all("signature").iter().count(), 1);
    device.verify(&again).unwrap();
}

fn certificate(key: &PrivateKey, serial: &[u8], validity: Validity) -> Certificate {
    let name = "CN=host".parse().unwrap();
    let public = key.public_key().clone();
    let mut params = CertificateParams::ca(name, public, validity, &RustCrypto).unwrap();
    params.serial = serial.to_vec();
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

fn day() -> Validity {
    Validity::lasting(now(), seconds(86_400))
}

/// Upper case, without leading zeros; and only what fits 64 bits, for Fleet reads no more.
#[test]
fn the_keyid_is_the_serial_number() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let id = |serial: &[u8]| KeyId::of(&certificate(&key, serial, day()));
    assert_eq!(id(&[0x0a, 0xbc, 0xde]).unwrap().to_string(), "ABCDE");
    assert_eq!(id(&[0xff; 8]).unwrap().to_string(), "FFFFFFFFFFFFFFFF");
    assert_eq!(id(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), Err(Error::Rejected(Rejected::KeyId)));
}

#[test]
fn keys_of_other_kinds_do_not_sign() {
    let rsa = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
    let error = HostIdentity::new(KeyId::from(1), rsa.public_key().clone(), day()).unwrap_err();
    assert_eq!(error, Error::Rejected(Rejected::Key(KeyKind::Rsa { bits: 2048 })));
}

#[test]
fn nothing_is_signed_outside_the_validity_of_the_certificate() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let identity = HostIdentity::of(&certificate(&key, &[7], day())).unwrap();
    let at = |time: Time| identity.unsigned(post(URL), time, &NONCE, &RustCrypto).map(drop);
    assert_eq!(at(now()), Ok(()));
    assert_eq!(at(now().before(seconds(1))), Err(Error::Unsignable(Rejected::NotValid)));
    assert_eq!(at(now().after(seconds(86_401))), Err(Error::Unsignable(Rejected::NotValid)));
}
