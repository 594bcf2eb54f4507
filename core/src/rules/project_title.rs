use super::rule;
use crate::document::Format;
use crate::reference::import::PROJECT_TITLE_CHARS_MAX as IMPORT_CHARS_MAX;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

/// Longest title of a single record.
const CHARS_MAX: usize = 255;

rule! {
    /// The project title is there, and not longer than ACE stores.
    ///
    /// **Why**: the title is what you and AWS's sellers find the opportunity by. ACE keeps up to 255 characters, and
    /// the bulk import file takes no more than 60. It is locked after approval.
    ///
    /// **To fix**: enter a short title in *Partner project title*: the customer and the workload are enough.
    "ACE014" "project-title" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [ProjectTitle],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let title = case.opp.project_title.get()?;
    let (chars_max, place) = match case.opp.format {
        Format::AceImport => (IMPORT_CHARS_MAX, "an import file"),
        _ => (CHARS_MAX, "ACE"),
    };
    let length = title.chars().count();
    if length <= chars_max {
        return Ok(pen.pass(format_args!("The project title is {}.", say::quoted(title))));
    }
    Ok(pen.fail(
        Cure::Curable,
        format_args!("The project title is {length} characters long; {place} takes at most {chars_max}."),
        format_args!("Shorten the project title to {chars_max} characters."),
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
        opp.project_title.value = Ok("é".repeat(length).into());
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{length}");
    }

    #[test]
    fn a_title_is_measured_in_characters_against_the_limit_of_its_format() {
        found(Format::AceExport, 256, Outcome::Fail);
        found(Format::AceExport, 255, Outcome::Pass);
        found(Format::AceExport, 254, Outcome::Pass);
        found(Format::AceImport, 61, Outcome::Fail);
        found(Format::AceImport, 60, Outcome::Pass);
        found(Format::AceImport, 59, Outcome::Pass);
    }
}
