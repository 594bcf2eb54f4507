//! All opportunities together: counts, metrics and the list.

use crate::actions;
use crate::assess::Assessment;
use crate::desk::Desk;
use crate::entry::Entry;
use crate::judge::{CHECKS, RULES, index_of};
use crate::metrics;
use crate::ordered::Ordered;
use crate::report::{Page, Portfolio, Query, Report, Row, Sort, Submission, Summary, Upkeep, Verdict};
use crate::rule::Outcome;
use crate::{changes, readiness, reconcile, say, wanted};
use chrono::NaiveDate;

/// The outcomes that ask for attention.
const ATTENTION: [Outcome; 5] =
    [Outcome::Fail, Outcome::Unknown, Outcome::Pending, Outcome::Warning, Outcome::Advice];

impl Assessment {
    /// Everything but the opportunities themselves.
    pub fn summary(&self) -> Summary {
        let desk = self.desk();
        let (set, matched) = self.set_findings(&desk);
        Summary {
            ruleset: self.inputs.policy.ruleset.clone(),
            as_of: self.inputs.as_of,
            policy: self.inputs.policy.clone(),
            documents: self.document_reports(&matched),
            set,
            portfolio: self.portfolio(),
            reconciliation: reconcile::of(self, &desk),
            changes: changes::of(self, &desk),
            partner: readiness::of(&self.inputs.answers),
            wanted: wanted::of(self, &desk),
            problems: self.problems(&desk),
        }
    }

    /// Everything: the summary and the full report of every opportunity.
    pub fn report(&self) -> Report {
        Report { summary: self.summary(), opportunities: self.opportunities(0, self.len()) }
    }

    /// The opportunities that a query asks for, in its order.
    pub fn rows(&self, query: &Query) -> Page {
        let desk = self.desk();
        let mut found: Vec<u32> =
            (0..self.found.entries.len() as u32).filter(|at| self.is_wanted(*at, query)).collect();
        let search = query.search.trim().to_lowercase();
        if !search.is_empty() {
            found.retain(|entry| {
                self.names_of(&desk, *entry).iter().any(|name| name.to_lowercase().contains(&search))
            });
        }
        self.sort(&desk, &mut found, query.sort);
        if query.descending {
            found.reverse();
        }
        let wanted = found.iter().skip(query.from).take(query.limit);
        let rows = wanted.map(|entry| self.row(&desk, *entry)).collect();
        Page { total: found.len(), from: query.from, rows }
    }

    fn is_wanted(&self, entry: u32, query: &Query) -> bool {
        let entry = &self.found.entries[entry as usize];
        let is_in =
            |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|one| one == value);
        is_in(&query.verdicts, entry.verdict.as_str())
            && is_in(&query.submission, entry.submission.as_str())
            && is_in(&query.upkeep, entry.upkeep.as_str())
            && (query.rule.is_empty()
                || index_of(&query.rule).is_some_and(|rule| has_outcome(entry, rule, &query.outcome)))
            && (query.metric.is_empty()
                || metrics::named(&query.metric).is_some_and(|metric| metric.lists(entry, &query.counted)))
    }

    fn sort(&self, desk: &Desk<'_>, found: &mut [u32], sort: Sort) {
        let entry = |at: &u32| &self.found.entries[*at as usize];
        let due = |at: &u32| entry(at).next.and_then(|next| next.due).unwrap_or(NaiveDate::MAX);
        let rank = |at: &u32| match sort {
            Sort::Urgent => (urgency(entry(at).verdict), due(at)),
            Sort::CloseDate => (0, entry(at).close_date.unwrap_or(NaiveDate::MAX)),
            _ => (0, due(at)),
        };
        match sort {
            Sort::Given => {}
            Sort::Urgent | Sort::Due | Sort::CloseDate => found.sort_by_key(rank),
            Sort::Customer | Sort::Key => {
                let which = usize::from(sort == Sort::Customer);
                found.sort_by_cached_key(|at| self.names_of(desk, *at)[which].to_lowercase());
            }
        }
    }

    /// Key, customer and title of an entry.
    fn names_of(&self, desk: &Desk<'_>, entry: u32) -> [String; 3] {
        let opp = self.opportunity_of(desk, entry);
        let text = |fact: &crate::fact::Fact<'_, crate::opportunity::Text<'_>>| {
            fact.known().map_or(String::new(), |text| text.to_string())
        };
        [self.key(&opp, entry).into_owned(), text(&opp.customer_name), text(&opp.project_title)]
    }

    fn row(&self, desk: &Desk<'_>, at: u32) -> Row {
        let entry = &self.found.entries[at as usize];
        let opp = self.opportunity_of(desk, at);
        let case = desk.case(&opp);
        let counts = Ordered::counts(&ATTENTION, entry.outcomes());
        Row {
            key: self.key(&opp, at).into_owned(),
            title: opp.project_title.known().map(|text| text.to_string()),
            customer: opp.customer_name.known().map(|text| text.to_string()),
            account_id: opp.aws_account_id.known().and_then(|ids| ids.one()).map(|id| id.to_string()),
            stage: opp.stage.known().map(|stage| stage.as_str().to_owned()),
            close_date: entry.close_date,
            verdict: entry.verdict,
            submission: entry.submission,
            upkeep: entry.upkeep,
            counts,
            next: entry.next.and_then(|planned| actions::in_words(&case, planned)),
        }
    }

    /// How many opportunities have each verdict.
    pub(crate) fn verdicts(&self) -> Ordered<Verdict, usize> {
        Ordered::counts(Verdict::ALL, self.found.entries.iter().map(|entry| entry.verdict))
    }

    fn portfolio(&self) -> Portfolio {
        let entries = &self.found.entries;
        let mut counts = [[0usize; Outcome::ALL.len()]; CHECKS];
        for entry in &self.found.entries {
            for (count, outcome) in counts.iter_mut().zip(entry.outcomes()) {
                count[outcome as usize] += 1;
            }
        }
        let of_rule = |count: &[usize; Outcome::ALL.len()]| -> Ordered<Outcome, usize> {
            let counted = ATTENTION.iter().map(|outcome| (*outcome, count[*outcome as usize]));
            counted.filter(|(_, count)| *count > 0).collect()
        };
        let rules = RULES.iter().zip(&counts).map(|((rule, _), count)| (rule.id.to_owned(), of_rule(count)));
        let rules = rules.filter(|(_, counts)| !counts.is_empty()).collect();
        Portfolio {
            opportunities: self.found.entries.len(),
            verdicts: self.verdicts(),
            submission: Ordered::counts(Submission::ALL, entries.iter().map(|entry| entry.submission)),
            upkeep: Ordered::counts(Upkeep::ALL, entries.iter().map(|entry| entry.upkeep)),
            rules,
            metrics: metrics::of(&self.found.entries),
        }
    }
}

/// What can still be put right comes before what is fine, and what is lost or over comes last.
fn urgency(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NeedsFixing => 0,
        Verdict::NeedsInformation => 1,
        Verdict::OnTrack => 2,
        Verdict::Eligible => 3,
        Verdict::NotEligible => 4,
        Verdict::Ended => 5,
    }
}

fn has_outcome(entry: &Entry, rule: usize, wanted: &str) -> bool {
    let outcome = entry.outcome(rule);
    if wanted.is_empty() { ATTENTION.contains(&outcome) } else { say::outcome(outcome) == wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_one_spelling() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::parse(verdict.as_str()), Some(*verdict));
            assert_eq!(serde_json::to_string(verdict).unwrap(), format!("\"{}\"", verdict.as_str()));
        }
        for answer in Submission::ALL {
            assert_eq!(serde_json::to_string(answer).unwrap(), format!("\"{}\"", answer.as_str()));
        }
        for answer in Upkeep::ALL {
            assert_eq!(serde_json::to_string(answer).unwrap(), format!("\"{}\"", answer.as_str()));
        }
    }
}
