//! What is tracked: of each opportunity the few facts from which the core says what is due.

use super::{Broken, Place, Store, rows_of, values_after};
use chrono::NaiveDate;
use podcheck_core::field::Field;
use podcheck_core::report::Verdict;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use std::collections::{BTreeMap, HashMap};

/// A channel is reminded of so many opportunities: more than the largest export.
pub const CHANNEL_TRACKED_MAX: usize = 100_000;
/// All channels of an installation together.
pub const INSTALLATION_TRACKED_MAX: usize = 1_000_000;
/// One statement writes so many rows, and one transaction has one such statement: eleven values each, and SQLite takes
/// 32,766.
const ROWS_MAX: usize = 500;
/// A title or a name is kept to so many characters.
const TEXT_CHARS_MAX: usize = 200;

/// An opportunity that a channel is reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// Which channel's it is.
    pub place: Place,
    /// Its id, which is its key in the core.
    pub opportunity_id: String,
    /// What is kept of it, by the canonical names of the core.
    pub facts: BTreeMap<String, String>,
    /// What it was judged to be, with all that was known then.
    pub verdict: Verdict,
    /// When.
    pub judged_on: NaiveDate,
    /// Whose it is: a person of Slack.
    pub owner: String,
    /// Nothing is said of it before this day.
    pub snoozed_until: Option<NaiveDate>,
    /// Whether nobody wants to be reminded of it any more.
    pub is_stopped: bool,
    /// One more with each change.
    pub version: i64,
    /// Since when.
    pub tracked_at: i64,
}

/// An opportunity as a check found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Its id.
    pub opportunity_id: String,
    /// What is to be kept of it.
    pub facts: BTreeMap<String, String>,
    /// The names of the facts that stand there with nothing in them.
    pub emptied: Vec<&'static str>,
    /// What it was judged to be.
    pub verdict: Verdict,
    /// When.
    pub judged_on: NaiveDate,
}

/// How many were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// That were not tracked here.
    pub added: usize,
    /// That were.
    pub refreshed: usize,
    /// That found no room.
    pub left_out: usize,
    /// Of those that were tracked here, whose reminders are stopped.
    pub stopped: usize,
}

impl Tracked {
    /// A fact that is kept.
    pub fn fact(&self, field: Field) -> Option<&str> {
        self.facts.get(field.name()).map(String::as_str)
    }
}

#[cfg(test)]
impl New {
    /// The same once a channel tracks it, with nothing done to it yet.
    pub(crate) fn tracked_in(self, place: Place) -> Tracked {
        Tracked {
            place,
            opportunity_id: self.opportunity_id,
            facts: self.facts,
            verdict: self.verdict,
            judged_on: self.judged_on,
            owner: "U1".to_owned(),
            snoozed_until: None,
            is_stopped: false,
            version: 1,
            tracked_at: 0,
        }
    }
}

/// What is tracked, of which this holds.
macro_rules! selected {
    ($where:literal) => {
        concat!(
            "SELECT installation_id, channel_id, opportunity_id, facts, customer_name, verdict, judged_on, owner, \
             snoozed_until, is_stopped, version, tracked_at FROM tracked WHERE ",
            $where
        )
    };
}

impl Store {
    /// Tracks what is new in a channel, for `by`, and refreshes what is known; the channel was saved before.
    ///
    /// Each part of it is done wholly or not at all. An update that somebody noted here stays where it is newer.
    ///
    /// # Errors
    /// When the database is lost; a part may be tracked then.
    pub async fn track(
        &self,
        place: &Place,
        mut news: Vec<New>,
        by: &str,
        now: i64,
    ) -> Result<Taken, Broken> {
        news.sort_by(|a, b| a.opportunity_id.cmp(&b.opportunity_id));
        news.dedup_by(|a, b| a.opportunity_id == b.opportunity_id);
        let mut room = self.room(place).await?;
        let mut taken = Taken::default();
        while !news.is_empty() {
            let rest = news.split_off(news.len().min(ROWS_MAX));
            let (part, place, by) = (std::mem::replace(&mut news, rest), place.clone(), by.to_owned());
            let part = self
                .atomically(move |connection| {
                    Box::pin(async move { track(connection, &place, part, &by, now, room).await })
                })
                .await?;
            room -= part.added;
            taken.added += part.added;
            taken.refreshed += part.refreshed;
            taken.left_out += part.left_out;
            taken.stopped += part.stopped;
        }
        Ok(taken)
    }

    /// How many more a channel can track.
    async fn room(&self, place: &Place) -> Result<usize, Broken> {
        let in_all = sqlx::query(
            "SELECT count(*) FROM (SELECT 1 FROM tracked WHERE installation_id = $1 LIMIT $2) AS counted",
        )
        .bind(&place.installation)
        .bind(INSTALLATION_TRACKED_MAX as i64)
        .fetch_one(&self.pool)
        .await?;
        let in_all = usize::try_from(in_all.try_get::<i64, _>(0)?).unwrap_or_default();
        let here = self.tracked_count(place).await?;
        let room = CHANNEL_TRACKED_MAX.saturating_sub(here);
        Ok(room.min(INSTALLATION_TRACKED_MAX - in_all))
    }

    /// How many opportunities a channel tracks.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn tracked_count(&self, place: &Place) -> Result<usize, Broken> {
        let row = sqlx::query("SELECT count(*) FROM tracked WHERE installation_id = $1 AND channel_id = $2")
            .bind(&place.installation)
            .bind(&place.channel)
            .fetch_one(&self.pool)
            .await?;
        Ok(usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default())
    }

    /// The opportunities of a channel in the order of their ids, so many from the first after `after`.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn tracked(&self, place: &Place, after: &str, limit: usize) -> Result<Vec<Tracked>, Broken> {
        let rows = sqlx::query(selected!(
            "installation_id = $1 AND channel_id = $2 AND opportunity_id > $3 ORDER BY opportunity_id LIMIT $4"
        ))
        .bind(&place.installation)
        .bind(&place.channel)
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(tracked).collect()
    }

    /// The same of what one person owns there.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn tracked_of(
        &self,
        place: &Place,
        owner: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Tracked>, Broken> {
        let rows = sqlx::query(selected!(
            "installation_id = $1 AND owner = $2 \
             AND channel_id = $3 AND opportunity_id > $4 ORDER BY opportunity_id LIMIT $5"
        ))
        .bind(&place.installation)
        .bind(owner)
        .bind(&place.channel)
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(tracked).collect()
    }

    /// The ids of what a channel tracks and is not stopped, in their order.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn tracked_ids(&self, place: &Place) -> Result<Vec<String>, Broken> {
        let rows = sqlx::query(
            "SELECT opportunity_id FROM tracked WHERE installation_id = $1 AND channel_id = $2 AND is_stopped = 0 \
             ORDER BY opportunity_id",
        )
        .bind(&place.installation)
        .bind(&place.channel)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// One opportunity of a channel.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn tracked_one(&self, place: &Place, id: &str) -> Result<Option<Tracked>, Broken> {
        let mut connection = self.pool.acquire().await?;
        one(&mut connection, place, id).await
    }

    /// How many of what a person owns each channel tracks.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn owned_counts(
        &self,
        installation: &str,
        owner: &str,
    ) -> Result<Vec<(String, usize)>, Broken> {
        let rows = sqlx::query(
            "SELECT channel_id, count(*) FROM tracked WHERE installation_id = $1 AND owner = $2 \
             GROUP BY channel_id ORDER BY channel_id",
        )
        .bind(installation)
        .bind(owner)
        .fetch_all(&self.pool)
        .await?;
        let count =
            |row: &AnyRow| Ok((row.try_get(0)?, usize::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0)));
        rows.iter().map(count).collect()
    }

    /// Forgets one opportunity of a channel or all, with who did what; says how many.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn forget(&self, place: &Place, id: Option<&str>) -> Result<usize, Broken> {
        let (place, id) = (place.clone(), id.map(str::to_owned));
        self.atomically(move |connection| {
            Box::pin(async move {
                hold(connection, &place).await?;
                // What a message has told it remembers as a list, each with its id and what was to be done.
                let statements = match id {
                    Some(_) => [
                        "UPDATE outbox SET detail = replace(detail, '\"' || $3 || '\"', '\"\"') \
                         WHERE installation_id = $1 AND channel_id = $2 AND detail LIKE '[%'",
                        "DELETE FROM change WHERE installation_id = $1 AND channel_id = $2 AND opportunity_id = $3",
                        "DELETE FROM tracked WHERE installation_id = $1 AND channel_id = $2 AND opportunity_id = $3",
                    ],
                    None => [
                        "UPDATE outbox SET detail = '[]' \
                         WHERE installation_id = $1 AND channel_id = $2 AND detail LIKE '[%'",
                        "DELETE FROM change WHERE installation_id = $1 AND channel_id = $2",
                        "DELETE FROM tracked WHERE installation_id = $1 AND channel_id = $2",
                    ],
                };
                let mut gone = 0;
                for statement in statements {
                    let mut query = sqlx::query(statement).bind(&place.installation).bind(&place.channel);
                    if let Some(id) = &id {
                        query = query.bind(id);
                    }
                    gone = query.execute(&mut *connection).await?.rows_affected();
                }
                Ok(usize::try_from(gone).unwrap_or(usize::MAX))
            })
        })
        .await
    }
}

/// Makes whoever else changes what this channel tracks wait for the end of the transaction, and says whether it keeps
/// names; none where there is no such channel.
pub(super) async fn hold(connection: &mut AnyConnection, place: &Place) -> Result<Option<bool>, Broken> {
    let row = sqlx::query(
        "UPDATE channel SET version = version WHERE installation_id = $1 AND channel_id = $2 RETURNING names",
    )
    .bind(&place.installation)
    .bind(&place.channel)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(row.try_get::<i64, _>(0)? != 0)).transpose()
}

/// One opportunity of a channel, as a connection sees it.
pub(super) async fn one(
    connection: &mut AnyConnection,
    place: &Place,
    id: &str,
) -> Result<Option<Tracked>, Broken> {
    let row = sqlx::query(selected!("installation_id = $1 AND channel_id = $2 AND opportunity_id = $3"))
        .bind(&place.installation)
        .bind(&place.channel)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(tracked).transpose()
}

/// Tracks one part.
async fn track(
    connection: &mut AnyConnection,
    place: &Place,
    mut news: Vec<New>,
    by: &str,
    now: i64,
    room: usize,
) -> Result<Taken, Broken> {
    let Some(keeps_names) = hold(connection, place).await? else {
        return Err(Broken("there is no such channel".to_owned()));
    };
    let mut known = known_of(connection, place, &news).await?;
    let mut taken = Taken::default();
    news.retain(|new| {
        let here = known.get(&new.opportunity_id);
        taken.stopped += usize::from(here.is_some_and(|here| here.is_stopped));
        let is_known = here.is_some();
        let fits = is_known || taken.added < room;
        let count = if is_known {
            &mut taken.refreshed
        } else if fits {
            &mut taken.added
        } else {
            &mut taken.left_out
        };
        *count += 1;
        fits
    });
    if news.is_empty() {
        return Ok(taken);
    }
    let statement = format!(
        "INSERT INTO tracked (installation_id, channel_id, opportunity_id, facts, customer_name, verdict, judged_on, \
         owner, snoozed_until, is_stopped, version, tracked_at) VALUES {} \
         ON CONFLICT (installation_id, channel_id, opportunity_id) DO UPDATE SET facts = excluded.facts, \
         customer_name = excluded.customer_name, verdict = excluded.verdict, judged_on = excluded.judged_on, \
         version = tracked.version + 1",
        rows_of(news.len(), 12)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement)).persistent(news.len() == ROWS_MAX);
    for mut new in news {
        if let Some(known) = known.remove(&new.opportunity_id) {
            add_what_is_known(&mut new, known);
        }
        let mut facts = new.facts;
        let name = facts.remove(Field::CustomerName.name()).filter(|_| keeps_names).unwrap_or_default();
        facts.values_mut().for_each(|value| *value = cut(value));
        query = query
            .bind(place.installation.clone())
            .bind(place.channel.clone())
            .bind(new.opportunity_id)
            .bind(serde_json::json!(facts).to_string())
            .bind(cut(&name))
            .bind(new.verdict.as_str())
            .bind(new.judged_on.to_string())
            .bind(by.to_owned())
            .bind("")
            .bind(0_i64)
            .bind(1_i64)
            .bind(now);
    }
    query.execute(connection).await?;
    Ok(taken)
}

/// Those of `news` that are tracked, by their ids.
async fn known_of(
    connection: &mut AnyConnection,
    place: &Place,
    news: &[New],
) -> Result<HashMap<String, Tracked>, Broken> {
    let statement = format!(
        selected!("installation_id = $1 AND channel_id = $2 AND opportunity_id IN ({})"),
        values_after(2, news.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(statement)).persistent(news.len() == ROWS_MAX);
    query = query.bind(place.installation.clone()).bind(place.channel.clone());
    for new in news {
        query = query.bind(new.opportunity_id.clone());
    }
    let rows = query.fetch_all(connection).await?;
    let known = rows.iter().map(|row| tracked(row).map(|one| (one.opportunity_id.clone(), one)));
    known.collect()
}

/// What is not said this time is as it was: a few facts that somebody types do not take away what an export told; an
/// empty cell does. A check that knew less than the one before, and could not decide, leaves what that one decided.
fn add_what_is_known(new: &mut New, mut known: Tracked) {
    known.facts.retain(|name, _| !new.emptied.contains(&name.as_str()));
    let updated = Field::LastModifiedAt.name();
    let knew_less = known.facts.keys().any(|name| name != updated && !new.facts.contains_key(name));
    // Both are spelled so that the later one is the greater text; one that was noted here may be newer.
    let newer = known.facts.get(updated).max(new.facts.get(updated)).cloned();
    let said = std::mem::replace(&mut new.facts, known.facts);
    new.facts.extend(said);
    new.facts.extend(newer.map(|moment| (updated.to_owned(), moment)));
    if knew_less && new.verdict == Verdict::NeedsInformation {
        new.verdict = known.verdict;
        new.judged_on = known.judged_on;
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

fn facts(row: &AnyRow) -> Result<BTreeMap<String, String>, Broken> {
    let text: String = row.try_get("facts")?;
    serde_json::from_str(&text).map_err(|_| Broken::column("facts"))
}

fn tracked(row: &AnyRow) -> Result<Tracked, Broken> {
    let text = |name| row.try_get::<String, _>(name);
    let mut facts = facts(row)?;
    let name = text("customer_name")?;
    if !name.is_empty() {
        facts.insert(Field::CustomerName.name().to_owned(), name);
    }
    let snoozed = text("snoozed_until")?;
    let snoozed = (!snoozed.is_empty()).then(|| snoozed.parse().map_err(|_| Broken::column("snoozed_until")));
    Ok(Tracked {
        place: Place { installation: text("installation_id")?, channel: text("channel_id")? },
        opportunity_id: text("opportunity_id")?,
        facts,
        verdict: Verdict::parse(&text("verdict")?).ok_or_else(|| Broken::column("verdict"))?,
        judged_on: text("judged_on")?.parse().map_err(|_| Broken::column("judged_on"))?,
        owner: text("owner")?,
        snoozed_until: snoozed.transpose()?,
        is_stopped: row.try_get::<i64, _>("is_stopped")? != 0,
        version: row.try_get("version")?,
        tracked_at: row.try_get("tracked_at")?,
    })
}
