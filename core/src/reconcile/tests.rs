//! What is paid against what should be.

use crate::report::{ReconciledFinding, Reconciliation, Verdict};
use crate::rule::Outcome;
use crate::testing::{assess, assess_on};
use rust_decimal::Decimal;

const HEADINGS: &str = "opportunity_id,origin,review_status,stage,target_close_date,aws_account_id\n";
const DISCOUNTS: &str = "aws_account_id,month,discount.partner_originated,discount.no_eur\n";

#[track_caller]
fn reconciled(deals: &str, lines: &str) -> Reconciliation {
    let documents = [format!("{HEADINGS}{deals}"), format!("{DISCOUNTS}{lines}")];
    let summary = assess(&[&documents[0], &documents[1]], &[]).summary();
    summary.reconciliation.unwrap()
}

fn findings(of: &Reconciliation) -> Vec<(Option<&str>, ReconciledFinding)> {
    of.accounts.iter().map(|account| (account.key.as_deref(), account.finding)).collect()
}

/// Its window runs from September 2026.
const ACTIVE: &str = "O1,partner,Approved,Launched,2026-08-15,111122223333\n";

#[test]
fn without_a_discounts_document_there_is_nothing_to_reconcile() {
    assert_eq!(assess(&[&format!("{HEADINGS}{ACTIVE}")], &[]).summary().reconciliation, None);
}

#[test]
fn an_active_window_is_unpaid_only_where_the_document_bills_within_it() {
    let unpaid = "999988887777,2026-09,0,0\n";
    assert_eq!(findings(&reconciled(ACTIVE, unpaid))[0], (Some("O1"), ReconciledFinding::Unpaid));
    assert_eq!(reconciled(ACTIVE, unpaid).unpaid_accounts, 1);
    let before = "999988887777,2026-08,0,0\n";
    assert_eq!(findings(&reconciled(ACTIVE, before))[0], (Some("O1"), ReconciledFinding::Nothing));
}

#[test]
fn a_line_that_says_only_when_its_discount_started_is_of_today() {
    let deals = format!("{HEADINGS}{ACTIVE}");
    let lines = "linked_account_id,partner_originated_discount,no_eur_discount,discount_start_date
999988887777,1,0,2025-10-01
";
    let of = assess(&[&deals, lines], &[]).summary().reconciliation.unwrap();
    assert_eq!(of.unpaid_accounts, 1);
}

#[test]
fn an_amount_is_outside_only_when_no_window_of_the_account_explains_it() {
    let deals = format!("{ACTIVE}O2,partner,Approved,Launched,2022-02-01,111122223333\n");
    let of = reconciled(&deals, "111122223333,2026-09,50,0\n111122223333,2023-01,7,0\n");
    assert_eq!((of.unexplained, of.unexplained_accounts), (Decimal::ZERO, 0));
    assert_eq!(of.partner_originated, Decimal::from(57));
    let of = reconciled(&deals, "111122223333,2025-01,50,3\n");
    assert_eq!((of.unexplained, of.unexplained_accounts), (Decimal::from(50), 1));
    assert_eq!((of.no_eur, of.no_eur_accounts), (Decimal::from(3), 1));
}

#[test]
fn amounts_without_an_opportunity_are_unexplained() {
    let of = reconciled(ACTIVE, "111122223333,2026-09,5,0\n999988887777,2026-09,4,0\n");
    assert_eq!(
        findings(&of),
        [(None, ReconciledFinding::Unexplained), (Some("O1"), ReconciledFinding::Paid)]
    );
    assert_eq!(of.unexplained, Decimal::from(4));
}

#[test]
fn each_account_of_several_is_reconciled_as_its_copy() {
    let deal = "O1,partner,Approved,Launched,2026-08-15,111122223333; 444455556666\n";
    let of = reconciled(deal, "111122223333,2026-09,5,0\n");
    let copy = of.accounts.iter().find(|account| account.account_id == "111122223333").unwrap();
    assert_eq!((copy.key.as_deref(), copy.finding), (Some("O1#111122223333"), ReconciledFinding::Paid));
    assert_eq!(of.unexplained, Decimal::ZERO);
}

#[test]
fn sums_too_large_for_an_amount_do_not_panic() {
    let huge = "79228162514264337593543950335";
    let lines = format!("111122223333,2026-09,{huge},{huge}\n").repeat(3);
    let of = reconciled(ACTIVE, &lines);
    assert_eq!(of.partner_originated, of.no_eur);
}

#[track_caller]
fn paid(deal: &str, eur: &str) -> crate::report::OpportunityReport {
    let documents = [
        format!("{HEADINGS}{deal}"),
        format!("{DISCOUNTS}111122223333,2026-09,5,0\n"),
        format!(
            "eur.account_id,eur.usage_type,eur.government_fields_complete,eur.government_advising\n{eur}"
        ),
    ];
    assess(&[&documents[0], &documents[1], &documents[2]], &[]).opportunity("O1").unwrap()
}

#[test]
fn what_aws_pays_settles_what_is_unknown_and_turns_failures_into_warnings() {
    let report = paid("O1,,,Launched,2026-08-15,111122223333\n", "111122223333,Reseller,yes,yes\n");
    for rule in ["POD001", "POD003", "POD004", "POD009"] {
        assert_eq!(report.outcome(rule), Outcome::Pass, "{rule}");
        assert!(report.check(rule).message.contains("AWS pays it"), "{rule}");
    }
    for rule in ["EUR001", "EUR003"] {
        let check = report.check(rule);
        assert_eq!((check.outcome, check.reading), (Outcome::Warning, true), "{rule}");
        assert!(check.message.starts_with("AWS pays it although"), "{}", check.message);
    }
    assert_eq!(report.verdict, Verdict::Eligible);
}

#[test]
fn closed_lost_that_aws_pays_is_judged_as_at_launch() {
    let report =
        paid("O1,partner,Approved,Closed Lost,2026-08-15,111122223333\n", "111122223333,End User,yes,no\n");
    assert_eq!((report.outcome("POD011"), report.outcome("POD010")), (Outcome::Warning, Outcome::Pass));
    assert_eq!(report.verdict, Verdict::Eligible);
    let window = report.window.unwrap();
    assert_eq!((window.month, window.assumes_launch), (Some(3), false));
}

#[test]
fn what_is_paid_outside_the_window_settles_nothing() {
    let documents = [
        format!("{HEADINGS}O1,partner,Approved,Closed Lost,2026-09-15,111122223333\n"),
        format!("{DISCOUNTS}111122223333,2026-09,5,0\n"),
    ];
    let report = assess_on("2026-11-22", &[&documents[0], &documents[1]], &[]).opportunity("O1").unwrap();
    assert_eq!(report.verdict, Verdict::NotEligible);
    assert_eq!(report.window, None);
}
