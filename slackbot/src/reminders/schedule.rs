//! When a channel is reminded: by its own clock and calendar, whatever its zone does to the hour.
//!
//! Pure: the moment is handed in. The day is chrono's as everywhere; the one place that speaks to the database of time
//! zones is here.

use crate::store::Channel;
use chrono::{Datelike, Days, NaiveDate};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use std::fmt;

/// A reminder that is later than this waits for the next day.
pub const LATE_SECONDS_MAX: i64 = 4 * 60 * 60;
/// A channel whose next two years are holidays is never reminded.
const DAYS_AHEAD_MAX: usize = 731;
const MINUTES_A_DAY: u16 = 24 * 60;

/// A time zone, with all its changes.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// A name that is not a time zone's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone(String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = podcheck_core::say::quoted(&self.0);
        write!(f, "{name} is not a time zone. Write one as Europe/Paris.")
    }
}

impl std::error::Error for UnknownZone {}

impl From<TimeZone> for Zone {
    fn from(zone: TimeZone) -> Zone {
        Zone(zone)
    }
}

impl Zone {
    /// Where nobody's zone is known.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone of this name, as `Europe/Paris`.
    ///
    /// # Errors
    /// When no zone has it.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        TimeZone::get(name).map(Zone).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The zone of this name; UTC where a newer list of zones has it no more.
    pub fn or_utc(name: &str) -> Zone {
        Zone::named(name).unwrap_or(Zone::UTC)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that it is there at `moment`, in seconds since 1970.
    pub fn day_at(&self, moment: i64) -> NaiveDate {
        let moment = Timestamp::from_second(moment).unwrap_or(Timestamp::UNIX_EPOCH);
        let day = self.0.to_datetime(moment).date();
        NaiveDate::from_ymd_opt(
            day.year().into(),
            day.month().unsigned_abs().into(),
            day.day().unsigned_abs().into(),
        )
        .unwrap_or(NaiveDate::MIN)
    }

    /// When it is `minute` of `day` there: an hour that is left out comes an hour later, of an hour that comes twice
    /// the first counts. None for a day that no calendar has.
    pub fn moment(&self, day: NaiveDate, minute: u16) -> Option<i64> {
        let (hour, minute) = (minute / 60, minute % 60);
        let small = |number: u32| i8::try_from(number).ok();
        let date = Date::new(i16::try_from(day.year()).ok()?, small(day.month())?, small(day.day())?).ok()?;
        let time = Time::new(small(hour.into())?, small(minute.into())?, 0, 0).ok()?;
        let moment = self.0.to_ambiguous_timestamp(DateTime::from_parts(date, time)).compatible().ok()?;
        Some(moment.as_second())
    }

    /// When the day ends there that it is at `moment`.
    pub fn day_end(&self, moment: i64) -> i64 {
        let next = self.day_at(moment).succ_opt();
        next.and_then(|day| self.moment(day, 0)).unwrap_or(moment)
    }
}

/// When somebody wants to be reminded.
#[derive(Debug, Clone, Copy)]
pub struct Schedule<'c> {
    /// Whose clock counts.
    pub zone: &'c Zone,
    /// At which minute of the day.
    pub at_minute: u16,
    /// One bit a weekday, Monday the lowest.
    pub weekdays: u8,
    /// Days without a reminder.
    pub holidays: &'c [NaiveDate],
}

/// A reminder's turn: the day it belongs to, and when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The local day.
    pub day: NaiveDate,
    /// Seconds since 1970.
    pub at: i64,
}

impl<'c> Schedule<'c> {
    /// When a channel wants to be reminded; `zone` is its zone.
    pub fn of(channel: &'c Channel, zone: &'c Zone) -> Schedule<'c> {
        Schedule {
            zone,
            at_minute: channel.at_minute,
            weekdays: channel.weekdays.0,
            holidays: &channel.holidays,
        }
    }

    /// The first turn after `moment`; none where no day is wanted.
    pub fn next_after(&self, moment: i64) -> Option<Turn> {
        let mut day = self.zone.day_at(moment);
        for _ in 0..DAYS_AHEAD_MAX {
            if let Some(turn) = self.turn_of(day).filter(|turn| turn.at > moment) {
                return Some(turn);
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// The turn that came last, if it still is of the day that it is at `moment`, and is not too late.
    pub fn due_at(&self, moment: i64) -> Option<Turn> {
        let today = self.zone.day_at(moment);
        // An hour that is left out around midnight brings a day's turn into the next.
        let days = [Some(today), today.checked_sub_days(Days::new(1))];
        let came =
            days.into_iter().flatten().filter_map(|day| self.turn_of(day)).find(|turn| turn.at <= moment)?;
        let is_in_time = moment - came.at <= LATE_SECONDS_MAX && self.zone.day_at(came.at) == today;
        is_in_time.then_some(came)
    }

    /// Until when a turn's reminder may be sent.
    pub fn late(&self, turn: Turn) -> i64 {
        (turn.at + LATE_SECONDS_MAX).min(self.zone.day_end(turn.at) - 1)
    }

    fn turn_of(&self, day: NaiveDate) -> Option<Turn> {
        let is_wanted = self.weekdays >> day.weekday().num_days_from_monday() & 1 == 1;
        if !is_wanted || self.holidays.contains(&day) {
            return None;
        }
        let at = self.zone.moment(day, self.at_minute.min(MINUTES_A_DAY - 1))?;
        Some(Turn { day, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY_DAY: u8 = 0b111_1111;
    const WORKING_DAYS: u8 = 0b001_1111;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn schedule<'c>(zone: &'c Zone, at_minute: u16) -> Schedule<'c> {
        Schedule { zone, at_minute, weekdays: EVERY_DAY, holidays: &[] }
    }

    #[test]
    fn a_name_that_is_no_zones_is_refused_with_an_example() {
        for name in ["", "Paris", "Europe/Atlantis", "../etc/passwd", "CEST+1"] {
            let sentence = Zone::named(name).unwrap_err().to_string();
            assert!(
                sentence.contains("is not a time zone") && sentence.contains("Europe/Paris"),
                "{sentence}"
            );
        }
    }

    #[test]
    fn a_day_begins_and_ends_by_the_local_clock() {
        let kolkata = Zone::named("Asia/Kolkata").unwrap();
        assert_eq!(kolkata.day_at(at("2026-11-22T18:29:59Z")), day("2026-11-22"));
        assert_eq!(kolkata.day_at(at("2026-11-22T18:30:00Z")), day("2026-11-23"));
        assert_eq!(kolkata.day_end(at("2026-11-22T18:30:00Z")), at("2026-11-23T18:30:00Z"));
    }

    #[test]
    fn an_hour_that_is_left_out_comes_later_and_one_that_comes_twice_comes_first() {
        let paris = Zone::named("Europe/Paris").unwrap();
        assert_eq!(paris.moment(day("2026-03-29"), 150), Some(at("2026-03-29T01:30:00Z")));
        assert_eq!(paris.moment(day("2026-10-25"), 150), Some(at("2026-10-25T00:30:00Z")));
        // Half an hour is left out, and comes twice.
        let lord_howe = Zone::named("Australia/Lord_Howe").unwrap();
        assert_eq!(lord_howe.moment(day("2026-10-04"), 135), Some(at("2026-10-03T15:45:00Z")));
        assert_eq!(lord_howe.moment(day("2026-04-05"), 105), Some(at("2026-04-04T14:45:00Z")));
    }

    #[test]
    fn the_next_turn_is_after_the_moment_and_never_on_a_free_day() {
        let paris = Zone::named("Europe/Paris").unwrap();
        let holidays = [day("2026-11-23")];
        let schedule = Schedule { weekdays: WORKING_DAYS, holidays: &holidays, ..schedule(&paris, 540) };
        let next = |moment| schedule.next_after(at(moment)).unwrap();
        // Friday before, at and after nine; the weekend and the holiday are passed over.
        assert_eq!(next("2026-11-20T07:59:59Z").day, day("2026-11-20"));
        assert_eq!(
            next("2026-11-20T08:00:00Z"),
            Turn { day: day("2026-11-24"), at: at("2026-11-24T08:00:00Z") }
        );
        assert_eq!(next("2026-11-21T12:00:00Z").day, day("2026-11-24"));
        assert_eq!(Schedule { weekdays: 0, ..schedule }.next_after(0), None);
    }

    #[test]
    fn a_turn_is_due_for_four_hours_and_never_on_the_day_after() {
        let paris = Zone::named("Europe/Paris").unwrap();
        let nine = schedule(&paris, 540);
        let due = |moment| nine.due_at(at(moment)).map(|turn| turn.day);
        assert_eq!(due("2026-11-23T07:59:59Z"), None);
        assert_eq!(due("2026-11-23T08:00:00Z"), Some(day("2026-11-23")));
        assert_eq!(due("2026-11-23T12:00:00Z"), Some(day("2026-11-23")));
        assert_eq!(due("2026-11-23T12:00:01Z"), None);
        let late = schedule(&paris, 22 * 60);
        assert_eq!(late.due_at(at("2026-11-23T22:59:59Z")).map(|turn| turn.day), Some(day("2026-11-23")));
        assert_eq!(late.due_at(at("2026-11-23T23:00:00Z")), None);
        let turn = late.next_after(at("2026-11-23T12:00:00Z")).unwrap();
        assert_eq!(late.late(turn), at("2026-11-23T22:59:59Z"));
    }

    /// Every day of a year has one turn, whoever asks when: a bot that looks every few minutes, or one that slept.
    #[test]
    fn a_year_has_one_turn_a_day_in_every_zone_at_every_hour() {
        let (begin, end) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        for name in ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] {
            let zone = Zone::named(name).unwrap();
            for minute in [0, 30, 90, 105, 119, 120, 135, 150, 179, 180, 540, 1439] {
                let schedule = schedule(&zone, minute);
                let mut days = Vec::new();
                let mut next = schedule.next_after(begin).unwrap();
                for now in (begin..end).step_by(13 * 60) {
                    if next.at <= now {
                        // Whoever looks every 13 minutes may not look in the last minute of a day.
                        let due = schedule.due_at(now);
                        assert!(due.is_some() || minute == 1439, "{name} {minute}: {}", next.day);
                        let due = due.unwrap_or(next);
                        assert_eq!((due.day, zone.day_at(due.at)), (next.day, next.day), "{name} {minute}");
                        days.push(due.day);
                        next = schedule.next_after(now).unwrap();
                    }
                }
                let whole: Vec<NaiveDate> = days[0].iter_days().take(days.len()).collect();
                assert_eq!(days, whole, "{name} at minute {minute}: no day twice, no day left out");
                assert!((364..=366).contains(&days.len()), "{name} {minute}: {}", days.len());
            }
        }
    }
}
