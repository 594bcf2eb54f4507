//! Reads one row of Cost Explorer: an account and a month, or a month's total.

use super::super::{Form, Order};
use super::read::{Reader, Slot, said};
use super::scan::{Fault, Scanner, Start};
use super::shape::Shape;
use super::{COST_HEADINGS, Layout, Place};
use crate::calendar::Month;
use crate::fact::Span;
use crate::field::Field;
use std::borrow::Cow;

/// The metrics that tell what a month cost, the best first.
const METRICS: [&str; 5] =
    ["UnblendedCost", "NetUnblendedCost", "BlendedCost", "AmortizedCost", "NetAmortizedCost"];

/// Reads the row at `place`, whose month its context names.
pub(super) fn read<'d>(reader: &mut Reader<'_, 'd>, layout: &Layout, place: Place) {
    let Some(period) = layout.periods.get(place.context as usize) else { return };
    let text = reader.scan.text();
    let start = slice(text, period.start);
    if !start.is_empty() {
        // The day is left off: a daily answer's rows belong to their months.
        let month = start.get(..7).filter(|month| Month::parse(month).is_some()).unwrap_or(start.trim());
        reader.push(slot(Field::RowMonth), Cow::Borrowed(month), Form::JsonString, period.start);
    }
    let row = match place.shape {
        Shape::CostGroup => group(reader),
        _ => metrics(reader),
    };
    debug_assert_eq!(row, Ok(()), "the survey kept a row with an error");
    if let (Shape::CostTotal, Some(account)) = (place.shape, layout.account) {
        reader.push(
            slot(Field::RowAccountId),
            Cow::Borrowed(slice(text, account)),
            Form::JsonString,
            account,
        );
    }
    let is_final = match slice(text, period.estimated) {
        "true" => "no",
        "false" => "yes",
        _ => return,
    };
    reader.push(slot(Field::RowFinal), Cow::Borrowed(is_final), Form::JsonLiteral, period.estimated);
}

/// The only account id within `at`, if there is only one: the account of an answer that is not grouped.
pub(super) fn only_account(text: &str, at: Span) -> Option<Span> {
    let mut only: Option<Span> = None;
    let whole = slice(text, at);
    // What a filter leaves out is not what the answer is about.
    if whole.contains("\"Not\"") {
        return None;
    }
    let mut from = at.start as usize;
    for part in whole.split('"') {
        if is_account(part) {
            let found = super::problems::span(from, from + part.len());
            if only.is_some_and(|only| slice(text, only) != part) {
                return None;
            }
            only = only.or(Some(found));
        }
        from += part.len() + 1;
    }
    only
}

fn slot(field: Field) -> Slot {
    let heading = COST_HEADINGS.iter().position(|(_, of)| *of == field).unwrap_or(0);
    Slot { field, month: None, heading: Layout::heading_of_cost(heading), order: Order::Unproved }
}

fn slice(text: &str, at: Span) -> &str {
    text.get(at.start as usize..at.end as usize).unwrap_or_default()
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn group(reader: &mut Reader<'_, '_>) -> Result<(), Fault> {
    let mut first = true;
    reader.scan.enter();
    while let Some(key) = reader.scan.key(&mut first)? {
        match (key.raw(reader.scan.text()), reader.scan.start()?) {
            ("Keys", Start::Array) => keys(reader)?,
            ("Metrics", Start::Object) => metrics(reader)?,
            _ => reader.scan.skip()?,
        }
    }
    Ok(())
}

/// What the row is grouped by: the account, and what else the cost is for.
fn keys(reader: &mut Reader<'_, '_>) -> Result<(), Fault> {
    let mut has_account = false;
    let mut first = true;
    reader.scan.enter();
    while reader.scan.item(&mut first)? {
        if reader.scan.start()? != Start::Text {
            reader.scan.skip()?;
            continue;
        }
        let (text, span) = said(reader.scan.quoted()?, reader.scan.text());
        let field = if is_account(&text) && !has_account { Field::RowAccountId } else { Field::RowCharge };
        has_account |= field == Field::RowAccountId;
        reader.push(slot(field), text, Form::JsonString, span);
    }
    Ok(())
}

/// The amount and currency of the best metric.
fn metrics(reader: &mut Reader<'_, '_>) -> Result<(), Fault> {
    let mut best: Option<(usize, usize)> = None;
    let mut first = true;
    reader.scan.enter();
    while let Some(key) = reader.scan.key(&mut first)? {
        let rank = METRICS.iter().position(|metric| *metric == key.raw(reader.scan.text()));
        let value = reader.scan.start()?;
        if let (Some(rank), Start::Object) = (rank, value)
            && best.is_none_or(|(known, _)| rank < known)
        {
            best = Some((rank, reader.scan.at));
        }
        reader.scan.skip()?;
    }
    let Some((_, at)) = best else { return Ok(()) };
    let metric = Scanner::new(reader.scan.text(), at);
    let after = std::mem::replace(&mut reader.scan, metric);
    let read = amount(reader);
    reader.scan = after;
    read
}

fn amount(reader: &mut Reader<'_, '_>) -> Result<(), Fault> {
    let mut first = true;
    reader.scan.enter();
    while let Some(key) = reader.scan.key(&mut first)? {
        match key.raw(reader.scan.text()) {
            "Amount" => reader.value(slot(Field::RowAmount))?,
            "Unit" => reader.value(slot(Field::RowCurrency))?,
            _ => reader.scan.skip()?,
        }
    }
    Ok(())
}
