//! Which format, encoding and columns: nothing is forced, and all that `inspect` shows is made.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::sniff(data));
