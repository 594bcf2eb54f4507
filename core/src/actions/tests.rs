//! What is due when.

use crate::report::{ActionKind, OpportunityReport};
use crate::rule::Outcome;
use crate::testing::{LAUNCHED, assess_on};
use chrono::NaiveDate;
use std::collections::BTreeSet;

#[track_caller]
fn on(as_of: &str, stated: &[&str]) -> OpportunityReport {
    assess_on(as_of, &[LAUNCHED], stated).opportunity("O1").unwrap()
}

#[track_caller]
fn actions(as_of: &str, stated: &[&str]) -> Vec<(String, String)> {
    let actions = on(as_of, stated).actions;
    assert!(actions.iter().map(|one| (one.due.is_none(), one.due)).is_sorted());
    actions.into_iter().map(|one| (one.rule, one.due.map_or(String::new(), |due| due.to_string()))).collect()
}

#[track_caller]
fn has(actions: &[(String, String)], rule: &str, due: &str) -> bool {
    actions.iter().any(|(id, day)| id == rule && day == due)
}

#[test]
fn the_eur_check_is_due_on_the_first_while_the_window_is_ahead_or_runs() {
    for (as_of, due) in [
        ("2026-10-20", "2026-11-01"),
        ("2026-11-01", "2026-11-01"),
        ("2026-11-02", "2026-12-01"),
        ("2028-10-01", "2028-10-01"),
    ] {
        assert!(has(&actions(as_of, &[]), "EUR002", due), "{as_of}");
    }
    assert!(has(
        &actions("2026-11-02", &["eur.city=Berlin", "eur.government_fields_complete=?"]),
        "EUR002",
        "2026-12-01"
    ));
    for (as_of, stated) in
        [("2028-10-02", &[][..]), ("2028-11-01", &[]), ("2026-11-02", &["origin=AWS Referral"])]
    {
        assert!(!actions(as_of, stated).iter().any(|(rule, _)| rule == "EUR002"), "{as_of} {stated:?}");
    }
}

#[test]
fn the_end_of_the_window_is_told_90_and_30_days_before() {
    let all = actions("2028-08-02", &[]);
    assert!(has(&all, "POD010", "2028-08-02") && has(&all, "POD010", "2028-10-01"), "{all:?}");
    let all = actions("2028-08-03", &[]);
    assert!(!has(&all, "POD010", "2028-08-02") && has(&all, "POD010", "2028-10-01"), "{all:?}");
}

#[test]
fn bill_close_date_and_start_are_due_up_to_their_day() {
    let open = ["stage=Committed", "launched_on=2030-01-01", "target_close_date=2026-12-15"];
    assert!(has(&actions("2026-11-22", &open), "POD009", "2026-12-01"));
    assert!(has(&actions("2026-12-01", &open), "POD009", "2026-12-01"));
    assert!(!has(&actions("2026-12-02", &open), "POD009", "2026-12-01"));
    assert!(has(&actions("2026-12-15", &open), "POD006", "2026-12-15"));
    assert!(has(&actions("2026-12-15", &open), "POD010", "2027-01-01"));
    let launched = ["target_close_date=2026-12-15"];
    assert!(has(&actions("2027-01-01", &launched), "POD010", "2027-01-01"));
    assert!(!has(&actions("2027-01-02", &launched), "POD010", "2027-01-01"));
}

#[test]
fn the_next_update_is_an_action_also_when_only_aws_may_have_edited() {
    let open = ["stage=Qualified", "launched_on=2030-01-01", "target_close_date=2027-02-01"];
    assert!(has(&actions("2026-11-22", &open), "UPD001", "2026-12-04"));
    let mut stated = open.to_vec();
    stated.push("next_steps_history=2026-10-01: call");
    let report = on("2026-11-22", &stated);
    assert_eq!(report.outcome("UPD001"), Outcome::Advice);
    assert!(has(&actions("2026-11-22", &stated), "UPD001", "2026-12-04"));
}

/// Id, kind and day of every action of an opportunity.
#[track_caller]
fn ids(as_of: &str, stated: &[&str]) -> Vec<(String, ActionKind, Option<NaiveDate>)> {
    let actions = on(as_of, stated).actions;
    let ids: BTreeSet<&str> = actions.iter().map(|action| &*action.id).collect();
    assert_eq!(ids.len(), actions.len(), "each has an id of its own: {actions:?}");
    actions.into_iter().map(|action| (action.id, action.kind, action.due)).collect()
}

#[test]
fn an_action_keeps_its_id_when_its_date_moves() {
    let open = |close| ["stage=Committed", "launched_on=2030-01-01", close];
    let named = |as_of, close| -> Vec<(String, ActionKind)> {
        ids(as_of, &open(close)).into_iter().map(|(id, kind, _)| (id, kind)).collect()
    };
    let before = named("2026-11-22", "target_close_date=2026-12-15");
    for (id, kind) in [
        ("UPD001", ActionKind::Update),
        ("POD009-verify", ActionKind::Spend),
        ("POD006", ActionKind::CloseDate),
        ("POD010", ActionKind::Launch),
        ("EUR002-check", ActionKind::Eur),
        ("POD010-starts", ActionKind::Starts),
        ("POD010-ends-90", ActionKind::Ends),
        ("POD010-ends-30", ActionKind::Ends),
    ] {
        assert!(before.iter().any(|one| one.0 == id && one.1 == kind), "{id}: {before:?}");
    }
    let moved = named("2026-11-23", "target_close_date=2026-12-20");
    assert_eq!(before, moved);
}

#[test]
fn what_is_overdue_is_what_was_due() {
    let stated = ["stage=Committed", "launched_on=2030-01-01", "target_close_date=2026-12-06"];
    let of = |as_of: &str, id: &str| ids(as_of, &stated).into_iter().find(|one| one.0 == id).unwrap();
    assert_eq!(of("2026-12-04", "UPD001").1, ActionKind::Update);
    assert_eq!(of("2026-12-05", "UPD001").1, ActionKind::Update);
    assert_eq!(of("2026-12-05", "POD006").1, ActionKind::CloseDate);
    assert_eq!(of("2026-12-07", "POD006").1, ActionKind::Fix);
}

#[test]
fn what_is_missing_is_to_be_filled_in() {
    let actions = ids("2026-11-22", &["eur.usage_type=?!", "opportunity_type=Expansion", "spend=oops"]);
    let kind = |id: &str| actions.iter().find(|one| one.0 == id).map(|one| one.1);
    assert_eq!(kind("POD009"), Some(ActionKind::Fill), "{actions:?}");
}
