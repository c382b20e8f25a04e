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
//! use devicecert_scep::{Authority, Content, Decision, Error, FailInfo, Message, Refusal, Reply};
//!
//! fn answer<K: Signer + Decryptor>(
//!     body: &[u8],
//!     authority: &Authority,
//!     key: &K,
//!     provider: &'static dyn Provider,
//!     policy: impl Fn(&devicecert_scep::Request) -> Decision,
//! ) -> Result<Option<Reply>, Error> {
//!     let message = Message::parse(body, &authority.limits)?; // else: HTTP status 400
//!     let reply = match message.verify(authority, provider) {
//!         Ok(locked) => {
//!             let request = locked.unlock(key)?;
//!             Some(request.reply(policy(&request), authority, provider)?)
//!         }
//!         Err(error) => message.refuse(&error, authority, provider)?, // None: HTTP status 400
//!     };
//!     Ok(reply.map(|reply| reply.sign(key)).transpose()?)
//! }
//! ```
//!
//! Covered: §2 (all but the optional RFC 4387 store), §3.1 with key transport, §3.2, §3.3 with
//! PKCSReq, RenewalReq, CertPoll and CertRep, §3.4, §3.5, §4.1 to §4.4.
//!
//! Not covered: password recipients (§3.1), GetCert and GetCRL (§3.3.4, §4.5, §4.6), GetNextCACert
//! and rollover (§4.7, §5.1). A server refuses the first two as badRequest.

mod attribute;
mod authorisation;
mod authority;
mod ca_certificates;
mod capabilities;
mod enrolment;
pub mod error;
mod fingerprint;
mod message;
mod operation;
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
pub use reply::Reply;
pub use request::{Content, Decision, Enrol, Grant, IssuerAndSubject, Request};
pub use tolerance::Tolerance;
pub use transaction::{Transaction, TransactionKey};
