//! Which channels' turns have come, and what each is sent: planned by anybody, any number of times, once.

use super::schedule::{Schedule, Zone};
use crate::app::App;
use crate::memory::random_name;
use crate::metrics::Reminded;
use crate::store::outbox::Step;
use crate::store::{Broken, Channel};
use std::sync::atomic::Ordering;
use tracing::{info, warn};

/// So many channels are planned in one step: a statement of about 100 kB.
const CHANNELS_A_STEP: usize = 500;
/// The turn of a channel that wants no day.
const NEVER: i64 = i64::MAX;
/// Settings that are saved so soon after a turn do not take it away: nobody may have planned it yet.
const GRACE_SECONDS: i64 = 120;

/// Clocks are set right by less than this all the time.
const PUT_BACK_SECONDS: i64 = 60;

/// Plans what is due at `now`, in seconds since 1970. How many channels had their turn.
///
/// After a time in which nobody planned, a channel has one turn, today's, if that is not four hours ago: what an earlier
/// one would have said is in it.
///
/// # Errors
/// When the database is lost; what was planned until then stays planned.
pub async fn tick(app: &App, now: i64) -> Result<u64, Broken> {
    if now < app.reminders.looked_at.swap(now, Ordering::Relaxed) - PUT_BACK_SECONDS {
        // Turns that were worked out by a clock that ran ahead may be years away.
        let channels = app.store.plan_anew(now).await?;
        warn!(channels, "the clock was put back: turns are worked out again");
    }
    let mut planned = 0;
    loop {
        let waiting = app.store.waiting(now, CHANNELS_A_STEP as i64).await?;
        if waiting.is_empty() {
            return Ok(planned);
        }
        let steps: Vec<Step> = waiting.iter().map(|channel| step(channel, now)).collect();
        let moved = app.store.plan(&steps, now).await?;
        planned += moved;
        // Whoever else is planning has the rest.
        if moved == 0 {
            return Ok(planned);
        }
        let is_missed = |(channel, step): &(&Channel, &Step)| {
            is_wanted(channel) && channel.next_at.is_some() && step.slot.is_empty()
        };
        let missed = waiting.iter().zip(&steps).filter(is_missed).count();
        if missed > 0 {
            info!(channels = missed, "turns were over before they could be planned");
            app.metrics.reminders(Reminded::Missed, missed as u64);
        }
    }
}

/// When a channel that is being saved, or resumed, has its next turn.
pub fn next_at(channel: &Channel, now: i64) -> i64 {
    let zone = Zone::or_utc(&channel.zone);
    Schedule::of(channel, &zone).next_after(now).map_or(NEVER, |turn| turn.at)
}

/// When a channel has its next turn whose settings were `before` and are saved now.
///
/// Where today's turn had not come, or nobody has planned it yet, it still is to come: at once, where its new hour is over
/// and it is not too late. The day of a slot is the channel's, so that a digest that was sent is not sent again.
pub fn next_at_changed(before: &Channel, channel: &Channel, now: i64) -> i64 {
    let zone = Zone::or_utc(&channel.zone);
    let is_open = is_wanted(before) && before.next_at.is_some_and(|at| at < zone.day_end(now));
    let due = Schedule::of(channel, &zone).due_at(now).filter(|_| is_open);
    due.map_or_else(|| next_at(channel, now), |turn| turn.at)
}

fn is_wanted(channel: &Channel) -> bool {
    channel.is_on && channel.paused.is_empty()
}

fn step(channel: &Channel, now: i64) -> Step {
    let zone = Zone::or_utc(&channel.zone);
    let schedule = Schedule::of(channel, &zone);
    let due = schedule.due_at(now).filter(|_| is_wanted(channel) && channel.next_at.is_some());
    // A channel that was set up or changed has its first turn after that, which may have come by now.
    let from = if channel.next_at.is_none() { channel.changed_at - GRACE_SECONDS } else { now };
    Step {
        installation: channel.place.installation.clone(),
        channel: channel.place.channel.clone(),
        was: channel.next_at,
        next: is_wanted(channel).then(|| next_at(channel, from)),
        id: random_name(),
        slot: due.map_or(String::new(), |turn| {
            format!("digest:{}:{}:{}", channel.place.installation, channel.place.channel, turn.day)
        }),
        not_after: due.map_or(now, |turn| schedule.late(turn)),
    }
}
