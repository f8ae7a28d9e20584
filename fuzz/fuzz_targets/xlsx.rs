//! `--format xlsx`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::format("xlsx", data));
