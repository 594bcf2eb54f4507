//! Every heading that means a field, table by table. What is absent here is absent on purpose: `AWS Close Date`,
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
    pub excludes: &'static [&'static str],
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
            && !self.excludes.iter().any(|key| has(key))
    }
}

/// What people call the account in tables of their own.
const ACCOUNT: &[&str] = &[
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

/// Headings beside which `Usage Type` is that of a resource of a bill, or one fact of an opportunity among others.
const NOT_EUR: &[&str] = &[
    "opportunityid",
    "targetclosedate",
    "stage",
    "usagequantity",
    "operation",
    "servicename",
    "service",
    "productcode",
    "totalcosts",
    "unblendedcost",
    "cost",
    "lineitemusagetype",
    "region",
];

/// Tables in the order in which they are tried; the first whose headings are there is it.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        kind: Kind::Spend,
        format: Format::CostAndUsageReport,
        account: None,
        needs: &[&["lineitemunblendedcost"], &["lineitemusageaccountid"]],
        excludes: &[],
        columns: &[
            ("lineitemusageaccountid", RowAccountId),
            ("billbillingperiodstartdate", RowMonth),
            ("lineitemunblendedcost", RowAmount),
            ("lineitemcurrencycode", RowCurrency),
            ("billinvoiceid", RowFinal),
            ("lineitemlineitemtype", RowCharge),
            ("billbillingentity", RowCharge),
        ],
    },
    Family {
        kind: Kind::Spend,
        format: Format::SppReport,
        account: Some(RowAccountId),
        needs: &[&["discountsearned"], &["totaleligiblerevenue"]],
        excludes: &[],
        columns: &[
            ("perioddate", RowMonth),
            ("totaleligiblerevenue", RowAmount),
            ("currency", RowCurrency),
            ("discountsearned", RowCharge),
        ],
    },
    Family {
        kind: Kind::Discounts,
        format: Format::DiscountBusinessReport,
        account: None,
        needs: &[&["linkedaccountid"], &["partneroriginateddiscount"]],
        excludes: &[],
        columns: &[
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
        ],
    },
    Family {
        kind: Kind::Discounts,
        format: Format::CanonicalTable,
        account: Some(RowAccountId),
        needs: &[&["discountpartneroriginated", "discountnoeur"], ACCOUNT],
        excludes: &[],
        columns: &[
            ("month", RowMonth),
            ("currency", RowCurrency),
            ("discountpartneroriginated", DiscountPartnerOriginated),
            ("discountnoeur", DiscountNoEur),
            ("discountstart", DiscountStart),
            ("rowkey", RowKey),
            ("rowtype", RowType),
            ("rowmodifieddate", RowModified),
        ],
    },
    // A distributor's bill in the words of the same report: amounts, not rates, as their total beside them shows.
    Family {
        kind: Kind::Discounts,
        format: Format::DiscountBusinessReport,
        account: Some(RowAccountId),
        needs: &[ACCOUNT, &["partneroriginated"], &["noeur"], &["perioddate"], &["totaldiscount"]],
        excludes: &[],
        columns: &[
            ("perioddate", RowMonth),
            ("partneroriginated", DiscountPartnerOriginated),
            ("noeur", DiscountNoEur),
            ("currency", RowCurrency),
        ],
    },
    Family {
        kind: Kind::Eur,
        format: Format::AccountRelationships,
        account: None,
        needs: &[&["relationshipawsaccountid"]],
        excludes: &[],
        columns: &[
            ("accountrelationshipidpk", RowKey),
            ("relationshipawsaccountid", EurAccountId),
            ("relationshiptype", EurUsageType),
            ("rowtype", RowType),
            ("rowmodifieddate", RowModified),
        ],
    },
    Family {
        kind: Kind::Eur,
        format: Format::ChannelRelationships,
        account: None,
        needs: &[&["associatedaccountid"], &["associationtype"]],
        excludes: &[],
        columns: &[("associatedaccountid", EurAccountId), ("associationtype", EurUsageType)],
    },
    Family {
        kind: Kind::Opportunities,
        format: Format::OpportunityPipeline,
        account: None,
        needs: &[&["opportunityidpk", "opportunitytargetclosedate"], &["opportunityid"]],
        excludes: &[],
        columns: &[
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
        ],
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
        excludes: &["opportunityid", "usagetype", "governmentadvising"],
        columns: &[
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
        ],
    },
    Family {
        kind: Kind::Eur,
        format: Format::EurTable,
        account: Some(EurAccountId),
        needs: &[
            ACCOUNT,
            &["usagetype", "governmentadvising", "governmentfields", "governmentfieldscomplete"],
        ],
        excludes: NOT_EUR,
        columns: &[
            ("eurusagetype", EurUsageType),
            ("usagetype", EurUsageType),
            ("governmentadvising", EurGovernmentAdvising),
            ("governmentfields", EurGovernmentFieldsComplete),
            ("governmentfieldscomplete", EurGovernmentFieldsComplete),
            ("governmentfieldscompleted", EurGovernmentFieldsComplete),
            ("city", EurCity),
            ("endusercity", EurCity),
        ],
    },
];

/// Headings of opportunities beside the canonical names: of the ACE export, the bulk import templates, the console,
/// the S3 integration, the Salesforce connector and CRMs. None means two things, so they may be mixed.
pub(super) const OPPORTUNITY: &[(&str, Field)] = &[
    ("apncrmuniqueidentifier", OpportunityId),
    ("apncrmid", OpportunityId),
    ("awsopportunityid", OpportunityId),
    ("partnercrmuniqueidentifier", PartnerCrmId),
    ("partnercrmopportunityid", PartnerCrmId),
    ("partnercrmidentifier", PartnerCrmId),
    ("partneropportunityidentifier", PartnerCrmId),
    ("partnerprojecttitle", ProjectTitle),
    ("dealname", ProjectTitle),
    ("opportunitytitle", ProjectTitle),
    ("opportunityname", ProjectTitle),
    ("opportunityownership", Origin),
    ("ownership", Origin),
    ("status", ReviewStatus),
    ("awsreviewstatus", ReviewStatus),
    ("awsstatus", ReviewStatus),
    ("opportunitystatus", ReviewStatus),
    ("apnreviewercomments", ReviewComments),
    ("apnreviewreason", ReviewComments),
    ("stagename", Stage),
    ("closedate", TargetCloseDate),
    ("launchdate", LaunchedOn),
    ("wondate", LaunchedOn),
    ("datecreated", CreatedAt),
    ("createddate", CreatedAt),
    ("awscreatedate", CreatedAt),
    ("datesubmitted", SubmittedOn),
    ("dateapprovedrejected", DecidedOn),
    ("lastupdateddate", LastModifiedAt),
    ("lastmodifieddate", LastModifiedAt),
    ("nextstep", NextSteps),
    ("awsnextsteps", NextSteps),
    ("nextstephistory", NextStepsHistory),
    ("nextstepslog", NextStepsHistory),
    ("customercompanyname", CustomerName),
    ("website", CustomerWebsite),
    ("countrycode", Country),
    ("stateprovince", State),
    ("stateorregion", State),
    ("industryvertical", Industry),
    ("awsindustry", Industry),
    ("otherindustry", IndustryOther),
    ("customerduns", Duns),
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
    ("expectedmonthlyawsrevenue", ExpectedMrr),
    ("awsexpectedspend", ExpectedMrr),
    ("partnerprimaryneedfromaws", PrimaryNeeds),
    ("partnerprimaryneed", PrimaryNeeds),
    ("primaryneedsfromaws", PrimaryNeeds),
    ("cosellneeds", PrimaryNeeds),
    ("solutionoffered", Solution),
    ("solutionsoffered", Solution),
    ("othersolutionoffered", OtherSolution),
    ("doesopportunitybelongtonatsec", NationalSecurity),
    ("doesoppbelongtonatsec", NationalSecurity),
    ("closedreason", ClosedLostReason),
    ("usagetype", EurUsageType),
    ("governmentadvising", EurGovernmentAdvising),
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

/// The field that `key` means in a table of opportunities, or of several kinds of facts.
pub(super) fn opportunity_field(key: &str) -> Option<Field> {
    // Odoo spells every property of a synchronised opportunity with this in front.
    let key = key.strip_prefix("cawsace").unwrap_or(key);
    let canonical = || {
        Field::from_name(key)
            .filter(|field| is_of_opportunity(*field) || is_of_eur(*field) || is_of_spend(*field))
    };
    if key.is_empty() {
        return None;
    }
    find(OPPORTUNITY, key).or_else(canonical)
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
        let tables = FAMILIES.iter().map(|family| family.columns).chain([OPPORTUNITY]);
        for columns in tables {
            for (i, (key, _)) in columns.iter().enumerate() {
                assert!(!columns[..i].iter().any(|(other, _)| other == key), "{key} stands twice");
            }
        }
    }
}
