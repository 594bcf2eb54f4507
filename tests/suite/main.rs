//! Tests across the packages, in one binary.

mod architecture;
mod browser;
mod golden;
mod property;
mod registry;
mod repository;
