use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// A lost opportunity says why it was lost.
    ///
    /// **Why**: AWS asks for the reason when a deal is closed as lost, and you learn from it which deals to plan
    /// without.
    ///
    /// **To fix**: choose *Closed Lost Reason* in ACE.
    "UPD006" "closed-lost-reason" {
        section: Upd, gate: Always, guide: STAGES,
        facts: [Stage, ClosedLostReason],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    if case.opp.stage.known() != Some(&Stage::ClosedLost) {
        return Ok(pen.not_applicable(format_args!("The opportunity is not known to be lost.")));
    }
    let reason = &case.opp.closed_lost_reason;
    Ok(if reason.is_blank() {
        pen.warning(
            format_args!("The opportunity is Closed Lost without a reason."),
            format_args!("Choose the closed lost reason in ACE."),
        )
    } else {
        let reason = reason.get()?;
        pen.pass(format_args!("It was lost for the reason {}.", say::quoted(reason)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity};

    #[test]
    fn only_a_lost_deal_needs_a_reason() {
        let mut opp = opportunity();
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        opp.stage = blank(Field::Stage);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn a_reason_that_the_format_does_not_carry_is_not_a_missing_one() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::ClosedLost);
        for (reason, outcome) in [
            (Fact::absent(Field::ClosedLostReason, Unknown::NotInFormat), Outcome::Unknown),
            (blank(Field::ClosedLostReason), Outcome::Warning),
            (known(Field::ClosedLostReason, "Price".into()), Outcome::Pass),
        ] {
            opp.closed_lost_reason = reason;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome);
        }
    }
}
