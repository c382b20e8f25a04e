//! Whole replies, each with everything that its sender was recorded to do differently, written
//! anew. The recordings themselves are read by `interop/tests/captures`.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{
    AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyTransport,
};
use devicecert_pki::asn1::tag;
use devicecert_pki::cms::{Bundle, Seal};
use devicecert_pki::oid;
use devicecert_scep::{AttributeName, Error, FailInfo, PkiStatus, Tolerance};

use super::ber::{definite_pieces, indefinite};
use crate::common::pki_message::{PkiMessage, Received, printable, string, utc_time};
use crate::common::surgery::{KEY_ENCRYPTION_ALGORITHM, changed, without_parameters};
use crate::common::{NOW, Server, Who, legacy, receive, until_sent};

const SENDER: AttributeName = AttributeName::SenderNonce;

const AES_128: Seal = Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RsaPkcs1);
const AES_128_OAEP: Seal = Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RSA_OAEP_SHA1);
const DES: Seal = Seal::new(ContentCipher::DesCbc, KeyTransport::RsaPkcs1);

/// A CertRep with everything that its server does differently, and what the device makes of it.
struct Answer {
    status: PkiStatus,
    seal: Seal,
    spell: fn(&[u8]) -> Vec<u8>,
    change: fn(PkiMessage, &Server) -> PkiMessage,
    frame: fn(Vec<u8>) -> Vec<u8>,
}

impl Answer {
    fn received(&self, tolerance: Tolerance) -> Result<(), Error> {
        let server = Server::standing();
        let device = Who::device();
        let mut enrolment = device.enrolment(&server);
        enrolment.options().tolerance = tolerance;
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let issued = server.issue(&device.csr(None));
        let mut reply = PkiMessage::reply(&server, request.body(), self.status);
        if self.status == PkiStatus::Success {
            let to = Received::parse(request.body()).signer();
            let bundle = Bundle::new([&issued]).to_der();
            reply.content =
                Some((self.spell)(&self.seal.envelope(&bundle, &to, &RustCrypto).unwrap()));
        }
        let reply = (self.frame)((self.change)(reply, &server).to_der());
        let chain = receive(&mut enrolment, device.key, reply)?;
        assert_eq!(chain[0], issued);
        Ok(())
    }
}

const PLAIN: Answer = Answer {
    status: PkiStatus::Success,
    seal: AES_128,
    spell: <[u8]>::to_vec,
    change: |reply, _| reply,
    frame: |reply| reply,
};

fn is_legacy(error: &Error) -> bool {
    use devicecert_pki::error::Unsupported;
    matches!(error, Error::Pki(devicecert_pki::Error::Unsupported(Unsupported::Legacy(_))))
}

#[test]
fn ndes() {
    let ndes = Answer {
        seal: AES_128_OAEP,
        change: |mut reply, _| {
            reply.digest = DigestAlgorithm::Sha1;
            reply.certificates.clear();
            let disposition = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.21.38");
            reply.and(disposition, string(tag::UTF8_STRING, "Issued"))
        },
        ..PLAIN
    };
    assert_eq!(ndes.received(Tolerance::STRICT), Ok(()));
}

#[test]
fn cryptlib_in_2018() {
    let cryptlib = Answer {
        change: |mut reply, server| {
            reply.certificates.push(server.issue(&Who::device().csr(None)));
            reply.without(SENDER).and(oid::SIGNING_TIME, utc_time("180101120000Z"))
        },
        ..PLAIN
    };
    assert_eq!(cryptlib.received(Tolerance::STRICT), Ok(()));
}

/// The server of micromdm.
#[test]
fn go_in_2016() {
    let go = Answer {
        seal: DES,
        spell: |der| definite_pieces(&changed(der, KEY_ENCRYPTION_ALGORITHM, without_parameters)),
        change: |mut reply, server| {
            let bare = AlgorithmIdentifier::without_parameters;
            reply.digest = DigestAlgorithm::Sha1;
            reply.named = Some([oid::SHA1, oid::RSA_ENCRYPTION].map(bare));
            reply.certificates.push(server.issue(&Who::device().csr(None)));
            reply.without(SENDER).and(oid::SIGNING_TIME, utc_time("160306165823-0400"))
        },
        ..PLAIN
    };
    assert!(is_legacy(&go.received(Tolerance::default()).unwrap_err()));
    assert_eq!(go.received(legacy()), Ok(()));
}

/// What a test of Apple's has recorded.
#[test]
fn a_server_with_md5_and_des() {
    let server = Answer {
        seal: DES,
        change: |mut reply, _| {
            reply.digest = DigestAlgorithm::Md5;
            reply.certificates.clear();
            reply
        },
        ..PLAIN
    };
    assert!(is_legacy(&server.received(Tolerance::default()).unwrap_err()));
    assert_eq!(server.received(legacy()), Ok(()));
}

/// BER throughout, MD5, no nonce, no certificate, and a failInfo that nobody defined.
#[test]
fn a_refusal_of_bt() {
    let bt = Answer {
        status: PkiStatus::Failure,
        change: |mut reply, _| {
            reply.digest = DigestAlgorithm::Md5;
            reply.certificates.clear();
            reply.without(SENDER).with(AttributeName::FailInfo, printable("14606"))
        },
        frame: |reply| indefinite(&reply, 6),
        ..PLAIN
    };
    assert!(is_legacy(&bt.received(Tolerance::default()).unwrap_err()));
    let Err(Error::Refused(refusal)) = bt.received(legacy()) else { panic!("not refused") };
    assert_eq!(refusal.fail_info, FailInfo::Other(14606));
}

/// BER throughout, as BouncyCastle streams it.
#[test]
fn ejbca() {
    let ejbca =
        Answer { spell: |der| indefinite(der, 7), frame: |reply| indefinite(&reply, 6), ..PLAIN };
    assert_eq!(ejbca.received(Tolerance::STRICT), Ok(()));
}

/// No parameters, and a text that Go makes a PrintableString.
#[test]
fn a_refusal_of_step_ca() {
    let step_ca = Answer {
        status: PkiStatus::Failure,
        change: |reply, server| {
            let bare = AlgorithmIdentifier::without_parameters;
            let mut reply = reply
                .with(AttributeName::FailInfo, printable("2"))
                .with(AttributeName::FailInfoText, printable("challenge password mismatch"));
            reply.named = Some([oid::SHA256, oid::SHA256_WITH_RSA].map(bare));
            reply.certificates = vec![server.authority.ca().clone()];
            reply
        },
        ..PLAIN
    };
    let Err(Error::Refused(refusal)) = step_ca.received(Tolerance::STRICT) else { panic!() };
    assert_eq!(refusal.fail_info, FailInfo::BadRequest);
    assert_eq!(refusal.text.as_deref(), Some("challenge password mismatch"));
}
