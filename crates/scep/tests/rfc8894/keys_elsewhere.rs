//! Private keys that answer later: in an HSM, at a cloud service, in a TPM.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::error::KeyError;
use devicecert_pki::{Decryptor, Secret, Signer, ToBeDecrypted, ToBeSigned};
use devicecert_scep::{Content, Decision, Error, FailInfo, PkiStatus, Refusal};

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{Server, Who};

/// Polls to the end, and tells how often the future was not ready.
fn block_on<F: Future>(future: F) -> (F::Output, usize) {
    let mut future = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut waited = 0;
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return (output, waited),
            Poll::Pending => waited += 1,
        }
    }
}

/// A future that is not ready the first time.
#[derive(Default)]
struct RoundTrip(bool);

impl Future for RoundTrip {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Why a key service did not answer.
#[derive(Debug, PartialEq)]
enum Failure {
    Network,
    Ours(devicecert_pki::Error),
}

impl From<devicecert_pki::Error> for Failure {
    fn from(error: devicecert_pki::Error) -> Self {
        Self::Ours(error)
    }
}

async fn sign(key: &PrivateKey, ask: ToBeSigned) -> Result<Vec<u8>, Failure> {
    RoundTrip::default().await;
    key.sign(&ask).map_err(|error| Failure::Ours(error.into()))
}

async fn decrypt(key: &PrivateKey, ask: ToBeDecrypted) -> Result<Secret, KeyError> {
    RoundTrip::default().await;
    key.decrypt(&ask)
}

#[test]
fn a_request_is_opened_and_answered_with_keys_that_answer_later() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    let locked = server.verify(&message.to_der()).unwrap();
    let ask = locked.to_be_decrypted().unwrap();
    let ToBeDecrypted::KeyTransport(wanted) = ask else { panic!("{ask:?}") };
    assert!(wanted.recipient.names(server.authority.ca(), &devicecert_pki::Tolerance::STRICT));
    let (request, waited) = block_on(locked.unlock_async(|ask| decrypt(server.key, ask)));
    assert_eq!(waited, 1);
    let request = request.unwrap();
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };

    let authorisation = enrol.challenge_matches([&server.challenge]).unwrap();
    let decision = request.grant(authorisation, server.issue(enrol.csr())).unwrap();
    let unsigned = request.reply(decision, &server.authority, &RustCrypto).unwrap();
    assert_eq!(unsigned.to_be_signed().key, *server.key.public_key());
    let (reply, waited) = block_on(unsigned.sign_async(|ask| sign(server.key, ask)));
    assert_eq!(waited, 1);
    let reply = reply.unwrap();
    assert_eq!(reply.status(), PkiStatus::Success);
    let reply = Received::parse(reply.as_der());
    let tolerance = devicecert_pki::Tolerance::STRICT;
    assert!(reply.0.verify(server.authority.signer(), &RustCrypto, &tolerance).is_ok());
    assert!(!reply.open(&message.signer, message.key).is_empty());
}

/// What a remote key says about a padding must not reach the peer.
#[test]
fn a_key_that_fails_to_decrypt_leaves_a_request_that_cannot_be_read() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    for answer in [Err(KeyError::Failed), Err(KeyError::Unusable("offline")), Ok("short".into())] {
        let locked = server.verify(&message).unwrap();
        let (request, _) = block_on(locked.unlock_async(|_| async { answer }));
        let request = request.unwrap();
        assert!(matches!(request.content(), Content::Unreadable(Error::Pki(_))));
        let reply = request.reply(Decision::Defer, &server.authority, &RustCrypto).unwrap();
        let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
        assert_eq!(reply.outcome(), ("2".to_owned(), Some("1".to_owned())));
    }
}

/// No key is asked for an envelope that is somebody else's.
#[test]
fn a_key_is_not_asked_in_vain() {
    let mut server = Server::standing();
    server.authority.tolerance.cms.only_recipient = false;
    let device = Who::device();
    let other = device.self_signed();
    let seal = devicecert_pki::cms::Seal::default();
    let envelope = seal.envelope(device.csr(None).as_der(), &other, &RustCrypto).unwrap();
    let message = PkiMessage::request(&device, "19", envelope).to_der();
    let locked = server.verify(&message).unwrap();
    assert!(locked.to_be_decrypted().is_none());
    let (request, waited) = block_on(locked.unlock_async(|_| async { panic!("asked") }));
    assert_eq!(waited, 0);
    assert!(matches!(request.unwrap().content(), Content::Unreadable(_)));
}

#[test]
fn a_key_that_fails_to_sign_is_the_callers_to_deal_with() {
    let server = Server::standing();
    let refuse = || {
        let request = server.open(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
        let refusal = Decision::Refuse(Refusal::new(FailInfo::BadTime));
        request.reply(refusal, &server.authority, &RustCrypto).unwrap()
    };
    let (failed, _) = block_on(refuse().sign_async(|_| async { Err(Failure::Network) }));
    assert_eq!(failed.unwrap_err(), Failure::Network);
    // A service that fails quietly answers with nothing.
    let (failed, _) = block_on(refuse().sign_async(|_| async { Ok::<_, Failure>(Vec::new()) }));
    let empty = devicecert_pki::error::Misuse::Signature;
    assert_eq!(failed.unwrap_err(), Failure::Ours(empty.into()));
}

#[test]
fn a_signature_may_be_made_elsewhere_and_attached() {
    let server = Server::standing();
    let request = server.open(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
    let unsigned = request.reply(Decision::Defer, &server.authority, &RustCrypto).unwrap();
    let ask = unsigned.to_be_signed().clone();
    assert!(!format!("{ask:?}").contains("secret"));
    let signature = server.key.sign(&ask).unwrap();
    let reply = unsigned.attach(&signature).unwrap();
    assert_eq!(reply.status(), PkiStatus::Pending);
    let tolerance = devicecert_pki::Tolerance::STRICT;
    let reply = Received::parse(reply.as_der());
    assert!(reply.0.verify(server.authority.signer(), &RustCrypto, &tolerance).is_ok());
}
