//! `podcheck serve`: settings in, a program that runs until it is told to stop.

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::install::Access;
use crate::metrics::Metrics;
use crate::reminders;
use crate::slack::{Slack, Token};
use crate::store::{Backend, Store};
use crate::transport::{self, Pages, Patience, SigningKey, Site};
use anyhow::{Context, Result, ensure};
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::panic::{Location, PanicHookInfo};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::interval;
use tracing::{Level, error, info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Checks beyond the number of cores wait; the rest are for the resolver of names.
const BLOCKING_THREADS_BESIDE_CORES: usize = 4;
/// What is kept for half an hour, or for a day alone, is looked through so often.
const TIDY_EVERY: Duration = Duration::from_secs(5 * 60);
/// So many connections wait in the kernel's queue, as many as are served: a burst fills the usual 128, and whoever
/// connects to a full queue tries again after a second.
const QUEUE_MAX: u32 = 1_024;
/// Of an answer so much waits in the kernel for a reader; left to itself it takes megabytes for one who does not read.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;

/// Serves the page and the bot until the program is told to stop.
///
/// # Errors
/// When the address is taken, the page cannot be read, the database cannot be reached or brought up to date, or the
/// machine trusts no certificates.
pub fn run(config: &Config) -> Result<()> {
    log_from(config.log);
    std::panic::set_hook(Box::new(place_of_panic));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores)
        .max_blocking_threads(cores + BLOCKING_THREADS_BESIDE_CORES)
        .enable_all()
        .build()
        .context("The program cannot start its threads")?;
    runtime.block_on(serve(config))
}

/// Brings the database up to date, and says so.
///
/// # Errors
/// When there is none, or it cannot be reached or brought up to date.
pub fn migrate(config: &Config, out: &mut impl Write) -> Result<()> {
    ensure!(
        config.keeps(),
        "DATABASE_URL is not set: without Slack's settings nothing is kept, so there is no database."
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("The program cannot start its threads")?;
    let backend = runtime.block_on(async {
        let store = Store::open(config.database.reveal()).await?;
        store.close().await;
        anyhow::Ok(store.backend())
    })?;
    let name = match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    };
    Ok(writeln!(out, "The database ({name}) is up to date.")?)
}

async fn serve(config: &Config) -> Result<()> {
    let metrics = Arc::new(Metrics::default());
    let slack = Slack::new(config.slack_api.clone(), Arc::clone(&metrics))?;
    let access = match &config.registration {
        Some(registration) => Access::Installed(registration.clone()),
        None => config.bot_token.as_ref().map(Token::bot).into(),
    };
    let pages = Pages::read(&config.page).context("PODCHECK_PAGE is not the folder of a built page")?;
    if !pages.is_there() {
        warn!(
            folder = %config.page.display(),
            "PODCHECK_PAGE holds no page; build it with cargo run -p podcheck-web -- --build-only"
        );
    }
    for sentence in config.missing() {
        warn!("{sentence}");
    }
    let store = Store::open(config.database.reveal()).await?;
    if store.backend() == Backend::Postgres && config.keys.is_none() {
        warn!("PODCHECK_KEY is not set: an answer's buttons work only at the replica that gave it.");
    }
    let listener = listen(config.listen);
    let listener = listener
        .with_context(|| format!("PODCHECK_LISTEN is {}, which cannot be listened on", config.listen))?;
    info!(address = %listener.local_addr()?, "serving");
    let key = config.signing_secret.as_ref().map(|secret| SigningKey::new(secret.reveal()));
    let app = App::new(Clock::Machine, store, slack, access, metrics).with_keys(config.keys.clone());
    let app = Arc::new(app);
    app.reseal().await;
    let keeper = Arc::clone(&app);
    tokio::spawn(async move {
        keeper.greet().await;
        let mut turn = interval(TIDY_EVERY);
        loop {
            turn.tick().await;
            keeper.tidy().await;
        }
    });
    let (stopping, stopped) = oneshot::channel();
    let stop = stop()?;
    let stop = async move {
        stop.await;
        // Who would hear it may have ended.
        let _ = stopping.send(());
    };
    let reminding = tokio::spawn(reminders::run(Arc::clone(&app), async {
        let _ = stopped.await;
    }));
    let mut site = Site::new(Arc::clone(&app), key, pages, config.missing());
    if let Some(token) = &config.app_token {
        site = site.with_socket(Token::app(token), Patience::default());
    }
    transport::serve(listener, site, stop).await;
    // Not with what the task said when it ended: it may hold what a person wrote.
    ensure!(reminding.await.is_ok(), "The reminders ended before the program did.");
    // The last presses have changed by now what they change.
    reminders::finish(&app).await;
    info!("stopped");
    Ok(())
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Started anew, the program need not wait for what is left of its last connections.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(QUEUE_MAX)
}

/// Ends when the program is told to stop, by a service manager or at a terminal.
fn stop() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("Signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Signals cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Says where the program broke, and not over what: that may hold what a person wrote.
fn place_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location();
    error!(file = place.map(Location::file), line = place.map(Location::line), "a task broke");
}

/// Logs to standard error: JSON lines for machines, short lines for a terminal.
///
/// The client library is silent: it logs addresses and bodies.
fn log_from(level: Level) {
    let ours = Targets::new().with_target("podcheck_slackbot", level).with_default(Level::WARN);
    let quiet = ours.with_target("slack_morphism", tracing_subscriber::filter::LevelFilter::OFF);
    let registry = tracing_subscriber::registry().with(quiet);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // A second subscriber in one process would be a test's; the first one stays.
    let _ = if std::io::stderr().is_terminal() {
        registry.with(lines.compact().with_ansi(false)).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, PoisonError};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    /// What is logged on this thread.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn little_of_an_answer_waits_for_who_does_not_read() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let _silent = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut waiting = 0;
        while timeout(Duration::from_millis(300), stream.writable()).await.is_ok() {
            waiting += stream.try_write(&[b'x'; 64 * 1024]).unwrap_or_default();
            assert!(waiting < 1024 * 1024, "{waiting} bytes wait");
        }
        assert!(waiting > 0);
    }

    #[test]
    fn a_panic_tells_its_place_and_not_what_it_holds() {
        let log = Log::default();
        let written = log.clone();
        let lines = tracing_subscriber::fmt::layer().json().with_writer(move || written.clone());
        let subscriber = tracing_subscriber::registry().with(lines);
        let customer = "Tern Logistics".to_owned();
        tracing::subscriber::with_default(subscriber, || {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(place_of_panic));
            let broken = std::panic::catch_unwind(|| panic!("{customer} is not a boundary"));
            std::panic::set_hook(before);
            assert!(broken.is_err());
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("serve.rs") && text.contains("\"line\":"), "{text}");
        assert!(!text.contains("Tern"), "{text}");
    }
}
