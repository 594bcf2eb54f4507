//! Reads one record: its shape tells which keys are which facts; everything else, contacts above all, is passed over.

use super::super::paths::{ARN, Node, PATHS};
use super::super::{Cell, FIELDS_MAX, Form, Order, Record};
use super::keys::Keys;
use super::names::{Family, Role};
use super::problems::span;
use super::scan::{Fault, Quoted, Scanner, Start};
use super::shape::{SUMMARY, Shape};
use super::{Layout, Place, cost};
use crate::calendar::Month;
use crate::fact::Span;
use crate::field::{Field, FieldSet};
use std::borrow::Cow;

/// Reads the record at `place`. A record that the survey kept has no error, so that none is told here.
pub(super) fn read<'d>(text: &'d str, layout: &Layout, place: Place, record: &mut Record<'d>) {
    record.format = place.shape.format();
    let mut reader = Reader { scan: Scanner::new(text, place.start as usize), cells: &mut record.cells };
    let read = match (place.shape, place.shape.family()) {
        (Shape::CostGroup | Shape::CostTotal, _) => {
            cost::read(&mut reader, layout, place);
            Ok(())
        }
        (_, Some(family)) => reader.flat(&layout.keys, family),
        (shape, None) => reader.api(shape),
    };
    debug_assert_eq!(read, Ok(()), "the survey kept a record with an error");
    record.carries = place.shape.carries().unwrap_or_else(|| {
        let mut fields = FieldSet::EMPTY;
        record.cells.iter().for_each(|cell| fields.insert(cell.field));
        fields
    });
}

/// Reads cells one by one.
#[derive(Debug)]
pub(super) struct Reader<'r, 'd> {
    pub(super) scan: Scanner<'d>,
    cells: &'r mut Vec<Cell<'d>>,
}

/// Which fact a value is, and where its name stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) field: Field,
    pub(super) month: Option<Month>,
    pub(super) heading: u16,
    pub(super) order: Order,
}

impl<'d> Reader<'_, 'd> {
    /// A value with its place.
    pub(super) fn push(&mut self, slot: Slot, text: Cow<'d, str>, form: Form, span: Span) {
        if self.cells.len() < FIELDS_MAX {
            let Slot { field, month, heading, order } = slot;
            self.cells.push(Cell { field, month, text, form, order, heading, span });
        }
    }

    /// A slot of the API's paths.
    fn slot(&self, path: u16) -> Slot {
        Slot { field: PATHS[usize::from(path)].1, month: None, heading: path, order: Order::Unproved }
    }

    fn api(&mut self, shape: Shape) -> Result<(), Fault> {
        let first_cell = self.cells.len();
        let mut arn = None;
        self.api_object(Node::root(), shape, &mut arn)?;
        if let Some((path, arn)) = arn {
            let cells = &self.cells[first_cell..];
            if !cells.iter().any(|cell| cell.field == Field::OpportunityId && !cell.text.is_empty()) {
                self.arn(path, arn);
            }
        }
        merge_comments(self.cells, first_cell);
        Ok(())
    }

    fn api_object(
        &mut self,
        node: &'static Node,
        shape: Shape,
        arn: &mut Option<(u16, Quoted)>,
    ) -> Result<(), Fault> {
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            let key = key.raw(self.scan.text());
            // What flattens records, as pandas does, writes a path as one key.
            let below = || key.split('.').try_fold(node, |node, part| node.child(part));
            let Some(child) = node.child(key).or_else(below) else {
                self.scan.skip()?;
                continue;
            };
            let leaf = child
                .leaf
                .filter(|leaf| shape != Shape::Summary || SUMMARY.contains(PATHS[usize::from(*leaf)].1));
            match (self.scan.start()?, leaf) {
                (Start::Text, Some(leaf)) if PATHS[usize::from(leaf)].0 == ARN => {
                    *arn = Some((leaf, self.scan.quoted()?));
                }
                (Start::Array, Some(leaf)) if child.has_children() => self.entries(child, leaf)?,
                (Start::Object, _) if child.has_children() && !self.scan.is_too_deep() => {
                    self.api_object(child, shape, arn)?;
                }
                (_, Some(leaf)) => self.value(self.slot(leaf))?,
                (_, None) => self.scan.skip()?,
            }
        }
        Ok(())
    }

    /// A list of objects: what customers are expected to spend, or the next steps.
    fn entries(&mut self, node: &'static Node, leaf: u16) -> Result<(), Fault> {
        let slot = self.slot(leaf);
        if slot.field == Field::NextStepsHistory {
            let time = node.child("Time").and_then(|time| time.leaf).unwrap_or(leaf);
            return self.history(self.slot(time));
        }
        let start = self.scan.at;
        let mut is_empty = true;
        let mut first = true;
        self.scan.enter();
        while self.scan.item(&mut first)? {
            is_empty = false;
            match self.scan.start()? {
                Start::Object => self.expected_spend(node)?,
                _ => self.scan.skip()?,
            }
        }
        if is_empty {
            self.push(slot, Cow::Borrowed(""), Form::JsonLiteral, span(start, self.scan.at));
        }
        Ok(())
    }

    /// One entry of `ExpectedCustomerSpend`; the partner's own revenue (`Self`) is none.
    fn expected_spend(&mut self, node: &'static Node) -> Result<(), Fault> {
        let first_cell = self.cells.len();
        let mut is_aws = true;
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            let key = key.raw(self.scan.text());
            let start = self.scan.start()?;
            if key.eq_ignore_ascii_case("TargetCompany") && start == Start::Text {
                is_aws = self.scan.quoted()?.text(self.scan.text()).trim().eq_ignore_ascii_case("AWS");
            } else if let Some(leaf) = node.child(key).and_then(|child| child.leaf) {
                self.value(self.slot(leaf))?;
            } else {
                self.scan.skip()?;
            }
        }
        if !is_aws {
            self.cells.truncate(first_cell);
        }
        Ok(())
    }

    /// The times of a list of next steps; a line of text stays as it is.
    fn history(&mut self, slot: Slot) -> Result<(), Fault> {
        let start = self.scan.at;
        let mut is_empty = true;
        let mut first = true;
        self.scan.enter();
        while self.scan.item(&mut first)? {
            is_empty = false;
            if self.scan.start()? != Start::Object || self.scan.is_too_deep() {
                self.value(slot)?;
                continue;
            }
            let start = self.scan.at;
            let first_cell = self.cells.len();
            let mut first = true;
            self.scan.enter();
            while let Some(key) = self.scan.key(&mut first)? {
                let is_time = key.raw(self.scan.text()).eq_ignore_ascii_case("time");
                match self.scan.start()? {
                    Start::Text | Start::Word if is_time => self.value(slot)?,
                    _ => self.scan.skip()?,
                }
            }
            let end = self.scan.at;
            self.cells[first_cell..].iter_mut().for_each(|cell| cell.span = span(start, end));
        }
        if is_empty {
            self.push(slot, Cow::Borrowed(""), Form::JsonLiteral, span(start, self.scan.at));
        }
        Ok(())
    }

    fn arn(&mut self, path: u16, arn: Quoted) {
        let raw = arn.raw(self.scan.text());
        let id = raw.rsplit('/').next().unwrap_or(raw);
        self.push(
            self.slot(path),
            Cow::Borrowed(id),
            Form::JsonString,
            span(arn.end() - id.len(), arn.end()),
        );
    }

    fn flat(&mut self, keys: &Keys, family: Family) -> Result<(), Fault> {
        let mut path = String::new();
        let mut last = Keys::BEFORE;
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            last = keys.find(key.raw(self.scan.text()), last);
            let start = self.scan.start()?;
            if matches!(family, Family::Free | Family::Discounts)
                && start == Start::Object
                && keys.meaning(last).role == Some(Role::Nest)
            {
                self.nest(keys, family, key, &mut path)?;
            } else {
                self.flat_value(keys, family, last)?;
            }
        }
        Ok(())
    }

    fn nest(&mut self, keys: &Keys, family: Family, outer: Quoted, path: &mut String) -> Result<(), Fault> {
        let text = self.scan.text();
        let mut first = true;
        self.scan.enter();
        while let Some(key) = self.scan.key(&mut first)? {
            path.clear();
            path.extend([outer.raw(text), ".", key.raw(text)]);
            let index = keys.find(path, Keys::BEFORE);
            self.flat_value(keys, family, index)?;
        }
        Ok(())
    }

    fn flat_value(&mut self, keys: &Keys, family: Family, key: u16) -> Result<(), Fault> {
        let meaning = keys.meaning(key);
        let Some(field) = meaning.in_family(family) else { return self.scan.skip() };
        let slot = Slot {
            field,
            month: meaning.month,
            heading: Layout::heading_of_key(key),
            order: meaning.order.map_or(Order::Unproved, Order::Given),
        };
        let is_list = self.scan.start()? == Start::Array;
        if is_list && field == Field::NextStepsHistory && !self.scan.is_too_deep() {
            return self.history(slot);
        }
        self.value(slot)
    }

    /// The value that follows, as one cell.
    pub(super) fn value(&mut self, slot: Slot) -> Result<(), Fault> {
        let start = self.scan.start()?;
        let begin = self.scan.at;
        match start {
            Start::Text => {
                let quoted = self.scan.quoted()?;
                let (text, place) = said(quoted, self.scan.text());
                self.push(slot, text, Form::JsonString, place);
            }
            Start::Word => {
                let (start, end, word) = self.scan.word()?;
                self.push(slot, Cow::Borrowed(word.unwrap_or("")), Form::JsonLiteral, span(start, end));
            }
            Start::Array if !self.scan.is_too_deep() => {
                let (text, form) = self.joined()?;
                self.push(slot, text, form, span(begin, self.scan.at));
            }
            // No fact is an object: shown as it stands, for the reader of the value to complain of.
            _ => {
                self.scan.skip()?;
                let end = self.scan.at;
                let raw = self.scan.text().get(begin..end).unwrap_or_default();
                self.push(slot, Cow::Borrowed(raw), Form::JsonLiteral, span(begin, end));
            }
        }
        Ok(())
    }

    /// The items of a list as one text.
    fn joined(&mut self) -> Result<(Cow<'d, str>, Form), Fault> {
        let mut all = Cow::Borrowed("");
        let mut form = Form::JsonString;
        let mut first = true;
        self.scan.enter();
        while self.scan.item(&mut first)? {
            let item = match self.scan.start()? {
                Start::Text => said(self.scan.quoted()?, self.scan.text()).0,
                Start::Word => {
                    form = Form::JsonLiteral;
                    Cow::Borrowed(self.scan.word()?.2.unwrap_or(""))
                }
                _ => {
                    self.scan.skip()?;
                    continue;
                }
            };
            if all.is_empty() {
                all = item;
            } else if !item.is_empty() {
                let all = all.to_mut();
                all.push_str("; ");
                all.push_str(&item);
            }
        }
        Ok((all, form))
    }
}

/// What a text says, trimmed, and the place of that; of the quotation marks when it says nothing.
pub(super) fn said(quoted: Quoted, text: &str) -> (Cow<'_, str>, Span) {
    match quoted.text(text) {
        Cow::Borrowed(whole) => {
            let trimmed = whole.trim();
            let start = quoted.start() + (whole.len() - whole.trim_start().len());
            match trimmed.len() {
                0 => (Cow::Borrowed(""), span(quoted.start() - 1, quoted.end() + 1)),
                length => (Cow::Borrowed(trimmed), span(start, start + length)),
            }
        }
        Cow::Owned(whole) => (Cow::Owned(whole.trim().to_owned()), span(quoted.start(), quoted.end())),
    }
}

/// The reviewers' comments and the reason of the status are one fact: as one cell, `Reason: comments`.
fn merge_comments(cells: &mut Vec<Cell<'_>>, first_cell: usize) {
    for cell in &mut cells[first_cell..] {
        // AWS answers with this text where there is no reason.
        if cell.field == Field::ReviewComments && cell.text == "null" {
            cell.text = Cow::Borrowed("");
        }
    }
    let path = |cell: &Cell<'_>| PATHS[usize::from(cell.heading)].0.ends_with("Reason");
    let is_comment = |cell: &&Cell<'_>| cell.field == Field::ReviewComments;
    if cells[first_cell..].iter().filter(is_comment).count() != 2 {
        return;
    }
    let Some(reason) = cells.iter().skip(first_cell).position(|c| is_comment(&c) && path(c)) else { return };
    let reason = cells.remove(first_cell + reason);
    let Some(comment) = cells.iter_mut().skip(first_cell).find(|c| c.field == Field::ReviewComments) else {
        return;
    };
    if reason.text.is_empty() || path(comment) {
        return;
    }
    if comment.text.is_empty() {
        *comment = reason;
    } else {
        comment.text = Cow::Owned(format!("{}: {}", reason.text, comment.text));
    }
}
