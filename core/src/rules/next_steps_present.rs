use super::rule;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The opportunity says what happens next.
    ///
    /// **Why**: the next step is what AWS's sales team reads first, and writing it is the simplest way to keep the
    /// record current.
    ///
    /// **To fix**: write in *Next Step* in ACE who does what by when.
    "UPD007" "next-steps-present" {
        section: Upd, gate: Editable, guide: UPDATES,
        facts: [NextSteps],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let next_steps = &case.opp.next_steps;
    Ok(match next_steps.known() {
        Some(text) => pen.pass(format_args!("The next step is {}.", say::quoted(text))),
        None if next_steps.is_blank() => pen.advice(
            format_args!("No next step is written down."),
            format_args!("Write in ACE who does what by when."),
        ),
        None => {
            pen.not_applicable(format_args!("The next step is not in what you pasted, or cannot be read."))
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
    fn only_a_blank_next_step_is_missing() {
        let mut opp = opportunity();
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pass);
        for (next_steps, outcome) in [
            (blank(Field::NextSteps), Outcome::Advice),
            (unreadable(Field::NextSteps), Outcome::NotApplicable),
            (Fact::absent(Field::NextSteps, Unknown::NotInFormat), Outcome::NotApplicable),
        ] {
            opp.next_steps = next_steps;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome);
        }
    }
}
