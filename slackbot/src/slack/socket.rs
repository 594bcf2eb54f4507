//! The connection of Socket Mode, as it is opened. Its address is a permission by itself, so it stays in this file.

use super::{Failed, Slack, Token};
use serde::Deserialize;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};
use url::Url;

/// A larger message breaks the connection, so this is generous: Slack's are far smaller.
const MESSAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Room to read into, and to gather what is written.
const BUFFER_BYTES: usize = 16 * 1024;
/// What waits to be written; more is refused.
const WRITE_BYTES_MAX: usize = 512 * 1024;

/// A connection by which Slack delivers.
pub type Line = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[derive(Deserialize)]
struct Opened {
    url: Url,
}

impl Slack {
    /// Opens a connection by which Slack delivers, with the app's own token.
    ///
    /// # Errors
    /// When Slack does not allow it or cannot be reached.
    pub async fn dial(&self, token: &Token) -> Result<Line, Failed> {
        // One try: whoever keeps the connection knows when to try again.
        let nothing = serde_json::json!({});
        let Opened { url } = self.call(token, "apps.connections.open", &nothing, 1).await?;
        if !self.may_dial(&url) {
            return Err(Failed::Elsewhere);
        }
        let limits = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            .max_write_buffer_size(WRITE_BYTES_MAX)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let tls = Connector::Rustls(Arc::clone(&self.tls));
        match connect_async_tls_with_config(url.as_str(), Some(limits), true, Some(tls)).await {
            Ok((line, _)) => Ok(line),
            Err(error) => Err(Failed::Unknown(reason(&error))),
        }
    }

    /// Whether an address is one of Slack's for Socket Mode, or of what stands in for it.
    fn may_dial(&self, url: &Url) -> bool {
        // Methods that are called without TLS are on this machine; the settings allow no others.
        let stands_in = url.scheme() == "ws" && self.api.scheme() == "http" && url.host() == self.api.host();
        stands_in || self.is_secured(url, "wss")
    }
}

/// Why there is no connection, without the address that it was to go to.
fn reason(error: &Error) -> String {
    match error {
        Error::Io(error) => format!("the connection failed: {}", error.kind()),
        Error::Http(answer) => format!("Slack answered with {}", answer.status().as_u16()),
        Error::Tls(_) => "the connection could not be secured".to_owned(),
        _ => "Slack did not open the connection".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_slack_is_dialled_and_only_secured() {
        let at = |api: &str| Slack::new(api.parse().unwrap(), Arc::default()).unwrap();
        let slack = at("https://slack.com/api");
        let government = at("https://slack-gov.com/api");
        let stand_in = at("http://127.0.0.1:9/api");
        for (url, may) in [
            ("wss://wss-primary.slack.com/link/?ticket=1", [true, true, true]),
            ("ws://wss-primary.slack.com/link/?ticket=1", [false, false, false]),
            ("wss://wss-primary.slack-gov.com/link/?ticket=1", [false, true, false]),
            ("wss://evilslack-gov.com/link", [false, false, false]),
            ("wss://slack.com.evil.example/link", [false, false, false]),
            ("ws://127.0.0.1:7/link", [false, false, true]),
            ("ws://10.0.0.1/link", [false, false, false]),
            ("https://slack.com/link", [false, false, false]),
        ] {
            let url = url.parse().unwrap();
            assert_eq!([&slack, &government, &stand_in].map(|slack| slack.may_dial(&url)), may, "{url}");
        }
    }
}
