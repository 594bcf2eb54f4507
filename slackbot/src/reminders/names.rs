//! What owners are called, for a message that names them without calling them: asked of Slack, and remembered a day.

use crate::app::App;
use crate::install::Installed;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tracing::info;

/// A message without names is better than one that comes late.
const ASK_TIMEOUT: Duration = Duration::from_secs(3);
/// People are seldom renamed.
const KNOWN_SECONDS: i64 = 24 * 60 * 60;
/// Where Slack did not tell, it is asked again after this.
const UNKNOWN_SECONDS: i64 = 10 * 60;
/// About a megabyte.
const NAMES_MAX: usize = 10_000;

/// Names by installation and person, each until a moment; empty where Slack did not tell.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashMap<(String, String), (String, i64)>>);

impl Names {
    fn find(&self, key: &(String, String), now: i64) -> Option<String> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(key).filter(|(_, until)| *until > now).map(|(name, _)| name.clone())
    }

    fn keep(&self, key: (String, String), name: String, until: i64) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES_MAX {
            names.clear();
        }
        names.insert(key, (name, until));
    }
}

/// The names of these people, of those whom Slack tells in time.
pub(super) async fn names_of(app: &App, installed: &Installed, users: &[&str]) -> HashMap<String, String> {
    let asked = users.iter().map(async |user| {
        let name = name_of(app, installed, user).await;
        ((*user).to_owned(), name)
    });
    join_all(asked).await.into_iter().filter(|(_, name)| !name.is_empty()).collect()
}

async fn name_of(app: &App, installed: &Installed, user: &str) -> String {
    let now = app.clock.moment();
    let key = (installed.installation.id.clone(), user.to_owned());
    if let Some(name) = app.reminders.names.find(&key, now) {
        return name;
    }
    let (name, until) = match timeout(ASK_TIMEOUT, app.slack.name_of(&installed.token, user)).await {
        Ok(Ok(name)) => (name, now + KNOWN_SECONDS),
        Ok(Err(failed)) => {
            info!(%failed, "an owner is not named");
            (String::new(), now + UNKNOWN_SECONDS)
        }
        Err(_) => {
            info!("an owner is not named: Slack did not tell in time");
            (String::new(), now + UNKNOWN_SECONDS)
        }
    };
    app.reminders.names.keep(key, name.clone(), until);
    name
}
