//! What Slack sends, read as it comes: whatever is missing, null or of another kind than expected is empty.
//!
//! The client library's types refuse a quarter of the payloads that Slack's own libraries are tested with, so nothing
//! here can fail once a body is a form or JSON.

use crate::app::{Caller, FileAsked, FormMemory};
use crate::checks::{FILE_BYTES_MAX, FILES_BYTES_MAX};
use crate::commands::{self, Asked};
use crate::memory::Tenant;
use crate::slack::{DELIVERY_EVENT, Posted};
use crate::tracking::{Preferences, PreferencesMemory, SharedFile, SnoozeMemory};
use crate::views::block::INPUT_UNITS_MAX;
use crate::views::form::{self, FIELD, field};
use crate::views::text::as_shown;
use crate::views::{settings, tracked};
use podcheck_core::{calendar, say};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use url::{Url, form_urlencoded};

/// A slash command.
#[derive(Debug, Default)]
pub(super) struct Slash {
    /// Who asks.
    pub caller: Caller,
    /// What opens a form.
    pub trigger_id: String,
    /// The words behind the command.
    pub text: String,
    /// Slack only looks whether somebody is there.
    pub is_probe: bool,
}

/// Something pressed, sent or chosen.
#[derive(Debug)]
pub(super) struct Interaction {
    /// Who did it.
    pub caller: Caller,
    /// What opens a form.
    pub trigger_id: String,
    /// What was done.
    pub act: Act,
}

/// What was done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A button was pressed or a menu chosen from.
    Pressed { action: String, value: String, block: String },
    /// The form of a channel's settings was sent.
    Settings(PreferencesMemory, Result<Preferences, (&'static str, String)>),
    /// The form for a day to be quiet until was sent.
    Snooze(SnoozeMemory, String),
    /// The form was sent.
    Sent(Sent),
    /// The shortcut of a message was chosen.
    Message { callback: String, text: String, files: Vec<FileAsked> },
    /// Something that the bot does not act on.
    Other(String),
}

/// A form as it was sent, or what is wrong with it: the field and a sentence.
pub(super) type Sent = Result<(Asked, Vec<FileAsked>), (&'static str, String)>;

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Slack asks whether this address is ours: the answer.
    Challenge(String),
    /// Somebody opened the bot's home page.
    HomeOpened { tenant: Tenant, id: String, user: String },
    /// Somebody shared a file.
    FileShared { id: String, shared: SharedFile },
    /// A message of the bot's own stands in a conversation.
    Arrived { tenant: Tenant, delivery_id: String, posted: Posted },
    /// The bot was removed, at this moment.
    Uninstalled { tenant: Tenant, at: Option<i64> },
    /// The bot's tokens were taken back, at this moment.
    TokensRevoked { tenant: Tenant, at: Option<i64> },
    /// Something that the bot does not act on.
    Other { tenant: Tenant, id: String, kind: String },
}

/// The text at a place; empty where there is none.
fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list_at<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn first_of<'v>(value: &'v Value, pointers: &[&str]) -> &'v str {
    pointers.iter().map(|pointer| text_at(value, pointer)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Reads the form of a slash command.
pub(super) fn slash(body: &[u8]) -> Slash {
    let fields: HashMap<_, _> = form_urlencoded::parse(body).collect();
    slash_of(|name| fields.get(name).map(|value| value.as_ref()).unwrap_or_default())
}

/// Reads the JSON of a slash command: the form's fields by the same names.
pub(super) fn slash_json(payload: &Value) -> Slash {
    slash_of(|name| payload.get(name).and_then(Value::as_str).unwrap_or_default())
}

fn slash_of<'f>(field: impl Fn(&str) -> &'f str) -> Slash {
    Slash {
        caller: Caller {
            tenant: Tenant {
                enterprise: field("enterprise_id").to_owned(),
                team: field("team_id").to_owned(),
            },
            user: field("user_id").to_owned(),
            user_name: field("user_name").to_owned(),
            channel: field("channel_id").to_owned(),
            message_ts: String::new(),
            response_url: Url::parse(field("response_url")).ok(),
        },
        trigger_id: field("trigger_id").to_owned(),
        text: as_shown(field("text")),
        is_probe: field("ssl_check") == "1",
    }
}

/// Reads the form that holds the payload of an interaction; none where there is no JSON in it.
pub(super) fn payload(body: &[u8]) -> Option<Value> {
    let (_, payload) = form_urlencoded::parse(body).find(|(name, _)| name == "payload")?;
    serde_json::from_str(&payload).ok()
}

/// Reads the payload of an interaction.
pub(super) fn interaction(payload: &Value) -> Interaction {
    let mut caller = Caller {
        tenant: acting_in(payload),
        user: text_at(payload, "/user/id").to_owned(),
        user_name: first_of(payload, &["/user/name", "/user/username"]).to_owned(),
        channel: first_of(payload, &["/channel/id", "/container/channel_id"]).to_owned(),
        message_ts: shown_to_all(payload).to_owned(),
        response_url: Url::parse(first_of(payload, &["/response_url", "/response_urls/0/response_url"])).ok(),
    };
    let callback = first_of(payload, &["/callback_id", "/view/callback_id"]);
    let act = match text_at(payload, "/type") {
        "block_actions" => {
            // A button in the form of a channel's settings is about that channel.
            if callback == settings::CALLBACK
                && let Ok(memory) = memory_of::<PreferencesMemory>(payload)
            {
                (caller.channel, caller.response_url) = (memory.channel, memory.response_url);
            }
            pressed(payload)
        }
        "message_action" => Act::Message {
            callback: callback.to_owned(),
            text: as_shown(text_at(payload, "/message/text")),
            files: files(list_at(payload, "/message/files")),
        },
        "view_submission" if callback == form::CALLBACK => {
            let memory = FormMemory::read(text_at(payload, "/view/private_metadata"));
            caller.response_url = caller.response_url.or(memory.response_url);
            caller.channel = memory.channel;
            Act::Sent(sent(payload))
        }
        "view_submission" if callback == settings::CALLBACK => match memory_of(payload) {
            Ok(memory) => Act::Settings(memory, Preferences::read(|name| chosen(payload, name))),
            Err(_) => Act::Other(callback.to_owned()),
        },
        "view_submission" if callback == tracked::SNOOZE_FORM => {
            let day = chosen(payload, tracked::SNOOZE_DAY).into_iter().next().unwrap_or_default();
            match memory_of(payload) {
                Ok(memory) => Act::Snooze(memory, day),
                Err(_) => Act::Other(callback.to_owned()),
            }
        }
        other => Act::Other(other.to_owned()),
    };
    Interaction { caller, trigger_id: text_at(payload, "/trigger_id").to_owned(), act }
}

fn tenant(payload: &Value, teams: &[&str], enterprises: &[&str]) -> Tenant {
    Tenant {
        enterprise: first_of(payload, enterprises).to_owned(),
        team: first_of(payload, teams).to_owned(),
    }
}

fn pressed(payload: &Value) -> Act {
    let value = first_of(
        payload,
        &["/actions/0/value", "/actions/0/selected_option/value", "/actions/0/selected_user"],
    );
    Act::Pressed {
        action: text_at(payload, "/actions/0/action_id").to_owned(),
        value: value.to_owned(),
        block: text_at(payload, "/actions/0/block_id").to_owned(),
    }
}

/// The message in which something was pressed, where it is not one person's alone.
fn shown_to_all(payload: &Value) -> &str {
    let is_ephemeral = payload.pointer("/container/is_ephemeral").and_then(Value::as_bool);
    if is_ephemeral == Some(true) { "" } else { text_at(payload, "/container/message_ts") }
}

/// What a form was told to remember.
fn memory_of<M: DeserializeOwned>(payload: &Value) -> Result<M, serde_json::Error> {
    serde_json::from_str(text_at(payload, "/view/private_metadata"))
}

/// What was typed, ticked or chosen in a field of a form.
fn chosen(payload: &Value, name: &str) -> Vec<String> {
    let at = |what: &str| format!("/view/state/values/{name}/{FIELD}/{what}");
    let one = ["value", "selected_option/value", "selected_time", "selected_date"];
    let one = one.map(|what| text_at(payload, &at(what))).into_iter().filter(|text| !text.is_empty());
    let options = list_at(payload, &at("selected_options")).iter().map(|option| text_at(option, "/value"));
    let people = list_at(payload, &at("selected_users")).iter().filter_map(Value::as_str);
    one.chain(options).chain(people).map(str::to_owned).collect()
}

fn files(files: &[Value]) -> Vec<FileAsked> {
    let file = |file: &Value| FileAsked {
        id: text_at(file, "/id").to_owned(),
        name: first_of(file, &["/name", "/title", "/id"]).to_owned(),
        url: Url::parse(first_of(file, &["/url_private_download", "/url_private"])).ok(),
        bytes: file
            .get("size")
            .and_then(Value::as_u64)
            .map_or(0, |size| usize::try_from(size).unwrap_or(usize::MAX)),
    };
    files.iter().take(form::FILES_MAX).map(file).filter(|file| !file.id.is_empty()).collect()
}

/// A paste and its continuation. A field that is full cut it wherever that was; one that is not ended with a line.
fn joined(first: &str, continued: &str) -> String {
    let is_full = first.encode_utf16().count() >= INPUT_UNITS_MAX;
    let needs_break = !first.is_empty() && !continued.is_empty() && !is_full && !first.ends_with('\n');
    format!("{first}{}{continued}", if needs_break { "\n" } else { "" })
}

/// What is wrong with the size of files, as far as it is told; the form stays open then, with all that was typed.
fn too_large(files: &[FileAsked]) -> Option<String> {
    const READ: &str =
        "10 MB a file and 20 MB together are read. The terminal program reads more: podcheck check.";
    if let Some(file) = files.iter().find(|file| file.bytes > FILE_BYTES_MAX) {
        return Some(format!("The file {} is too large: {READ}", say::quoted(&file.name)));
    }
    let together = files.iter().fold(0, |sum: usize, file| sum.saturating_add(file.bytes));
    (together > FILES_BYTES_MAX).then(|| format!("The files are too large together: {READ}"))
}

/// Reads the fields of the form.
fn sent(payload: &Value) -> Sent {
    let at = |name: &str, what: &str| format!("/view/state/values/{name}/{FIELD}/{what}");
    // What is typed into a form comes as it was typed, without escapes.
    let typed =
        |name: &str| Some(text_at(payload, &at(name, "value"))).filter(|text| !text.trim().is_empty());
    let typed = |name: &str| typed(name).unwrap_or_default();
    let opportunities = joined(typed(field::OPPORTUNITIES), typed(field::CONTINUED));
    let pasted = [
        ("pasted opportunities", opportunities.as_str()),
        ("pasted spend", typed(field::SPEND)),
        ("pasted End User Reporting", typed(field::EUR)),
    ];
    let documents = pasted.iter().filter(|(_, text)| !text.is_empty());
    let documents: Vec<_> =
        documents.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    let files = files(list_at(payload, &at(field::FILES, "files")));
    if documents.is_empty() && files.is_empty() {
        return Err((field::OPPORTUNITIES, "Paste something here, or choose a file.".to_owned()));
    }
    if let Some(sentence) = too_large(&files) {
        return Err((field::FILES, sentence));
    }
    let supplements = commands::stated(typed(field::STATED)).map_err(|sentence| (field::STATED, sentence))?;
    let as_of = match text_at(payload, &at(field::AS_OF, "selected_date")) {
        "" => None,
        day => Some(calendar::iso_day(day).ok_or_else(|| (field::AS_OF, commands::not_a_day(day)))?),
    };
    Ok((Asked { documents, supplements, as_of }, files))
}

/// Reads an event.
pub(super) fn event(payload: &Value) -> Event {
    let kind = text_at(payload, "/type");
    if kind == "url_verification" {
        return Event::Challenge(text_at(payload, "/challenge").to_owned());
    }
    let tenant = receiver(payload);
    let id = text_at(payload, "/event_id").to_owned();
    let inner = text_at(payload, "/event/type");
    let at = payload.get("event_time").and_then(Value::as_i64);
    match inner {
        "app_uninstalled" => return Event::Uninstalled { tenant: leaver(payload, tenant), at },
        "tokens_revoked" if !list_at(payload, "/event/tokens/bot").is_empty() => {
            return Event::TokensRevoked { tenant: leaver(payload, tenant), at };
        }
        _ => {}
    }
    if inner == "app_home_opened" && text_at(payload, "/event/tab") == "home" {
        return Event::HomeOpened { tenant, id, user: text_at(payload, "/event/user").to_owned() };
    }
    if inner == "file_shared" {
        let at = |pointers: &[&str]| first_of(payload, pointers).to_owned();
        let shared = SharedFile {
            tenant,
            channel: at(&["/event/channel_id"]),
            user: at(&["/event/user_id"]),
            file: at(&["/event/file_id", "/event/file/id"]),
        };
        return Event::FileShared { id, shared };
    }
    // Any app may write such words; only what this one wrote counts.
    let is_own = text_at(payload, "/event/app_id") == text_at(payload, "/api_app_id");
    let is_delivery = text_at(payload, "/event/metadata/event_type") == DELIVERY_EVENT;
    if inner == "message_metadata_posted" && is_own && is_delivery {
        let posted = Posted {
            channel: text_at(payload, "/event/channel_id").to_owned(),
            ts: text_at(payload, "/event/message_ts").to_owned(),
        };
        let delivery_id = text_at(payload, "/event/metadata/event_payload/delivery_id").to_owned();
        if !posted.ts.is_empty() {
            return Event::Arrived { tenant, delivery_id, posted };
        }
    }
    Event::Other { tenant, id, kind: if inner.is_empty() { kind } else { inner }.to_owned() }
}

/// Where somebody acts: a form that was opened in a channel that several organisations share comes with the sender's
/// workspace, and names beside it the one in which the bot is installed.
fn acting_in(payload: &Value) -> Tenant {
    let sender = tenant(
        payload,
        &["/team/id", "/user/team_id", "/view/team_id"],
        &["/enterprise/id", "/team/enterprise_id"],
    );
    // Where an organisation installed it, that is the organisation's id, and the sender's workspace says more.
    match text_at(payload, "/view/app_installed_team_id") {
        team if team.starts_with('T') && team != sender.team => {
            Tenant { enterprise: String::new(), team: team.to_owned() }
        }
        _ => sender,
    }
}

/// To whom an event is delivered: in a channel that several organisations share, that is not where it happened.
fn receiver(payload: &Value) -> Tenant {
    let happened = tenant(payload, &["/team_id", "/event/view/team_id"], &["/enterprise_id"]);
    let installed = tenant(payload, &["/authorizations/0/team_id"], &["/authorizations/0/enterprise_id"]);
    if installed == Tenant::default() {
        return happened;
    }
    // One that a whole organisation installed is told in which of its workspaces.
    let is_inside = installed.team.is_empty() && installed.enterprise == happened.enterprise;
    if is_inside { Tenant { team: happened.team, ..installed } } else { installed }
}

/// Who goes: where a whole organisation does, a workspace may be named beside it.
fn leaver(payload: &Value, tenant: Tenant) -> Tenant {
    let is_whole = payload.pointer("/authorizations/0/is_enterprise_install").and_then(Value::as_bool);
    let is_whole = is_whole.unwrap_or_default() && !tenant.enterprise.is_empty();
    if is_whole { Tenant { team: String::new(), ..tenant } } else { tenant }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn whatever_is_missing_is_empty() {
        assert!(slash(b"").caller.response_url.is_none());
        assert!(slash(b"ssl_check=1&token=x").is_probe);
        assert_eq!(payload(b"payload=nonsense"), None);
        assert_eq!(payload(b"other=1"), None);
        for payload in [
            json!(null),
            json!([]),
            json!({ "type": 1 }),
            json!({ "type": "block_actions", "actions": null }),
        ] {
            let _ = (interaction(&payload), event(&payload));
        }
        let organisation = json!({ "type": "block_actions", "team": null, "enterprise": { "id": "E1" }, "user": { "id": "U1" } });
        let tenant = interaction(&organisation).caller.tenant;
        assert_eq!((&*tenant.enterprise, &*tenant.team), ("E1", ""));
    }

    #[test]
    fn who_goes_is_a_workspace_or_a_whole_organisation() {
        let of = |mut payload: Value| {
            payload["type"] = json!("event_callback");
            payload["event"] = json!({ "type": "app_uninstalled" });
            match event(&payload) {
                Event::Uninstalled { tenant, at } => (tenant.enterprise, tenant.team, at),
                event => panic!("{event:?}"),
            }
        };
        let told = |enterprise: &str, team: &str, at| (enterprise.to_owned(), team.to_owned(), at);
        let workspace = json!({ "team_id": "T1", "enterprise_id": "E1", "event_time": 7 });
        assert_eq!(of(workspace), told("E1", "T1", Some(7)));
        assert_eq!(of(json!({ "enterprise_id": "E1" })), told("E1", "", None));
        let one = json!({ "enterprise_id": "E1", "team_id": null, "is_enterprise_install": true });
        assert_eq!(of(json!({ "authorizations": [one] })), told("E1", "", None));
        let whole = json!({ "team_id": "T1", "enterprise_id": "E1", "authorizations": [one] });
        assert_eq!(of(whole), told("E1", "", None));
    }

    #[test]
    fn in_a_shared_channel_the_workspace_that_installed_the_bot_counts() {
        let tenant_of = |happened: (&str, &str), authorization: Value| {
            let payload = json!({ "type": "event_callback", "event_id": "Ev1", "enterprise_id": happened.0,
                "team_id": happened.1, "authorizations": authorization, "event": { "type": "file_shared" } });
            match event(&payload) {
                Event::FileShared { shared, .. } => (shared.tenant.enterprise, shared.tenant.team),
                event => panic!("{event:?}"),
            }
        };
        let whose = |enterprise: &str, team: &str| (enterprise.to_owned(), team.to_owned());
        let workspace = json!([{ "enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": false }]);
        assert_eq!(tenant_of(("E2", "T2"), workspace), whose("E1", "T1"));
        let alone = json!([{ "enterprise_id": null, "team_id": "T1" }]);
        assert_eq!(tenant_of(("E2", "T2"), alone), whose("", "T1"));
        let organisation = json!([{ "enterprise_id": "E1", "team_id": null, "is_enterprise_install": true }]);
        assert_eq!(tenant_of(("E1", "T3"), organisation.clone()), whose("E1", "T3"));
        for stranger in [("E2", "T2"), ("", "T2")] {
            assert_eq!(tenant_of(stranger, organisation.clone()), whose("E1", ""));
        }
        assert_eq!(tenant_of(("E1", "T1"), json!([])), whose("E1", "T1"));
    }

    #[test]
    fn a_form_from_another_workspace_belongs_to_the_one_that_installed_the_bot() {
        let tenant_of = |installed: Value| {
            let view = json!({ "callback_id": "check_form", "app_installed_team_id": installed });
            let tenant = interaction(&json!({ "type": "view_submission", "view": view,
                "team": { "id": "T2", "enterprise_id": "E2" } }))
            .caller
            .tenant;
            (tenant.enterprise, tenant.team)
        };
        assert_eq!(tenant_of(json!("T1")), (String::new(), "T1".to_owned()));
        for same in [json!("T2"), json!("E2"), json!(null)] {
            assert_eq!(tenant_of(same), ("E2".to_owned(), "T2".to_owned()));
        }
    }

    #[test]
    fn only_a_bots_tokens_are_the_bots() {
        let of = |tokens: Value| {
            event(
                &json!({ "type": "event_callback", "team_id": "T1", "event": { "type": "tokens_revoked", "tokens": tokens } }),
            )
        };
        assert!(matches!(of(json!({ "oauth": ["U1"], "bot": ["B1"] })), Event::TokensRevoked { .. }));
        for others in [json!({ "oauth": ["U1"] }), json!({ "oauth": ["U1"], "bot": [] }), json!(null)] {
            assert!(matches!(of(others), Event::Other { .. }));
        }
    }

    #[test]
    fn a_form_tells_which_field_is_wrong() {
        let of = |values: Value| {
            let payload = json!({ "type": "view_submission", "view": { "callback_id": "check_form", "state": { "values": values } } });
            match interaction(&payload).act {
                Act::Sent(sent) => sent,
                act => panic!("{act:?}"),
            }
        };
        assert_eq!(of(json!({})).unwrap_err().0, field::OPPORTUNITIES);
        let pasted = |more: Value| {
            let mut values = json!({ "opportunities": { "value": { "value": "stage=Launched" } } });
            values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            values
        };
        assert_eq!(
            of(pasted(json!({ "stated": { "value": { "value": "yes" } } }))).unwrap_err().0,
            field::STATED
        );
        assert_eq!(
            of(pasted(json!({ "as_of": { "value": { "selected_date": "x" } } }))).unwrap_err().0,
            field::AS_OF
        );
        let continued =
            of(pasted(json!({ "continued": { "value": { "value": "\nopportunity_id=O2" } } }))).unwrap();
        assert_eq!(continued.0.documents[0].1, b"stage=Launched\n\nopportunity_id=O2");
    }

    #[test]
    fn a_paste_goes_on_where_a_full_field_cut_it() {
        let full = "x".repeat(INPUT_UNITS_MAX);
        let anchors = "\u{2693}\u{1F6A2}".repeat(INPUT_UNITS_MAX / 3);
        for (first, continued, whole) in [
            (&*full, "y", format!("{full}y")),
            (&*anchors, "y", format!("{anchors}y")),
            (&full[1..], "y", format!("{}\ny", &full[1..])),
            ("x\n", "y", "x\ny".to_owned()),
            ("", "y", "y".to_owned()),
            ("x", "", "x".to_owned()),
        ] {
            assert_eq!(joined(first, continued), whole);
        }
    }

    #[test]
    fn files_that_are_too_large_are_told_while_the_form_is_open() {
        let sizes = |sizes: &[usize]| {
            let file = |(place, bytes): (usize, &usize)| FileAsked {
                id: format!("F{place}"),
                name: format!("{place}.csv"),
                url: None,
                bytes: *bytes,
            };
            too_large(&sizes.iter().enumerate().map(file).collect::<Vec<_>>())
        };
        assert_eq!(sizes(&[FILE_BYTES_MAX, FILES_BYTES_MAX - FILE_BYTES_MAX]), None);
        let one = "The file “1.csv” is too large: 10 MB a file and 20 MB together are read.";
        assert!(sizes(&[0, FILE_BYTES_MAX + 1]).unwrap().starts_with(one));
        assert!(sizes(&[0, usize::MAX]).unwrap().starts_with(one));
        let all = "The files are too large together: 10 MB a file and 20 MB together are read.";
        assert!(sizes(&[FILE_BYTES_MAX, FILE_BYTES_MAX, 1]).unwrap().starts_with(all));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (slash(&bytes), payload(&bytes));
            if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
                let _ = slash_json(&value);
                let _ = (interaction(&value), event(&value));
            }
        }
    }
}
