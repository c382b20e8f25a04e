//! Every error, check and text that Fleet has for these CAs, and every request that it sends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod digicert_issue;
mod digicert_pkcs12;
mod digicert_profile;
mod ejbca;
mod ndes_page;
mod ndes_texts;
mod okta;
mod settings;
mod settings_digicert;
mod settings_ndes;
mod smallstep;
