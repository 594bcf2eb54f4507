use super::rule;
use crate::rule::{Case, Check, Pen, Ruling};

rule! {
    /// The opportunity carries an estimate of its monthly AWS revenue.
    ///
    /// **Why**: AWS asks for an accurate estimate, three months after the launch, and for updates when it changes.
    /// It is a forecast of the customer's use and says nothing about the bill that decides the discount.
    ///
    /// **To fix**: enter *Estimated AWS Monthly Recurring Revenue* in ACE, and change it when you learn better.
    "UPD009" "estimate-kept" {
        section: Upd, gate: Editable, guide: UPDATES,
        facts: [ExpectedMrr],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let estimate = &case.opp.expected_mrr;
    Ok(match estimate.known() {
        Some(_) => pen.pass(format_args!("An estimate of the monthly AWS revenue is given.")),
        None if estimate.is_blank() => pen.warning(
            format_args!("The opportunity carries no estimate of its monthly AWS revenue."),
            format_args!("Enter the estimated monthly recurring revenue in ACE."),
        ),
        None => {
            pen.not_applicable(format_args!("The estimate is not in what you pasted, or cannot be read."))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, opportunity, unreadable};

    #[test]
    fn a_blank_estimate_is_a_warning_and_one_that_is_not_shown_is_not_judged() {
        let mut opp = opportunity();
        for (estimate, outcome) in [
            (blank(Field::ExpectedMrr), Outcome::Warning),
            (unreadable(Field::ExpectedMrr), Outcome::NotApplicable),
            (Fact::absent(Field::ExpectedMrr, Unknown::NotInFormat), Outcome::NotApplicable),
        ] {
            opp.expected_mrr = estimate;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome);
        }
    }

    #[test]
    fn an_estimate_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
