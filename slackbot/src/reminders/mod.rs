//! Reminders: what is due is planned by each channel's own clock, kept in the outbox, and sent.
//!
//! Every replica does all of it; none leads. What happens once has a slot in the outbox, what is being done has a lease.

mod digest;
pub mod due;
pub mod kept;
mod names;
pub mod plan;
mod refresh;
pub mod schedule;
pub mod send;

pub use plan::{next_at, next_at_changed};
pub use refresh::{idle, refresh, refresh_with, resume, test_now};
pub use send::arrived;

use crate::app::App;
use crate::store::Broken;
use crate::tracking::Drawings;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::warn;

/// How long nobody looks while nothing waits.
const IDLE: Duration = Duration::from_secs(30);
/// How long nobody looks while something waits for its turn.
const BUSY: Duration = Duration::from_secs(2);
/// With fewer messages under way, more are claimed at once.
const SENDERS_LOW: usize = send::SENDERS_MAX / 2;
/// What is being posted may finish so long after the program was told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(12);
/// What is being redrawn, so long after that: a call without an answer takes as long, and what Slack did not take at once
/// is tried a few times more within it.
const FINISH_TIMEOUT: Duration = Duration::from_secs(10);

/// What the reminders of one program share.
#[derive(Debug, Default)]
pub struct Reminders {
    wake: Notify,
    is_stopping: AtomicBool,
    /// When turns were looked for last.
    looked_at: AtomicI64,
    redraws: Arc<refresh::Redraws>,
    names: names::Names,
    /// The home pages that are being drawn, on which persons read what is due of them.
    pub(crate) homes: Drawings,
}

impl Reminders {
    /// Something may be there to send.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}

/// Plans and sends until `stop` ends; what is being posted then is finished, and the rest is left to the next.
pub async fn run(app: Arc<App>, stop: impl Future<Output = ()>) {
    let mut senders = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let wait = match round(&app, &mut senders).await {
            Ok(wait) => wait,
            Err(broken) => {
                warn!(%broken, "reminders wait for the database");
                BUSY
            }
        };
        tokio::select! {
            () = &mut stop => break,
            () = sleep(wait) => {}
            () = app.reminders.wake.notified() => {}
            () = half_of(&mut senders), if senders.len() > SENDERS_LOW => {}
        }
        while senders.try_join_next().is_some() {}
    }
    app.reminders.is_stopping.store(true, Ordering::Relaxed);
    let drained = async { while senders.join_next().await.is_some() {} };
    if timeout(DRAIN_TIMEOUT, drained).await.is_err() {
        warn!("reminders were left unfinished");
    }
}

/// Lets what is being redrawn come to its end, once nobody changes anything any more.
pub async fn finish(app: &App) {
    if timeout(FINISH_TIMEOUT, idle(app)).await.is_err() {
        warn!("messages were left as they were before the last changes");
    }
}

/// Waits until half of the messages that may be under way are done.
async fn half_of(senders: &mut JoinSet<()>) {
    while senders.len() > SENDERS_LOW {
        senders.join_next().await;
    }
}

/// One look at what is to be done; how long nobody needs to look again.
async fn round(app: &Arc<App>, senders: &mut JoinSet<()>) -> Result<Duration, Broken> {
    let now = app.clock.moment();
    let planned = plan::tick(app, now).await?;
    send::begin(app, now, senders).await?;
    if planned > 0 || !senders.is_empty() {
        return Ok(BUSY);
    }
    let backlog = app.store.backlog(now).await?;
    Ok(if backlog.pending + backlog.ambiguous == 0 { IDLE } else { BUSY })
}
