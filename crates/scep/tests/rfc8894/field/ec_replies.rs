//! Replies to devices with EC keys, in the forms that their servers have.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert_pki::asn1::Writer;
use devicecert_pki::cms::{Bundle, RecipientInfo, Seal};
use devicecert_pki::{KeyUsage, Secret, Signer, WithPasswords, oid};
use devicecert_scep::{PkiStatus, Step};
use http::Response;

use crate::common::certificates::draft;
use crate::common::pki_message::{PkiMessage, Received};
use crate::common::surgery::{changed, children};
use crate::common::{CHALLENGE, NOW, Server, Who, keys, receive, until_sent};

fn devices() -> [Who; 2] {
    [Who { name: "CN=device-1", key: &keys::EC }, Who { name: "CN=device-2", key: &keys::P384 }]
}

/// NDES: a key agreement recipient although RFC 8894 §3.1 has passwords for such keys, in an
/// EnvelopedData of version 2, with NULL as parameters of the sender's key, SHA-1 for the
/// derivation, signed by the RA with SHA-1 and without certificates.
#[test]
fn a_key_agreement_recipient_with_null_parameters() {
    let server = Server::standing();
    let ra = draft("CN=MSCEP-RA", &keys::RA)
        .usage(KeyUsage::SIGN_AND_ENCIPHER)
        .purpose(oid::MS_CERTIFICATE_REQUEST_AGENT)
        .issued_by(server.authority.ca(), server.ca_key);
    let told = Bundle::new([&ra, server.authority.ca()]).to_der();
    for device in devices() {
        for parameters in [&[5, 0][..], &[]] {
            let mut enrolment = device.enrolment(&server);
            for body in [server.authority.ca_caps(), Response::new(told.clone())] {
                assert!(matches!(enrolment.step(NOW).unwrap(), Step::Send(_)));
                enrolment.received(&body).unwrap();
            }
            let request = until_sent(&mut enrolment, device.key, &server, NOW);
            let issued = server.issue(&device.csr(None));
            let mut seal = Seal::new(ContentCipher::Aes256Cbc, KeyTransport::RsaPkcs1);
            seal.key_agreement.digest = DigestAlgorithm::Sha1;
            let to = Received::parse(request.body()).signer();
            let envelope =
                seal.envelope(&Bundle::new([&issued]).to_der(), &to, &RustCrypto).unwrap();
            // KeyAgreeRecipientInfo, originator, originatorKey, algorithm.
            let envelope = changed(&envelope, &[1, 0, 1, 0, 1, 0, 0], |algorithm| {
                assert_eq!(children(algorithm).len(), 1);
                Writer::build(|w| {
                    w.sequence(|w| {
                        w.oid(&oid::EC_PUBLIC_KEY);
                        w.raw(parameters);
                    });
                })
            });
            let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Success)
                .signed_by(ra.clone(), &keys::RA);
            reply.certificates.clear();
            reply.digest = DigestAlgorithm::Sha1;
            reply.content = Some(envelope);
            let reply = reply.to_der();
            let envelope = Received::parse(&reply).envelope();
            let [RecipientInfo::KeyAgreement(recipient)] = envelope.recipients() else { panic!() };
            let point = device.key.public_key().key_bits().len();
            assert_eq!(recipient.originator_key.len(), point);
            assert_eq!(receive(&mut enrolment, device.key, reply).unwrap()[0], issued);
        }
    }
}

/// cryptlib, CZERTAINLY and others: a password recipient, though the request was enveloped to the
/// RSA key of the server.
#[test]
fn a_password_recipient_for_a_request_that_had_none() {
    let server = Server::standing();
    for device in devices() {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let sent = Received::parse(request.body()).envelope();
        assert!(matches!(sent.recipients(), [RecipientInfo::KeyTransport(_)]));
        let issued = server.issue(&device.csr(None));
        let bundle = Bundle::new([&issued]).to_der();
        let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Success);
        let password = Secret::from(CHALLENGE);
        let envelope = Seal::default().envelope_to_password(&bundle, &password, &RustCrypto);
        reply.content = Some(envelope.unwrap());
        enrolment.received(&Response::new(reply.to_der())).unwrap();
        let chain = match enrolment.step(NOW).unwrap() {
            Step::Decrypt(ask) => {
                let passwords = [password];
                let opener = WithPasswords::new(device.key, &passwords, &RustCrypto);
                enrolment.decrypted(devicecert_pki::Decryptor::decrypt(&opener, &ask)).unwrap();
                enrolment.step(NOW).unwrap()
            }
            other => other,
        };
        let Step::Done(chain) = chain else { panic!("{chain:?}") };
        assert_eq!(chain[0], issued);
    }
}
