//! Intune: a CA of somebody else's asks whether a SCEP request is one that Intune sent a device for,
//! and tells it what became of it.
//!
//! The challenge in the request is a blob that only Intune can read. So the order of things is
//! fixed, and everything that is not [`Code::Success`] means: do not issue.
//!
//! ```
//! use devicecert_ca::{Limits, Uuid, intune};
//! use devicecert_pki::{Certificate, Csr, Provider, Secret};
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn issue(csr: &Csr) -> Result<Certificate, Error> { Err("no CA".into()) }
//! # fn serve(csr: &Csr, transaction_id: &str, provider: &dyn Provider, uuid: Uuid) -> Result<(), Error> {
//!
//! // Once in a while: a token for Microsoft Graph, and where this tenant's service is.
//! let limits = Limits::default();
//! let app = intune::App::new("example.onmicrosoft.com", "client ID", "client secret");
//! let token = app.token(&send(app.token_request(intune::Scope::Graph)?)?, &limits)?;
//! let url = intune::service_url(&send(app.service_request(&token)?)?, &limits)?;
//!
//! // For each request that a SCEP server got:
//! let token = app.token(&send(app.token_request(intune::Scope::Intune)?)?, &limits)?;
//! let service = intune::Service::new(url, token, "ExampleCA 1.0");
//! let transaction = intune::Transaction::new(transaction_id, csr.as_der())?;
//! service.answer(&send(service.validate(&transaction, uuid)?)?, &limits)?;
//! let certificate = issue(csr)?;
//! let issued = intune::Issued::new(&certificate, provider)?;
//! service.answer(&send(service.succeeded(&transaction, &issued, uuid)?)?, &limits)?;
//! // Only now the certificate goes to the device.
//! # Ok(())
//! # }
//! ```
//!
//! The request that Intune is shown is the one that the device sent, octet by octet: it compares the
//! key of a renewal with the one that it knows.

mod code;
mod discovery;
mod error;
mod notify;
mod service;
mod token;

pub use code::Code;
pub use discovery::service_url;
pub use error::Error;
pub use notify::{FailureReason, Issued};
pub use service::{Service, Transaction};
pub use token::{App, Scope, Token};
