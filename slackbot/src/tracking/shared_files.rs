//! Files that somebody shares with the bot, or in a channel that wants them checked.

use crate::app::{App, Caller, FileAsked};
use crate::checks::unfinished;
use crate::commands::Asked;
use crate::install::Installed;
use crate::memory::Tenant;
use crate::store::Place;
use crate::views::block::Message;
use crate::views::calendar::FILE_NAME;
use crate::views::form::FILE_TYPES;
use std::sync::Arc;
use tracing::{debug, info, warn};

const UNREAD: &str = "A file that was shared here could not be read. Share it again, or paste its text.";

/// A file that was shared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedFile {
    /// In whose workspace.
    pub tenant: Tenant,
    /// Where.
    pub channel: String,
    /// By whom.
    pub user: String,
    /// Its id.
    pub file: String,
}

impl SharedFile {
    /// Whether it was shared with the bot alone.
    fn is_direct(&self) -> bool {
        self.channel.starts_with('D')
    }
}

impl App {
    /// Checks a file that was shared in a direct message, or in a channel that wants that, and answers whoever shared it.
    ///
    /// In a channel it is silent about what holds no opportunity: nobody asked it.
    pub async fn shared(self: &Arc<App>, shared: SharedFile) {
        let Some(installed) = self.installed(&shared.tenant).await else { return };
        let is_direct = shared.is_direct();
        let place =
            Place { installation: installed.installation.id.clone(), channel: shared.channel.clone() };
        let is_wanted = || async {
            let channel = self.store.channel(&place).await;
            let channel = channel.inspect_err(|broken| warn!(%broken, "a channel was not looked up")).ok();
            channel.flatten().is_some_and(|channel| channel.files)
        };
        if !is_direct && !is_wanted().await {
            return;
        }
        let (slack, id) = (&self.slack, &shared.file);
        let found = self.calling(&installed, |token| async move { slack.file(&token, id).await }).await;
        let file = match found {
            Ok(file) => file,
            Err(failed) => {
                warn!(%failed, "a shared file was not found");
                if is_direct {
                    self.answer_shared(&installed, &shared, &Message::sentence(UNREAD)).await;
                }
                return;
            }
        };
        if file.name.as_deref() == Some(FILE_NAME) {
            return debug!("a file of the bot's own");
        }
        let name = file.name.clone().unwrap_or_else(|| shared.file.clone());
        let is_readable = name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| FILE_TYPES.iter().any(|known| ending.eq_ignore_ascii_case(known)));
        if !is_direct && !is_readable {
            return;
        }
        let bytes = file.size.unwrap_or_default();
        let file = FileAsked { id: shared.file.clone(), name, url: file.url(), bytes };
        let caller = Caller {
            tenant: shared.tenant.clone(),
            user: shared.user.clone(),
            channel: shared.channel.clone(),
            ..Caller::default()
        };
        let checked = self.checked_file(&caller, Asked::default(), file).await;
        let (answer, is_about_something) = checked.unwrap_or_else(|| (unfinished(), false));
        if !is_direct && !is_about_something {
            return info!("a shared file holds no opportunity");
        }
        self.answer_shared(&installed, &shared, &answer).await;
    }

    /// Answers whoever shared a file, where they did: in a channel so that nobody else sees it. In words alone where
    /// Slack does not take the blocks.
    async fn answer_shared(&self, installed: &Installed, shared: &SharedFile, answer: &Message) {
        let SharedFile { channel, user, .. } = shared;
        let slack = &self.slack;
        let post = async |answer: &Message| {
            let post = |token| async move {
                if shared.is_direct() {
                    slack.post(&token, channel, answer).await
                } else {
                    slack.post_ephemeral(&token, channel, user, answer).await
                }
            };
            self.calling(installed, post).await
        };
        let sent = match post(answer).await {
            Err(failed) if failed.is_about_blocks() => {
                warn!(%failed, "the answer to a shared file is sent in words alone");
                post(&answer.in_words()).await
            }
            sent => sent,
        };
        if let Err(failed) = sent {
            warn!(%failed, "the answer to a shared file found no way");
            self.metrics.undelivered();
        }
    }
}
