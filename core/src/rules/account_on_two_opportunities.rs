use super::rule;
use crate::rule::Check;

rule! {
    /// No account is on two opportunities at a time.
    ///
    /// **Why**: the discount is paid on an account, once. Two open opportunities for one account put in question
    /// which close date counts. Lost, rejected and ended opportunities and those of AWS's own are left out of the
    /// comparison.
    ///
    /// **To fix**: close the opportunity that is not meant, or correct the account id that is wrong.
    "SET002" "account-on-two-opportunities" {
        section: Set, gate: Always, guide: MULTIPLE_ACCOUNTS,
        facts: [AwsAccountId, Stage, ReviewStatus, Origin],
        check: Check::Set,
    }
}
