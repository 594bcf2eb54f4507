//! The pass over all records: which of them are one opportunity, and what each is judged to be.

use crate::assess::{Duplicate, Part};
use crate::desk::{Desk, Which};
use crate::document::{Document, Format, Record};
use crate::entry::Entry;
use crate::fact::At;
use crate::near_miss::Candidates;
use crate::opportunity::{AccountId, Opportunity};
use rustc_hash::{FxHashMap, FxHasher};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// What the pass over all records has found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub entries: Vec<Entry>,
    /// Accounts and the entries that name them; sorted when the pass is over.
    pub accounts: Vec<(AccountId, u32)>,
    /// Records that were left out for a newer one of the same id.
    pub duplicates: Vec<Duplicate>,
    /// The entries by the hash of their key.
    keys: FxHashMap<u64, u32>,
    /// Further records of an entry that is made of several.
    more_parts: FxHashMap<u32, Vec<Part>>,
    /// The unmatched EUR row that an account of an entry probably means.
    near_misses: FxHashMap<(u32, AccountId), (AccountId, At)>,
    /// Entries whose record was replaced by a newer one, which may name other accounts.
    replaced: Vec<u32>,
}

impl Found {
    /// Makes room for the records of a document.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.entries.reserve(count);
        self.keys.reserve(count);
    }

    /// Takes one record: an opportunity of its own, or more about one that is known.
    pub(crate) fn add<'a>(&mut self, desk: &Desk<'a>, part: Part, record: &mut Record<'a>) {
        let mut opp = desk.assemble(&[part], Which::default(), record);
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if opp.opportunity_id.known().is_none() && self.entry_of(&opp).is_some() {
            // Two records without an opportunity id may share the partner's own: each goes by its place.
            self.keys.insert(hash_of(&part.in_words()), next);
            if desk.statements.has_keys() {
                opp = desk.assemble(&[part], Which { is_by_place: true, account: None }, record);
            }
        }
        match self.entry_of(&opp).filter(|_| opp.opportunity_id.known().is_some()) {
            Some(entry) => return self.add_again(desk, entry, part, &opp),
            None => {
                let key = key_of(&opp).map_or_else(|| part.in_words().into(), Cow::Borrowed);
                self.keys.entry(hash_of(&key)).or_insert(next);
            }
        }
        self.note_accounts(&opp, next);
        self.entries.push(Entry::of(part, &desk.case(&opp)));
    }

    /// What can be said only when every record is known.
    pub(crate) fn finish<'a>(&mut self, desk: &Desk<'a>, record: &mut Record<'a>) {
        self.replaced.sort_unstable();
        self.replaced.dedup();
        let replaced = std::mem::take(&mut self.replaced);
        self.accounts.retain(|(_, entry)| replaced.binary_search(entry).is_err());
        for entry in replaced {
            let opp = self.assemble(desk, entry, None, record);
            self.note_accounts(&opp, entry);
        }
        self.accounts.sort_unstable();
        self.accounts.dedup();
        self.look_for_near_misses(desk);
    }

    /// The entry with this key.
    pub(crate) fn find(&self, desk: &Desk<'_>, key: &str) -> Option<u32> {
        let entry = *self.keys.get(&hash_of(key))?;
        let opp = self.assemble(desk, entry, None, &mut Record::empty());
        (self.key(&opp, entry) == key).then_some(entry)
    }

    /// The key of an entry: opportunity id, else partner CRM id, else its place.
    pub(crate) fn key<'o>(&self, opp: &'o Opportunity<'_>, entry: u32) -> Cow<'o, str> {
        let named = key_of(opp).filter(|key| self.keys.get(&hash_of(key)) == Some(&entry));
        named.map_or_else(|| self.entries[entry as usize].part.in_words().into(), Cow::Borrowed)
    }

    /// Puts the opportunity of an entry together again; `account` picks one of several.
    pub(crate) fn assemble<'a>(
        &self,
        desk: &Desk<'a>,
        entry: u32,
        account: Option<AccountId>,
        record: &mut Record<'a>,
    ) -> Opportunity<'a> {
        let parts = self.parts(entry);
        let is_by_place = desk.statements.has_keys()
            && parts.first().is_some_and(|first| self.keys.get(&hash_of(&first.in_words())) == Some(&entry));
        let mut opp = desk.assemble(&parts, Which { is_by_place, account }, record);
        let one = opp.aws_account_id.known().and_then(|ids| ids.one());
        desk.add_near_miss(&mut opp, one.and_then(|one| self.near_misses.get(&(entry, one)).copied()));
        opp
    }

    /// The entry that is known by the key of `opp`.
    fn entry_of(&self, opp: &Opportunity<'_>) -> Option<u32> {
        key_of(opp).and_then(|key| self.keys.get(&hash_of(key)).copied())
    }

    /// The records that an entry is made of.
    fn parts(&self, entry: u32) -> Vec<Part> {
        let more = self.more_parts.get(&entry).map_or(&[][..], |more| more);
        std::iter::once(self.entries[entry as usize].part).chain(more.iter().copied()).collect()
    }

    /// The same opportunity id again: another shape of the API completes it, anything else repeats it.
    fn add_again<'a>(&mut self, desk: &Desk<'a>, entry: u32, part: Part, opp: &Opportunity<'a>) {
        let known = self.parts(entry);
        let mut record = Record::empty();
        let formats: Vec<Format> =
            known.iter().map(|part| format_of(&desk.inputs.documents, *part, &mut record)).collect();
        let is_one_of_many =
            is_complementary(opp.format) && formats.iter().all(|format| is_complementary(*format));
        let same = formats.iter().position(|format| is_same_shape(*format, opp.format));
        let repeated = match same {
            None if is_one_of_many => {
                self.more_parts.entry(entry).or_default().push(part);
                self.note_accounts(opp, entry);
                return self.judge_again(desk, entry);
            }
            Some(same) if is_one_of_many => &known[same..=same],
            _ => &known[..],
        };
        let older = desk.assemble(repeated, Which::default(), &mut record);
        if opp.last_modified_at.known() <= older.last_modified_at.known() {
            return self.duplicates.push(Duplicate { entry, left_out: part });
        }
        self.duplicates.extend(repeated.iter().map(|left_out| Duplicate { entry, left_out: *left_out }));
        let kept = known.iter().map(|known| if *known == repeated[0] { part } else { *known });
        let mut kept = kept.filter(|known| !repeated.contains(known));
        self.entries[entry as usize].part = kept.next().unwrap_or(part);
        let more: Vec<Part> = kept.collect();
        if more.is_empty() {
            self.more_parts.remove(&entry);
        } else {
            self.more_parts.insert(entry, more);
        }
        self.replaced.push(entry);
        self.judge_again(desk, entry);
    }

    fn judge_again(&mut self, desk: &Desk<'_>, entry: u32) {
        let opp = self.assemble(desk, entry, None, &mut Record::empty());
        self.entries[entry as usize] = Entry::of(self.entries[entry as usize].part, &desk.case(&opp));
    }

    fn note_accounts(&mut self, opp: &Opportunity<'_>, entry: u32) {
        if let Some(accounts) = opp.aws_account_id.known() {
            self.accounts.extend(accounts.all().iter().map(|account| (*account, entry)));
        }
    }

    /// EUR rows that match no opportunity, and opportunities that match no row: who probably means whom.
    fn look_for_near_misses(&mut self, desk: &Desk<'_>) {
        let unmatched: Vec<_> =
            desk.books.eur.iter().filter(|row| !self.is_named(row.account)).copied().collect();
        if unmatched.is_empty() {
            return;
        }
        let candidates = Candidates::of(&unmatched);
        let is_pair = self.entries.len() == 1 && desk.books.eur.len() == 1;
        for (account, entry) in self.accounts.clone() {
            if !desk.books.eur_rows(account).is_empty() {
                continue;
            }
            let found = if is_pair { unmatched.first().copied() } else { candidates.closest(account) };
            let Some(row) = found else { continue };
            self.near_misses.insert((entry, account), (row.account, row.at));
            self.judge_again(desk, entry);
        }
    }

    /// Whether an opportunity names this account.
    pub(crate) fn is_named(&self, account: AccountId) -> bool {
        self.accounts.binary_search_by(|(known, _)| known.cmp(&account)).is_ok()
    }
}

/// Opportunity id, else partner CRM id.
fn key_of<'o>(opp: &'o Opportunity<'_>) -> Option<&'o str> {
    let named = opp.opportunity_id.known().or(opp.partner_crm_id.known());
    named.map(|key| key.as_ref()).filter(|key| !key.is_empty())
}

fn hash_of(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    hasher.finish()
}

fn format_of<'a>(documents: &'a [Document], part: Part, record: &mut Record<'a>) -> Format {
    documents.get(usize::from(part.document)).map_or(Format::Unrecognised, |document| {
        document.read(part.record as usize, record);
        record.format
    })
}

/// Shapes of the API that each say part of one opportunity.
fn is_complementary(format: Format) -> bool {
    matches!(format, Format::ApiGet | Format::ApiCsv | Format::ApiList | Format::ApiAwsSummary)
}

/// AWS's sample script writes what GetOpportunity answers, as JSON and as CSV.
fn is_same_shape(one: Format, other: Format) -> bool {
    let is_get = |format| matches!(format, Format::ApiGet | Format::ApiCsv);
    one == other || is_get(one) && is_get(other)
}

#[cfg(test)]
mod tests;
