//! How much memory judging takes above the input: the peak of a process that does nothing else.
//!
//! A process of its own, because the peak is the process's; Linux only, because Linux tells it.

use podcheck_core::assess::{Assessment, Inputs};
use podcheck_core::document::Document;
use podcheck_tests::generate;
use std::io::{self, Write};
use std::{env, fs};

fn main() -> io::Result<()> {
    // `cargo bench` adds an argument of its own.
    let rows = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let text = generate::ace_export(1, rows);
    let bytes = text.len();
    // Writing 5 there sets the peak back to what is held now.
    fs::write("/proc/self/clear_refs", "5")?;
    let before = kib("VmRSS:")?;
    let document = Document::open("portfolio", text.into_bytes());
    let summary = Assessment::of(Inputs::new(vec![document], generate::as_of())).summary();
    let peak = kib("VmHWM:")?;
    writeln!(
        io::stdout(),
        "{} opportunities judged, input {} KiB, peak above it {} KiB",
        summary.portfolio.opportunities,
        bytes / 1024,
        peak.saturating_sub(before),
    )
}

/// A line of what Linux tells about this process, in KiB.
fn kib(line: &str) -> io::Result<usize> {
    let status = fs::read_to_string("/proc/self/status")?;
    let value = status.lines().find_map(|status| status.strip_prefix(line)).unwrap_or_default();
    value.trim().trim_end_matches(" kB").parse().map_err(io::Error::other)
}
