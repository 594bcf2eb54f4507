use super::rule;
use crate::partner::{self, Answers, Tier};
use crate::rule::{Check, Finding, Pen};

rule! {
    /// You are a member of the AWS Partner Network at Standard tier or higher.
    ///
    /// **Why**: the ACE programme is open from this tier on.
    ///
    /// **To fix**: meet the requirements of the first tier; Partner Central shows which are open.
    ///
    /// **Readings**: AWS calls the first tier Select today, the guide calls it Standard; both are accepted.
    "PGM001" "apn-tier" {
        section: Pgm, gate: Always, guide: STANDARD_REQUIREMENTS,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    partner::tier_at_least(
        answers,
        pen,
        Tier::Standard,
        "Meet the requirements of the first tier, Select, which Partner Central lists.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_first_tier_is_enough() {
        for (answer, expect) in [
            ("", Outcome::Unknown),
            ("gold", Outcome::Unknown),
            ("Registered", Outcome::Fail),
            ("Select (Standard)", Outcome::Pass),
            ("standard tier", Outcome::Pass),
            ("Select", Outcome::Pass),
            ("Premier", Outcome::Pass),
        ] {
            assert_eq!(outcome_of(&RULE, "partner.tier", answer), expect, "{answer}");
        }
    }
}
