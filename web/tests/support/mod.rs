//! The page, built once for all tests of a binary.

use flate2::Compression;
use flate2::write::GzEncoder;
use podcheck_web::module::{self, Module};
use podcheck_web::page;
use std::io::Write;
use std::sync::OnceLock;

/// Says that a test could not run; in CI that is a failure.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
pub(crate) fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}");
    eprintln!("SKIPPED: {what}");
}

/// The core as a WebAssembly module; nothing where it cannot be compiled.
pub(crate) fn module() -> Option<&'static Module> {
    static MODULE: OnceLock<Option<Module>> = OnceLock::new();
    let module = MODULE.get_or_init(|| module::has_target().then(|| module::build().expect("the module builds")));
    if module.is_none() {
        skip("the WebAssembly target is missing. Run: rustup target add wasm32-unknown-unknown");
    }
    module.as_ref()
}

/// The built page.
#[expect(dead_code, reason = "not every test binary looks at the page")]
pub(crate) fn page() -> Option<&'static str> {
    static PAGE: OnceLock<String> = OnceLock::new();
    let module = module()?;
    Some(PAGE.get_or_init(|| page::assemble(module).expect("the page is put together")))
}
