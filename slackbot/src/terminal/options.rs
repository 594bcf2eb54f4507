//! The words after `podcheck`, understood.

use crate::manifest::Reached;
use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use podcheck_core::assess::{About, Supplement};
use podcheck_core::calendar;
use std::ffi::OsString;
use std::path::PathBuf;

/// What `podcheck help` prints.
pub const HELP: &str = "\
Says whether an AWS opportunity earns the Partner Originated Discount, and what to do by when.

Usage:
  podcheck check FILE…         check exports, JSON, spreadsheets or key=value text together; - is standard input
  podcheck explain RULE        the page of a rule: POD009; all of them: all
  podcheck serve               the page and the Slack bot
  podcheck migrate             brings the database up to date, as serve does when it starts
  podcheck manifest --url URL  the Slack app manifest for a bot at this address; for Socket Mode: --socket; for a bot
                               that any workspace installs: --distributed URL
  podcheck help                this text

Options of check:
  --format FORMAT              text (default), json, markdown, csv, sarif, blocks (what the bot would send)
  --as-of DATE                 judge by this day instead of today, as this machine's zone has it: 2026-11-22
  --policy FILE                judge by these numbers instead of the built-in ones
  --set FACT=VALUE             state a fact of every opportunity; of one: --set O1234567:customer_consent=yes
check exits with 0 when nothing was found, 1 when something was, 2 when it could not run.

serve and migrate read their settings from the environment, and from a file of NAME=VALUE lines named by --config FILE:
  SLACK_SIGNING_SECRET         proves that a request comes from Slack
  SLACK_APP_TOKEN              opens Socket Mode: Slack needs no address of the bot, and no signing secret is needed
  SLACK_BOT_TOKEN              opens forms and reads shared files in the one workspace whose it is
  SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, PODCHECK_URL, PODCHECK_KEY
                               instead of it, to be installed by any workspace at PODCHECK_URL/slack/install; the key
                               seals the tokens and, on PostgreSQL, what was asked, held for half an hour so that an
                               answer's buttons work at every replica: openssl rand -base64 32
                               beside SLACK_BOT_TOKEN it may be set for that alone
  PODCHECK_KEY_FILE            a file with that key, instead of the key
  PODCHECK_OLD_KEYS            keys that sealed before, with commas between; their tokens are sealed again at the start
  DATABASE_URL                 sqlite:podcheck.db unless said, or postgres://… for several replicas
  PODCHECK_LISTEN              address and port, 127.0.0.1:8080 unless said
  PODCHECK_PAGE                the folder of the built page, web/dist unless said
  PODCHECK_LOG                 error, warn, info (default) or debug
  SLACK_API_URL                where Slack's methods are, https://slack.com/api unless said";

/// What is asked of the program.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    /// To say what it can do.
    Help,
    /// To check files.
    Check(CheckOrder),
    /// To explain a rule, or all of them.
    Explain(String),
    /// To write the Slack app manifest.
    Manifest(Reached),
    /// To serve, with settings from this file too.
    Serve(Option<PathBuf>),
    /// To bring the database up to date, with settings from this file too.
    Migrate(Option<PathBuf>),
}

/// How to check.
#[derive(Debug, PartialEq, Eq)]
pub struct CheckOrder {
    /// What to check; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// How to answer.
    pub format: Format,
    /// The day to judge by; today when not said.
    pub as_of: Option<NaiveDate>,
    /// The policy file.
    pub policy: Option<PathBuf>,
    /// What is stated.
    pub supplements: Vec<Supplement>,
}

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// The whole report.
    Json,
    /// For a document.
    Markdown,
    /// A line an opportunity.
    Csv,
    /// For code scanning.
    Sarif,
    /// The message that the bot would send.
    Blocks,
}

const FORMATS: [(&str, Format); 6] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("markdown", Format::Markdown),
    ("csv", Format::Csv),
    ("sarif", Format::Sarif),
    ("blocks", Format::Blocks),
];

/// Understands the words after the program's name. A file's name may be any bytes; what is not one is text.
///
/// # Errors
/// One sentence that says which word cannot be understood, and what could stand there.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Order> {
    let mut words = words.into_iter();
    let Some(order) = words.next() else { return Ok(Order::Help) };
    match text(order)?.as_str() {
        "help" | "--help" | "-h" => Ok(Order::Help),
        "check" => check(words),
        "explain" => {
            let rule =
                words.next().context("Which rule? podcheck explain POD009, or podcheck explain all.")?;
            nothing_more(words)?;
            Ok(Order::Explain(text(rule)?))
        }
        "manifest" => {
            let mut words = words.peekable();
            if words.next_if(|word| word == "--socket").is_some() {
                nothing_more(words)?;
                return Ok(Order::Manifest(Reached::BySocket));
            }
            if words.peek().is_some_and(|word| word.as_encoded_bytes().starts_with(b"--distributed")) {
                let url = option(words, "--distributed")?.unwrap_or_default();
                return Ok(Order::Manifest(Reached::Distributed(text(url)?)));
            }
            let url = option(words, "--url")?.context(
                "The bot's address is needed: podcheck manifest --url https://…, or --socket for Socket Mode.",
            )?;
            Ok(Order::Manifest(Reached::At(text(url)?)))
        }
        "migrate" => Ok(Order::Migrate(option(words, "--config")?.map(PathBuf::from))),
        "serve" => Ok(Order::Serve(option(words, "--config")?.map(PathBuf::from))),
        other => bail!("{other:?} is not a command; podcheck help lists them."),
    }
}

/// A word that is no file's name.
fn text(word: OsString) -> Result<String> {
    word.into_string()
        .map_err(|word| anyhow!("{word:?} is not readable text: here only a file's name may be anything."))
}

fn check(mut words: impl Iterator<Item = OsString>) -> Result<Order> {
    let mut order = CheckOrder {
        files: Vec::new(),
        format: Format::Text,
        as_of: None,
        policy: None,
        supplements: Vec::new(),
    };
    let mut only_files = false;
    while let Some(word) = words.next() {
        if only_files || word == "-" || !word.as_encoded_bytes().starts_with(b"-") {
            order.files.push(word.into());
            continue;
        }
        let word = text(word)?;
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) => (name, Some(OsString::from(value))),
            None => (word.as_str(), None),
        };
        let mut value =
            || joined.clone().or_else(|| words.next()).with_context(|| format!("{name} needs a value."));
        match name {
            "--" => only_files = true,
            "--help" | "-h" => return Ok(Order::Help),
            "--format" => order.format = format(&text(value()?)?)?,
            "--as-of" => order.as_of = Some(day(&text(value()?)?)?),
            "--policy" => order.policy = Some(value()?.into()),
            "--set" => order.supplements.push(supplement(&text(value()?)?)?),
            _ => bail!("{name:?} is not an option of check; podcheck help lists them."),
        }
    }
    if order.files.is_empty() {
        bail!("Which files? podcheck check FILE…, or - for standard input.");
    }
    Ok(Order::Check(order))
}

/// The value of the one option that a command knows.
fn option(mut words: impl Iterator<Item = OsString>, known: &str) -> Result<Option<OsString>> {
    let Some(word) = words.next() else { return Ok(None) };
    let word = text(word)?;
    let value = match word.split_once('=') {
        Some((name, value)) if name == known => value.into(),
        _ if word == known => words.next().with_context(|| format!("{known} needs a value."))?,
        _ => bail!("{word:?} cannot stand here; podcheck help says what can."),
    };
    nothing_more(words)?;
    Ok(Some(value))
}

fn nothing_more(mut words: impl Iterator<Item = OsString>) -> Result<()> {
    match words.next() {
        None => Ok(()),
        Some(word) => bail!("{word:?} is one word too many; podcheck help says what can stand here."),
    }
}

fn format(name: &str) -> Result<Format> {
    let found = FORMATS.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
    found
        .map(|(_, format)| *format)
        .with_context(|| format!("{name:?} is no format; there are {}.", names.join(", ")))
}

/// A day as it is typed.
///
/// # Errors
/// When it is none, with how to write one.
pub fn day(text: &str) -> Result<NaiveDate> {
    calendar::iso_day(text).with_context(|| format!("{text:?} is no day. Write it as 2026-11-22."))
}

/// `fact=value` or `key:fact=value`.
fn supplement(text: &str) -> Result<Supplement> {
    let (name, value) = text
        .split_once('=')
        .with_context(|| format!("{text:?} states nothing. Write fact=value or key:fact=value."))?;
    let (about, fact) = match name.rsplit_once(':') {
        Some((key, fact)) => (About::One(key.to_owned()), fact),
        None => (About::All, name),
    };
    Ok(Supplement { about, fact: fact.to_owned(), value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn parsed(words: &str) -> Result<Order> {
        parse(words.split_whitespace().map(OsString::from))
    }

    #[track_caller]
    fn refused(words: &str, sentence: &str) {
        assert_eq!(parsed(words).unwrap_err().to_string(), sentence);
    }

    #[test]
    fn a_word_that_is_not_understood_is_named() {
        refused("chek a.csv", "\"chek\" is not a command; podcheck help lists them.");
        refused("check", "Which files? podcheck check FILE…, or - for standard input.");
        refused("check a --fromat json", "\"--fromat\" is not an option of check; podcheck help lists them.");
        refused(
            "check a --format xml",
            "\"xml\" is no format; there are text, json, markdown, csv, sarif, blocks.",
        );
        refused("check a --as-of 22.11.2026", "\"22.11.2026\" is no day. Write it as 2026-11-22.");
        refused("check a --set consent", "\"consent\" states nothing. Write fact=value or key:fact=value.");
        refused("check a --policy", "--policy needs a value.");
        refused("explain", "Which rule? podcheck explain POD009, or podcheck explain all.");
        refused(
            "explain POD009 POD010",
            "\"POD010\" is one word too many; podcheck help says what can stand here.",
        );
        refused(
            "manifest",
            "The bot's address is needed: podcheck manifest --url https://…, or --socket for Socket Mode.",
        );
        refused(
            "manifest --socket now",
            "\"now\" is one word too many; podcheck help says what can stand here.",
        );
        refused("serve --port 80", "\"--port\" cannot stand here; podcheck help says what can.");
    }

    #[test]
    fn options_may_be_joined_to_their_value() {
        let order =
            parsed("check a.csv --format=sarif - --as-of=2026-11-22 --set=O1:spend.2026-11=1=2 -- -x")
                .unwrap();
        let Order::Check(order) = order else { panic!("{order:?}") };
        assert_eq!(order.files, ["a.csv", "-", "-x"].map(PathBuf::from));
        assert_eq!(order.format, Format::Sarif);
        assert_eq!(order.as_of.unwrap().to_string(), "2026-11-22");
        let stated = &order.supplements[0];
        assert_eq!(
            (&stated.about, &*stated.fact, &*stated.value),
            (&About::One("O1".to_owned()), "spend.2026-11", "1=2")
        );
    }

    #[test]
    fn a_file_may_have_any_name_and_only_a_file() {
        let odd = || OsString::from_vec(b"caf\xe9.csv".to_vec());
        let word = |text: &str| OsString::from(text);
        let Order::Check(order) =
            parse([word("check"), odd(), word("--policy"), odd(), word("--"), odd()]).unwrap()
        else {
            panic!("it is to check")
        };
        assert_eq!(order.files, [odd(), odd()].map(PathBuf::from));
        assert_eq!(order.policy, Some(odd().into()));
        for words in [
            vec![odd()],
            vec![word("check"), word("a.csv"), word("--format"), odd()],
            vec![word("check"), OsString::from_vec(b"--format=\xe9".to_vec())],
            vec![word("explain"), odd()],
            vec![word("manifest"), word("--url"), odd()],
        ] {
            let sentence = parse(words).unwrap_err().to_string();
            assert!(sentence.contains("\\xE9") && sentence.contains("is not readable text"), "{sentence}");
        }
    }

    #[test]
    fn a_manifest_is_for_an_address_or_for_socket_mode() {
        let at = Order::Manifest(Reached::At("https://x".to_owned()));
        assert_eq!(parsed("manifest --url=https://x").unwrap(), at);
        let anywhere = Order::Manifest(Reached::Distributed("https://x".to_owned()));
        assert_eq!(parsed("manifest --distributed https://x").unwrap(), anywhere);
        assert_eq!(parsed("manifest --socket").unwrap(), Order::Manifest(Reached::BySocket));
    }

    #[test]
    fn nothing_asked_is_help() {
        assert_eq!(parsed("").unwrap(), Order::Help);
        assert_eq!(parsed("check --help").unwrap(), Order::Help);
    }
}
