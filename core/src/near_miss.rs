//! Unmatched account ids that differ from a given one in at most two digits, found without comparing all pairs.

use crate::books::AccountRow;
use crate::opportunity::AccountId;
use rustc_hash::FxHashMap;

/// More digits than this differ: it is another account.
const DIFFERING_DIGITS_MAX: u32 = 2;
/// Two differences leave one of three blocks of four digits untouched.
const BLOCKS: u32 = 3;
const BLOCK_SIZE: u64 = 10_000;
/// A block that so many ids share tells nothing: they are numbered in sequence, and nearness proves nothing.
const SHARED_MAX: usize = 256;

/// Unmatched rows by each block of their account id.
pub(crate) struct Candidates<'a> {
    by_block: FxHashMap<(u32, u64), Vec<&'a AccountRow>>,
}

impl<'a> Candidates<'a> {
    /// The candidates among `rows`.
    pub(crate) fn of(rows: &'a [AccountRow]) -> Self {
        let mut by_block: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for row in rows {
            for block in blocks(row.account) {
                by_block.entry(block).or_default().push(row);
            }
        }
        Candidates { by_block }
    }

    /// The one row whose id is near to `account`; none when there are several.
    pub(crate) fn closest(&self, account: AccountId) -> Option<AccountRow> {
        let mut found: Option<&AccountRow> = None;
        for block in blocks(account) {
            for row in self.by_block.get(&block).filter(|rows| rows.len() <= SHARED_MAX).into_iter().flatten()
            {
                if row.account.differing_digits(account) > DIFFERING_DIGITS_MAX {
                    continue;
                }
                if found.is_some_and(|known| known.account != row.account) {
                    return None;
                }
                found = Some(row);
            }
        }
        found.copied()
    }
}

fn blocks(account: AccountId) -> impl Iterator<Item = (u32, u64)> {
    (0..BLOCKS).map(move |block| (block, account.number() / BLOCK_SIZE.pow(block) % BLOCK_SIZE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{At, Span};

    fn row(number: u64) -> AccountRow {
        let at = At { document: 0, heading: 0, record: 0, span: Span::default() };
        AccountRow { account: AccountId::from_number(number).unwrap(), at }
    }

    #[track_caller]
    fn closest(rows: &[u64], account: u64) -> Option<u64> {
        let rows: Vec<_> = rows.iter().copied().map(row).collect();
        let found = Candidates::of(&rows).closest(AccountId::from_number(account).unwrap());
        found.map(|row| row.account.number())
    }

    #[test]
    fn three_differing_digits_are_another_account() {
        assert_eq!(closest(&[123_456_789_012], 123_456_789_999), None);
        assert_eq!(closest(&[123_456_789_012], 123_456_789_099), Some(123_456_789_012));
        assert_eq!(closest(&[123_456_789_012], 923_456_789_019), Some(123_456_789_012));
    }

    #[test]
    fn of_two_near_ones_none_is_meant() {
        assert_eq!(closest(&[123_456_789_012, 123_456_789_013], 123_456_789_014), None);
    }
}
