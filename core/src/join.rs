//! What EUR and spend documents add to an opportunity, by its one account.
//!
//! Two documents that say different things of an account conflict, and so do a document and the opportunity's own
//! record; what the user stated wins over either.

use crate::assemble::{read, take_eur};
use crate::books::{Books, amount_of, final_of};
use crate::calendar::Month;
use crate::document::{Cell, Document, Format, Record};
use crate::fact::{At, Conflict, Fact, Unknown};
use crate::field::{Field, FieldSet};
use crate::opportunity::{AccountId, Eur, MonthSpend, Opportunity, Spend};

/// A `spend` value that stands in the opportunity's own record, or that the user stated.
pub(crate) struct InlineSpend<'d> {
    pub cell: Cell<'d>,
    pub at: At,
}

impl Books {
    /// Adds the EUR rows of the opportunity's one account to what its own record says.
    pub(crate) fn add_eur<'d>(
        &self,
        eur: &mut Eur<'d>,
        account: Option<AccountId>,
        documents: &'d [Document],
    ) {
        let Some(account) = account.filter(|_| self.has_eur) else { return };
        let rows = self.eur_rows(account);
        let mut record = Record::empty();
        let mut carries = FieldSet::EMPTY;
        for row in rows {
            let Some(document) = documents.get(usize::from(row.at.document)) else { continue };
            read(document, row.at.record as usize, self.order, &mut record);
            carries = carries.union(record.carries);
            eur.is_channel_relationship |= record.format == Format::ChannelRelationships;
            for cell in record.cells.drain(..) {
                let at = At { heading: cell.heading, span: cell.span, ..row.at };
                // In an EUR table the account may stand under the heading that opportunities use.
                let field = if cell.field == Field::AwsAccountId { Field::EurAccountId } else { cell.field };
                take_eur(documents, eur, Cell { field, ..cell }, at);
            }
        }
        if rows.is_empty() {
            tell_why(eur, |_| Some(Unknown::NoRow));
        } else {
            tell_why(eur, |field| carries.contains(field).then_some(Unknown::Blank));
            if eur.account_id.known().is_none() {
                eur.account_id.value = Ok(account);
            }
        }
    }

    /// What is known of the account's spend, from the opportunity's own record and from the spend documents.
    pub(crate) fn spend_of<'d>(
        &self,
        account: Option<AccountId>,
        opp: &Opportunity<'d>,
        inline: Vec<InlineSpend<'d>>,
        carries: FieldSet,
    ) -> Spend<'d> {
        let otherwise = match account {
            Some(_) if self.has_spend => Unknown::NoRow,
            _ if carries.contains(Field::Spend) => Unknown::Blank,
            _ => Unknown::NotInFormat,
        };
        let mut spend = Spend { months: Vec::new(), otherwise };
        for total in account.map_or(&[][..], |account| self.spend_totals(account)) {
            let amount = Fact {
                field: Field::Spend,
                value: total.amount.clone(),
                at: Some(total.at),
                note: total.note,
                overruled: None,
            };
            let is_final = Fact {
                field: Field::SpendFinal,
                value: total.is_final.clone(),
                at: Some(total.at),
                note: None,
                overruled: None,
            };
            add_month(&mut spend.months, MonthSpend { month: total.month, amount, is_final });
        }
        if !inline.is_empty() {
            add_inline(&mut spend.months, opp, inline);
        }
        spend
    }
}

/// Says of the facts of which nothing stands anywhere why that is so.
fn tell_why<'d>(eur: &mut Eur<'d>, why: impl Fn(Field) -> Option<Unknown<'d>>) {
    macro_rules! tell {
        ($($fact:ident),+) => {
            $(if eur.$fact.at.is_none() && eur.$fact.is_softly_unknown() && let Some(why) = why(eur.$fact.field) {
                eur.$fact.value = Err(why);
            })+
        };
    }
    tell!(account_id, usage_type, government_fields_complete, government_advising, city);
}

/// Adds what one source says of a month: the same again is nothing new, something else is a conflict.
fn add_month<'d>(months: &mut Vec<MonthSpend<'d>>, new: MonthSpend<'d>) {
    let at = months.partition_point(|entry| entry.month < new.month);
    let Some(entry) = months.get_mut(at).filter(|entry| entry.month == new.month) else {
        months.insert(at, new);
        return;
    };
    add(&mut entry.amount, new.amount);
    add(&mut entry.is_final, new.is_final);
}

fn add<'d, T: PartialEq + ToString>(old: &mut Fact<'d, T>, new: Fact<'d, T>) {
    if new.at.is_some_and(At::is_stated) {
        let overruled = old.at.filter(|at| !at.is_stated() && !old.is_softly_unknown());
        *old = Fact { overruled: overruled.or(old.overruled), ..new };
        return;
    }
    match (&old.value, new.value) {
        (Ok(a), Ok(b)) if *a == b => {}
        (Ok(a), Ok(b)) => {
            let (first, second) = (a.to_string().into(), b.to_string().into());
            if let Some(other) = new.at.or(old.at) {
                old.value = Err(Unknown::Conflicting(Box::new(Conflict { first, second, other })));
            }
        }
        // A value that is known, or already a conflict, is not undone by one that cannot be read.
        (Ok(_) | Err(Unknown::Conflicting(_)), _) => {}
        (Err(why), Err(other))
            if !why.is_soft() || new.at.is_none() || (other.is_soft() && old.at.is_some()) => {}
        (Err(_), value) => {
            old.value = value;
            old.at = new.at.or(old.at);
            old.note = new.note;
        }
    }
}

/// Adds the `spend` values of the opportunity's own record; one without a month is the spend month's.
fn add_inline<'d>(months: &mut Vec<MonthSpend<'d>>, opp: &Opportunity<'d>, inline: Vec<InlineSpend<'d>>) {
    let spend_month = opp.target_close_date.known().map(|day| Month::of(*day).previous());
    let currency = |is_stated: bool| {
        let named = |it: &&InlineSpend<'d>| {
            it.cell.field == Field::SpendCurrency
                && it.at.is_stated() == is_stated
                && !it.cell.text.is_empty()
        };
        inline.iter().rev().find(named).map(|it| it.cell.clone())
    };
    // The currency of a record says nothing about the amount that the user states.
    let stated_currency = currency(true);
    let currency = stated_currency.clone().or_else(|| currency(false));
    for it in inline {
        let Some(month) = it.cell.month.or(spend_month) else { continue };
        if it.cell.text.is_empty() {
            continue;
        }
        let at = Some(it.at);
        let (amount, is_final) = match it.cell.field {
            Field::Spend => {
                let currency = if it.at.is_stated() { &stated_currency } else { &currency };
                let (value, note) = amount_of(Some(&it.cell), currency.as_ref());
                let amount = Fact { field: Field::Spend, value, at, note, overruled: None };
                (amount, Fact::absent(Field::SpendFinal, Unknown::NotInFormat))
            }
            Field::SpendFinal => {
                let value = final_of(Some(&it.cell), Format::KeyValue);
                let is_final = Fact { field: Field::SpendFinal, value, at, note: None, overruled: None };
                (Fact::absent(Field::Spend, Unknown::NotInFormat), is_final)
            }
            _ => continue,
        };
        add_month(months, MonthSpend { month, amount, is_final });
    }
}

#[cfg(test)]
mod tests;
