//! What people do with the bot, and what they read, where Slack delivers by Socket Mode: word for word as over HTTP.

use crate::bot::Way;

const WAY: Way = Way::Socket;

#[path = "../conversation.rs"]
#[expect(clippy::duplicate_mod, reason = "the same tests, another way")]
mod conversation;
