//! The bot's home page: what is due and tracked of a person's own, what they want, and how the bot works.

use super::block::{Block, Element, Piece, View};
use super::tracked::{Note, Stands, buttons, row};
use super::{guide, settings};
use crate::reminders::due::Due;
use crate::store::{Channel, Person};
use chrono::NaiveDate;
use podcheck_core::say;

/// So many that are due are told, two blocks each.
pub const DUE_MAX: usize = 10;
/// So many channels are told of.
const CHANNELS_MAX: usize = 20;
/// So many whose reminders are paused.
const PAUSED_MAX: usize = 5;
/// What a person wants: the value is the wish and its answer, `direct=1`.
pub const PERSON: [&str; 2] = ["person_mentions", "person_direct"];

/// What there is to tell a person.
#[derive(Debug, Default)]
pub struct Own<'t> {
    /// The worst of what is due of what they own, with each channel's day, worst first.
    pub due: Vec<(Due<'t>, NaiveDate)>,
    /// Of how many something is due.
    pub due_count: usize,
    /// How many of theirs each channel tracks.
    pub channels: Vec<(String, usize)>,
    /// The channels whose reminders are paused and which concern them.
    pub paused: Vec<Channel>,
    /// What they want.
    pub person: Person,
}

/// The home page, after what was just done.
pub fn home(own: Option<&Own<'_>>, note: Option<&Note>) -> View {
    let mut blocks = vec![Block::header("pod-check")];
    if let Some(note) = note {
        blocks.extend(note.blocks(Stands::Home));
    }
    if let Some(own) = own {
        blocks.extend(own_blocks(own));
    }
    blocks.extend(guide::help_blocks());
    View::Home { blocks }
}

fn own_blocks(own: &Own<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for channel in own.paused.iter().take(PAUSED_MAX) {
        let why = settings::why_paused(&channel.paused);
        blocks.push(Block::paragraph([
            Piece::bold("Reminders are paused in "),
            Piece::channel(&channel.place.channel),
            Piece::plain(&format!(". {why} {}", settings::GO_ON)),
        ]));
    }
    let tracked: usize = own.channels.iter().map(|(_, count)| count).sum();
    if tracked == 0 {
        blocks.push(Block::paragraph([Piece::plain(
            "You own no tracked opportunity. To track one, check it in a channel and press Track under the answer.",
        )]));
    } else {
        blocks.extend(due_blocks(own));
        let item = |(channel, count): &(String, usize)| {
            vec![Piece::channel(channel), Piece::plain(&format!(": {}", say::opportunities(*count)))]
        };
        let mut items: Vec<_> = own.channels.iter().take(CHANNELS_MAX).map(item).collect();
        let more = own.channels.len().saturating_sub(CHANNELS_MAX);
        if more > 0 {
            items.push(vec![Piece::plain(&format!("And {}.", say::count(more as i64, "more channel")))]);
        }
        blocks.push(Block::list("What you own, by channel", items));
    }
    blocks.push(wishes(own.person));
    blocks.push(Block::Divider {});
    blocks
}

fn due_blocks(own: &Own<'_>) -> Vec<Block> {
    let due = own.due_count;
    let lead = if due == 0 {
        "Nothing of yours is due.".to_owned()
    } else {
        format!("Something is due for {} of yours, most urgent first.", say::opportunities(due))
    };
    let mut blocks = vec![Block::paragraph([Piece::bold(&lead)])];
    for (due, today) in own.due.iter().take(DUE_MAX) {
        blocks.push(row(due.tracked, &due.actions, *today));
        blocks.push(buttons(Stands::Home, due.tracked, *today));
    }
    let more = due.saturating_sub(DUE_MAX);
    if more > 0 {
        blocks.push(Block::paragraph([Piece::plain(&format!(
            "And {more} more: /pod-check list shows them in their channels."
        ))]));
    }
    blocks
}

fn wishes(person: Person) -> Block {
    let button = |action, is_on: bool, on: &str, off: &str, name: &str| {
        let says = if is_on { off } else { on };
        Element::button(action, says, &format!("{name}={}", u8::from(!is_on)), says)
    };
    Block::Actions {
        elements: vec![
            button(PERSON[0], person.mentions, "Mention me again", "Do not mention me", "mentions"),
            button(PERSON[1], person.direct, "Remind me directly", "Do not remind me directly", "direct"),
        ],
    }
}
