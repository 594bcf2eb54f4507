//! The paths of the Partner Central API: one table, for JSON and for CSV files whose headings are such paths.
//!
//! Absent on purpose, because they look like something they are not: AWS's own `AWSSalesLifeCycle`, the price of
//! the partner's software (`SoftwareRevenue`), its `DeliveryModel`, and every contact.

use crate::field::Field;
use std::sync::LazyLock;

/// Every path that means a field, as AWS spells it; the index of one is its heading.
pub(super) const PATHS: &[(&str, Field)] = &[
    ("Id", Field::OpportunityId),
    ("Identifier", Field::OpportunityId),
    ("RelatedOpportunityId", Field::OpportunityId),
    ("Arn", Field::OpportunityId),
    ("PartnerOpportunityIdentifier", Field::PartnerCrmId),
    ("Catalog", Field::Catalog),
    ("Origin", Field::Origin),
    ("CreatedDate", Field::CreatedAt),
    ("LastModifiedDate", Field::LastModifiedAt),
    ("OpportunityType", Field::OpportunityType),
    ("PrimaryNeedsFromAws", Field::PrimaryNeeds),
    ("NationalSecurity", Field::NationalSecurity),
    ("LifeCycle.Stage", Field::Stage),
    ("LifeCycle.ReviewStatus", Field::ReviewStatus),
    ("LifeCycle.ReviewComments", Field::ReviewComments),
    ("LifeCycle.ReviewStatusReason", Field::ReviewComments),
    ("LifeCycle.TargetCloseDate", Field::TargetCloseDate),
    ("LifeCycle.NextSteps", Field::NextSteps),
    ("LifeCycle.NextStepsHistory", Field::NextStepsHistory),
    ("LifeCycle.NextStepsHistory.Time", Field::NextStepsHistory),
    ("LifeCycle.ClosedLostReason", Field::ClosedLostReason),
    ("Customer.Account.CompanyName", Field::CustomerName),
    ("Customer.Account.WebsiteUrl", Field::CustomerWebsite),
    ("Customer.Account.Industry", Field::Industry),
    ("Customer.Account.OtherIndustry", Field::IndustryOther),
    ("Customer.Account.Duns", Field::Duns),
    ("Customer.Account.AwsAccountId", Field::AwsAccountId),
    ("Customer.Account.Address.CountryCode", Field::Country),
    ("Customer.Account.Address.StateOrRegion", Field::State),
    ("Customer.Account.Address.City", Field::City),
    ("Customer.Account.Address.PostalCode", Field::PostalCode),
    ("Project.Title", Field::ProjectTitle),
    ("Project.CustomerBusinessProblem", Field::ProjectDescription),
    ("Project.CustomerUseCase", Field::UseCase),
    ("Project.DeliveryModels", Field::DeliveryModel),
    ("Project.ExpectedCustomerSpend", Field::ExpectedMrr),
    ("Project.ExpectedCustomerSpend.Amount", Field::ExpectedMrr),
    ("Project.ExpectedCustomerSpend.CurrencyCode", Field::MrrCurrency),
    ("Project.OtherSolutionDescription", Field::OtherSolution),
    ("RelatedEntityIdentifiers.Solutions", Field::Solution),
    ("RelatedEntityIds.Solutions", Field::Solution),
    // Names from before the API's release, which files and scripts still carry.
    ("TargetCloseDate", Field::TargetCloseDate),
    ("LifeCycle.ApprovalStatus", Field::ReviewStatus),
    ("AccessControls.NationalSecurity", Field::NationalSecurity),
    ("Customer.Account.Address.Country", Field::Country),
    ("Project.DeliveryModel", Field::DeliveryModel),
    ("Project.ExpectedMonthlyAwsRevenue", Field::ExpectedMrr),
    ("Project.ExpectedMonthlyAwsRevenue.Amount", Field::ExpectedMrr),
    ("Project.ExpectedMonthlyAwsRevenue.CurrencyCode", Field::MrrCurrency),
    ("Project.EstimatedAwsMonthlyRevenue", Field::ExpectedMrr),
    ("Project.EstimatedAwsMonthlyRevenue.Amount", Field::ExpectedMrr),
    ("Project.EstimatedAwsMonthlyRevenue.CurrencyCode", Field::MrrCurrency),
];

/// The path whose value only ends in the id.
pub(super) const ARN: &str = "Arn";

/// The field that an API path means, whatever its case and whatever numbers of list items it names.
///
/// An `Arn` is none: it only repeats the id. Which entry of `ExpectedCustomerSpend` is AWS's is for the caller to
/// tell, from the `TargetCompany` beside it.
#[cfg_attr(not(test), expect(dead_code, reason = "the headings of CSV files are looked up by it"))]
pub(super) fn field_of_path(path: &str) -> Option<Field> {
    let mut node = Node::root();
    for part in path.trim().split('.') {
        node = node.child(part.split('[').next().unwrap_or(part))?;
    }
    node.leaf.filter(|leaf| PATHS[usize::from(*leaf)].0 != ARN).map(|leaf| PATHS[usize::from(leaf)].1)
}

/// One key of the paths, with the keys below it.
#[derive(Debug)]
pub(super) struct Node {
    key: &'static str,
    /// The index of the path that ends here, if one does.
    pub(super) leaf: Option<u16>,
    children: Vec<Node>,
}

static ROOT: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node { key: "", leaf: None, children: Vec::new() };
    for (index, (path, _)) in PATHS.iter().enumerate() {
        root.insert(path, u16::try_from(index).expect("the table is short"));
    }
    root
});

impl Node {
    /// The node from which every path begins.
    pub(super) fn root() -> &'static Node {
        &ROOT
    }

    fn insert(&mut self, path: &'static str, leaf: u16) {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        let at = self.children.iter().position(|child| child.key == key).unwrap_or_else(|| {
            self.children.push(Node { key, leaf: None, children: Vec::new() });
            self.children.len() - 1
        });
        match rest {
            Some(rest) => self.children[at].insert(rest, leaf),
            None => self.children[at].leaf = Some(leaf),
        }
    }

    /// The node below it with this key, whatever its case.
    #[inline]
    pub(super) fn child(&self, key: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.key.len() == key.len() && child.key.eq_ignore_ascii_case(key))
    }

    /// Whether paths go on below it.
    pub(super) fn has_children(&self) -> bool {
        !self.children.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_whatever_its_case_and_indices() {
        for (path, field) in [
            ("", None),
            ("LifeCycle", None),
            ("Customer.Contacts[0].Email", None),
            ("SoftwareRevenue.Value.Amount", None),
            ("SoftwareRevenue.DeliveryModel", None),
            ("AWSSalesLifeCycle.TargetCloseDate", None),
            ("Project.ExpectedContractDuration.Value", None),
            ("LifeCycle.NextStepsHistory[0].Value", None),
            ("Arn", None),
            ("Lifecycle.TargetCloseDate", Some(Field::TargetCloseDate)),
            ("lifecycle.approvalstatus", Some(Field::ReviewStatus)),
            ("Customer.Account.AWSAccountId", Some(Field::AwsAccountId)),
            ("Project.DeliveryModels[3]", Some(Field::DeliveryModel)),
            ("Project.ExpectedCustomerSpend[0].Amount", Some(Field::ExpectedMrr)),
            ("LifeCycle.NextStepsHistory[12].Time", Some(Field::NextStepsHistory)),
            (" Id ", Some(Field::OpportunityId)),
        ] {
            assert_eq!(field_of_path(path), field, "{path}");
        }
    }

    #[test]
    fn every_path_of_the_table_is_found() {
        for (path, field) in PATHS.iter().filter(|(path, _)| *path != ARN) {
            assert_eq!(field_of_path(path), Some(*field), "{path}");
        }
    }
}
