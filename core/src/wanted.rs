//! Which document to drop next: the one that would decide most. Told from what is kept of each entry.

use crate::assess::Assessment;
use crate::desk::Desk;
use crate::entry::{Entry, Traits};
use crate::judge::check_index;
use crate::report::{WantedDocument, WantedKind};
use crate::rule::Outcome;
use crate::say;
use std::cmp::Reverse;

/// The documents that would decide something, the most useful first: what is needed now counts before what is not
/// due yet, and what AWS pays comes last, because it decides on nothing that is still to be done.
pub(crate) fn of(assessment: &Assessment, desk: &Desk<'_>) -> Vec<WantedDocument> {
    const EUR: [usize; 3] = [check_index("EUR001"), check_index("EUR002"), check_index("EUR003")];
    let entries = &assessment.found.entries;
    let count = |wants: fn(&Traits) -> bool| entries.iter().filter(|entry| wants(&entry.traits)).count();
    let is_needed_now = |entry: &&Entry| {
        entry.traits.wants_eur && EUR.iter().any(|rule| entry.outcome(*rule) == Outcome::Unknown)
    };
    let mut wanted = Vec::new();
    let mut want = |opportunities: usize, now: usize, kind, message: String| {
        if opportunities > 0 {
            wanted.push((Reverse(now), WantedDocument { kind, opportunities, message }));
        }
    };
    let spend = count(|traits| traits.wants_spend);
    let of_spend = say::opportunities(spend);
    want(
        spend,
        spend,
        WantedKind::Spend,
        match desk.books.has_spend {
            false => format!(
                "Drop a Cost Explorer export, by account and month, to decide the spend of {of_spend}."
            ),
            true => format!(
                "The spend you gave lacks the account or the month of {of_spend}: drop a Cost Explorer export that \
                 covers {}.",
                if spend == 1 { "it" } else { "them" }
            ),
        },
    );
    let eur = count(|traits| traits.wants_eur);
    let of_eur = say::opportunities(eur);
    want(
        eur,
        entries.iter().filter(is_needed_now).count(),
        WantedKind::Eur,
        match desk.books.has_eur {
            false => format!(
                "Drop the End User Reporting table to decide usage type and government fields of {of_eur}."
            ),
            true => format!(
                "The End User Reporting you gave has no row for the {} of {of_eur}: drop a newer or fuller table.",
                if eur == 1 { "account" } else { "accounts" }
            ),
        },
    );
    wanted.sort_by_key(|(now, document)| (*now, Reverse(document.opportunities)));
    let mut wanted: Vec<WantedDocument> = wanted.into_iter().map(|(_, document)| document).collect();
    let running = count(|traits| traits.is_running);
    if running > 0 && !desk.books.has_discounts {
        let are = if running == 1 { "is" } else { "are" };
        let message = format!(
            "Drop AWS's discount business report to see whether {} {are} paid.",
            say::count(running as i64, "running discount")
        );
        wanted.push(WantedDocument { kind: WantedKind::Discounts, opportunities: running, message });
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess};

    #[track_caller]
    fn wants(documents: &[&str], expect: &[(WantedKind, usize)]) -> Vec<String> {
        let wanted = assess(documents, &[]).summary().wanted;
        let kinds: Vec<_> = wanted.iter().map(|one| (one.kind, one.opportunities)).collect();
        assert_eq!(kinds, expect, "{wanted:?}");
        wanted.into_iter().map(|one| one.message).collect()
    }

    /// Launched, and without any of the lines that begin so.
    fn without(prefixes: &[&str]) -> String {
        let keeps = |line: &&str| !prefixes.iter().any(|prefix| line.starts_with(prefix));
        LAUNCHED.lines().filter(keeps).collect::<Vec<_>>().join("\n")
    }

    const OTHER_SPEND: &str = "aws_account_id,month,amount\n999922223333,2026-09,5\n";
    const SPEND: &str = "aws_account_id,month,amount\n111122223333,2026-09,5\n";
    const OTHER_EUR: &str = "AWS Account ID,Usage Type,Government Advising\n999922223333,End User,No\n";

    #[test]
    fn nothing_is_wanted_where_everything_is_known_but_what_aws_pays() {
        let words = wants(&[LAUNCHED], &[(WantedKind::Discounts, 1)]);
        assert_eq!(words, ["Drop AWS's discount business report to see whether 1 running discount is paid."]);
        wants(&[], &[]);
        wants(&[&LAUNCHED.replace("2026-10-15", "2027-10-15").replace("Launched", "Closed Lost")], &[]);
    }

    #[test]
    fn what_decides_is_wanted_until_it_is_given() {
        let deal = without(&["spend", "eur."]);
        let all = [(WantedKind::Spend, 1), (WantedKind::Eur, 1), (WantedKind::Discounts, 1)];
        let words = wants(&[&deal], &all);
        assert_eq!(
            words[0],
            "Drop a Cost Explorer export, by account and month, to decide the spend of 1 opportunity."
        );
        let words = wants(&[&deal, OTHER_SPEND, OTHER_EUR], &all);
        assert_eq!(
            words[..2],
            [
                "The spend you gave lacks the account or the month of 1 opportunity: drop a Cost Explorer export \
                 that covers it.",
                "The End User Reporting you gave has no row for the account of 1 opportunity: drop a newer or fuller \
                 table."
            ]
        );
        wants(&[&deal, SPEND], &[all[1], all[2]]);
        // Without an account no document can be joined.
        wants(&[&without(&["spend", "eur.", "aws_account_id"])], &[]);
    }

    #[test]
    fn many_are_counted_with_separators_and_in_the_plural() {
        let mut table = "Opportunity Id,Stage,Target Close Date,AWS Account ID\n".to_owned();
        for i in 0..1_234 {
            table.push_str(&format!("O{i},Launched,2026-10-15,11112222{i:04}\n"));
        }
        let all = [(WantedKind::Spend, 1_234), (WantedKind::Eur, 1_234), (WantedKind::Discounts, 1_234)];
        let words = wants(&[&table], &all);
        assert!(words[0].ends_with(" the spend of 1,234 opportunities."), "{words:?}");
        assert!(words[2].contains("whether 1,234 running discounts are paid"), "{words:?}");
        let words = wants(&[&table, OTHER_SPEND, OTHER_EUR], &all);
        assert!(words[0].ends_with(" covers them."), "{words:?}");
        assert!(words[1].contains("for the accounts of 1,234 opportunities"), "{words:?}");
    }

    #[test]
    fn what_is_needed_now_comes_before_what_is_not_due_yet() {
        let launched = without(&["spend"]);
        let open = |id: &str| {
            let open = without(&["eur.", "launched_on"]).replace("O1", id).replace("Launched", "Committed");
            open.replace("2026-10-15", "2026-12-15")
                .replace("111122223333", &format!("11112222333{}", &id[1..]))
        };
        wants(
            &[&launched, &open("O2"), &open("O3")],
            &[(WantedKind::Spend, 1), (WantedKind::Eur, 2), (WantedKind::Discounts, 1)],
        );
    }
}
