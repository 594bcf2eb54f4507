//! One walk over a JSON text: what each object is, where the records stand, and what cannot be read.

mod recovery;

use super::super::{FIELDS_MAX, Format, Kind, RECORDS_MAX};
use super::keys::Keys;
use super::names::{Family, Mark, Role};
use super::problems::{Problems, span};
use super::scan::{Fault, Quoted, Scanner, Start, Why};
use super::shape::{self, Seen, Shape};
use super::{Period, Place};
use crate::fact::Span;
use crate::field::FieldSet;
use recovery::Onward;

/// Walks over `text`.
pub(super) fn survey(text: &str) -> Survey<'_> {
    let mut survey = Survey {
        scan: Scanner::new(text, 0),
        keys: Keys::new(),
        places: Vec::new(),
        periods: Vec::new(),
        accounts: None,
        facts: FieldSet::EMPTY,
        named: None,
        problems: Problems::new(text),
        told: 0,
        reported: None,
        // Enough for every line of a file to be wrong once or twice, and an end to files made to be wrong.
        spare_bytes: text.len().saturating_mul(8).saturating_add(1 << 16),
        path: String::new(),
    };
    survey.stream();
    survey.tell_lapses();
    survey
}

/// What the walk found.
#[derive(Debug)]
pub(super) struct Survey<'t> {
    scan: Scanner<'t>,
    pub(super) keys: Keys,
    pub(super) places: Vec<Place>,
    pub(super) periods: Vec<Period>,
    /// Where a Cost Explorer answer that is not grouped may name its account.
    pub(super) accounts: Option<Span>,
    /// The canonical facts of all canonical records.
    pub(super) facts: FieldSet,
    /// What the first object was that is no record.
    pub(super) named: Option<(Kind, Format)>,
    pub(super) problems: Problems<'t>,
    /// How many objects were named for what they are and left out.
    told: usize,
    reported: Option<Fault>,
    /// How many more bytes may be read twice to go on after errors.
    spare_bytes: usize,
    path: String,
}

/// What the elements of a list are.
#[derive(Debug, Clone, Copy)]
enum Each {
    Any { is_in_summaries: bool },
    Period,
    Group(u32),
}

/// How much there was before an object was looked at.
#[derive(Debug, Clone, Copy)]
struct Before {
    places: usize,
    problems: usize,
    told: usize,
    reported: Option<Fault>,
}

const ANY: Each = Each::Any { is_in_summaries: false };

impl Survey<'_> {
    /// One value after the other: a document, JSON Lines, or several documents in one.
    fn stream(&mut self) {
        loop {
            let start = self.scan.at;
            let read = match self.scan.space() {
                Ok(()) if self.scan.at >= self.scan.text().len() => return,
                Ok(()) if self.scan.byte() == Some(b',') => {
                    self.scan.at += 1;
                    continue;
                }
                Ok(()) => self.element(ANY),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = read {
                let text = self.scan.text();
                let start = start + (text.len() - start - text[start..].trim_start().len());
                self.report(fault, Some(start));
                match self.onward(start, 0, fault) {
                    Onward::AtNext | Onward::AfterThis => {}
                    Onward::Nowhere => return,
                }
            }
        }
    }

    fn list(&mut self, each: Each) -> Result<(), Fault> {
        self.scan.enter();
        let depth = self.scan.depth();
        let mut first = true;
        loop {
            match self.scan.item(&mut first) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(fault) => {
                    self.report(fault, None);
                    // Only a comma is missing between two records.
                    if fault.why != Why::NoComma || self.scan.byte() != Some(b'{') {
                        return Err(fault);
                    }
                }
            }
            loop {
                self.scan.space()?;
                let start = self.scan.at;
                let Err(fault) = self.element(each) else { break };
                self.report(fault, Some(start));
                match self.onward(start, depth, fault) {
                    Onward::AtNext => {}
                    Onward::AfterThis => break,
                    Onward::Nowhere => return Err(fault),
                }
            }
        }
    }

    fn element(&mut self, each: Each) -> Result<(), Fault> {
        match (self.scan.start()?, each) {
            (Start::Object | Start::Array, _) if self.scan.is_too_deep() => self.scan.skip(),
            (Start::Object, Each::Any { is_in_summaries }) => self.object(is_in_summaries),
            (Start::Object, Each::Period) => self.period(),
            (Start::Object, Each::Group(period)) => {
                let start = self.scan.at;
                self.scan.skip()?;
                self.push(start, period, Shape::CostGroup);
                Ok(())
            }
            (Start::Array, Each::Any { .. }) => self.list(each),
            _ => {
                let start = self.scan.at;
                self.scan.skip()?;
                let place = span(start, self.scan.at);
                self.tell(Kind::Ignored, Format::Unrecognised, place, |line| {
                    format!("The value in line {line} is no record and was left out.")
                });
                Ok(())
            }
        }
    }

    fn object(&mut self, is_in_summaries: bool) -> Result<(), Fault> {
        let start = self.scan.at;
        let before = Before {
            places: self.places.len(),
            problems: self.problems.list.len(),
            told: self.told,
            reported: self.reported,
        };
        let mut seen = Seen::new(is_in_summaries);
        let mut key_count = 0_usize;
        let mut last = Keys::BEFORE;
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            key_count += 1;
            last = self.keys.intern(key.raw(self.scan.text()), last);
            let meaning = *self.keys.meaning(last);
            if let Some(field) = meaning.in_family(Family::Canonical) {
                seen.canonical.insert(field);
            }
            if let Some(field) = meaning.in_family(Family::Label) {
                seen.labelled.insert(field);
            }
            let value = self.scan.start()?;
            if let Some(mark) = meaning.mark {
                self.mark(&mut seen, mark, value);
            }
            match meaning.role {
                Some(role) if matches!(value, Start::Object | Start::Array) => {
                    self.role(&mut seen, role, value, key)?;
                }
                _ => self.scan.skip()?,
            }
        }
        self.conclude(start, seen, before, key_count);
        Ok(())
    }

    fn mark(&mut self, seen: &mut Seen, mark: Mark, value: Start) {
        match mark {
            Mark::ApiPart if value != Start::Object => return,
            Mark::NextPage if value != Start::Text => return,
            Mark::S3Id if value == Start::Text && !self.scan.text()[self.scan.at..].starts_with("\"\"") => {
                seen.insert(Mark::S3KnownId);
            }
            _ => {}
        }
        seen.insert(mark);
    }

    /// Reads on within the value of a key that is more than a value.
    fn role(&mut self, seen: &mut Seen, role: Role, value: Start, key: Quoted) -> Result<(), Fault> {
        if self.scan.is_too_deep() {
            return self.scan.skip();
        }
        match (role, value) {
            (Role::Nest, Start::Object) => self.nest(seen, key),
            (Role::Summaries, Start::Array) => {
                seen.lists = Some((Kind::Opportunities, Format::ApiList));
                self.list(Each::Any { is_in_summaries: true })
            }
            (Role::Periods, Start::Array) => {
                seen.lists = Some((Kind::Spend, Format::CostExplorer));
                self.list(Each::Period)
            }
            (Role::Accounts, _) => {
                let start = self.scan.at;
                self.scan.skip()?;
                self.accounts = Some(span(start, self.scan.at));
                Ok(())
            }
            (_, Start::Array) => {
                let before = (self.places.len(), self.problems.count());
                self.list(ANY)?;
                if before == (self.places.len(), self.problems.count()) {
                    seen.lists.get_or_insert((Kind::Ignored, Format::Unrecognised));
                }
                Ok(())
            }
            (_, _) => self.object(false),
        }
    }

    /// Canonical facts one level down.
    fn nest(&mut self, seen: &mut Seen, outer: Quoted) -> Result<(), Fault> {
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            let text = self.scan.text();
            self.path.clear();
            self.path.extend([outer.raw(text), ".", key.raw(text)]);
            let index = self.keys.intern(&self.path, Keys::BEFORE);
            if let Some(field) = self.keys.meaning(index).in_family(Family::Canonical) {
                seen.canonical.insert(field);
            }
            self.scan.skip()?;
        }
        Ok(())
    }

    /// One month or day of Cost Explorer.
    fn period(&mut self) -> Result<(), Fault> {
        let index = u32::try_from(self.periods.len()).unwrap_or(u32::MAX);
        self.periods.push(Period::default());
        let mut total = None;
        let groups_before = self.places.len();
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            let value = self.scan.start()?;
            let start = self.scan.at;
            match (key.raw(self.scan.text()), value) {
                ("Groups", Start::Array) => {
                    self.list(Each::Group(index))?;
                    continue;
                }
                ("TimePeriod", Start::Object) => {
                    let period = self.time_period()?;
                    self.periods[index as usize].start = period;
                    continue;
                }
                ("Total", Start::Object) => total = Some(start),
                ("Estimated", Start::Word) => {
                    self.scan.skip()?;
                    self.periods[index as usize].estimated = span(start, self.scan.at);
                    continue;
                }
                _ => {}
            }
            self.scan.skip()?;
            if key.raw(self.scan.text()) == "Total" {
                let is_empty = self.scan.text()[start..self.scan.at].len() < "{\"A\":{}}".len();
                total = total.filter(|_| !is_empty);
                if total.is_some() && self.places.len() == groups_before {
                    self.periods[index as usize].total = span(start, self.scan.at);
                }
            }
        }
        let total = self.periods[index as usize].total;
        if self.places.len() == groups_before && total.end > 0 {
            self.put(Place { start: total.start, end: total.end, context: index, shape: Shape::CostTotal });
        }
        Ok(())
    }

    /// The inside of `TimePeriod.Start`.
    fn time_period(&mut self) -> Result<Span, Fault> {
        let mut begin = Span::default();
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            if key.raw(self.scan.text()) == "Start" && self.scan.start()? == Start::Text {
                let text = self.scan.quoted()?;
                begin = span(text.start(), text.end());
            } else {
                self.scan.skip()?;
            }
        }
        Ok(begin)
    }

    /// Keeps an object as a record, or says what it is.
    fn conclude(&mut self, start: usize, seen: Seen, before: Before, key_count: usize) {
        let end = self.scan.at;
        let has_children = self.places.len() > before.places || self.told > before.told;
        if seen.has(Mark::NextPage) && has_children {
            self.problems.push(None, Some(span(start, end)), |_| {
                "This is one page of a longer answer: it names a next page (NextToken), whose records are not here."
                    .to_owned()
            });
        }
        let text = &self.scan.text()[start..end];
        let shape = shape::of(seen, text);
        if has_children && !matches!(shape, Some(Shape::Report | Shape::Canonical)) {
            return;
        }
        if self.reported != before.reported {
            // A list in it was only read on after an error, and a reader would stop there.
            self.problems.push(None, Some(span(start, end)), |line| {
                format!("What the object in line {line} says beside its broken list was left out.")
            });
            return;
        }
        let Some(shape) = shape else {
            self.name(start, seen, text);
            return;
        };
        if shape == Shape::Report {
            // What an earlier report says of an opportunity is no opportunity.
            self.places.truncate(before.places);
            self.problems.list.truncate(before.problems);
        }
        if key_count > FIELDS_MAX {
            let record = u32::try_from(self.places.len()).ok();
            self.problems.push(record, Some(span(start, end)), |line| {
                format!(
                    "The record in line {line} has {key_count} keys; only its first {FIELDS_MAX} values are read."
                )
            });
        }
        if shape == Shape::Canonical {
            self.facts = self.facts.union(seen.canonical).union(seen.labelled);
        }
        self.push(start, 0, shape);
    }

    /// Says what an object is that is no record.
    fn name(&mut self, start: usize, seen: Seen, text: &str) {
        let place = span(start, start + text.len());
        if let Some((kind, format)) = seen.lists {
            self.tell(kind, format, place, |_| {
                "The list in this JSON is empty: there is no record to read.".to_owned()
            });
            return;
        }
        let (format, message) = super::odd::name(seen, text);
        self.tell(Kind::Ignored, format, place, |line| match line {
            1 => format!("This is {message}"),
            _ => format!("In line {line} stands {message}"),
        });
    }

    fn tell(&mut self, kind: Kind, format: Format, place: Span, message: impl FnOnce(usize) -> String) {
        self.named.get_or_insert((kind, format));
        self.told += 1;
        self.problems.push(None, Some(place), message);
    }

    fn push(&mut self, start: usize, context: u32, shape: Shape) {
        let place = span(start, self.scan.at);
        self.put(Place { start: place.start, end: place.end, context, shape });
    }

    fn put(&mut self, place: Place) {
        if self.places.len() < RECORDS_MAX {
            self.places.push(place);
        } else if self.told_of_limit() {
            let message = format!("There are more than {RECORDS_MAX} records; the rest were left unread.");
            self.problems.push(None, Some(span(place.start as usize, place.end as usize)), |_| message);
        }
    }

    /// Whether this is the first record past the limit.
    fn told_of_limit(&mut self) -> bool {
        !std::mem::replace(&mut self.problems.is_over_limit, true)
    }

    fn tell_lapses(&mut self) {
        if self.keys.is_full {
            self.problems.push(None, None, |_| {
                "The records have more different keys than can be told apart; some values were left unread.".to_owned()
            });
        }
        for (lapse, at) in super::scan::Lapse::ALL.into_iter().zip(self.scan.lapses) {
            let Some(at) = at else { continue };
            let at = at as usize;
            let end = self.scan.text().ceil_char_boundary(at.saturating_add(1));
            self.problems
                .push(None, Some(span(at, end)), |line| format!("In line {line} {}", lapse.message()));
        }
    }
}
