//! pod-check in a terminal and in Slack.
//!
//! Judging and its words are the core's. [`terminal`] answers for files with an exit code, [`views`] makes the
//! messages for Slack. [`clock`] is the one place that asks for the time.

pub mod clock;
pub mod manifest;
pub mod terminal;
pub mod views;
pub mod words;
