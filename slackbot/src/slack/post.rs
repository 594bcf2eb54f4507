//! Calls for messages that are kept track of: each is tried once, and says what can have happened.

use super::connector::UNREACHED;
use super::{Failed, Slack, Stopped, TRIES_MAX, Token};
use crate::views::block::Message;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// By which Slack tells of a message that it took.
pub const DELIVERY_EVENT: &str = "podcheck_delivery";

/// A message with where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'m> {
    /// The channel or the person.
    pub recipient: &'m str,
    /// The message below which it belongs; empty where it stands by itself.
    pub thread_ts: &'m str,
    /// Its name in the outbox. Everybody in the workspace may see it.
    pub delivery_id: &'m str,
    /// What it says.
    pub message: &'m Message,
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// The conversation: of a person's, the one with the bot.
    pub channel: String,
    /// Slack's name of the message.
    pub ts: String,
}

/// Why it is not known to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPosted {
    /// Slack was not reached: nothing was sent.
    Unreached,
    /// Slack wants fewer calls; nothing was posted.
    Limited(Duration),
    /// Slack said no, with this code; nothing was posted.
    Refused(String),
    /// It was sent, and no answer says what became of it.
    Unanswered(String),
}

/// Slack's codes for trouble of its own: what was asked may have been done.
const TROUBLES: [&str; 4] = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"];

#[derive(Serialize)]
struct Post<'m> {
    channel: &'m str,
    #[serde(skip_serializing_if = "str::is_empty")]
    thread_ts: &'m str,
    #[serde(flatten)]
    message: &'m Message,
    metadata: Metadata<'m>,
}

#[derive(Serialize)]
struct Metadata<'m> {
    event_type: &'static str,
    event_payload: Payload<'m>,
}

/// Flat and of text alone: the client library reads no other.
#[derive(Serialize)]
struct Payload<'m> {
    delivery_id: &'m str,
}

impl Slack {
    /// Posts once. Who calls again must know that a message with the same name may stand already.
    ///
    /// # Errors
    /// What is known of why it does not stand.
    pub async fn post_once(&self, token: &Token, outgoing: Outgoing<'_>) -> Result<Posted, NotPosted> {
        let Outgoing { recipient, thread_ts, delivery_id, message } = outgoing;
        let payload = Payload { delivery_id };
        let metadata = Metadata { event_type: DELIVERY_EVENT, event_payload: payload };
        let post = Post { channel: recipient, thread_ts, message, metadata };
        let session = self.client.open_session(&token.0);
        let answer = session.http_session_api.http_post(super::POST, &post, None).await;
        self.judged(answer).map_err(|stopped| match stopped {
            Stopped::Limited(wait) => NotPosted::Limited(wait),
            Stopped::For(Failed::Refused(code)) if TROUBLES.contains(&&*code) => NotPosted::Unanswered(code),
            Stopped::For(Failed::Refused(code)) => NotPosted::Refused(code),
            Stopped::For(Failed::Unknown(what)) if what == UNREACHED => NotPosted::Unreached,
            Stopped::For(failed) => NotPosted::Unanswered(failed.to_string()),
        })
    }

    /// Puts another text in the place of a message.
    ///
    /// # Errors
    /// When Slack does not take it.
    pub async fn update(&self, token: &Token, posted: &Posted, message: &Message) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Update<'m> {
            channel: &'m str,
            ts: &'m str,
            #[serde(flatten)]
            message: &'m Message,
        }
        let update = Update { channel: &posted.channel, ts: &posted.ts, message };
        self.call(token, "chat.update", &update, TRIES_MAX).await.map(|_: super::Done| ())
    }

    /// What a person is called, as others see it.
    ///
    /// # Errors
    /// When Slack does not tell.
    pub async fn name_of(&self, token: &Token, user: &str) -> Result<String, Failed> {
        #[derive(Deserialize)]
        struct Info {
            user: Person,
        }
        #[derive(Deserialize)]
        struct Person {
            #[serde(default)]
            real_name: String,
            #[serde(default)]
            profile: Profile,
        }
        #[derive(Default, Deserialize)]
        struct Profile {
            #[serde(default)]
            display_name: String,
        }
        let session = self.client.open_session(&token.0);
        let found = session.http_session_api.http_get("users.info", &[("user", Some(user))], None).await;
        let Info { user } = self.judged(found)?;
        Ok(Some(user.profile.display_name).filter(|name| !name.is_empty()).unwrap_or(user.real_name))
    }

    /// Takes a message of the bot away.
    ///
    /// # Errors
    /// When Slack does not do it.
    pub async fn delete(&self, token: &Token, posted: &Posted) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Delete<'m> {
            channel: &'m str,
            ts: &'m str,
        }
        let delete = Delete { channel: &posted.channel, ts: &posted.ts };
        self.call(token, "chat.delete", &delete, TRIES_MAX).await.map(|_: super::Done| ())
    }
}

impl Failed {
    /// Whether the same call may work later.
    pub fn may_pass(&self) -> bool {
        match self {
            Failed::Refused(code) => TROUBLES.contains(&&**code),
            Failed::Limited | Failed::Unknown(_) => true,
            Failed::Elsewhere => false,
        }
    }
}

impl NotPosted {
    /// Whether the blocks are what Slack did not take.
    pub fn is_about_blocks(&self) -> bool {
        matches!(self, NotPosted::Refused(code) if Failed::Refused(code.clone()).is_about_blocks())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use std::sync::Arc;
    use tokio::net::TcpListener;

    async fn posted_to(address: std::net::SocketAddr) -> Result<Posted, NotPosted> {
        let api = format!("http://{address}/api").parse().unwrap();
        let slack = Slack::new(api, Arc::default()).unwrap();
        let message = Message::sentence("x");
        let outgoing = Outgoing { recipient: "C1", thread_ts: "", delivery_id: "d", message: &message };
        slack.post_once(&Token::bot(&Secret::new("xoxb-x")), outgoing).await
    }

    #[tokio::test]
    async fn what_was_never_sent_is_told_from_what_was_never_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let closes = tokio::spawn(async move {
            let (connection, _) = listener.accept().await.unwrap();
            connection.readable().await.unwrap();
        });
        let answer = posted_to(address).await;
        assert!(matches!(answer, Err(NotPosted::Unanswered(_))), "{answer:?}");
        closes.await.unwrap();
        assert_eq!(posted_to(address).await, Err(NotPosted::Unreached));
    }
}
