#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devicecert_fuzz::ca_json::run(data));
