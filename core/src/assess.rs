//! The one entry point: documents, supplements, policy and a day in; an [`Assessment`] out.

use crate::document::{DateOrder, Document};
use crate::partner::Answers;
use crate::policy::Policy;
use crate::report::{Explanation, OpportunityReport, Page, Query, Report, Row, Summary};
use chrono::NaiveDate;

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
