//! Finds the row of headings, and with it the delimiter: whichever reading has the most headings that are known.

use super::delimited::{Dialect, Place, SHEET_CELL_END};
use super::mapping::{self, Mapping};
use super::table::{is_blank, value};
use super::{FIELDS_MAX, Format};
use crate::fact::Span;
use memchr::memchr;
use std::ops::Range;

/// Title lines, an introduction and AWS's row of field names may stand above the headings.
const ROWS_MAX: usize = 12;
/// The headings stand at the beginning; a longer first row is no row of headings.
const BYTES_MAX: usize = 256 * 1024;

/// A row of headings.
#[derive(Debug)]
pub(super) struct Found {
    pub dialect: Dialect,
    pub mapping: Mapping,
    pub headings: Vec<String>,
    /// Where the months or accounts stand that the headings hold.
    pub label_places: Vec<Span>,
    /// Where it stands.
    pub place: Range<usize>,
    /// How many rows came before the records, itself included.
    pub row: usize,
}

/// The row of headings of a delimited text.
pub(super) fn find(text: &str) -> Option<Found> {
    let row_end = row_end(text);
    if let Some((delimiter, start)) = separator_line(text) {
        return best(text, start, Dialect::text(delimiter, row_end));
    }
    let mut found: Option<Found> = None;
    let mut is_whole_tried = false;
    for delimiter in *b",\t;|" {
        // Delimiters that are nowhere read the text alike, each row as one cell: one of them speaks for all.
        let is_there = memchr(delimiter, head(text, 0)).is_some();
        if !is_there && std::mem::replace(&mut is_whole_tried, true) {
            continue;
        }
        let candidate = best(text, 0, Dialect::text(delimiter, row_end));
        if candidate.as_ref().map_or(0, |c| c.mapping.score) > found.as_ref().map_or(0, |f| f.mapping.score) {
            found = candidate;
        }
    }
    found
}

/// The row of headings of a sheet's text.
pub(super) fn find_in_sheet(text: &str) -> Option<Found> {
    best(text, 0, Dialect::SHEET)
}

/// The first cells of the first row with several, for naming a table that is not known.
pub(super) fn first_cells(text: &str) -> Option<Vec<String>> {
    let dialects: &[Dialect] = if text.contains(SHEET_CELL_END) {
        &[Dialect::SHEET]
    } else {
        &[b',', b'\t', b';', b'|'].map(|delimiter| Dialect::text(delimiter, row_end(text)))
    };
    let widest = |dialect: &Dialect| {
        let rows = rows(text, 0, *dialect);
        let width = |row: &Row| row.cells.iter().filter(|(text, _)| !text.is_empty()).count();
        let first = rows.iter().position(|row| width(row) >= 2)?;
        // One line with a comma is a sentence.
        if width(&rows[first]) < 4
            && !rows.iter().skip(first + 1).any(|row| row.cells.len() == rows[first].cells.len())
        {
            return None;
        }
        let first = rows.into_iter().nth(first)?;
        Some(
            first.cells.into_iter().map(|(text, _)| text).filter(|text| !text.is_empty()).collect::<Vec<_>>(),
        )
    };
    dialects.iter().filter_map(widest).max_by_key(Vec::len)
}

/// Old Macintosh files end their lines with a carriage return alone.
fn row_end(text: &str) -> u8 {
    let is_mac = !text.contains('\n') && text.contains('\r');
    if is_mac { b'\r' } else { b'\n' }
}

/// `sep=;`, which a spreadsheet writes as the first line, and where the next line begins.
fn separator_line(text: &str) -> Option<(u8, usize)> {
    let rest = text.strip_prefix("sep=")?;
    let delimiter = *rest.as_bytes().first().filter(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'))?;
    let end = rest.find('\n')?;
    rest[1..end].trim().is_empty().then_some((delimiter, "sep=".len() + end + 1))
}

struct Row {
    cells: Vec<(String, Place)>,
    place: Range<usize>,
    number: usize,
}

/// What is looked at: the text up to so many bytes behind `start`.
fn head(text: &str, start: usize) -> &[u8] {
    &text.as_bytes()[..text.floor_char_boundary(start + BYTES_MAX)]
}

fn rows(text: &str, start: usize, dialect: Dialect) -> Vec<Row> {
    let bytes = head(text, start);
    let (mut at, mut rows, mut number) = (start, Vec::new(), 0);
    while at < bytes.len() && rows.len() < ROWS_MAX && number < 8 * ROWS_MAX {
        let mut cells = Vec::new();
        let end = dialect
            .row(bytes, at, FIELDS_MAX, |_, place| cells.push((value(text, place).0.into_owned(), place)));
        number += 1;
        if !is_blank(&bytes[at..end], dialect.delimiter) {
            rows.push(Row { cells, place: at..end, number });
        }
        at = end;
    }
    rows
}

/// The last of the first rows that has at least half as many known headings as the best: AWS's template repeats its
/// headings in another spelling, the first time above an introduction.
fn best(text: &str, start: usize, dialect: Dialect) -> Option<Found> {
    let mapped = |row: Row| {
        let headings: Vec<&str> = row.cells.iter().map(|(text, _)| text.as_str()).collect();
        mapping::map(&headings).map(|mapping| (row, mapping))
    };
    let known: Vec<(Row, Mapping)> = rows(text, start, dialect).into_iter().filter_map(mapped).collect();
    let most = known.iter().map(|(_, mapping)| mapping.score).max()?;
    let last = known.iter().rposition(|(_, mapping)| mapping.score * 2 >= most.max(2))?;
    // Two exports joined into one text repeat their headings; the records above the second are records.
    let first = known.iter().position(|(_, mapping)| *mapping == known[last].1)?;
    let (row, mapping) = known.into_iter().nth(first)?;
    let label_places = mapping.pivot.iter().flat_map(|pivot| &pivot.amounts).map(|(column, run)| {
        let (heading, place) = &row.cells[*column];
        let cell = value(text, *place).1;
        // Doubled quotation marks in front are single ones in the heading: what follows them stands further on.
        let raw = text.get(cell.start as usize..cell.end as usize).unwrap_or_default();
        let start = heading.get(run.clone()).and_then(|label| raw.find(label)).unwrap_or(0) as u32;
        let end = (start + run.len() as u32).min(raw.len() as u32);
        Span { start: cell.start + start, end: cell.start + end }
    });
    let label_places = label_places.collect();
    let headings = row.cells.into_iter().map(|(text, _)| text).collect();
    debug_assert!(mapping.format != Format::Unrecognised, "a mapping names its format");
    Some(Found { dialect, mapping, headings, label_places, place: row.place, row: row.number })
}
