//! Byte offsets to lines, columns and UTF-16 offsets, in constant time for any place of any text.

use crate::document::Document;
use crate::fact::{At, Span};
use crate::report::Place;
use std::sync::OnceLock;

/// A checkpoint every so many bytes: a place is found by counting from the nearest one.
const CHECKPOINT_BYTES: usize = 4096;

/// Where the lines of a text begin, made when a place is first asked for.
#[derive(Debug, Default)]
pub(crate) struct LineIndex {
    made: OnceLock<Lines>,
}

#[derive(Debug)]
struct Lines {
    /// The byte at which each line begins.
    starts: Vec<u32>,
    /// How many UTF-16 units stand before each checkpoint.
    units: Vec<u32>,
}

impl LineIndex {
    /// The place of `at` in `document`.
    pub(crate) fn place(&self, document: &Document, at: At) -> Place {
        let field = document.heading(at.heading).to_owned();
        if let Some((row, column)) = document.sheet_place(at.record, at.heading) {
            return Place {
                document: at.document,
                record: Some(at.record + 1),
                field,
                line: row,
                column,
                end_line: row,
                end_column: column + 1,
                start: None,
                end: None,
            };
        }
        self.of(document, at.document, Some(at.record), field, at.span)
    }

    /// The place of a stretch of text outside the records.
    pub(crate) fn of(
        &self,
        document: &Document,
        index: u16,
        record: Option<u32>,
        field: String,
        span: Span,
    ) -> Place {
        let record_number = record.map(|record| record + 1);
        let text = document.text();
        let lines = self.made.get_or_init(|| Lines::of(text));
        let (line, column, start) = lines.locate(text, span.start);
        let (end_line, end_column, end) = lines.locate(text, span.end);
        Place {
            document: index,
            record: record_number,
            field,
            line,
            column,
            end_line,
            end_column,
            start: Some(start),
            end: Some(end),
        }
    }
}

impl Lines {
    fn of(text: &str) -> Lines {
        // Old Macintosh files end their lines with a carriage return alone.
        let line_end = if memchr::memchr(b'\n', text.as_bytes()).is_some() { b'\n' } else { b'\r' };
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(line_end, text.as_bytes()).map(|at| at as u32 + 1))
            .collect();
        let mut units = Vec::with_capacity(text.len() / CHECKPOINT_BYTES + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(CHECKPOINT_BYTES) {
            units.push(count);
            count += units_of(chunk);
        }
        units.push(count);
        Lines { starts, units }
    }

    /// Line and column from 1, and the offset in UTF-16 units from 0.
    fn locate(&self, text: &str, byte: u32) -> (u32, u32, u32) {
        let byte = byte.min(text.len() as u32);
        let line = self.starts.partition_point(|start| *start <= byte);
        let line_start = self.starts.get(line - 1).copied().unwrap_or(0);
        let offset = self.units_before(text, byte);
        (line as u32, offset - self.units_before(text, line_start) + 1, offset)
    }

    fn units_before(&self, text: &str, byte: u32) -> u32 {
        let checkpoint = byte as usize / CHECKPOINT_BYTES;
        let counted = self.units.get(checkpoint).copied().unwrap_or(0);
        counted + units_of(&text.as_bytes()[checkpoint * CHECKPOINT_BYTES..byte as usize])
    }
}

/// UTF-16 units of UTF-8 bytes: one for each character, two for each that needs four bytes.
fn units_of(bytes: &[u8]) -> u32 {
    if bytes.is_ascii() {
        return bytes.len() as u32;
    }
    bytes.iter().map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(*byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Assessment, Inputs};
    use proptest::prelude::*;

    #[test]
    fn columns_and_offsets_count_utf16_units() {
        let text = "a\r\né😀x\nlast";
        let lines = Lines::of(text);
        for (byte, _) in text.char_indices().chain([(text.len(), 'x')]) {
            let before = &text[..byte];
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            let expect = (
                before.matches('\n').count() as u32 + 1,
                text[line_start..byte].encode_utf16().count() as u32 + 1,
                before.encode_utf16().count() as u32,
            );
            assert_eq!(lines.locate(text, byte as u32), expect, "{byte}");
        }
    }

    #[test]
    fn a_place_is_right_on_both_sides_of_a_checkpoint() {
        let text = format!("{}é😀\n{}", "é".repeat(CHECKPOINT_BYTES / 2 - 1), "x".repeat(CHECKPOINT_BYTES));
        let lines = Lines::of(&text);
        for (byte, _) in text.char_indices() {
            assert_eq!(lines.locate(&text, byte as u32).2, text[..byte].encode_utf16().count() as u32);
        }
    }

    #[test]
    fn a_carriage_return_ends_lines_only_where_nothing_else_does() {
        assert_eq!(Lines::of("a\rbc\rd").locate("a\rbc\rd", 3), (2, 2, 3));
        assert_eq!(Lines::of("a\rb\nc").locate("a\rb\nc", 2), (1, 3, 2));
    }

    /// A cell's text as it may come: what parts and wraps cells, and characters of one to four bytes.
    fn cell() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9 ,;\t|\"'\n()é–😀]{0,14}".prop_map(|text| text.trim().to_owned())
    }

    const NAMES: [&str; 3] = ["customer_name", "project_title", "city"];

    /// `rows` as a table, each cell in quotation marks where it needs them or where `is_quoted` says so.
    fn table(rows: &[[String; 3]], delimiter: char, line_end: &str, is_quoted: bool) -> String {
        let mut text = format!("a title{line_end}opportunity_id");
        NAMES.iter().for_each(|name| text.extend([&delimiter.to_string(), *name]));
        for (n, row) in rows.iter().enumerate() {
            text.push_str(&format!("{line_end}O{n}"));
            for cell in row {
                text.push(delimiter);
                let needs = cell.contains(['"', '\n', delimiter]);
                match needs || is_quoted {
                    true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
                    false => text.push_str(&format!(" {cell} ")),
                }
            }
        }
        text
    }

    /// Each fact is the text that stood in its cell, and its place is where that stands.
    fn check(bytes: Vec<u8>, rows: &[[String; 3]], as_it_stood: fn(&str) -> String) {
        let document = Document::open("any", bytes);
        let text = document.text().to_owned();
        let units: Vec<u16> = text.encode_utf16().collect();
        let line_starts: Vec<usize> = std::iter::once(0)
            .chain(
                units.iter().enumerate().filter(|(_, unit)| **unit == u16::from(b'\n')).map(|(at, _)| at + 1),
            )
            .collect();
        let assessment = Assessment::of(Inputs::new(vec![document], crate::testing::day("2026-11-22")));
        for (n, row) in rows.iter().enumerate() {
            let report = assessment.opportunity(&format!("O{n}")).unwrap();
            for (name, cell) in NAMES.iter().zip(row) {
                let fact = &report.facts[*name];
                assert_eq!(fact.value.as_deref().unwrap_or(""), cell, "{name} of {text:?}");
                let [place] = &fact.places[..] else { panic!("one place: {:?}", fact.places) };
                let (start, end) = (place.start.unwrap() as usize, place.end.unwrap() as usize);
                assert_eq!(as_it_stood(&String::from_utf16(&units[start..end]).unwrap()), *cell);
                let at = |line: u32, column: u32| line_starts[line as usize - 1] + column as usize - 1;
                assert_eq!(
                    (at(place.line, place.column), at(place.end_line, place.end_column)),
                    (start, end)
                );
            }
        }
    }

    proptest! {
        #[test]
        fn a_place_in_a_table_selects_its_cell(
            rows in prop::collection::vec([cell(), cell(), cell()], 1..5),
            delimiter in prop::sample::select(vec![',', ';', '\t']),
            line_end in prop::sample::select(vec!["\n", "\r\n"]),
            is_quoted in any::<bool>(),
            encoding in 0..3,
        ) {
            let text = table(&rows, delimiter, line_end, is_quoted);
            let bytes = match encoding {
                0 => text.into_bytes(),
                1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
                _ => text.encode_utf16().fold(vec![0xFF, 0xFE], |mut bytes, unit| {
                    bytes.extend(unit.to_le_bytes());
                    bytes
                }),
            };
            check(bytes, &rows, |stood| stood.replace("\"\"", "\""));
        }

        #[test]
        fn a_place_in_json_selects_its_value(
            rows in prop::collection::vec([cell(), cell(), cell()], 1..5),
            is_pretty in any::<bool>(),
        ) {
            let records: Vec<_> = rows.iter().enumerate().map(|(n, [name, title, city])| {
                serde_json::json!({"opportunity_id": format!("O{n}"), "customer_name": name, "project_title": title, "city": city})
            }).collect();
            let text = if is_pretty { serde_json::to_vec_pretty(&records) } else { serde_json::to_vec(&records) };
            check(text.unwrap(), &rows, |stood| {
                let quoted = if stood.starts_with('"') { stood.to_owned() } else { format!("\"{stood}\"") };
                serde_json::from_str(&quoted).unwrap()
            });
        }
    }
}
