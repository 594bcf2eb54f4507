use super::rule;
use crate::reference::{countries, states};
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// For a customer in the United States, the state or territory is there.
    ///
    /// **Why**: AWS asks for it in the United States and nowhere else. The value comes from a closed list of
    /// states, territories and military post offices. National security is exempt.
    ///
    /// **To fix**: choose the state of the customer's billing address. The name is what ACE stores; two letters are
    /// recognised here too.
    "ACE005" "state" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [State, Country, NationalSecurity],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let opp = case.opp;
    if opp.national_security.known() == Some(&true) {
        return Ok(pen.not_applicable(format_args!("An opportunity for national security needs no state.")));
    }
    let country = opp.country.get()?;
    match countries::find(country).or_else(|| countries::probably_means(country)) {
        Some(found) if found.is_united_states() => {}
        Some(found) => {
            return Ok(pen.not_applicable(format_args!(
                "A state is asked for in the United States only, not in {}.",
                found.name
            )));
        }
        None => {
            let country = say::quoted(country);
            return Ok(pen.not_applicable(format_args!(
                "Whether a state is needed depends on the country, and {country} is none."
            )));
        }
    }
    let text = opp.state.get()?;
    Ok(match states::find(text) {
        Some(state) if text.eq_ignore_ascii_case(state.letters) => {
            pen.pass(format_args!("The state {} was recognised as {}.", say::quoted(text), state.name))
        }
        Some(state) => pen.pass(format_args!("The state is {}.", state.name)),
        None => pen.fail(
            Cure::Curable,
            format_args!("The state {} is no state or territory of the United States.", say::quoted(text)),
            format_args!("Choose the state of the customer's billing address from the list in ACE."),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(country: &'static str, state: &'static str, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.country.value = if country.is_empty() { Err(Unknown::Blank) } else { Ok(country.into()) };
        opp.state.value = if state.is_empty() { Err(Unknown::Blank) } else { Ok(state.into()) };
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{country} {state}");
    }

    #[test]
    fn in_the_united_states_a_state_of_the_list_is_needed() {
        found("US", "", Outcome::Unknown);
        found("US", "Ontario", Outcome::Fail);
        found("USA", "ZZ", Outcome::Fail);
        found("US", "WA", Outcome::Pass);
        found("United States", "new york", Outcome::Pass);
        found("US", "District of Columbia", Outcome::Pass);
    }

    #[test]
    fn elsewhere_it_does_not_matter() {
        found("Canada", "", Outcome::NotApplicable);
        found("Puerto Rico", "", Outcome::NotApplicable);
        found("Atlantis", "", Outcome::NotApplicable);
        found("", "", Outcome::Unknown);
    }

    #[test]
    fn national_security_needs_none() {
        let mut opp = testing::opportunity();
        opp.national_security.value = Ok(true);
        opp.state.value = Err(Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, Outcome::NotApplicable);
    }
}
