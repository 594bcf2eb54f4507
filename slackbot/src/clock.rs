//! The time, as a value: the one place of the program that asks for it.

use crate::reminders::schedule::Zone;
use chrono::{DateTime, NaiveDate};
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine.
    Machine,
    /// Seconds since 1970 that a test sets.
    Set(Arc<AtomicU64>),
}

impl Clock {
    /// A clock that stands at `seconds` since 1970.
    pub fn at(seconds: u64) -> Clock {
        Clock::Set(Arc::new(AtomicU64::new(seconds)))
    }

    /// Seconds since 1970, UTC.
    #[expect(clippy::disallowed_methods, reason = "the edge of the program, where the day comes from")]
    pub fn seconds(&self) -> u64 {
        match self {
            // A machine whose clock stands before 1970 is taken to stand at its beginning.
            Clock::Machine => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            Clock::Set(seconds) => seconds.load(Ordering::Relaxed),
        }
    }

    /// The same as the database keeps it.
    pub fn moment(&self) -> i64 {
        i64::try_from(self.seconds()).unwrap_or(i64::MAX)
    }

    /// The day in the zone that this machine is set to; in UTC where it is set to none.
    pub fn today_here(&self) -> NaiveDate {
        Zone::from(TimeZone::system()).day_at(self.moment())
    }

    /// The day in UTC.
    pub fn today(&self) -> NaiveDate {
        DateTime::from_timestamp(self.moment(), 0).map_or(NaiveDate::MAX, |moment| moment.date_naive())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_utc() {
        assert_eq!(Clock::at(1_795_391_999).today().to_string(), "2026-11-22");
        assert_eq!(Clock::at(1_795_392_000).today().to_string(), "2026-11-23");
    }
}
