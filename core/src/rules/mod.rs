//! The registry: every rule, in the order of the report. A rule is one file here and its two lines below.

use crate::fact::{Fact, Missing};
use crate::rule::{Case, Pen, Phase, Rule, Ruling, rule};
use crate::say;

mod account_id_early;
mod account_id_valid;
mod account_on_two_opportunities;
mod ace_approved;
mod ace_terms_accepted;
mod action_required_answered;
mod apn_tier;
mod city_present;
mod close_date_in_future;
mod close_date_not_past;
mod close_date_present;
mod closed_lost_reason;
mod country;
mod csat_reviews;
mod customer_consent;
mod customer_name;
mod customer_website;
mod delivery_model;
mod duns;
mod duplicate_opportunity;
mod estimate_kept;
mod estimated_mrr;
mod eur_account_matches;
mod government_fields_complete;
mod ignored_document;
mod industry;
mod launch_prerequisites;
mod launch_when_billing_starts;
mod launched;
mod launched_once_approved;
mod net_new_business;
mod next_steps_present;
mod not_closed_lost;
mod not_government_advising;
mod one_account;
mod partner_originated;
mod pipeline_manager_permissions;
mod postal_code;
mod preferences_survey;
mod production_record;
mod program_designation;
mod project_description;
mod project_title;
mod psf_listing;
mod referral_tier;
mod referral_updates;
mod review_in_time;
mod row_without_opportunity;
mod solution;
mod solution_provider_program;
mod spend_below_threshold;
mod stage_keeps_pace;
mod state;
mod submittable_stage;
mod support_needs;
mod updated_within_cadence;
mod usage_type_end_user;
mod use_case;
mod validated_opportunities;

/// Every rule, in the order of the report.
pub const ALL: &[&Rule] = &[
    &partner_originated::RULE,
    &customer_consent::RULE,
    &ace_approved::RULE,
    &net_new_business::RULE,
    &close_date_present::RULE,
    &close_date_not_past::RULE,
    &account_id_valid::RULE,
    &one_account::RULE,
    &spend_below_threshold::RULE,
    &launched::RULE,
    &not_closed_lost::RULE,
    &production_record::RULE,
    &launched_once_approved::RULE,
    &usage_type_end_user::RULE,
    &government_fields_complete::RULE,
    &not_government_advising::RULE,
    &eur_account_matches::RULE,
    &city_present::RULE,
    &account_id_early::RULE,
    &customer_name::RULE,
    &customer_website::RULE,
    &country::RULE,
    &postal_code::RULE,
    &state::RULE,
    &industry::RULE,
    &duns::RULE,
    &project_description::RULE,
    &estimated_mrr::RULE,
    &close_date_in_future::RULE,
    &use_case::RULE,
    &delivery_model::RULE,
    &support_needs::RULE,
    &project_title::RULE,
    &solution::RULE,
    &submittable_stage::RULE,
    &updated_within_cadence::RULE,
    &review_in_time::RULE,
    &action_required_answered::RULE,
    &stage_keeps_pace::RULE,
    &launch_when_billing_starts::RULE,
    &closed_lost_reason::RULE,
    &next_steps_present::RULE,
    &launch_prerequisites::RULE,
    &estimate_kept::RULE,
    &duplicate_opportunity::RULE,
    &account_on_two_opportunities::RULE,
    &row_without_opportunity::RULE,
    &ignored_document::RULE,
    &apn_tier::RULE,
    &ace_terms_accepted::RULE,
    &psf_listing::RULE,
    &solution_provider_program::RULE,
    &pipeline_manager_permissions::RULE,
    &referral_tier::RULE,
    &validated_opportunities::RULE,
    &csat_reviews::RULE,
    &program_designation::RULE,
    &preferences_survey::RULE,
    &referral_updates::RULE,
];

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
                    "Complete the {} in End User Reporting, at the latest with the launch; if that is done, set \
                     {}.",
                    fact.field.label(),
                    fact.field.name()
                ),
            )
            .by_if_known(case.launch_due())),
        _ => Err(Missing(fact.field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Month;
    use crate::fact::Unknown;
    use crate::field::Field;
    use crate::opportunity::{Opportunity, ReviewStatus, Stage};
    use crate::rule::{Check, Outcome, Section};
    use crate::testing::{blank, check, known, no_spend, opportunity};
    use std::collections::BTreeSet;

    #[test]
    fn every_file_beside_this_one_is_a_registered_rule_of_that_name() {
        let files: BTreeSet<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules"))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-"))
            .filter(|stem| stem != "mod")
            .collect();
        let names: BTreeSet<String> = ALL.iter().map(|rule| rule.name.to_owned()).collect();
        assert_eq!(files, names);
    }

    #[test]
    fn rules_stand_in_the_order_of_their_ids() {
        for section in [Section::Pod, Section::Eur, Section::Ace, Section::Upd, Section::Set, Section::Pgm] {
            let ids: Vec<_> = ALL.iter().filter(|rule| rule.section == section).map(|rule| rule.id).collect();
            assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        }
    }

    #[test]
    fn every_page_says_why_and_how_to_fix() {
        for rule in ALL {
            assert!(rule.page.contains("**Why**: "), "{}", rule.id);
            assert!(rule.page.contains("**To fix**: "), "{}", rule.id);
        }
    }

    /// The complete opportunity, and poorer ones.
    fn opportunities() -> Vec<Opportunity<'static>> {
        let bare = Opportunity {
            origin: blank(Field::Origin),
            customer_consent: blank(Field::CustomerConsent),
            opportunity_type: blank(Field::OpportunityType),
            target_close_date: blank(Field::TargetCloseDate),
            aws_account_id: blank(Field::AwsAccountId),
            city: blank(Field::City),
            next_steps: blank(Field::NextSteps),
            expected_mrr: blank(Field::ExpectedMrr),
            spend: no_spend(Unknown::NotInFormat),
            ..opportunity()
        };
        let launched = Opportunity {
            launched_on: known(Field::LaunchedOn, "2026-12-20".parse().unwrap()),
            ..opportunity()
        };
        vec![opportunity(), bare, launched]
    }

    #[test]
    fn every_finding_is_a_sentence_with_a_remedy_where_one_is_needed() {
        let days = ["2026-10-31", "2026-11-22", "2026-12-15", "2026-12-16", "2027-01-01", "2029-01-01"];
        let rules = ALL.iter().filter(|rule| matches!(rule.check, Check::Opportunity(_)));
        for (rule, mut opp) in rules.flat_map(|rule| opportunities().into_iter().map(move |opp| (rule, opp)))
        {
            for (&stage, &status) in Stage::ALL
                .iter()
                .flat_map(|stage| ReviewStatus::ALL.iter().map(move |status| (stage, status)))
            {
                opp.stage = known(Field::Stage, stage);
                opp.review_status = known(Field::ReviewStatus, status);
                for as_of in days {
                    let (finding, words) = check(rule, &opp, as_of);
                    let said = &words.message;
                    let is_sentence = said.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                        && said.ends_with('.');
                    assert!(is_sentence, "{}: {said}", rule.id);
                    let needs_none = matches!(finding.outcome, Outcome::Pass | Outcome::NotApplicable);
                    assert_eq!(words.remedy.is_empty(), needs_none, "{}: {said}", rule.id);
                }
            }
        }
    }

    #[test]
    fn a_close_date_at_either_end_of_the_calendar_breaks_nothing() {
        for close in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
            let mut opp = opportunity();
            opp.target_close_date = known(Field::TargetCloseDate, close);
            opp.spend.months[0].month = Month::of(close).previous();
            for rule in ALL.iter().filter(|rule| matches!(rule.check, Check::Opportunity(_))) {
                check(rule, &opp, "2026-11-22");
            }
        }
    }
}
