//! Tables in which months or accounts stand in the headings.

use super::aliases;
use super::heading::Heading;
use super::mapping::{Column, Mapping};
use super::{Format, Kind};
use crate::calendar::Month;
use crate::field::Field;
use std::ops::Range;

/// A table in which one dimension stands in the headings: each cell of an amount is a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pivot {
    /// The column of the other dimension.
    pub key_column: usize,
    /// What it holds: [`Field::RowMonth`] or [`Field::RowAccountId`].
    pub key: Field,
    /// The columns of amounts, and where in its heading each says its month or account.
    pub amounts: Vec<(usize, Range<usize>)>,
}

impl Pivot {
    /// What the headings hold: the one of month and account that the key column does not.
    pub(super) fn in_headings(&self) -> Field {
        if self.key == Field::RowMonth { Field::RowAccountId } else { Field::RowMonth }
    }
}

/// `aws_account_id,spend.2026-10,spend.2026-11`: months in the headings.
pub(super) fn wide_spend(raw: &[&str], mapping: Mapping) -> Option<Mapping> {
    let of = |wanted: Field| {
        move |(i, column): (usize, &Column)| match column {
            Column::Field(meaning) if meaning.field == wanted => Some((i, meaning.month)),
            _ => None,
        }
    };
    let columns = || mapping.columns.iter().enumerate();
    let (key_column, _) = columns().find_map(of(Field::AwsAccountId))?;
    let amounts: Vec<_> = columns()
        .filter_map(of(Field::Spend))
        .filter_map(|(i, month)| month.and_then(|_| Some((i, date_run(raw[i])?))))
        .collect();
    if amounts.is_empty() || amounts.len() < columns().filter_map(of(Field::Spend)).count() {
        return Some(Mapping { kind: Kind::Facts, ..mapping });
    }
    let pivot = Pivot { key_column, key: Field::RowAccountId, amounts };
    Some(Mapping { columns: vec![Column::Skip; raw.len()], pivot: Some(pivot), ..mapping })
}

/// Cost Explorer's download: accounts in the headings and months below, or the other way round.
pub(super) fn cost_explorer(raw: &[&str], headings: &[Heading]) -> Option<Mapping> {
    let key_column = headings.iter().position(|heading| aliases::is_account(&heading.key))?;
    if key_column != 0 {
        return None;
    }
    let spots = |run: fn(&str) -> Option<Range<usize>>| -> Vec<(usize, Range<usize>)> {
        raw.iter().enumerate().skip(1).filter_map(|(i, text)| Some((i, run(text)?))).collect()
    };
    let accounts = spots(account_run);
    let is_date = |text: &str| date_run(text).filter(|run| run.start == 0);
    let (key, amounts) =
        if accounts.is_empty() { (Field::RowAccountId, spots(is_date)) } else { (Field::RowMonth, accounts) };
    if amounts.is_empty() {
        return None;
    }
    let mapping = Mapping::new(Kind::Spend, Format::CostExplorer, vec![Column::Skip; raw.len()]);
    Some(Mapping { score: 3, pivot: Some(Pivot { key_column, key, amounts }), ..mapping })
}

/// Where twelve digits stand that are an account id.
pub(super) fn account_run(text: &str) -> Option<Range<usize>> {
    run_of_digits(text, |run| run.len() == 12)
}

/// Where `2026-11` or `2026-11-01` stands.
fn date_run(text: &str) -> Option<Range<usize>> {
    let start = run_of_digits(text, |run| run.len() == 4)?.start;
    let month = text.get(start..start + 7)?;
    Month::parse(month)?;
    let day = text
        .get(start + 7..start + 10)
        .filter(|day| day.starts_with('-') && day.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
    Some(start..start + if day.is_some() { 10 } else { 7 })
}

fn run_of_digits(text: &str, wanted: impl Fn(&Range<usize>) -> bool) -> Option<Range<usize>> {
    let mut start = None;
    for (i, byte) in text.bytes().chain([b' ']).enumerate() {
        match (start, byte.is_ascii_digit()) {
            (None, true) => start = Some(i),
            (Some(from), false) => {
                if wanted(&(from..i)) {
                    return Some(from..i);
                }
                start = None;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::mapping::map;
    use super::*;

    #[test]
    fn months_or_accounts_may_stand_in_the_headings() {
        let pivot = |text: &str| map(&text.split(',').collect::<Vec<_>>()).unwrap().pivot.unwrap();
        let by_account = pivot("Linked account,Acme (111122223333)($),Total costs($)");
        assert_eq!((by_account.key, by_account.amounts), (Field::RowMonth, vec![(1, 6..18)]));
        let by_month = pivot("Linked account,2026-09-01($),2026-10($)");
        assert_eq!((by_month.key, by_month.amounts), (Field::RowAccountId, vec![(1, 0..10), (2, 0..7)]));
        let canonical = pivot("aws_account_id,spend.2026-09");
        assert_eq!((canonical.key, canonical.amounts), (Field::RowAccountId, vec![(1, 6..13)]));
    }

    #[test]
    fn an_account_is_twelve_digits_and_no_more() {
        assert_eq!(account_run("Acme (111122223333)"), Some(6..18));
        assert_eq!(account_run("1111222233334"), None);
        assert_eq!(account_run("é 11112222333"), None);
    }
}
