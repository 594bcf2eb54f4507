//! The shapes of JSON records: how each is told by its keys, and what it can carry.

use super::super::{Format, Kind, aliases, mapping};
use super::names::{Family, Mark, ROW_FIELDS};
use crate::field::{Field, FieldSet};

/// The shape of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    Create,
    Update,
    Get,
    List,
    Summary,
    S3Outbound,
    /// An inbound record that names the opportunity it changes.
    S3Change,
    S3Inbound,
    Salesforce,
    Hubspot,
    Export,
    Pipeline,
    Canonical,
    CanonicalEur,
    CanonicalSpend,
    Relationship,
    AccountRelationship,
    CostGroup,
    CostTotal,
    CanonicalDiscounts,
    Bill,
    SppReport,
    DiscountReport,
    DistributorBill,
    Report,
}

/// What was seen of an object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    marks: u64,
    /// The canonical facts among its keys.
    pub(super) canonical: FieldSet,
    /// The facts that the labels among its keys mean.
    pub(super) labelled: FieldSet,
    /// What an answer lists, when it has a list of that name.
    pub(super) lists: Option<(Kind, Format)>,
    /// Whether it stands in the list of ListOpportunities.
    is_in_summaries: bool,
}

const _: () = assert!((Mark::NextPage as u32) < 64, "Seen holds one bit a mark");

impl Seen {
    pub(super) fn new(is_in_summaries: bool) -> Self {
        Seen { is_in_summaries, ..Seen::default() }
    }

    pub(super) fn insert(&mut self, mark: Mark) {
        self.marks |= 1 << mark as u32;
    }

    pub(super) fn has(self, mark: Mark) -> bool {
        self.marks & (1 << mark as u32) != 0
    }

    fn has_any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }
}

/// Canonical names that much other JSON has too: alone they make no record of ours.
const WEAK: FieldSet = FieldSet::of(&[
    Field::Country,
    Field::State,
    Field::City,
    Field::PostalCode,
    Field::Industry,
    Field::Solution,
    Field::Catalog,
    Field::CreatedAt,
])
.union(ROW_FIELDS);

/// What only a table of our own carries beside an opportunity.
const OURS: FieldSet = SPEND_FACTS.union(EUR_FACTS).union(FieldSet::of(&[Field::CustomerConsent]));
const SPEND_FACTS: FieldSet = FieldSet::of(&[Field::Spend, Field::SpendFinal, Field::SpendCurrency]);
const EUR_FACTS: FieldSet = FieldSet::of(&[
    Field::EurAccountId,
    Field::EurUsageType,
    Field::EurGovernmentFieldsComplete,
    Field::EurGovernmentAdvising,
    Field::EurCity,
]);

const DISCOUNT_FACTS: FieldSet = FieldSet::of(&[Field::DiscountPartnerOriginated, Field::DiscountNoEur]);

/// The shape that an object with these keys has. `text` is the object, for what its keys leave open.
pub(super) fn of(seen: Seen, text: &str) -> Option<Shape> {
    if seen.has(Mark::Checks) || seen.has(Mark::Ruleset) && seen.has(Mark::AsOf) {
        return Some(Shape::Report);
    }
    dataset(seen)
        .or_else(|| api(seen, text))
        .or_else(|| record(seen))
        .or_else(|| canonical(seen))
        .or_else(|| labelled(seen))
}

fn api(seen: Seen, text: &str) -> Option<Shape> {
    if seen.has(Mark::RelatedOpportunityId) {
        return Some(Shape::Summary);
    }
    let has_id = seen.has_any(&[Mark::Id, Mark::Arn]);
    let is_api = seen.is_in_summaries
        || seen.has_any(&[Mark::ApiPart, Mark::RelatedEntities])
        || seen.has(Mark::Catalog) && (has_id || seen.has_any(&[Mark::Identifier, Mark::ClientToken]));
    if !is_api {
        return None;
    }
    let shape = if seen.is_in_summaries {
        Shape::List
    } else if seen.has(Mark::RelatedEntities) {
        Shape::Get
    } else if seen.has(Mark::ClientToken) {
        Shape::Create
    } else if seen.has(Mark::Identifier) {
        Shape::Update
    } else if !has_id && !seen.has(Mark::Stamp) {
        Shape::Create
    } else if seen.has(Mark::GetOnly) || GET_KEYS.iter().any(|key| contains_ignoring_case(text, key)) {
        Shape::Get
    } else {
        Shape::List
    };
    Some(shape)
}

/// Keys further down that a summary of a list does not have.
const GET_KEYS: [&str; 5] = [
    "\"AwsAccountId\"",
    "\"Title\"",
    "\"CustomerBusinessProblem\"",
    "\"CustomerUseCase\"",
    "\"NextStepsHistory\"",
];

fn contains_ignoring_case(text: &str, key: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'"', rest) {
        rest = &rest[at..];
        if rest.get(..key.len()).is_some_and(|found| found.eq_ignore_ascii_case(key.as_bytes())) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

fn dataset(seen: Seen) -> Option<Shape> {
    if seen.has(Mark::Relationship) {
        Some(Shape::Relationship)
    } else if seen.has(Mark::AccountRelationship) {
        Some(Shape::AccountRelationship)
    } else if seen.has(Mark::Discount) {
        Some(Shape::DiscountReport)
    } else if seen.has(Mark::Pipeline) {
        Some(Shape::Pipeline)
    } else if seen.has(Mark::Bill) && seen.has(Mark::BillCost) {
        Some(Shape::Bill)
    } else if seen.has(Mark::SppKind) && seen.has(Mark::SppRevenue) {
        Some(Shape::SppReport)
    } else if seen.has(Mark::DistributorBill) && seen.has(Mark::TotalDiscount) && seen.has(Mark::Account) {
        Some(Shape::DistributorBill)
    } else {
        None
    }
}

fn record(seen: Seen) -> Option<Shape> {
    if seen.has(Mark::Salesforce) && !seen.labelled.is_empty() {
        return Some(Shape::Salesforce);
    }
    if seen.has_any(&[Mark::S3, Mark::S3Id]) {
        let is_outbound = seen.has_any(&[Mark::S3Outbound, Mark::Stamp]);
        return Some(match (is_outbound, seen.has(Mark::S3KnownId)) {
            (true, _) => Shape::S3Outbound,
            (false, true) => Shape::S3Change,
            (false, false) => Shape::S3Inbound,
        });
    }
    if seen.canonical.intersects(OURS) {
        return None;
    }
    if seen.has(Mark::Hubspot) {
        Some(Shape::Hubspot)
    } else if seen.has(Mark::Label) {
        Some(Shape::Export)
    } else {
        None
    }
}

fn canonical(seen: Seen) -> Option<Shape> {
    let is_row = !seen.canonical.contains(Field::OpportunityId);
    if is_row && seen.canonical.intersects(DISCOUNT_FACTS) && seen.has(Mark::Account) {
        return Some(Shape::CanonicalDiscounts);
    }
    if is_row && seen.has(Mark::Month) && seen.has(Mark::Amount) {
        return Some(Shape::CanonicalSpend);
    }
    let opportunity = without(seen.canonical, EUR_ROW);
    let is_of_resource = seen.has_any(&[Mark::OfResource, Mark::Amount]);
    if seen.has(Mark::UsageType) && seen.has(Mark::Account) && opportunity.is_empty() && !is_of_resource {
        return Some(Shape::CanonicalEur);
    }
    (!without(seen.canonical, WEAK).is_empty()).then_some(Shape::Canonical)
}

/// Labels without a mark of their own tell as the headings of a table do: by how many are known.
fn labelled(seen: Seen) -> Option<Shape> {
    (mapping::kind_of(seen.labelled) == Some(Kind::Opportunities)).then_some(Shape::Export)
}

const EUR_ROW: FieldSet =
    EUR_FACTS.union(FieldSet::of(&[Field::AwsAccountId, Field::RowAccountId])).union(WEAK);

/// What of `fields` is not in `others`.
fn without(fields: FieldSet, others: FieldSet) -> FieldSet {
    let mut rest = FieldSet::EMPTY;
    for field in Field::ALL.iter().filter(|field| fields.contains(**field) && !others.contains(**field)) {
        rest.insert(*field);
    }
    rest
}

/// What canonical facts are about.
pub(super) fn kind_of_facts(facts: FieldSet) -> Kind {
    let facts = without(facts, ROW_FIELDS);
    let (eur, spend) = (facts.intersects(EUR_FACTS), facts.intersects(SPEND_FACTS));
    let account = FieldSet::of(&[Field::AwsAccountId]);
    let others = !without(facts, EUR_FACTS.union(SPEND_FACTS).union(account)).is_empty();
    match (others, eur, spend) {
        (_, false, false) => Kind::Opportunities,
        (false, true, false) => Kind::Eur,
        _ => Kind::Facts,
    }
}

impl Shape {
    pub(super) fn format(self) -> Format {
        match self {
            Shape::Create => Format::ApiCreate,
            Shape::Update => Format::ApiUpdate,
            Shape::Get => Format::ApiGet,
            Shape::List => Format::ApiList,
            Shape::Summary => Format::ApiAwsSummary,
            Shape::S3Outbound | Shape::S3Change => Format::S3Outbound,
            Shape::S3Inbound => Format::S3Inbound,
            Shape::Salesforce => Format::Salesforce,
            Shape::Hubspot => Format::Hubspot,
            Shape::Export => Format::AceExport,
            Shape::Pipeline => Format::OpportunityPipeline,
            Shape::Canonical | Shape::CanonicalEur | Shape::CanonicalSpend | Shape::CanonicalDiscounts => {
                Format::CanonicalJson
            }
            Shape::Relationship => Format::ChannelRelationships,
            Shape::AccountRelationship => Format::AccountRelationships,
            Shape::CostGroup | Shape::CostTotal => Format::CostExplorer,
            Shape::Bill => Format::CostAndUsageReport,
            Shape::SppReport => Format::SppReport,
            Shape::DiscountReport | Shape::DistributorBill => Format::DiscountBusinessReport,
            Shape::Report => Format::PodCheckReport,
        }
    }

    /// What a record of this shape is about; a canonical one tells by its facts.
    pub(super) fn kind(self) -> Kind {
        match self {
            Shape::CanonicalEur | Shape::Relationship | Shape::AccountRelationship => Kind::Eur,
            Shape::CanonicalSpend | Shape::CostGroup | Shape::CostTotal | Shape::Bill | Shape::SppReport => {
                Kind::Spend
            }
            Shape::CanonicalDiscounts | Shape::DiscountReport | Shape::DistributorBill => Kind::Discounts,
            Shape::Report => Kind::Report,
            _ => Kind::Opportunities,
        }
    }

    /// The family of its keys; the API's and Cost Explorer's shapes are nested and have none.
    pub(super) fn family(self) -> Option<Family> {
        match self {
            Shape::S3Outbound | Shape::S3Change | Shape::S3Inbound => Some(Family::S3),
            Shape::Salesforce | Shape::Hubspot | Shape::Export => Some(Family::Label),
            Shape::Pipeline => Some(Family::Pipeline),
            Shape::Canonical => Some(Family::Free),
            Shape::CanonicalEur => Some(Family::Eur),
            Shape::CanonicalSpend => Some(Family::Spend),
            Shape::Relationship => Some(Family::Relationship),
            Shape::AccountRelationship => Some(Family::AccountRelationship),
            Shape::Bill => Some(Family::Bill),
            Shape::CanonicalDiscounts => Some(Family::Discounts),
            Shape::SppReport => Some(Family::SppReport),
            Shape::DiscountReport => Some(Family::DiscountReport),
            Shape::DistributorBill => Some(Family::DistributorBill),
            _ => None,
        }
    }

    /// What it can carry; nothing for a record whose own keys tell.
    pub(super) fn carries(self) -> Option<FieldSet> {
        Some(match self {
            Shape::Create => CREATE,
            Shape::Update => UPDATE,
            Shape::Get => GET,
            Shape::List => LIST,
            Shape::Summary => SUMMARY,
            Shape::S3Outbound => S3_OUTBOUND,
            Shape::S3Change | Shape::S3Inbound => S3_INBOUND,
            Shape::Pipeline => PIPELINE,
            Shape::Canonical => EVERYTHING,
            Shape::CanonicalEur => EUR_FACTS,
            Shape::CanonicalSpend => SPEND,
            Shape::Relationship => RELATIONSHIP,
            Shape::AccountRelationship => ACCOUNT_RELATIONSHIP,
            Shape::CostGroup | Shape::CostTotal => COST,
            Shape::Bill
            | Shape::SppReport
            | Shape::Salesforce
            | Shape::Hubspot
            | Shape::Export
            | Shape::CanonicalDiscounts
            | Shape::DiscountReport
            | Shape::DistributorBill => return None,
            Shape::Report => FieldSet::EMPTY,
        })
    }
}

const fn fields_of(names: &[(&str, Field)], except: FieldSet) -> FieldSet {
    let mut fields = FieldSet::EMPTY;
    let mut i = 0;
    while i < names.len() {
        if !except.contains(names[i].1) {
            fields.insert(names[i].1);
        }
        i += 1;
    }
    fields
}

/// What every shape of the API has but AWS's own summary.
const API: FieldSet = FieldSet::of(&[
    Field::Catalog,
    Field::PartnerCrmId,
    Field::OpportunityType,
    Field::Stage,
    Field::ReviewStatus,
    Field::ReviewComments,
    Field::TargetCloseDate,
    Field::NextSteps,
    Field::ClosedLostReason,
    Field::CustomerName,
    Field::CustomerWebsite,
    Field::Industry,
    Field::IndustryOther,
    Field::Country,
    Field::State,
    Field::City,
    Field::PostalCode,
    Field::DeliveryModel,
    Field::ExpectedMrr,
    Field::MrrCurrency,
]);
/// What a summary of a list leaves out.
const FULL: FieldSet = FieldSet::of(&[
    Field::Duns,
    Field::AwsAccountId,
    Field::ProjectTitle,
    Field::ProjectDescription,
    Field::UseCase,
    Field::PrimaryNeeds,
    Field::OtherSolution,
    Field::NationalSecurity,
]);
const CREATE: FieldSet = API.union(FULL).union(FieldSet::of(&[Field::Origin]));
const UPDATE: FieldSet = API.union(FULL).union(FieldSet::of(&[Field::OpportunityId, Field::LastModifiedAt]));
const LIST: FieldSet =
    API.union(FieldSet::of(&[Field::OpportunityId, Field::LastModifiedAt, Field::CreatedAt]));
const GET: FieldSet = LIST.union(FULL).union(FieldSet::of(&[Field::Solution, Field::NextStepsHistory]));

/// Stage, close date and next steps of this shape are AWS's own, not the partner's.
pub(super) const SUMMARY: FieldSet = FieldSet::of(&[
    Field::OpportunityId,
    Field::Catalog,
    Field::Origin,
    Field::ExpectedMrr,
    Field::MrrCurrency,
    Field::Solution,
]);

const S3_OUTBOUND: FieldSet = fields_of(aliases::S3, FieldSet::EMPTY);
const S3_INBOUND: FieldSet = fields_of(
    aliases::S3,
    FieldSet::of(&[
        Field::Origin,
        Field::ReviewStatus,
        Field::ReviewComments,
        Field::CreatedAt,
        Field::LastModifiedAt,
        Field::NextStepsHistory,
    ]),
);
const PIPELINE: FieldSet = fields_of(aliases::PIPELINE, FieldSet::EMPTY);
const RELATIONSHIP: FieldSet = fields_of(aliases::CHANNEL_RELATIONSHIPS, FieldSet::EMPTY);
const ACCOUNT_RELATIONSHIP: FieldSet = fields_of(aliases::ACCOUNT_RELATIONSHIPS, FieldSet::EMPTY);
const SPEND: FieldSet =
    fields_of(aliases::SPEND, FieldSet::EMPTY).union(FieldSet::of(&[Field::RowAccountId]));
const COST: FieldSet = FieldSet::of(&[
    Field::RowAccountId,
    Field::RowMonth,
    Field::RowAmount,
    Field::RowCurrency,
    Field::RowFinal,
    Field::RowCharge,
]);
const EVERYTHING: FieldSet = {
    let mut fields = FieldSet::EMPTY;
    let mut i = 0;
    while i < Field::ALL.len() {
        // A row's own columns are no facts of a record in free form.
        if !ROW_FIELDS.contains(Field::ALL[i]) {
            fields.insert(Field::ALL[i]);
        }
        i += 1;
    }
    fields
};
