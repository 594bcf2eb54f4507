//! The invariants that the README states, read off the sources.

use crate::repository;

/// The lines of the core's sources that run: without comments, and without what stands below `#[cfg(test)]`.
fn core_lines() -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (path, bytes) in repository::files("core/src") {
        // Modules of the tests' own, declared as such.
        if path.ends_with("/tests.rs") || path == "core/src/testing.rs" {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{path} is not UTF-8"));
        let mut running = text.lines().map(str::trim).peekable();
        while let Some(line) = running.next() {
            let next = running.peek().copied().unwrap_or_default();
            if line == "#[cfg(test)]" && !next.ends_with(';') {
                break;
            }
            if !line.starts_with("//") {
                lines.push((path.clone(), line.to_owned()));
            }
        }
    }
    lines
}

#[track_caller]
fn the_core_never_says(words: &[&str]) {
    for (path, line) in core_lines() {
        for word in words {
            assert!(!line.contains(word), "{path} says {word:?}: {line}");
        }
    }
}

#[test]
fn the_core_knows_nothing_of_the_page_or_slack() {
    the_core_never_says(&[
        "wasm_bindgen",
        "js_sys",
        "web_sys",
        "slack",
        "Slack",
        "axum",
        "tokio",
        "async fn",
    ]);
    let manifest = repository::text("core/Cargo.toml");
    for name in ["wasm-bindgen", "js-sys", "web-sys", "tokio", "slack", "axum", "getrandom"] {
        assert!(!manifest.contains(name), "the core depends on {name}");
    }
}

#[test]
fn the_core_has_no_clock_no_network_no_files_and_no_threads() {
    the_core_never_says(&[
        "SystemTime",
        "Instant::",
        "Utc::now",
        "Local::now",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::io::stdin",
    ]);
    let manifest = repository::text("Cargo.toml");
    let chrono =
        manifest.lines().find(|line| line.starts_with("chrono =")).expect("chrono is in the workspace");
    assert!(chrono.contains("default-features = false") && !chrono.contains("clock"), "{chrono}");
}

#[test]
fn the_core_does_not_give_up_on_what_it_is_given() {
    the_core_never_says(&["unreachable!(", "todo!(", "unimplemented!(", ".unwrap()"]);
    // A constant function gives up while the core is compiled, before anything is given.
    let mut function = String::new();
    for (path, line) in core_lines() {
        if line.contains("fn ") {
            function.clone_from(&line);
        }
        assert!(!line.contains("panic!(") || function.contains("const fn"), "{path}: {line} in {function}");
    }
}

#[test]
fn no_amount_is_floating_point() {
    the_core_never_says(&["f32"]);
    for (path, line) in core_lines().into_iter().filter(|(_, line)| line.contains("f64")) {
        assert!(!path.contains("rules/") && !line.contains("Decimal"), "{path}: {line}");
    }
}

#[test]
fn nothing_depends_on_the_order_of_a_hash_table() {
    for (path, line) in core_lines() {
        let is_random = line.contains("std::collections::HashMap") || line.contains("RandomState");
        assert!(
            !is_random,
            "{path}: a table with random order; use a BTreeMap, or FxHashMap without iterating: {line}"
        );
    }
}

#[test]
fn the_readme_states_its_invariants() {
    let readme = repository::text("README.md");
    assert!(readme.matches("**Architecture Invariant**: ").count() >= 5);
    for command in
        ["cargo run -p podcheck-web", "cargo test --workspace", "tests/bench/run", "tests/fuzz/run"]
    {
        assert!(readme.contains(command), "the README does not say {command:?}");
    }
    for script in ["tests/bench/run", "tests/fuzz/run", ".ci/run"] {
        assert!(repository::text(script).starts_with("#!/usr/bin/env bash\n"), "{script}");
    }
}

#[test]
fn the_top_of_the_tree_holds_the_packages_and_nothing_else() {
    let kept = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "clippy.toml",
        "core",
        "deny.toml",
        "rustfmt.toml",
        "slackbot",
        "tests",
        "wasm",
        "web",
    ];
    let top = repository::files("");
    for (path, _) in top {
        let first = path.split('/').next().unwrap_or_default();
        assert!(first.starts_with('.') || kept.contains(&first), "{first} stands at the top of the tree");
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Written in two parts, or this file would be the first to say them.
    let homes = [["/ro", "ot/"], ["/ho", "me/"], ["/Us", "ers/"], ["/wo", "rk/"], ["/mn", "t/"]]
        .map(|part| part.concat());
    for (path, bytes) in repository::files("") {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for home in &homes {
            let is_path = text.match_indices(home.as_str()).any(|(at, _)| {
                // Within another path or an address it is a part of that.
                !text[..at]
                    .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
            });
            assert!(!is_path, "{path} names {home}");
        }
    }
}

#[test]
fn a_lock_file_names_no_registry_but_the_public_one() {
    for (path, bytes) in repository::files("") {
        let text = String::from_utf8_lossy(&bytes);
        if path.ends_with("package-lock.json") {
            assert!(
                !text.contains("\"resolved\""),
                "{path} says where a package came from; see the .npmrc beside it"
            );
        } else if path.ends_with("Cargo.lock") {
            for line in text.lines().filter(|line| line.starts_with("source = ")) {
                assert_eq!(
                    line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"",
                    "{path}"
                );
            }
        }
    }
}
