//! Gzip and zstd around anything.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::compressed(data));
