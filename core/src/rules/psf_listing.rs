use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.psf_listing";

rule! {
    /// Your listing in the Partner Solutions Finder is active.
    ///
    /// **Why**: an active listing in the directory is a condition of the ACE programme for every partner.
    ///
    /// **To fix**: complete your partner profile in Partner Central and publish it.
    "PGM003" "psf-listing" {
        section: Pgm, gate: Always, guide: STANDARD_REQUIREMENTS,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said = [
        "Your listing in the Partner Solutions Finder is active.",
        "You have no active listing in the Partner Solutions Finder.",
    ];
    partner::confirmed(
        answers,
        pen,
        KEY,
        said,
        "Complete and publish your partner profile in Partner Central.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn a_listing_has_to_be_active() {
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
