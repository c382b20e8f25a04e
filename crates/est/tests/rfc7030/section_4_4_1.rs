//! §4.4.1 The request for a generated key.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::{InvalidMessage, InvalidRequest, Misuse};
use devicecert_est::{
    Authorisation, Client, Enrolment, EnvelopeKey, Error, GenerateKey, KeyProtection, Request,
    WantedProtection,
};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, Csr, CsrParams, Secret, Signer};

use crate::common::{
    CA, DEVICE, KEK_NAME, RSA, STRANGER, Server, base64, csr, csr_of, endpoint, issue, sent, signed,
};
use devicecert_est::oid::{ASYMM_DECRYPT_KEY_ID, DECRYPT_KEY_ID, SMIME_CAPABILITIES};

fn params() -> CsrParams {
    CsrParams::new("CN=device-1".parse().unwrap())
}

fn read(csr: &Csr) -> Result<GenerateKey, Error> {
    let server = Server::new();
    let request = http::Request::post("/.well-known/est/serverkeygen")
        .header("Content-Type", "application/pkcs10")
        .body(base64(csr.as_der()))
        .unwrap();
    let call = server.service.route(&request).unwrap();
    match call.read(&request, &Client::default(), &RustCrypto)? {
        Request::GenerateKey(generate) => Ok(*generate),
        other => panic!("{other:?}"),
    }
}

fn octets(value: &[u8]) -> Vec<u8> {
    Writer::build(|w| w.value(tag::OCTET_STRING, value))
}

fn asking(protection: KeyProtection) -> Csr {
    let key = DEVICE.public_key().clone();
    let enrolment = Enrolment::generate_key(endpoint(), params(), key, protection, &RustCrypto);
    let request = sent(&mut enrolment.unwrap(), &DEVICE);
    assert_eq!(request.uri().path(), "/.well-known/est/serverkeygen");
    assert_eq!(request.headers()["accept"], "multipart/mixed");
    csr_of(&request)
}

/// "the server MUST ignore" the public key and the signature.
#[test]
fn neither_key_nor_signature_of_the_request_are_looked_at() {
    let forged = params().unsigned(DEVICE.public_key()).unwrap();
    let signature = crate::common::forge(forged.to_be_signed(), &STRANGER);
    let generate = read(&forged.attach(&signature).unwrap()).unwrap();
    assert_eq!(generate.csr().subject().to_string(), "CN=device-1");
    assert_eq!(generate.wanted(), &WantedProtection::Tls);
}

#[test]
fn a_symmetric_key_is_named_by_decrypt_key_identifier_and_comes_with_capabilities() {
    let key = Secret::new(vec![1; 16]);
    let csr = asking(KeyProtection::SymmetricKey { identifier: KEK_NAME.to_vec(), key });
    let find = |oid| csr.attributes().iter().find(|one| one.oid == oid).unwrap().values[0].clone();
    assert_eq!(find(DECRYPT_KEY_ID), octets(KEK_NAME));
    // AES-256, AES-192 and AES-128 in CBC mode (RFC 3565 §4.1), best first.
    let capabilities = find(SMIME_CAPABILITIES);
    let expected =
        [42, 22, 2].map(|last| vec![0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, last]);
    assert_eq!(capabilities[2..], expected.concat());
    let wanted = read(&csr).unwrap();
    assert_eq!(wanted.wanted(), &WantedProtection::SymmetricKey(KEK_NAME.to_vec()));
}

#[test]
fn an_asymmetric_key_is_named_by_the_subject_key_identifier_of_its_certificate() {
    let server = Server::new();
    let certificate = issue(&server.ca, &CA, &csr("CN=x", &RSA), Vec::new());
    let identifier = certificate.extensions().subject_key_identifier().unwrap().to_vec();
    let csr = asking(KeyProtection::Certificate(Box::new(certificate)));
    assert!(csr.attributes().iter().any(|one| one.oid == ASYMM_DECRYPT_KEY_ID));
    assert_eq!(read(&csr).unwrap().wanted(), &WantedProtection::AsymmetricKey(identifier));
}

#[test]
fn a_key_that_cannot_protect_is_refused_before_anything_is_sent() {
    let short = Secret::new(vec![1; 15]);
    let protection = KeyProtection::SymmetricKey { identifier: Vec::new(), key: short };
    let key = DEVICE.public_key().clone();
    let outcome = Enrolment::generate_key(endpoint(), params(), key, protection, &RustCrypto);
    assert_eq!(outcome.unwrap_err(), Misuse::KeyProtection.into());
}

/// "MUST include SMIMECapabilities": without them, and with two identifiers, no key goes out in a
/// form that nobody asked for.
#[test]
fn a_request_that_does_not_say_how_gets_no_key() {
    let symmetric = Attribute::new(DECRYPT_KEY_ID, octets(b"k"));
    let asymmetric = Attribute::new(ASYMM_DECRYPT_KEY_ID, octets(b"k"));
    let none = Attribute::new(SMIME_CAPABILITIES, vec![0x30, 0]);
    let refused = Error::from(InvalidRequest::KeyEncryption);
    for attributes in [
        vec![symmetric.clone()],
        vec![asymmetric.clone()],
        vec![symmetric.clone(), none.clone()],
        vec![symmetric.clone(), asymmetric, none],
    ] {
        let mut params = params();
        params.attributes = attributes;
        assert_eq!(read(&signed(&params, &DEVICE)).unwrap_err(), refused);
    }
    let mut params = params();
    params.attributes = vec![symmetric.clone(), symmetric];
    let error = read(&signed(&params, &DEVICE)).unwrap_err();
    assert_eq!(error, InvalidMessage::Attribute("DecryptKeyIdentifier").into());
}

/// A key that is to be encrypted cannot be sent in the clear, nor encrypted to something else.
#[test]
fn what_was_asked_for_decides_how_the_key_goes_out() {
    let server = Server::new();
    let key = Secret::new(vec![1; 16]);
    let wanted = asking(KeyProtection::SymmetricKey { identifier: KEK_NAME.to_vec(), key });
    let generate = read(&wanted).unwrap();
    let pkcs8 = STRANGER.to_pkcs8_der().unwrap();
    let certificate = server.issue(&csr("CN=device-1", &STRANGER));
    let why = Authorisation::by_policy();
    let clear = generate.grant(why, certificate.clone(), pkcs8.clone());
    assert_eq!(clear.unwrap_err(), Misuse::KeyProtection.into());
    let rsa = issue(&server.ca, &CA, &csr("CN=x", &RSA), Vec::new());
    let to = EnvelopeKey::Certificate(&rsa);
    let other = generate.grant_enveloped(why, certificate, &pkcs8, to, &server.ca, &RustCrypto);
    assert_eq!(other.unwrap_err(), Misuse::KeyProtection.into());
}
