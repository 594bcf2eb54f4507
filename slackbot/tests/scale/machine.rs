//! What Linux says of processes.

use anyhow::{Context, Result};
use std::fs;

/// Linux counts the time of processes in hundredths of a second for whoever asks.
const TICKS_A_SECOND: f64 = 100.0;

/// The seconds of processor time that a process has used, alone.
pub(crate) fn seconds_of(process: u32) -> Result<f64> {
    Ok(ticks(process)?.0 as f64 / TICKS_A_SECOND)
}

/// The same of a process and all its children, those that have ended included.
pub(crate) fn seconds_of_family(process: u32) -> Result<f64> {
    let (own, gone, _) = ticks(process)?;
    let mut all = own + gone;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One may end while they are counted.
        if let Ok((own, gone, parent)) = ticks(id)
            && parent == process
        {
            all += own + gone;
        }
    }
    Ok(all as f64 / TICKS_A_SECOND)
}

/// The most memory that a process ever held, in megabytes.
pub(crate) fn megabytes_max(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak of memory")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

/// Its own ticks, those of its ended children, and its parent.
fn ticks(process: u32) -> Result<(u64, u64, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(") ").context("no name")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let field = |number: usize| -> Result<u64> { Ok(fields.get(number).context("a field")?.parse()?) };
    Ok((field(11)? + field(12)?, field(13)? + field(14)?, u32::try_from(field(1)?)?))
}
