//! Databases for tests: SQLite in a file and PostgreSQL, each empty and brought up to date.
//!
//! `DATABASE_URL` names a server of PostgreSQL on which databases may be made; without it one is started from Debian's
//! packages, and ends with the tests.

use podcheck_slackbot::store::Store;
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, SqlSafeStr};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const INSTALL: &str = "PostgreSQL is not here, and these tests need it: apt-get install postgresql";
/// What is waited for is looked for so often.
const TRIES_MAX: usize = 600;

/// Runs a test on both databases.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    for url in [sqlite(), postgres()] {
        let store = Store::open(&url).await.unwrap();
        test(store.clone()).await;
        store.close().await;
    }
}

/// Runs a test on both databases, with a connection of the test's own to each.
pub(crate) async fn on_both_beside<F: Future<Output = ()>>(test: impl Fn(Store, Beside) -> F) {
    for url in [sqlite(), postgres()] {
        let store = Store::open(&url).await.unwrap();
        test(store.clone(), Beside::open(&url).await).await;
        store.close().await;
    }
}

/// A connection of a test's own: to put rows in, to look, and to stand in the way.
#[derive(Debug)]
pub(crate) struct Beside {
    connection: AnyConnection,
}

impl Beside {
    pub(crate) async fn open(url: &str) -> Beside {
        install_default_drivers();
        let mut connection = AnyConnection::connect(url).await.unwrap();
        if url.starts_with("sqlite:") {
            connection.execute("PRAGMA busy_timeout = 10000").await.unwrap();
        }
        Beside { connection }
    }

    /// Runs statements as they stand; again where PostgreSQL sent them back for those of a program that works beside.
    pub(crate) async fn does(&mut self, sql: &str) {
        for _ in 0..TRIES_MAX {
            match self.connection.execute(AssertSqlSafe(sql.to_owned()).into_sql_str()).await {
                Ok(_) => return,
                Err(error) if error.to_string().contains("deadlock detected") => {}
                Err(error) => panic!("{sql}: {error}"),
            }
        }
        panic!("{sql}: sent back {TRIES_MAX} times");
    }

    /// One number.
    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.connection).await.unwrap()
    }

    /// Waits until another connection to this database of PostgreSQL waits for a lock.
    pub(crate) async fn until_one_waits(&mut self) {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for _ in 0..TRIES_MAX {
            if self.number(waits).await > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody waits for a lock");
    }

    /// The texts of one column.
    pub(crate) async fn texts(&mut self, sql: &str) -> Vec<String> {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(&mut self.connection).await.unwrap()
    }
}

/// The address of a file of SQLite that is not there yet.
pub(crate) fn sqlite() -> String {
    format!("sqlite:{}/{}.db", folder().display(), name())
}

/// The address of an empty database of PostgreSQL.
pub(crate) fn postgres() -> String {
    static SERVER: OnceLock<String> = OnceLock::new();
    let server = SERVER.get_or_init(|| std::env::var("DATABASE_URL").unwrap_or_else(|_| start()));
    let name = name();
    let made = Command::new(binary("psql"))
        .args(["--quiet", "--no-psqlrc", "--command", &format!("CREATE DATABASE {name}"), server])
        .status();
    assert!(made.expect(INSTALL).success(), "a database can be made");
    let mut url = url::Url::parse(server).expect("DATABASE_URL is an address");
    url.set_path(&name);
    url.into()
}

/// A name that no other test has.
fn name() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("podcheck_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Waits until whoever holds the other end of its input is gone, then removes a folder: again, while a server that ends
/// at the same moment still writes into it.
const SWEEP: &str = r#"cat > /dev/null; while [ -e "$1" ]; do rm -rf "$1"; sleep 0.2; done"#;

/// A folder of this run, which goes with it.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<(PathBuf, Child)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("podcheck-tests-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut sweeper = Command::new("sh");
        sweeper.args(["-c", SWEEP, "sh"]).arg(&folder);
        let sweeper = sweeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        (folder, sweeper.expect("there is a shell"))
    });
    folder
}

/// A program of PostgreSQL: Debian keeps the server's apart from the path.
fn binary(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}

/// A command that dies with its starter, and is not root: PostgreSQL refuses to be.
fn as_server(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
    if is_root {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig=INT", "--"]).arg(program).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn start() -> String {
    let data = folder().join("postgres");
    std::fs::create_dir(&data).unwrap();
    let _ = Command::new("chown").arg("postgres").arg(&data).status();
    let made = as_server(&binary("initdb"))
        .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D"])
        .arg(&data)
        .status();
    assert!(made.expect(INSTALL).success(), "{INSTALL}");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = as_server(&binary("postgres"));
    server.arg("-D").arg(&data).args(["-c", &format!("port={port}"), "-c", "listen_addresses=127.0.0.1"]);
    // What is lost with the machine is a test's.
    server.args(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "unix_socket_directories="]);
    server.args(["-c", "max_connections=300"]).stderr(Stdio::null());
    // It dies with the thread that starts it, so that thread stays.
    thread::spawn(move || {
        let _ = server.status();
    });
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    for _ in 0..TRIES_MAX {
        let answers = Command::new(binary("pg_isready")).arg("--quiet").args(["--dbname", &url]).status();
        if answers.expect(INSTALL).success() {
            return url;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the server of PostgreSQL did not start");
}
