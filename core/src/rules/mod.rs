//! The registry: every rule, in the order of the report. A rule is one file here and its line below.

use crate::fact::{Fact, Missing};
use crate::rule::{Case, Pen, Phase, Rule, Ruling, rule};
use crate::say;

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
    usage_type_end_user
    government_fields_complete
    not_government_advising
    eur_account_matches
    city_present
    account_id_early
    updated_within_cadence
    review_in_time
    action_required_answered
    stage_keeps_pace
    launch_when_billing_starts
    closed_lost_reason
    next_steps_present
    launch_prerequisites
    estimate_kept
    duplicate_opportunity
    account_on_two_opportunities
    row_without_opportunity
    ignored_document
}

/// The rule with this id, whatever its case.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(id.trim())).copied()
}

/// What a rule of End User Reporting answers while `fact` is not known: before the launch there is time to report
/// it, unless something stands there that cannot be read.
fn not_reported_yet<T>(case: &Case<'_, '_>, pen: &mut Pen, fact: &Fact<'_, T>) -> Ruling {
    match fact.unknown() {
        Some(why) if why.is_soft() && case.phase == Phase::BeforeLaunch => Ok(pen
            .pending(
                format_args!("{}", say::unknown(fact.field, why)),
                format_args!(
                    "Complete it in End User Reporting, at the latest with the launch; if it is done, set \
                     {}.",
                    fact.field.name()
                ),
            )
            .by_if_known(case.launch_due())),
        _ => Err(Missing(fact.field)),
    }
}
