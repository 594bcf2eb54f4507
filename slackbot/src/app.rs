//! What the bot does when it is asked, whatever way the question came: judge, remember, answer.
//!
//! Work is bounded twice. So many tasks are under way at most, and who comes then is told that the bot is busy; so
//! many checks compute at a time, on threads that may block, and the others wait their turn.

use crate::clock::Clock;
use crate::commands::{Asked, Command};
use crate::held::Holding;
use crate::install::{Access, Tokens};
use crate::memory::{Answers, Seen, Tenant, text_bytes};
use crate::metrics::Metrics;
use crate::reminders::Reminders;
use crate::slack::{Audience, Failed, Line, Response, Slack, Token};
use crate::store::Store;
use crate::store::outbox::Backlog;
use crate::tracking::Zones;
use crate::views::block::{Block, Message, Piece};
use crate::views::{answer, form, guide};
use podcheck_core::assess::Assessment;
use podcheck_core::document::{Document, Kind};
use podcheck_core::{explain, explanations};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tracing::{info, warn};
use url::Url;

/// So many questions are worked on at a time.
const TASKS_MAX: u32 = 256;
/// So many who find no place are told so at a time, where that takes a call.
const APOLOGIES_MAX: usize = 32;
/// So many files are fetched at a time: each may hold [`FILE_BYTES_MAX`].
const DOWNLOADS_MAX: usize = 2;
/// A larger file is not fetched.
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The files of one question together.
pub(crate) const FILES_BYTES_MAX: usize = 20 * 1024 * 1024;
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

/// Why an answer has no buttons.
const TOO_LARGE: &str = "This is more than the buttons of an answer can hold, so it cannot be tracked, shared or shown in \
                         detail from here. Give it in smaller files, or use pod-check's page or the terminal program: \
                         podcheck check.";

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

    /// Judges what is asked, and answers.
    pub async fn check(self: &Arc<App>, caller: &Caller, asked: Asked) -> Message {
        let shown = self.assessed(caller, asked, |assessment, handle| answered(assessment, handle));
        shown.await.unwrap_or_else(unfinished)
    }

    /// Judges what is asked, and keeps it for the buttons of its answer.
    pub(crate) async fn judged(
        self: &Arc<App>,
        caller: &Caller,
        asked: Asked,
    ) -> Option<(Arc<Assessment>, Option<String>)> {
        let both = |assessment: &Arc<Assessment>, handle: Option<&str>| {
            (Arc::clone(assessment), handle.map(str::to_owned))
        };
        self.assessed(caller, asked, both).await
    }

    /// Judges what is asked, keeps it for the buttons of its answer, and shows it.
    async fn assessed<T: Send + 'static>(
        self: &Arc<App>,
        caller: &Caller,
        mut asked: Asked,
        show: impl FnOnce(&Arc<Assessment>, Option<&str>) -> T + Send + 'static,
    ) -> Option<T> {
        let today = self.today_of(caller).await;
        asked.as_of.get_or_insert(today);
        let (asker, size, question) = (caller.clone(), asked.size(), self.packed(&asked));
        let judge = move |app: &App| {
            let begun = Instant::now();
            let assessment = Arc::new(Assessment::of(asked.into_inputs(today)));
            app.metrics.check(assessment.len(), begun.elapsed());
            let now = app.clock.seconds();
            let handle = app.answers.keep(&asker.tenant, &asker.user, Arc::clone(&assessment), now);
            (show(&assessment, handle.as_deref()), handle)
        };
        let (shown, handle) = self.computed(size, judge).await?;
        if let Some((handle, question)) = handle.zip(question) {
            self.hold(caller, handle, question);
        }
        Some(shown)
    }

    /// Checks a file that nobody asked about: the answer, and whether an opportunity is in it.
    pub(crate) async fn checked_file(
        self: &Arc<App>,
        caller: &Caller,
        mut asked: Asked,
        file: FileAsked,
    ) -> Option<(Message, bool)> {
        let _turn = self.downloads.acquire().await;
        match self.fetch(&caller.tenant, &[file]).await {
            Ok(documents) => asked.documents.extend(documents),
            Err(sentence) => return Some((Message::sentence(&sentence), false)),
        }
        let shown = |assessment: &Arc<Assessment>, handle: Option<&str>| {
            (answered(assessment, handle), !assessment.is_empty())
        };
        self.assessed(caller, asked, shown).await
    }

    /// Works on what `size` bytes hold: in its turn, and on a thread that may block where it takes longer.
    async fn computed<T: Send + 'static>(
        self: &Arc<App>,
        size: usize,
        work: impl FnOnce(&App) -> T + Send + 'static,
    ) -> Option<T> {
        // The semaphore is never closed.
        let turn = self.judges.acquire().await;
        let made = if size <= AT_ONCE_BYTES_MAX {
            Ok(work(self))
        } else {
            let app = Arc::clone(self);
            tokio::task::spawn_blocking(move || work(&app)).await
        };
        drop(turn);
        made.inspect_err(|ended| warn!(broke = ended.is_panic(), "a check did not finish")).ok()
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
        let Some((assessment, size)) = self.kept(caller, handle).await else { return forgotten() };
        let details = move |_: &App| answer::details(&assessment, place).unwrap_or_else(forgotten);
        self.computed(size, details).await.unwrap_or_else(unfinished)
    }

    /// An opportunity of the answers that somebody was given last, in full.
    pub(crate) async fn details_of(self: &Arc<App>, caller: &Caller, id: &str) -> Option<Message> {
        let mut given = self.answers.of(&caller.tenant, &caller.user, self.clock.seconds());
        given.extend(self.held_names(caller).await);
        given.sort_by_key(|(until, _)| Reverse(*until));
        let mut looked = HashSet::new();
        for (_, handle) in given {
            if !looked.insert(handle.clone()) {
                continue;
            }
            let Some((assessment, size)) = self.kept(caller, &handle).await else { continue };
            let id = id.to_owned();
            let details = move |_: &App| Some(answer::in_full(&assessment.opportunity(&id)?));
            if let Some(details) = self.computed(size, details).await.flatten() {
                return Some(details);
            }
        }
        None
    }

    /// The answer of this name and the bytes that it holds, for the one who asked: from memory, else judged again.
    pub(crate) async fn kept(
        self: &Arc<App>,
        caller: &Caller,
        handle: &str,
    ) -> Option<(Arc<Assessment>, usize)> {
        let found = self.answers.find(&caller.tenant, &caller.user, handle, self.clock.seconds());
        let assessment = match found {
            Some(assessment) => assessment,
            None => {
                let (asked, until) = self.held(caller, handle).await?;
                let size = asked.size();
                let (caller, handle) = (caller.clone(), handle.to_owned());
                let judge = move |app: &App| {
                    let (Caller { tenant, user, .. }, today) = (caller, app.clock.today());
                    let assessment = Arc::new(Assessment::of(asked.into_inputs(today)));
                    app.answers.keep_again(&handle, until, &tenant, &user, Arc::clone(&assessment));
                    assessment
                };
                self.computed(size, judge).await?
            }
        };
        let size = text_bytes(&assessment);
        Some((assessment, size))
    }

    /// A rule's page.
    pub fn explain(&self, rule: &str) -> Message {
        explained(rule)
    }

    /// An answer for everybody in the channel, and who may see it: only its asker, when it is forgotten.
    pub async fn share(self: &Arc<App>, caller: &Caller, handle: &str) -> (Audience, Message) {
        let Some((assessment, size)) = self.kept(caller, handle).await else {
            return (Audience::Ephemeral, forgotten());
        };
        let by = caller.user_name.clone();
        let shared = self.computed(size, move |_| answer::shared(&assessment, &by)).await;
        (Audience::InChannel, shared.unwrap_or_else(unfinished))
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

    async fn fetch(&self, tenant: &Tenant, files: &[FileAsked]) -> Result<Vec<(String, Vec<u8>)>, String> {
        let Some(installed) = self.installed(tenant).await else {
            return Err(format!("Files cannot be read here: {}.", self.why_absent(tenant).await));
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
            let slack = &self.slack;
            let got = self.calling(&installed, |token| async move {
                slack.download(&token, &file.id, file.url.as_ref(), most).await
            });
            match got.await {
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
}

impl FormMemory {
    /// What the form was opened with; nothing where it cannot be read.
    pub fn read(text: &str) -> FormMemory {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// The answer to a check, which says why it has no buttons where it is too large for them.
fn answered(assessment: &Assessment, handle: Option<&str>) -> Message {
    let mut message = answer::of(assessment, handle);
    if handle.is_none() && !assessment.is_empty() {
        message.blocks.push(Block::paragraph([Piece::plain(TOO_LARGE)]));
        message.text = format!("{}\n{TOO_LARGE}", message.text);
    }
    message
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

/// That a check went wrong.
pub(crate) fn unfinished() -> Message {
    Message::sentence(
        "Something went wrong with this check. Try again; if that does not help, check less at a time.",
    )
}

pub(crate) fn forgotten() -> Message {
    Message::sentence(
        "This answer is not kept here, or no longer. Check again, and use the new answer's buttons.",
    )
}
