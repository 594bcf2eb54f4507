//! The one workspace whose token is a setting.

use super::Tokens;
use crate::memory::Tenant;
use crate::slack::Token;
use tokio::sync::Mutex;
use tracing::{info, warn};

/// Slack is asked again for the token's owner after so many seconds at the earliest.
const ASK_AGAIN_SECONDS: u64 = 10;

#[derive(Debug)]
pub(super) struct Home {
    /// The token of the settings.
    token: Option<Token>,
    /// Whose that is, once Slack has said so.
    owner: Mutex<Owner>,
}

#[derive(Debug, Default)]
struct Owner {
    tenant: Option<Tenant>,
    asked_at: Option<u64>,
    /// Nothing was learned when it was asked.
    is_unknown: bool,
}

/// Nothing was learned of the token: Slack or the database did not answer.
struct NotLearned;

impl Home {
    pub(super) fn new(token: Option<Token>) -> Home {
        Home { token, owner: Mutex::default() }
    }
}

impl Tokens {
    /// The token of the settings, for the workspace whose it is.
    pub(super) async fn home_token(&self, tenant: &Tenant) -> Option<Token> {
        let owner = self.home_tenant().await?;
        self.home.token.clone().filter(|_| owner.is(tenant))
    }

    /// The workspace of the settings' token. One asks Slack, the others wait for its answer; where there was none, the
    /// next one asks a while later.
    pub(super) async fn home_tenant(&self) -> Option<Tenant> {
        let token = self.home.token.as_ref()?;
        let mut owner = self.home.owner.lock().await;
        let now = self.clock.seconds();
        let may_ask = owner.asked_at.is_none_or(|asked| now.abs_diff(asked) >= ASK_AGAIN_SECONDS);
        if owner.tenant.is_none() && may_ask {
            let learned = self.introduced(token).await;
            owner.is_unknown = learned.is_err();
            owner.tenant = learned.unwrap_or_default();
            // From the answer on: all who waited for it would ask one after the other where Slack hangs.
            owner.asked_at = Some(self.clock.seconds());
        }
        owner.tenant.clone()
    }

    /// Whether there is a token of the settings, and nobody knows whose it is: that says nothing about a workspace.
    pub(super) async fn is_home_unknown(&self) -> bool {
        self.home.owner.lock().await.is_unknown
    }

    /// Slack does not take the token, or the workspace is gone: whose it is is asked again.
    pub(super) async fn forget_home(&self) {
        let mut owner = self.home.owner.lock().await;
        *owner = Owner { asked_at: Some(self.clock.seconds()), ..Owner::default() };
    }

    /// Whose the token is; nobody's, where Slack does not take it.
    async fn introduced(&self, token: &Token) -> Result<Option<Tenant>, NotLearned> {
        let identity = match self.slack.identity(token).await {
            Ok(identity) => identity,
            Err(failed) if failed.is_about_the_token() => {
                warn!(%failed, "SLACK_BOT_TOKEN does not work");
                return Ok(None);
            }
            Err(failed) => {
                warn!(%failed, "whose SLACK_BOT_TOKEN is was not to be learned yet");
                return Err(NotLearned);
            }
        };
        let team = if identity.is_enterprise_install { String::new() } else { identity.team_id };
        let tenant = Tenant { enterprise: identity.enterprise_id.unwrap_or_default(), team };
        if tenant == Tenant::default() {
            warn!("Slack does not say whose SLACK_BOT_TOKEN is");
            return Ok(None);
        }
        if let Err(broken) = self.store.settle(&tenant, &identity.user_id, self.clock.moment()).await {
            warn!(%broken, "the workspace was not noted");
            return Err(NotLearned);
        }
        info!(team = tenant.team, "Slack knows the token");
        Ok(Some(tenant))
    }
}
