//! Tests across the packages, in one binary.

mod architecture;
mod golden;
mod property;
mod registry;
mod repository;
