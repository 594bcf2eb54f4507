//! JSON: the first byte says in which envelope the rest stands.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, inner)) = bytes.split_first() else { return };
    let (open, close): (&[u8], &[u8]) = match choice % 6 {
        0 => (b"", b""),
        1 => (b"{\"OpportunitySummaries\":[", b"]}"),
        2 => (b"{\"version\":\"2.0\",\"opportunities\":[", b"]}"),
        3 => (b"[", b"]"),
        4 => (b"{\"Id\":\"O1\",\"RelatedEntityIdentifiers\":{},\"LifeCycle\":", b"}"),
        _ => (b"{\"ResultsByTime\":[", b"]}"),
    };
    podcheck_tests::promises::any_bytes_are_a_document(&[open, inner, close].concat());
});
