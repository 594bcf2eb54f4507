//! Where the bot is installed, and the token with which it works there.

use crate::app::App;
use crate::memory::Tenant;
use crate::slack::{Failed, Token};
use crate::store::{Broken, Installation};
use tokio::sync::Mutex;
use tracing::{info, warn};

/// Slack is asked again for the owner of the settings' token after so many seconds at the earliest.
const ASK_AGAIN_SECONDS: u64 = 10;

/// A workspace, or an organisation, in which the bot can work.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Which.
    pub installation: Installation,
    /// With what it is called upon.
    pub token: Token,
}

/// With what the bot works in each workspace.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// The token of the settings.
    set: Option<Token>,
    /// Whose that is, once Slack has said so.
    home: Mutex<Home>,
}

#[derive(Debug, Default)]
struct Home {
    tenant: Option<Tenant>,
    asked_at: Option<u64>,
}

impl Tokens {
    pub(crate) fn new(set: Option<Token>) -> Tokens {
        Tokens { set, home: Mutex::default() }
    }
}

impl App {
    /// The installation that serves a workspace: whose what is kept for it is.
    pub async fn installation(&self, tenant: &Tenant) -> Option<Installation> {
        // First: where Slack has only now said whose the token is, the workspace is noted by that.
        self.home().await;
        looked_up(self.store.installation_of(tenant).await)
    }

    /// The installation that serves a workspace, and its token; none where the bot cannot work there.
    pub async fn installed(&self, tenant: &Tenant) -> Option<Installed> {
        let installation = self.installation(tenant).await?;
        self.with_token(installation).await
    }

    /// The installation of this id, and its token; none where the bot cannot work there any more.
    pub async fn installed_by_id(&self, id: &str) -> Option<Installed> {
        let installation = looked_up(self.store.installation(id).await)?;
        self.with_token(installation).await
    }

    async fn with_token(&self, installation: Installation) -> Option<Installed> {
        let home = self.home().await;
        let token = self.tokens.set.clone().filter(|_| home.as_ref() == Some(&installation.tenant))?;
        Some(Installed { installation, token })
    }

    /// Asks Slack whose the token of the settings is, and notes that workspace.
    pub async fn greet(&self) {
        self.home().await;
    }

    /// The workspace of the settings' token. One asks Slack, the others wait for its answer; where there was none, the
    /// next one asks a while later.
    async fn home(&self) -> Option<Tenant> {
        let token = self.tokens.set.as_ref()?;
        let mut home = self.tokens.home.lock().await;
        let now = self.clock.seconds();
        let may_ask = home.asked_at.is_none_or(|asked| now.abs_diff(asked) >= ASK_AGAIN_SECONDS);
        if home.tenant.is_none() && may_ask {
            home.asked_at = Some(now);
            home.tenant = self.introduced(token).await;
        }
        home.tenant.clone()
    }

    async fn introduced(&self, token: &Token) -> Option<Tenant> {
        let identity = match self.slack.identity(token).await {
            Ok(identity) => identity,
            Err(failed @ Failed::Refused(_)) => {
                warn!(%failed, "SLACK_BOT_TOKEN does not work");
                return None;
            }
            Err(failed) => {
                warn!(%failed, "whose SLACK_BOT_TOKEN is was not to be learned yet");
                return None;
            }
        };
        let team = if identity.is_enterprise_install { String::new() } else { identity.team_id };
        let tenant = Tenant { enterprise: identity.enterprise_id.unwrap_or_default(), team };
        if tenant == Tenant::default() {
            warn!("Slack does not say whose SLACK_BOT_TOKEN is");
            return None;
        }
        if let Err(broken) = self.store.settle(&tenant, &identity.user_id, self.clock.moment()).await {
            warn!(%broken, "the workspace was not noted");
            return None;
        }
        info!(team = tenant.team, "Slack knows the token");
        Some(tenant)
    }

    /// That the bot is not installed in a workspace, as a part of a sentence.
    pub fn not_installed(&self) -> &'static str {
        "pod-check is not installed in this workspace"
    }
}

fn looked_up(found: Result<Option<Installation>, Broken>) -> Option<Installation> {
    found.unwrap_or_else(|broken| {
        warn!(%broken, "an installation was not looked up");
        None
    })
}
