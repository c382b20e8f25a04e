#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devicecert_fuzz::message_signature::run(data));
