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
    close_date_not_past
    customer_name
    customer_website
    country
    postal_code
    state
    industry
    duns
    project_description
    estimated_mrr
    close_date_in_future
    use_case
    delivery_model
    support_needs
    project_title
    solution
    submittable_stage
    apn_tier
    ace_terms_accepted
    psf_listing
    solution_provider_program
    pipeline_manager_permissions
    referral_tier
    validated_opportunities
    csat_reviews
    program_designation
    preferences_survey
    referral_updates
}

/// The rule with this id, whatever its case.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(id.trim())).copied()
}
