//! Files that the bot hands over: an address to put the bytes at, the bytes, and where the file is to stand.

use super::{Done, Failed, Slack, TRIES_MAX, Token};
use hyper::body::Bytes;
use serde::{Deserialize, Serialize};
use url::Url;

#[derive(Deserialize)]
struct Opened {
    channel: Conversation,
}

#[derive(Deserialize)]
struct Conversation {
    id: String,
}

/// Where Slack wants the bytes of a file.
#[derive(Deserialize)]
struct Upload {
    upload_url: Url,
    file_id: String,
}

impl Slack {
    /// The conversation of the bot with a person. A file can be put into no other name of it.
    ///
    /// # Errors
    /// When Slack does not tell.
    pub async fn direct_messages(&self, token: &Token, user: &str) -> Result<String, Failed> {
        #[derive(Serialize)]
        struct Open<'a> {
            users: &'a str,
        }
        let opened = self.call(token, "conversations.open", &Open { users: user }, TRIES_MAX).await;
        opened.map(|opened: Opened| opened.channel.id)
    }

    /// Puts a file into a conversation, with a sentence above it. Where the last answer is lost, it may stand there all
    /// the same: it is not tried again.
    ///
    /// # Errors
    /// When Slack does not take it.
    pub async fn hand_over(
        &self,
        token: &Token,
        channel: &str,
        name: &str,
        bytes: Bytes,
        comment: &str,
    ) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Named<'a> {
            id: &'a str,
            title: &'a str,
        }
        #[derive(Serialize)]
        struct Complete<'a> {
            files: [Named<'a>; 1],
            channel_id: &'a str,
            initial_comment: &'a str,
        }
        // Slack reads what this method is asked from the address.
        let length = bytes.len().to_string();
        let asked = [("filename", Some(name)), ("length", Some(length.as_str()))];
        let session = self.client.open_session(&token.0);
        let found = session.http_session_api.http_get("files.getUploadURLExternal", &asked, None).await;
        let Upload { upload_url, file_id } = self.judged(found)?;
        if !self.is_slacks(&upload_url) {
            return Err(Failed::Elsewhere);
        }
        // The address is the permission: no token goes with it.
        self.judged(self.client.http_api.connector.upload(&upload_url, bytes).await)?;
        let complete = Complete {
            files: [Named { id: &file_id, title: name }],
            channel_id: channel,
            initial_comment: comment,
        };
        let completed = self.call(token, "files.completeUploadExternal", &complete, TRIES_MAX).await;
        completed.map(|_: Done| ())
    }
}
