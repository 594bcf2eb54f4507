//! The answer for a person at a terminal: verdict first, then what to do by when, then what is wrong.

use super::check::each;
use crate::words;
use anyhow::Result;
use podcheck_core::assess::Assessment;
use podcheck_core::document::Kind;
use podcheck_core::report::{
    Action, CheckReport, DocumentReport, OpportunityReport, ProblemReport, Query, Row, Summary, Verdict,
};
use podcheck_core::rule::{Outcome, Section};
use podcheck_core::say;
use std::io::Write;

/// So many opportunities are told in full; of more, the most urgent are listed.
const TOLD_MAX: usize = 5;
/// So many are listed.
const LISTED_MAX: usize = 30;
/// So many problems of one document are listed.
const PROBLEMS_MAX: usize = 10;
/// Lines longer than this are hard to read, however wide the window.
const COLUMNS_MAX: usize = 100;
/// Narrower windows break words.
const COLUMNS_MIN: usize = 40;

/// How the terminal shows text.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    columns: usize,
    has_colour: bool,
}

impl Page {
    /// A page as wide as the window, where that is known; colour only for a terminal.
    pub fn new(columns: Option<usize>, has_colour: bool) -> Page {
        let columns = columns.unwrap_or(COLUMNS_MAX).clamp(COLUMNS_MIN, COLUMNS_MAX);
        Page { columns, has_colour }
    }

    /// The same page without colour.
    pub(super) fn plain(self) -> Page {
        Page { has_colour: false, ..self }
    }

    fn bold(self, text: &str) -> String {
        self.styled("1", text)
    }

    /// The colour repeats what the words say.
    fn verdict(self, verdict: Verdict) -> String {
        let code = match verdict {
            Verdict::NotEligible | Verdict::NeedsFixing => "1;31",
            Verdict::NeedsInformation => "1;33",
            Verdict::OnTrack => "1;36",
            Verdict::Eligible => "1;32",
            Verdict::Ended => "1",
        };
        self.styled(code, say::verdict(verdict))
    }

    fn styled(self, code: &str, text: &str) -> String {
        if self.has_colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Writes a paragraph after `lead`, its further lines under the first.
    fn paragraph(self, out: &mut impl Write, lead: &str, text: &str) -> Result<()> {
        let indent = lead.chars().count();
        let mut line = String::new();
        let mut is_first = true;
        let mut put = |line: &mut String, out: &mut dyn Write| -> Result<()> {
            let before = if std::mem::take(&mut is_first) { lead.to_owned() } else { " ".repeat(indent) };
            writeln!(out, "{before}{line}")?;
            line.clear();
            Ok(())
        };
        for word in printable(text).split_whitespace() {
            let width = line.chars().count() + usize::from(!line.is_empty()) + word.chars().count();
            if !line.is_empty() && indent + width > self.columns {
                put(&mut line, out)?;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        put(&mut line, out)
    }
}

/// Text without the characters that steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Writes what was decided.
pub(super) fn write(assessment: &Assessment, page: Page, out: &mut impl Write) -> Result<()> {
    let summary = assessment.summary();
    heading(&summary, page, out)?;
    if assessment.len() <= TOLD_MAX {
        each(assessment, |report| opportunity(report, page, out))?;
    } else {
        list(assessment, page, out)?;
    }
    rest(&summary, page, out)
}

fn heading(summary: &Summary, page: Page, out: &mut impl Write) -> Result<()> {
    let portfolio = &summary.portfolio;
    let counts = portfolio.verdicts.iter().filter(|(_, count)| **count > 0);
    let counts: Vec<String> =
        counts.map(|(verdict, count)| say::verdicts(*count, *verdict).to_string()).collect();
    let text = format!(
        "{}, checked as of {} by the rules of {}: {}.",
        say::opportunities(portfolio.opportunities),
        say::day(summary.as_of),
        summary.ruleset,
        counts.join(", "),
    );
    page.paragraph(out, "", &text)
}

fn opportunity(report: &OpportunityReport, page: Page, out: &mut impl Write) -> Result<()> {
    let name = words::name(&report.key, report.customer.as_deref(), report.title.as_deref());
    writeln!(out, "\n{}: {}", page.bold(&printable(&name)), page.verdict(report.verdict))?;
    page.paragraph(out, "  ", &report.headline)?;
    actions(&report.actions, page, out)?;
    for section in Section::OF_ONE {
        checks(report, section, page, out)?;
    }
    for copy in &report.split {
        writeln!(out, "\n  {}: {}", page.bold(&printable(&copy.key)), page.verdict(copy.verdict))?;
        page.paragraph(out, "    ", &copy.headline)?;
    }
    Ok(())
}

fn actions(actions: &[Action], page: Page, out: &mut impl Write) -> Result<()> {
    if actions.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", page.bold("What to do next"))?;
    for action in actions {
        page.paragraph(out, "  - ", &format!("{}{} ({})", words::by(action.due), action.text, action.rule))?;
    }
    Ok(())
}

fn checks(report: &OpportunityReport, section: Section, page: Page, out: &mut impl Write) -> Result<()> {
    let ours = || report.checks.iter().filter(move |check| check.section == section);
    let passed = ours().filter(|check| check.outcome == Outcome::Pass).count();
    let open: Vec<&CheckReport> = ours().filter(|check| check.outcome.is_open()).collect();
    if open.is_empty() && passed == 0 {
        return Ok(());
    }
    writeln!(out, "\n  {}: {} passed", page.bold(say::section(section)), say::count(passed as i64, "check"))?;
    for check in open {
        let lead = format!("  - {} {}: ", check.rule, words::outcome(check.outcome).to_lowercase());
        page.paragraph(out, &lead, &check.message)?;
        // What to do next already says what to do about most of them.
        if !check.remedy.is_empty() && report.actions.iter().all(|action| action.text != check.remedy) {
            page.paragraph(out, "      To do: ", &check.remedy)?;
        }
    }
    Ok(())
}

fn list(assessment: &Assessment, page: Page, out: &mut impl Write) -> Result<()> {
    let rows = assessment.rows(&Query { limit: LISTED_MAX, ..Query::default() });
    writeln!(out, "\n{}", page.bold("Most urgent first"))?;
    for row in &rows.rows {
        let Row { key, customer, title, verdict, next, .. } = row;
        let name = words::name(key, customer.as_deref(), title.as_deref());
        writeln!(out, "  {}: {}", printable(&name), page.verdict(*verdict))?;
        if let Some(next) = next {
            page.paragraph(out, "    ", &format!("{}{} ({})", words::by(next.due), next.text, next.rule))?;
        }
    }
    if rows.total > rows.rows.len() {
        let more = rows.total - rows.rows.len();
        page.paragraph(out, "  ", &format!("And {more} more; --format csv or markdown has them all."))?;
    }
    Ok(())
}

/// What shows only across opportunities and documents, and what could not be read.
pub(super) fn rest(summary: &Summary, page: Page, out: &mut impl Write) -> Result<()> {
    if !summary.set.is_empty() {
        writeln!(out, "\n{}", page.bold(say::section(Section::Set)))?;
        for found in &summary.set {
            page.paragraph(
                out,
                &format!("  - {}: ", found.rule),
                &format!("{} {}", found.message, found.remedy),
            )?;
        }
    }
    // A document of no use at all is a finding across the documents, and says why there.
    let is_read =
        |document: &&DocumentReport| document.kind != Kind::Ignored && !document.problems.is_empty();
    let unread = summary.documents.iter().filter(is_read);
    for document in unread {
        let name = printable(&document.name);
        writeln!(out, "\n{}", page.bold(&format!("What could not be used of {name}")))?;
        problems(&document.problems, document.more_problems, page, out)?;
    }
    if !summary.problems.is_empty() {
        writeln!(out, "\n{}", page.bold("What else could not be used"))?;
        problems(&summary.problems, 0, page, out)?;
    }
    Ok(())
}

fn problems(problems: &[ProblemReport], more: usize, page: Page, out: &mut impl Write) -> Result<()> {
    for problem in problems.iter().take(PROBLEMS_MAX) {
        let lead =
            problem.place.as_ref().map_or("  - ".to_owned(), |place| format!("  - line {}: ", place.line));
        page.paragraph(out, &lead, &problem.message)?;
    }
    match more + problems.len().saturating_sub(PROBLEMS_MAX) {
        0 => Ok(()),
        more => Ok(writeln!(out, "  And {more} more.")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::assess::Inputs;
    use podcheck_core::document::Document;

    fn shown(page: Page, text: &str) -> String {
        let document = Document::open("deal.txt", text.into());
        let assessment = Assessment::of(Inputs::new(vec![document], "2026-11-22".parse().unwrap()));
        let mut out = Vec::new();
        write(&assessment, page, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const DEAL: &str = "opportunity_id=O7001\ncustomer_name=Tern\u{1b}[31m Logistics\nstage=Committed\n\
        origin=Partner Referral\ntarget_close_date=2026-11-21\n";

    #[test]
    fn the_verdict_stands_in_the_first_lines_and_in_words() {
        let text = shown(Page::new(Some(80), false), DEAL);
        assert!(text.starts_with("1 opportunity, checked as of 22 Nov 2026"), "{text}");
        assert!(text.contains("Logistics (O7001): Needs fixing"), "{text}");
        assert!(text.contains("POD006"), "{text}");
    }

    #[test]
    fn what_was_pasted_cannot_steer_the_terminal() {
        assert!(!shown(Page::new(None, false), DEAL).contains('\x1b'));
        assert!(!shown(Page::new(None, true), DEAL).contains("\x1b[31m Logistics"));
    }

    #[test]
    fn no_line_is_longer_than_the_window() {
        let text = shown(Page::new(Some(50), false), DEAL);
        assert!(text.lines().skip(3).all(|line| line.chars().count() <= 50), "{text}");
    }

    #[test]
    fn many_are_listed_and_what_is_left_out_is_counted() {
        let mut table = "opportunity_id,stage,target_close_date\n".to_owned();
        for number in 0..40 {
            table.push_str(&format!("O{number:04},Committed,2026-11-0{}\n", 1 + number % 9));
        }
        let text = shown(Page::new(None, false), &table);
        assert!(text.contains("And 10 more; --format csv or markdown has them all."), "{text}");
    }
}
