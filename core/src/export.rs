//! The report as text that people take with them: CSV and Markdown. As JSON it is what serde makes of it.

use crate::assess::Assessment;
use crate::report::{OpportunityReport, Query, Sort};
use crate::rule::{Outcome, Section};
use crate::say;
use std::fmt::Write;

/// The heading row of [`csv`].
pub const CSV_HEADINGS: [&str; 14] = [
    "Opportunity",
    "Customer",
    "Project",
    "AWS account id",
    "Stage",
    "Close date",
    "Verdict",
    "Submission",
    "Upkeep",
    "Failures",
    "Unknown",
    "Next action",
    "Due",
    "Rule",
];

/// Opportunities as CSV, a line each, in the order given; the headings stand first when `from` is 0.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub fn csv(assessment: &Assessment, from: usize, limit: usize) -> String {
    let mut csv = String::new();
    if from == 0 {
        add_line(&mut csv, &CSV_HEADINGS);
    }
    let page = assessment.rows(&Query { from, limit, sort: Sort::Given, ..Query::default() });
    for row in page.rows {
        let count = |outcome| row.counts.get(&outcome).copied().unwrap_or(0).to_string();
        let next = row.next.as_ref();
        add_line(
            &mut csv,
            &[
                &row.key,
                row.customer.as_deref().unwrap_or(""),
                row.title.as_deref().unwrap_or(""),
                row.account_id.as_deref().unwrap_or(""),
                row.stage.as_deref().unwrap_or(""),
                &row.close_date.map_or(String::new(), |day| day.to_string()),
                row.verdict.as_str(),
                row.submission.as_str(),
                row.upkeep.as_str(),
                &count(Outcome::Fail),
                &count(Outcome::Unknown),
                next.map_or("", |next| &next.text),
                &next.and_then(|next| next.due).map_or(String::new(), |day| day.to_string()),
                next.map_or("", |next| &next.rule),
            ],
        );
    }
    csv
}

fn add_line(csv: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            csv.push(',');
        }
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let needs_quotes = is_formula || cell.contains([',', '"', '\n', '\r', ';']);
        if needs_quotes {
            csv.push('"');
        }
        if is_formula {
            csv.push('\'');
        }
        for c in cell.chars() {
            if c == '"' {
                csv.push('"');
            }
            csv.push(c);
        }
        if needs_quotes {
            csv.push('"');
        }
    }
    csv.push_str("\r\n");
}

/// One opportunity as Markdown.
pub fn markdown(report: &OpportunityReport) -> String {
    let mut text = String::new();
    let name = report.customer.as_deref().or(report.title.as_deref());
    let heading = name.map_or_else(|| report.key.clone(), |name| format!("{name} ({})", report.key));
    let _ = writeln!(text, "## {}\n\n**{}**\n", escaped(&heading), escaped(&report.headline));
    if !report.actions.is_empty() {
        text.push_str("### What to do next\n\n");
        for action in &report.actions {
            let due = action.due.map_or(String::new(), |day| format!("by {}: ", say::day(day)));
            let _ = writeln!(text, "- {due}{} ({})", escaped(&action.text), action.rule);
        }
        text.push('\n');
    }
    let titles = [
        (Section::Pod, "Partner Originated Discount"),
        (Section::Eur, "End User Reporting"),
        (Section::Ace, "Ready to submit"),
        (Section::Upd, "Kept current"),
    ];
    for (section, title) in titles {
        let is_shown = |outcome| !matches!(outcome, Outcome::Pass | Outcome::NotApplicable);
        let checks = report.checks.iter().filter(|check| check.section == section);
        let shown: Vec<_> = checks.clone().filter(|check| is_shown(check.outcome)).collect();
        let passed = checks.filter(|check| check.outcome == Outcome::Pass).count();
        if shown.is_empty() && passed == 0 {
            continue;
        }
        let _ = writeln!(text, "### {title}\n");
        for check in shown {
            let outcome = say::outcome(check.outcome);
            let remedy =
                if check.remedy.is_empty() { String::new() } else { format!(" {}", escaped(&check.remedy)) };
            let _ = writeln!(text, "- **{outcome}** {}: {}{remedy}", check.rule, escaped(&check.message));
        }
        let _ = writeln!(text, "- {} passed\n", say::count(passed as i64, "check"));
    }
    text
}

/// Text that Markdown shows as it stands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_text() {
        let mut line = String::new();
        add_line(&mut line, &["=1+1", "a,b", "say \"x\"", "plain", "-3"]);
        assert_eq!(line, "\"'=1+1\",\"a,b\",\"say \"\"x\"\"\",plain,\"'-3\"\r\n");
    }

    #[test]
    fn markdown_shows_customer_text_as_it_stands() {
        assert_eq!(escaped("*x* <b>\n#y"), "\\*x\\* \\<b\\> \\#y");
    }
}
