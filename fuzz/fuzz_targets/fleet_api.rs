#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devicecert_fuzz::fleet_api::run(data));
