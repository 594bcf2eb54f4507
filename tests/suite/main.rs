//! Tests across the packages, in one binary.

mod architecture;
mod property;
mod registry;
mod repository;
