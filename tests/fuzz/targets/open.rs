//! Any bytes, as they come.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podcheck_tests::promises::any_bytes_are_a_document(bytes));
