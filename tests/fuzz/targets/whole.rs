//! Documents and supplements, through to the report.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| podcheck_tests::promises::any_input_has_a_whole_report(bytes));
