//! What stands between an AWS opportunity and its Partner Originated Discount, and what to do by when.

pub mod calendar;
pub mod cite;
pub mod document;
pub mod fact;
pub mod field;
pub mod opportunity;
pub mod partner;
pub mod policy;
pub mod reference;
pub mod rule;
pub mod rules;
pub mod say;
#[cfg(test)]
mod testing;
