use super::rule;
use crate::document::Format;
use crate::fact::Missing;
use crate::field::Field;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The solution you offer is named: one of your listed solutions, or another in words.
    ///
    /// **Why**: AWS asks what the customer will get. A solution in words is enough for submission; at Committed and
    /// Launched AWS asks for a listed one, with an id such as `S-0001234`. Requests to the Partner Central API cannot
    /// carry the solution, which is associated by a call of its own, so they are not judged here.
    ///
    /// **To fix**: choose your solution under *Solutions offered*, or describe it in *Other solution offered*.
    "ACE015" "solution" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [Solution, OtherSolution],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let opp = case.opp;
    if matches!(opp.format, Format::ApiCreate | Format::ApiUpdate) {
        return Ok(pen.not_applicable(format_args!(
            "A request to the API cannot carry the solution; associate it with the opportunity afterwards."
        )));
    }
    if let Some(solution) = opp.solution.known() {
        return Ok(pen.pass(format_args!("The solution offered is {}.", say::quoted(solution))));
    }
    if let Some(solution) = opp.other_solution.known() {
        return Ok(pen.pass(format_args!("The solution offered is {}, in words.", say::quoted(solution))));
    }
    // A value that is there and cannot be used says more than one that is not there.
    let says_more = if opp.solution.is_softly_unknown() && !opp.other_solution.is_softly_unknown() {
        Field::OtherSolution
    } else {
        Field::Solution
    };
    Err(Missing(says_more))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(format: Format, solution: Option<&'static str>, other: Option<&'static str>, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.format = format;
        opp.solution.value = solution.map(Into::into).ok_or(Unknown::Blank);
        opp.other_solution.value = other.map(Into::into).ok_or(Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect);
    }

    #[test]
    fn a_listed_solution_or_one_in_words_is_enough() {
        found(Format::AceImport, None, None, Outcome::Unknown);
        found(Format::AceImport, None, Some("Our shop platform"), Outcome::Pass);
        found(Format::AceImport, Some("S-0001234"), None, Outcome::Pass);
    }

    #[test]
    fn api_requests_cannot_carry_it() {
        found(Format::ApiCreate, None, None, Outcome::NotApplicable);
        found(Format::ApiUpdate, None, None, Outcome::NotApplicable);
        found(Format::ApiGet, None, None, Outcome::Unknown);
    }
}
