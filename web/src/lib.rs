//! Builds pod-check's page into one self-contained file, and serves it.
//!
//! [`module`] compiles the core for the browser, [`page`] puts the file together, [`rules`] writes the index of the
//! rules beside it, [`serve`] hands both to a browser on this machine. The page itself lies in `web/page`: a shell, a
//! frame, a style sheet and ES modules.

pub mod module;
pub mod page;
pub mod rules;
pub mod serve;

use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Where the built page lies.
pub fn dist() -> PathBuf {
    module::workspace().join("web/dist")
}

/// What is handed to a browser.
#[derive(Debug)]
pub struct Site {
    /// The page.
    pub page: String,
    /// The index of the rules.
    pub rules: String,
}

/// Builds the page and the index of the rules and writes them to [`dist`], with the page's SHA-256 and the headers for
/// hosts that read them from a file.
///
/// # Errors
/// When the core cannot be compiled for the browser, or the file cannot be written.
pub fn build() -> Result<Site> {
    let page = page::assemble(&module::build()?)?;
    let mut headers = "/*\n".to_owned();
    for (name, value) in serve::HEADERS {
        writeln!(headers, "  {name}: {value}")?;
    }
    let rules = rules::index();
    // As `sha256sum --check` reads it.
    let sum = format!("{}  index.html\n", page::sha256(&page));
    let files =
        [("index.html", &page), ("rules.html", &rules), ("index.html.sha256", &sum), ("_headers", &headers)];
    for (name, text) in files {
        let path = dist().join(name);
        fs::create_dir_all(dist())
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(Site { page, rules })
}
