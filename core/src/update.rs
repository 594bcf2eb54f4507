//! When the record was last updated, and when the next update is due.

use crate::calendar::plus_days;
use crate::fact::{Fact, Missing};
use crate::field::Field;
use crate::rule::Case;
use chrono::NaiveDate;

/// The last update of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update {
    /// The day of the update.
    pub last: NaiveDate,
    /// Which fact says so: the next steps history, or the last modified date.
    pub source: Field,
    /// The last day on which the next update is in time.
    pub due: NaiveDate,
    /// How many days late the next update is; 0 while it is in time.
    pub days_overdue: u32,
}

/// The newest of the next steps history and the last modified date; none when neither is known, or when the one
/// that is known is too old and the other holds something that cannot be read and may be newer.
pub fn last_update(case: &Case<'_, '_>) -> Option<Update> {
    needed(case).ok()
}

/// The same, with the fact that is missing.
///
/// # Errors
/// The fact without which it cannot be said when the record was last updated.
pub(crate) fn needed(case: &Case<'_, '_>) -> Result<Update, Missing> {
    let history = &case.opp.next_steps_history;
    let modified = &case.opp.last_modified_at;
    let written = history.known().copied();
    let changed = modified.known().map(|instant| instant.date());
    // On the same day the history is the better evidence: only the partner writes it.
    let (last, source) = match (written, changed) {
        (Some(written), Some(changed)) if written < changed => (changed, modified.field),
        (Some(written), _) => (written, history.field),
        (None, Some(changed)) => (changed, modified.field),
        (None, None) => return Err(Missing(hard(history).unwrap_or(modified.field))),
    };
    let due = plus_days(last, case.policy.update_cadence_days);
    let days_overdue = u32::try_from((case.as_of - due).num_days()).unwrap_or(0);
    if days_overdue > 0
        && let Some(field) = hard(history).or(hard(modified))
    {
        return Err(Missing(field));
    }
    Ok(Update { last, source, due, days_overdue })
}

/// The field of a fact that holds something that cannot be read.
fn hard<T>(fact: &Fact<'_, T>) -> Option<Field> {
    fact.unknown().is_some_and(|why| !why.is_soft()).then_some(fact.field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::opportunity::Opportunity;
    use crate::policy::Policy;
    use crate::testing::{blank, day, known, opportunity, unreadable};

    fn asked(opp: &Opportunity<'_>, as_of: &str) -> Option<Update> {
        last_update(&Case::new(opp, &Policy::default(), day(as_of), false))
    }

    #[test]
    fn without_either_date_nothing_is_said() {
        let mut opp = opportunity();
        opp.next_steps_history = Fact::absent(Field::NextStepsHistory, Unknown::NotInFormat);
        opp.last_modified_at = blank(Field::LastModifiedAt);
        assert_eq!(asked(&opp, "2026-11-22"), None);
    }

    #[test]
    fn an_unreadable_date_may_be_the_newer_one() {
        let mut opp = opportunity();
        opp.last_modified_at = unreadable(Field::LastModifiedAt);
        assert!(asked(&opp, "2026-12-04").is_some(), "the history alone is recent enough");
        assert_eq!(asked(&opp, "2026-12-05"), None);
    }

    #[test]
    fn the_newest_counts_and_on_a_tie_the_partners_own() {
        let mut opp = opportunity();
        assert_eq!(asked(&opp, "2026-11-22").unwrap().source, Field::NextStepsHistory);
        opp.last_modified_at = known(Field::LastModifiedAt, day("2026-11-21").into());
        let update = asked(&opp, "2026-11-22").unwrap();
        assert_eq!((update.source, update.last), (Field::LastModifiedAt, day("2026-11-21")));
    }

    #[test]
    fn it_is_overdue_from_the_day_after_the_cadence() {
        let opp = opportunity();
        for (as_of, days_overdue) in [("2026-12-03", 0), ("2026-12-04", 0), ("2026-12-05", 1)] {
            let update = asked(&opp, as_of).unwrap();
            assert_eq!((update.due, update.days_overdue), (day("2026-12-04"), days_overdue), "{as_of}");
        }
    }
}
