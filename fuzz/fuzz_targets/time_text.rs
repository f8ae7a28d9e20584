//! Stamps as text: every line is one, in a log whose other columns are sound.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::time_text(data));
