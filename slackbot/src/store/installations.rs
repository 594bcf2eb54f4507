//! Where the bot is installed, and the sealed tokens with which it works there.

use super::{Broken, Store};
use crate::memory::Tenant;
use sqlx::Row;
use sqlx::any::AnyRow;

/// So many are sealed again at a time.
const RESEALED_AT_ONCE: i64 = 100;

/// A workspace or an organisation that installed the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its id, by which everything of it is kept.
    pub id: String,
    /// The workspace; with an empty team the whole organisation.
    pub tenant: Tenant,
    /// Who installed it; empty where that is not known.
    pub installer: String,
    /// One more with each token that it gets.
    pub generation: i64,
    /// Whether Slack still takes its token, as far as is known.
    pub is_active: bool,
    /// Its tokens.
    pub tokens: SealedTokens,
}

/// Tokens as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedTokens {
    /// With what Slack is called; empty where that is a setting.
    pub token: String,
    /// With what a new one is had; empty where tokens do not rotate.
    pub refresh_token: String,
    /// With which key the two are sealed.
    pub key_id: String,
    /// Until when the first is good; none where it is for ever.
    pub expires_at: Option<i64>,
}

/// What an installation brings.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The workspace; with an empty team the whole organisation.
    pub tenant: Tenant,
    /// The bot's user.
    pub bot_user: String,
    /// Who installed it.
    pub installer: String,
    /// What the bot may do, with commas between.
    pub scopes: String,
}

/// Installations, of which this holds.
macro_rules! selected {
    ($where:literal) => {
        concat!(
            "SELECT id, enterprise_id, team_id, installer, generation, status, token, refresh_token, key_id, expires_at \
             FROM installation WHERE ",
            $where
        )
    };
}

impl Store {
    /// The installation that serves a workspace: its own, else its organisation's; one that works before one whose
    /// token was taken back.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn installation_of(&self, tenant: &Tenant) -> Result<Option<Installation>, Broken> {
        let row = sqlx::query(selected!(
            "(team_id = $1 AND $1 <> '') OR (enterprise_id = $2 AND team_id = '' AND $2 <> '') \
             ORDER BY CASE status WHEN 'active' THEN 0 ELSE 1 END, team_id DESC LIMIT 1"
        ))
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(installation).transpose()
    }

    /// The installation of this id.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn installation(&self, id: &str) -> Result<Option<Installation>, Broken> {
        let row = sqlx::query(selected!("id = $1")).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(installation).transpose()
    }

    /// The id that an installation in this workspace has, or will have.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn id_for(&self, tenant: &Tenant) -> Result<String, Broken> {
        let row = sqlx::query(
            "SELECT id FROM installation WHERE team_id = $1 AND ($1 <> '' OR enterprise_id = $2) LIMIT 1",
        )
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .fetch_optional(&self.pool)
        .await?;
        match row {
            Some(row) => Ok(row.try_get("id")?),
            None => Ok(crate::memory::random_name()),
        }
    }

    /// Keeps an installation under its id: a new one, or the same again with new tokens. False where another was there
    /// first, under another id.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn install(
        &self,
        id: &str,
        granted: &Granted,
        tokens: &SealedTokens,
        now: i64,
    ) -> Result<bool, Broken> {
        let kept = sqlx::query(
            "INSERT INTO installation (id, enterprise_id, team_id, bot_user_id, installer, scopes, token, refresh_token, \
             key_id, expires_at, generation, renewed_until, status, installed_at, updated_at) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 0, 'active', $11, $11 WHERE NOT EXISTS ( \
             SELECT 1 FROM installation WHERE team_id = $3 AND ($3 <> '' OR enterprise_id = $2) AND id <> $1) \
             ON CONFLICT (id) DO UPDATE SET enterprise_id = $2, bot_user_id = $4, installer = $5, scopes = $6, token = $7, \
             refresh_token = $8, key_id = $9, expires_at = $10, generation = installation.generation + 1, \
             renewed_until = 0, status = 'active', installed_at = $11, updated_at = $11",
        )
        .bind(id)
        .bind(&granted.tenant.enterprise)
        .bind(&granted.tenant.team)
        .bind(&granted.bot_user)
        .bind(&granted.installer)
        .bind(&granted.scopes)
        .bind(&tokens.token)
        .bind(&tokens.refresh_token)
        .bind(&tokens.key_id)
        .bind(tokens.expires_at)
        .bind(now)
        .execute(&self.pool)
        .await;
        match kept {
            Ok(kept) => Ok(kept.rows_affected() == 1),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the caller may ask for a new token: nobody else does so before `until`, and the token is still the one
    /// that it knows.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim_renewal(
        &self,
        id: &str,
        generation: i64,
        now: i64,
        until: i64,
    ) -> Result<bool, Broken> {
        let claimed = sqlx::query(
            "UPDATE installation SET renewed_until = $4 \
             WHERE id = $1 AND generation = $2 AND renewed_until <= $3 AND status = 'active'",
        )
        .bind(id)
        .bind(generation)
        .bind(now)
        .bind(until)
        .execute(&self.pool)
        .await?;
        Ok(claimed.rows_affected() == 1)
    }

    /// Lets somebody else ask: there was no new token.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn give_up_renewal(&self, id: &str, generation: i64) -> Result<(), Broken> {
        sqlx::query("UPDATE installation SET renewed_until = 0 WHERE id = $1 AND generation = $2")
            .bind(id)
            .bind(generation)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Puts new tokens in the place of those of `generation`; false where those are no longer the ones.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn renew(
        &self,
        id: &str,
        generation: i64,
        tokens: &SealedTokens,
        now: i64,
    ) -> Result<bool, Broken> {
        let renewed = sqlx::query(
            "UPDATE installation SET token = $3, refresh_token = $4, key_id = $5, expires_at = $6, generation = $2 + 1, \
             renewed_until = 0, updated_at = $7 WHERE id = $1 AND generation = $2 AND status = 'active'",
        )
        .bind(id)
        .bind(generation)
        .bind(&tokens.token)
        .bind(&tokens.refresh_token)
        .bind(&tokens.key_id)
        .bind(tokens.expires_at)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Deletes the tokens of `generation`, with which Slack does nothing any more; false where they were gone.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn revoke(&self, id: &str, generation: i64, now: i64) -> Result<bool, Broken> {
        let revoked = sqlx::query(
            "UPDATE installation SET token = '', refresh_token = '', key_id = '', expires_at = NULL, status = 'revoked', \
             generation = $2 + 1, renewed_until = 0, updated_at = $3 \
             WHERE id = $1 AND generation = $2 AND status = 'active'",
        )
        .bind(id)
        .bind(generation)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(revoked.rows_affected() == 1)
    }

    /// Deletes the tokens of exactly this workspace or organisation, unless it installed the bot again after `at`: the
    /// ids of those that had any.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn revoke_of(&self, tenant: &Tenant, at: i64, now: i64) -> Result<Vec<String>, Broken> {
        let revoked = sqlx::query(
            "UPDATE installation SET token = '', refresh_token = '', key_id = '', expires_at = NULL, status = 'revoked', \
             generation = generation + 1, renewed_until = 0, updated_at = $4 \
             WHERE team_id = $1 AND ($1 <> '' OR (enterprise_id = $2 AND $2 <> '')) AND installed_at <= $3 \
             AND status = 'active' RETURNING id",
        )
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .bind(at)
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        ids(&revoked)
    }

    /// Deletes exactly this workspace or organisation and all that is kept for it, unless it installed the bot again
    /// after `at`: the ids of those that were there.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn uninstall(&self, tenant: &Tenant, at: i64) -> Result<Vec<String>, Broken> {
        let gone = sqlx::query(
            "DELETE FROM installation WHERE team_id = $1 AND ($1 <> '' OR (enterprise_id = $2 AND $2 <> '')) \
             AND installed_at <= $3 RETURNING id",
        )
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .bind(at)
        .fetch_all(&self.pool)
        .await?;
        ids(&gone)
    }

    /// Some whose tokens another key sealed than this one, in order, behind the one of id `after`.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn sealed_otherwise(&self, key_id: &str, after: &str) -> Result<Vec<Installation>, Broken> {
        let rows = sqlx::query(selected!("token <> '' AND key_id <> $1 AND id > $2 ORDER BY id LIMIT $3"))
            .bind(key_id)
            .bind(after)
            .bind(RESEALED_AT_ONCE)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(installation).collect()
    }

    /// Puts the same tokens, sealed by another key, in the place of those of `generation`.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn reseal(&self, id: &str, generation: i64, tokens: &SealedTokens) -> Result<(), Broken> {
        sqlx::query(
            "UPDATE installation SET token = $3, refresh_token = $4, key_id = $5 \
             WHERE id = $1 AND generation = $2 AND status = 'active'",
        )
        .bind(id)
        .bind(generation)
        .bind(&tokens.token)
        .bind(&tokens.refresh_token)
        .bind(&tokens.key_id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes the one workspace whose token is a setting; the same again changes nothing.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn settle(&self, tenant: &Tenant, bot_user: &str, now: i64) -> Result<(), Broken> {
        // It may have joined an organisation, and it may have been given a new token.
        sqlx::query(
            "UPDATE installation SET enterprise_id = $2, status = 'active', updated_at = $3 \
             WHERE team_id = $1 AND ($1 <> '' OR enterprise_id = $2) AND (enterprise_id <> $2 OR status <> 'active')",
        )
        .bind(&tenant.team)
        .bind(&tenant.enterprise)
        .bind(now)
        .execute(&self.pool)
        .await?;
        sqlx::query(
            "INSERT INTO installation (id, enterprise_id, team_id, bot_user_id, installer, scopes, token, refresh_token, \
             key_id, generation, renewed_until, status, installed_at, updated_at) \
             SELECT $1, $2, $3, $4, '', '', '', '', '', 1, 0, 'active', $5, $5 WHERE NOT EXISTS ( \
             SELECT 1 FROM installation WHERE team_id = $3 AND ($3 <> '' OR enterprise_id = $2)) \
             ON CONFLICT (enterprise_id, team_id) DO NOTHING",
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

fn ids(rows: &[AnyRow]) -> Result<Vec<String>, Broken> {
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

fn installation(row: &AnyRow) -> Result<Installation, Broken> {
    Ok(Installation {
        id: row.try_get("id")?,
        tenant: Tenant { enterprise: row.try_get("enterprise_id")?, team: row.try_get("team_id")? },
        installer: row.try_get("installer")?,
        generation: row.try_get("generation")?,
        is_active: row.try_get::<String, _>("status")? == "active",
        tokens: SealedTokens {
            token: row.try_get("token")?,
            refresh_token: row.try_get("refresh_token")?,
            key_id: row.try_get("key_id")?,
            expires_at: row.try_get("expires_at")?,
        },
    })
}
