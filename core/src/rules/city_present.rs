use super::rule;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// The opportunity names the customer's city, the same one as End User Reporting.
    ///
    /// **Why**: with the city filled in, AWS completes the End User Reporting record by itself more often. Two
    /// different cities are a sign that opportunity and record belong to different customers.
    ///
    /// **To fix**: fill in *City* in ACE; where the two differ, correct the wrong one.
    "EUR005" "city-present" {
        section: Eur, gate: NotLost, guide: EUR_INTEGRATION,
        facts: [City, EurCity],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let city = &case.opp.city;
    if city.is_blank() {
        return Ok(pen.advice(
            format_args!("The opportunity names no city."),
            format_args!(
                "Fill in the city in ACE: AWS then completes the End User Reporting record more often."
            ),
        ));
    }
    Ok(match (city.known(), case.opp.eur.city.known()) {
        (None, _) => {
            pen.not_applicable(format_args!("The city is not in what you pasted, or cannot be read."))
        }
        (Some(ours), Some(theirs)) if !is_same_place(ours, theirs) => pen.warning(
            format_args!(
                "The opportunity names the city {}, End User Reporting {}.",
                say::quoted(ours),
                say::quoted(theirs)
            ),
            format_args!("Find out which is right and correct the other, in ACE or in End User Reporting."),
        ),
        (Some(ours), _) => pen.pass(format_args!("The city is {}.", say::quoted(ours))),
    })
}

/// Whether two texts have the same letters and digits, whatever their case.
fn is_same_place(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    #[test]
    fn only_a_blank_city_is_missing() {
        let mut opp = opportunity();
        for (city, outcome) in [
            (unreadable(Field::City), Outcome::NotApplicable),
            (Fact::absent(Field::City, Unknown::NotInFormat), Outcome::NotApplicable),
            (blank(Field::City), Outcome::Advice),
        ] {
            opp.city = city;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome);
        }
    }

    #[test]
    fn two_cities_contradict_each_other_unless_only_their_spelling_differs() {
        let mut opp = opportunity();
        for (ours, theirs, outcome) in [
            ("Berlin", "Hamburg", Outcome::Warning),
            ("Zürich", "ZÜRICH", Outcome::Pass),
            ("Saint-Denis", "saint denis", Outcome::Pass),
        ] {
            opp.city = known(Field::City, ours.into());
            opp.eur.city = known(Field::EurCity, theirs.into());
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{ours} {theirs}");
        }
        opp.eur.city = blank(Field::EurCity);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pass);
    }
}
