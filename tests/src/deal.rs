//! One deal, and the same deal as each format that people paste would carry it.
//!
//! The shapes follow the public models of AWS's APIs and files; the companies and their words are invented.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What is known of one deal. An empty text is a blank cell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the canonical fact of the same name")]
pub struct Deal {
    pub opportunity_id: String,
    pub partner_crm_id: String,
    pub project_title: String,
    pub origin: String,
    pub review_status: String,
    pub stage: String,
    pub target_close_date: Option<NaiveDate>,
    pub created_on: Option<NaiveDate>,
    pub submitted_on: Option<NaiveDate>,
    pub decided_on: Option<NaiveDate>,
    pub last_modified_on: Option<NaiveDate>,
    pub next_steps: String,
    pub customer_name: String,
    pub customer_website: String,
    pub country_code: String,
    pub country_name: String,
    pub state: String,
    pub city: String,
    pub postal_code: String,
    pub industry: String,
    pub duns: String,
    /// As it stands in a table: zeros in front may be lost.
    pub aws_account_id: String,
    pub project_description: String,
    pub use_case: String,
    pub delivery_model: String,
    pub expected_mrr: String,
    pub opportunity_type: String,
    pub primary_needs: String,
    pub solution: String,
    pub closed_lost_reason: String,
}

/// A format in which a deal can be pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the report names it")]
pub enum Shape {
    AceExport,
    AceExportTabs,
    ApiGet,
    ApiGetLines,
    ApiList,
    ApiCsv,
    S3Outbound,
    CanonicalJson,
    CanonicalTable,
    KeyValue,
}

impl Shape {
    /// Every shape.
    pub const ALL: &'static [Shape] = &[
        Shape::AceExport,
        Shape::AceExportTabs,
        Shape::ApiGet,
        Shape::ApiGetLines,
        Shape::ApiList,
        Shape::ApiCsv,
        Shape::S3Outbound,
        Shape::CanonicalJson,
        Shape::CanonicalTable,
        Shape::KeyValue,
    ];

    /// The canonical names of the facts of a [`Deal`] that it cannot carry.
    pub const fn lacks(self) -> &'static [&'static str] {
        match self {
            Shape::AceExport | Shape::AceExportTabs => &["state", "city", "postal_code", "duns", "catalog"],
            Shape::ApiGet | Shape::ApiGetLines | Shape::ApiCsv => &["origin", "submitted_on", "decided_on"],
            Shape::ApiList => &[
                "origin",
                "submitted_on",
                "decided_on",
                "aws_account_id",
                "project_title",
                "project_description",
                "use_case",
                "primary_needs",
                "solution",
                "duns",
            ],
            Shape::S3Outbound => &["submitted_on", "decided_on", "catalog"],
            Shape::CanonicalJson | Shape::CanonicalTable | Shape::KeyValue => &[],
        }
    }

    /// `deals` in this shape.
    pub fn write(self, deals: &[Deal]) -> String {
        match self {
            Shape::AceExport => ace_export(deals, ','),
            Shape::AceExportTabs => ace_export(deals, '\t'),
            Shape::ApiGet if deals.len() == 1 => pretty(&get_opportunity(&deals[0])),
            Shape::ApiGet => pretty(&deals.iter().map(get_opportunity).collect()),
            Shape::ApiGetLines => lines(deals.iter().map(get_opportunity)),
            Shape::ApiList => pretty(&list_opportunities(deals)),
            Shape::ApiCsv => api_csv(deals),
            Shape::S3Outbound => pretty(&s3_outbound(deals)),
            Shape::CanonicalJson => pretty(&deals.iter().map(canonical_json).collect()),
            Shape::CanonicalTable => canonical_table(deals),
            Shape::KeyValue => key_value(deals),
        }
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    values.fold(String::new(), |mut text, value| {
        let _ = writeln!(text, "{value}");
        text
    })
}

/// A cell of a table, quoted where it must be.
pub fn cell(text: &mut String, value: &str, delimiter: char) {
    if value.contains([delimiter, '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

/// A line of a table.
pub fn line<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>, delimiter: char, end: &str) {
    for (i, value) in cells.into_iter().enumerate() {
        if i > 0 {
            text.push(delimiter);
        }
        cell(text, value, delimiter);
    }
    text.push_str(end);
}

fn iso(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn american(day: Option<NaiveDate>) -> String {
    day.map(|day| format!("{:02}/{:02}/{}", day.month(), day.day(), day.year())).unwrap_or_default()
}

fn moment(day: Option<NaiveDate>) -> Value {
    day.map_or(Value::Null, |day| json!(format!("{day}T09:30:00.250000+00:00")))
}

fn items(joined: &str) -> Vec<&str> {
    joined.split(';').map(str::trim).filter(|item| !item.is_empty()).collect()
}

/// The 30 columns of an ACE export that somebody kept.
pub const ACE_EXPORT_HEADINGS: [&str; 30] = [
    "Opportunity Id",
    "Partner CRM Unique Identifier",
    "Date Created(MM/DD/YYYY)",
    "Last Updated Date(MM/DD/YYYY)",
    "Customer Company Name",
    "Partner Project Title",
    "Project Description/Business Need",
    "Additional Comments",
    "Next Step",
    "Stage",
    "Target Close Date(MM/DD/YYYY)",
    "Closed Reason",
    "Estimated AWS Monthly Recurring Revenue",
    "Delivery Model",
    "Use Case",
    "APN Programs",
    "Partner Primary Need from AWS",
    "AWS Account ID",
    "Opportunity Type",
    "Status",
    "Country",
    "Customer Website",
    "Date Submitted(MM/DD/YYYY)",
    "Date Approved/Rejected(MM/DD/YYYY)",
    "Industry Vertical",
    "Industry Other",
    "Opportunity Ownership",
    "Opportunity Owner Name",
    "Solutions offered",
    "AWS Stage",
];

/// An ACE export, its cells apart by `delimiter`.
pub fn ace_export(deals: &[Deal], delimiter: char) -> String {
    let mut text = String::new();
    line(&mut text, ACE_EXPORT_HEADINGS, delimiter, "\r\n");
    for deal in deals {
        let [created, updated, close, submitted, decided] = [
            deal.created_on,
            deal.last_modified_on,
            deal.target_close_date,
            deal.submitted_on,
            deal.decided_on,
        ]
        .map(american);
        let cells: [&str; 30] = [
            &deal.opportunity_id,
            &deal.partner_crm_id,
            &created,
            &updated,
            &deal.customer_name,
            &deal.project_title,
            &deal.project_description,
            "",
            &deal.next_steps,
            &deal.stage,
            &close,
            &deal.closed_lost_reason,
            &deal.expected_mrr,
            &deal.delivery_model,
            &deal.use_case,
            "",
            &deal.primary_needs,
            &deal.aws_account_id,
            &deal.opportunity_type,
            &deal.review_status,
            &deal.country_name,
            &deal.customer_website,
            &submitted,
            &decided,
            &deal.industry,
            "",
            &deal.origin,
            "Robin Example",
            &deal.solution,
            "",
        ];
        line(&mut text, cells, delimiter, "\r\n");
    }
    text
}

/// The same with the key left out where the value is blank.
fn without_blanks(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| (key, without_blanks(value)));
            Value::Object(kept.filter(|(_, value)| *value != json!("") && !value.is_null()).collect())
        }
        other => other,
    }
}

fn address(deal: &Deal) -> Value {
    json!({
        "City": deal.city, "CountryCode": deal.country_code,
        "PostalCode": deal.postal_code, "StateOrRegion": deal.state,
    })
}

fn expected_spend(deal: &Deal) -> Value {
    if deal.expected_mrr.is_empty() {
        return json!([]);
    }
    json!([{
        "Amount": deal.expected_mrr, "CurrencyCode": "USD", "Frequency": "Monthly", "TargetCompany": "AWS",
    }])
}

/// A GetOpportunity answer.
pub fn get_opportunity(deal: &Deal) -> Value {
    without_blanks(json!({
        "Catalog": "AWS",
        "Id": deal.opportunity_id,
        "Arn": if deal.opportunity_id.is_empty() { String::new() } else {
            format!("arn:aws:partnercentral:us-east-1:111122223333:catalog/AWS/opportunity/{}", deal.opportunity_id)
        },
        "PartnerOpportunityIdentifier": deal.partner_crm_id,
        "OpportunityType": deal.opportunity_type,
        "PrimaryNeedsFromAws": items(&deal.primary_needs),
        "NationalSecurity": "No",
        "CreatedDate": moment(deal.created_on),
        "LastModifiedDate": moment(deal.last_modified_on),
        "Customer": {
            "Account": {
                "AwsAccountId": deal.aws_account_id,
                "CompanyName": deal.customer_name,
                "WebsiteUrl": deal.customer_website,
                "Industry": deal.industry,
                "Duns": deal.duns,
                "Address": address(deal),
            },
            "Contacts": [{ "FirstName": "Robin", "LastName": "Example", "Email": "robin@example.com" }],
        },
        "Project": {
            "Title": deal.project_title,
            "CustomerBusinessProblem": deal.project_description,
            "CustomerUseCase": deal.use_case,
            "DeliveryModels": items(&deal.delivery_model),
            "ExpectedCustomerSpend": expected_spend(deal),
            "SalesActivities": ["Initialized discussions with customer"],
        },
        "LifeCycle": {
            "Stage": deal.stage,
            "ReviewStatus": deal.review_status,
            "TargetCloseDate": iso(deal.target_close_date),
            "NextSteps": deal.next_steps,
            "ClosedLostReason": deal.closed_lost_reason,
        },
        "RelatedEntityIdentifiers": {
            "AwsMarketplaceOffers": [], "AwsProducts": [], "Solutions": items(&deal.solution),
        },
        "OpportunityTeam": [],
        "ResponseMetadata": { "RequestId": "00000000-0000-4000-8000-000000000000", "HTTPStatusCode": 200 },
    }))
}

/// A ListOpportunities answer.
pub fn list_opportunities(deals: &[Deal]) -> Value {
    let summary = |deal: &Deal| {
        without_blanks(json!({
            "Catalog": "AWS",
            "Id": deal.opportunity_id,
            "PartnerOpportunityIdentifier": deal.partner_crm_id,
            "OpportunityType": deal.opportunity_type,
            "CreatedDate": moment(deal.created_on),
            "LastModifiedDate": moment(deal.last_modified_on),
            "LifeCycle": {
                "Stage": deal.stage,
                "ReviewStatus": deal.review_status,
                "TargetCloseDate": iso(deal.target_close_date),
                "NextSteps": deal.next_steps,
                "ClosedLostReason": deal.closed_lost_reason,
            },
            "Customer": { "Account": {
                "CompanyName": deal.customer_name, "Industry": deal.industry,
                "WebsiteUrl": deal.customer_website, "Address": address(deal),
            }},
            "Project": {
                "DeliveryModels": items(&deal.delivery_model), "ExpectedCustomerSpend": expected_spend(deal),
            },
        }))
    };
    json!({ "OpportunitySummaries": deals.iter().map(summary).collect::<Value>() })
}

/// An outbound file of the older integration over S3.
pub fn s3_outbound(deals: &[Deal]) -> Value {
    let opportunity = |deal: &Deal| {
        json!({
            "apnCrmUniqueIdentifier": deal.opportunity_id,
            "partnerCrmUniqueIdentifier": deal.partner_crm_id,
            "opportunityOwnership": deal.origin,
            "status": deal.review_status,
            "stage": deal.stage,
            "targetCloseDate": iso(deal.target_close_date),
            "createdDate": moment(deal.created_on),
            "lastModifiedDate": moment(deal.last_modified_on),
            "nextStep": deal.next_steps,
            "customerCompanyName": deal.customer_name,
            "customerWebsite": deal.customer_website,
            "country": deal.country_name,
            "state": deal.state,
            "city": deal.city,
            "postalCode": deal.postal_code,
            "industry": deal.industry,
            "customerDuns": deal.duns,
            "awsAccountId": deal.aws_account_id,
            "partnerProjectTitle": deal.project_title,
            "projectDescription": deal.project_description,
            "useCase": deal.use_case,
            "deliveryModel": deal.delivery_model,
            "expectedMonthlyAwsRevenue": deal.expected_mrr.parse::<f64>().ok(),
            "opportunityType": deal.opportunity_type,
            "partnerPrimaryNeedFromAws": deal.primary_needs,
            "solutionOffered": items(&deal.solution),
            "closedLostReason": if deal.closed_lost_reason.is_empty() { Value::Null } else {
                json!(deal.closed_lost_reason)
            },
            "aWSStage": null,
        })
    };
    json!({
        "version": "2.0", "spmsId": "100200", "opportunities": deals.iter().map(opportunity).collect::<Value>(),
    })
}

/// Canonical name and value, blanks included.
pub fn canonical(deal: &Deal) -> Vec<(&'static str, String)> {
    let text = |value: &String| value.clone();
    vec![
        ("opportunity_id", text(&deal.opportunity_id)),
        ("partner_crm_id", text(&deal.partner_crm_id)),
        ("project_title", text(&deal.project_title)),
        ("origin", text(&deal.origin)),
        ("review_status", text(&deal.review_status)),
        ("stage", text(&deal.stage)),
        ("target_close_date", iso(deal.target_close_date)),
        ("created_at", iso(deal.created_on)),
        ("submitted_on", iso(deal.submitted_on)),
        ("decided_on", iso(deal.decided_on)),
        ("last_modified_at", iso(deal.last_modified_on)),
        ("next_steps", text(&deal.next_steps)),
        ("customer_name", text(&deal.customer_name)),
        ("customer_website", text(&deal.customer_website)),
        ("country", text(&deal.country_code)),
        ("state", text(&deal.state)),
        ("city", text(&deal.city)),
        ("postal_code", text(&deal.postal_code)),
        ("industry", text(&deal.industry)),
        ("duns", text(&deal.duns)),
        ("aws_account_id", text(&deal.aws_account_id)),
        ("project_description", text(&deal.project_description)),
        ("use_case", text(&deal.use_case)),
        ("delivery_model", text(&deal.delivery_model)),
        ("expected_mrr", text(&deal.expected_mrr)),
        ("mrr_currency", if deal.expected_mrr.is_empty() { String::new() } else { "USD".to_owned() }),
        ("opportunity_type", text(&deal.opportunity_type)),
        ("primary_needs", text(&deal.primary_needs)),
        ("solution", text(&deal.solution)),
        ("closed_lost_reason", text(&deal.closed_lost_reason)),
        ("catalog", "AWS".to_owned()),
    ]
}

fn canonical_json(deal: &Deal) -> Value {
    let pairs = canonical(deal).into_iter().filter(|(_, value)| !value.is_empty());
    Value::Object(pairs.map(|(name, value)| (name.to_owned(), Value::String(value))).collect::<Map<_, _>>())
}

fn canonical_table(deals: &[Deal]) -> String {
    let mut text = String::new();
    for (i, deal) in deals.iter().enumerate() {
        let pairs = canonical(deal);
        if i == 0 {
            line(&mut text, pairs.iter().map(|(name, _)| *name), ',', "\n");
        }
        line(&mut text, pairs.iter().map(|(_, value)| value.as_str()), ',', "\n");
    }
    text
}

fn key_value(deals: &[Deal]) -> String {
    let mut text = String::new();
    for (i, deal) in deals.iter().enumerate() {
        if i > 0 {
            text.push_str("---\n");
        }
        for (name, value) in canonical(deal).iter().filter(|(_, value)| !value.is_empty()) {
            // A line break inside a value would begin another line of the text.
            let _ = writeln!(text, "{name}={}", value.replace('\n', " "));
        }
    }
    text
}

fn api_csv(deals: &[Deal]) -> String {
    fn flatten(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    flatten(value, &path, into);
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    flatten(item, &format!("{path}[{i}]"), into);
                }
            }
            Value::String(text) => into.push((path.to_owned(), text.clone())),
            other => into.push((path.to_owned(), other.to_string())),
        }
    }
    let rows: Vec<Vec<(String, String)>> = deals
        .iter()
        .map(|deal| {
            let mut row = Vec::new();
            flatten(&get_opportunity(deal), "", &mut row);
            row
        })
        .collect();
    let mut headings: Vec<&str> = rows.iter().flatten().map(|(path, _)| path.as_str()).collect();
    headings.sort_unstable();
    headings.dedup();
    let mut text = String::new();
    line(&mut text, headings.iter().copied(), ',', "\r\n");
    for row in &rows {
        let of = |heading: &str| row.iter().find(|(path, _)| path == heading).map_or("", |(_, value)| value);
        line(&mut text, headings.iter().map(|heading| of(heading)), ',', "\r\n");
    }
    text
}
