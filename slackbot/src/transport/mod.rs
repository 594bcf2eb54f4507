//! Requests from outside: Slack's, signed; and anybody's for the page and the state of the program.
//!
//! A request of Slack is read within limits, verified over its raw bytes, understood as far as the bot knows it, and
//! acknowledged at once. The work goes on in a task of its own: when it is done while the acknowledgement still
//! waits, its answer goes with it; later, it goes to the `response_url`. A connection that breaks cuts nothing off.

mod inbound;
mod pages;
mod server;
mod signature;

use crate::app::{self, App, Caller};
use crate::commands;
use crate::manifest;
use crate::metrics::{Endpoint, Taken};
use crate::slack::{Audience, Response as Answer};
use crate::views::answer::press;
use crate::views::block::Message;
use crate::views::form::field;
use crate::views::guide;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::{BodyExt, Limited};
use inbound::{Act, Event};
pub use pages::Pages;
use serde_json::{Value, json};
pub use signature::SigningKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tracing::{debug, info, warn};

/// Slack's payloads are far smaller: a form's fields, a message.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// All bodies that are being read at a time.
const BODIES_KIB_MAX: usize = 32 * 1024;
/// A body that takes longer to arrive is not Slack's.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// Slack waits three seconds; an answer that is there sooner than this goes with the acknowledgement.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_millis(700);

/// What the handlers share.
#[derive(Debug)]
pub struct Site {
    app: Arc<App>,
    key: Option<SigningKey>,
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
        Site { app, key, pages, missing, bodies, is_stopping: AtomicBool::new(false) }
    }
}

/// Serves until `stop` ends; what is under way then is finished.
pub async fn serve(listener: TcpListener, site: Site, stop: impl Future<Output = ()>) {
    let site = Arc::new(site);
    let app = Arc::clone(&site.app);
    let stop = async {
        stop.await;
        site.is_stopping.store(true, Ordering::Relaxed);
        info!("stopping");
    };
    server::serve(listener, router(Arc::clone(&site)), stop).await;
    app.drain().await;
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/slack/commands", post(command))
        .route("/slack/interactions", post(interaction))
        .route("/slack/events", post(event))
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
    let mut text = "ready\n".to_owned();
    for sentence in &site.missing {
        text.push_str(sentence);
        text.push('\n');
    }
    text.into_response()
}

async fn metrics(State(site): State<Arc<Site>>) -> Response {
    let (tasks, bytes) = site.app.load();
    let text = site.app.metrics.text(&[
        ("podcheck_tasks", "Questions that are worked on.", tasks as u64),
        ("podcheck_answers_bytes", "Bytes of answers kept for their buttons.", bytes as u64),
    ]);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn page(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    site.pages.answer(&uri, &headers)
}

async fn command(State(site): State<Arc<Site>>, request: Request) -> Response {
    let body = match site.signed_body(Endpoint::Command, request).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    let slash = inbound::slash(&body);
    if slash.is_probe {
        return site.acknowledged(Endpoint::Command, Taken::Ignored);
    }
    debug!(team = slash.caller.tenant.team, "a command");
    let Some(place) = site.app.place() else { return site.shed(Endpoint::Command) };
    let (app, caller) = (Arc::clone(&site.app), slash.caller);
    let (done, answered) = oneshot::channel::<Message>();
    tokio::spawn(async move {
        let _place = place;
        let answer = app.command(&caller, &slash.trigger_id, commands::read(&slash.text)).await;
        let Some(message) = answer else { return };
        // A table may be refused, and only a call of our own would hear of it.
        let late = if message.has_table() { Some(message) } else { done.send(message).err() };
        if let Some(message) = late {
            app.deliver(&caller, Audience::Ephemeral, &message).await;
        }
    });
    site.app.metrics.request(Endpoint::Command, Taken::Answered);
    match in_time(answered).await {
        Some(message) => json_of(&Answer::new(Audience::Ephemeral, &message)),
        None => StatusCode::OK.into_response(),
    }
}

/// What was answered while the acknowledgement could wait. What comes later is left to its sender.
async fn in_time(mut answered: oneshot::Receiver<Message>) -> Option<Message> {
    match timeout(ACKNOWLEDGE_WITHIN, &mut answered).await {
        Ok(message) => message.ok(),
        Err(_) => {
            // Between the last look and the close it may have come.
            answered.close();
            answered.try_recv().ok()
        }
    }
}

async fn interaction(State(site): State<Arc<Site>>, request: Request) -> Response {
    let body = match site.signed_body(Endpoint::Interaction, request).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(payload) = inbound::payload(&body) else {
        return site.acknowledged(Endpoint::Interaction, Taken::Ignored);
    };
    let inbound::Interaction { caller, trigger_id, act } = inbound::interaction(&payload);
    drop(payload);
    match act {
        Act::Pressed { action, value } => match Press::read(&action) {
            Some(press) => site.work(caller, move |app, caller| async move {
                pressed(&app, &caller, press, &value, &trigger_id).await;
            }),
            None => site.acknowledged(Endpoint::Interaction, Taken::Ignored),
        },
        // A form that cannot be worked on stays open, with all that was typed.
        Act::Sent(Ok(_)) if site.app.is_full() => {
            site.app.metrics.request(Endpoint::Interaction, Taken::Shed);
            wrong_field(field::OPPORTUNITIES, app::BUSY)
        }
        Act::Sent(Ok((asked, files))) => site.work(caller, |app, caller| async move {
            let message = app.check_files(&caller, asked, &files).await;
            app.deliver(&caller, Audience::Ephemeral, &message).await;
        }),
        Act::Sent(Err((field, sentence))) => {
            site.app.metrics.request(Endpoint::Interaction, Taken::Answered);
            wrong_field(field, &sentence)
        }
        Act::Message { callback, text, files } if callback == manifest::CHECK_MESSAGE => {
            site.work(caller, |app, caller| async move {
                let message = app.check_message(&caller, &text, &files).await;
                app.deliver(&caller, Audience::Ephemeral, &message).await;
            })
        }
        Act::Message { callback: kind, .. } | Act::Other(kind) => {
            debug!(kind, "an interaction that nobody acts on");
            site.acknowledged(Endpoint::Interaction, Taken::Ignored)
        }
    }
}

/// What can be pressed.
#[derive(Debug, Clone, Copy)]
enum Press {
    Details,
    Explain,
    Share,
    OpenForm,
}

impl Press {
    fn read(action: &str) -> Option<Press> {
        match action {
            press::DETAILS => Some(Press::Details),
            press::EXPLAIN => Some(Press::Explain),
            press::SHARE => Some(Press::Share),
            guide::OPEN_FORM => Some(Press::OpenForm),
            _ => None,
        }
    }
}

async fn pressed(app: &Arc<App>, caller: &Caller, press: Press, value: &str, trigger_id: &str) {
    let (audience, message) = match press {
        Press::Details => (Audience::Ephemeral, Some(app.details(caller, value).await)),
        Press::Explain => (Audience::Ephemeral, Some(app.explain(value))),
        Press::OpenForm => (Audience::Ephemeral, app.open_form(caller, trigger_id).await),
        Press::Share => {
            let (audience, message) = app.share(caller, value).await;
            (audience, Some(message))
        }
    };
    if let Some(message) = message {
        app.deliver(caller, audience, &message).await;
    }
}

async fn event(State(site): State<Arc<Site>>, request: Request) -> Response {
    let body = match site.signed_body(Endpoint::Event, request).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    // Signed and no JSON: Slack would send it again, and it would be no better.
    let payload: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (tenant, id, opened) = match inbound::event(&payload) {
        Event::Challenge(challenge) => return challenge.into_response(),
        Event::HomeOpened { tenant, id, user } => (tenant, id, Some(user)),
        Event::Other { tenant, id, kind } => {
            debug!(kind, "an event that nobody acts on");
            (tenant, id, None)
        }
    };
    // Its place comes first: what is shed is delivered again, and must be new then.
    let place = match &opened {
        Some(_) => match site.app.place() {
            Some(place) => Some(place),
            None => return site.shed(Endpoint::Event),
        },
        None => None,
    };
    if !id.is_empty() && !site.app.seen.is_new(&tenant, &id, site.app.clock.seconds()) {
        return site.acknowledged(Endpoint::Event, Taken::Repeated);
    }
    let Some(user) = opened else { return site.acknowledged(Endpoint::Event, Taken::Ignored) };
    let app = Arc::clone(&site.app);
    tokio::spawn(async move {
        let _place = place;
        app.show_home(&tenant, &user).await;
    });
    site.acknowledged(Endpoint::Event, Taken::Answered)
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

    /// Acknowledges, with nothing to say: an empty body, for Slack would show `{}`.
    fn acknowledged(&self, endpoint: Endpoint, taken: Taken) -> Response {
        self.app.metrics.request(endpoint, taken);
        StatusCode::OK.into_response()
    }

    /// Acknowledges, and says that there is too much to do.
    fn shed(&self, endpoint: Endpoint) -> Response {
        self.app.metrics.request(endpoint, Taken::Shed);
        match endpoint {
            Endpoint::Command => json_of(&Answer::new(Audience::Ephemeral, &Message::sentence(app::BUSY))),
            // Slack delivers it again.
            Endpoint::Event => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Endpoint::Interaction => StatusCode::OK.into_response(),
        }
    }

    /// Acknowledges, and does the work in a task of its own.
    fn work<F>(&self, caller: Caller, work: impl FnOnce(Arc<App>, Caller) -> F) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let app = Arc::clone(&self.app);
        let Some(place) = app.place() else {
            return self.shed(Endpoint::Interaction);
        };
        let work = work(app, caller);
        tokio::spawn(async move {
            let _place = place;
            work.await;
        });
        self.acknowledged(Endpoint::Interaction, Taken::Answered)
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

/// Leaves a form open, with a sentence at one of its fields.
fn wrong_field(field: &str, sentence: &str) -> Response {
    json_of(&json!({ "response_action": "errors", "errors": { field: sentence } }))
}

fn json_of(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => ([(CONTENT_TYPE, "application/json; charset=utf-8")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
