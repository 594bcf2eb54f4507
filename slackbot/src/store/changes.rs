//! What people do with what is tracked: who did what, and how it is undone.
//!
//! What is done is absolute, updated on this day or snoozed until that one, so that to do it again changes nothing.

use super::tracked::{Tracked, hold, one};
use super::{Broken, Place, Store};
use crate::memory::random_name;
use chrono::NaiveDate;
use podcheck_core::field::Field;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// One transaction does so many things at a time.
const CHANGES_MAX: usize = 100;

/// Something to do with what is tracked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was updated in ACE on this day.
    Updated(NaiveDate),
    /// Nothing is to be said of it before this day.
    Snooze(NaiveDate),
    /// Nothing is to be said of it any more.
    Stop,
    /// It is to be reminded of again.
    Resume,
    /// It is this person's.
    Owner(String),
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// What.
    pub change: Change,
    /// Whether it was undone by this: the name of what was done.
    pub undoes: Option<String>,
}

/// Something that was done, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its name, by which it is undone.
    pub id: String,
    /// Who did it.
    pub by: String,
    /// What it was.
    pub act: Act,
    /// When.
    pub at: i64,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The opportunity as it is now.
    pub tracked: Tracked,
    /// What made it so; none where it was never otherwise.
    pub made_by: Option<Logged>,
    /// Whether that was this change, and not an earlier one.
    pub is_new: bool,
}

/// What came of undoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It is as it was before this.
    Now(Tracked, Change),
    /// Somebody undid it before.
    Before(Tracked, Logged),
    /// Something newer happened: what, where that is known.
    Superseded(Tracked, Option<Logged>),
    /// It is not kept any more.
    Gone,
}

/// What a change may touch, as it was before.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    updated: Option<String>,
    owner: String,
    snoozed_until: Option<NaiveDate>,
    is_stopped: bool,
}

impl Before {
    fn of(tracked: &Tracked) -> Before {
        Before {
            updated: tracked.fact(Field::LastModifiedAt).map(str::to_owned),
            owner: tracked.owner.clone(),
            snoozed_until: tracked.snoozed_until,
            is_stopped: tracked.is_stopped,
        }
    }

    fn restore(self, tracked: &mut Tracked) {
        let updated = Field::LastModifiedAt.name();
        match self.updated {
            Some(moment) => tracked.facts.insert(updated.to_owned(), moment),
            None => tracked.facts.remove(updated),
        };
        tracked.owner = self.owner;
        tracked.snoozed_until = self.snoozed_until;
        tracked.is_stopped = self.is_stopped;
    }
}

impl Change {
    fn apply(&self, tracked: &mut Tracked) {
        match self {
            Change::Updated(day) => {
                let moment = format!("{day}T00:00:00Z");
                // What is kept is spelled so that the later one is the greater text.
                if tracked.fact(Field::LastModifiedAt).is_none_or(|kept| kept < moment.as_str()) {
                    tracked.facts.insert(Field::LastModifiedAt.name().to_owned(), moment);
                }
            }
            Change::Snooze(until) => tracked.snoozed_until = Some(*until),
            Change::Stop => tracked.is_stopped = true,
            Change::Resume => {
                tracked.is_stopped = false;
                tracked.snoozed_until = None;
            }
            Change::Owner(user) => tracked.owner.clone_from(user),
        }
    }
}

impl Store {
    /// Does something with what a channel tracks; none where it does not.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn change(
        &self,
        place: &Place,
        id: &str,
        change: Change,
        by: &str,
        now: i64,
    ) -> Result<Option<Changed>, Broken> {
        let (place, id, by) = (place.clone(), id.to_owned(), by.to_owned());
        self.atomically(move |connection| {
            Box::pin(async move {
                hold(connection, &place).await?;
                do_one(connection, &place, &id, &change, &by, now).await
            })
        })
        .await
    }

    /// Stops several that a channel tracks; says how many were not stopped before.
    ///
    /// # Errors
    /// When the database is lost; some may be stopped then.
    pub async fn stop_all(&self, place: &Place, ids: &[String], by: &str, now: i64) -> Result<usize, Broken> {
        let mut stopped = 0;
        for part in ids.chunks(CHANGES_MAX) {
            let (place, part, by) = (place.clone(), part.to_vec(), by.to_owned());
            stopped += self
                .atomically(move |connection| {
                    Box::pin(async move {
                        hold(connection, &place).await?;
                        let mut stopped = 0;
                        for id in &part {
                            let done = do_one(connection, &place, id, &Change::Stop, &by, now).await?;
                            stopped += usize::from(done.is_some_and(|done| done.is_new));
                        }
                        Ok(stopped)
                    })
                })
                .await?;
        }
        Ok(stopped)
    }

    /// Takes back something that was done in a channel, as long as nothing newer happened.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn undo(&self, place: &Place, change_id: &str, by: &str, now: i64) -> Result<Undone, Broken> {
        let (place, change_id, by) = (place.clone(), change_id.to_owned(), by.to_owned());
        self.atomically(move |connection| {
            Box::pin(async move {
                hold(connection, &place).await?;
                undo(connection, &place, &change_id, &by, now).await
            })
        })
        .await
    }

    /// Something that was done in a channel, and with which opportunity.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn logged(&self, place: &Place, change_id: &str) -> Result<Option<(String, Logged)>, Broken> {
        let row = sqlx::query(
            "SELECT id, actor, act, at, opportunity_id FROM change \
             WHERE id = $1 AND installation_id = $2 AND channel_id = $3",
        )
        .bind(change_id)
        .bind(&place.installation)
        .bind(&place.channel)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| Ok((row.try_get("opportunity_id")?, logged(&row)?))).transpose()
    }

    /// What was done last with an opportunity of a channel, the newest first.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn log_of(&self, place: &Place, id: &str, limit: usize) -> Result<Vec<Logged>, Broken> {
        let rows = sqlx::query(
            "SELECT id, actor, act, at FROM change \
             WHERE installation_id = $1 AND channel_id = $2 AND opportunity_id = $3 ORDER BY at DESC, version DESC LIMIT $4",
        )
        .bind(&place.installation)
        .bind(&place.channel)
        .bind(id)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(logged).collect()
    }
}

async fn do_one(
    connection: &mut AnyConnection,
    place: &Place,
    id: &str,
    change: &Change,
    by: &str,
    now: i64,
) -> Result<Option<Changed>, Broken> {
    let Some(before) = one(connection, place, id).await? else { return Ok(None) };
    let mut tracked = before.clone();
    change.apply(&mut tracked);
    if tracked == before {
        let made_by = made_by(connection, &tracked).await?;
        return Ok(Some(Changed { tracked, made_by, is_new: false }));
    }
    tracked.version += 1;
    let act = Act { change: change.clone(), undoes: None };
    let made_by = Some(write(connection, &before, &tracked, act, by, now).await?);
    Ok(Some(Changed { tracked, made_by, is_new: true }))
}

async fn undo(
    connection: &mut AnyConnection,
    place: &Place,
    change_id: &str,
    by: &str,
    now: i64,
) -> Result<Undone, Broken> {
    let row = sqlx::query(
        "SELECT opportunity_id, act, before, version FROM change \
         WHERE id = $1 AND installation_id = $2 AND channel_id = $3",
    )
    .bind(change_id)
    .bind(&place.installation)
    .bind(&place.channel)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(Undone::Gone) };
    let id: String = row.try_get("opportunity_id")?;
    let Some(now_kept) = one(connection, place, &id).await? else { return Ok(Undone::Gone) };
    if now_kept.version != row.try_get::<i64, _>("version")? {
        let newest = made_by(connection, &now_kept).await?;
        return Ok(match newest {
            Some(newest) if newest.act.undoes.as_deref() == Some(change_id) => {
                Undone::Before(now_kept, newest)
            }
            newest => Undone::Superseded(now_kept, newest),
        });
    }
    let change = act(&row)?.change;
    let before: Before =
        serde_json::from_str(&row.try_get::<String, _>("before")?).map_err(|_| Broken::column("before"))?;
    let mut tracked = now_kept.clone();
    before.restore(&mut tracked);
    tracked.version += 1;
    let act = Act { change: change.clone(), undoes: Some(change_id.to_owned()) };
    write(connection, &now_kept, &tracked, act, by, now).await?;
    Ok(Undone::Now(tracked, change))
}

/// Writes a change and notes who made it.
async fn write(
    connection: &mut AnyConnection,
    before: &Tracked,
    after: &Tracked,
    act: Act,
    by: &str,
    now: i64,
) -> Result<Logged, Broken> {
    let place = &after.place;
    let mut facts = after.facts.clone();
    // It is kept on its own, for the day on which it is not to be kept.
    facts.remove(Field::CustomerName.name());
    sqlx::query(
        "UPDATE tracked SET facts = $4, owner = $5, snoozed_until = $6, is_stopped = $7, version = $8 \
         WHERE installation_id = $1 AND channel_id = $2 AND opportunity_id = $3",
    )
    .bind(&place.installation)
    .bind(&place.channel)
    .bind(&after.opportunity_id)
    .bind(serde_json::json!(facts).to_string())
    .bind(&after.owner)
    .bind(after.snoozed_until.map_or_else(String::new, |day| day.to_string()))
    .bind(i64::from(after.is_stopped))
    .bind(after.version)
    .execute(&mut *connection)
    .await?;
    let id = random_name();
    sqlx::query(
        "INSERT INTO change (id, installation_id, channel_id, opportunity_id, actor, act, before, version, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&id)
    .bind(&place.installation)
    .bind(&place.channel)
    .bind(&after.opportunity_id)
    .bind(by)
    .bind(serde_json::json!(act).to_string())
    .bind(serde_json::json!(Before::of(before)).to_string())
    .bind(after.version)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(Logged { id, by: by.to_owned(), act, at: now })
}

/// What made an opportunity as it is; none where that was a check.
async fn made_by(connection: &mut AnyConnection, tracked: &Tracked) -> Result<Option<Logged>, Broken> {
    let row = sqlx::query(
        "SELECT id, actor, act, at FROM change \
         WHERE installation_id = $1 AND channel_id = $2 AND opportunity_id = $3 AND version = $4",
    )
    .bind(&tracked.place.installation)
    .bind(&tracked.place.channel)
    .bind(&tracked.opportunity_id)
    .bind(tracked.version)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(logged).transpose()
}

fn act(row: &AnyRow) -> Result<Act, Broken> {
    serde_json::from_str(&row.try_get::<String, _>("act")?).map_err(|_| Broken::column("act"))
}

fn logged(row: &AnyRow) -> Result<Logged, Broken> {
    Ok(Logged { id: row.try_get("id")?, by: row.try_get("actor")?, act: act(row)?, at: row.try_get("at")? })
}
