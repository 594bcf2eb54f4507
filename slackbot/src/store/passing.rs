//! What is kept for a while: people on their way through Slack's consent page, deliveries that were taken, and who did
//! what.

use super::{Broken, Store};

/// More people than this are not on their way at a time: who began first is forgotten.
const STATES_MAX: i64 = 10_000;
/// So many rows are forgotten with one statement: others write too.
const FORGOTTEN_AT_ONCE: i64 = 500;

impl Store {
    /// Notes that somebody is on the way, and forgets who is too late or one too many: anybody may begin, so that
    /// refusing the newest would let one who never ends keep all others out.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn expect_state(&self, hash: &str, now: i64, until: i64) -> Result<(), Broken> {
        sqlx::query(
            "DELETE FROM oauth_state WHERE expires_at <= $1 OR hash IN \
             (SELECT hash FROM oauth_state ORDER BY expires_at DESC, hash LIMIT $2 OFFSET $3)",
        )
        .bind(now)
        .bind(FORGOTTEN_AT_ONCE)
        .bind(STATES_MAX - 1)
        .execute(&self.pool)
        .await?;
        sqlx::query("INSERT INTO oauth_state (hash, expires_at) VALUES ($1, $2)")
            .bind(hash)
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether somebody was on the way, and in time; from now on they are not.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn take_state(&self, hash: &str, now: i64) -> Result<bool, Broken> {
        let taken = sqlx::query("DELETE FROM oauth_state WHERE hash = $1 RETURNING expires_at")
            .bind(hash)
            .fetch_optional(&self.pool)
            .await?;
        let until: Option<i64> = taken.map(|row| sqlx::Row::try_get(&row, "expires_at")).transpose()?;
        Ok(until.is_some_and(|until| until > now))
    }

    /// Whether no replica took this delivery before; from now on one has.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn is_first(&self, id: &str, now: i64) -> Result<bool, Broken> {
        let noted = sqlx::query("INSERT INTO seen (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(id)
            .bind(now)
            .execute(&self.pool)
            .await?;
        Ok(noted.rows_affected() == 1)
    }

    /// Forgets deliveries that were taken before this moment, some at a time; whether there may be more.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn forget_seen(&self, before: i64) -> Result<bool, Broken> {
        let gone = sqlx::query(
            "DELETE FROM seen WHERE id IN (SELECT id FROM seen WHERE at < $1 ORDER BY at LIMIT $2)",
        )
        .bind(before)
        .bind(FORGOTTEN_AT_ONCE)
        .execute(&self.pool)
        .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Forgets who did what before this moment, some at a time; whether there may be more.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn forget_changes(&self, before: i64) -> Result<bool, Broken> {
        let gone = sqlx::query(
            "DELETE FROM change WHERE id IN (SELECT id FROM change WHERE at < $1 ORDER BY at LIMIT $2)",
        )
        .bind(before)
        .bind(FORGOTTEN_AT_ONCE)
        .execute(&self.pool)
        .await?;
        Ok(gone.rows_affected() > 0)
    }
}
