//! What people are reminded of.

pub mod due;
pub mod kept;
