//! The interfaces of CAs that speak neither SCEP nor EST, and of services beside those that do: as
//! values, without I/O.
//!
//! | module | what is had from it | over |
//! |---|---|---|
//! | [`digicert`] | a certificate | REST of DigiCert ONE, Trust Lifecycle Manager |
//! | [`ejbca`] | a certificate | REST of EJBCA |
//! | [`ndes`] | a challenge for SCEP | the admin page of Windows' NDES, with NTLM or Basic |
//! | [`okta`] | a challenge for SCEP | an endpoint that imitates that page |
//! | [`smallstep`] | a challenge for SCEP | a webhook in the form of Jamf Pro's |
//! | [`intune`] | leave to issue | the validation service for SCEP requests |
//!
//! Each is a pair of functions for each question: one makes an `http::Request`, the other reads the
//! `http::Response`. What lies between is the caller's: sending, timeouts, proxies, retries. Redirects
//! are not followed, since they would carry credentials elsewhere.
//!
//! ```
//! use devicecert_ca::{Credentials, Limits, Uuid, smallstep};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn challenge(account: &smallstep::Account, random: [u8; 16], now: devicecert_pki::Time) -> Result<devicecert_pki::Secret, Error> {
//!
//! let request = account.challenge_request(Uuid::from_random(random), now)?;
//! let response = send(request)?;
//! let challenge = account.challenge(&response, &Limits::default())?;
//! # Ok(challenge)
//! # }
//! ```
//!
//! Only [`ndes`] takes turns, because of NTLM. Chance and time are arguments.
//!
//! An error is an enum of its module, and one of [`Error`]. Where Fleet has words for it, `Display` has
//! them, `detail` is what Fleet shows in the details of a profile, and `setting` what it answers when
//! the settings of such a CA are saved. `unreachable` makes the error of a request without a response.
//!
//! Secrets are [`Secret`](devicecert_pki::Secret)s, and headers that hold one are marked as
//! [sensitive](http::HeaderValue::set_sensitive), so that they do not show in `Debug`. The *bodies* of three
//! requests hold secrets, too, and must not be logged: [`ejbca::Account::order_request`],
//! [`intune::App::token_request`], and those of [`intune::Service`].
//!
//! Not covered: revocation, Kerberos, and the admin pages of NDES in other languages than English.

mod credentials;
pub mod digicert;
pub mod ejbca;
mod error;
mod identity;
pub mod intune;
mod limits;
mod message;
pub mod ndes;
pub mod okta;
mod settings;
pub mod smallstep;
mod url;
mod uuid;
mod variable;

pub use credentials::Credentials;
pub use error::{Error, InvalidAnswer, JsonFault, Misuse, PeerText};
pub use identity::{Identity, Pkcs12Password};
pub use limits::Limits;
pub use settings::{CaKind, CaName, InvalidSetting, Wording, exactly_one};
pub use url::Url;
pub use uuid::Uuid;
