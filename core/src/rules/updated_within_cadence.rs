use super::rule;
use crate::field::Field;
use crate::rule::{Case, Check, Finding, Pen, Ruling};
use crate::say;
use crate::update::{self, Update};
use chrono::NaiveDate;

rule! {
    /// The opportunity was updated within the last two weeks.
    ///
    /// **Why**: AWS asks for an update at least every 14 days. A record that nobody touches looks abandoned, to AWS's
    /// sales team as well.
    ///
    /// **To fix**: write the next step in ACE, even if it is only that you wait for the customer.
    ///
    /// **Readings**: the newest of the next steps history and the last modified date counts as the last update. AWS
    /// moves the last modified date too, so where only that date is recent you are advised to write a next step.
    "UPD001" "updated-within-cadence" {
        section: Upd, gate: Editable, guide: UPDATES,
        facts: [NextStepsHistory, LastModifiedAt],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let update = update::needed(case)?;
    let Update { last, source, due, days_overdue } = update;
    if days_overdue > 0 {
        return Ok(pen
            .warning(
                format_args!(
                    "The last update was on {} ({}); the next is {} overdue.",
                    say::day(last),
                    source.label(),
                    say::count(days_overdue, "day")
                ),
                format_args!("Write the next step in ACE today: it was due on {}.", say::day(due)),
            )
            .by(due));
    }
    Ok(match outdated_history(case, &update) {
        Some(written) => only_modified(update, written, pen),
        None => pen.pass(format_args!(
            "The last update was on {} ({}); the next is due by {}.",
            say::day(last),
            source.label(),
            say::day(due)
        )),
    })
}

/// The day of the newest next step, when that alone would be overdue.
fn outdated_history(case: &Case<'_, '_>, update: &Update) -> Option<NaiveDate> {
    let written = *case.opp.next_steps_history.known()?;
    let is_outdated =
        case.as_of.signed_duration_since(written).num_days() > case.policy.update_cadence_days.into();
    (update.source == Field::LastModifiedAt && is_outdated).then_some(written)
}

fn only_modified(update: Update, written: NaiveDate, pen: &mut Pen) -> Finding {
    pen.advice(
        format_args!(
            "The record was last modified on {}, but the newest next step is of {}: the last edit may be \
             AWS's.",
            say::day(update.last),
            say::day(written)
        ),
        format_args!("Write a next step in ACE, at the latest by {}.", say::day(update.due)),
    )
    .by(update.due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::Opportunity;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity, unreadable};

    fn updated(history: Option<&str>, modified: Option<&str>) -> Opportunity<'static> {
        let mut opp = opportunity();
        opp.next_steps_history = history.map_or_else(
            || blank(Field::NextStepsHistory),
            |written| known(Field::NextStepsHistory, day(written)),
        );
        opp.last_modified_at = modified.map_or_else(
            || blank(Field::LastModifiedAt),
            |changed| known(Field::LastModifiedAt, day(changed).into()),
        );
        opp
    }

    #[test]
    fn without_any_date_it_cannot_be_judged() {
        let (finding, words) = check(&RULE, &updated(None, None), AS_OF);
        assert_eq!(
            (finding.outcome, &*words.message),
            (Outcome::Unknown, "Nothing is given for the last modified date.")
        );
    }

    #[test]
    fn an_unreadable_date_that_may_be_newer_leaves_it_open() {
        let mut opp = updated(Some("2026-11-07"), None);
        opp.last_modified_at = unreadable(Field::LastModifiedAt);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn the_fifteenth_day_is_overdue() {
        for (modified, outcome, due) in [
            ("2026-11-07", Outcome::Warning, Some("2026-11-21")),
            ("2026-11-08", Outcome::Pass, None),
            ("2026-11-09", Outcome::Pass, None),
        ] {
            let finding = check(&RULE, &updated(None, Some(modified)), AS_OF).0;
            assert_eq!((finding.outcome, finding.due_on), (outcome, due.map(day)), "{modified}");
        }
    }

    #[test]
    fn it_says_which_date_it_used_and_when_the_next_update_is_due() {
        let words = check(&RULE, &updated(Some("2026-11-15"), Some("2026-11-10")), AS_OF).1;
        assert_eq!(
            words.message,
            "The last update was on 15 Nov 2026 (next steps history); the next is due by 29 Nov 2026."
        );
        let words = check(&RULE, &updated(Some("2026-11-01"), Some("2026-11-01")), AS_OF).1;
        assert_eq!(
            words.message,
            "The last update was on 1 Nov 2026 (next steps history); the next is 7 days overdue."
        );
    }

    #[test]
    fn an_old_history_under_a_recent_edit_is_advice() {
        for (written, outcome) in
            [("2026-11-07", Outcome::Advice), ("2026-11-08", Outcome::Pass), ("2026-11-09", Outcome::Pass)]
        {
            let finding = check(&RULE, &updated(Some(written), Some("2026-11-20")), AS_OF).0;
            assert_eq!(finding.outcome, outcome, "{written}");
        }
    }
}
