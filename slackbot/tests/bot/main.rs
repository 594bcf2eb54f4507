//! The program as people and machines meet it.

// Marked as tests for the lint that lets tests alone unwrap.
#[cfg(test)]
mod limits;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod program;
