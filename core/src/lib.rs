//! What stands between an AWS opportunity and its Partner Originated Discount, and what to do by when.
//!
//! Text goes in ([`document::Document::open`]), is put together with what the user adds ([`assess::Inputs`]), and is
//! judged on a day ([`assess::Assessment::of`]). What comes out is a [`report`]: its summary, its rows, or all of it.
//! Everything is a pure function of these inputs: no clock, no network, no locale. No text makes it fail.
//!
//! ```
//! use podcheck_core::assess::{Assessment, Inputs};
//! use podcheck_core::document::Document;
//! use podcheck_core::report::Verdict;
//!
//! let text = "opportunity_id=O1234567\norigin=AWS Referral\nstage=Qualified\ntarget_close_date=2026-12-15";
//! let deal = Document::open("pasted text", text.into());
//! let assessment = Assessment::of(Inputs::new(vec![deal], "2026-11-22".parse().unwrap()));
//! let report = assessment.opportunity("O1234567").unwrap();
//! assert_eq!(report.verdict, Verdict::NotEligible);
//! ```

mod actions;
mod agenda;
mod assemble;
pub mod assess;
mod books;
pub mod calendar;
mod case;
mod changes;
pub mod cite;
mod desk;
mod detail;
pub mod document;
mod entry;
mod explain;
pub mod export;
pub mod fact;
pub mod field;
mod found;
mod headline;
mod join;
mod judge;
mod metrics;
mod near_miss;
pub mod opportunity;
pub mod ordered;
pub mod partner;
mod place;
pub mod planner;
pub mod policy;
mod portfolio;
mod problems;
mod readiness;
mod reconcile;
pub mod reference;
pub mod report;
pub mod review;
pub mod rule;
pub mod rules;
pub mod say;
mod set;
#[cfg(test)]
mod testing;
pub mod update;
mod values;
mod wanted;

pub use explain::{explain, explanations};
pub use values::Values;
