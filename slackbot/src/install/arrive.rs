//! How a workspace or an organisation comes: to Slack's consent page, and back with a code.

use super::{BEGIN, Registration, Tokens, renew};
use crate::app::App;
use crate::manifest::SCOPES;
use crate::memory::{Tenant, random_name};
use crate::slack::{Failed, Grant, Named};
use crate::store::{Broken, Granted};
use ring::digest::{SHA256, digest};
use std::sync::Arc;
use tracing::{info, warn};
use url::Url;

/// Who takes longer on Slack's page begins again.
const STATE_SECONDS: i64 = 10 * 60;
/// Longer codes and states are none.
const WORD_BYTES_MAX: usize = 512;
/// Two who install the same workspace for the first time at once: one of them is second.
const KEEP_TRIES: usize = 3;

/// An installation that begins.
#[derive(Debug)]
pub struct Begun {
    /// Slack's consent page.
    pub consent_page: Url,
    /// What the browser keeps, to show that it began.
    pub state: String,
}

/// What a browser comes back with.
#[derive(Debug, Default)]
pub struct Arrival {
    /// What Slack gives for tokens.
    pub code: String,
    /// What we gave Slack.
    pub state: String,
    /// Why there is no code.
    pub error: String,
    /// What we gave the browser.
    pub cookie: String,
}

/// Why the bot is not installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be installed here.
    NotOffered,
    /// Not begun in this browser, too long ago, or done already.
    NotBegun,
    /// The person did not agree.
    Denied,
    /// Slack does not take the code.
    NotTaken,
    /// Slack does not answer, or not in words that are known.
    NoAnswer,
    /// Slack does not know the app as it is set up here.
    NotSetUp,
    /// The database did not keep it.
    NotKept,
}

/// Refusals for which the one who set the bot up must do something.
const NOT_SET_UP: [&str; 5] = [
    "invalid_client_id",
    "bad_client_secret",
    "bad_redirect_uri",
    "invalid_team_for_non_distributed_app",
    "invalid_scope",
];

impl App {
    /// Begins an installation.
    ///
    /// # Errors
    /// Why it cannot begin.
    pub async fn begin_install(&self) -> Result<Begun, Refusal> {
        let registration = self.tokens.registration.as_ref().ok_or(Refusal::NotOffered)?;
        let state = format!("{}{}", random_name(), random_name());
        let now = self.clock.moment();
        self.store.expect_state(&hash_of(&state), now, now + STATE_SECONDS).await.map_err(|broken| {
            warn!(%broken, "an installation was not begun");
            Refusal::NotKept
        })?;
        let redirect = registration.redirect();
        let consent_page = self.slack.consent_page(&registration.client, &SCOPES, &redirect, &state);
        Ok(Begun { consent_page, state })
    }

    /// Ends an installation: exchanges the code, and keeps what Slack grants.
    ///
    /// # Errors
    /// Why the bot is not installed.
    pub async fn finish_install(&self, arrival: Arrival) -> Result<(), Refusal> {
        let tokens = Arc::clone(&self.tokens);
        // In a task of its own: where the browser goes away meanwhile, what Slack grants must still be kept.
        let arrived = tokio::spawn(async move { tokens.arrived(arrival).await });
        arrived.await.unwrap_or(Err(Refusal::NotKept))
    }

    /// Whether people reach the bot by https, as everywhere but on its own machine.
    pub fn is_reached_by_https(&self) -> bool {
        self.tokens.registration.as_ref().is_none_or(|known| known.url.scheme() == "https")
    }

    /// Where an installation begins, below the bot's own address.
    pub fn begin_path(&self) -> String {
        let begin = self.tokens.registration.as_ref().map(Registration::begin);
        begin.map_or_else(|| BEGIN.to_owned(), |url| url.path().to_owned())
    }
}

impl Tokens {
    async fn arrived(&self, arrival: Arrival) -> Result<(), Refusal> {
        let registration = self.registration.as_ref().ok_or(Refusal::NotOffered)?;
        self.take_state(&arrival).await?;
        if !arrival.error.is_empty() {
            return Err(if arrival.error == "access_denied" { Refusal::Denied } else { Refusal::NotTaken });
        }
        if arrival.code.is_empty() || arrival.code.len() > WORD_BYTES_MAX {
            return Err(Refusal::NotTaken);
        }
        let redirect = registration.redirect();
        let grant = self.slack.exchange(&registration.client, &arrival.code, &redirect).await;
        let grant = grant.map_err(|failed| {
            warn!(%failed, "an installation was not granted");
            match failed {
                Failed::Refused(code) if NOT_SET_UP.contains(&code.as_str()) => Refusal::NotSetUp,
                Failed::Refused(_) => Refusal::NotTaken,
                _ => Refusal::NoAnswer,
            }
        })?;
        self.keep(registration, grant).await
    }

    /// Whether this browser began, not long ago, and did not end it yet.
    async fn take_state(&self, arrival: &Arrival) -> Result<(), Refusal> {
        let Arrival { state, cookie, .. } = arrival;
        // Both came from the browser: there is no secret of ours in this comparison.
        let is_theirs = !state.is_empty() && state.len() <= WORD_BYTES_MAX && state == cookie;
        if !is_theirs {
            return Err(Refusal::NotBegun);
        }
        match self.store.take_state(&hash_of(state), self.clock.moment()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::NotBegun),
            Err(broken) => {
                warn!(%broken, "an installation was not ended");
                Err(Refusal::NotKept)
            }
        }
    }

    async fn keep(&self, registration: &Registration, grant: Grant) -> Result<(), Refusal> {
        let granted = granted(&grant).ok_or_else(|| {
            warn!("Slack granted something else than a bot's token");
            Refusal::NoAnswer
        })?;
        let now = self.clock.moment();
        let expires_at = grant.expires_in.map(|seconds| now.saturating_add(seconds));
        for _ in 0..KEEP_TRIES {
            let kept = async {
                let id = self.store.id_for(&granted.tenant).await?;
                let refresh_token = grant.refresh_token.as_ref();
                let tokens =
                    renew::sealed(&registration.keys, &id, &grant.access_token, refresh_token, expires_at);
                let is_kept = self.store.install(&id, &granted, &tokens, now).await?;
                Ok(is_kept.then_some(id))
            };
            match kept.await {
                Ok(Some(id)) => {
                    self.cache.forget(&id);
                    let Tenant { enterprise, team } = &granted.tenant;
                    info!(installation = id, enterprise, team, "installed");
                    return Ok(());
                }
                Ok(None) => {}
                Err::<_, Broken>(broken) => {
                    warn!(%broken, "an installation was not kept");
                    return Err(Refusal::NotKept);
                }
            }
        }
        warn!("an installation was not kept: others of the same workspace were faster");
        Err(Refusal::NotKept)
    }
}

/// What a grant brings; none where it is not one for a bot, or ends and cannot be renewed.
fn granted(grant: &Grant) -> Option<Granted> {
    let id = |named: &Option<Named>| named.as_ref().map(|named| named.id.clone()).unwrap_or_default();
    let tenant = Tenant {
        enterprise: id(&grant.enterprise),
        team: if grant.is_enterprise_install { String::new() } else { id(&grant.team) },
    };
    let is_bots = grant.token_type == "bot" && !grant.access_token.is_empty();
    let lasts = grant.expires_in.is_none() || grant.refresh_token.is_some();
    let is_somewhere =
        !tenant.team.is_empty() || grant.is_enterprise_install && !tenant.enterprise.is_empty();
    (is_bots && lasts && is_somewhere).then(|| Granted {
        tenant,
        bot_user: grant.bot_user_id.clone(),
        installer: id(&grant.authed_user),
        scopes: grant.scope.clone(),
    })
}

/// What is kept of a state: who reads the database cannot go on with it.
fn hash_of(state: &str) -> String {
    digest(&SHA256, state.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
