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
/// So many that are not due any more are named.
const GONE_MAX: usize = 12;

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

/// Why what was told before is told no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Nothing of it is due any more.
    Done,
    /// Somebody is quiet about it.
    Quiet,
    /// It is somebody else's now.
    HandedOver,
    /// The settings ask for it no more.
    Unasked,
}

const GONE: [(Gone, &str); 4] = [
    (Gone::Done, "Taken care of"),
    (Gone::Quiet, "Snoozed or stopped"),
    (Gone::HandedOver, "Handed over"),
    (Gone::Unasked, "No longer asked for here"),
];

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
    /// What was told before and is told no more: why, and its name.
    pub gone: Vec<(Gone, String)>,
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
    let gone = gone(&digest.gone);
    blocks.extend(gone.iter().map(|sentence| Block::context(sentence)));
    Message::new(&aloud(&opening, &digest.lines, more, &gone), blocks)
}

/// `Snoozed or stopped: Harbour migration (O7001).`, a sentence for each reason.
fn gone(gone: &[(Gone, String)]) -> Vec<String> {
    let mut room = GONE_MAX;
    let mut sentences = Vec::new();
    for (why, words) in GONE {
        let names: Vec<&String> = gone.iter().filter(|gone| gone.0 == why).map(|gone| &gone.1).collect();
        let mut told: Vec<String> = names.iter().take(room).map(|name| short(name)).collect();
        room -= told.len();
        match (told.len(), names.len() - told.len()) {
            (0, 0) => continue,
            (_, 0) => {}
            (0, more) => told.push(more.to_string()),
            (_, more) => told.push(format!("and {more} more")),
        }
        sentences.push(format!("{words}: {}.", told.join(", ")));
    }
    sentences
}

/// The same for a screen reader and a notification: the first thing to do of each.
fn aloud(opening: &str, lines: &[Line], more: usize, gone: &[String]) -> String {
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
    for sentence in gone {
        text.push_str(&format!("\n{sentence}"));
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
    if lines.is_empty() {
        return Message::sentence("Nothing more is due.");
    }
    let item = |line: &Line| told(line, THREAD_ACTIONS_MAX, THREAD_ACTION_UNITS_MAX);
    let items = lines.iter().take(THREAD_ROWS_MAX).map(item).collect();
    let more = more + lines.len().saturating_sub(THREAD_ROWS_MAX);
    let mut blocks = vec![Block::list(REST, items)];
    if more > 0 {
        blocks.push(Block::context(&and_more(more)));
    }
    // A message holds both, and has room for the words of so many.
    let unsaid = lines.len().min(THREAD_ROWS_MAX).saturating_sub(ROWS_MAX);
    Message::new(&aloud(REST, lines, more + unsaid, &[]), blocks)
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
        (0, 0) if digest.gone.is_empty() => format!("Nothing is due on {day}."),
        (0, 0) if digest.gone.iter().all(|gone| gone.0 == Gone::Done) => {
            format!("All that was due on {day} is taken care of.")
        }
        (0, 0) => format!("No more reminders for {day}."),
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
            let about = if digest.lines.is_empty() { " This is about " } else { " These are yours in " };
            vec![Piece::bold(lead), Piece::plain(about), Piece::channel(channel), Piece::plain(".")]
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
        let gone = done.iter().map(|name| (Gone::Done, (*name).to_owned())).collect();
        Digest { whose: Whose::Channels, day, overdue, soon, lines, gone }
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
    fn what_is_told_no_more_is_told_with_its_reason() {
        let named = |why, count: usize| (0..count).map(move |at| (why, format!("D{at}")));
        let gone = |gone: Vec<(Gone, String)>| Digest { gone, ..digest(0, 0, Vec::new(), &[]) };
        let quiet = gone(named(Gone::Quiet, 1).chain(named(Gone::Done, 2)).collect());
        assert_eq!(
            message(&quiet).text,
            "No more reminders for 23 Nov 2026.\nTaken care of: D0, D1.\nSnoozed or stopped: D0."
        );
        let many = gone(named(Gone::Unasked, 3).chain(named(Gone::Quiet, 14)).collect());
        let said = message(&many).text;
        assert!(said.contains("D11, and 2 more.\nNo longer asked for here: 3."), "{said}");
    }

    #[test]
    fn a_thread_with_nothing_left_says_so() {
        assert_eq!(thread(&[], 0).text, "Nothing more is due.");
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
