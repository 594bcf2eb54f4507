//! Answers as Slack shows them: pure functions from what was decided to messages and forms.
//!
//! The shapes are the bot's own and no larger than what it sends. Every constructor cuts at Slack's limit, so that no
//! message can be refused for its length; the tests judge the result by a checker of their own and by the shapes of
//! the client library, which would judge nothing if messages were made of them.
//!
//! What a person wrote becomes `plain_text` or a `text` element of `rich_text`, which Slack does not read for
//! mentions, links, formatting or emoji. The one text that it does read, the notification of a message, goes through
//! [`text::inert`].

pub mod answer;
pub mod block;
pub mod calendar;
pub mod digest;
pub mod form;
pub mod guide;
pub mod home;
mod markdown;
pub mod settings;
pub mod text;
pub mod tracked;
