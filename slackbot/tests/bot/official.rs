//! Slack's own packages, for Python and for Node: judges that share no code with the bot.
//!
//! A script of `tests/official` reads one JSON value from its standard input and prints one. What the lock files there
//! name is installed once, beside what Cargo builds; with other lock files, anew. What cannot be installed fails the
//! tests where `CI` is set, and else says that it was not tested.

use ring::digest::{SHA256, digest};
use serde_json::Value;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// Longer than any script needs, and shorter than anybody waits.
const SCRIPT_TIMEOUT: Duration = Duration::from_secs(120);

/// What a script of Python's prints when it is told `told`; nothing where Python or its packages cannot be had.
pub(crate) async fn python(script: &str, told: &Value) -> Option<Value> {
    static INSTALLED: OnceCell<Result<PathBuf, String>> = OnceCell::const_new();
    let folder = had("Python", INSTALLED.get_or_init(install_python).await)?;
    let mut command = Command::new(folder.join("bin/python"));
    // No compiled files beside the scripts.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Some(run(command, script, told).await)
}

/// What a script of Node's prints when it is told `told`; nothing where Node or its packages cannot be had.
pub(crate) async fn node(script: &str, told: &Value) -> Option<Value> {
    static INSTALLED: OnceCell<Result<PathBuf, String>> = OnceCell::const_new();
    let folder = had("Node", INSTALLED.get_or_init(install_node).await)?;
    let mut command = Command::new("node");
    command.env("NODE_PATH", folder.join("node_modules"));
    Some(run(command, script, told).await)
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official")
}

fn had<'r>(name: &str, installed: &'r Result<PathBuf, String>) -> Option<&'r PathBuf> {
    match installed {
        Ok(folder) => Some(folder),
        Err(why) => {
            let line = format!("NOT TESTED: what Slack's packages for {name} say; {why}.\n");
            assert!(env::var_os("CI").is_none(), "{line}");
            io::stderr().write_all(line.as_bytes()).unwrap();
            None
        }
    }
}

async fn install_python() -> Result<PathBuf, String> {
    // An environment belongs to the version that it was made with.
    let version = succeeds(Command::new("python3").arg("--version")).await?;
    installed("python", &version, &["requirements.txt"], async |folder| {
        succeeds(Command::new("python3").args(["-m", "venv"]).arg(folder)).await?;
        let mut install = Command::new(folder.join("bin/python"));
        install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
        succeeds(install.arg(folder.join("requirements.txt"))).await
    })
    .await
}

async fn install_node() -> Result<PathBuf, String> {
    succeeds(Command::new("node").arg("--version")).await?;
    installed("node", "", &["package.json", "package-lock.json"], async |folder| {
        succeeds(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder)).await
    })
    .await
}

/// The folder in which `make` installed what these lock files name, now or at another time.
async fn installed(
    name: &str,
    version: &str,
    locks: &[&str],
    make: impl AsyncFnOnce(&Path) -> Result<String, String>,
) -> Result<PathBuf, String> {
    let mut named = version.as_bytes().to_vec();
    for lock in locks {
        named.extend(fs::read(scripts().join(lock)).unwrap());
    }
    let key: String =
        digest(&SHA256, &named).as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("official");
    let folder = all.join(format!("{name}-{key}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    // Made elsewhere and renamed, so that what has the name is whole.
    let made = all.join(format!("{name}-{key}-{}", std::process::id()));
    fs::create_dir_all(&made).unwrap();
    for lock in locks {
        fs::copy(scripts().join(lock), made.join(lock)).unwrap();
    }
    let done = make(&made).await;
    if done.is_err() || fs::rename(&made, &folder).is_err() {
        // Another run may have been faster.
        fs::remove_dir_all(&made).unwrap();
    }
    done.map(|_| folder)
}

/// Runs a program; what it printed, or one line that says why it could not.
async fn succeeds(command: &mut Command) -> Result<String, String> {
    let program =
        Path::new(command.as_std().get_program()).file_name().unwrap().to_string_lossy().into_owned();
    let words: Vec<_> = command.as_std().get_args().map(|word| word.to_string_lossy()).collect();
    let called = format!("{program} {}", words.join(" "));
    match command.stdin(Stdio::null()).output().await {
        Err(_) => Err(format!("install {program}")),
        Ok(ran) if ran.status.success() => Ok(String::from_utf8_lossy(&ran.stdout).into_owned()),
        Ok(ran) => {
            let told = [ran.stdout, ran.stderr].concat();
            let told = String::from_utf8_lossy(&told);
            Err(format!("{called} failed: {}", told.trim().lines().last().unwrap_or("it said nothing")))
        }
    }
}

async fn run(mut command: Command, script: &str, told: &Value) -> Value {
    // What is on the loopback interface needs no proxy.
    command.arg(scripts().join(script)).env("NO_PROXY", "127.0.0.1,localhost").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let told = told.to_string();
    let ran = timeout(SCRIPT_TIMEOUT, async {
        // A script that stops early says why on its standard error.
        let _ = input.write_all(told.as_bytes()).await;
        drop(input);
        child.wait_with_output().await.unwrap()
    });
    let ran = ran.await.unwrap_or_else(|_| panic!("{script} did not end"));
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{script} failed:\n{out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|_| panic!("{script} prints no JSON:\n{out}{err}"))
}
