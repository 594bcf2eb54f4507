//! All opportunities together: counts, metrics, the list, and what shows only across documents.

use crate::actions;
use crate::assess::{Assessment, Desk, Entry};
use crate::document::Kind;
use crate::fact::At;
use crate::judge::{CHECKS, RULES, index_of};
use crate::opportunity::AccountId;
use crate::report::{Metric, Page, Portfolio, Query, Report, Row, SetFinding, Sort, Summary, Verdict};
use crate::rule::Outcome;
use crate::{changes, readiness, reconcile, say};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A finding across documents names at most so many places; the sentence gives the count.
const PLACES_MAX: usize = 20;

/// So many findings of one rule are told one by one; the rest are counted.
const FINDINGS_MAX: usize = 100;

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
            problems: self.problems(),
        }
    }

    /// Everything: the summary and the full report of every opportunity.
    pub fn report(&self) -> Report {
        let desk = self.desk();
        let summary = self.summary();
        Report {
            ruleset: summary.ruleset,
            as_of: summary.as_of,
            policy: summary.policy,
            documents: summary.documents,
            opportunities: (0..self.entries.len() as u32).map(|entry| self.detail(&desk, entry)).collect(),
            set: summary.set,
            portfolio: summary.portfolio,
            reconciliation: summary.reconciliation,
            changes: summary.changes,
            partner: summary.partner,
            problems: summary.problems,
        }
    }

    /// The opportunities that a query asks for, in its order.
    pub fn rows(&self, query: &Query) -> Page {
        let desk = self.desk();
        let mut found: Vec<u32> =
            (0..self.entries.len() as u32).filter(|at| self.is_wanted(*at, query)).collect();
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
        let entry = &self.entries[entry as usize];
        let is_in =
            |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|one| one == value);
        is_in(&query.verdicts, entry.verdict.as_str())
            && is_in(&query.submission, entry.submission.as_str())
            && is_in(&query.upkeep, entry.upkeep.as_str())
            && (query.rule.is_empty()
                || index_of(&query.rule).is_some_and(|rule| has_outcome(entry, rule, &query.outcome)))
    }

    fn sort(&self, desk: &Desk<'_>, found: &mut [u32], sort: Sort) {
        let entry = |at: &u32| &self.entries[*at as usize];
        let due = |at: &u32| entry(at).next.and_then(|next| next.due).unwrap_or(NaiveDate::MAX);
        match sort {
            Sort::Given => {}
            Sort::Worst => found.sort_by_key(|at| (entry(at).verdict, due(at))),
            Sort::Due => found.sort_by_key(due),
            Sort::CloseDate => found.sort_by_key(|at| entry(at).close_date.unwrap_or(NaiveDate::MAX)),
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
        let entry = &self.entries[at as usize];
        let opp = self.opportunity_of(desk, at);
        let case = desk.case(&opp);
        let mut counts = BTreeMap::new();
        for outcome in entry.outcomes().filter(|outcome| ATTENTION.contains(outcome)) {
            *counts.entry(outcome).or_default() += 1;
        }
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

    fn portfolio(&self) -> Portfolio {
        let mut verdicts = BTreeMap::new();
        let mut submission = BTreeMap::new();
        let mut upkeep = BTreeMap::new();
        for entry in &self.entries {
            *verdicts.entry(entry.verdict).or_default() += 1;
            *submission.entry(entry.submission).or_default() += 1;
            *upkeep.entry(entry.upkeep).or_default() += 1;
        }
        let mut counts = [[0usize; Outcome::ALL.len()]; CHECKS];
        for entry in &self.entries {
            for (count, outcome) in counts.iter_mut().zip(entry.outcomes()) {
                count[outcome as usize] += 1;
            }
        }
        let of_rule = |count: &[usize; Outcome::ALL.len()]| -> BTreeMap<Outcome, usize> {
            let counted = ATTENTION.iter().map(|outcome| (*outcome, count[*outcome as usize]));
            counted.filter(|(_, count)| *count > 0).collect()
        };
        let rules = RULES.iter().zip(&counts).map(|((rule, _), count)| (rule.id.to_owned(), of_rule(count)));
        let rules = rules.filter(|(_, counts)| !counts.is_empty()).collect();
        Portfolio {
            opportunities: self.entries.len(),
            verdicts,
            submission,
            upkeep,
            rules,
            metrics: metrics(&self.entries),
        }
    }

    /// What shows only across opportunities and documents; and how many rows of each document matched.
    fn set_findings(&self, desk: &Desk<'_>) -> (Vec<SetFinding>, Vec<Option<usize>>) {
        let mut set = self.duplicates_found(desk);
        set.extend(self.shared_accounts(desk));
        let (unmatched, matched) = self.unmatched_rows(desk);
        set.extend(unmatched);
        set.extend(self.ignored_documents());
        (set, matched)
    }

    fn duplicates_found(&self, desk: &Desk<'_>) -> Vec<SetFinding> {
        let each = self.duplicates.iter().take(FINDINGS_MAX).map(|duplicate| {
            let opp = self.opportunity_of(desk, duplicate.entry);
            let key = self.key(&opp, duplicate.entry).into_owned();
            let (document, record) = (duplicate.left_out.document, duplicate.left_out.record);
            let name = self.inputs.documents.get(usize::from(document)).map_or("", |document| document.name());
            let at = At { document, heading: 0, record, span: self.record_span(document, record) };
            SetFinding {
                rule: "SET001".to_owned(),
                message: format!(
                    "{key} stands more than once: record {} of {} was left out for the one that was modified last.",
                    record + 1,
                    say::quoted(name),
                ),
                remedy: "Remove the older copy.".to_owned(),
                opportunities: vec![key],
                places: self.place(at).into_iter().collect(),
            }
        });
        let more = self.duplicates.len().saturating_sub(FINDINGS_MAX);
        each.chain(and_more("SET001", more, "repeated record")).collect()
    }

    /// The first cell of a record: enough to show where it is.
    fn record_span(&self, document: u16, record: u32) -> crate::fact::Span {
        let mut cells = crate::document::Record::empty();
        if let Some(document) = self.inputs.documents.get(usize::from(document)) {
            document.read(record as usize, &mut cells);
        }
        cells.cells.first().map_or_else(Default::default, |cell| cell.span)
    }

    fn shared_accounts(&self, desk: &Desk<'_>) -> Vec<SetFinding> {
        let is_rival = |entry: &u32| {
            let traits = self.entries[*entry as usize].traits;
            !traits.is_over && !traits.is_from_aws
        };
        let groups = self.accounts.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        let groups = groups.map(|group| {
            let rivals: Vec<u32> = group.iter().map(|(_, entry)| *entry).filter(is_rival).collect();
            (group[0].0, rivals)
        });
        let (mut set, mut more) = (Vec::new(), 0);
        for (account, rivals) in groups.filter(|(_, rivals)| rivals.len() > 1) {
            if set.len() == FINDINGS_MAX {
                more += 1;
                continue;
            }
            let (mut keys, mut places) = (Vec::new(), Vec::new());
            for entry in rivals {
                let opp = self.opportunity_of(desk, entry);
                // An account may have been named by a copy that was left out for a newer one.
                if opp.aws_account_id.known().is_some_and(|ids| ids.all().contains(&account)) {
                    keys.push(self.key(&opp, entry).into_owned());
                    places.extend(opp.aws_account_id.at.and_then(|at| self.place(at)));
                }
            }
            if keys.len() > 1 {
                set.push(SetFinding {
                    rule: "SET002".to_owned(),
                    message: format!("The AWS account {account} stands on {}.", say::list(&keys)),
                    remedy: "Keep one opportunity for each account: the discount is earned once.".to_owned(),
                    opportunities: keys,
                    places,
                });
            }
        }
        set.extend(and_more("SET002", more, "shared account"));
        set
    }

    fn unmatched_rows(&self, desk: &Desk<'_>) -> (Vec<SetFinding>, Vec<Option<usize>>) {
        let mut unmatched: BTreeMap<(u16, Kind), Vec<(String, At)>> = BTreeMap::new();
        let mut matched = vec![Some(0); self.inputs.documents.len()];
        let mut tell = |account: AccountId, at: At, kind: Kind| {
            if self.accounts.binary_search_by(|(known, _)| known.cmp(&account)).is_ok() {
                if let Some(Some(count)) = matched.get_mut(usize::from(at.document)) {
                    *count += 1;
                }
            } else {
                unmatched.entry((at.document, kind)).or_default().push((account.to_string(), at));
            }
        };
        desk.books.eur.iter().for_each(|row| tell(row.account, row.at, Kind::Eur));
        desk.books.spend_accounts().for_each(|(account, at)| tell(account, at, Kind::Spend));
        desk.books.discounts.iter().for_each(|line| tell(line.account, line.at, Kind::Discounts));
        let mut set = Vec::new();
        for ((document, kind), mut rows) in unmatched {
            rows.dedup_by(|a, b| a.0 == b.0);
            let shown: Vec<&str> = rows.iter().take(3).map(|(account, _)| account.as_str()).collect();
            let more = rows.len().saturating_sub(shown.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let name =
                self.inputs.documents.get(usize::from(document)).map_or("", |document| document.name());
            set.push(SetFinding {
                rule: "SET003".to_owned(),
                message: format!(
                    "{} in {} {} no opportunity: {}{more}.",
                    say::count(rows.len() as i64, "account"),
                    say::quoted(name),
                    if rows.len() == 1 { "matches" } else { "match" },
                    shown.join(", "),
                ),
                remedy: match kind {
                    Kind::Eur => {
                        "Compare the ids with those in ACE: a wrong digit keeps the discount away.".to_owned()
                    }
                    _ => "Add the export that holds these opportunities, or leave the rows aside.".to_owned(),
                },
                opportunities: Vec::new(),
                places: rows.iter().take(PLACES_MAX).filter_map(|(_, at)| self.place(*at)).collect(),
            });
        }
        set.extend(desk.books.lost.iter().take(PLACES_MAX).map(|lost| SetFinding {
            rule: "SET003".to_owned(),
            message: lost.message.clone(),
            remedy: "Correct the row and give the document again.".to_owned(),
            opportunities: Vec::new(),
            places: self.place(lost.at).into_iter().collect(),
        }));
        (set, matched)
    }

    fn ignored_documents(&self) -> impl Iterator<Item = SetFinding> {
        self.inputs.documents.iter().filter(|document| document.kind() == Kind::Ignored).map(|document| {
            SetFinding {
                rule: "SET004".to_owned(),
                message: match document.problems().first() {
                    Some(problem) => {
                        format!("{} was not used. {}", say::quoted(document.name()), problem.message)
                    }
                    None => format!(
                        "{} was not used: it is none of the formats that are read.",
                        say::quoted(document.name())
                    ),
                },
                remedy: "Give an ACE export, Partner Central JSON, or an EUR, spend or discounts table."
                    .to_owned(),
                opportunities: Vec::new(),
                places: Vec::new(),
            }
        })
    }
}

/// The finding that counts what was not told one by one; none when everything was.
fn and_more(rule: &str, more: usize, noun: &'static str) -> Option<SetFinding> {
    (more > 0).then(|| SetFinding {
        rule: rule.to_owned(),
        message: format!("And {} more.", say::count(more as i64, noun)),
        remedy: "Put the ones above right first, then check again.".to_owned(),
        opportunities: Vec::new(),
        places: Vec::new(),
    })
}

fn has_outcome(entry: &Entry, rule: usize, wanted: &str) -> bool {
    let outcome = entry.outcome(rule);
    if wanted.is_empty() { ATTENTION.contains(&outcome) } else { say::outcome(outcome) == wanted }
}

/// The guide's metrics; what AWS originated is left out of all of them.
fn metrics(entries: &[Entry]) -> Vec<Metric> {
    let index = |id: &str| index_of(id).unwrap_or(usize::MAX);
    let deciding = ["POD001", "POD002", "POD003", "POD004", "POD009"].map(index);
    let eur = ["EUR001", "EUR002", "EUR003", "EUR004"].map(index);
    let (pod006, pod009, eur003, eur004) = (index("POD006"), deciding[4], eur[2], eur[3]);
    let is = |entry: &Entry, rule: usize, outcomes: &[Outcome]| outcomes.contains(&entry.outcome(rule));
    let is_fine = |entry: &Entry, rule: usize| is(entry, rule, &[Outcome::Pass, Outcome::Warning]);
    let qualifies = |entry: &Entry| match entry.verdict {
        Verdict::Eligible => true,
        Verdict::Ended => deciding.iter().all(|rule| is_fine(entry, *rule)),
        _ => false,
    };
    let has_right_eur = |entry: &Entry| eur.iter().all(|rule| is(entry, *rule, &[Outcome::Pass]));
    let passes = |entry: &Entry, rule: usize| is(entry, rule, &[Outcome::Pass]);
    let is_decided = |entry: &Entry, rule: usize| is(entry, rule, &[Outcome::Pass, Outcome::Fail]);
    let metric = |id: &str, of: &dyn Fn(&Entry) -> bool, counts: &dyn Fn(&Entry) -> bool| {
        let ours = || entries.iter().filter(|entry| !entry.traits.is_from_aws && of(entry));
        let (numerator, denominator) = (ours().filter(|entry| counts(entry)).count(), ours().count());
        let rate = (denominator > 0).then(|| {
            let rate = Decimal::from(numerator) / Decimal::from(denominator);
            format!("{:.4}", rate.round_dp(4))
        });
        Metric { id: id.to_owned(), numerator, denominator, rate }
    };
    vec![
        metric("pod_qualification_rate", &|e| e.traits.is_submitted, &qualifies),
        metric("threshold_compliance", &|e| is_decided(e, pod009), &|e| passes(e, pod009)),
        metric("launch_success_rate", &|e| e.traits.is_approved, &|e| e.traits.is_launched && qualifies(e)),
        metric("eur_accuracy_rate", &|e| e.traits.has_eur, &has_right_eur),
        metric("government_exclusions", &|e| e.traits.has_eur, &|e| is(e, eur003, &[Outcome::Fail])),
        metric(
            "close_date_accuracy",
            &|e| is(e, pod006, &[Outcome::Pass, Outcome::Warning, Outcome::Fail]),
            &|e| is_fine(e, pod006),
        ),
        metric("sync_success_rate", &|e| is_decided(e, eur004), &|e| passes(e, eur004)),
        metric(
            "retention_24_month",
            &|e| e.traits.is_launched && e.traits.has_window_started,
            &has_right_eur,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Submission, Upkeep};

    #[test]
    fn without_opportunities_no_metric_has_a_rate() {
        let metrics = metrics(&[]);
        assert_eq!(metrics.len(), 8);
        assert!(metrics.iter().all(|metric| metric.rate.is_none() && metric.denominator == 0));
    }

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
