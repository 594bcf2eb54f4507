//! Dates, read from bytes by hand: several stand in every row of a large file.

use super::moment::{fraction_nanos, with_time};
use crate::document::{Cell, DateOrder, Form, Order};
use crate::fact::{Ambiguity, Note, Reading, Unknown};
use crate::say;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// Why a date or a moment cannot be read; becomes an [`Unknown`] with the text it stood in.
pub(super) enum Wrong {
    /// The rest of a sentence.
    Because(&'static str),
    /// Two days it may be.
    Ambiguous(NaiveDate, NaiveDate),
}

/// What was scanned, or why it cannot be.
pub(super) type Scanned<T> = Result<T, Wrong>;

const NO_DATE: Wrong = Wrong::Because("is no date");
const NO_SUCH_DAY: Wrong = Wrong::Because("is no day of the calendar");
const TWO_DIGIT_YEAR: Wrong = Wrong::Because("has a year of two digits; write all four");

/// A date: ISO, the order its column has, or a spreadsheet's day number. A time with a zone gives the UTC date.
///
/// `03.04.2026` is day-first unless its column says otherwise, for nobody writes it month-first; `03/04/2026` and
/// `03-04-2026` are ambiguous.
pub fn date<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDate> {
    read(cell, |text| {
        if let Some((moment, note)) = spreadsheet_day(cell, text) {
            return Ok((moment.date(), note));
        }
        let (day, note, rest) = leading_date(text, cell.order)?;
        if rest.is_empty() {
            return Ok((day, note));
        }
        let moment = with_time(day, rest).ok_or(NO_DATE)?;
        Ok((moment.date(), note))
    })
}

/// Reads a cell's text by `scan`.
pub(super) fn read<'d, T>(
    cell: &Cell<'d>,
    scan: impl FnOnce(&str) -> Scanned<(T, Option<Note>)>,
) -> Reading<'d, T> {
    scan(cell.text.trim()).map_err(|wrong| match wrong {
        Wrong::Because(why) => Unknown::Unreadable { raw: cell.text.clone(), why },
        Wrong::Ambiguous(a, b) => Unknown::Ambiguous(Box::new(Ambiguity {
            raw: cell.text.clone(),
            readings: [say::day(a).to_string(), say::day(b).to_string()],
        })),
    })
}

/// A run of at most `max` digits and what follows it.
pub(super) fn digits(bytes: &[u8], max: usize) -> Option<(u32, usize)> {
    let mut number = 0;
    let mut length = 0;
    while length < bytes.len() && bytes[length].is_ascii_digit() {
        if length == max {
            return None;
        }
        number = number * 10 + u32::from(bytes[length] - b'0');
        length += 1;
    }
    (length > 0).then_some((number, length))
}

/// The date that `text` begins with, what was done to read it, and what follows it.
pub(super) fn leading_date(text: &str, order: Order) -> Scanned<(NaiveDate, Option<Note>, &str)> {
    let bytes = text.as_bytes();
    let Some((first, first_length)) = digits(bytes, 4) else { return named_month(text) };
    let separator = bytes.get(first_length).copied().unwrap_or(0);
    if !matches!(separator, b'-' | b'/' | b'.') {
        return named_month(text);
    }
    let second_at = first_length + 1;
    let Some((second, second_length)) = digits(&bytes[second_at..], 2) else { return named_month(text) };
    let third_at = second_at + second_length + 1;
    if bytes.get(third_at - 1) != Some(&separator) {
        return Err(NO_DATE);
    }
    let (third, third_length) = digits(&bytes[third_at..], 4).ok_or(NO_DATE)?;
    let rest = &text[third_at + third_length..];
    match (first_length, third_length) {
        (4, 1 | 2) => Ok((day_of(first, second, third)?, None, rest)),
        (1 | 2, 4) => {
            let (day, note) = in_order(first, second, third, separator, order)?;
            Ok((day, note, rest))
        }
        (1 | 2, 2) => Err(TWO_DIGIT_YEAR),
        _ => Err(NO_DATE),
    }
}

/// The date whose first two parts are day and month in an order that has to be found out.
fn in_order(
    first: u32,
    second: u32,
    year: u32,
    separator: u8,
    order: Order,
) -> Scanned<(NaiveDate, Option<Note>)> {
    let month_first = || day_of(year, first, second);
    let day_first = || day_of(year, second, first);
    let proved_by_itself = match (first > 12, second > 12) {
        (true, true) => return Err(NO_SUCH_DAY),
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        (false, false) => None,
    };
    let (order, note) = match (order, proved_by_itself) {
        (Order::Given(given), Some(itself)) if given != itself => {
            return Err(Wrong::Because(match given {
                DateOrder::MonthFirst => "has no such month: its column puts the month first",
                DateOrder::DayFirst => "has no such month: its column puts the day first",
            }));
        }
        (_, Some(itself)) => (itself, None),
        (Order::Given(given), None) => (given, None),
        (Order::Proved(proved), None) => (proved, (first != second).then_some(Note::OrderProvedByColumn)),
        (Order::Unproved, None) if first == second || separator == b'.' => (DateOrder::DayFirst, None),
        (Order::Unproved, None) => return Err(Wrong::Ambiguous(month_first()?, day_first()?)),
    };
    let day = match order {
        DateOrder::MonthFirst => month_first()?,
        DateOrder::DayFirst => day_first()?,
    };
    Ok((day, note))
}

fn day_of(year: u32, month: u32, day: u32) -> Scanned<NaiveDate> {
    if !(1900..=2199).contains(&year) {
        return Err(Wrong::Because("lies outside the years 1900 to 2199"));
    }
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day).ok_or(NO_SUCH_DAY)
}

/// `22 Nov 2026`, `22-Nov-2026`, `November 22, 2026`: a date whose month is a word cannot be misread.
fn named_month(text: &str) -> Scanned<(NaiveDate, Option<Note>, &str)> {
    let mut parts = text.split([' ', ',', '-', '/', '.']).filter(|part| !part.is_empty());
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NO_DATE);
    };
    let (month, day) = match (month_named(first), month_named(second)) {
        (Some(month), None) => (month, second),
        (None, Some(month)) => (month, first),
        _ => return Err(NO_DATE),
    };
    let number = |part: &str| digits(part.as_bytes(), 4).filter(|(_, length)| *length == part.len());
    let ((day, day_length), (year, year_length)) = number(day).zip(number(third)).ok_or(NO_DATE)?;
    match (day_length, year_length) {
        (1 | 2, 4) => Ok((day_of(year, month, day)?, None, "")),
        (1 | 2, 2) => Err(TWO_DIGIT_YEAR),
        _ => Err(NO_DATE),
    }
}

fn month_named(word: &str) -> Option<u32> {
    let place = say::MONTHS.iter().position(|name| {
        word.eq_ignore_ascii_case(name)
            || word.eq_ignore_ascii_case(&name[..3])
            || (*name == "September" && word.eq_ignore_ascii_case("sept"))
    })?;
    u32::try_from(place + 1).ok()
}

/// A spreadsheet's day number, which stands only in tables: 46348 is 22 November 2026, a fraction is the time.
pub(super) fn spreadsheet_day(cell: &Cell<'_>, text: &str) -> Option<(NaiveDateTime, Option<Note>)> {
    if cell.form != Form::TableCell {
        return None;
    }
    let bytes = text.as_bytes();
    let (days, length) = digits(bytes, 5).filter(|(days, _)| (20_000..=80_000).contains(days))?;
    let seconds = match bytes.get(length) {
        None => 0,
        Some(b'.') => {
            let (fraction, fraction_length) = fraction_nanos(&bytes[length + 1..]);
            if length + 1 + fraction_length != bytes.len() {
                return None;
            }
            // A day has 86,400 seconds; the fraction of a day is rounded to the nearest one.
            (u64::from(fraction) * 86_400 + 500_000_000) / 1_000_000_000
        }
        Some(_) => return None,
    };
    // Day 1 is 1 January 1900, and day 60 is a 29 February that 1900 never had: so all later ones count from here.
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let midnight = origin.checked_add_days(Days::new(days.into()))?.and_time(NaiveTime::MIN);
    let moment = midnight.checked_add_signed(TimeDelta::seconds(seconds.cast_signed()))?;
    Some((moment, Some(Note::SpreadsheetDate)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::value::testing::cell;

    fn at(text: &str, form: Form, order: Order) -> Cell<'_> {
        Cell { form, order, ..cell(text) }
    }

    #[track_caller]
    fn unreadable<T: std::fmt::Debug>(read: Reading<'_, T>, part: &str) {
        match read {
            Err(Unknown::Unreadable { why, .. }) => assert!(why.contains(part), "{why}"),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn is_date(cell: &Cell<'_>, expect: &str, note: Option<Note>) {
        assert_eq!(date(cell), Ok((expect.parse().unwrap(), note)), "{}", cell.text);
    }

    const MONTH_FIRST: Order = Order::Given(DateOrder::MonthFirst);
    const DAY_FIRST: Order = Order::Given(DateOrder::DayFirst);

    #[test]
    fn what_is_no_date_says_why() {
        for (text, part) in [
            ("soon", "no date"),
            ("2026", "no date"),
            ("2026-11", "no date"),
            ("2026-11-22x", "no date"),
            ("2026-11-22T", "no date"),
            ("2026-11-22 25:00", "no date"),
            ("2026/11-22", "no date"),
            ("12026-11-22", "no date"),
            ("2026-02-31", "no day"),
            ("2026-13-01", "no day"),
            ("2026-00-10", "no day"),
            ("13/14/2026", "no day"),
            ("02/30/2026", "no day"),
            ("03/04/26", "two digits"),
            ("22-Nov-26", "two digits"),
            ("22 Nov 20261", "no date"),
            ("31 Foo 2026", "no date"),
            ("31 Feb 2026", "no day"),
            ("1899-12-31", "1900"),
            ("2200-01-01", "2199"),
            ("０３/０４/２０２６", "no date"),
        ] {
            unreadable(date(&cell(text)), part);
        }
    }

    #[test]
    fn iso_dates_are_read_and_a_zone_gives_the_utc_day() {
        for (text, expect) in [
            ("1900-01-01", "1900-01-01"),
            ("2199-12-31", "2199-12-31"),
            ("2026-11-22", "2026-11-22"),
            ("2026/11/22", "2026-11-22"),
            ("2026-1-5", "2026-01-05"),
            ("2024-02-29", "2024-02-29"),
            ("2026-11-22T23:59:59.999Z", "2026-11-22"),
            ("2027-01-01T00:30:00+02:00", "2026-12-31"),
            ("2026-12-31T23:30:00-0100", "2027-01-01"),
            ("2026-11-22 00:00:00", "2026-11-22"),
            ("12/25/2026 3:16 PM", "2026-12-25"),
        ] {
            is_date(&cell(text), expect, None);
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_given_proved_or_not_known() {
        let text = "03/04/2026";
        is_date(&at(text, Form::TableCell, MONTH_FIRST), "2026-03-04", None);
        is_date(&at(text, Form::TableCell, DAY_FIRST), "2026-04-03", None);
        let proved = Order::Proved(DateOrder::DayFirst);
        is_date(&at(text, Form::TableCell, proved), "2026-04-03", Some(Note::OrderProvedByColumn));
        is_date(&at("04/04/2026", Form::TableCell, proved), "2026-04-04", None);
        for text in [text, "03-04-2026"] {
            let Err(Unknown::Ambiguous(ambiguity)) = date(&cell(text)) else { panic!("{text}") };
            assert_eq!(ambiguity.readings, ["4 Mar 2026", "3 Apr 2026"]);
        }
    }

    #[test]
    fn a_part_above_twelve_proves_the_order() {
        is_date(&cell("12/13/2026"), "2026-12-13", None);
        is_date(&cell("13/12/2026"), "2026-12-13", None);
        is_date(&cell("4/4/2026"), "2026-04-04", None);
        unreadable(date(&at("13/12/2026", Form::TableCell, MONTH_FIRST)), "month first");
        unreadable(date(&at("12/13/2026", Form::TableCell, DAY_FIRST)), "day first");
    }

    #[test]
    fn dots_put_the_day_first_unless_the_column_says_otherwise() {
        is_date(&cell("3.4.2026"), "2026-04-03", None);
        is_date(&at("3.4.2026", Form::TableCell, MONTH_FIRST), "2026-03-04", None);
    }

    #[test]
    fn a_month_in_words_cannot_be_misread() {
        for text in ["22 Nov 2026", "22-nov-2026", "November 22, 2026", "Nov 22 2026", "22. November 2026"] {
            is_date(&cell(text), "2026-11-22", None);
        }
        is_date(&cell("1 Sept 2026"), "2026-09-01", None);
    }

    #[test]
    fn a_spreadsheets_day_number_stands_only_in_tables() {
        is_date(&cell("46348"), "2026-11-22", Some(Note::SpreadsheetDate));
        is_date(&cell("46348.75"), "2026-11-22", Some(Note::SpreadsheetDate));
        unreadable(date(&cell("19999")), "no date");
        is_date(&cell("20000"), "1954-10-03", Some(Note::SpreadsheetDate));
        is_date(&cell("80000"), "2119-01-11", Some(Note::SpreadsheetDate));
        unreadable(date(&cell("80001")), "no date");
        for form in [Form::JsonString, Form::JsonLiteral, Form::Typed] {
            unreadable(date(&at("46348", form, Order::Unproved)), "no date");
        }
    }
}
