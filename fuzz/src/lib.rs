//! One module for each fuzz target: what it reads, writes, reads again and compares.
//!
//! The programs in `fuzz_targets/` hand their input to `run` and do nothing else, so that a
//! finding can be looked at in a debugger or a test without the fuzzer.

#![forbid(unsafe_code)]

pub mod ber;
pub mod ca_certificates;
pub mod ca_json;
pub mod capabilities;
pub mod certificate;
pub mod cms;
pub mod crl;
pub mod csr;
pub mod est_answer;
pub mod est_cmc;
pub mod est_csr_attrs;
pub mod est_headers;
pub mod est_request;
pub mod fleet_answer;
pub mod fleet_api;
pub mod fleet_check;
pub mod fleet_proxy;
pub mod fleet_template;
pub mod get_query;
pub mod message_client;
pub mod message_server;
pub mod message_signature;
pub mod name;
pub mod ndes_page;
pub mod next_ca;
pub mod ntlm_challenge;
pub mod pkcs12;
pub mod plist_binary;
pub mod plist_xml;
pub mod profile_check;
pub mod syncml;
pub mod syncml_check;
pub mod transparent;
pub mod world;
