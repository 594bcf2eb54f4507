use super::rule;
use crate::rule::Check;

rule! {
    /// Every document says something about opportunities, their reporting, their spend or their discounts.
    ///
    /// **Why**: a file of lead records, the results of an import or a report about something else look much like what
    /// is needed here. Reading half of such a file would give answers that nobody can trust, so it is named for
    /// what it is and left alone.
    ///
    /// **To fix**: give the ACE export, the answer of GetOpportunity, or an export of End User Reporting or Cost
    /// Explorer instead.
    "SET004" "ignored-document" {
        section: Set, gate: Always, guide: CRM_AND_API,
        facts: [],
        check: Check::Set,
    }
}
