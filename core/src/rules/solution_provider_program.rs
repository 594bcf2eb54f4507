use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.solution_provider";

rule! {
    /// AWS has approved your application to the Solution Provider Program.
    ///
    /// **Why**: the Partner Originated Discount is paid to Solution Providers, who resell AWS to end customers. A
    /// partner that is not in the program has no bill on which it could be paid.
    ///
    /// **To fix**: apply in Partner Central, or ask your partner development manager where the application stands.
    "PGM004" "solution-provider-program" {
        section: Pgm, gate: Always, guide: CHECKLIST,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said = [
        "You are an approved Solution Provider.",
        "Your application to the Solution Provider Program is not approved.",
    ];
    partner::confirmed(
        answers,
        pen,
        KEY,
        said,
        "Apply to the Solution Provider Program in Partner Central, or ask your partner development manager.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn only_an_approved_solution_provider_passes() {
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
