//! What is to be posted, what is being posted, and what became of it.
//!
//! A message is planned once (its slot), claimed by one (a lease and a fence), marked before Slack is called, and settled
//! by whoever holds the fence. Whoever dies in between leaves a lease that runs out: unmarked, nothing can have arrived
//! and it is sent again; marked, it may have arrived, and that is found out first.

use super::{Broken, Place, Store};
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// What a holder is told.
macro_rules! delivery {
    () => {
        "id, installation_id, channel_id, recipient, kind, state, attempt, doubts, not_after, fence, detail, posted_in, \
         posted_ts, error"
    };
}

mod outcome;
mod turn;

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
    /// Why a channel is reminded no more, to whoever can mend it.
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

impl Store {
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

    /// Notes what a message shows by now; no where what it showed `before` is noted no more.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn now_shows(&self, id: &str, before: &str, detail: &str) -> Result<bool, Broken> {
        let noted = sqlx::query("UPDATE outbox SET detail = $3 WHERE id = $1 AND detail = $2")
            .bind(id)
            .bind(before)
            .bind(detail)
            .execute(&self.pool)
            .await?;
        Ok(noted.rows_affected() == 1)
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
