//! The form for how a channel wants to be reminded.

use super::block::{Block, Element, Field, Message, Piece, View};
use super::form::FIELD;
use crate::reminders::schedule::Zone;
use crate::store::Channel;
use podcheck_core::report::ActionKind;
use podcheck_core::say;

/// Names the form when it is sent.
pub const CALLBACK: &str = "settings_form";
/// So many of those who may change a channel are named.
const EDITORS_TOLD_MAX: usize = 10;

/// Posts a test in the channel.
pub const TEST: &str = "settings_test";

/// The fields of the form, each in a block of its own.
pub mod field {
    /// Whether there are reminders at all.
    pub const ON: &str = "on";
    /// At what time.
    pub const TIME: &str = "time";
    /// On which days of the week.
    pub const WEEKDAYS: &str = "weekdays";
    /// The zone, of a list.
    pub const ZONE: &str = "zone";
    /// The zone, as it is typed.
    pub const OTHER_ZONE: &str = "other_zone";
    /// The days without reminders.
    pub const HOLIDAYS: &str = "holidays";
    /// Which kinds of actions.
    pub const KINDS: &str = "kinds";
    /// How early.
    pub const LEAD: &str = "lead";
    /// What else is wanted.
    pub const MORE: &str = "more";
    /// Who may change this.
    pub const EDITORS: &str = "editors";
}

/// The box of [`field::ON`].
pub const ON: &str = "on";
/// The boxes of [`field::MORE`].
pub mod more {
    /// All of a long digest, in its thread.
    pub const THREADS: &str = "threads";
    /// Owners are mentioned.
    pub const MENTIONS: &str = "mentions";
    /// Customers' names are kept.
    pub const NAMES: &str = "names";
    /// Files are checked.
    pub const FILES: &str = "files";
}

const MORE: [(&str, &str); 4] = [
    (more::THREADS, "Add the details of a long reminder in its thread"),
    (more::MENTIONS, "Mention the owner of what is overdue"),
    (more::NAMES, "Keep customers' names"),
    (more::FILES, "Check files that are shared here"),
];
/// The days of the week; the value is the bit of the day.
pub const WEEKDAYS: [(&str, &str); 7] = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
];
/// The kinds that a channel may want, in the order of the form.
pub const KINDS: [(ActionKind, &str); 8] = [
    (ActionKind::Update, "Updates that are due"),
    (ActionKind::Fix, "Things to fix now"),
    (ActionKind::CloseDate, "Target close dates that are near"),
    (ActionKind::Spend, "Bills to verify"),
    (ActionKind::Review, "Reviews by AWS"),
    (ActionKind::Launch, "Launches to confirm"),
    (ActionKind::Eur, "End User Reporting to check"),
    (ActionKind::Starts, "Discounts that start or end"),
];
const LEADS: [i8; 8] = [14, 7, 3, 1, 0, -1, -3, -7];
/// Where most partners are; any other is typed.
const ZONES: [&str; 30] = [
    "UTC",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Stockholm",
    "Europe/Zurich",
    "Pacific/Auckland",
];

/// The form for a channel as it is; `memory` comes back when it is sent.
pub fn form(channel: &Channel, memory: String) -> View {
    let kinds: Vec<(&str, &str)> = KINDS.iter().map(|(kind, says)| (kind.as_str(), *says)).collect();
    let wants = |kind: &str| !channel.unwanted.iter().any(|unwanted| unwanted.as_str() == kind);
    let days: Vec<String> = channel.holidays.iter().map(ToString::to_string).collect();
    let time = format!("{:02}:{:02}", channel.at_minute / 60, channel.at_minute % 60);
    let field = Block::field;
    let mut blocks = vec![Block::paragraph(state(channel))];
    if !channel.paused.is_empty() {
        blocks.push(Block::paragraph([
            Piece::bold("Reminders are paused. "),
            Piece::plain(why_paused(&channel.paused)),
            Piece::plain(" Then save these settings to go on."),
        ]));
    }
    blocks.extend([
        field(
            field::ON,
            "Reminders",
            "One message on each chosen day, only when something is due.",
            Field::boxes(FIELD, &[(ON, "Remind this channel")], |_| channel.is_on),
        ),
        field(field::TIME, "Time", "", Field::Timepicker { action_id: FIELD, initial_time: time }),
        field(
            field::WEEKDAYS,
            "Days",
            "",
            Field::boxes(FIELD, &WEEKDAYS, |day| {
                day.parse::<u8>().is_ok_and(|day| channel.weekdays.0 & (1 << day) != 0)
            }),
        ),
        field(field::ZONE, "Time zone", "", Field::menu(FIELD, &zones(&channel.zone), &channel.zone)),
        field(
            field::OTHER_ZONE,
            "Another time zone",
            "For example America/Argentina/Salta. It is used instead of the one above.",
            Field::written(FIELD, "Region/City", "", false),
        ),
        field(
            field::HOLIDAYS,
            "Days without reminders",
            "One per line, for example 2026-12-25.",
            Field::written(FIELD, "2026-12-25", &days.join("\n"), true),
        ),
        field(field::KINDS, "What to be reminded of", "", Field::boxes(FIELD, &kinds, wants)),
        field(
            field::LEAD,
            "How early",
            "",
            Field::menu(FIELD, &leads(channel.lead_days), &channel.lead_days.to_string()),
        ),
        field(
            field::MORE,
            "Options",
            "When names are no longer to be kept, they are deleted at once. Titles are always kept.",
            Field::boxes(FIELD, &MORE, |value| match value {
                more::THREADS => channel.threads,
                more::MENTIONS => channel.mentions,
                more::NAMES => channel.names,
                _ => channel.files,
            }),
        ),
        field(
            field::EDITORS,
            "Who may change this",
            "If you choose nobody, everybody in the channel may.",
            Field::people(FIELD, &channel.editors),
        ),
    ]);
    // What is not saved yet cannot be tested.
    if channel.version > 0 {
        let test = Element::button(
            TEST,
            "Send a test now",
            "test",
            "Send a test now to this channel, with the settings as they are saved",
        );
        blocks.push(Block::Actions { elements: vec![test] });
    }
    View::modal("Reminders", "Save", CALLBACK, memory, blocks)
}

/// Who changed it last.
fn state(channel: &Channel) -> Vec<Piece> {
    if channel.version == 0 || channel.changed_by.is_empty() {
        return vec![Piece::plain("These are the default settings: nobody has changed them yet.")];
    }
    let day = Zone::or_utc(&channel.zone).day_at(channel.changed_at);
    vec![
        Piece::plain("Last changed by "),
        Piece::person(&channel.changed_by),
        Piece::plain(&format!(" on {}.", say::day(day))),
    ]
}

/// Why a channel gets no reminders at this moment, by Slack's code for it, and what helps.
pub fn why_paused(code: &str) -> &'static str {
    match code {
        "is_archived" => "The channel is archived: unarchive it first.",
        "not_in_channel" | "channel_not_found" => {
            "pod-check is not in the channel: invite it there with /invite @pod-check."
        }
        "restricted_action" => "The channel does not let pod-check post: change who may post there.",
        _ => "Slack does not let pod-check post there.",
    }
}

/// How paused reminders go on.
pub const GO_ON: &str =
    "Then open /pod-check settings in the channel and save: reminders go on from the next chosen day.";

fn zones(chosen: &str) -> Vec<(String, String)> {
    let mut zones: Vec<&str> = ZONES.to_vec();
    if !zones.contains(&chosen) {
        zones.insert(0, chosen);
    }
    zones.into_iter().map(|zone| (zone.to_owned(), zone.replace('_', " "))).collect()
}

fn leads(chosen: i8) -> Vec<(String, String)> {
    let mut leads = LEADS.to_vec();
    if !leads.contains(&chosen) {
        leads.push(chosen);
        leads.sort_unstable_by(|a, b| b.cmp(a));
    }
    leads.into_iter().map(|lead| (lead.to_string(), lead_in_words(lead))).collect()
}

/// How early, in words.
fn lead_in_words(lead: i8) -> String {
    match lead {
        0 => "On the day".to_owned(),
        ahead if ahead > 0 => format!("From {} before", say::count(ahead, "day")),
        overdue => format!("Only what is overdue by {} or more", say::count(-i64::from(overdue), "day")),
    }
}

/// When and how a channel is reminded, as a sentence.
pub fn in_words(channel: &Channel) -> String {
    if !channel.is_on {
        return "Reminders are switched off for this channel: /pod-check settings switches them on."
            .to_owned();
    }
    let days = WEEKDAYS.iter().enumerate().filter(|(bit, _)| channel.weekdays.0 & (1 << bit) != 0);
    let days: Vec<&str> = days.map(|(_, (_, name))| *name).collect();
    let days = match days.as_slice() {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] => "Monday to Friday".to_owned(),
        days if days.len() == WEEKDAYS.len() => "every day".to_owned(),
        days => say::list(days).to_string(),
    };
    format!(
        "Reminders come in this channel at {:02}:{:02} ({}), {days}, when something is due.",
        channel.at_minute / 60,
        channel.at_minute % 60,
        channel.zone.replace('_', " "),
    )
}

/// That somebody may not change a channel, and who may.
pub fn not_yours(channel: &Channel) -> Message {
    const LEAD: &str = "You may not change this channel's reminders. These people may: ";
    let mut pieces = vec![Piece::plain(LEAD)];
    for (at, editor) in channel.editors.iter().take(EDITORS_TOLD_MAX).enumerate() {
        if at > 0 {
            pieces.push(Piece::plain(", "));
        }
        pieces.push(Piece::person(editor));
    }
    let more = channel.editors.len().saturating_sub(EDITORS_TOLD_MAX);
    let more = if more > 0 { format!(", and {more} more.") } else { ".".to_owned() };
    pieces.push(Piece::plain(&more));
    let people = match channel.editors.len() {
        1 => "one person".to_owned(),
        people => format!("{people} people"),
    };
    Message::new(&format!("{LEAD}{people}."), vec![Block::paragraph(pieces)])
}
