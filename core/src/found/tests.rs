//! Which records are one opportunity.

use crate::report::OpportunityReport;
use crate::rule::Outcome;
use crate::testing::assess;

const HEADINGS: &str = "opportunity_id,partner_crm_id,origin,stage,last_modified_at,aws_account_id\n";

#[track_caller]
fn account_kept(rows: &str) -> (Option<String>, usize) {
    let assessment = assess(&[&format!("{HEADINGS}{rows}")], &[]);
    assert_eq!(assessment.len(), 1);
    (assessment.opportunity("O1").unwrap().account_id, assessment.found.duplicates.len())
}

#[test]
fn of_two_records_the_one_modified_last_is_kept() {
    let (old, new) = (
        "O1,,partner,Committed,2026-11-01,111111111111\n",
        "O1,,partner,Committed,2026-11-02,222222222222\n",
    );
    let undated = "O1,,partner,Committed,,333333333333\n";
    for (rows, kept) in [
        ([old, new], "222222222222"),
        ([new, old], "222222222222"),
        ([undated, old], "111111111111"),
        ([old, undated], "111111111111"),
        ([undated, &undated.replace("333", "444")], "333333333333"),
        ([old, &old.replace("111", "555")], "111111111111"),
    ] {
        assert_eq!(account_kept(&rows.concat()), (Some(kept.to_owned()), 1), "{rows:?}");
    }
}

#[test]
fn an_account_of_a_record_that_was_left_out_belongs_to_nobody() {
    let rows =
        "O1,,partner,Committed,2026-11-01,111111111111\nO1,,partner,Committed,2026-11-02,222222222222\n";
    let eur = "eur.account_id,eur.usage_type\n111111111111,End User\n";
    let summary = assess(&[&format!("{HEADINGS}{rows}"), eur], &[]).summary();
    assert_eq!(summary.documents[1].matched, Some(0));
    assert_eq!(summary.set.iter().filter(|finding| finding.rule == "SET003").count(), 1);
}

#[test]
fn records_with_one_crm_id_and_no_other_go_by_their_place_and_so_does_what_is_stated() {
    let rows = ",C1,partner,Committed,,\n,C1,partner,Committed,,\n";
    let assessment = assess(
        &[&format!("{HEADINGS}{rows}")],
        &["C1: customer_consent=yes", "document 1 record 2: customer_consent=no"],
    );
    let consent = |key: &str| assessment.opportunity(key).unwrap().outcome("POD002");
    assert_eq!((consent("C1"), consent("document 1 record 2")), (Outcome::Pass, Outcome::Fail));
    assert!(assessment.summary().problems.is_empty());
}

#[test]
fn an_id_can_be_stated_and_more_stated_under_it() {
    let stated = [
        "document 1 record 1: opportunity_id=O9",
        "O9: customer_consent=yes",
        "document 1 record 1: origin=AWS Referral",
    ];
    let assessment = assess(&["stage,customer_name\nCommitted,A\n"], &stated);
    let report = assessment.opportunity("O9").unwrap();
    assert_eq!((report.outcome("POD001"), report.outcome("POD002")), (Outcome::Fail, Outcome::Pass));
    assert!(assessment.summary().problems.is_empty());
}

#[test]
fn what_is_stated_of_nobody_is_a_problem() {
    let stated = ["O2: stage=Launched", "O1: spent=1", "O1#111111111111: spend=1"];
    let problems = assess(&["opportunity_id,stage\nO1,Committed\n"], &stated).summary().problems;
    assert_eq!(problems.len(), 3);
    assert!(problems[0].message.contains("O2") && problems[1].message.contains("spent"));
}

fn get(stage: &str, modified: &str) -> String {
    format!(
        r#"{{"Catalog":"AWS","Id":"O1","LastModifiedDate":"{modified}","LifeCycle":{{"Stage":"{stage}","TargetCloseDate":"2026-12-15","ReviewStatus":"Approved"}},"Customer":{{"Account":{{"CompanyName":"A","AwsAccountId":"111111111111"}}}},"Project":{{"Title":"T","CustomerBusinessProblem":"P"}},"OpportunityType":"Net New Business","PrimaryNeedsFromAws":[],"NationalSecurity":"No"}}"#
    )
}

const SUMMARY: &str = r#"{"Catalog":"AWS","RelatedOpportunityId":"O1","Origin":"Partner Referral","InvolvementType":"Co-Sell","Visibility":"Full"}"#;

#[track_caller]
fn one(documents: &[&str]) -> (OpportunityReport, usize) {
    let assessment = assess(documents, &[]);
    assert_eq!(assessment.len(), 1);
    (assessment.opportunity("O1").unwrap(), assessment.found.duplicates.len())
}

#[test]
fn shapes_of_the_api_complete_each_other() {
    let get = get("Committed", "2026-11-01T00:00:00Z");
    for documents in [[get.as_str(), SUMMARY], [SUMMARY, get.as_str()]] {
        let (report, left_out) = one(&documents);
        assert_eq!(left_out, 0);
        assert_eq!(report.outcome("POD001"), Outcome::Pass);
        assert_eq!(report.stage.unwrap().value, "Committed");
    }
}

#[test]
fn a_newer_answer_of_one_shape_replaces_the_older_one_beside_the_others() {
    let (old, new) = (get("Qualified", "2026-11-01T00:00:00Z"), get("Committed", "2026-11-02T00:00:00Z"));
    for documents in [[old.as_str(), SUMMARY, new.as_str()], [new.as_str(), SUMMARY, old.as_str()]] {
        let (report, left_out) = one(&documents);
        assert_eq!(left_out, 1);
        assert_eq!(report.outcome("POD001"), Outcome::Pass);
        assert_eq!(report.stage.unwrap().value, "Committed");
    }
}

#[test]
fn a_newer_record_of_another_kind_replaces_all_shapes() {
    let get = get("Qualified", "2026-11-01T00:00:00Z");
    let row = format!("{HEADINGS}O1,,partner,Committed,2026-11-03,222222222222\n");
    let (report, left_out) = one(&[&get, SUMMARY, &row]);
    assert_eq!((left_out, report.account_id.as_deref()), (2, Some("222222222222")));
}

#[track_caller]
fn near_miss(deals: &str, eur: &str) -> Vec<Outcome> {
    let deals = format!("opportunity_id,stage,target_close_date,aws_account_id\n{deals}");
    let eur = format!(
        "eur.account_id,eur.usage_type,eur.government_advising,eur.government_fields_complete\n{eur}"
    );
    let assessment = assess(&[&deals, &eur], &[]);
    let report = assessment.opportunity("O1").unwrap();
    assert_eq!(report.facts["eur.usage_type"].unknown.as_deref(), Some("no_row"));
    ["EUR001", "EUR002", "EUR003", "EUR004"].map(|rule| report.outcome(rule)).to_vec()
}

#[test]
fn one_opportunity_and_one_row_that_do_not_match_are_meant_for_each_other() {
    let unknown = Outcome::Unknown;
    assert_eq!(
        near_miss("O1,Launched,2026-11-15,111122223333\n", "999988887777,End User,no,yes\n"),
        [unknown, unknown, unknown, Outcome::Fail]
    );
}

#[test]
fn of_several_the_one_unmatched_row_within_two_digits_is_meant() {
    let deals = "O1,Launched,2026-11-15,111122223333\nO2,Launched,2026-11-15,555566667777\n";
    let unknown = Outcome::Unknown;
    for (rows, outcome) in [
        ("111122223344,End User,no,yes\n", Outcome::Fail),
        ("111122223444,End User,no,yes\n", unknown),
        ("111122223344,End User,no,yes\n111122223322,End User,no,yes\n", unknown),
    ] {
        assert_eq!(near_miss(deals, rows), [unknown, unknown, unknown, outcome], "{rows}");
    }
}

#[test]
fn a_copy_has_its_own_near_miss() {
    let deal = "opportunity_id,stage,target_close_date,aws_account_id\nO1,Launched,2026-11-15,111122223333; 444455556666\n";
    let eur = "eur.account_id,eur.usage_type\n111122223333,End User\n444455556660,End User\n";
    let report = assess(&[deal, eur], &[]).opportunity("O1").unwrap();
    assert_eq!(report.outcome("EUR004"), Outcome::NotApplicable);
    let of_copies: Vec<Outcome> = report.split.iter().map(|copy| copy.outcome("EUR004")).collect();
    assert_eq!(of_copies, [Outcome::Pass, Outcome::Fail]);
    assert_eq!(report.split[1].outcome("EUR001"), Outcome::Unknown);
}
