//! The one entry point: documents, supplements, policy and a day in; an [`Assessment`] out.
//!
//! Every opportunity is judged once, silently; what is kept of it is a few dozen bytes. Sentences are made when a
//! row or an opportunity is looked at, by reading its record again.

use crate::agenda::Plan;
use crate::books::{Books, current_of};
use crate::desk::{Desk, Statements};
use crate::document::{DateOrder, Document, Kind, Record};
use crate::export;
use crate::fact::At;
use crate::found::Found;
use crate::opportunity::{AccountId, Opportunity};
use crate::partner::Answers;
use crate::place::LineIndex;
use crate::policy::Policy;
use crate::report::OpportunityReport;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A place names its document in 16 bits, of which the last number stands for what the user stated.
pub(crate) const DOCUMENTS_MAX: usize = At::STATED as usize;

/// A fact that the user adds because no format carries it, or to correct one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// Of which opportunities it holds.
    pub about: About,
    /// The canonical name of the fact: `customer_consent`, `spend.2026-11`.
    pub fact: String,
    /// The value, as it would stand in a document.
    pub value: String,
}

/// Of which opportunities a supplement holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum About {
    /// The one with this key, whatever its documents say.
    One(String),
    /// Every one whose documents say nothing of the fact; what was stated of one of them counts first. Spend, ids and
    /// accounts are never told this way: no two have them in common.
    Lacking,
    /// Every one, whatever its documents say.
    All,
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
    pub(crate) found: Found,
    /// What EUR, spend and discount documents say, read once.
    books: Books,
    statements: Statements,
    /// One index a document.
    pub(crate) lines: Vec<LineIndex>,
    /// What is due when; made when somebody asks.
    pub(crate) plan: Plan,
    /// What an import file is made of, likewise.
    pub(crate) imports: export::Plan,
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

impl Part {
    /// As a key: `document 1 record 3`.
    pub(crate) fn in_words(self) -> String {
        format!("document {} record {}", self.document + 1, self.record + 1)
    }
}

impl Assessment {
    /// Judges everything that was given. The same inputs give the same assessment, everywhere.
    pub fn of(inputs: Inputs) -> Assessment {
        let books = Books::of(&inputs.documents, inputs.date_order);
        let statements = Statements::of(&inputs.supplements);
        let desk = Desk {
            inputs: &inputs,
            supplements: &inputs.supplements,
            books: &books,
            statements: &statements,
        };
        let mut found = Found::default();
        let mut record = Record::empty();
        for (index, document) in (0_u16..).zip(inputs.documents.iter().take(DOCUMENTS_MAX)) {
            if !matches!(document.kind(), Kind::Opportunities | Kind::Facts) {
                continue;
            }
            let current = current_of(document);
            found.reserve(document.len());
            for row in 0..document.len() {
                if current.as_ref().is_some_and(|rows| !rows[row]) {
                    continue;
                }
                let part = Part { document: index, record: u32::try_from(row).unwrap_or(u32::MAX) };
                found.add(&desk, part, &mut record);
            }
        }
        found.finish(&desk, &mut record);
        let lines = inputs.documents.iter().map(|_| LineIndex::default()).collect();
        Assessment {
            inputs,
            found,
            books,
            statements,
            lines,
            plan: Plan::default(),
            imports: export::Plan::default(),
        }
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
        self.found.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.entries.is_empty()
    }

    /// The document with this index.
    pub fn document(&self, index: usize) -> Option<&Document> {
        self.inputs.documents.get(index)
    }

    /// What the opportunity with this key would be with these facts, each a name and a value; nothing is kept.
    ///
    /// Only this opportunity is judged: what shows across opportunities, and which row of End User Reporting an
    /// account was probably meant to be, stays as it is.
    pub fn try_out(&self, key: &str, facts: &[(String, String)]) -> Option<OpportunityReport> {
        let mut supplements = self.inputs.supplements.clone();
        supplements.extend(facts.iter().map(|(fact, value)| Supplement {
            about: About::One(key.to_owned()),
            fact: fact.clone(),
            value: value.clone(),
        }));
        let statements = Statements::of(&supplements);
        let desk = Desk { supplements: &supplements, statements: &statements, ..self.desk() };
        self.opportunity_at(&desk, key)
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk {
            inputs: &self.inputs,
            supplements: &self.inputs.supplements,
            books: &self.books,
            statements: &self.statements,
        }
    }

    /// The entry with this key.
    pub(crate) fn find(&self, desk: &Desk<'_>, key: &str) -> Option<u32> {
        self.found.find(desk, key)
    }

    /// The key of an entry: opportunity id, else partner CRM id, else its place.
    pub(crate) fn key<'o>(&self, opp: &'o Opportunity<'_>, entry: u32) -> Cow<'o, str> {
        self.found.key(opp, entry)
    }

    /// Puts the opportunity of an entry together again.
    pub(crate) fn opportunity_of<'a>(&self, desk: &Desk<'a>, entry: u32) -> Opportunity<'a> {
        self.found.assemble(desk, entry, None, &mut Record::empty())
    }

    /// The copy of an entry for one of its several accounts.
    pub(crate) fn split_of<'a>(&self, desk: &Desk<'a>, entry: u32, account: AccountId) -> Opportunity<'a> {
        self.found.assemble(desk, entry, Some(account), &mut Record::empty())
    }
}

#[cfg(test)]
mod tests;
