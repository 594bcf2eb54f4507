//! Every heading that means a field, table by table, for delimited text, sheets, key-value text and flat JSON alike.
//! What is absent here is absent on purpose: `AWS Close Date`,
//! `AWS Stage`, `Customer Software Value` and a CRM's `Amount` look like facts of the programme and are others.
//!
//! Headings are written as [`super::heading::Heading`] reduces them.

use super::{Format, Kind};
use crate::field::Field::{self, *};

/// A table that is known by headings no other has.
pub(super) struct Family {
    pub kind: Kind,
    pub format: Format,
    /// What a heading of an account means, whatever it calls the account.
    pub account: Option<Field>,
    /// Of each group, one heading must be there.
    pub needs: &'static [&'static [&'static str]],
    /// None of these may be there.
    pub excludes: &'static [&'static [&'static str]],
    pub columns: &'static [(&'static str, Field)],
}

impl Family {
    /// The field that `key` means in this table.
    pub(super) fn field(&self, key: &str) -> Option<Field> {
        find(self.columns, key).or(self.account.filter(|_| is_account(key)))
    }

    /// Whether these headings are those of this table.
    pub(super) fn is_there(&self, mut has: impl FnMut(&str) -> bool) -> bool {
        self.needs.iter().all(|group| group.iter().any(|key| has(key)))
            && !self.excludes.iter().flat_map(|group| group.iter()).any(|key| has(key))
    }
}

/// What people call the account in tables of their own.
pub(super) const ACCOUNT: &[&str] = &[
    "awsaccountid",
    "accountid",
    "linkedaccountid",
    "linkedaccount",
    "linkedawsaccountid",
    "usageaccountid",
    "awsaccount",
    "account",
    "awsaccountnumber",
    "accountnumber",
    "customeraccountid",
    "customerawsaccountid",
    "enduseraccountid",
];

/// A Cost and Usage Report, in both of its spellings: `lineItem/UnblendedCost` too.
pub(super) const BILL: &[(&str, Field)] = &[
    ("lineitemusageaccountid", RowAccountId),
    ("billbillingperiodstartdate", RowMonth),
    ("lineitemunblendedcost", RowAmount),
    ("lineitemcurrencycode", RowCurrency),
    ("billinvoiceid", RowFinal),
    ("lineitemlineitemtype", RowCharge),
    ("billbillingentity", RowCharge),
];

/// The report of the Solution Provider Program.
pub(super) const SPP_REPORT: &[(&str, Field)] = &[
    ("perioddate", RowMonth),
    ("totaleligiblerevenue", RowAmount),
    ("currency", RowCurrency),
    ("discountsearned", RowCharge),
];

/// `discount_business_report`. Its `sum_amount` is of discounted lines only and so no spend.
pub(super) const DISCOUNT_REPORT: &[(&str, Field)] = &[
    ("dbridpk", RowKey),
    ("linkedaccountid", RowAccountId),
    ("partneroriginateddiscount", DiscountPartnerOriginated),
    ("noeurdiscount", DiscountNoEur),
    ("discountstartdate", DiscountStart),
    ("perioddate", RowMonth),
    ("billingperiod", RowMonth),
    ("currency", RowCurrency),
    ("rowtype", RowType),
    ("rowmodifieddate", RowModified),
];

/// Discounts in our own names.
pub(super) const DISCOUNTS: &[(&str, Field)] = &[
    ("month", RowMonth),
    ("currency", RowCurrency),
    ("discountpartneroriginated", DiscountPartnerOriginated),
    ("discountnoeur", DiscountNoEur),
    ("discountstart", DiscountStart),
    ("rowkey", RowKey),
    ("rowtype", RowType),
    ("rowmodifieddate", RowModified),
];

/// The amounts of a distributor's bill.
pub(super) const DISTRIBUTOR_BILL: &[(&str, Field)] = &[
    ("perioddate", RowMonth),
    ("partneroriginated", DiscountPartnerOriginated),
    ("noeur", DiscountNoEur),
    ("currency", RowCurrency),
];

/// `account_relationships`.
pub(super) const ACCOUNT_RELATIONSHIPS: &[(&str, Field)] = &[
    ("accountrelationshipidpk", RowKey),
    ("relationshipawsaccountid", EurAccountId),
    ("relationshiptype", EurUsageType),
    ("rowtype", RowType),
    ("rowmodifieddate", RowModified),
];

/// Relationships of the Channel API. `sector` is not here: it does not say whether the customer advises a government.
pub(super) const CHANNEL_RELATIONSHIPS: &[(&str, Field)] =
    &[("associatedaccountid", EurAccountId), ("associationtype", EurUsageType)];

/// `opportunity_pipeline`.
pub(super) const PIPELINE: &[(&str, Field)] = &[
    ("opportunityidpk", RowKey),
    ("opportunityid", OpportunityId),
    ("ownership", Origin),
    ("opportunitystatus", ReviewStatus),
    ("opportunitystagename", Stage),
    ("opportunitytargetclosedate", TargetCloseDate),
    ("wondate", LaunchedOn),
    ("acesubmitteddate", SubmittedOn),
    ("opportunityapprovedrejecteddate", DecidedOn),
    ("lastactivitydate", LastModifiedAt),
    ("customercompanyname", CustomerName),
    ("opportunitycountry", Country),
    ("stateprovince", State),
    ("postalcode", PostalCode),
    ("opportunityindustry", Industry),
    ("deliverymodel", DeliveryModel),
    ("currency", MrrCurrency),
    ("partnerprimaryneedfromaws", PrimaryNeeds),
    ("opportunitysolutiontag", Solution),
    ("rowtype", RowType),
    ("rowmodifieddate", RowModified),
];

/// Spend in our own names.
pub(super) const SPEND: &[(&str, Field)] = &[
    ("month", RowMonth),
    ("billingmonth", RowMonth),
    ("billingperiod", RowMonth),
    ("amount", RowAmount),
    ("spend", RowAmount),
    ("cost", RowAmount),
    ("billedrevenue", RowAmount),
    ("currency", RowCurrency),
    ("spendcurrency", RowCurrency),
    ("final", RowFinal),
    ("spendfinal", RowFinal),
    ("chargetype", RowCharge),
];

/// End User Reporting, in the words of the programme guide.
pub(super) const EUR: &[(&str, Field)] = &[
    ("eurusagetype", EurUsageType),
    ("usagetype", EurUsageType),
    ("governmentadvising", EurGovernmentAdvising),
    // The guide writes `Government Advising = Yes?`.
    ("governmentadvisingyes", EurGovernmentAdvising),
    ("governmentfields", EurGovernmentFieldsComplete),
    ("governmentfieldscomplete", EurGovernmentFieldsComplete),
    ("governmentfieldscompleted", EurGovernmentFieldsComplete),
    ("city", EurCity),
    ("endusercity", EurCity),
];

/// Headings beside which `Usage Type` is that of a resource of a bill.
pub(super) const OF_RESOURCE: &[&str] = &[
    "usagequantity",
    "operation",
    "servicename",
    "service",
    "productcode",
    "totalcosts",
    "unblendedcost",
    "lineitemusagetype",
    "region",
];

/// Headings beside which it is that, or one fact of an opportunity among others.
const NOT_EUR: &[&str] = &["opportunityid", "targetclosedate", "stage", "cost"];

/// Tables in the order in which they are tried; the first whose headings are there is it.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        kind: Kind::Spend,
        format: Format::CostAndUsageReport,
        account: None,
        needs: &[&["lineitemunblendedcost"], &["lineitemusageaccountid"]],
        excludes: &[],
        columns: BILL,
    },
    Family {
        kind: Kind::Spend,
        format: Format::SppReport,
        account: Some(RowAccountId),
        needs: &[&["discountsearned"], &["totaleligiblerevenue"]],
        excludes: &[],
        columns: SPP_REPORT,
    },
    Family {
        kind: Kind::Discounts,
        format: Format::DiscountBusinessReport,
        account: None,
        needs: &[&["linkedaccountid"], &["partneroriginateddiscount"]],
        excludes: &[],
        columns: DISCOUNT_REPORT,
    },
    Family {
        kind: Kind::Discounts,
        format: Format::CanonicalTable,
        account: Some(RowAccountId),
        needs: &[&["discountpartneroriginated", "discountnoeur"], ACCOUNT],
        excludes: &[],
        columns: DISCOUNTS,
    },
    // A distributor's bill in the words of the same report: amounts, not rates, as their total beside them shows.
    Family {
        kind: Kind::Discounts,
        format: Format::DiscountBusinessReport,
        account: Some(RowAccountId),
        needs: &[ACCOUNT, &["partneroriginated"], &["noeur"], &["perioddate"], &["totaldiscount"]],
        excludes: &[],
        columns: DISTRIBUTOR_BILL,
    },
    Family {
        kind: Kind::Eur,
        format: Format::AccountRelationships,
        account: None,
        needs: &[&["relationshipawsaccountid"]],
        excludes: &[],
        columns: ACCOUNT_RELATIONSHIPS,
    },
    Family {
        kind: Kind::Eur,
        format: Format::ChannelRelationships,
        account: None,
        needs: &[&["associatedaccountid"], &["associationtype"]],
        excludes: &[],
        columns: CHANNEL_RELATIONSHIPS,
    },
    Family {
        kind: Kind::Opportunities,
        format: Format::OpportunityPipeline,
        account: None,
        needs: &[&["opportunityidpk", "opportunitytargetclosedate"], &["opportunityid"]],
        excludes: &[],
        columns: PIPELINE,
    },
    Family {
        kind: Kind::Spend,
        format: Format::CanonicalTable,
        account: Some(RowAccountId),
        needs: &[
            ACCOUNT,
            &["month", "billingmonth", "billingperiod"],
            &["amount", "spend", "cost", "billedrevenue"],
        ],
        excludes: &[&["opportunityid", "usagetype", "governmentadvising"]],
        columns: SPEND,
    },
    Family {
        kind: Kind::Eur,
        format: Format::EurTable,
        account: Some(EurAccountId),
        needs: &[
            ACCOUNT,
            &[
                "usagetype",
                "governmentadvising",
                "governmentadvisingyes",
                "governmentfields",
                "governmentfieldscomplete",
            ],
        ],
        excludes: &[NOT_EUR, OF_RESOURCE],
        columns: EUR,
    },
];

/// The S3 integration, whose names also head the columns of AWS's bulk import sheet and, with a prefix, those of CRMs.
pub(super) const S3: &[(&str, Field)] = &[
    ("apncrmuniqueidentifier", OpportunityId),
    ("partnercrmuniqueidentifier", PartnerCrmId),
    ("partnercrmopportunityid", PartnerCrmId),
    ("partnerprojecttitle", ProjectTitle),
    ("opportunityownership", Origin),
    ("status", ReviewStatus),
    ("apnreviewercomments", ReviewComments),
    ("stage", Stage),
    ("targetclosedate", TargetCloseDate),
    ("createddate", CreatedAt),
    ("lastmodifieddate", LastModifiedAt),
    ("nextstep", NextSteps),
    ("nextstephistory", NextStepsHistory),
    ("customercompanyname", CustomerName),
    ("customerwebsite", CustomerWebsite),
    ("country", Country),
    ("state", State),
    ("city", City),
    ("postalcode", PostalCode),
    ("industry", Industry),
    ("industryother", IndustryOther),
    ("customerduns", Duns),
    ("awsaccountid", AwsAccountId),
    ("projectdescription", ProjectDescription),
    ("usecase", UseCase),
    ("deliverymodel", DeliveryModel),
    ("expectedmonthlyawsrevenue", ExpectedMrr),
    ("opportunitytype", OpportunityType),
    ("partnerprimaryneedfromaws", PrimaryNeeds),
    ("solutionoffered", Solution),
    ("othersolutionoffered", OtherSolution),
    ("doesoppbelongtonatsec", NationalSecurity),
    ("closedlostreason", ClosedLostReason),
];

/// Headings of opportunities beside the canonical names and those of [`S3`]: of the ACE export, the bulk import
/// templates, the console, the Salesforce connector and CRMs. None means two things, so they may be mixed.
pub(super) const OPPORTUNITY: &[(&str, Field)] = &[
    ("apncrmid", OpportunityId),
    ("awsopportunityid", OpportunityId),
    ("partnercrmidentifier", PartnerCrmId),
    ("partneropportunityidentifier", PartnerCrmId),
    ("dealname", ProjectTitle),
    ("opportunitytitle", ProjectTitle),
    ("opportunityname", ProjectTitle),
    ("ownership", Origin),
    // AWS originated or partner originated.
    ("aopo", Origin),
    ("awsreviewstatus", ReviewStatus),
    ("awsstatus", ReviewStatus),
    ("opportunitystatus", ReviewStatus),
    ("apnreviewreason", ReviewComments),
    ("stagename", Stage),
    ("closedate", TargetCloseDate),
    ("launchdate", LaunchedOn),
    ("wondate", LaunchedOn),
    ("datecreated", CreatedAt),
    ("awscreatedate", CreatedAt),
    ("datesubmitted", SubmittedOn),
    ("dateapprovedrejected", DecidedOn),
    ("lastupdateddate", LastModifiedAt),
    ("awsnextsteps", NextSteps),
    ("nextstepslog", NextStepsHistory),
    ("website", CustomerWebsite),
    ("countrycode", Country),
    ("stateprovince", State),
    ("stateorregion", State),
    ("industryvertical", Industry),
    ("awsindustry", Industry),
    ("otherindustry", IndustryOther),
    ("awsaccount", AwsAccountId),
    ("customerawsaccountid", AwsAccountId),
    ("projectdescriptionbusinessneed", ProjectDescription),
    ("customerbusinessproblem", ProjectDescription),
    ("awsusecase", UseCase),
    ("customerusecase", UseCase),
    ("deliverymodels", DeliveryModel),
    ("awsdeliverymodels", DeliveryModel),
    ("estimatedawsmonthlyrecurringrevenue", ExpectedMrr),
    ("estimatedmonthlyrecurringrevenue", ExpectedMrr),
    ("estimatedawsmonthlyrevenue", ExpectedMrr),
    ("awsexpectedspend", ExpectedMrr),
    ("partnerprimaryneed", PrimaryNeeds),
    ("primaryneedsfromaws", PrimaryNeeds),
    ("cosellneeds", PrimaryNeeds),
    ("solutionsoffered", Solution),
    ("doesopportunitybelongtonatsec", NationalSecurity),
    ("closedreason", ClosedLostReason),
    ("usagetype", EurUsageType),
    ("governmentadvising", EurGovernmentAdvising),
    ("governmentadvisingyes", EurGovernmentAdvising),
    ("governmentfields", EurGovernmentFieldsComplete),
    ("governmentfieldscomplete", EurGovernmentFieldsComplete),
];

/// Fields of a record of one opportunity, as opposed to those of a row of a bill.
pub(super) fn is_of_opportunity(field: Field) -> bool {
    field <= Catalog
}

/// Fields of End User Reporting.
pub(super) fn is_of_eur(field: Field) -> bool {
    (EurAccountId..=EurCity).contains(&field)
}

/// Fields of spend that stand beside an opportunity's.
pub(super) fn is_of_spend(field: Field) -> bool {
    (Spend..=SpendCurrency).contains(&field)
}

/// Odoo spells every property of a synchronised opportunity with this in front.
pub(super) const ODOO_PREFIX: &str = "cawsace";

/// The field that `key` means in a table of opportunities, or of several kinds of facts.
pub(super) fn opportunity_field(key: &str) -> Option<Field> {
    let key = key.strip_prefix(ODOO_PREFIX).unwrap_or(key);
    let canonical = || {
        Field::from_name(key)
            .filter(|field| is_of_opportunity(*field) || is_of_eur(*field) || is_of_spend(*field))
    };
    if key.is_empty() {
        return None;
    }
    find(OPPORTUNITY, key).or_else(|| find(S3, key)).or_else(canonical)
}

/// A field that a table must have to be one of opportunities: the others are common to all kinds of tables.
pub(super) fn tells_opportunities(field: Field) -> bool {
    matches!(
        field,
        OpportunityId
            | PartnerCrmId
            | ProjectTitle
            | Origin
            | TargetCloseDate
            | CustomerName
            | AwsAccountId
            | ExpectedMrr
    )
}

/// Headings that only a customer-relationship system other than Salesforce writes.
pub(super) const CRM: &[&str] = &[
    "dealname",
    "awsopportunityid",
    "awsreviewstatus",
    "awsstatus",
    "awsaccount",
    "stagename",
    "awscreatedate",
    "awsdeliverymodels",
    "awsexpectedspend",
];

/// Tables that are known and of no use here: their headings, what they are, and what to do instead.
pub(super) const FOREIGN: &[(&[&str], Format, &str)] = &[
    (
        &["leadid", "leadstatus", "leadstage", "leadname", "leadage", "leadowner", "leadownership"],
        Format::Leads,
        "This is a table of leads, not of opportunities; export the opportunities from ACE instead.",
    ),
    (
        &["isapierror", "inboundapiresults", "apierrors"],
        Format::S3Results,
        "This is a results file of the S3 integration, which says what AWS accepted, not what an opportunity holds; \
         paste the opportunities instead.",
    ),
    (
        &["totalcosts"],
        Format::CostExplorer,
        "This is a table of Cost Explorer that names no account; group it by linked account and download it again.",
    ),
];

/// Whether a heading is one of an account in tables of spend.
pub(super) fn is_account(key: &str) -> bool {
    ACCOUNT.contains(&key)
}

fn find(columns: &[(&str, Field)], key: &str) -> Option<Field> {
    columns.iter().find(|(known, _)| *known == key).map(|(_, field)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_mean_nothing() {
        for key in [
            "awsclosedate",
            "awsstage",
            "amount",
            "customersoftwarevalue",
            "closeddate",
            "dealstage",
            "awspartition",
            "isthisnetnewengagementwithcustomer",
            "parentopportunityid",
            "subusecase",
            "accountid",
            "",
        ] {
            assert_eq!(opportunity_field(key), None, "{key}");
        }
    }

    #[test]
    fn every_fact_of_an_opportunity_is_known_by_its_canonical_name() {
        for field in Field::ALL.iter().copied().filter(|field| is_of_opportunity(*field)) {
            let key: String = field.name().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
            assert_eq!(opportunity_field(&key), Some(field));
        }
    }

    #[test]
    fn no_heading_means_two_fields_of_one_table() {
        let opportunity = [OPPORTUNITY, S3].concat();
        let tables = FAMILIES.iter().map(|family| family.columns).chain([opportunity.as_slice()]);
        for columns in tables {
            for (i, (key, _)) in columns.iter().enumerate() {
                assert!(!columns[..i].iter().any(|(other, _)| other == key), "{key} stands twice");
            }
        }
    }
}
