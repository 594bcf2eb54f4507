//! The one entry point: documents, supplements, policy and a day in; an [`Assessment`] out.
//!
//! Every opportunity is judged once, silently; what is kept of it is a few dozen bytes. Sentences are made when a
//! row or an opportunity is looked at, by reading its record again.

use crate::actions::{self, Planned};
use crate::assemble::{Assembly, read, stated};
use crate::calendar::Month;
use crate::document::{DateOrder, Document, Format, Kind, Record};
use crate::fact::At;
use crate::field::Field;
use crate::join::{Books, current_of};
use crate::judge::{CHECKS, Judgement, judge, window_state};
use crate::opportunity::{AccountId, Opportunity, Origin, ReviewStatus, Stage};
use crate::partner::Answers;
use crate::place::LineIndex;
use crate::policy::Policy;
use crate::report::{Submission, Upkeep, Verdict, WindowState};
use crate::rule::{Case, Outcome, Phase};
use chrono::{NaiveDate, NaiveDateTime};
use rustc_hash::{FxHashMap, FxHasher};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// A fact that the user adds because no format carries it, or to correct one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// The key of the one opportunity it is about; every opportunity when there is none.
    pub key: Option<String>,
    /// The canonical name of the fact: `customer_consent`, `spend.2026-11`.
    pub fact: String,
    /// The value, as it would stand in a document.
    pub value: String,
}

/// Everything a report depends on.
#[derive(Debug)]
pub struct Inputs {
    /// What was pasted or dropped.
    pub documents: Vec<Document>,
    /// What the user added.
    pub supplements: Vec<Supplement>,
    /// The partner's answers about its own readiness.
    pub answers: Answers,
    /// The numbers by which to judge.
    pub policy: Policy,
    /// The day on which the question is asked.
    pub as_of: NaiveDate,
    /// The order of day and month where a document leaves it open.
    pub date_order: Option<DateOrder>,
}

impl Inputs {
    /// Documents alone, judged by the built-in policy on the day `as_of`.
    pub fn new(documents: Vec<Document>, as_of: NaiveDate) -> Self {
        Inputs {
            documents,
            supplements: Vec::new(),
            answers: Answers::default(),
            policy: Policy::default(),
            as_of,
            date_order: None,
        }
    }
}

/// What was decided of everything that was given.
#[derive(Debug)]
pub struct Assessment {
    pub(crate) inputs: Inputs,
    pub(crate) entries: Vec<Entry>,
    /// The entries by the hash of their key.
    keys: FxHashMap<u64, u32>,
    /// Further records of an entry that is made of several.
    more_parts: FxHashMap<u32, Vec<Part>>,
    /// The unmatched EUR row that an entry probably means.
    near_misses: FxHashMap<u32, (AccountId, At)>,
    /// Accounts and the entries that name them, sorted.
    pub(crate) accounts: Vec<(AccountId, u32)>,
    /// Records that were left out for a newer one of the same id.
    pub(crate) duplicates: Vec<Duplicate>,
    /// One index a document.
    pub(crate) lines: Vec<LineIndex>,
}

/// A record of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub document: u16,
    pub record: u32,
}

/// A record that was left out for a newer one of the same id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duplicate {
    pub entry: u32,
    pub left_out: Part,
}

/// What is kept of a judged opportunity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub part: Part,
    pub verdict: Verdict,
    pub submission: Submission,
    pub upkeep: Upkeep,
    pub next: Option<Planned>,
    pub close_date: Option<NaiveDate>,
    pub traits: Traits,
    last_modified: Option<NaiveDateTime>,
    findings: [Packed; CHECKS],
}

/// What the portfolio asks of an entry beside its outcomes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    pub is_from_aws: bool,
    pub is_submitted: bool,
    pub is_approved: bool,
    pub is_launched: bool,
    pub is_over: bool,
    pub has_eur: bool,
    pub has_window_started: bool,
}

/// An outcome in one byte.
#[derive(Debug, Clone, Copy)]
struct Packed(u8);

impl Packed {
    fn of(outcome: Outcome) -> Self {
        Packed(outcome as u8)
    }

    fn outcome(self) -> Outcome {
        Outcome::ALL[usize::from(self.0)]
    }
}

impl Entry {
    /// What the rule with this index found.
    pub(crate) fn outcome(&self, rule: usize) -> Outcome {
        self.findings[rule].outcome()
    }

    /// What every rule found.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.findings.iter().map(|finding| finding.outcome())
    }
}

/// A supplement, read once.
pub(crate) struct Stated<'a> {
    pub key: Option<&'a str>,
    pub field: Field,
    pub month: Option<Month>,
    pub value: &'a str,
}

/// Documents and books, ready to put opportunities together.
pub(crate) struct Desk<'a> {
    pub inputs: &'a Inputs,
    pub books: Books<'a>,
    pub stated: Vec<Stated<'a>>,
}

impl<'a> Desk<'a> {
    fn new(inputs: &'a Inputs) -> Self {
        let stated = inputs.supplements.iter().filter_map(|supplement| {
            let (field, month) = fact_named(&supplement.fact)?;
            Some(Stated { key: supplement.key.as_deref(), field, month, value: &supplement.value })
        });
        let mut stated: Vec<Stated<'_>> = stated.collect();
        // What is stated for one opportunity comes after what is stated for all, and so counts.
        stated.sort_by_key(|stated| stated.key.is_some());
        Desk { books: Books::of(&inputs.documents, inputs.date_order), inputs, stated }
    }

    /// Puts an opportunity together from its records; `account` picks one of several.
    fn assemble(
        &self,
        parts: &[Part],
        account: Option<AccountId>,
        near_miss: Option<(AccountId, At)>,
        record: &mut Record<'a>,
    ) -> Opportunity<'a> {
        let documents = &self.inputs.documents;
        let mut assembly = Assembly::new(documents, Format::Unrecognised);
        for part in parts {
            let Some(document) = documents.get(usize::from(part.document)) else { continue };
            read(document, part.record as usize, self.inputs.date_order, record);
            assembly.add(part.document, record);
        }
        if !self.stated.is_empty() {
            let key = assembly.key();
            let key =
                key.unwrap_or_else(|| parts.first().map_or(String::new(), |part| part.in_words()).into());
            for stated in &self.stated {
                if stated.key.is_none_or(|wanted| wanted == key) {
                    assembly.overrule(self::stated(stated.field, stated.month, stated.value));
                }
            }
        }
        let mut opp = assembly.finish(&self.books, account);
        opp.eur.near_miss = near_miss;
        if let Some(document) = near_miss.and_then(|(_, at)| documents.get(usize::from(at.document))) {
            opp.eur.is_channel_relationship |= document.format() == Format::ChannelRelationships;
        }
        opp
    }

    fn is_paid(&self, opp: &Opportunity<'_>) -> bool {
        self.books.has_discounts
            && crate::reconcile::is_paid(opp, &self.books, &self.inputs.policy, self.inputs.as_of)
    }

    /// The case that an opportunity is.
    pub(crate) fn case<'o>(&self, opp: &'o Opportunity<'a>) -> Case<'o, 'a>
    where
        'a: 'o,
    {
        Case::new(opp, &self.inputs.policy, self.inputs.as_of, self.is_paid(opp))
    }

    fn entry(&self, part: Part, opp: &Opportunity<'a>) -> Entry {
        let case = self.case(opp);
        let judgement = judge(&case);
        let state = window_state(&case, &judgement.findings);
        Entry {
            part,
            verdict: judgement.verdict,
            submission: judgement.submission,
            upkeep: judgement.upkeep,
            next: actions::first(&case, &judgement.findings),
            close_date: opp.target_close_date.known().copied(),
            traits: traits(&case, &judgement, state),
            last_modified: opp.last_modified_at.known().copied(),
            findings: std::array::from_fn(|at| Packed::of(judgement.findings.outcome(at))),
        }
    }
}

fn traits(case: &Case<'_, '_>, judgement: &Judgement, window: Option<WindowState>) -> Traits {
    let status = case.opp.review_status.known();
    Traits {
        is_from_aws: case.opp.origin.known() == Some(&Origin::Aws),
        is_submitted: status.is_some_and(|status| *status != ReviewStatus::PendingSubmission),
        is_approved: case.effective_review_status() == Some(ReviewStatus::Approved),
        is_launched: case.phase == Phase::AtLaunch,
        is_over: case.opp.stage.known() == Some(&Stage::ClosedLost)
            || status == Some(&ReviewStatus::Rejected)
            || judgement.verdict == Verdict::Ended,
        has_eur: case.opp.eur.account_id.at.is_some() || case.opp.eur.usage_type.known().is_some(),
        has_window_started: matches!(window, Some(WindowState::Active | WindowState::Ended)),
    }
}

impl Part {
    fn in_words(self) -> String {
        format!("document {} record {}", self.document + 1, self.record + 1)
    }
}

impl Assessment {
    /// Judges everything that was given. The same inputs give the same assessment, everywhere.
    pub fn of(inputs: Inputs) -> Assessment {
        let desk = Desk::new(&inputs);
        let mut found = Found::default();
        let mut record = Record::empty();
        for (index, document) in inputs.documents.iter().enumerate() {
            if !matches!(document.kind(), Kind::Opportunities | Kind::Facts) {
                continue;
            }
            let Ok(index) = u16::try_from(index) else { break };
            let current = current_of(document);
            found.entries.reserve(document.len());
            found.keys.reserve(document.len());
            for row in 0..document.len() {
                if current.as_ref().is_some_and(|rows| !rows[row]) {
                    continue;
                }
                let part = Part { document: index, record: u32::try_from(row).unwrap_or(u32::MAX) };
                found.add(&desk, part, &mut record);
            }
        }
        found.accounts.sort_unstable();
        found.accounts.dedup();
        found.look_for_near_misses(&desk, &mut record);
        let Found { entries, keys, more_parts, near_misses, accounts, duplicates } = found;
        let lines = inputs.documents.iter().map(|_| LineIndex::default()).collect();
        Assessment { entries, keys, more_parts, near_misses, accounts, duplicates, lines, inputs }
    }

    /// Everything it depends on.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Gives back what it was made of, to change something and assess again.
    pub fn into_inputs(self) -> Inputs {
        self.inputs
    }

    /// How many opportunities there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The document with this index.
    pub fn document(&self, index: usize) -> Option<&Document> {
        self.inputs.documents.get(index)
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::new(&self.inputs)
    }

    /// The entry with this key.
    pub(crate) fn find(&self, desk: &Desk<'_>, key: &str) -> Option<u32> {
        let entry = *self.keys.get(&hash_of(key))?;
        (self.key(&self.opportunity_of(desk, entry), entry) == key).then_some(entry)
    }

    /// The key of an entry: opportunity id, else partner CRM id, else its place.
    pub(crate) fn key<'o>(&self, opp: &'o Opportunity<'_>, entry: u32) -> Cow<'o, str> {
        let named = key_of(opp).filter(|key| self.keys.get(&hash_of(key)) == Some(&entry));
        named.map_or_else(|| self.entries[entry as usize].part.in_words().into(), Cow::Borrowed)
    }

    /// Puts the opportunity of an entry together again.
    pub(crate) fn opportunity_of<'a>(&self, desk: &Desk<'a>, entry: u32) -> Opportunity<'a> {
        self.assemble(desk, entry, None)
    }

    /// The copy of an entry for one of its several accounts.
    pub(crate) fn split_of<'a>(&self, desk: &Desk<'a>, entry: u32, account: AccountId) -> Opportunity<'a> {
        self.assemble(desk, entry, Some(account))
    }

    fn assemble<'a>(&self, desk: &Desk<'a>, entry: u32, account: Option<AccountId>) -> Opportunity<'a> {
        let near_miss = self.near_misses.get(&entry).copied();
        desk.assemble(&self.parts(entry), account, near_miss, &mut Record::empty())
    }

    /// The records that an entry is made of.
    pub(crate) fn parts(&self, entry: u32) -> Vec<Part> {
        let first = self.entries[entry as usize].part;
        let more = self.more_parts.get(&entry).map_or(&[][..], |more| more);
        std::iter::once(first).chain(more.iter().copied()).collect()
    }
}

/// The canonical fact that a supplement names: `stage`, `spend.2026-11`.
pub(crate) fn fact_named(name: &str) -> Option<(Field, Option<Month>)> {
    let name = name.trim();
    if let Some((before, month)) = name.rsplit_once('.')
        && let Some(month) = Month::parse(month)
    {
        let field = Field::from_name(before)?;
        return matches!(field, Field::Spend | Field::SpendFinal).then_some((field, Some(month)));
    }
    Field::from_name(name).filter(|field| *field < Field::RowMonth).map(|field| (field, None))
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

/// What the pass over all records has found so far.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    keys: FxHashMap<u64, u32>,
    more_parts: FxHashMap<u32, Vec<Part>>,
    near_misses: FxHashMap<u32, (AccountId, At)>,
    accounts: Vec<(AccountId, u32)>,
    duplicates: Vec<Duplicate>,
}

impl Found {
    fn add<'a>(&mut self, desk: &Desk<'a>, part: Part, record: &mut Record<'a>) {
        let opp = desk.assemble(&[part], None, None, record);
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if let Some(key) = key_of(&opp) {
            match self.keys.get(&hash_of(key)) {
                Some(&entry) if opp.opportunity_id.known().is_some() => {
                    return self.add_again(desk, entry, part, &opp);
                }
                // Two records without an opportunity id may share the partner's own: each goes by its place.
                Some(_) => drop(self.keys.insert(hash_of(&part.in_words()), next)),
                None => drop(self.keys.insert(hash_of(key), next)),
            }
        } else {
            self.keys.insert(hash_of(&part.in_words()), next);
        }
        self.note_accounts(&opp, next);
        self.entries.push(desk.entry(part, &opp));
    }

    /// The same opportunity id again: another shape of the API completes it, anything else repeats it.
    fn add_again<'a>(&mut self, desk: &Desk<'a>, entry: u32, part: Part, opp: &Opportunity<'a>) {
        let known = self.parts(entry);
        let mut record = Record::empty();
        let mut formats = known.iter().map(|part| {
            let document = &desk.inputs.documents[usize::from(part.document)];
            document.read(part.record as usize, &mut record);
            record.format
        });
        if is_complementary(opp.format)
            && formats.all(|format| is_complementary(format) && !is_same_shape(format, opp.format))
        {
            self.more_parts.entry(entry).or_default().push(part);
            self.judge_again(desk, entry);
            return;
        }
        let slot = &mut self.entries[entry as usize];
        let newer = desk.entry(part, opp);
        let left_out = if newer.last_modified > slot.last_modified && known.len() == 1 {
            let older = slot.part;
            *slot = newer;
            self.note_accounts(opp, entry);
            older
        } else {
            part
        };
        self.duplicates.push(Duplicate { entry, left_out });
    }

    fn parts(&self, entry: u32) -> Vec<Part> {
        let more = self.more_parts.get(&entry).map_or(&[][..], |more| more);
        std::iter::once(self.entries[entry as usize].part).chain(more.iter().copied()).collect()
    }

    fn judge_again(&mut self, desk: &Desk<'_>, entry: u32) {
        let near_miss = self.near_misses.get(&entry).copied();
        let opp = desk.assemble(&self.parts(entry), None, near_miss, &mut Record::empty());
        self.note_accounts(&opp, entry);
        self.entries[entry as usize] = desk.entry(self.entries[entry as usize].part, &opp);
    }

    fn note_accounts(&mut self, opp: &Opportunity<'_>, entry: u32) {
        if let Some(accounts) = opp.aws_account_id.known() {
            self.accounts.extend(accounts.all().iter().map(|account| (*account, entry)));
        }
    }

    /// EUR rows that match no opportunity, and opportunities that match no row: who probably means whom.
    fn look_for_near_misses<'a>(&mut self, desk: &Desk<'a>, record: &mut Record<'a>) {
        if !desk.books.has_eur {
            return;
        }
        let is_named =
            |account: AccountId| self.accounts.binary_search_by(|(known, _)| known.cmp(&account)).is_ok();
        let unmatched: Vec<_> = desk.books.eur.iter().filter(|row| !is_named(row.account)).copied().collect();
        if unmatched.is_empty() {
            return;
        }
        let candidates = crate::near_miss::Candidates::of(&unmatched);
        let is_pair = self.entries.len() == 1 && desk.books.eur.len() == 1;
        let mut accounts = self.accounts.clone();
        accounts.retain(|(account, _)| desk.books.eur_rows(*account).is_empty());
        for (account, entry) in accounts {
            let found = if is_pair { unmatched.first().copied() } else { candidates.closest(account) };
            let Some(row) = found else { continue };
            let opp = desk.assemble(&self.parts(entry), None, None, record);
            if opp.aws_account_id.known().and_then(|ids| ids.one()) == Some(account) {
                self.near_misses.insert(entry, (row.account, row.at));
                self.judge_again(desk, entry);
            }
        }
        self.accounts.sort_unstable();
        self.accounts.dedup();
    }
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
