//! The report as Markdown.

use crate::assess::Assessment;
use crate::export::text::{self, Marks};
use crate::report::OpportunityReport;

const MARKS: Marks = Marks {
    escaped,
    title: ["## ", ""],
    subtitle: ["### ", ""],
    strong: "**",
    bullet: "- ",
    has_checks: true,
};

/// One opportunity as Markdown.
pub fn markdown(report: &OpportunityReport) -> String {
    text::one(report, &MARKS)
}

/// All opportunities as Markdown: how many have which verdict, and the most urgent with what to do first. None
/// without an opportunity.
pub fn markdown_of_all(assessment: &Assessment) -> Option<String> {
    text::all(assessment, &MARKS)
}

/// Text that Markdown shows as it stands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                escaped.extend(['\\', c]);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess};

    #[test]
    fn markdown_shows_customer_text_as_it_stands() {
        assert_eq!(escaped("*x* <b>\n#y &amp;"), "\\*x\\* \\<b\\> \\#y \\&amp;");
    }

    #[test]
    fn one_opportunity_is_told_from_the_verdict_to_the_checks() {
        let found = assess(&[LAUNCHED], &["customer_name=A*B Ltd", "origin=AWS Referral"]);
        let text = markdown(&found.opportunity("O1").unwrap());
        assert!(text.starts_with("## Not eligible: A\\*B Ltd (O1)\n\nNot eligible, and"), "{text}");
        assert!(text.contains("\n### Partner Originated Discount\n\n- **fail** POD001: "), "{text}");
        assert!(text.ends_with(" passed\n"), "{text}");
        let several = assess(&[LAUNCHED], &["aws_account_id=111122223333; 444455556666"]);
        let text = markdown(&several.opportunity("O1").unwrap());
        assert!(text.contains("### Account by account\n\n- O1\\#111122223333: "), "{text}");
    }

    #[test]
    fn all_are_counted_and_the_most_urgent_named() {
        let mut table = "Opportunity Id,Customer Company Name,Stage,Target Close Date\n".to_owned();
        for i in 0..23 {
            table.push_str(&format!("O{i},Shop {i},Prospect,2026-12-{:02}\n", 1 + i));
        }
        let text = markdown_of_all(&assess(&[&table], &[])).unwrap();
        assert!(
            text.starts_with("## 23 opportunities on 22 Nov 2026\n\n- Needs information: 23\n"),
            "{text}"
        );
        assert_eq!(text.matches("\n- **Needs information** Shop ").count(), 20, "{text}");
        assert!(text.ends_with("\nand 3 more\n"), "{text}");
        assert_eq!(markdown_of_all(&assess(&[], &[])), None);
    }
}
