use super::rule;
use crate::document::value::said_yes;
use crate::opportunity::items;
use crate::partner::{self, Answers};
use crate::reference::spelling::same;
use crate::rule::{Check, Cure, Finding, Pen};
use crate::say;

const KEY: &str = "partner.designation";

rule! {
    /// For receiving AWS's referrals, you have a programme designation: a Competency, a Service Delivery designation,
    /// or MSP.
    ///
    /// **Why**: a designation shows AWS what you are proven in. Your own opportunities and their discount do not
    /// depend on it.
    ///
    /// **To fix**: choose the designation that is closest to your references and apply in Partner Central.
    "PGM014" "program-designation" {
        section: Pgm, gate: Always, guide: REFERRAL_ELIGIBILITY,
        facts: [],
        check: Check::Partner(check),
    }
}

fn check(answers: &Answers, pen: &mut Pen) -> Finding {
    let Some(answer) = answers.get(KEY) else {
        return partner::unanswered(pen, KEY, "Competency, Service Delivery, MSP or none");
    };
    let has_none = said_yes(answer) == Some(false) || same(answer, "none");
    let names_one = || partner::DESIGNATIONS.iter().any(|name| names(answer, name));
    if has_none {
        pen.fail(
            Cure::Curable,
            format_args!("You have no programme designation."),
            format_args!("Apply for a Competency, a Service Delivery designation or the MSP programme in Partner Central."),
        )
    } else if names_one() {
        pen.pass(format_args!("Your designation is {}.", say::quoted(answer)))
    } else {
        partner::unreadable(pen, KEY, answer, "Competency, Service Delivery, MSP or none")
    }
}

/// Whether one of the answer's parts is the designation or ends with its name: `AWS Migration Competency`.
fn names(answer: &str, designation: &str) -> bool {
    items(answer).any(|item| {
        let last_word = item.rsplit(' ').next().unwrap_or(item);
        same(item, designation) || same(last_word, designation)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::outcome_of;
    use crate::rule::Outcome;

    #[test]
    fn one_of_the_three_designations_is_needed() {
        for (answer, expect) in [
            ("", Outcome::Unknown),
            ("Gold", Outcome::Unknown),
            ("none", Outcome::Fail),
            ("No", Outcome::Fail),
            ("Competency", Outcome::Pass),
            ("service-delivery", Outcome::Pass),
            ("Competency; MSP", Outcome::Pass),
            ("AWS Migration Competency", Outcome::Pass),
        ] {
            assert_eq!(outcome_of(&RULE, KEY, answer), expect, "{answer}");
        }
    }
}
