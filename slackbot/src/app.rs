//! What the bot does when it is asked, whatever way the question came: judge, remember, answer.
//!
//! Work is bounded twice. So many tasks are under way at most, and who comes then is told that the bot is busy; so
//! many checks compute at a time, on threads that may block, and the others wait their turn.

use crate::clock::Clock;
use crate::commands::{Asked, Command};
use crate::memory::{Answers, Seen, Tenant};
use crate::metrics::Metrics;
use crate::slack::{Audience, Failed, Line, Slack, Token};
use crate::store::{Installation, Store};
use crate::views::block::Message;
use crate::views::{answer, form, guide};
use podcheck_core::assess::Assessment;
use podcheck_core::document::{Document, Kind};
use podcheck_core::{explain, explanations};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tracing::{info, warn};
use url::Url;

/// So many questions are worked on at a time.
const TASKS_MAX: u32 = 256;
/// So many files are fetched at a time: each may hold [`FILE_BYTES_MAX`].
const DOWNLOADS_MAX: usize = 2;
/// A larger file is not fetched.
const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The files of one question together.
const FILES_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Work that is under way may finish so long after the program was told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(12);
/// A text of so few bytes is judged in far less time than another thread takes to wake up.
const AT_ONCE_BYTES_MAX: usize = 4 * 1024;

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
    pub slack: Slack,
    /// The token of the one workspace that is served.
    token: Option<Token>,
    answers: Answers,
    tasks: Arc<Semaphore>,
    judges: Semaphore,
    downloads: Semaphore,
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
    pub fn new(clock: Clock, store: Store, slack: Slack, token: Option<Token>, metrics: Arc<Metrics>) -> App {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        App {
            clock,
            metrics,
            seen: Seen::default(),
            store,
            slack,
            token,
            answers: Answers::default(),
            tasks: Arc::new(Semaphore::new(TASKS_MAX as usize)),
            judges: Semaphore::new(cores),
            downloads: Semaphore::new(DOWNLOADS_MAX),
        }
    }

    /// Asks Slack whose the token of the settings is, and notes that workspace.
    pub async fn greet(&self) {
        let Some(token) = &self.token else { return };
        let identity = match self.slack.identity(token).await {
            Ok(identity) => identity,
            Err(failed) => return warn!(%failed, "the token is not known to work"),
        };
        info!(team = identity.team_id, "Slack knows the token");
        let tenant = Tenant { enterprise: identity.enterprise_id, team: identity.team_id };
        if let Err(broken) = self.store.settle(&tenant, &identity.user_id, self.clock.moment()).await {
            warn!(%broken, "the workspace was not noted");
        }
    }

    /// The installation that serves a workspace.
    pub async fn installation(&self, tenant: &Tenant) -> Option<Installation> {
        match self.store.installation_of(tenant).await {
            Ok(found) => found,
            Err(broken) => {
                warn!(%broken, "an installation was not looked up");
                None
            }
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

    /// Whether there is no place left.
    pub fn is_full(&self) -> bool {
        self.tasks.available_permits() == 0
    }

    /// Waits until nothing is under way any more, or too long.
    pub async fn drain(&self) {
        if timeout(DRAIN_TIMEOUT, self.tasks.acquire_many(TASKS_MAX)).await.is_err() {
            warn!("work was left unfinished");
        }
    }

    /// How many tasks are under way, and how many bytes of answers are held.
    pub fn load(&self) -> (usize, usize) {
        (TASKS_MAX as usize - self.tasks.available_permits(), self.answers.bytes())
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
            Command::NotUnderstood(sentence) => guide::help(&sentence),
        })
    }

    /// Opens the form; says why where that does not work.
    pub async fn open_form(&self, caller: &Caller, trigger_id: &str) -> Option<Message> {
        let Some(token) = self.token_of(&caller.tenant) else {
            return Some(Message::sentence(
                "Forms do not work here: the bot has no token for this workspace. Give the facts with the command: \
                 /pod-check help shows how.",
            ));
        };
        let memory =
            FormMemory { response_url: caller.response_url.clone(), channel: caller.channel.clone() };
        let memory = serde_json::to_string(&memory).unwrap_or_default();
        let view = form::check(self.clock.today(), memory);
        match self.slack.open_view(token, trigger_id, &view).await {
            Ok(()) => None,
            Err(failed) => {
                warn!(%failed, "a form was not opened");
                Some(Message::sentence("The form could not be opened. Try again."))
            }
        }
    }

    /// Shows a person the bot's home page.
    pub async fn show_home(&self, tenant: &Tenant, user: &str) {
        let Some(token) = self.token_of(tenant) else { return };
        if let Err(failed) = self.slack.publish_home(token, user, &guide::home()).await {
            warn!(%failed, "a home page was not shown");
        }
    }

    /// Judges what is asked, and answers.
    pub async fn check(self: &Arc<App>, caller: &Caller, asked: Asked) -> Message {
        let caller = caller.clone();
        self.computed(asked.size(), move |app| {
            let begun = Instant::now();
            let assessment = Arc::new(Assessment::of(asked.into_inputs(app.clock.today())));
            app.metrics.check(assessment.len(), begun.elapsed());
            let now = app.clock.seconds();
            let handle = app.answers.keep(&caller.tenant, &caller.user, Arc::clone(&assessment), now);
            answer::of(&assessment, handle.as_deref())
        })
        .await
    }

    /// Makes a message of what `size` bytes hold: in its turn, and on a thread that may block where it takes longer.
    async fn computed(
        self: &Arc<App>,
        size: usize,
        work: impl FnOnce(&App) -> Message + Send + 'static,
    ) -> Message {
        // The semaphore is never closed.
        let turn = self.judges.acquire().await;
        let made = if size <= AT_ONCE_BYTES_MAX {
            Ok(work(self))
        } else {
            let app = Arc::clone(self);
            tokio::task::spawn_blocking(move || work(&app)).await
        };
        drop(turn);
        made.unwrap_or_else(|error| {
            warn!(%error, "a check did not finish");
            Message::sentence("Something went wrong with this check. Try again, or with less of it.")
        })
    }

    /// Judges the text and the files of a message.
    pub async fn check_message(self: &Arc<App>, caller: &Caller, text: &str, files: &[FileAsked]) -> Message {
        // Beside files, a text is a word about them, unless it is read as something.
        let mut asked = match Asked::of_text("message", text) {
            Ok(asked) => asked,
            Err(sentence) => return Message::sentence(&sentence),
        };
        if !files.is_empty() {
            asked
                .documents
                .retain(|(name, bytes)| Document::open(name, bytes.clone()).kind() != Kind::Ignored);
        }
        self.check_files(caller, asked, files).await
    }

    /// Fetches files, then judges them with the rest.
    pub async fn check_files(
        self: &Arc<App>,
        caller: &Caller,
        mut asked: Asked,
        files: &[FileAsked],
    ) -> Message {
        if files.is_empty() {
            return self.check(caller, asked).await;
        }
        // The turn is held until the files are judged: only so many are in memory.
        let _turn = self.downloads.acquire().await;
        match self.fetch(&caller.tenant, files).await {
            Ok(documents) => asked.documents.extend(documents),
            Err(sentence) => return Message::sentence(&sentence),
        }
        self.check(caller, asked).await
    }

    /// One opportunity of an answer, in full.
    pub async fn details(self: &Arc<App>, caller: &Caller, value: &str) -> Message {
        let Some((handle, place)) = answer::read_place(value) else { return forgotten() };
        let Some((assessment, size)) = self.kept(caller, handle) else { return forgotten() };
        self.computed(size, move |_| answer::details(&assessment, place).unwrap_or_else(forgotten)).await
    }

    /// The answer of this name and the bytes that it holds, for the one who asked.
    fn kept(&self, caller: &Caller, handle: &str) -> Option<(Arc<Assessment>, usize)> {
        let assessment = self.answers.find(&caller.tenant, &caller.user, handle, self.clock.seconds())?;
        let size = assessment.inputs().documents.iter().map(|document| document.text().len()).sum();
        Some((assessment, size))
    }

    /// A rule's page.
    pub fn explain(&self, rule: &str) -> Message {
        explained(rule)
    }

    /// An answer for everybody in the channel, and who may see it: only its asker, when it is forgotten.
    pub async fn share(self: &Arc<App>, caller: &Caller, handle: &str) -> (Audience, Message) {
        let Some((assessment, size)) = self.kept(caller, handle) else {
            return (Audience::Ephemeral, forgotten());
        };
        let by = caller.user_name.clone();
        (Audience::InChannel, self.computed(size, move |_| answer::shared(&assessment, &by)).await)
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

    /// Posts to a person directly; in words alone where Slack does not take the blocks.
    async fn post(&self, caller: &Caller, message: &Message) -> Result<(), Failed> {
        let Some(token) = self.token_of(&caller.tenant) else {
            return Err(Failed::Unknown("there is no token".to_owned()));
        };
        match self.slack.post(token, &caller.user, message).await {
            Err(failed) if failed.is_about_blocks() => {
                warn!(%failed, "an answer is sent in words alone");
                self.slack.post(token, &caller.user, &message.in_words()).await
            }
            sent => sent,
        }
    }

    /// Answers at a `response_url`; in words alone where Slack does not take the blocks.
    async fn respond(&self, url: &Url, audience: Audience, message: &Message) -> Result<(), Failed> {
        match self.slack.respond(url, audience, message).await {
            Err(failed) if failed.is_about_blocks() => {
                warn!(%failed, "an answer is sent in words alone");
                self.slack.respond(url, audience, &message.in_words()).await
            }
            sent => sent,
        }
    }

    async fn fetch(&self, tenant: &Tenant, files: &[FileAsked]) -> Result<Vec<(String, Vec<u8>)>, String> {
        let Some(token) = self.token_of(tenant) else {
            return Err("Files cannot be read here: the bot has no token for this workspace.".to_owned());
        };
        let mut documents = Vec::with_capacity(files.len());
        let mut left = FILES_BYTES_MAX;
        for file in files {
            let most = left.min(FILE_BYTES_MAX);
            let name = podcheck_core::say::quoted(&file.name).to_string();
            if file.bytes > most {
                return Err(format!(
                    "The file {name} is too large: 10 MB a file and 20 MB together are read. The terminal program \
                     reads more: podcheck check."
                ));
            }
            match self.slack.download(token, &file.id, file.url.as_ref(), most).await {
                Ok(bytes) => {
                    left -= bytes.len();
                    documents.push((file.name.clone(), bytes.to_vec()));
                }
                Err(failed) => {
                    warn!(%failed, "a file was not read");
                    return Err(format!("The file {name} could not be read. Paste its text, or try again."));
                }
            }
        }
        Ok(documents)
    }

    /// The token for a workspace.
    pub fn token_of(&self, _tenant: &Tenant) -> Option<&Token> {
        self.token.as_ref()
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
            guide::help(&format!("{rule} is no rule; /pod-check explain lists them."))
        }
    }
}

fn forgotten() -> Message {
    Message::sentence("This answer is no longer kept. Check again, and use the new answer's buttons.")
}
