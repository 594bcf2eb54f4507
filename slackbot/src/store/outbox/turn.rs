//! Whose turn it is: planning, and claiming by a lease and a fence.

use super::{Delivery, New, Step, delivery, insert, unsigned};
use crate::store::channels::{channel, columns};
use crate::store::{Backend, Broken, Channel, Store};
use sqlx::Row;

/// Whose turn it is: one message a recipient, two seconds after the one before, and no call that Slack does not want.
///
/// In the order of an index, so that it ends with the last that is taken; workspaces whose calls Slack does not want are
/// listed once. The subqueries are kept from becoming joins over the whole table: each looks up a row or none.
macro_rules! turns {
    () => {
        "SELECT o.id FROM outbox o WHERE o.state = 'pending' AND o.not_before <= $1 \
         AND o.installation_id NOT IN (SELECT installation_id FROM gate \
           WHERE method = 'chat.postMessage' AND recipient = '' AND closed_until > $1) \
         AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.installation_id = o.installation_id \
           AND e.recipient = o.recipient AND e.state IN ('pending', 'sending') AND (e.state = 'sending' \
           OR e.not_before < o.not_before OR (e.not_before = o.not_before AND e.id < o.id)) LIMIT 1 OFFSET 0) \
         AND NOT EXISTS (SELECT 1 FROM outbox c WHERE c.installation_id = o.installation_id \
           AND c.recipient = o.recipient AND c.called_at BETWEEN $1 - 1 AND $1 + 60 LIMIT 1 OFFSET 0) \
         AND NOT EXISTS (SELECT 1 FROM gate g WHERE g.installation_id = o.installation_id \
           AND g.method = 'chat.postMessage' AND g.recipient = o.recipient AND g.closed_until > $1 \
           LIMIT 1 OFFSET 0) "
    };
}

const CLAIM_SQLITE: &str = concat!(
    "UPDATE outbox SET state = 'sending', fence = fence + 1, lease_until = $1 + 60, called_at = NULL WHERE id IN (",
    turns!(),
    "ORDER BY o.not_before, o.id LIMIT $2) RETURNING ",
    delivery!()
);
const CLAIM_POSTGRES: &str = concat!(
    "WITH turn AS MATERIALIZED (",
    turns!(),
    "ORDER BY o.not_before, o.id LIMIT $2 FOR UPDATE OF o SKIP LOCKED) \
     UPDATE outbox SET state = 'sending', fence = fence + 1, lease_until = $1 + 60, called_at = NULL \
     WHERE id = ANY (ARRAY(SELECT id FROM turn)) RETURNING ",
    delivery!()
);
const CLAIM_ONE_SQLITE: &str = concat!(
    "UPDATE outbox SET state = 'sending', fence = fence + 1, lease_until = $1 + 60, called_at = NULL WHERE id IN (",
    turns!(),
    "AND o.id = $2) RETURNING ",
    delivery!()
);
const CLAIM_ONE_POSTGRES: &str = concat!(
    "WITH turn AS MATERIALIZED (",
    turns!(),
    "AND o.id = $2 FOR UPDATE OF o SKIP LOCKED) \
     UPDATE outbox SET state = 'sending', fence = fence + 1, lease_until = $1 + 60, called_at = NULL \
     WHERE id = ANY (ARRAY(SELECT id FROM turn)) RETURNING ",
    delivery!()
);

/// Whoever plans the same channels at the same time passes over those that are locked.
const PLAN_POSTGRES: &str = "WITH step AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb) AS s (installation TEXT, \
     channel TEXT, was BIGINT, next BIGINT, id TEXT, slot TEXT, not_after BIGINT)), \
     taken AS MATERIALIZED (SELECT s.* FROM step s JOIN channel c ON c.installation_id = s.installation \
       AND c.channel_id = s.channel AND c.next_at IS NOT DISTINCT FROM s.was FOR UPDATE OF c SKIP LOCKED), \
     moved AS (UPDATE channel c SET next_at = t.next FROM taken t WHERE c.installation_id = t.installation \
       AND c.channel_id = t.channel RETURNING t.*), \
     planned AS (INSERT INTO outbox (id, installation_id, channel_id, recipient, kind, slot, state, attempt, doubts, \
       not_before, not_after, lease_until, fence, detail, posted_in, posted_ts, error, created_at) \
       SELECT id, installation, channel, channel, 'digest', slot, 'pending', 0, 0, $2, not_after, 0, 0, '', '', '', '', $2 \
       FROM moved WHERE slot <> '' ON CONFLICT (slot) DO NOTHING) \
     SELECT COUNT(*) AS moved FROM moved";
const PLAN_SQLITE_MESSAGES: &str = "INSERT INTO outbox (id, installation_id, channel_id, recipient, kind, slot, state, attempt, \
     doubts, not_before, not_after, lease_until, fence, detail, posted_in, posted_ts, error, created_at) \
     SELECT s.value ->> 'id', c.installation_id, c.channel_id, c.channel_id, 'digest', s.value ->> 'slot', 'pending', 0, 0, \
     $2, s.value ->> 'not_after', 0, 0, '', '', '', '', $2 FROM json_each($1) s JOIN channel c \
     ON c.installation_id = s.value ->> 'installation' AND c.channel_id = s.value ->> 'channel' \
     AND c.next_at IS s.value ->> 'was' WHERE s.value ->> 'slot' <> '' ON CONFLICT (slot) DO NOTHING";
const PLAN_SQLITE_TURNS: &str = "UPDATE channel SET next_at = s.value ->> 'next' FROM json_each($1) s \
     WHERE channel.installation_id = s.value ->> 'installation' AND channel.channel_id = s.value ->> 'channel' \
     AND channel.next_at IS s.value ->> 'was'";

impl Store {
    /// The first channels whose turn has come, or is not worked out.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn waiting(&self, now: i64, limit: i64) -> Result<Vec<Channel>, Broken> {
        let rows = sqlx::query(concat!(
            "SELECT * FROM (SELECT ",
            columns!(),
            " FROM channel WHERE next_at <= $1 ORDER BY next_at LIMIT $2) AS came UNION ALL SELECT * FROM (SELECT ",
            columns!(),
            " FROM channel WHERE next_at IS NULL AND is_on = 1 AND paused = '' LIMIT $2) AS new"
        ))
        .bind(now)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(channel).collect()
    }

    /// Takes the turns of channels: moves each to its next, and plans its message where there is one. Both or none, and
    /// once, however many try. How many were moved.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn plan(&self, steps: &[Step], now: i64) -> Result<u64, Broken> {
        let steps =
            serde_json::to_string(steps).map_err(|_| Broken("a plan cannot be written".to_owned()))?;
        if self.backend == Backend::Postgres {
            let moved = sqlx::query(PLAN_POSTGRES).bind(steps).bind(now).fetch_one(&self.pool).await?;
            return Ok(unsigned(moved.try_get("moved")?));
        }
        self.atomically(move |connection| {
            Box::pin(async move {
                sqlx::query(PLAN_SQLITE_MESSAGES).bind(&steps).bind(now).execute(&mut *connection).await?;
                let moved = sqlx::query(PLAN_SQLITE_TURNS).bind(&steps).execute(&mut *connection).await?;
                Ok(moved.rows_affected())
            })
        })
        .await
    }

    /// Has the turns worked out again that are to come; of how many channels. What was sent of a day is not sent again.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn plan_anew(&self, now: i64) -> Result<u64, Broken> {
        let anew =
            sqlx::query("UPDATE channel SET next_at = $1 WHERE next_at > $1 AND is_on = 1 AND paused = ''")
                .bind(now)
                .execute(&self.pool)
                .await?;
        Ok(anew.rows_affected())
    }

    /// Plans one message; whether its slot was free.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn put(&self, new: &New, now: i64) -> Result<bool, Broken> {
        let mut connection = self.pool.acquire().await?;
        insert(&mut connection, new, now).await
    }

    /// Takes up to `limit` messages to post, each for [`super::LEASE_SECONDS`].
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim(&self, now: i64, limit: i64) -> Result<Vec<Delivery>, Broken> {
        let claim = if self.backend == Backend::Postgres { CLAIM_POSTGRES } else { CLAIM_SQLITE };
        let rows = sqlx::query(claim).bind(now).bind(limit).fetch_all(&self.pool).await?;
        rows.iter().map(delivery).collect()
    }

    /// Takes this one message to post, where its turn has come.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim_one(&self, id: &str, now: i64) -> Result<Option<Delivery>, Broken> {
        let claim = if self.backend == Backend::Postgres { CLAIM_ONE_POSTGRES } else { CLAIM_ONE_SQLITE };
        let row = sqlx::query(claim).bind(now).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(delivery).transpose()
    }

    /// Holds a message for another [`super::LEASE_SECONDS`], as its making takes long; whether it still is its holder's.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn keep_lease(&self, held: &Delivery, now: i64) -> Result<bool, Broken> {
        let kept = sqlx::query(
            "UPDATE outbox SET lease_until = $3 + 60 WHERE id = $1 AND fence = $2 AND state = 'sending'",
        )
        .bind(&held.id)
        .bind(held.fence)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(kept.rows_affected() == 1)
    }
}
