//! Where the cells of one row stand: the only place that knows about delimiters, quotation marks and row ends.
//!
//! A row without a quotation mark, nearly every one, is two byte searches. Nothing here allocates.

use memchr::{memchr, memchr_iter, memchr2};

/// Between the cells of a sheet's text. No cell holds it.
pub(super) const SHEET_CELL_END: char = '\u{1F}';
/// After each row of a sheet's text. No cell holds it.
pub(super) const SHEET_ROW_END: char = '\u{1E}';

/// A quoted cell that goes on for longer was never closed: a spreadsheet cell holds at most 32,767 characters.
const QUOTED_BYTES_MAX: usize = 4 * 32_767;

/// How the cells of a text are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// After rows.
    pub row_end: u8,
    /// Around cells; the row end where there are none.
    quote: u8,
}

/// Where one cell stands, its quotation marks excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub start: usize,
    pub end: usize,
    /// It holds doubled quotation marks, each of which means one.
    pub is_doubled: bool,
    /// It opens a quotation mark that is never closed; it was read to the end of its line.
    pub is_broken: bool,
}

impl Place {
    fn plain(start: usize, end: usize) -> Self {
        Place { start, end, is_doubled: false, is_broken: false }
    }
}

impl Dialect {
    /// Text with `delimiter` between cells, line ends after rows, and quotation marks.
    pub(super) fn text(delimiter: u8, row_end: u8) -> Self {
        Dialect { delimiter, row_end, quote: b'"' }
    }

    /// A sheet's text.
    pub(super) const SHEET: Dialect =
        Dialect { delimiter: SHEET_CELL_END as u8, row_end: SHEET_ROW_END as u8, quote: SHEET_ROW_END as u8 };

    /// Whether it is a sheet's.
    pub(super) fn is_sheet(self) -> bool {
        self.quote == self.row_end
    }

    /// The end of the row at `at`, when no quotation mark stands in it.
    #[inline]
    pub(super) fn plain_end(self, bytes: &[u8], at: usize) -> Option<usize> {
        match memchr2(self.row_end, self.quote, &bytes[at..]) {
            None => Some(bytes.len()),
            Some(n) if bytes[at + n] == self.row_end => Some(at + n),
            Some(_) => None,
        }
    }

    /// Shows the first `columns` cells of the row at `at`, and returns where the next row begins.
    #[inline]
    pub(super) fn row(
        self,
        bytes: &[u8],
        at: usize,
        columns: usize,
        mut visit: impl FnMut(usize, Place),
    ) -> usize {
        let Some(end) = self.plain_end(bytes, at) else { return self.quoted_row(bytes, at, columns, visit) };
        let (mut start, mut column) = (at, 0);
        for n in memchr_iter(self.delimiter, &bytes[at..end]) {
            if column == columns {
                return (end + 1).min(bytes.len());
            }
            visit(column, Place::plain(start, at + n));
            start = at + n + 1;
            column += 1;
        }
        if column < columns {
            visit(column, Place::plain(start, end));
        }
        (end + 1).min(bytes.len())
    }

    fn quoted_row(
        self,
        bytes: &[u8],
        at: usize,
        columns: usize,
        mut visit: impl FnMut(usize, Place),
    ) -> usize {
        let mut at = at;
        for column in 0.. {
            let (place, stop) = self.cell(bytes, at);
            if column < columns {
                visit(column, place);
            }
            if bytes.get(stop) != Some(&self.delimiter) {
                return (stop + 1).min(bytes.len());
            }
            at = stop + 1;
        }
        at
    }

    /// The cell at `at`, and where it stops: at a delimiter, a row end, or the end.
    fn cell(self, bytes: &[u8], at: usize) -> (Place, usize) {
        let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ' && self.delimiter != b' ').count();
        let open = at + spaces;
        if bytes.get(open) != Some(&self.quote) {
            let stop = self.stop(bytes, at);
            return (Place::plain(at, stop), stop);
        }
        // What follows an unclosed quotation mark on its line may belong to any column: it is not split, lest
        // a value land under the wrong heading.
        self.quoted_cell(bytes, open).unwrap_or_else(|| {
            let stop = memchr(self.row_end, &bytes[open..]).map_or(bytes.len(), |n| open + n);
            (Place { is_broken: true, ..Place::plain(open, stop) }, stop)
        })
    }

    /// The cell whose quotation mark opens at `open`; none when it is never closed.
    ///
    /// A mark that is followed by something else than the end of the cell closes nothing when lines lie between:
    /// it opens a later cell, and the one at `open` was forgotten. That keeps one forgotten mark from swallowing the
    /// rows below, and each byte from being looked at more than a few times.
    fn quoted_cell(self, bytes: &[u8], open: usize) -> Option<(Place, usize)> {
        let window = &bytes[..bytes.len().min(open + QUOTED_BYTES_MAX)];
        let (mut from, mut is_doubled) = (open + 1, false);
        let close = loop {
            let mark = from + memchr(self.quote, window.get(from..)?)?;
            if bytes.get(mark + 1) != Some(&self.quote) {
                break mark;
            }
            is_doubled = true;
            from = mark + 2;
        };
        let blanks = bytes[close + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
        let after = close + 1 + blanks;
        match bytes.get(after) {
            Some(byte) if *byte != self.delimiter && *byte != self.row_end => {
                if memchr(self.row_end, &bytes[open..close]).is_some() {
                    return None;
                }
                let stop = self.stop(bytes, after);
                Some((Place::plain(open, stop), stop))
            }
            _ => Some((Place { is_doubled, ..Place::plain(open + 1, close) }, after)),
        }
    }

    fn stop(self, bytes: &[u8], at: usize) -> usize {
        memchr2(self.delimiter, self.row_end, &bytes[at..]).map_or(bytes.len(), |n| at + n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, rows: &[&[&str]]) {
        let dialect = Dialect::text(b',', b'\n');
        let (mut at, mut found) = (0, Vec::new());
        while at < text.len() {
            let mut row = Vec::new();
            at = dialect
                .row(text.as_bytes(), at, usize::MAX, |_, place| row.push(&text[place.start..place.end]));
            found.push(row);
        }
        assert_eq!(found, rows);
    }

    #[test]
    fn an_unclosed_mark_spoils_only_its_line() {
        check("a,\"b,c\nd,\"e\",f\n", &[&["a", "\"b,c"], &["d", "e", "f"]]);
        check("\"a\n\"b\n\"c\n", &[&["\"a"], &["\"b"], &["\"c"]]);
    }

    #[test]
    fn a_quoted_cell_holds_delimiters_lines_and_doubled_marks() {
        check("\"a,b\nc\"\"d\",e", &[&["a,b\nc\"\"d", "e"]]);
        check("x, \"y\" ,z\r\n", &[&["x", "y", "z\r"]]);
    }

    #[test]
    fn a_mark_within_a_cell_is_a_character() {
        check("5\" pipe,b", &[&["5\" pipe", "b"]]);
        check("\"5\" pipe,b", &[&["\"5\" pipe", "b"]]);
    }

    #[test]
    fn many_unclosed_marks_take_no_longer_than_as_many_closed_ones() {
        // A million rows; were each to look for its end in the rest of the text, this would not end.
        let text = "\"a\n".repeat(1_000_000);
        let (mut at, mut rows) = (0, 0);
        while at < text.len() {
            at = Dialect::text(b',', b'\n').row(text.as_bytes(), at, 1, |_, _| ());
            rows += 1;
        }
        assert_eq!(rows, 1_000_000);
    }
}
