//! §4.6 CRL access: GetCRL.

use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::cms::{Bundle, Seal};
use devicecert_pki::{
    Certificate, Crl, CrlParams, CrlReason, Limits, RevokedCertificate, Signer, Tolerance,
};
use devicecert_scep::error::{Misuse, UnacceptableReply};
use devicecert_scep::{AttributeName, Content, IssuerAndSerialNumber, PkiStatus, Query};
use http::Response;

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{NOW, Server, URL, Who, ask, keys, root};

const WEEK: Duration = Duration::from_secs(7 * 86_400);

fn crl(ca: &Certificate, key: &PrivateKey, number: u64, revoked: &[&Certificate]) -> Crl {
    let mut params = CrlParams::new(ca, number, NOW, NOW.after(WEEK));
    params.revoked = revoked
        .iter()
        .map(|one| RevokedCertificate::new(one.serial().to_vec(), NOW))
        .map(|entry| entry.because(CrlReason::KeyCompromise))
        .collect();
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

/// A server that has issued two certificates and revoked the second.
fn server() -> (Server, Who, [Certificate; 2]) {
    let (server, device) = (Server::standing(), Who::device());
    let good = server.issue(&device.csr(None));
    let revoked = server.issue(&Who::new("CN=device-2").csr(None));
    *server.crl.borrow_mut() = Some(crl(server.authority.ca(), server.ca_key, 7, &[&revoked]));
    (server, device, [good, revoked])
}

fn query(server: &Server, signer: &Certificate) -> Query<Crl> {
    let wanted = IssuerAndSerialNumber::of(signer);
    Query::new(URL, signer.clone(), wanted, server.trust(), &RustCrypto).unwrap()
}

#[test]
fn a_device_asks_for_the_crl_and_learns_what_is_revoked() {
    let (server, device, [good, revoked]) = server();
    let found = ask(&mut query(&server, &good), device.key, |request| server.handle(request));
    let found = found.unwrap();
    let tolerance = Tolerance::default();
    let verified = found.verify(server.authority.ca(), NOW, &RustCrypto, &tolerance).unwrap();
    assert_eq!(verified.revocation(&good), Ok(None));
    let entry = verified.revocation(&revoked).unwrap().unwrap();
    assert_eq!(entry.reason, Some(CrlReason::KeyCompromise));
}

#[test]
fn section_4_6_1_the_reply_holds_the_crl_and_no_certificate() {
    let (server, device, [good, _]) = server();
    let named = [good.issuer().as_der(), &[2, u8::try_from(good.serial().len()).unwrap()]];
    let named = [&named.concat()[..], good.serial()].concat();
    let content = devicecert_pki::asn1::Writer::build(|w| w.value(0x30, &named));
    let message = PkiMessage::request(&device, "22", server.envelope(&content)).to_der();
    let reply = server.reply(&message);
    assert_eq!(reply.outcome(), ("0".to_owned(), None));
    assert_eq!(reply.text(AttributeName::MessageType).unwrap(), "3");
    let content = reply.open(&Received::parse(&message).signer(), device.key);
    let bundle = Bundle::parse(&content, &Limits::default()).unwrap();
    let crl = server.crl.borrow().clone().unwrap();
    assert_eq!(bundle.crls().collect::<Vec<_>>(), [crl.as_der()]);
    assert_eq!(bundle.certificates().count(), 0);
    // §3.4: neither content nor signer.
    let signed = devicecert_pki::cms::SignedData::parse(&content, &Limits::default()).unwrap();
    assert!(matches!(signed.unverified_content(), devicecert_pki::cms::Content::Absent));
    assert!(signed.signers().is_empty());
}

#[test]
fn a_crl_of_another_issuer_cannot_be_handed_out() {
    let (server, device, [good, _]) = server();
    let sent = std::cell::RefCell::new(Vec::new());
    let answer = |request: &http::Request<Vec<u8>>| {
        sent.borrow_mut().clone_from(request.body());
        server.handle(request)
    };
    ask(&mut query(&server, &good), device.key, answer).unwrap();
    let request = server.open(&sent.borrow());
    assert!(matches!(request.content(), Content::GetCrl(_)));
    let other = root("CN=Another CA", &keys::STRANGER);
    let error = request.found_crl(crl(&other, &keys::STRANGER, 1, &[])).unwrap_err();
    assert_eq!(error, Misuse::NotAskedFor.into());
    assert!(request.found_certificate(good).is_err());
}

/// Whatever the reply holds in its crls field, in place of the server's own.
fn ask_and_hear(
    server: &Server,
    device: &Who,
    signer: &Certificate,
    held: &[&Crl],
) -> Result<Crl, devicecert_scep::Error> {
    let answer = |request: &http::Request<Vec<u8>>| match request.uri().query() {
        Some("operation=PKIOperation") => {
            let mut reply = PkiMessage::reply(server, request.body(), PkiStatus::Success);
            let bundle = Bundle::of_crls(held.iter().copied()).to_der();
            let to = Received::parse(request.body()).signer();
            let envelope = Seal::default().envelope(&bundle, &to, &RustCrypto);
            reply.content = Some(envelope.unwrap());
            Response::new(reply.to_der())
        }
        _ => server.handle(request),
    };
    ask(&mut query(server, signer), device.key, answer)
}

#[test]
fn a_client_takes_only_a_crl_that_the_ca_signed() {
    let (server, device, [good, _]) = server();
    let ca = server.authority.ca();
    let same_name = root("CN=Test CA", &keys::STRANGER);
    let forged = crl(&same_name, &keys::STRANGER, 99, &[]);
    let other = root("CN=Another CA", &keys::STRANGER);
    let foreign = crl(&other, &keys::STRANGER, 99, &[]);
    let nothing = UnacceptableReply::NotWhatWasAskedFor.into();
    for held in [&[][..], &[&forged], &[&foreign], &[&forged, &foreign]] {
        assert_eq!(ask_and_hear(&server, &device, &good, held).unwrap_err(), nothing);
    }
    let honest = crl(ca, server.ca_key, 1, &[]);
    let found = ask_and_hear(&server, &device, &good, &[&forged, &honest, &foreign]).unwrap();
    assert_eq!(found, honest);
}

#[test]
fn of_several_a_client_takes_the_newest() {
    let (server, device, [good, _]) = server();
    let numbered = |number| crl(server.authority.ca(), server.ca_key, number, &[]);
    let (old, new) = (numbered(255), numbered(256));
    for held in [[&old, &new], [&new, &old]] {
        assert_eq!(ask_and_hear(&server, &device, &good, &held).unwrap(), new);
    }
}

#[test]
fn a_ca_without_a_crl_refuses() {
    let (server, device, [good, _]) = server();
    *server.crl.borrow_mut() = None;
    let error = ask(&mut query(&server, &good), device.key, |request| server.handle(request));
    assert!(matches!(error.unwrap_err(), devicecert_scep::Error::Refused(_)));
}
