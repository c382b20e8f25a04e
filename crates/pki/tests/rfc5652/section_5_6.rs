//! RFC 5652 §5.6, checking signatures, with the algorithms of RFC 3370, 5754, 5753 and 4056.

use crate::support::certificate::Tbs;
use crate::support::signed::{Message, Signer, issuer_and_serial};
use crate::support::{
    algorithm, attribute, certificate_of, ec, legacy, limits, other, rsa, testdata, tlv, tolerant,
};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::{SignedData, SignedDataParams};
use devicecert_pki::error::{Rejected, Unsupported};
use devicecert_pki::{Error, Signer as _, Tolerance, oid};

fn by_openssl(name: &str) -> SignedData {
    SignedData::parse(&testdata(&format!("rfc5652/{name}.der")), &limits()).unwrap()
}

#[test]
fn messages_of_openssl_verify() {
    for (name, signer, digest) in [
        ("signed-sha1", "rsa", DigestAlgorithm::Sha1),
        ("signed-sha256", "rsa", DigestAlgorithm::Sha256),
        ("signed-sha384", "rsa", DigestAlgorithm::Sha384),
        ("signed-sha512", "rsa", DigestAlgorithm::Sha512),
        ("signed-pkcs7", "rsa", DigestAlgorithm::Sha256),
        ("signed-ski", "rsa", DigestAlgorithm::Sha256),
        ("signed-pss", "rsa", DigestAlgorithm::Sha256),
        ("signed-ec", "ec", DigestAlgorithm::Sha256),
    ] {
        let signed = by_openssl(name);
        let certificate = signed.signer_certificate(&limits(), &Tolerance::STRICT).unwrap();
        assert_eq!(certificate, certificate_of(signer), "{name}");
        let verified = signed.verify(&certificate, &RustCrypto, &Tolerance::STRICT);
        let verified = verified.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(verified.digest_algorithm(), digest, "{name}");
        assert_eq!(verified.content(), Some(&testdata("rfc5652/content.txt")[..]), "{name}");
    }
}

#[test]
fn the_pss_sample_is_signed_with_pss() {
    let signed = by_openssl("signed-pss");
    let algorithm = signed.signer().unwrap().signature_algorithm();
    assert_eq!(algorithm.oid, oid::RSASSA_PSS);
}

#[test]
fn md5_verifies_only_where_legacy_algorithms_are_allowed() {
    let signed = by_openssl("signed-md5");
    let certificate = certificate_of("rsa");
    for tolerance in [tolerant(), Tolerance::STRICT] {
        let error = signed.verify(&certificate, &RustCrypto, &tolerance);
        assert_eq!(error, Err(Unsupported::Legacy("MD5").into()));
    }
    let verified = signed.verify(&certificate, &RustCrypto, &legacy()).unwrap();
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Md5);
}

#[test]
fn every_digest_is_written_and_read() {
    let digests = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    for digest in digests {
        for (name, key) in [("rsa", rsa()), ("ec", ec())] {
            let signer = certificate_of(name);
            let mut params = SignedDataParams::new(signer.clone(), b"content".to_vec());
            params.digest = digest;
            let message = params.unsigned(&RustCrypto).unwrap().sign(key).unwrap();
            let signed = SignedData::parse(&message, &limits()).unwrap();
            let verified = signed.verify(&signer, &RustCrypto, &Tolerance::STRICT).unwrap();
            assert_eq!(verified.digest_algorithm(), digest);
            assert_eq!(verified.content(), Some(&b"content"[..]));
        }
    }
}

#[test]
fn md5_signatures_are_not_made() {
    let mut params = SignedDataParams::new(certificate_of("rsa"), b"content".to_vec());
    params.digest = DigestAlgorithm::Md5;
    let made = params.unsigned(&RustCrypto).and_then(|unsigned| unsigned.sign(rsa()));
    assert!(matches!(made, Err(Error::Key(_))), "{made:?}");
}

#[test]
fn an_ecdsa_signature_may_be_named_by_its_key() {
    // As for rsaEncryption, some clients write the algorithm of the key.
    let signer = certificate_of("ec");
    let info = {
        let mut info = Signer::of(b"content");
        info.sid = issuer_and_serial(signer.as_der());
        info.algorithm = algorithm(oid::EC_PUBLIC_KEY, b"");
        info.to_der(ec())
    };
    let mut message = Message::new([]);
    message.content = Some(tlv(4, b"content"));
    message.signers = vec![info];
    message.parse().verify(&signer, &RustCrypto, &tolerant()).unwrap();
}

#[test]
fn a_signature_of_another_key_is_wrong() {
    // The signer is who the SignerInfo says, by name and serial number, but has another key.
    let real = certificate_of("rsa");
    let impostor = Tbs::with(|tbs| {
        tbs.issuer = real.issuer().as_der().to_vec();
        tbs.serial = tlv(2, real.serial());
        tbs.public_key = other().public_key().as_der().to_vec();
    });
    let impostor = impostor.parse().unwrap();
    let signed = Message::new([Signer::new()]).parse();
    let error = signed.verify(&impostor, &RustCrypto, &tolerant());
    assert_eq!(error, Err(Rejected::Signature("the message").into()));
}

#[test]
fn a_key_that_does_not_fit_the_algorithm_is_unsupported() {
    let real = certificate_of("rsa");
    let other_kind = Tbs::with(|tbs| {
        tbs.issuer = real.issuer().as_der().to_vec();
        tbs.serial = tlv(2, real.serial());
        tbs.public_key = ec().public_key().as_der().to_vec();
    });
    let signed = Message::new([Signer::new()]).parse();
    let error = signed.verify(&other_kind.parse().unwrap(), &RustCrypto, &tolerant());
    assert!(matches!(error, Err(Error::Unsupported(Unsupported::PublicKey(_)))), "{error:?}");
}

#[test]
fn no_octet_of_the_signature_or_the_attributes_can_change() {
    let message = Message::new([Signer::new()]).to_der();
    let signature_at = message.len() - 256;
    let certificate = certificate_of("rsa");
    for at in [signature_at, signature_at + 1, signature_at + 128, message.len() - 1] {
        let mut changed = message.clone();
        changed[at] ^= 1;
        let signed = SignedData::parse(&changed, &limits()).unwrap();
        let error = signed.verify(&certificate, &RustCrypto, &tolerant());
        assert_eq!(error, Err(Rejected::Signature("the message").into()), "{at}");
    }
    // An attribute nobody knows, so that nothing else complains first.
    let known =
        attribute(const_oid::ObjectIdentifier::new_unwrap("1.2.3"), &[&tlv(4, b"untouched")]);
    let message = Message::new([Signer::with(|signer| signer.attributes().push(known))]).to_der();
    let at = message.windows(9).position(|window| window == b"untouched").unwrap();
    let mut changed = message;
    changed[at] = b'U';
    let signed = SignedData::parse(&changed, &limits()).unwrap();
    let error = signed.verify(&certificate, &RustCrypto, &tolerant());
    assert_eq!(error, Err(Rejected::Signature("the message").into()));
}
