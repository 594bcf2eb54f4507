//! What the keys of flat JSON records mean, family by family: the S3 integration, CRMs, AWS's data subscriptions,
//! bills, End User Reporting and our own canonical names. Which key means which field stands in [`aliases`] alone.

mod tables;

use super::super::DateOrder;
use super::super::aliases;
use super::super::heading::Heading;
use crate::calendar::Month;
use crate::field::{Field, FieldSet};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tables::{ACCOUNTS, MARKS, NAMES, ROLES};

/// A family of records with the same keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    S3,
    /// Labels of the console and of exports, and names of CRM fields.
    Label,
    Pipeline,
    DiscountReport,
    DistributorBill,
    Discounts,
    Bill,
    SppReport,
    AccountRelationship,
    Relationship,
    Eur,
    Spend,
    /// Our own names, and nothing else: by these a record is told to be ours.
    Canonical,
    /// Our own names and every label: how a record that is ours is read.
    Free,
}

const FAMILIES: usize = Family::Free as usize + 1;

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
    SppKind,
    SppRevenue,
    DistributorBill,
    TotalDiscount,
    AccountRelationship,
    Relationship,
    UsageType,
    /// What makes of a usage type that of a resource.
    OfResource,
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
        let heading = Heading::of(key);
        if let Some((month, is_final)) = heading.spend_month() {
            let field = if is_final { Field::SpendFinal } else { Field::Spend };
            let mut meaning = Meaning { month: Some(month), ..Meaning::default() };
            for family in [Family::Canonical, Family::Free, Family::Label] {
                meaning.fields[family as usize] = Some(field);
            }
            return meaning;
        }
        let mut meaning = TABLE.get(heading.key.as_str()).copied().unwrap_or_default();
        meaning.order = heading.order;
        if heading.is_salesforce {
            meaning.mark = Some(Mark::Salesforce);
            meaning.role = None;
        } else if meaning.mark == Some(Mark::S3) && key.trim().contains(['_', ' ']) {
            meaning.mark = Some(Mark::Label);
        }
        if let Some(name) = heading.key.strip_prefix(aliases::ODOO_PREFIX) {
            let label = TABLE.get(name).and_then(|known| known.in_family(Family::Label));
            meaning.fields[Family::Label as usize] = label;
            meaning.fields[Family::Free as usize] = label;
        }
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

static TABLE: LazyLock<FxHashMap<String, Meaning>> = LazyLock::new(|| {
    let mut table: FxHashMap<String, Meaning> = FxHashMap::default();
    let key = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    for field in Field::ALL {
        let meaning = table.entry(key(field.name())).or_default();
        meaning.fields[Family::Canonical as usize] = Some(*field);
        if aliases::is_of_eur(*field) {
            meaning.fields[Family::Eur as usize] = Some(*field);
        }
    }
    for (family, names) in NAMES {
        for (name, field) in *names {
            table.entry(key(name)).or_default().fields[*family as usize] = Some(*field);
        }
    }
    for (family, field) in ACCOUNTS {
        for name in aliases::ACCOUNT {
            table.entry(key(name)).or_default().fields[*family as usize] = Some(*field);
        }
    }
    for (name, _) in aliases::OPPORTUNITY {
        table.entry(key(name)).or_default();
    }
    // Looked up here once: a file may have a million different keys.
    for (name, meaning) in &mut table {
        let label = aliases::opportunity_field(name);
        meaning.fields[Family::Label as usize] = label;
        meaning.fields[Family::Free as usize] = meaning.in_family(Family::Canonical).or(label);
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
