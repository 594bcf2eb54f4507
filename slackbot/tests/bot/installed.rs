//! Whose token works where.

use crate::bot::{Bot, NOW};
use crate::fake_slack::{FakeSlack, Fault, TOKEN};
use podcheck_slackbot::app::App;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::metrics::Metrics;
use podcheck_slackbot::slack::{Failed, Slack, Token};
use podcheck_slackbot::store::Store;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn tenant(enterprise: &str, team: &str) -> Tenant {
    Tenant { enterprise: enterprise.to_owned(), team: team.to_owned() }
}

#[tokio::test]
async fn a_token_of_the_settings_serves_its_own_workspace_alone() {
    let bot = Bot::start().await;
    let installed = bot.app.installed(&tenant("", "T1")).await.unwrap();
    assert_eq!(installed.installation.tenant, tenant("", "T1"));
    assert!(bot.app.installed_by_id(&installed.installation.id).await.is_some());
    assert!(bot.app.installed(&tenant("", "T2")).await.is_none());
    assert!(bot.app.installed_by_id("another").await.is_none());
    let stranger = bot.used_by("T2", "U1");
    let (url, id) = bot.slack.new_response_url();
    let reply = stranger.signed("/slack/commands", &stranger.slash_form("", &url)).await;
    let said = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(said.contains("pod-check is not installed in this workspace"), "{said}");
    assert!(bot.slack.sent().iter().all(|sent| sent.method != "views.open" && sent.to != id));
}

#[tokio::test]
async fn whose_the_token_is_is_asked_again_when_it_is_needed_and_not_at_every_turn() {
    let slack = FakeSlack::start().await;
    let now = Arc::new(AtomicU64::new(NOW));
    let metrics = Arc::new(Metrics::default());
    let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let token = Some(Token::bot(&Secret::new(TOKEN)));
    let app = App::new(Clock::Set(Arc::clone(&now)), store, client, token, metrics);
    let here = tenant("", "T1");
    for _ in 0..2 {
        slack.fail_next(Fault::Says(503, "later"));
    }
    app.greet().await;
    // Asked a moment ago: nobody asks again, so the second failure still waits.
    let (one, other) = tokio::join!(app.installed(&here), app.installed(&here));
    assert!(one.is_none() && other.is_none());
    let why = app.why_absent(&here).await;
    assert!(why.starts_with("Slack could not be asked yet") && !why.contains("not installed"), "{why}");
    now.fetch_add(10, Ordering::Relaxed);
    assert!(app.installed(&here).await.is_none(), "the second failure");
    now.fetch_add(10, Ordering::Relaxed);
    let (one, other) = tokio::join!(app.installed(&here), app.installed(&here));
    assert!(one.is_some() && other.is_some());
    let why = app.why_absent(&tenant("", "T2")).await;
    assert_eq!(why, "pod-check is not installed in this workspace");
}

#[tokio::test]
async fn a_workspace_of_the_settings_token_goes_as_every_other() {
    let bot = Bot::start().await;
    let here = tenant("", "T1");
    let event = |kind: &str| {
        let tokens = json!({ "bot": ["B1"] });
        json!({ "type": "event_callback", "team_id": "T1", "event_time": NOW, "event": { "type": kind, "tokens": tokens } })
    };
    let before = bot.app.installed(&here).await.unwrap().installation;
    assert_eq!(bot.event(&event("tokens_revoked")).await.status, hyper::StatusCode::OK);
    assert!(!bot.app.installation(&here).await.unwrap().is_active);
    // A new token, at the next start.
    bot.app.store.settle(&tenant("E1", "T1"), "B1", 1).await.unwrap();
    let after = bot.app.installation(&here).await.unwrap();
    assert_eq!((&after.id, after.is_active, &after.tenant), (&before.id, true, &tenant("E1", "T1")));
    // This replica has learned of no organisation yet; the workspace is the same.
    for told in [tenant("E1", "T1"), tenant("", "T1")] {
        assert!(bot.app.installed(&told).await.is_some(), "{told:?}");
    }
    assert_eq!(bot.event(&event("app_uninstalled")).await.status, hyper::StatusCode::OK);
    assert!(bot.app.installation(&here).await.is_none(), "Slack is not asked again at once");
}

#[tokio::test]
async fn an_organisations_token_of_the_settings_serves_its_workspaces() {
    let slack = FakeSlack::start().await;
    slack.fail_next(Fault::Says(
        200,
        r#"{"ok":true,"team_id":"E1","enterprise_id":"E1","user_id":"B1","is_enterprise_install":true}"#,
    ));
    let metrics = Arc::new(Metrics::default());
    let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let token = Some(Token::bot(&Secret::new(TOKEN)));
    let app = App::new(Clock::at(NOW), store, client, token, metrics);
    assert!(app.installed(&tenant("E1", "T1")).await.is_some());
    assert!(app.installed(&tenant("E1", "")).await.is_some());
    assert!(app.installed(&tenant("E2", "T1")).await.is_none());
    assert!(app.installed(&tenant("", "T1")).await.is_none());
}

#[tokio::test]
async fn a_database_that_is_lost_is_not_taken_for_a_bot_that_is_not_installed() {
    let bot = Bot::start().await;
    bot.app.store.close().await;
    for (words, part) in [
        ("/pod-check", "Forms do not work here: the database does not answer at this moment;"),
        (
            "/pod-check list",
            "Tracking and reminders do not work here: the database does not answer at this moment;",
        ),
        (
            "/pod-check settings",
            "Tracking and reminders do not work here: the database does not answer at this moment;",
        ),
        ("/pod-check opportunity_id=O1 stage=Launched", "O1"),
        ("/pod-check help", "says whether"),
    ] {
        let answer = bot.slash(words).await;
        answer.says(part);
        assert!(!answer.reads().contains("not installed"), "{words}");
    }
    let metrics = String::from_utf8(bot.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("podcheck_tasks") && !metrics.contains("podcheck_outbox"), "{metrics}");
}

#[tokio::test]
async fn a_form_opens_while_the_database_is_lost_where_the_token_was_used_a_moment_ago() {
    let bot = Bot::start().await;
    bot.opens_form().await;
    bot.app.store.close().await;
    bot.opens_form().await;
}

#[tokio::test]
async fn a_form_cannot_be_opened_where_the_bot_has_no_token() {
    let bot = Bot::with(true, false).await;
    let answer = bot.slash("/pod-check").await;
    answer.says("Forms do not work here: pod-check is not installed in this workspace.");
    let opened = json!({ "type": "event_callback", "team_id": "T1", "event_id": "Ev1",
        "event": { "type": "app_home_opened", "tab": "home", "user": "U1" } });
    assert_eq!(bot.event(&opened).await.status, hyper::StatusCode::OK);
}

#[tokio::test]
async fn what_slack_closes_for_one_token_is_open_for_another() {
    let slack = FakeSlack::start().await;
    let client = Slack::new(slack.api().parse().unwrap(), Arc::default()).unwrap();
    let token = |text: &str| Token::bot(&Secret::new(text));
    let view = &podcheck_slackbot::views::form::check("2026-11-22".parse().unwrap(), String::new());
    let opens = async |text: &str| client.open_view(&token(text), "none", view).await.unwrap_err();
    slack.fail_next(Fault::Limited(20));
    let begun = tokio::time::Instant::now();
    assert_eq!(opens(TOKEN).await, Failed::Limited);
    assert_eq!(opens(TOKEN).await, Failed::Limited, "its trigger is too old after a wait");
    assert_eq!(opens("xoxb-of-another").await, Failed::Refused("invalid_auth".to_owned()));
    assert!(begun.elapsed().as_secs() < 5);
}
