//! What came of tracking, and of forgetting all of it.

use super::press;
use crate::store::{CHANNEL_TRACKED_MAX, Taken};
use crate::views::block::{Block, Element, Message, Piece};
use podcheck_core::say;

/// So many that are gone from an export are named.
const GONE_NAMED_MAX: usize = 5;

/// What came of tracking.
#[derive(Debug)]
pub struct TrackedNow<'a> {
    /// How many were taken.
    pub taken: Taken,
    /// How many have no id by which they could be found again.
    pub nameless: usize,
    /// When and how the channel is reminded, where it is the first time that it tracks something.
    pub first: Option<String>,
    /// What the channel tracks and this did not hold.
    pub gone: &'a [String],
    /// The answer that was tracked, for its buttons.
    pub handle: Option<&'a str>,
}

impl TrackedNow<'_> {
    /// As a message.
    pub fn message(&self) -> Message {
        let Taken { added, refreshed, left_out } = self.taken;
        let mut lead = match (added, refreshed) {
            (0, 0) => "Nothing was tracked.".to_owned(),
            (added, 0) => format!("{} tracked in this channel from now on.", are(added)),
            (0, refreshed) => format!("{} tracked here already, and now up to date.", are(refreshed)),
            (added, refreshed) => format!(
                "{} tracked in this channel from now on; {refreshed} tracked here before {} up to date.",
                are(added),
                if refreshed == 1 { "is" } else { "are" },
            ),
        };
        if left_out > 0 {
            let most = say::number(CHANNEL_TRACKED_MAX as i64);
            let are = if left_out == 1 { "is" } else { "are" };
            lead.push_str(&format!(" {left_out} {are} left out: a channel tracks {most} at most."));
        }
        if self.nameless > 0 {
            let has =
                if self.nameless == 1 { "is not tracked: it has" } else { "are not tracked: they have" };
            lead.push_str(&format!(" {} {has} no opportunity id.", self.nameless));
        }
        let mut sentences = vec![lead];
        sentences.extend(self.first.clone());
        let mut blocks: Vec<Block> =
            sentences.iter().map(|sentence| Block::paragraph([Piece::plain(sentence)])).collect();
        let mut elements = vec![Element::button(
            press::LIST,
            "Show the list",
            "0",
            "Show the list of what this channel tracks",
        )];
        if let Some(handle) = self.handle.filter(|_| !self.gone.is_empty()) {
            let sentence = self.gone_sentence();
            blocks.push(Block::paragraph([Piece::plain(&sentence)]));
            sentences.push(sentence);
            let label = format!("Stop reminders of {}", say::opportunities(self.gone.len()));
            elements.push(Element::button(press::STOP_GONE, &label, handle, &label));
        }
        blocks.push(Block::Actions { elements });
        Message::new(&sentences.join("\n"), blocks)
    }

    fn gone_sentence(&self) -> String {
        let named: Vec<String> = self.gone.iter().take(GONE_NAMED_MAX).cloned().collect();
        let more = self.gone.len().saturating_sub(GONE_NAMED_MAX);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        format!(
            "Tracked in this channel, but not in what you gave: {}{more}. If you gave a whole export, they are gone from ACE, \
             and their reminders can stop.",
            named.join(", ")
        )
    }
}

fn are(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} {are}", say::opportunities(count))
}

/// Asks whether to forget everything.
pub fn forget_all(channel: &str, count: usize) -> Message {
    let sentence = format!(
        "Forget {} of this channel and their history? Their reminders end, nothing changes in ACE, and this cannot be undone.",
        say::opportunities(count)
    );
    let button = Element::button(
        press::FORGET_ALL,
        "Forget all",
        channel,
        "Forget all that this channel tracks, for good",
    );
    let blocks = vec![Block::paragraph([Piece::plain(&sentence)]), Block::Actions { elements: vec![button] }];
    Message::new(&sentence, blocks)
}
