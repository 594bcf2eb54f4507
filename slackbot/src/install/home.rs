//! The one workspace whose token is a setting.

use super::Tokens;
use crate::memory::Tenant;
use crate::slack::{Failed, Token};
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
}

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
            owner.tenant = self.introduced(token).await;
            // From the answer on: all who waited for it would ask one after the other where Slack hangs.
            owner.asked_at = Some(self.clock.seconds());
        }
        owner.tenant.clone()
    }

    /// Slack does not take the token, or the workspace is gone: whose it is is asked again.
    pub(super) async fn forget_home(&self) {
        let mut owner = self.home.owner.lock().await;
        *owner = Owner { tenant: None, asked_at: Some(self.clock.seconds()) };
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
}
