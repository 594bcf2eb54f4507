//! What the page promises, read from the built file; and that the core answers in the browser as it does here.

mod module;
mod page;
mod rules;
mod types;
mod words;

use flate2::Compression;
use flate2::write::GzEncoder;
use podcheck_web::module::Module;
use std::io::Write;
use std::sync::OnceLock;

/// Says that a test could not run; in CI that is a failure.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}");
    eprintln!("SKIPPED: {what}");
}

/// The core as a WebAssembly module; nothing where it cannot be compiled.
fn built_module() -> Option<&'static Module> {
    static MODULE: OnceLock<Option<Module>> = OnceLock::new();
    let build = || {
        podcheck_web::module::has_target().then(|| podcheck_web::module::build().expect("the core compiles"))
    };
    let module = MODULE.get_or_init(build);
    if module.is_none() {
        skip("the WebAssembly target is missing. Run: rustup target add wasm32-unknown-unknown");
    }
    module.as_ref()
}

/// The built page.
fn built_page() -> Option<&'static str> {
    static PAGE: OnceLock<String> = OnceLock::new();
    let module = built_module()?;
    Some(PAGE.get_or_init(|| podcheck_web::page::assemble(module).expect("the page is whole")))
}

fn gzipped(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("memory does not fail");
    encoder.finish().expect("memory does not fail").len()
}
