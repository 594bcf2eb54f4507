//! What people do with what is tracked: every command and press about it ends here.
//!
//! Whose it is is decided twice. The workspace is the one that Slack signed for, never one that a button names; and a
//! button works in the channel that it names alone, or, in a direct message and on a home page, for the owner.

mod act;
mod calendar;
mod day;
mod home;
mod list;
mod preferences;
mod shared_files;

pub use act::{Press, Pressed, SnoozeMemory};
pub(crate) use day::Zones;
pub(crate) use home::{Drawings, is_wish};
pub use preferences::{Preferences, PreferencesMemory};
pub use shared_files::SharedFile;

use crate::app::{App, Caller};
use crate::commands::Asked;
use crate::reminders;
use crate::reminders::kept::{kept, tracked_id};
use crate::reminders::schedule::Zone;
use crate::store::{Broken, CHANNEL_TRACKED_MAX, Channel, Installation, Place, Taken};
use crate::views::block::Message;
use crate::views::tracked::TrackedNow;
use crate::views::{answer, settings};
use chrono::NaiveDate;
use podcheck_core::assess::Assessment;
use std::collections::HashSet;
use std::sync::Arc;
use tracing::warn;

/// So many opportunities are read and written at a time.
const PART: usize = 5_000;
/// Where nobody's zone is known.
const UTC: &str = "UTC";

/// Why something was not done: what is said instead.
pub(crate) type Refused = Message;

/// What is said when the database is lost.
fn lost(broken: &Broken) -> Refused {
    warn!(%broken, "what is tracked was not reached");
    Message::sentence("What is tracked cannot be reached at this moment. Try again in a minute.")
}

/// The day that it is in a channel.
fn today_in(channel: &Channel, now: i64) -> NaiveDate {
    Zone::or_utc(&channel.zone).day_at(now)
}

impl App {
    /// The installation that serves a caller.
    async fn installation_for(&self, caller: &Caller) -> Result<Installation, Refused> {
        match self.installation(&caller.tenant).await {
            Some(installation) => Ok(installation),
            None => {
                let why = self.why_absent(&caller.tenant).await;
                Err(Message::sentence(&format!("Tracking and reminders do not work here: {why}.")))
            }
        }
    }

    /// The place in which somebody asks.
    async fn place_of(&self, caller: &Caller) -> Result<Place, Refused> {
        let installation = self.installation_for(caller).await?;
        if caller.channel.is_empty() || caller.channel.starts_with('D') {
            return Err(Message::sentence(
                "Nothing is tracked in a direct message: reminders belong to a channel. Use /pod-check in the channel \
                 that is to be reminded.",
            ));
        }
        Ok(Place { installation: installation.id, channel: caller.channel.clone() })
    }

    /// How a channel wants to be reminded: as it was set, or as a channel begins.
    async fn channel_at(&self, caller: &Caller, place: &Place) -> Result<Channel, Refused> {
        if let Some(channel) = self.store.channel(place).await.map_err(|broken| lost(&broken))? {
            return Ok(channel);
        }
        let zone = match self.installed(&caller.tenant).await {
            Some(installed) => {
                let (slack, user) = (&self.slack, &caller.user);
                self.calling(&installed, |token| async move { slack.zone_of(&token, user).await }).await
            }
            None => Ok(UTC.to_owned()),
        };
        let zone = zone.ok().filter(|zone| Zone::named(zone).is_ok()).unwrap_or_else(|| UTC.to_owned());
        Ok(Channel::new(place.clone(), zone, &caller.user, self.clock.moment()))
    }

    /// Checks what is asked, and tracks it in the caller's channel.
    pub async fn track(self: &Arc<App>, caller: &Caller, asked: Asked) -> Message {
        let Some((assessment, handle)) = self.judged(caller, asked).await else {
            return crate::checks::unfinished();
        };
        if assessment.is_empty() {
            return answer::of(&assessment, handle.as_deref());
        }
        let tracked = self.track_all(caller, &assessment, handle.as_deref()).await;
        tracked.unwrap_or_else(|refused| refused)
    }

    /// Tracks what an answer holds.
    pub async fn track_answer(self: &Arc<App>, caller: &Caller, handle: &str) -> Message {
        let Some((assessment, _)) = self.kept(caller, handle).await else {
            return crate::checks::forgotten();
        };
        let tracked = self.track_all(caller, &assessment, Some(handle)).await;
        tracked.unwrap_or_else(|refused| refused)
    }

    async fn track_all(
        self: &Arc<App>,
        caller: &Caller,
        assessment: &Arc<Assessment>,
        handle: Option<&str>,
    ) -> Result<Message, Refused> {
        let place = self.place_of(caller).await?;
        let mut channel = self.channel_at(caller, &place).await?;
        let now = self.clock.moment();
        let is_first = channel.version == 0;
        if is_first {
            channel.next_at = Some(reminders::next_at(&channel, now));
            // Where somebody else was faster, theirs is as good.
            self.store.save_channel(&channel).await.map_err(|broken| lost(&broken))?;
            self.zones.forget(&place.channel);
        }
        let (mut taken, mut named) = (Taken::default(), 0);
        for from in (0..assessment.len()).step_by(PART) {
            let part = Arc::clone(assessment);
            let news = tokio::task::spawn_blocking(move || kept(&part, from, PART)).await;
            let news = news.map_err(|_| lost(&Broken::interrupted()))?;
            named += news.len();
            let part =
                self.store.track(&place, news, &caller.user, now).await.map_err(|broken| lost(&broken))?;
            taken.added += part.added;
            taken.refreshed += part.refreshed;
            taken.left_out += part.left_out;
            taken.stopped += part.stopped;
        }
        // Whoever tracks here expects reminders.
        reminders::resume(self, &place).await;
        reminders::refresh(self, &place);
        let gone = if assessment.len() > 1 { self.gone(&place, assessment).await? } else { Vec::new() };
        let mut reminded = (is_first || !channel.is_on).then(|| settings::in_words(&channel));
        if let Some(reminded) = reminded.as_mut().filter(|_| is_first) {
            reminded.push_str(
                " Change that with /pod-check settings. If pod-check is not in this channel yet, invite it: /invite \
                 @pod-check.",
            );
        }
        let nameless = assessment.len() - named;
        let is_channel_full = match taken.left_out {
            0 => false,
            _ => {
                let tracked = self.store.tracked_count(&place).await.map_err(|broken| lost(&broken))?;
                tracked >= CHANNEL_TRACKED_MAX
            }
        };
        Ok(TrackedNow { taken, is_channel_full, nameless, reminded, gone: &gone, handle }.message())
    }

    /// What a channel tracks and an answer does not hold.
    async fn gone(&self, place: &Place, assessment: &Arc<Assessment>) -> Result<Vec<String>, Refused> {
        let mut tracked = self.store.tracked_ids(place).await.map_err(|broken| lost(&broken))?;
        let assessment = Arc::clone(assessment);
        let held = tokio::task::spawn_blocking(move || {
            let found = assessment.values(&[], 0, usize::MAX).into_iter();
            found.filter_map(|values| tracked_id(&values.key)).collect::<HashSet<String>>()
        });
        let held = held.await.map_err(|_| lost(&Broken::interrupted()))?;
        tracked.retain(|id| !held.contains(id));
        Ok(tracked)
    }

    /// Stops what a channel tracks and an answer does not hold.
    pub async fn stop_gone(self: &Arc<App>, caller: &Caller, handle: &str) -> Message {
        let Some((assessment, _)) = self.kept(caller, handle).await else {
            return crate::checks::forgotten();
        };
        let stopped = async {
            let place = self.place_of(caller).await?;
            let gone = self.gone(&place, &assessment).await?;
            let now = self.clock.moment();
            let stopped = self.store.stop_all(&place, &gone, &caller.user, now).await;
            reminders::refresh(self, &place);
            stopped.map_err(|broken| lost(&broken))
        };
        match stopped.await {
            Ok(0) => Message::sentence("There is nothing left to stop."),
            Ok(stopped) => Message::sentence(&format!(
                "Reminders of {} are stopped. /pod-check list shows them, each with a button that turns them on again.",
                podcheck_core::say::opportunities(stopped)
            )),
            Err(refused) => refused,
        }
    }
}
