//! `--format jsonl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::format("jsonl", data));
