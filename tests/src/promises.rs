//! What holds for every input, however broken. Property tests and fuzzing both ask here.

use podcheck_core::assess::{About, Assessment, Inputs, Supplement};
use podcheck_core::document::value;
use podcheck_core::document::{Cell, DateOrder, Document, Form, Order, Record};
use podcheck_core::export;
use podcheck_core::fact::{Span, Unknown};
use podcheck_core::field::Field;
use podcheck_core::opportunity::AccountId;
use podcheck_core::policy::Policy;
use podcheck_core::report::{AgendaQuery, OpportunityReport, Place, Query, Report};
use podcheck_core::rule::Section;
use podcheck_core::rules;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// So many records of one document are read twice; the rest are read by the judge.
const RECORDS_READ_MAX: usize = 200;

/// Whether `span` is a stretch of `text` between two characters.
pub fn lies_inside(span: Span, text: &str) -> bool {
    text.get(span.start as usize..span.end as usize).is_some()
}

/// Any bytes are a document; what it says of itself stands in its text, and reading it again says the same.
///
/// # Panics
/// When a promise is broken.
pub fn any_bytes_are_a_document(bytes: &[u8]) {
    let open = || Document::open("pasted text", bytes.to_vec());
    let (document, again) = (open(), open());
    assert_eq!(
        (document.text(), document.kind(), document.format(), document.len(), document.problems()),
        (again.text(), again.kind(), again.format(), again.len(), again.problems()),
        "a document opened twice is the same document",
    );
    for problem in document.problems() {
        assert!(!problem.message.is_empty(), "a problem is a sentence");
        assert!(problem.span.is_none_or(|span| lies_inside(span, document.text())), "{problem:?}");
    }
    let mut record = Record::empty();
    for index in 0..document.len().min(RECORDS_READ_MAX) {
        document.read(index, &mut record);
        let mut fresh = Record::empty();
        again.read(index, &mut fresh);
        assert_eq!(record.cells, fresh.cells, "a record read twice is the same record");
        assert_eq!((record.format, record.carries), (fresh.format, fresh.carries));
        assert_eq!(record.index as usize, index);
        for cell in &record.cells {
            assert!(lies_inside(cell.span, document.text()), "{cell:?} lies outside the text");
            let _ = document.heading(cell.heading);
            any_cell_has_a_value_or_a_reason(cell);
        }
    }
    document.read(document.len(), &mut record);
    assert!(record.cells.is_empty(), "past the end there is no cell");
}

/// Any text is read or says why not, whatever form it stood in and whatever order its column has.
///
/// # Panics
/// When a promise is broken.
pub fn any_text_has_a_value_or_a_reason(text: &str) {
    for form in [Form::TableCell, Form::JsonString, Form::JsonLiteral, Form::Typed] {
        for order in [
            Order::Unproved,
            Order::Given(DateOrder::DayFirst),
            Order::Given(DateOrder::MonthFirst),
            Order::Proved(DateOrder::DayFirst),
            Order::Proved(DateOrder::MonthFirst),
        ] {
            any_cell_has_a_value_or_a_reason(&Cell {
                field: Field::TargetCloseDate,
                month: None,
                text: Cow::Borrowed(text.trim()),
                form,
                order,
                heading: 0,
                span: Span::default(),
            });
        }
    }
}

fn any_cell_has_a_value_or_a_reason(cell: &Cell<'_>) {
    fn says_why<T>(reading: Result<T, Unknown<'_>>) -> Option<T> {
        match reading {
            Ok(value) => Some(value),
            Err(Unknown::Unreadable { why, .. }) => {
                assert!(!why.is_empty(), "what cannot be read says why");
                None
            }
            Err(Unknown::Ambiguous(ambiguity)) => {
                assert_ne!(ambiguity.readings[0], ambiguity.readings[1], "two readings are two");
                None
            }
            Err(_) => None,
        }
    }
    if let Some((day, _)) = says_why(value::date(cell)) {
        let written = Cell { text: day.to_string().into(), ..cell.clone() };
        let year = chrono::Datelike::year(&day);
        if (1000..=9999).contains(&year) {
            assert_eq!(value::date(&written).map(|(day, _)| day), Ok(day), "an ISO date is that date");
        }
    }
    says_why(value::moment(cell));
    says_why(value::newest_entry(cell));
    if let Some((accounts, _)) = says_why(value::accounts(cell)) {
        assert!(!accounts.all().is_empty());
        assert!(accounts.all().iter().all(|id| id.to_string().len() == AccountId::DIGITS));
        let written = Cell { text: accounts.all()[0].to_string().into(), ..cell.clone() };
        let again = value::accounts(&written).map(|(accounts, _)| accounts.one());
        assert_eq!(again, Ok(Some(accounts.all()[0])), "an id that was read can be read again");
    }
    if let Some(((amount, _), _)) = says_why(value::money(cell)) {
        // Three decimals with a point could also be thousands; what has at most two is that amount again.
        if amount.scale() <= 2 {
            let written = Cell { text: amount.to_string().into(), ..cell.clone() };
            assert_eq!(value::money(&written).map(|((amount, _), _)| amount), Ok(amount));
        }
    }
    says_why(value::yes_no(cell));
    if let Some((origin, _)) = says_why(value::origin(cell)) {
        let written = Cell { text: origin.as_str().into(), ..cell.clone() };
        assert_eq!(value::origin(&written).map(|(origin, _)| origin), Ok(origin));
    }
    if let Some((stage, _)) = says_why(value::stage(cell)) {
        let written = Cell { text: stage.as_str().into(), ..cell.clone() };
        assert_eq!(value::stage(&written).map(|(stage, _)| stage), Ok(stage));
    }
    says_why(value::review_status(cell));
    says_why(value::opportunity_type(cell));
    says_why(value::usage_type(cell));
}

/// Any text is a policy within its limits, or is refused with a sentence.
///
/// # Panics
/// When a promise is broken.
pub fn any_text_is_a_policy_or_is_refused(text: &str) {
    match Policy::from_json(text) {
        Ok(policy) => {
            assert!((1..=240).contains(&policy.discount_months));
            assert!(policy.review_business_days_min <= policy.review_business_days_max);
            assert_eq!(policy.sources.len(), Policy::default().sources.len(), "each number keeps one source");
        }
        Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
    }
}

/// So many opportunities are looked at alone as well.
const OPPORTUNITIES_COMPARED_MAX: usize = 4;

/// Between the documents of one input, and before its supplements.
pub const SEPARATOR: &str = "%%";

/// Any documents and supplements are judged; the report is whole, its places lie in the texts, its parts agree, and
/// the same question has the same answer to the byte.
///
/// `input` is documents apart by [`SEPARATOR`], the last part supplements, `fact=value` a line;
/// `?fact=value` holds of those that lack the fact.
///
/// # Panics
/// When a promise is broken.
pub fn any_input_has_a_whole_report(input: &[u8]) {
    let parts = split(input);
    let (supplements, documents) = parts.split_last().expect("splitting gives at least one part");
    let supplements: Vec<Supplement> = String::from_utf8_lossy(supplements)
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(fact, value)| match fact.strip_prefix('?') {
            Some(lacking) => (About::Lacking, lacking, value),
            None => (About::All, fact, value),
        })
        .map(|(about, fact, value)| Supplement { about, fact: fact.to_owned(), value: value.to_owned() })
        .collect();
    let inputs = || Inputs {
        supplements: supplements.clone(),
        ..Inputs::new(
            documents.iter().map(|bytes| Document::open("pasted text", bytes.to_vec())).collect(),
            crate::generate::as_of(),
        )
    };
    let texts: Vec<String> = inputs().documents.iter().map(|document| document.text().to_owned()).collect();
    let assessment = Assessment::of(inputs());
    let report = assessment.report();
    is_whole(&report, &texts);
    let written = serde_json::to_string(&report).expect("a report can be written");
    let again = Assessment::of(inputs());
    assert_eq!(written, serde_json::to_string(&again.report()).expect("a report can be written"));

    an_agenda_is_the_actions_of_the_report(&assessment, &report);
    exports_are_made_of_anything(&assessment, &Assessment::of(inputs()), &report);
    assert_eq!(assessment.len(), report.opportunities.len());
    let page = assessment.rows(&Query { limit: usize::MAX, ..Query::default() });
    assert_eq!(page.total, report.opportunities.len());
    assert_eq!(page.rows.len(), report.opportunities.len());
    for row in page.rows.iter().take(OPPORTUNITIES_COMPARED_MAX) {
        let one = assessment.opportunity(&row.key).expect("a row's opportunity can be looked at");
        let listed = report.opportunities.iter().filter(|listed| listed.key == row.key);
        assert!(
            listed.clone().any(|listed| (listed.verdict, listed.submission, listed.upkeep)
                == (row.verdict, row.submission, row.upkeep)),
            "{}: the list and the report differ",
            row.key,
        );
        assert!(
            listed.clone().any(|listed| *listed == one),
            "{}: alone and in the report it differs",
            row.key
        );
    }
}

/// Every dated action stands in the agenda once, in the words of the report.
fn an_agenda_is_the_actions_of_the_report(assessment: &Assessment, report: &Report) {
    let agenda = assessment.agenda(&AgendaQuery { limit: usize::MAX, ..AgendaQuery::default() });
    assert_eq!(
        (agenda.total, agenda.items.len()),
        (agenda.items.len(), agenda.overdue + agenda.today + agenda.later)
    );
    let keys: BTreeSet<&String> = agenda.items.iter().map(|item| &item.key).collect();
    assert_eq!(agenda.opportunities, keys.len(), "each opportunity is counted once");
    assert!(agenda.items.iter().map(|item| item.action.due).is_sorted());
    let listed = agenda.items.iter().map(|item| (&item.key, &item.action));
    let mut listed: Vec<_> = listed.map(|(key, action)| (key, &action.id, &action.text)).collect();
    let of_report = |one: &'_ OpportunityReport| {
        let ids: BTreeSet<&String> = one.actions.iter().map(|action| &action.id).collect();
        assert_eq!(ids.len(), one.actions.len(), "{}: two actions have one id", one.key);
    };
    report.opportunities.iter().for_each(of_report);
    let dated = report.opportunities.iter().flat_map(|one| {
        let dated = one.actions.iter().filter(|action| action.due.is_some());
        dated.map(|action| (&one.key, &action.id, &action.text))
    });
    let mut dated: Vec<_> = dated.collect();
    listed.sort();
    dated.sort();
    assert_eq!(listed, dated);
}

/// What people take with them is made of anything, and the same twice.
fn exports_are_made_of_anything(assessment: &Assessment, again: &Assessment, report: &Report) {
    for of_all in [export::markdown_of_all, export::mrkdwn_of_all] {
        assert_eq!(of_all(assessment).is_none(), assessment.is_empty());
        assert_eq!(of_all(assessment), of_all(again));
    }
    assert_eq!(export::csv(assessment, 0, usize::MAX), export::csv(again, 0, usize::MAX));
    let calendar = export::ics(assessment, 0, usize::MAX);
    assert_eq!(calendar, export::ics(again, 0, usize::MAX));
    let parts = (0..report.opportunities.len().max(1)).map(|at| export::ics(assessment, at, 1));
    assert_eq!(parts.collect::<String>(), calendar, "the parts are the whole");
    an_import_file_is_right_once_it_was_put_right(assessment, again);
    let events = events_of(&calendar);
    let dated =
        report.opportunities.iter().flat_map(|one| &one.actions).filter(|action| action.due.is_some());
    assert_eq!(events.len(), dated.count());
    let uids: BTreeSet<&String> = events.iter().map(|event| &event["UID"]).collect();
    assert_eq!(uids.len(), events.len(), "each event has an id of its own");
    for one in report.opportunities.iter().take(OPPORTUNITIES_COMPARED_MAX) {
        assert!(export::markdown(one).ends_with('\n'));
        let message = export::mrkdwn(one);
        assert!(!message.contains(['<', '>']), "Slack would read a control sequence in {message:?}");
        let alone = assessment.try_out(&one.key, &[]).map(|tried| tried.headline);
        assert!(alone.is_some(), "{} can be tried out", one.key);
    }
}

/// The corrected import file is the same twice and in parts; read again, nothing is left to correct.
fn an_import_file_is_right_once_it_was_put_right(assessment: &Assessment, again: &Assessment) {
    let file = export::import_csv(assessment, 0, usize::MAX);
    assert_eq!(file, export::import_csv(again, 0, usize::MAX));
    let parts = (0..assessment.len()).map(|at| export::import_csv(assessment, at, 1));
    assert_eq!(parts.collect::<String>(), file, "the parts are the whole");
    let corrected = export::corrections(assessment, 0, usize::MAX);
    assert_eq!(corrected.total, corrected.changes.len());
    assert_eq!(corrected.rows == 0, file.is_empty());
    assert!(corrected.changes.iter().all(|one| one.from != one.to && !one.why.is_empty()));
    let document = Document::open("corrected", file.into_bytes());
    let read = Assessment::of(Inputs::new(vec![document], crate::generate::as_of()));
    let left = export::corrections(&read, 0, usize::MAX);
    // A row of blanks alone is no row when it is read.
    assert!(left.rows != corrected.rows || left.changes.is_empty(), "{:?}", left.changes);
    assert!(corrected.notes.iter().all(|note| note.ends_with(['.', '?'])), "{:?}", corrected.notes);
}

/// The events of a calendar file, read as RFC 5545 has it: lines of at most 75 bytes, unfolded, then names, parameters
/// and values, whose text is taken as it was before it was escaped.
///
/// # Panics
/// When the file is not as it must be.
pub fn events_of(calendar: &str) -> Vec<BTreeMap<String, String>> {
    assert!(
        calendar.ends_with("\r\n") && !calendar.replace("\r\n", "").contains(['\r', '\n']),
        "lines end in CRLF"
    );
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "a line is too long");
    let unfolded = calendar.replace("\r\n ", "");
    let lines: Vec<&str> = unfolded.split_terminator("\r\n").collect();
    let [first, version, inside @ .., last] = &lines[..] else { panic!("{calendar:?} is no calendar") };
    assert_eq!([*first, *version, *last], ["BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR"]);
    let mut events: Vec<BTreeMap<String, String>> = Vec::new();
    let mut is_open = false;
    for line in inside {
        let (name, value) = line.split_once(':').expect("a line has a name and a value");
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-;=".contains(&b)), "{line:?}");
        assert!(!value.chars().any(char::is_control), "{line:?}");
        match (name, value) {
            ("BEGIN", "VEVENT") => {
                assert!(!is_open, "an event inside an event");
                is_open = true;
                events.push(BTreeMap::new());
            }
            ("END", "VEVENT") => {
                assert!(is_open, "the end of no event");
                is_open = false;
                let event = events.last().expect("an event was begun");
                for needed in
                    ["UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY", "SEQUENCE"]
                {
                    assert!(event.contains_key(needed), "{event:?} has no {needed}");
                }
                assert!(event["DTSTART;VALUE=DATE"] < event["DTEND;VALUE=DATE"], "{event:?}");
                assert!(
                    event["DTSTART;VALUE=DATE"].len() == 8 && event["DTEND;VALUE=DATE"].len() == 8,
                    "{event:?}"
                );
            }
            _ if is_open => {
                let event = events.last_mut().expect("an event was begun");
                let twice = event.insert(name.to_owned(), unescaped(value));
                assert_eq!(twice, None, "{name} stands twice in an event");
            }
            _ => assert!(events.is_empty(), "{line:?} stands after an event"),
        }
    }
    assert!(!is_open, "an event without an end");
    events
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut letters = value.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => text.push(escaped),
                other => panic!("{other:?} is escaped in {value:?}"),
            },
            ';' | ',' => panic!("{c:?} is not escaped in {value:?}"),
            _ => text.push(c),
        }
    }
    text
}

/// The parts of `input` between its separators; at most eight, as a browser's user would paste.
fn split(input: &[u8]) -> Vec<&[u8]> {
    let separator = SEPARATOR.as_bytes();
    let mut parts = Vec::new();
    let mut rest = input;
    while parts.len() < 7
        && let Some(at) = rest.windows(separator.len()).position(|window| window == separator)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

/// Every rule has its say exactly once in order, and every place lies in its document's text.
///
/// # Panics
/// When a promise is broken.
pub fn is_whole(report: &Report, texts: &[String]) {
    let judged = [Section::Pod, Section::Eur, Section::Ace, Section::Upd];
    let ids: Vec<&str> =
        rules::ALL.iter().filter(|rule| judged.contains(&rule.section)).map(|rule| rule.id).collect();
    for opportunity in report.opportunities.iter().flat_map(|one| std::iter::once(one).chain(&one.split)) {
        let said: Vec<&str> = opportunity.checks.iter().map(|check| check.rule.as_str()).collect();
        assert_eq!(said, ids, "{}", opportunity.key);
        assert!(!opportunity.headline.is_empty());
        for check in &opportunity.checks {
            assert!(!check.message.is_empty(), "{} of {} says nothing", check.rule, opportunity.key);
        }
    }
    let verdicts: usize = report.summary.portfolio.verdicts.values().sum();
    assert_eq!(verdicts, report.summary.portfolio.opportunities, "each opportunity has one verdict");
    for metric in &report.summary.portfolio.metrics {
        assert!(metric.numerator <= metric.denominator, "{metric:?}");
        assert_eq!(metric.rate.is_none(), metric.denominator == 0, "{metric:?}");
    }
    let value = serde_json::to_value(report).expect("a report can be written");
    let texts: Vec<Utf16> = texts.iter().map(|text| Utf16::of(text)).collect();
    each_place(&value, &mut |place| {
        let document = place["document"].as_u64().expect("a place names its document") as usize;
        let (Some(start), Some(end)) = (place["start"].as_u64(), place["end"].as_u64()) else {
            assert!(place["start"].is_null() && place["end"].is_null(), "{place}");
            return;
        };
        let text = &texts[document];
        let (start, end) = (start as usize, end as usize);
        assert!(start <= end && end <= text.units.len(), "{place} lies outside the text");
        assert!(String::from_utf16(&text.units[start..end]).is_ok(), "{place} cuts a character in two");
        let (line, column) = text.line_and_column(start);
        assert_eq!((place["line"].as_u64(), place["column"].as_u64()), (Some(line), Some(column)), "{place}");
    });
}

/// A text as a browser counts it.
struct Utf16 {
    units: Vec<u16>,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Utf16 {
    fn of(text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().collect();
        let ends = units.iter().enumerate().filter(|(_, unit)| **unit == u16::from(b'\n'));
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Utf16 { units, lines }
    }

    fn line_and_column(&self, at: usize) -> (u64, u64) {
        let line = self.lines.partition_point(|begin| *begin <= at);
        (line as u64, (at - self.lines[line - 1] + 1) as u64)
    }
}

/// Calls `check` with every [`Place`] in `value`, wherever it stands.
fn each_place(value: &Value, check: &mut impl FnMut(&Value)) {
    // Named here, so that a change of its shape is noticed where places are looked for.
    const _: fn(&Place) -> (u16, Option<u32>) = |place| (place.document, place.start);
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_place(item, check)),
        Value::Object(map) if map.contains_key("document") && map.contains_key("endColumn") => check(value),
        Value::Object(map) => map.values().for_each(|value| each_place(value, check)),
        _ => {}
    }
}
