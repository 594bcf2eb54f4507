use super::rule;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The opportunity has a target close date.
    ///
    /// **Why**: everything about the discount is counted from it: the bill of the month before it is the one that
    /// must be low, and the discount starts on the 1st of the month after it.
    ///
    /// **To fix**: agree the date with the customer and enter it as *Target close date* in ACE. A date such as
    /// 03/04/2026 is not guessed at: say which of day and month comes first.
    "POD005" "close-date-present" {
        section: Pod, gate: NotLost, guide: LAUNCH,
        facts: [TargetCloseDate],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let close = *case.opp.target_close_date.get()?;
    Ok(pen.pass(format_args!("The target close date is {}.", say::day(close))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, opportunity};

    #[test]
    fn without_a_readable_date_nothing_can_be_counted() {
        let mut opp = opportunity();
        opp.target_close_date = blank(Field::TargetCloseDate);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
        let readings = ["3 Apr 2026".to_owned(), "4 Mar 2026".to_owned()];
        let why = Unknown::Ambiguous(Box::new(crate::fact::Ambiguity { raw: "03/04/2026".into(), readings }));
        opp.target_close_date = Fact::absent(Field::TargetCloseDate, why);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Unknown);
        assert_eq!(
            words.message,
            "The target close date “03/04/2026” can be read as 3 Apr 2026 or as 4 Mar 2026."
        );
    }

    #[test]
    fn a_date_passes() {
        let (finding, words) = check(&RULE, &opportunity(), AS_OF);
        assert_eq!(
            (finding.outcome, &*words.message),
            (Outcome::Pass, "The target close date is 15 Dec 2026.")
        );
    }
}
