use super::rule;
use crate::reference::countries::{self, PostalCode};
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

/// The longest postal code that ACE stores.
const CHARS_MAX: usize = 20;

rule! {
    /// The customer's postal code is there and has the form of its country.
    ///
    /// **Why**: AWS checks the code at submission against the form it documents for the country, and refuses the
    /// opportunity when it does not fit. Countries without postal codes and opportunities for national security need
    /// none; where AWS documents no form, any code will do.
    ///
    /// **To fix**: enter the postal code of the customer's billing address as it is written on letters. A code that
    /// begins with 0 loses it in a spreadsheet: format the column as text.
    ///
    /// **Readings**: AWS describes some forms by an example only, such as `1101` for El Salvador; the form that real
    /// codes of that country have is meant. While the country is not known, a code only has to be there.
    "ACE004" "postal-code" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [PostalCode, Country, NationalSecurity],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let opp = case.opp;
    if opp.national_security.known() == Some(&true) {
        return Ok(
            pen.not_applicable(format_args!("An opportunity for national security needs no postal code."))
        );
    }
    let country = opp
        .country
        .known()
        .and_then(|text| countries::find(text).or_else(|| countries::probably_means(text)));
    if let Some(country) = country.filter(|country| country.postal_code == PostalCode::NotUsed) {
        return Ok(pen.not_applicable(format_args!("{} has no postal codes.", country.name)));
    }
    let code = opp.postal_code.get()?;
    if code.chars().count() > CHARS_MAX {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The postal code {} is longer than {CHARS_MAX} characters.", say::quoted(code)),
            format_args!("Enter only the postal code, without the city."),
        ));
    }
    Ok(match country {
        Some(country) if !country.accepts_postal_code(code) => pen.fail(
            Cure::Curable,
            format_args!(
                "The postal code {} does not have the form of {}: {}.",
                say::quoted(code),
                country.name,
                country.postal_code_forms()
            ),
            format_args!("Enter the postal code of the customer's billing address, zeros in front included."),
        ),
        Some(country) => {
            pen.pass(format_args!("The postal code is {}, in {}.", say::quoted(code), country.name))
        }
        None => pen.pass(format_args!(
            "The postal code is {}; its form depends on the country, which is not known.",
            say::quoted(code)
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(country: Result<&'static str, Unknown<'static>>, code: &'static str, expect: Outcome) -> String {
        let mut opp = testing::opportunity();
        opp.country.value = country.map(Into::into);
        opp.postal_code.value = if code.is_empty() { Err(Unknown::Blank) } else { Ok(code.into()) };
        let (finding, words) = testing::check(&RULE, &opp, "2026-11-22");
        assert_eq!(finding.outcome, expect, "{code}: {}", words.message);
        words.message
    }

    #[test]
    fn one_character_more_or_less_fails() {
        found(Ok("US"), "9810", Outcome::Fail);
        found(Ok("US"), "98109", Outcome::Pass);
        found(Ok("US"), "981091", Outcome::Fail);
        let message = found(Ok("USA"), "9810", Outcome::Fail);
        assert!(message.ends_with("of United States: 99999 or 99999-9999."), "{message}");
        found(Ok("Germany"), "D-80331", Outcome::Fail);
    }

    #[test]
    fn a_country_without_codes_or_without_documentation_accepts_what_there_is() {
        found(Ok("Hong Kong"), "", Outcome::NotApplicable);
        found(Ok("HK"), "99999", Outcome::NotApplicable);
        found(Ok("Russia"), "anything", Outcome::Pass);
        found(Ok("Russia"), "", Outcome::Unknown);
    }

    #[test]
    fn while_the_country_is_not_known_a_code_only_has_to_be_there() {
        found(Err(Unknown::NotInFormat), "x", Outcome::Pass);
        found(Ok("Atlantis"), "x", Outcome::Pass);
        found(Err(Unknown::NotInFormat), "", Outcome::Unknown);
        found(Ok("Russia"), "12345678901234567890", Outcome::Pass);
        found(Ok("Russia"), "123456789012345678901", Outcome::Fail);
    }

    #[test]
    fn national_security_needs_none() {
        let mut opp = testing::opportunity();
        opp.national_security.value = Ok(true);
        opp.postal_code.value = Err(Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, Outcome::NotApplicable);
    }
}
