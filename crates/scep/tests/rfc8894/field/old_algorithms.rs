//! Single DES and MD5, which RFC 8894 §2.9 forbids and micromdm, Cisco IOS and Juniper send.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert_pki::cms::{Bundle, Seal};
use devicecert_pki::error::Unsupported;
use devicecert_pki::oid;
use devicecert_scep::error::Misuse;
use devicecert_scep::{Error, PkiStatus, Tolerance};

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{NOW, Server, Who, drive, legacy, receive, until_sent};

const DES: Seal = Seal::new(ContentCipher::DesCbc, KeyTransport::RsaPkcs1);

fn not_allowed(what: &'static str) -> Error {
    devicecert_pki::Error::from(Unsupported::Legacy(what)).into()
}

fn in_des(server: &Server) -> Vec<u8> {
    let device = Who::device();
    let csr = device.csr(Some("secret"));
    let envelope = DES.envelope(csr.as_der(), server.authority.recipient(), &RustCrypto).unwrap();
    PkiMessage::request(&device, "19", envelope).to_der()
}

fn in_md5(server: &Server) -> Vec<u8> {
    let mut message = PkiMessage::pkcs_req(&Who::device(), server);
    message.digest = DigestAlgorithm::Md5;
    message.to_der()
}

fn digest_of(reply: &Received) -> DigestAlgorithm {
    reply.0.signer().unwrap().digest_algorithm().try_into().unwrap()
}

#[test]
fn a_request_in_des_is_refused_as_bad_alg() {
    let server = Server::standing();
    let message = in_des(&server);
    assert_eq!(server.verify(&message).unwrap_err(), not_allowed("single DES"));
    assert_eq!(server.reply(&message).outcome().1.unwrap(), "0");
}

#[test]
fn where_des_is_allowed_it_is_answered_in_3des() {
    let mut server = Server::standing();
    server.authority.tolerance = legacy();
    let reply = server.reply(&in_des(&server));
    assert_eq!(reply.outcome().0, "0");
    let envelope = reply.envelope();
    assert_eq!(envelope.content_encryption_algorithm().oid, oid::DES_EDE3_CBC);
}

#[test]
fn a_request_in_md5_is_refused_as_bad_alg_with_sha_1() {
    let server = Server::standing();
    let message = in_md5(&server);
    assert_eq!(server.verify(&message).unwrap_err(), not_allowed("MD5"));
    let reply = server.reply(&message);
    assert_eq!(reply.outcome().1.unwrap(), "0");
    assert_eq!(digest_of(&reply), DigestAlgorithm::Sha1);
}

#[test]
fn where_md5_is_allowed_it_is_answered_with_sha_1() {
    let mut server = Server::standing();
    server.authority.tolerance = legacy();
    let message = in_md5(&server);
    let reply = server.reply(&message);
    assert_eq!(reply.outcome().0, "0");
    assert_eq!(digest_of(&reply), DigestAlgorithm::Sha1);
    // Also where somebody would have it otherwise.
    server.authority.weakest_digest = DigestAlgorithm::Md5;
    assert_eq!(digest_of(&server.reply(&message)), DigestAlgorithm::Sha1);
    // It is checked, not waved through.
    let mut altered = message;
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(server.reply(&altered).outcome().1.unwrap(), "1");
}

fn received(tolerance: Tolerance, seal: Seal, digest: DigestAlgorithm) -> Result<(), Error> {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().tolerance = tolerance;
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let to = Received::parse(request.body()).signer();
    let bundle = Bundle::new([&server.issue(&device.csr(None))]).to_der();
    let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Success);
    reply.digest = digest;
    reply.content = Some(seal.envelope(&bundle, &to, &RustCrypto).unwrap());
    receive(&mut enrolment, device.key, reply.to_der()).map(drop)
}

/// NDES up to 2008 and micromdm's server always answer so.
#[test]
fn a_client_takes_a_reply_in_des_or_md5_only_where_that_is_allowed() {
    let sha1 = DigestAlgorithm::Sha1;
    assert_eq!(received(Tolerance::default(), DES, sha1), Err(not_allowed("single DES")));
    assert_eq!(received(legacy(), DES, sha1), Ok(()));
    let (md5, aes) = (DigestAlgorithm::Md5, Seal::default());
    assert_eq!(received(Tolerance::default(), aes, md5), Err(not_allowed("MD5")));
    assert_eq!(received(legacy(), aes, md5), Ok(()));
    assert_eq!(received(legacy(), DES, md5), Ok(()));
}

#[test]
fn a_client_that_takes_them_does_not_send_them() {
    let mut server = Server::standing();
    server.authority.capabilities = devicecert_scep::Capabilities::parse("DES\nMD5");
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().tolerance = legacy();
    enrolment.options().message_format = devicecert_scep::MessageFormat::Post;
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let sent = Received::parse(request.body());
    assert_eq!(digest_of(&sent), DigestAlgorithm::Sha1);
    let envelope = sent.envelope();
    assert_eq!(envelope.content_encryption_algorithm().oid, oid::DES_EDE3_CBC);
}

/// RFC 8894 §2.9 forbids both, whoever asks for them.
#[test]
fn a_client_writes_neither_also_when_it_is_told_to() {
    let server = Server::standing();
    let device = Who::device();
    let mut in_des = device.enrolment(&server);
    in_des.options().cipher = Some(ContentCipher::DesCbc);
    assert_eq!(drive(&mut in_des, device.key, &server).unwrap_err(), Misuse::SingleDes.into());
    in_des.options().cipher = None;
    assert!(drive(&mut in_des, device.key, &server).is_ok());
    let mut in_md5 = device.enrolment(&server);
    in_md5.options().digest = Some(DigestAlgorithm::Md5);
    assert!(drive(&mut in_md5, device.key, &server).is_err());
}
