//! Envelopes to several, to a certificate of yesterday, and to one that is named otherwise.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{
    AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyTransport,
};
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::cms::Seal;
use devicecert_pki::{Certificate, oid};
use devicecert_scep::{Authority, Content};

use crate::common::certificates::{Draft, draft};
use crate::common::pki_message::{PkiMessage, octets};
use crate::common::surgery::{KEY_ENCRYPTION_ALGORITHM, changed, children};
use crate::common::{Server, Who, keys, root};

/// RecipientInfos and the fields around them.
struct Envelope {
    recipients: Vec<Vec<u8>>,
    encrypted: Vec<u8>,
}

impl Envelope {
    fn of(der: &[u8]) -> Self {
        let mut fields = Tlv::parse(der, "ContentInfo").unwrap().reader();
        fields.oid("id-envelopedData").unwrap();
        let mut explicit = fields.any("[0]").unwrap().reader();
        let mut fields = explicit.sequence("EnvelopedData").unwrap();
        fields.any("version").unwrap();
        let mut set = fields.any("recipientInfos").unwrap().reader();
        let mut recipients = Vec::new();
        while !set.is_empty() {
            recipients.push(set.any("RecipientInfo").unwrap().raw.to_vec());
        }
        let encrypted = fields.any("encryptedContentInfo").unwrap().raw.to_vec();
        Self { recipients, encrypted }
    }

    fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&oid::ENVELOPED_DATA);
                w.nested(tag::constructed(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(0);
                        w.value(tag::SET, &self.recipients.concat());
                        w.raw(&self.encrypted);
                    });
                });
            });
        })
    }
}

/// The same envelope with one more recipient, whose content key is another.
pub(crate) fn with_another(envelope: &[u8], recipient: &Certificate) -> Vec<u8> {
    let other = Seal::default().envelope(b"other", recipient, &RustCrypto).unwrap();
    let mut envelope = Envelope::of(envelope);
    envelope.recipients.extend(Envelope::of(&other).recipients);
    envelope.to_der()
}

fn honest(server: &Server) -> Vec<u8> {
    server.envelope(Who::device().csr(Some("secret")).as_der())
}

/// Whether the server can open an envelope of the device's request.
fn opens(server: &Server, envelope: Vec<u8>) -> bool {
    let message = PkiMessage::request(&Who::device(), "19", envelope).to_der();
    let outcome = server.reply(&message).outcome();
    match server.open(&message).content() {
        Content::Enrol(_) => {
            assert_eq!(outcome, ("0".to_owned(), None));
            true
        }
        Content::Unreadable(_) => {
            assert_eq!(outcome, ("2".to_owned(), Some("1".to_owned())));
            false
        }
        other => panic!("{other:?}"),
    }
}

fn strict() -> Server {
    let mut server = Server::standing();
    server.authority.tolerance = devicecert_scep::Tolerance::STRICT;
    server
}

/// One client envelopes to every certificate of GetCACert.
#[test]
fn several_recipients_of_which_one_is_ours() {
    let server = strict();
    let others =
        [draft("CN=Root", &keys::STRANGER), draft("CN=RA", &keys::RA)].map(Draft::self_signed);
    let three = with_another(&with_another(&honest(&server), &others[0]), &others[1]);
    let three = Envelope::of(&three);
    for turn in 0..3 {
        let mut recipients = three.recipients.clone();
        recipients.rotate_left(turn);
        let encrypted = three.encrypted.clone();
        assert!(opens(&server, Envelope { recipients, encrypted }.to_der()), "{turn}");
    }
}

#[test]
fn several_recipients_of_which_none_is_ours() {
    let server = Server::standing();
    let other = draft("CN=Other", &keys::STRANGER).self_signed();
    let device = Who::device();
    let envelope =
        Seal::default().envelope(device.csr(None).as_der(), &other, &RustCrypto).unwrap();
    assert!(!opens(&server, with_another(&envelope, &other)));
    assert!(!opens(&server, envelope));
}

/// A CA certificate was renewed with the same key; devices still have the one from before.
#[test]
fn a_stale_recipient_is_tried_where_it_is_the_only_one() {
    let mut server = Server::standing();
    let stale = root("CN=Test CA", &keys::CA);
    assert_ne!(stale.serial(), server.authority.ca().serial());
    let csr = Who::device().csr(Some("secret"));
    let envelope = Seal::default().envelope(csr.as_der(), &stale, &RustCrypto).unwrap();
    assert!(opens(&server, envelope.clone()));
    // Which of two is meant is not guessed.
    assert!(!opens(&server, with_another(&envelope, &stale)));
    server.authority.tolerance.cms.only_recipient = false;
    assert!(!opens(&server, envelope));
}

/// Clients that write the issuer anew choose their own string types.
#[test]
fn a_recipient_whose_issuer_is_spelt_otherwise() {
    let mut server = Server::standing();
    let mut envelope = Envelope::of(&honest(&server));
    let name = server.authority.ca().subject().as_der();
    let recipient = &mut envelope.recipients[0];
    let start = recipient.windows(name.len()).position(|window| window == name).unwrap();
    // The tag before the length and the text at the end.
    let at = start + name.len() - "Test CA".len() - 2;
    assert!(matches!(recipient[at], tag::UTF8_STRING | tag::PRINTABLE_STRING));
    recipient[at] ^= tag::UTF8_STRING ^ tag::PRINTABLE_STRING;
    server.authority.tolerance.cms.only_recipient = false;
    assert!(opens(&server, envelope.to_der()));
    server.authority.tolerance.cms.respelt_issuer = false;
    assert!(!opens(&server, envelope.to_der()));
}

/// A CA with this name, and an envelope of the device's request whose issuer `change` has written
/// anew, RDN by RDN.
fn renamed(name: &str, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> (Server, Vec<u8>) {
    let authority = Authority::new(root(name, &keys::CA)).unwrap();
    let server = Server::of(authority, &keys::CA, &keys::CA);
    let envelope = changed(&honest(&server), &[1, 0, 1, 0, 1, 0], |issuer| {
        let mut rdns = children(issuer);
        change(&mut rdns);
        let respelt = Writer::build(|w| w.value(tag::SEQUENCE, &rdns.concat()));
        assert_ne!(respelt, issuer);
        respelt
    });
    (server, envelope)
}

/// Clients that turn the attributes of an RDN around mean the same name (RFC 5280 §7.1).
#[test]
fn a_recipient_whose_issuer_has_the_attributes_of_an_rdn_in_another_order() {
    let (mut server, envelope) = renamed("CN=Test CA+O=Example,C=CH", |rdns| {
        let mut attributes = children(&rdns[1]);
        attributes.reverse();
        rdns[1] = Writer::build(|w| w.value(tag::SET, &attributes.concat()));
    });
    server.authority.tolerance.cms.only_recipient = false;
    assert!(opens(&server, envelope.clone()));
    server.authority.tolerance.cms.respelt_issuer = false;
    assert!(!opens(&server, envelope));
}

/// jscep up to 2018 and other clients write the RDNs from the last to the first. That is another
/// name, but there is only one whom they can mean.
#[test]
fn a_recipient_whose_issuer_has_its_rdns_in_another_order() {
    let (mut server, envelope) = renamed("CN=Test CA,O=Example,C=CH", |rdns| rdns.reverse());
    assert!(opens(&server, envelope.clone()));
    let other = draft("CN=Other", &keys::STRANGER).self_signed();
    assert!(!opens(&server, with_another(&envelope, &other)));
    server.authority.tolerance.cms.only_recipient = false;
    assert!(!opens(&server, envelope));
}

/// The names that key transport has: Go leaves parameters out, others write what is the default, or
/// have another digest in the mask than in the label.
#[test]
fn a_key_transport_with_other_parameters() {
    let server = strict();
    let (sha1, sha256) = (DigestAlgorithm::Sha1, DigestAlgorithm::Sha256);
    let null = || Some(vec![tag::NULL, 0]);
    let defaults = |digest: DigestAlgorithm| {
        Writer::build(|w| {
            w.sequence(|w| {
                w.nested(tag::constructed(0), |w| digest.identifier().write(w));
                w.nested(tag::constructed(1), |w| {
                    w.sequence(|w| {
                        w.oid(&oid::MGF1);
                        digest.identifier().write(w);
                    });
                });
                w.nested(tag::constructed(2), |w| {
                    w.sequence(|w| {
                        w.oid(&oid::P_SPECIFIED);
                        w.value(tag::OCTET_STRING, &[]);
                    });
                });
            });
        })
    };
    let oaep = |digest, mgf1| KeyTransport::RsaOaep { digest, mgf1 };
    for (name, transport, parameters) in [
        ("PKCS #1, absent: Go", KeyTransport::RsaPkcs1, None),
        ("PKCS #1, NULL: all others", KeyTransport::RsaPkcs1, null()),
        ("OAEP, absent", KeyTransport::RSA_OAEP_SHA1, None),
        ("OAEP, NULL: Go", KeyTransport::RSA_OAEP_SHA1, null()),
        ("OAEP, empty: Windows, NDES", KeyTransport::RSA_OAEP_SHA1, Some(vec![tag::SEQUENCE, 0])),
        ("OAEP, SHA-1 written out", KeyTransport::RSA_OAEP_SHA1, Some(defaults(sha1))),
        ("OAEP, SHA-256: Dogtag, AWS", oaep(sha256, sha256), Some(defaults(sha256))),
        (
            "OAEP, SHA-256, mask SHA-1: Java",
            oaep(sha256, sha1),
            oaep(sha256, sha1).identifier().parameters,
        ),
        (
            "OAEP, SHA-1, mask SHA-256",
            oaep(sha1, sha256),
            oaep(sha1, sha256).identifier().parameters,
        ),
    ] {
        let seal = Seal::new(ContentCipher::Aes128Cbc, transport);
        let csr = Who::device().csr(Some("secret"));
        let recipient = server.authority.recipient();
        let envelope = seal.envelope(csr.as_der(), recipient, &RustCrypto).unwrap();
        let envelope = changed(&envelope, KEY_ENCRYPTION_ALGORITHM, |_| {
            let oid = transport.identifier().oid;
            Writer::build(|w| AlgorithmIdentifier { oid, parameters }.write(w))
        });
        let message = PkiMessage::request(&Who::device(), "19", envelope.clone()).to_der();
        assert_eq!(server.open(&message).transaction().seal(), seal, "{name}");
        assert!(opens(&server, envelope), "{name}");
    }
}

/// Key services name the recipient by its key.
#[test]
fn a_recipient_that_is_named_by_its_key_identifier() {
    let server = strict();
    let mut envelope = Envelope::of(&honest(&server));
    let named = envelope.recipients[0].clone();
    let mut fields = Tlv::parse(&named, "RecipientInfo").unwrap().reader();
    let [_, _, algorithm, key] = [(); 4].map(|()| fields.any("a field").unwrap().raw);
    let identifier = server.authority.ca().extensions().subject_key_identifier().unwrap();
    for version in [2, 0] {
        envelope.recipients = vec![Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(version);
                w.value(tag::primitive(0), identifier);
                w.raw(algorithm);
                w.raw(key);
            });
        })];
        assert!(opens(&server, envelope.to_der()), "version {version}");
    }
}

/// kekri and ori are not implemented, and do not stand in the way.
#[test]
fn recipients_of_other_kinds_beside_ours() {
    let server = strict();
    let mut envelope = Envelope::of(&honest(&server));
    for kind in [2, 4] {
        let other = Writer::build(|w| w.value(tag::constructed(kind), &octets(b"who knows")));
        envelope.recipients.insert(0, other);
    }
    assert!(opens(&server, envelope.to_der()));
    envelope.recipients.pop();
    assert!(!opens(&server, envelope.to_der()));
}
