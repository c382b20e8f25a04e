//! Intune's validation of SCEP requests by other people's CAs.
//!
//! The interface is that of Microsoft's own client library (Intune-Resource-Access, CsrValidation).

#[path = "../common/mod.rs"]
mod common;

mod answer;
mod discovery;
mod requests;
mod token;
