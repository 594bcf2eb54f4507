//! Measures reminders at scale: the real program against a Slack of its own, and a database with many opportunities.
//!
//! `run` beside this starts the databases and calls it: `scale seed URL TRACKED`, then
//! `scale measure URL PROGRAM REPLICAS SERVER`, which prints a row of the table. Nothing here fails because a machine is slow;
//! a message that comes twice or not at all is a failure.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

mod machine;
mod measure;
mod seed;
mod slack;

use anyhow::{Context, Result, bail, ensure};

/// What the sealed tokens of the seeded workspaces are opened with.
const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
/// So many opportunities a channel, and channels a workspace.
const TRACKED_A_CHANNEL: usize = 50;
const CHANNELS_A_WORKSPACE: usize = 100;

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["heading"] => println!("{}", measure::HEADING),
        ["seed", url, tracked] => seed::seed(url, tracked.parse().context("TRACKED is a number")?).await?,
        ["measure", url, program, replicas, server] => {
            let replicas = replicas.parse().context("REPLICAS is a number")?;
            let server = server.parse().context("SERVER is a process, or 0")?;
            let measured = measure::measure(url, program, replicas, server).await?;
            println!("{}", measured.row);
            ensure!(measured.is_exact, "a message came twice or not at all");
        }
        _ => bail!("scale heading | scale seed URL TRACKED | scale measure URL PROGRAM REPLICAS SERVER"),
    }
    Ok(())
}

/// In every fifth channel nothing is due.
fn is_due(channel: usize) -> bool {
    !channel.is_multiple_of(5)
}

/// In every twentieth so much is due that the rest goes into a thread.
fn has_thread(channel: usize) -> bool {
    channel % 20 == 1
}
