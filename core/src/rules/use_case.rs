use super::rule;
use crate::reference::lists;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The use case is there, best one of ACE's list.
    ///
    /// **Why**: AWS needs it for submission. The list has changed over the years, and old records still carry
    /// values of an older one; a value of no list tells the reviewer nothing.
    ///
    /// **To fix**: choose the *Use case* that describes most of the AWS consumption.
    "ACE011" "use-case" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [UseCase],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.use_case.get()?;
    Ok(match lists::use_case(text) {
        Some(use_case) => pen.pass(format_args!("The use case is {use_case}.")),
        None => pen.warning(
            format_args!("The use case {} is not on ACE's list.", say::quoted(text)),
            format_args!("Choose the use case from the list in ACE."),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[test]
    fn a_use_case_of_no_list_is_warned_about() {
        for (value, expect) in [
            (Err(Unknown::Blank), Outcome::Unknown),
            (Ok("Web shop".into()), Outcome::Warning),
            (Ok("Migration / Database Migration".into()), Outcome::Pass),
            (Ok("Big Data".into()), Outcome::Pass),
        ] {
            let mut opp = testing::opportunity();
            opp.use_case.value = value;
            assert_eq!(
                testing::check(&RULE, &opp, "2026-11-22").0.outcome,
                expect,
                "{:?}",
                opp.use_case.value
            );
        }
    }
}
