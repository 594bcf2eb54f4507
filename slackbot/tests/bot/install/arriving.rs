//! To Slack's consent page and back.

use super::{Browser, Stage, tenant, text};
use crate::bot::Bot;
use crate::fake_oauth::Consent;
use crate::fake_slack::Fault;
use hyper::header::{COOKIE, SET_COOKIE};
use hyper::{Method, StatusCode};
use podcheck_slackbot::manifest::SCOPES;
use serde_json::json;

#[tokio::test]
async fn a_workspace_that_installs_it_is_served_by_its_own_token() {
    let stage = Stage::new().await;
    for team in ["T1", "T2"] {
        stage.installs(Consent::of("", team)).await;
    }
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.served_by("E1", "T2").await.as_deref(), Some("T2"));
    assert_eq!(stage.served_by("", "T3").await, None);
    for team in ["T1", "T2"] {
        let before = stage.bot.slack.sent().len();
        stage.bot.used_by(team, "U1").opens_form().await;
        let opened = stage.bot.slack.waits_for(before, |sent| sent.method == "views.open").await;
        assert_eq!(opened.whose, team);
    }
}

#[tokio::test]
async fn a_workspace_that_did_not_install_it_is_told_where_to() {
    let stage = Stage::new().await;
    let answer = stage.bot.used_by("T3", "U1").slash("/pod-check").await;
    let url = format!("http://{}/slack/install", stage.bot.address);
    answer.says(&format!(
        "pod-check is not installed in this workspace; whoever manages its apps can install it at {url}."
    ));
    // What needs no token works.
    let answer = stage.bot.used_by("T3", "U1").slash("/pod-check help").await;
    answer.says("says whether");
}

#[tokio::test]
async fn an_organisation_that_installs_it_is_served_in_all_its_workspaces() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("E1", "")).await;
    stage.installs(Consent::of("E1", "T2")).await;
    assert_eq!(stage.served_by("E1", "T1").await.as_deref(), Some("E1"));
    assert_eq!(stage.served_by("E1", "T2").await.as_deref(), Some("T2"), "its own comes first");
    assert_eq!(stage.served_by("E1", "").await.as_deref(), Some("E1"));
    assert_eq!(stage.served_by("E2", "T1").await, None);
    assert_eq!(stage.served_by("", "T1").await, None);
}

#[tokio::test]
async fn what_slack_is_asked_for_stands_in_the_address_and_no_secret_does() {
    let stage = Stage::new().await;
    let browser = Browser::begins(&stage.bot).await;
    assert_eq!(browser.address.path(), "/oauth/v2/authorize");
    assert_eq!(browser.query("client_id"), crate::fake_oauth::CLIENT_ID);
    assert_eq!(browser.query("scope"), SCOPES.join(","));
    let redirect = format!("http://{}/slack/oauth/callback", stage.bot.address);
    assert_eq!(browser.query("redirect_uri"), redirect);
    assert!(browser.query("state").len() >= 32);
    assert!(!browser.address.as_str().contains(crate::fake_oauth::CLIENT_SECRET));
    let again = Browser::begins(&stage.bot).await;
    assert_ne!(again.query("state"), browser.query("state"));
}

#[tokio::test]
async fn a_browser_keeps_its_state_to_itself() {
    let stage = Stage::new().await;
    let reply = stage.bot.get("/slack/install").await;
    let set = reply.headers[SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("podcheck-install="), "{set}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure"), "there is no https on the machine itself");
    assert_eq!(reply.headers["cache-control"], "no-store");
}

/// How a page refuses: the status, what it says, and that it says nothing that it was sent.
#[track_caller]
fn refused(reply: &crate::bot::Reply, status: u16, says: &str) {
    let html = text(reply);
    assert_eq!(reply.status.as_u16(), status, "{html}");
    assert!(html.contains(says) && html.starts_with("<!doctype html>"), "{html}");
    assert!(!html.contains("hush"), "{html}");
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert_eq!(reply.headers["referrer-policy"], "no-referrer");
    assert!(reply.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none';"));
}

const NOT_BEGUN: &str = "was not begun in this browser, is already done, or took longer";
const NOT_TAKEN: &str = "Slack did not accept this installation";

#[tokio::test]
async fn only_the_browser_that_began_can_end_it_once_and_in_time() {
    let stage = Stage::new().await;
    stage.bot.slack.oauth.will(Consent::of("", "T1"));
    let mine = Browser::begins(&stage.bot).await.consents().await;
    let another = Browser::begins(&stage.bot).await.consents().await;
    let without = Browser { bot: mine.bot, cookie: "x=1".to_owned(), address: mine.address.clone() };
    refused(&without.returns().await, 400, NOT_BEGUN);
    let swapped = Browser { bot: mine.bot, cookie: another.cookie.clone(), address: mine.address.clone() };
    refused(&swapped.returns().await, 400, NOT_BEGUN);
    let path = "/slack/oauth/callback?code=%3Cscript%3Ehush&state=%3Cscript%3Ehush";
    let headers = [(COOKIE.as_str(), "podcheck-install=<script>hush")];
    let made_up = stage.bot.request(Method::GET, path, &headers, b"").await;
    refused(&made_up, 400, NOT_BEGUN);
    refused(&stage.bot.get("/slack/oauth/callback").await, 400, NOT_BEGUN);
    assert_eq!(stage.bot.slack.oauth.calls(), (0, 0), "Slack is not asked");
    assert_eq!(mine.returns().await.status, StatusCode::OK);
    refused(&mine.returns().await, 400, NOT_BEGUN);
    stage.passes(600);
    refused(&another.returns().await, 400, NOT_BEGUN);
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 0));
}

#[tokio::test]
async fn whatever_slack_says_is_a_sentence() {
    let stage = Stage::new().await;
    let oauth = &stage.bot.slack.oauth;
    oauth.will(Consent { error: "access_denied".to_owned(), ..Consent::default() });
    let denied = Browser::begins(&stage.bot).await.consents().await.returns().await;
    refused(&denied, 403, "somebody chose not to allow it");
    oauth.will(Consent { error: "hush_hush".to_owned(), ..Consent::default() });
    let other = Browser::begins(&stage.bot).await.consents().await.returns().await;
    refused(&other, 400, NOT_TAKEN);
    oauth.will(Consent::of("", "T1"));
    for (says, status, sentence) in [
        (Fault::Says(200, r#"{"ok":false,"error":"invalid_code","hush":1}"#), 400, NOT_TAKEN),
        (Fault::Says(200, r#"{"ok":false,"error":"bad_client_secret"}"#), 502, "Slack does not know the app"),
        (Fault::Says(500, "<b>hush</b>"), 502, "gave no usable answer"),
        (Fault::Says(200, "hush"), 502, "gave no usable answer"),
        (Fault::Says(200, r#"{"ok":true}"#), 502, "gave no usable answer"),
        (Fault::Limited(30), 502, "gave no usable answer"),
        (
            Fault::Says(
                200,
                r#"{"ok":true,"access_token":"xoxp-hush","token_type":"user","team":{"id":"T1"}}"#,
            ),
            502,
            "gave no usable answer",
        ),
        (
            Fault::Says(
                200,
                r#"{"ok":true,"access_token":"xoxe.xoxb-hush","token_type":"bot","team":{"id":"T1"},"expires_in":43200}"#,
            ),
            502,
            "gave no usable answer",
        ),
    ] {
        let back = Browser::begins(&stage.bot).await.consents().await;
        stage.bot.slack.fail_next(says);
        refused(&back.returns().await, status, sentence);
    }
    assert_eq!(stage.served_by("", "T1").await, None, "nothing was kept");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let stage = Stage::new().await;
    stage.bot.slack.oauth.will(Consent::of("", "T1"));
    let first = Browser::begins(&stage.bot).await.consents().await;
    let code = first.query("code");
    assert_eq!(first.returns().await.status, StatusCode::OK);
    // With a state that is good, the used code comes again.
    let mut second = Browser::begins(&stage.bot).await.consents().await;
    let state = second.query("state");
    second.address.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", &state);
    refused(&second.returns().await, 400, NOT_TAKEN);
}

#[tokio::test]
async fn installed_again_it_is_the_same_with_another_token() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1")).await;
    let here = tenant("", "T1");
    let first = stage.bot.app.installed(&here).await.unwrap().installation;
    stage.bot.slack.oauth.ends_tokens("token_revoked");
    stage.passes(5);
    // It joined an organisation meanwhile.
    stage.installs(Consent::of("E1", "T1").rotating()).await;
    let again = stage.bot.app.installed(&here).await.unwrap().installation;
    assert_eq!((&again.id, again.generation), (&first.id, first.generation + 1));
    assert_ne!(again.tokens.token, first.tokens.token);
    assert!(again.tokens.expires_at.is_some());
    assert_eq!(stage.served_by("E1", "T1").await.as_deref(), Some("T1"));
}

#[tokio::test]
async fn a_bot_that_is_not_offered_says_so() {
    let bot = Bot::start().await;
    for path in ["/slack/install", "/slack/oauth/callback?code=hush&state=hush"] {
        refused(&bot.get(path).await, 404, "cannot be installed from here");
    }
}

#[tokio::test]
async fn somebody_only_looks_and_nothing_begins() {
    let stage = Stage::new().await;
    let reply = stage.bot.request(Method::HEAD, "/slack/install", &[], b"").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(!reply.headers.contains_key(SET_COOKIE));
}

#[tokio::test]
async fn a_ready_bot_has_a_database() {
    let stage = Stage::new().await;
    assert_eq!(stage.bot.get("/readyz").await.status, StatusCode::OK);
    stage.bot.app.store.close().await;
    let reply = stage.bot.get("/readyz").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(text(&reply), "the database does not answer\n");
    // What is not kept is not said to be installed.
    refused(&stage.bot.get("/slack/install").await, 503, "its database did not answer");
    let gone = json!({ "team_id": "T1", "event_time": 1 });
    let status = stage.event(&gone, &json!({ "type": "app_uninstalled" })).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "Slack tells it again");
}
