//! Messages whose content is labelled or wrapped in another way than RFC 8894 §3.2 says.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::{Attribute, oid};
use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{AttributeName, Content};

use crate::common::pki_message::{PkiMessage, TRANSACTION, octets, printable};
use crate::common::{Server, Who};

/// A request whose signed content says that it is of this type.
fn labelled(server: &Server, content_type: ObjectIdentifier) -> Vec<u8> {
    let who = Who::device();
    let envelope = server.envelope(who.csr(Some("secret")).as_der());
    let signer = who.self_signed();
    let mut params = SignedDataParams::new(signer.clone(), envelope);
    params.content_type = content_type;
    params.certificates = vec![signer];
    params.attributes = vec![
        Attribute::new(AttributeName::TransactionId.oid(), printable(TRANSACTION)),
        Attribute::new(AttributeName::MessageType.oid(), printable("19")),
        Attribute::new(AttributeName::SenderNonce.oid(), octets(&[7; 16])),
    ];
    params.unsigned(&RustCrypto).unwrap().sign(who.key).unwrap()
}

/// An old XiPKI names what is inside the OCTET STRING.
#[test]
fn enveloped_data_as_the_type_of_the_content() {
    let server = Server::standing();
    for content_type in [oid::DATA, oid::ENVELOPED_DATA] {
        let message = labelled(&server, content_type);
        assert!(matches!(server.open(&message).content(), Content::Enrol(_)));
        assert_eq!(server.reply(&message).outcome().0, "0");
    }
    let error = server.verify(&labelled(&server, oid::SIGNED_DATA)).unwrap_err();
    assert_eq!(error, InvalidMessage::Content.into());
}

/// PKCS #7 v1.5 §9.3 digests the octets of whatever value is there, so the signature still fits.
#[test]
fn a_content_that_is_no_octet_string_is_refused() {
    let server = Server::standing();
    let request = PkiMessage::pkcs_req(&Who::device(), &server);
    let honest = request.to_der();
    let content = Writer::build(|w| {
        w.nested(tag::constructed(0), |w| w.raw(&octets(request.content.as_deref().unwrap())));
    });
    let place = honest.windows(content.len()).position(|window| window == content).unwrap();
    // Behind [0] and its three octets of length.
    let place = place + 4;
    assert_eq!(honest[place], tag::OCTET_STRING);
    assert_eq!(server.reply(&honest).outcome().0, "0");
    for other in [tag::SEQUENCE, tag::SET, tag::constructed(1)] {
        let mut message = honest.clone();
        message[place] = other;
        let error = server.verify(&message).unwrap_err();
        assert_eq!(error, InvalidMessage::Content.into());
        assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("2".to_owned())));
    }
}
