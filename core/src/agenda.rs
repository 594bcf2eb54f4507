//! What is to be done by when, across all opportunities.
//!
//! The dates of all are planned once, without a sentence, and kept while the assessment lives: 16 bytes an action.
//! Sentences are made for the part that is asked for.

use crate::actions::{self, Planned, What};
use crate::assess::Assessment;
use crate::desk::Desk;
use crate::document::Record;
use crate::judge::judge;
use crate::report::{Agenda, AgendaItem, AgendaQuery, IsoDay};
use crate::rule::Outcome;
use chrono::NaiveDate;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// Every dated action of every opportunity, in the order of the agenda.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    made: OnceLock<Vec<Due>>,
}

/// An action with a date, before it is put into words. In order: by day, then as actions of one opportunity are
/// ordered, then as the opportunities were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    day: NaiveDate,
    /// What its rule found.
    outcome: Outcome,
    what: What,
    entry: u32,
}

impl Assessment {
    /// What is to be done by when: the actions of all opportunities that have a date.
    pub fn agenda(&self, query: &AgendaQuery) -> Agenda {
        let desk = self.desk();
        let all = self.plan.made.get_or_init(|| self.all_due(&desk));
        let end = query.until.map_or(all.len(), |IsoDay(until)| all.partition_point(|due| due.day <= until));
        let is_wanted = |due: &&Due| {
            let kind = due.what.kind(due.outcome).as_str();
            query.kinds.is_empty() || query.kinds.iter().any(|wanted| wanted == kind)
        };
        let found: Vec<&Due> = all[..end].iter().filter(is_wanted).collect();
        let count =
            |order: Ordering| found.iter().filter(|due| due.day.cmp(&self.inputs.as_of) == order).count();
        let mut has_any = vec![false; self.len()];
        found.iter().for_each(|due| has_any[due.entry as usize] = true);
        let part = found.iter().skip(query.from).take(query.limit);
        Agenda {
            total: found.len(),
            opportunities: has_any.into_iter().filter(|has_any| *has_any).count(),
            from: query.from,
            overdue: count(Ordering::Less),
            today: count(Ordering::Equal),
            later: count(Ordering::Greater),
            items: part.filter_map(|due| self.agenda_item(&desk, due)).collect(),
        }
    }

    fn all_due(&self, desk: &Desk<'_>) -> Vec<Due> {
        let mut all = Vec::new();
        let mut record = Record::empty();
        for entry in 0..self.len() as u32 {
            let opp = self.found.assemble(desk, entry, None, &mut record);
            let case = desk.case(&opp);
            let findings = judge(&case).findings;
            let dated = actions::in_order(&case, &findings).into_iter();
            all.extend(dated.filter_map(|Planned { what, due }| {
                Some(Due { day: due?, outcome: actions::outcome_of(what, &findings), what, entry })
            }));
        }
        all.sort_unstable();
        all
    }

    fn agenda_item(&self, desk: &Desk<'_>, due: &Due) -> Option<AgendaItem> {
        let opp = self.opportunity_of(desk, due.entry);
        let action = actions::in_words(&desk.case(&opp), Planned { what: due.what, due: Some(due.day) })?;
        Some(AgendaItem {
            key: self.key(&opp, due.entry).into_owned(),
            customer: opp.customer_name.known().map(|text| text.to_string()),
            title: opp.project_title.known().map(|text| text.to_string()),
            verdict: self.found.entries[due.entry as usize].verdict,
            action,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess, day};

    /// One launched on time, and two that are open.
    fn three() -> Assessment {
        let open = |id: &str, close: &str| {
            LAUNCHED
                .replace("O1", id)
                .replace("stage=Launched", "stage=Committed")
                .replace("launched_on", "billing_started_on")
                .replace("2026-10-15", close)
        };
        assess(&[LAUNCHED, &open("O2", "2026-12-15"), &open("O3", "2026-11-01")], &[])
    }

    fn ask(found: &Assessment, query: AgendaQuery) -> Agenda {
        found.agenda(&AgendaQuery { limit: if query.limit == 0 { 1_000 } else { query.limit }, ..query })
    }

    #[test]
    fn the_agenda_holds_every_dated_action_of_every_report_in_the_order_of_their_days() {
        let found = three();
        let agenda = ask(&found, AgendaQuery::default());
        let mut expect: Vec<(String, crate::report::Action)> = Vec::new();
        for one in found.report().opportunities {
            let dated = one.actions.into_iter().filter(|action| action.due.is_some());
            expect.extend(dated.map(|action| (one.key.clone(), action)));
        }
        assert!(expect.len() > 10);
        assert_eq!((agenda.total, agenda.items.len()), (expect.len(), expect.len()));
        assert_eq!(agenda.overdue + agenda.today + agenda.later, agenda.total);
        assert!(agenda.items.iter().map(|item| item.action.due).is_sorted());
        for item in &agenda.items {
            let at = expect.iter().position(|(key, action)| *key == item.key && *action == item.action);
            expect.swap_remove(at.unwrap_or_else(|| panic!("{item:?} is in no report")));
        }
    }

    #[test]
    fn a_part_is_a_part_of_the_whole() {
        let found = three();
        let whole = ask(&found, AgendaQuery::default()).items;
        for (from, limit) in [(0, 1), (3, 2), (5, 100), (whole.len(), 1), (usize::MAX, usize::MAX)] {
            let part = ask(&found, AgendaQuery { from, limit, ..AgendaQuery::default() }).items;
            let expect: Vec<_> = whole.iter().skip(from).take(limit).cloned().collect();
            assert_eq!(part, expect, "{from} {limit}");
        }
    }

    #[test]
    fn days_and_kinds_limit_what_is_counted() {
        let found = three();
        let until = |text: &str| {
            ask(&found, AgendaQuery { until: Some(IsoDay(day(text))), ..AgendaQuery::default() })
        };
        let last = ask(&found, AgendaQuery::default()).items.last().unwrap().action.due.unwrap();
        assert_eq!(until("2026-11-22").later, 0);
        assert!(until("2026-11-22").today > 0 && until("2026-11-21").today == 0);
        assert!(until("2026-12-01").items.iter().all(|item| item.action.due <= Some(day("2026-12-01"))));
        assert_eq!(until(&last.to_string()).total, ask(&found, AgendaQuery::default()).total);
        let kinds = |kinds: &[&str]| {
            let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            ask(&found, AgendaQuery { kinds, ..AgendaQuery::default() })
        };
        assert!(
            kinds(&["ends", "eur"])
                .items
                .iter()
                .all(|item| ["ends", "eur"].contains(&item.action.kind.as_str()))
        );
        assert_eq!(kinds(&["ends"]).total + kinds(&["eur"]).total, kinds(&["ends", "eur"]).total);
        assert_eq!(kinds(&["nonsense"]).total, 0);
    }

    #[test]
    fn an_opportunity_with_several_things_to_do_is_counted_once() {
        let found = three();
        for until in ["2026-11-21", "2026-11-22", "2026-12-01", "2029-01-01"] {
            let query = AgendaQuery { until: Some(IsoDay(day(until))), ..AgendaQuery::default() };
            let agenda = ask(&found, query.clone());
            let keys: std::collections::BTreeSet<_> = agenda.items.iter().map(|item| &item.key).collect();
            assert_eq!(agenda.opportunities, keys.len(), "{until}");
            let part = ask(&found, AgendaQuery { from: 1, limit: 1, ..query });
            assert_eq!(part.opportunities, keys.len(), "a part counts the whole: {until}");
        }
        let all = ask(&found, AgendaQuery::default());
        assert_eq!(all.opportunities, 3);
        assert!(all.total > 3);
    }
}
