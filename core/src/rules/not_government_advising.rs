use super::{not_reported_yet, rule};
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The account is not marked *Government Advising*.
    ///
    /// **Why**: accounts with *Government Advising = Yes* do not qualify, whatever else is in order. Having a
    /// government as its sector does not by itself mean that; only this field decides.
    ///
    /// **To fix**: check that the answer is true. If it is Yes, nothing can be done; if it was entered by mistake,
    /// correct it in End User Reporting and check again.
    "EUR003" "not-government-advising" {
        section: Eur, gate: NotLost, guide: EUR_ERRORS,
        facts: [EurGovernmentAdvising, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let fact = &case.opp.eur.government_advising;
    match fact.known() {
        None => not_reported_yet(case, pen, fact),
        Some(false) => Ok(pen.pass(format_args!("Government Advising is No."))),
        Some(true) => Ok(pen.fail(
            Cure::Never,
            format_args!("Government Advising is Yes: such an account does not qualify."),
            format_args!(
                "Plan without the discount; if Yes was entered by mistake, correct it in End User Reporting."
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    #[test]
    fn a_blank_is_not_a_no() {
        let mut opp = opportunity();
        opp.eur.government_advising = blank(Field::EurGovernmentAdvising);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pending);
        opp.stage = known(Field::Stage, Stage::Launched);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
        opp.eur.government_advising = unreadable(Field::EurGovernmentAdvising);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn yes_rules_the_account_out() {
        let mut opp = opportunity();
        opp.eur.government_advising = known(Field::EurGovernmentAdvising, true);
        let finding = check(&RULE, &opp, AS_OF).0;
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Never));
    }

    #[test]
    fn no_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
