//! SignerInfos that name their algorithms otherwise than we do.

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::{AlgorithmIdentifier, DigestAlgorithm};
use devicecert_pki::error::Unsupported;
use devicecert_pki::{Signer, oid};
use devicecert_scep::{Error, PkiStatus};

use crate::common::pki_message::{PkiMessage, Scheme};
use crate::common::{NOW, Server, Who, asks_again, keys, receive, until_sent};

fn bare(oid: ObjectIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters: None }
}

/// Request and reply with these names for SHA-256 and PKCS #1 v1.5.
fn named() -> [[AlgorithmIdentifier; 2]; 4] {
    let with_null = AlgorithmIdentifier::with_null;
    [
        // Apple since 2022.
        [with_null(oid::SHA256), with_null(oid::SHA256_WITH_RSA)],
        // Go.
        [bare(oid::SHA256), with_null(oid::RSA_ENCRYPTION)],
        [bare(oid::SHA256), bare(oid::RSA_ENCRYPTION)],
        [bare(oid::SHA256), bare(oid::SHA256_WITH_RSA)],
    ]
}

#[test]
fn a_signature_algorithm_with_its_digest_or_without_parameters_in_a_request() {
    let server = Server::standing();
    for named in named() {
        let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
        message.named = Some(named.clone());
        assert_eq!(server.reply(&message.to_der()).outcome().0, "0", "{named:?}");
    }
}

#[test]
fn a_signature_algorithm_with_its_digest_or_without_parameters_in_a_reply() {
    let server = Server::standing();
    let device = Who::device();
    for named in named() {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let issued = server.issue(&device.csr(None));
        let mut reply = PkiMessage::success(&server, request.body(), [&issued]);
        reply.named = Some(named.clone());
        assert!(receive(&mut enrolment, device.key, reply.to_der()).is_ok(), "{named:?}");
    }
}

#[test]
fn a_digest_that_is_not_the_one_of_the_signature_algorithm() {
    let server = Server::standing();
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.named = Some([oid::SHA256, oid::SHA384_WITH_RSA].map(AlgorithmIdentifier::with_null));
    let message = message.to_der();
    let disagree = parameters(oid::SHA384_WITH_RSA);
    assert_eq!(server.verify(&message).unwrap_err(), disagree);
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("0".to_owned())));
    let named = [oid::SHA256, oid::SHA384_WITH_RSA].map(AlgorithmIdentifier::with_null);
    assert_eq!(pending(named), disagree);
}

fn parameters(oid: ObjectIdentifier) -> Error {
    let what = "the signature algorithm";
    devicecert_pki::Error::from(Unsupported::Parameters { what, oid }).into()
}

/// What a device makes of a PENDING with these names, and that it asks again.
fn pending(named: [AlgorithmIdentifier; 2]) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Pending);
    reply.named = Some(named);
    let error = receive(&mut enrolment, device.key, reply.to_der()).unwrap_err();
    assert!(asks_again(&mut enrolment, &request));
    error
}

/// Go's library reads these as the digests that they have in them, and rsaEncryption as SHA-1.
/// Nobody was seen to send that.
#[test]
fn a_digest_that_is_named_like_a_key_or_a_signature() {
    let server = Server::standing();
    for oid in [oid::RSA_ENCRYPTION, oid::SHA256_WITH_RSA, oid::ECDSA_WITH_SHA256] {
        let named = [oid, oid::RSA_ENCRYPTION].map(AlgorithmIdentifier::with_null);
        let what = "the digest algorithm";
        let unsupported = devicecert_pki::Error::from(Unsupported::Algorithm { what, oid });
        for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256] {
            let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
            (message.digest, message.named) = (digest, Some(named.clone()));
            let message = message.to_der();
            assert_eq!(server.verify(&message).unwrap_err(), unsupported.clone().into());
            assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("0".to_owned())));
        }
        assert_eq!(pending(named), unsupported.into());
    }
}

/// Devices with EC keys, and the names that BouncyCastle and old stacks have for ECDSA.
#[test]
fn ecdsa_with_its_digest_or_named_by_its_key() {
    let server = Server::standing();
    let device = Who { name: "CN=device-1", key: &keys::EC };
    let null = AlgorithmIdentifier::with_null;
    for named in [
        [null(oid::SHA256), bare(oid::ECDSA_WITH_SHA256)],
        [bare(oid::SHA256), bare(oid::ECDSA_WITH_SHA256)],
        [null(oid::SHA256), null(oid::ECDSA_WITH_SHA256)],
        [null(oid::SHA256), bare(oid::EC_PUBLIC_KEY)],
    ] {
        let mut message = PkiMessage::pkcs_req(&device, &server);
        message.named = Some(named.clone());
        assert_eq!(server.reply(&message.to_der()).outcome().0, "0", "{named:?}");
    }
    let mut message = PkiMessage::pkcs_req(&device, &server);
    message.named = Some([null(oid::SHA256), bare(oid::ECDSA_WITH_SHA384)]);
    assert_eq!(server.verify(&message.to_der()).unwrap_err(), parameters(oid::ECDSA_WITH_SHA384));
    assert_eq!(server.reply(&message.to_der()).outcome().1.unwrap(), "0");
}

/// strongSwan, where it is told to. The reply is signed as everybody reads it.
#[test]
fn rsassa_pss_in_a_request() {
    let server = Server::standing();
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.scheme = Scheme::Pss;
    let der = message.to_der();
    let reply = server.reply(&der);
    assert_eq!(reply.outcome().0, "0");
    let signer = reply.0.signer().unwrap();
    assert_eq!(*signer.signature_algorithm(), AlgorithmIdentifier::with_null(oid::RSA_ENCRYPTION));
    assert_eq!(*signer.digest_algorithm(), DigestAlgorithm::Sha256.identifier());
    // It is checked, not waved through.
    let mut altered = der;
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(server.reply(&altered).outcome().1.unwrap(), "1");
}

#[test]
fn rsassa_pss_in_a_reply() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&device.csr(None));
    let mut reply = PkiMessage::success(&server, request.body(), [&issued]);
    reply.scheme = Scheme::Pss;
    let chain = receive(&mut enrolment, device.key, reply.to_der()).unwrap();
    assert_eq!(chain[0].public_key(), device.key.public_key());
}
