//! §4.7 GetNextCACert: who comes after this CA, in this CA's word.

use std::sync::LazyLock;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::asn1::Tlv;
use devicecert_pki::cms::{Bundle, Content, SignedData};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, Limits, oid};
use devicecert_scep::error::{InvalidMessage, UnacceptableReply};
use devicecert_scep::{Authority, CaCertificates, Error, Tolerance};

use crate::common::certificates::{draft, signs_certificates};
use crate::common::signed::{Inside, Signed};
use crate::common::{Server, Who, keys, root};

/// What a client knows of the current CA before it asks for the next one.
fn known(server: &Server) -> CaCertificates {
    let body = server.authority.ca_cert().into_body();
    let (tolerance, limits) = (Tolerance::default(), Limits::default());
    CaCertificates::parse(&body, &server.trust(), &RustCrypto, &tolerance, &limits).unwrap()
}

fn next_ca() -> Certificate {
    static NEXT: LazyLock<Certificate> = LazyLock::new(|| root("CN=Next CA", &keys::NEXT_CA));
    NEXT.clone()
}

fn read(body: &[u8], current: &CaCertificates) -> Result<CaCertificates, Error> {
    read_with(body, current, &Tolerance::default())
}

fn read_with(
    body: &[u8],
    current: &CaCertificates,
    tolerance: &Tolerance,
) -> Result<CaCertificates, Error> {
    CaCertificates::parse_next(body, current, &RustCrypto, tolerance, &Limits::default())
}

/// A reply of the form that the RFC has, with `certificates` inside.
fn reply(server: &Server, certificates: &[Certificate]) -> Signed {
    Signed {
        content_type: oid::DATA,
        inside: Inside::Octets(Bundle::new(certificates).to_der()),
        certificates: Vec::new(),
        signer: server.authority.ca().clone(),
        key: server.ca_key,
    }
}

#[test]
fn section_4_7_1_the_reply_is_a_certs_only_message_signed_by_the_current_ca() {
    let server = Server::with_ra(&keys::CA);
    let next = Authority::new(next_ca()).unwrap();
    let reply = server.authority.next_ca_cert(&next, &RustCrypto).unwrap();
    let reply = reply.sign(server.ca_key).unwrap();
    assert_eq!(reply.headers()["content-type"], "application/x-x509-next-ca-cert");
    let signed = SignedData::parse(reply.body(), &Limits::default()).unwrap();
    let strict = devicecert_pki::Tolerance::STRICT;
    let verified = signed.verify(server.authority.ca(), &RustCrypto, &strict).unwrap();
    assert_eq!(signed.content_type(), oid::DATA);
    let inner = SignedData::parse(verified.content().unwrap(), &Limits::default()).unwrap();
    // §3.4
    assert!(matches!(inner.unverified_content(), Content::Absent));
    assert!(inner.signers().is_empty());
    assert_eq!(inner.certificates().collect::<Vec<_>>(), [next_ca().as_der()]);
    // Once more where jscep, sscep and PyScep look, and without the signer, which they would take
    // for the next CA.
    assert_eq!(signed.certificates().collect::<Vec<_>>(), [next_ca().as_der()]);
}

#[test]
fn a_next_ca_with_an_ra_shows_both() {
    let server = Server::standing();
    let ra = draft("CN=Next RA", &keys::RA).issued_by(&next_ca(), &keys::NEXT_CA);
    let next = Authority::with_ra(next_ca(), ra.clone()).unwrap();
    let unsigned = server.authority.next_ca_cert(&next, &RustCrypto).unwrap();
    let found = read(unsigned.sign(server.ca_key).unwrap().body(), &known(&server)).unwrap();
    assert_eq!((found.ca(), found.encryption()), (&next_ca(), &ra));
}

#[test]
fn a_client_believes_what_the_current_ca_has_signed() {
    let server = Server::standing();
    let found = read(&reply(&server, &[next_ca()]).to_der(), &known(&server)).unwrap();
    assert_eq!((found.ca(), found.encryption()), (&next_ca(), &next_ca()));
    // The current CA may be in it, too; it is not the next one.
    let both = [server.authority.ca().clone(), next_ca()];
    let found = read(&reply(&server, &both).to_der(), &known(&server)).unwrap();
    assert_eq!(found.all(), [next_ca()]);
}

/// §4.7.1 does not say which type the content has, nor what stands around it.
#[test]
fn the_content_may_have_either_type_and_any_wrapping() {
    let server = Server::standing();
    let info = Bundle::new([&next_ca()]).to_der();
    let mut fields = Tlv::parse(&info, "ContentInfo").unwrap().reader();
    fields.any("contentType").unwrap();
    let explicit = fields.any("content").unwrap();
    let bare = explicit.value.to_vec();
    for (content_type, inside) in [
        (oid::DATA, Inside::Octets(info.clone())),
        (oid::SIGNED_DATA, Inside::Octets(info.clone())),
        (oid::SIGNED_DATA, Inside::Octets(bare.clone())),
        (oid::SIGNED_DATA, Inside::Bare(bare.clone())),
        (oid::SIGNED_DATA, Inside::Bare(info.clone())),
        (oid::DATA, Inside::Octets(bare)),
    ] {
        let message = Signed { content_type, inside, ..reply(&server, &[]) }.to_der();
        assert_eq!(read(&message, &known(&server)).unwrap().ca(), &next_ca());
    }
    let other = Signed { content_type: oid::ENVELOPED_DATA, ..reply(&server, &[next_ca()]) };
    let error = read(&other.to_der(), &known(&server)).unwrap_err();
    assert_eq!(error, InvalidMessage::Content.into());
}

/// EJBCA signs a word, and puts the certificates where the signature does not cover them: anybody
/// on the way could put others there.
#[test]
fn certificates_beside_the_signature_count_only_if_the_current_ca_issued_them() {
    let server = Server::standing();
    let known = known(&server);
    let mut tolerant = Tolerance::default();
    tolerant.unsigned_next_ca = true;
    let self_signed = next_ca();
    let linked = draft("CN=Next CA", &keys::NEXT_CA).ca().usage(signs_certificates());
    let linked = linked.issued_by(server.authority.ca(), server.ca_key);
    let device = server.issue(&Who::device().csr(None));
    for inside in [Inside::Nothing, Inside::Octets(Vec::new()), Inside::Octets(b"EJBCA".into())] {
        let with = |certificates: &[&Certificate]| {
            let certificates = certificates.iter().copied().cloned().collect();
            Signed { inside: inside.clone(), certificates, ..reply(&server, &[]) }.to_der()
        };
        let no_next_ca = UnacceptableReply::NoNextCa.into();
        assert_eq!(read(&with(&[&self_signed]), &known).unwrap_err(), no_next_ca);
        assert_eq!(read(&with(&[&device]), &known).unwrap_err(), no_next_ca);
        assert_eq!(read(&with(&[]), &known).unwrap_err(), no_next_ca);
        let current = server.authority.ca().clone();
        assert_eq!(read(&with(&[&current]), &known).unwrap_err(), no_next_ca);

        let impostor = root("CN=Next CA", &keys::STRANGER);
        let mixed = with(&[&impostor, &current, &linked]);
        assert_eq!(read(&mixed, &known).unwrap().all(), std::slice::from_ref(&linked));
        // A key that is vouched for may come in a certificate of its own, too.
        let both = with(&[&self_signed, &linked]);
        assert_eq!(read(&both, &known).unwrap().ca().public_key(), linked.public_key());
        let found = read_with(&with(&[&self_signed]), &known, &tolerant).unwrap();
        assert_eq!(found.ca(), &self_signed);
    }
}

/// What the signature covers is what counts, whatever is put beside it on the way.
#[test]
fn nothing_that_is_put_beside_the_signature_changes_what_is_read() {
    let server = Server::standing();
    let impostor = root("CN=Next CA", &keys::STRANGER);
    let certificates = vec![impostor, server.authority.ca().clone()];
    let message = Signed { certificates, ..reply(&server, &[next_ca()]) }.to_der();
    for unsigned in [false, true] {
        let mut tolerance = Tolerance::default();
        tolerance.unsigned_next_ca = unsigned;
        let found = read_with(&message, &known(&server), &tolerance).unwrap();
        assert_eq!(found.all(), [next_ca()]);
    }
}

#[test]
fn a_client_believes_nobody_else() {
    let server = Server::with_ra(&keys::CA);
    let known = known(&server);
    let sign = |signer: &Certificate, key: &'static PrivateKey| {
        let signer = signer.clone();
        let certificates = vec![signer.clone()];
        Signed { signer, key, certificates, ..reply(&server, &[next_ca()]) }.to_der()
    };
    let namesake = root("CN=Test CA", &keys::STRANGER);
    let device = server.issue(&Who::device().csr(None));
    for (signer, key) in [
        (&namesake, &*keys::STRANGER),
        (&next_ca(), &*keys::NEXT_CA),
        (&device, &*keys::DEVICE),
        (server.authority.signer(), &*keys::RA),
    ] {
        let error = read(&sign(signer, key), &known).unwrap_err();
        assert_eq!(error, UnacceptableReply::Signer.into());
    }
    // Named like the CA, serial number and all.
    let message = sign(server.authority.ca(), &keys::STRANGER);
    let rejected = Rejected::Signature("the message");
    assert_eq!(read(&message, &known).unwrap_err(), devicecert_pki::Error::from(rejected).into());
    // OpenXPKI signs with what answers SCEP.
    let mut tolerance = Tolerance::default();
    tolerance.ra_signed_next_ca = true;
    let found = read_with(&sign(server.authority.signer(), &keys::RA), &known, &tolerance);
    assert_eq!(found.unwrap().ca(), &next_ca());
}

#[test]
fn nobody_signed_is_not_signed_by_the_ca() {
    let server = Server::standing();
    let certs_only = Bundle::new([&next_ca()]).to_der();
    let error = read(&certs_only, &known(&server)).unwrap_err();
    assert_eq!(error, devicecert_pki::Error::from(Rejected::SignerCount(0)).into());
    let bare = next_ca().as_der().to_vec();
    assert!(read(&bare, &known(&server)).is_err());
    assert_eq!(read(b"", &known(&server)).unwrap_err(), UnacceptableReply::Empty.into());
}

#[test]
fn no_octet_of_a_reply_turns_into_another_ca() {
    let server = Server::standing();
    let known = known(&server);
    let next = Authority::new(next_ca()).unwrap();
    let unsigned = server.authority.next_ca_cert(&next, &RustCrypto).unwrap();
    let body = unsigned.sign(server.ca_key).unwrap().into_body();
    for at in 0..body.len() {
        let mut damaged = body.clone();
        damaged[at] ^= 0x10;
        if let Ok(found) = read(&damaged, &known) {
            assert_eq!(found.ca(), &next_ca(), "octet {at}");
        }
    }
}

#[test]
fn a_certificate_that_issues_nothing_is_no_next_ca() {
    let server = Server::standing();
    let no_ca = draft("CN=Next", &keys::NEXT_CA).self_signed();
    let error = read(&reply(&server, &[no_ca]).to_der(), &known(&server)).unwrap_err();
    assert_eq!(error, UnacceptableReply::NoNextCa.into());
}
