//! What became of a message: the mark before the call, what it is settled as, and what is in doubt.

use super::{Arrived, DOUBT_SECONDS, DOUBTS_MAX, Delivery, New, Unsent, insert, place};
use crate::store::{Broken, Place, Store};
use sqlx::Row;

/// What nobody told of in time. Who has waited for another's lock on a row of PostgreSQL looks again at the row itself, and
/// not into the list in which it was found: so this is asked of both.
macro_rules! doubtful {
    () => {
        "state = 'ambiguous' AND (not_before <= $1 OR not_before > $1 + 480)"
    };
}

impl Store {
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
             WHERE state = 'sending' AND (lease_until <= $1 OR lease_until > $1 + 240)",
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
        let decided = sqlx::query(concat!(
            "UPDATE outbox SET state = CASE WHEN doubts < $2 AND not_after >= $1 THEN 'pending' ELSE 'failed' END, \
             settled_at = CASE WHEN doubts < $2 AND not_after >= $1 THEN settled_at ELSE $1 END WHERE ",
            doubtful!(),
            " AND id IN (SELECT id FROM outbox WHERE ",
            doubtful!(),
            " ORDER BY not_before LIMIT 100) RETURNING state"
        ))
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
}
