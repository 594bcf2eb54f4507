//! What is due, as a channel or a person is told it: how much, then the worst first, each with what to do by when.

use super::block::{Block, Message, Piece};
use super::text::{clipped, one_line};
use crate::words;
use chrono::NaiveDate;
use podcheck_core::report::Action;
use podcheck_core::say;

/// So many opportunities are told in one message: with their buttons two blocks each, far below Slack's fifty.
pub const ROWS_MAX: usize = 12;
/// So many are told in the thread below it.
pub const THREAD_ROWS_MAX: usize = 20;
/// So many things to do are told of each.
pub const ACTIONS_MAX: usize = 2;
/// The thread tells more.
const THREAD_ACTIONS_MAX: usize = 3;
/// A whole message stays below 10,000 units.
const ACTION_UNITS_MAX: usize = 160;
const NAME_UNITS_MAX: usize = 80;
const OWNER_UNITS_MAX: usize = 40;
const THREAD_ACTION_UNITS_MAX: usize = 80;
/// So many that are done are named.
const DONE_MAX: usize = 12;
/// So many are named in the notification.
const NOTIFIED_MAX: usize = 5;

/// How what is due is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'d> {
    /// To a channel.
    Channels,
    /// To a channel, because somebody wants to see it.
    Test,
    /// To one person, of what is theirs in a channel.
    Persons(&'d str),
}

/// How an owner is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Nobody is known.
    Nobody,
    /// By name; it calls nobody.
    Named(String),
    /// So that Slack calls them: their id.
    Called(String),
}

/// An opportunity with something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// What is to be done, the first first.
    pub actions: Vec<Action>,
    /// Whether it is late.
    pub is_overdue: bool,
    /// Whose it is.
    pub owner: Owner,
    /// What can be done about it with a press.
    pub buttons: Block,
}

/// All that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest<'d> {
    /// To whom.
    pub whose: Whose<'d>,
    /// The day on which it is so.
    pub day: NaiveDate,
    /// How many are late.
    pub overdue: usize,
    /// How many are due and not late.
    pub soon: usize,
    /// The worst, at most [`ROWS_MAX`].
    pub lines: Vec<Line>,
    /// The names of what was told before and is done.
    pub done: Vec<String>,
}

/// The message.
pub fn message(digest: &Digest<'_>) -> Message {
    let lead = lead(digest);
    let mut blocks = vec![Block::paragraph(opening(digest, &lead))];
    for line in digest.lines.iter().take(ROWS_MAX) {
        blocks.push(Block::paragraph(told(line, ACTIONS_MAX, ACTION_UNITS_MAX)));
        blocks.push(line.buttons.clone());
    }
    let more = (digest.overdue + digest.soon).saturating_sub(digest.lines.len().min(ROWS_MAX));
    if more > 0 {
        blocks.push(Block::context(&format!("And {more} more: /pod-check list shows all.")));
    }
    if !digest.done.is_empty() {
        let named: Vec<String> = digest.done.iter().take(DONE_MAX).map(|name| short(name)).collect();
        let rest = digest.done.len() - named.len();
        let rest = if rest > 0 { format!(", and {rest} more") } else { String::new() };
        blocks.push(Block::context(&format!("Done: {}{rest}", named.join(", "))));
    }
    let names: Vec<String> = digest.lines.iter().take(NOTIFIED_MAX).map(|line| short(&line.name)).collect();
    Message::new(&format!("{lead} {}", names.join(", ")), blocks)
}

fn short(name: &str) -> String {
    clipped(&one_line(name), NAME_UNITS_MAX)
}

/// The rest of a digest and all that is to be done of it, without buttons: below the digest.
pub fn thread(lines: &[Line], more: usize) -> Message {
    let item = |line: &Line| told(line, THREAD_ACTIONS_MAX, THREAD_ACTION_UNITS_MAX);
    let items = lines.iter().take(THREAD_ROWS_MAX).map(item).collect();
    let more = more + lines.len().saturating_sub(THREAD_ROWS_MAX);
    let mut blocks = vec![Block::list("The rest of what is due", items)];
    if more > 0 {
        blocks.push(Block::context(&format!("And {more} more: /pod-check list shows all.")));
    }
    Message::new("The rest of what is due", blocks)
}

/// Why a channel is reminded no more, for whoever can mend it.
pub fn paused(channel: &str, code: &str) -> Message {
    let why = match code {
        "is_archived" => "The channel is archived.",
        "not_in_channel" | "channel_not_found" => "pod-check is no member of the channel any more.",
        _ => "Slack does not let pod-check post in the channel.",
    };
    let remedy = "When that is mended, save the channel's settings with /pod-check settings there, and the reminders \
                  go on from their next day.";
    let pieces = [
        Piece::bold("Reminders are paused in "),
        Piece::channel(channel),
        Piece::plain(&format!(". {why} {remedy}")),
    ];
    Message::new(&format!("Reminders are paused in a channel. {why}"), vec![Block::paragraph(pieces)])
}

fn lead(digest: &Digest<'_>) -> String {
    let day = say::day(digest.day);
    let all = digest.overdue + digest.soon;
    match (digest.overdue, digest.soon) {
        (0, 0) if digest.done.is_empty() => format!("Nothing is due on {day}."),
        (0, 0) => format!("Everything is done that was due on {day}."),
        (overdue, 0) => format!("{} overdue on {day}.", say::opportunities(overdue)),
        (0, soon) => format!("{} due on {day} or soon after.", say::opportunities(soon)),
        (overdue, soon) => format!(
            "{} to look after on {day}: {overdue} overdue, {soon} due now or soon.",
            say::opportunities(all)
        ),
    }
}

fn opening(digest: &Digest<'_>, lead: &str) -> Vec<Piece> {
    match digest.whose {
        Whose::Channels => vec![Piece::bold(lead)],
        Whose::Test => vec![
            Piece::bold("A test of the reminders. "),
            Piece::plain(lead),
            Piece::plain(" The day's own digest comes as it is set."),
        ],
        Whose::Persons(channel) => {
            vec![Piece::bold(lead), Piece::plain(" Yours in "), Piece::channel(channel), Piece::plain(".")]
        }
    }
}

/// `Tern Logistics (O7001), overdue · Robin`, and what is to be done.
fn told(line: &Line, actions_max: usize, units_max: usize) -> Vec<Piece> {
    let mut pieces = vec![Piece::bold(&short(&line.name))];
    if line.is_overdue {
        pieces.push(Piece::plain(", overdue"));
    }
    match &line.owner {
        Owner::Nobody => {}
        Owner::Named(name) => {
            pieces.push(Piece::plain(" · "));
            pieces.push(Piece::cut(name, OWNER_UNITS_MAX));
        }
        Owner::Called(user) => {
            pieces.push(Piece::plain(" · "));
            pieces.push(Piece::person(user));
        }
    }
    for action in line.actions.iter().take(actions_max) {
        pieces.push(Piece::plain("\n"));
        pieces.push(Piece::cut(&format!("{}{}", words::by(action.due), action.text), units_max));
    }
    let more = line.actions.len().saturating_sub(actions_max);
    if more > 0 {
        pieces.push(Piece::plain(&format!("\nand {more} more")));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::report::ActionKind;
    use serde_json::Value;

    fn line(name: &str, text: &str, actions: usize, owner: Owner) -> Line {
        let action = Action {
            id: "UPD001".to_owned(),
            kind: ActionKind::Update,
            rule: "UPD001".to_owned(),
            due: "2026-11-15".parse().ok(),
            text: text.to_owned(),
        };
        let (actions, name) = (vec![action; actions], name.to_owned());
        Line { name, actions, is_overdue: true, owner, buttons: Block::Divider {} }
    }

    fn digest(overdue: usize, soon: usize, lines: Vec<Line>, done: &[&str]) -> Digest<'static> {
        let day = "2026-11-23".parse().unwrap();
        let done = done.iter().map(|name| (*name).to_owned()).collect();
        Digest { whose: Whose::Channels, day, overdue, soon, lines, done }
    }

    /// All text that a message shows.
    fn units(value: &Value) -> usize {
        match value {
            Value::Object(fields) => {
                let own =
                    fields.get("text").and_then(Value::as_str).map_or(0, |text| text.encode_utf16().count());
                own + fields.values().map(units).sum::<usize>()
            }
            Value::Array(items) => items.iter().map(units).sum(),
            _ => 0,
        }
    }

    #[test]
    fn the_longest_digest_is_within_what_slack_takes() {
        let (name, text) = ("n".repeat(500), "t".repeat(2_000));
        let lines: Vec<Line> = (0..ROWS_MAX + THREAD_ROWS_MAX)
            .map(|_| line(&name, &text, 9, Owner::Named(name.clone())))
            .collect();
        let done = vec![name.as_str(); 50];
        for message in [message(&digest(90_000, 9_000, lines.clone(), &done)), thread(&lines, 90_000)] {
            let message = serde_json::to_value(&message).unwrap();
            assert!(message["blocks"].as_array().unwrap().len() <= 40);
            assert!(units(&message) <= 10_000, "{}", units(&message));
        }
    }

    #[test]
    fn the_first_sentence_says_how_much() {
        for (overdue, soon, done, expect) in [
            (0, 0, &[][..], "Nothing is due on 23 Nov 2026."),
            (0, 0, &["Deal"], "Everything is done that was due on 23 Nov 2026."),
            (1, 0, &[], "1 opportunity overdue on 23 Nov 2026."),
            (0, 2, &[], "2 opportunities due on 23 Nov 2026 or soon after."),
            (1, 2, &[], "3 opportunities to look after on 23 Nov 2026: 1 overdue, 2 due now or soon."),
        ] {
            assert_eq!(lead(&digest(overdue, soon, Vec::new(), done)), expect);
        }
    }

    #[test]
    fn an_owner_is_called_by_an_element_and_a_name_calls_nobody() {
        let lines = vec![
            line("A", "x", 1, Owner::Called("U1".to_owned())),
            line("B", "x", 1, Owner::Named("<!channel> @here <@U2>".to_owned())),
        ];
        let message = serde_json::to_value(message(&digest(2, 0, lines, &[]))).unwrap().to_string();
        assert!(message.contains(r#"{"type":"user","user_id":"U1"}"#), "{message}");
        assert_eq!(message.matches(r#""type":"user""#).count(), 1);
        assert!(!message.contains("mrkdwn"), "{message}");
    }
}
