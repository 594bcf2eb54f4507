//! How the fake Slack lets apps be installed: its consent page, `oauth.v2.access`, and whose each token is.

use crate::fake_slack::{FakeSlack, TOKEN, json_response, refused};
use axum::extract::{RawQuery, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::slack::Client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use url::{Url, form_urlencoded};

pub(crate) const CLIENT_ID: &str = "111.222";
pub(crate) const CLIENT_SECRET: &str = "the-client-secret-of-the-tests";
/// What Slack gives a token that rotates.
pub(crate) const TOKEN_SECONDS: u64 = 43_200;

/// The app, as Slack knows it.
pub(crate) fn client() -> Client {
    Client { id: CLIENT_ID.to_owned(), secret: Secret::new(CLIENT_SECRET) }
}

/// What the person at the consent page does, and where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consent {
    pub enterprise: String,
    /// Empty: for the whole organisation.
    pub team: String,
    pub user: String,
    pub rotates: bool,
    /// What comes back instead of a code.
    pub error: String,
}

impl Consent {
    pub(crate) fn of(enterprise: &str, team: &str) -> Consent {
        let text = str::to_owned;
        Consent { enterprise: text(enterprise), team: text(team), user: text("U1"), ..Consent::default() }
    }

    pub(crate) fn rotating(self) -> Consent {
        Consent { rotates: true, ..self }
    }
}

#[derive(Debug, Default)]
struct Held {
    consent: Consent,
    /// Codes with where they lead, and whether each was used.
    codes: HashMap<String, (Consent, String, bool)>,
    /// Tokens with whose they are, and why they are no longer taken.
    tokens: HashMap<String, (Consent, Option<&'static str>)>,
    /// Refresh tokens with whose they are, and whether each was used.
    refresh_tokens: HashMap<String, (Consent, bool)>,
    /// The grant of each call, in order: `code` or `refresh_token`.
    calls: Vec<&'static str>,
    states: Vec<String>,
    issued: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct FakeOauth(Arc<Mutex<Held>>);

impl FakeOauth {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap()
    }

    /// What whoever comes to the consent page next will do.
    pub(crate) fn will(&self, consent: Consent) {
        self.held().consent = consent;
    }

    /// A code as it comes back from the consent page.
    pub(crate) fn new_code(&self, consent: Consent, redirect: &str) -> String {
        let mut held = self.held();
        held.issued += 1;
        let code = format!("111.222.code-{}", held.issued);
        held.codes.insert(code.clone(), (consent, redirect.to_owned(), false));
        code
    }

    /// From now on Slack takes none of the tokens that there are, for this reason.
    pub(crate) fn ends_tokens(&self, why: &'static str) {
        self.held().tokens.values_mut().for_each(|(_, ended)| *ended = Some(why));
    }

    /// From now on Slack takes none of the refresh tokens that there are.
    pub(crate) fn ends_refresh_tokens(&self) {
        self.held().refresh_tokens.values_mut().for_each(|(_, is_used)| *is_used = true);
    }

    /// How often tokens were asked for: with a code, and with a refresh token.
    pub(crate) fn calls(&self) -> (usize, usize) {
        let held = self.held();
        let count = |grant| held.calls.iter().filter(|call| **call == grant).count();
        (count("code"), count("refresh_token"))
    }

    /// Everything that no log, no page and no address may show.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let held = self.held();
        let tokens = held.tokens.keys().chain(held.refresh_tokens.keys());
        let passing = held.codes.keys().chain(&held.states);
        tokens.chain(passing).cloned().chain([CLIENT_SECRET.to_owned()]).collect()
    }

    /// Whose a call is, or why it is nobody's.
    pub(crate) fn whose(&self, headers: &HeaderMap) -> Result<Consent, &'static str> {
        let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let Some(token) = token else { return Err("not_authed") };
        if token == TOKEN {
            return Ok(Consent::of("", "T1"));
        }
        match self.held().tokens.get(token) {
            None => Err("invalid_auth"),
            Some((_, Some(why))) => Err(why),
            Some((whose, None)) => Ok(whose.clone()),
        }
    }

    /// `oauth.v2.access`.
    pub(crate) fn access(&self, headers: &HeaderMap, query: &str, body: &[u8]) -> Response {
        assert_eq!(query, "", "nothing of an exchange stands in an address");
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let basic = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
        let basic = basic.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
        let (id, secret) = match basic.as_deref().and_then(|pair| pair.split_once(':')) {
            Some(pair) => pair,
            None => (field("client_id"), field("client_secret")),
        };
        if id != CLIENT_ID {
            return refused("invalid_client_id");
        }
        if secret != CLIENT_SECRET {
            return refused("bad_client_secret");
        }
        match field("grant_type") {
            "" | "authorization_code" => self.by_code(field("code"), field("redirect_uri")),
            "refresh_token" => self.by_refresh_token(field("refresh_token")),
            _ => refused("invalid_grant_type"),
        }
    }

    fn by_code(&self, code: &str, redirect: &str) -> Response {
        let mut held = self.held();
        held.calls.push("code");
        let Some((consent, led_to, is_used)) = held.codes.get_mut(code) else {
            return refused("invalid_code");
        };
        if *is_used {
            return refused("code_already_used");
        }
        if led_to != redirect {
            return refused("bad_redirect_uri");
        }
        *is_used = true;
        let consent = consent.clone();
        held.granted(consent)
    }

    fn by_refresh_token(&self, token: &str) -> Response {
        let mut held = self.held();
        held.calls.push("refresh_token");
        match held.refresh_tokens.get_mut(token) {
            Some((consent, is_used)) if !*is_used => {
                *is_used = true;
                let consent = consent.clone();
                held.granted(consent)
            }
            _ => refused("invalid_refresh_token"),
        }
    }
}

impl Held {
    fn granted(&mut self, consent: Consent) -> Response {
        self.issued += 1;
        let number = self.issued;
        let named = |id: &str| {
            if id.is_empty() { Value::Null } else { json!({ "id": id, "name": "Tern Logistics" }) }
        };
        let mut grant = json!({
            "ok": true,
            "app_id": "A1",
            "authed_user": { "id": consent.user },
            "scope": "chat:write,commands,files:read,files:write,im:write,users:read",
            "token_type": "bot",
            "bot_user_id": format!("B-{}", consent.team),
            "team": named(&consent.team),
            "enterprise": named(&consent.enterprise),
            "is_enterprise_install": consent.team.is_empty(),
        });
        let token =
            if consent.rotates { format!("xoxe.xoxb-1-{number}") } else { format!("xoxb-9-{number}") };
        grant["access_token"] = json!(token);
        if consent.rotates {
            let refresh_token = format!("xoxe-1-{number}");
            grant["refresh_token"] = json!(refresh_token);
            grant["expires_in"] = json!(TOKEN_SECONDS);
            self.refresh_tokens.insert(refresh_token, (consent.clone(), false));
        }
        self.tokens.insert(token, (consent, None));
        json_response(&grant)
    }
}

/// The consent page: whoever comes does what the test said, at once.
pub(crate) async fn authorize(State(slack): State<FakeSlack>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let query: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let Ok(mut back) = Url::parse(field("redirect_uri")) else {
        return (StatusCode::BAD_REQUEST, "bad_redirect_uri").into_response();
    };
    if field("client_id") != CLIENT_ID || field("scope").is_empty() {
        return (StatusCode::BAD_REQUEST, "invalid_client_id").into_response();
    }
    let consent = slack.oauth.held().consent.clone();
    slack.oauth.held().states.push(field("state").to_owned());
    if consent.error.is_empty() {
        let code = slack.oauth.new_code(consent, field("redirect_uri"));
        back.query_pairs_mut().append_pair("code", &code);
    } else {
        back.query_pairs_mut().append_pair("error", &consent.error);
    }
    back.query_pairs_mut().append_pair("state", field("state"));
    (StatusCode::FOUND, [(LOCATION, back.to_string())]).into_response()
}
