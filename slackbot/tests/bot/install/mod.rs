//! The bot in workspaces that installed it: how they come, what they are served with, and how they go.

mod arriving;
mod leaving;
mod logs;
mod official;
mod renewing;
mod sealing;

use crate::bot::{Bot, NOW, Reply};
use crate::fake_oauth::Consent;
use crate::fake_slack::FakeSlack;
use hyper::header::{COOKIE, LOCATION, SET_COOKIE};
use hyper::{Method, StatusCode};
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::seal::{Key, Keyring};
use podcheck_slackbot::store::Store;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use url::Url;

const KEYS: [&str; 2] =
    ["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="];

/// A bot that any workspace can install, and the time that it goes by.
struct Stage {
    bot: Bot,
    now: Arc<AtomicU64>,
}

fn keys(current: &str, old: &[&str]) -> Keyring {
    let old = old.iter().map(|key| Key::read(key).unwrap()).collect();
    Keyring::new(Key::read(current).unwrap(), old).unwrap()
}

fn tenant(enterprise: &str, team: &str) -> Tenant {
    Tenant { enterprise: enterprise.to_owned(), team: team.to_owned() }
}

impl Stage {
    async fn new() -> Stage {
        Stage::over(FakeSlack::start().await, Store::open("sqlite::memory:").await.unwrap()).await
    }

    async fn over(slack: FakeSlack, store: Store) -> Stage {
        Stage::with_keys(slack, store, keys(KEYS[0], &[])).await
    }

    async fn with_keys(slack: FakeSlack, store: Store, keys: Keyring) -> Stage {
        let now = Arc::new(AtomicU64::new(NOW));
        let bot = Bot::installable(slack, store, keys, Clock::Set(Arc::clone(&now))).await;
        Stage { bot, now }
    }

    fn passes(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A person installs the bot, all the way.
    async fn installs(&self, consent: Consent) {
        self.bot.slack.oauth.will(consent);
        let back = Browser::begins(&self.bot).await.consents().await;
        let reply = back.returns().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", text(&reply));
    }

    /// Whose token serves a workspace: Slack is asked with it.
    async fn served_by(&self, enterprise: &str, team: &str) -> Option<String> {
        let installed = self.bot.app.installed(&tenant(enterprise, team)).await?;
        let slack = &self.bot.app.slack;
        let identity = self.bot.app.calling(&installed, |token| async move { slack.identity(&token).await });
        let identity = identity.await.ok()?;
        let organisation = identity.enterprise_id.unwrap_or_default();
        Some(if identity.is_enterprise_install { organisation } else { identity.team_id })
    }

    async fn event(&self, whose: &Value, event: &Value) -> StatusCode {
        let mut payload = json!({ "type": "event_callback", "api_app_id": "A1", "event": event });
        payload.as_object_mut().unwrap().extend(whose.as_object().unwrap().clone());
        self.bot.event(&payload).await.status
    }
}

/// A person's browser on its way: first to Slack, then back.
struct Browser<'b> {
    bot: &'b Bot,
    cookie: String,
    address: Url,
}

impl<'b> Browser<'b> {
    async fn begins(bot: &'b Bot) -> Browser<'b> {
        let reply = bot.get("/slack/install").await;
        assert_eq!(reply.status, StatusCode::FOUND, "{}", text(&reply));
        let set = reply.headers[SET_COOKIE].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        Browser { bot, cookie, address: address(&reply) }
    }

    /// Does what the person does at Slack's page.
    async fn consents(self) -> Browser<'b> {
        let page = self.address.clone();
        let host = page.socket_addrs(|| None).unwrap()[0];
        let path = page[url::Position::BeforePath..].to_owned();
        let reply = self.bot.request_at(host, Method::GET, &path, &[], b"").await;
        assert_eq!(reply.status, StatusCode::FOUND, "{}", text(&reply));
        Browser { address: address(&reply), ..self }
    }

    async fn returns(&self) -> Reply {
        let path = &self.address[url::Position::BeforePath..];
        self.bot.request(Method::GET, path, &[(COOKIE.as_str(), &self.cookie)], b"").await
    }

    fn query(&self, wanted: &str) -> String {
        let found = self.address.query_pairs().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

fn address(reply: &Reply) -> Url {
    reply.headers[LOCATION].to_str().unwrap().parse().unwrap()
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}
