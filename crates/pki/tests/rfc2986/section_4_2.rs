//! RFC 2986 §4.2, the signature of a request.

use crate::support::request::Info;
use crate::support::{attribute, ec, legacy, limits, other, rsa, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Rejected, Unsupported};
use devicecert_pki::{Csr, Error, Signer, Tolerance, oid};

fn verify(der: &[u8]) -> Result<(), Error> {
    Csr::parse(der, &limits()).unwrap().verify(&RustCrypto, &tolerant())
}

const WRONG: Error = Error::Rejected(Rejected::Signature("the certification request"));

#[test]
fn requests_of_openssl_verify() {
    for name in ["plain", "full", "utf8-ec", "pss"] {
        let csr = Csr::parse(&testdata(&format!("rfc2986/{name}.der")), &limits()).unwrap();
        assert_eq!(csr.verify(&RustCrypto, &Tolerance::STRICT), Ok(()), "{name}");
    }
}

#[test]
fn md5_verifies_only_where_legacy_algorithms_are_allowed() {
    let csr = Csr::parse(&testdata("rfc2986/md5.der"), &limits()).unwrap();
    let refused = Err(Unsupported::Legacy("MD5").into());
    assert_eq!(csr.verify(&RustCrypto, &tolerant()), refused);
    assert_eq!(csr.verify(&RustCrypto, &legacy()), Ok(()));
}

#[test]
fn every_part_of_a_request_is_signed() {
    let challenge = attribute(oid::CHALLENGE_PASSWORD, &[&tlv(0x13, b"password")]);
    let right = Info::with_attributes(&[challenge]).to_der();
    assert_eq!(verify(&right), Ok(()));
    let position = |part: &[u8]| right.windows(part.len()).position(|window| window == part);
    for part in [&b"device 7"[..], b"password", b"Example", &[2, 1, 0]] {
        let mut changed = right.clone();
        let at = position(part).unwrap() + part.len() - 1;
        changed[at] ^= 1;
        assert_eq!(verify(&changed), Err(WRONG), "{part:?}");
    }
    let mut changed = right;
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(verify(&changed), Err(WRONG));
}

#[test]
fn a_request_for_another_key_is_no_proof_of_possession() {
    let key = other().public_key().as_der().to_vec();
    let info = Info::with(|info| info.public_key = key);
    assert_eq!(verify(&info.to_der()), Err(WRONG));
    assert_ne!(other().public_key(), rsa().public_key());

    let key = ec().public_key().as_der().to_vec();
    let info = Info::with(|info| info.public_key = key);
    let error = verify(&info.to_der());
    assert!(matches!(error, Err(Error::Unsupported(Unsupported::PublicKey(_)))), "{error:?}");
}

#[test]
fn an_unknown_signature_algorithm_is_unsupported() {
    // sha256WithRSAEncryption to something in the same arc that nobody assigned.
    let mut der = Info::new().to_der();
    let known = oid::SHA256_WITH_RSA.as_bytes().to_vec();
    let at = der.windows(known.len()).rposition(|window| window == known).unwrap();
    der[at + known.len() - 1] = 0x7f;
    let what = "the signature algorithm";
    let oid = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.127");
    assert_eq!(verify(&der), Err(Unsupported::Algorithm { what, oid }.into()));
}
