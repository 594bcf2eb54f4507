//! The registry: every rule, in the order of the report. A rule is one file here and its line below.

use crate::rule::{Rule, rule};

macro_rules! registry {
    ($($module:ident)+) => {
        $(mod $module;)+
        /// Every rule, in the order of the report.
        pub const ALL: &[&Rule] = &[$(&$module::RULE),+];
    };
}

registry! {
    partner_originated
    customer_consent
    ace_approved
    net_new_business
    close_date_present
    close_date_not_past
    account_id_valid
    one_account
    spend_below_threshold
    launched
    not_closed_lost
    production_record
    launched_once_approved
}

/// The rule with this id, whatever its case.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(id.trim())).copied()
}
