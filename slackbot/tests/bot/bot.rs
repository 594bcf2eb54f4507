//! The bot, served on the loopback interface beside a Slack of its own, and the hands of a person who uses it.

use crate::fake_oauth;
use crate::fake_slack::{FakeSlack, Sent, TOKEN};
use crate::fake_socket::APP_TOKEN;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use podcheck_slackbot::app::App;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::install::{Access, Registration};
use podcheck_slackbot::metrics::Metrics;
use podcheck_slackbot::seal::Keyring;
use podcheck_slackbot::slack::{Slack, Token};
use podcheck_slackbot::store::Store;
use podcheck_slackbot::transport::{self, Pages, Patience, SigningKey, Site};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::form_urlencoded;

pub(crate) const SECRET: &str = "the-signing-secret-of-the-tests";
/// Noon of 22 November 2026.
pub(crate) const NOW: u64 = 1_795_348_800;

#[derive(Debug)]
pub(crate) struct Bot {
    pub slack: FakeSlack,
    pub address: SocketAddr,
    pub app: Arc<App>,
    http: Client<HttpConnector, Full<Bytes>>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    way: Way,
    who: Who,
}

/// How Slack delivers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// Signed requests.
    Http,
    /// The connection that the bot opens.
    Socket,
}

/// Who uses the bot.
#[derive(Debug, Clone)]
struct Who {
    team: String,
    user: String,
    channel: String,
}

/// An answer, as it reached its asker.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Who sees it: `ephemeral` or `in_channel`; `direct` for a direct message.
    pub audience: String,
    /// The message.
    pub body: Value,
    /// Whether it came with the acknowledgement.
    pub is_inline: bool,
}

/// What came back for one request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Bot {
    /// A bot with all that it needs.
    pub(crate) async fn start() -> Bot {
        Bot::with(true, true).await
    }

    /// A bot with all that it needs where Slack delivers so.
    pub(crate) async fn by(way: Way) -> Bot {
        Bot::connected(way, true).await
    }

    /// A bot to which Slack delivers so, without a token of the workspace.
    pub(crate) async fn without_token(way: Way) -> Bot {
        Bot::connected(way, false).await
    }

    async fn connected(way: Way, has_token: bool) -> Bot {
        let bot = Bot::made(way, true, has_token, quick()).await;
        if let Way::Socket = way {
            bot.slack.socket.greeted(1).await;
        }
        bot
    }

    /// A bot over HTTP, perhaps without signing secret or token.
    pub(crate) async fn with(has_secret: bool, has_token: bool) -> Bot {
        Bot::made(Way::Http, has_secret, has_token, quick()).await
    }

    /// A bot by Socket Mode that waits so long.
    pub(crate) async fn by_socket(patience: Patience) -> Bot {
        Bot::made(Way::Socket, true, true, patience).await
    }

    async fn made(way: Way, has_secret: bool, has_token: bool, patience: Patience) -> Bot {
        Bot::beside(FakeSlack::start().await, way, has_secret, has_token, patience).await
    }

    /// A bot beside a Slack that is there already.
    pub(crate) async fn beside(
        slack: FakeSlack,
        way: Way,
        has_secret: bool,
        has_token: bool,
        patience: Patience,
    ) -> Bot {
        let metrics = Arc::new(Metrics::default());
        let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
        let token = has_token.then(|| Token::bot(&Secret::new(TOKEN)));
        let store = Store::open("sqlite::memory:").await.unwrap();
        let app = Arc::new(App::new(Clock::at(NOW), store, client, token, metrics));
        app.greet().await;
        // Socket Mode needs no secret.
        let key = (has_secret && matches!(way, Way::Http)).then(|| SigningKey::new(SECRET));
        let pages = Pages::read(Path::new("nowhere")).unwrap();
        let mut site = Site::new(Arc::clone(&app), key, pages, Vec::new());
        if let Way::Socket = way {
            site = site.with_socket(Token::app(&Secret::new(APP_TOKEN)), patience);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Bot::served(slack, app, site, listener, way)
    }

    /// One of several bots for one workspace, with this database, this time and perhaps keys.
    pub(crate) async fn replica(slack: FakeSlack, store: Store, clock: Clock, keys: Option<Keyring>) -> Bot {
        let metrics = Arc::new(Metrics::default());
        let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
        let token = Some(Token::bot(&Secret::new(TOKEN)));
        let app = Arc::new(App::new(clock, store, client, token, metrics).with_keys(keys));
        app.greet().await;
        let pages = Pages::read(Path::new("nowhere")).unwrap();
        let site = Site::new(Arc::clone(&app), Some(SigningKey::new(SECRET)), pages, Vec::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Bot::served(slack, app, site, listener, Way::Http)
    }

    /// A bot that any workspace can install, with this database, these keys and this time.
    pub(crate) async fn installable(slack: FakeSlack, store: Store, keys: Keyring, clock: Clock) -> Bot {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let access = Access::Installed(Registration { client: fake_oauth::client(), url, keys });
        let metrics = Arc::new(Metrics::default());
        let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
        let app = Arc::new(App::new(clock, store, client, access, metrics));
        app.reseal().await;
        let pages = Pages::read(Path::new("nowhere")).unwrap();
        let site = Site::new(Arc::clone(&app), Some(SigningKey::new(SECRET)), pages, Vec::new());
        Bot::served(slack, app, site, listener, Way::Http)
    }

    fn served(slack: FakeSlack, app: Arc<App>, site: Site, listener: TcpListener, way: Way) -> Bot {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(transport::serve(listener, site, async {
            let _ = stopped.await;
        }));
        let http = Client::builder(TokioExecutor::new()).build_http();
        let who = Who { team: "T1".to_owned(), user: "U1".to_owned(), channel: "C1".to_owned() };
        Bot { slack, address, app, http, stop: Some(stop), served: Some(served), way, who }
    }

    /// The same bot in other hands.
    pub(crate) fn used_by(&self, team: &str, user: &str) -> Bot {
        self.with_who(Who { team: team.to_owned(), user: user.to_owned(), channel: self.who.channel.clone() })
    }

    /// The same person in another channel; in none on a home page.
    pub(crate) fn in_channel(&self, channel: &str) -> Bot {
        self.with_who(Who { channel: channel.to_owned(), ..self.who.clone() })
    }

    fn with_who(&self, who: Who) -> Bot {
        Bot {
            slack: self.slack.clone(),
            address: self.address,
            app: Arc::clone(&self.app),
            http: self.http.clone(),
            stop: None,
            served: None,
            way: self.way,
            who,
        }
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) async fn stops(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.served.take().unwrap().await.unwrap();
    }

    /// `/pod-check` and these words.
    pub(crate) async fn slash(&self, words: &str) -> Answer {
        let text = words.strip_prefix("/pod-check").unwrap_or(words).trim();
        let (url, id) = self.slack.new_response_url();
        let body = self.slash_form(text, &url);
        let reply = self.commands(&body).await;
        assert_eq!(reply.status, StatusCode::OK);
        self.answer(reply, &id).await
    }

    /// The body of a slash command.
    pub(crate) fn slash_form(&self, text: &str, response_url: &str) -> String {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        form_urlencoded::Serializer::new(String::new())
            .append_pair("token", "legacy")
            .append_pair("team_id", &self.who.team)
            .append_pair("team_domain", "tests")
            .append_pair("channel_id", &self.who.channel)
            .append_pair("user_id", &self.who.user)
            .append_pair("user_name", "robin")
            .append_pair("command", "/pod-check")
            .append_pair("text", &escaped)
            .append_pair("api_app_id", "A1")
            .append_pair("is_enterprise_install", "false")
            .append_pair("response_url", response_url)
            .append_pair("trigger_id", &self.slack.new_trigger())
            .finish()
    }

    /// `/pod-check` alone: the form that it opens.
    pub(crate) async fn opens_form(&self) -> Value {
        let before = self.slack.sent().len();
        let (url, _) = self.slack.new_response_url();
        let reply = self.commands(&self.slash_form("", &url)).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
        let opened = self.slack.waits_for(before, |sent| sent.method == "views.open").await;
        opened.body["view"].clone()
    }

    /// Sends a form: its fields by name. What is wrong comes back as the field and a sentence.
    pub(crate) async fn submits(&self, form: &Value, fields: &Value) -> Result<Answer, Value> {
        let payload = json!({
            "type": "view_submission",
            "team": { "id": self.who.team, "domain": "tests" },
            "user": { "id": self.who.user, "username": "robin", "name": "robin", "team_id": self.who.team },
            "api_app_id": "A1",
            "trigger_id": self.slack.new_trigger(),
            "view": {
                "id": "V1", "team_id": self.who.team, "type": "modal", "hash": "1.a",
                "callback_id": form["callback_id"], "private_metadata": form["private_metadata"],
                "blocks": form["blocks"], "state": { "values": fields },
            },
            "response_urls": [],
            "is_enterprise_install": false,
            "enterprise": null,
        });
        let before = self.slack.sent().len();
        let reply = self.interacts(&payload).await;
        if !reply.body.is_empty() {
            return Err(serde_json::from_slice::<Value>(&reply.body).unwrap()["errors"].clone());
        }
        let is_answer = |sent: &Sent| sent.method == "response" || sent.method == "chat.postMessage";
        Ok(Answer::of(&self.slack.waits_for(before, is_answer).await))
    }

    /// Presses the button of an answer that says this, or chooses it from a menu.
    pub(crate) async fn presses(&self, answer: &Answer, label: &str) -> Answer {
        let (url, id) = self.slack.new_response_url();
        let payload = self.press_payload(answer, label, &url);
        let reply = self.interacts(&payload).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
        self.answer(reply, &id).await
    }

    pub(crate) fn press_payload(&self, answer: &Answer, label: &str, response_url: &str) -> Value {
        self.payload_of(answer.action(label), response_url)
    }

    /// Presses the button of an answer that says this, in the row of an opportunity.
    pub(crate) async fn presses_on(&self, answer: &Answer, id: &str, label: &str) -> Answer {
        self.does(answer.action_on(id, label)).await
    }

    /// An action that Slack delivers, and what it is answered with.
    pub(crate) async fn does(&self, action: Value) -> Answer {
        let (url, id) = self.slack.new_response_url();
        let reply = self.interacts(&self.payload_of(action, &url)).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
        self.answer(reply, &id).await
    }

    pub(crate) fn payload_of(&self, action: Value, response_url: &str) -> Value {
        json!({
            "type": "block_actions",
            "user": { "id": self.who.user, "username": "robin", "name": "robin", "team_id": self.who.team },
            "api_app_id": "A1",
            "container": { "type": "message", "message_ts": "1795300000.000001", "channel_id": self.who.channel, "is_ephemeral": true },
            "trigger_id": self.slack.new_trigger(),
            "team": { "id": self.who.team, "domain": "tests" },
            "enterprise": null,
            "is_enterprise_install": false,
            "channel": { "id": self.who.channel, "name": "deals" },
            "state": { "values": {} },
            "response_url": response_url,
            "actions": [action],
        })
    }

    /// The shortcut "Check this opportunity" on a message.
    pub(crate) async fn checks_message(&self, text: &str, files: &[Value]) -> Answer {
        let (url, id) = self.slack.new_response_url();
        let payload = json!({
            "type": "message_action",
            "callback_id": "check_message",
            "trigger_id": self.slack.new_trigger(),
            "message_ts": "1795300000.000002",
            "response_url": url,
            "team": { "id": self.who.team, "domain": "tests" },
            "user": { "id": self.who.user, "name": "robin" },
            "channel": { "id": "C1", "name": "deals" },
            "message": { "type": "message", "user": "U2", "ts": "1795300000.000002", "text": text, "files": files },
        });
        let reply = self.interacts(&payload).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
        self.answer(reply, &id).await
    }

    /// A slash command with this form.
    async fn commands(&self, form: &str) -> Reply {
        match self.way {
            Way::Http => self.signed("/slack/commands", form).await,
            Way::Socket => self.delivered("slash_commands", &json_of(form)).await,
        }
    }

    /// Delivered by Socket Mode.
    async fn delivered(&self, kind: &str, payload: &Value) -> Reply {
        let payload = self.slack.socket.delivers(kind, payload).await;
        let body = payload.map_or(Bytes::new(), |payload| payload.to_string().into());
        Reply { status: StatusCode::OK, headers: HeaderMap::new(), body }
    }

    pub(crate) async fn interacts(&self, payload: &Value) -> Reply {
        if let Way::Socket = self.way {
            return self.delivered("interactive", payload).await;
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &payload.to_string())
            .finish();
        self.signed("/slack/interactions", &body).await
    }

    pub(crate) async fn event(&self, payload: &Value) -> Reply {
        if let Way::Socket = self.way {
            return self.delivered("events_api", payload).await;
        }
        self.signed("/slack/events", &payload.to_string()).await
    }

    /// A request that Slack signed.
    pub(crate) async fn signed(&self, path: &str, body: &str) -> Reply {
        let time = self.app.clock.seconds().to_string();
        let signature = SigningKey::new(SECRET).sign(&time, body.as_bytes());
        let headers = [("x-slack-request-timestamp", &*time), ("x-slack-signature", &*signature)];
        self.request(Method::POST, path, &headers, body.as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path, &[], b"").await
    }

    pub(crate) async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        self.request_at(self.address, method, path, headers, body).await
    }

    /// A request to somebody else on this machine.
    pub(crate) async fn request_at(
        &self,
        address: SocketAddr,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("http://{address}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body))).unwrap();
        let response = self.http.request(request).await.unwrap();
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Reply { status, headers, body }
    }

    /// The answer to a request: in its acknowledgement, or at its `response_url`.
    async fn answer(&self, reply: Reply, id: &str) -> Answer {
        if reply.body.is_empty() {
            return Answer::of(&self.slack.waits_for(0, |sent| sent.to == id).await);
        }
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let wrong = crate::limits::violations(&body, crate::limits::Surface::Message);
        assert_eq!(wrong, Vec::<String>::new(), "{body:#}");
        Answer { audience: body["response_type"].as_str().unwrap().to_owned(), body, is_inline: true }
    }
}

/// Times that tests can wait for, where nothing is to be found dead.
pub(crate) fn quick() -> Patience {
    let short = Duration::from_millis(20);
    Patience { pause: short, pause_max: 2 * short, linger: short, ..Patience::default() }
}

/// The fields of a form as the JSON that Socket Mode delivers.
pub(crate) fn json_of(form: &str) -> Value {
    let fields = form_urlencoded::parse(form.as_bytes());
    fields.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
}

impl Answer {
    pub(crate) fn of(sent: &Sent) -> Answer {
        assert_eq!(sent.has_token, sent.method != "response", "a token goes to methods alone");
        let audience = sent.body["response_type"].as_str().unwrap_or("direct").to_owned();
        Answer { audience, body: sent.body.clone(), is_inline: false }
    }

    /// What a person reads, a line a paragraph.
    pub(crate) fn reads(&self) -> String {
        let blocks = self.body["blocks"].as_array().cloned().unwrap_or_default();
        if blocks.is_empty() {
            return self.body["text"].as_str().unwrap_or_default().to_owned();
        }
        blocks.iter().map(|block| read_block(block) + "\n").collect()
    }

    #[track_caller]
    pub(crate) fn says(&self, part: &str) -> &Answer {
        assert!(self.reads().contains(part), "{part:?} is not said in:\n{}", self.reads());
        self
    }

    /// What can be pressed, each with the id of its block.
    fn elements(&self) -> Vec<(String, Value)> {
        let blocks = self.body["blocks"].as_array().cloned().unwrap_or_default();
        let actions = blocks.into_iter().filter(|block| block["type"] == "actions");
        let elements = |block: Value| {
            // Slack names a block that has no name.
            let id = block["block_id"].as_str().unwrap_or("b").to_owned();
            let elements = block["elements"].as_array().cloned().unwrap_or_default();
            elements.into_iter().map(move |element| (id.clone(), element))
        };
        actions.flat_map(elements).collect()
    }

    /// The action of a button or of a choice, as Slack sends it.
    pub(crate) fn action(&self, label: &str) -> Value {
        self.action_on("", label)
    }

    /// The same in the block that names an opportunity.
    pub(crate) fn action_on(&self, id: &str, label: &str) -> Value {
        for (block_id, element) in self.elements() {
            if !block_id.contains(id) {
                continue;
            }
            if element["type"] == "button" && element["text"]["text"] == label {
                return json!({
                    "type": "button", "action_id": element["action_id"], "block_id": block_id, "text": element["text"],
                    "value": element["value"], "action_ts": "1795300000.000003",
                });
            }
            if element["type"] == "users_select" && element["placeholder"]["text"] == label {
                return json!({
                    "type": "users_select", "action_id": element["action_id"], "block_id": block_id,
                    "action_ts": "1795300000.000003",
                });
            }
            let options = element["options"].as_array().cloned().unwrap_or_default();
            if let Some(option) = options.iter().find(|option| option["text"]["text"] == label) {
                return json!({
                    "type": "static_select", "action_id": element["action_id"], "block_id": block_id,
                    "selected_option": option, "action_ts": "1795300000.000003",
                });
            }
        }
        panic!("nothing says {label:?} of {id:?} in:\n{}", self.reads());
    }
}

fn words(value: &Value) -> String {
    if let Some(id) = value["user_id"].as_str() {
        return format!("@{id}");
    }
    if let Some(id) = value["channel_id"].as_str() {
        return format!("#{id}");
    }
    match value["elements"].as_array() {
        Some(elements) => elements.iter().map(words).collect(),
        None => value["text"].as_str().unwrap_or_default().to_owned(),
    }
}

fn read_block(block: &Value) -> String {
    let list = |key: &str| block[key].as_array().cloned().unwrap_or_default();
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("# {}", block["text"]["text"].as_str().unwrap_or_default()),
        "rich_text" => list("elements").iter().map(read_rich).collect::<Vec<_>>().join("\n"),
        "context" => format!("({})", words(block)),
        "table" => {
            let row = |row: &Value| row.as_array().unwrap().iter().map(words).collect::<Vec<_>>().join(" | ");
            list("rows").iter().map(row).collect::<Vec<_>>().join("\n")
        }
        "actions" => {
            let element = |element: &Value| {
                let text =
                    if element["type"] == "button" { &element["text"] } else { &element["placeholder"] };
                format!("[{}]", text["text"].as_str().unwrap_or_default())
            };
            list("elements").iter().map(element).collect::<Vec<_>>().join(" ")
        }
        "input" => format!("{}: <{}>", words(&block["label"]), block["element"]["type"].as_str().unwrap()),
        other => format!("<{other}>"),
    }
}

fn read_rich(element: &Value) -> String {
    if element["type"] == "rich_text_list" {
        let items = element["elements"].as_array().cloned().unwrap_or_default();
        return items.iter().map(|item| format!("- {}", words(item))).collect::<Vec<_>>().join("\n");
    }
    words(element)
}
