use super::rule;
use crate::reference::countries;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The customer's country is there, as a two-letter code or under the name that ACE gives it.
    ///
    /// **Why**: the country is required, and it decides which postal code and state are asked for. The API accepts
    /// ISO codes only and the files accept ACE's own list of names, in which some countries keep an older name:
    /// `Turkey`, `Swaziland`, `Cape Verde`.
    ///
    /// **To fix**: choose the country of the customer's billing address from the list in ACE, or write its two-letter
    /// code.
    "ACE003" "country" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [Country],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.country.get()?;
    if let Some(country) = countries::find(text) {
        return Ok(pen.pass(format_args!("The customer is in {}.", country.name)));
    }
    let message =
        format_args!("The country {} is neither a two-letter code nor a name ACE knows.", say::quoted(text));
    Ok(match countries::probably_means(text) {
        Some(country) => pen.fail(
            Cure::Curable,
            message,
            format_args!("Write {} or “{}” if that is what is meant.", country.code, country.name),
        ),
        None => pen.fail(Cure::Curable, message, format_args!("Choose the country from the list in ACE.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(country: &'static str, expect: Outcome, part: &str) {
        let mut opp = testing::opportunity();
        opp.country.value = Ok(country.into());
        let (finding, words) = testing::check(&RULE, &opp, "2026-11-22");
        assert_eq!(finding.outcome, expect, "{country}");
        assert!(format!("{} {}", words.message, words.remedy).contains(part), "{words:?}");
    }

    #[test]
    fn a_country_that_ace_does_not_know_fails_with_a_suggestion() {
        found("USA", Outcome::Fail, "Write US or “United States”");
        found("Atlantis", Outcome::Fail, "“Atlantis”");
        found("ZZ", Outcome::Fail, "list in ACE");
    }

    #[test]
    fn codes_and_names_pass() {
        found("de", Outcome::Pass, "Germany");
        found("VIRGIN ISLANDS, U.S.", Outcome::Pass, "VIRGIN ISLANDS");
    }

    #[test]
    fn without_a_country_nothing_can_be_said() {
        for why in [Unknown::Blank, Unknown::NotInFormat, Unknown::Masked] {
            let mut opp = testing::opportunity();
            opp.country.value = Err(why);
            assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, Outcome::Unknown);
        }
    }
}
