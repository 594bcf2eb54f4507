use super::rule;
use crate::rule::Check;

rule! {
    /// Each opportunity is there once.
    ///
    /// **Why**: when the same opportunity id stands in two places, counting both would make the portfolio look larger
    /// than it is, and judging an old copy would give old answers. The copy that was modified last is judged, the
    /// first one where no date tells them apart; the others are listed here and left out of the portfolio.
    ///
    /// **To fix**: give the newest export only, or remove the older copy.
    ///
    /// **Readings**: answers of different API calls about one opportunity complete each other; they are merged, and
    /// are not duplicates.
    "SET001" "duplicate-opportunity" {
        section: Set, gate: Always, guide: CRM_AND_API,
        facts: [OpportunityId, LastModifiedAt],
        check: Check::Set,
    }
}
