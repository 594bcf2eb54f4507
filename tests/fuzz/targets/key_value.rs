//! Lines `key=value`, below one that is known.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    podcheck_tests::promises::any_bytes_are_a_document(
        &[b"opportunity_id=O1\nstage: Committed\n", bytes].concat(),
    );
});
