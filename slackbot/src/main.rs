//! `podcheck`: checks opportunities in a terminal, and serves the page and the Slack bot.
#![expect(clippy::print_stderr, reason = "a program for the terminal")]

use anyhow::Result;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::config::Config;
use podcheck_slackbot::serve;
use podcheck_slackbot::terminal::check::{self, Found};
use podcheck_slackbot::terminal::options::{self, Order};
use podcheck_slackbot::terminal::{Page, explain};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// It ran, and found something.
const FOUND: u8 = 1;
/// It could not run.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    match run() {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Something) => FOUND.into(),
        // Whoever reads the answer has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("podcheck: {}", sentence(&error));
            FAILED.into()
        }
    }
}

fn run() -> Result<Found> {
    let order = options::parse(std::env::args_os().skip(1))?;
    let mut out = BufWriter::new(io::stdout().lock());
    let found = match order {
        Order::Help => explain::help(&mut out).map(|()| Found::Nothing),
        Order::Explain(rule) => explain::run(&rule, &mut out).map(|()| Found::Nothing),
        Order::Serve(file) => {
            let config = Config::read(file.as_deref(), |name| std::env::var(name).ok())?;
            serve::run(&config).map(|()| Found::Nothing)
        }
        Order::Migrate(file) => {
            let config = Config::read(file.as_deref(), |name| std::env::var(name).ok())?;
            serve::migrate(&config, &mut out).map(|()| Found::Nothing)
        }
        Order::Check(order) => check::run(&order, &Clock::Machine, page(), &mut out, &mut io::stderr()),
        Order::Manifest(reached) => explain::manifest(&reached, &mut out).map(|()| Found::Nothing),
    }?;
    out.flush()?;
    Ok(found)
}

/// How this terminal shows text; `NO_COLOR` is honoured.
fn page() -> Page {
    let is_terminal = io::stdout().is_terminal();
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Page::new(columns, is_terminal && !no_colour)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let direct = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        // The writer of JSON hides the error that it met.
        let hidden = || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        direct.or_else(hidden) == Some(ErrorKind::BrokenPipe)
    })
}

/// An error with its causes, as one sentence.
fn sentence(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(|cause| cause.to_string()).collect();
    let mut sentence = causes.join(": ");
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}
