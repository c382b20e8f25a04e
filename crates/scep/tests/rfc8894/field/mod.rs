//! What devices and servers do that RFC 8894 does not say, each named after the quirk.

mod another_signer;
pub(crate) mod ber;
mod corpus;
mod ec_replies;
mod foreign_ciphers;
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
mod signer_infos;
mod signing_time;
mod whole_replies;
mod whole_requests;
