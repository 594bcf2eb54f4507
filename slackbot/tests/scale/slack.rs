//! A Slack that takes every message, and counts it by its channel and by its name.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::time::sleep;

/// What came.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// By the channel: those that stand by themselves, and those below another.
    pub channels: HashMap<String, (usize, usize)>,
    /// By the name of the delivery, which goes with the message.
    pub deliveries: HashMap<String, usize>,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
    pub posts: usize,
    /// So many were sent back.
    pub limited: usize,
    /// Of two to one channel, the shortest time between.
    pub closest: Option<Duration>,
    last_in: HashMap<String, Instant>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct CountingSlack {
    counted: Arc<Mutex<Counted>>,
    manners: Manners,
}

/// How it answers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manners {
    /// After so long.
    pub pause: Duration,
    /// One of so many it sends back for a second; none where this is 0.
    pub limits: usize,
}

#[derive(Deserialize)]
struct Posted {
    channel: String,
    #[serde(default)]
    thread_ts: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    event_payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    delivery_id: String,
}

impl CountingSlack {
    /// One of these manners, and the address of its methods.
    pub(crate) async fn start(manners: Manners) -> Result<(CountingSlack, String)> {
        let slack = CountingSlack { manners, ..CountingSlack::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let api = format!("http://{}/api", listener.local_addr()?);
        let router = Router::new()
            .route("/api/chat.postMessage", post(take))
            .route("/api/users.info", get(name))
            .with_state(slack.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((slack, api))
    }

    /// Looks at what came until now.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&mut Counted) -> T) -> T {
        at(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everybody has the same name.
async fn name() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json")],
        json!({ "ok": true, "user": { "real_name": "robin" } }).to_string(),
    )
}

async fn take(State(slack): State<CountingSlack>, body: Bytes) -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    if slack.is_too_fast() {
        let answer = json!({ "ok": false, "error": "ratelimited" }).to_string();
        return (StatusCode::TOO_MANY_REQUESTS, json, [(RETRY_AFTER, "1")], answer).into_response();
    }
    let answer = slack.answer(&body).await;
    (json, answer.to_string()).into_response()
}

impl CountingSlack {
    fn is_too_fast(&self) -> bool {
        let limits = self.manners.limits;
        self.look(|counted| {
            let is_it = limits > 0 && (counted.posts + counted.limited) % limits == limits - 1;
            counted.limited += usize::from(is_it);
            is_it
        })
    }

    async fn answer(&self, body: &[u8]) -> Value {
        let Ok(posted) = serde_json::from_slice::<Posted>(body) else {
            return json!({ "ok": false, "error": "invalid_arguments" });
        };
        let (channel, ts) = self.look(|counted| {
            let now = Instant::now();
            let Posted { channel, thread_ts, metadata } = posted;
            counted.posts += 1;
            counted.first.get_or_insert(now);
            counted.last = Some(now);
            *counted.deliveries.entry(metadata.event_payload.delivery_id).or_default() += 1;
            let of_channel = counted.channels.entry(channel.clone()).or_default();
            *if thread_ts.is_empty() { &mut of_channel.0 } else { &mut of_channel.1 } += 1;
            if let Some(before) = counted.last_in.insert(channel.clone(), now) {
                let between = now - before;
                counted.closest = Some(counted.closest.map_or(between, |closest| closest.min(between)));
            }
            (channel, format!("1795000000.{:06}", counted.posts))
        });
        if !self.manners.pause.is_zero() {
            sleep(self.manners.pause).await;
        }
        json!({ "ok": true, "channel": channel, "ts": ts })
    }
}
