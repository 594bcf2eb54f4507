//! A database as it is after a month of use, made by the store's own functions; only what was sent before is put in by
//! one statement, because sending is what is measured.

use crate::{CHANNELS_A_WORKSPACE, KEY, TRACKED_A_CHANNEL, has_thread, is_due};
use anyhow::{Context, Result, ensure};
use chrono::{Duration, NaiveDate};
use futures_util::{StreamExt, TryStreamExt, stream};
use podcheck_core::report::Verdict;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::reminders::schedule::Zone;
use podcheck_slackbot::seal::{Column, Key, Keyring};
use podcheck_slackbot::store::outbox::LEASE_SECONDS;
use podcheck_slackbot::store::{Channel, Granted, New, Place, SealedTokens, Store, Weekdays};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::collections::BTreeMap;
use std::time::Instant;

/// Channels that are made at the same time.
const MAKERS_MAX: usize = 8;
/// Days whose messages are still kept.
const DAYS_BEFORE: i64 = 22;
const ZONES: [&str; 8] = [
    "Europe/Paris",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "America/Sao_Paulo",
    "UTC",
];
/// A turn that has just come there is neither of yesterday nor soon too late: minutes of the local day.
const MINUTES: std::ops::Range<i64> = 60..19 * 60;

/// Fills an empty database.
pub(crate) async fn seed(url: &str, tracked: usize) -> Result<()> {
    let begun = Instant::now();
    let store = Store::open(url).await?;
    let now = Clock::Machine.moment();
    let channels = tracked.div_ceil(TRACKED_A_CHANNEL);
    let zones: Vec<(&str, u16)> = ZONES.iter().filter_map(|zone| minute_there(zone, now)).collect();
    ensure!(!zones.is_empty(), "there is no zone in which it is day");
    let mut places = Vec::with_capacity(channels);
    for workspace in 0..channels.div_ceil(CHANNELS_A_WORKSPACE) {
        let installation = install(&store, workspace, now).await?;
        let first = workspace * CHANNELS_A_WORKSPACE;
        places.extend(
            (first..channels.min(first + CHANNELS_A_WORKSPACE))
                .map(|number| Place { installation: installation.clone(), channel: format!("C{number:07}") }),
        );
    }
    let made = stream::iter(places.into_iter().enumerate()).map(|(number, place)| {
        let (store, (zone, minute)) = (&store, zones[number % zones.len()]);
        async move {
            let channel = Channel {
                at_minute: minute,
                weekdays: Weekdays(0b111_1111),
                // `measure` says when.
                next_at: Some(i64::MAX),
                ..Channel::new(place.clone(), zone.to_owned(), &owner(number), now)
            };
            ensure!(store.save_channel(&channel).await.map_err(told)?, "a channel is there already");
            let today = Zone::or_utc(zone).day_at(now);
            let news = (0..TRACKED_A_CHANNEL).map(|one| opportunity(number, one, today)).collect();
            store.track(&place, news, &owner(number), now).await.map_err(told)?;
            Ok(())
        }
    });
    made.buffer_unordered(MAKERS_MAX).try_collect::<()>().await?;
    store.close().await;
    sent_before(url, now).await?;
    println!(
        "{tracked} tracked in {channels} channels were seeded in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

fn told(broken: podcheck_slackbot::store::Broken) -> anyhow::Error {
    anyhow::anyhow!("{broken}")
}

fn owner(channel: usize) -> String {
    format!("U{channel:07}")
}

/// The minute that it is in a zone, where that is by day.
fn minute_there(zone: &'static str, now: i64) -> Option<(&'static str, u16)> {
    let there = Zone::or_utc(zone);
    let midnight = there.moment(there.day_at(now), 0)?;
    let minute = (now - midnight) / 60;
    MINUTES.contains(&minute).then_some((zone, u16::try_from(minute).ok()?))
}

async fn install(store: &Store, workspace: usize, now: i64) -> Result<String> {
    let tenant = Tenant { enterprise: String::new(), team: format!("T{workspace:05}") };
    let id = store.id_for(&tenant).await.map_err(told)?;
    let keys = Keyring::new(Key::read(KEY)?, Vec::new())?;
    let token = keys.seal(&id, Column::Token, &Secret::new(&format!("xoxb-{workspace}")));
    let tokens = SealedTokens { token, key_id: keys.current_id().to_owned(), ..SealedTokens::default() };
    let granted = Granted {
        tenant,
        bot_user: "B1".to_owned(),
        installer: "U1".to_owned(),
        scopes: "chat:write".to_owned(),
    };
    ensure!(store.install(&id, &granted, &tokens, now).await.map_err(told)?, "a workspace is there already");
    Ok(id)
}

/// An opportunity of a channel: most were written to a few days ago, some not for long.
fn opportunity(channel: usize, one: usize, today: NaiveDate) -> New {
    let due = match (is_due(channel), has_thread(channel)) {
        (false, _) => 0,
        (true, true) => 30,
        (true, false) => 1 + channel % 8,
    };
    let days_ago = match one {
        _ if one >= due => 2,
        _ if one.is_multiple_of(2) => 20,
        _ => 12,
    };
    let before = |days| today - Duration::days(days);
    let id = format!("O{:08}", channel * TRACKED_A_CHANNEL + one);
    let facts = [
        ("opportunity_id", id.clone()),
        ("project_title", format!("Move of the order system, part {one}")),
        ("review_status", "Approved".to_owned()),
        ("stage", ["Qualified", "Technical Validation", "Business Validation"][one % 3].to_owned()),
        ("target_close_date", (today + Duration::days(60)).to_string()),
        ("last_modified_at", format!("{}T09:00:00Z", before(days_ago))),
        ("created_at", format!("{}T09:00:00Z", before(100))),
        ("submitted_on", before(90).to_string()),
        ("decided_on", before(85).to_string()),
    ];
    let facts: BTreeMap<String, String> =
        facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    New { opportunity_id: id, facts, emptied: Vec::new(), verdict: Verdict::OnTrack, judged_on: today }
}

/// One message a channel and day that stands in Slack.
async fn sent_before(url: &str, now: i64) -> Result<()> {
    let shown = |one| serde_json::json!({"id": format!("O{one:08}"), "actions": {"UPD001": "2026-11-15"}});
    let detail = serde_json::json!((0..8).map(shown).collect::<Vec<_>>());
    let mut connection = AnyConnection::connect(url).await.context("the database can be reached")?;
    let sql = format!(
        "INSERT INTO outbox (id, installation_id, channel_id, recipient, kind, slot, state, attempt, doubts, not_before, \
         not_after, lease_until, fence, called_at, detail, posted_in, posted_ts, error, created_at, settled_at) \
         WITH RECURSIVE day(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM day WHERE n < {DAYS_BEFORE}) \
         SELECT installation_id || channel_id || n, installation_id, channel_id, channel_id, 'digest', \
         'before:' || installation_id || channel_id || n, 'sent', 0, 0, {now} - 86400 * n, {now} - 86400 * n + 14400, \
         {now} - 86400 * n + {LEASE_SECONDS}, 1, {now} - 86400 * n, '{detail}', channel_id, '1.' || n, '', \
         {now} - 86400 * n, {now} - 86400 * n FROM channel CROSS JOIN day"
    );
    connection.execute(AssertSqlSafe(sql)).await?;
    if !url.starts_with("sqlite:") {
        // As the server does by itself after a while.
        connection.execute("VACUUM ANALYZE").await?;
    }
    connection.close().await?;
    Ok(())
}
