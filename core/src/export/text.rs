//! What a text says of one opportunity and of all of them, whatever marks it is written with.

use crate::assess::Assessment;
use crate::report::{Action, OpportunityReport, Query, Row};
use crate::rule::{Outcome, Section};
use crate::say;
use std::fmt::Write;

/// So many opportunities are named of all.
const NAMED_MAX: usize = 20;

/// The marks of a text. Text that is not ours goes through `escaped` and never opens a line.
pub(super) struct Marks {
    /// Text that is shown as it stands, whatever it holds.
    pub escaped: fn(&str) -> String,
    /// Before and after a title that is ours.
    pub title: [&'static str; 2],
    /// Before and after the title of a part.
    pub subtitle: [&'static str; 2],
    /// Before and after what stands out.
    pub strong: &'static str,
    /// Before an item of a list.
    pub bullet: &'static str,
    /// Whether checks are told as well; otherwise only what to do.
    pub has_checks: bool,
}

/// One opportunity.
pub(super) fn one(report: &OpportunityReport, marks: &Marks) -> String {
    let mut text = String::new();
    let escaped = marks.escaped;
    let name = escaped(&name_of(report.customer.as_deref(), report.title.as_deref(), &report.key));
    let [before, after] = marks.title;
    let verdict = say::verdict(report.verdict);
    let _ = writeln!(text, "{before}{verdict}{after}: {name}\n\n{}\n", escaped(&report.headline));
    if !report.actions.is_empty() {
        subtitle(&mut text, "What to do next", marks);
        for action in &report.actions {
            let _ = writeln!(text, "{}{}", marks.bullet, in_words(action, marks));
        }
        text.push('\n');
    }
    if marks.has_checks {
        checks(&mut text, report, marks);
    }
    if !report.split.is_empty() {
        subtitle(&mut text, "Account by account", marks);
        for copy in &report.split {
            let (key, headline) = (escaped(&copy.key), escaped(&copy.headline));
            let _ = writeln!(text, "{}{key}: {headline}", marks.bullet);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn checks(text: &mut String, report: &OpportunityReport, marks: &Marks) {
    let (escaped, bullet, strong) = (marks.escaped, marks.bullet, marks.strong);
    for section in Section::OF_ONE {
        let checks = report.checks.iter().filter(|check| check.section == section);
        let shown: Vec<_> = checks.clone().filter(|check| check.outcome.is_open()).collect();
        let passed = checks.filter(|check| check.outcome == Outcome::Pass).count();
        if shown.is_empty() && passed == 0 {
            continue;
        }
        subtitle(text, say::section(section), marks);
        for check in shown {
            let outcome = say::outcome(check.outcome);
            let remedy =
                if check.remedy.is_empty() { String::new() } else { format!(" {}", escaped(&check.remedy)) };
            let (rule, message) = (&check.rule, escaped(&check.message));
            let _ = writeln!(text, "{bullet}{strong}{outcome}{strong} {rule}: {message}{remedy}");
        }
        let _ = writeln!(text, "{bullet}{} passed\n", say::count(passed as i64, "check"));
    }
}

/// How many have which verdict, and the most urgent with what to do first; none without an opportunity.
pub(super) fn all(assessment: &Assessment, marks: &Marks) -> Option<String> {
    if assessment.is_empty() {
        return None;
    }
    let mut text = String::new();
    let [before, after] = marks.title;
    let (count, day) = (say::opportunities(assessment.len()), say::day(assessment.inputs().as_of));
    let _ = writeln!(text, "{before}{count} on {day}{after}\n");
    for (verdict, count) in assessment.verdicts().iter() {
        let _ = writeln!(text, "{}{}: {}", marks.bullet, say::verdict(*verdict), say::number(*count as i64));
    }
    text.push('\n');
    subtitle(&mut text, "Most urgent", marks);
    let page = assessment.rows(&Query { limit: NAMED_MAX, ..Query::default() });
    for row in &page.rows {
        line(&mut text, row, marks);
    }
    if page.total > page.rows.len() {
        let _ = writeln!(text, "\nand {} more", say::number((page.total - page.rows.len()) as i64));
    }
    Some(text)
}

fn line(text: &mut String, row: &Row, marks: &Marks) {
    let (bullet, strong, verdict) = (marks.bullet, marks.strong, say::verdict(row.verdict));
    let name = (marks.escaped)(&name_of(row.customer.as_deref(), row.title.as_deref(), &row.key));
    let next = row.next.as_ref().map_or("nothing to do now".to_owned(), |next| in_words(next, marks));
    let _ = writeln!(text, "{bullet}{strong}{verdict}{strong} {name}: {next}");
}

fn subtitle(text: &mut String, title: &str, marks: &Marks) {
    let [before, after] = marks.subtitle;
    let _ = writeln!(text, "{before}{title}{after}\n");
}

fn in_words(action: &Action, marks: &Marks) -> String {
    let due = action.due.map_or(String::new(), |day| format!("by {}: ", say::day(day)));
    format!("{due}{} ({})", (marks.escaped)(&action.text), action.rule)
}

/// `Heron Lane Dairy (O1234567)`.
fn name_of(customer: Option<&str>, title: Option<&str>, key: &str) -> String {
    let name = customer.or(title).filter(|name| !name.trim().is_empty());
    name.map_or_else(|| key.to_owned(), |name| format!("{name} ({key})"))
}
