//! JSON: what the Partner Central API, the S3 integration, CRMs, data subscriptions and Cost Explorer hand out, and
//! our own canonical names.
//!
//! The text is walked over once ([`survey`]) to find the records and tell their shapes; each is read from the text
//! again when it is asked for ([`read`]). There is no generic JSON value here, on purpose: nothing is built of what
//! no rule asks for, least of all of the contacts that come along.

mod cost;
mod keys;
mod names;
mod odd;
mod problems;
mod read;
mod scan;
mod shape;
mod survey;
#[cfg(test)]
mod tests;

use super::paths::PATHS;
use super::{FIELDS_MAX, Format, Kind, Recognised, Record};
use crate::fact::Span;
use crate::field::Field;
use keys::Keys;
use shape::Shape;

/// A longer record is read once to see whether all of it can be.
const LONG_RECORD_BYTES: u32 = 16 * 1024;

/// Where the records of a JSON text stand.
#[derive(Debug)]
pub(crate) struct Layout {
    places: Vec<Place>,
    periods: Vec<Period>,
    /// The account of Cost Explorer totals that are not grouped.
    account: Option<Span>,
    keys: Keys,
}

/// One record: its bytes, its shape, and for a row of Cost Explorer the index of its [`Period`].
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    context: u32,
    shape: Shape,
}

const _: () = assert!(size_of::<Place>() <= 16, "a file has millions of them");

/// What the rows of one month or day of Cost Explorer share; a place that ends at 0 was not there.
#[derive(Debug, Clone, Copy, Default)]
struct Period {
    start: Span,
    estimated: Span,
    total: Span,
}

/// The paths of Cost Explorer that are read.
const COST_HEADINGS: [(&str, Field); 6] = [
    ("ResultsByTime.TimePeriod.Start", Field::RowMonth),
    ("ResultsByTime.Groups.Keys", Field::RowAccountId),
    ("ResultsByTime.Groups.Keys", Field::RowCharge),
    ("ResultsByTime.Groups.Metrics.Amount", Field::RowAmount),
    ("ResultsByTime.Groups.Metrics.Unit", Field::RowCurrency),
    ("ResultsByTime.Estimated", Field::RowFinal),
];

/// Tells what a JSON text is. Never fails.
pub(super) fn recognise(text: &str) -> Recognised {
    let mut survey = survey::survey(text);
    let (kind, format) = settle(&mut survey);
    let layout = Layout {
        places: survey.places,
        periods: survey.periods,
        account: survey.accounts.and_then(|at| cost::only_account(text, at)),
        keys: survey.keys,
    };
    let mut problems = survey.problems;
    layout.tell_long_records(text, &mut problems);
    if format == Format::CostExplorer && !layout.is_by_account(text) {
        problems.push(None, None, |_| {
            "This answer of Cost Explorer names no account; group it by LINKED_ACCOUNT, or filter it by one account.".to_owned()
        });
    }
    Recognised {
        kind,
        format,
        layout: super::Layout::Json(layout),
        problems: problems.list,
        more_problems: problems.more,
    }
}

/// The one kind of the document; records of other kinds are left out, each with a problem.
fn settle(survey: &mut survey::Survey<'_>) -> (Kind, Format) {
    let facts = shape::kind_of_facts(survey.facts);
    let kind_of = |place: &Place| match place.shape {
        Shape::Canonical => facts,
        shape => shape.kind(),
    };
    let mut counts: Vec<(Kind, usize)> = Vec::new();
    for place in &survey.places {
        let kind = kind_of(place);
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    // Canonical rows may stand beside opportunities: a document of facts carries all of them.
    let is_facts = counts.iter().any(|(kind, _)| *kind == Kind::Facts);
    let joins = |kind: Kind| is_facts && matches!(kind, Kind::Opportunities | Kind::Facts);
    let count_of = |kind: Kind| {
        counts
            .iter()
            .filter(|(of, _)| *of == kind || joins(*of) && joins(kind))
            .map(|(_, count)| count)
            .sum::<usize>()
    };
    // The first of those with most records; a report only where there is nothing else.
    let rank = |kind: Kind| (kind != Kind::Report, count_of(kind));
    let mut best: Option<Kind> = None;
    for (kind, _) in &counts {
        if best.is_none_or(|best| rank(*kind) > rank(best)) {
            best = Some(*kind);
        }
    }
    let Some(best) = best else {
        return survey.named.unwrap_or_else(|| {
            if survey.problems.list.is_empty() {
                survey
                    .problems
                    .push(None, None, |_| "This JSON is an empty list: there is nothing to read.".to_owned());
            }
            (Kind::Ignored, Format::Unrecognised)
        });
    };
    let kind = if joins(best) { Kind::Facts } else { best };
    let is_kept = |place: &Place| {
        let of = kind_of(place);
        of == best || joins(of) && joins(best)
    };
    if counts.len() > 1 {
        for place in survey.places.iter().filter(|place| !is_kept(place)) {
            let at = Span { start: place.start, end: place.end };
            let (left, read) = (about(kind_of(place)), about(kind));
            survey.problems.push(None, Some(at), |line| {
                format!("The record in line {line} is about {left}, the others about {read}: it was left out. Paste it on its own.")
            });
        }
    }
    let format = survey.places.iter().find(|place| is_kept(place)).map(|place| place.shape.format());
    survey.places.retain(|place| is_kept(place) && kind != Kind::Report);
    (kind, format.unwrap_or(Format::Unrecognised))
}

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Opportunities => "opportunities",
        Kind::Eur => "End User Reporting",
        Kind::Spend => "spend",
        Kind::Discounts => "discounts",
        Kind::Facts => "facts of opportunities",
        Kind::Report | Kind::Ignored => "an earlier report",
    }
}

impl Layout {
    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Reads the record with this index of `text`; past the end, no cells.
    pub(super) fn read<'d>(&self, text: &'d str, index: usize, record: &mut Record<'d>) {
        if let Some(place) = self.places.get(index) {
            read::read(text, self, *place, record);
        }
    }

    /// The path with this index: as the API spells it, or a flat record's key as it stands.
    pub(super) fn heading(&self, index: u16) -> &str {
        let index = usize::from(index);
        if let Some((path, _)) = PATHS.get(index) {
            return path;
        }
        let index = index - PATHS.len();
        match COST_HEADINGS.get(index) {
            Some((path, _)) => path,
            None => self.keys.text(u16::try_from(index - COST_HEADINGS.len()).unwrap_or(Keys::BEFORE)),
        }
    }

    /// Whether its first row names an account; an answer without rows names none that is missed.
    fn is_by_account(&self, text: &str) -> bool {
        let mut record = Record::empty();
        self.read(text, 0, &mut record);
        self.places.is_empty() || record.cells.iter().any(|cell| cell.field == Field::RowAccountId)
    }

    fn heading_of_cost(index: usize) -> u16 {
        u16::try_from(PATHS.len() + index).expect("the tables are short")
    }

    fn heading_of_key(key: u16) -> u16 {
        Self::heading_of_cost(COST_HEADINGS.len()) + key
    }

    /// Says which records have more values than are read; only long ones can.
    fn tell_long_records(&self, text: &str, problems: &mut problems::Problems<'_>) {
        let is_long = |place: &Place| place.end - place.start > LONG_RECORD_BYTES;
        for (index, place) in self.places.iter().enumerate().filter(|(_, place)| is_long(place)) {
            let mut record = Record::empty();
            self.read(text, index, &mut record);
            if record.cells.len() >= FIELDS_MAX {
                let at = Span { start: place.start, end: place.end };
                problems.push(u32::try_from(index).ok(), Some(at), |line| {
                    format!("The record in line {line} has more than {FIELDS_MAX} values; the rest were left unread.")
                });
            }
        }
    }
}
