//! What the JSON reader makes of each shape, and that no text makes it fail.

use crate::document::{Document, Format, Kind, Record};
use crate::field::Field;
use proptest::prelude::*;
use std::fmt::Write;

fn open(text: &str) -> Document {
    Document::open("test.json", text.as_bytes().to_vec())
}

/// A document in lines: its kind and format, each record's format and cells, and its problems.
fn shown(text: &str) -> String {
    let document = open(text);
    let mut shown = format!("{:?} {:?}\n", document.kind(), document.format());
    let mut record = Record::empty();
    for index in 0..document.len() {
        document.read(index, &mut record);
        writeln!(shown, "{index} {:?}", record.format).unwrap();
        for cell in &record.cells {
            let name = cell.field.name();
            let month = cell.month.map_or(String::new(), |month| format!(" of {}", month.first_day()));
            writeln!(shown, "  {name}{month} = {:?}", cell.text).unwrap();
        }
    }
    for problem in document.problems() {
        writeln!(shown, "! {}", problem.message).unwrap();
    }
    shown
}

#[track_caller]
fn check(text: &str, expect: &str) {
    let unindented = |text: &str| {
        let margin = text.lines().skip(1).find(|line| !line.trim().is_empty());
        let margin = margin.map_or(0, |line| line.len() - line.trim_start().len());
        let lines: Vec<&str> = text.lines().skip(1).map(|line| line.get(margin..).unwrap_or("")).collect();
        lines.join("\n").trim_end().to_owned()
    };
    assert_eq!(shown(text).trim_end(), unindented(expect), "\n{}", shown(text));
}

const GET: &str = r#"{
    "ResponseMetadata": {"RequestId": "r-1", "HTTPStatusCode": 200, "RetryAttempts": 0},
    "Id": "O7700001",
    "Arn": "arn:aws:partnercentral:us-east-1:000000000000:catalog/AWS/opportunity/O7700001",
    "Catalog": "AWS",
    "CreatedDate": "2026-03-02T08:00:00+00:00",
    "LastModifiedDate": "2026-10-30T09:15:00.125000+00:00",
    "RelatedEntityIdentifiers": {"Solutions": ["S-0000042", "S-0000043"], "AwsProducts": []},
    "Customer": {
        "Account": {
            "CompanyName": "Café \u0022Ost\u0022", "WebsiteUrl": " https://ost.example ", "Duns": null,
            "AwsAccountId": "012345678901",
            "Address": {"CountryCode": "DE", "City": "", "StreetAddress": "Weg 1"}
        },
        "Contacts": [{"Email": "nobody@ost.example", "BusinessTitle": "Head"}]
    },
    "Project": {
        "Title": "Move the shop",
        "DeliveryModels": ["Resell"],
        "ExpectedCustomerSpend": [
            {"TargetCompany": "Self", "Amount": "99000", "CurrencyCode": "EUR", "Frequency": "Monthly"},
            {"Amount": "1200.50", "CurrencyCode": "USD", "Frequency": "Monthly", "TargetCompany": "AWS"}
        ]
    },
    "Lifecycle": {
        "Stage": "Committed", "TargetCloseDate": "2026-12-05", "ReviewStatus": "Approved",
        "ReviewComments": "Tell us more.", "ReviewStatusReason": "null",
        "NextStepsHistory": [
            {"Value": "Called", "Time": "2026-10-01T10:00:00Z"},
            {"Time": 1790000000.5, "Value": "Wrote"}
        ]
    },
    "SoftwareRevenue": {"DeliveryModel": "Contract", "Value": {"Amount": "5"}}
}"#;

#[test]
fn an_object_around_a_broken_list_is_no_record_and_the_list_is_read_on() {
    let text = "{\n \"opportunities\": [\n  {\n   \"Id\": \"O1\" \"Stage\": 1\n  },\n  {\n   \"opportunity_id\": \"O2\"\n  }\n ],\n \"stage\": \"Qualified\"\n}";
    let document = open(text);
    assert_eq!(document.len(), 1);
    let mut record = Record::empty();
    document.read(0, &mut record);
    assert_eq!(record.cells[0].text, "O2");
    let told: Vec<&str> = document.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert!(told.iter().any(|told| told.contains("beside its broken list")), "{told:?}");
}

#[test]
fn a_get_answer_gives_its_facts_and_no_contact() {
    check(
        GET,
        r#"
        Opportunities ApiGet
        0 ApiGet
          opportunity_id = "O7700001"
          catalog = "AWS"
          created_at = "2026-03-02T08:00:00+00:00"
          last_modified_at = "2026-10-30T09:15:00.125000+00:00"
          solution = "S-0000042; S-0000043"
          customer_name = "Café \"Ost\""
          customer_website = "https://ost.example"
          duns = ""
          aws_account_id = "012345678901"
          country = "DE"
          city = ""
          project_title = "Move the shop"
          delivery_model = "Resell"
          expected_mrr = "1200.50"
          mrr_currency = "USD"
          stage = "Committed"
          target_close_date = "2026-12-05"
          review_status = "Approved"
          review_comments = "Tell us more."
          next_steps_history = "2026-10-01T10:00:00Z"
          next_steps_history = "1790000000.5"
        "#,
    );
}

#[test]
fn a_get_answer_cannot_tell_the_origin() {
    let document = open(GET);
    let mut record = Record::empty();
    document.read(0, &mut record);
    assert!(!record.carries.contains(Field::Origin));
    assert!(record.carries.contains(Field::NationalSecurity));
}

#[test]
fn a_span_is_the_value_as_it_stands() {
    let document = open(GET);
    let mut record = Record::empty();
    document.read(0, &mut record);
    let at = |field: Field| {
        let cell = record.cells.iter().find(|cell| cell.field == field).unwrap();
        (&document.text()[cell.span.start as usize..cell.span.end as usize], document.heading(cell.heading))
    };
    assert_eq!(at(Field::TargetCloseDate), ("2026-12-05", "LifeCycle.TargetCloseDate"));
    assert_eq!(at(Field::CustomerWebsite), ("https://ost.example", "Customer.Account.WebsiteUrl"));
    assert_eq!(at(Field::Duns), ("null", "Customer.Account.Duns"));
    assert_eq!(at(Field::City), ("\"\"", "Customer.Account.Address.City"));
    assert_eq!(at(Field::Solution).0, r#"["S-0000042", "S-0000043"]"#);
    assert_eq!(at(Field::NextStepsHistory).0, r#"{"Value": "Called", "Time": "2026-10-01T10:00:00Z"}"#);
}

#[test]
fn a_request_is_told_by_its_token_or_its_identifier() {
    let part = r#""LifeCycle": {"Stage": "Prospect"}, "Catalog": "AWS""#;
    assert_eq!(
        open(&format!(r#"{{"ClientToken": "t", "Origin": "Partner Referral", {part}}}"#)).format(),
        Format::ApiCreate
    );
    assert_eq!(
        open(&format!(r#"{{"Identifier": "O1", "LastModifiedDate": "2026-01-01", {part}}}"#)).format(),
        Format::ApiUpdate
    );
    assert_eq!(open(&format!(r#"{{"Origin": "Partner Referral", {part}}}"#)).format(), Format::ApiCreate);
    assert_eq!(open(&format!(r#"{{"Id": "O1", {part}}}"#)).format(), Format::ApiList);
    assert_eq!(
        open(&format!(r#"{{"Id": "O1", "NationalSecurity": "No", {part}}}"#)).format(),
        Format::ApiGet
    );
}

#[test]
fn the_id_is_taken_from_the_arn_only_when_there_is_no_id() {
    check(
        r#"{"Arn": "arn:aws:x:catalog/AWS/opportunity/O88", "RelatedEntityIdentifiers": {}}"#,
        r#"
        Opportunities ApiGet
        0 ApiGet
          opportunity_id = "O88"
        "#,
    );
}

#[test]
fn each_summary_of_a_list_is_a_record() {
    check(
        r#"{"OpportunitySummaries": [
            {"Id": "O1", "Catalog": "AWS", "LifeCycle": {"Stage": "Qualified"}},
            {"Id": "O2", "Catalog": "AWS", "Project": {"ExpectedCustomerSpend": []}}
        ], "NextToken": "more"}"#,
        r#"
        Opportunities ApiList
        0 ApiList
          opportunity_id = "O1"
          catalog = "AWS"
          stage = "Qualified"
        1 ApiList
          opportunity_id = "O2"
          catalog = "AWS"
          expected_mrr = ""
        ! This is one page of a longer answer: it names a next page (NextToken), whose records are not here.
        "#,
    );
}

#[test]
fn the_summary_of_aws_has_an_origin_and_no_stage_of_the_partner() {
    check(
        r#"{"RelatedOpportunityId": "O5", "Origin": "Partner Referral", "LifeCycle": {"Stage": "Launched",
            "TargetCloseDate": "2026-01-01", "NextStepsHistory": [{"Time": "2026-01-01", "Value": "x"}]}}"#,
        r#"
        Opportunities ApiAwsSummary
        0 ApiAwsSummary
          opportunity_id = "O5"
          origin = "Partner Referral"
        "#,
    );
}

#[test]
fn records_come_in_lists_in_wrappers_in_lines_and_one_after_the_other() {
    let one = r#"{"Id":"O1","RelatedEntityIdentifiers":{}}"#;
    for text in [
        one.to_owned(),
        format!("[{one}]"),
        format!("[[{one}]]"),
        format!("{{\"Opportunity\": {one}}}"),
        format!("{{\"opportunities\": [{one}]}}"),
    ] {
        let document = open(&text);
        assert_eq!((document.len(), document.format()), (1, Format::ApiGet), "{text}");
    }
    assert_eq!(open(&format!("{one}\n{one}\r\n{one}")).len(), 3);
    assert_eq!(open(&format!("{one}{one},{one}")).len(), 3);
}

#[test]
fn s3_files_are_told_apart_by_what_only_aws_sends() {
    check(
        r#"{"version": "2.0", "spmsId": "9", "opportunities": [
            {"apnCrmUniqueIdentifier": "O31", "status": null, "opportunityOwnership": "AWS Referral", "aWSStage": "Won",
             "customerEmail": "Accept to View", "customerCompanyName": "Accept to View",
             "deliveryModel": "Resell;Other", "expectedMonthlyAwsRevenue": 100.0, "solutionOffered": ["S-1"]},
            {"apnCrmUniqueIdentifier": null, "partnerProjectTitle": "New shop", "stage": "Prospect"}
        ]}"#,
        r#"
        Opportunities S3Outbound
        0 S3Outbound
          opportunity_id = "O31"
          review_status = ""
          origin = "AWS Referral"
          customer_name = "Accept to View"
          delivery_model = "Resell;Other"
          expected_mrr = "100.0"
          solution = "S-1"
        1 S3Inbound
          opportunity_id = ""
          project_title = "New shop"
          stage = "Prospect"
        "#,
    );
}

#[test]
fn crm_objects_are_read_by_their_labels() {
    check(
        r#"{"totalSize": 1, "done": true, "records": [{"attributes": {"type": "awsapn__ACE_Opportunity__c"},
            "awsapn__APN_CRM_Id__c": "O6", "awsapn__Target_Close_Date__c": "2026-12-01", "awsapn__AWS_Stage__c": "x"}]}"#,
        r#"
        Opportunities Salesforce
        0 Salesforce
          opportunity_id = "O6"
          target_close_date = "2026-12-01"
        "#,
    );
    check(
        r#"{"results": [{"id": "1", "properties": {"aws_opportunity_id": "O7", "dealname": "Shop", "amount": "120000",
            "closedate": "2026-12-01T00:00:00Z"}}]}"#,
        r#"
        Opportunities Hubspot
        0 Hubspot
          opportunity_id = "O7"
          project_title = "Shop"
          target_close_date = "2026-12-01T00:00:00Z"
        "#,
    );
}

#[test]
fn pipeline_rows_carry_the_launch_date() {
    check(
        r#"{"opportunity_id_pk": "k1", "opportunity_id": "O8", "won_date": "2026-06-01", "row_type": "UPDATE",
            "customer_company_name": "Ost", "aws_opportunity_stage_name": "x"}"#,
        r#"
        Opportunities OpportunityPipeline
        0 OpportunityPipeline
          row_key = "k1"
          opportunity_id = "O8"
          launched_on = "2026-06-01"
          row_type = "UPDATE"
          customer_name = "Ost"
        "#,
    );
}

#[test]
fn a_relationship_is_reporting_and_its_sector_is_not_advising() {
    let detail = r#"{"id": "rs-1", "catalog": "AWS", "associationType": "END_CUSTOMER",
        "associatedAccountId": "012345678901", "sector": "GOVERNMENT"}"#;
    for text in [format!(r#"{{"relationshipDetail": {detail}}}"#), format!(r#"{{"items": [{detail}]}}"#)] {
        check(
            &text,
            r#"
            Eur ChannelRelationships
            0 ChannelRelationships
              eur.usage_type = "END_CUSTOMER"
              eur.account_id = "012345678901"
            "#,
        );
    }
}

#[test]
fn cost_explorer_gives_a_row_for_each_account_and_month() {
    check(
        r#"{"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Total": {}, "Groups": [
              {"Keys": ["AmazonEC2", "111122223333"],
               "Metrics": {"BlendedCost": {"Amount": "1", "Unit": "USD"}, "UnblendedCost": {"Amount": "42.5", "Unit": "USD"}}}
            ], "Estimated": false},
            {"TimePeriod": {"Start": "2026-11-03", "End": "2026-11-04"}, "Estimated": true, "Groups": [],
             "Total": {"NetUnblendedCost": {"Amount": "7", "Unit": "USD"}}}],
            "DimensionValueAttributes": [{"Value": "111122223333", "Attributes": {"description": "shop"}}]}"#,
        r#"
        Spend CostExplorer
        0 CostExplorer
          month = "2026-10"
          charge_type = "AmazonEC2"
          account_id = "111122223333"
          amount = "42.5"
          currency = "USD"
          final = "yes"
        1 CostExplorer
          month = "2026-11"
          amount = "7"
          currency = "USD"
          account_id = "111122223333"
          final = "no"
        "#,
    );
}

#[test]
fn rows_of_bills_and_discounts_are_read() {
    check(
        r#"[{"line_item_usage_account_id": "111122223333", "line_item_unblended_cost": 1.5, "line_item_usage_type": "BoxUsage",
             "bill_billing_period_start_date": "2026-10-01T00:00:00Z", "line_item_line_item_type": "Tax"}]"#,
        r#"
        Spend CostAndUsageReport
        0 CostAndUsageReport
          account_id = "111122223333"
          amount = "1.5"
          month = "2026-10-01T00:00:00Z"
          charge_type = "Tax"
        "#,
    );
    check(
        r#"{"dbr_id_pk": "d", "linked_account_id": 12345678901, "partner_originated_discount": 3.25, "no_eur_discount": 0}"#,
        r#"
        Discounts DiscountBusinessReport
        0 DiscountBusinessReport
          row_key = "d"
          account_id = "12345678901"
          discount.partner_originated = "3.25"
          discount.no_eur = "0"
        "#,
    );
}

#[test]
fn canonical_names_may_be_nested_dotted_and_spelled_freely() {
    check(
        r#"[{"opportunityId": "O9", "Target Close Date": "03/04/2026", "customer-consent": true,
             "eur": {"usage_type": "End User"}, "eur.government_advising": "No",
             "spend": {"2026-11": "3200"}, "spend_final.2026-11": "yes",
             "primary_needs": ["a", "b"], "next_steps_history": [{"time": "2026-11-01", "value": "x"}, "2026-11-02: y"]},
            {"aws_account_id": "1", "month": "2026-10", "amount": 5, "final": "yes"}]"#,
        r#"
        Facts CanonicalJson
        0 CanonicalJson
          opportunity_id = "O9"
          target_close_date = "03/04/2026"
          customer_consent = "true"
          eur.usage_type = "End User"
          eur.government_advising = "No"
          spend of 2026-11-01 = "3200"
          spend_final of 2026-11-01 = "yes"
          primary_needs = "a; b"
          next_steps_history = "2026-11-01"
          next_steps_history = "2026-11-02: y"
        ! The record in line 5 is about spend, the others about facts of opportunities: it was left out. Paste it on its own.
        "#,
    );
}

#[test]
fn canonical_rows_of_reporting_and_spend_are_tables() {
    check(
        r#"[{"aws_account_id": "111122223333", "usage_type": "End User", "government_advising": "No"}]"#,
        r#"
        Eur CanonicalJson
        0 CanonicalJson
          eur.account_id = "111122223333"
          eur.usage_type = "End User"
          eur.government_advising = "No"
        "#,
    );
    check(
        r#"[{"aws_account_id": "111122223333", "month": "2026-10", "amount": "10", "currency": "USD", "final": true}]"#,
        r#"
        Spend CanonicalJson
        0 CanonicalJson
          account_id = "111122223333"
          month = "2026-10"
          amount = "10"
          currency = "USD"
          final = "true"
        "#,
    );
}

#[test]
fn a_key_twice_gives_both_values() {
    check(
        r#"{"opportunity_id": "O1", "stage": "Prospect", "stage": "Qualified"}"#,
        r#"
        Opportunities CanonicalJson
        0 CanonicalJson
          opportunity_id = "O1"
          stage = "Prospect"
          stage = "Qualified"
        "#,
    );
}

#[test]
fn what_is_no_record_is_named() {
    for (text, format, says) in [
        (r#"{"spmsId": "1", "inboundApiResults": []}"#, Format::S3Results, "results file"),
        (r#"{"version": "1", "leads": [{"status": "x"}]}"#, Format::Leads, "lead file"),
        (
            r#"{"source": "aws.partnercentral-selling", "detail-type": "Opportunity Updated",
                "detail": {"opportunity": {"identifier": "O12"}}}"#,
            Format::Event,
            "carries only the id O12: paste the opportunity itself",
        ),
        (r#"{"__type": "ValidationException", "Message": "m"}"#, Format::ApiError, "error answer"),
        (r#"{"Error": {"Code": "x"}, "ResponseMetadata": {}}"#, Format::ApiError, "error answer"),
        (r#"{"NextToken": "t"}"#, Format::Unrecognised, "next page"),
        (r#"{"name": "x", "city": "y"}"#, Format::Unrecognised, "This is JSON with the keys name, city;"),
        ("[]", Format::Unrecognised, "an empty list"),
        ("{}", Format::Unrecognised, "an empty JSON object"),
        ("[1, null]", Format::Unrecognised, "no record"),
    ] {
        let document = open(text);
        assert_eq!((document.kind(), document.format()), (Kind::Ignored, format), "{text}");
        assert!(document.problems()[0].message.contains(says), "{text}: {:?}", document.problems());
    }
}

#[test]
fn a_report_of_ours_is_known_and_holds_no_record() {
    let document = open(
        r#"{"ruleset": "2026-11", "asOf": "2026-11-22", "opportunities": [{"id": "O1", "checks": []}]}"#,
    );
    assert_eq!(
        (document.kind(), document.format(), document.len()),
        (Kind::Report, Format::PodCheckReport, 0)
    );
}

#[test]
fn an_error_loses_one_record_and_says_where() {
    let broken_list = "[\n  {\"Id\": \"O1\", \"RelatedEntityIdentifiers\": {}},\n  {\"Id\": \"O2\", \"RelatedEntityIdentifiers\" {}},\n  \
        {\"Id\": \"O3\", \"RelatedEntityIdentifiers\": {}}\n]";
    check(
        broken_list,
        r#"
        Opportunities ApiGet
        0 ApiGet
          opportunity_id = "O1"
        1 ApiGet
          opportunity_id = "O3"
        ! The JSON cannot be read in line 3: a colon is missing after the key.
        "#,
    );
    let compact = r#"[{"opportunity_id":"O1"},{"opportunity_id":O2,"x":[{}]},{"opportunity_id":"O3"}]"#;
    assert_eq!(open(compact).len(), 2);
    let lines =
        "{\"opportunity_id\":\"O1\"}\n{\"opportunity_id\":\"O2\",\"x\":[1\n{\"opportunity_id\":\"O3\"}\n";
    assert_eq!(open(lines).len(), 2);
    let cut = r#"{"opportunities": [{"opportunity_id": "O1"}, {"opportunity_id": "O2"}, {"opportunity_i"#;
    assert_eq!((open(cut).len(), open(cut).problems().len()), (2, 1));
    let no_comma = r#"[{"opportunity_id": "O1"} {"opportunity_id": "O2"}]"#;
    assert_eq!((open(no_comma).len(), open(no_comma).problems().len()), (2, 1));
}

#[test]
fn what_is_plainly_meant_is_read_with_a_word_about_it() {
    check(
        "{\"opportunity_id\": \"O1\", // mine\n \"stage\": None, \"solution\": \"a\nb\\x\", \"aws_account_id\": 012345678901,}",
        r#"
        Opportunities CanonicalJson
        0 CanonicalJson
          opportunity_id = "O1"
          stage = ""
          solution = "a\nb�x"
          aws_account_id = "012345678901"
        ! In line 1 stands a comment, which JSON does not have; it was passed over.
        ! In line 3 stands a comma too many; it was passed over.
        ! In line 2 a text holds a line break or another control character; it was kept as it is.
        ! In line 3 a text holds an escape that JSON does not have; it was read as an unknown character.
        ! In line 2 stands a value as another language writes it, not JSON; it was read for what it means.
        "#,
    );
}

/// Reads everything there is, twice, and looks at every place.
fn read_all(text: &str) {
    let document = open(text);
    let text = document.text();
    let lies_within = |start: u32, end: u32| text.get(start as usize..end as usize).is_some();
    for problem in document.problems() {
        assert!(problem.message.starts_with(|c: char| c.is_uppercase()), "{}", problem.message);
        assert!(problem.span.is_none_or(|span| lies_within(span.start, span.end)), "{problem:?}");
    }
    let (mut once, mut again) = (Record::empty(), Record::empty());
    for index in 0..document.len() + 1 {
        document.read(index, &mut once);
        document.read(index, &mut again);
        assert_eq!(once.cells, again.cells);
        for cell in &once.cells {
            assert!(lies_within(cell.span.start, cell.span.end), "{cell:?}");
            assert!(!document.heading(cell.heading).is_empty(), "{cell:?}");
            assert_eq!(cell.text.trim(), cell.text);
        }
    }
    let is_json = text.trim_start().starts_with(['{', '[']);
    let is_told = document.kind() != Kind::Ignored || !document.problems().is_empty();
    assert!(is_told || !is_json, "left out without a word: {text}");
}

const FIXTURES: [&str; 4] = [
    GET,
    r#"{"spmsId": "9", "opportunities": [{"apnCrmUniqueIdentifier": "O31", "solutionOffered": ["S-1", null]},
{"apnCrmUniqueIdentifier": null, "partnerProjectTitle": "é\u00e9\ud83d"}]}"#,
    r#"{"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01"}, "Groups": [{"Keys": ["111122223333"],
"Metrics": {"UnblendedCost": {"Amount": "42.5", "Unit": "USD"}}}], "Estimated": false},
{"Total": {"UnblendedCost": {"Amount": "1"}}}], "Filter": {"Values": ["111122223333"]}}"#,
    r#"{"opportunity_id": "O9", "eur": {"usage_type": "x"}, "spend": {"2026-11": 3}, "a": [[[]]]}
{"opportunity_id": "O9", "solution": {"x": 1}, "next_steps_history": [{"time": "é"}]}"#,
];

#[test]
fn a_fixture_cut_anywhere_is_read() {
    for fixture in FIXTURES {
        for (at, _) in fixture.char_indices() {
            read_all(&fixture[..at]);
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in r#"[\[{](\PC|\s){0,60}"#) {
        read_all(&text);
    }

    #[test]
    fn any_tokens_are_read(tokens in proptest::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\n{", "\\", "/*", "1", "null", "\"Id\":", "\"opportunities\":", "\"eur\":",
        "\"ResultsByTime\":", "\"Groups\":", "\"stage\":", "\"x\"", "\"LifeCycle\":", "\"items\":", "é",
    ]), 0..40)) {
        read_all(&format!("[{}", tokens.concat()));
        read_all(&format!("{{{}", tokens.concat()));
    }

    #[test]
    fn a_fixture_with_something_else_in_it_is_read(
        fixture in prop::sample::select(FIXTURES.to_vec()),
        from in any::<prop::sample::Index>(), length in 0_usize..40, put in r#"([\[\]{}",:\\ \n0é/*]|null){0,4}"#,
    ) {
        let text: Vec<char> = fixture.chars().collect();
        let from = from.index(text.len());
        let rest = (from + length).min(text.len());
        read_all(&text[..from].iter().copied().chain(put.chars()).chain(text[rest..].iter().copied()).collect::<String>());
    }
}

/// Texts made to be read again and again: each is read in far less time than the square of its length takes.
#[test]
fn no_text_takes_the_square_of_its_length() {
    for line in [
        "{/*\n",
        "[{x\n",
        "{\"\n",
        "{\"a\":[1,\n",
        "[{\"a\" 1},",
        "[",
        "{\"data\":",
        "{\"\\\"\n",
        "\"\\u",
        "{\"k\":{}}\n",
    ] {
        read_all(&format!("[{}", line.repeat(200_000 / line.len())));
        read_all(&format!("{{{}", line.repeat(200_000 / line.len())));
    }
}

#[test]
fn more_problems_than_are_listed_are_counted() {
    let document = open(&"{\"x\":1}\n".repeat(60));
    assert_eq!((document.problems().len(), document.more_problems()), (50, 10));
}

#[test]
fn more_values_than_are_read_are_told() {
    let entries = "{\"Time\":\"2026-01-01\"},".repeat(1_100);
    let text =
        format!("{{\"RelatedEntityIdentifiers\":{{}},\"LifeCycle\":{{\"NextStepsHistory\":[{entries}]}}}}");
    let document = open(&text);
    assert!(
        document.problems().iter().any(|p| p.message.contains("more than 1024 values")),
        "{:?}",
        document.problems()
    );
}

#[test]
fn the_reason_of_a_status_stands_before_its_comments() {
    let with = |comments: &str, reason: &str| {
        let text = format!(
            r#"{{"RelatedEntityIdentifiers": {{}}, "LifeCycle": {{"ReviewComments": {comments}, "ReviewStatusReason": {reason}}}}}"#
        );
        let document = open(&text);
        let mut record = Record::empty();
        document.read(0, &mut record);
        assert_eq!(record.cells.len(), 1);
        record.cells[0].text.to_string()
    };
    assert_eq!(with("null", "\"null\""), "");
    assert_eq!(with("\"Which region?\"", "null"), "Which region?");
    assert_eq!(with("\"\"", "\"Clarify Solution\""), "Clarify Solution");
    assert_eq!(with("\"Which region?\"", "\"Clarify Solution\""), "Clarify Solution: Which region?");
}

#[test]
fn an_opportunity_within_a_report_of_ours_is_no_record() {
    let document = open(
        r#"{"opportunities": [{"opportunity_id": "O1", "stage": "Prospect"}, {"x": 1}], "ruleset": "r", "asOf": "2026-11-22"}"#,
    );
    assert_eq!((document.kind(), document.len(), document.problems()), (Kind::Report, 0, [].as_slice()));
}

#[test]
fn a_period_that_begins_at_no_month_is_kept_as_it_stands() {
    let text =
        r#"{"ResultsByTime": [{"TimePeriod": {"Start": " soon, we hope"}, "Groups": [{"Keys": []}]}]}"#;
    check(
        text,
        r#"
        Spend CostExplorer
        0 CostExplorer
          month = "soon, we hope"
        ! This answer of Cost Explorer names no account; group it by LINKED_ACCOUNT, or filter it by one account.
        "#,
    );
}

#[test]
fn an_answer_with_an_empty_list_is_known_for_what_it_lists() {
    for (text, kind, format) in [
        (r#"{"OpportunitySummaries": []}"#, Kind::Opportunities, Format::ApiList),
        (r#"{"ResultsByTime": [], "ResponseMetadata": {}}"#, Kind::Spend, Format::CostExplorer),
        (r#"{"version": "2.0", "opportunities": []}"#, Kind::Ignored, Format::Unrecognised),
    ] {
        let document = open(text);
        assert_eq!((document.kind(), document.format(), document.len()), (kind, format, 0));
        assert_eq!(
            document.problems()[0].message,
            "The list in this JSON is empty: there is no record to read."
        );
    }
    let beside = "{\"OpportunitySummaries\": [{\"Id\": \"O1\"}]}\n{\"x\": 1}";
    assert!(open(beside).problems()[0].message.starts_with("In line 2 stands JSON with the keys x;"));
}

/// What each record of `document` has, in the order of its fields.
fn facts(document: &Document) -> Vec<Vec<(Field, String)>> {
    let mut record = Record::empty();
    let read = |index| {
        document.read(index, &mut record);
        let mut cells: Vec<_> = record.cells.iter().map(|cell| (cell.field, cell.text.to_string())).collect();
        cells.sort();
        cells
    };
    (0..document.len()).map(read).collect()
}

#[test]
fn a_table_and_the_same_rows_as_json_say_the_same() {
    for (headings, row) in [
        (
            "linked_account,period_date,discounts_earned,total_eligible_revenue",
            "111122223333,2026-10-01,POD,90",
        ),
        (
            "linked_account_id,period_date,partner_originated,no_eur,sum,total_discount",
            "111122223333,2026-10-01,3,-1,90,2",
        ),
        (
            "dbr_id_pk,linked_account_id,sum_amount,partner_originated_discount,no_eur_discount,row_type",
            "1,111122223333,90,3,0,INSERT",
        ),
        (
            "aws_account_id,month,discount.partner_originated,discount.no_eur,discount.start",
            "111122223333,2026-10,3,0,2026-01-01",
        ),
        ("account_id,billing_month,billed_revenue,spend_currency", "111122223333,2026-10,90,USD"),
        (
            "Account ID (12 digits),EUR Usage Type,Government Advising = Yes?,End User City",
            "111122223333,End User,No,Ulm",
        ),
        ("relationship_aws_account_id,relationship_type,sector", "111122223333,END_CUSTOMER,GOVERNMENT"),
        ("opportunity_id_pk,opportunity_id,won_date,workload", "k,O1,2026-06-01,shop"),
        (
            "bill/InvoiceId,lineItem/UsageAccountId,lineItem/UnblendedCost,lineItem/UsageType",
            "7,111122223333,1.5,Box",
        ),
        ("c_aws_ace_apnCrmUniqueIdentifier,c_aws_ace_targetCloseDate,AO/PO", "O1,2026-12-01,AO"),
        (
            "Opportunity id,Stage,Status,Next Step,AWS Stage,Customer Software Value",
            "O1,Qualified,Draft,Call,Won,9",
        ),
        (
            "\"Country\n(required)\",Partner Project Title (required),\"Website\n(required)\"",
            "Norway,Move,fjord.example",
        ),
    ] {
        let table = Document::open("table", format!("{headings}\n{row}\n").into_bytes());
        let keys = headings.split(',').map(|key| key.trim_matches('"'));
        let object: serde_json::Map<String, serde_json::Value> =
            keys.zip(row.split(',')).map(|(key, value)| (key.to_owned(), value.into())).collect();
        let json = open(&serde_json::Value::from(object).to_string());
        assert_eq!((json.kind(), facts(&json)), (table.kind(), facts(&table)), "{headings}");
        assert!(!facts(&json)[0].is_empty(), "{headings}");
    }
}

#[test]
fn a_usage_type_of_a_resource_is_no_reporting_and_a_status_alone_no_opportunity() {
    for text in [
        r#"{"account_id": "111122223333", "usage_type": "BoxUsage:m5", "cost": "5"}"#,
        r#"{"account_id": "111122223333", "usage_type": "BoxUsage:m5", "service": "EC2"}"#,
        r#"{"status": "ok", "country": "DE", "website": "x.example"}"#,
    ] {
        assert_eq!(open(text).kind(), Kind::Ignored, "{text}");
    }
}

#[test]
fn a_text_that_says_null_is_blank() {
    check(
        r#"{"opportunity_id": "O1", "stage": "null", "city": "Nullarbor"}"#,
        r#"
        Opportunities CanonicalJson
        0 CanonicalJson
          opportunity_id = "O1"
          stage = ""
          city = "Nullarbor"
        "#,
    );
}

#[test]
fn what_is_cut_off_keeps_the_records_before_the_cut() {
    let records: Vec<String> =
        (1..=3).map(|n| format!(r#"{{"opportunity_id": "O{n}", "stage": "Prospect"}}"#)).collect();
    for glue in [",\n", ", ", "\n"] {
        let whole = records.join(glue);
        let (open_with, last) = if glue == "\n" { ("", 0) } else { ("[", 1) };
        let text = format!("{open_with}{whole}");
        for cut in text.rfind('{').unwrap() + 1..text.len() {
            let document = open(&text[..cut]);
            assert_eq!(document.len(), 2, "{}", &text[..cut]);
            assert!(!document.problems().is_empty(), "{}", &text[..cut]);
        }
        assert_eq!((open(&text).len(), open(&text).problems().len()), (3, last));
    }
}

#[test]
fn an_error_names_the_record_it_was_found_in() {
    let text = "{\"opportunity_id\": \"O1\", \"stage\":\n{\"opportunity_id\": \"O2\"}\n";
    let document = open(text);
    assert_eq!(document.len(), 1);
    let expect = "The JSON cannot be read in line 3, in the record that begins in line 1: it ends before";
    assert!(document.problems()[0].message.starts_with(expect), "{:?}", document.problems());
}

#[test]
fn a_path_as_one_key_is_read_as_its_nested_keys_are() {
    check(
        r#"{"Id": "O1", "Catalog": "AWS", "NationalSecurity": "No", "LifeCycle.Stage": "Qualified",
            "Customer.Account.AwsAccountId": "111122223333", "Customer.Account.Address": {"City": "Ulm"},
            "AWSSalesLifeCycle.Stage": "Won", "Project.ExpectedCustomerSpend": [
                {"Amount": "9", "TargetCompany": "Self"}, {"Amount": "5", "TargetCompany": "AWS"}]}"#,
        r#"
        Opportunities ApiGet
        0 ApiGet
          opportunity_id = "O1"
          catalog = "AWS"
          national_security = "No"
          stage = "Qualified"
          aws_account_id = "111122223333"
          city = "Ulm"
          expected_mrr = "5"
        "#,
    );
}
