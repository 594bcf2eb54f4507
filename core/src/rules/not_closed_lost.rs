use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The opportunity has not been lost.
    ///
    /// **Why**: a lost deal earns no discount, and ACE does not reopen it.
    ///
    /// **To fix**: record why it was lost. If the customer comes back, submit a new opportunity.
    ///
    /// **Readings**: a record that was launched before its discount started, and whose discount has started, is
    /// not judged by a later stage.
    "POD011" "not-closed-lost" {
        section: Pod, gate: Always, guide: STAGES,
        facts: [Stage, LaunchedOn],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let was_lost = case.opp.stage.known() == Some(&Stage::ClosedLost);
    Ok(match case.effective_stage() {
        None => pen.not_applicable(format_args!("The stage is not known.")),
        Some(Stage::ClosedLost) => pen.fail(
            Cure::Never,
            format_args!("The opportunity is Closed Lost."),
            format_args!("Submit a new opportunity if the customer comes back."),
        ),
        Some(_) if was_lost => pen
            .pass(format_args!(
                "The stage became Closed Lost, but the discount had begun, so that no longer matters."
            ))
            .as_reading(),
        Some(stage) => pen.pass(format_args!("The stage is {stage}.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity};

    #[test]
    fn without_a_stage_nothing_is_said() {
        let mut opp = opportunity();
        opp.stage = blank(Field::Stage);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn a_lost_deal_is_lost_unless_its_discount_had_begun() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::ClosedLost);
        let finding = check(&RULE, &opp, AS_OF).0;
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Never));
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-15"));
        assert_eq!(check(&RULE, &opp, "2026-12-31").0.outcome, Outcome::Fail);
        let finding = check(&RULE, &opp, "2027-01-01").0;
        assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, true));
    }

    #[test]
    fn every_other_stage_passes() {
        for &stage in Stage::ALL.iter().filter(|stage| **stage != Stage::ClosedLost) {
            let mut opp = opportunity();
            opp.stage = known(Field::Stage, stage);
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pass, "{stage}");
        }
    }
}
