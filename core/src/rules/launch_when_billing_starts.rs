use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// Billing that has begun is answered by the stage Launched.
    ///
    /// **Why**: the discount asks for the stage Launched when the customer's billing begins. As long as the stage is
    /// an earlier one, the discount cannot begin.
    ///
    /// **To fix**: check account id and close date, which AWS locks at launch, then set *Stage* to Launched in ACE.
    "UPD005" "launch-when-billing-starts" {
        section: Upd, gate: Editable, guide: UPDATES,
        facts: [BillingStartedOn, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let Some(&begun) = case.opp.billing_started_on.known() else {
        return Ok(pen.not_applicable(format_args!("The start of billing is not known.")));
    };
    if begun > case.as_of {
        return Ok(pen.pass(format_args!("Billing begins only on {}.", say::day(begun))));
    }
    let stage = *case.opp.stage.get()?;
    Ok(if stage < Stage::Launched {
        pen.warning(
            format_args!("Billing began on {}, and the stage is still {stage}.", say::day(begun)),
            format_args!("Set the stage to Launched in ACE now."),
        )
        .by(case.as_of)
    } else {
        pen.not_applicable(format_args!("The stage is {stage}."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity, unreadable};

    #[test]
    fn without_a_start_of_billing_nothing_is_said() {
        let mut opp = opportunity();
        for begun in [blank(Field::BillingStartedOn), unreadable(Field::BillingStartedOn)] {
            opp.billing_started_on = begun;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn from_its_first_day_billing_asks_for_the_launch() {
        for (begun, outcome) in [
            ("2026-11-21", Outcome::Warning),
            ("2026-11-22", Outcome::Warning),
            ("2026-11-23", Outcome::Pass),
        ] {
            let mut opp = opportunity();
            opp.billing_started_on = known(Field::BillingStartedOn, day(begun));
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{begun}");
        }
    }

    #[test]
    fn without_a_stage_it_cannot_be_judged_and_after_launch_it_is_done() {
        let mut opp = opportunity();
        opp.billing_started_on = known(Field::BillingStartedOn, day("2026-11-01"));
        opp.stage = blank(Field::Stage);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
        opp.stage = known(Field::Stage, Stage::Launched);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }
}
