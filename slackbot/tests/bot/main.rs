//! The program as people and machines meet it.

// Marked as tests for the lint that lets tests alone unwrap.
#[cfg(test)]
mod bot;
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod conversation;
#[cfg(test)]
mod database;
#[cfg(test)]
mod fake_slack;
#[cfg(test)]
mod installed;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod program;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod tracked;
#[cfg(test)]
mod tracking;
