//! What could not be used, beside the documents' own problems.

use crate::assess::{About, Assessment, DOCUMENTS_MAX, Supplement};
use crate::desk::{Desk, fact_named, is_of_one};
use crate::field::Field;
use crate::opportunity::AccountId;
use crate::report::ProblemReport;
use crate::{changes, say};

/// So many supplements that were not used are told one by one; the rest are counted.
const TOLD_MAX: usize = 100;

impl Assessment {
    /// What could not be used, beside the documents' own problems.
    pub(crate) fn problems(&self, desk: &Desk<'_>) -> Vec<ProblemReport> {
        let mut messages: Vec<String> = changes::unread(self).collect();
        if self.inputs.documents.len() > DOCUMENTS_MAX {
            messages.push(format!("Only the first {DOCUMENTS_MAX} documents were used."));
        }
        let unused =
            || (0..).zip(&self.inputs.supplements).filter_map(|(at, it)| self.why_unused(desk, at, it));
        messages.extend(unused().take(TOLD_MAX));
        let more = unused().skip(TOLD_MAX).count();
        if more > 0 {
            messages.push(format!(
                "And {} more that you stated could not be used.",
                say::count(more as i64, "fact")
            ));
        }
        messages.into_iter().map(|message| ProblemReport { message, place: None }).collect()
    }

    /// Why what the user stated is of no use, if it is not.
    fn why_unused(&self, desk: &Desk<'_>, at: usize, said: &Supplement) -> Option<String> {
        if fact_named(&said.fact).is_none() {
            return Some(format!(
                "There is no fact {}; see the list of canonical names.",
                say::quoted(&said.fact)
            ));
        }
        if desk.statements.left_out.binary_search(&at).is_ok() {
            let fact = say::quoted(&said.fact);
            let is_of_one = fact_named(&said.fact).is_some_and(|(field, _)| is_of_one(field));
            return Some(if is_of_one && said.about == About::Lacking {
                format!("{fact} cannot be stated of all that lack it: each has its own.")
            } else {
                format!("{fact} is one fact too many to state of all.")
            });
        }
        let About::One(key) = &said.about else { return None };
        if self.is_known(desk, key) {
            return None;
        }
        Some(format!(
            "You stated {} of {}, which is none of the opportunities.",
            say::quoted(&said.fact),
            say::quoted(key)
        ))
    }

    fn is_known(&self, desk: &Desk<'_>, key: &str) -> bool {
        // What renames an opportunity was stated under its former name.
        let renames = |field: Field| matches!(field, Field::OpportunityId | Field::PartnerCrmId);
        let is_copy = || self.copy(desk, key).is_some();
        self.find(desk, key).is_some()
            || is_copy()
            || desk.statements.of_key(key).iter().any(|stated| renames(stated.field))
    }

    /// The entry and the account that the key of a copy names: `O123#123456789012`.
    pub(crate) fn copy(&self, desk: &Desk<'_>, key: &str) -> Option<(u32, AccountId)> {
        let (before, account) = key.rsplit_once('#')?;
        let account = AccountId::from_number(account.parse().ok()?)?;
        let entry = self.find(desk, before)?;
        let opp = self.opportunity_of(desk, entry);
        let is_named = opp.aws_account_id.known().is_some_and(|ids| ids.all().contains(&account));
        is_named.then_some((entry, account))
    }
}
