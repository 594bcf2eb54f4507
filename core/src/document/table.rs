//! Tables: delimited text, and the text that `workbook` makes of a sheet.
//!
//! A table keeps its columns and where each row begins. A row is split again each time it is read: that is fast, and
//! holding 100,000 split rows is not.

use super::delimited::{Dialect, Place};
use super::mapping::Column;
use super::order::Evidence;
use super::pivot::{Pivot, account_run};
use super::{
    Cell, FIELDS_MAX, Form, Kind, Layout, Order, Problems, RECORDS_MAX, Recognised, Record, title_row,
};
use crate::fact::Span;
use crate::field::FieldSet;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::Range;

/// Cost Explorer goes back 38 months, or 14 months of days. More rows of a table with accounts or months in its
/// headings are left unread: each of its cells is a record.
const PIVOT_ROWS_MAX: usize = 500;

/// A table: what its columns mean, and where its rows begin.
#[derive(Debug)]
pub(crate) struct Table {
    dialect: Dialect,
    headings: Vec<String>,
    columns: Vec<Column>,
    pivot: Option<PivotPlaces>,
    carries: FieldSet,
    /// The first byte of each row.
    rows: Vec<u32>,
    /// The number of each row in its sheet; empty for text, whose lines can be counted.
    row_numbers: Vec<u32>,
}

#[derive(Debug)]
struct PivotPlaces {
    pivot: Pivot,
    /// Where the month or account of each column of amounts stands.
    labels: Vec<Span>,
}

/// Recognises a delimited table; none when no row of headings is known.
pub(super) fn recognise(text: &str) -> Option<Recognised> {
    let found = title_row::find(text)?;
    Some(open(text, found, &[]))
}

/// Recognises the text of a sheet whose rows have these numbers; none when no row of headings is known.
pub(super) fn recognise_sheet(text: &str, row_numbers: &[u32]) -> Option<Recognised> {
    let found = title_row::find_in_sheet(text)?;
    Some(open(text, found, row_numbers))
}

fn open(text: &str, found: title_row::Found, row_numbers: &[u32]) -> Recognised {
    let mut problems = Problems::default();
    let title_row::Found { dialect, mapping, headings, label_places, place, row: title_row, .. } = found;
    let (kind, format) = (mapping.kind, mapping.format);
    if let Some(sentence) = mapping.foreign {
        problems.add(None, None, format_args!("{sentence}"));
        return problems.into_recognised(Kind::Ignored, format, Layout::Nothing);
    }
    let carries = mapping.carries();
    let used = mapping.columns.iter().rposition(|column| *column != Column::Skip).map_or(0, |last| last + 1);
    let width = if headings.len() < FIELDS_MAX {
        headings.len()
    } else {
        problems.add(None, None, format_args!("Only the first {FIELDS_MAX} columns of this table are read."));
        usize::MAX
    };
    let mut table = Table {
        dialect,
        headings,
        columns: mapping.columns[..used].to_vec(),
        pivot: mapping.pivot.map(|pivot| PivotPlaces { pivot, labels: label_places }),
        carries,
        rows: Vec::new(),
        row_numbers: Vec::new(),
    };
    let mut scan = Scan {
        width,
        row: title_row,
        title: place.clone(),
        row_numbers,
        evidence: Vec::new(),
        problems: &mut problems,
    };
    table.scan(text.as_bytes(), place.end, &mut scan);
    if table.len() == 0 {
        problems.add(None, None, format_args!("This table has headings and no row below them."));
    }
    problems.into_recognised(kind, format, Layout::Table(Box::new(table)))
}

/// What is gathered while the rows are found.
struct Scan<'a> {
    width: usize,
    /// The number of rows so far, the row of headings included.
    row: usize,
    /// Where the row of headings stands.
    title: Range<usize>,
    row_numbers: &'a [u32],
    /// By column, up to the last date whose order is open.
    evidence: Vec<Option<Evidence>>,
    problems: &'a mut Problems,
}

impl Table {
    /// How many records it has.
    pub(super) fn len(&self) -> usize {
        self.rows.len() * self.pivot.as_ref().map_or(1, |places| places.labels.len())
    }

    /// The heading of the column with this index.
    pub(super) fn heading(&self, index: u16) -> &str {
        self.headings.get(usize::from(index)).map_or("", String::as_str)
    }

    /// The headings, one a column; none where columns are months or accounts.
    pub(super) fn columns(&self) -> &[String] {
        if self.pivot.is_none() { &self.headings } else { &[] }
    }

    /// Shows every cell of the row with this index as it stands, its spaces too, and the text inside it where a
    /// formula only wraps a text.
    pub(super) fn raw_row<'d>(
        &self,
        text: &'d str,
        index: usize,
        mut visit: impl FnMut(u16, Cow<'d, str>, Option<Cow<'d, str>>, Span),
    ) {
        let Some(at) = self.rows.get(index).filter(|_| self.pivot.is_none()) else { return };
        self.dialect.row(text.as_bytes(), *at as usize, self.headings.len(), |i, place| {
            let raw = &text[place.start..place.end];
            let raw = raw.strip_suffix('\r').unwrap_or(raw);
            // Doubled marks are single ones.
            let shown = if place.is_doubled { raw.replace("\"\"", "\"").into() } else { Cow::Borrowed(raw) };
            let (value, span) = value(text, place);
            let wrapped = formula_text(shown.trim()).is_some().then_some(value);
            visit(i as u16, shown, wrapped, span);
        });
    }

    /// Whether it is a sheet of a workbook, where a place is a row and a column.
    pub(crate) fn is_sheet(&self) -> bool {
        self.dialect.is_sheet()
    }

    /// The number of the row that holds the record with this index, from 1, in its sheet; 0 when it is no sheet.
    pub(crate) fn row_number(&self, record: u32) -> u32 {
        let labels = self.pivot.as_ref().map_or(1, |places| places.labels.len().max(1));
        self.row_numbers.get(record as usize / labels).copied().unwrap_or(0)
    }

    /// The number of the column with this heading, from 1.
    pub(crate) fn column_of(&self, heading: u16) -> u32 {
        u32::from(heading) + 1
    }

    /// Reads the record with this index; past the end, no cells.
    pub(super) fn read<'d>(&self, text: &'d str, index: usize, record: &mut Record<'d>) {
        record.carries = self.carries;
        if let Some(places) = &self.pivot {
            return self.read_pivoted(text, index, places, record);
        }
        let Some(at) = self.rows.get(index) else { return };
        let (mut entries_of_aws, mut entries) = (0u64, 0u64);
        self.dialect.row(text.as_bytes(), *at as usize, self.columns.len(), |i, place| {
            match &self.columns[i] {
                Column::Skip => {}
                Column::Field(meaning) if meaning.is_more_of_list => {
                    append(text, place, meaning.field, record)
                }
                Column::Field(meaning) => {
                    let (text, span) = value(text, place);
                    record.cells.push(Cell {
                        field: meaning.field,
                        month: meaning.month,
                        text,
                        form: Form::TableCell,
                        order: meaning.order,
                        heading: i as u16,
                        span,
                    });
                }
                Column::SpendTarget(entry) => {
                    let bit = 1u64.checked_shl(u32::from(*entry)).unwrap_or(0);
                    let target = value(text, place).0;
                    entries |= if target.is_empty() { 0 } else { bit };
                    entries_of_aws |= if target.eq_ignore_ascii_case("AWS") { bit } else { 0 };
                }
            }
        });
        if entries != 0 {
            record.cells.retain(|cell| match self.columns.get(usize::from(cell.heading)) {
                Some(Column::Field(meaning)) => meaning.entry.is_none_or(|entry| {
                    entries_of_aws & 1u64.checked_shl(u32::from(entry)).unwrap_or(0) != 0
                }),
                _ => true,
            });
        }
    }

    fn read_pivoted<'d>(&self, text: &'d str, index: usize, places: &PivotPlaces, record: &mut Record<'d>) {
        let pivot = &places.pivot;
        let Some(label) = index.checked_rem(places.labels.len()) else { return };
        let Some(at) = self.rows.get(index / places.labels.len()) else { return };
        let (amount_column, label_span) = (pivot.amounts[label].0, places.labels[label]);
        let cell = |field, column: usize, (text, span): (Cow<'d, str>, Span)| Cell {
            field,
            month: None,
            text,
            form: Form::TableCell,
            order: Order::Unproved,
            heading: column as u16,
            span,
        };
        let label_text = text.get(label_span.start as usize..label_span.end as usize).unwrap_or_default();
        record.cells.push(cell(pivot.in_headings(), amount_column, (label_text.into(), label_span)));
        let columns = amount_column.max(pivot.key_column) + 1;
        self.dialect.row(text.as_bytes(), *at as usize, columns, |i, place| {
            if i == pivot.key_column {
                record.cells.push(cell(pivot.key, i, narrowed(value(text, place))));
            } else if i == amount_column {
                record.cells.push(cell(crate::field::Field::RowAmount, i, value(text, place)));
            }
        });
    }

    /// Finds the rows from `start` on, and what their dates say about the order of day and month.
    fn scan(&mut self, bytes: &[u8], start: usize, scan: &mut Scan<'_>) {
        scan.evidence = self.open_dates();
        let rows_max = if self.pivot.is_some() { PIVOT_ROWS_MAX } else { RECORDS_MAX };
        let mut at = start;
        while at < bytes.len() {
            let (next, holds_record) = self.scan_row(bytes, at, scan);
            if holds_record && bytes[at..next] != bytes[scan.title.clone()] && self.is_wanted(bytes, at) {
                if self.rows.len() == rows_max {
                    let sentence = format_args!("Only the first {rows_max} rows are read; split the table.");
                    scan.problems.add(None, None, sentence);
                    break;
                }
                self.rows.push(at as u32);
                if self.is_sheet() {
                    self.row_numbers.push(scan.row_numbers.get(scan.row).copied().unwrap_or(0));
                }
            }
            scan.row += 1;
            at = next;
        }
        for (column, evidence) in self.columns.iter_mut().zip(&scan.evidence) {
            if let (Column::Field(meaning), Some(evidence)) = (column, evidence) {
                meaning.order = evidence.order();
            }
        }
    }

    /// The columns of dates whose order the rows must prove.
    fn open_dates(&mut self) -> Vec<Option<Evidence>> {
        let mut evidence = Vec::new();
        for (i, column) in self.columns.iter_mut().enumerate() {
            let Column::Field(meaning) = column else { continue };
            if !super::order::is_date(meaning.field) || meaning.order != Order::Unproved {
                continue;
            }
            evidence.resize(i + 1, None);
            evidence[i] = Some(Evidence::default());
        }
        evidence
    }

    /// Where the next row begins, and whether the one at `at` holds anything.
    fn scan_row(&self, bytes: &[u8], at: usize, scan: &mut Scan<'_>) -> (usize, bool) {
        let record = self.rows.len();
        let Some(end) = self.dialect.plain_end(bytes, at) else {
            return self.scan_quoted_row(bytes, at, scan);
        };
        let row = &bytes[at..end];
        if is_blank(row, self.dialect.delimiter) {
            return ((end + 1).min(bytes.len()), false);
        }
        if memchr_iter(self.dialect.delimiter, row).count() >= scan.width {
            let mut cells = Vec::new();
            self.dialect.row(bytes, at, usize::MAX, |_, place| cells.push(place));
            scan.too_many(bytes, record, &cells);
        }
        if !scan.evidence.is_empty() {
            let evidence = &mut scan.evidence;
            let columns = evidence.len();
            self.dialect.row(bytes, at, columns, |i, place| {
                if let Some(evidence) = &mut evidence[i] {
                    evidence.observe(&bytes[place.start..place.end]);
                }
            });
        }
        ((end + 1).min(bytes.len()), true)
    }

    fn scan_quoted_row(&self, bytes: &[u8], at: usize, scan: &mut Scan<'_>) -> (usize, bool) {
        let record = self.rows.len();
        let (mut extra, mut broken, mut holds) = (Vec::new(), None, false);
        let next = self.dialect.row(bytes, at, usize::MAX, |i, place| {
            let cell = &bytes[place.start..place.end];
            holds |= !is_blank(cell, b' ');
            if let Some(Some(evidence)) = scan.evidence.get_mut(i) {
                evidence.observe(cell);
            }
            if i >= scan.width && extra.len() < FIELDS_MAX {
                extra.push(place);
            }
            if place.is_broken {
                broken = Some(place);
            }
        });
        if let Some(place) = broken {
            let sentence = format_args!(
                "A quotation mark is opened in record {} and never closed; the cell was read to the end of its line. \
                 Close the mark or remove it.",
                record + 1,
            );
            scan.problems.add(Some(record), Some(span(place)), sentence);
        }
        scan.extra(bytes, record, &extra);
        (next, holds)
    }

    /// A row of a table with months in its first column may be a total; only those with a month are read.
    fn is_wanted(&self, bytes: &[u8], at: usize) -> bool {
        let Some(PivotPlaces { pivot, .. }) = &self.pivot else { return true };
        let mut digits = 0;
        self.dialect.row(bytes, at, pivot.key_column + 1, |i, place| {
            if i == pivot.key_column {
                digits = bytes[place.start..place.end].iter().filter(|byte| byte.is_ascii_digit()).count();
            }
        });
        digits >= 6
    }
}

impl Scan<'_> {
    fn too_many(&mut self, bytes: &[u8], record: usize, cells: &[Place]) {
        self.extra(bytes, record, cells.get(self.width..).unwrap_or(&[]));
    }

    fn extra(&mut self, bytes: &[u8], record: usize, extra: &[Place]) {
        let Some(first) = extra.iter().find(|place| !is_blank(&bytes[place.start..place.end], b' ')) else {
            return;
        };
        let sentence = format_args!(
            "Record {} has {} cells and the table {} headings; what stands beyond them was left out. Put quotation \
             marks around a cell that holds the delimiter.",
            record + 1,
            self.width + extra.len(),
            self.width,
        );
        self.problems.add(Some(record), Some(span(*first)), sentence);
    }
}

/// Nothing but delimiters and white space; in a table drawn with `|`, also the rule below the headings.
pub(super) fn is_blank(row: &[u8], delimiter: u8) -> bool {
    row.iter().all(|byte| *byte == delimiter || byte.is_ascii_whitespace())
        || (delimiter == b'|' && row.iter().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\r')))
}

/// The text of a cell, trimmed and unquoted, and where it stands.
#[inline]
pub(super) fn value(text: &str, place: Place) -> (Cow<'_, str>, Span) {
    let raw = &text[place.start..place.end];
    let bytes = raw.as_bytes();
    let is_trimmed = |byte: Option<&u8>| byte.is_none_or(|byte| *byte > b' ' && *byte < 0x80);
    let (trimmed, start) = if is_trimmed(bytes.first()) && is_trimmed(bytes.last()) {
        (raw, place.start)
    } else {
        let left = raw.trim_start();
        (left.trim_end(), place.end - left.len())
    };
    let span = Span { start: start as u32, end: (start + trimmed.len()) as u32 };
    if place.is_doubled {
        let single = trimmed.replace("\"\"", "\"");
        return (
            formula_text(&single).map_or_else(|| Cow::Owned(single.clone()), |text| text.to_owned().into()),
            span,
        );
    }
    match formula_text(trimmed) {
        Some(inner) => (inner.into(), Span { start: span.start + 2, end: span.end - 1 }),
        None => (trimmed.into(), span),
    }
}

/// `="012345678901"`: how a spreadsheet is kept from making a number of it.
#[inline]
fn formula_text(text: &str) -> Option<&str> {
    if text.as_bytes().first() != Some(&b'=') {
        return None;
    }
    text.strip_prefix("=\"")?.strip_suffix('"')
}

/// The account id of `Acme (111122223333)`.
fn narrowed<'d>((text, span): (Cow<'d, str>, Span)) -> (Cow<'d, str>, Span) {
    match (&text, account_run(&text)) {
        (Cow::Borrowed(whole), Some(run)) => {
            let start = span.start + run.start as u32;
            (Cow::Borrowed(&whole[run.clone()]), Span { start, end: start + run.len() as u32 })
        }
        _ => (text, span),
    }
}

/// Adds a further item to the list whose first item is the last cell of `field`.
fn append<'d>(text: &'d str, place: Place, field: crate::field::Field, record: &mut Record<'d>) {
    let (item, span) = value(text, place);
    let Some(list) = record.cells.iter_mut().rev().find(|cell| cell.field == field) else { return };
    if !item.is_empty() {
        let text = list.text.to_mut();
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&item);
        list.span.end = list.span.end.max(span.end);
    }
}

fn span(place: Place) -> Span {
    Span { start: place.start as u32, end: place.end as u32 }
}

#[cfg(test)]
mod tests;
