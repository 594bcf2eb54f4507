//! Reminders: what is due is planned by each channel's own clock, kept in the outbox, and sent.

pub mod schedule;
