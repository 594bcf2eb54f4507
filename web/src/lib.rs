//! Builds pod-check's page into one self-contained file, and serves it.
//!
//! [`module`] compiles the core for the browser, [`page`] puts the file together, [`serve`] hands it to a browser on
//! this machine. The page itself lies in `web/page`: a shell, a frame, a style sheet and ES modules.

pub mod module;
pub mod page;
pub mod serve;

use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Where the built page lies.
pub fn dist() -> PathBuf {
    module::workspace().join("web/dist")
}

/// Builds the page and writes it to [`dist`], with its SHA-256 and the headers for hosts that read them from a file;
/// hands back its text.
///
/// # Errors
/// When the core cannot be compiled for the browser, or the file cannot be written.
pub fn build() -> Result<String> {
    let page = page::assemble(&module::build()?)?;
    let mut headers = "/*\n".to_owned();
    for (name, value) in serve::HEADERS {
        writeln!(headers, "  {name}: {value}")?;
    }
    // As `sha256sum --check` reads it.
    let sum = format!("{}  index.html\n", page::sha256(&page));
    for (name, text) in [("index.html", &page), ("index.html.sha256", &sum), ("_headers", &headers)] {
        let path = dist().join(name);
        fs::create_dir_all(dist())
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(page)
}
