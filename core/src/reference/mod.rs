//! The closed lists of the programme: countries with their postal codes, US states, industries, use cases,
//! delivery models, needs. Looked up without allocating, whatever the case, dashes and spaces.
//!
//! Nothing here decides: a rule asks whether a value is listed and says what follows.

pub mod countries;
mod country_table;
pub mod import;
pub mod lists;
mod postal;
pub mod spelling;
pub mod states;
