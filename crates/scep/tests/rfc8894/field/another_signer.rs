//! Requests signed with a certificate that has little to do with the request.

use std::time::Duration;

use devicecert_crypto_rust::PrivateKey;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Certificate, KeyUsage, Limits, Name, Signer, Validity, oid};
use devicecert_scep::{Content, NoRenewal};

use crate::common::certificates::{Draft, draft};
use crate::common::pki_message::PkiMessage;
use crate::common::surgery::{changed, children, resigned};
use crate::common::{NOW, Server, Who, keys};

/// A request of the device that is signed by `signer`, and granted.
fn granted(signer: &Certificate, key: &'static PrivateKey) {
    let server = Server::standing();
    let message =
        PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer.clone(), key).to_der();
    let request = server.open(&message);
    let transaction = request.transaction();
    assert_eq!(transaction.signer(), signer);
    assert!(matches!(request.content(), Content::Enrol(_)));
    // It proves nothing, and is no renewal.
    let no_renewal = request.renewal(&server.authority, NOW).unwrap_err();
    assert_eq!(no_renewal, NoRenewal::SelfSigned);
    assert!(transaction.is_self_signed());
    let reply = server.reply(&message);
    assert_eq!(reply.outcome().0, "0");
    assert!(!reply.open(signer, key).is_empty());
}

fn device(subject: &str) -> Draft {
    draft(subject, &keys::DEVICE).usage(KeyUsage::SIGN_AND_ENCIPHER)
}

/// Apple names the signer after a random UUID, Windows "SCEP Protocol Certificate".
#[test]
fn the_signer_has_another_subject_than_the_request() {
    for subject in
        ["CN=A7C4D8E2-5B1F-4C3D-9E8F-0123456789AB", "CN=SCEP Protocol Certificate", "O=Vendor"]
    {
        granted(&device(subject).self_signed(), &keys::DEVICE);
    }
}

/// Apple's MDM client of 2016, with a signer that does not permit keyEncipherment either. The
/// policy can see it.
#[test]
fn the_signer_has_another_key_than_the_request() {
    let signer = draft("CN=MDM SCEP SIGNER,C=US", &keys::NEW)
        .usage(KeyUsage::DIGITAL_SIGNATURE)
        .self_signed();
    granted(&signer, &keys::NEW);
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer, &keys::NEW);
    let request = server.open(&message.to_der());
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_ne!(enrol.csr().public_key(), request.transaction().signer().public_key());
    assert_eq!(enrol.csr().public_key(), keys::DEVICE.public_key());
}

/// sscep's lasts six days; a device without battery starts in 1970.
#[test]
fn the_signer_is_expired_or_not_yet_valid() {
    let day = Duration::from_secs(86_400);
    for start in [NOW.before(day * 6), NOW.after(day), devicecert_pki::Time::from_unix(0)] {
        let signer = device("CN=device-1").valid(Validity::lasting(start, day)).self_signed();
        assert!(!signer.validity().contains(NOW));
        granted(&signer, &keys::DEVICE);
    }
}

/// Windows: an authorityKeyIdentifier that is critical, and fits no subjectKeyIdentifier.
#[test]
fn the_signer_has_an_illegal_critical_extension() {
    let value = Writer::build(|w| w.sequence(|w| w.value(tag::primitive(0), &[0xab; 20])));
    let signer = device("CN=SCEP Protocol Certificate").extension(
        oid::AUTHORITY_KEY_IDENTIFIER,
        true,
        value,
    );
    granted(&signer.self_signed(), &keys::DEVICE);
}

/// The same certificate of the device with other fields, signed anew.
fn altered(
    certificate: &Certificate,
    digest: DigestAlgorithm,
    change: impl FnOnce(&mut Vec<Vec<u8>>),
) -> Certificate {
    let der = resigned(certificate.as_der(), &keys::DEVICE, digest, change);
    Certificate::parse(&der, &Limits::default()).unwrap()
}

/// sscep writes the 32 characters of the transactionID, others what the clock says, or nothing.
#[test]
fn the_signer_has_a_serial_number_that_no_ca_would_give() {
    let signer = device("CN=device-1").self_signed();
    let long = b"D41D8CD98F00B204E9800998ECF8427E";
    for serial in [&long[..], &[0x80], &[0xff; 8], &[0], &[0, 0, 1], &[]] {
        let serial = Writer::build(|w| w.value(tag::INTEGER, serial));
        let signer = altered(&signer, DigestAlgorithm::Sha256, |fields| fields[1] = serial);
        granted(&signer, &keys::DEVICE);
    }
}

/// Old routers and printers. Without extensions nothing is forbidden, so the reply can be
/// enveloped to it.
#[test]
fn the_signer_is_of_version_1() {
    let signer = device("CN=device-1").self_signed();
    let written_out = Writer::build(|w| w.nested(tag::constructed(0), |w| w.unsigned(0)));
    for version in [Vec::new(), written_out] {
        let signer = altered(&signer, DigestAlgorithm::Sha256, |fields| {
            fields.pop_if(|field| field[0] == tag::constructed(3)).unwrap();
            fields[0] = version;
        });
        assert!(signer.extensions().is_empty());
        granted(&signer, &keys::DEVICE);
    }
}

/// Apple signs its certificate with SHA-1 whatever it signs the message with, Cisco and Juniper
/// with MD5, which nobody here has to believe: the message is signed with the same key.
#[test]
fn the_signer_has_signed_itself_with_an_old_digest() {
    let signer = device("CN=device-1").self_signed();
    for (digest, algorithm) in
        [(DigestAlgorithm::Sha1, oid::SHA1_WITH_RSA), (DigestAlgorithm::Md5, oid::MD5_WITH_RSA)]
    {
        let signer = altered(&signer, digest, |_| {});
        assert_eq!(signer.signature_algorithm().oid, algorithm);
        granted(&signer, &keys::DEVICE);
    }
    // With an issuer that is not itself, nobody can be found to have made it.
    let of_another = altered(&signer, DigestAlgorithm::Md5, |fields| {
        fields[3] = "CN=who knows".parse::<Name>().unwrap().as_der().to_vec();
    });
    let server = Server::standing();
    let message =
        PkiMessage::pkcs_req(&Who::device(), &server).signed_by(of_another, &keys::DEVICE).to_der();
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("0".to_owned())));
}

/// Nothing at all, other string types, what is no text in them, a name of twenty attributes.
#[test]
fn the_signer_has_an_odd_name() {
    let signer = device("CN=device-1").self_signed();
    let common_name = |tag, octets: &[u8]| {
        let mut name = children("CN=x".parse::<Name>().unwrap().as_der());
        name[0] = changed(&name[0], &[0, 1], |_| Writer::build(|w| w.value(tag, octets)));
        Writer::build(|w| w.value(tag::SEQUENCE, &name[0]))
    };
    for name in [
        Name::empty().as_der().to_vec(),
        vec!["OU=unit"; 20].join(",").parse::<Name>().unwrap().as_der().to_vec(),
        common_name(tag::PRINTABLE_STRING, b"device_1*@&"),
        common_name(tag::UTF8_STRING, b"\xff"),
        common_name(tag::TELETEX_STRING, b"Ger\xe4t"),
        common_name(tag::BMP_STRING, b"\0d\0e\0v"),
        common_name(tag::IA5_STRING, b"\xfc"),
        common_name(tag::UTF8_STRING, b""),
        common_name(tag::INTEGER, &[7]),
    ] {
        let signer = altered(&signer, DigestAlgorithm::Sha256, |fields| {
            fields[3].clone_from(&name);
            fields[5].clone_from(&name);
        });
        assert_eq!(signer.subject().as_der(), name);
        granted(&signer, &keys::DEVICE);
    }
}

/// What a device sends that believes it renews, at a CA that was set up anew meanwhile, or with
/// what its manufacturer gave it.
#[test]
fn the_signer_is_of_another_ca_that_the_server_knows() {
    let mut server = Server::standing();
    let gone = draft("CN=Test CA", &keys::STRANGER).ca().self_signed();
    let signer = device("CN=device-1").issued_by(&gone, &keys::STRANGER);
    let message =
        PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer, &keys::DEVICE).to_der();
    // With the right challenge, too: it may have been altered on the way.
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("1".to_owned())));
    server.authority.other_issuers = vec![gone];
    assert_eq!(server.reply(&message).outcome().0, "0");
}
