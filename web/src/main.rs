//! `cargo run -p podcheck-web`: builds the page and serves it on this machine.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use anyhow::{Context, Result, bail};
use podcheck_web::{build, dist, page, serve};

const HELP: &str = "\
Builds pod-check's page into web/dist/index.html, the rules beside it, and serves both on this machine.

Usage: cargo run -p podcheck-web [-- OPTIONS]

  --port NUMBER   listen on this port, or the next free one (8080)
  --build-only    build the file and stop
  --help          show this text";

struct Options {
    port: u16,
    build_only: bool,
}

fn main() -> Result<()> {
    let Some(options) = options(std::env::args().skip(1))? else {
        println!("{HELP}");
        return Ok(());
    };
    println!("Building the page …");
    let site = build()?;
    println!("{} ({} bytes)", dist().join("index.html").display(), site.page.len());
    println!("SHA-256 {}", page::sha256(&site.page));
    if options.build_only {
        return Ok(());
    }
    let server = serve::listen(options.port)?;
    println!("pod-check: http://{}/   (Ctrl+C stops it)", server.server_addr());
    serve::serve(&server, &site);
    Ok(())
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Option<Options>> {
    let mut options = Options { port: 8080, build_only: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--build-only" => options.build_only = true,
            "--port" => {
                let port = words.next().context("--port needs a number")?;
                options.port = port.parse().with_context(|| format!("{port:?} is no port"))?;
            }
            _ => bail!("{word:?} is not an option.\n\n{HELP}"),
        }
    }
    Ok(Some(options))
}
