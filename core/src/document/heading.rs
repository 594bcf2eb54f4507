//! A heading as it stands, reduced to what it says: `Target Close Date(mm/dd/yyyy) - required` is
//! `targetclosedate`, with the month first.

use super::DateOrder;
use crate::calendar::Month;
use std::borrow::Cow;

/// A longer heading is a cell of text, not a heading.
const HEADING_BYTES_MAX: usize = 400;

/// What a heading says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Heading {
    /// Its letters and digits in lower case, without what stands in parentheses or after ` - required`.
    pub key: String,
    /// The order of day and month it names.
    pub order: Option<DateOrder>,
    /// It says that the column is required or applicable: a template's heading.
    pub is_template: bool,
    /// It is spelled as a Salesforce field: `awsapn__Stage__c`.
    pub is_salesforce: bool,
}

impl Heading {
    /// What `raw` says.
    pub(super) fn of(raw: &str) -> Heading {
        let raw = raw.trim();
        if raw.len() > HEADING_BYTES_MAX {
            return Heading::default();
        }
        let (kept, dropped) = without_parentheses(raw);
        let lower = kept.to_ascii_lowercase();
        // Most have no hyphen.
        let suffixes: &[&str] = if lower.contains('-') {
            &[" - required", " - applicable", "\n- required", "\n- applicable"]
        } else {
            &[]
        };
        let cut = suffixes.iter().filter_map(|suffix| lower.find(suffix)).min();
        let name = &lower[..cut.unwrap_or(lower.len())];
        let bare = name.strip_prefix("awsapn__").unwrap_or(name);
        let bare = bare.trim_end().strip_suffix("__c").unwrap_or(bare);
        let dropped = dropped.to_ascii_lowercase();
        Heading {
            key: bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
            order: order_named(&dropped),
            is_template: cut.is_some() || dropped.contains("required") || dropped.contains("applicable"),
            is_salesforce: bare.len() < name.trim_end().len(),
        }
    }

    /// The month of `spend.2026-11`, and whether it is of the amount or of `spend_final`.
    pub(super) fn spend_month(&self) -> Option<(Month, bool)> {
        let (digits, is_final) = match self.key.strip_prefix("spendfinal") {
            Some(digits) => (digits, true),
            None => (self.key.strip_prefix("spend")?, false),
        };
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some((Month::new(digits[..4].parse().ok()?, digits[4..].parse().ok()?)?, is_final))
    }
}

fn without_parentheses(raw: &str) -> (Cow<'_, str>, String) {
    if !raw.contains(['(', ')']) {
        return (raw.into(), String::new());
    }
    let (mut kept, mut dropped, mut depth) = (String::new(), String::new(), 0u32);
    for c in raw.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => dropped.push(c),
            _ => kept.push(c),
        }
    }
    (kept.into(), dropped)
}

fn order_named(dropped: &str) -> Option<DateOrder> {
    let letters: String = dropped.chars().filter(char::is_ascii_alphabetic).collect();
    let first = |short: &str, long: &str| letters == short || letters.contains(long);
    match (first("mdy", "mmddyy"), first("dmy", "ddmmyy")) {
        (true, false) => Some(DateOrder::MonthFirst),
        (false, true) => Some(DateOrder::DayFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_and_punctuation_are_dropped() {
        for (raw, key) in [
            ("Target Close Date\n(mm/dd/yyyy)\n(required)", "targetclosedate"),
            ("State/Province - required if Country = United States", "stateprovince"),
            ("Opportunity Owner Email (Formula)", "opportunityowneremail"),
            ("awsapn__APN_CRM_Id__c", "apncrmid"),
            ("lineItem/UnblendedCost", "lineitemunblendedcost"),
            ("line_item_unblended_cost", "lineitemunblendedcost"),
            ("Größe", "größe"),
            ("()", ""),
        ] {
            assert_eq!(Heading::of(raw).key, key, "{raw}");
        }
    }

    #[test]
    fn what_was_dropped_names_the_order_of_day_and_month() {
        assert_eq!(
            Heading::of("Target Close Date(mm/dd/yyyy) - required").order,
            Some(DateOrder::MonthFirst)
        );
        assert_eq!(Heading::of("Close (DD.MM.YYYY)").order, Some(DateOrder::DayFirst));
        assert_eq!(Heading::of("Close (YYYY-MM-DD)").order, None);
    }

    #[test]
    fn a_template_and_a_salesforce_field_are_told() {
        assert!(Heading::of("Country\n(required)").is_template);
        assert!(Heading::of("awsapn__Stage__c").is_salesforce);
        assert!(!Heading::of("Stage").is_template && !Heading::of("Stage").is_salesforce);
    }

    #[test]
    fn a_month_of_spend_stands_in_the_heading() {
        let month = Month::parse("2026-11");
        assert_eq!(Heading::of("spend.2026-11").spend_month(), month.map(|month| (month, false)));
        assert_eq!(Heading::of("Spend Final 2026-11").spend_month(), month.map(|month| (month, true)));
        assert_eq!(Heading::of("spend.2026-13").spend_month(), None);
        assert_eq!(Heading::of("spend").spend_month(), None);
    }
}
