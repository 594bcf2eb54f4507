//! What the bot sends and takes, judged by Slack's own packages.

use crate::bot::{Bot, NOW, SECRET};
use crate::limits::{KEPT, Surface};
use crate::official;
use podcheck_slackbot::manifest::{self, Reached};
use podcheck_slackbot::transport::SigningKey;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// Every payload that the other tests made or saw sent, and that keeps the limits that we know.
///
/// They are gathered by running those tests: what somebody adds there is judged here.
async fn gathered() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gathered-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut tests = tokio::process::Command::new(std::env::current_exe().unwrap());
    // These make no payload of their own, wait long, or are this one.
    for module in [
        "by_socket::",
        "crash::",
        "inbound::",
        "judges::",
        "official::",
        "program::",
        "requests::",
        "socket_",
    ] {
        tests.args(["--skip", module]);
    }
    let ran = tests.env(KEPT, &folder).output().await.unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    let mut payloads = Vec::new();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        let mut payload: Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
        payload["name"] = json!(file.file_name().to_str().unwrap());
        payloads.push(payload);
    }
    fs::remove_dir_all(&folder).unwrap();
    payloads
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

fn header(text: &str) -> Value {
    json!({ "type": "header", "text": plain(text) })
}

fn message(blocks: &Value) -> Value {
    json!({ "text": "x", "blocks": blocks })
}

fn button(text: &str) -> Value {
    json!({ "type": "button", "action_id": "a", "text": plain(text), "value": "1" })
}

fn modal(title: &str, blocks: &Value) -> Value {
    json!({ "type": "modal", "title": plain(title), "blocks": blocks })
}

fn list(style: &str) -> Value {
    json!({ "type": "rich_text", "elements": [{ "type": "rich_text_list", "style": style, "elements": [
        { "type": "rich_text_section", "elements": [{ "type": "text", "text": "x" }] },
    ] }] })
}

/// Payloads that a judge must refuse: one that does not is no judge.
fn refused(judge: &str) -> Vec<(&'static str, Surface, Value)> {
    use Surface::{Home, Message, Modal};
    let unknown_key = json!([{ "type": "divider", "colour": "red" }]);
    let mut refused = vec![
        ("a key that nobody knows", Message, message(&unknown_key)),
        ("a block that nobody knows", Message, message(&json!([{ "type": "marquee" }]))),
        ("a key that nobody knows, in a form", Modal, modal("x", &unknown_key)),
    ];
    if judge == "models" {
        refused.extend([
            ("a long header", Message, message(&json!([header(&"x".repeat(151))]))),
            (
                "a long button",
                Message,
                message(&json!([{ "type": "actions", "elements": [button(&"x".repeat(76))] }])),
            ),
            (
                "many buttons",
                Message,
                message(&json!([{ "type": "actions", "elements": vec![button("x"); 26] }])),
            ),
            ("a long title", Modal, modal(&"x".repeat(25), &json!([header("x")]))),
            ("many blocks at home", Home, json!({ "type": "home", "blocks": vec![header("x"); 101] })),
        ]);
    } else {
        let formatted = json!({ "type": "header", "text": { "type": "mrkdwn", "text": "*x*" } });
        refused.extend([
            ("a formatted header", Message, message(&json!([formatted]))),
            ("a list of no style", Message, message(&json!([list("dotted")]))),
            ("a form without title", Modal, json!({ "type": "modal", "blocks": [header("x")] })),
            ("a form at home", Home, modal("x", &json!([header("x")]))),
        ]);
    }
    refused
}

/// What a judge is told: all that was gathered, and what it must refuse.
fn told(gathered: &[Value], judge: &str) -> Value {
    let controls = refused(judge).into_iter().map(
        |(name, surface, payload)| json!({ "name": name, "surface": surface.name(), "payload": payload }),
    );
    gathered.iter().cloned().chain(controls).collect()
}

#[track_caller]
fn refuses_its_controls_alone(judge: &str, verdict: Option<Value>) {
    // Where the judge cannot be had, that was said.
    let Some(verdict) = verdict else { return };
    let mut verdict: Map<String, Value> = serde_json::from_value(verdict).unwrap();
    for (name, ..) in refused(judge) {
        assert!(verdict.remove(name).is_some(), "the {judge} take {name}");
    }
    assert!(verdict.is_empty(), "the {judge} refuse: {verdict:#?}");
}

#[tokio::test]
async fn every_payload_of_the_bots_is_one_that_slacks_own_packages_take() {
    let gathered = gathered().await;
    let of =
        |surface: Surface| gathered.iter().filter(|payload| payload["surface"] == surface.name()).count();
    assert!(
        of(Surface::Message) > 100 && of(Surface::Modal) > 0 && of(Surface::Home) > 0,
        "{}",
        gathered.len()
    );
    let models = official::python("blocks.py", &told(&gathered, "models")).await;
    refuses_its_controls_alone("models", models);
    let types = official::node("satisfies.cjs", &told(&gathered, "types")).await;
    refuses_its_controls_alone("types", types);
}

/// The example of a signature that Slack publishes, with its secret and its time.
const PUBLISHED: [&str; 3] = [
    "8f742231b10e8888abcd99yyyzzz85a5",
    "1531420618",
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&\
     user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F\
     commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.\
     803a0bc887a14d10d2c447fce8b6703c",
];

#[tokio::test]
async fn what_slacks_own_package_signs_is_taken_and_nothing_else() {
    let bot = Bot::start().await;
    let body = bot.slash_form("help", "");
    let ours = |secret: &str, timestamp: &str, body: &str| {
        let signature = SigningKey::new(secret).sign(timestamp, body.as_bytes());
        json!({ "secret": secret, "timestamp": timestamp, "body": body, "signature": signature })
    };
    let [secret, timestamp, example] = PUBLISHED;
    let mut forged = ours(SECRET, &NOW.to_string(), &body);
    forged["body"] = json!("another");
    let told = json!({
        "secret": SECRET, "now": NOW, "host": bot.address.ip().to_string(), "port": bot.address.port(),
        "path": "/slack/commands", "body": body,
        "ours": [ours(secret, timestamp, example), ours(SECRET, &NOW.to_string(), "\u{1F6A2}=é"), forged],
    });
    let Some(said) = official::python("signatures.py", &told).await else { return };
    let expected = json!({
        "as it is": 200,
        "with nothing in it": 200,
        "in letters beyond ASCII": 200,
        "300 s late": 200,
        "300 s early": 200,
        "301 s late": 401,
        "301 s early": 401,
        "one byte of the body flipped": 401,
        "the last byte of the body flipped": 401,
        "one digit of the signature changed": 401,
        "another time than was signed": 401,
        "without a signature": 401,
        "without a time": 401,
        "with two signatures": 401,
        "with two times": 401,
        "with another secret": 401,
        "too large": 413,
    });
    assert_eq!(said["answered"], expected);
    assert_eq!(said["valid"], json!([true, true, false]));
}

#[tokio::test]
async fn the_manifest_is_one_that_slacks_own_schema_takes() {
    let whole = manifest::of(&Reached::At("https://pod-check.example.com".to_owned())).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut manifest = whole.clone();
        *manifest.pointer_mut(pointer).unwrap() = value;
        manifest
    };
    let long = format!("https://{}.example.com/{}", "pods".repeat(15), "a/".repeat(100));
    let controls = [
        ("a long name", changed("/display_information/name", json!("x".repeat(36)))),
        ("a short description", changed("/display_information/long_description", json!("x".repeat(174)))),
        ("a long command", changed("/features/slash_commands/0/command", json!("/pod-check".repeat(4)))),
        ("an unknown key", changed("/settings", json!({ "colour": "red" }))),
        ("a shortcut of no kind", changed("/features/shortcuts/0/type", json!("everywhere"))),
    ];
    let mut told = json!({ "ours": whole, "ours, far away": manifest::of(&Reached::At(long)).unwrap(),
                          "ours, by Socket Mode": manifest::of(&Reached::BySocket).unwrap(),
                          "ours, anywhere": manifest::of(&Reached::Distributed("https://x.example".to_owned())).unwrap() });
    for (name, manifest) in &controls {
        told[name] = manifest.clone();
    }
    let Some(said) = official::python("manifest.py", &told).await else { return };
    for ours in ["ours", "ours, far away", "ours, by Socket Mode", "ours, anywhere"] {
        assert_eq!(said[ours], json!([]), "{ours}");
    }
    for (name, _) in &controls {
        assert_ne!(said[name], json!([]), "the schema takes {name}");
    }
}
