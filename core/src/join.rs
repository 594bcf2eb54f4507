//! EUR, spend and discount documents, ready to be asked by account.
//!
//! Rows of one account and month of one document are summed; two documents that say different sums conflict.

use crate::assemble::{one_account, read, take_eur};
use crate::calendar::Month;
use crate::document::{Cell, DateOrder, Document, Format, Kind, Record, value};
use crate::fact::{At, Conflict, Fact, Note, Unknown};
use crate::field::{Field, FieldSet};
use crate::opportunity::{AccountId, Eur, MonthSpend, Opportunity, Spend};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A `spend` value that stands in the opportunity's own record.
pub(crate) struct InlineSpend<'d> {
    pub cell: Cell<'d>,
    pub at: At,
}

/// A row of an End User Reporting document.
#[derive(Clone, Copy)]
pub(crate) struct EurRow {
    pub account: AccountId,
    pub at: At,
}

/// What one document says of one account in one month.
struct MonthTotal<'d> {
    account: AccountId,
    month: Month,
    at: At,
    amount: Result<Decimal, Unknown<'d>>,
    is_final: Result<bool, Unknown<'d>>,
    note: Option<Note>,
    /// Rows of an SPP report repeat one revenue for each kind of discount.
    charge: Option<Cow<'d, str>>,
}

/// A line of a discounts document.
#[derive(Clone, Copy)]
pub(crate) struct DiscountLine {
    pub account: AccountId,
    /// A day of the billed month, where the line says which.
    pub billed: Option<NaiveDate>,
    pub partner_originated: Decimal,
    pub no_eur: Decimal,
    pub at: At,
}

/// A row that no account can be told of.
pub(crate) struct LostRow {
    pub at: At,
    pub message: String,
}

/// EUR, spend and discount documents by account.
#[derive(Default)]
pub(crate) struct Books<'d> {
    /// Sorted by account.
    pub eur: Vec<EurRow>,
    /// Sorted by account.
    pub discounts: Vec<DiscountLine>,
    pub lost: Vec<LostRow>,
    pub has_spend: bool,
    pub has_eur: bool,
    pub has_discounts: bool,
    /// Sorted by account, month and document.
    spend: Vec<MonthTotal<'d>>,
    order: Option<DateOrder>,
}

impl<'d> Books<'d> {
    /// Reads every EUR, spend and discounts document.
    pub(crate) fn of(documents: &'d [Document], order: Option<DateOrder>) -> Self {
        let mut books = Books { order, ..Books::default() };
        for (index, document) in documents.iter().enumerate() {
            let index = u16::try_from(index).unwrap_or(At::STATED - 1);
            match document.kind() {
                Kind::Eur => books.read_eur(index, document),
                Kind::Spend => books.read_spend(index, document),
                Kind::Discounts => books.read_discounts(index, document),
                Kind::Opportunities | Kind::Facts | Kind::Report | Kind::Ignored => {}
            }
        }
        books.eur.sort_by_key(|row| (row.account, row.at));
        books.discounts.sort_by_key(|line| (line.account, line.at));
        books.sum_spend();
        books
    }

    /// The EUR rows of an account.
    pub(crate) fn eur_rows(&self, account: AccountId) -> &[EurRow] {
        slice_of(&self.eur, account, |row| row.account)
    }

    /// The discount lines of an account.
    pub(crate) fn discount_lines(&self, account: AccountId) -> &[DiscountLine] {
        slice_of(&self.discounts, account, |line| line.account)
    }

    /// The accounts with spend, each with the place of its first row.
    pub(crate) fn spend_accounts(&self) -> impl Iterator<Item = (AccountId, At)> {
        self.spend.chunk_by(|a, b| a.account == b.account).map(|rows| (rows[0].account, rows[0].at))
    }

    /// Adds the EUR rows of the opportunity's one account to what its own record says.
    pub(crate) fn add_eur(&self, eur: &mut Eur<'d>, account: Option<AccountId>, documents: &'d [Document]) {
        let rows = account.map_or(&[][..], |account| self.eur_rows(account));
        let Some(account) = account.filter(|_| self.has_eur) else { return };
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
            let no_row = |why: &mut Unknown<'d>| {
                if matches!(why, Unknown::NotInFormat) {
                    *why = Unknown::NoRow;
                }
            };
            eur.account_id.value.as_mut().err().map(no_row);
            eur.usage_type.value.as_mut().err().map(no_row);
            eur.government_fields_complete.value.as_mut().err().map(no_row);
            eur.government_advising.value.as_mut().err().map(no_row);
            eur.city.value.as_mut().err().map(no_row);
        } else if eur.account_id.known().is_none() {
            eur.account_id.value = Ok(account);
        }
    }

    /// What is known of the account's spend, from the opportunity's own record and from the spend documents.
    pub(crate) fn spend_of(
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
        for total in account.map_or(&[][..], |account| slice_of(&self.spend, account, |total| total.account))
        {
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

    fn read_eur(&mut self, index: u16, document: &'d Document) {
        self.has_eur = true;
        let current = current_rows(document);
        self.each_row(index, document, &current, |books, at, record| {
            let id =
                record.cells.iter().find(|c| matches!(c.field, Field::EurAccountId | Field::AwsAccountId));
            match account_of(id, "End User Reporting row") {
                Ok(account) => books.eur.push(EurRow { account, at }),
                Err(message) => books.lost.push(LostRow { at, message }),
            }
        });
    }

    fn read_spend(&mut self, index: u16, document: &'d Document) {
        self.has_spend = true;
        let current = current_rows(document);
        self.each_row(index, document, &current, |books, at, record| {
            let find = |field| record.cells.iter().find(move |cell| cell.field == field);
            // A Cost and Usage Report says in two columns what a line is for.
            let mut charges = record.cells.iter().filter(|cell| cell.field == Field::RowCharge);
            if charges.clone().any(|cell| is_left_out(&cell.text)) {
                return;
            }
            let id = find(Field::RowAccountId).or_else(|| find(Field::AwsAccountId));
            let account = match account_of(id, "spend row") {
                Ok(account) => account,
                Err(message) => return books.lost.push(LostRow { at, message }),
            };
            let currency = find(Field::RowCurrency).or_else(|| find(Field::SpendCurrency));
            let total = |month, amount: Option<&Cell<'d>>, is_final| {
                let at = amount.map_or(at, |cell| At { heading: cell.heading, span: cell.span, ..at });
                let (amount, note) = amount_of(amount, currency);
                MonthTotal { account, month, at, amount, is_final, note, charge: None }
            };
            let named =
                record.cells.iter().filter(|cell| cell.field == Field::Spend && !cell.text.is_empty());
            let mut has_named = false;
            for (month, cell) in named.filter_map(|cell| cell.month.map(|month| (month, cell))) {
                has_named = true;
                let is_final =
                    record.cells.iter().find(|c| c.field == Field::SpendFinal && c.month == Some(month));
                books.spend.push(total(month, Some(cell), final_of(is_final, record.format)));
            }
            let amount = find(Field::RowAmount);
            if has_named && amount.is_none() {
                return;
            }
            let Some(month) = find(Field::RowMonth).and_then(month_of) else {
                let message = "A spend row has no readable month; months are written 2026-11.".to_owned();
                return books.lost.push(LostRow { at, message });
            };
            let is_final = final_of(find(Field::RowFinal), record.format);
            let charge =
                charges.next().filter(|_| record.format == Format::SppReport).map(|cell| cell.text.clone());
            books.spend.push(MonthTotal { charge, ..total(month, amount, is_final) });
        });
    }

    fn read_discounts(&mut self, index: u16, document: &'d Document) {
        self.has_discounts = true;
        let current = current_rows(document);
        self.each_row(index, document, &current, |books, at, record| {
            let find = |field| record.cells.iter().find(move |cell| cell.field == field);
            let id = find(Field::RowAccountId).or_else(|| find(Field::AwsAccountId));
            let account = match account_of(id, "discount row") {
                Ok(account) => account,
                Err(message) => return books.lost.push(LostRow { at, message }),
            };
            let sum = |field| {
                let cell = find(field).filter(|cell| !cell.text.is_empty());
                cell.map(value::money).map_or(Ok(Decimal::ZERO), |read| read.map(|((amount, _), _)| amount))
            };
            let (Ok(partner_originated), Ok(no_eur)) =
                (sum(Field::DiscountPartnerOriginated), sum(Field::DiscountNoEur))
            else {
                let message = "A discount row has an amount that cannot be read.".to_owned();
                return books.lost.push(LostRow { at, message });
            };
            let billed = find(Field::RowMonth).and_then(month_of).map(Month::first_day).or_else(|| {
                find(Field::DiscountStart).and_then(|cell| value::date(cell).ok()).map(|(day, _)| day)
            });
            books.discounts.push(DiscountLine { account, billed, partner_originated, no_eur, at });
        });
    }

    fn each_row(
        &mut self,
        index: u16,
        document: &'d Document,
        current: &CurrentRows,
        mut take: impl FnMut(&mut Self, At, &Record<'d>),
    ) {
        let mut record = Record::empty();
        for row in 0..document.len() {
            if !current.contains(row) {
                continue;
            }
            read(document, row, self.order, &mut record);
            let (heading, span) =
                record.cells.first().map_or((0, Default::default()), |c| (c.heading, c.span));
            take(self, At { document: index, heading, record: record.index, span }, &record);
        }
    }

    /// Sums the rows of one account, month and document.
    fn sum_spend(&mut self) {
        let rows = std::mem::take(&mut self.spend);
        let mut rows = rows;
        rows.sort_by(|a, b| {
            (a.account, a.month, a.at.document, &a.charge, a.at.record).cmp(&(
                b.account,
                b.month,
                b.at.document,
                &b.charge,
                b.at.record,
            ))
        });
        for row in rows {
            let same = self.spend.last_mut().filter(|last| {
                (last.account, last.month, last.at.document) == (row.account, row.month, row.at.document)
            });
            let Some(last) = same else {
                self.spend.push(row);
                continue;
            };
            match (&mut last.amount, row.amount) {
                // The rows of an SPP report repeat one revenue for each kind of discount: the largest kind counts.
                (Ok(sum), Ok(more)) if last.charge != row.charge => *sum = (*sum).max(more),
                (Ok(sum), Ok(more)) => match sum.checked_add(more) {
                    Some(total) => *sum = total,
                    None => {
                        let why = "makes a sum too large to be a bill";
                        last.amount = Err(Unknown::Unreadable { raw: more.to_string().into(), why });
                    }
                },
                (Ok(_), Err(why)) => last.amount = Err(why),
                (Err(_), _) => {}
            }
            if row.is_final != Ok(true) && last.is_final == Ok(true) {
                last.is_final = row.is_final;
            }
        }
    }
}

/// Which rows of a document count: in a dataset that is delivered as changes, the newest of each key.
struct CurrentRows(Option<Vec<bool>>);

impl CurrentRows {
    fn contains(&self, row: usize) -> bool {
        self.0.as_ref().is_none_or(|rows| rows.get(row).copied().unwrap_or(false))
    }
}

/// Applies the changes of a dataset: by key, in the order of their dates, deleted rows left out.
pub(crate) fn current_of(document: &Document) -> Option<Vec<bool>> {
    let mut record = Record::empty();
    document.read(0, &mut record);
    if !record.carries.contains(Field::RowType) {
        return None;
    }
    let mut newest: FxHashMap<String, (String, usize, bool)> = FxHashMap::default();
    for row in 0..document.len() {
        document.read(row, &mut record);
        let find =
            |field| record.cells.iter().find(|cell| cell.field == field).map(|cell| cell.text.as_ref());
        let Some(key) =
            find(Field::RowKey).or_else(|| find(Field::OpportunityId)).filter(|key| !key.is_empty())
        else {
            newest.insert(format!("\u{0}{row}"), (String::new(), row, true));
            continue;
        };
        let modified = find(Field::RowModified).unwrap_or("").to_owned();
        let is_there = !find(Field::RowType).is_some_and(|kind| kind.eq_ignore_ascii_case("delete"));
        let known = newest.entry(key.to_owned()).or_insert_with(|| (modified.clone(), row, is_there));
        if known.0 <= modified {
            *known = (modified, row, is_there);
        }
    }
    let mut rows = vec![false; document.len()];
    for (_, row, is_there) in newest.into_values() {
        rows[row] = is_there;
    }
    Some(rows)
}

fn current_rows(document: &Document) -> CurrentRows {
    CurrentRows(current_of(document))
}

fn slice_of<T>(sorted: &[T], account: AccountId, of: impl Fn(&T) -> AccountId) -> &[T] {
    let start = sorted.partition_point(|row| of(row) < account);
    let end = start + sorted[start..].partition_point(|row| of(row) == account);
    &sorted[start..end]
}

fn account_of(cell: Option<&Cell<'_>>, row: &str) -> Result<AccountId, String> {
    let Some(cell) = cell.filter(|cell| !cell.text.is_empty()) else {
        return Err(format!("A {row} has no account id; it was left out."));
    };
    one_account(cell).map(|(account, _)| account).map_err(|why| match why {
        Unknown::Unreadable { raw, why } => {
            format!("A {row}'s account id {} {why}.", crate::say::quoted(&raw))
        }
        _ => format!("A {row}'s account id cannot be read; it was left out."),
    })
}

fn month_of(cell: &Cell<'_>) -> Option<Month> {
    Month::parse(&cell.text).or_else(|| value::date(cell).ok().map(|(day, _)| Month::of(day)))
}

/// Tax and Marketplace charges are not AWS usage.
fn is_left_out(charge: &str) -> bool {
    charge.eq_ignore_ascii_case("tax") || charge.to_ascii_lowercase().contains("marketplace")
}

fn amount_of<'d>(
    amount: Option<&Cell<'d>>,
    currency: Option<&Cell<'d>>,
) -> (Result<Decimal, Unknown<'d>>, Option<Note>) {
    let Some(cell) = amount.filter(|cell| !cell.text.is_empty()) else { return (Err(Unknown::Blank), None) };
    match value::money(cell) {
        Err(why) => (Err(why), None),
        Ok(((amount, named), _)) => {
            let given = currency.map(|cell| cell.text.clone()).filter(|text| !text.is_empty());
            match named.or(given) {
                None => (Ok(amount), Some(Note::AssumedUsd)),
                Some(currency) if currency.eq_ignore_ascii_case("usd") => (Ok(amount), None),
                Some(_) => (
                    Err(Unknown::Unreadable {
                        raw: cell.text.clone(),
                        why: "is not in US dollars; give USD",
                    }),
                    None,
                ),
            }
        }
    }
}

fn final_of<'d>(cell: Option<&Cell<'d>>, format: Format) -> Result<bool, Unknown<'d>> {
    match cell {
        None => Err(Unknown::NotInFormat),
        // A Cost and Usage Report names the invoice once the bill is final.
        Some(cell) if format == Format::CostAndUsageReport => Ok(!cell.text.is_empty()),
        Some(cell) if cell.text.is_empty() => Err(Unknown::Blank),
        Some(cell) => value::yes_no(cell).map(|(is_final, _)| is_final),
    }
}

/// Adds what one source says of a month: the same again is nothing new, something else is a conflict.
fn add_month<'d>(months: &mut Vec<MonthSpend<'d>>, new: MonthSpend<'d>) {
    let at = months.partition_point(|entry| entry.month < new.month);
    let Some(entry) = months.get_mut(at).filter(|entry| entry.month == new.month) else {
        months.insert(at, new);
        return;
    };
    if new.amount.at.is_some_and(At::is_stated) {
        let overruled = entry.amount.at.filter(|at| !at.is_stated());
        entry.amount = Fact { overruled, ..new.amount };
    } else {
        merge(&mut entry.amount, new.amount);
    }
    if new.is_final.at.is_some_and(At::is_stated) || entry.is_final.is_softly_unknown() {
        entry.is_final = new.is_final;
    } else {
        merge(&mut entry.is_final, new.is_final);
    }
}

fn merge<'d, T: PartialEq + ToString>(old: &mut Fact<'d, T>, new: Fact<'d, T>) {
    match (&old.value, new.value) {
        (Ok(a), Ok(b)) if *a == b => {}
        (Ok(a), Ok(b)) => {
            let other = new.at.or(old.at).unwrap_or(At {
                document: 0,
                heading: 0,
                record: 0,
                span: Default::default(),
            });
            let (first, second) = (a.to_string().into(), b.to_string().into());
            old.value = Err(Unknown::Conflicting(Box::new(Conflict { first, second, other })));
        }
        (Err(why), value) if why.is_soft() => {
            old.value = value;
            old.at = new.at.or(old.at);
            old.note = new.note;
        }
        _ => {}
    }
}

/// Adds the `spend` values of the opportunity's own record; one without a month is the spend month's.
fn add_inline<'d>(months: &mut Vec<MonthSpend<'d>>, opp: &Opportunity<'d>, inline: Vec<InlineSpend<'d>>) {
    let spend_month = opp.target_close_date.known().map(|day| Month::of(*day).previous());
    let currency =
        inline.iter().rev().find(|it| it.cell.field == Field::SpendCurrency).map(|it| it.cell.clone());
    for it in inline {
        let Some(month) = it.cell.month.or(spend_month) else { continue };
        if it.cell.text.is_empty() {
            continue;
        }
        let at = Some(it.at);
        let absent = |field| Fact::absent(field, Unknown::NotInFormat);
        let (amount, is_final) = match it.cell.field {
            Field::Spend => {
                let (value, note) = amount_of(Some(&it.cell), currency.as_ref());
                (Fact { field: Field::Spend, value, at, note, overruled: None }, absent_final())
            }
            Field::SpendFinal => {
                let value = final_of(Some(&it.cell), Format::KeyValue);
                let is_final = Fact { field: Field::SpendFinal, value, at, note: None, overruled: None };
                (absent(Field::Spend), is_final)
            }
            _ => continue,
        };
        add_month(months, MonthSpend { month, amount, is_final });
    }
}

fn absent_final<'d>() -> Fact<'d, bool> {
    Fact::absent(Field::SpendFinal, Unknown::NotInFormat)
}
