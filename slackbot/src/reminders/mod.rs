//! Reminders: what is due of what is tracked is planned by each channel's own clock, kept in the outbox, and sent.

pub mod due;
pub mod kept;
pub mod schedule;
