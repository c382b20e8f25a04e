//! One module for each fuzz target: what it reads, writes, reads again and compares.
//!
//! The programs in `fuzz_targets/` hand their input to `run` and do nothing else, so that a
//! finding can be looked at in a debugger or a test without the fuzzer.

#![forbid(unsafe_code)]

pub mod ber;
pub mod ca_certificates;
pub mod capabilities;
pub mod certificate;
pub mod cms;
pub mod csr;
pub mod est_answer;
pub mod est_cmc;
pub mod est_csr_attrs;
pub mod est_headers;
pub mod est_request;
pub mod get_query;
pub mod message_client;
pub mod message_server;
pub mod name;
pub mod pkcs12;
pub mod plist_binary;
pub mod plist_xml;
pub mod syncml;
pub mod syncml_check;
pub mod transparent;
pub mod world;
