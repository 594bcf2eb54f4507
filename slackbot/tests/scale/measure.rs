//! One run: the turn of every channel comes, and it is measured until all is sent.

use crate::machine::{megabytes_max, seconds_of, seconds_of_family};
use crate::slack::{Counted, CountingSlack, Manners};
use crate::{KEY, has_thread, is_due};
use anyhow::{Context, Result};
use podcheck_slackbot::clock::Clock;
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::time::sleep;

pub(crate) const HEADING: &str = "database    tracked channels replicas | planned s |  sent per s | CPU ms: bot database | MB max | rows read | seq scans | double missing | closest s";
/// The turns come so long after the programs started, when they are idle.
const TURN_AFTER: Duration = Duration::from_secs(8);
/// With so few channels, what a program does once would count: they have a turn before the one that is measured.
const WARMED_MAX: usize = 2_000;
/// How often it is looked what became of it.
const LOOK_PAUSE: Duration = Duration::from_millis(50);
/// Nothing new for so long is the end: a thread follows its digest within seconds.
const QUIET: Duration = Duration::from_secs(6);

/// The programs, which end with this.
struct Replicas(Vec<Child>);

impl Drop for Replicas {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Replicas {
    async fn start(program: &str, url: &str, api: &str, count: usize) -> Result<Replicas> {
        let mut replicas = Replicas(Vec::new());
        for _ in 0..count {
            let free = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
            let child = Command::new(program)
                .arg("serve")
                .env_clear()
                .env("DATABASE_URL", url)
                .env("SLACK_API_URL", api)
                .env("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
                .env("SLACK_CLIENT_ID", "1.2")
                .env("SLACK_CLIENT_SECRET", "0123456789abcdef0123456789abcdef")
                .env("PODCHECK_URL", "https://bot.example.com")
                .env("PODCHECK_KEY", KEY)
                .env("PODCHECK_LISTEN", free.to_string())
                .env("PODCHECK_LOG", std::env::var("PODCHECK_LOG").unwrap_or_else(|_| "error".to_owned()))
                .spawn()
                .with_context(|| format!("{program} cannot be started"))?;
            replicas.0.push(child);
        }
        Ok(replicas)
    }

    /// The processor time of all.
    fn seconds(&self) -> Result<f64> {
        self.0.iter().map(|child| seconds_of(child.id())).sum()
    }

    /// The memory of the largest.
    fn megabytes(&self) -> Result<f64> {
        let each: Result<Vec<f64>> = self.0.iter().map(|child| megabytes_max(child.id())).collect();
        Ok(each?.into_iter().fold(0.0, f64::max))
    }
}

/// A look at the database from beside.
struct Beside(AnyConnection);

impl Beside {
    async fn open(url: &str) -> Result<Beside> {
        install_default_drivers();
        let mut connection = AnyConnection::connect(url).await?;
        // What is looked at here must not count among what the program reads through whole tables.
        let set_up = if is_sqlite(url) { "PRAGMA busy_timeout = 20000" } else { "SET enable_seqscan = off" };
        connection.execute(set_up).await?;
        Ok(Beside(connection))
    }

    async fn does(&mut self, sql: &str) -> Result<()> {
        self.0.execute(AssertSqlSafe(sql.to_owned())).await?;
        Ok(())
    }

    async fn number(&mut self, sql: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.0).await?)
    }
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// What came out.
pub(crate) struct Measured {
    /// One row of the table.
    pub row: String,
    /// Whether every message came once.
    pub is_exact: bool,
}

/// Runs it once, on a database that was seeded and has had no turn yet; `server` is PostgreSQL's first process.
pub(crate) async fn measure(url: &str, program: &str, replicas: usize, server: u32) -> Result<Measured> {
    let setting = |name| std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(0_u32);
    let pause = Duration::from_millis(setting("SLACK_MS").into());
    let manners = Manners { pause, limits: usize::try_from(setting("SLACK_LIMITS"))? };
    let (slack, api) = CountingSlack::start(manners).await?;
    let mut beside = Beside::open(url).await?;
    let channels = usize::try_from(beside.number("SELECT COUNT(*) FROM channel").await?)?;
    let tracked = beside.number("SELECT COUNT(*) FROM tracked").await?;
    let mut turn = come(&mut beside).await?;
    if !is_sqlite(url) {
        for tidy in [
            "VACUUM ANALYZE channel",
            "CHECKPOINT",
            "SELECT pg_stat_force_next_flush()",
            "SELECT pg_stat_reset()",
        ] {
            beside.does(tidy).await?;
        }
    }
    let running = Replicas::start(program, url, &api, replicas).await?;
    sleep(TURN_AFTER - Duration::from_secs(2)).await;
    if channels <= WARMED_MAX {
        planned(&mut beside, turn).await?;
        finished(&slack, &mut beside, turn).await?;
        slack.look(|counted| *counted = Counted::default());
        beside.does(&format!("DELETE FROM outbox WHERE created_at >= {turn}")).await?;
        turn = come(&mut beside).await?;
        if !is_sqlite(url) {
            beside.does("SELECT pg_stat_reset()").await?;
        }
    }
    let before = (running.seconds()?, family(server)?);
    let planned = planned(&mut beside, turn).await?;
    finished(&slack, &mut beside, turn).await?;
    let (bot, database) = (running.seconds()? - before.0, family(server)? - before.1);
    let megabytes = running.megabytes()?;
    drop(running);
    let found = judged(&slack, channels);
    let (rows, scans) = if is_sqlite(url) {
        ("-".to_owned(), "-".to_owned())
    } else {
        let (rows, scans) = reads(&mut beside).await?;
        (format!("{:.1}", rows as f64 / found.digests as f64), scans.to_string())
    };
    let each = |seconds: f64| 1_000.0 * seconds / found.digests as f64;
    let row = format!(
        "{:<10} {tracked:>8} {channels:>8} {replicas:>8} | {:>9.2} | {:>6} {:>4.0} | {:>11.2} {:>8.2} | {megabytes:>6.0} | {rows:>9} | {scans:>9} | {:>6} {:>7} | {:>9.2}",
        if is_sqlite(url) { "SQLite" } else { "PostgreSQL" },
        planned.as_secs_f64(),
        found.posts,
        found.posts as f64 / found.took.as_secs_f64(),
        each(bot),
        each(database),
        found.double,
        found.missing,
        found.closest.as_secs_f64(),
    );
    Ok(Measured { row, is_exact: found.double == 0 && found.missing == 0 })
}

/// Makes the turn of every channel come, in a while.
async fn come(beside: &mut Beside) -> Result<i64> {
    let turn = Clock::Machine.moment() + i64::try_from(TURN_AFTER.as_secs())?;
    beside.does(&format!("UPDATE channel SET next_at = {turn}")).await?;
    Ok(turn)
}

fn family(server: u32) -> Result<f64> {
    if server == 0 { Ok(0.0) } else { seconds_of_family(server) }
}

/// How long it took from the first channel that was planned to the last.
async fn planned(beside: &mut Beside, turn: i64) -> Result<Duration> {
    let begun =
        format!("SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE created_at >= {turn} LIMIT 1) AS made");
    let open =
        format!("SELECT COUNT(*) FROM (SELECT 1 FROM channel WHERE next_at <= {turn} LIMIT 1) AS waiting");
    while beside.number(&begun).await? == 0 {
        sleep(LOOK_PAUSE).await;
    }
    let start = Instant::now();
    while beside.number(&open).await? > 0 {
        sleep(LOOK_PAUSE).await;
    }
    Ok(start.elapsed())
}

/// Waits until nothing is to be sent any more.
async fn finished(slack: &CountingSlack, beside: &mut Beside, turn: i64) -> Result<()> {
    let open = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE created_at >= {turn} AND state IN ('pending', 'sending', \
         'ambiguous') LIMIT 1) AS unsent"
    );
    let (mut posts, mut since) = (0, Instant::now());
    loop {
        sleep(QUIET / 12).await;
        let now = slack.look(|counted| counted.posts);
        if now != posts {
            (posts, since) = (now, Instant::now());
        } else if since.elapsed() >= QUIET && beside.number(&open).await? == 0 {
            return Ok(());
        }
    }
}

/// The rows that were read in tables and indexes, and how often a large table was read as a whole.
async fn reads(beside: &mut Beside) -> Result<(i64, i64)> {
    // The server's processes tell what they counted when they end.
    sleep(Duration::from_secs(2)).await;
    let rows = beside
        .number("SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0))::BIGINT FROM pg_stat_user_tables")
        .await?;
    let scans = beside
        .number(
            "SELECT SUM(seq_scan)::BIGINT FROM pg_stat_user_tables WHERE relname IN ('tracked', 'channel', 'outbox', 'change')",
        )
        .await?;
    Ok((rows, scans))
}

struct Found {
    posts: usize,
    digests: usize,
    took: Duration,
    double: usize,
    missing: usize,
    closest: Duration,
}

/// Whether each channel got what it should: of what is due one message, and one thread where there is more.
fn judged(slack: &CountingSlack, channels: usize) -> Found {
    slack.look(|counted| {
        let (mut double, mut missing, mut digests) = (0, 0, 0);
        // The same delivery again, or another one: either is one too many.
        let again = counted.deliveries.values().map(|times| times - 1).sum::<usize>();
        for number in 0..channels {
            let (posts, below) = counted.channels.get(&format!("C{number:07}")).copied().unwrap_or_default();
            let (due, threads) =
                (usize::from(is_due(number)), usize::from(is_due(number) && has_thread(number)));
            digests += posts;
            double += posts.saturating_sub(due) + below.saturating_sub(threads);
            missing += due.saturating_sub(posts) + threads.saturating_sub(below);
        }
        Found {
            posts: counted.posts,
            digests,
            took: counted.last.zip(counted.first).map(|(last, first)| last - first).unwrap_or_default(),
            double: double.max(again),
            missing,
            closest: counted.closest.unwrap_or_default(),
        }
    })
}
