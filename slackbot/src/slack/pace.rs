//! When the next call may go out: a message a second and channel, and as long as Slack says after it refused.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Slack takes about one message a second and channel.
const CHANNEL_SPACING: Duration = Duration::from_millis(1_100);
/// More than this are cleared of those whose time has passed.
const KEPT_MAX: usize = 10_000;

/// From when each channel and each method may be called.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, Instant>>);

impl Pace {
    /// How long a message to `channel` has to wait; its turn is taken.
    pub(super) fn turn(&self, channel: &str) -> Duration {
        let now = Instant::now();
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() >= KEPT_MAX {
            free.retain(|_, from| *from > now);
        }
        let from = free.get(channel).copied().unwrap_or(now).max(now);
        free.insert(channel.to_owned(), from + CHANNEL_SPACING);
        from - now
    }

    /// How long `method` has to wait still.
    pub(super) fn closed(&self, method: &str) -> Duration {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.get(method).map_or(Duration::ZERO, |from| from.saturating_duration_since(Instant::now()))
    }

    /// Slack wants no call of `method` for so long.
    pub(super) fn close(&self, method: &str, wait: Duration) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.insert(method.to_owned(), Instant::now() + wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_channel_waits_and_another_does_not() {
        let pace = Pace::default();
        assert_eq!(pace.turn("C1"), Duration::ZERO);
        assert_eq!(pace.turn("C1"), CHANNEL_SPACING);
        assert_eq!(pace.turn("C1"), 2 * CHANNEL_SPACING);
        assert_eq!(pace.turn("C2"), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pace.turn("C1"), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_method_that_slack_closed_opens_again() {
        let pace = Pace::default();
        pace.close("chat.postMessage", Duration::from_secs(3));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(pace.closed("chat.postMessage"), Duration::from_secs(1));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(pace.closed("chat.postMessage"), Duration::ZERO);
    }
}
