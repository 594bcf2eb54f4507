//! Puts opportunities together: their records, what the user stated, and the books.

use crate::assemble::{Assembly, read, stated};
use crate::assess::{About, Inputs, Part, Supplement};
use crate::books::Books;
use crate::calendar::Month;
use crate::document::{Cell, Format, Record};
use crate::fact::At;
use crate::field::Field;
use crate::opportunity::{AccountId, Opportunity};
use crate::rule::Case;
use rustc_hash::FxHashMap;

/// So many facts can be stated of all opportunities at once: every fact, and a few years of spend.
const STATED_OF_ALL_MAX: usize = 256;

/// A supplement, read once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated {
    pub field: Field,
    month: Option<Month>,
    /// Its index among the supplements.
    supplement: usize,
}

/// What the user stated, by the opportunity it is about.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    /// The last of each fact, in the order in which they were stated.
    of_all: Vec<Stated>,
    /// The last of each fact, for those that lack it.
    of_lacking: Vec<Stated>,
    by_key: FxHashMap<String, Vec<Stated>>,
    /// The indexes of supplements that are not used.
    pub left_out: Vec<usize>,
}

impl Statements {
    /// Sorts the supplements by what they are about; those that name no fact, or state nothing, are left aside.
    pub(crate) fn of(supplements: &[Supplement]) -> Self {
        let mut statements = Statements::default();
        for (supplement, said) in supplements.iter().enumerate() {
            let Some((field, month)) = fact_named(&said.fact) else { continue };
            if said.value.trim().is_empty() {
                continue;
            }
            let stated = Stated { field, month, supplement };
            let several = match &said.about {
                About::One(key) => {
                    statements.by_key.entry(key.clone()).or_default().push(stated);
                    continue;
                }
                About::Lacking => &mut statements.of_lacking,
                About::All => &mut statements.of_all,
            };
            several.retain(|known| (known.field, known.month) != (field, month));
            let is_usable =
                several.len() < STATED_OF_ALL_MAX && (said.about == About::All || !is_of_one(field));
            if is_usable {
                several.push(stated);
            } else {
                statements.left_out.push(supplement);
            }
        }
        statements
    }

    /// Whether anything was stated of a single opportunity.
    pub(crate) fn has_keys(&self) -> bool {
        !self.by_key.is_empty()
    }

    /// What was stated of the opportunity with this key.
    pub(crate) fn of_key(&self, key: &str) -> &[Stated] {
        self.by_key.get(key).map_or(&[], |stated| stated)
    }
}

/// Whether a fact tells one opportunity from another, or is what one account was billed: several cannot share it.
pub(crate) fn is_of_one(field: Field) -> bool {
    use Field::{AwsAccountId, EurAccountId, OpportunityId, PartnerCrmId, Spend, SpendCurrency, SpendFinal};
    matches!(
        field,
        OpportunityId | PartnerCrmId | AwsAccountId | EurAccountId | Spend | SpendFinal | SpendCurrency
    )
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

/// Which opportunity is put together: how it is called, and which of its accounts it is about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Which {
    /// Another record has its partner CRM id as its key: it goes by its place.
    pub is_by_place: bool,
    /// The account of a split copy.
    pub account: Option<AccountId>,
}

/// Documents, statements and books, ready to put opportunities together.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub inputs: &'a Inputs,
    /// What `statements` are about: those of the inputs, or these and some that are only tried out.
    pub supplements: &'a [Supplement],
    pub books: &'a Books,
    pub statements: &'a Statements,
}

impl<'a> Desk<'a> {
    /// Puts an opportunity together from its records.
    pub(crate) fn assemble(&self, parts: &[Part], which: Which, record: &mut Record<'a>) -> Opportunity<'a> {
        let documents = &self.inputs.documents;
        let mut assembly = Assembly::new(documents, Format::Unrecognised);
        for part in parts {
            let Some(document) = documents.get(usize::from(part.document)) else { continue };
            read(document, part.record as usize, self.inputs.date_order, record);
            assembly.add(part.document, record);
        }
        self.overrule(&mut assembly, &self.statements.of_all);
        if self.statements.has_keys()
            && let Some(first) = parts.first()
        {
            self.overrule_by_key(&mut assembly, *first, which);
        }
        let lacking = self.statements.of_lacking.iter().filter_map(|said| self.cell(said));
        assembly.finish(self.books, which.account, lacking)
    }

    /// What was stated for one opportunity comes after what was stated for all, and so counts.
    fn overrule_by_key(&self, assembly: &mut Assembly<'a>, place: Part, which: Which) {
        let named = |assembly: &Assembly<'a>| {
            let key = if which.is_by_place { assembly.opportunity_id() } else { assembly.key() };
            key.map_or_else(|| place.in_words(), |key| key.into_owned())
        };
        let before = named(assembly);
        self.overrule(assembly, self.statements.of_key(&before));
        let key = named(assembly);
        // Its id may have been stated: what is stated later goes by that.
        if key != before {
            self.overrule(assembly, self.statements.of_key(&key));
        }
        if let Some(account) = which.account {
            self.overrule(assembly, self.statements.of_key(&key_of_copy(&key, account)));
        }
    }

    fn overrule(&self, assembly: &mut Assembly<'a>, said: &[Stated]) {
        for cell in said.iter().filter_map(|one| self.cell(one)) {
            assembly.overrule(cell);
        }
    }

    /// What was stated, as a document would hold it.
    fn cell(&self, said: &Stated) -> Option<Cell<'a>> {
        let supplement = self.supplements.get(said.supplement)?;
        Some(stated(said.field, said.month, &supplement.value))
    }

    /// Adds the unmatched EUR row that the opportunity probably means.
    pub(crate) fn add_near_miss(&self, opp: &mut Opportunity<'a>, near_miss: Option<(AccountId, At)>) {
        opp.eur.near_miss = near_miss;
        let document = near_miss.and_then(|(_, at)| self.inputs.documents.get(usize::from(at.document)));
        opp.eur.is_channel_relationship |=
            document.is_some_and(|document| document.format() == Format::ChannelRelationships);
    }

    /// The case that an opportunity is.
    pub(crate) fn case<'o>(&self, opp: &'o Opportunity<'a>) -> Case<'o, 'a>
    where
        'a: 'o,
    {
        let (policy, as_of) = (&self.inputs.policy, self.inputs.as_of);
        let is_paid = self.books.has_discounts && crate::reconcile::is_paid(opp, self.books, policy, as_of);
        Case::new(opp, policy, as_of, is_paid)
    }
}

/// The key of the copy for one of several accounts.
pub(crate) fn key_of_copy(key: &str, account: AccountId) -> String {
    format!("{key}#{account}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assess;

    #[test]
    fn months_that_are_too_many_to_state_of_all_are_a_problem() {
        let months =
            (2000..2030).flat_map(|year| (1..=12).map(move |month| format!("spend.{year}-{month:02}=1")));
        let stated: Vec<String> = months.collect();
        let stated: Vec<&str> = stated.iter().map(String::as_str).collect();
        let problems = assess(&["opportunity_id,stage\nO1,Launched\n"], &stated).summary().problems;
        let told = stated.len() - STATED_OF_ALL_MAX;
        assert!(problems[0].message.contains("spend.2021-05"), "{}", problems[0].message);
        assert_eq!(
            problems.last().unwrap().message,
            format!("And {} facts more that you stated could not be used.", told - 100)
        );
    }

    #[test]
    fn a_month_belongs_to_spend_alone() {
        assert_eq!(fact_named("stage.2026-11"), None);
        assert_eq!(fact_named("amount"), None);
        assert_eq!(fact_named(" Spend.2026-11 "), Some((Field::Spend, Month::parse("2026-11"))));
    }
}
