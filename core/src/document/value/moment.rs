//! Moments, to UTC: the ways in which API, files and spreadsheets write them.

use super::date::{Scanned, Wrong, digits, leading_date, read, spreadsheet_day};
use crate::document::Cell;
use crate::fact::{Note, Reading};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

const NO_TIME: Wrong = Wrong::Because("is no time");

/// A moment in UTC; a date alone is its midnight, a number of seconds counts from 1970.
pub fn moment<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDateTime> {
    read(cell, |text| moment_of(cell, text))
}

/// The moment that `text` is.
pub(super) fn moment_of(cell: &Cell<'_>, text: &str) -> Scanned<(NaiveDateTime, Option<Note>)> {
    if let Some(read) = spreadsheet_day(cell, text) {
        return Ok(read);
    }
    if let Some(seconds) = seconds_since_1970(text) {
        return seconds;
    }
    let (day, note, rest) = leading_date(text, cell.order).map_err(|wrong| match wrong {
        Wrong::Because("is no date") => NO_TIME,
        wrong => wrong,
    })?;
    if rest.is_empty() {
        return Ok((day.and_time(NaiveTime::MIN), note));
    }
    Ok((with_time(day, rest).ok_or(NO_TIME)?, note))
}

/// The moment at which a time of day, with or without a zone, falls in UTC; `rest` is what follows the date.
pub(super) fn with_time(day: NaiveDate, rest: &str) -> Option<NaiveDateTime> {
    let bytes = rest.as_bytes();
    if !matches!(bytes.first(), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let (moment, zone) = leading_time(day, rest[1..].trim_start_matches(' '))?;
    let offset = offset_of(zone.trim())?;
    let utc = moment.checked_sub_signed(offset)?;
    (1900..=2199).contains(&utc.year()).then_some(utc)
}

/// The time that `text` begins with, and what follows it.
fn leading_time(day: NaiveDate, text: &str) -> Option<(NaiveDateTime, &str)> {
    let bytes = text.as_bytes();
    let (mut hour, mut at) = digits(bytes, 2)?;
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    let (minute, length) = digits(&bytes[at + 1..], 2)?;
    at += 1 + length;
    let (mut second, mut nanos) = (0, 0);
    if bytes.get(at) == Some(&b':') {
        let (whole, length) = digits(&bytes[at + 1..], 2)?;
        second = whole;
        at += 1 + length;
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            let (fraction, length) = fraction_nanos(&bytes[at + 1..]);
            nanos = fraction;
            at += 1 + length;
        }
    }
    let mut rest = &text[at..];
    let half = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    if let Some(is_afternoon) = half.get(..2).and_then(half_of_day) {
        if hour == 0 || hour > 12 {
            return None;
        }
        hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        rest = &half[2..];
    }
    Some((day.and_hms_nano_opt(hour, minute, second, nanos)?, rest))
}

fn half_of_day(word: &str) -> Option<bool> {
    match word {
        _ if word.eq_ignore_ascii_case("am") => Some(false),
        _ if word.eq_ignore_ascii_case("pm") => Some(true),
        _ => None,
    }
}

/// The digits after a decimal point as nanoseconds, and how many there were; those past the ninth do not count.
pub(super) fn fraction_nanos(bytes: &[u8]) -> (u32, usize) {
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digit = |i: usize| if i < length { u32::from(bytes[i] - b'0') } else { 0 };
    ((0..9).fold(0, |nanos, i| nanos * 10 + digit(i)), length)
}

/// How far a zone is ahead of UTC: `Z`, `UTC`, `+02:00`, `-0730`, `+02`; none named is UTC.
fn offset_of(zone: &str) -> Option<TimeDelta> {
    if ["", "z", "utc", "gmt"].iter().any(|utc| zone.eq_ignore_ascii_case(utc)) {
        return Some(TimeDelta::zero());
    }
    let bytes = zone.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let number = |range: std::ops::Range<usize>| {
        let part = bytes.get(range)?;
        digits(part, 2).filter(|(_, length)| *length == 2).map(|(number, _)| i64::from(number))
    };
    let (hours, minutes) = match bytes.len() {
        3 => (number(1..3)?, 0),
        5 => (number(1..3)?, number(3..5)?),
        6 if bytes[3] == b':' => (number(1..3)?, number(4..6)?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then(|| TimeDelta::minutes(sign * (hours * 60 + minutes)))
}

/// Seconds since 1970, as the API writes them on the wire: whole, with a fraction, or as 1.76E9.
fn seconds_since_1970(text: &str) -> Option<Scanned<(NaiveDateTime, Option<Note>)>> {
    let is_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    let first_run = text.bytes().take_while(u8::is_ascii_digit).count();
    let looks_like_seconds = first_run >= 9 || text.contains(['e', 'E']);
    if first_run == 0 || !looks_like_seconds || !text.bytes().all(is_number) {
        return None;
    }
    let (seconds, nanos) = match super::money::plain_decimal(text) {
        Some(number) => {
            let nanos = (number.fract() * rust_decimal::Decimal::from(1_000_000_000)).trunc();
            (i64::try_from(number.trunc()).ok(), u32::try_from(nanos).unwrap_or(0))
        }
        None => (None, 0),
    };
    let moment =
        seconds.and_then(|seconds| DateTime::from_timestamp(seconds, nanos)).map(|utc| utc.naive_utc());
    Some(match moment.filter(|moment| (1900..=2199).contains(&moment.year())) {
        Some(moment) => Ok((moment, None)),
        None => Err(Wrong::Because("is no number of seconds since 1970")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Form;
    use crate::document::value::testing::cell;

    #[track_caller]
    fn is_moment(cell: &Cell<'_>, expect: &str) {
        assert_eq!(moment(cell).unwrap().0, expect.parse().unwrap(), "{}", cell.text);
    }

    fn literal(text: &str) -> Cell<'_> {
        Cell { form: Form::JsonLiteral, ..cell(text) }
    }

    #[test]
    fn a_spreadsheets_day_number_has_its_time_behind_the_point() {
        is_moment(&cell("46348.75"), "2026-11-22T18:00:00");
        assert!(moment(&literal("46348.75")).is_err());
    }

    #[test]
    fn moments_of_every_producer_are_read_to_utc() {
        for (text, expect) in [
            ("1762139767.038", "2025-11-03T03:16:07.038"),
            ("1762139767", "2025-11-03T03:16:07"),
            ("1.762139767038E9", "2025-11-03T03:16:07.038"),
            ("2025-11-03T03:16:07.038000+00:00", "2025-11-03T03:16:07.038"),
            ("2025-11-03T03:16:07+00:00", "2025-11-03T03:16:07"),
            ("2024-09-26T04:33:32Z", "2024-09-26T04:33:32"),
            ("2025-11-03T01:16:07-02:00", "2025-11-03T03:16:07"),
            ("2025-11-03", "2025-11-03T00:00:00"),
            ("11/23/2025", "2025-11-23T00:00:00"),
            ("11/23/2025 12:05 AM", "2025-11-23T00:05:00"),
            ("2025-11-03 03:16 UTC", "2025-11-03T03:16:00"),
        ] {
            is_moment(&literal(text), expect);
        }
        for text in ["", "12345678", "99999999999", "2025-11-03T03:16:07+25:00", "2025-11-03T13:00 PM"] {
            assert!(moment(&literal(text)).is_err(), "{text}");
        }
    }
}
