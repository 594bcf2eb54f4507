//! `podcheck check`: reads files, asks the core, writes the answer.

use super::options::{CheckOrder, Format};
use super::{Page, sarif, text};
use crate::clock::Clock;
use crate::views;
use anyhow::{Context, Result, bail, ensure};
use podcheck_core::assess::{Assessment, Inputs};
use podcheck_core::document::{BYTES_MAX, Document};
use podcheck_core::export;
use podcheck_core::policy::Policy;
use podcheck_core::report::{OpportunityReport, Query};
use podcheck_core::rule::Outcome;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// More files than anybody names; each keeps its text in memory.
const FILES_MAX: usize = 200;
/// A policy is a page of numbers.
const POLICY_BYTES_MAX: u64 = 64 * 1024;
/// So many opportunities are written at a time: 100,000 of them need not stand in memory as sentences.
const PART: usize = 500;

/// Whether something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A failed or undecided check, or something that could not be read.
    Something,
}

/// Checks files and writes the answer to `out`; of formats that have no place for what shows only across documents and
/// for what could not be read, that goes to `aside`.
///
/// # Errors
/// When a file cannot be read, is too large, holds no opportunity, or the answer cannot be written.
pub fn run(
    order: &CheckOrder,
    clock: &Clock,
    page: Page,
    out: &mut impl Write,
    aside: &mut impl Write,
) -> Result<Found> {
    let assessment = assess(order, clock)?;
    match order.format {
        Format::Text => text::write(&assessment, page, out)?,
        Format::Json => json(&assessment, out)?,
        Format::Csv => {
            for from in parts(&assessment) {
                out.write_all(export::csv(&assessment, from, PART).as_bytes())?;
            }
        }
        Format::Markdown => {
            each(&assessment, |report| Ok(writeln!(out, "{}", export::markdown(report).trim_end())?))?;
        }
        Format::Sarif => sarif::write(&assessment, &order.files, out)?,
        Format::Blocks => {
            let message = views::answer::of(&assessment, None);
            serde_json::to_writer_pretty(&mut *out, &message)?;
            writeln!(out)?;
        }
    }
    if matches!(order.format, Format::Csv | Format::Markdown) {
        out.flush()?;
        text::rest(&assessment.summary(), page.plain(), aside)?;
    }
    found(&assessment)
}

/// Hands over each opportunity's report, a part at a time.
pub(super) fn each(
    assessment: &Assessment,
    mut take: impl FnMut(&OpportunityReport) -> Result<()>,
) -> Result<()> {
    for from in parts(assessment) {
        for report in &assessment.opportunities(from, PART) {
            take(report)?;
        }
    }
    Ok(())
}

fn parts(assessment: &Assessment) -> impl Iterator<Item = usize> {
    (0..assessment.len()).step_by(PART)
}

/// The report's JSON, in the bytes that serialising it at once would give.
fn json(assessment: &Assessment, out: &mut impl Write) -> Result<()> {
    let summary = serde_json::to_string(&assessment.summary())?;
    let open = summary.strip_suffix('}').context("a summary is an object")?;
    write!(out, "{open},\"opportunities\":[")?;
    let mut is_first = true;
    each(assessment, |report| {
        if !std::mem::take(&mut is_first) {
            out.write_all(b",")?;
        }
        Ok(serde_json::to_writer(&mut *out, report)?)
    })?;
    Ok(writeln!(out, "]}}")?)
}

fn assess(order: &CheckOrder, clock: &Clock) -> Result<Assessment> {
    ensure!(
        order.files.len() <= FILES_MAX,
        "These are {} files; at most {FILES_MAX} are read.",
        order.files.len()
    );
    let policy = match &order.policy {
        None => Policy::default(),
        Some(path) => {
            let text = String::from_utf8(read(path, POLICY_BYTES_MAX)?)
                .with_context(|| format!("{} is no policy: it is not text", shown(path)))?;
            let read = Policy::from_json(&text).map_err(anyhow::Error::msg);
            read.with_context(|| format!("{} is no policy", shown(path)))?
        }
    };
    let mut documents = Vec::with_capacity(order.files.len());
    for path in &order.files {
        documents.push(Document::open(&shown(path), read(path, BYTES_MAX as u64)?));
    }
    let as_of = order.as_of.unwrap_or_else(|| clock.today_here());
    let supplements = order.supplements.clone();
    let assessment = Assessment::of(Inputs { supplements, policy, ..Inputs::new(documents, as_of) });
    if assessment.is_empty() {
        let summary = assessment.summary();
        let why = summary.documents.iter().flat_map(|document| &document.problems).next();
        match why {
            Some(problem) => bail!("There is no opportunity in what was given. {}", problem.message),
            None => bail!("There is no opportunity in what was given."),
        }
    }
    Ok(assessment)
}

/// A file's name, as it is shown.
pub(super) fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(bytes_max + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("{} cannot be read", shown(path)))?;
    ensure!(bytes.len() as u64 <= bytes_max, "{} is larger than {bytes_max} bytes; split it.", shown(path));
    Ok(bytes)
}

/// Whether anything failed, could not be told or could not be read.
fn found(assessment: &Assessment) -> Result<Found> {
    let summary = assessment.summary();
    let unread = summary.documents.iter().any(|document| !document.problems.is_empty());
    if unread || !summary.problems.is_empty() || !summary.set.is_empty() {
        return Ok(Found::Something);
    }
    let needs = |outcome: &Outcome| matches!(outcome, Outcome::Fail | Outcome::Unknown);
    let rows = assessment.rows(&Query { limit: usize::MAX, ..Query::default() }).rows;
    let any = rows.iter().any(|row| row.counts.iter().any(|(outcome, count)| needs(outcome) && *count > 0));
    Ok(if any { Found::Something } else { Found::Nothing })
}
