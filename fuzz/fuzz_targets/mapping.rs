//! Mappings in TOML, and a log read by each that is one.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::mapping(data));
