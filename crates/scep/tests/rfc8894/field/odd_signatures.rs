//! SignerInfos that name their algorithms otherwise than we do.

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::{AlgorithmIdentifier, DigestAlgorithm};
use devicecert_pki::{Signer, oid};
use devicecert_scep::FailInfo;

use crate::common::pki_message::{PkiMessage, Scheme};
use crate::common::{NOW, Server, Who, receive, until_sent};

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
    let error = server.verify(&message.to_der()).unwrap_err();
    assert_eq!(FailInfo::from(&error), FailInfo::BadAlg);
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
