//! BER, as BouncyCastle and all that is built on it write it, and Apple inside the envelope.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Certificate, Limits, Provider};
use devicecert_scep::{CaCertificates, Content, Tolerance, Trust};

use crate::common::pki_message::{PkiMessage, Scheme, octets, sign};
use crate::common::surgery::{ENCRYPTED_CONTENT_INFO, SIGNED_DATA, at, changed, children};
use crate::common::{NOW, Server, Who, receive, until_sent};

const CHUNK: usize = 100;

/// `der` with indefinite lengths in its outer levels, and long strings there in chunks.
pub(crate) fn indefinite(der: &[u8], levels: usize) -> Vec<u8> {
    let tlv = Tlv::parse(der, "a value").unwrap();
    if levels == 0 {
        return der.to_vec();
    }
    let inner = match tlv.tag {
        tag if tag & 0x20 != 0 => {
            let mut elements = tlv.reader();
            let mut inner = Vec::new();
            while !elements.is_empty() {
                inner.extend(indefinite(elements.any("an element").unwrap().raw, levels - 1));
            }
            inner
        }
        // OCTET STRING, and encryptedContent, which is one with another tag.
        tag::OCTET_STRING | 0x80 if tlv.value.len() > CHUNK => {
            let chunks = tlv.value.chunks(CHUNK);
            chunks.flat_map(|chunk| Writer::build(|w| w.value(tag::OCTET_STRING, chunk))).collect()
        }
        _ => return der.to_vec(),
    };
    [&[tlv.tag | 0x20, 0x80], inner.as_slice(), &[0, 0]].concat()
}

/// An envelope in DER but for its encryptedContent, which is constructed of strings of definite
/// length.
pub(crate) fn definite_pieces(der: &[u8]) -> Vec<u8> {
    let place = [ENCRYPTED_CONTENT_INFO, &[2]].concat();
    changed(der, &place, |content| {
        let ciphertext = Tlv::parse(content, "encryptedContent").unwrap().value;
        let pieces = ciphertext.chunks(CHUNK).map(octets).collect::<Vec<_>>().concat();
        Writer::build(|w| w.value(tag::constructed(0), &pieces))
    })
}

#[test]
fn a_request_with_an_envelope_in_ber() {
    let server = Server::standing();
    let device = Who::device();
    let mut message = PkiMessage::pkcs_req(&device, &server);
    for levels in 1..8 {
        let der = server.envelope(device.csr(Some("secret")).as_der());
        let ber = indefinite(&der, levels);
        assert_ne!(ber, der);
        message.content = Some(ber);
        assert_eq!(server.reply(&message.to_der()).outcome().0, "0", "{levels}");
    }
}

#[test]
fn a_request_in_ber_throughout() {
    let server = Server::standing();
    let device = Who::device();
    let mut message = PkiMessage::pkcs_req(&device, &server);
    message.content = message.content.map(|envelope| indefinite(&envelope, 7));
    for levels in 1..7 {
        let ber = indefinite(&message.to_der(), levels);
        let request = server.open(&ber);
        assert!(matches!(request.content(), Content::Enrol(_)), "{levels}");
        assert_eq!(server.reply(&ber).outcome().0, "0", "{levels}");
    }
}

#[test]
fn a_reply_in_ber() {
    let server = Server::standing();
    let device = Who::device();
    for levels in 1..7 {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let issued = server.issue(&device.csr(None));
        let mut reply = PkiMessage::success(&server, request.body(), [&issued]);
        reply.content = reply.content.map(|envelope| indefinite(&envelope, levels));
        let ber = indefinite(&reply.to_der(), levels);
        let chain = receive(&mut enrolment, device.key, ber).unwrap();
        assert_eq!(chain[0], issued, "{levels}");
    }
}

/// Go's library of 2016 and what still has it inside, as micromdm: DER but for the one string.
#[test]
fn an_encrypted_content_in_pieces_of_definite_length() {
    let server = Server::standing();
    let device = Who::device();
    let in_pieces = |mut message: PkiMessage| {
        message.content = message.content.map(|envelope| definite_pieces(&envelope));
        message.to_der()
    };
    let message = in_pieces(PkiMessage::pkcs_req(&device, &server));
    assert!(matches!(server.open(&message).content(), Content::Enrol(_)));
    assert_eq!(server.reply(&message).outcome().0, "0");

    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&device.csr(None));
    let reply = in_pieces(PkiMessage::success(&server, request.body(), [&issued]));
    assert_eq!(receive(&mut enrolment, device.key, reply).unwrap()[0], issued);
}

/// Encoders that reserve four octets for a length before they know it.
fn with_longer_length(der: &[u8]) -> Vec<u8> {
    let inner = children(der).concat();
    let length = u32::try_from(inner.len()).unwrap().to_be_bytes();
    [&[tag::SEQUENCE, 0x84], &length[..], &inner].concat()
}

#[test]
fn lengths_that_are_longer_than_needed() {
    let server = Server::standing();
    let device = Who::device();
    // The frames down to SignedData or EnvelopedData, whose encodings are signed by nobody.
    let longer = |der: &[u8]| with_longer_length(&changed(der, SIGNED_DATA, with_longer_length));
    let mut message = PkiMessage::pkcs_req(&device, &server);
    message.content = message.content.map(|envelope| longer(&envelope));
    let message = longer(&message.to_der());
    assert_eq!(server.reply(&message).outcome().0, "0");

    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&device.csr(None));
    let reply = longer(&PkiMessage::success(&server, request.body(), [&issued]).to_der());
    assert_eq!(receive(&mut enrolment, device.key, reply).unwrap()[0], issued);
}

/// What is signed is what was sent.
#[test]
fn a_certification_request_signed_with_a_length_longer_than_needed() {
    let server = Server::standing();
    let device = Who::device();
    let der = device.csr(Some("secret"));
    let info = with_longer_length(&at(der.as_der(), &[0]));
    let (_, signature) = sign(device.key, Scheme::Pkcs1, DigestAlgorithm::Sha256, info.clone());
    let signed = Writer::build(|w| w.bit_string(&signature));
    let fields = [info, at(der.as_der(), &[1]), signed].concat();
    let csr = Writer::build(|w| w.value(tag::SEQUENCE, &fields));
    let message = PkiMessage::request(&device, "19", server.envelope(&csr)).to_der();
    let request = server.open(&message);
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_eq!(enrol.csr().as_der(), csr);
    assert_eq!(server.reply(&message).outcome().0, "0");
}

#[test]
fn a_certification_request_in_ber_that_was_signed_in_der() {
    let server = Server::standing();
    let device = Who::device();
    let der = device.csr(Some("secret"));
    for levels in 1..3 {
        let csr = indefinite(der.as_der(), levels);
        let message = PkiMessage::request(&device, "19", server.envelope(&csr)).to_der();
        assert_eq!(server.reply(&message).outcome().0, "0", "{levels}");
    }
    // A frame that is read as it is, and signed otherwise.
    let csr = changed(der.as_der(), &[0], with_longer_length);
    let message = PkiMessage::request(&device, "19", server.envelope(&csr)).to_der();
    assert_eq!(server.reply(&message).outcome().0, "0");
}

#[test]
fn a_ca_certificate_with_a_length_longer_than_needed() {
    let server = Server::standing();
    let sent = with_longer_length(server.authority.ca().as_der());
    let certificate = Certificate::parse(&sent, &Limits::default()).unwrap();
    let digest = RustCrypto.digest(DigestAlgorithm::Sha256, &sent).unwrap();
    let digits: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
    let trust = Trust::Fingerprint(format!("sha256:{digits}").parse().unwrap());
    let (tolerance, limits) = (Tolerance::default(), Limits::default());
    let read = CaCertificates::parse(&sent, &trust, &RustCrypto, &tolerance, &limits).unwrap();
    assert_eq!(read.ca(), &certificate);

    let trust = Trust::OnFirstUse;
    let ber = indefinite(server.authority.ca().as_der(), 1);
    let read = CaCertificates::parse(&ber, &trust, &RustCrypto, &tolerance, &limits).unwrap();
    assert_eq!(read.ca(), server.authority.ca());
}
