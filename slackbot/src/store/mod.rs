//! What the bot keeps: SQLite in a file, or PostgreSQL for several replicas. All SQL is here.
//!
//! One statement serves both, so only what both have is used: numbers and text. A caller that goes away half-way must
//! not leave a transaction open: most of what is done is one statement, and `Store::atomically` does the rest in a
//! task of its own.

mod changes;
mod channels;
mod held;
mod installations;
pub mod outbox;
mod passing;
mod people;
mod tracked;

pub use changes::{Act, Change, Changed, Logged, Undone};
pub use channels::{Channel, Weekdays};
pub use held::Held;
pub use installations::{Granted, Installation, SealedTokens};
pub use people::Person;
pub use tracked::{CHANNEL_TRACKED_MAX, INSTALLATION_TRACKED_MAX, New, Taken, Tracked};

use anyhow::{Context, Result, ensure};
use futures_util::future::BoxFuture;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Executor};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;
use std::{fmt, io};

static MIGRATOR: Migrator = sqlx::migrate!();

/// Nobody waits longer for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that is replaced behind its address is found again.
const CONNECTION_LIFETIME: Duration = Duration::from_secs(30 * 60);
const CONNECTION_IDLE: Duration = Duration::from_secs(10 * 60);
/// A server of PostgreSQL takes about a hundred, and there may be several replicas.
const POSTGRES_CONNECTIONS_MAX: u32 = 8;
/// SQLite writes one at a time, whoever asks.
const SQLITE_CONNECTIONS_MAX: u32 = 1;
/// A database that ends with the program.
const IN_MEMORY: &str = "sqlite::memory:";
/// Tokens and names are in the file.
const OWNER_ALONE: u32 = 0o600;

const SET_UP_SQLITE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000";
const SET_UP_POSTGRES: &str =
    "SET idle_in_transaction_session_timeout = '10s'; SET statement_timeout = '30s'; SET lock_timeout = '5s'";

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    backend: Backend,
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A channel of an installation: whose what is tracked is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The installation's id.
    pub installation: String,
    /// The channel's id.
    pub channel: String,
}

/// Why the database did not do what it was asked, without any value that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database failed: {}", self.0)
    }
}

impl std::error::Error for Broken {}

impl Broken {
    /// What is kept in a column is not what it should be.
    fn column(name: &str) -> Broken {
        Broken(format!("column {name} cannot be read"))
    }

    /// The work on what was read did not come to its end.
    pub(crate) fn interrupted() -> Broken {
        Broken("the work on it was cut off".to_owned())
    }
}

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Broken {
        Broken(match error {
            // A server's sentence may repeat a value; its code and the constraint's name do not.
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                format!("code {code} {}", error.constraint().unwrap_or_default()).trim_end().to_owned()
            }
            sqlx::Error::Io(_) => "the connection broke".to_owned(),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => "no connection was to be had".to_owned(),
            sqlx::Error::RowNotFound => "a row is not there".to_owned(),
            sqlx::Error::ColumnDecode { index, .. } => format!("column {index} cannot be read"),
            _ => "something unforeseen".to_owned(),
        })
    }
}

impl Store {
    /// Opens the database at `url`, `sqlite:podcheck.db` or `postgres://…`, and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be reached, opened or brought up to date. The address is not shown: a password may be in it.
    pub async fn open(url: &str) -> Result<Store> {
        install_default_drivers();
        let backend = match url.split_once(':') {
            Some(("sqlite", _)) => Some(Backend::Sqlite),
            Some(("postgres" | "postgresql", _)) => Some(Backend::Postgres),
            _ => None,
        };
        let known = backend.zip(url.parse::<AnyConnectOptions>().ok());
        let (backend, options) =
            known.context("DATABASE_URL is no address of a database: sqlite:FILE or postgres://…")?;
        let (connections, set_up) = match backend {
            Backend::Sqlite => (SQLITE_CONNECTIONS_MAX, SET_UP_SQLITE),
            Backend::Postgres => (POSTGRES_CONNECTIONS_MAX, SET_UP_POSTGRES),
        };
        if backend == Backend::Sqlite && url != IN_MEMORY {
            let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
            ensure!(!path.contains('?'), "DATABASE_URL names a file of SQLite without options: sqlite:FILE");
            create_private(Path::new(path))
                .with_context(|| format!("The database file {path} (DATABASE_URL) cannot be used"))?;
        }
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // What is in memory alone would go with its connection.
            .max_lifetime((backend == Backend::Postgres).then_some(CONNECTION_LIFETIME))
            .idle_timeout((backend == Backend::Postgres).then_some(CONNECTION_IDLE))
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(set_up).await.map(|_| ()) })
            })
            .connect_with(options.disable_statement_logging())
            .await
            .map_err(Broken::from)
            .context("The database that DATABASE_URL names cannot be reached")?;
        MIGRATOR.run(&pool).await.context("The database cannot be brought up to date")?;
        Ok(Store { pool, backend })
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Whether the database answers.
    pub async fn is_up(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Waits until nobody uses a connection, and closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Does `work` wholly or not at all, and to its end even when its caller goes away.
    ///
    /// # Errors
    /// Those of `work`, and when the database is lost.
    pub(crate) async fn atomically<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, Broken>> + Send + 'static,
    ) -> Result<T, Broken> {
        let pool = self.pool.clone();
        // SQLite would let two that read first both try to write: it says from the start that it will.
        let begin = match self.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        };
        let done = tokio::spawn(async move {
            let mut transaction = pool.begin_with(begin).await?;
            let value = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(value)
        });
        done.await.unwrap_or_else(|_| Err(Broken::interrupted()))
    }
}

/// `($1, $2), ($3, $4)`: so many rows of so many values, for a statement of several.
fn rows_of(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let values: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", values.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// `$3, $4, $5`: so many values after the first `before`.
fn values_after(before: usize, count: usize) -> String {
    (before + 1..=before + count).map(|value| format!("${value}")).collect::<Vec<_>>().join(", ")
}

/// Makes the file, for its owner alone, where there is none yet.
fn create_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().read(true).append(true).create(true).mode(OWNER_ALONE).open(path).map(|_| ())
}
