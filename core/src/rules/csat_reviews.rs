use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.csat_reviews";

/// How many the guide asks for.
const WANTED: u32 = 10;

rule! {
    /// For receiving AWS's referrals, you have at least ten customer satisfaction reviews.
    ///
    /// **Why**: AWS asks for proof that customers are satisfied. Your own opportunities and their discount do not
    /// depend on it.
    ///
    /// **To fix**: ask for a review after each project, through Partner Central.
    "PGM013" "csat-reviews" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    partner::count_at_least(answers, pen, KEY, WANTED, "Customer satisfaction reviews")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn ten_reviews_are_enough() {
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
