use super::rule;
use crate::reference::lists;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

/// The longest text for an industry in words.
const OTHER_CHARS_MAX: usize = 255;

rule! {
    /// The customer's industry is one of ACE's; `Other` comes with the industry in words.
    ///
    /// **Why**: the industry is required, and AWS accepts only the 28 values of its list. The console writes `&`
    /// where the API writes `and`; both are the same here.
    ///
    /// **To fix**: choose the industry of the end customer, not your own. If none fits, choose Other and name it in
    /// *Industry other*.
    "ACE006" "industry" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [Industry, IndustryOther],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.industry.get()?;
    let Some(industry) = lists::industry(text) else {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The industry {} is none of ACE's.", say::quoted(text)),
            format_args!("Choose an industry from the list in ACE, or Other and name it in Industry other."),
        ));
    };
    if industry != lists::OTHER {
        return Ok(pen.pass(format_args!("The industry is {industry}.")));
    }
    let other = case.opp.industry_other.get()?;
    if other.chars().count() > OTHER_CHARS_MAX {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!(
                "The other industry {} is longer than {OTHER_CHARS_MAX} characters.",
                say::quoted(other)
            ),
            format_args!("Name the industry in a few words."),
        ));
    }
    Ok(pen.pass(format_args!("The industry is {}, under Other.", say::quoted(other))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(industry: &'static str, other: &str, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.industry.value = Ok(industry.into());
        opp.industry_other.value =
            if other.is_empty() { Err(Unknown::Blank) } else { Ok(other.to_owned().into()) };
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{industry}");
    }

    #[test]
    fn an_industry_is_one_of_the_list_in_either_spelling() {
        found("Banking", "", Outcome::Fail);
        found("Software and Internet", "", Outcome::Pass);
        found("Software & Internet", "", Outcome::Pass);
    }

    #[test]
    fn other_has_to_be_put_into_words() {
        found("Other", "", Outcome::Unknown);
        found("other", "Beekeeping", Outcome::Pass);
        found("Other", &"x".repeat(255), Outcome::Pass);
        found("Other", &"x".repeat(256), Outcome::Fail);
    }
}
