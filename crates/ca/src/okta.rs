//! Okta's dynamic SCEP challenges: an endpoint that answers like the admin page of NDES.
//!
//! It differs in two things. Its page is UTF-8, which [`challenge_of_page`](crate::ndes::challenge_of_page) sees for itself;
//! and it knows HTTP Basic authentication only, which goes along with the first request.
//!
//! ```
//! use devicecert_ca::ndes::Step;
//! use devicecert_ca::{Credentials, okta};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn fetch(now: devicecert_pki::Time) -> Result<devicecert_pki::Secret, Error> {
//!
//! let url = "https://example.okta.com/api/v1/scep/challenge".parse()?;
//! let mut fetch = okta::challenge(url, Credentials::new("user", "password"))?;
//! let challenge = loop {
//!     match fetch.step(now)? {
//!         Step::Send(request) | Step::SendOnSameConnection(request) => {
//!             fetch.received(&send(request)?)?;
//!         }
//!         Step::Done(challenge) => break challenge,
//!     }
//! };
//! # Ok(challenge)
//! # }
//! ```
//!
//! The challenges have `_` and other characters that are not in PrintableString, which Windows
//! refuses in a SCEP profile.

use crate::credentials::Credentials;
use crate::error::Misuse;
use crate::ndes::ChallengeFetch;
use crate::url::Url;

/// A challenge from this endpoint.
///
/// # Errors
/// [`Misuse::Url`] if the URL is not https: nothing but TLS protects the password.
/// [`Misuse::ColonInUsername`] and [`Misuse::Header`] for credentials that cannot be sent.
pub fn challenge(url: Url, credentials: Credentials) -> Result<ChallengeFetch, Misuse> {
    if !url.is_https() {
        return Err(Misuse::Url);
    }
    ChallengeFetch::basic(url, credentials)
}
