//! What is due, as a channel or a person is told it: how much, then the worst first, each with what to do by when.

use super::block::{Block, Message, Piece};
use super::settings;
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
/// So are the words for a screen reader: a message holds both.
const THREAD_ACTION_UNITS_MAX: usize = 80;
/// So many that are done are named.
const DONE_MAX: usize = 12;

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
    let opening = opening(digest, &lead(digest));
    let mut blocks = vec![Block::paragraph(opening.clone())];
    let opening: String = opening.iter().map(Piece::text).collect();
    for line in digest.lines.iter().take(ROWS_MAX) {
        blocks.push(Block::paragraph(told(line, ACTIONS_MAX, ACTION_UNITS_MAX)));
        blocks.push(line.buttons.clone());
    }
    let more = (digest.overdue + digest.soon).saturating_sub(digest.lines.len().min(ROWS_MAX));
    if more > 0 {
        blocks.push(Block::context(&and_more(more)));
    }
    let mut done = String::new();
    if !digest.done.is_empty() {
        let named: Vec<String> = digest.done.iter().take(DONE_MAX).map(|name| short(name)).collect();
        let rest = digest.done.len() - named.len();
        let rest = if rest > 0 { format!(", and {rest} more") } else { String::new() };
        done = format!("Taken care of: {}{rest}.", named.join(", "));
        blocks.push(Block::context(&done));
    }
    Message::new(&aloud(&opening, &digest.lines, more, &done), blocks)
}

/// The same for a screen reader and a notification: the first thing to do of each.
fn aloud(opening: &str, lines: &[Line], more: usize, done: &str) -> String {
    let mut text = opening.to_owned();
    for line in lines.iter().take(ROWS_MAX) {
        let overdue = if line.is_overdue { ", overdue" } else { "" };
        text.push_str(&format!("\n• {}{overdue}", short(&line.name)));
        if let Some(action) = line.actions.first() {
            let first = format!("{}{}", words::by(action.due), action.text);
            text.push_str(&format!(". {}", clipped(&one_line(&first), THREAD_ACTION_UNITS_MAX)));
        }
    }
    if more > 0 {
        text.push_str(&format!("\n{}", and_more(more)));
    }
    if !done.is_empty() {
        text.push_str(&format!("\n{done}"));
    }
    text
}

fn and_more(more: usize) -> String {
    format!("And {} more: /pod-check list shows all.", say::number(more as i64))
}

/// The thread tells those that the digest has no room for, and more of those of which it told a part.
const REST: &str = "More of what is due";

fn short(name: &str) -> String {
    clipped(&one_line(name), NAME_UNITS_MAX)
}

/// The rest of a digest and all that is to be done of it, without buttons: below the digest.
pub fn thread(lines: &[Line], more: usize) -> Message {
    let item = |line: &Line| told(line, THREAD_ACTIONS_MAX, THREAD_ACTION_UNITS_MAX);
    let items = lines.iter().take(THREAD_ROWS_MAX).map(item).collect();
    let more = more + lines.len().saturating_sub(THREAD_ROWS_MAX);
    let mut blocks = vec![Block::list(REST, items)];
    if more > 0 {
        blocks.push(Block::context(&and_more(more)));
    }
    // A message holds both, and has room for the words of so many.
    let unsaid = lines.len().min(THREAD_ROWS_MAX).saturating_sub(ROWS_MAX);
    Message::new(&aloud(REST, lines, more + unsaid, ""), blocks)
}

/// Why a channel is reminded no more, for whoever can mend it.
pub fn paused(channel: &str, code: &str) -> Message {
    let why = settings::why_paused(code);
    let pieces = [
        Piece::bold("Reminders are paused in "),
        Piece::channel(channel),
        Piece::plain(&format!(". {why} {}", settings::GO_ON)),
    ];
    let text = format!("Reminders are paused in a channel. {why} {}", settings::GO_ON);
    Message::new(&text, vec![Block::paragraph(pieces)])
}

fn lead(digest: &Digest<'_>) -> String {
    let day = say::day(digest.day);
    let all = digest.overdue + digest.soon;
    match (digest.overdue, digest.soon) {
        (0, 0) if digest.done.is_empty() => format!("Nothing is due on {day}."),
        (0, 0) => format!("All that was due on {day} is taken care of."),
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
            Piece::bold("This is a test of the reminders. "),
            Piece::plain(lead),
            Piece::plain(" The reminder of the day comes at its own time."),
        ],
        Whose::Persons(channel) => {
            vec![
                Piece::bold(lead),
                Piece::plain(" These are yours in "),
                Piece::channel(channel),
                Piece::plain("."),
            ]
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
        pieces.push(Piece::plain(&format!("\nAnd {more} more.")));
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
            (0, 0, &["Deal"], "All that was due on 23 Nov 2026 is taken care of."),
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
