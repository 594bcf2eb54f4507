//! Checks: what is asked is judged in its turn, and kept for the buttons of its answer.

use crate::app::{App, Caller, FileAsked};
use crate::commands::Asked;
use crate::memory::{Tenant, text_bytes};
use crate::slack::Audience;
use crate::views::answer;
use crate::views::block::{Block, Message, Piece};
use podcheck_core::assess::Assessment;
use podcheck_core::document::{Document, Kind};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::time::Instant;
use tracing::warn;

/// A larger file is not fetched.
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The files of one question together.
pub(crate) const FILES_BYTES_MAX: usize = 20 * 1024 * 1024;
/// A text of so few bytes is judged in far less time than another thread takes to wake up.
const AT_ONCE_BYTES_MAX: usize = 4 * 1024;

/// Why an answer has no buttons.
const TOO_LARGE: &str = "This is more than the buttons of an answer can hold, so it cannot be tracked, shared or shown in \
                         detail from here. Give it in smaller files, or use pod-check's page or the terminal program: \
                         podcheck check.";

impl App {
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

    /// An answer for everybody in the channel, and who may see it: only its asker, when it is forgotten.
    pub async fn share(self: &Arc<App>, caller: &Caller, handle: &str) -> (Audience, Message) {
        let Some((assessment, size)) = self.kept(caller, handle).await else {
            return (Audience::Ephemeral, forgotten());
        };
        let by = caller.user_name.clone();
        let shared = self.computed(size, move |_| answer::shared(&assessment, &by)).await;
        (Audience::InChannel, shared.unwrap_or_else(unfinished))
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

/// The answer to a check, which says why it has no buttons where it is too large for them.
fn answered(assessment: &Assessment, handle: Option<&str>) -> Message {
    let mut message = answer::of(assessment, handle);
    if handle.is_none() && !assessment.is_empty() {
        message.blocks.push(Block::paragraph([Piece::plain(TOO_LARGE)]));
        message.text = format!("{}\n{TOO_LARGE}", message.text);
    }
    message
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
