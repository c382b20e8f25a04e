//! §3.4 Degenerate certificates-only CMS SignedData.

use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::cms::{Content, Seal, SignedData};
use devicecert_pki::{Certificate, Limits, oid};
use devicecert_scep::PkiStatus;

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{NOW, Server, Who, receive, until_sent};

/// What a SUCCESS holds.
fn content() -> Vec<u8> {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    server.reply(&message.to_der()).open(&message.signer, message.key)
}

/// A certs-only message with these octets in place of eContent and certificates.
pub(crate) fn degenerate(econtent: &[u8], certificates: &[&Certificate]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.oid(&oid::SIGNED_DATA);
            w.nested(tag::constructed(0), |w| {
                w.sequence(|w| {
                    w.unsigned(1);
                    w.value(tag::SET, &[]);
                    w.sequence(|w| {
                        w.oid(&oid::DATA);
                        w.raw(econtent);
                    });
                    w.nested(tag::constructed(0), |w| {
                        certificates.iter().for_each(|one| w.raw(one.as_der()));
                    });
                    w.value(tag::SET, &[]);
                });
            });
        });
    })
}

#[test]
fn it_has_certificates_and_neither_content_nor_signer() {
    let signed = SignedData::parse(&content(), &Limits::default()).unwrap();
    assert_eq!(*signed.unverified_content(), Content::Absent);
    assert_eq!(signed.content_type(), oid::DATA);
    assert!(signed.signers().is_empty());
    assert_eq!(signed.crls().count(), 0);
    assert_eq!(signed.certificates().count(), 1);
}

#[test]
fn its_version_is_1_and_it_names_no_digest() {
    let content = content();
    let mut fields = Tlv::parse(&content, "ContentInfo").unwrap().reader();
    fields.oid("id-signedData").unwrap();
    let mut explicit = fields.expect(tag::constructed(0), "[0]").unwrap().reader();
    let mut signed = explicit.sequence("SignedData").unwrap();
    assert_eq!(signed.expect(tag::INTEGER, "version").unwrap().value, [1]);
    assert!(signed.expect(tag::SET, "digestAlgorithms").unwrap().value.is_empty());
}

/// One server writes an empty OCTET STRING, others NULL or nothing in the explicit tag.
#[test]
fn a_client_does_not_mind_an_empty_content() {
    for econtent in [&[][..], &[0xa0, 2, 4, 0], &[0xa0, 2, 5, 0]] {
        let server = Server::standing();
        let device = Who::device();
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let issued = server.issue(&device.csr(None));
        let content = degenerate(econtent, &[&issued]);
        let to = Received::parse(request.body()).signer();
        let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Success);
        let provider = &devicecert_crypto_rust::RustCrypto;
        reply.content = Some(Seal::default().envelope(&content, &to, provider).unwrap());
        let chain = receive(&mut enrolment, device.key, reply.to_der()).unwrap();
        assert_eq!(chain[0], issued, "{econtent:02x?}");
    }
}
