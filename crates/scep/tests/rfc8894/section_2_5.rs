//! §2.5 Renewal: what proves that a request comes from the holder of a certificate of this CA.

use std::net::Ipv4Addr;
use std::time::Duration;

use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, Csr, CsrParams, Extension, GeneralName, Time, Validity, oid};
use devicecert_scep::{NoRenewal, RenewalEvidence};

use crate::common::certificates::{YEAR, draft};
use crate::common::pki_message::PkiMessage;
use crate::common::{NOW, Server, Who, keys, root};

const DEVICE: &str = "CN=device-1";

/// What is made of a request for the new key that was signed with `signer`'s.
fn renewal_at(
    server: &Server,
    signer: &Certificate,
    csr: &Csr,
    now: Time,
) -> Result<RenewalEvidence, NoRenewal> {
    let device = Who::device();
    let message = PkiMessage::request(&device, "17", server.envelope(csr.as_der()))
        .signed_by(signer.clone(), &keys::DEVICE)
        .to_der();
    server.open(&message).renewal(&server.authority, now)
}

fn renewal(server: &Server, signer: &Certificate, csr: &Csr) -> Result<RenewalEvidence, NoRenewal> {
    renewal_at(server, signer, csr, NOW)
}

fn refusal(server: &Server, signer: &Certificate, csr: &Csr) -> NoRenewal {
    renewal(server, signer, csr).unwrap_err()
}

fn csr(subject: &str, names: &[GeneralName]) -> Csr {
    let mut params = CsrParams::new(subject.parse().unwrap());
    params.subject_alt_name = names.to_vec();
    Who { name: DEVICE, key: &keys::NEW }.signed(&params)
}

fn issued(server: &Server, names: &[GeneralName]) -> Certificate {
    let draft = draft(DEVICE, &keys::DEVICE);
    let draft = if names.is_empty() { draft } else { draft.names(names) };
    draft.issued_by(server.authority.ca(), server.ca_key)
}

#[test]
fn a_certificate_of_this_ca_for_the_same_subject_is_evidence() {
    let server = Server::standing();
    let old = issued(&server, &[]);
    let evidence = renewal(&server, &old, &csr(DEVICE, &[])).unwrap();
    assert_eq!(evidence.serial(), old.serial());
    let authorisation = evidence.accept();
    assert!(format!("{authorisation:?}").contains("Renewal"));
}

#[test]
fn so_it_is_where_an_ra_answers_for_the_ca() {
    let server = Server::with_ra(&keys::CA);
    assert!(renewal(&server, &issued(&server, &[]), &csr(DEVICE, &[])).is_ok());
}

#[test]
fn a_message_that_asks_for_no_certificate_is_none() {
    let server = Server::standing();
    let device = Who::device();
    let old = issued(&server, &[]);
    let unreadable = server.envelope(b"no request");
    for (message_type, envelope) in [("20", server.envelope(&names(&server))), ("17", unreadable)] {
        let message = PkiMessage::request(&device, message_type, envelope)
            .signed_by(old.clone(), &keys::DEVICE)
            .to_der();
        let refused = server.open(&message).renewal(&server.authority, NOW);
        assert_eq!(refused.unwrap_err(), NoRenewal::NoRequest);
    }
}

fn names(server: &Server) -> Vec<u8> {
    let ca = server.authority.ca().subject();
    Writer::build(|w| {
        w.sequence(|w| {
            w.raw(ca.as_der());
            w.raw(ca.as_der());
        });
    })
}

#[test]
fn a_self_signed_signer_is_a_first_enrolment() {
    let server = Server::standing();
    let own = Who::device().self_signed();
    assert_eq!(refusal(&server, &own, &csr(DEVICE, &[])), NoRenewal::SelfSigned);
}

#[test]
fn a_self_signed_signer_with_the_name_of_the_ca_is_one_too() {
    let server = Server::standing();
    let own = draft("CN=Test CA", &keys::DEVICE).self_signed();
    assert_eq!(refusal(&server, &own, &csr("CN=Test CA", &[])), NoRenewal::SelfSigned);
}

#[test]
fn a_certificate_of_another_issuer_that_the_server_knows_is_no_evidence() {
    let mut server = Server::standing();
    let other = root("CN=Other CA", &keys::STRANGER);
    server.authority.other_issuers = vec![root("CN=Third CA", &keys::RA), other.clone()];
    let certificate = draft(DEVICE, &keys::DEVICE).issued_by(&other, &keys::STRANGER);
    assert_eq!(refusal(&server, &certificate, &csr(DEVICE, &[])), NoRenewal::OtherIssuer);
}

/// Of a CA that the server does not know; in the name of this one, by another key; by the key of
/// this one, in another name.
#[test]
fn a_certificate_that_nobody_known_issued_does_not_even_count_as_a_signer() {
    let server = Server::standing();
    let stranger = root("CN=Other CA", &keys::STRANGER);
    let sister = root("CN=Sister CA", &keys::CA);
    let device = || draft(DEVICE, &keys::DEVICE);
    for certificate in [
        device().issued_by(&stranger, &keys::STRANGER),
        device().issued_by(server.authority.ca(), &keys::STRANGER),
        device().issued_by(&sister, &keys::CA),
    ] {
        let envelope = server.envelope(csr(DEVICE, &[]).as_der());
        let message = PkiMessage::request(&Who::device(), "17", envelope)
            .signed_by(certificate, &keys::DEVICE)
            .to_der();
        let error = server.verify(&message).unwrap_err();
        let expected = Rejected::Signature("the certificate");
        assert_eq!(error, devicecert_pki::Error::from(expected).into());
        assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("1".to_owned())));
    }
}

#[test]
fn a_certificate_counts_from_its_first_to_its_last_second() {
    let server = Server::standing();
    let validity = Validity::lasting(NOW, YEAR);
    let certificate = draft(DEVICE, &keys::DEVICE)
        .valid(validity)
        .issued_by(server.authority.ca(), server.ca_key);
    let second = Duration::from_secs(1);
    let csr = csr(DEVICE, &[]);
    let at = |now| renewal_at(&server, &certificate, &csr, now).map(drop);
    assert_eq!(at(NOW.before(second)), Err(NoRenewal::NotValid));
    assert_eq!(at(NOW), Ok(()));
    assert_eq!(at(validity.not_after), Ok(()));
    assert_eq!(at(validity.not_after.after(second)), Err(NoRenewal::NotValid));
}

#[test]
fn the_ca_itself_and_a_ca_below_it_are_no_devices() {
    let server = Server::standing();
    let device = Who::device();
    let envelope = server.envelope(device.csr(None).as_der());
    let message = PkiMessage::request(&device, "17", envelope)
        .signed_by(server.authority.ca().clone(), &keys::CA)
        .to_der();
    let refused = server.open(&message).renewal(&server.authority, NOW);
    assert_eq!(refused.unwrap_err(), NoRenewal::NotADevice);

    let below = draft(DEVICE, &keys::DEVICE).ca().issued_by(server.authority.ca(), server.ca_key);
    assert_eq!(refusal(&server, &below, &csr(DEVICE, &[])), NoRenewal::NotADevice);
}

#[test]
fn the_ra_is_no_device() {
    let server = Server::with_ra(&keys::CA);
    let device = Who::device();
    let csr = Who { name: "CN=Test RA", key: &keys::NEW }.csr(None);
    let message = PkiMessage::request(&device, "17", server.envelope(csr.as_der()))
        .signed_by(server.authority.signer().clone(), &keys::RA)
        .to_der();
    let refused = server.open(&message).renewal(&server.authority, NOW);
    assert_eq!(refused.unwrap_err(), NoRenewal::NotADevice);
}

#[test]
fn another_subject_is_another_device() {
    let server = Server::standing();
    let old = issued(&server, &[]);
    for subject in ["CN=device-2", "CN=Device-1", "CN=device-1,O=Example", "CN=device  1", ""] {
        assert_eq!(
            refusal(&server, &old, &csr(subject, &[])),
            NoRenewal::OtherSubject,
            "{subject}"
        );
    }
}

/// The same name in another string type is the same name: clients choose anew each time.
#[test]
fn the_string_type_of_a_subject_does_not_matter() {
    let server = Server::standing();
    let old = issued(&server, &[]);
    let mut other = old.subject().as_der().to_vec();
    // The tag before the length and the text at the end.
    let at = other.len() - "device-1".len() - 2;
    assert!(matches!(other[at], tag::UTF8_STRING | tag::PRINTABLE_STRING));
    other[at] ^= tag::UTF8_STRING ^ tag::PRINTABLE_STRING;
    let subject = devicecert_pki::Name::parse(&other).unwrap();
    assert_ne!(&subject, old.subject());
    let csr = Who { name: DEVICE, key: &keys::NEW }.signed(&CsrParams::new(subject));
    assert!(renewal(&server, &old, &csr).is_ok());
}

/// The attributes of one RDN are a set, and not everybody sorts it as DER asks.
#[test]
fn the_order_of_the_attributes_in_one_rdn_does_not_matter_that_of_the_rdns_does() {
    let server = Server::standing();
    let old = |subject| draft(subject, &keys::DEVICE).issued_by(server.authority.ca(), &keys::CA);
    let joined = old("CN=device-1+OU=Kiosk");
    let mut rdns = Tlv::parse(joined.subject().as_der(), "a name").unwrap().reader();
    let mut rdn = rdns.any("an RDN").unwrap().reader();
    let [first, second] = [(); 2].map(|()| rdn.any("an attribute").unwrap().raw);
    let swapped = [second, first].concat();
    let subject = Writer::build(|w| w.sequence(|w| w.value(tag::SET, &swapped)));
    let subject = devicecert_pki::Name::parse(&subject).unwrap();
    let swapped = Who { name: DEVICE, key: &keys::NEW }.signed(&CsrParams::new(subject));
    assert!(renewal(&server, &joined, &swapped).is_ok());

    let apart = old("CN=device-1,OU=Kiosk");
    assert_eq!(refusal(&server, &apart, &swapped), NoRenewal::OtherSubject);
    let turned = csr("OU=Kiosk,CN=device-1", &[]);
    assert_eq!(refusal(&server, &apart, &turned), NoRenewal::OtherSubject);
}

#[test]
fn names_may_be_dropped_and_not_added() {
    let server = Server::standing();
    let dns = |name: &str| GeneralName::Dns(name.to_owned());
    let had = [dns("a.test"), dns("b.test"), GeneralName::Ip(Ipv4Addr::LOCALHOST.into())];
    let old = issued(&server, &had);
    for wanted in [&had[..], &had[1..], &[]] {
        assert!(renewal(&server, &old, &csr(DEVICE, wanted)).is_ok(), "{wanted:?}");
    }
    let upn = GeneralName::Upn("admin@example.test".to_owned());
    for wanted in [dns("c.test"), dns("A.test"), GeneralName::Email("a.test".to_owned()), upn] {
        let refused = refusal(&server, &old, &csr(DEVICE, &[had[0].clone(), wanted.clone()]));
        assert_eq!(refused, NoRenewal::OtherNames, "{wanted:?}");
    }
    assert_eq!(refusal(&server, &issued(&server, &[]), &csr(DEVICE, &had)), NoRenewal::OtherNames);
}

#[test]
fn names_that_cannot_be_read_are_other_names() {
    let server = Server::standing();
    let mut params = CsrParams::new(DEVICE.parse().unwrap());
    let value = b"no GeneralNames".to_vec();
    params.extensions.push(Extension { oid: oid::SUBJECT_ALT_NAME, critical: false, value });
    let csr = Who { name: DEVICE, key: &keys::NEW }.signed(&params);
    assert_eq!(refusal(&server, &issued(&server, &[]), &csr), NoRenewal::OtherNames);
}
