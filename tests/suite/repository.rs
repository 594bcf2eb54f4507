//! The repository's own files, for the tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's directory.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand inside the repository").to_owned()
}

/// The text of the file at `path`, from the repository's root.
#[track_caller]
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below `path` that is kept, with its path from the repository's root, in order.
pub(crate) fn files(path: &str) -> Vec<(String, Vec<u8>)> {
    const MADE: [&str; 8] = [
        ".git",
        "target",
        "node_modules",
        "dist",
        "corpus",
        "crashes",
        "test-results",
        "proptest-regressions",
    ];
    let mut found = Vec::new();
    let mut open = vec![root().join(path)];
    while let Some(directory) = open.pop() {
        let entries =
            fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        for entry in entries {
            let entry = entry.expect("a directory can be listed");
            if MADE.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root()).expect("it stands below the root");
                let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                found.push((name.to_string_lossy().replace('\\', "/"), bytes));
            }
        }
    }
    found.sort();
    found
}

/// Compares `actual` with the file at `path`; with `UPDATE_GOLDEN` set, writes it there instead.
#[track_caller]
pub(crate) fn is_as_written(path: &str, actual: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, actual).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if expected != actual {
        let line = expected.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
        panic!(
            "{path} differs from line {}:\n  expected {:?}\n  actual   {:?}\n\
             If that is meant: UPDATE_GOLDEN=1 cargo test -p podcheck-tests, and read the difference.",
            line + 1,
            expected.lines().nth(line).unwrap_or("(the end)"),
            actual.lines().nth(line).unwrap_or("(the end)"),
        );
    }
}
