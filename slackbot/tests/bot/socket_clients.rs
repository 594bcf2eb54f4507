//! Slack's own clients for Socket Mode against our fake Slack: what they take for Slack is fit to test the bot with.

use crate::bot::json_of;
use crate::fake_slack::FakeSlack;
use crate::fake_socket::{APP_TOKEN, Acknowledged};
use crate::official;
use serde_json::{Value, json};
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// A client need not take longer to come once it is there, or to hear of what was sent.
const PATIENCE: Duration = Duration::from_secs(30);

/// One of each kind that the bot is sent.
fn deliveries() -> [(&'static str, Value); 3] {
    let event = json!({ "type": "app_home_opened", "user": "U1", "tab": "home" });
    [
        ("slash_commands", json_of("command=/pod-check&text=help&team_id=T1&user_id=U1&trigger_id=1.2")),
        ("interactive", json!({ "type": "block_actions", "team": { "id": "T1" }, "actions": [] })),
        (
            "events_api",
            json!({ "type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event }),
        ),
    ]
}

/// Delivers everything once, ends the connection as Slack does, and delivers it again by the next.
async fn deliver(slack: &FakeSlack) -> Vec<Acknowledged> {
    let socket = &slack.socket;
    socket.comes().await;
    let mut acknowledged = Vec::new();
    for line in [0, 1] {
        socket.greeted(line + 1).await;
        for (kind, payload) in deliveries() {
            let id = socket.sends(line, kind, &payload);
            acknowledged.push(socket.acknowledgement(&id).await);
        }
        if line == 0 {
            socket.disconnects(line, "refresh_requested");
        }
    }
    acknowledged
}

/// What a client took, and what it acknowledged; nothing where it cannot be had.
async fn talks<F>(client: impl FnOnce(Value) -> F) -> Option<(Value, Vec<Acknowledged>)>
where
    F: Future<Output = Option<Value>>,
{
    let slack = FakeSlack::start().await;
    let told = json!({ "api": slack.api(), "token": APP_TOKEN, "envelopes": 2 * deliveries().len() });
    let mut client = pin!(client(told));
    let mut delivered = pin!(deliver(&slack));
    tokio::select! {
        acknowledged = &mut delivered => Some((client.await?, acknowledged)),
        taken = &mut client => {
            let taken = taken?;
            let acknowledged = timeout(PATIENCE, delivered).await;
            Some((taken, acknowledged.expect("it took what was never sent")))
        }
    }
}

#[track_caller]
fn understood(taken: &Value, acknowledged: &[Acknowledged]) {
    let expected: Vec<Value> = deliveries().into_iter().cycle().take(acknowledged.len()).zip(acknowledged).map(
        |((kind, payload), acknowledged)| {
            let tries = if kind == "events_api" { json!(0) } else { Value::Null };
            json!({ "envelope_id": acknowledged.body["envelope_id"], "type": kind, "payload": payload, "retry_attempt": tries })
        },
    ).collect();
    assert_eq!(taken, &json!(expected));
    for (number, acknowledged) in acknowledged.iter().enumerate() {
        assert_eq!(acknowledged.line, number / deliveries().len(), "by the connection that it came by");
        let answer = &acknowledged.body["payload"];
        assert_eq!(answer["text"] == "Yes.", number % deliveries().len() == 0, "{acknowledged:?}");
    }
}

#[tokio::test]
async fn slacks_python_client_takes_our_fake_for_slack() {
    let client = |told| async move { official::python("socket_client.py", &told).await };
    let Some((taken, acknowledged)) = talks(client).await else { return };
    understood(&taken, &acknowledged);
    // As the bot does it, an acknowledgement without an answer has no payload.
    assert_eq!(acknowledged[1].body.as_object().unwrap().len(), 1, "{:?}", acknowledged[1]);
}

#[tokio::test]
async fn slacks_node_client_takes_our_fake_for_slack() {
    let client = |told| async move { official::node("socket_client.cjs", &told).await };
    let Some((taken, acknowledged)) = talks(client).await else { return };
    understood(&taken, &acknowledged);
}
