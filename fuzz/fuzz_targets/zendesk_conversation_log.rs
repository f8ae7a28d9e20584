//! `--format zendesk-conversation-log`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tohuman_fuzz::format("zendesk-conversation-log", data));
