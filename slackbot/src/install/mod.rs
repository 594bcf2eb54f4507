//! Where the bot is installed, and the token with which it works there.
//!
//! Either one workspace is served by a token of the settings, or every workspace that went through Slack's consent page
//! by its own, which lies sealed in the store: how it comes is in `arrive`, how it goes in `leave`.

mod arrive;
mod cache;
mod home;
mod leave;
mod renew;

pub use arrive::{Arrival, Begun, Refusal};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Secret;
use crate::memory::Tenant;
use crate::seal::{Column, Keyring};
use crate::slack::{Client, Failed, Slack, Token};
use crate::store::{Broken, Installation, Store};
use cache::{Cache, Whose};
use home::Home;
use renew::Turns;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::warn;
use url::Url;

/// Below the address at which the bot is reached: where Slack leads people back to.
const CALLBACK: &str = "/slack/oauth/callback";
/// Below it: where an installation begins.
const BEGIN: &str = "/slack/install";
/// More installations than this are not remembered as said to be unusable: they are said again.
const SAID_MAX: usize = 1_000;

/// Where the bot works.
#[derive(Debug)]
pub enum Access {
    /// Nowhere: it has no token.
    Nowhere,
    /// In the workspace whose token this is.
    One(Token),
    /// Wherever it is installed.
    Installed(Registration),
}

impl From<Option<Token>> for Access {
    fn from(token: Option<Token>) -> Access {
        token.map_or(Access::Nowhere, Access::One)
    }
}

/// What lets any workspace install the bot.
#[derive(Debug, Clone)]
pub struct Registration {
    /// What the app is to Slack.
    pub client: Client,
    /// Where people and Slack reach the bot.
    pub url: Url,
    /// With what tokens are sealed.
    pub keys: Keyring,
}

impl Registration {
    /// Where Slack leads people back to.
    pub fn redirect(&self) -> Url {
        self.below(CALLBACK)
    }

    /// Where an installation begins.
    pub fn begin(&self) -> Url {
        self.below(BEGIN)
    }

    fn below(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url
    }
}

/// A workspace, or an organisation, in which the bot can work.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Which.
    pub installation: Installation,
    /// With what Slack is called.
    pub token: Token,
}

/// With what the bot works in each workspace.
#[derive(Debug)]
pub(crate) struct Tokens {
    clock: Clock,
    store: Store,
    slack: Arc<Slack>,
    home: Home,
    registration: Option<Registration>,
    cache: Cache,
    turns: Turns,
    /// Installations that cannot be used, which the log says once.
    said: Mutex<HashSet<String>>,
}

impl App {
    /// The installation that serves a workspace: whose what is kept for it is.
    pub async fn installation(&self, tenant: &Tenant) -> Option<Installation> {
        self.tokens.installation(tenant).await
    }

    /// The installation that serves a workspace, and its token; none where the bot cannot work there.
    pub async fn installed(&self, tenant: &Tenant) -> Option<Installed> {
        let whose = Whose::Tenant(tenant.clone());
        if let Some(held) = self.tokens.cache.find(&whose, self.clock.seconds()) {
            return Some(held);
        }
        let installation = self.tokens.installation(tenant).await?;
        self.tokens.usable(whose, installation).await
    }

    /// The installation of this id, and its token; none where the bot cannot work there any more.
    pub async fn installed_by_id(&self, id: &str) -> Option<Installed> {
        let whose = Whose::Id(id.to_owned());
        if let Some(held) = self.tokens.cache.find(&whose, self.clock.seconds()) {
            return Some(held);
        }
        let installation = looked_up(self.store.installation(id).await)?;
        self.tokens.usable(whose, installation).await
    }

    /// Calls Slack for an installation: once more with a new token where Slack does not take the old one any more.
    ///
    /// # Errors
    /// Those of the call. Where Slack takes no token of the installation, it is noted as revoked.
    pub async fn calling<T, F>(&self, installed: &Installed, call: impl Fn(Token) -> F) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        let failed = match call(installed.token.clone()).await {
            Err(failed) if failed.is_about_the_token() => failed,
            done => return done,
        };
        let Some(renewed) = self.tokens.replaced(&installed.installation, &failed).await else {
            return Err(failed);
        };
        let done = call(renewed.token).await;
        if let Err(failed) = &done
            && failed.is_about_the_token()
        {
            self.tokens.lost(&renewed.installation, failed).await;
        }
        done
    }

    /// Slack did not take the token of an installation: another is had, or it is noted as revoked.
    pub(crate) async fn token_refused(&self, installation: &Installation, code: String) {
        self.tokens.replaced(installation, &Failed::Refused(code)).await;
    }

    /// Why the bot has no installation or no token for a workspace, as a part of a sentence: a database that is lost, or
    /// a Slack that could not be asked, says nothing about what is installed.
    pub async fn why_absent(&self, tenant: &Tenant) -> String {
        if self.store.installation_of(tenant).await.is_err() {
            return "the database does not answer at this moment; try again in a minute".to_owned();
        }
        if self.tokens.is_home_unknown().await {
            return "Slack could not be asked yet whether this is the workspace of pod-check's token; try again in a minute"
                .to_owned();
        }
        let begin = self.tokens.registration.as_ref().map(Registration::begin);
        let how = begin.map(|url| format!("; whoever manages its apps can install it at {url}"));
        format!("pod-check is not installed in this workspace{}", how.unwrap_or_default())
    }

    /// Asks Slack whose the token of the settings is, and notes that workspace.
    pub async fn greet(&self) {
        self.tokens.home_tenant().await;
    }

    /// Seals tokens again that an older key sealed.
    pub async fn reseal(&self) {
        if let Err(broken) = self.tokens.reseal().await {
            warn!(%broken, "tokens were not sealed again");
        }
    }
}

impl Tokens {
    pub(crate) fn new(clock: Clock, store: Store, slack: Arc<Slack>, access: Access) -> Tokens {
        let (token, registration) = match access {
            Access::Nowhere => (None, None),
            Access::One(token) => (Some(token), None),
            Access::Installed(registration) => (None, Some(registration)),
        };
        Tokens {
            clock,
            store,
            slack,
            home: Home::new(token),
            registration,
            cache: Cache::default(),
            turns: Turns::default(),
            said: Mutex::default(),
        }
    }

    async fn installation(&self, tenant: &Tenant) -> Option<Installation> {
        // First: where Slack has only now said whose the token is, the workspace is noted by that.
        self.home_tenant().await;
        looked_up(self.store.installation_of(tenant).await)
    }

    /// An installation with its token, renewed where it ends soon.
    async fn usable(self: &Arc<Self>, whose: Whose, installation: Installation) -> Option<Installed> {
        let installed = match self.home_token(&installation.tenant).await {
            Some(token) => Installed { installation, token },
            None => self.opened(self.fresh(installation).await?)?,
        };
        self.cache.keep(whose, &installed, self.clock.seconds());
        Some(installed)
    }

    /// An installation with its token as it is kept.
    fn opened(&self, installation: Installation) -> Option<Installed> {
        // It never had a token of its own where that was a setting.
        if !installation.is_active || installation.tokens.token.is_empty() {
            return None;
        }
        let token = self.open(&installation, Column::Token)?;
        Some(Installed { installation, token: Token::bot(&token) })
    }

    /// What is sealed of an installation.
    fn open(&self, installation: &Installation, column: Column) -> Option<Secret> {
        let Installation { id, tokens, .. } = installation;
        let sealed = match column {
            Column::Token => &tokens.token,
            Column::RefreshToken => &tokens.refresh_token,
        };
        let opened =
            self.registration.as_ref().and_then(|known| known.keys.open(&tokens.key_id, id, column, sealed));
        if opened.is_none() && self.is_news(id) {
            warn!(installation = id, key = tokens.key_id, "its token cannot be opened: the key is not there");
        }
        opened
    }

    /// Whether the log has not said it of this installation.
    fn is_news(&self, id: &str) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() >= SAID_MAX {
            said.clear();
        }
        said.insert(id.to_owned())
    }

    async fn reseal(&self) -> Result<(), Broken> {
        let Some(Registration { keys, .. }) = &self.registration else { return Ok(()) };
        let mut after = String::new();
        loop {
            let batch = self.store.sealed_otherwise(keys.current_id(), &after).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after.clone_from(&last.id);
            for installation in batch {
                let Some(token) = self.open(&installation, Column::Token) else { continue };
                let refresh_token = if installation.tokens.refresh_token.is_empty() {
                    None
                } else {
                    self.open(&installation, Column::RefreshToken)
                };
                let expires_at = installation.tokens.expires_at;
                let sealed =
                    renew::sealed(keys, &installation.id, &token, refresh_token.as_ref(), expires_at);
                self.store.reseal(&installation.id, installation.generation, &sealed).await?;
            }
        }
    }
}

fn looked_up(found: Result<Option<Installation>, Broken>) -> Option<Installation> {
    found.unwrap_or_else(|broken| {
        warn!(%broken, "an installation was not looked up");
        None
    })
}
