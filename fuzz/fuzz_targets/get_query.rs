#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devicecert_fuzz::get_query::run(data));
