//! pod-check in a terminal and in Slack.
//!
//! Judging and its words are the core's. [`terminal`] answers for files with an exit code. [`transport`] takes requests
//! from Slack and hands them to [`app`], which asks the core what [`commands`] understood and has [`views`] make the
//! message; [`slack`] calls Slack and [`store`] keeps what must last. [`memory`] is bounded, and [`clock`] is the one place that asks for the time.

pub mod app;
mod checks;
pub mod clock;
pub mod commands;
pub mod config;
mod held;
pub mod install;
pub mod manifest;
pub mod memory;
pub mod metrics;
pub mod paste;
pub mod reminders;
pub mod seal;
pub mod serve;
pub mod slack;
pub mod store;
pub mod terminal;
pub mod tracking;
pub mod transport;
pub mod views;
pub mod words;
