//! The numbers of one edition of the programme, as data: each with its source and its date.
//!
//! The defaults are `policy.json` beside this crate's manifest. A user's policy has the same shape and may leave
//! out whatever it does not change.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const DEFAULT: &str = include_str!("../policy.json");

/// A policy file is a page of numbers; anything larger is something else.
const POLICY_BYTES_MAX: usize = 64 * 1024;

/// The numbers by which opportunities are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// The edition of the rules: `2026-11`.
    pub ruleset: String,
    /// Billed revenue of the spend month must be strictly less.
    #[cfg_attr(feature = "schema", ts(type = "string"))]
    pub spend_threshold_usd: Decimal,
    /// Within so many percent below the threshold, a pass carries a note.
    pub near_threshold_percent: u32,
    /// How long the discount is paid.
    pub discount_months: u32,
    /// How old the last update may be.
    pub update_cadence_days: u32,
    /// How long before that an update is due soon.
    pub update_due_soon_days: u32,
    /// How fast AWS may review.
    pub review_business_days_min: u32,
    /// How long AWS may review.
    pub review_business_days_max: u32,
    /// How far ahead a close date may lie.
    pub close_date_horizon_years: u32,
    /// How many months the close-date planner shows.
    pub planner_months: u32,
    /// How long before the close date a deal should be Committed.
    pub late_stage_days: u32,
    /// Where each number comes from, and as of when, in the order of the numbers.
    #[serde(skip)]
    pub sources: Vec<PolicySource>,
}

/// Where one number of the policy comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySource {
    /// The number's name: `spendThresholdUsd`.
    pub number: &'static str,
    /// The source, in words.
    pub source: String,
    /// As of when: `2026-11`.
    pub dated: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cited<T> {
    value: T,
    source: String,
    dated: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PolicyFile {
    ruleset: Option<String>,
    spend_threshold_usd: Option<Cited<Decimal>>,
    near_threshold_percent: Option<Cited<u32>>,
    discount_months: Option<Cited<u32>>,
    update_cadence_days: Option<Cited<u32>>,
    update_due_soon_days: Option<Cited<u32>>,
    review_business_days_min: Option<Cited<u32>>,
    review_business_days_max: Option<Cited<u32>>,
    close_date_horizon_years: Option<Cited<u32>>,
    planner_months: Option<Cited<u32>>,
    late_stage_days: Option<Cited<u32>>,
}

/// Read once: every assessment has one.
static BUILT_IN: LazyLock<Policy> = LazyLock::new(built_in);

impl Default for Policy {
    fn default() -> Self {
        BUILT_IN.clone()
    }
}

fn built_in() -> Policy {
    let blank = Policy {
        ruleset: String::new(),
        spend_threshold_usd: Decimal::ZERO,
        near_threshold_percent: 0,
        discount_months: 0,
        update_cadence_days: 0,
        update_due_soon_days: 0,
        review_business_days_min: 0,
        review_business_days_max: 0,
        close_date_horizon_years: 0,
        planner_months: 0,
        late_stage_days: 0,
        sources: Vec::new(),
    };
    blank
        .overridden_by(DEFAULT)
        .expect("the built-in policy is complete and within its limits, a test says so")
}

impl Policy {
    /// Reads a policy in the shape of `policy.json`; what it leaves out keeps its default.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it.
    pub fn from_json(text: &str) -> Result<Policy, String> {
        Policy::default().overridden_by(text)
    }

    /// The last day on which a close date may lie, asked on `as_of`.
    pub fn close_date_horizon(&self, as_of: NaiveDate) -> NaiveDate {
        let months = chrono::Months::new(self.close_date_horizon_years.saturating_mul(12));
        as_of.checked_add_months(months).unwrap_or(NaiveDate::MAX)
    }

    fn overridden_by(mut self, text: &str) -> Result<Policy, String> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(format!(
                "The policy is {} bytes long; at most {POLICY_BYTES_MAX} are read.",
                text.len()
            ));
        }
        let file: PolicyFile =
            serde_json::from_str(text).map_err(|error| format!("The policy cannot be read: {error}."))?;
        if let Some(ruleset) = file.ruleset {
            self.ruleset = ruleset;
        }
        macro_rules! take {
            ($($field:ident $name:literal $low:literal to $high:literal;)+) => {
                $(if let Some(cited) = file.$field {
                    if cited.value < $low.into() || cited.value > $high.into() {
                        return Err(format!(
                            "The policy's {} is {}; it must lie between {} and {}.", $name, cited.value, $low, $high,
                        ));
                    }
                    if cited.source.trim().is_empty() || cited.dated.trim().is_empty() {
                        return Err(format!("The policy's {} needs a source and a date.", $name));
                    }
                    self.$field = cited.value;
                    self.sources.retain(|source| source.number != $name);
                    self.sources.push(PolicySource { number: $name, source: cited.source, dated: cited.dated });
                })+
            };
        }
        take! {
            spend_threshold_usd "spendThresholdUsd" 1u32 to 1_000_000u32;
            near_threshold_percent "nearThresholdPercent" 0u32 to 100u32;
            discount_months "discountMonths" 1u32 to 240u32;
            update_cadence_days "updateCadenceDays" 1u32 to 366u32;
            update_due_soon_days "updateDueSoonDays" 0u32 to 366u32;
            review_business_days_min "reviewBusinessDaysMin" 0u32 to 260u32;
            review_business_days_max "reviewBusinessDaysMax" 0u32 to 260u32;
            close_date_horizon_years "closeDateHorizonYears" 1u32 to 100u32;
            planner_months "plannerMonths" 1u32 to 36u32;
            late_stage_days "lateStageDays" 0u32 to 366u32;
        }
        if self.review_business_days_min > self.review_business_days_max {
            return Err(
                "The policy's reviewBusinessDaysMin is greater than its reviewBusinessDaysMax.".to_owned()
            );
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, part: &str) {
        let sentence = Policy::from_json(text).unwrap_err();
        assert!(sentence.contains(part), "{sentence}");
    }

    #[test]
    fn a_wrong_policy_is_refused_with_a_sentence() {
        refused("{", "cannot be read");
        refused(r#"{"spendTreshold":{"value":"1","source":"x","dated":"y"}}"#, "spendTreshold");
        refused(r#"{"discountMonths":{"value":0,"source":"x","dated":"y"}}"#, "between 1 and 240");
        refused(r#"{"discountMonths":{"value":12,"source":" ","dated":"y"}}"#, "needs a source");
        refused(r#"{"reviewBusinessDaysMin":{"value":20,"source":"x","dated":"y"}}"#, "greater than");
        refused(&" ".repeat(POLICY_BYTES_MAX + 1), "bytes long");
    }

    #[test]
    fn the_default_is_the_guides() {
        let policy = Policy::default();
        assert_eq!(policy.spend_threshold_usd, Decimal::from(5000));
        assert_eq!((policy.discount_months, policy.update_cadence_days, policy.planner_months), (24, 14, 7));
        assert_eq!(policy.sources.len(), 10, "each number is cited and dated");
    }

    #[test]
    fn what_a_policy_leaves_out_keeps_its_default() {
        let text = r#"{"spendThresholdUsd":{"value":"1000.50","source":"Our PDM","dated":"2026-11"}}"#;
        let policy = Policy::from_json(text).unwrap();
        assert_eq!(policy.spend_threshold_usd.to_string(), "1000.50");
        assert_eq!(policy.discount_months, 24);
        assert_eq!(policy.sources.len(), 10);
    }
}
