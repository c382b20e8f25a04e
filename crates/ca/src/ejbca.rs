//! EJBCA: its REST interface, with a client certificate in TLS.
//!
//! ```
//! use devicecert_ca::{Limits, Pkcs12Password, ejbca};
//! use devicecert_pki::{Provider, Signer};
//! # use devicecert_crypto_rust::{PrivateKey, RustCrypto};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn issue(key: PrivateKey, code: [u8; 32], random: [u8; 10]) -> Result<(), Error> {
//!
//! let account = ejbca::Account::new(
//!     "https://ejbca.example.com:8443".parse()?,
//!     "IssuingCA",
//!     "DeviceCertificate",
//!     "Device",
//! );
//! account.status(&send(account.status_request()?)?, &Limits::default())?;
//!
//! let csr = ejbca::csr_params("C02XK1", ["fleetie@example.com"])?;
//! let csr = csr.unsigned(key.public_key())?.sign(&key)?;
//! let order = ejbca::Order::new(csr, "C02XK1", ejbca::EnrollmentCode::from_random(code));
//! let issued = account.issued(&order, &send(account.order_request(&order)?)?, &Limits::default())?;
//! let password = Pkcs12Password::from_random(random);
//! let identity = issued.identity(key.to_pkcs8_der()?, password, &RustCrypto)?;
//! # let _ = identity;
//! # Ok(())
//! # }
//! ```
//!
//! The client certificate belongs to the connection, so it is the caller's.

mod account;
mod error;
mod order;

pub use account::{Account, Issued};
pub use error::Error;
pub use order::{EnrollmentCode, Order, csr_params};
