//! Settings: from the environment, and from a file of the same names. What stands in the environment counts.

use crate::install::Registration;
use crate::seal::{Key, Keyring};
use crate::slack::Client;
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
const CLIENT_ID: &str = "SLACK_CLIENT_ID";
const CLIENT_SECRET: &str = "SLACK_CLIENT_SECRET";
const PUBLIC_URL: &str = "PODCHECK_URL";
const KEY: &str = "PODCHECK_KEY";
const KEY_FILE: &str = "PODCHECK_KEY_FILE";
const OLD_KEYS: &str = "PODCHECK_OLD_KEYS";
const KNOWN: [&str; 14] = [
    LISTEN,
    PAGE,
    LOG,
    SECRET,
    TOKEN,
    APP_TOKEN,
    API,
    DATABASE,
    CLIENT_ID,
    CLIENT_SECRET,
    PUBLIC_URL,
    KEY,
    KEY_FILE,
    OLD_KEYS,
];
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
    /// What lets any workspace install the bot.
    pub registration: Option<Registration>,
    /// With what is sealed what must not be read in the database.
    pub keys: Option<Keyring>,
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

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
            ensure!(
                !token.starts_with("xoxe."),
                "{TOKEN} is a token that expires within hours: turn token rotation off for an app that serves one workspace."
            );
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
        ensure!(is_private_way(&slack_api), "{API} is {api:?}; tokens travel by https alone.");
        let keys = keyring(&get)?;
        let registration = registration(&get, keys.clone())?;
        ensure!(
            bot_token.is_none() || registration.is_none(),
            "{TOKEN} and {CLIENT_ID} are both set: a token serves one workspace, an app that is installed serves each \
             by its own. Leave one of them out."
        );
        let is_asked = signing_secret.is_some() || app_token.is_some() || registration.is_some();
        let default = if is_asked { DATABASE_DEFAULT } else { DATABASE_NONE };
        let database = get(DATABASE).unwrap_or_else(|| default.to_owned());
        Ok(Config {
            listen,
            page: get(PAGE).unwrap_or_else(|| "web/dist".to_owned()).into(),
            log,
            signing_secret: signing_secret.map(Secret),
            bot_token: bot_token.map(Secret),
            app_token: app_token.map(Secret),
            registration,
            keys,
            slack_api,
            database: Secret(database),
        })
    }

    /// Whether there is a database that outlasts the program.
    pub fn keeps(&self) -> bool {
        self.database.0 != DATABASE_NONE
    }

    /// What the Slack bot lacks, as sentences.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        // Either way of delivery will do.
        if self.signing_secret.is_none() && self.app_token.is_none() {
            missing
                .push("SLACK_SIGNING_SECRET is not set, nor SLACK_APP_TOKEN: nothing from Slack is taken.");
        }
        if self.bot_token.is_none() && self.registration.is_none() {
            missing.push(
                "SLACK_BOT_TOKEN is not set, nor SLACK_CLIENT_ID: forms, files and direct messages do not work.",
            );
        }
        missing
    }
}

/// The key that seals, and those that it replaced.
fn keyring(get: &impl Fn(&str) -> Option<String>) -> Result<Option<Keyring>> {
    let key = match (get(KEY), get(KEY_FILE)) {
        (Some(_), Some(_)) => bail!("{KEY} and {KEY_FILE} are both set: there is one key."),
        (Some(key), None) => Some((KEY, key)),
        (None, Some(path)) => {
            let read = read_text(Path::new(&path)).with_context(|| format!("{KEY_FILE} names no key"))?;
            Some((KEY_FILE, read))
        }
        (None, None) => None,
    };
    let old = get(OLD_KEYS);
    let Some((name, key)) = key else {
        ensure!(old.is_none(), "{OLD_KEYS} is set and {KEY} is not: something must seal what they open.");
        return Ok(None);
    };
    let current = Key::read(&key).map_err(|wrong| anyhow::anyhow!("{name} {wrong}"))?;
    let old = old.iter().flat_map(|keys| keys.split(',')).filter(|key| !key.trim().is_empty());
    let old: Result<Vec<Key>> = old.map(Key::read).collect();
    let keys = old.and_then(|old| Keyring::new(current, old));
    keys.map(Some).map_err(|wrong| anyhow::anyhow!("{OLD_KEYS} {wrong}"))
}

/// What lets any workspace install the bot: all of it is set, or nothing but the key.
fn registration(
    get: &impl Fn(&str) -> Option<String>,
    keys: Option<Keyring>,
) -> Result<Option<Registration>> {
    let set = [CLIENT_ID, CLIENT_SECRET, PUBLIC_URL].map(|name| (name, get(name)));
    let known = |(name, value): &(&'static str, Option<String>)| (*name, value.is_some());
    let all = [known(&set[0]), known(&set[1]), known(&set[2]), (KEY, keys.is_some())];
    let named = |is_set: bool| {
        let names: Vec<&str> = all.iter().filter(|(_, set)| *set == is_set).map(|(name, _)| *name).collect();
        names.join(", ")
    };
    let [(_, Some(id)), (_, Some(secret)), (_, Some(url))] = set else {
        ensure!(
            set.iter().all(|(_, value)| value.is_none()),
            "For the bot to be installed anywhere, {} must be set too; {} alone is not enough.",
            named(false),
            named(true)
        );
        return Ok(None);
    };
    let Some(keys) = keys else {
        bail!("{KEY} is not set, with which tokens are sealed: make one with openssl rand -base64 32.");
    };
    ensure!(
        id.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        "{CLIENT_ID} is no client ID: two numbers and a dot."
    );
    let is_secret = secret.len() >= 16 && secret.bytes().all(|b| b.is_ascii_graphic());
    ensure!(is_secret, "{CLIENT_SECRET} is not a client secret: copy it from the app's Basic Information.");
    let url = public_url(&url)?;
    Ok(Some(Registration { client: Client { id, secret: Secret(secret) }, url, keys }))
}

fn public_url(text: &str) -> Result<Url> {
    let url = Url::parse(text.trim_end_matches('/')).ok().filter(|url| {
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        is_bare && url.password().is_none() && url.has_host() && is_private_way(url)
    });
    url.with_context(|| {
        format!("{PUBLIC_URL} is not where people and Slack reach the bot: write it as https://pod-check.example.com")
    })
}

/// Whether nobody on the way reads what is sent there.
fn is_private_way(url: &Url) -> bool {
    let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || url.scheme() == "http" && is_loopback
}

/// Lines of `NAME=VALUE`, as systemd and containers read them.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let shown = path.display();
    let text = read_text(path)?;
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

fn read_text(path: &Path) -> Result<String> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("{shown} cannot be read"))?.len();
    ensure!(
        size <= FILE_BYTES_MAX,
        "{shown} has {size} bytes; a settings file has at most {FILE_BYTES_MAX}."
    );
    std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))
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

    const KEY_SET: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const KEY_OLD: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    fn registered<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut set = more.to_vec();
        let all = [
            (CLIENT_ID, "1.2"),
            (CLIENT_SECRET, SIGNING),
            (PUBLIC_URL, "https://bot.example.com/pods/"),
            (KEY, KEY_SET),
            (SECRET, SIGNING),
        ];
        set.extend(all.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)));
        set
    }

    #[test]
    fn what_an_installable_bot_needs_is_set_wholly_or_not_at_all() {
        let config = read(&registered(&[(OLD_KEYS, KEY_OLD)])).unwrap();
        assert!(config.missing().is_empty());
        assert_eq!(config.database.reveal(), DATABASE_DEFAULT);
        let registration = config.registration.unwrap();
        assert_eq!(registration.url.as_str(), "https://bot.example.com/pods");
        assert_eq!(registration.redirect().as_str(), "https://bot.example.com/pods/slack/oauth/callback");
        for lacking in [CLIENT_ID, CLIENT_SECRET, PUBLIC_URL] {
            refused(&registered(&[(lacking, "")]), &format!("{lacking} must be set too"));
        }
        refused(&registered(&[(KEY, "")]), "openssl rand -base64 32");
        let alone = read(&[(KEY, KEY_SET), (SECRET, SIGNING), (TOKEN, "xoxb-1")]).unwrap();
        assert!(alone.keys.is_some() && alone.registration.is_none(), "one workspace may have a key too");
        refused(
            &[(KEY, KEY_SET), (CLIENT_ID, "1.2")],
            "SLACK_CLIENT_SECRET, PODCHECK_URL must be set too; SLACK_CLIENT_ID, PODCHECK_KEY alone",
        );
        refused(&registered(&[(TOKEN, "xoxb-1")]), "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set");
    }

    #[test]
    fn a_key_that_is_none_is_named_and_not_shown() {
        refused(&registered(&[(KEY, "hush")]), "PODCHECK_KEY is not a key: 32 bytes as base64");
        refused(&registered(&[(OLD_KEYS, "hush,hush")]), "PODCHECK_OLD_KEYS is not a key");
        refused(&registered(&[(OLD_KEYS, KEY_SET)]), "PODCHECK_OLD_KEYS names the key that is in use");
        refused(&[(OLD_KEYS, KEY_SET)], "PODCHECK_OLD_KEYS is set and PODCHECK_KEY is not");
        refused(&registered(&[(KEY_FILE, "/nowhere")]), "PODCHECK_KEY and PODCHECK_KEY_FILE are both set");
        refused(&registered(&[(KEY, ""), (KEY_FILE, "/nowhere")]), "PODCHECK_KEY_FILE names no key");
        refused(&registered(&[(CLIENT_SECRET, "hush")]), "SLACK_CLIENT_SECRET is not a client secret");
        refused(&registered(&[(CLIENT_ID, "hush")]), "SLACK_CLIENT_ID is no client ID");
        for url in
            ["http://bot.example.com", "bot.example.com", "https://a@b.example", "https://b.example/?hush"]
        {
            refused(&registered(&[(PUBLIC_URL, url)]), "PODCHECK_URL is not where people and Slack reach");
        }
        refused(&[(SECRET, SIGNING), (TOKEN, "xoxe.xoxb-hush")], "turn token rotation off");
    }

    #[test]
    fn a_key_may_stand_in_a_file() {
        let path = std::env::temp_dir().join(format!("podcheck-key-{}", std::process::id()));
        std::fs::write(&path, format!("{KEY_SET}\n")).unwrap();
        let set = registered(&[(KEY, ""), (KEY_FILE, path.to_str().unwrap())]);
        let in_file = read(&set).unwrap().registration.unwrap();
        let stated = read(&registered(&[])).unwrap().registration.unwrap();
        assert_eq!(in_file.keys.current_id(), stated.keys.current_id());
        std::fs::remove_file(&path).unwrap();
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
        let config = read(&registered(&[])).unwrap();
        assert!(!format!("{config:?}").contains(KEY_SET) && !format!("{config:?}").contains(SIGNING));
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
