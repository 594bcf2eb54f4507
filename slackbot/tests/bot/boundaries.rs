//! Which module may know what, read off the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Every source below `src` with its path from there, without its tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let running = text.split("#[cfg(test)]").next().unwrap();
        let lines = running.lines().filter(|line| !line.trim_start().starts_with("//"));
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        found.push((name, lines.map(|line| format!("{line}\n")).collect()));
    }
    assert!(found.len() > 20, "the sources are found");
    found
}

#[track_caller]
fn only(word: &str, places: &[&str]) {
    for (name, text) in sources() {
        let may = places.iter().any(|place| name.starts_with(place));
        assert!(may || !text.contains(word), "{name} says {word:?}");
    }
    let used =
        |place: &&str| sources().iter().any(|(name, text)| name.starts_with(*place) && text.contains(word));
    assert!(places.iter().any(used), "{word:?} is said nowhere: the test looks for the wrong word");
}

#[test]
fn the_framework_is_known_to_the_transport_alone() {
    only("axum", &["transport/install.rs", "transport/mod.rs", "transport/pages.rs", "transport/server.rs"]);
}

#[test]
fn the_client_library_is_known_to_the_caller_of_slack_alone() {
    only("slack_morphism::", &["slack/"]);
}

#[test]
fn the_sockets_library_is_known_to_the_caller_of_slack_and_to_socket_mode() {
    only("tokio_tungstenite", &["slack/socket.rs", "transport/socket/line.rs"]);
}

#[test]
fn the_database_is_known_to_the_store_alone() {
    only("sqlx::", &["store/"]);
}

#[test]
fn the_time_is_asked_for_in_one_place() {
    only("SystemTime", &["clock.rs"]);
    only("Clock::Machine", &["serve.rs", "main.rs", "clock.rs"]);
}

#[test]
fn views_are_pure() {
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("views/")) {
        for word in [
            "async ",
            "tokio",
            "std::fs",
            "std::env",
            "crate::app",
            "crate::slack",
            "crate::transport",
            "Clock",
        ] {
            assert!(!text.contains(word), "{name} says {word:?}");
        }
    }
}

#[test]
fn commands_know_no_shape_of_slacks() {
    for (name, text) in sources().iter().filter(|(name, _)| name == "commands.rs") {
        for word in
            ["Block", "View", "serde_json", "response_url", "crate::views", "crate::transport", "async "]
        {
            assert!(!text.contains(word), "{name} says {word:?}");
        }
    }
}

#[test]
fn secrets_are_revealed_where_they_are_used() {
    only(".reveal()", &["slack/", "seal.rs", "serve.rs"]);
}

#[test]
fn logs_hold_nothing_that_a_person_wrote() {
    for (name, text) in sources() {
        for line in text
            .lines()
            .filter(|line| ["info!(", "warn!(", "debug!(", "error!("].iter().any(|log| line.contains(log)))
        {
            for word in ["text", "user", "name", "body", "token =", "value", "url"] {
                let fields = line.split('"').step_by(2).collect::<String>();
                assert!(!fields.contains(word), "{name} logs {word:?}: {line}");
            }
        }
    }
}
