//! The bot: what it has, what it says to whom, and how much it takes on at a time. Its checks are in `checks`.
//!
//! Work is bounded twice. So many tasks are under way at most, and who comes then is told that the bot is busy; so
//! many checks compute at a time, on threads that may block, and the others wait their turn.

use crate::clock::Clock;
use crate::commands::Command;
use crate::held::Holding;
use crate::install::{Access, Tokens};
use crate::memory::{Answers, Seen, Tenant};
use crate::metrics::Metrics;
use crate::reminders::Reminders;
use crate::slack::{Audience, Failed, Line, Response, Slack, Token};
use crate::store::Store;
use crate::store::outbox::Backlog;
use crate::tracking::Zones;
use crate::views::block::Message;
use crate::views::{form, guide};
use podcheck_core::{explain, explanations};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tracing::{info, warn};
use url::Url;

/// So many questions are worked on at a time.
const TASKS_MAX: u32 = 256;
/// So many who find no place are told so at a time, where that takes a call.
const APOLOGIES_MAX: usize = 32;
/// So many files are fetched at a time: each may be large.
const DOWNLOADS_MAX: usize = 2;
/// Work that is under way may finish so long after the program was told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(12);
/// What is said to whom there is no place for.
pub const BUSY: &str = "pod-check has too much to do at this moment. Try again in a few seconds.";

const NOT_SHARED: &str = "The answer could not be shared. Check again, and share the new answer.";

/// The bot: what it has, and what it holds in memory.
#[derive(Debug)]
pub struct App {
    /// The time.
    pub clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The events that were taken.
    pub seen: Seen,
    /// What lasts.
    pub store: Store,
    /// Calls to Slack.
    pub slack: Arc<Slack>,
    /// What the reminders share.
    pub reminders: Reminders,
    /// With what the bot works in each workspace.
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) answers: Answers,
    /// By whose day each channel is judged.
    pub(crate) zones: Zones,
    /// With what questions are held for other replicas; none where there are none.
    pub(crate) holding: Option<Holding>,
    tasks: Arc<Semaphore>,
    apologies: Arc<Semaphore>,
    pub(crate) judges: Semaphore,
    pub(crate) downloads: Semaphore,
}

/// Who asks, and how to reach them.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Their workspace.
    pub tenant: Tenant,
    /// Their id.
    pub user: String,
    /// Their name, as others see it.
    pub user_name: String,
    /// The channel in which they ask; empty where they ask from no channel.
    pub channel: String,
    /// The message with the button that they pressed, where others see it too.
    pub message_ts: String,
    /// Where answers go.
    pub response_url: Option<Url>,
}

/// What a form remembers until it is sent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct FormMemory {
    /// Where the answer goes.
    pub response_url: Option<Url>,
    /// The channel in which it was opened.
    #[serde(default)]
    pub channel: String,
}

/// A file that somebody handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAsked {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is, where that is told.
    pub url: Option<Url>,
    /// Its size, where that is told.
    pub bytes: usize,
}

impl App {
    /// A bot with nothing in memory.
    pub fn new(
        clock: Clock,
        store: Store,
        slack: Slack,
        access: impl Into<Access>,
        metrics: Arc<Metrics>,
    ) -> App {
        let slack = Arc::new(slack);
        let tokens = Tokens::new(clock.clone(), store.clone(), Arc::clone(&slack), access.into());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        App {
            clock,
            metrics,
            seen: Seen::default(),
            store,
            slack,
            reminders: Reminders::default(),
            tokens: Arc::new(tokens),
            answers: Answers::default(),
            zones: Zones::default(),
            holding: None,
            tasks: Arc::new(Semaphore::new(TASKS_MAX as usize)),
            apologies: Arc::new(Semaphore::new(APOLOGIES_MAX)),
            judges: Semaphore::new(cores),
            downloads: Semaphore::new(DOWNLOADS_MAX),
        }
    }

    /// Opens a connection by which Slack delivers, with the app's own token.
    ///
    /// # Errors
    /// When Slack does not allow it or cannot be reached.
    pub async fn dial(&self, token: &Token) -> Result<Line, Failed> {
        self.slack.dial(token).await
    }

    /// A place among those who are worked for; none when there are too many.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.tasks).try_acquire_owned().ok()
    }

    /// A place among those who are told that there is none; beyond so many, the calls would be the next load.
    pub(crate) fn apology(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.apologies).try_acquire_owned().ok()
    }

    /// Waits until nothing is under way any more, or too long.
    pub async fn drain(&self) {
        let done = async {
            let _tasks = self.tasks.acquire_many(TASKS_MAX).await;
            self.holds_all().await;
        };
        if timeout(DRAIN_TIMEOUT, done).await.is_err() {
            warn!("work was left unfinished");
        }
    }

    /// How many tasks are under way, and how many bytes of answers are held.
    pub fn load(&self) -> (usize, usize) {
        (TASKS_MAX as usize - self.tasks.available_permits(), self.answers.bytes())
    }

    /// How the outbox stands; none where the database is lost.
    pub async fn outbox_backlog(&self) -> Option<Backlog> {
        let counted = self.store.backlog(self.clock.moment()).await;
        counted.inspect_err(|broken| warn!(%broken, "the outbox was not counted")).ok()
    }

    /// What the words of a command are answered with; none where a form is opened instead.
    pub async fn command(
        self: &Arc<App>,
        caller: &Caller,
        trigger_id: &str,
        command: Command,
    ) -> Option<Message> {
        Some(match command {
            Command::Form => return self.open_form(caller, trigger_id).await,
            Command::Help => guide::help(""),
            Command::Rules => guide::rules(&explanations()),
            Command::Explain(rule) => explained(&rule),
            Command::Check(asked) => self.check(caller, asked).await,
            Command::Track(asked) => self.track(caller, asked).await,
            Command::List(page) => self.list(caller, page, None).await,
            Command::Card(id) => self.card_or_answer(caller, &id).await,
            Command::Do(deed, id) => self.does(caller, deed, id).await,
            Command::Forget(id) => self.forget(caller, id.as_deref()).await,
            Command::Calendar => self.calendar(caller).await,
            Command::Settings => return self.open_settings(caller, trigger_id).await,
            Command::Wrong(sentence) => guide::wrong(&sentence),
            Command::NotUnderstood(sentence) => guide::help(&sentence),
        })
    }

    /// Opens the form; says why where that does not work.
    pub async fn open_form(&self, caller: &Caller, trigger_id: &str) -> Option<Message> {
        let Some(installed) = self.installed(&caller.tenant).await else {
            return Some(Message::sentence(&format!(
                "Forms do not work here: {}. Give the facts with the command: /pod-check help shows how.",
                self.why_absent(&caller.tenant).await
            )));
        };
        let memory =
            FormMemory { response_url: caller.response_url.clone(), channel: caller.channel.clone() };
        let memory = serde_json::to_string(&memory).unwrap_or_default();
        let view = &form::check(self.today_of(caller).await, memory);
        let slack = &self.slack;
        let opened =
            self.calling(&installed, |token| async move { slack.open_view(&token, trigger_id, view).await });
        match opened.await {
            Ok(()) => None,
            Err(failed) => {
                warn!(%failed, "a form was not opened");
                Some(Message::sentence("The form could not be opened. Try again."))
            }
        }
    }

    /// A rule's page.
    pub fn explain(&self, rule: &str) -> Message {
        explained(rule)
    }

    /// Brings an answer to its asker: where the question was asked, else as a direct message.
    ///
    /// Where Slack took it and its word of that was lost, it comes twice: that is better than not at all.
    pub async fn deliver(&self, caller: &Caller, audience: Audience, message: &Message) {
        if let Some(url) = &caller.response_url {
            match self.respond(url, audience, message).await {
                Ok(()) => return,
                Err(failed) => info!(%failed, "an answer could not be given where it was asked for"),
            }
        }
        let sent = match audience {
            Audience::Ephemeral => self.post(caller, message).await,
            // What was meant for a channel is no direct message.
            Audience::InChannel => self.post(caller, &Message::sentence(NOT_SHARED)).await,
        };
        if let Err(failed) = sent {
            warn!(%failed, "an answer found no way");
            self.metrics.undelivered();
        }
    }

    /// Puts a message in the place of the one with the button that was pressed; where that is not to be had any more,
    /// brings it as an answer.
    pub(crate) async fn replace(&self, caller: &Caller, message: &Message) {
        if let Some(url) = &caller.response_url {
            match self.slack.respond(url, Response::instead(message)).await {
                Ok(()) => return,
                Err(failed) => info!(%failed, "a message could not be replaced"),
            }
        }
        self.deliver(caller, Audience::Ephemeral, message).await;
    }

    /// Posts to a person directly; in words alone where Slack does not take the blocks.
    async fn post(&self, caller: &Caller, message: &Message) -> Result<(), Failed> {
        let Some(installed) = self.installed(&caller.tenant).await else {
            return Err(Failed::Unknown("the workspace has not installed the bot".to_owned()));
        };
        let (slack, user) = (&self.slack, &caller.user);
        let post = async |message: &Message| {
            self.calling(&installed, |token| async move { slack.post(&token, user, message).await }).await
        };
        match post(message).await {
            Err(failed) if failed.is_about_blocks() => {
                warn!(%failed, "an answer is sent in words alone");
                post(&message.in_words()).await
            }
            sent => sent,
        }
    }

    /// Answers at a `response_url`; in words alone where Slack does not take the blocks.
    async fn respond(&self, url: &Url, audience: Audience, message: &Message) -> Result<(), Failed> {
        match self.slack.respond(url, Response::new(audience, message)).await {
            Err(failed) if failed.is_about_blocks() => {
                warn!(%failed, "an answer is sent in words alone");
                self.slack.respond(url, Response::new(audience, &message.in_words())).await
            }
            sent => sent,
        }
    }
}

impl FormMemory {
    /// What the form was opened with; nothing where it cannot be read.
    pub fn read(text: &str) -> FormMemory {
        serde_json::from_str(text).unwrap_or_default()
    }
}

fn explained(rule: &str) -> Message {
    match explain(rule) {
        Some(page) => guide::explanation(&page),
        None => {
            let rule = podcheck_core::say::quoted(rule).to_string();
            Message::sentence(&format!("{rule} is not a rule. /pod-check explain lists all rules."))
        }
    }
}
