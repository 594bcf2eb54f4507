//! Every source a rule may cite. A rule names one of these, so that a citation cannot be misspelt.

/// A section of the ACE guide for Solution Providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cite(pub &'static str);

macro_rules! sections {
    ($($name:ident $title:literal;)+) => {
        $(#[doc = concat!("Guide section \"", $title, "\".")] pub const $name: Cite = Cite($title);)+
        /// Every section that may be cited.
        pub const ALL: &[Cite] = &[$($name,)+];
    };
}

sections! {
    POD_REQUIREMENTS "Critical POD Requirements";
    POD_BENEFIT "POD Benefit Details";
    EARLY_STAGE "Early-Stage Customer Qualification";
    STANDARD_REQUIREMENTS "Standard Requirements (All Partners)";
    REFERRAL_ELIGIBILITY "Enhanced Eligibility (For Receiving AWS Referrals)";
    ROLES "User Roles and Permissions";
    NET_NEW "Net-New Business Definition";
    REQUIRED_INFORMATION "Required Information for Submission";
    VALIDATION "Validation Process";
    STAGES "AWS Sales Stages";
    UPDATES "Critical Update Requirements";
    SPEND_VERIFICATION "Pre-Opportunity Assessment";
    EUR_INTEGRATION "ACE & EUR Integration Optimization";
    LAUNCH "Launch Requirements";
    CRM_AND_API "Technical Implementation";
    SPEND_VIOLATIONS "Spend Threshold Violations";
    EUR_ERRORS "End User Reporting Errors";
    CLOSE_DATE_ISSUES "Target Close Date Issues";
    SYNC_FAILURES "ACE & EUR Integration Failures";
    MULTIPLE_ACCOUNTS "Multiple Account Complications";
    CHECKLIST "Technical Implementation Checklist";
    METRICS "Key Success Metrics for POD";
}
