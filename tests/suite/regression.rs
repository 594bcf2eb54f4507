//! Inputs that once broke a promise, kept by the fuzzer in `tests/fuzz/regressions/TARGET`.

use crate::repository;
use podcheck_tests::promises;

#[test]
fn what_was_broken_once_stays_whole() {
    if !repository::root().join("tests/fuzz/regressions").is_dir() {
        return;
    }
    for (path, bytes) in repository::files("tests/fuzz/regressions") {
        let target = path.split('/').nth(3).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        match target {
            "values" => promises::any_text_has_a_value_or_a_reason(&text),
            "policy" => promises::any_text_is_a_policy_or_is_refused(&text),
            "whole" => promises::any_input_has_a_whole_report(&bytes),
            // A target that puts something around its input keeps what it handed on.
            _ => promises::any_bytes_are_a_document(&bytes),
        }
    }
}
