use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// What is submitted is still open: neither Launched nor Closed Lost.
    ///
    /// **Why**: AWS validates opportunities before they are won. It refuses a submission whose stage is Launched, and
    /// a lost one has nothing to validate.
    ///
    /// **To fix**: set *Stage* back to Committed, submit, and set Launched once AWS has approved it.
    "ACE016" "submittable-stage" {
        section: Ace, gate: Submittable, guide: STAGES,
        facts: [Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    Ok(match *case.opp.stage.get()? {
        Stage::Launched => pen.fail(
            Cure::Curable,
            format_args!("The stage is Launched, and AWS takes no launched opportunity for validation."),
            format_args!("Set the stage back to Committed, submit, and set Launched after the approval."),
        ),
        Stage::ClosedLost => pen.fail(
            Cure::Curable,
            format_args!("The stage is Closed Lost, so there is nothing to validate."),
            format_args!(
                "Reopen the opportunity with its actual stage before you submit, or leave it as it is."
            ),
        ),
        stage => pen.pass(format_args!("The stage {stage} can be submitted.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[test]
    fn only_an_open_stage_can_be_submitted() {
        for (value, expect) in [
            (Err(Unknown::NotInFormat), Outcome::Unknown),
            (Ok(Stage::ClosedLost), Outcome::Fail),
            (Ok(Stage::Launched), Outcome::Fail),
            (Ok(Stage::Committed), Outcome::Pass),
            (Ok(Stage::Prospect), Outcome::Pass),
        ] {
            let mut opp = testing::opportunity();
            opp.stage.value = value;
            assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{:?}", opp.stage.value);
        }
    }
}
