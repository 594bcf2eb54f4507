//! The page in a browser: `node --test tests/browser`, with the page built and the packages installed.

use crate::repository::root;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, io};

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|ran| ran.status.success())
}

fn say(line: &str) {
    io::Write::write_all(&mut io::stderr(), line.as_bytes()).expect("standard error can be written to");
}

/// What is missing to run a browser, as a line that says what to install.
fn missing() -> Option<&'static str> {
    let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if !runs("node") || !runs("npm") {
        return Some("install node 20 or newer with npm");
    }
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    let is_found = named.map_or_else(|| browsers.iter().any(|name| runs(name)), |path| path.is_file());
    (!is_found).then_some("install chromium or google-chrome, or name one in CHROMIUM")
}

fn run(command: &mut Command) -> io::Result<Output> {
    // What this test was started with is not meant for the programs it starts.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO") && name != "CARGO_HOME" {
            command.env_remove(name);
        }
    }
    command.output()
}

#[track_caller]
fn succeeds(what: &str, command: &mut Command) {
    let ran = run(command).unwrap_or_else(|error| panic!("{what}: {error}"));
    let told = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{what} failed:\n{}", String::from_utf8_lossy(&told));
}

#[test]
fn the_page_does_in_a_browser_what_it_promises() {
    if let Some(install) = missing() {
        assert!(env::var_os("CI").is_none(), "the page is not tested: {install}");
        say(&format!("NOT TESTED: the page in a browser; {install}.\n"));
        return;
    }
    // Where `CI` is set, its own test fails without it.
    if env::var_os("FIREFOX").is_none() && !["firefox-esr", "firefox"].iter().any(|name| runs(name)) {
        say("NOT TESTED: the page in Firefox; install firefox-esr or firefox, or name one in FIREFOX.\n");
    }
    let tests = root().join("tests/browser");
    if !tests.join("node_modules").is_dir() {
        succeeds("npm ci", Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&tests));
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["run", "--quiet", "-p", "podcheck-web", "--", "--build-only"];
    succeeds("the build of the page", Command::new(cargo).args(build).current_dir(root()));
    succeeds("node --test", Command::new("node").arg("--test").current_dir(&tests));
}
