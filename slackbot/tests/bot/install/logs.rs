//! What the log says of all this, and what it never does.

use super::{Browser, KEYS, Stage, keys, text};
use crate::bot::NOW;
use crate::fake_oauth::{Consent, TOKEN_SECONDS};
use crate::fake_slack::{FakeSlack, Fault};
use serde_json::json;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};
use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

/// Everything that is logged on this thread while it is held.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn begins() -> (Log, DefaultGuard) {
        // A line that another thread says first, where nobody listens, would count as never said: somebody listens there.
        static EVERYWHERE: Once = Once::new();
        EVERYWHERE.call_once(|| {
            let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(talkative()));
        });
        let log = Log::default();
        let written = log.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || written.clone());
        let heard = tracing_subscriber::registry().with(talkative()).with(lines);
        (log, tracing::subscriber::set_default(heard))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn count(&self, part: &str) -> usize {
        self.text().matches(part).count()
    }
}

/// What the program logs at its most talkative.
fn talkative() -> Targets {
    let ours = Targets::new().with_target("podcheck_slackbot", Level::TRACE).with_default(Level::WARN);
    ours.with_target("slack_morphism", LevelFilter::OFF)
}

#[tokio::test]
async fn no_token_code_state_or_secret_is_in_a_log_or_on_a_page() {
    let (log, _guard) = Log::begins();
    let stage = Stage::new().await;
    let oauth = &stage.bot.slack.oauth;
    let mut pages = String::new();
    oauth.will(Consent::of("E1", "T1").rotating());
    for fault in [
        None,
        Some(Fault::Says(500, "no")),
        Some(Fault::Says(200, r#"{"ok":false,"error":"invalid_code"}"#)),
        Some(Fault::Says(
            200,
            r#"{"ok":true,"access_token":"xoxb-never-kept","expires_in":"xoxe-never-kept"}"#,
        )),
    ] {
        let back = Browser::begins(&stage.bot).await.consents().await;
        if let Some(fault) = fault {
            stage.bot.slack.fail_next(fault);
        }
        pages += &text(&back.returns().await);
        pages += &text(&back.returns().await);
    }
    stage.passes(TOKEN_SECONDS);
    stage.bot.slack.fail_next(Fault::Says(500, "no"));
    assert_eq!(stage.served_by("E1", "T1").await, None);
    stage.passes(60);
    assert!(stage.served_by("E1", "T1").await.is_some());
    oauth.ends_tokens("token_expired");
    assert!(stage.served_by("E1", "T1").await.is_some());
    oauth.ends_tokens("invalid_auth");
    oauth.ends_refresh_tokens();
    assert!(stage.served_by("E1", "T1").await.is_none());
    let gone = json!({ "team_id": "T1", "event_time": NOW + 2 * TOKEN_SECONDS });
    stage.event(&gone, &json!({ "type": "app_uninstalled" })).await;
    let said = log.text() + &pages;
    for part in
        ["installed", "its token is renewed", "its token is revoked", "all that was kept for it is deleted"]
    {
        assert!(said.contains(part), "{part:?} is not said in:\n{said}");
    }
    let mut secrets = oauth.secrets();
    secrets.extend(["never-kept".to_owned(), "xoxb-".to_owned(), "xoxe".to_owned()]);
    secrets.extend(KEYS.map(str::to_owned));
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret} is shown:\n{said}");
    }
}

#[tokio::test]
async fn a_key_that_is_not_there_is_said_once() {
    let (log, _guard) = Log::begins();
    let slack = FakeSlack::start().await;
    let before = Stage::new().await;
    before.installs(Consent::of("", "T1")).await;
    let wrong = Stage::with_keys(slack, before.bot.app.store.clone(), keys(KEYS[1], &[])).await;
    for _ in 0..3 {
        assert_eq!(wrong.served_by("", "T1").await, None);
        wrong.passes(61);
    }
    assert_eq!(log.count("its token cannot be opened: the key is not there"), 1, "{}", log.text());
}

#[tokio::test]
async fn a_revoked_token_is_said_once() {
    let (log, _guard) = Log::begins();
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1")).await;
    stage.bot.slack.oauth.ends_tokens("account_inactive");
    for _ in 0..3 {
        assert_eq!(stage.served_by("", "T1").await, None);
        stage.passes(61);
    }
    assert_eq!(log.count("its token is revoked"), 1, "{}", log.text());
}
