//! What the keys of flat JSON records mean, family by family: the S3 integration, CRMs, AWS's data subscriptions,
//! bills, End User Reporting and our own canonical names.
//!
//! Never here, because they look like something they are not: `aWSStage`, `aWSCloseDate`, a CRM's `amount`.

use super::super::DateOrder;
use crate::calendar::Month;
use crate::field::{Field, FieldSet};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A family of records with the same keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    S3,
    /// Labels of the console and of exports, and names of CRM fields.
    Label,
    Pipeline,
    Discount,
    Bill,
    AccountRelationship,
    Relationship,
    Eur,
    Spend,
    Canonical,
}

const FAMILIES: usize = 10;

/// Keys that tell what a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Id,
    Arn,
    Identifier,
    ClientToken,
    Origin,
    Catalog,
    RelatedOpportunityId,
    /// `LifeCycle`, `Customer`, `Project`, when they hold an object.
    ApiPart,
    /// What GetOpportunity has and a summary of a list has not.
    GetOnly,
    /// A time that AWS sets.
    Stamp,
    RelatedEntities,
    S3,
    S3Outbound,
    S3Id,
    /// That key with an id: no key means it, the survey sets it.
    S3KnownId,
    Label,
    Hubspot,
    Salesforce,
    Pipeline,
    Discount,
    Bill,
    BillCost,
    AccountRelationship,
    Relationship,
    UsageType,
    Account,
    Month,
    Amount,
    Ruleset,
    AsOf,
    Checks,
    Results,
    Leads,
    DetailType,
    Detail,
    Source,
    ErrorList,
    ErrorType,
    ErrorMessage,
    ErrorCode,
    Error,
    NextPage,
}

/// Keys whose value is not the record's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Records stand below it.
    Container,
    /// The summaries of ListOpportunities.
    Summaries,
    /// The months of Cost Explorer.
    Periods,
    /// What names the account of a Cost Explorer answer that is not grouped.
    Accounts,
    /// Canonical facts stand below it: `{"eur": {"usage_type": …}}`.
    Nest,
}

/// What one key means in each family.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meaning {
    fields: [Option<Field>; FAMILIES],
    pub(super) mark: Option<Mark>,
    pub(super) role: Option<Role>,
    pub(super) month: Option<Month>,
    pub(super) order: Option<DateOrder>,
}

impl Meaning {
    pub(super) fn in_family(&self, family: Family) -> Option<Field> {
        self.fields[family as usize]
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.mark.is_none() && self.role.is_none() && self.fields.iter().all(Option::is_none)
    }

    /// What `key`, unescaped, means.
    pub(super) fn of(key: &str) -> Meaning {
        let key = key.trim();
        let is_salesforce =
            key.len() > 3 && key.get(key.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("__c"));
        let name = key.strip_prefix("awsapn__").unwrap_or(key);
        let name = if is_salesforce { name.get(..name.len() - 3).unwrap_or(name) } else { name };
        if let Some(meaning) = of_month(name) {
            return meaning;
        }
        let mut meaning = look_up(name).unwrap_or_default();
        let label = name.find(['(', '\n']).or_else(|| name.find(" - ")).map(|at| name.split_at(at));
        if let Some((label, rest)) = label {
            if meaning.is_nothing() {
                meaning = look_up(label).unwrap_or_default();
            }
            meaning.order = order_of(rest);
        }
        if is_salesforce {
            meaning.mark = Some(Mark::Salesforce);
            meaning.role = None;
        } else if meaning.mark == Some(Mark::S3) && name.contains(['_', ' ']) {
            meaning.mark = Some(Mark::Label);
        }
        let canonical = meaning.in_family(Family::Canonical).filter(|field| !ROW_FIELDS.contains(*field));
        let label = Family::Label as usize;
        meaning.fields[label] = meaning.fields[label].or(meaning.in_family(Family::S3)).or(canonical);
        meaning
    }
}

/// Fields of rows of tables, which say nothing of an opportunity.
pub(super) const ROW_FIELDS: FieldSet = FieldSet::of(&[
    Field::RowMonth,
    Field::RowAccountId,
    Field::RowAmount,
    Field::RowCurrency,
    Field::RowFinal,
    Field::RowCharge,
    Field::RowKey,
    Field::RowType,
    Field::RowModified,
]);

fn order_of(suffix: &str) -> Option<DateOrder> {
    let suffix = suffix.to_ascii_lowercase();
    if suffix.contains("mm/dd") {
        Some(DateOrder::MonthFirst)
    } else if suffix.contains("dd/mm") {
        Some(DateOrder::DayFirst)
    } else {
        None
    }
}

/// `spend.2026-11` and `spend_final.2026-11`.
fn of_month(name: &str) -> Option<Meaning> {
    let split = name.len().checked_sub(8)?;
    let (base, month) = (name.get(..split)?, name.get(split + 1..)?);
    if !name.get(split..split + 1)?.contains(['.', '_', ' ', ':']) {
        return None;
    }
    let month = Month::parse(month)?;
    let field = Field::from_name(base).filter(|f| matches!(f, Field::Spend | Field::SpendFinal))?;
    let mut meaning = Meaning { month: Some(month), ..Meaning::default() };
    meaning.fields[Family::Canonical as usize] = Some(field);
    Some(meaning)
}

fn look_up(name: &str) -> Option<Meaning> {
    let mut small = [0_u8; 64];
    let mut length = 0;
    for byte in name.bytes().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()) {
        *small.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    TABLE.get(&small[..length]).copied()
}

static TABLE: LazyLock<FxHashMap<Vec<u8>, Meaning>> = LazyLock::new(|| {
    let mut table: FxHashMap<Vec<u8>, Meaning> = FxHashMap::default();
    let key = |name: &str| -> Vec<u8> {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect()
    };
    for field in Field::ALL {
        table.entry(key(field.name())).or_default().fields[Family::Canonical as usize] = Some(*field);
    }
    for (family, names) in NAMES {
        for (name, field) in *names {
            table.entry(key(name)).or_default().fields[*family as usize] = Some(*field);
        }
    }
    for (mark, names) in MARKS {
        for name in *names {
            table.entry(key(name)).or_default().mark = Some(*mark);
        }
    }
    for (role, names) in ROLES {
        for name in *names {
            table.entry(key(name)).or_default().role = Some(*role);
        }
    }
    table
});

const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Container,
        &[
            "opportunity",
            "opportunities",
            "items",
            "relationshipDetail",
            "records",
            "results",
            "rows",
            "data",
            "properties",
        ],
    ),
    (Role::Summaries, &["OpportunitySummaries"]),
    (Role::Periods, &["ResultsByTime"]),
    (Role::Accounts, &["Filter", "DimensionValueAttributes"]),
    (Role::Nest, &["eur", "spend", "spend_final", "discount"]),
];

const MARKS: &[(Mark, &[&str])] = &[
    (Mark::Id, &["Id"]),
    (Mark::Arn, &["Arn"]),
    (Mark::Identifier, &["Identifier"]),
    (Mark::ClientToken, &["ClientToken"]),
    (Mark::Origin, &["Origin"]),
    (Mark::Catalog, &["Catalog"]),
    (Mark::RelatedOpportunityId, &["RelatedOpportunityId"]),
    (Mark::ApiPart, &["LifeCycle", "Customer", "Project"]),
    (
        Mark::GetOnly,
        &["PrimaryNeedsFromAws", "NationalSecurity", "Marketing", "SoftwareRevenue", "OpportunityTeam"],
    ),
    (Mark::Stamp, &["CreatedDate", "LastModifiedDate"]),
    (Mark::RelatedEntities, &["RelatedEntityIdentifiers"]),
    (
        Mark::S3,
        &[
            "partnerCrmUniqueIdentifier",
            "partnerProjectTitle",
            "partnerPrimaryNeedFromAws",
            "customerCompanyName",
            "expectedMonthlyAwsRevenue",
            "doesOppBelongToNatSec",
            "solutionOffered",
            "otherSolutionOffered",
            "customerDuns",
            "apnReviewerComments",
            "nextStepHistory",
            "aWSStage",
            "aWSCloseDate",
        ],
    ),
    (Mark::S3Outbound, &["status", "opportunityOwnership"]),
    (Mark::S3Id, &["apnCrmUniqueIdentifier"]),
    (
        Mark::Hubspot,
        &[
            "aws_opportunity_id",
            "aws_review_status",
            "aws_delivery_models",
            "aws_use_case",
            "aws_expected_spend",
            "aws_industry",
            "aws_next_steps",
            "dealname",
            "closedate",
        ],
    ),
    (
        Mark::Label,
        &[
            "APN CRM Id",
            "Estimated AWS Monthly Recurring Revenue",
            "Customer Business Problem",
            "Project Description/Business Need",
            "stage_name",
            "aws_status",
        ],
    ),
    (
        Mark::Pipeline,
        &[
            "opportunity_id_pk",
            "opportunity_target_close_date",
            "opportunity_stage_name",
            "won_date",
            "ace_submitted_date",
            "opportunity_approved_rejected_date",
            "partner_accepted_time",
            "opportunity_pipeline_status",
        ],
    ),
    (
        Mark::Discount,
        &[
            "dbr_id_pk",
            "partner_originated_discount",
            "partner_originated_rate",
            "no_eur_discount",
            "no_eur_rate",
        ],
    ),
    (
        Mark::Bill,
        &[
            "line_item_usage_account_id",
            "bill_billing_period_start_date",
            "bill_payer_account_id",
            "line_item_usage_start_date",
            "bill/BillingPeriodStartDate",
        ],
    ),
    (Mark::BillCost, &["line_item_unblended_cost", "line_item_net_unblended_cost"]),
    (Mark::AccountRelationship, &["relationship_aws_account_id", "account_relationship_id_pk"]),
    (Mark::Relationship, &["associatedAccountId", "associationType"]),
    (Mark::UsageType, &["usage_type", "eur_usage_type", "government_advising", "government_fields_complete"]),
    (Mark::Account, &["aws_account_id", "account_id", "linked_account_id", "eur.account_id"]),
    (Mark::Month, &["month"]),
    (Mark::Amount, &["amount"]),
    (Mark::Ruleset, &["ruleset"]),
    (Mark::AsOf, &["asOf"]),
    (Mark::Checks, &["checks"]),
    (Mark::Results, &["inboundApiResults", "isApiError"]),
    (Mark::Leads, &["leads"]),
    (Mark::DetailType, &["detail-type"]),
    (Mark::Detail, &["detail"]),
    (Mark::Source, &["source"]),
    (Mark::ErrorList, &["ErrorList"]),
    (Mark::ErrorType, &["__type"]),
    (Mark::ErrorMessage, &["message"]),
    (Mark::ErrorCode, &["code", "reason"]),
    (Mark::Error, &["Error"]),
    (Mark::NextPage, &["NextToken", "NextPageToken"]),
];

const NAMES: &[(Family, &[(&str, Field)])] = &[
    (Family::S3, S3),
    (Family::Label, LABELS),
    (Family::Pipeline, PIPELINE),
    (Family::Discount, DISCOUNT),
    (Family::Bill, BILL),
    (Family::AccountRelationship, ACCOUNT_RELATIONSHIP),
    (Family::Relationship, RELATIONSHIP),
    (Family::Eur, EUR),
    (Family::Spend, SPEND),
];

pub(super) const S3: &[(&str, Field)] = &[
    ("apnCrmUniqueIdentifier", Field::OpportunityId),
    ("partnerCrmUniqueIdentifier", Field::PartnerCrmId),
    ("partnerCrmOpportunityId", Field::PartnerCrmId),
    ("partnerProjectTitle", Field::ProjectTitle),
    ("opportunityOwnership", Field::Origin),
    ("status", Field::ReviewStatus),
    ("apnReviewerComments", Field::ReviewComments),
    ("stage", Field::Stage),
    ("targetCloseDate", Field::TargetCloseDate),
    ("createdDate", Field::CreatedAt),
    ("lastModifiedDate", Field::LastModifiedAt),
    ("nextStep", Field::NextSteps),
    ("nextStepHistory", Field::NextStepsHistory),
    ("customerCompanyName", Field::CustomerName),
    ("customerWebsite", Field::CustomerWebsite),
    ("country", Field::Country),
    ("state", Field::State),
    ("city", Field::City),
    ("postalCode", Field::PostalCode),
    ("industry", Field::Industry),
    ("industryOther", Field::IndustryOther),
    ("customerDuns", Field::Duns),
    ("awsAccountId", Field::AwsAccountId),
    ("projectDescription", Field::ProjectDescription),
    ("useCase", Field::UseCase),
    ("deliveryModel", Field::DeliveryModel),
    ("expectedMonthlyAwsRevenue", Field::ExpectedMrr),
    ("opportunityType", Field::OpportunityType),
    ("partnerPrimaryNeedFromAws", Field::PrimaryNeeds),
    ("solutionOffered", Field::Solution),
    ("otherSolutionOffered", Field::OtherSolution),
    ("doesOppBelongToNatSec", Field::NationalSecurity),
    ("closedLostReason", Field::ClosedLostReason),
];

const LABELS: &[(&str, Field)] = &[
    ("APN CRM Id", Field::OpportunityId),
    ("Opportunity Id", Field::OpportunityId),
    ("aws_opportunity_id", Field::OpportunityId),
    ("Partner CRM Identifier", Field::PartnerCrmId),
    ("dealname", Field::ProjectTitle),
    ("ownership", Field::Origin),
    ("aws_review_status", Field::ReviewStatus),
    ("aws_status", Field::ReviewStatus),
    ("APN Review Reason", Field::ReviewComments),
    ("stage_name", Field::Stage),
    ("closedate", Field::TargetCloseDate),
    ("close_date", Field::TargetCloseDate),
    ("Date Created", Field::CreatedAt),
    ("aws_create_date", Field::CreatedAt),
    ("Last Updated Date", Field::LastModifiedAt),
    ("Date Submitted", Field::SubmittedOn),
    ("Date Approved/Rejected", Field::DecidedOn),
    ("Next Steps", Field::NextSteps),
    ("aws_next_steps", Field::NextSteps),
    ("Next Steps Log", Field::NextStepsHistory),
    ("Website", Field::CustomerWebsite),
    ("State/Province", Field::State),
    ("Industry Vertical", Field::Industry),
    ("aws_industry", Field::Industry),
    ("Industry Other", Field::IndustryOther),
    ("Customer AWS Account ID", Field::AwsAccountId),
    ("aws_account", Field::AwsAccountId),
    ("Project Description/Business Need", Field::ProjectDescription),
    ("Customer Business Problem", Field::ProjectDescription),
    ("aws_use_case", Field::UseCase),
    ("aws_delivery_models", Field::DeliveryModel),
    ("Estimated AWS Monthly Recurring Revenue", Field::ExpectedMrr),
    ("aws_expected_spend", Field::ExpectedMrr),
    ("Partner Primary Need", Field::PrimaryNeeds),
    ("Primary Needs From AWS", Field::PrimaryNeeds),
    ("Solutions Offered", Field::Solution),
    ("Does opportunity belong to NatSec?", Field::NationalSecurity),
    ("Closed Reason", Field::ClosedLostReason),
];

pub(super) const PIPELINE: &[(&str, Field)] = &[
    ("opportunity_id", Field::OpportunityId),
    ("ownership", Field::Origin),
    ("opportunity_status", Field::ReviewStatus),
    ("opportunity_stage_name", Field::Stage),
    ("opportunity_target_close_date", Field::TargetCloseDate),
    ("won_date", Field::LaunchedOn),
    ("ace_submitted_date", Field::SubmittedOn),
    ("opportunity_approved_rejected_date", Field::DecidedOn),
    ("last_activity_date", Field::LastModifiedAt),
    ("customer_company_name", Field::CustomerName),
    ("opportunity_country", Field::Country),
    ("state_province", Field::State),
    ("postal_code", Field::PostalCode),
    ("opportunity_industry", Field::Industry),
    ("delivery_model", Field::DeliveryModel),
    ("currency", Field::MrrCurrency),
    ("partner_primary_need_from_aws", Field::PrimaryNeeds),
    ("opportunity_solution_tag", Field::Solution),
    ("opportunity_id_pk", Field::RowKey),
    ("row_type", Field::RowType),
    ("row_modified_date", Field::RowModified),
];

pub(super) const DISCOUNT: &[(&str, Field)] = &[
    ("dbr_id_pk", Field::RowKey),
    ("linked_account_id", Field::RowAccountId),
    ("sum_amount", Field::RowAmount),
    ("partner_originated_discount", Field::DiscountPartnerOriginated),
    ("no_eur_discount", Field::DiscountNoEur),
    ("discount_start_date", Field::DiscountStart),
    ("currency", Field::RowCurrency),
    ("row_type", Field::RowType),
    ("row_modified_date", Field::RowModified),
];

/// Both the Cost and Usage Report's names and, without their slashes, those of its older edition.
pub(super) const BILL: &[(&str, Field)] = &[
    ("line_item_usage_account_id", Field::RowAccountId),
    ("bill_billing_period_start_date", Field::RowMonth),
    ("line_item_unblended_cost", Field::RowAmount),
    ("line_item_currency_code", Field::RowCurrency),
    ("line_item_line_item_type", Field::RowCharge),
];

pub(super) const ACCOUNT_RELATIONSHIP: &[(&str, Field)] = &[
    ("account_relationship_id_pk", Field::RowKey),
    ("relationship_aws_account_id", Field::EurAccountId),
    ("relationship_type", Field::EurUsageType),
    ("row_type", Field::RowType),
    ("row_modified_date", Field::RowModified),
];

/// `sector` is not here: it does not say whether the customer is government advising.
pub(super) const RELATIONSHIP: &[(&str, Field)] =
    &[("associatedAccountId", Field::EurAccountId), ("associationType", Field::EurUsageType)];

pub(super) const EUR: &[(&str, Field)] = &[
    ("eur.account_id", Field::EurAccountId),
    ("aws_account_id", Field::EurAccountId),
    ("account_id", Field::EurAccountId),
    ("eur.usage_type", Field::EurUsageType),
    ("usage_type", Field::EurUsageType),
    ("eur.government_fields_complete", Field::EurGovernmentFieldsComplete),
    ("government_fields_complete", Field::EurGovernmentFieldsComplete),
    ("government_fields", Field::EurGovernmentFieldsComplete),
    ("eur.government_advising", Field::EurGovernmentAdvising),
    ("government_advising", Field::EurGovernmentAdvising),
    ("eur.city", Field::EurCity),
    ("city", Field::EurCity),
];

pub(super) const SPEND: &[(&str, Field)] = &[
    ("aws_account_id", Field::RowAccountId),
    ("account_id", Field::RowAccountId),
    ("linked_account_id", Field::RowAccountId),
    ("month", Field::RowMonth),
    ("amount", Field::RowAmount),
    ("currency", Field::RowCurrency),
    ("final", Field::RowFinal),
    ("charge_type", Field::RowCharge),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(family: Family, key: &str, field: Option<Field>) {
        assert_eq!(Meaning::of(key).in_family(family), field, "{key}");
    }

    #[test]
    fn what_only_looks_like_a_fact_is_none() {
        for key in ["aWSStage", "aWSCloseDate", "customerSoftwareValue", "amount", "", "customerEmail"] {
            check(Family::S3, key, None);
        }
        for key in ["amount", "AWS Stage", "AWS Close Date", "awsapn__AWS_Stage__c", "__c", "é__c"] {
            check(Family::Label, key, None);
        }
    }

    #[test]
    fn a_salesforce_name_is_read_without_prefix_and_suffix() {
        check(Family::Label, "awsapn__APN_CRM_Id__c", Some(Field::OpportunityId));
        check(Family::Label, "awsapn__Target_Close_Date__c", Some(Field::TargetCloseDate));
        check(Family::Label, "Opportunity_Ownership__c", Some(Field::Origin));
    }

    #[test]
    fn a_month_is_part_of_a_canonical_name() {
        let meaning = Meaning::of("spend.2026-11");
        assert_eq!(meaning.in_family(Family::Canonical), Some(Field::Spend));
        assert_eq!(meaning.month, Month::new(2026, 11));
        assert_eq!(Meaning::of("spend.2026-13").month, None);
        assert_eq!(Meaning::of("stage.2026-11").month, None);
    }

    #[test]
    fn a_label_names_the_order_of_its_dates() {
        let meaning = Meaning::of("Target Close Date(MM/DD/YYYY)");
        assert_eq!(meaning.in_family(Family::Label), Some(Field::TargetCloseDate));
        assert_eq!(meaning.order, Some(DateOrder::MonthFirst));
    }
}
