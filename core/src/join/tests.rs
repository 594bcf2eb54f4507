//! What documents and statements say of one account, put together.

use crate::report::{FactReport, OpportunityReport, Verdict};
use crate::rule::Outcome;
use crate::testing::assess;

const DEAL: &str = "opportunity_id,origin,review_status,stage,target_close_date,aws_account_id
O1,partner,Approved,Launched,2026-11-15,111122223333
";
const EUR: &str = "eur.account_id,eur.usage_type,eur.government_fields_complete,eur.government_advising
111122223333,Reseller,yes,no
";
const SPEND: &str = "aws_account_id,month,amount\n111122223333,2026-10,6000\n";

#[track_caller]
fn deal(documents: &[&str], stated: &[&str]) -> OpportunityReport {
    assess(documents, stated).opportunity("O1").unwrap()
}

#[track_caller]
fn fact<'r>(report: &'r OpportunityReport, name: &str) -> &'r FactReport {
    report.facts.get(name).unwrap()
}

#[test]
fn a_stated_usage_type_wins_over_the_row_and_both_are_kept() {
    for stated in ["eur.usage_type=End User", "O1: eur.usage_type=End User"] {
        let report = deal(&[DEAL, EUR], &[stated]);
        let usage = fact(&report, "eur.usage_type");
        assert_eq!(usage.value.as_deref(), Some("End User"), "{stated}");
        assert!(usage.stated, "{stated}");
        assert_eq!(usage.document_value.as_deref(), Some("Reseller"), "{stated}");
        assert_eq!(report.outcome("EUR001"), Outcome::Pass, "{stated}");
    }
}

#[test]
fn what_is_stated_for_one_wins_over_what_is_stated_for_all() {
    let report = deal(&[DEAL, EUR], &["O1: eur.usage_type=End User", "eur.usage_type=Internal"]);
    assert_eq!(fact(&report, "eur.usage_type").value.as_deref(), Some("End User"));
    let report = deal(&[DEAL, SPEND], &["O1: spend=1", "spend=2"]);
    let spend = fact(&report, "spend.2026-10");
    assert_eq!((spend.value.as_deref(), spend.document_value.as_deref()), (Some("1"), Some("6000")));
}

#[test]
fn a_stated_spend_wins_over_the_bill() {
    for stated in ["spend=100", "spend.2026-10=100"] {
        let report = deal(&[DEAL, SPEND], &[stated]);
        let spend = fact(&report, "spend.2026-10");
        assert_eq!(spend.value.as_deref(), Some("100"));
        assert!(spend.stated);
        assert_eq!(spend.document_value.as_deref(), Some("6000"));
        assert_eq!(report.outcome("POD009"), Outcome::Pass);
    }
}

#[test]
fn a_stated_finality_wins_and_leaves_the_amount() {
    let open = "aws_account_id,month,amount,final\n111122223333,2026-10,60,no\n";
    assert_eq!(deal(&[DEAL, open], &[]).outcome("POD009"), Outcome::Unknown);
    let report = deal(&[DEAL, open], &["spend_final=yes"]);
    assert_eq!(report.outcome("POD009"), Outcome::Pass);
    let is_final = fact(&report, "spend_final.2026-10");
    assert!(is_final.stated);
    assert_eq!(is_final.value.as_deref(), Some("yes"));
}

#[test]
fn a_stated_amount_is_not_in_the_currency_of_the_record() {
    let deal_in_euros =
        "opportunity_id=O1\nstage=Launched\ntarget_close_date=2026-11-15\nspend=90\nspend_currency=EUR";
    assert_eq!(deal(&[deal_in_euros], &[]).outcome("POD009"), Outcome::Unknown);
    assert_eq!(deal(&[deal_in_euros], &["spend=100"]).outcome("POD009"), Outcome::Pass);
    assert_eq!(deal(&[deal_in_euros], &["spend_currency=USD"]).outcome("POD009"), Outcome::Pass);
}

#[test]
fn a_stated_account_id_drives_the_join() {
    let other = DEAL.replace("111122223333", "999988887777");
    let report = deal(&[&other, EUR, SPEND], &["O1: aws_account_id=111122223333"]);
    assert_eq!(report.account_id.as_deref(), Some("111122223333"));
    assert_eq!(fact(&report, "aws_account_id").document_value.as_deref(), Some("999988887777"));
    assert_eq!(report.outcome("EUR001"), Outcome::Fail);
    assert_eq!(report.outcome("EUR004"), Outcome::Pass);
    assert_eq!(report.spend_month.unwrap().amount, Some(6000.into()));
}

#[test]
fn an_empty_statement_states_nothing() {
    let report = deal(&[DEAL], &["customer_consent= "]);
    assert!(!fact(&report, "customer_consent").stated);
    assert_eq!(fact(&report, "customer_consent").unknown.as_deref(), Some("not_in_format"));
}

#[test]
fn what_is_stated_of_a_copy_is_about_the_copy_alone() {
    let several = DEAL.replace("111122223333", "111122223333; 444455556666");
    let report = deal(&[&several], &["O1#444455556666: spend=100"]);
    assert_eq!(report.outcome("POD009"), Outcome::NotApplicable);
    let of_copies: Vec<Outcome> = report.split.iter().map(|copy| copy.outcome("POD009")).collect();
    assert_eq!(of_copies, [Outcome::Unknown, Outcome::Pass]);
}

#[test]
fn documents_that_say_different_sums_conflict_and_name_both() {
    let other = SPEND.replace("6000", "100");
    let report = deal(&[DEAL, SPEND, &other], &[]);
    let spend = report.check("POD009");
    assert_eq!(spend.outcome, Outcome::Unknown);
    assert!(spend.message.contains("6000") && spend.message.contains("100"), "{}", spend.message);
    assert_eq!(spend.places.iter().filter(|place| place.field == "amount").count(), 2);
    assert_eq!(fact(&report, "spend.2026-10").unknown.as_deref(), Some("conflicting"));
}

#[test]
fn inline_spend_with_and_without_its_month_conflict_when_they_differ() {
    let text = "opportunity_id=O1\nstage=Launched\ntarget_close_date=2026-11-15\nspend=90\nspend.2026-10=91";
    assert_eq!(deal(&[text], &[]).outcome("POD009"), Outcome::Unknown);
    assert_eq!(deal(&[&text.replace("91", "90")], &[]).outcome("POD009"), Outcome::Pass);
}

#[test]
fn the_order_of_documents_does_not_decide_what_is_known() {
    let unreadable = SPEND.replace("6000", "much");
    for documents in [[DEAL, SPEND, &unreadable], [DEAL, &unreadable, SPEND]] {
        assert_eq!(deal(&documents, &[]).outcome("POD009"), Outcome::Fail);
    }
}

#[test]
fn rows_of_one_month_are_summed_and_one_open_row_leaves_it_open() {
    for finals in [["yes", "no"], ["no", "yes"], ["", "no"]] {
        let rows = format!(
            "aws_account_id,month,amount,final\n111122223333,2026-10,10,{}\n111122223333,2026-10,5,{}\n",
            finals[0], finals[1]
        );
        let report = deal(&[DEAL, &rows], &[]);
        assert_eq!(report.spend_month.as_ref().unwrap().amount, Some(15.into()));
        assert_eq!(report.outcome("POD009"), Outcome::Unknown, "{finals:?}");
    }
}

#[test]
fn eur_rows_that_disagree_conflict() {
    let both = format!("{EUR}111122223333,End User,yes,no\n");
    let report = deal(&[DEAL, &both], &[]);
    assert_eq!(fact(&report, "eur.usage_type").unknown.as_deref(), Some("conflicting"));
    assert_eq!(report.outcome("EUR001"), Outcome::Unknown);
    assert_eq!(report.outcome("EUR003"), Outcome::Pass);
}

#[test]
fn without_a_row_the_reason_is_that_there_is_none() {
    let other = EUR.replace("1111", "5555");
    let report = deal(&[DEAL, &other, &SPEND.replace("1111", "5555")], &[]);
    assert_eq!(fact(&report, "eur.usage_type").unknown.as_deref(), Some("no_row"));
    assert_eq!(report.outcome("EUR001"), Outcome::Unknown);
    assert!(report.check("POD009").remedy.contains("spend=0"));
    let free = "opportunity_id=O1\nstage=Launched\ntarget_close_date=2026-11-15\naws_account_id=111122223333";
    assert_eq!(fact(&deal(&[free], &[]), "eur.usage_type").unknown.as_deref(), Some("blank"));
    assert_eq!(fact(&deal(&[free, &other], &[]), "eur.usage_type").unknown.as_deref(), Some("no_row"));
    let bare = "opportunity_id,stage\nO1,Launched\n";
    assert_eq!(fact(&deal(&[bare], &[]), "eur.usage_type").unknown.as_deref(), Some("not_in_format"));
}

#[test]
fn copies_take_eur_and_spend_of_their_account_and_the_original_takes_none() {
    let several = DEAL.replace("111122223333", "111122223333; 444455556666");
    let report = deal(&[&several, EUR, SPEND], &[]);
    assert_eq!((report.verdict, report.outcome("POD008")), (Verdict::NotEligible, Outcome::Fail));
    assert_eq!(fact(&report, "eur.usage_type").value, None);
    assert!(report.facts.get("spend.2026-10").is_none());
    let copy = |at: usize| {
        (&report.split[at].key, report.split[at].outcome("EUR001"), report.split[at].outcome("POD009"))
    };
    assert_eq!(copy(0), (&"O1#111122223333".to_owned(), Outcome::Fail, Outcome::Fail));
    assert_eq!(copy(1), (&"O1#444455556666".to_owned(), Outcome::Unknown, Outcome::Unknown));
}

#[test]
fn the_kinds_of_an_spp_report_repeat_one_revenue() {
    let rows = "AWS Account ID,Period Date,Total Eligible Revenue,Currency,Discounts Earned
111122223333,2026-10-01,10,USD,Base
111122223333,2026-10-01,10,USD,Base
111122223333,2026-10-01,15,USD,POD
111122223333,2026-10-01,15,USD,POD
";
    let report = deal(&[DEAL, rows], &[]);
    assert_eq!(report.spend_month.unwrap().amount, Some(30.into()));
}
