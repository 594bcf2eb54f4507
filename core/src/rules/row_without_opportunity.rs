use super::rule;
use crate::rule::Check;

rule! {
    /// Every row of End User Reporting, spend and discounts belongs to an opportunity.
    ///
    /// **Why**: these rows are joined to opportunities by the account id. A row that finds none is either about a
    /// customer whose opportunity is not among your documents, or carries a mistyped id, and then an opportunity
    /// lacks it.
    ///
    /// **To fix**: compare the ids that are listed with those of your opportunities; add the opportunity that is
    /// missing, or correct the id. Rows of customers without an opportunity need no action.
    "SET003" "row-without-opportunity" {
        section: Set, gate: Always, guide: SYNC_FAILURES,
        facts: [AwsAccountId, EurAccountId],
        check: Check::Set,
    }
}
