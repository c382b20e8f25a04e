//! EST (RFC 7030, with RFC 8951 and RFC 9908), both roles, without I/O.
//!
//! A client asks an [`Endpoint`]: first for the CA's certificates, then, with an [`Enrolment`],
//! for its own. A server goes through types in the order of what has been found out:
//!
//! ```text
//! HTTP request ▸ Call ─(who asks? TLS and HTTP tell)▸ Client ─read▸ Request ─(your policy)▸ Decision ▸ HTTP response
//! ```
//!
//! ```
//! use devicecert_pki::{Certificate, Provider};
//! use devicecert_est::{Call, Client, CsrAttrs, Decision, Enrol, Error, Refusal, Request, Service};
//!
//! fn answer(
//!     service: &Service,
//!     request: &http::Request<Vec<u8>>,
//!     authenticate: impl Fn(&Call<'_>) -> Result<Client, Refusal>,
//!     policy: impl Fn(&Enrol) -> Result<Decision, Error>,
//!     ca: &Certificate,
//!     provider: &dyn Provider,
//! ) -> http::Response<Vec<u8>> {
//!     let call = match service.route(request) {
//!         Ok(call) => call,
//!         Err(error) => return service.refuse(&error),
//!     };
//!     let client = match authenticate(&call) {
//!         Ok(client) => client,
//!         Err(refusal) => return call.refuse(&refusal),
//!     };
//!     let response = call.read(request, &client, provider).and_then(|request| match request {
//!         Request::CaCerts => Ok(call.ca_certs([ca])),
//!         Request::CsrAttrs => Ok(call.csr_attrs(None)),
//!         Request::Enrol(enrol) => call.reply(&policy(&enrol)?),
//!         _ => Ok(call.refuse(&Refusal::new(http::StatusCode::NOT_IMPLEMENTED)?)),
//!     });
//!     response.unwrap_or_else(|error| call.refuse_error(&error))
//! }
//! ```
//!
//! TLS is the caller's: it tells who the server is, who the client is, and what binds a request to
//! the connection ([`ChannelBinding`]).
//!
//! Covered: RFC 7030 §3.2.2 (paths and labels), §3.5 (linking), §3.6 (who may speak for the CA,
//! given what TLS found out), §3.7 (registration authorities), §4.1 to §4.5; RFC 8951; RFC 9908;
//! RFC 6402 §2.8; RFC 7894's estIdentityLinking; of RFC 5272 what [`cmc`] says.
//!
//! Not covered: TLS itself, certificate-less TLS (§3.3.3), the further operations of RFC 8295,
//! EST over CoAP (RFC 9148), otpChallenge and revocationChallenge of RFC 7894.

mod authentication;
mod body;
mod ca_certificates;
mod certs_only;
mod change_subject_name;
pub mod cmc;
mod csr_attrs;
mod emission;
mod endpoint;
mod enrolment;
pub mod error;
mod grant;
mod key_generation;
mod limits;
mod linking;
mod media_type;
mod multipart;
pub mod oid;
mod operation;
mod path;
mod quoted;
mod refusal;
mod renewal;
mod request;
mod retry_after;
mod service;
mod tolerance;
mod trust;

pub use authentication::{Authorization, Challenge, Credentials, DigestAuthorization, DigestHash};
pub use ca_certificates::{CaCertificates, Role, UnverifiedCaCertificates};
pub use change_subject_name::ChangeSubjectName;
pub use csr_attrs::{
    AttrOrOid, CsrAttrs, ExtensionTemplate, KeyDemand, Plan, SubjectAttribute, Template, Undecided,
};
pub use emission::{EmissionProfile, Lines};
pub use endpoint::Endpoint;
pub use enrolment::{Draft, Enrolment, EnrolmentOptions, Issued, Saved, Step};
pub use error::Error;
pub use grant::{Authorisation, Decision, EnvelopeKey, Grant, NoRenewal, RenewalEvidence};
pub use key_generation::{GeneratedKey, KeyProtection, PrivateKeyFormat, WantedProtection};
pub use limits::Limits;
pub use linking::{ChannelBinding, Linking, LinkingAttribute, LinkingPolicy};
pub use operation::{Label, Operation};
pub use path::PathError;
pub use refusal::{Refusal, RefusalKind};
pub use request::{Client, Enrol, GenerateKey, Request};
pub use service::{Call, Service};
pub use tolerance::Tolerance;
pub use trust::{
    ExplicitTrustAnchors, ImplicitTrustAnchors, NameMatch, NotAuthorised, ServerAuthorisation,
};
