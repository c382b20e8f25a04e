//! Certificate Management over CMS, as far as `/fullcmc` and error bodies need it
//! (RFC 7030 §4.3, RFC 5272, RFC 6402).
//!
//! A client puts requests and controls into a [`PkiData`], has it signed, and sends it with
//! [`Endpoint::full_cmc`](crate::Endpoint::full_cmc); a server answers with a [`PkiResponse`].
//! CRMF requests are carried but not read; revocation, archival, proofs of identity by shared
//! secret and encrypted proofs of possession are not implemented, nor is AuthenticatedData.

mod control;
mod fail_info;
mod message;
mod pki_data;
mod pki_response;
mod status;

pub use control::Control;
pub use fail_info::{FailInfo, Status};
pub use message::{FullRequest, FullResponse};
pub use pki_data::{PkiData, TaggedRequest};
pub use pki_response::PkiResponse;
pub use status::{BodyPartReference, OtherInfo, StatusInfo};
