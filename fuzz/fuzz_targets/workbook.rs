//! Spreadsheets packed from the parts that are mutated, for no mutated zip keeps its checksums.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::workbook(data));
