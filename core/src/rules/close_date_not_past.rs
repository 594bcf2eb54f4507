use super::rule;
use crate::calendar::Month;
use crate::rule::{Case, Check, Cure, Finding, Pen, Phase, Ruling};
use crate::say;
use chrono::NaiveDate;

rule! {
    /// An open opportunity needs a target close date that has not passed.
    ///
    /// **Why**: the target close date fixes both the month whose bill is looked at and the day the discount starts.
    /// AWS refuses a date in the past, and a deal that slipped past its date is set to Launched with a date that no
    /// longer earns anything. After launch a past date is normal; it only has to lie on or after the launch.
    ///
    /// **To fix**: agree a new date with the customer and change *Target close date* in ACE while the record is a
    /// draft, Approved or Action Required. Moving it moves the spend month too. AWS locks the date at launch.
    ///
    /// **Readings**: on the day itself the date still counts, with a warning. A launched record is judged by its
    /// launch date, where one is known; a close date before that is a warning.
    "POD006" "close-date-not-past" {
        section: Pod, gate: NotLost, guide: CLOSE_DATE_ISSUES,
        facts: [TargetCloseDate, Stage, LaunchedOn],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let Some(&close) = case.opp.target_close_date.known() else {
        return Ok(pen.not_applicable(format_args!("There is no close date to judge.")));
    };
    let launched_later = case.opp.launched_on.known().is_some_and(|&launched| close < launched);
    // Without a stage, a close date ahead passes as before launch and as at launch.
    if case.phase == Phase::Unknown && close > case.as_of && !launched_later {
        return Ok(lies_ahead(close, pen));
    }
    Ok(if case.is_launched()? { at_launch(case, close, pen) } else { before_launch(case, close, pen) })
}

fn lies_ahead(close: NaiveDate, pen: &mut Pen) -> Finding {
    pen.pass(format_args!("The close date {} lies ahead.", say::day(close)))
}

fn before_launch(case: &Case<'_, '_>, close: NaiveDate, pen: &mut Pen) -> Finding {
    if close > case.as_of {
        return lies_ahead(close, pen);
    }
    if close == case.as_of {
        return pen
            .warning(
                format_args!("The close date is today, {}.", say::day(close)),
                format_args!("Set the stage to Launched today if billing has begun, or move the close date."),
            )
            .by(close)
            .as_reading();
    }
    let this_month = Month::of(case.as_of);
    pen.fail(
        Cure::UntilLaunch,
        format_args!("The close date {} has passed.", say::day(close)),
        format_args!(
            "Move the close date in ACE to the day on which the deal will close, possible in a draft and while the record is \
             Approved or Action Required; a date in {} makes {} the month whose bill counts.",
            say::month(this_month),
            say::month(this_month.previous())
        ),
    )
    .by(case.as_of)
}

fn at_launch(case: &Case<'_, '_>, close: NaiveDate, pen: &mut Pen) -> Finding {
    match case.opp.launched_on.known() {
        None => pen.pass(format_args!(
            "The close date is {}; after launch a past close date is normal.",
            say::day(close)
        )),
        Some(&launched) if close < launched => pen
            .warning(
                format_args!(
                    "The close date {} lies before the launch on {}.",
                    say::day(close),
                    say::day(launched)
                ),
                format_args!("Ask AWS to correct it: a partner can no longer change it after launch."),
            )
            .as_reading(),
        Some(&launched) => pen
            .pass(format_args!(
                "The close date {} does not lie before the launch on {}.",
                say::day(close),
                say::day(launched)
            ))
            .as_reading(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity};

    #[test]
    fn without_a_close_date_there_is_nothing_to_judge() {
        let mut opp = opportunity();
        opp.target_close_date = blank(Field::TargetCloseDate);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn before_launch_the_day_itself_still_counts() {
        let opp = opportunity();
        for (as_of, outcome, due) in [
            ("2026-12-14", Outcome::Pass, None),
            ("2026-12-15", Outcome::Warning, Some("2026-12-15")),
            ("2026-12-16", Outcome::Fail, Some("2026-12-16")),
        ] {
            let finding = check(&RULE, &opp, as_of).0;
            assert_eq!((finding.outcome, finding.due_on), (outcome, due.map(day)), "{as_of}");
            assert_eq!(finding.is_reading, outcome == Outcome::Warning);
        }
    }

    #[test]
    fn a_past_close_date_can_be_moved_until_the_launch_and_moves_the_spend_month() {
        let (finding, words) = check(&RULE, &opportunity(), "2027-01-02");
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::UntilLaunch));
        assert!(
            words.remedy.ends_with("a date in January 2027 makes December 2026 the month whose bill counts.")
        );
    }

    #[test]
    fn at_launch_the_launch_date_judges_it() {
        for (launched, outcome, is_reading) in [
            (Some("2026-12-14"), Outcome::Pass, true),
            (Some("2026-12-15"), Outcome::Pass, true),
            (Some("2026-12-16"), Outcome::Warning, true),
            (None, Outcome::Pass, false),
        ] {
            let mut opp = opportunity();
            opp.stage = known(Field::Stage, Stage::Launched);
            if let Some(launched) = launched {
                opp.launched_on = known(Field::LaunchedOn, day(launched));
            }
            let finding = check(&RULE, &opp, "2026-12-20").0;
            assert_eq!((finding.outcome, finding.is_reading), (outcome, is_reading), "{launched:?}");
        }
    }

    #[test]
    fn without_a_stage_only_a_date_ahead_passes() {
        let mut opp = opportunity();
        opp.stage = blank(Field::Stage);
        for (as_of, outcome) in [
            ("2026-12-14", Outcome::Pass),
            ("2026-12-15", Outcome::Unknown),
            ("2026-12-16", Outcome::Unknown),
        ] {
            assert_eq!(check(&RULE, &opp, as_of).0.outcome, outcome, "{as_of}");
        }
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-16"));
        assert_eq!(check(&RULE, &opp, "2026-12-14").0.outcome, Outcome::Unknown);
    }
}
