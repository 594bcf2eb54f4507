//! A Slack on the loopback interface that the bot's real client calls: it holds what was posted and opened, refuses
//! what Slack would refuse, and fails on demand.

use crate::fake_oauth::{self, FakeOauth};
use crate::fake_socket::{APP_TOKEN, FakeSocket};
use crate::limits::{Surface, violations};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;

pub(crate) const TOKEN: &str = "xoxb-of-the-tests";
/// Slack lets an address be used so often.
const RESPONSES_MAX: usize = 5;
/// Nothing that should come takes longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What goes wrong with the next call.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// 429, to be tried again after so many seconds.
    Limited(u64),
    /// Never answers.
    Hangs,
    /// Answers with an error once this is notified.
    Held(Arc<Notify>),
    /// Answers with this status and text.
    Says(u16, &'static str),
    /// Does it, and breaks off the answer.
    DoneAndLost,
    /// Does it, and answers once this is notified.
    DoneAndHeld(Arc<Notify>),
    /// Says no, with this code.
    Refuses(&'static str),
}

/// Something that the bot sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// A method, or `response` for a `response_url`.
    pub method: String,
    /// The id of the `response_url`; empty for a method.
    pub to: String,
    /// What was sent.
    pub body: Value,
    /// Whether a token went with it.
    pub has_token: bool,
    /// Whose that is: the workspace, or the organisation.
    pub whose: String,
}

#[derive(Debug, Default)]
struct Held {
    sent: Vec<Sent>,
    /// Triggers, and whether each was used.
    triggers: HashMap<String, bool>,
    responses: HashMap<String, usize>,
    files: HashMap<String, Vec<u8>>,
    /// What Slack tells of each.
    file_infos: HashMap<String, Value>,
    faults: VecDeque<Fault>,
    /// What goes wrong with the next messages, and with no other call.
    post_faults: VecDeque<Fault>,
    /// What stands, by its name.
    messages: BTreeMap<String, Value>,
    posts: usize,
    /// The zones of people.
    zones: HashMap<String, String>,
    /// Files of the bot by id, as far as they have come.
    uploads: HashMap<String, Upload>,
    /// Its files that stand somewhere.
    handed_over: Vec<HandedOver>,
}

#[derive(Debug, Clone, Default)]
struct Upload {
    name: String,
    length: usize,
    bytes: Option<Vec<u8>>,
}

/// A file of the bot that stands in a conversation.
#[derive(Debug, Clone)]
pub(crate) struct HandedOver {
    pub channel: String,
    pub name: String,
    pub comment: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct FakeSlack {
    pub socket: FakeSocket,
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
    changed: Arc<Notify>,
    /// How apps are installed.
    pub oauth: FakeOauth,
}

impl FakeSlack {
    pub(crate) async fn start() -> FakeSlack {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slack = FakeSlack {
            socket: FakeSocket::start().await,
            address: listener.local_addr().unwrap(),
            held: Arc::default(),
            changed: Arc::new(Notify::new()),
            oauth: FakeOauth::default(),
        };
        let router = Router::new()
            .route("/oauth/v2/authorize", get(fake_oauth::authorize))
            .route("/api/{method}", any(method))
            .route("/response/{id}", post(response))
            .route("/files/{id}", get(file))
            .route("/upload/{id}", post(upload))
            .with_state(slack.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        slack
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    pub(crate) fn api(&self) -> String {
        format!("http://{}/api", self.address)
    }

    pub(crate) fn new_trigger(&self) -> String {
        let mut held = self.held();
        let id = format!("trigger.{}", held.triggers.len());
        held.triggers.insert(id.clone(), false);
        id
    }

    /// A new `response_url`, and its id.
    pub(crate) fn new_response_url(&self) -> (String, String) {
        let mut held = self.held();
        let id = format!("r{}", held.responses.len());
        held.responses.insert(id.clone(), 0);
        (format!("http://{}/response/{id}", self.address), id)
    }

    /// A file as a message or a form holds it.
    pub(crate) fn new_file(&self, name: &str, bytes: &[u8]) -> Value {
        let mut held = self.held();
        let id = format!("F{}", held.files.len());
        held.files.insert(id.clone(), bytes.to_vec());
        let url = format!("http://{}/files/{id}", self.address);
        let info = json!({ "id": id, "name": name, "size": bytes.len(), "mimetype": "text/csv", "url_private_download": url });
        held.file_infos.insert(id, info.clone());
        info
    }

    fn file_info(&self, id: &str) -> Option<Value> {
        self.held().file_infos.get(id).cloned()
    }

    /// Somebody lives in this zone; others in none that is told.
    pub(crate) fn lives_in(&self, user: &str, zone: &str) {
        self.held().zones.insert(user.to_owned(), zone.to_owned());
    }

    /// The files of the bot that stand somewhere.
    pub(crate) fn handed_over(&self) -> Vec<HandedOver> {
        self.held().handed_over.clone()
    }

    /// A file that the bot is about to send: its id, and where its bytes go.
    fn new_upload(&self, asked: &HashMap<String, String>) -> Option<(String, String)> {
        let name = asked.get("filename")?.clone();
        let length = asked.get("length")?.parse().ok()?;
        let mut held = self.held();
        let id = format!("F0UP{}", held.uploads.len());
        held.uploads.insert(id.clone(), Upload { name, length, bytes: None });
        Some((format!("http://{}/upload/{id}", self.address), id))
    }

    /// Puts a file that has come where it is to stand; what is wrong, where something is.
    fn complete(&self, body: &Value) -> Option<&'static str> {
        let channel = body["channel_id"].as_str().unwrap_or_default();
        // A person is no conversation here.
        if channel.len() < 9 || !channel.starts_with(['C', 'G', 'D', 'Z']) {
            return Some("invalid_arguments");
        }
        let id = body["files"][0]["id"].as_str().unwrap_or_default();
        let mut held = self.held();
        let upload = held.uploads.remove(id).filter(|upload| upload.bytes.is_some());
        let Some(Upload { name, bytes: Some(bytes), .. }) = upload else { return Some("file_not_found") };
        let comment = body["initial_comment"].as_str().unwrap_or_default().to_owned();
        held.handed_over.push(HandedOver { channel: channel.to_owned(), name, comment, bytes });
        None
    }

    pub(crate) fn fail_next(&self, fault: Fault) {
        self.held().faults.push_back(fault);
    }

    /// What goes wrong with the next message that is posted.
    pub(crate) fn fail_next_post(&self, fault: Fault) {
        self.held().post_faults.push_back(fault);
    }

    /// Whether what was to go wrong has begun to.
    pub(crate) fn has_failed(&self) -> bool {
        let held = self.held();
        held.faults.is_empty() && held.post_faults.is_empty()
    }

    /// The messages that stand, as they read by now, the oldest first.
    pub(crate) fn messages(&self) -> Vec<Value> {
        self.held().messages.values().cloned().collect()
    }

    /// What was posted, by the names of the outbox.
    pub(crate) fn posts_by_delivery(&self) -> BTreeMap<String, usize> {
        let mut posts = BTreeMap::new();
        for sent in self.sent().iter().filter(|sent| sent.method == "chat.postMessage") {
            let id = sent.body["metadata"]["event_payload"]["delivery_id"].as_str().unwrap_or_default();
            *posts.entry(id.to_owned()).or_default() += 1;
        }
        posts
    }

    /// Everything that the bot sent so far.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.held().sent.clone()
    }

    /// Waits for something that the bot sends; `after` so much had been sent before.
    pub(crate) async fn waits_for(&self, after: usize, wanted: impl Fn(&Sent) -> bool) -> Sent {
        let found = async {
            loop {
                let changed = self.changed.notified();
                if let Some(sent) = self.sent().into_iter().skip(after).find(|sent| wanted(sent)) {
                    return sent;
                }
                changed.await;
            }
        };
        timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("nothing came; sent: {:#?}", self.sent()))
    }

    /// Does to the messages what a method does; the name of the one it is about.
    fn stands(&self, method: &str, body: &Value) -> String {
        let mut held = self.held();
        let known = body["ts"].as_str().unwrap_or_default().to_owned();
        match method {
            "chat.update" => {
                let message = held.messages.get_mut(&known).unwrap();
                for part in ["text", "blocks"] {
                    message[part] = body[part].clone();
                }
                known
            }
            "chat.delete" => {
                held.messages.remove(&known);
                known
            }
            _ => {
                held.posts += 1;
                let ts = format!("1795300000.{:06}", held.posts);
                if method == "chat.postMessage" {
                    let mut message = body.clone();
                    message["ts"] = ts.clone().into();
                    held.messages.insert(ts.clone(), message);
                }
                ts
            }
        }
    }

    fn take(&self, method: &str, to: &str, headers: &HeaderMap, body: &Value) {
        let has_token = headers.contains_key(AUTHORIZATION);
        let whose = self.oauth.whose(headers).unwrap_or_default();
        let whose = if whose.team.is_empty() { whose.enterprise } else { whose.team };
        let sent =
            Sent { method: method.to_owned(), to: to.to_owned(), body: body.clone(), has_token, whose };
        self.held().sent.push(sent);
        self.changed.notify_waiters();
    }

    async fn fault(&self) -> Option<Response> {
        let fault = self.held().faults.pop_front()?;
        Some(match fault {
            Fault::Limited(seconds) => {
                (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())]).into_response()
            }
            Fault::Hangs => pending().await,
            Fault::Held(word) => {
                word.notified().await;
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Fault::Says(status, text) => (StatusCode::from_u16(status).unwrap(), text).into_response(),
            Fault::Refuses(code) => refused(code),
            Fault::DoneAndLost | Fault::DoneAndHeld(_) => panic!("only a message can be posted so"),
        })
    }
}

pub(crate) fn json_response(value: &Value) -> Response {
    ([("content-type", "application/json")], value.to_string()).into_response()
}

pub(crate) fn refused(code: &str) -> Response {
    json_response(&json!({ "ok": false, "error": code }))
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value == format!("Bearer {token}").as_str())
}

async fn method(
    State(slack): State<FakeSlack>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let query = query.unwrap_or_default();
    let asked: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if method == "apps.connections.open" {
        if let Some((status, text)) = slack.socket.next_answer() {
            // Who is told that there were too many calls is told until when.
            return (StatusCode::from_u16(status).unwrap(), [(RETRY_AFTER, "1")], text).into_response();
        }
        // The app's own token, and no other.
        return match has_token(&headers, APP_TOKEN) {
            true => json_response(&json!({ "ok": true, "url": slack.socket.new_address() })),
            false if slack.oauth.whose(&headers).is_ok() => refused("not_allowed_token_type"),
            false => refused("invalid_auth"),
        };
    }
    let mut after = None;
    if method == "chat.postMessage" {
        let fault = slack.held().post_faults.pop_front();
        match fault {
            Some(fault @ (Fault::DoneAndLost | Fault::DoneAndHeld(_))) => after = Some(fault),
            Some(fault) => slack.held().faults.push_front(fault),
            None => {}
        }
    }
    if let Some(fault) = slack.fault().await {
        return fault;
    }
    if method == "oauth.v2.access" {
        return slack.oauth.access(&headers, &query, &bytes);
    }
    let whose = match slack.oauth.whose(&headers) {
        Ok(whose) => whose,
        Err(code) => return refused(code),
    };
    let refusal = match method.as_str() {
        "auth.test" => {
            return json_response(&json!({
                "ok": true, "url": "https://tests.slack.com/", "team": "Tests", "team_id": whose.team, "user": "pod-check",
                "user_id": "B1", "bot_id": "B01", "is_enterprise_install": whose.team.is_empty(),
                "enterprise_id": Some(whose.enterprise).filter(|id| !id.is_empty()),
            }));
        }
        "chat.postMessage" if !violations(&body, Surface::Message).is_empty() => Some("invalid_blocks"),
        "chat.postMessage" => None,
        "chat.postEphemeral" if !violations(&body, Surface::Message).is_empty() => Some("invalid_blocks"),
        "chat.postEphemeral" => None,
        "users.info" => {
            let user = asked.get("user").cloned().unwrap_or_default();
            let zone = slack.held().zones.get(&user).cloned();
            return json_response(
                &json!({ "ok": true, "user": { "id": user, "tz": zone, "real_name": format!("Person {user}") } }),
            );
        }
        "files.info" => match slack.file_info(asked.get("file").map_or("", |file| file)) {
            Some(file) => return json_response(&json!({ "ok": true, "file": file })),
            None => Some("file_not_found"),
        },
        "conversations.open" => {
            let user = body["users"].as_str().unwrap_or_default();
            return json_response(&json!({ "ok": true, "channel": { "id": format!("D0000000{user}") } }));
        }
        // Asked as JSON, Slack finds no arguments.
        "files.getUploadURLExternal" => match slack.new_upload(&asked) {
            Some((url, id)) => {
                return json_response(&json!({ "ok": true, "upload_url": url, "file_id": id }));
            }
            None => Some("invalid_arguments"),
        },
        "files.completeUploadExternal" => slack.complete(&body),
        "chat.update" if !violations(&body, Surface::Message).is_empty() => Some("invalid_blocks"),
        "chat.update" | "chat.delete" => {
            let ts = body["ts"].as_str().unwrap_or_default();
            (!slack.held().messages.contains_key(ts)).then_some("message_not_found")
        }
        "views.open" if !violations(&body["view"], Surface::Modal).is_empty() => Some("invalid_arguments"),
        "views.open" => {
            let trigger = body["trigger_id"].as_str().unwrap_or_default();
            match slack.held().triggers.get_mut(trigger) {
                None => Some("invalid_trigger_id"),
                Some(is_used) if *is_used => Some("exchanged_trigger_id"),
                Some(is_used) => {
                    *is_used = true;
                    None
                }
            }
        }
        "views.publish" if !violations(&body["view"], Surface::Home).is_empty() => Some("invalid_arguments"),
        "views.publish" => None,
        _ => Some("unknown_method"),
    };
    if let Some(code) = refusal {
        return refused(code);
    }
    let ts = slack.stands(&method, &body);
    slack.take(&method, "", &headers, &body);
    match after {
        Some(Fault::DoneAndHeld(go)) => go.notified().await,
        Some(_) => {
            let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("lost")) });
            return Body::from_stream(broken).into_response();
        }
        None => {}
    }
    json_response(&json!({ "ok": true, "ts": ts, "channel": body["channel"] }))
}

async fn response(
    State(slack): State<FakeSlack>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(fault) = slack.fault().await {
        return fault;
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let uses = slack.held().responses.get(&id).copied();
    match uses {
        None => return (StatusCode::NOT_FOUND, "no_service").into_response(),
        Some(uses) if uses >= RESPONSES_MAX => return (StatusCode::NOT_FOUND, "used_url").into_response(),
        Some(uses) => slack.held().responses.insert(id.clone(), uses + 1),
    };
    let wrong = violations(&body, Surface::Message);
    if !wrong.is_empty() {
        return (StatusCode::BAD_REQUEST, "invalid_blocks").into_response();
    }
    slack.take("response", &id, &headers, &body);
    "ok".into_response()
}

async fn file(State(slack): State<FakeSlack>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if slack.oauth.whose(&headers).is_err() {
        // Slack leads whoever is not signed in to a page.
        return (StatusCode::FOUND, [("location", "/signin")]).into_response();
    }
    if let Some(fault) = slack.fault().await {
        return fault;
    }
    match slack.held().files.get(&id) {
        Some(bytes) => bytes.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn upload(
    State(slack): State<FakeSlack>,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if let Some(fault) = slack.fault().await {
        return fault;
    }
    assert!(!headers.contains_key(AUTHORIZATION), "the address is the permission");
    let mut held = slack.held();
    match held.uploads.get_mut(&id) {
        Some(upload) if upload.length == bytes.len() => {
            upload.bytes = Some(bytes.to_vec());
            format!("OK - {}", bytes.len()).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}
