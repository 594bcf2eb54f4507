//! A row of headings to what each column means.

use super::aliases::{self, Family};
use super::heading::Heading;
use super::pivot::{self, Pivot};
use super::{Format, Kind, Order, paths};
use crate::calendar::Month;
use crate::field::{Field, FieldSet};

/// What one column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Nothing that anybody asks for.
    Skip,
    /// A field.
    Field(Meaning),
    /// Whose money the entry with this number of the expected customer spend is: `AWS`, or the partner's own.
    SpendTarget(u8),
}

/// The field that a column means, and what its heading says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub field: Field,
    pub month: Option<Month>,
    pub order: Order,
    /// The number of the entry of the expected customer spend it belongs to.
    pub entry: Option<u8>,
    /// A later item of a list whose items stand in columns of their own.
    pub is_more_of_list: bool,
}

impl Meaning {
    fn of(field: Field, heading: &Heading) -> Self {
        let order = heading.order.map_or(Order::Unproved, Order::Given);
        Meaning { field, month: None, order, entry: None, is_more_of_list: false }
    }
}

/// What a row of headings was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    pub kind: Kind,
    pub format: Format,
    pub columns: Vec<Column>,
    pub pivot: Option<Pivot>,
    /// What the table is, when it is known to be of no use here.
    pub foreign: Option<&'static str>,
    /// How many different fields it has.
    pub score: usize,
}

impl Mapping {
    /// A mapping of these columns.
    pub(super) fn new(kind: Kind, format: Format, columns: Vec<Column>) -> Self {
        let mut mapping = Mapping { kind, format, columns, pivot: None, foreign: None, score: 0 };
        mapping.score = mapping.carries().len();
        mapping
    }

    /// The fields of its columns.
    pub(super) fn carries(&self) -> FieldSet {
        let mut fields = FieldSet::EMPTY;
        for column in &self.columns {
            if let Column::Field(meaning) = column {
                fields.insert(meaning.field);
            }
        }
        if let Some(pivot) = &self.pivot {
            fields.insert(pivot.key);
            fields.insert(pivot.in_headings());
            fields.insert(Field::RowAmount);
        }
        fields
    }
}

/// What these headings are, if they are those of a table that is known.
pub(super) fn map(raw: &[&str]) -> Option<Mapping> {
    let headings: Vec<Heading> = raw.iter().map(|text| Heading::of(text)).collect();
    let has = |key: &str| headings.iter().any(|heading| heading.key == key);
    let foreign = || {
        let (_, format, sentence) =
            aliases::FOREIGN.iter().find(|(keys, _, _)| keys.iter().any(|key| has(key)))?;
        let known = Mapping::new(Kind::Ignored, *format, Vec::new());
        (!has("opportunityid")).then_some(Mapping { foreign: Some(sentence), score: 2, ..known })
    };
    aliases::FAMILIES
        .iter()
        .find(|family| family.is_there(has))
        .map(|family| of_family(family, &headings))
        .or_else(|| pivot::cost_explorer(raw, &headings))
        .or_else(|| api_paths(raw))
        .or_else(foreign)
        .or_else(|| opportunities(raw, &headings))
}

fn of_family(family: &Family, headings: &[Heading]) -> Mapping {
    let column = |heading: &Heading| match family.field(&heading.key) {
        Some(field) => Column::Field(Meaning::of(field, heading)),
        None => Column::Skip,
    };
    Mapping::new(family.kind, family.format, headings.iter().map(column).collect())
}

fn opportunities(raw: &[&str], headings: &[Heading]) -> Option<Mapping> {
    let column = |heading: &Heading| {
        let spend = heading.spend_month().map(|(month, is_final)| {
            let field = if is_final { Field::SpendFinal } else { Field::Spend };
            Meaning { month: Some(month), ..Meaning::of(field, heading) }
        });
        let plain = || aliases::opportunity_field(&heading.key).map(|field| Meaning::of(field, heading));
        spend.or_else(plain).map_or(Column::Skip, Column::Field)
    };
    let mut mapping =
        Mapping::new(Kind::Opportunities, Format::Unrecognised, headings.iter().map(column).collect());
    mapping.kind = kind_of(mapping.carries())?;
    mapping.format = format_of(raw, headings, &mapping);
    if mapping.kind == Kind::Eur {
        let has_own = mapping.carries().contains(Field::EurAccountId);
        for column in &mut mapping.columns {
            match column {
                Column::Field(meaning) if meaning.field == Field::AwsAccountId && has_own => {
                    *column = Column::Skip
                }
                Column::Field(meaning) if meaning.field == Field::AwsAccountId => {
                    meaning.field = Field::EurAccountId
                }
                _ => {}
            }
        }
    }
    if mapping.kind == Kind::Spend {
        mapping = pivot::wide_spend(raw, mapping)?;
    }
    Some(mapping)
}

/// What a record with these fields is about; nothing when they are too few to tell.
pub(super) fn kind_of(fields: FieldSet) -> Option<Kind> {
    // A line of text is a heading of one column to whoever looks for headings: most that are asked about have no field.
    if fields.len() < 2 {
        return None;
    }
    let count = |of: fn(Field) -> bool| {
        Field::ALL.iter().filter(|field| fields.contains(**field) && of(**field)).count()
    };
    let has_account = fields.contains(Field::AwsAccountId);
    let own = count(aliases::is_of_opportunity) - usize::from(has_account);
    let (eur, spend) = (count(aliases::is_of_eur), count(aliases::is_of_spend));
    let is_told = count(aliases::tells_opportunities) > 0;
    match (own, eur, spend) {
        (0, 0, 0) => None,
        (0, 0, _) if has_account => Some(Kind::Spend),
        (0, _, 0) if eur >= 2 || has_account => Some(Kind::Eur),
        (_, 0, 0) => (is_told && own + usize::from(has_account) >= 2).then_some(Kind::Opportunities),
        _ => (is_told && own + eur + spend + usize::from(has_account) >= 2).then_some(Kind::Facts),
    }
}

fn format_of(raw: &[&str], headings: &[Heading], mapping: &Mapping) -> Format {
    let carries = mapping.carries();
    let is_draft =
        !carries.intersects(FieldSet::of(&[Field::OpportunityId, Field::ReviewStatus, Field::Origin]));
    let mapped = || {
        let is_mapped = |i: &usize| matches!(mapping.columns.get(*i), Some(Column::Field(_)));
        (0..raw.len()).filter(is_mapped)
    };
    let is_camel = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_alphabetic())
            && text.contains(|c: char| c.is_ascii_uppercase())
    };
    if headings.iter().any(|heading| heading.is_salesforce) {
        Format::Salesforce
    } else if mapped().filter(|i| is_camel(raw[*i].trim())).count() >= 3 {
        if is_draft { Format::AceImport } else { Format::S3Outbound }
    } else if headings.iter().any(|heading| aliases::CRM.contains(&heading.key.as_str())) {
        Format::Hubspot
    } else if is_draft && headings.iter().filter(|heading| heading.is_template).count() >= 2 {
        Format::AceImport
    } else if mapped().all(|i| headings[i].spend_month().is_some() || Field::from_name(raw[i]).is_some())
        && mapped().any(|i| raw[i].contains(['_', '.']))
    {
        Format::CanonicalTable
    } else {
        Format::AceExport
    }
}

/// What of AWS's own summary is also the partner's: its stage, close date and next steps are AWS's.
const AWS_SUMMARY: FieldSet = FieldSet::of(&[
    Field::OpportunityId,
    Field::Origin,
    Field::Catalog,
    Field::ExpectedMrr,
    Field::MrrCurrency,
    Field::Solution,
]);

/// The export of AWS's sample script: headings are paths, `Project.ExpectedCustomerSpend[0].Amount`.
fn api_paths(raw: &[&str]) -> Option<Mapping> {
    const ROOTS: [&str; 4] = ["lifecycle.", "customer.", "project.", "relatedentity"];
    let is_path = |text: &&&str| {
        ROOTS.iter().any(|root| text.get(..root.len()).is_some_and(|start| start.eq_ignore_ascii_case(root)))
    };
    if raw.iter().filter(is_path).count() < 2 {
        return None;
    }
    let is_summary = raw.iter().any(|text| text.trim().eq_ignore_ascii_case("RelatedOpportunityId"));
    let allowed = |field: &Field| !is_summary || AWS_SUMMARY.contains(*field);
    let column = |text: &&str| {
        let (path, item) = without_indexes(text.trim());
        let in_spend = path.to_ascii_lowercase().contains("expectedcustomerspend.");
        let entry = item.filter(|_| in_spend).map(|item| u8::try_from(item).unwrap_or(u8::MAX));
        match (paths::field_of_path(&path).filter(allowed), entry) {
            (None, Some(entry)) if path.to_ascii_lowercase().ends_with(".targetcompany") => {
                Column::SpendTarget(entry)
            }
            (None, _) => Column::Skip,
            (Some(field), entry) => Column::Field(Meaning {
                entry,
                is_more_of_list: is_list(field) && item.is_some_and(|item| item > 0),
                ..Meaning::of(field, &Heading::default())
            }),
        }
    };
    let format = if is_summary { Format::ApiAwsSummary } else { Format::ApiCsv };
    let mapping = Mapping::new(Kind::Opportunities, format, raw.iter().map(column).collect());
    (mapping.score >= 2).then_some(mapping)
}

fn is_list(field: Field) -> bool {
    matches!(field, Field::DeliveryModel | Field::PrimaryNeeds | Field::Solution)
}

/// `A[3].B` is `A.B` and 3.
fn without_indexes(path: &str) -> (String, Option<usize>) {
    let (mut bare, mut item, mut rest) = (String::new(), None, path);
    while let Some((before, after)) = rest.split_once('[') {
        bare.push_str(before);
        let Some((index, tail)) = after.split_once(']') else { break };
        item = index.parse().ok();
        rest = tail;
    }
    bare.push_str(rest);
    (bare, item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(text: &str) -> Option<Mapping> {
        map(&text.split(',').collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(text: &str, kind: Kind, format: Format) {
        let mapping = mapped(text).unwrap();
        assert_eq!((mapping.kind, mapping.format), (kind, format));
    }

    #[test]
    fn usage_type_is_decided_by_what_stands_beside_it() {
        check("Account ID,Usage Type,Government Advising", Kind::Eur, Format::EurTable);
        assert_eq!(mapped("Account ID,Usage Type,Usage Quantity,Unblended Cost"), None);
        check("Usage Type,EC2($),Total costs($)", Kind::Ignored, Format::CostExplorer);
        check("Opportunity Id,AWS Account ID,Usage Type", Kind::Facts, Format::AceExport);
    }

    #[test]
    fn too_few_headings_tell_nothing() {
        for text in ["Status,Country", "Stage", "Name,Amount,Currency", "", "Country,City,Website,Status"] {
            assert_eq!(mapped(text), None, "{text}");
        }
    }

    #[test]
    fn each_table_is_known_by_its_headings() {
        check("line_item_usage_account_id,line_item_unblended_cost", Kind::Spend, Format::CostAndUsageReport);
        check("lineItem/UsageAccountId,lineItem/UnblendedCost", Kind::Spend, Format::CostAndUsageReport);
        check("aws_account_id,month,amount,currency,final", Kind::Spend, Format::CanonicalTable);
        check(
            "linked_account_id,period_date,discounts_earned,total_eligible_revenue",
            Kind::Spend,
            Format::SppReport,
        );
        check(
            "dbr_id_pk,linked_account_id,partner_originated_discount",
            Kind::Discounts,
            Format::DiscountBusinessReport,
        );
        check(
            "linked_account_id,period_date,partner_originated,no_eur,sum,total_discount",
            Kind::Discounts,
            Format::DiscountBusinessReport,
        );
        check("relationship_aws_account_id,relationship_type", Kind::Eur, Format::AccountRelationships);
        check("associatedAccountId,associationType,sector", Kind::Eur, Format::ChannelRelationships);
        check("opportunity_id_pk,opportunity_id,ownership", Kind::Opportunities, Format::OpportunityPipeline);
        check("eur.account_id,eur.usage_type", Kind::Eur, Format::CanonicalTable);
        check("awsapn__APN_CRM_Id__c,awsapn__Stage__c", Kind::Opportunities, Format::Salesforce);
        check("dealname,closedate,amount,aws_opportunity_id", Kind::Opportunities, Format::Hubspot);
        check("opportunity_id,stage,eur.usage_type,spend.2026-11", Kind::Facts, Format::CanonicalTable);
        check("opportunity_id,target_close_date", Kind::Opportunities, Format::CanonicalTable);
        check("Opportunity id,Stage,Customer Company Name", Kind::Opportunities, Format::AceExport);
        check("Lead Id,Customer Company Name,Country,Website", Kind::Ignored, Format::Leads);
    }

    #[test]
    fn a_template_without_ids_is_a_draft_and_with_them_is_not() {
        check("Country - required,Partner Project Title - required", Kind::Opportunities, Format::AceImport);
        check("Opportunity ID,Country - required,Website - required", Kind::Opportunities, Format::AceExport);
        check(
            "customerCompanyName,partnerProjectTitle,targetCloseDate",
            Kind::Opportunities,
            Format::AceImport,
        );
        check(
            "apnCrmUniqueIdentifier,partnerProjectTitle,targetCloseDate",
            Kind::Opportunities,
            Format::S3Outbound,
        );
    }

    #[test]
    fn aws_own_stage_is_not_the_partners() {
        let mapping =
            mapped("RelatedOpportunityId,Origin,LifeCycle.Stage,LifeCycle.TargetCloseDate").unwrap();
        assert_eq!(mapping.format, Format::ApiAwsSummary);
        assert_eq!(mapping.carries(), FieldSet::of(&[Field::OpportunityId, Field::Origin]));
    }
}
