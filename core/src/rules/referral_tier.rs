use super::rule;
use crate::partner::{self, Answers, Tier};
use crate::rule::{Check, Finding, Pen};

rule! {
    /// For receiving AWS's referrals, you have the Advanced or the Premier tier.
    ///
    /// **Why**: AWS passes its own referrals to partners of these tiers. Your own opportunities and their discount
    /// do not depend on it.
    ///
    /// **To fix**: work towards the Advanced tier; Partner Central shows which requirements are open.
    "PGM011" "referral-tier" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    partner::tier_at_least(
        answers,
        pen,
        Tier::Advanced,
        "Meet the requirements of the Advanced tier, which Partner Central lists.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_advanced_tier_is_needed() {
        for (answer, expect) in [
            ("", Outcome::Unknown),
            ("Standard", Outcome::Fail),
            ("Advanced", Outcome::Pass),
            ("Premier Tier", Outcome::Pass),
        ] {
            assert_eq!(outcome_of(&RULE, "partner.tier", answer), expect, "{answer}");
        }
    }
}
