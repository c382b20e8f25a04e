//! What devices and servers do that RFC 8894 does not say, each named after the quirk.

mod another_signer;
pub(crate) mod ber;
mod foreign_message_types;
mod mirrored_algorithms;
mod odd_attributes;
mod odd_content;
mod odd_signatures;
mod old_algorithms;
mod old_http;
mod ra_replies;
pub(crate) mod recipients;
mod repeated_requests;
