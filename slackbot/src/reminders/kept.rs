//! What is kept of an opportunity that was checked: the facts that decide what is due, what it is called, nothing else.
//!
//! No amount, no account, nothing that somebody wrote at length. The last update is the later of two facts, as the core
//! takes it, and is kept as the one.

use crate::store::New;
use podcheck_core::assess::Assessment;
use podcheck_core::field::Field;

/// The facts that are kept beside the day of the last update.
const KEPT: [Field; 11] = [
    Field::OpportunityId,
    Field::ProjectTitle,
    Field::CustomerName,
    Field::ReviewStatus,
    Field::Stage,
    Field::TargetCloseDate,
    Field::LaunchedOn,
    Field::BillingStartedOn,
    Field::CreatedAt,
    Field::SubmittedOn,
    Field::DecidedOn,
];
/// The facts that are read.
const READ: [Field; 13] = {
    let mut read = [Field::LastModifiedAt; 13];
    let mut at = 0;
    while at < KEPT.len() {
        read[at] = KEPT[at];
        at += 1;
    }
    read[12] = Field::NextStepsHistory;
    read
};
/// A longer id is none that AWS gives, and a button could not name it.
const ID_CHARS_MAX: usize = 64;

/// What can be kept of a part of the opportunities, as they were given. One without an id that AWS could have given
/// cannot be found again, and is left out.
pub fn kept(assessment: &Assessment, from: usize, limit: usize) -> Vec<New> {
    let judged_on = assessment.inputs().as_of;
    let found = assessment.values(&READ, from, limit).into_iter();
    let kept = found.filter_map(|found| {
        let id = tracked_id(found.values[0].as_deref()?)?;
        let mut facts: std::collections::BTreeMap<String, String> = KEPT
            .iter()
            .zip(&found.values)
            .filter_map(|(field, value)| Some((field.name().to_owned(), value.clone()?)))
            .collect();
        facts.insert(Field::OpportunityId.name().to_owned(), id.clone());
        let [.., modified, written] = found.values.as_slice() else { return None };
        let written = written.as_ref().map(|day| format!("{day}T00:00:00Z"));
        // Both are spelled so that the later one is the greater text.
        if let Some(updated) = modified.clone().max(written) {
            facts.insert(Field::LastModifiedAt.name().to_owned(), updated);
        }
        let emptied = KEPT.iter().zip(&found.emptied).filter(|(_, is_empty)| **is_empty);
        let emptied = emptied.map(|(field, _)| field.name()).collect();
        Some(New { opportunity_id: id, facts, emptied, verdict: found.verdict, judged_on })
    });
    kept.collect()
}

/// An id as it is tracked, where this could be one: AWS's, an O and digits, with a capital, however it was typed.
pub fn tracked_id(text: &str) -> Option<String> {
    let is_number = |digits: &&str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let digits = text.strip_prefix('o').filter(is_number);
    is_id(text).then(|| digits.map_or_else(|| text.to_owned(), |digits| format!("O{digits}")))
}

/// Whether this could be an id of an opportunity: letters and digits, perhaps with `-` and `_`.
pub fn is_id(text: &str) -> bool {
    let is_mark = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= ID_CHARS_MAX && text.chars().all(is_mark)
}
