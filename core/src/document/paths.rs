//! Paths of the Partner Central API, and the fields they mean.

use crate::field::Field;

/// The field that an API path means, list indexes left out: `Project.ExpectedCustomerSpend.Amount`.
pub(super) fn field_of_path(path: &str) -> Option<Field> {
    const PATHS: &[(&str, Field)] = &[
        ("Id", Field::OpportunityId),
        ("Identifier", Field::OpportunityId),
        ("RelatedOpportunityId", Field::OpportunityId),
        ("Catalog", Field::Catalog),
        ("Origin", Field::Origin),
        ("OpportunityType", Field::OpportunityType),
        ("PrimaryNeedsFromAws", Field::PrimaryNeeds),
        ("LifeCycle.Stage", Field::Stage),
        ("LifeCycle.TargetCloseDate", Field::TargetCloseDate),
        ("LifeCycle.ReviewStatus", Field::ReviewStatus),
        ("Customer.Account.AwsAccountId", Field::AwsAccountId),
        ("Customer.Account.CompanyName", Field::CustomerName),
        ("Project.Title", Field::ProjectTitle),
        ("Project.DeliveryModels", Field::DeliveryModel),
        ("Project.ExpectedCustomerSpend.Amount", Field::ExpectedMrr),
        ("Project.ExpectedCustomerSpend.CurrencyCode", Field::MrrCurrency),
    ];
    PATHS.iter().find(|(known, _)| known.eq_ignore_ascii_case(path)).map(|(_, field)| *field)
}
