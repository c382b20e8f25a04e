//! Content encryption that some stack can be told to use, and that is not SCEP's.

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::error::Unsupported;
use devicecert_scep::{Error, Tolerance};

use crate::common::pki_message::{PkiMessage, octets};
use crate::common::surgery::{ENCRYPTED_CONTENT_INFO, changed};
use crate::common::{NOW, Server, Who, legacy, receive, until_sent};

/// Name, identifier and parameters.
fn ciphers() -> [(&'static str, ObjectIdentifier, Vec<u8>); 6] {
    // GCMParameters (RFC 5084 §3.2): nonce and length of the tag.
    let gcm = Writer::build(|w| {
        w.sequence(|w| {
            w.value(tag::OCTET_STRING, &[7; 12]);
            w.unsigned(16);
        });
    });
    // RC2CBCParameter (RFC 8018 B.2.3) for 128 bits.
    let rc2 = Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(58);
            w.value(tag::OCTET_STRING, &[7; 8]);
        });
    });
    [
        // Go's library puts these in EnvelopedData, with the tag behind the ciphertext; RFC 5083
        // has AuthEnvelopedData for it, and nobody else reads it.
        ("AES-128-GCM: step-ca and micromdm on demand", "2.16.840.1.101.3.4.1.6", gcm.clone()),
        ("AES-256-GCM: step-ca and micromdm on demand", "2.16.840.1.101.3.4.1.46", gcm),
        ("Blowfish: sscep on demand", "1.3.6.1.4.1.3029.1.2", octets(&[7; 8])),
        ("RC2: Windows before Vista on demand", "1.2.840.113549.3.2", rc2),
        ("Camellia-128", "1.2.392.200011.61.1.1.1.2", octets(&[7; 16])),
        ("who knows", "1.2.3", vec![]),
    ]
    .map(|(name, oid, parameters)| (name, ObjectIdentifier::new_unwrap(oid), parameters))
}

fn with(envelope: &[u8], oid: &ObjectIdentifier, parameters: &[u8]) -> Vec<u8> {
    changed(envelope, &[ENCRYPTED_CONTENT_INFO, &[1]].concat(), |_| {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(oid);
                w.raw(parameters);
            });
        })
    })
}

fn unsupported(oid: ObjectIdentifier) -> Error {
    let what = "the content encryption algorithm";
    devicecert_pki::Error::from(Unsupported::Algorithm { what, oid }).into()
}

/// Whatever is tolerated.
fn tolerances() -> [Tolerance; 3] {
    [Tolerance::STRICT, Tolerance::default(), legacy()]
}

#[test]
fn a_request_in_a_cipher_that_is_not_sceps_is_refused_as_bad_alg() {
    let mut server = Server::standing();
    for (name, oid, parameters) in ciphers() {
        let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
        message.content = message.content.map(|envelope| with(&envelope, &oid, &parameters));
        let message = message.to_der();
        for tolerance in tolerances() {
            server.authority.tolerance = tolerance;
            assert_eq!(server.verify(&message).unwrap_err(), unsupported(oid), "{name}");
            let outcome = server.reply(&message).outcome();
            assert_eq!(outcome, ("2".to_owned(), Some("0".to_owned())), "{name}");
        }
    }
    assert!(server.seen.borrow().is_empty());
}

#[test]
fn a_reply_in_a_cipher_that_is_not_sceps_is_an_error_that_names_it() {
    let server = Server::standing();
    let device = Who::device();
    let issued = server.issue(&device.csr(None));
    for (name, oid, parameters) in ciphers() {
        for tolerance in tolerances() {
            let mut enrolment = device.enrolment(&server);
            enrolment.options().tolerance = tolerance;
            let request = until_sent(&mut enrolment, device.key, &server, NOW);
            let mut reply = PkiMessage::success(&server, request.body(), [&issued]);
            reply.content = reply.content.map(|envelope| with(&envelope, &oid, &parameters));
            let error = receive(&mut enrolment, device.key, reply.to_der()).unwrap_err();
            assert_eq!(error, unsupported(oid), "{name}");
            assert!(error.to_string().contains(&oid.to_string()), "{error}");
        }
    }
}
