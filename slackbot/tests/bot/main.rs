//! The program as people and machines meet it.

// Marked as tests for the lint that lets tests alone unwrap.
#[cfg(test)]
mod answers;
#[cfg(test)]
mod bot;
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod by_socket;
#[cfg(test)]
mod conversation;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod database;
#[cfg(test)]
mod digest;
#[cfg(test)]
mod fake_oauth;
#[cfg(test)]
mod fake_slack;
#[cfg(test)]
mod fake_socket;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod install;
#[cfg(test)]
mod installed;
#[cfg(test)]
mod judges;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod official;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod program;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod socket_clients;
#[cfg(test)]
mod socket_mode;
#[cfg(test)]
mod tracked;
#[cfg(test)]
mod tracking;

/// How the conversation that stands here is delivered.
#[cfg(test)]
const WAY: bot::Way = bot::Way::Http;
