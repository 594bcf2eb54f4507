//! Whole documents to verdicts, windows, actions, metrics and findings across documents.

use crate::assess::Assessment;
use crate::judge::RULES;
use crate::ordered::Ordered;
use crate::report::{OpportunityReport, PlanState, Query, Sort, Submission, Upkeep, Verdict, WindowState};
use crate::rule::{Outcome, Section};
use crate::testing::{LAUNCHED, assess, assess_on, day};

#[track_caller]
fn on(as_of: &str, stated: &[&str]) -> OpportunityReport {
    assess_on(as_of, &[LAUNCHED], stated).opportunity("O1").unwrap()
}

#[track_caller]
fn verdict(as_of: &str, stated: &[&str], expect: Verdict) {
    let report = on(as_of, stated);
    let found: Vec<_> = report.checks.iter().map(|check| (&check.rule, check.outcome)).collect();
    assert_eq!(report.verdict, expect, "{stated:?}: {found:?}");
}

#[test]
fn the_first_that_applies_is_the_verdict() {
    verdict("2026-11-22", &[], Verdict::Eligible);
    verdict(
        "2026-11-22",
        &["stage=Committed", "target_close_date=2026-12-15", "launched_on="],
        Verdict::OnTrack,
    );
    verdict("2026-11-22", &["eur.usage_type=Reseller"], Verdict::NeedsFixing);
    verdict("2026-11-22", &["opportunity_type=?"], Verdict::NeedsInformation);
    verdict("2026-11-22", &["eur.usage_type=Reseller", "origin=AWS Referral"], Verdict::NotEligible);
    verdict("2028-10-31", &[], Verdict::Eligible);
    verdict("2028-11-01", &[], Verdict::Ended);
    verdict("2028-11-01", &["eur.usage_type=Reseller"], Verdict::Ended);
    verdict("2028-11-01", &["origin=AWS Referral"], Verdict::NotEligible);
}

#[test]
fn at_launch_what_needs_another_date_or_account_cannot_be_cured() {
    for (stated, rule) in [("spend=5000", "POD009"), ("aws_account_id=111122223333; 444455556666", "POD008")]
    {
        let report = on("2026-10-20", &[stated]);
        assert_eq!(
            (report.outcome(rule), report.check(rule).curable),
            (Outcome::Fail, Some(false)),
            "{rule}"
        );
        assert_eq!(report.verdict, Verdict::NotEligible);
        let report = on("2026-10-14", &[stated, "stage=Committed", "launched_on=2030-01-01"]);
        assert_eq!((report.outcome(rule), report.check(rule).curable), (Outcome::Fail, Some(true)), "{rule}");
    }
    let report = on("2026-10-20", &["eur.account_id=999988887777"]);
    assert_eq!(report.check("EUR004").curable, Some(true));
}

#[test]
fn when_the_discount_has_begun_later_changes_do_not_matter() {
    for stage in ["stage=Closed Lost", "stage=Qualified"] {
        verdict(
            "2026-10-31",
            &[stage],
            if stage.contains("Lost") { Verdict::NotEligible } else { Verdict::NeedsFixing },
        );
        verdict("2026-11-01", &[stage], Verdict::Eligible);
        verdict("2026-11-01", &[stage, "review_status=In review"], Verdict::Eligible);
        verdict("2026-11-01", &[stage, "review_status=Rejected"], Verdict::NotEligible);
        verdict("2026-11-01", &[stage, "review_status=Pending Submission"], Verdict::NeedsFixing);
        let window = on("2026-11-01", &[stage]).window.unwrap();
        assert_eq!(
            (window.state, window.month, window.assumes_launch),
            (WindowState::Active, Some(1), false)
        );
    }
}

#[test]
fn a_lost_opportunity_is_asked_three_questions() {
    let report = on("2026-11-22", &["stage=Closed Lost", "launched_on=2026-12-01"]);
    let asked: Vec<&str> = report
        .checks
        .iter()
        .filter(|check| matches!(check.section, Section::Pod | Section::Eur))
        .filter(|check| check.outcome != Outcome::NotApplicable)
        .map(|check| check.rule.as_str())
        .collect();
    assert_eq!(asked, ["POD001", "POD011"]);
    assert_eq!((report.window, report.planner), (None, None));
    assert_eq!((report.submission, report.upkeep), (Submission::NotNeeded, Upkeep::NotNeeded));
}

#[test]
fn the_window_is_upcoming_active_ended_void_or_none() {
    let state = |as_of: &str, stated: &[&str]| {
        on(as_of, stated).window.map(|window| (window.state, window.month, window.assumes_launch))
    };
    assert_eq!(state("2026-10-31", &[]), Some((WindowState::Upcoming, None, false)));
    assert_eq!(state("2026-11-01", &[]), Some((WindowState::Active, Some(1), false)));
    assert_eq!(state("2028-10-31", &[]), Some((WindowState::Active, Some(24), false)));
    assert_eq!(state("2028-11-01", &[]), Some((WindowState::Ended, None, false)));
    assert_eq!(state("2026-11-22", &["origin=AWS Referral"]), Some((WindowState::Void, None, false)));
    let open = ["stage=Committed", "launched_on=2030-01-01"];
    assert_eq!(state("2026-10-16", &open), Some((WindowState::Void, None, true)));
    assert_eq!(state("2026-10-15", &open), Some((WindowState::Upcoming, None, true)));
    assert_eq!(state("2026-10-15", &["target_close_date=soon"]), None);
}

#[test]
fn every_answer_on_submission_is_reached() {
    let submission = |text: &str| assess(&[text], &[]).opportunity("O1").unwrap().submission;
    let of = |status: &str, stage: &str| {
        submission(&format!("opportunity_id=O1\nreview_status={status}\nstage={stage}"))
    };
    assert_eq!(submission("opportunity_id=O1\norigin=AWS Referral\nstage=Launched"), Submission::NotNeeded);
    assert_eq!(of("Pending Submission", "Launched"), Submission::WouldBeRejected);
    assert_eq!(of("Approved", "Launched"), Submission::NotNeeded);
    assert_eq!(of("Rejected", "Closed Lost"), Submission::NotNeeded);
    assert_eq!(of("Rejected", "Qualified"), Submission::Submitted);
    assert_eq!(of("Pending Submission", "Qualified"), Submission::Incomplete);
    assert_eq!(of("Pending Submission", "Qualified\ncountry=Atlantis"), Submission::WouldBeRejected);
    let table =
        "opportunity_id,stage,review_status,target_close_date\nO1,Qualified,Pending Submission,2027-01-15\n";
    assert_eq!(submission(table), Submission::NotShown);
    assert_eq!(submission(&table.replace("2027-01-15", "")), Submission::Incomplete);
}

#[test]
fn every_answer_on_upkeep_is_reached() {
    let open = ["stage=Qualified", "launched_on=2030-01-01"];
    let upkeep = |as_of: &str, status: &str| on(as_of, &[open[0], open[1], status]).upkeep;
    for (status, expect) in [
        ("review_status=Rejected", Upkeep::NotNeeded),
        ("review_status=Submitted", Upkeep::Locked),
        ("review_status=In review", Upkeep::Locked),
        ("review_status=Action Required", Upkeep::ActionRequired),
        ("review_status=Pending Submission", Upkeep::NotSubmitted),
    ] {
        assert_eq!(upkeep("2026-11-22", status), expect, "{status}");
    }
    for (as_of, expect) in [
        ("2026-11-30", Upkeep::UpToDate),
        ("2026-12-01", Upkeep::DueSoon),
        ("2026-12-04", Upkeep::DueSoon),
        ("2026-12-05", Upkeep::Overdue),
    ] {
        assert_eq!(upkeep(as_of, "review_status=Approved"), expect, "{as_of}");
    }
    let unknown = on("2026-12-05", &[open[0], open[1], "last_modified_at=long ago"]);
    assert_eq!((unknown.upkeep, unknown.update), (Upkeep::Unknown, None));
}

#[test]
fn the_planner_looks_seven_months_ahead_and_chooses_the_earliest_that_qualifies() {
    let stated = [
        "stage=Committed",
        "launched_on=2030-01-01",
        "target_close_date=2026-12-15",
        "spend.2026-10=5000",
        "spend.2026-11=10",
        "spend.2026-12=6000",
    ];
    let planner = on("2026-11-22", &stated).planner.unwrap();
    let states: Vec<PlanState> = planner.months.iter().map(|month| month.state).collect();
    assert_eq!(states[..3], [PlanState::Fails, PlanState::Provisional, PlanState::Fails]);
    assert_eq!(states[3..], [PlanState::Unknown; 4]);
    let best = planner.best.unwrap();
    assert_eq!((best.close_month.as_str(), best.last_day), ("2026-12", day("2026-12-31")));
    assert_eq!(on("2026-11-22", &[]).planner, None);
}

#[test]
fn every_rule_stands_once_in_the_order_of_ids() {
    let ids =
        |report: &OpportunityReport| report.checks.iter().map(|check| check.rule.clone()).collect::<Vec<_>>();
    let expect: Vec<&str> = RULES.iter().map(|(rule, _)| rule.id).collect();
    assert_eq!(expect.len(), 13 + 6 + 16 + 9);
    for stated in [&[][..], &["stage=Closed Lost"], &["stage=?", "target_close_date=?"]] {
        assert_eq!(ids(&on("2026-11-22", stated)), expect);
    }
    for section in ["POD", "EUR", "ACE", "UPD"] {
        assert!(expect.iter().filter(|id| id.starts_with(section)).is_sorted());
    }
}

const HEADINGS: &str = "opportunity_id,origin,review_status,stage,target_close_date,aws_account_id\n";

fn table(rows: &[&str]) -> String {
    rows.iter().fold(HEADINGS.to_owned(), |table, row| format!("{table}{row}\n"))
}

#[test]
fn an_account_on_two_open_opportunities_is_a_finding() {
    let shared = |rows: &[&str]| {
        let set = assess(&[&table(rows)], &[]).summary().set;
        set.into_iter()
            .filter(|finding| finding.rule == "SET002")
            .map(|it| it.opportunities)
            .collect::<Vec<_>>()
    };
    let one = "O1,partner,Approved,Qualified,2027-01-15,111122223333";
    assert_eq!(shared(&[one, "O2,,Approved,Qualified,2027-01-15,111122223333"]), [["O1", "O2"]]);
    for other in [
        "O2,AWS Referral,Approved,Qualified,2027-01-15,111122223333",
        "O2,partner,Rejected,Qualified,2027-01-15,111122223333",
        "O2,partner,Approved,Closed Lost,2027-01-15,111122223333",
        "O2,partner,Approved,Launched,2022-01-15,111122223333",
    ] {
        assert!(shared(&[one, other]).is_empty(), "{other}");
    }
}

#[test]
fn a_finding_about_many_opportunities_stays_a_sentence() {
    let rows: Vec<String> =
        (0..2_000).map(|i| format!("O{i},partner,Approved,Qualified,2027-01-15,111122223333")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let set = assess(&[&table(&rows)], &[]).summary().set;
    assert_eq!((set.len(), set[0].opportunities.len(), set[0].places.len()), (1, 2_000, 20));
    assert!(set[0].message.ends_with("O19 and 1980 more."), "{}", set[0].message);
}

#[test]
fn rows_are_counted_by_document_whether_they_match_or_not() {
    let deals = table(&["O1,partner,Approved,Qualified,2027-01-15,111122223333"]);
    let spend = "aws_account_id,month,amount\n111122223333,2026-10,1\n111122223333,2026-11,1\n999988887777,2026-10,1\n999988887777,2026-11,1\nx,2026-11,1\n";
    let more = "aws_account_id,month,amount\n111122223333,2026-09,1\n";
    let summary = assess(&[&deals, spend, more], &[]).summary();
    let matched: Vec<_> = summary.documents.iter().map(|document| document.matched).collect();
    assert_eq!(matched, [None, Some(2), Some(1)]);
    let told: Vec<&str> = summary.set.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("2 rows of 1 account in") && told[0].contains("999988887777"), "{}", told[0]);
    assert!(told[1].contains("account id"), "{}", told[1]);
}

#[test]
fn no_row_that_cannot_be_read_is_left_untold() {
    let rows = "x,2026-11,1\n".repeat(150);
    let set =
        assess(&[&format!("aws_account_id,month,amount\n111122223333,2026-10,1\n{rows}")], &[]).summary().set;
    assert_eq!(set.last().unwrap().message, "And 50 unreadable rows more.");
}

/// The numerator and the denominator of a metric.
fn metric(of: &Assessment, id: &str) -> (usize, usize) {
    let metrics = of.summary().portfolio.metrics;
    let metric = metrics.iter().find(|metric| metric.id == id).unwrap();
    (metric.numerator, metric.denominator)
}

#[test]
fn the_metrics_count_what_they_say() {
    let record = |id: &str, changes: &[(&str, &str)]| {
        let mut text = LAUNCHED.replace("=O1", &format!("={id}"));
        for (from, to) in changes {
            text = text.replace(from, to);
        }
        text
    };
    let records = [
        record("O1", &[]),
        record("O2", &[("2026-10-15", "2022-10-15"), ("2026-10-10", "2022-10-10")]),
        record("O3", &[("spend=100", "spend=5000")]),
        record("O4", &[("advising=no", "advising=yes")]),
        record("O5", &[("stage=Launched", "stage=Qualified"), ("launched_on=2026-10-10\n", "")]),
        record(
            "O6",
            &[
                ("Approved", "Pending Submission"),
                ("stage=Launched", "stage=Qualified"),
                ("launched_on=2026-10-10\n", ""),
                ("2026-10-15", "2027-01-15"),
            ],
        ),
        record("O7", &[("origin=partner", "origin=AWS Referral")]),
        record("O8", &[("eur.account_id=111122223333", "eur.account_id=999988887777")]),
    ];
    let of = assess(&[&records.join("\n---\n")], &[]);
    assert_eq!(of.len(), 8);
    for (id, expect) in [
        // O7 is AWS's; of the seven others O6 was not submitted. O1 is eligible, O2 ended with all in order.
        ("pod_qualification_rate", (2, 6)),
        // O6's month is ahead.
        ("threshold_compliance", (5, 6)),
        ("launch_success_rate", (2, 6)),
        ("eur_accuracy_rate", (5, 7)),
        ("government_exclusions", (1, 7)),
        // O5's date has passed before its launch.
        ("close_date_accuracy", (6, 7)),
        ("sync_success_rate", (6, 7)),
        // O1, O2 and O8: the windows of O3 and O4 are void.
        ("retention_24_month", (2, 3)),
    ] {
        assert_eq!(metric(&of, id), expect, "{id}");
    }
}

#[test]
fn changes_tell_what_is_new_gone_and_otherwise() {
    let before = assess(&[&format!("{LAUNCHED}\n---\nopportunity_id=O2\nstage=Qualified")], &[]).report();
    let earlier = serde_json::to_string(&before).unwrap();
    let now = format!(
        "{}\n---\nopportunity_id=O3\nstage=Qualified",
        LAUNCHED.replace("origin=partner", "origin=AWS Referral")
    );
    let changes = assess_on("2026-11-23", &[&now, &earlier], &[]).summary().changes.unwrap();
    assert_eq!(changes.since, "2026-11-22");
    assert_eq!((changes.new, changes.gone), (vec!["O3".to_owned()], vec!["O2".to_owned()]));
    assert_eq!((changes.changed.len(), changes.changed[0].from.as_str()), (1, "eligible"));
    assert_eq!((changes.changed[0].key.as_str(), changes.changed[0].to), ("O1", Verdict::NotEligible));
}

#[test]
fn the_same_inputs_give_the_same_report_and_pages_agree_with_it() {
    let documents =
        [table(&["O2,,Approved,Qualified,2027-01-15,111122223333", "O1,partner,,Launched,2026-11-15,"])];
    let json = || serde_json::to_string(&assess(&[&documents[0]], &["O1: spend=4"]).report()).unwrap();
    assert_eq!(json(), json());
    let assessment = assess(&[&documents[0]], &[]);
    let rows = assessment.rows(&Query { limit: 10, sort: Sort::Key, ..Query::default() }).rows;
    for row in &rows {
        let report = assessment.opportunity(&row.key).unwrap();
        assert_eq!((row.verdict, row.next.as_ref()), (report.verdict, report.actions.first()));
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_decision_is_the_report_without_what_it_rests_on() {
    for stated in ["stage=Committed", "aws_account_id=111122223333; 444455556666"] {
        let assessment = assess_on("2026-10-20", &[LAUNCHED], &[stated]);
        let bare = |report: OpportunityReport| {
            let mut report = OpportunityReport { planner: None, facts: Ordered::default(), ..report };
            report.checks.iter_mut().for_each(|check| check.places.clear());
            report
        };
        let mut full = assessment.opportunities(0, 1).pop().unwrap();
        assert!(!full.facts.is_empty() && full.checks.iter().any(|check| !check.places.is_empty()));
        full.split = std::mem::take(&mut full.split).into_iter().map(bare).collect();
        assert_eq!(json(&assessment.decisions(0, 1)), json(&[bare(full)]));
    }
}

fn json(reports: &[OpportunityReport]) -> serde_json::Value {
    serde_json::to_value(reports).unwrap()
}

#[test]
fn the_ends_of_the_calendar_are_judged() {
    for as_of in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
        let report = on(&as_of.to_string(), &[]);
        assert_eq!(report.checks.len(), RULES.len());
    }
}

#[test]
fn trying_a_fact_out_answers_as_if_it_were_stated_and_keeps_nothing() {
    let two = LAUNCHED.replace("O1", "O2").replace("111122223333", "111122223333; 444455556666");
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let before = assess(&[LAUNCHED, &two], &["customer_consent=yes"]);
    let untouched = before.report();
    for (key, facts) in [
        ("O1", vec![fact("target_close_date", "2026-09-15"), fact("spend.2026-08", "6000")]),
        ("O1", vec![fact("opportunity_type", "Expansion"), fact("opportunity_type", "Net New Business")]),
        ("O1", vec![fact("no_such_fact", "x"), fact("city", " ")]),
        ("O2", vec![fact("aws_account_id", "444455556666")]),
        ("O2#444455556666", vec![fact("spend.2026-09", "9000")]),
    ] {
        let mut stated = vec!["customer_consent=yes".to_owned()];
        stated.extend(facts.iter().map(|(name, value)| format!("{key}: {name}={value}")));
        let stated: Vec<&str> = stated.iter().map(String::as_str).collect();
        let really = assess(&[LAUNCHED, &two], &stated).opportunity(key);
        assert!(really.is_some());
        assert_eq!(before.try_out(key, &facts), really, "{key} {facts:?}");
        assert_eq!(before.report(), untouched);
    }
    assert_eq!(before.try_out("O3", &[]), None);
}

#[test]
fn what_is_stated_of_those_that_lack_it_leaves_what_is_known() {
    let says = LAUNCHED.replace("opportunity_type=", "x=");
    let unreadable = LAUNCHED.replace("O1", "O2").replace("advising=no", "advising=?!") + "\neur.city=Lyon";
    let stated = ["*: opportunity_type=Expansion", "*: eur.government_advising=yes", "*: eur.city=Paris"];
    let found = assess(&[&says, &unreadable], &stated);
    let fact = |key: &str, name: &str| found.opportunity(key).unwrap().facts.get(name).cloned().unwrap();
    assert_eq!(fact("O1", "opportunity_type").value.as_deref(), Some("Expansion"));
    assert!(fact("O1", "opportunity_type").stated);
    assert_eq!(fact("O1", "eur.government_advising").value.as_deref(), Some("no"), "its document says so");
    assert_eq!(fact("O2", "eur.government_advising").value, None, "what cannot be read is not overruled");
    assert_eq!(fact("O1", "eur.city").value.as_deref(), Some("Paris"));
    assert_eq!(fact("O2", "eur.city").value.as_deref(), Some("Lyon"));
    // What is stated of one counts before what is stated of those that lack it, in whichever order.
    let found = assess(&[&says], &["O1: opportunity_type=Net New Business", "*: opportunity_type=Expansion"]);
    assert_eq!(found.opportunity("O1").unwrap().outcome("POD004"), Outcome::Pass);
}

#[test]
fn what_each_has_of_its_own_is_not_stated_of_those_that_lack_it() {
    let table = "Customer Company Name,Stage,Target Close Date\nHeron,Prospect,2026-12-15\nIbis,Prospect,2026-12-15\n";
    let unstated = assess(&[table], &[]).report().opportunities;
    for said in [
        "opportunity_id=O1",
        "partner_crm_id=C1",
        "aws_account_id=111122223333",
        "eur.account_id=111122223333",
        "spend.2026-11=1",
        "spend_final=no",
        "spend_currency=EUR",
    ] {
        let found = assess(&[table], &[&format!("*: {said}")]);
        assert_eq!(found.report().opportunities, unstated, "{said}");
        let problems = found.summary().problems;
        assert!(problems[0].message.ends_with("of all that lack it: each has its own."), "{problems:?}");
    }
}

#[test]
fn a_table_of_end_user_reporting_counts_before_what_is_stated_of_those_that_lack_it() {
    let deal = LAUNCHED.lines().filter(|line| !line.starts_with("eur.")).map(|line| format!("{line}\n"));
    let deal: String = deal.collect();
    let table =
        "account id,usage type,government fields,government advising\n111122223333,End User,Complete,No\n";
    let value = |documents: &[&str]| {
        let found = assess(documents, &["*: eur.usage_type=Internal"]);
        found.opportunity("O1").unwrap().facts.get("eur.usage_type").unwrap().value.clone()
    };
    assert_eq!(value(&[&deal]).as_deref(), Some("Internal"));
    assert_eq!(value(&[&deal, table]).as_deref(), Some("End User"));
}
