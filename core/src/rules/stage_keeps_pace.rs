use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The stage has advanced as far as the close date demands.
    ///
    /// **Why**: a deal that closes within two weeks should be Committed. If it is not, either the stage or the date
    /// is out of date, and a date that slips moves the month whose bill counts.
    ///
    /// **To fix**: advance the stage in ACE if the customer has committed, or move the close date.
    "UPD004" "stage-keeps-pace" {
        section: Upd, gate: Editable, guide: UPDATES,
        facts: [Stage, TargetCloseDate],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let (Some(&stage), Some(&close)) = (case.opp.stage.known(), case.opp.target_close_date.known()) else {
        return Ok(pen.not_applicable(format_args!("Stage and close date are not both known.")));
    };
    let days_left = close.signed_duration_since(case.as_of).num_days();
    Ok(match stage {
        Stage::Launched | Stage::ClosedLost => {
            pen.not_applicable(format_args!("The stage is {stage}: there is nothing left to keep pace with."))
        }
        Stage::Committed => {
            pen.pass(format_args!("The stage is {stage}; the close date is {}.", say::day(close)))
        }
        _ if days_left > case.policy.late_stage_days.into() => pen.pass(format_args!(
            "The stage is {stage}, and the close date {} is {} away.",
            say::day(close),
            say::count(days_left, "day")
        )),
        _ if days_left < 0 => pen
            .warning(
                format_args!("The close date {} has passed, and the stage is only {stage}.", say::day(close)),
                format_args!(
                    "Move the close date in ACE, and advance the stage if the customer has committed."
                ),
            )
            .by(case.as_of),
        _ => pen
            .warning(
                format_args!(
                    "The close date {} is {} away, and the stage is only {stage}.",
                    say::day(close),
                    say::count(days_left, "day")
                ),
                format_args!(
                    "Advance the stage in ACE if the customer has committed, or move the close date."
                ),
            )
            .by(close),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity};

    #[test]
    fn without_stage_or_close_date_nothing_is_said() {
        let mut opp = opportunity();
        opp.stage = blank(Field::Stage);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        let mut opp = opportunity();
        opp.target_close_date = blank(Field::TargetCloseDate);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn before_committed_fourteen_days_are_too_few() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::BusinessValidation);
        for (as_of, outcome) in [
            ("2026-11-30", Outcome::Pass),
            ("2026-12-01", Outcome::Warning),
            ("2026-12-02", Outcome::Warning),
            ("2026-12-16", Outcome::Warning),
        ] {
            assert_eq!(check(&RULE, &opp, as_of).0.outcome, outcome, "{as_of}");
        }
    }

    #[test]
    fn a_committed_deal_keeps_pace_whatever_the_date() {
        assert_eq!(check(&RULE, &opportunity(), "2026-12-14").0.outcome, Outcome::Pass);
    }
}
