//! Short words for answers, where a sentence of the core has no room: a cell, a heading, a count.

use podcheck_core::report::{Upkeep, Verdict};
use podcheck_core::rule::{Outcome, Section};
use podcheck_core::say;
use std::fmt::Display;

/// A verdict as a heading says it.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotEligible => "Not eligible",
        Verdict::NeedsFixing => "Needs fixing",
        Verdict::NeedsInformation => "Needs information",
        Verdict::OnTrack => "On track",
        Verdict::Eligible => "Eligible",
        Verdict::Ended => "Ended",
    }
}

/// The upkeep of a record as a heading says it.
pub const fn upkeep(upkeep: Upkeep) -> &'static str {
    match upkeep {
        Upkeep::Overdue => "Update overdue",
        Upkeep::ActionRequired => "Action required",
        Upkeep::DueSoon => "Update due soon",
        Upkeep::Unknown => "Last update not known",
        Upkeep::NotSubmitted => "Not submitted yet",
        Upkeep::Locked => "AWS is reviewing",
        Upkeep::UpToDate => "Up to date",
        Upkeep::NotNeeded => "No updates needed",
    }
}

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

/// A part of the report as a heading says it.
pub const fn section(section: Section) -> &'static str {
    match section {
        Section::Pod => "Partner Originated Discount",
        Section::Eur => "End User Reporting",
        Section::Ace => "Ready to submit",
        Section::Upd => "Kept current",
        Section::Set => "Across the documents",
        Section::Pgm => "The partner's readiness",
    }
}

/// `3 opportunities`.
pub fn opportunities(count: usize) -> impl Display {
    let noun = if count == 1 { "opportunity" } else { "opportunities" };
    std::fmt::from_fn(move |f| write!(f, "{count} {noun}"))
}

/// `Quillon Foods SA (O5550401)`, or what of it is known.
pub fn name(key: &str, customer: Option<&str>, title: Option<&str>) -> String {
    customer.or(title).map_or_else(|| key.to_owned(), |name| format!("{name} ({key})"))
}

/// `by 22 Nov 2026: `, or nothing where no day is known.
pub fn by(due: Option<chrono::NaiveDate>) -> String {
    due.map_or(String::new(), |day| format!("by {}: ", say::day(day)))
}
