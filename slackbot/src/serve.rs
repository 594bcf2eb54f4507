//! `podcheck serve`: settings in, a program that runs until it is told to stop.

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::slack::{Slack, Token};
use crate::store::Store;
use crate::transport::{self, Pages, Patience, SigningKey, Site};
use anyhow::{Context, Result};
use std::io::IsTerminal;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{Level, info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Checks beyond the number of cores wait; the rest are for the resolver of names.
const BLOCKING_THREADS_BESIDE_CORES: usize = 4;

/// Serves the page and the bot until the program is told to stop.
///
/// # Errors
/// When the address is taken, the page cannot be read, or the machine trusts no certificates.
pub fn run(config: &Config) -> Result<()> {
    log_from(config.log);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores)
        .max_blocking_threads(cores + BLOCKING_THREADS_BESIDE_CORES)
        .enable_all()
        .build()
        .context("The program cannot start its threads")?;
    runtime.block_on(serve(config))
}

async fn serve(config: &Config) -> Result<()> {
    let metrics = Arc::new(Metrics::default());
    let slack = Slack::new(config.slack_api.clone(), Arc::clone(&metrics))?;
    let token = config.bot_token.as_ref().map(Token::bot);
    let pages = Pages::read(&config.page)?;
    if !pages.is_there() {
        warn!(folder = %config.page.display(), "the page is not there; cargo run -p podcheck-web -- --build-only");
    }
    for sentence in config.missing() {
        warn!("{sentence}");
    }
    let store = Store::open(config.database.reveal()).await?;
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("{} cannot be listened on", config.listen))?;
    info!(address = %listener.local_addr()?, "serving");
    let key = config.signing_secret.as_ref().map(|secret| SigningKey::new(secret.reveal()));
    let app = Arc::new(App::new(Clock::Machine, store, slack, token, metrics));
    let greeter = Arc::clone(&app);
    tokio::spawn(async move { greeter.greet().await });
    let mut site = Site::new(app, key, pages, config.missing());
    if let Some(token) = &config.app_token {
        site = site.with_socket(Token::app(token), Patience::default());
    }
    transport::serve(listener, site, stop()?).await;
    info!("stopped");
    Ok(())
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
