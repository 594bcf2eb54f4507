//! EUR, spend and discount documents by account, as they were read once.
//!
//! Rows of one account and month of one document are summed. Nothing here borrows from a document: what is kept
//! is where rows stand, and sums.

use crate::assemble::{one_account, read};
use crate::assess::DOCUMENTS_MAX;
use crate::calendar::Month;
use crate::document::{Cell, DateOrder, Document, Format, Kind, Record, value};
use crate::fact::{At, Note, Unknown};
use crate::field::Field;
use crate::opportunity::AccountId;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// A row of an End User Reporting or spend document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountRow {
    pub account: AccountId,
    pub at: At,
}

/// What one document says of one account in one month.
#[derive(Debug)]
pub(crate) struct MonthTotal {
    pub account: AccountId,
    pub month: Month,
    pub at: At,
    pub amount: Result<Decimal, Unknown<'static>>,
    pub is_final: Result<bool, Unknown<'static>>,
    pub note: Option<Note>,
}

/// A row of a spend document on its way into a total.
struct BilledRow {
    total: MonthTotal,
    /// Rows of an SPP report repeat one revenue for each kind of discount.
    charge: Option<Box<str>>,
}

/// A line of a discounts document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DiscountLine {
    pub account: AccountId,
    /// A day of the billed month, where the line says which.
    pub billed: Option<NaiveDate>,
    /// The first day of the discount it belongs to, where it says so.
    pub starts: Option<NaiveDate>,
    pub partner_originated: Decimal,
    pub no_eur: Decimal,
    pub at: At,
}

/// A row that no account can be told of.
#[derive(Debug)]
pub(crate) struct LostRow {
    pub at: At,
    pub message: String,
}

/// EUR, spend and discount documents by account.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// Sorted by account.
    pub eur: Vec<AccountRow>,
    /// Sorted by account.
    pub discounts: Vec<DiscountLine>,
    /// Every row of a spend document, those included that are no AWS usage; sorted by account.
    pub spend_rows: Vec<AccountRow>,
    pub lost: Vec<LostRow>,
    pub has_spend: bool,
    pub has_eur: bool,
    pub has_discounts: bool,
    /// Sorted by account, month and document.
    spend: Vec<MonthTotal>,
    pub order: Option<DateOrder>,
}

impl Books {
    /// Reads every EUR, spend and discounts document.
    pub(crate) fn of(documents: &[Document], order: Option<DateOrder>) -> Self {
        let mut books = Books { order, ..Books::default() };
        let mut billed = Vec::new();
        for (index, document) in (0_u16..).zip(documents.iter().take(DOCUMENTS_MAX)) {
            match document.kind() {
                Kind::Eur => books.read_eur(index, document),
                Kind::Spend => books.read_spend(index, document, &mut billed),
                Kind::Discounts => books.read_discounts(index, document),
                Kind::Opportunities | Kind::Facts | Kind::Report | Kind::Ignored => {}
            }
        }
        books.eur.sort_by_key(|row| (row.account, row.at));
        books.spend_rows.sort_by_key(|row| (row.account, row.at));
        books.discounts.sort_by_key(|line| (line.account, line.at));
        books.spend = totals(billed);
        books
    }

    /// The EUR rows of an account.
    pub(crate) fn eur_rows(&self, account: AccountId) -> &[AccountRow] {
        slice_of(&self.eur, account, |row| row.account)
    }

    /// The discount lines of an account.
    pub(crate) fn discount_lines(&self, account: AccountId) -> &[DiscountLine] {
        slice_of(&self.discounts, account, |line| line.account)
    }

    /// What the spend documents say of an account, in the order of the months.
    pub(crate) fn spend_totals(&self, account: AccountId) -> &[MonthTotal] {
        slice_of(&self.spend, account, |total| total.account)
    }

    fn read_eur(&mut self, index: u16, document: &Document) {
        self.has_eur = true;
        let current = current_rows(document);
        self.each_row(index, document, &current, |books, at, record| {
            let id =
                record.cells.iter().find(|c| matches!(c.field, Field::EurAccountId | Field::AwsAccountId));
            match account_of(id, "End User Reporting row") {
                Ok(account) => books.eur.push(AccountRow { account, at }),
                Err(message) => books.lost.push(LostRow { at, message }),
            }
        });
    }

    fn read_spend(&mut self, index: u16, document: &Document, billed: &mut Vec<BilledRow>) {
        self.has_spend = true;
        let current = current_rows(document);
        self.each_row(index, document, &current, |books, at, record| {
            let find = |field| record.cells.iter().find(move |cell| cell.field == field);
            // A Cost and Usage Report says in two columns what a line is for.
            let mut charges = record.cells.iter().filter(|cell| cell.field == Field::RowCharge);
            let is_no_usage = charges.clone().any(|cell| is_left_out(&cell.text));
            let id = find(Field::RowAccountId).or_else(|| find(Field::AwsAccountId));
            let account = match account_of(id, "spend row") {
                Ok(account) => account,
                Err(_) if is_no_usage => return,
                Err(message) => return books.lost.push(LostRow { at, message }),
            };
            books.spend_rows.push(AccountRow { account, at });
            if is_no_usage {
                return;
            }
            let currency = find(Field::RowCurrency).or_else(|| find(Field::SpendCurrency));
            let total = |month, amount: Option<&Cell<'_>>, is_final: Result<bool, Unknown<'_>>| {
                let at = amount.map_or(at, |cell| At { heading: cell.heading, span: cell.span, ..at });
                let (amount, note) = amount_of(amount, currency);
                let (amount, is_final) =
                    (amount.map_err(Unknown::into_owned), is_final.map_err(Unknown::into_owned));
                MonthTotal { account, month, at, amount, is_final, note }
            };
            let named =
                record.cells.iter().filter(|cell| cell.field == Field::Spend && !cell.text.is_empty());
            let mut has_named = false;
            for (month, cell) in named.filter_map(|cell| cell.month.map(|month| (month, cell))) {
                has_named = true;
                let is_final =
                    record.cells.iter().find(|c| c.field == Field::SpendFinal && c.month == Some(month));
                let total = total(month, Some(cell), final_of(is_final, record.format));
                billed.push(BilledRow { total, charge: None });
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
            let charge = charges.next().filter(|_| record.format == Format::SppReport);
            let charge = charge.map(|cell| cell.text.as_ref().into());
            billed.push(BilledRow { total: total(month, amount, is_final), charge });
        });
    }

    fn read_discounts(&mut self, index: u16, document: &Document) {
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
            let billed = find(Field::RowMonth).and_then(month_of).map(Month::first_day);
            let starts =
                find(Field::DiscountStart).and_then(|cell| value::date(cell).ok()).map(|(day, _)| day);
            books.discounts.push(DiscountLine { account, billed, starts, partner_originated, no_eur, at });
        });
    }

    fn each_row<'d>(
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
}

/// Sums the rows of one account, month and document.
fn totals(mut rows: Vec<BilledRow>) -> Vec<MonthTotal> {
    rows.sort_by(|a, b| {
        let of = |row: &BilledRow| (row.total.account, row.total.month, row.total.at.document);
        of(a).cmp(&of(b)).then_with(|| (&a.charge, a.total.at.record).cmp(&(&b.charge, b.total.at.record)))
    });
    let is_same_total = |a: &BilledRow, b: &BilledRow| {
        let of = |row: &BilledRow| (row.total.account, row.total.month, row.total.at.document);
        of(a) == of(b)
    };
    let by_charge =
        folded(rows, |a, b| is_same_total(a, b) && a.charge == b.charge, |sum, more| sum.checked_add(more));
    // The rows of an SPP report repeat one revenue for each kind of discount: the largest kind counts.
    let by_month = folded(by_charge, is_same_total, |sum, more| Some(sum.max(more)));
    by_month.into_iter().map(|row| row.total).collect()
}

/// Adds up rows that follow each other and are the same in what matters.
fn folded(
    rows: Vec<BilledRow>,
    is_same: impl Fn(&BilledRow, &BilledRow) -> bool,
    add: impl Fn(Decimal, Decimal) -> Option<Decimal>,
) -> Vec<BilledRow> {
    let mut folded: Vec<BilledRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match folded.last_mut() {
            Some(last) if is_same(last, &row) => last.total.take(row.total, &add),
            _ => folded.push(row),
        }
    }
    folded
}

impl MonthTotal {
    fn take(&mut self, more: MonthTotal, add: impl Fn(Decimal, Decimal) -> Option<Decimal>) {
        let so_far = std::mem::replace(&mut self.amount, Err(Unknown::Blank));
        self.amount = match (so_far, more.amount) {
            (Ok(sum), Ok(more)) => add(sum, more).ok_or_else(|| Unknown::Unreadable {
                raw: more.to_string().into(),
                why: "makes a sum too large to be a bill",
            }),
            (Err(why), Err(worse)) if why.is_soft() => Err(worse),
            (Err(why), _) | (Ok(_), Err(why)) => Err(why),
        };
        self.note = self.note.or(more.note);
        // One row that is not final leaves the month open, whichever row it is.
        if self.is_final == Ok(true) || more.is_final == Ok(false) {
            self.is_final = more.is_final;
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

/// The amount of a cell in US dollars, and what was assumed to read it.
pub(crate) fn amount_of<'d>(
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

/// Whether a cell says that a bill is final.
pub(crate) fn final_of<'d>(cell: Option<&Cell<'d>>, format: Format) -> Result<bool, Unknown<'d>> {
    match cell {
        None => Err(Unknown::NotInFormat),
        // A Cost and Usage Report names the invoice once the bill is final.
        Some(cell) if format == Format::CostAndUsageReport => Ok(!cell.text.is_empty()),
        Some(cell) if cell.text.is_empty() => Err(Unknown::Blank),
        Some(cell) => value::yes_no(cell).map(|(is_final, _)| is_final),
    }
}
