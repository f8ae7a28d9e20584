//! `--format twitter-care`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::format("twitter-care", data));
