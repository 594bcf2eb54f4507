//! Channels with something tracked, and how each wants to be reminded.

use super::{Broken, Place, Store};
use chrono::{NaiveDate, Weekday};
use podcheck_core::report::ActionKind;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Nine in the morning, in minutes.
const NINE: u16 = 9 * 60;
/// A digest tells so many days ahead what is due.
const LEAD_DAYS: i8 = 3;

/// A channel, and how it wants to be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Where it is.
    pub place: Place,
    /// Its time zone: `Europe/Paris`.
    pub zone: String,
    /// At which minute of its day.
    pub at_minute: u16,
    /// On which days of the week.
    pub weekdays: Weekdays,
    /// On which days not.
    pub holidays: Vec<NaiveDate>,
    /// Of what it wants to hear nothing.
    pub unwanted: Vec<ActionKind>,
    /// So many days ahead; negative: only what is overdue by so many.
    pub lead_days: i8,
    /// Whether all of a long digest is told, in its thread.
    pub threads: bool,
    /// Whether owners are mentioned when something of theirs is overdue.
    pub mentions: bool,
    /// Whether customers' names are kept.
    pub names: bool,
    /// Whether files that somebody shares in it are checked.
    pub files: bool,
    /// Who may change this; empty for everybody in it.
    pub editors: Vec<String>,
    /// Whether it wants reminders at all.
    pub is_on: bool,
    /// Why Slack takes nothing for it; empty while it does.
    pub paused: String,
    /// When its next digest is to be made; none until that is worked out.
    pub next_at: Option<i64>,
    /// One more with each change; 0 for one that was never saved.
    pub version: i64,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: i64,
}

/// Days of the week: one bit each, Monday the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORKING: Weekdays = Weekdays(0b001_1111);

    /// Whether this day is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }
}

impl Channel {
    /// A channel as it is at first: on working days at nine, three days ahead.
    pub fn new(place: Place, zone: String, by: &str, now: i64) -> Channel {
        Channel {
            place,
            zone,
            at_minute: NINE,
            weekdays: Weekdays::WORKING,
            holidays: Vec::new(),
            unwanted: Vec::new(),
            lead_days: LEAD_DAYS,
            threads: true,
            mentions: true,
            names: false,
            files: false,
            editors: Vec::new(),
            is_on: true,
            paused: String::new(),
            next_at: None,
            version: 0,
            changed_by: by.to_owned(),
            changed_at: now,
        }
    }

    /// Whether this person may change how it is reminded.
    pub fn may_change(&self, user: &str) -> bool {
        self.editors.is_empty() || self.editors.iter().any(|editor| editor == user)
    }
}

/// The columns by name: to a statement that is prepared, a later version of the program may not add one.
macro_rules! columns {
    () => {
        "installation_id, channel_id, zone, at_minute, weekdays, holidays, unwanted_kinds, lead_days, threads, mentions, \
         names, files, editors, is_on, paused, next_at, version, changed_by, changed_at"
    };
}
pub(super) use columns;

/// Channels, of which this holds.
macro_rules! selected {
    ($where:literal) => {
        concat!("SELECT ", columns!(), " FROM channel WHERE ", $where)
    };
}

impl Store {
    /// How a channel wants to be reminded; none where nothing was ever tracked or set.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn channel(&self, place: &Place) -> Result<Option<Channel>, Broken> {
        let row = sqlx::query(selected!("installation_id = $1 AND channel_id = $2"))
            .bind(&place.installation)
            .bind(&place.channel)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(channel).transpose()
    }

    /// The channels of an installation for which Slack takes nothing.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn paused(&self, installation: &str) -> Result<Vec<Channel>, Broken> {
        let rows = sqlx::query(selected!("installation_id = $1 AND paused <> '' ORDER BY channel_id"))
            .bind(installation)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(channel).collect()
    }

    /// Saves how a channel wants to be reminded; no when somebody else has changed it since it was read. Where names
    /// are not to be kept, those that are go with it.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn save_channel(&self, channel: &Channel) -> Result<bool, Broken> {
        let channel = channel.clone();
        self.atomically(move |connection| {
            Box::pin(async move {
                let lists = Lists::of(&channel);
                let saved = sqlx::query(
                    "INSERT INTO channel (installation_id, channel_id, zone, at_minute, weekdays, holidays, \
                     unwanted_kinds, lead_days, threads, mentions, names, files, editors, is_on, paused, next_at, version, \
                     changed_by, changed_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 + 1, $18, $19) \
                     ON CONFLICT (installation_id, channel_id) DO UPDATE SET zone = excluded.zone, \
                     at_minute = excluded.at_minute, weekdays = excluded.weekdays, holidays = excluded.holidays, \
                     unwanted_kinds = excluded.unwanted_kinds, lead_days = excluded.lead_days, \
                     threads = excluded.threads, mentions = excluded.mentions, names = excluded.names, \
                     files = excluded.files, editors = excluded.editors, is_on = excluded.is_on, \
                     paused = excluded.paused, next_at = excluded.next_at, version = excluded.version, \
                     changed_by = excluded.changed_by, changed_at = excluded.changed_at \
                     WHERE channel.version = excluded.version - 1",
                )
                .bind(&channel.place.installation)
                .bind(&channel.place.channel)
                .bind(&channel.zone)
                .bind(i64::from(channel.at_minute))
                .bind(i64::from(channel.weekdays.0))
                .bind(lists.holidays)
                .bind(lists.unwanted)
                .bind(i64::from(channel.lead_days))
                .bind(i64::from(channel.threads))
                .bind(i64::from(channel.mentions))
                .bind(i64::from(channel.names))
                .bind(i64::from(channel.files))
                .bind(lists.editors)
                .bind(i64::from(channel.is_on))
                .bind(&channel.paused)
                .bind(channel.next_at)
                .bind(channel.version)
                .bind(&channel.changed_by)
                .bind(channel.changed_at)
                .execute(&mut *connection)
                .await?;
                if saved.rows_affected() == 1 && !channel.names {
                    sqlx::query(
                        "UPDATE tracked SET customer_name = '' \
                         WHERE installation_id = $1 AND channel_id = $2 AND customer_name <> ''",
                    )
                    .bind(&channel.place.installation)
                    .bind(&channel.place.channel)
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(saved.rows_affected() == 1)
            })
        })
        .await
    }
}

/// The lists of a channel as they are kept.
struct Lists {
    holidays: String,
    unwanted: String,
    editors: String,
}

impl Lists {
    fn of(channel: &Channel) -> Lists {
        Lists {
            holidays: serde_json::json!(channel.holidays).to_string(),
            unwanted: serde_json::json!(channel.unwanted).to_string(),
            editors: serde_json::json!(channel.editors).to_string(),
        }
    }
}

pub(super) fn channel(row: &AnyRow) -> Result<Channel, Broken> {
    let flag = |name| row.try_get::<i64, _>(name).map(|flag| flag != 0);
    let unwanted: Vec<String> = list(row, "unwanted_kinds")?;
    Ok(Channel {
        place: Place { installation: row.try_get("installation_id")?, channel: row.try_get("channel_id")? },
        zone: row.try_get("zone")?,
        at_minute: u16::try_from(row.try_get::<i64, _>("at_minute")?).unwrap_or(NINE),
        weekdays: Weekdays(u8::try_from(row.try_get::<i64, _>("weekdays")?).unwrap_or_default()),
        holidays: list(row, "holidays")?,
        unwanted: unwanted.iter().filter_map(|kind| ActionKind::parse(kind)).collect(),
        lead_days: i8::try_from(row.try_get::<i64, _>("lead_days")?).unwrap_or(LEAD_DAYS),
        threads: flag("threads")?,
        mentions: flag("mentions")?,
        names: flag("names")?,
        files: flag("files")?,
        editors: list(row, "editors")?,
        is_on: flag("is_on")?,
        paused: row.try_get("paused")?,
        next_at: row.try_get("next_at")?,
        version: row.try_get("version")?,
        changed_by: row.try_get("changed_by")?,
        changed_at: row.try_get("changed_at")?,
    })
}

/// A list that is kept as JSON.
fn list<T: serde::de::DeserializeOwned>(row: &AnyRow, column: &str) -> Result<Vec<T>, Broken> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|_| Broken::column(column))
}
