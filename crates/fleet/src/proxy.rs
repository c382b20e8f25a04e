//! Fleet's SCEP proxy: the URL that a device gets instead of the CA's, and what happens there.
//!
//! One loop, whatever HTTP server, client and database are around it:
//!
//! ```
//! use devicecert_fleet::Rules;
//! use devicecert_fleet::proxy::{Failure, Memory, Proxy, Step, Store, Upstream};
//! use devicecert_pki::Time;
//! use http::{Request, Response};
//!
//! # async fn send(_: Request<Vec<u8>>, _: std::time::Duration) -> Result<Response<Vec<u8>>, Failure> {
//! #     Err(Failure::Timeout)
//! # }
//! async fn handle<S: Store>(
//!     proxy: &Proxy,
//!     store: &S,
//!     request: Request<Vec<u8>>,
//!     now: Time,
//! ) -> Response<Vec<u8>> {
//!     let call = match proxy.route(&request) {
//!         Ok(call) => call,
//!         Err(refusal) => return refusal.to_response(),
//!     };
//!     let mut relay = match proxy.check(call, store, now).await {
//!         Ok(relay) => relay,
//!         Err(denied) => return denied.to_response(),
//!     };
//!     let answer = loop {
//!         match relay.step() {
//!             Step::Send(request) => match send(request, relay.timeout()).await {
//!                 Ok(response) => relay.received(response),
//!                 Err(failure) => relay.failed(failure),
//!             },
//!             Step::Done(answer) => break answer,
//!         }
//!     };
//!     if let Some(report) = answer.report {
//!         report.file(store).await.unwrap_or_else(|error| eprintln!("{error}"));
//!     }
//!     answer.response
//! }
//! ```

mod call;
mod certificate;
mod check;
mod identifier;
mod memory;
mod passcode;
mod profile;
mod record;
mod refusal;
mod relay;
mod report;
mod settings;
mod shown;
mod slot;
mod store;

pub use call::{Call, Operation};
pub use certificate::{CaType, ManagedCertificate};
pub use check::Denied;
pub use identifier::{Identifier, InvalidServerUrl, PATH};
pub use memory::Memory;
pub use passcode::Passcode;
pub use profile::{
    InvalidProfileUuid, Platform, Profile, ProfileOperation, ProfileStatus, ProfileUuid,
};
pub use record::Record;
pub use refusal::Refusal;
pub use relay::{Answer, Failure, Relay, Step};
pub use report::Report;
pub use settings::{InvalidUpstream, Limits, Proxy, Upstream};
pub use shown::Shown;
pub use slot::{InvalidSlot, Slot};
pub use store::{Claim, Resend, Store, UpstreamFailure};
