//! What the tests beside the rules share: one complete opportunity, and a way to ask one rule about it.

use crate::assess::{About, Assessment, Inputs, Supplement};
use crate::calendar::Month;
use crate::document::{Document, Format};
use crate::fact::{Fact, Missing, Unknown};
use crate::field::Field;
use crate::opportunity::{
    AccountId, Accounts, Eur, MonthSpend, Opportunity, OpportunityType, Origin, ReviewStatus, Spend, Stage,
};
use crate::policy::Policy;
use crate::report::{CheckReport, OpportunityReport};
use crate::rule::{Case, Check, Finding, Outcome, Pen, Rule, Words};
use crate::say;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// The day on which [`opportunity`] is complete.
pub(crate) const AS_OF: &str = "2026-11-22";

/// Everything as it must be in November 2026: a record in the form of `key=value`.
pub(crate) const LAUNCHED: &str =
    "opportunity_id=O1\norigin=partner\ncustomer_consent=yes\nreview_status=Approved
opportunity_type=Net New Business\nstage=Launched\ntarget_close_date=2026-10-15\naws_account_id=111122223333
launched_on=2026-10-10\nspend=100\nspend_final=yes\neur.account_id=111122223333\neur.usage_type=End User
eur.government_fields_complete=yes\neur.government_advising=no\nlast_modified_at=2026-11-20";

/// A day written `2026-11-22`.
#[track_caller]
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An account id.
#[track_caller]
pub(crate) fn account(number: u64) -> AccountId {
    AccountId::from_number(number).unwrap()
}

/// A fact that is known.
pub(crate) fn known<T>(field: Field, value: T) -> Fact<'static, T> {
    Fact { field, value: Ok(value), at: None, note: None, overruled: None }
}

/// A fact whose cell is empty.
pub(crate) fn blank<T>(field: Field) -> Fact<'static, T> {
    Fact::absent(field, Unknown::Blank)
}

/// A fact whose cell holds something that cannot be read.
pub(crate) fn unreadable<T>(field: Field) -> Fact<'static, T> {
    Fact::absent(field, Unknown::Unreadable { raw: "?!".into(), why: "cannot be read" })
}

/// The spend of one month, and whether its bill is final.
#[track_caller]
pub(crate) fn spend(month: &str, amount: &str, is_final: Option<bool>) -> Spend<'static> {
    let entry = MonthSpend {
        month: Month::parse(month).unwrap(),
        amount: known(Field::Spend, amount.parse::<Decimal>().unwrap()),
        is_final: is_final
            .map_or_else(|| blank(Field::SpendFinal), |is_final| known(Field::SpendFinal, is_final)),
    };
    Spend { months: vec![entry], otherwise: Unknown::NoRow }
}

/// No spend at all, and why.
pub(crate) fn no_spend(why: Unknown<'static>) -> Spend<'static> {
    Spend { months: Vec::new(), otherwise: why }
}

/// An opportunity to which nothing is lacking on [`AS_OF`] but its launch and the end of its spend month.
pub(crate) fn opportunity() -> Opportunity<'static> {
    let updated = day("2026-11-20");
    Opportunity {
        format: Format::AceExport,
        opportunity_id: known(Field::OpportunityId, "O1234567".into()),
        partner_crm_id: known(Field::PartnerCrmId, "CRM-1".into()),
        project_title: known(Field::ProjectTitle, "Move the web shop".into()),
        origin: known(Field::Origin, Origin::Partner),
        customer_consent: known(Field::CustomerConsent, true),
        review_status: known(Field::ReviewStatus, ReviewStatus::Approved),
        review_comments: blank(Field::ReviewComments),
        stage: known(Field::Stage, Stage::Committed),
        target_close_date: known(Field::TargetCloseDate, day("2026-12-15")),
        launched_on: blank(Field::LaunchedOn),
        billing_started_on: blank(Field::BillingStartedOn),
        created_at: known(Field::CreatedAt, day("2026-09-01").into()),
        submitted_on: known(Field::SubmittedOn, day("2026-09-07")),
        decided_on: known(Field::DecidedOn, day("2026-09-14")),
        last_modified_at: known(Field::LastModifiedAt, updated.into()),
        next_steps: known(Field::NextSteps, "Sign the order".into()),
        next_steps_history: known(Field::NextStepsHistory, updated),
        customer_name: known(Field::CustomerName, "Example GmbH".into()),
        customer_website: known(Field::CustomerWebsite, "example.com".into()),
        country: known(Field::Country, "DE".into()),
        state: blank(Field::State),
        city: known(Field::City, "Berlin".into()),
        postal_code: known(Field::PostalCode, "10115".into()),
        industry: known(Field::Industry, "Retail".into()),
        industry_other: blank(Field::IndustryOther),
        duns: known(Field::Duns, "123456789".into()),
        aws_account_id: known(Field::AwsAccountId, Accounts::One(account(123_456_789_012))),
        project_description: known(
            Field::ProjectDescription,
            "The shop fails on busy days; we move it to containers that grow with the load.".into(),
        ),
        use_case: known(Field::UseCase, "Containers & Serverless".into()),
        delivery_model: known(Field::DeliveryModel, "Resell".into()),
        expected_mrr: known(Field::ExpectedMrr, Decimal::from(2000)),
        mrr_currency: known(Field::MrrCurrency, "USD".into()),
        opportunity_type: known(Field::OpportunityType, OpportunityType::NetNew),
        primary_needs: known(Field::PrimaryNeeds, "Co-Sell - Architectural Validation".into()),
        solution: known(Field::Solution, "S-0001234".into()),
        other_solution: blank(Field::OtherSolution),
        national_security: known(Field::NationalSecurity, false),
        closed_lost_reason: blank(Field::ClosedLostReason),
        catalog: known(Field::Catalog, "AWS".into()),
        spend: spend("2026-11", "1200.50", None),
        eur: Eur {
            account_id: known(Field::EurAccountId, account(123_456_789_012)),
            usage_type: known(Field::EurUsageType, "End User".into()),
            government_fields_complete: known(Field::EurGovernmentFieldsComplete, true),
            government_advising: known(Field::EurGovernmentAdvising, false),
            city: known(Field::EurCity, "Berlin".into()),
            is_channel_relationship: false,
            near_miss: None,
        },
    }
}

/// What is decided of `documents` on [`AS_OF`], with what the user stated: `fact=value`, `key: fact=value`, or
/// `*: fact=value` for those that lack it.
#[track_caller]
pub(crate) fn assess(documents: &[&str], stated: &[&str]) -> Assessment {
    assess_on(AS_OF, documents, stated)
}

/// The same on another day.
#[track_caller]
pub(crate) fn assess_on(as_of: &str, documents: &[&str], stated: &[&str]) -> Assessment {
    let documents = documents.iter().enumerate();
    let documents =
        documents.map(|(at, text)| Document::open(&format!("{}", at + 1), text.as_bytes().to_vec()));
    let supplements = stated.iter().map(|said| {
        let (fact, value) = said.split_once('=').unwrap();
        let (about, fact) = match fact.split_once(": ") {
            Some(("*", fact)) => (About::Lacking, fact),
            Some((key, fact)) => (About::One(key.to_owned()), fact),
            None => (About::All, fact),
        };
        Supplement { about, fact: fact.to_owned(), value: value.to_owned() }
    });
    let supplements = supplements.collect();
    Assessment::of(Inputs { supplements, ..Inputs::new(documents.collect(), day(as_of)) })
}

/// What `rule` finds for `opp` on the day `as_of`, and what it says.
///
/// A fact that it needs and cannot have gives `unknown` with the words of that fact. Gates are not asked.
#[track_caller]
pub(crate) fn check(rule: &Rule, opp: &Opportunity<'_>, as_of: &str) -> (Finding, Words) {
    check_paid(rule, opp, as_of, false)
}

/// The same, where AWS may already pay the discount.
#[track_caller]
pub(crate) fn check_paid(rule: &Rule, opp: &Opportunity<'_>, as_of: &str, is_paid: bool) -> (Finding, Words) {
    let Check::Opportunity(decide) = rule.check else { panic!("{} judges no opportunity", rule.id) };
    let policy = Policy::default();
    let case = Case::new(opp, &policy, day(as_of), is_paid);
    let mut pen = Pen::writing();
    let finding = decide(&case, &mut pen).unwrap_or_else(|Missing(field)| {
        let why = opp.provenance(field).unknown.expect("only a fact that is not known is missing");
        pen.unknown(format_args!("{}", say::unknown(field, why)), format_args!("{}", say::supply(field, why)))
    });
    let silently = decide(&case, &mut Pen::silent());
    assert!(silently.is_err() || silently == Ok(finding), "{} decides by its pen", rule.id);
    (finding, pen.take())
}

impl OpportunityReport {
    /// What the rule with this id found.
    #[track_caller]
    pub(crate) fn check(&self, id: &str) -> &CheckReport {
        self.checks.iter().find(|check| check.rule == id).unwrap()
    }

    /// The outcome of the rule with this id.
    #[track_caller]
    pub(crate) fn outcome(&self, id: &str) -> Outcome {
        self.check(id).outcome
    }
}
