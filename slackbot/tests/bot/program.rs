//! `podcheck` as a shell meets it: words in, text and an exit code out.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn podcheck(words: &[&str], input: &str) -> Ran {
    ran(Command::new(env!("CARGO_BIN_EXE_podcheck")).args(words), input)
}

fn ran(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing closes its end first.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn golden(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name);
    path.to_str().unwrap().to_owned()
}

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("podcheck-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const DEAL: &str = "opportunity_id=O7001\ncustomer_name=Tern Logistics\norigin=Partner Referral\n\
    review_status=Approved\nstage=Committed\ntarget_close_date=2026-11-21\n";

#[test]
fn findings_are_told_by_the_exit_code() {
    let ran = podcheck(&["check", "-", "--as-of", "2026-11-22"], DEAL);
    assert_eq!((ran.code, &*ran.err), (1, ""));
    assert!(ran.out.contains("Tern Logistics (O7001): Needs fixing"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'), "no colour where nobody looks");
}

#[test]
fn a_clean_portfolio_is_no_finding() {
    let [deal, eur, spend] =
        ["deal.json", "eur.csv", "spend.csv"].map(|name| golden(&format!("on-track/{name}")));
    let mut clean = vec!["check", &deal, &eur, &spend, "--as-of", "2026-11-22", "--format", "csv"];
    clean.extend(["--set", "origin=Partner Referral", "--set", "O5550001:customer_consent=yes"]);
    let ran = podcheck(&clean, "");
    assert!(ran.out.contains("on_track"), "{}{}", ran.out, ran.err);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn what_cannot_run_says_why_in_one_sentence() {
    for (words, part) in [
        (&["check", "nowhere.csv"][..], "nowhere.csv cannot be read: No such file"),
        (&["check", "-"], "There is no opportunity in what was given."),
        (&["check", "-", "--policy", "Cargo.toml"], "Cargo.toml is no policy: The policy cannot be read"),
        (&["chek"], "is not a command"),
        (&["explain", "POD999"], "is no rule"),
        (&["manifest"], "or --socket for Socket Mode"),
        (&["manifest", "--url", "http://x"], "is no address that Slack can reach"),
    ] {
        let ran = podcheck(words, "");
        assert_eq!((ran.code, &*ran.out), (2, ""), "{words:?}");
        assert!(ran.err.starts_with("podcheck: ") && ran.err.contains(part), "{words:?}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn a_file_may_have_a_name_that_is_no_text() {
    let folder = Folder::new("odd");
    let path = folder.0.join(OsStr::from_bytes(b"caf\xe9.txt"));
    std::fs::write(&path, DEAL).unwrap();
    let check = |word: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podcheck"));
        ran(command.arg("check").arg(word).args(["--as-of", "2026-11-22"]), "")
    };
    let found = check(&path);
    assert_eq!((found.code, &*found.err), (1, ""));
    let missing = check(Path::new(OsStr::from_bytes(b"\xe9.csv")));
    assert_eq!((missing.code, missing.err.lines().count()), (2, 1), "{}", missing.err);
    let option = check(Path::new(OsStr::from_bytes(b"--\xe9")));
    assert_eq!(option.code, 2);
    assert!(option.err.starts_with("podcheck: \"--\\xE9\" is not readable text"), "{}", option.err);
}

#[test]
fn what_a_format_has_no_place_for_is_said_beside_it() {
    let table = "opportunity_id,stage,customer_name\nO1,Committed,\"Tern\n";
    for format in ["csv", "markdown"] {
        let words = ["check", "-", "--as-of", "2026-11-22", "--format", format];
        let ran = podcheck(&words, table);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("quotation mark"), "{format}: {}", ran.err);
        let stated = podcheck(&[&words[..], &["--set", "colour=red"]].concat(), DEAL);
        assert!(stated.err.contains("colour"), "{format}: {}", stated.err);
        assert!(!stated.out.contains("colour"), "{format}: {}", stated.out);
        let quiet = podcheck(&words, DEAL);
        assert_eq!((quiet.code, &*quiet.err), (1, ""), "{format}");
    }
    let twice = "opportunity_id,stage\nO1,Committed\nO1,Launched\n";
    let ran = podcheck(&["check", "-", "--as-of", "2026-11-22", "--format", "csv"], twice);
    assert!(ran.err.contains("SET001: O1 stands more than once"), "{}", ran.err);
}

#[test]
fn today_is_the_day_in_the_zone_of_the_machine() {
    // These two never have the same day.
    let days = ["Pacific/Kiritimati", "Etc/GMT+12"].map(|zone| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podcheck"));
        let ran = ran(command.args(["check", "-", "--format", "json"]).env("TZ", zone), DEAL);
        serde_json::from_str::<Value>(&ran.out).unwrap()["asOf"].as_str().unwrap().to_owned()
    });
    assert!(days[0] > days[1], "{days:?}");
}

#[test]
fn who_has_seen_enough_of_an_answer_is_told_of_no_error() {
    for format in ["text", "json", "markdown", "csv", "sarif", "blocks"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_podcheck"))
            .args(["check", "-", "--as-of", "2026-11-22", "--format", format])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(DEAL.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{format}");
    }
}

#[test]
fn what_is_stated_counts() {
    let verdict = |set: &str| {
        let ran = podcheck(&["check", "-", "--as-of=2026-11-22", "--format=json", "--set", set], DEAL);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        report["opportunities"][0]["facts"]["target_close_date"]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("target_close_date=2026-12-01"), "2026-12-01");
    assert_eq!(verdict("O7001:target_close_date=2026-12-02"), "2026-12-02");
    assert_eq!(verdict("O7002:target_close_date=2026-12-02"), "2026-11-21");
}

#[test]
fn the_json_is_the_cores_report() {
    let files = ["eur.csv", "export.csv", "spend.csv"].map(|name| golden(&format!("needs-fixing/{name}")));
    let words = ["check", &files[0], &files[1], &files[2], "--as-of", "2026-11-22", "--format", "json"];
    let ran = podcheck(&words, "");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(golden("needs-fixing/report.json")).unwrap()).unwrap();
    let verdicts = |report: &Value| -> Vec<Value> {
        report["opportunities"].as_array().unwrap().iter().map(|one| one["verdict"].clone()).collect()
    };
    assert_eq!(report["portfolio"]["verdicts"], written["portfolio"]["verdicts"]);
    assert_eq!(verdicts(&report), verdicts(&written));
}

#[test]
fn blocks_are_what_the_bot_would_send() {
    let ran = podcheck(&["check", "-", "--as-of", "2026-11-22", "--format", "blocks"], DEAL);
    let message: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(crate::limits::violations(&message, crate::limits::Surface::Message), Vec::<String>::new());
    assert!(message["text"].as_str().unwrap().starts_with("Tern Logistics (O7001): Needs fixing."));
}

#[test]
fn help_and_explanations_are_no_findings() {
    assert!(podcheck(&[], "").out.contains("podcheck check FILE"));
    let ran = podcheck(&["explain", "pod009"], "");
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("# POD009 spend-below-threshold"));
}

/// A port that nothing listened on a moment ago.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn it_serves_the_page_without_slack_says_what_is_missing_and_stops_when_told() {
    let folder = Folder::new("page");
    std::fs::write(folder.0.join("index.html"), "<p>the page").unwrap();
    std::fs::write(folder.0.join("_headers"), "/*\n  Referrer-Policy: no-referrer\n").unwrap();
    let port = free_port();
    let mut served = Command::new(env!("CARGO_BIN_EXE_podcheck"))
        .arg("serve")
        .env_clear()
        .env("PODCHECK_LISTEN", format!("127.0.0.1:{port}"))
        .env("PODCHECK_PAGE", &folder.0)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let page = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        get(port, "/")
    });
    let page = page.unwrap().to_lowercase();
    assert!(page.starts_with("http/1.1 200") && page.ends_with("<p>the page"), "{page}");
    assert!(page.contains("referrer-policy: no-referrer"), "{page}");
    let ready = get(port, "/readyz").unwrap();
    assert!(ready.contains("SLACK_SIGNING_SECRET is not set"), "{ready}");
    let told = Command::new("kill").arg(served.id().to_string()).status().unwrap();
    assert!(told.success());
    assert!(served.wait().unwrap().success());
    let mut log = String::new();
    served.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopped"), "{log}");
}

#[test]
fn a_database_is_brought_up_to_date_and_says_so() {
    let migrate = |url: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podcheck"));
        command.arg("migrate").env_clear().envs(url.map(|url| ("DATABASE_URL", url)));
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (sqlite, postgres) = (crate::database::sqlite(), crate::database::postgres());
    for (url, name) in [(&sqlite, "SQLite"), (&sqlite, "SQLite"), (&postgres, "PostgreSQL")] {
        let up_to_date = format!("The database ({name}) is up to date.\n");
        assert_eq!(migrate(Some(url)), (Some(0), up_to_date, String::new()));
    }
    let (code, _, sentence) = migrate(None);
    assert_eq!(code, Some(2));
    assert!(sentence.starts_with("podcheck: DATABASE_URL is not set"), "{sentence}");
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (listen, page, parts) in [
        ("8080", "nowhere", ["podcheck: PODCHECK_LISTEN is \"8080\"", ""]),
        (&address, "nowhere", ["PODCHECK_PAGE holds no page", "podcheck: PODCHECK_LISTEN is 127.0.0.1:"]),
    ] {
        let mut serve = Command::new(env!("CARGO_BIN_EXE_podcheck"));
        serve.arg("serve").env_clear().env("PODCHECK_LISTEN", listen).env("PODCHECK_PAGE", page);
        let ran = ran(&mut serve, "");
        assert_eq!(ran.code, 2);
        assert!(parts.iter().all(|part| ran.err.contains(part)), "{}", ran.err);
    }
}

#[test]
fn replicas_without_a_key_are_told_what_does_not_work() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let (sqlite, postgres) = (crate::database::sqlite(), crate::database::postgres());
    for (url, key, warnings) in [(&postgres, None, 1), (&postgres, Some(key), 0), (&sqlite, None, 0)] {
        let mut serve = Command::new(env!("CARGO_BIN_EXE_podcheck"));
        serve.arg("serve").env_clear().env("DATABASE_URL", url).envs(key.map(|key| ("PODCHECK_KEY", key)));
        // It starts no further than to its address.
        serve.env("PODCHECK_LISTEN", taken.local_addr().unwrap().to_string());
        let ran = ran(&mut serve, "");
        assert_eq!(ran.err.matches("PODCHECK_KEY is not set").count(), warnings, "{}", ran.err);
        assert!(ran.err.contains("PODCHECK_LISTEN is 127.0.0.1:"), "{}", ran.err);
    }
}
