//! What the keys of flat JSON records mean, family by family: the S3 integration, CRMs, AWS's data subscriptions,
//! bills, End User Reporting and our own canonical names.
//!
//! Never here, because they look like something they are not: `aWSStage`, `aWSCloseDate`, a CRM's `amount`.

mod tables;

pub(super) use tables::{ACCOUNT_RELATIONSHIP, PIPELINE, RELATIONSHIP, S3, SPEND};

use super::super::DateOrder;
use crate::calendar::Month;
use crate::field::{Field, FieldSet};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tables::{MARKS, NAMES, ROLES};

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
