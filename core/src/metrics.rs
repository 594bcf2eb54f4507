//! The guide's metrics, each declared once: the table that counts is the table by which a list is filtered.

use crate::entry::Entry;
use crate::judge::check_index;
use crate::report::{Metric, Verdict};
use crate::rule::Outcome;
use rust_decimal::Decimal;

/// One of the guide's metrics: what it is about, and what of that it counts.
pub(crate) struct Measure {
    id: &'static str,
    name: &'static str,
    definition: &'static str,
    /// Whether it is about an entry at all.
    of: fn(&Entry) -> bool,
    /// Whether it counts an entry that it is about.
    counts: fn(&Entry) -> bool,
}

const POD006: usize = check_index("POD006");
const POD009: usize = check_index("POD009");
const EUR003: usize = check_index("EUR003");
const EUR004: usize = check_index("EUR004");
const DECIDING: [usize; 5] =
    [check_index("POD001"), check_index("POD002"), check_index("POD003"), check_index("POD004"), POD009];
const EUR: [usize; 4] = [check_index("EUR001"), check_index("EUR002"), EUR003, EUR004];

/// Every metric, in the order of the guide.
static METRICS: [Measure; 8] = [
    Measure {
        id: "pod_qualification_rate",
        name: "Submitted opportunities that earn the discount",
        definition: "Of the opportunities that were submitted: those that are eligible, or earned a discount that \
                     is over.",
        of: |entry| entry.traits.is_submitted,
        counts: qualifies,
    },
    Measure {
        id: "threshold_compliance",
        name: "Spend below the threshold",
        definition: "Of the opportunities whose spend is decided: those billed below the threshold.",
        of: |entry| is_decided(entry, POD009),
        counts: |entry| passes(entry, POD009),
    },
    Measure {
        id: "launch_success_rate",
        name: "Approved opportunities launched and eligible",
        definition: "Of the opportunities that AWS approved: those that are launched and earn the discount.",
        of: |entry| entry.traits.is_approved,
        counts: |entry| entry.traits.is_launched && qualifies(entry),
    },
    Measure {
        id: "eur_accuracy_rate",
        name: "End User Reporting complete and right",
        definition: "Of the opportunities with an End User Reporting record: those whose usage type, government \
                     fields and account are all right.",
        of: |entry| entry.traits.has_eur,
        counts: has_right_eur,
    },
    Measure {
        id: "government_exclusions",
        name: "Ruled out by government advising",
        definition: "Of the opportunities with an End User Reporting record: those whose account advises a \
                     government.",
        of: |entry| entry.traits.has_eur,
        counts: |entry| is(entry, EUR003, &[Outcome::Fail]),
    },
    Measure {
        id: "close_date_accuracy",
        name: "Close dates not in the past",
        definition: "Of the opportunities with a close date that can be judged: those launched in time, or whose \
                     close date has not passed.",
        of: |entry| is(entry, POD006, &[Outcome::Pass, Outcome::Warning, Outcome::Fail]),
        counts: |entry| is_fine(entry, POD006),
    },
    Measure {
        id: "sync_success_rate",
        name: "ACE and End User Reporting accounts agree",
        definition: "Of the opportunities whose account can be compared with End User Reporting: those in which \
                     both name the same account.",
        of: |entry| is_decided(entry, EUR004),
        counts: |entry| passes(entry, EUR004),
    },
    Measure {
        id: "retention_24_month",
        name: "Launched and still meeting End User Reporting",
        definition: "Of the launched opportunities whose discount has begun: those whose End User Reporting is \
                     still complete and right.",
        of: |entry| entry.traits.is_launched && entry.traits.has_window_started,
        counts: has_right_eur,
    },
];

impl Measure {
    /// Whether it counts the entry; none when it is not about it. What AWS originated is left out of all metrics.
    fn counts(&self, entry: &Entry) -> Option<bool> {
        (!entry.traits.is_from_aws && (self.of)(entry)).then(|| (self.counts)(entry))
    }

    /// Whether the entry is among those that a query asks for: `yes`, `no`, or, without a word, either.
    pub(crate) fn lists(&self, entry: &Entry, counted: &str) -> bool {
        self.counts(entry).is_some_and(|counts| match counted {
            "" => true,
            "yes" => counts,
            "no" => !counts,
            _ => false,
        })
    }

    fn report(&self, entries: &[Entry]) -> Metric {
        let found = || entries.iter().filter_map(|entry| self.counts(entry));
        let (numerator, denominator) = (found().filter(|counts| *counts).count(), found().count());
        let rate = (denominator > 0).then(|| {
            let rate = Decimal::from(numerator) / Decimal::from(denominator);
            format!("{:.4}", rate.round_dp(4))
        });
        Metric {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            definition: format!("{} What AWS originated is not counted.", self.definition),
            numerator,
            denominator,
            rate,
        }
    }
}

/// Every metric of these entries.
pub(crate) fn of(entries: &[Entry]) -> Vec<Metric> {
    METRICS.iter().map(|metric| metric.report(entries)).collect()
}

/// The metric with this id.
pub(crate) fn named(id: &str) -> Option<&'static Measure> {
    METRICS.iter().find(|metric| metric.id == id)
}

fn is(entry: &Entry, rule: usize, outcomes: &[Outcome]) -> bool {
    outcomes.contains(&entry.outcome(rule))
}

fn is_fine(entry: &Entry, rule: usize) -> bool {
    is(entry, rule, &[Outcome::Pass, Outcome::Warning])
}

fn passes(entry: &Entry, rule: usize) -> bool {
    is(entry, rule, &[Outcome::Pass])
}

fn is_decided(entry: &Entry, rule: usize) -> bool {
    is(entry, rule, &[Outcome::Pass, Outcome::Fail])
}

fn qualifies(entry: &Entry) -> bool {
    match entry.verdict {
        Verdict::Eligible => true,
        Verdict::Ended => DECIDING.iter().all(|rule| is_fine(entry, *rule)),
        _ => false,
    }
}

fn has_right_eur(entry: &Entry) -> bool {
    EUR.iter().all(|rule| passes(entry, *rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Query;
    use crate::testing::{LAUNCHED, assess};

    #[test]
    fn without_opportunities_no_metric_has_a_rate() {
        let metrics = of(&[]);
        assert_eq!(metrics.len(), 8);
        assert!(metrics.iter().all(|metric| metric.rate.is_none() && metric.denominator == 0));
    }

    #[test]
    fn a_list_by_metric_has_as_many_as_the_metric_counts() {
        let open =
            LAUNCHED.replace("O1", "O2").replace("Launched", "Committed").replace("launched_on=", "x=");
        let from_aws = LAUNCHED.replace("O1", "O3").replace("origin=partner", "origin=AWS Referral");
        let late =
            LAUNCHED.replace("O1", "O4").replace("eur.government_advising=no", "eur.government_advising=yes");
        let found = assess(&[LAUNCHED, &open, &from_aws, &late], &[]);
        let listed = |metric: &str, counted: &str| {
            let query = Query { metric: metric.into(), counted: counted.into(), ..Query::default() };
            found.rows(&query).total
        };
        for metric in of(&found.found.entries) {
            assert_eq!(listed(&metric.id, ""), metric.denominator, "{}", metric.id);
            assert_eq!(listed(&metric.id, "yes"), metric.numerator, "{}", metric.id);
            assert_eq!(listed(&metric.id, "no"), metric.denominator - metric.numerator, "{}", metric.id);
            assert_eq!(listed(&metric.id, "perhaps"), 0);
        }
        assert_eq!((listed("pod_qualification_rate", "yes"), listed("pod_qualification_rate", "no")), (1, 2));
        assert_eq!(listed("no_such_metric", ""), 0);
    }
}
