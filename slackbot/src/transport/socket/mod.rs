//! Socket Mode: Slack delivers by a connection that the bot opens, so nobody outside has to reach it.
//!
//! One connection stands at a time. Slack ends each after some hours and says so before: the next one stands before the
//! old one goes, and what still comes by the old one is answered by it. What is delivered goes through the same reading
//! and the same `dispatch` as over HTTP.

mod envelope;
mod line;

use crate::app::App;
use crate::slack::Token;
use line::{Leave, Line};
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

/// How long Socket Mode waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From asking for a connection to Slack's greeting on it.
    pub connect_max: Duration,
    /// A connection on which nothing was heard for so long is dead.
    pub silence_max: Duration,
    /// Between two pings, which a living Slack answers.
    pub ping_every: Duration,
    /// The first pause before another try, at most; each one after may be twice as long.
    pub pause: Duration,
    /// No pause is longer.
    pub pause_max: Duration,
    /// After a connection that stood for so long, pauses begin anew.
    pub steady: Duration,
    /// So long the old connection is read after the new one stands; Slack ends it sooner.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect_max: Duration::from_secs(30),
            silence_max: Duration::from_secs(90),
            ping_every: Duration::from_secs(20),
            pause: Duration::from_secs(1),
            pause_max: Duration::from_secs(30),
            steady: Duration::from_secs(60),
            linger: Duration::from_secs(10),
        }
    }
}

impl Patience {
    /// A pause of any length up to twice the last one's most: many bots that lost Slack at once come back apart.
    fn pause_before(&self, tries: u32) -> Duration {
        let most = self.pause.saturating_mul(1 << tries.min(16)).min(self.pause_max);
        let mut bytes = [0; 4];
        // Without chance, the longest pause is the safe one.
        let share = match SystemRandom::new().fill(&mut bytes) {
            Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
            Err(_) => 1.0,
        };
        most.mul_f64(share)
    }
}

/// Keeps a connection to Slack until `stopped`; what was delivered by then is answered.
pub(super) async fn run(app: Arc<App>, token: Token, patience: Patience, stopped: watch::Receiver<bool>) {
    let mut lines = JoinSet::new();
    let mut told = stopped.clone();
    tokio::select! {
        () = keep(&app, &token, patience, &stopped, &mut lines) => {}
        _ = told.wait_for(|is_stopped| *is_stopped) => {}
    }
    while let Some(ended) = lines.join_next().await {
        if let Err(ended) = ended {
            error!(broke = ended.is_panic(), "a connection of Socket Mode ended badly");
        }
    }
}

/// Connects, again and again; ends when Slack says that Socket Mode is turned off.
async fn keep(
    app: &Arc<App>,
    token: &Token,
    patience: Patience,
    stopped: &watch::Receiver<bool>,
    lines: &mut JoinSet<()>,
) {
    let mut tries = 0;
    let mut is_first = true;
    // Dropping it lets the line before go.
    let mut _current;
    loop {
        let began = Instant::now();
        let left = match Line::open(app, token, patience, is_first).await {
            Ok(line) => {
                is_first = false;
                info!("Socket Mode is connected");
                let (leave, left) = oneshot::channel();
                let (successor, succeeded) = oneshot::channel();
                lines.spawn(line.attend(leave, succeeded, stopped.clone()));
                _current = successor;
                left.await.unwrap_or(Leave::Broken("its task ended".to_owned()))
            }
            Err(left) => left,
        };
        while lines.try_join_next().is_some() {}
        if began.elapsed() >= patience.steady {
            tries = 0;
        }
        match left {
            Leave::Refresh if tries == 0 => info!("Slack asks for another connection"),
            Leave::Stopped => return,
            Leave::Disabled => {
                error!(
                    "Socket Mode is turned off in the app's settings, and the bot hears nothing: turn it on under \
                     Socket Mode at api.slack.com/apps, and start the bot again"
                );
                return;
            }
            left => {
                let pause = patience.pause_before(tries);
                warn!(why = %left, pause_seconds = pause.as_secs_f64(), "Socket Mode is to be connected again");
                sleep(pause).await;
            }
        }
        tries += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute_and_differ() {
        let patience = Patience::default();
        let longest = |tries| (0..200).map(|_| patience.pause_before(tries)).max().unwrap();
        assert!(longest(0) <= Duration::from_secs(1));
        assert!((Duration::from_secs(2)..=Duration::from_secs(4)).contains(&longest(2)));
        for tries in [5, 40, u32::MAX] {
            assert!((Duration::from_secs(15)..=Duration::from_secs(30)).contains(&longest(tries)));
        }
        let shortest = (0..200).map(|_| patience.pause_before(5)).min().unwrap();
        assert!(shortest < Duration::from_secs(15));
    }
}
