//! SCEP (RFC 8894), both roles, without I/O.
//!
//! A client is an [`Enrolment`]: a value that says what to send, sign or decrypt next. A server
//! goes through types in the order of what has been proven:
//!
//! ```text
//! HTTP request ▸ Operation ▸ Message ─verify▸ Locked<Request> ─unlock▸ Request ─(your policy)▸ Decision ▸ Unsigned<Reply> ─sign▸ Reply
//! ```
//!
//! ```
//! use devicecert_pki::{Decryptor, Provider, Signer};
//! use devicecert_scep::{Authority, Decision, Error, Message, Reply, Request};
//!
//! fn answer<K: Signer + Decryptor>(
//!     body: &[u8],
//!     authority: &Authority,
//!     key: &K,
//!     provider: &'static dyn Provider,
//!     policy: impl Fn(&Request) -> Decision,
//! ) -> Result<Reply, Error> {
//!     let message = Message::parse(body, &authority.limits)?; // an error here is HTTP status 400
//!     let reply = match message.verify(authority, provider) {
//!         Ok(locked) => {
//!             let request = locked.unlock(key)?;
//!             request.reply(policy(&request), authority, provider)?
//!         }
//!         // Not even a transactionID to answer to: HTTP status 400, too.
//!         Err(error) => message.refuse(&error, authority, provider)?.ok_or(error)?,
//!     };
//!     Ok(reply.sign(key)?)
//! }
//! ```
//!
//! With keys that answer later it is the same with `unlock_async` and `sign_async`:
//!
//! ```
//! # use std::future::Future;
//! # use devicecert_pki::{Provider, Secret, ToBeDecrypted, ToBeSigned, error::KeyError};
//! # use devicecert_scep::{Authority, Decision, Error, Message, Reply, Request};
//! # struct Kms;
//! # impl Kms {
//! #     async fn decrypt(&self, _: ToBeDecrypted) -> Result<Secret, KeyError> { Err(KeyError::Failed) }
//! #     async fn sign(&self, _: ToBeSigned) -> Result<Vec<u8>, devicecert_pki::Error> { Ok(vec![]) }
//! # }
//! async fn answer<D: Future<Output = Decision>>(
//!     body: &[u8],
//!     authority: &Authority,
//!     kms: &Kms,
//!     provider: &'static dyn Provider,
//!     policy: impl Fn(&Request) -> D,
//! ) -> Result<Reply, Error> {
//!     let message = Message::parse(body, &authority.limits)?;
//!     let reply = match message.verify(authority, provider) {
//!         Ok(locked) => {
//!             let request = locked.unlock_async(|ask| kms.decrypt(ask)).await?;
//!             let decision = policy(&request).await;
//!             request.reply(decision, authority, provider)?
//!         }
//!         Err(error) => message.refuse(&error, authority, provider)?.ok_or(error)?,
//!     };
//!     Ok(reply.sign_async(|ask| kms.sign(ask)).await?)
//! }
//! ```
//!
//! Covered: §2 (all but the optional RFC 4387 store), §3.1 with key transport, §3.2, §3.3 with
//! PKCSReq, RenewalReq, CertPoll and CertRep, §3.4, §3.5, §4.1 to §4.4.
//!
//! Not covered: password recipients (§3.1), GetCert and GetCRL (§3.3.4, §4.5, §4.6), GetNextCACert
//! and rollover (§4.7, §5.1). A server answers GetCert and GetCRL
//! with FAILURE badRequest, and a password recipient like any other envelope that is not for it.

mod attribute;
mod authorisation;
mod authority;
mod bounds;
mod ca_certificates;
mod capabilities;
mod enrolment;
pub mod error;
mod fingerprint;
mod message;
mod operation;
mod permit;
mod reply;
mod request;
mod text;
mod tolerance;
mod transaction;

pub use attribute::{AttributeName, FailInfo, MessageType, Nonce, PkiStatus, TransactionId};
pub use authorisation::{Authorisation, NoRenewal, RenewalEvidence};
pub use authority::Authority;
pub use ca_certificates::{CaCertificates, Trust};
pub use capabilities::Capabilities;
pub use enrolment::{Enrolment, EnrolmentOptions, MessageFormat, Saved, Step};
pub use error::{Error, Refusal};
pub use fingerprint::Fingerprint;
pub use message::Message;
pub use operation::Operation;
pub use permit::{NotPermitted, Permit};
pub use reply::Reply;
pub use request::{Content, Decision, Enrol, Grant, Request};
pub use tolerance::Tolerance;
pub use transaction::{Transaction, TransactionKey};
