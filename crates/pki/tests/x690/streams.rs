//! What OpenSSL streams, against what OpenSSL writes of the same message in DER.

use crate::support::{certificate_of, limits, rsa, testdata};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Tolerance;
use devicecert_pki::ber::normalise;
use devicecert_pki::cms::{EnvelopedData, SignedData};

#[test]
fn streams_become_the_der_of_openssl() {
    for name in ["signed", "enveloped", "signed-enveloped"] {
        let ber = testdata(&format!("x690/{name}.ber"));
        let der = testdata(&format!("x690/{name}.der"));
        assert_ne!(ber, der);
        assert!(*normalise(&ber, &limits()).unwrap() == der, "{name}");
    }
}

#[test]
fn a_streamed_signature_verifies() {
    let signed = SignedData::parse(&testdata("x690/signed.ber"), &limits()).unwrap();
    let signer = signed.signer_certificate(&limits(), &Tolerance::STRICT).unwrap();
    let verified = signed.verify(&signer, &RustCrypto, &Tolerance::STRICT).unwrap();
    assert_eq!(verified.content(), Some(&testdata("x690/content.txt")[..]));
}

#[test]
fn a_streamed_envelope_opens() {
    let enveloped = EnvelopedData::parse(&testdata("x690/enveloped.ber"), &limits()).unwrap();
    let certificate = certificate_of("rsa");
    let locked = enveloped.lock(&certificate, &RustCrypto, &Tolerance::STRICT).unwrap();
    assert_eq!(locked.unlock(rsa()).unwrap().expose(), testdata("x690/content.txt"));
}

#[test]
fn an_envelope_in_ber_within_a_signature_in_ber_opens() {
    let der = testdata("x690/signed-enveloped.ber");
    let signed = SignedData::parse(&der, &limits()).unwrap();
    let certificate = certificate_of("rsa");
    let verified = signed.verify(&certificate, &RustCrypto, &Tolerance::STRICT).unwrap();
    // What was signed are the octets in BER, and so they come out.
    let content = verified.content().unwrap();
    assert_eq!(content, testdata("x690/enveloped.ber"));
    let enveloped = EnvelopedData::parse(content, &limits()).unwrap();
    let locked = enveloped.lock(&certificate, &RustCrypto, &Tolerance::STRICT).unwrap();
    assert_eq!(locked.unlock(rsa()).unwrap().expose(), testdata("x690/content.txt"));
}
