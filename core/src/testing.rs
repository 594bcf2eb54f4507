//! What the tests of the rules share: a complete opportunity to spoil in one place, and a rule asked about it.

use crate::calendar::{DiscountWindow, Month};
use crate::document::Format;
use crate::fact::{Fact, Missing, Unknown};
use crate::field::Field;
use crate::opportunity::{
    AccountId, Accounts, Eur, MonthSpend, Opportunity, OpportunityType, Origin, ReviewStatus, Spend, Stage,
};
use crate::policy::Policy;
use crate::rule::{Case, Check, Finding, Pen, Phase, Rule, Words};
use crate::say;
use chrono::NaiveDate;
use rust_decimal::Decimal;

fn known<T>(field: Field, value: T) -> Fact<'static, T> {
    Fact { field, value: Ok(value), at: None, note: None, overruled: None }
}

fn blank<T>(field: Field) -> Fact<'static, T> {
    Fact::absent(field, Unknown::Blank)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> chrono::NaiveDateTime {
    day(text).and_hms_opt(9, 0, 0).unwrap()
}

/// A complete opportunity that every rule passes as of 2026-11-22.
pub(crate) fn opportunity() -> Opportunity<'static> {
    let account = AccountId::from_number(123_456_789_012).unwrap();
    Opportunity {
        format: Format::CanonicalJson,
        opportunity_id: known(Field::OpportunityId, "O1234567".into()),
        partner_crm_id: known(Field::PartnerCrmId, "CRM-1".into()),
        project_title: known(Field::ProjectTitle, "Shop on AWS".into()),
        origin: known(Field::Origin, Origin::Partner),
        customer_consent: known(Field::CustomerConsent, true),
        review_status: known(Field::ReviewStatus, ReviewStatus::Approved),
        review_comments: blank(Field::ReviewComments),
        stage: known(Field::Stage, Stage::Committed),
        target_close_date: known(Field::TargetCloseDate, day("2026-12-15")),
        launched_on: blank(Field::LaunchedOn),
        billing_started_on: blank(Field::BillingStartedOn),
        created_at: known(Field::CreatedAt, moment("2026-09-01")),
        submitted_on: known(Field::SubmittedOn, day("2026-09-02")),
        decided_on: known(Field::DecidedOn, day("2026-09-09")),
        last_modified_at: known(Field::LastModifiedAt, moment("2026-11-20")),
        next_steps: known(Field::NextSteps, "Sign the order".into()),
        next_steps_history: known(Field::NextStepsHistory, day("2026-11-20")),
        customer_name: known(Field::CustomerName, "Example Ltd".into()),
        customer_website: known(Field::CustomerWebsite, "https://www.example.com".into()),
        country: known(Field::Country, "US".into()),
        state: known(Field::State, "Washington".into()),
        city: known(Field::City, "Seattle".into()),
        postal_code: known(Field::PostalCode, "98109".into()),
        industry: known(Field::Industry, "Retail".into()),
        industry_other: blank(Field::IndustryOther),
        duns: known(Field::Duns, "123456789".into()),
        aws_account_id: known(Field::AwsAccountId, Accounts::One(account)),
        project_description: known(
            Field::ProjectDescription,
            "The customer's shop fails under load at each sale; we move it to containers that scale with demand.".into(),
        ),
        use_case: known(Field::UseCase, "Containers & Serverless".into()),
        delivery_model: known(Field::DeliveryModel, "Resell;Managed Services".into()),
        expected_mrr: known(Field::ExpectedMrr, Decimal::from(2500)),
        mrr_currency: known(Field::MrrCurrency, "USD".into()),
        opportunity_type: known(Field::OpportunityType, OpportunityType::NetNew),
        primary_needs: known(Field::PrimaryNeeds, "Co-Sell - Deal Support".into()),
        solution: known(Field::Solution, "S-0001234".into()),
        other_solution: blank(Field::OtherSolution),
        national_security: known(Field::NationalSecurity, false),
        closed_lost_reason: blank(Field::ClosedLostReason),
        catalog: known(Field::Catalog, "AWS".into()),
        spend: Spend {
            months: vec![MonthSpend {
                month: Month::of(day("2026-11-01")),
                amount: known(Field::Spend, Decimal::from(1200)),
                is_final: known(Field::SpendFinal, true),
            }],
            otherwise: Unknown::NoRow,
        },
        eur: Eur {
            account_id: known(Field::EurAccountId, account),
            usage_type: known(Field::EurUsageType, "End User".into()),
            government_fields_complete: known(Field::EurGovernmentFieldsComplete, true),
            government_advising: known(Field::EurGovernmentAdvising, false),
            city: known(Field::EurCity, "Seattle".into()),
            is_channel_relationship: false,
            near_miss: None,
        },
    }
}

/// What `rule` finds on the day `as_of`, without the judge's gates.
pub(crate) fn check(rule: &Rule, opp: &Opportunity<'_>, as_of: &str) -> (Finding, Words) {
    let Check::Opportunity(check) = rule.check else { panic!("{} is not about one opportunity", rule.id) };
    let policy = Policy::default();
    let close = opp.target_close_date.known().copied();
    let case = Case {
        opp,
        policy: &policy,
        as_of: day(as_of),
        phase: match opp.stage.known() {
            Some(Stage::Launched) => Phase::AtLaunch,
            Some(Stage::ClosedLost) => Phase::ClosedLost,
            Some(_) => Phase::BeforeLaunch,
            None => Phase::Unknown,
        },
        is_stable: false,
        is_paid: false,
        spend_month: close.map(|close| Month::of(close).previous()),
        window: close.map(|close| DiscountWindow::from_close_date(close, policy.discount_months)),
    };
    let mut pen = Pen::writing();
    let finding = match check(&case, &mut pen) {
        Ok(finding) => finding,
        Err(Missing(field)) => {
            let why = opp.provenance(field).unknown.expect("a missing fact says why");
            pen.unknown(
                format_args!("{}", say::unknown(field, why)),
                format_args!("{}", say::supply(field, why)),
            )
        }
    };
    (finding, pen.take())
}
