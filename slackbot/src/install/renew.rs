//! New tokens for old ones, where tokens rotate: before they end, and when Slack says that they have.
//!
//! A refresh token works once, so one asks and the others wait: within the program by a lock, among replicas by a claim
//! in the store. What was had goes in only where the old one still stands.

use super::{Installed, Registration, Tokens, looked_up};
use crate::config::Secret;
use crate::seal::{Column, Keyring};
use crate::slack::{Failed, Grant};
use crate::store::{Installation, SealedTokens};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::sleep;
use tracing::{info, warn};

/// A token that ends sooner is renewed.
const RENEW_WITHIN_SECONDS: i64 = 2 * 60 * 60;
/// Longer than a call takes: who claimed it and has nothing by then is gone.
const CLAIM_SECONDS: i64 = 20;
/// After one failed, nobody in this program asks again for so many seconds.
const PAUSE_SECONDS: i64 = 10;
/// Another replica's result is looked for so often, a tenth of a second apart.
const LOOKS_MAX: usize = 120;
const LOOK_PAUSE: Duration = Duration::from_millis(100);
/// A new token that the database does not take is offered again.
const KEEP_TRIES: usize = 5;
const KEEP_PAUSE: Duration = Duration::from_secs(1);
/// So many can be renewed at a time.
const TURNS: usize = 16;

/// Refusals after which no token comes any more.
const LOST: [&str; 5] =
    ["invalid_refresh_token", "token_revoked", "token_expired", "account_inactive", "invalid_auth"];

/// Whose turn it is to ask, by installation; with the last one that failed, and when.
#[derive(Debug, Default)]
pub(super) struct Turns([Mutex<Option<(String, i64)>>; TURNS]);

impl Turns {
    fn of(&self, id: &str) -> &Mutex<Option<(String, i64)>> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
        let turn = usize::try_from(hash % TURNS as u64).unwrap_or_default();
        &self.0[turn]
    }
}

/// Tokens as they are kept.
pub(super) fn sealed(
    keys: &Keyring,
    id: &str,
    token: &Secret,
    refresh_token: Option<&Secret>,
    expires_at: Option<i64>,
) -> SealedTokens {
    let refresh_token = refresh_token.map(|token| keys.seal(id, Column::RefreshToken, token));
    SealedTokens {
        token: keys.seal(id, Column::Token, token),
        refresh_token: refresh_token.unwrap_or_default(),
        key_id: keys.current_id().to_owned(),
        expires_at,
    }
}

fn lives(installation: &Installation, now: i64) -> bool {
    installation.tokens.expires_at.is_none_or(|at| at > now)
}

impl Tokens {
    /// An installation whose token can be used, with a new one where the old one ends soon.
    pub(super) async fn fresh(self: &Arc<Self>, installation: Installation) -> Option<Installation> {
        let now = self.clock.moment();
        let ends_soon = |at: i64| at.saturating_sub(now) < RENEW_WITHIN_SECONDS;
        let is_renewable = installation.is_active && !installation.tokens.refresh_token.is_empty();
        if is_renewable && installation.tokens.expires_at.is_some_and(ends_soon) {
            let may_wait = !lives(&installation, now);
            self.renewed(installation, may_wait).await
        } else {
            Some(installation).filter(|installation| lives(installation, now))
        }
    }

    /// The installation with another token than the one that Slack does not take any more; none where there is none.
    pub(super) async fn replaced(
        self: &Arc<Self>,
        installation: &Installation,
        failed: &Failed,
    ) -> Option<Installed> {
        self.cache.forget(&installation.id);
        if self.home_token(&installation.tenant).await.is_some() {
            warn!(%failed, "SLACK_BOT_TOKEN does not work any more");
            self.forget_home().await;
            return None;
        }
        let now = looked_up(self.store.installation(&installation.id).await)?;
        let is_old = now.generation == installation.generation;
        if is_old && now.tokens.refresh_token.is_empty() {
            self.lost(&now, failed).await;
            return None;
        }
        let renewed = if is_old { self.renewed(now, true).await? } else { now };
        // The same again would be refused again.
        let is_new = renewed.generation != installation.generation;
        self.opened(renewed).filter(|_| is_new)
    }

    /// Notes that Slack takes no token of this installation any more.
    pub(super) async fn lost(&self, installation: &Installation, failed: &Failed) {
        let id = &installation.id;
        self.cache.forget(id);
        match self.store.revoke(id, installation.generation, self.clock.moment()).await {
            Ok(true) => warn!(installation = id, %failed, "its token is revoked"),
            Ok(false) => {}
            Err(broken) => warn!(%broken, "a revoked token was not noted"),
        }
    }

    /// In a task of its own: where the caller goes away meanwhile, what Slack gave must still be kept.
    async fn renewed(self: &Arc<Self>, installation: Installation, may_wait: bool) -> Option<Installation> {
        let tokens = Arc::clone(self);
        let renewal = tokio::spawn(async move { tokens.renew(installation, may_wait).await });
        renewal.await.ok().flatten()
    }

    async fn renew(&self, old: Installation, may_wait: bool) -> Option<Installation> {
        let mut turn = self.turns.of(&old.id).lock().await;
        for _ in 0..LOOKS_MAX {
            let now = self.clock.moment();
            let installation = looked_up(self.store.installation(&old.id).await)?;
            if installation.generation != old.generation || !installation.is_active {
                return Some(installation);
            }
            let has_failed =
                |(id, at): &(String, i64)| *id == old.id && now.abs_diff(*at) < PAUSE_SECONDS.unsigned_abs();
            if turn.as_ref().is_some_and(has_failed) {
                return Some(installation).filter(|installation| lives(installation, now));
            }
            match self.store.claim_renewal(&old.id, old.generation, now, now + CLAIM_SECONDS).await {
                Ok(true) => {
                    let renewed = self.exchanged(&installation).await;
                    *turn = renewed.is_none().then(|| (old.id.clone(), now));
                    if renewed.is_some() {
                        return renewed;
                    }
                }
                Ok(false) if may_wait => sleep(LOOK_PAUSE).await,
                Ok(false) => return Some(installation),
                Err(broken) => {
                    warn!(%broken, "a token was not renewed");
                    return Some(installation).filter(|_| !may_wait);
                }
            }
        }
        None
    }

    /// Asks Slack for a new token, and keeps it; none where there was none.
    async fn exchanged(&self, installation: &Installation) -> Option<Installation> {
        let Installation { id, generation, .. } = installation;
        let Registration { client, keys, .. } = self.registration.as_ref()?;
        let refresh_token = self.open(installation, Column::RefreshToken)?;
        let grant = match self.slack.refresh(client, &refresh_token).await {
            Ok(grant) => grant,
            Err(failed) => {
                self.not_renewed(installation, &failed).await;
                return None;
            }
        };
        let Grant { access_token, refresh_token: next, expires_in, .. } = grant;
        let now = self.clock.moment();
        let expires_at = expires_in.map(|seconds| now.saturating_add(seconds));
        let tokens = sealed(keys, id, &access_token, Some(&next.unwrap_or(refresh_token)), expires_at);
        self.cache.forget(id);
        // Slack gives it once: it is worth more than one try.
        for _ in 0..KEEP_TRIES {
            match self.store.renew(id, *generation, &tokens, now).await {
                Ok(true) => info!(installation = id, "its token is renewed"),
                // Installed again meanwhile, or gone: what is there now counts.
                Ok(false) => info!(installation = id, "a new token came too late"),
                Err(broken) => {
                    warn!(installation = id, %broken, "a new token is not kept yet");
                    sleep(KEEP_PAUSE).await;
                    continue;
                }
            }
            return looked_up(self.store.installation(id).await);
        }
        None
    }

    async fn not_renewed(&self, installation: &Installation, failed: &Failed) {
        if matches!(failed, Failed::Refused(code) if LOST.contains(&code.as_str())) {
            return self.lost(installation, failed).await;
        }
        warn!(installation = installation.id, %failed, "a token was not renewed");
        if let Err(broken) = self.store.give_up_renewal(&installation.id, installation.generation).await {
            warn!(%broken, "a renewal was not given up");
        }
    }
}
