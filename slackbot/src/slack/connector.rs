//! The transport below the client library's calls: timeouts, sizes, Retry-After, and errors that hold neither a body
//! nor a token.
//!
//! The library's own has no timeout at all and puts whole answers, tokens among them, into its errors.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use serde::{Deserialize, Serialize};
use slack_morphism::errors::{
    SlackClientApiError, SlackClientError, SlackClientHttpError, SlackClientProtocolError,
    SlackClientSystemError, SlackRateLimitError,
};
use slack_morphism::multipart_form::FileMultipartData;
use slack_morphism::{
    ClientResult, SlackApiToken, SlackClientApiCallContext, SlackClientHttpApiUri, SlackClientHttpConnector,
    SlackClientId, SlackClientSecret,
};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// From the first byte sent to the last byte read.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// A file of the bot is small, but a line may be slow.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Slack closes idle connections itself; this comes first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Larger answers of Slack's methods are not read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// A refusal is one word: `invalid_blocks`.
const CODE_BYTES_MAX: usize = 64;
/// What is said where no connection was made, and so nothing was sent.
pub(super) const UNREACHED: &str = "Slack cannot be reached.";
/// Where Slack does not say how long to wait.
const RETRY_AFTER_DEFAULT: Duration = Duration::from_secs(1);

type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;
type Answer<'a, T> = Pin<Box<dyn Future<Output = ClientResult<T>> + Send + 'a>>;

/// Calls Slack at one address.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    http: Http,
    api: Url,
}

/// What came back, whatever it is.
struct Received {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Bytes,
}

/// How connections to Slack are secured: by ring, with the certificates that this machine trusts.
pub(super) fn tls() -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("No version of TLS is there")?
        .with_native_roots()
        .context("No certificates are found on this machine: install ca-certificates")?;
    Ok(config.with_no_client_auth())
}

impl Connector {
    /// A connector to the methods below `api`.
    pub(super) fn new(api: Url, tls: ClientConfig) -> Connector {
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let tls = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            // Plain HTTP is for a Slack of one's own on this machine; the settings allow no other.
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let http = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_timer(TokioTimer::new())
            .build(tls);
        Connector { http, api }
    }

    /// The bytes at `url`, at most `bytes_max` of them, within `time_max`.
    pub(super) async fn download(
        &self,
        url: &Url,
        token: &SlackApiToken,
        bytes_max: usize,
        time_max: Duration,
    ) -> ClientResult<Bytes> {
        let permit = bearer(Some(token))?;
        let received = timeout(time_max, self.send(Method::GET, url, permit, None, bytes_max));
        let received = received.await.map_err(|_| system("Slack did not answer in time."))??;
        if received.status.is_success() { Ok(received.body) } else { Err(received.refusal()) }
    }

    /// Puts bytes at an address that lets them in without a token; what it answers is of no use.
    pub(super) async fn upload(&self, url: &Url, bytes: Bytes) -> ClientResult<()> {
        let sent = self.send(Method::POST, url, None, Some((BYTES, bytes)), ANSWER_BYTES_MAX);
        let received =
            timeout(UPLOAD_TIMEOUT, sent).await.map_err(|_| system("Slack did not answer in time."))??;
        if received.status.is_success() { Ok(()) } else { Err(received.refusal()) }
    }

    async fn call<T>(
        &self,
        method: Method,
        url: &Url,
        token: Option<&SlackApiToken>,
        body: Option<(&str, Bytes)>,
    ) -> ClientResult<T>
    where
        T: for<'de> Deserialize<'de>,
    {
        self.answered(self.send(method, url, bearer(token)?, body, ANSWER_BYTES_MAX)).await
    }

    /// Posts a form to a method as the app itself: who it is stands in a header, and nothing in the address.
    pub(super) async fn post_form<T>(
        &self,
        method: &str,
        client_id: &str,
        client_secret: &str,
        form: String,
    ) -> ClientResult<T>
    where
        T: for<'de> Deserialize<'de>,
    {
        let url = self.create_method_uri_path(method)?;
        let basic = STANDARD.encode(format!("{client_id}:{client_secret}"));
        let permit = Some(sensitive(&format!("Basic {basic}"))?);
        let body = Some((FORM, form.into()));
        self.answered(self.send(Method::POST, &url, permit, body, ANSWER_BYTES_MAX)).await
    }

    async fn answered<T>(&self, sent: impl Future<Output = ClientResult<Received>>) -> ClientResult<T>
    where
        T: for<'de> Deserialize<'de>,
    {
        let received =
            timeout(CALL_TIMEOUT, sent).await.map_err(|_| system("Slack did not answer in time."))??;
        received.understood()
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        permit: Option<HeaderValue>,
        body: Option<(&str, Bytes)>,
        bytes_max: usize,
    ) -> ClientResult<Received> {
        let (kind, body) = body.map_or((None, Bytes::new()), |(kind, body)| (Some(kind), body));
        let mut request = Request::builder().method(method).uri(url.as_str());
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        if let Some(permit) = permit {
            request = request.header(AUTHORIZATION, permit);
        }
        let request = request.body(Full::new(body)).map_err(|_| system("The address is no address."))?;
        // What goes wrong below names hosts at most.
        let response = self.http.request(request).await.map_err(|error| system(reason(&error)))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, bytes_max).collect().await;
        let body = body.map_err(|_| system("Slack's answer broke off or is too large."))?.to_bytes();
        Ok(Received { status: head.status, retry_after: retry_after(&head.headers), body })
    }
}

fn bearer(token: Option<&SlackApiToken>) -> ClientResult<Option<HeaderValue>> {
    token.map(|token| sensitive(&format!("Bearer {}", token.token_value.0))).transpose()
}

fn sensitive(permit: &str) -> ClientResult<HeaderValue> {
    let mut value = HeaderValue::from_str(permit).map_err(|_| system("The token is no token."))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Where a call failed, without what it was about: before anything was sent, or later.
fn reason(error: &hyper_util::client::legacy::Error) -> &'static str {
    if error.is_connect() { UNREACHED } else { "The connection to Slack broke." }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn system(sentence: &str) -> SlackClientError {
    SlackClientError::SystemError(SlackClientSystemError::new().with_message(sentence.to_owned()))
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    ok: Option<bool>,
    #[serde(default)]
    error: Option<String>,
}

impl Received {
    /// The answer as it was asked for.
    fn understood<T: for<'de> Deserialize<'de>>(self) -> ClientResult<T> {
        if !self.status.is_success() {
            return Err(self.refusal());
        }
        // A response_url answers with the word itself.
        let body: &[u8] =
            if self.body.trim_ascii() == b"ok" || self.body.is_empty() { b"{}" } else { &self.body };
        let envelope: Envelope = serde_json::from_slice(body).map_err(unread)?;
        if envelope.ok == Some(false) {
            let code = envelope.error.unwrap_or_default();
            if code == "ratelimited" {
                return Err(self.refusal());
            }
            return Err(SlackClientError::ApiError(SlackClientApiError::new(code)));
        }
        serde_json::from_slice(body).map_err(unread)
    }

    fn refusal(&self) -> SlackClientError {
        if self.status == StatusCode::TOO_MANY_REQUESTS || self.status.is_success() {
            let wait = self.retry_after.unwrap_or(RETRY_AFTER_DEFAULT);
            return SlackClientError::RateLimitError(SlackRateLimitError::new().with_retry_after(wait));
        }
        // Trouble of Slack's own is no answer to what was asked, whatever word comes with it.
        if self.status.is_server_error() {
            return SlackClientError::HttpError(SlackClientHttpError::new(self.status));
        }
        let word = std::str::from_utf8(self.body.trim_ascii()).unwrap_or_default();
        let is_code = !word.is_empty()
            && word.len() <= CODE_BYTES_MAX
            && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let said: Option<Envelope> = serde_json::from_slice(&self.body).ok();
        match said.and_then(|said| said.error).or_else(|| is_code.then(|| word.to_owned())) {
            Some(code) => SlackClientError::ApiError(SlackClientApiError::new(code)),
            None => SlackClientError::HttpError(SlackClientHttpError::new(self.status)),
        }
    }
}

fn unread(error: serde_json::Error) -> SlackClientError {
    SlackClientError::ProtocolError(SlackClientProtocolError::new(error))
}

const JSON: &str = "application/json; charset=utf-8";
const BYTES: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";

impl SlackClientHttpConnector for Connector {
    fn http_get_uri<'a, RS>(&'a self, full_uri: Url, context: SlackClientApiCallContext<'a>) -> Answer<'a, RS>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        Box::pin(async move { self.call(Method::GET, &full_uri, context.token, None).await })
    }

    /// Only the library's OAuth calls come here, and the bot does not make them: they would put the secret into the
    /// address.
    fn http_get_with_client_secret<'a, RS>(
        &'a self,
        _full_uri: Url,
        _client_id: &'a SlackClientId,
        _client_secret: &'a SlackClientSecret,
    ) -> Answer<'a, RS>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        Box::pin(async { Err(system("Secrets are not sent in an address.")) })
    }

    fn http_post_uri<'a, RQ, RS>(
        &'a self,
        full_uri: Url,
        request_body: &'a RQ,
        context: SlackClientApiCallContext<'a>,
    ) -> Answer<'a, RS>
    where
        RQ: Serialize + Send + Sync,
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        Box::pin(async move {
            let body = serde_json::to_vec(request_body).map_err(unread)?;
            self.call(Method::POST, &full_uri, context.token, Some((JSON, body.into()))).await
        })
    }

    /// The bot sends no forms of several parts.
    fn http_post_uri_multipart_form<'a, 'p, RS, PT, TS>(
        &'a self,
        _full_uri: Url,
        _file: Option<FileMultipartData<'p>>,
        _params: &'p PT,
        _context: SlackClientApiCallContext<'a>,
    ) -> Answer<'a, RS>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
        PT: IntoIterator<Item = (&'p str, Option<TS>)> + Clone,
        TS: AsRef<str> + 'p + Send,
    {
        Box::pin(async { Err(system("Files are not uploaded.")) })
    }

    fn http_post_uri_binary<'a, 'p, RS>(
        &'a self,
        full_uri: Url,
        content_type: String,
        data: &'a [u8],
        context: SlackClientApiCallContext<'a>,
    ) -> Answer<'a, RS>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        Box::pin(async move {
            let body = Some((content_type.as_str(), Bytes::copy_from_slice(data)));
            self.call(Method::POST, &full_uri, context.token, body).await
        })
    }

    fn create_method_uri_path(&self, method_relative_uri: &str) -> ClientResult<Url> {
        let base = self.api.as_str().trim_end_matches('/');
        let uri = SlackClientHttpApiUri::create_method_uri_path(method_relative_uri);
        let method = uri.strip_prefix(SlackClientHttpApiUri::SLACK_API_URI_STR).unwrap_or(&uri);
        Ok(format!("{base}{method}").parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: u16, retry_after: Option<u64>, body: &str) -> ClientResult<serde_json::Value> {
        let status = StatusCode::from_u16(status).unwrap();
        let retry_after = retry_after.map(Duration::from_secs);
        Received { status, retry_after, body: Bytes::copy_from_slice(body.as_bytes()) }.understood()
    }

    #[test]
    fn an_error_holds_a_code_and_never_a_body() {
        for (status, body, part) in [
            (200, r#"{"ok":false,"error":"invalid_auth","token":"xoxb-hush"}"#, "invalid_auth"),
            (500, "<html>hush</html>", "500"),
            (404, "used_url", "used_url"),
            (400, r#"{"ok":false,"error":"invalid_blocks","hush":1}"#, "invalid_blocks"),
            (200, "hush", "expected value"),
        ] {
            let error = received(status, None, body).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(part) && !shown.contains("hush"), "{shown}");
        }
    }

    #[test]
    fn how_long_to_wait_is_kept() {
        for (status, body) in [(429, ""), (200, r#"{"ok":false,"error":"ratelimited"}"#)] {
            let error = received(status, Some(7), body).unwrap_err();
            let SlackClientError::RateLimitError(limit) = error else { panic!("{error:?}") };
            assert_eq!(limit.retry_after, Some(Duration::from_secs(7)));
        }
    }

    #[test]
    fn a_response_urls_ok_is_an_answer() {
        assert_eq!(received(200, None, "ok").unwrap(), serde_json::json!({}));
        assert_eq!(received(200, None, r#"{"ok":true,"ts":"1.2"}"#).unwrap()["ts"], "1.2");
    }
}
