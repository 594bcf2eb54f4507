use super::rule;
use crate::document::Format;
use crate::reference::import::COMPANY_NAME_CHARS_MAX as IMPORT_CHARS_MAX;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

/// Longest company name of a single record.
const CHARS_MAX: usize = 120;

rule! {
    /// The customer's company name is there, and not longer than ACE stores.
    ///
    /// **Why**: AWS validates an opportunity against the company it names; a record without a name cannot be
    /// submitted. ACE keeps up to 120 characters, and the bulk import file takes no more than 80.
    ///
    /// **To fix**: enter the legal name of the end customer in *Customer company name*, without the department, the
    /// project or your own name.
    "ACE001" "customer-name" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [CustomerName],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let name = case.opp.customer_name.get()?;
    let (chars_max, place) = match case.opp.format {
        Format::AceImport => (IMPORT_CHARS_MAX, "an import file"),
        _ => (CHARS_MAX, "ACE"),
    };
    let length = name.chars().count();
    if length <= chars_max {
        return Ok(pen.pass(format_args!("The customer is {}.", say::quoted(name))));
    }
    Ok(pen.fail(
        Cure::Curable,
        format_args!(
            "The customer company name is {length} characters long; {place} takes at most {chars_max}."
        ),
        format_args!("Shorten the customer company name to {chars_max} characters."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(format: Format, length: usize, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.format = format;
        opp.customer_name.value = Ok("é".repeat(length).into());
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{length}");
    }

    #[test]
    fn a_name_is_measured_in_characters_against_the_limit_of_its_format() {
        found(Format::ApiGet, 121, Outcome::Fail);
        found(Format::ApiGet, 120, Outcome::Pass);
        found(Format::ApiGet, 119, Outcome::Pass);
        found(Format::AceImport, 81, Outcome::Fail);
        found(Format::AceImport, 80, Outcome::Pass);
        found(Format::AceImport, 79, Outcome::Pass);
    }
}
