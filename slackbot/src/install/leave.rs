//! How a workspace or an organisation goes: its tokens, or all that is kept for it, are deleted.

use crate::app::App;
use crate::memory::Tenant;
use crate::store::Broken;
use tracing::{info, warn};

/// Slack may repeat a delivery hours later.
const SEEN_SECONDS: i64 = 24 * 60 * 60;
/// Who did what is kept for so long: a quarter.
const LOG_SECONDS: i64 = 92 * 24 * 60 * 60;

impl App {
    /// The bot was removed at `at`: everything of that workspace or organisation is deleted, unless it came back since.
    ///
    /// # Errors
    /// When the database is lost: then nothing is deleted.
    pub async fn uninstalled(&self, tenant: &Tenant, at: i64) -> Result<(), Broken> {
        let gone = self.store.uninstall(tenant, at).await?;
        for id in &gone {
            self.tokens.cache.forget(id);
            info!(installation = id, "uninstalled: all that was kept for it is deleted");
        }
        if !gone.is_empty() {
            self.tokens.forget_home().await;
        }
        // Those of a workspace that leaves an organisation's installation go too, and the installation stays.
        self.answers.forget(tenant);
        if !tenant.team.is_empty() {
            self.store.forget_held_of(&tenant.team).await?;
        }
        Ok(())
    }

    /// Slack took the bot's tokens back at `at`: they are deleted, unless new ones were granted since.
    ///
    /// # Errors
    /// When the database is lost: then nothing is deleted.
    pub async fn tokens_revoked(&self, tenant: &Tenant, at: i64) -> Result<(), Broken> {
        for id in self.store.revoke_of(tenant, at, self.clock.moment()).await? {
            self.tokens.cache.forget(&id);
            info!(installation = id, "its token is revoked");
        }
        Ok(())
    }

    /// Whether no replica took this delivery before; where that cannot be told, it is taken.
    pub async fn is_first(&self, tenant: &Tenant, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        let id = format!("{}/{}/{id}", tenant.enterprise, tenant.team);
        self.store.is_first(&id, self.clock.moment()).await.unwrap_or_else(|broken| {
            warn!(%broken, "a delivery was not noted");
            true
        })
    }

    /// Forgets what nobody asks for any more; for once in a while.
    pub async fn tidy(&self) {
        self.answers.forget_old(self.clock.seconds());
        let now = self.clock.moment();
        let tidied = async {
            while self.store.forget_held(now).await? {}
            while self.store.forget_seen(now - SEEN_SECONDS).await? {}
            while self.store.forget_changes(now - LOG_SECONDS).await? {}
            Ok::<_, Broken>(())
        };
        if let Err(broken) = tidied.await {
            warn!(%broken, "what nobody asks for any more was not forgotten");
        }
    }
}
