use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Finding, Pen, Phase, Ruling};
use crate::say;

rule! {
    /// The opportunity is at stage Launched.
    ///
    /// **Why**: the discount begins only for opportunities that are Launched, and Launched means that the customer's
    /// billing has begun. Set too late, months of discount are at risk; set too early, the record says something
    /// that is not so.
    ///
    /// **To fix**: set *Stage* to Launched in ACE when the customer's billing begins, no sooner and no later. AWS
    /// needs the account id and locks close date and account then, so check both before.
    ///
    /// **Readings**: a record that was launched before its discount started, and whose discount has started, counts
    /// as launched whatever its stage says now.
    "POD010" "launched" {
        section: Pod, gate: NotLost, guide: LAUNCH,
        facts: [Stage, LaunchedOn, BillingStartedOn],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    if case.phase == Phase::AtLaunch {
        return at_launch(case, pen);
    }
    let stage = *case.opp.stage.get()?;
    Ok(before_launch(case, stage, pen))
}

fn before_launch(case: &Case<'_, '_>, stage: Stage, pen: &mut Pen) -> Finding {
    let opp = case.opp;
    match (opp.launched_on.known(), opp.billing_started_on.known()) {
        (Some(&launched), _) => pen
            .pending(
                format_args!("A launch date, {}, is given, but the stage is {stage}.", say::day(launched)),
                format_args!(
                    "Set the stage to Launched if billing has begun; otherwise remove the launch date."
                ),
            )
            .by(case.as_of),
        (None, Some(&begun)) if begun <= case.as_of => pen
            .pending(
                format_args!("Billing began on {}, and the stage is still {stage}.", say::day(begun)),
                format_args!("Set the stage to Launched now."),
            )
            .by(case.as_of),
        _ => pen
            .pending(
                format_args!("The stage is {stage}."),
                format_args!("Set the stage to Launched when the customer's billing begins."),
            )
            .by_if_known(case.launch_due()),
    }
}

fn at_launch(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let opp = case.opp;
    let launched = opp.launched_on.given()?.copied();
    let begun = opp.billing_started_on.given()?.copied();
    let ahead = |day: &chrono::NaiveDate| *day > case.as_of;
    if let Some(begun) = begun.filter(ahead) {
        return Ok(pen.warning(
            format_args!("The stage is Launched, but billing begins only on {}.", say::day(begun)),
            format_args!("Check the start of billing: Launched means that the customer is being billed."),
        ));
    }
    if let Some(launched) = launched.filter(ahead) {
        return Ok(pen.warning(
            format_args!("The stage is Launched, but the launch date {} lies ahead.", say::day(launched)),
            format_args!("Check the launch date: Launched means that the customer is being billed."),
        ));
    }
    let stage = opp.stage.known().copied();
    Ok(match (stage, launched) {
        (Some(Stage::Launched), Some(launched)) => {
            pen.pass(format_args!("The opportunity was launched on {}.", say::day(launched)))
        }
        (Some(Stage::Launched), None) => pen.pass(format_args!("The stage is Launched.")),
        (_, Some(launched)) if case.is_stable => pen
            .pass(format_args!(
                "The opportunity was launched on {} and its discount has begun: its present stage no \
                 longer matters.",
                say::day(launched)
            ))
            .as_reading(),
        _ => pen
            .pass(format_args!("AWS pays the discount, so the opportunity counts as launched."))
            .as_reading(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Opportunity;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, check_paid, day, known, opportunity, unreadable};

    fn at(stage: Stage) -> Opportunity<'static> {
        Opportunity { stage: known(Field::Stage, stage), ..opportunity() }
    }

    #[test]
    fn without_a_stage_it_cannot_be_judged() {
        let opp = Opportunity { stage: blank(Field::Stage), ..opportunity() };
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn a_date_that_cannot_be_read_leaves_the_launch_open() {
        let mut opp = at(Stage::Launched);
        opp.billing_started_on = unreadable(Field::BillingStartedOn);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
        opp.stage = known(Field::Stage, Stage::Committed);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pending);
    }

    #[test]
    fn before_launch_it_waits_for_billing() {
        for (billing, remedy) in [
            ("2026-11-21", "Set the stage to Launched now."),
            ("2026-11-22", "Set the stage to Launched now."),
            ("2026-11-23", "Set the stage to Launched when the customer's billing begins."),
        ] {
            let mut opp = opportunity();
            opp.billing_started_on = known(Field::BillingStartedOn, day(billing));
            let (finding, words) = check(&RULE, &opp, AS_OF);
            assert_eq!((finding.outcome, &*words.remedy), (Outcome::Pending, remedy), "{billing}");
        }
    }

    #[test]
    fn a_launch_date_before_launch_is_a_contradiction() {
        let mut opp = opportunity();
        opp.launched_on = known(Field::LaunchedOn, day("2026-11-20"));
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Pending);
        assert_eq!(words.message, "A launch date, 20 Nov 2026, is given, but the stage is Committed.");
    }

    #[test]
    fn launched_with_a_day_ahead_is_a_warning() {
        for (day_given, outcome) in
            [("2026-11-21", Outcome::Pass), ("2026-11-22", Outcome::Pass), ("2026-11-23", Outcome::Warning)]
        {
            let mut opp = at(Stage::Launched);
            opp.launched_on = known(Field::LaunchedOn, day(day_given));
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{day_given}");
            let mut opp = at(Stage::Launched);
            opp.billing_started_on = known(Field::BillingStartedOn, day(day_given));
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{day_given}");
        }
        assert_eq!(check(&RULE, &at(Stage::Launched), AS_OF).0.outcome, Outcome::Pass);
    }

    #[test]
    fn a_later_stage_does_not_matter_once_the_discount_has_begun_or_is_paid() {
        let mut opp = at(Stage::ClosedLost);
        assert!(check_paid(&RULE, &opp, AS_OF, true).0.is_reading);
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-15"));
        let (finding, words) = check(&RULE, &opp, "2027-01-01");
        assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, true));
        assert!(words.message.ends_with("its present stage no longer matters."), "{}", words.message);
    }
}
