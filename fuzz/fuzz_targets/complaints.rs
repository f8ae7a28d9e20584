//! Complaint records of any format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::complaints(data));
