//! Zip archives, and every member that they give.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::zip(data));
