//! The Slack app manifest: what a workspace agrees to when it adds the bot, for a given address or for Socket Mode.

use crate::slack::DELIVERY_EVENT;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use url::Url;

/// What the bot asks for, and no more: it reads no conversation.
///
/// `commands` for `/pod-check` and the shortcut, `chat:write` to answer a form in a direct message, `files:read` for
/// files that are handed to it, `files:write` and `im:write` for calendar files in a direct message,
/// `metadata.message:read` to hear of its own messages when Slack's answer was lost, `users:read` for the time zone in
/// which a channel is reminded.
pub const SCOPES: [&str; 7] = [
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:write",
    "metadata.message:read",
    "users:read",
];

/// The events that the bot takes.
pub const EVENTS: [&str; 5] =
    ["app_home_opened", "app_uninstalled", "file_shared", "message_metadata_posted", "tokens_revoked"];

/// The id of the message shortcut.
pub const CHECK_MESSAGE: &str = "check_message";

/// How Slack reaches the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// At this address.
    At(String),
    /// At this address, from which any workspace and organisation installs it.
    Distributed(String),
    /// By a connection that the bot opens itself.
    BySocket,
}

/// The manifest of a bot that Slack reaches so.
///
/// # Errors
/// When Slack could not reach it there.
pub fn of(reached: &Reached) -> Result<Value> {
    match reached {
        Reached::At(url) => at(url),
        Reached::Distributed(url) => {
            let mut manifest = at(url)?;
            manifest["settings"]["org_deploy_enabled"] = json!(true);
            // Slack cannot turn it off again, and a token that stands in the settings would end with it: for an app of
            // one workspace it stays off.
            manifest["settings"]["token_rotation_enabled"] = json!(true);
            Ok(manifest)
        }
        Reached::BySocket => {
            // The same app, without its addresses.
            let mut manifest = at("https://localhost")?;
            for (place, address) in ADDRESSES {
                manifest.pointer_mut(place).and_then(Value::as_object_mut).map(|part| part.remove(address));
            }
            manifest["settings"]["socket_mode_enabled"] = json!(true);
            Ok(manifest)
        }
    }
}

/// Where the manifest holds an address.
const ADDRESSES: [(&str, &str); 4] = [
    ("/oauth_config", "redirect_urls"),
    ("/features/slash_commands/0", "url"),
    ("/settings/event_subscriptions", "request_url"),
    ("/settings/interactivity", "request_url"),
];

fn at(url: &str) -> Result<Value> {
    let base = match Url::parse(url.trim_end_matches('/')) {
        Ok(base) if base.scheme() == "https" && base.has_host() && base.query().is_none() => base,
        _ => bail!("{url:?} is no address that Slack can reach. Write it as https://pod-check.example.com."),
    };
    let at = |path: &str| format!("{}{path}", base.as_str().trim_end_matches('/'));
    Ok(json!({
        "_metadata": { "major_version": 2, "minor_version": 0 },
        "display_information": {
            "name": "pod-check",
            "description": "Says whether an AWS opportunity earns the Partner Originated Discount, and what to do by when",
            "long_description": "Paste an AWS opportunity, an ACE export or Partner Central JSON, with your spend and End \
                User Reporting tables beside it. pod-check answers for each opportunity: does it earn the Partner \
                Originated Discount, what stands in its way, and what to do by when. Every sentence names the rule it \
                comes from, and every rule its source. What it cannot tell, it says; it never guesses.",
            "background_color": "#1f4d3a",
        },
        "features": {
            "app_home": { "home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false },
            "bot_user": { "display_name": "pod-check", "always_online": true },
            "slash_commands": [{
                "command": "/pod-check",
                "url": at("/slack/commands"),
                "description": "Check an AWS opportunity for the Partner Originated Discount",
                "usage_hint": "[key=value … | track … | list | calendar | O1234567 | settings | explain POD009 | help]",
                "should_escape": false,
            }],
            "shortcuts": [{
                "name": "Check this opportunity",
                "type": "message",
                "callback_id": CHECK_MESSAGE,
                "description": "Checks the export, JSON or files of a message",
            }],
        },
        "oauth_config": { "redirect_urls": [at("/slack/oauth/callback")], "scopes": { "bot": SCOPES } },
        "settings": {
            "event_subscriptions": {
                "request_url": at("/slack/events"),
                "bot_events": EVENTS,
                // Its own id is not known before it is made; what others write is not counted.
                "metadata_subscriptions": [{ "app_id": "*", "event_type": DELIVERY_EVENT }],
            },
            "interactivity": { "is_enabled": true, "request_url": at("/slack/interactions") },
            "org_deploy_enabled": false,
            "socket_mode_enabled": false,
            "token_rotation_enabled": false,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_is_told_where_to_send_what() {
        let manifest = at("https://bot.example.com/pods/").unwrap();
        let told = |pointer| manifest.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        assert_eq!(told("/features/slash_commands/0/url"), "https://bot.example.com/pods/slack/commands");
        assert_eq!(
            told("/settings/event_subscriptions/request_url"),
            "https://bot.example.com/pods/slack/events"
        );
        assert_eq!(
            told("/settings/interactivity/request_url"),
            "https://bot.example.com/pods/slack/interactions"
        );
        assert_eq!(
            told("/oauth_config/redirect_urls/0"),
            "https://bot.example.com/pods/slack/oauth/callback"
        );
    }

    #[test]
    fn tokens_rotate_only_where_the_bot_renews_them() {
        let url = "https://bot.example.com".to_owned();
        for (reached, rotates) in
            [(Reached::Distributed(url.clone()), true), (Reached::At(url), false), (Reached::BySocket, false)]
        {
            let settings = &of(&reached).unwrap()["settings"];
            assert_eq!(settings["token_rotation_enabled"], rotates, "{reached:?}");
            assert_eq!(settings["org_deploy_enabled"], rotates, "{reached:?}");
        }
    }

    #[test]
    fn socket_mode_needs_no_address() {
        let manifest = of(&Reached::BySocket).unwrap();
        assert_eq!(manifest["settings"]["socket_mode_enabled"], true);
        assert!(!manifest.to_string().contains("http"), "{manifest:#}");
        let mut other = of(&Reached::At("https://bot.example.com".to_owned())).unwrap();
        assert_eq!(other["settings"]["socket_mode_enabled"], false);
        for (place, address) in ADDRESSES {
            assert!(other.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(address).is_some());
        }
        other["settings"]["socket_mode_enabled"] = json!(true);
        assert_eq!(manifest, other, "nothing else differs");
    }

    #[test]
    fn texts_are_within_slacks_limits() {
        let manifest = at("https://bot.example.com").unwrap();
        let units = |pointer| manifest.pointer(pointer).unwrap().as_str().unwrap().encode_utf16().count();
        assert!(units("/display_information/name") <= 35);
        assert!(units("/display_information/description") <= 140);
        assert!((175..=4_000).contains(&units("/display_information/long_description")));
        assert!(units("/features/shortcuts/0/name") <= 24);
        assert!(units("/features/shortcuts/0/description") <= 150);
        assert!(units("/features/slash_commands/0/description") <= 2_000);
    }

    #[test]
    fn the_bot_reads_no_conversation() {
        assert!(SCOPES.iter().all(|scope| !scope.contains("history")));
    }

    #[test]
    fn an_address_that_slack_cannot_reach_is_refused() {
        for url in ["http://bot.example.com", "bot.example.com", "https://", "https://x.example/?a=b"] {
            assert!(at(url).unwrap_err().to_string().contains("is no address"), "{url}");
        }
    }
}
