//! Logs of next steps: of their lines, only the dates matter.

use super::date::{Wrong, digits, leading_date, read};
use super::moment::{moment_of, with_time};
use crate::document::Cell;
use crate::fact::{Note, Reading};
use chrono::NaiveDate;

/// The day of the newest entry of a log of lines `YYYY-MM-DD: text`, or a single moment.
///
/// A line without a date continues the one before it. One date that is there and cannot be read makes the newest
/// unknown, for it could be that one.
pub fn newest_entry<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDate> {
    read(cell, |text| {
        if let Ok((moment, note)) = moment_of(cell, text) {
            return Ok((moment.date(), note));
        }
        let mut newest: Option<(NaiveDate, Option<Note>)> = None;
        for line in text.lines() {
            let line = line.trim_start_matches([' ', '\t', '[', '(', '-', '*', '•']);
            if !starts_with_a_date(line) {
                continue;
            }
            let (day, note, rest) = leading_date(line, cell.order)?;
            if rest.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) && !rest.starts_with('T') {
                continue;
            }
            let day = day_in_utc(day, rest);
            if newest.is_none_or(|(best, _)| day > best) {
                newest = Some((day, note));
            }
        }
        newest.ok_or(Wrong::Because("has no dated line"))
    })
}

fn starts_with_a_date(line: &str) -> bool {
    let bytes = line.as_bytes();
    let Some((_, first)) = digits(bytes, 4) else { return false };
    let separator = bytes.get(first).copied().unwrap_or(0);
    let Some((_, second)) = bytes.get(first + 1..).and_then(|rest| digits(rest, 2)) else { return false };
    matches!(separator, b'-' | b'/' | b'.')
        && bytes.get(first + 1 + second) == Some(&separator)
        && bytes.get(first + second + 2).is_some_and(u8::is_ascii_digit)
}

/// The UTC day of a log entry; what follows its date may be a time, or anything else.
fn day_in_utc(day: NaiveDate, rest: &str) -> NaiveDate {
    let end = rest.find([']', ')', '\t']).unwrap_or(rest.len());
    let time = rest[..end].trim_end_matches([':', ' ']);
    with_time(day, time)
        .or_else(|| with_time(day, time.split_inclusive(' ').next()?.trim_end_matches([':', ' '])))
        .map_or(day, |moment| moment.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::value::testing::cell;
    use crate::fact::Unknown;

    #[test]
    fn the_newest_line_of_a_log_counts_wherever_it_stands() {
        for (text, expect) in [
            ("2026-11-01: called\n2026-11-20: sent the offer\n2026-11-10: met", "2026-11-20"),
            ("[2026-11-01] called\r\n  and again on 2026-12-01", "2026-11-01"),
            ("2026-11-01 - called", "2026-11-01"),
            ("2026-11-01T23:30:00-01:00: called", "2026-11-02"),
            ("11/23/2026 called\n11/22/2026 met", "2026-11-23"),
            ("2026-11-22T10:00:00Z", "2026-11-22"),
        ] {
            assert_eq!(newest_entry(&cell(text)).unwrap().0, expect.parse().unwrap(), "{text}");
        }
    }

    #[test]
    fn a_log_whose_newest_date_is_in_doubt_is_not_known() {
        for (text, expect) in
            [("called\nmet", "has no dated line"), ("2026-02-31: called", "is no day of the calendar")]
        {
            let Err(Unknown::Unreadable { why, .. }) = newest_entry(&cell(text)) else { panic!("{text}") };
            assert_eq!(why, expect);
        }
        assert!(matches!(newest_entry(&cell("03/04/2026 called")), Err(Unknown::Ambiguous(_))));
    }
}
