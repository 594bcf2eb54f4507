use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.validated_opportunities";

/// How many the guide asks for.
const WANTED: u32 = 10;

rule! {
    /// For receiving AWS's referrals, at least ten of your opportunities have been validated by AWS.
    ///
    /// **Why**: opportunities that were submitted and approved are how AWS measures your part in the programme.
    /// Your own opportunities and their discount do not depend on it.
    ///
    /// **To fix**: submit opportunities that are complete, so that AWS approves them; rejected ones do not count.
    "PGM012" "validated-opportunities" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    partner::count_at_least(answers, pen, KEY, WANTED, "Validated opportunities")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn ten_validated_opportunities_are_enough() {
        for (answer, expect) in [
            ("", Outcome::Unknown),
            ("some", Outcome::Unknown),
            ("-1", Outcome::Unknown),
            ("9", Outcome::Fail),
            ("10", Outcome::Pass),
            ("11", Outcome::Pass),
        ] {
            assert_eq!(outcome_of(&RULE, KEY, answer), expect, "{answer}");
        }
    }
}
