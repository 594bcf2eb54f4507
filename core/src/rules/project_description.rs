use super::rule;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

const CHARS_MIN: usize = 20;
const CHARS_MAX: usize = 2000;
/// Fewer words hardly name both a problem and a solution.
const WORDS_MIN: usize = 12;

rule! {
    /// The project description names the customer's problem and the proposed solution, in 20 to 2000 characters.
    ///
    /// **Why**: it is what AWS's reviewers judge by, and it is locked once the opportunity is approved. One that
    /// only says “migration” names neither what the customer suffers from nor what you will do about it.
    ///
    /// **To fix**: write two or three sentences in *Customer business problem*: what hurts the customer today, what
    /// you will build or run on AWS, and what it changes.
    ///
    /// **Readings**: the guide asks for pain points and solution without a measure; a description of fewer than 12
    /// words is taken as too thin and only warned about. Words are not counted in scripts without spaces.
    "ACE008" "project-description" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [ProjectDescription],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.project_description.get()?;
    let length = text.chars().count();
    if length < CHARS_MIN {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!(
                "The project description is {length} characters long; ACE asks for at least {CHARS_MIN}."
            ),
            format_args!("Describe the customer's problem and your solution in two or three sentences."),
        ));
    }
    if length > CHARS_MAX {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!(
                "The project description is {length} characters long; ACE takes at most {CHARS_MAX}."
            ),
            format_args!(
                "Shorten the project description to {CHARS_MAX} characters and keep the customer's problem and your solution."
            ),
        ));
    }
    let words = text.split_whitespace().count();
    if words < WORDS_MIN && !text.contains(is_written_without_spaces) {
        return Ok(pen
            .warning(
                format_args!("The project description has {words} words; that hardly names both a problem and a solution."),
                format_args!("Name the customer's problem and your solution before you submit: it is locked afterwards."),
            )
            .as_reading());
    }
    Ok(pen.pass(format_args!("The project description has {words} words.")))
}

/// Whether a letter belongs to a script that puts no space between words: Thai, Lao, Chinese, Japanese.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(text: String, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.project_description.value = Ok(text.into());
        let (finding, words) = testing::check(&RULE, &opp, "2026-11-22");
        assert_eq!(finding.outcome, expect, "{}", words.message);
        assert_eq!(finding.is_reading, expect == Outcome::Warning);
    }

    #[test]
    fn it_has_20_to_2000_characters() {
        let long = |length: usize| "é é ".repeat(length / 4) + &"é".repeat(length % 4);
        found("x".repeat(19), Outcome::Fail);
        found("x".repeat(20), Outcome::Warning);
        found(long(1999), Outcome::Pass);
        found(long(2000), Outcome::Pass);
        found(long(2001), Outcome::Fail);
    }

    #[test]
    fn fewer_than_twelve_words_are_too_thin() {
        let words = |count: usize| vec!["word"; count].join(" ");
        found(words(11), Outcome::Warning);
        found(words(12), Outcome::Pass);
        found(words(13), Outcome::Pass);
        found("x".repeat(500), Outcome::Warning);
        found("顧客の店舗は販売のたびに停止するため、コンテナへ移行する。".to_owned(), Outcome::Pass);
    }
}
