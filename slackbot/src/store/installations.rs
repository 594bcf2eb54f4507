//! Where the bot is installed.

use super::{Broken, Store};
use crate::memory::Tenant;
use sqlx::Row;
use sqlx::any::AnyRow;

/// A workspace or an organisation that installed the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its id, by which everything of it is kept.
    pub id: String,
    /// The workspace; with an empty team the whole organisation.
    pub tenant: Tenant,
    /// Who installed it; empty where that is not known.
    pub installer: String,
}

impl Store {
    /// The installation that serves a workspace: its own, else its organisation's.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn installation_of(&self, tenant: &Tenant) -> Result<Option<Installation>, Broken> {
        let row = sqlx::query(
            "SELECT id, enterprise_id, team_id, installer FROM installation \
             WHERE (team_id = $1 AND $1 <> '') OR (enterprise_id = $2 AND team_id = '' AND $2 <> '') \
             ORDER BY team_id DESC LIMIT 1",
        )
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(installation).transpose()
    }

    /// Notes the one workspace whose token is a setting; the same again changes nothing.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn settle(&self, tenant: &Tenant, bot_user: &str, now: i64) -> Result<(), Broken> {
        sqlx::query(
            "INSERT INTO installation (id, enterprise_id, team_id, bot_user_id, installer, scopes, token, refresh_token, \
             key_id, generation, status, installed_at, updated_at) \
             VALUES ($1, $2, $3, $4, '', '', '', '', '', 1, 'active', $5, $5) ON CONFLICT (enterprise_id, team_id) DO NOTHING",
        )
        .bind(crate::memory::random_name())
        .bind(&tenant.enterprise)
        .bind(&tenant.team)
        .bind(bot_user)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn installation(row: &AnyRow) -> Result<Installation, Broken> {
    Ok(Installation {
        id: row.try_get("id")?,
        tenant: Tenant { enterprise: row.try_get("enterprise_id")?, team: row.try_get("team_id")? },
        installer: row.try_get("installer")?,
    })
}
