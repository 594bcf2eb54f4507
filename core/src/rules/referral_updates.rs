use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.referral_updates";

rule! {
    /// You commit to keeping the referrals that AWS sends you up to date.
    ///
    /// **Why**: AWS wants to know what became of a referral. The commitment is needed only for receiving AWS's
    /// referrals, not for the discount.
    ///
    /// **To fix**: name somebody who updates each referral at least every two weeks.
    "PGM016" "referral-updates" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said = ["You commit to updating AWS's referrals.", "You do not commit to updating AWS's referrals."];
    partner::confirmed(
        answers,
        pen,
        KEY,
        said,
        "Name somebody who updates each referral at least every two weeks.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_commitment_has_to_be_given() {
        for (answer, expect) in [
            ("", Outcome::Unknown),
            ("maybe", Outcome::Unknown),
            ("no", Outcome::Fail),
            ("yes", Outcome::Pass),
        ] {
            assert_eq!(outcome_of(&RULE, KEY, answer), expect, "{answer}");
        }
    }
}
