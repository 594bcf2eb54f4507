//! What the bot sends and takes, judged by Slack's own packages.

use crate::limits::{KEPT, Surface};
use crate::official;
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
    for module in ["judges::", "official::", "program::", "requests::"] {
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
