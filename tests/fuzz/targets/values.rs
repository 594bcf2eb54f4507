//! One cell, read as everything that it could be.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| podcheck_tests::promises::any_text_has_a_value_or_a_reason(text));
