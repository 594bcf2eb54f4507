//! What was asked, for half an hour, so that the buttons of its answer work at every replica.

use super::{Broken, Store};

/// So many of one person are held at a time: nobody fills the database.
const HELD_OF_ONE_MAX: i64 = 100;
/// So many are looked through, the newest first.
const NAMED_MAX: i64 = 20;
/// So many rows are forgotten with one statement: others write too.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// What was asked, sealed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// The name of its answer.
    pub id: String,
    /// With which key it is sealed.
    pub key_id: String,
    /// As it is kept.
    pub sealed: String,
    /// Until when somebody may ask for it.
    pub expires_at: i64,
}

impl Store {
    /// Holds what somebody asked of this installation. Where too much of theirs is held, the oldest goes.
    ///
    /// # Errors
    /// When the database is lost, or the installation gone.
    pub async fn hold(&self, installation: &str, asker: &str, held: &Held) -> Result<(), Broken> {
        let oldest = sqlx::query(
            "DELETE FROM held WHERE id IN \
             (SELECT id FROM held WHERE asker = $1 ORDER BY expires_at DESC, id DESC LIMIT $2 OFFSET $3)",
        )
        .bind(asker)
        .bind(FORGOTTEN_AT_ONCE)
        .bind(HELD_OF_ONE_MAX - 1);
        oldest.execute(&self.pool).await?;
        let held = sqlx::query(
            "INSERT INTO held (id, installation_id, asker, key_id, sealed, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&held.id)
        .bind(installation)
        .bind(asker)
        .bind(&held.key_id)
        .bind(&held.sealed)
        .bind(held.expires_at);
        Ok(held.execute(&self.pool).await.map(|_| ())?)
    }

    /// What this person asked by this name.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn held(&self, asker: &str, id: &str, now: i64) -> Result<Option<Held>, Broken> {
        let held = sqlx::query_as(
            "SELECT id, key_id, sealed, expires_at FROM held WHERE id = $1 AND asker = $2 AND expires_at > $3",
        );
        Ok(held.bind(id).bind(asker).bind(now).fetch_optional(&self.pool).await?)
    }

    /// The names of what this person asked last, each after its end, the newest first.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn held_names(&self, asker: &str, now: i64) -> Result<Vec<(i64, String)>, Broken> {
        let names = sqlx::query_as(
            "SELECT expires_at, id FROM held WHERE asker = $1 AND expires_at > $2 ORDER BY expires_at DESC LIMIT $3",
        );
        Ok(names.bind(asker).bind(now).bind(NAMED_MAX).fetch_all(&self.pool).await?)
    }

    /// Forgets what anybody of this workspace asked.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn forget_held_of(&self, team: &str) -> Result<(), Broken> {
        // All that begins with the workspace and a slash: what follows a slash is 0.
        let gone = sqlx::query("DELETE FROM held WHERE asker >= $1 AND asker < $2");
        let gone = gone.bind(format!("{team}/")).bind(format!("{team}0"));
        Ok(gone.execute(&self.pool).await.map(|_| ())?)
    }

    /// Forgets what may not be asked for any more, some at a time; whether there may be more.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn forget_held(&self, now: i64) -> Result<bool, Broken> {
        let gone = sqlx::query(
            "DELETE FROM held WHERE id IN (SELECT id FROM held WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        );
        let gone = gone.bind(now).bind(FORGOTTEN_AT_ONCE).execute(&self.pool).await?;
        Ok(gone.rows_affected() > 0)
    }
}
