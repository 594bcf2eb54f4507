//! Tests across the packages, in one binary.

mod architecture;
mod registry;
mod repository;
