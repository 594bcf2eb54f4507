//! When the next call may go out: a message a second and channel, and as long as Slack says after it refused. Slack counts
//! for each workspace apart, so each token has times of its own.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Slack takes about one message a second and channel.
const CHANNEL_SPACING: Duration = Duration::from_millis(1_100);
/// Nothing is closed for longer, whatever Slack says.
const CLOSED_MAX: Duration = Duration::from_secs(60 * 60);
/// More than this are cleared of those whose time has passed; where none has, what comes then waits for nothing.
const KEPT_MAX: usize = 10_000;

/// From when each channel and each method may be called with each token.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// By a hash of the token and the name: no token is kept here.
    free: Mutex<HashMap<u64, Instant>>,
    hasher: RandomState,
}

impl Pace {
    /// How long a message to `channel` has to wait; its turn is taken.
    pub(super) fn turn(&self, token: &str, channel: &str) -> Duration {
        let now = Instant::now();
        self.moved(token, channel, |from| from.max(now) + CHANNEL_SPACING).saturating_duration_since(now)
    }

    /// How long `method` has to wait still.
    pub(super) fn closed(&self, token: &str, method: &str) -> Duration {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let from = free.get(&self.hasher.hash_one((token, method)));
        from.map_or(Duration::ZERO, |from| from.saturating_duration_since(Instant::now()))
    }

    /// Slack wants no call of `method` for so long.
    pub(super) fn close(&self, token: &str, method: &str, wait: Duration) {
        let until = Instant::now() + wait.min(CLOSED_MAX);
        self.moved(token, method, |_| until);
    }

    /// Moves the time from which something may be called; what it was before.
    fn moved(&self, token: &str, name: &str, moved: impl FnOnce(Instant) -> Instant) -> Instant {
        let now = Instant::now();
        let key = self.hasher.hash_one((token, name));
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let before = free.get(&key).copied();
        if before.is_none() && free.len() >= KEPT_MAX {
            free.retain(|_, from| *from > now);
        }
        if before.is_some() || free.len() < KEPT_MAX {
            free.insert(key, moved(before.unwrap_or(now)));
        }
        before.unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_channel_waits_and_another_does_not() {
        let pace = Pace::default();
        assert_eq!(pace.turn("a", "C1"), Duration::ZERO);
        assert_eq!(pace.turn("a", "C1"), CHANNEL_SPACING);
        assert_eq!(pace.turn("a", "C1"), 2 * CHANNEL_SPACING);
        assert_eq!(pace.turn("a", "C2"), Duration::ZERO);
        assert_eq!(pace.turn("b", "C1"), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pace.turn("a", "C1"), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_method_that_slack_closed_opens_again() {
        let pace = Pace::default();
        let closed = |token| pace.closed(token, "chat.postMessage");
        pace.close("a", "chat.postMessage", Duration::from_secs(3));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!((closed("a"), closed("b")), (Duration::from_secs(1), Duration::ZERO));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(closed("a"), Duration::ZERO);
        pace.close("a", "chat.postMessage", Duration::MAX);
        assert_eq!(closed("a"), CLOSED_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_tokens_there_are_so_many_times_are_kept() {
        let pace = Pace::default();
        for token in 0..2 * KEPT_MAX {
            pace.close(&token.to_string(), "views.open", Duration::from_secs(3));
        }
        let kept = || pace.free.lock().unwrap().len();
        assert_eq!(kept(), KEPT_MAX);
        tokio::time::advance(Duration::from_secs(4)).await;
        pace.close("a", "views.open", Duration::from_secs(3));
        assert_eq!(kept(), 1);
        assert!(!format!("{pace:?}").contains("views.open"));
    }
}
