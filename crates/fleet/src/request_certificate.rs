//! A certificate for a device that Fleet does not manage by profiles, such as one with Linux: the
//! call `request_certificate` of Fleet's API, both roles.
//!
//! Whoever calls has a key and a certification request; Fleet has the credentials of a CA, and lends
//! them to callers that may have the names in the request.
//!
//! # The caller
//!
//! ```
//! use devicecert_fleet::request_certificate::{Api, Ask, AuthorityId, Output};
//! use devicecert_fleet::Limits;
//! use devicecert_pki::{CsrParams, GeneralName, Secret, Signer};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn renew(key: &dyn Signer, token: Secret) -> Result<(), Error> {
//!
//! let mut params = CsrParams::new("CN=ada@example.com".parse()?);
//! params.subject_alt_name = vec![
//!     GeneralName::Email("ada@example.com".into()),
//!     GeneralName::Upn("ada@example.com".into()),
//! ];
//! let csr = params.unsigned(key.public_key())?.sign(key)?;
//!
//! let api = Api::new("https://fleet.example")?;
//! let ask = Ask::new(csr).output(Output::Certificate);
//! let request = api.with_token(AuthorityId::from(3), &ask, &token)?;
//! let answer = ask.read(&send(request)?, &Limits::default())?;
//! println!("{:?}", answer.certificate);
//! # Ok(())
//! # }
//! ```
//!
//! A device that Fleet knows needs no token: [`Api::unauthenticated`] makes the request that
//! [`HostIdentity::unsigned`](crate::message_signature::HostIdentity::unsigned) takes.
//!
//! # Fleet
//!
//! [`Service::handle`] makes a [`Handling`], which takes turns: it says what it needs, and the
//! caller, who has the network and the database, hands the answer in. In which order things are
//! checked, and what is said, is Fleet's, for both editions of [`Rules`](crate::Rules):
//!
//! ```
//! use devicecert_fleet::request_certificate::{Caller, AuthorityId, Issued, Reply, Service, Step};
//! # use devicecert_fleet::request_certificate::{Authority, Introspection, Issue};
//! # trait Database { fn authority(&self, id: AuthorityId) -> Option<Authority>; }
//! # trait Network { fn introspect(&self, r: http::Request<Vec<u8>>) -> Introspection; fn issue(&self, i: Issue) -> Issued; }
//!
//! fn answer(
//!     service: &Service,
//!     caller: Caller<'_>,
//!     request: &http::Request<Vec<u8>>,
//!     ca: AuthorityId, // AuthorityId::from_path
//!     database: &dyn Database,
//!     network: &dyn Network,
//! ) -> http::Response<Vec<u8>> {
//!     let mut handling = match service.handle(&caller, ca, request.body()) {
//!         Ok(handling) => handling,
//!         Err(refusal) => return refusal.to_http(),
//!     };
//!     loop {
//!         handling = match handling.step() {
//!             Step::LookUp(asked) => {
//!                 let found = database.authority(asked.id());
//!                 asked.found(found)
//!             }
//!             Step::Introspect(asked) => {
//!                 let answer = network.introspect(asked.request());
//!                 asked.answered(&answer)
//!             }
//!             Step::Issue(asked) => {
//!                 let issued = network.issue(asked.issue().clone());
//!                 asked.issued(issued)
//!             }
//!             Step::Done(Reply::Issued(certificate)) => return certificate.to_http(),
//!             Step::Done(Reply::Refused(refusal)) => return refusal.to_http(),
//!         };
//!     }
//! }
//! ```
//!
//! What Fleet of late 2025 ([`Rules::Guide`](crate::Rules::Guide)) did not check, it does not check
//! here: whoever has a token may name the identity provider that vouches for him, and have the server
//! ask any URL. [`Rules::Current`](crate::Rules::Current) with [`Policy::default`] is closed until
//! somebody opens it.
//!
//! Neither edition checks the signature of the certification request itself; the CA does.
//!
//! Not covered: EST and SCEP, which [`Issue`] is done with (`devicecert-est`, `devicecert-scep`); the
//! path and the body of the call that gets the challenge of an NDES, which are not known:
//! [`ChallengeCall`] says who gets one, and what is said to the others.

mod answer;
mod api;
mod ask;
mod authority;
mod authority_id;
mod caller;
mod challenge;
mod error;
mod further;
mod handling;
mod introspection;
mod issue;
mod json;
mod names;
mod pem;
mod policy;
mod refusal;
mod request;
mod service;

pub use answer::{Answer, Form};
pub use api::Api;
pub use ask::{Ask, IdpToken, Output};
pub use authority::{Authority, Issuer};
pub use authority_id::AuthorityId;
pub use caller::{Caller, EnrolledHost, Role};
pub use challenge::{ChallengeCall, ChallengeIssuer};
pub use error::{Error, InvalidAnswer, Misuse, Reason};
pub use handling::{Handling, Introspecting, Issuing, LookingUp, Reply, Step};
pub use introspection::{IdpFault, Introspection};
pub use issue::{CertificateText, EnvelopeFault, FailInfo, Issue, Issued, PkiStatus};
pub use names::CsrFault;
pub use policy::{HostBinding, IdentityProviders, Policy};
pub use refusal::Refusal;
pub use service::Service;
