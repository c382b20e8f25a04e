//! DigiCert ONE, Trust Lifecycle Manager: its REST interface.
//!
//! The server makes key and request, DigiCert signs, and the device gets both in a PKCS #12 file:
//!
//! ```
//! use devicecert_ca::{Limits, Pkcs12Password, digicert};
//! use devicecert_pki::{Provider, Secret, Signer};
//! # use devicecert_crypto_rust::{PrivateKey, RustCrypto};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn issue(key: PrivateKey, random: [u8; 10]) -> Result<(), Error> {
//!
//! let mut settings = digicert::Settings::new("WIFI", "https://one.digicert.com");
//! settings.api_token = Secret::from("token");
//! settings.profile_id = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40".into();
//! settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
//! settings.certificate_seat_id = "$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into();
//! let account = settings.account().map_err(|all| all[0].clone())?;
//!
//! // Once, when the administrator saves the settings:
//! account.profile(&send(account.profile_request()?)?, &Limits::default())?;
//!
//! // For each host, with its values in the place of the variables:
//! let csr = digicert::csr_params("C02XK1")?.unsigned(key.public_key())?.sign(&key)?;
//! let order = digicert::Order::new(csr, "C02XK1", "fleetie@example.com");
//! let issued = account.issued(&order, &send(account.order_request(&order)?)?, &Limits::default())?;
//! let password = Pkcs12Password::from_random(random);
//! let identity = issued.identity(key.to_pkcs8_der()?, password, &RustCrypto)?;
//! # let _ = (identity.data(), identity.password.as_secret());
//! # Ok(())
//! # }
//! ```
//!
//! A device that makes its own request is served in the same way, without the last two lines.

mod account;
mod error;
mod issued;
mod order;
mod profile;
mod settings;

pub use account::{Account, TIMEOUT};
pub use error::{Error, Messages};
pub use issued::Issued;
pub use order::{Order, csr_params};
pub use profile::Profile;
pub use settings::Settings;
