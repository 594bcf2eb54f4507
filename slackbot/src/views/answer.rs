//! What was decided, as a message: verdict first, then what to do by when, then what is wrong and how to mend it.

use super::block::{Block, Cell, Choice, Element, Message, Piece};
use super::text::{clipped, one_line};
use super::tracked;
use crate::reminders::kept::is_id;
use crate::words;
use podcheck_core::assess::Assessment;
use podcheck_core::document::Kind;
use podcheck_core::report::{
    Action, CheckReport, DocumentReport, OpportunityReport, ProblemReport, Query, Row, Summary, WindowState,
};
use podcheck_core::rule::{Outcome, Section};
use podcheck_core::say;

/// So many opportunities are listed, the most urgent first.
const LISTED_MAX: usize = 20;
/// So many of them are named in the notification.
const NOTIFIED_MAX: usize = 10;
/// So many things to do are told.
const ACTIONS_MAX: usize = 5;
/// So many checks that need attention are told of one opportunity.
const CHECKS_MAX: usize = 8;
/// So many are told in its details.
const DETAILED_MAX: usize = 24;
/// So many copies of one opportunity are told, each for one of its accounts.
const COPIES_MAX: usize = 5;
/// So many things that could not be read are told.
const PROBLEMS_MAX: usize = 5;
/// A sentence is cut after so many units: a whole message stays below 10,000.
const SENTENCE_UNITS_MAX: usize = 300;
/// The first sentence may be longer.
const HEADLINE_UNITS_MAX: usize = 800;
const NAME_UNITS_MAX: usize = 90;
const NEXT_UNITS_MAX: usize = 160;

/// What a button or menu of an answer does.
pub mod press {
    /// Shows one opportunity in full; the value is the answer and its place in it.
    pub const DETAILS: &str = "details";
    /// Shows a rule's page; the value is the rule.
    pub const EXPLAIN: &str = "explain";
    /// Posts the answer for everybody in the channel; the value is the answer.
    pub const SHARE: &str = "share";
}

/// The answer to a check. Its buttons name it by `handle`; without one it has no buttons.
pub fn of(assessment: &Assessment, handle: Option<&str>) -> Message {
    let summary = assessment.summary();
    let first = || assessment.decisions(0, 1).pop();
    match assessment.len() {
        0 => nothing(&summary),
        1 => first().map_or_else(|| nothing(&summary), |report| one(&report, &summary, handle)),
        _ => many(assessment, &summary, handle),
    }
}

/// One opportunity of an answer in full: its place is counted from the most urgent.
pub fn details(assessment: &Assessment, place: usize) -> Option<Message> {
    let row = assessment.rows(&Query { from: place, limit: 1, ..Query::default() }).rows.pop()?;
    Some(in_full(&assessment.opportunity(&row.key)?))
}

/// A report in full.
pub fn in_full(report: &OpportunityReport) -> Message {
    let mut blocks = head(report);
    blocks.extend(actions(&report.actions));
    blocks.extend(dates(report));
    let mut left = DETAILED_MAX;
    for section in Section::OF_ONE {
        blocks.extend(section_in_full(report, section, &mut left));
    }
    blocks.extend(copies(&report.split));
    let rules: Vec<Choice> = open_checks(report)
        .map(|check| Choice::new(&format!("{} {}", check.rule, check.name), check.rule.clone()))
        .collect();
    if !rules.is_empty() {
        blocks.push(Block::Actions {
            elements: vec![Element::menu(press::EXPLAIN, "Explain a check …", rules)],
        });
    }
    Message::new(&notification(report), blocks)
}

/// An answer for everybody in the channel: without buttons that only its asker may press.
pub fn shared(assessment: &Assessment, by: &str) -> Message {
    let mut message = of(assessment, None);
    if !by.is_empty() {
        message.blocks.push(Block::context(&format!("Shared by {by} with /pod-check")));
    }
    message
}

fn nothing(summary: &Summary) -> Message {
    const SENTENCE: &str = "There is no opportunity in what you gave.";
    const REMEDY: &str = "Give its facts as key=value, or paste an ACE export or the JSON of Partner Central: \
                          /pod-check alone opens a form for it.";
    let mut blocks = vec![Block::paragraph([Piece::bold(SENTENCE), Piece::plain(" "), Piece::plain(REMEDY)])];
    blocks.extend(unread(summary));
    let first = summary.documents.iter().flat_map(|document| &document.problems).next();
    let first = first.map_or("", |problem| problem.message.as_str());
    Message::new(&format!("{SENTENCE} {REMEDY} {first}"), blocks)
}

fn one(report: &OpportunityReport, summary: &Summary, handle: Option<&str>) -> Message {
    let mut blocks = head(report);
    blocks.extend(actions(&report.actions));
    let is_urgent = |check: &&CheckReport| matches!(check.outcome, Outcome::Fail | Outcome::Unknown);
    let mut open: Vec<&CheckReport> = open_checks(report).filter(is_urgent).collect();
    // What fails counts more than what is not known; the order of the rules stays.
    open.sort_by_key(|check| check.outcome != Outcome::Fail);
    if !open.is_empty() {
        let more = open.len().saturating_sub(CHECKS_MAX);
        let told = open.iter().take(CHECKS_MAX).map(|check| check_item(check, &report.actions));
        blocks.push(Block::list("What stands in the way", with_more(told.collect(), more)));
    }
    blocks.extend(copies(&report.split));
    blocks.extend(unread(summary));
    blocks.push(footing(summary));
    if let Some(handle) = handle {
        let name = words::name(&report.key, report.customer.as_deref(), report.title.as_deref());
        let mut buttons = vec![Element::button(
            press::DETAILS,
            "Details",
            &place_in(handle, 0),
            &format!("Details of {name}"),
        )];
        if let Some(check) = open.first() {
            let label = format!("Explain {}", check.rule);
            buttons.push(Element::button(
                press::EXPLAIN,
                &label,
                &check.rule,
                &format!("{label}, {}", check.name),
            ));
        }
        if is_id(&report.key) {
            buttons.push(track_button(handle, "Track"));
        }
        buttons.push(share_button(handle));
        blocks.push(Block::Actions { elements: buttons });
    }
    Message::new(&notification(report), blocks)
}

fn many(assessment: &Assessment, summary: &Summary, handle: Option<&str>) -> Message {
    let page = assessment.rows(&Query { limit: LISTED_MAX, ..Query::default() });
    let counts: Vec<String> = summary
        .portfolio
        .verdicts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(verdict, count)| say::verdicts(*count, *verdict).to_string())
        .collect();
    let counts = format!("{}: {}.", say::opportunities(page.total), counts.join(", "));
    let more = page.total - page.rows.len();
    let mut text = format!("{counts} Most urgent first:");
    for row in page.rows.iter().take(NOTIFIED_MAX) {
        text.push_str(&format!("\n• {}: {}. {}", named(row), say::verdict(row.verdict), next(row)));
    }
    let unnamed = page.total.saturating_sub(NOTIFIED_MAX);
    if unnamed > 0 {
        text.push_str(&format!("\nAnd {unnamed} more."));
    }
    let rows = page.rows.iter().map(table_row).collect();
    let mut blocks = vec![
        Block::paragraph([Piece::bold(&counts), Piece::plain(" Most urgent first:")]),
        Block::table(&["Opportunity", "Verdict", "What to do next", "By"], rows),
    ];
    if more > 0 {
        blocks.push(Block::paragraph([Piece::plain(&format!("And {more} more."))]));
    }
    blocks.extend(across(summary));
    blocks.extend(unread(summary));
    blocks.push(footing(summary));
    if let Some(handle) = handle {
        let choices = page.rows.iter().enumerate();
        let choices = choices.map(|(place, row)| Choice::new(&named(row), place_in(handle, place))).collect();
        let menu = Element::menu(press::DETAILS, "Details of …", choices);
        blocks.push(Block::Actions {
            elements: vec![menu, track_button(handle, "Track all"), share_button(handle)],
        });
    }
    Message::new(&text, blocks)
}

fn track_button(handle: &str, says: &str) -> Element {
    let label = format!("{says} in this channel, which is reminded of what is due");
    Element::button(tracked::press::TRACK, says, handle, &label)
}

fn share_button(handle: &str) -> Element {
    Element::button(
        press::SHARE,
        "Share in channel",
        handle,
        "Share in channel: everybody there sees this answer",
    )
}

/// The value of a button: the answer, and the opportunity's place in it.
fn place_in(handle: &str, place: usize) -> String {
    format!("{handle}.{place}")
}

/// The answer and the place that a button's value names.
pub fn read_place(value: &str) -> Option<(&str, usize)> {
    let (handle, place) = value.split_once('.')?;
    Some((handle, place.parse().ok()?))
}

fn head(report: &OpportunityReport) -> Vec<Block> {
    let name = words::name(&report.key, report.customer.as_deref(), report.title.as_deref());
    let verdict = Piece::bold(say::verdict(report.verdict));
    let headline = Piece::cut(&report.headline, HEADLINE_UNITS_MAX);
    vec![Block::header(&name), Block::paragraph([verdict, Piece::plain(". "), headline])]
}

fn notification(report: &OpportunityReport) -> String {
    let name = words::name(&report.key, report.customer.as_deref(), report.title.as_deref());
    let mut text = format!("{name}: {}. {}", say::verdict(report.verdict), report.headline);
    if let Some(action) = report.actions.first() {
        let by = if action.due.is_none() { "To do next: ".to_owned() } else { words::by(action.due) };
        text.push_str(&format!(" {by}{}", action.text));
    }
    text
}

fn actions(actions: &[Action]) -> Option<Block> {
    if actions.is_empty() {
        return None;
    }
    let item = |action: &Action| {
        let by = words::by(action.due);
        vec![
            Piece::bold(&by),
            Piece::cut(&action.text, SENTENCE_UNITS_MAX),
            Piece::plain(&format!(" ({})", action.rule)),
        ]
    };
    let told = actions.iter().take(ACTIONS_MAX).map(item).collect();
    Some(Block::list("What to do next", with_more(told, actions.len().saturating_sub(ACTIONS_MAX))))
}

fn with_more(mut items: Vec<Vec<Piece>>, more: usize) -> Vec<Vec<Piece>> {
    if more > 0 {
        items.push(vec![Piece::plain(&format!("And {more} more."))]);
    }
    items
}

/// Whether a person has to look at it.
fn open_checks(report: &OpportunityReport) -> impl Iterator<Item = &CheckReport> {
    report.checks.iter().filter(|check| check.outcome.is_open())
}

fn check_item(check: &CheckReport, actions: &[Action]) -> Vec<Piece> {
    let mut pieces = vec![
        Piece::bold(&format!("{} {}: ", check.rule, words::outcome(check.outcome).to_lowercase())),
        Piece::cut(&check.message, SENTENCE_UNITS_MAX),
    ];
    // What to do next has said it already.
    if !check.remedy.is_empty() && actions.iter().take(ACTIONS_MAX).all(|action| action.text != check.remedy)
    {
        pieces.push(Piece::plain(" "));
        pieces.push(Piece::cut(&check.remedy, SENTENCE_UNITS_MAX));
    }
    pieces
}

/// Window and month of the bill, where they are known.
fn dates(report: &OpportunityReport) -> Option<Block> {
    let mut items = Vec::new();
    // A window that cannot begin as things stand is no date to keep.
    if let Some(window) = report.window.as_ref().filter(|window| window.state != WindowState::Void) {
        let days = format!("{} to {}. ", say::day(window.start), say::day(window.end));
        items.push(vec![Piece::bold("Discount: "), Piece::plain(&days), Piece::plain(&window.condition)]);
    }
    if let Some(update) = &report.update {
        let days = format!("{}, the next by {}.", say::day(update.last), say::day(update.due));
        items.push(vec![Piece::bold("Last update: "), Piece::plain(&days)]);
    }
    if let Some(stage) = &report.stage {
        let asks = format!("{}. {}", stage.value, stage.requires);
        items.push(vec![Piece::bold("Stage: "), Piece::plain(&asks)]);
    }
    (!items.is_empty()).then(|| Block::bullets(items))
}

fn section_in_full(report: &OpportunityReport, section: Section, left: &mut usize) -> Option<Block> {
    let ours = || open_checks(report).filter(move |check| check.section == section);
    let passed =
        report.checks.iter().filter(|check| check.section == section && check.outcome == Outcome::Pass);
    let passed = passed.count();
    let open = ours().count();
    if open == 0 && passed == 0 {
        return None;
    }
    let told = open.min(*left);
    *left -= told;
    let mut items: Vec<Vec<Piece>> =
        ours().take(told).map(|check| check_item(check, &report.actions)).collect();
    items = with_more(items, open - told);
    if passed > 0 {
        items.push(vec![Piece::plain(&format!("{} passed.", say::count(passed as i64, "check")))]);
    }
    Some(Block::list(say::section(section), items))
}

fn copies(split: &[OpportunityReport]) -> Option<Block> {
    if split.is_empty() {
        return None;
    }
    let item = |copy: &OpportunityReport| {
        let verdict = format!(": {}. ", say::verdict(copy.verdict));
        vec![
            Piece::cut(copy.account_id.as_deref().unwrap_or(&copy.key), NAME_UNITS_MAX),
            Piece::bold(&verdict),
            Piece::cut(&copy.headline, SENTENCE_UNITS_MAX),
        ]
    };
    let told = split.iter().take(COPIES_MAX).map(item).collect();
    Some(Block::list("Each account on its own", with_more(told, split.len().saturating_sub(COPIES_MAX))))
}

/// What shows only across opportunities and documents.
fn across(summary: &Summary) -> Option<Block> {
    if summary.set.is_empty() {
        return None;
    }
    let told = summary.set.iter().take(PROBLEMS_MAX).map(|found| {
        let sentence = format!("{} {}", found.message, found.remedy);
        vec![Piece::bold(&format!("{}: ", found.rule)), Piece::cut(&sentence, SENTENCE_UNITS_MAX)]
    });
    let more = summary.set.len().saturating_sub(PROBLEMS_MAX);
    Some(Block::list(say::section(Section::Set), with_more(told.collect(), more)))
}

fn unread<'s>(summary: &'s Summary) -> Option<Block> {
    // Beside opportunities, a document of no use at all is a finding across the documents, and says why there.
    let is_told = |document: &&DocumentReport| summary.set.is_empty() || document.kind != Kind::Ignored;
    let is_one = summary.documents.len() == 1;
    let of_document = |document: &'s DocumentReport| {
        let name = (!is_one).then(|| clipped(&one_line(&document.name), NAME_UNITS_MAX));
        document.problems.iter().map(move |problem| (place(name.as_deref(), problem), problem))
    };
    let of_documents = summary.documents.iter().filter(is_told).flat_map(of_document);
    let others = summary.problems.iter().map(|problem| (place(None, problem), problem));
    let problems: Vec<(String, &ProblemReport)> = of_documents.chain(others).collect();
    if problems.is_empty() {
        return None;
    }
    let item = |(place, problem): &(String, &ProblemReport)| {
        vec![Piece::plain(place), Piece::cut(&problem.message, SENTENCE_UNITS_MAX)]
    };
    let told = problems.iter().take(PROBLEMS_MAX).map(item).collect();
    let unlisted: usize = summary.documents.iter().map(|document| document.more_problems).sum();
    let more = problems.len().saturating_sub(PROBLEMS_MAX) + unlisted;
    Some(Block::list("What could not be used", with_more(told, more)))
}

/// Where a problem stands: `export.csv, line 3: `, and without a name `Line 3: `.
fn place(document: Option<&str>, problem: &ProblemReport) -> String {
    match (document, &problem.place) {
        (None, None) => String::new(),
        (None, Some(place)) => format!("Line {}: ", place.line),
        (Some(name), None) => format!("{name}: "),
        (Some(name), Some(place)) => format!("{name}, line {}: ", place.line),
    }
}

fn footing(summary: &Summary) -> Block {
    let day = say::day(summary.as_of);
    Block::context(&format!("Checked as of {day} by the rules of {}. Not an AWS product.", summary.ruleset))
}

fn named(row: &Row) -> String {
    words::name(&row.key, row.customer.as_deref(), row.title.as_deref())
}

fn next(row: &Row) -> String {
    row.next.as_ref().map_or(String::new(), |next| format!("{}{}", words::by(next.due), next.text))
}

fn table_row(row: &Row) -> Vec<Cell> {
    let due =
        row.next.as_ref().and_then(|next| next.due).map_or(String::new(), |day| say::day(day).to_string());
    let text = row.next.as_ref().map_or("", |next| next.text.as_str());
    vec![
        Cell::new(&named(row), NAME_UNITS_MAX),
        Cell::new(say::verdict(row.verdict), NAME_UNITS_MAX),
        Cell::new(text, NEXT_UNITS_MAX),
        Cell::new(&due, NAME_UNITS_MAX),
    ]
}
