use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.preferences_survey";

rule! {
    /// The ACE preferences survey is completed.
    ///
    /// **Why**: it tells AWS which referrals suit you. It is needed only for receiving AWS's referrals, not for the
    /// discount.
    ///
    /// **To fix**: complete the survey in Partner Central.
    "PGM015" "preferences-survey" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said = ["The ACE preferences survey is completed.", "The ACE preferences survey is not completed."];
    partner::confirmed(answers, pen, KEY, said, "Complete the ACE preferences survey in Partner Central.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_survey_has_to_be_completed() {
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
