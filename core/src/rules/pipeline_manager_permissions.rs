use super::rule;
use crate::partner::{self, Answers};
use crate::rule::{Check, Finding, Pen};

const KEY: &str = "partner.permissions";

rule! {
    /// Everybody who works with opportunities has a role in ACE Pipeline Manager.
    ///
    /// **Why**: the roles decide who sees and edits what. The Alliance Lead may do everything and assigns the others;
    /// the Alliance Team has broad access; up to 20 ACE Managers see and manage every opportunity; ACE Users, without
    /// limit, see their own.
    ///
    /// **To fix**: let the alliance lead assign the roles in Partner Central.
    "PGM005" "pipeline-manager-permissions" {
        section: Pgm, gate: Always, guide: ROLES,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let said =
        ["The roles in Pipeline Manager are assigned.", "The roles in Pipeline Manager are not assigned."];
    partner::confirmed(
        answers,
        pen,
        KEY,
        said,
        "Let your alliance lead assign ACE Managers (up to 20) and ACE Users in Partner Central.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn the_roles_have_to_be_assigned() {
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
