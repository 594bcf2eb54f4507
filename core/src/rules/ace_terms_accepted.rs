use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.ace_terms";

rule! {
    /// The ACE terms and conditions are accepted in Partner Central.
    ///
    /// **Why**: accepting them is a condition of the ACE programme, and without an opportunity submitted there is
    /// no Partner Originated Discount.
    ///
    /// **To fix**: let your alliance lead accept the terms in Partner Central.
    "PGM002" "ace-terms-accepted" {
        section: Pgm, gate: Always, guide: STANDARD_REQUIREMENTS,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said =
        ["The ACE terms and conditions are accepted.", "The ACE terms and conditions are not accepted yet."];
    partner::confirmed(answers, pen, KEY, said, "Let your alliance lead accept them in Partner Central.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_terms_have_to_be_accepted() {
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
