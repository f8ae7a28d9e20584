//! `--format amazon-contact-record`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::format("amazon-contact-record", data));
