//! A policy file.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| podcheck_tests::promises::any_text_is_a_policy_or_is_refused(text));
