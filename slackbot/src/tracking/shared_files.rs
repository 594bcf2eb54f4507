//! Files that somebody shares with the bot, or in a channel that wants them checked.

use crate::app::{App, Caller, FileAsked};
use crate::commands::Asked;
use crate::memory::Tenant;
use crate::store::Place;
use crate::views::calendar::FILE_NAME;
use crate::views::form::FILE_TYPES;
use std::sync::Arc;
use tracing::{debug, info, warn};

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

impl App {
    /// Checks a file that was shared in a direct message, or in a channel that wants that, and answers whoever shared it.
    ///
    /// In a channel it is silent about what holds no opportunity: nobody asked it.
    pub async fn shared(self: &Arc<App>, shared: SharedFile) {
        let Some(installed) = self.installed(&shared.tenant).await else { return };
        let is_direct = shared.channel.starts_with('D');
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
            Err(failed) => return warn!(%failed, "a shared file was not found"),
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
        let file = FileAsked { id: shared.file, name, url: file.url(), bytes };
        let caller =
            Caller { tenant: shared.tenant, user: shared.user, channel: shared.channel, ..Caller::default() };
        let Some((answer, is_about_something)) = self.checked_file(&caller, Asked::default(), file).await
        else {
            return;
        };
        if !is_direct && !is_about_something {
            return info!("a shared file holds no opportunity");
        }
        let (caller, answer) = (&caller, &answer);
        let sent = self.calling(&installed, |token| async move {
            if is_direct {
                slack.post(&token, &caller.channel, answer).await
            } else {
                slack.post_ephemeral(&token, &caller.channel, &caller.user, answer).await
            }
        });
        if let Err(failed) = sent.await {
            warn!(%failed, "the answer to a shared file found no way");
            self.metrics.undelivered();
        }
    }
}
