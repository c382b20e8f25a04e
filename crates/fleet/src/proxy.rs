//! Fleet's SCEP proxy: the URL that a device gets instead of the CA's, and what happens there.
//!
//! The URL says for which host, profile and CA it is, and for most CAs has a passcode at its end: an
//! [`Identifier`]. The proxy opens no message. It asks a [`Store`] whether somebody expects the
//! certificate, has each [`Passcode`] count once, and passes on what the device sends.
//!
//! One loop, whatever HTTP server, HTTP client and database are around it:
//!
//! ```
//! use std::time::Duration;
//!
//! use devicecert_fleet::Rules;
//! use devicecert_fleet::proxy::{
//!     CaType, Failure, Identifier, ManagedCertificate, Memory, Passcode, Profile, ProfileStatus,
//!     Proxy, Record, Step, Store,
//! };
//! use devicecert_pki::Time;
//! use http::{Request, Response};
//!
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
//!
//! /// The HTTP client.
//! async fn send(_: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Failure> {
//!     // …
//! #   Ok(Response::new(b"POSTPKIOperation".to_vec()))
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let proxy = Proxy::new(Rules::Current).custom_scep("WIFI", "http://ca.example/scep".parse()?);
//! let store = Memory::new();
//! # let random = [0; Passcode::RANDOM_BYTES];
//! # let now = Time::from_unix(1_800_000_000);
//!
//! // Before a profile is sent: its URL, and what the proxy has to know.
//! let passcode = Passcode::from_random(random);
//! let profile = "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC";
//! let identifier = Identifier::custom_scep("6C3E1A", profile, "WIFI", passcode.clone())?;
//! let url = identifier.to_url("https://mdm.example")?;
//! let slot = identifier.slot().clone();
//! store.record(Record::Certificate(ManagedCertificate::new(&slot, CaType::CustomScep))).await?;
//! store.record(Record::Passcode { slot: slot.clone(), passcode, made_at: now }).await?;
//! let pending = Profile::new(ProfileStatus::Pending);
//! store.set_profile(slot.host(), slot.profile(), pending).await?;
//!
//! // The device enrols, and cannot do so twice with the same profile.
//! let url = format!("{}?operation=PKIOperation", str::from_utf8(url.expose())?);
//! let request = Request::post(url).body(b"a pkiMessage".to_vec())?;
//! let response = handle(&proxy, &store, request.clone(), now).await;
//! assert_eq!(response.status(), 200);
//! let response = handle(&proxy, &store, request, now).await;
//! assert_eq!(response.body(), b"custom scep challenge failed\n");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The URL of a request is as secret as the passcode in it: keep it out of the logs of HTTP servers,
//! and let a device reach the proxy by TLS only.
//!
//! # Where it is not as Fleet
//!
//! The texts, their order and the HTTP statuses are Fleet's, of late 2025 or of 2026
//! ([`Rules`](crate::Rules)). Three texts are not known, and ours: for errors with status 500
//! (`Internal Server Error`), for a CA that does not answer in time (`request timed out`), and for a
//! profile that is being removed.
//!
//! * A passcode counts for the host, profile and CA that it was made for. With Fleet it counts for
//!   any, so that one host could use that of another.
//! * An identifier with a fifth field, or with a comma, slash, percent sign or control character in
//!   a field, is invalid. A `message` that names a CA is bounded.
//! * A profile that is being removed gets no certificate. Of Apple and Android devices Fleet does not
//!   look at that.
//! * What a device or the CA sent is repeated in part, with control characters escaped. The URL of
//!   the CA is never told.
//! * A reply that is too long is a failure; Fleet cuts it off. So is every HTTP status but 2xx.
//! * A profile whose certificate was seen on the host is not sent again because of a wrong passcode
//!   or an old challenge, and a challenge of an unknown age is old.
//! * A PKIOperation without a message is refused however it comes; Fleet passes on an empty POST.
//! * A store that fails is status 500. Fleet says that the passcode is wrong, and sends the profile
//!   again.
//! * A CA that cannot be reached is not asked a second time within one request.
//! * A literal `+` in the query is kept by both editions. Fleet lost it until 2026.
//! * That a CA has answered a device with Windows takes back an earlier failure; the status becomes
//!   verifying. With Fleet a certificate has to be seen on the host for that.

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
pub use slot::{InvalidSlot, Slot};
pub use store::{Claim, Resend, Store, UpstreamFailure};
