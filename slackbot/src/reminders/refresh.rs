//! Messages that stand in Slack, redrawn from what is kept: after every change, wherever it came from.

use super::digest::redrawn;
use super::schedule::Zone;
use crate::app::App;
use crate::install::Installed;
use crate::memory::random_name;
use crate::slack::Posted;
use crate::store::outbox::{Delivery, Kind, New};
use crate::store::{Broken, Place};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;
use tracing::{info, warn};

/// So many messages of a channel are redrawn: its digest, the thread, and those to persons.
const STANDING_MAX: i64 = 50;
/// A message that changes while it is redrawn is redrawn again, so often.
const ROUNDS_MAX: usize = 5;
/// What is on its way to Slack was made before the change, and is redrawn when it stands: it is looked for so often, which
/// is longer than a call takes.
const LOOKS_MAX: usize = 24;
const LOOK_PAUSE: Duration = Duration::from_millis(500);
/// What Slack did not take at this moment is drawn again after so many seconds, as it is kept by then.
const REDRAW_PAUSES: [u32; 4] = [1, 4, 15, 40];
/// Such a pause ends early with the second in which something else waits.
const SECOND: Duration = Duration::from_secs(1);
/// A test is sent at once or not at all.
const TEST_SECONDS: i64 = 60;

/// The channels that are being redrawn: what comes meanwhile is done after.
#[derive(Debug, Default)]
pub(super) struct Redraws(Mutex<HashMap<Place, Vec<String>>>, Notify);

/// A channel that is being redrawn: it is so until nothing else is asked for, or something cuts it off.
#[derive(Debug)]
struct Redrawing {
    redraws: Arc<Redraws>,
    place: Place,
    is_over: bool,
}

impl Redraws {
    fn held(&self) -> MutexGuard<'_, HashMap<Place, Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A channel for the caller to redraw; none where whoever redraws it already does this too.
    fn begin(self: &Arc<Self>, place: &Place, posted_ts: &str) -> Option<Redrawing> {
        let mut under_way = self.held();
        if let Some(wanted) = under_way.get_mut(place) {
            wanted.push(posted_ts.to_owned());
            return None;
        }
        under_way.insert(place.clone(), Vec::new());
        Some(Redrawing { redraws: Arc::clone(self), place: place.clone(), is_over: false })
    }

    /// Whether something else was asked for meanwhile.
    fn is_wanted(&self, place: &Place) -> bool {
        self.held().get(place).is_some_and(|wanted| !wanted.is_empty())
    }

    fn is_idle(&self) -> bool {
        self.held().is_empty()
    }
}

impl Redrawing {
    /// What else was asked for meanwhile; where that is nothing, the next who asks redraws.
    fn next(&mut self) -> Vec<String> {
        let mut under_way = self.redraws.held();
        let wanted = under_way.get_mut(&self.place).map(std::mem::take).unwrap_or_default();
        if wanted.is_empty() {
            under_way.remove(&self.place);
            // From here on the channel may be another's to redraw.
            self.is_over = true;
            self.redraws.1.notify_waiters();
        }
        wanted
    }
}

impl Drop for Redrawing {
    fn drop(&mut self) {
        if !self.is_over {
            self.redraws.held().remove(&self.place);
            self.redraws.1.notify_waiters();
        }
    }
}

/// Redraws the messages of today about a channel, after something of it changed. Returns at once.
pub fn refresh(app: &Arc<App>, place: &Place) {
    refresh_with(app, place, "");
}

/// Redraws the messages of today about a channel, and this one, on which somebody pressed. Returns at once.
pub fn refresh_with(app: &Arc<App>, place: &Place, message_ts: &str) {
    let Some(mut turn) = app.reminders.redraws.begin(place, message_ts) else { return };
    let (app, mut wanted) = (Arc::clone(app), vec![message_ts.to_owned()]);
    tokio::spawn(async move {
        while !wanted.is_empty() {
            wanted.sort();
            wanted.dedup();
            for message_ts in &wanted {
                if let Err(broken) = redraw(&app, &turn.place, message_ts).await {
                    warn!(%broken, "messages were not redrawn");
                }
            }
            wanted = turn.next();
        }
    });
}

/// Waits until nothing is being redrawn.
pub async fn idle(app: &App) {
    loop {
        let ended = app.reminders.redraws.1.notified();
        if app.reminders.redraws.is_idle() {
            return;
        }
        ended.await;
    }
}

/// Reminds a channel again that was paused, from its next turn on; whether it was.
pub async fn resume(app: &App, place: &Place) -> bool {
    let resumed = async {
        let Some(channel) = app.store.channel(place).await? else { return Ok(false) };
        app.store.resume(place, Some(super::plan::next_at(&channel, app.clock.moment()))).await
    };
    resumed.await.unwrap_or_else(|broken: Broken| {
        warn!(%broken, "a channel was not resumed");
        false
    })
}

/// Posts what is due in a channel now, as a test: it stands for no day. Says why it did not work, as a sentence.
///
/// # Errors
/// Why there is no test.
pub async fn test_now(app: &Arc<App>, place: &Place, user: &str) -> Result<(), String> {
    const LOST: &str = "The test could not be sent. Try again.";
    let now = app.clock.moment();
    let new = New {
        id: random_name(),
        place: place.clone(),
        recipient: place.channel.clone(),
        kind: Kind::Test,
        // A second press within the minute is the same test.
        slot: format!("test:{}:{}:{user}:{}", place.installation, place.channel, now / TEST_SECONDS),
        not_before: now,
        not_after: now + TEST_SECONDS,
        detail: String::new(),
    };
    let broken = |broken: Broken| {
        warn!(%broken, "a test was not sent");
        LOST.to_owned()
    };
    if !app.store.put(&new, now).await.map_err(broken)? {
        return Ok(());
    }
    let Some(held) = app.store.claim_one(&new.id, now).await.map_err(broken)? else {
        app.reminders.wake();
        return Ok(());
    };
    super::send::deliver(Arc::clone(app), held).await;
    let sent = app.store.delivery(&new.id).await.map_err(broken)?;
    match sent.as_ref().map(|sent| (sent.state.as_str(), sent.error.as_str())) {
        Some(("sent" | "ambiguous" | "pending", _)) => Ok(()),
        Some((_, "not_in_channel" | "channel_not_found")) => {
            Err("pod-check is not in this channel: invite it with /invite @pod-check, and try again."
                .to_owned())
        }
        Some((_, "is_archived")) => Err("The channel is archived.".to_owned()),
        Some(("cancelled", _)) => {
            Err("Nothing is tracked in this channel: there is nothing to send.".to_owned())
        }
        _ => Err(LOST.to_owned()),
    }
}

async fn redraw(app: &App, place: &Place, message_ts: &str) -> Result<(), Broken> {
    let now = app.clock.moment();
    let Some(channel) = app.store.channel(place).await? else { return Ok(()) };
    let zone = Zone::or_utc(&channel.zone);
    let begin = zone.moment(zone.day_at(now), 0).unwrap_or(now);
    let (mut drawn, mut late) = (HashSet::new(), Vec::new());
    for _ in 0..LOOKS_MAX {
        let found = app.store.standing(place, begin, message_ts, STANDING_MAX).await?;
        let Some(installed) = app.installed_by_id(&place.installation).await else { return Ok(()) };
        let (standing, coming): (Vec<_>, Vec<_>) = found.iter().partition(|found| found.state == "sent");
        for standing in standing.into_iter().filter(|standing| standing.kind != Kind::Notice) {
            if drawn.insert(standing.id.clone())
                && !redraw_one(app, &installed, place, standing.clone()).await?
            {
                late.push(standing.id.clone());
            }
        }
        // Who asks next looks for it again.
        if coming.is_empty() || app.reminders.redraws.is_wanted(place) {
            break;
        }
        sleep(LOOK_PAUSE).await;
    }
    redraw_late(app, place, late).await
}

/// Draws again what Slack did not take, once all else is drawn.
async fn redraw_late(app: &App, place: &Place, mut late: Vec<String>) -> Result<(), Broken> {
    for pause in REDRAW_PAUSES {
        if late.is_empty() {
            return Ok(());
        }
        for _ in 0..pause {
            sleep(SECOND).await;
            if app.reminders.is_stopping() || app.reminders.redraws.is_wanted(place) {
                break;
            }
        }
        let Some(installed) = app.installed_by_id(&place.installation).await else { return Ok(()) };
        for id in std::mem::take(&mut late) {
            let Some(standing) = app.store.delivery(&id).await? else { continue };
            if !redraw_one(app, &installed, place, standing).await? {
                late.push(id);
            }
        }
    }
    Ok(())
}

/// Redraws one message until it says what is kept: somebody else may have changed that while it was on its way. No where
/// Slack did not take it at this moment.
async fn redraw_one(
    app: &App,
    installed: &Installed,
    place: &Place,
    mut standing: Delivery,
) -> Result<bool, Broken> {
    let posted = Posted { channel: standing.posted_in.clone(), ts: standing.posted_ts.clone() };
    let mut told = None;
    for _ in 0..ROUNDS_MAX {
        let Some(channel) = app.store.channel(place).await? else { return Ok(true) };
        let (message, detail) = redrawn(app, installed, &channel, &standing, app.clock.moment()).await?;
        if detail != standing.detail {
            if !app.store.now_shows(&standing.id, &standing.detail, &detail).await? {
                // What was told of something is forgotten, or somebody else drew it.
                let Some(by_now) = app.store.delivery(&standing.id).await? else { return Ok(true) };
                standing = by_now;
                continue;
            }
            standing.detail = detail;
        }
        if told.as_ref() == Some(&message) {
            return Ok(true);
        }
        let updated = app.calling(installed, async |token| app.slack.update(&token, &posted, &message).await);
        match updated.await {
            Ok(()) => told = Some(message),
            Err(failed) => {
                info!(%failed, may_pass = failed.may_pass(), "a message was not redrawn");
                return Ok(!failed.may_pass());
            }
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Place {
        Place { installation: "i1".to_owned(), channel: "C1".to_owned() }
    }

    #[test]
    fn a_channel_is_redrawn_by_one_who_does_what_the_others_ask_for() {
        let redraws = Arc::new(Redraws::default());
        let mut turn = redraws.begin(&channel(), "").unwrap();
        assert!(redraws.begin(&channel(), "1.1").is_none());
        assert!(redraws.is_wanted(&channel()));
        assert_eq!(turn.next(), ["1.1"]);
        assert!(redraws.begin(&channel(), "1.2").is_none(), "it is not over yet");
        assert_eq!(turn.next(), ["1.2"]);
        assert!(turn.next().is_empty());
        assert!(redraws.is_idle());
    }

    #[test]
    fn whose_turn_is_over_leaves_the_next_one_alone() {
        let redraws = Arc::new(Redraws::default());
        let mut first = redraws.begin(&channel(), "").unwrap();
        assert!(first.next().is_empty());
        let second = redraws.begin(&channel(), "").unwrap();
        drop(first);
        assert!(redraws.begin(&channel(), "1.1").is_none(), "the second is under way");
        drop(second);
        assert!(redraws.is_idle(), "and what cut it off took its mark away");
    }
}
