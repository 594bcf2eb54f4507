//! Settings: from the environment, and from a file of the same names. What stands in the environment counts.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tracing::Level;
use url::Url;

/// A settings file is a page.
const FILE_BYTES_MAX: u64 = 64 * 1024;

const LISTEN: &str = "PODCHECK_LISTEN";
const PAGE: &str = "PODCHECK_PAGE";
const LOG: &str = "PODCHECK_LOG";
const SECRET: &str = "SLACK_SIGNING_SECRET";
const TOKEN: &str = "SLACK_BOT_TOKEN";
const APP_TOKEN: &str = "SLACK_APP_TOKEN";
const API: &str = "SLACK_API_URL";
const DATABASE: &str = "DATABASE_URL";
const KNOWN: [&str; 8] = [LISTEN, PAGE, LOG, SECRET, TOKEN, APP_TOKEN, API, DATABASE];
/// Beside the program, made when it is first needed.
const DATABASE_DEFAULT: &str = "sqlite:podcheck.db";
/// Nothing is kept: nobody can ask the bot for anything.
const DATABASE_NONE: &str = "sqlite::memory:";

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of the built page.
    pub page: PathBuf,
    /// What is logged.
    pub log: Level,
    /// What proves that a request comes from Slack; without it the bot takes none by HTTP.
    pub signing_secret: Option<Secret>,
    /// The token of the one workspace that is served.
    pub bot_token: Option<Secret>,
    /// The app's own token: with it, the bot opens a connection by which Slack delivers.
    pub app_token: Option<Secret>,
    /// Where Slack's methods are: another address only for trying the bot without Slack.
    pub slack_api: Url,
    /// The address of the database.
    pub database: Secret,
}

/// A setting that no log or message may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` out of logs.
    pub fn new(text: &str) -> Secret {
        Secret(text.to_owned())
    }

    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Config {
    /// Reads the settings: `environment` gives a variable's value.
    ///
    /// # Errors
    /// One sentence with the name of the variable that cannot be used, and how to write it. Secrets are never shown.
    pub fn read(file: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Result<Config> {
        let file = file.map(read_file).transpose()?.unwrap_or_default();
        let get = |name: &str| {
            let value = environment(name).or_else(|| file.get(name).cloned());
            value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let listen = get(LISTEN).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen = listen
            .parse()
            .with_context(|| format!("{LISTEN} is {listen:?}; write an address as 0.0.0.0:8080"))?;
        let log = get(LOG).unwrap_or_else(|| "info".to_owned());
        let log =
            log.parse().with_context(|| format!("{LOG} is {log:?}; it can be error, warn, info or debug"))?;
        let signing_secret = get(SECRET);
        if let Some(secret) = &signing_secret {
            let is_secret = secret.len() >= 16 && secret.bytes().all(|b| b.is_ascii_graphic());
            ensure!(is_secret, "{SECRET} is not a signing secret: copy it from the app's Basic Information.");
        }
        let app_token = get(APP_TOKEN);
        if let Some(token) = &app_token {
            let is_token = token.starts_with("xapp-") && token.bytes().all(|b| b.is_ascii_graphic());
            ensure!(is_token, "{APP_TOKEN} is not an app-level token: it begins with xapp-.");
        }
        let bot_token = get(TOKEN);
        if let Some(token) = &bot_token {
            let is_token = token.starts_with("xoxb-") && token.bytes().all(|b| b.is_ascii_graphic());
            ensure!(is_token, "{TOKEN} is not a bot token: it begins with xoxb-.");
            ensure!(
                signing_secret.is_some() || app_token.is_some(),
                "{TOKEN} is set and {SECRET} is not: the bot needs both, or {APP_TOKEN} for Socket Mode."
            );
        }
        let api = get(API).unwrap_or_else(|| "https://slack.com/api".to_owned());
        let slack_api =
            Url::parse(api.trim_end_matches('/')).with_context(|| format!("{API} is {api:?}, no address"))?;
        let is_loopback = matches!(slack_api.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        ensure!(
            slack_api.scheme() == "https" || slack_api.scheme() == "http" && is_loopback,
            "{API} is {api:?}; tokens travel by https alone."
        );
        let is_asked = signing_secret.is_some() || app_token.is_some();
        let default = if is_asked { DATABASE_DEFAULT } else { DATABASE_NONE };
        let database = get(DATABASE).unwrap_or_else(|| default.to_owned());
        Ok(Config {
            listen,
            page: get(PAGE).unwrap_or_else(|| "web/dist".to_owned()).into(),
            log,
            signing_secret: signing_secret.map(Secret),
            bot_token: bot_token.map(Secret),
            app_token: app_token.map(Secret),
            slack_api,
            database: Secret(database),
        })
    }

    /// What the Slack bot lacks, as sentences.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        // Either way of delivery will do.
        if self.signing_secret.is_none() && self.app_token.is_none() {
            missing
                .push("SLACK_SIGNING_SECRET is not set, nor SLACK_APP_TOKEN: nothing from Slack is taken.");
        }
        if self.bot_token.is_none() {
            missing.push("SLACK_BOT_TOKEN is not set: forms, files and direct messages do not work.");
        }
        missing
    }
}

/// Lines of `NAME=VALUE`, as systemd and containers read them.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("{shown} cannot be read"))?.len();
    ensure!(
        size <= FILE_BYTES_MAX,
        "{shown} has {size} bytes; a settings file has at most {FILE_BYTES_MAX}."
    );
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let mut settings = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // The line itself may hold a secret: it is counted, not shown.
        let (name, value) =
            line.split_once('=').with_context(|| format!("Line {number} of {shown} is not NAME=VALUE"))?;
        let name = name.trim().trim_start_matches("export ").trim();
        if !KNOWN.contains(&name) {
            bail!(
                "Line {number} of {shown} sets {name:?}, which is no setting: there are {}.",
                KNOWN.join(", ")
            );
        }
        let value = value.trim();
        let quoted = |mark: char| value.strip_prefix(mark).and_then(|value| value.strip_suffix(mark));
        settings.insert(name.to_owned(), quoted('"').or_else(|| quoted('\'')).unwrap_or(value).to_owned());
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNING: &str = "0123456789abcdef0123456789abcdef";

    fn read(set: &[(&str, &str)]) -> Result<Config> {
        let get =
            |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Config::read(None, get)
    }

    #[track_caller]
    fn refused(set: &[(&str, &str)], part: &str) {
        let error = read(set).unwrap_err();
        let sentence = format!("{error:#}");
        assert!(sentence.contains(part), "{sentence}");
        assert!(!sentence.contains("hush"), "a secret is shown: {sentence}");
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is_shown() {
        refused(&[(LISTEN, "8080")], "PODCHECK_LISTEN is \"8080\"");
        refused(&[(LOG, "loud")], "PODCHECK_LOG is \"loud\"");
        refused(&[(SECRET, "hush")], "SLACK_SIGNING_SECRET is not a signing secret");
        refused(&[(SECRET, SIGNING), (TOKEN, "hush-1")], "SLACK_BOT_TOKEN is not a bot token");
        refused(
            &[(TOKEN, "xoxb-hush")],
            "SLACK_SIGNING_SECRET is not: the bot needs both, or SLACK_APP_TOKEN",
        );
        refused(&[(APP_TOKEN, "xoxb-hush")], "SLACK_APP_TOKEN is not an app-level token");
        refused(&[(APP_TOKEN, "xapp-hush hush")], "SLACK_APP_TOKEN is not an app-level token");
        refused(&[(API, "http://slack.example/api")], "https alone");
    }

    #[test]
    fn without_slack_it_still_runs_and_says_what_is_missing() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.missing().len(), 2);
        assert!(config.missing()[0].contains("SLACK_SIGNING_SECRET is not set, nor SLACK_APP_TOKEN"));
        assert!(read(&[(SECRET, SIGNING), (TOKEN, "xoxb-1")]).unwrap().missing().is_empty());
    }

    #[test]
    fn socket_mode_needs_no_signing_secret() {
        let config = read(&[(APP_TOKEN, "xapp-1"), (TOKEN, "xoxb-1")]).unwrap();
        assert!(config.missing().is_empty() && config.signing_secret.is_none());
        assert_eq!(config.database.reveal(), DATABASE_DEFAULT, "what it is told is kept");
        let sentences = read(&[(APP_TOKEN, "xapp-1")]).unwrap().missing();
        assert!(sentences.len() == 1 && sentences[0].starts_with("SLACK_BOT_TOKEN"), "{sentences:?}");
        let both = read(&[(APP_TOKEN, "xapp-1"), (SECRET, SIGNING)]).unwrap();
        assert!(both.app_token.is_some() && both.signing_secret.is_some());
    }

    #[test]
    fn a_secret_is_not_shown_by_accident() {
        let config = read(&[(SECRET, SIGNING), (TOKEN, "xoxb-hush"), (APP_TOKEN, "xapp-hush")]).unwrap();
        assert!(!format!("{config:?}").contains("hush") && !format!("{config:?}").contains(SIGNING));
    }

    #[test]
    fn a_file_is_read_and_the_environment_counts_more() {
        let path = std::env::temp_dir().join(format!("podcheck-config-{}", std::process::id()));
        std::fs::write(&path, "# the bot\nPODCHECK_LOG='warn'\nexport PODCHECK_LISTEN=0.0.0.0:9000\n")
            .unwrap();
        let environment = |name: &str| (name == LOG).then(|| "debug".to_owned());
        let config = Config::read(Some(&path), environment).unwrap();
        assert_eq!((config.log, config.listen.port()), (Level::DEBUG, 9000));
        std::fs::write(&path, "SLACK_BOT_TOKN=xoxb-hush\n").unwrap();
        let sentence = Config::read(Some(&path), |_| None).unwrap_err().to_string();
        assert!(sentence.contains("\"SLACK_BOT_TOKN\", which is no setting") && !sentence.contains("hush"));
        std::fs::remove_file(&path).unwrap();
    }
}
