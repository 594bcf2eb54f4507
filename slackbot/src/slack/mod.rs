//! Calls to Slack: what the bot sends, and where. Which tokens there are is not decided here.

mod connector;
mod oauth;
mod pace;
mod post;
mod socket;
mod upload;

use crate::config::Secret;
use crate::metrics::{Called, Metrics};
use crate::views::block::{Message, View};
use anyhow::Result;
use connector::Connector;
use hyper::body::Bytes;
pub use oauth::{Client, Grant, Named};
use pace::Pace;
pub use post::{DELIVERY_EVENT, NotPosted, Outgoing, Posted};
use rustls::ClientConfig;
use serde::{Deserialize, Serialize};
use slack_morphism::errors::SlackClientError;
use slack_morphism::{
    ClientResult, SlackApiToken, SlackApiTokenType, SlackApiTokenValue, SlackClient,
    SlackClientApiCallContext, SlackClientHttpConnector,
};
pub use socket::Line;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use url::Url;

/// Only a refusal for haste is tried again: nothing was posted then.
const TRIES_MAX: usize = 3;
/// Nobody waits longer for an answer.
const WAIT_MAX: Duration = Duration::from_secs(30);
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(30);
const POST: &str = "chat.postMessage";

/// Slack, as the bot calls it.
#[derive(Debug)]
pub struct Slack {
    client: SlackClient<Connector>,
    api: Url,
    tls: Arc<ClientConfig>,
    pace: Pace,
    metrics: Arc<Metrics>,
}

/// A workspace's token, or the app's own.
#[derive(Debug, Clone)]
pub struct Token(SlackApiToken);

impl Token {
    fn text(&self) -> &str {
        &self.0.token_value.0
    }

    /// A bot's token.
    pub fn bot(secret: &Secret) -> Token {
        let value = SlackApiTokenValue(secret.reveal().to_owned());
        Token(SlackApiToken::new(value).with_token_type(SlackApiTokenType::Bot))
    }

    /// The app's own token, which opens Socket Mode.
    pub fn app(secret: &Secret) -> Token {
        let value = SlackApiTokenValue(secret.reveal().to_owned());
        Token(SlackApiToken::new(value).with_token_type(SlackApiTokenType::App))
    }
}

/// Who may see an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The one who asked.
    Ephemeral,
    /// Everybody in the channel.
    InChannel,
}

/// An answer, with who may see it.
#[derive(Debug, Serialize)]
pub struct Response<'m> {
    response_type: Audience,
    /// What is there stays: an answer is one more message.
    replace_original: bool,
    #[serde(flatten)]
    message: &'m Message,
}

impl Response<'_> {
    /// An answer in the place of the message with the button that was pressed.
    pub fn instead(message: &Message) -> Response<'_> {
        Response { response_type: Audience::Ephemeral, replace_original: true, message }
    }

    /// An answer beside what is there.
    pub fn new(audience: Audience, message: &Message) -> Response<'_> {
        Response { response_type: audience, replace_original: false, message }
    }
}

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// Slack said no, with this code.
    Refused(String),
    /// Slack wants fewer calls for longer than anybody waits.
    Limited,
    /// Slack did not answer, or not in words that are known; what was sent may have arrived.
    Unknown(String),
    /// The address is not one of Slack's.
    Elsewhere,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Refused(code) => write!(f, "Slack refused: {code}"),
            Failed::Limited => write!(f, "Slack wants fewer calls"),
            Failed::Unknown(what) => write!(f, "{what}"),
            Failed::Elsewhere => write!(f, "the address is not Slack's"),
        }
    }
}

impl Failed {
    /// Whether the token is what Slack does not take, or not any more.
    pub fn is_about_the_token(&self) -> bool {
        const CODES: [&str; 5] =
            ["token_expired", "invalid_auth", "token_revoked", "account_inactive", "not_authed"];
        matches!(self, Failed::Refused(code) if CODES.contains(&code.as_str()))
    }

    /// Whether the blocks are what Slack did not take.
    pub fn is_about_blocks(&self) -> bool {
        const CODES: [&str; 4] =
            ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"];
        matches!(self, Failed::Refused(code) if CODES.contains(&code.as_str()))
    }
}

/// Nothing of the answer is needed.
#[derive(Debug, Deserialize)]
struct Done {}

/// Who a token is.
#[derive(Debug, Deserialize)]
pub struct Identity {
    /// The workspace's name.
    #[serde(default)]
    pub team: String,
    /// The workspace.
    #[serde(default)]
    pub team_id: String,
    /// Its organisation; nothing where there is none.
    #[serde(default)]
    pub enterprise_id: Option<String>,
    /// Whether the token is the whole organisation's.
    #[serde(default)]
    pub is_enterprise_install: bool,
    /// The bot.
    #[serde(default)]
    pub user_id: String,
}

#[derive(Debug, Deserialize)]
struct FileInfo {
    file: FileFound,
}

/// A file as Slack knows it.
#[derive(Debug, Deserialize)]
pub struct FileFound {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its size.
    #[serde(default)]
    pub size: Option<usize>,
    url_private_download: Option<Url>,
    url_private: Option<Url>,
}

impl FileFound {
    /// Where it is.
    pub fn url(self) -> Option<Url> {
        self.url_private_download.or(self.url_private)
    }
}

impl Slack {
    /// A client of the methods below `api`.
    ///
    /// # Errors
    /// When this machine trusts no certificates.
    pub fn new(api: Url, metrics: Arc<Metrics>) -> Result<Slack> {
        let tls = connector::tls()?;
        let client = SlackClient::new(Connector::new(api.clone(), tls.clone()));
        Ok(Slack { client, api, tls: Arc::new(tls), pace: Pace::default(), metrics })
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// When Slack does not know it or does not answer.
    pub async fn identity(&self, token: &Token) -> Result<Identity, Failed> {
        self.call(token, "auth.test", &serde_json::json!({}), TRIES_MAX).await
    }

    /// Answers at a `response_url`: it needs no token and works where the bot is no member.
    ///
    /// # Errors
    /// When the address is not Slack's, or Slack does not take the answer.
    pub async fn respond(&self, response_url: &Url, response: Response<'_>) -> Result<(), Failed> {
        if !self.is_slacks(response_url) {
            return Err(Failed::Elsewhere);
        }
        let mut tries = TRIES_MAX;
        loop {
            tries -= 1;
            // Its own address is the permission: no token goes with it. The library's own call takes its own blocks.
            let span = tracing::Span::none();
            let context = SlackClientApiCallContext {
                rate_control_params: None,
                token: None,
                tracing_span: &span,
                is_sensitive_url: true,
            };
            let connector = &self.client.http_api.connector;
            let sent = connector.http_post_uri(response_url.clone(), &response, context).await;
            match self.judged(sent) {
                Err(Stopped::Limited(wait)) if tries > 0 && wait <= WAIT_MAX => sleep(wait).await,
                sent => return sent.map(|_: Done| ()).map_err(Failed::from),
            }
        }
    }

    /// Posts to a channel, or to a person directly.
    ///
    /// # Errors
    /// When Slack does not take it.
    pub async fn post(&self, token: &Token, channel: &str, message: &Message) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Post<'a> {
            channel: &'a str,
            #[serde(flatten)]
            message: &'a Message,
        }
        let turn = self.pace.turn(token.text(), channel);
        if turn > WAIT_MAX {
            return Err(Failed::Limited);
        }
        sleep(turn).await;
        self.call(token, POST, &Post { channel, message }, TRIES_MAX).await.map(|_: Done| ())
    }

    /// Shows a person something in a channel that nobody else sees.
    ///
    /// # Errors
    /// When the bot is not in the channel, or Slack does not take it.
    pub async fn post_ephemeral(
        &self,
        token: &Token,
        channel: &str,
        user: &str,
        message: &Message,
    ) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Post<'a> {
            channel: &'a str,
            user: &'a str,
            #[serde(flatten)]
            message: &'a Message,
        }
        let post = Post { channel, user, message };
        self.call(token, "chat.postEphemeral", &post, TRIES_MAX).await.map(|_: Done| ())
    }

    /// The time zone that a person lives in: `Europe/Paris`.
    ///
    /// # Errors
    /// When Slack does not tell.
    pub async fn zone_of(&self, token: &Token, user: &str) -> Result<String, Failed> {
        #[derive(Deserialize)]
        struct Info {
            user: Place,
        }
        #[derive(Deserialize)]
        struct Place {
            #[serde(default)]
            tz: Option<String>,
        }
        let session = self.client.open_session(&token.0);
        let found = session.http_session_api.http_get("users.info", &[("user", Some(user))], None).await;
        let info: Info = self.judged(found)?;
        info.user.tz.ok_or_else(|| Failed::Unknown("Slack names no zone".to_owned()))
    }

    /// What a file is called, how large it is and where it is.
    ///
    /// # Errors
    /// When the file cannot be seen.
    pub async fn file(&self, token: &Token, id: &str) -> Result<FileFound, Failed> {
        let session = self.client.open_session(&token.0);
        let found = session.http_session_api.http_get("files.info", &[("file", Some(id))], None).await;
        self.judged(found).map(|info: FileInfo| info.file).map_err(Failed::from)
    }

    /// Opens a form; the trigger lives for three seconds, so there is one try, and no waiting.
    ///
    /// # Errors
    /// When the trigger is too old, or Slack does not take the form.
    pub async fn open_view(&self, token: &Token, trigger_id: &str, view: &View) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Open<'a> {
            trigger_id: &'a str,
            view: &'a View,
        }
        let open = Open { trigger_id, view };
        self.call_within(token, "views.open", &open, 1, Duration::ZERO).await.map(|_: Done| ())
    }

    /// Shows a person the bot's home page.
    ///
    /// # Errors
    /// When Slack does not take it.
    pub async fn publish_home(&self, token: &Token, user_id: &str, view: &View) -> Result<(), Failed> {
        #[derive(Serialize)]
        struct Publish<'a> {
            user_id: &'a str,
            view: &'a View,
        }
        self.call(token, "views.publish", &Publish { user_id, view }, TRIES_MAX).await.map(|_: Done| ())
    }

    /// The bytes of a file, at most `bytes_max`; `url` is where it is, if that was told.
    ///
    /// # Errors
    /// When the file is not Slack's, is too large or cannot be had.
    pub async fn download(
        &self,
        token: &Token,
        id: &str,
        url: Option<&Url>,
        bytes_max: usize,
    ) -> Result<Bytes, Failed> {
        let url = match url {
            Some(url) => url.clone(),
            None => self.file(token, id).await?.url().ok_or(Failed::Elsewhere)?,
        };
        // The token goes with the request: to Slack alone.
        if !self.is_slacks(&url) {
            return Err(Failed::Elsewhere);
        }
        let got = self.client.http_api.connector.download(&url, &token.0, bytes_max, DOWNLOAD_TIMEOUT).await;
        self.judged(got).map_err(Failed::from)
    }

    /// Calls a method, so many times at most while Slack wants fewer calls.
    async fn call<Q, A>(&self, token: &Token, method: &str, request: &Q, tries: usize) -> Result<A, Failed>
    where
        Q: Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        self.call_within(token, method, request, tries, WAIT_MAX).await
    }

    /// Calls a method, so many times at most, and waits before each only where Slack wants no longer wait than
    /// `wait_max`.
    async fn call_within<Q, A>(
        &self,
        token: &Token,
        method: &str,
        request: &Q,
        mut tries: usize,
        wait_max: Duration,
    ) -> Result<A, Failed>
    where
        Q: Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        let session = self.client.open_session(&token.0);
        loop {
            let closed = self.pace.closed(token.text(), method);
            if closed > wait_max {
                return Err(Failed::Limited);
            }
            sleep(closed).await;
            tries -= 1;
            let answer = session.http_session_api.http_post(method, request, None).await;
            match self.judged(answer) {
                Err(Stopped::Limited(wait)) => {
                    self.pace.close(token.text(), method, wait);
                    if tries == 0 || wait > wait_max {
                        return Err(Failed::Limited);
                    }
                }
                answer => return answer.map_err(Failed::from),
            }
        }
    }

    fn judged<A>(&self, answer: ClientResult<A>) -> Result<A, Stopped> {
        let (called, answer) = match answer {
            Ok(answer) => (Called::Ok, Ok(answer)),
            Err(SlackClientError::RateLimitError(limit)) => {
                (Called::Limited, Err(Stopped::Limited(limit.retry_after.unwrap_or(WAIT_MAX))))
            }
            Err(SlackClientError::ApiError(error)) => {
                (Called::Refused, Err(Stopped::For(Failed::Refused(error.code))))
            }
            Err(SlackClientError::HttpError(error)) => {
                let status = format!("Slack answered with {}", error.status_code.as_u16());
                (Called::Failed, Err(Stopped::For(Failed::Unknown(status))))
            }
            Err(SlackClientError::SystemError(error)) => {
                let said = error.message.unwrap_or_default();
                (Called::Failed, Err(Stopped::For(Failed::Unknown(said))))
            }
            Err(_) => {
                let said = "Slack's answer is not one that is known".to_owned();
                (Called::Failed, Err(Stopped::For(Failed::Unknown(said))))
            }
        };
        self.metrics.call(called);
        answer
    }

    /// Whether an address is Slack's, or that of what stands in for it.
    fn is_slacks(&self, url: &Url) -> bool {
        self.is_secured(url, "https") || url.scheme() == "http" && url.origin() == self.api.origin()
    }

    /// Whether an address is secured, and its host is Slack's or stands at or below that of the methods: for a government
    /// that is slack-gov.com.
    fn is_secured(&self, url: &Url, scheme: &str) -> bool {
        let (Some(host), Some(api)) = (url.host_str(), self.api.host_str()) else { return false };
        let is_within = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        url.scheme() == scheme && (is_within("slack.com") || is_within(api))
    }
}

enum Stopped {
    Limited(Duration),
    For(Failed),
}

impl From<Stopped> for Failed {
    fn from(stopped: Stopped) -> Failed {
        match stopped {
            Stopped::Limited(_) => Failed::Limited,
            Stopped::For(failed) => failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_sent_to_an_address_that_is_not_slacks() {
        let at = |api: &str| Slack::new(api.parse().unwrap(), Arc::default()).unwrap();
        let slack = at("https://slack.com/api");
        let government = at("https://slack-gov.com/api");
        let stand_in = at("http://127.0.0.1:9/api");
        for (url, is_slacks) in [
            ("https://hooks.slack.com/commands/T1/2/3", [true, true, true]),
            ("https://files.slack.com/a", [true, true, true]),
            ("https://hooks.slack-gov.com/commands/T1/2/3", [false, true, false]),
            ("https://files.slack-gov.com/a", [false, true, false]),
            ("http://files.slack-gov.com/a", [false, false, false]),
            ("https://evilslack-gov.com/a", [false, false, false]),
            ("http://hooks.slack.com/a", [false, false, false]),
            ("https://hooks.slack.com.evil.example/a", [false, false, false]),
            ("https://evilslack.com/a", [false, false, false]),
            ("https://127.0.0.1/a", [false, false, true]),
            ("https://127.0.0.2/a", [false, false, false]),
            ("http://127.0.0.1:9/a", [false, false, true]),
            ("http://127.0.0.1:8/a", [false, false, false]),
        ] {
            let url = url.parse().unwrap();
            assert_eq!(
                [&slack, &government, &stand_in].map(|slack| slack.is_slacks(&url)),
                is_slacks,
                "{url}"
            );
        }
        let url = "https://evil.example/".parse().unwrap();
        let message = Message::sentence("x");
        let sent = slack.respond(&url, Response::new(Audience::Ephemeral, &message)).await;
        assert_eq!(sent, Err(Failed::Elsewhere));
    }
}
