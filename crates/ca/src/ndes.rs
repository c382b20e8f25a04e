//! NDES, the SCEP service of Windows Server: its admin page, which shows one challenge each time it
//! is fetched.
//!
//! ```
//! use devicecert_ca::Credentials;
//! use devicecert_ca::ndes::{Settings, Step};
//! # type Error = Box<dyn std::error::Error>;
//! # struct Connection;
//! # impl Connection {
//! #     fn send(&self, _: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # }
//! # fn fetch(connection: &Connection, now: devicecert_pki::Time, random: [u8; 8]) -> Result<devicecert_pki::Secret, Error> {
//!
//! let account = Settings::new(
//!     "https://ndes.example.com/certsrv/mscep/mscep.dll",
//!     "https://ndes.example.com/certsrv/mscep_admin/",
//!     Credentials::new(r"EXAMPLE\svc-ndes", "password"),
//! )
//! .account()
//! .map_err(|all| all[0].clone())?;
//! let mut fetch = account.challenge(random)?;
//! let challenge = loop {
//!     match fetch.step(now)? {
//!         Step::Send(request) | Step::SendOnSameConnection(request) => {
//!             fetch.received(&connection.send(request)?)?;
//!         }
//!         Step::Done(challenge) => break challenge,
//!     }
//! };
//! # Ok(challenge)
//! # }
//! ```
//!
//! The page costs: each fetch takes one of the passwords that NDES keeps, five by default, until it
//! is used or an hour is over.
//!
//! Covered: the pages of NDES in English, with a challenge, with a full cache, and without
//! permission; HTTP authentication by [`ntlm`], alone or under the name of Negotiate, and Basic.
//!
//! Not covered: Kerberos, and pages in other languages.

use core::time::Duration;

mod error;
mod fetch;
pub mod ntlm;
mod offer;
mod page;
mod settings;
mod text;

pub use error::{Error, ScepUrlError};
pub use fetch::{ChallengeFetch, Step};
pub use page::challenge_of_page;
pub use settings::{Account, Settings};

/// How long Fleet waits for the page.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// For how long Fleet lets a device use a challenge: three minutes less than NDES.
pub const CHALLENGE_LIFETIME: Duration = Duration::from_secs(57 * 60);
