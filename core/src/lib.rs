//! What stands between an AWS opportunity and its Partner Originated Discount, and what to do by when.

pub mod calendar;
mod case;
pub mod cite;
pub mod document;
pub mod fact;
pub mod field;
pub mod opportunity;
pub mod partner;
pub mod planner;
pub mod policy;
pub mod review;
pub mod rule;
pub mod rules;
pub mod say;
#[cfg(test)]
mod testing;
pub mod update;
