//! Short words for answers, where a sentence of the core has no room: a cell, a heading, a count.

use podcheck_core::rule::Outcome;
use podcheck_core::say;

/// An outcome as a heading says it.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Passes",
        Outcome::Fail => "Fails",
        Outcome::Unknown => "Not known",
        Outcome::Pending => "Not yet",
        Outcome::Warning => "Warning",
        Outcome::Advice => "Advice",
        Outcome::NotApplicable => "Does not apply",
    }
}

/// `Quillon Foods SA (O5550401)`, or what of it is known.
pub fn name(key: &str, customer: Option<&str>, title: Option<&str>) -> String {
    customer.or(title).map_or_else(|| key.to_owned(), |name| format!("{name} ({key})"))
}

/// `By 22 Nov 2026: `, or nothing where no day is known.
pub fn by(due: Option<chrono::NaiveDate>) -> String {
    due.map_or(String::new(), |day| format!("By {}: ", say::day(day)))
}
