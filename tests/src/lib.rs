//! What tests, benchmarks and fuzzing share: inputs, made by the same numbers every time and copied from nobody,
//! and the promises that hold for every input.

pub mod deal;
pub mod generate;
pub mod promises;
pub mod random;
pub mod workbook;
