//! Date arithmetic of the programme: months, the discount window, business days, the update cadence.
//!
//! Nothing here knows what day it is; every function is told.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A calendar month, the unit in which AWS bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Months since the first month of the year 0.
    count: i32,
}

/// The first and the last month of the calendar.
const MONTH_MIN: i32 = -262_143 * 12;
const MONTH_MAX: i32 = 262_142 * 12 + 11;

impl Month {
    /// The month that holds `day`.
    pub fn of(day: NaiveDate) -> Self {
        Month { count: day.year() * 12 + day.month0().cast_signed() }
    }

    /// The month `year`-`month`, if there is one in the calendar's range.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Month::of)
    }

    /// Reads `2026-11` (and nothing else).
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
            return None;
        }
        Month::new(year.parse().ok()?, month.parse().ok()?)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let month = self.count.rem_euclid(12).cast_unsigned() + 1;
        NaiveDate::from_ymd_opt(self.count.div_euclid(12), month, 1)
            .expect("a month lies within the calendar")
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let next = self.plus(1);
        if next == self { NaiveDate::MAX } else { next.first_day().pred_opt().unwrap_or(NaiveDate::MAX) }
    }

    /// The month before; the calendar's first month is its own.
    #[must_use]
    pub fn previous(self) -> Self {
        Month { count: (self.count - 1).max(MONTH_MIN) }
    }

    /// The month `count` months later; at most the calendar's last.
    #[must_use]
    pub fn plus(self, count: u32) -> Self {
        Month { count: self.count.saturating_add_unsigned(count).min(MONTH_MAX) }
    }

    /// How many months lie between `self` and the later `other`; negative when `other` is earlier.
    pub fn months_until(self, other: Month) -> i32 {
        other.count - self.count
    }

    /// Where `as_of` stands relative to this month.
    pub fn seen_from(self, as_of: NaiveDate) -> MonthState {
        match Month::of(as_of).cmp(&self) {
            std::cmp::Ordering::Greater => MonthState::Over,
            std::cmp::Ordering::Equal => MonthState::Running,
            std::cmp::Ordering::Less => MonthState::Ahead,
        }
    }
}

/// Where a month stands on the as-of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MonthState {
    /// Its last day has passed.
    Over,
    /// The as-of day lies within it.
    Running,
    /// It has not begun.
    Ahead,
}

/// The months during which the discount is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscountWindow {
    /// The 1st of the month after the close date.
    pub start: NaiveDate,
    /// The last day of the last month.
    pub end: NaiveDate,
}

impl DiscountWindow {
    /// The window that a close date gives: `months` long, from the 1st of the following month.
    pub fn from_close_date(close: NaiveDate, months: u32) -> Self {
        let first = Month::of(close).plus(1);
        DiscountWindow { start: first.first_day(), end: first.plus(months).previous().last_day() }
    }

    /// The number of the month `day` lies in, counting from 1; none outside the window.
    pub fn month_number(self, day: NaiveDate) -> Option<u32> {
        if day < self.start || day > self.end {
            return None;
        }
        u32::try_from(Month::of(self.start).months_until(Month::of(day)) + 1).ok()
    }
}

/// Reads `2026-11-22` (and nothing else).
pub fn iso_day(text: &str) -> Option<NaiveDate> {
    let (month, day) = text.rsplit_once('-')?;
    let day = if day.len() == 2 && day.bytes().all(|b| b.is_ascii_digit()) { day.parse().ok()? } else { 0 };
    Month::parse(month)?.first_day().with_day(day)
}

/// `day` plus `count` days, saturating at the calendar's end.
pub fn plus_days(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_add_days(Days::new(count.into())).unwrap_or(NaiveDate::MAX)
}

/// `day` minus `count` days, saturating at the calendar's start.
pub fn minus_days(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(count.into())).unwrap_or(NaiveDate::MIN)
}

/// The `count`-th business day after `start`: Monday to Friday, no holidays, the next such day is the first.
pub fn plus_business_days(start: NaiveDate, count: u32) -> NaiveDate {
    let mut day = start;
    let mut left = count;
    while left > 0 {
        let Some(next) = day.succ_opt() else { return day };
        day = next;
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

/// The last day from which `count` business days end by `end`.
pub fn minus_business_days(end: NaiveDate, count: u32) -> NaiveDate {
    let is_business_day = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let mut day = end;
    let mut left = count;
    loop {
        if is_business_day(day) {
            if left == 0 {
                return day;
            }
            left -= 1;
        }
        match day.pred_opt() {
            Some(previous) => day = previous,
            None => return day,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_guides_example_runs_24_months_from_march() {
        let window = DiscountWindow::from_close_date(day("2022-02-01"), 24);
        assert_eq!((window.start, window.end), (day("2022-03-01"), day("2024-02-29")));
        assert_eq!(window.month_number(day("2022-02-28")), None);
        assert_eq!(window.month_number(day("2022-03-01")), Some(1));
        assert_eq!(window.month_number(day("2024-02-29")), Some(24));
        assert_eq!(window.month_number(day("2024-03-01")), None);
    }

    #[test]
    fn a_month_is_ahead_then_running_then_over() {
        let november = Month::parse("2026-11").unwrap();
        assert_eq!(november.seen_from(day("2026-10-31")), MonthState::Ahead);
        assert_eq!(november.seen_from(day("2026-11-01")), MonthState::Running);
        assert_eq!(november.seen_from(day("2026-11-30")), MonthState::Running);
        assert_eq!(november.seen_from(day("2026-12-01")), MonthState::Over);
    }

    #[test]
    fn a_month_is_written_with_four_and_two_digits() {
        for wrong in ["2026-13", "2026-1", "26-01", "2026/01", "2026-01-01", "+026-01", ""] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month::parse("2026-12").unwrap().last_day(), day("2026-12-31"));
    }

    #[test]
    fn a_day_is_written_as_iso_does() {
        for wrong in
            ["2026-02-29", "2026-11-31", "2026-11-1", "2026-11-+1", "22-11-2026", "2026-11-22 ", "soon", ""]
        {
            assert_eq!(iso_day(wrong), None, "{wrong}");
        }
        assert_eq!(iso_day("2028-02-29"), Some(day("2028-02-29")));
    }

    #[test]
    fn business_days_skip_the_weekend() {
        // 2026-11-20 is a Friday.
        assert_eq!(plus_business_days(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(plus_business_days(day("2026-11-21"), 1), day("2026-11-23"));
        assert_eq!(plus_business_days(day("2026-11-20"), 10), day("2026-12-04"));
        assert_eq!(plus_business_days(day("2026-11-20"), 0), day("2026-11-20"));
    }

    #[test]
    fn business_days_end_by_a_day() {
        for end in ["2026-12-04", "2026-12-05", "2026-12-06"] {
            assert_eq!(minus_business_days(day(end), 10), day("2026-11-20"), "{end}");
        }
        assert_eq!(minus_business_days(day("2026-12-07"), 10), day("2026-11-23"));
        assert_eq!(minus_business_days(NaiveDate::MIN, 3), NaiveDate::MIN);
    }

    #[test]
    fn the_ends_of_the_calendar_saturate() {
        let (first, last) = (Month::of(NaiveDate::MIN), Month::of(NaiveDate::MAX));
        assert_eq!((first.previous(), last.plus(1)), (first, last));
        assert_eq!(first.first_day(), NaiveDate::MIN);
        assert_eq!(plus_days(NaiveDate::MAX, 1), NaiveDate::MAX);
        assert_eq!(minus_days(NaiveDate::MIN, 1), NaiveDate::MIN);
        assert_eq!(plus_business_days(NaiveDate::MAX, 3), NaiveDate::MAX);
        assert!(last.last_day() >= last.first_day());
    }
}
