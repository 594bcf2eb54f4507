//! Requests from outside: Slack's, signed or by a connection of the bot's own; and anybody's for the page and the state
//! of the program.
//!
//! A request of Slack is read within limits, verified over its raw bytes, and understood as far as the bot knows it;
//! `dispatch` knows what to do about it, and nothing of HTTP or of Socket Mode.

mod dispatch;
mod inbound;
mod install;
mod pages;
mod server;
mod signature;
mod socket;

use crate::app::App;
use crate::metrics::{Endpoint, Taken};
use crate::slack::Token;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use dispatch::Ack;
use http_body_util::{BodyExt, Limited};
pub use pages::Pages;
use serde_json::Value;
pub use signature::SigningKey;
pub use socket::Patience;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tracing::{info, warn};

/// Slack's payloads are far smaller: a form's fields, a message.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// All bodies that are being read at a time.
const BODIES_KIB_MAX: usize = 32 * 1024;
/// A body that takes longer to arrive is not Slack's.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Debug)]
pub struct Site {
    app: Arc<App>,
    key: Option<SigningKey>,
    socket: Option<(Token, Patience)>,
    pages: Pages,
    /// What the bot lacks, as sentences.
    missing: Vec<&'static str>,
    bodies: Semaphore,
    is_stopping: AtomicBool,
}

impl Site {
    /// A site of the bot and the page; without a key it takes nothing from Slack.
    pub fn new(app: Arc<App>, key: Option<SigningKey>, pages: Pages, missing: Vec<&'static str>) -> Site {
        let bodies = Semaphore::new(BODIES_KIB_MAX);
        Site { app, key, socket: None, pages, missing, bodies, is_stopping: AtomicBool::new(false) }
    }

    /// The same site, to which Slack delivers by a connection that the app's own token opens, too.
    pub fn with_socket(self, token: Token, patience: Patience) -> Site {
        Site { socket: Some((token, patience)), ..self }
    }
}

/// Serves until `stop` ends; what is under way then is finished.
pub async fn serve(listener: TcpListener, site: Site, stop: impl Future<Output = ()>) {
    let site = Arc::new(site);
    let app = Arc::clone(&site.app);
    let (stopping, stopped) = watch::channel(false);
    let socket = site
        .socket
        .clone()
        .map(|(token, patience)| tokio::spawn(socket::run(Arc::clone(&app), token, patience, stopped)));
    let stop = async {
        stop.await;
        site.is_stopping.store(true, Ordering::Relaxed);
        stopping.send_replace(true);
        info!("stopping");
    };
    server::serve(listener, router(Arc::clone(&site)), server::WRITE_TIMEOUT, stop).await;
    if let Some(socket) = socket
        && let Err(ended) = socket.await
    {
        warn!(broke = ended.is_panic(), "Socket Mode ended badly");
    }
    app.drain().await;
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/slack/commands", post(command))
        .route("/slack/interactions", post(interaction))
        .route("/slack/events", post(event))
        .route("/slack/install", get(install::begin))
        .route("/slack/oauth/callback", get(install::finish))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(get(page))
        .with_state(site)
}

async fn ready(State(site): State<Arc<Site>>) -> Response {
    if site.is_stopping.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    if !site.app.store.is_up().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    }
    if site.socket.is_some() && site.app.metrics.sockets() == 0 {
        return (StatusCode::SERVICE_UNAVAILABLE, "Socket Mode is not connected.\n").into_response();
    }
    let mut text = "ready\n".to_owned();
    for sentence in &site.missing {
        text.push_str(sentence);
        text.push('\n');
    }
    text.into_response()
}

async fn metrics(State(site): State<Arc<Site>>) -> Response {
    let (tasks, bytes) = site.app.load();
    let mut gauges = vec![
        ("podcheck_tasks", "Questions that are worked on.", tasks as u64),
        ("podcheck_answers_bytes", "Bytes of answers kept for their buttons.", bytes as u64),
    ];
    // Where the outbox cannot be counted it is not said to be empty.
    if let Some(outbox) = site.app.outbox_backlog().await {
        const DOUBT: &str = "Reminders of which nobody knows whether they arrived.";
        gauges.extend([
            ("podcheck_outbox_pending", "Reminders that are to be sent now.", outbox.pending),
            (
                "podcheck_outbox_oldest_seconds",
                "How long the first of them has waited.",
                outbox.oldest_seconds,
            ),
            ("podcheck_outbox_in_doubt", DOUBT, outbox.ambiguous),
        ]);
    }
    let text = site.app.metrics.text(&gauges);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn page(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    site.pages.answer(&uri, &headers)
}

async fn command(State(site): State<Arc<Site>>, request: Request) -> Response {
    match site.signed_body(Endpoint::Command, request).await {
        Ok(body) => dispatch::command(&site.app, inbound::slash(&body)).await.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn interaction(State(site): State<Arc<Site>>, request: Request) -> Response {
    match site.signed_body(Endpoint::Interaction, request).await {
        Ok(body) => {
            let payload = inbound::payload(&body).unwrap_or_default();
            dispatch::interaction(&site.app, inbound::interaction(&payload)).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn event(State(site): State<Arc<Site>>, request: Request) -> Response {
    match site.signed_body(Endpoint::Event, request).await {
        Ok(body) => {
            // Signed and no JSON: Slack would send it again, and it would be no better.
            let payload: Value = serde_json::from_slice(&body).unwrap_or_default();
            dispatch::event(&site.app, inbound::event(&payload)).await.into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

impl IntoResponse for Ack {
    fn into_response(self) -> Response {
        if let Some(payload) = self.payload() {
            return json_of(&payload);
        }
        match self {
            Ack::Challenge(challenge) => challenge.into_response(),
            Ack::Again => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => StatusCode::OK.into_response(),
        }
    }
}

impl Site {
    /// The body of a request that Slack signed.
    async fn signed_body(&self, endpoint: Endpoint, request: Request) -> Result<Bytes, Refusal> {
        let read = self.verified(request).await;
        if let Err(refusal) = read {
            self.app.metrics.request(endpoint, refusal.taken());
        }
        read
    }

    async fn verified(&self, request: Request) -> Result<Bytes, Refusal> {
        let key = self.key.as_ref().ok_or(Refusal::NotSetUp)?;
        let (head, body) = request.into_parts();
        let said =
            head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let size = said.unwrap_or(BODY_BYTES_MAX);
        if size > BODY_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
        let time = only(&head.headers, "x-slack-request-timestamp").ok_or(Refusal::Unsigned)?;
        let signature = only(&head.headers, "x-slack-signature").ok_or(Refusal::Unsigned)?;
        let room = u32::try_from(size.div_ceil(1024)).unwrap_or(u32::MAX);
        let _room = self.bodies.try_acquire_many(room).map_err(|_| Refusal::Full)?;
        let body = timeout(BODY_TIMEOUT, Limited::new(body, BODY_BYTES_MAX).collect());
        let body = body.await.map_err(|_| Refusal::TooSlow)?.map_err(|_| Refusal::TooLarge)?.to_bytes();
        match key.verify(time, signature, &body, self.app.clock.seconds()) {
            Ok(()) => Ok(body),
            Err(why) => {
                warn!(?why, "a request was not signed by Slack");
                Err(Refusal::Unsigned)
            }
        }
    }
}

/// Why a request is not taken.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    NotSetUp,
    Unsigned,
    TooLarge,
    TooSlow,
    /// Too much is being read already.
    Full,
}

impl Refusal {
    fn taken(self) -> Taken {
        match self {
            Refusal::NotSetUp | Refusal::Unsigned => Taken::Unsigned,
            Refusal::TooLarge => Taken::TooLarge,
            Refusal::TooSlow => Taken::TooSlow,
            Refusal::Full => Taken::Shed,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::NotSetUp => {
                (StatusCode::SERVICE_UNAVAILABLE, "The bot is not set up: SLACK_SIGNING_SECRET is not set.\n")
                    .into_response()
            }
            Refusal::Unsigned => StatusCode::UNAUTHORIZED.into_response(),
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
            Refusal::Full => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response(),
        }
    }
}

/// A header that stands there once.
fn only<'h>(headers: &'h HeaderMap, name: &'static str) -> Option<&'h str> {
    let mut values = headers.get_all(HeaderName::from_static(name)).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

fn json_of(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => ([(CONTENT_TYPE, "application/json; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
