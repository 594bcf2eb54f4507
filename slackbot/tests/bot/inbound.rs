//! Whatever Slack may send is acknowledged: payloads in the shapes that arrive in reality, whole and damaged.

use crate::bot::{Bot, Reply};
use crate::official;
use hyper::StatusCode;
use serde_json::{Value, json};

/// `base` with more keys; a null takes a key away.
fn with(base: &Value, more: &Value) -> Value {
    let mut merged = base.as_object().unwrap().clone();
    for (key, value) in more.as_object().unwrap() {
        match value {
            Value::Null => drop(merged.remove(key)),
            value => drop(merged.insert(key.clone(), value.clone())),
        }
    }
    merged.into()
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn rich_text() -> Value {
    let words = json!([{ "type": "user", "user_id": "U1" }, { "type": "text", "text": " look" }]);
    json!([{ "type": "rich_text", "block_id": "r", "elements": [{ "type": "rich_text_section", "elements": words }] }])
}

/// A file as it is shared, with more about it than anybody reads.
fn file() -> Value {
    json!({
        "id": "F1", "created": 1_795_300_000, "timestamp": 1_795_300_000, "name": "deals.csv", "title": "deals",
        "mimetype": "text/csv", "filetype": "csv", "pretty_type": "CSV", "user": "U1", "editable": false, "size": 84,
        "mode": "hosted", "is_external": false, "external_type": "", "is_public": true, "thumb_360_w": 360,
        "url_private": "https://files.slack.com/files-pri/T1-F1/deals.csv", "has_rich_preview": false,
    })
}

/// What events are about.
fn happenings() -> Vec<Value> {
    let message =
        json!({ "type": "message", "text": "Hi", "user": "U1", "ts": "1795300000.000001", "team": "T1" });
    let in_channel = json!({ "channel": "C1", "channel_type": "channel", "event_ts": "1795300000.000001", "client_msg_id": "m" });
    let posted = |more: Value| with(&with(&message, &in_channel), &more);
    let bot = json!({ "id": "B2", "deleted": false, "name": "other", "updated": 1, "app_id": "A2", "icons": { "image_36": "https://x" } });
    let root = with(
        &message,
        &json!({ "thread_ts": "1795300000.000001", "reply_count": 1, "reply_users": ["U1"], "is_locked": false }),
    );
    let reaction = json!({ "type": "reaction_added", "user": "U1", "reaction": "eyes", "item_user": "U2", "event_ts": "1.2",
                           "item": { "type": "message", "channel": "C1", "ts": "1.1" } });
    let member = json!({ "type": "member_left_channel", "user": "U2", "channel": "C1", "channel_type": "C", "team": "T1" });
    let step = json!({ "workflow_step_execute_id": "x", "workflow_id": "w", "workflow_instance_id": "i", "step_id": "s",
                       "inputs": { "name": { "value": "x" } }, "outputs": [{ "name": "name", "type": "text", "label": "Name" }] });
    let function = json!({ "id": "Fn1", "callback_id": "reverse", "title": "Reverse", "type": "app", "app_id": "A1", "date_updated": 1,
                           "input_parameters": [{ "type": "string", "name": "s", "is_required": true }], "output_parameters": [] });
    vec![
        posted(json!({})),
        posted(json!({ "type": "app_mention", "text": "<@B1> hi" })),
        posted(json!({ "blocks": rich_text() })),
        posted(json!({ "subtype": "bot_message", "bot_id": "B2", "username": "other", "user": null })),
        posted(json!({ "bot_id": "B2", "bot_profile": bot })),
        posted(
            json!({ "subtype": "file_share", "files": [file()], "upload": false, "display_as_bot": false }),
        ),
        posted(json!({ "subtype": "thread_broadcast", "thread_ts": "1.1", "root": root })),
        posted(json!({ "subtype": "message_changed", "hidden": true, "text": null,
                       "message": with(&message, &json!({ "edited": { "user": "U1", "ts": "1.2" }, "blocks": rich_text() })),
                       "previous_message": message })),
        posted(
            json!({ "subtype": "message_deleted", "hidden": true, "deleted_ts": "1.1", "previous_message": message }),
        ),
        reaction.clone(),
        with(
            &reaction,
            &json!({ "item": { "type": "message", "channel": "C1", "ts": "1.1", "channel_type": "channel" } }),
        ),
        with(&member, &json!({ "type": "member_joined_channel", "inviter": "U1" })),
        member,
        json!({ "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages", "event_ts": "1.1" }),
        json!({ "type": "app_uninstalled" }),
        json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": ["B9"] } }),
        json!({ "type": "team_access_granted", "team_ids": ["T1", "T2"], "event_ts": "1.1" }),
        json!({ "type": "team_access_revoked", "team_ids": ["T1", "T2"], "event_ts": "1.1" }),
        json!({ "type": "function_executed", "function": function, "inputs": { "s": "x" }, "function_execution_id": "Fx1",
                "event_ts": "1.1", "bot_access_token": "x" }),
        json!({ "type": "workflow_step_execute", "callback_id": "copy", "workflow_step": step, "event_ts": "1.1" }),
        json!({ "type": "channel_archive", "channel": "C1", "user": "U1", "is_moved": 0 }),
        json!({ "type": "message_metadata_posted", "metadata": { "event_type": "e", "event_payload": { "n": 3 } } }),
        json!({ "type": "of_tomorrow" }),
    ]
}

/// What is said around an event: by whom the app was installed, and for whom the event is meant.
fn envelopes() -> Vec<Value> {
    let authorized = |enterprise: Value, team: Value, is_org: bool| json!([{ "enterprise_id": enterprise, "team_id": team, "user_id": "U1", "is_bot": true, "is_enterprise_install": is_org }]);
    let org =
        json!([{ "enterprise_id": "E1", "user_id": "U1", "is_bot": true, "is_enterprise_install": true }]);
    vec![
        json!({ "authed_users": ["U1"] }),
        json!({ "authed_users": [], "is_ext_shared_channel": false, "event_context": "1-message-T1-C1" }),
        json!({ "authorizations": authorized(json!(null), json!("T1"), false), "is_ext_shared_channel": true }),
        json!({ "authorizations": authorized(json!("E2"), json!("T2"), false) }),
        json!({ "authorizations": authorized(json!("E1"), json!(null), true) }),
        json!({ "authorizations": org, "team_id": null }),
        json!({ "team_id": null }),
        json!({ "enterprise_id": null }),
    ]
}

/// Events, each in each envelope.
pub(crate) fn events() -> Vec<Value> {
    let bare = json!({ "type": "event_callback", "token": "legacy", "team_id": "T1", "enterprise_id": "E1",
                       "api_app_id": "A1", "event_time": 1_795_300_000 });
    let mut events = Vec::new();
    for event in happenings() {
        for around in envelopes() {
            let id = format!("Ev{}", events.len());
            let around = with(&bare, &around);
            events.push(with(&around, &json!({ "event_id": id, "event": event })));
        }
    }
    events
}

/// A form as it comes back: another app's, whose names nobody here knows.
fn view(more: &Value) -> Value {
    let input = json!({ "type": "plain_text_input", "action_id": "a", "dispatch_action_config": { "trigger_actions_on": ["on_enter_pressed"] } });
    let view = json!({
        "id": "V1", "team_id": "T1", "type": "modal", "callback_id": "another", "private_metadata": "", "hash": "1.a",
        "blocks": [{ "type": "input", "block_id": "b", "label": plain("Name"), "optional": false, "element": input }],
        "state": { "values": { "b": { "a": { "type": "plain_text_input", "value": "x" } } } }, "title": plain("Form"),
        "submit": plain("Send"), "close": plain("Cancel"), "clear_on_close": false, "notify_on_close": false,
        "root_view_id": "V1", "app_id": "A1", "external_id": "", "app_installed_team_id": "T1", "bot_id": "B1",
    });
    let mut view = with(&view, more);
    view["previous_view_id"] = Value::Null;
    view
}

/// What people do, by the name under which Bolt knows it.
fn acts() -> Vec<(&'static str, Value)> {
    let button = json!({ "type": "button", "action_id": "a", "block_id": "b", "text": plain("Go"), "value": "1", "action_ts": "1.1" });
    let time = json!({ "type": "timepicker", "action_id": "t", "block_id": "b", "selected_time": "09:00", "action_ts": "1.1" });
    let pressed = |action: &Value| json!({ "type": "block_actions", "actions": [action], "response_url": "https://hooks.slack.com/actions/T1/1/x" });
    let container =
        json!({ "type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": true });
    let menu = json!({ "name": "channels", "type": "select", "selected_options": [{ "value": "C1" }] });
    let attachment = json!({ "callback_id": "pick", "text": "Choose", "id": 1, "color": "2b72cb", "actions": [{ "id": "1", "name": "channels",
                             "text": "Channel", "type": "select", "data_source": "channels" }], "fallback": "Choose" });
    let original = json!({ "type": "message", "subtype": "bot_message", "text": "", "username": "other", "ts": "1.1", "attachments": [attachment] });
    let shared = json!({ "type": "message", "text": "stage=Launched", "user": "U2", "ts": "1.1", "team": "T1", "blocks": rich_text(),
                         "attachments": [{ "id": 1, "blocks": "odd" }], "files": [file()], "metadata": { "event_type": "e" } });
    let step =
        json!({ "workflow_id": "w", "step_id": "s", "inputs": { "name": { "value": "x" } }, "outputs": [] });
    let url = json!([{ "block_id": "b", "action_id": "a", "channel_id": "C1", "response_url": "https://hooks.slack.com/app/T1/1/x" }]);
    let dialog =
        |kind: &str| json!({ "type": kind, "callback_id": "d", "state": "kept", "action_ts": "1.1" });
    vec![
        ("is_block_actions", with(&pressed(&button), &json!({ "container": container }))),
        ("is_block_actions", pressed(&button)),
        (
            "is_block_actions",
            with(
                &pressed(&time),
                &json!({ "view": view(&json!({})), "container": { "type": "view", "view_id": "V1" },
                                                            "response_url": null }),
            ),
        ),
        (
            "is_block_suggestion",
            json!({ "type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "sea",
                                        "container": { "type": "view", "view_id": "V1" }, "view": view(&json!({})) }),
        ),
        (
            "is_attachment_action",
            json!({ "type": "interactive_message", "actions": [menu], "callback_id": "pick", "attachment_id": "1",
                                         "is_app_unfurl": true, "original_message": original, "action_ts": "1.1", "message_ts": "1.1" }),
        ),
        (
            "is_dialog_submission",
            with(&dialog("dialog_submission"), &json!({ "submission": { "from": "x", "kind": null } })),
        ),
        (
            "is_dialog_suggestion",
            with(&dialog("dialog_suggestion"), &json!({ "name": "kinds", "value": "sea" })),
        ),
        ("is_dialog_cancellation", dialog("dialog_cancellation")),
        ("is_global_shortcut", json!({ "type": "shortcut", "callback_id": "global", "action_ts": "1.1" })),
        (
            "is_message_shortcut",
            json!({ "type": "message_action", "callback_id": "another", "message_ts": "1.1", "message": shared }),
        ),
        (
            "is_view_submission",
            json!({ "type": "view_submission", "view": view(&json!({})), "response_urls": [] }),
        ),
        (
            "is_view_submission",
            json!({ "type": "view_submission", "view": view(&json!({ "blocks": [], "state": {}, "hash": null })),
                                       "response_urls": url }),
        ),
        (
            "is_view_closed",
            json!({ "type": "view_closed", "view": view(&json!({ "state": { "values": {} } })), "is_cleared": false }),
        ),
        (
            "is_workflow_step_edit",
            json!({ "type": "workflow_step_edit", "callback_id": "copy", "workflow_step": step }),
        ),
        (
            "is_workflow_step_save",
            json!({ "type": "view_submission", "workflow_step": { "workflow_step_edit_id": "e" },
                                          "view": view(&json!({ "type": "workflow_step", "submit_disabled": false })) }),
        ),
    ]
}

/// Who does it: somebody of a workspace, of an organisation, of another's, and nobody known.
fn actors() -> Vec<Value> {
    let user = json!({ "id": "W1", "username": "robin", "name": "robin", "team_id": "T1" });
    let mut org =
        json!({ "user": user, "enterprise": { "id": "E1", "name": "Org" }, "is_enterprise_install": true });
    org["team"] = Value::Null;
    vec![
        json!({ "user": user, "team": { "id": "T1", "domain": "tests" } }),
        json!({ "user": user, "team": { "id": "T1", "domain": "tests", "enterprise_id": "E1", "enterprise_name": "Org" } }),
        org,
        json!({ "user": { "id": "W1" } }),
    ]
}

/// What people do, each done by each.
pub(crate) fn interactions() -> Vec<(&'static str, Value)> {
    let sent = json!({ "token": "legacy", "api_app_id": "A1", "trigger_id": "1.2.x", "channel": { "id": "C1", "name": "deals" } });
    let mut interactions = Vec::new();
    for (kind, act) in acts() {
        for actor in actors() {
            let mut payload = with(&sent, &act);
            payload.as_object_mut().unwrap().extend(actor.as_object().unwrap().clone());
            interactions.push((kind, payload));
        }
    }
    interactions
}

/// The places of everything in a value, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        _ => return,
    };
    for (key, value) in inner {
        let place = format!("{here}/{key}");
        places(value, &place, found);
        found.push(place);
    }
}

/// A payload with something of another kind at each place in turn.
fn damaged(payload: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    places(payload, "", &mut all);
    let of = |place: &String| {
        [json!(null), json!(-7), json!(""), json!([]), json!({ "x": [null] })].map(|odd| {
            let mut payload = payload.clone();
            *payload.pointer_mut(place).unwrap() = odd;
            payload
        })
    };
    all.iter().flat_map(of).collect()
}

#[track_caller]
fn is_taken_in_silence(reply: &Reply, payload: &Value) {
    assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0), "{payload}");
}

#[tokio::test]
async fn no_payload_that_exists_is_refused() {
    let bot = Bot::start().await;
    for (_, payload) in interactions() {
        is_taken_in_silence(&bot.interacts(&payload).await, &payload);
    }
    for payload in events() {
        is_taken_in_silence(&bot.event(&payload).await, &payload);
    }
    for payload in [
        json!({ "type": "app_rate_limited", "minute_rate_limited": 1, "team_id": "T1", "api_app_id": "A1" }),
        json!({ "type": "of_tomorrow" }),
    ] {
        is_taken_in_silence(&bot.event(&payload).await, &payload);
        is_taken_in_silence(&bot.interacts(&payload).await, &payload);
    }
    assert!(bot.slack.sent().is_empty(), "{:?}", bot.slack.sent());
}

#[tokio::test]
async fn no_damage_is_answered_with_an_error() {
    let bot = Bot::start().await;
    let mut acts = acts();
    // What the bot acts on, above all.
    for (_, act) in &mut acts {
        let own = match act["type"].as_str().unwrap() {
            "message_action" => json!({ "callback_id": "check_message" }),
            "view_submission" => json!({ "view": view(&json!({ "callback_id": "check_form" })) }),
            _ => json!({}),
        };
        *act = with(act, &own);
    }
    for (_, act) in &acts {
        for payload in damaged(&with(act, &actors()[1])) {
            let reply = bot.interacts(&payload).await;
            let is_errors =
                reply.body.starts_with(br#"{"errors""#) || reply.body.starts_with(br#"{"response_action""#);
            assert!(
                reply.status == StatusCode::OK && (reply.body.is_empty() || is_errors),
                "{payload}: {reply:?}"
            );
        }
    }
    for event in happenings() {
        let whole = json!({ "type": "event_callback", "team_id": "T1", "event_id": "Ev", "event": event,
                            "authorizations": [{ "enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": false }] });
        for payload in damaged(&whole) {
            is_taken_in_silence(&bot.event(&payload).await, &payload);
        }
    }
}

#[tokio::test]
async fn the_payloads_are_ones_that_slacks_own_framework_knows() {
    let events = events().into_iter().map(|payload| ("is_event", payload));
    let mut payloads: Vec<_> = events.chain(interactions()).collect();
    let control = json!({ "type": "view_closed" });
    payloads.push(("is_block_actions", control.clone()));
    let payloads: Value =
        payloads.into_iter().map(|(kind, payload)| json!({ "kind": kind, "payload": payload })).collect();
    let Some(unknown) = official::python("kinds.py", &payloads).await else { return };
    assert_eq!(unknown, json!([{ "kind": "is_block_actions", "payload": control }]));
}
