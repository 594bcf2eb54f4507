//! Which channels' turns have come, and what each is sent: planned by anybody, any number of times, once.

use super::schedule::{Schedule, Zone};
use crate::app::App;
use crate::memory::random_name;
use crate::metrics::Reminded;
use crate::store::Broken;
use crate::store::outbox::{Step, Waiting};
use tracing::info;

/// The turn of a channel that wants no day.
const NEVER: i64 = i64::MAX;
/// So many channels are planned in one step: a statement of about 100 kB.
const CHANNELS_A_STEP: i64 = 500;

/// Plans what is due at `now`, in seconds since 1970. How many channels had their turn.
///
/// After a time in which nobody planned, a channel has one turn, today's, if that is not four hours ago: what an earlier
/// one would have said is in it.
///
/// # Errors
/// When the database is lost; what was planned until then stays planned.
pub async fn tick(app: &App, now: i64) -> Result<u64, Broken> {
    let mut planned = 0;
    loop {
        let waiting = app.store.waiting(now, CHANNELS_A_STEP).await?;
        let steps: Vec<Step> = waiting.iter().map(|waiting| step(waiting, now)).collect();
        if steps.is_empty() {
            return Ok(planned);
        }
        let missed = waiting
            .iter()
            .zip(&steps)
            .filter(|(waiting, step)| waiting.is_wanted && waiting.next_at.is_some() && step.slot.is_empty());
        let missed = missed.count();
        let moved = app.store.plan(&steps, now).await?;
        planned += moved;
        if missed > 0 && moved > 0 {
            info!(channels = missed, "turns were missed by more than hours, and wait for the next");
            app.metrics.reminders(Reminded::Missed, missed as u64);
        }
        // Whoever else is planning has the rest.
        if moved == 0 || waiting.len() < usize::try_from(CHANNELS_A_STEP).unwrap_or(usize::MAX) {
            return Ok(planned);
        }
    }
}

fn step(waiting: &Waiting, now: i64) -> Step {
    let zone = Zone::or_utc(&waiting.zone);
    let schedule = Schedule {
        zone: &zone,
        at_minute: waiting.at_minute,
        weekdays: waiting.weekdays,
        holidays: &waiting.holidays,
    };
    // A channel that was set up or changed has its first turn after that, which may have come by now.
    let from = if waiting.next_at.is_none() { waiting.changed_at } else { now };
    let next = schedule.next_after(from).filter(|_| waiting.is_wanted);
    let due = schedule.due_at(now).filter(|_| waiting.is_wanted && waiting.next_at.is_some());
    Step {
        installation: waiting.place.installation.clone(),
        channel: waiting.place.channel.clone(),
        was: waiting.next_at,
        next: next.map(|turn| turn.at).or(waiting.is_wanted.then_some(NEVER)),
        id: random_name(),
        slot: due.map_or(String::new(), |turn| {
            format!("digest:{}:{}:{}", waiting.place.installation, waiting.place.channel, turn.day)
        }),
        not_after: due.map_or(now, |turn| schedule.late(turn)),
    }
}
