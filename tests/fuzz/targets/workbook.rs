//! A workbook whose container is sound, so that the fuzzer gets at the sheet inside it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, sheet)) = bytes.split_first() else { return };
    let workbook = match choice % 4 {
        0 => bytes[1..].to_vec(),
        1 => podcheck_tests::workbook::spreadsheet_xml(sheet),
        2 => podcheck_tests::workbook::xlsx(sheet, podcheck_tests::workbook::SHARED_STRINGS),
        _ => {
            let middle = sheet.len() / 2;
            podcheck_tests::workbook::xlsx(&sheet[..middle], &sheet[middle..])
        }
    };
    podcheck_tests::promises::any_bytes_are_a_document(&workbook);
});
