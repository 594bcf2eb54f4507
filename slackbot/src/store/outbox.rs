//! What is to be posted, what is being posted, and what became of it.
//!
//! A message is planned once (its slot), claimed by one (a lease and a fence), marked before Slack is called, and settled
//! by whoever holds the fence. Whoever dies in between leaves a lease that runs out: unmarked, nothing can have arrived
//! and it is sent again; marked, it may have arrived, and that is found out first.

use super::channels::channel;
use super::{Backend, Broken, Channel, Place, Store};
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// So long one holder may take over a message; a call takes a sixth of it.
pub const LEASE_SECONDS: i64 = 60;
/// So long Slack may take to tell of a message whose answer was lost.
pub const DOUBT_SECONDS: i64 = 120;
/// What may be lost twice is given up.
pub const DOUBTS_MAX: i64 = 2;

/// What a message of the outbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is due in a channel.
    Digest,
    /// The rest of a digest, below it.
    Thread,
    /// What is due of one person, to them.
    Direct,
    /// A digest that somebody wants to see now.
    Test,
    /// Why a channel is reminded no more, to whoever installed the bot.
    Notice,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Digest, Kind::Thread, Kind::Direct, Kind::Test, Kind::Notice];

    /// Its word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Digest => "digest",
            Kind::Thread => "thread",
            Kind::Direct => "direct",
            Kind::Test => "test",
            Kind::Notice => "notice",
        }
    }

    fn read(word: &str) -> Result<Kind, Broken> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        kind.ok_or_else(|| Broken("a kind of message is not one that is known".to_owned()))
    }
}

/// A channel's turn taken: the next one, and the message of this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The installation.
    pub installation: String,
    /// The channel.
    pub channel: String,
    /// The turn that came; where it is another by now, nothing happens.
    pub was: Option<i64>,
    /// The next turn.
    pub next: Option<i64>,
    /// The new message's id.
    pub id: String,
    /// What happens once; empty where there is nothing to send.
    pub slot: String,
    /// Until when it may be sent.
    pub not_after: i64,
}

/// A message that is to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Its id.
    pub id: String,
    /// The channel that it is about.
    pub place: Place,
    /// Where it is posted.
    pub recipient: String,
    /// What it is.
    pub kind: Kind,
    /// What happens once.
    pub slot: String,
    /// From when it may be sent.
    pub not_before: i64,
    /// Until when it may be sent.
    pub not_after: i64,
    /// What its kind needs.
    pub detail: String,
}

/// A message of the outbox, as its holder or its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, which goes with the message.
    pub id: String,
    /// The channel that it is about.
    pub place: Place,
    /// Where it is posted.
    pub recipient: String,
    /// What it is.
    pub kind: Kind,
    /// `pending`, `sending`, `ambiguous`, `sent`, `failed` or `cancelled`.
    pub state: String,
    /// How often it was tried in vain.
    pub attempt: i64,
    /// How often the answer was lost.
    pub doubts: i64,
    /// Until when it may be sent.
    pub not_after: i64,
    /// Whose it is at this moment.
    pub fence: i64,
    /// What its kind needs.
    pub detail: String,
    /// The conversation in which it stands.
    pub posted_in: String,
    /// Slack's name of the message.
    pub posted_ts: String,
    /// Why it was not sent.
    pub error: String,
}

/// What became of a claimed message, other than that it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// Nothing arrived: again at this moment, as this attempt.
    Again {
        /// From when.
        not_before: i64,
        /// How often it was tried in vain by now.
        attempt: i64,
    },
    /// It may have arrived.
    InDoubt,
    /// It will not be sent, and that is a failure.
    Failed(String),
    /// It need not be sent.
    Cancelled(String),
}

/// What the word that a message stands in Slack did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    /// It is the message that is known, or its holder waits for the answer still.
    Known,
    /// It was in doubt, and stands.
    Settled(Place),
    /// Nothing is known of such a delivery.
    Unknown,
    /// It stands there twice: this one is the older.
    Twice {
        /// The conversation.
        posted_in: String,
        /// The older message.
        posted_ts: String,
    },
}

/// How the outbox stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// To be sent, their time come.
    pub pending: u64,
    /// How long the first of them has waited, in seconds.
    pub oldest_seconds: u64,
    /// Of which it is not known whether they arrived.
    pub ambiguous: u64,
}

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

/// What a holder is told.
macro_rules! delivery {
    () => {
        "id, installation_id, channel_id, recipient, kind, state, attempt, doubts, not_after, fence, detail, posted_in, \
         posted_ts, error"
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
        let rows = sqlx::query(
            "SELECT * FROM (SELECT * FROM channel WHERE next_at <= $1 ORDER BY next_at LIMIT $2) AS came UNION ALL \
             SELECT * FROM (SELECT * FROM channel WHERE next_at IS NULL AND is_on = 1 AND paused = '' LIMIT $2) AS new",
        )
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

    /// Takes up to `limit` messages to post, each for [`LEASE_SECONDS`].
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

    /// Holds a message for another [`LEASE_SECONDS`], as its making takes long; whether it still is its holder's.
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

    /// Notes that Slack is about to be called; whether the message still is its holder's, and not too late. Where it took
    /// longer to make than the lease, it is the holder's until somebody takes it back.
    ///
    /// # Errors
    /// When the database is lost: then Slack must not be called.
    pub async fn begin_call(&self, held: &Delivery, now: i64) -> Result<bool, Broken> {
        let begun = sqlx::query(
            "UPDATE outbox SET called_at = $3, lease_until = $3 + 60 \
             WHERE id = $1 AND fence = $2 AND state = 'sending' AND posted_ts = '' AND not_after >= $3",
        )
        .bind(&held.id)
        .bind(held.fence)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(begun.rows_affected() == 1)
    }

    /// Notes that a message stands in Slack; `detail` is what it shows. Whether it still was its holder's.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn settle_sent(
        &self,
        held: &Delivery,
        posted_in: &str,
        posted_ts: &str,
        detail: &str,
        now: i64,
    ) -> Result<bool, Broken> {
        // An answer that comes after the lease ran out is still the answer, until somebody else holds the message.
        let settled = sqlx::query(
            "UPDATE outbox SET state = 'sent', posted_in = $3, posted_ts = $4, detail = $5, error = '', settled_at = $6 \
             WHERE id = $1 AND fence = $2 AND state IN ('sending', 'ambiguous', 'pending') AND posted_ts IN ('', $4)",
        )
        .bind(&held.id)
        .bind(held.fence)
        .bind(posted_in)
        .bind(posted_ts)
        .bind(detail)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(settled.rows_affected() == 1)
    }

    /// Notes that a message was not sent, and why; whether it still was its holder's.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn settle_unsent(&self, held: &Delivery, unsent: &Unsent, now: i64) -> Result<bool, Broken> {
        let (state, error, not_before, attempt, doubts, settled_at) = match unsent {
            Unsent::Again { not_before, attempt } => {
                ("pending", "", *not_before, *attempt, held.doubts, None)
            }
            Unsent::InDoubt => {
                ("ambiguous", "no_answer", now + DOUBT_SECONDS, held.attempt, held.doubts + 1, None)
            }
            Unsent::Failed(code) => ("failed", &**code, now, held.attempt, held.doubts, Some(now)),
            Unsent::Cancelled(why) => ("cancelled", &**why, now, held.attempt, held.doubts, Some(now)),
        };
        // Slack may have told of it already.
        let settled = sqlx::query(
            "UPDATE outbox SET state = CASE WHEN posted_ts <> '' THEN 'sent' ELSE $3 END, error = $4, not_before = $5, \
             attempt = $6, doubts = $7, settled_at = $8 WHERE id = $1 AND fence = $2 AND state = 'sending'",
        )
        .bind(&held.id)
        .bind(held.fence)
        .bind(state)
        .bind(error)
        .bind(not_before)
        .bind(attempt)
        .bind(doubts)
        .bind(settled_at)
        .execute(&self.pool)
        .await?;
        Ok(settled.rows_affected() == 1)
    }

    /// Puts back what ran out: where Slack was not called it is to be sent, where it was called that is in doubt. A lease
    /// that ends later than any could was given by a clock that ran ahead.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn take_back(&self, now: i64) -> Result<u64, Broken> {
        let taken = sqlx::query(
            "UPDATE outbox SET state = CASE WHEN posted_ts <> '' THEN 'sent' WHEN called_at IS NULL THEN 'pending' \
             ELSE 'ambiguous' END, doubts = doubts + CASE WHEN called_at IS NULL THEN 0 ELSE 1 END, \
             not_before = CASE WHEN called_at IS NULL THEN not_before ELSE $1 + 120 END \
             WHERE id IN (SELECT id FROM outbox WHERE state = 'sending' AND (lease_until <= $1 OR lease_until > $1 + 240) \
             LIMIT 100)",
        )
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(taken.rows_affected())
    }

    /// Decides about what nobody told of in time: sent once more, or given up. Returns how many were given up.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn decide_doubts(&self, now: i64) -> Result<u64, Broken> {
        let decided = sqlx::query(
            "UPDATE outbox SET state = CASE WHEN doubts < $2 AND not_after >= $1 THEN 'pending' ELSE 'failed' END, \
             settled_at = CASE WHEN doubts < $2 AND not_after >= $1 THEN settled_at ELSE $1 END \
             WHERE id IN (SELECT id FROM outbox WHERE state = 'ambiguous' \
             AND (not_before <= $1 OR not_before > $1 + 480) ORDER BY not_before LIMIT 100) \
             RETURNING state",
        )
        .bind(now)
        .bind(DOUBTS_MAX)
        .fetch_all(&self.pool)
        .await?;
        let states: Vec<String> = decided.iter().map(|row| row.try_get("state")).collect::<Result<_, _>>()?;
        Ok(states.iter().filter(|state| *state == "failed").count() as u64)
    }

    /// Slack told that a message of ours stands there.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn arrived(
        &self,
        installation: &str,
        id: &str,
        posted_in: &str,
        posted_ts: &str,
        now: i64,
    ) -> Result<Arrived, Broken> {
        loop {
            // While it is being sent, its holder settles it; otherwise nobody waits for the answer any more.
            let noted = sqlx::query(
                "UPDATE outbox SET posted_in = $2, posted_ts = $3, settled_at = $4, \
                 state = CASE WHEN state = 'sending' THEN state ELSE 'sent' END WHERE id = $1 AND posted_ts = '' \
                 AND installation_id = $5 RETURNING installation_id, channel_id, state",
            )
            .bind(id)
            .bind(posted_in)
            .bind(posted_ts)
            .bind(now)
            .bind(installation)
            .fetch_optional(&self.pool)
            .await?;
            if let Some(noted) = noted {
                let is_settled = noted.try_get::<String, _>("state")? == "sent";
                return Ok(if is_settled { Arrived::Settled(place(&noted)?) } else { Arrived::Known });
            }
            let known = self.delivery(id).await?.filter(|known| known.place.installation == installation);
            let Some(known) = known else { return Ok(Arrived::Unknown) };
            if known.posted_ts == posted_ts {
                return Ok(Arrived::Known);
            }
            let older = known.posted_ts.as_str().min(posted_ts).to_owned();
            let newer = known.posted_ts.as_str().max(posted_ts);
            let kept = sqlx::query(
                "UPDATE outbox SET posted_ts = $3, state = 'sent' WHERE id = $1 AND posted_ts = $2",
            )
            .bind(id)
            .bind(&known.posted_ts)
            .bind(newer)
            .execute(&self.pool)
            .await?;
            if kept.rows_affected() == 1 {
                return Ok(Arrived::Twice { posted_in: known.posted_in, posted_ts: older });
            }
        }
    }

    /// A message of the outbox.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn delivery(&self, id: &str) -> Result<Option<Delivery>, Broken> {
        let row = sqlx::query(concat!("SELECT ", delivery!(), " FROM outbox WHERE id = $1"))
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(delivery).transpose()
    }

    /// The messages about a channel that stand in Slack or are on their way to it, the newest first: those made since a
    /// moment, and the one of a name.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn standing(
        &self,
        place: &Place,
        since: i64,
        posted_ts: &str,
        limit: i64,
    ) -> Result<Vec<Delivery>, Broken> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            delivery!(),
            " FROM outbox WHERE installation_id = $1 AND channel_id = $2 AND state IN ('sent', 'sending') \
             AND (created_at >= $3 OR posted_ts = $4) ORDER BY created_at DESC LIMIT $5"
        ))
        .bind(&place.installation)
        .bind(&place.channel)
        .bind(since)
        .bind(posted_ts)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(delivery).collect()
    }

    /// Notes what a message shows by now.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn now_shows(&self, id: &str, detail: &str) -> Result<(), Broken> {
        sqlx::query("UPDATE outbox SET detail = $2 WHERE id = $1")
            .bind(id)
            .bind(detail)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Slack wants no call of a method before a moment: in a whole installation, or to one recipient.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn close_gate(
        &self,
        installation: &str,
        method: &str,
        recipient: &str,
        until: i64,
    ) -> Result<(), Broken> {
        sqlx::query(
            "INSERT INTO gate (installation_id, method, recipient, closed_until) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (installation_id, method, recipient) DO UPDATE SET closed_until = \
             CASE WHEN gate.closed_until > excluded.closed_until THEN gate.closed_until ELSE excluded.closed_until END",
        )
        .bind(installation)
        .bind(method)
        .bind(recipient)
        .bind(until)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Stops reminding a channel, and plans the message that says why, both or none. Whether it was being reminded.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn pause(
        &self,
        place: &Place,
        why: &str,
        notice: Option<New>,
        now: i64,
    ) -> Result<bool, Broken> {
        let (place, why) = (place.clone(), why.to_owned());
        self.atomically(move |connection| {
            Box::pin(async move {
                let paused = sqlx::query(
                    "UPDATE channel SET paused = $3, next_at = NULL \
                     WHERE installation_id = $1 AND channel_id = $2 AND paused = ''",
                )
                .bind(&place.installation)
                .bind(&place.channel)
                .bind(&why)
                .execute(&mut *connection)
                .await?;
                if paused.rows_affected() == 0 {
                    return Ok(false);
                }
                if let Some(new) = notice {
                    insert(connection, &new, now).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Reminds a paused channel again, from its next turn on; whether it was paused.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn resume(&self, place: &Place, next_at: Option<i64>) -> Result<bool, Broken> {
        let resumed = sqlx::query(
            "UPDATE channel SET paused = '', next_at = $3 WHERE installation_id = $1 AND channel_id = $2 AND paused <> ''",
        )
        .bind(&place.installation)
        .bind(&place.channel)
        .bind(next_at)
        .execute(&self.pool)
        .await?;
        Ok(resumed.rows_affected() == 1)
    }

    /// Drops some of what was made before a moment and is over; how many.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn prune_outbox(&self, before: i64) -> Result<u64, Broken> {
        let pruned = sqlx::query(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < $1 \
             AND state IN ('sent', 'failed', 'cancelled') ORDER BY created_at LIMIT 100)",
        )
        .bind(before)
        .execute(&self.pool)
        .await?;
        Ok(pruned.rows_affected())
    }

    /// How the outbox stands.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn backlog(&self, now: i64) -> Result<Backlog, Broken> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND not_before <= $1) AS pending, \
             (SELECT MIN(not_before) FROM outbox WHERE state = 'pending') AS oldest, \
             (SELECT COUNT(*) FROM outbox WHERE state = 'ambiguous') AS ambiguous",
        )
        .bind(now)
        .fetch_one(&self.pool)
        .await?;
        let oldest: Option<i64> = row.try_get("oldest")?;
        Ok(Backlog {
            pending: unsigned(row.try_get("pending")?),
            oldest_seconds: oldest.map_or(0, |oldest| unsigned(now - oldest)),
            ambiguous: unsigned(row.try_get("ambiguous")?),
        })
    }
}

async fn insert(connection: &mut AnyConnection, new: &New, now: i64) -> Result<bool, Broken> {
    let put = sqlx::query(
        "INSERT INTO outbox (id, installation_id, channel_id, recipient, kind, slot, state, attempt, doubts, not_before, \
         not_after, lease_until, fence, detail, posted_in, posted_ts, error, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, 0, $7, $8, 0, 0, $9, '', '', '', $10) ON CONFLICT (slot) DO NOTHING",
    )
    .bind(&new.id)
    .bind(&new.place.installation)
    .bind(&new.place.channel)
    .bind(&new.recipient)
    .bind(new.kind.word())
    .bind(&new.slot)
    .bind(new.not_before)
    .bind(new.not_after)
    .bind(&new.detail)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(put.rows_affected() == 1)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn place(row: &AnyRow) -> Result<Place, Broken> {
    Ok(Place { installation: row.try_get("installation_id")?, channel: row.try_get("channel_id")? })
}

fn delivery(row: &AnyRow) -> Result<Delivery, Broken> {
    let kind: String = row.try_get("kind")?;
    Ok(Delivery {
        id: row.try_get("id")?,
        place: place(row)?,
        recipient: row.try_get("recipient")?,
        kind: Kind::read(&kind)?,
        state: row.try_get("state")?,
        attempt: row.try_get("attempt")?,
        doubts: row.try_get("doubts")?,
        not_after: row.try_get("not_after")?,
        fence: row.try_get("fence")?,
        detail: row.try_get("detail")?,
        posted_in: row.try_get("posted_in")?,
        posted_ts: row.try_get("posted_ts")?,
        error: row.try_get("error")?,
    })
}
