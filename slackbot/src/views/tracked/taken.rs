//! What came of tracking, and of forgetting all of it.

use super::press;
use crate::store::{CHANNEL_TRACKED_MAX, INSTALLATION_TRACKED_MAX, Taken};
use crate::views::block::{Block, Element, Message, Piece};
use podcheck_core::say;

/// So many that are gone from an export are named.
const GONE_NAMED_MAX: usize = 5;

/// What came of tracking.
#[derive(Debug)]
pub struct TrackedNow<'a> {
    /// How many were taken.
    pub taken: Taken,
    /// Whether it is the channel that has no room for more, and not all channels together.
    pub is_channel_full: bool,
    /// How many have no id by which they could be found again.
    pub nameless: usize,
    /// When and how the channel is reminded, where that is news or is not at all.
    pub reminded: Option<String>,
    /// What the channel tracks and this did not hold.
    pub gone: &'a [String],
    /// The answer that was tracked, for its buttons.
    pub handle: Option<&'a str>,
}

impl TrackedNow<'_> {
    /// As a message.
    pub fn message(&self) -> Message {
        let Taken { added, refreshed, left_out, stopped } = self.taken;
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
            let (whose, most) = if self.is_channel_full {
                ("a channel tracks", CHANNEL_TRACKED_MAX)
            } else {
                ("all channels of a workspace together track", INSTALLATION_TRACKED_MAX)
            };
            let (are, most) = (if left_out == 1 { "is" } else { "are" }, say::number(most as i64));
            lead.push_str(&format!(" {left_out} {are} left out: {whose} {most} at most."));
        }
        if self.nameless > 0 {
            let has =
                if self.nameless == 1 { "is not tracked: it has" } else { "are not tracked: they have" };
            lead.push_str(&format!(" {} {has} no opportunity id.", self.nameless));
        }
        let mut sentences = vec![lead];
        if stopped > 0 {
            sentences.push(stopped_sentence(stopped, added + refreshed));
        }
        sentences.extend(self.reminded.clone());
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

/// That tracking again does not bring back the reminders that somebody stopped, and what does.
fn stopped_sentence(stopped: usize, all: usize) -> String {
    let whose = match (stopped, all) {
        (1, 1) => "Its reminders are stopped.".to_owned(),
        (1, _) => "The reminders of 1 of them are stopped.".to_owned(),
        (stopped, _) => format!("The reminders of {stopped} of them are stopped."),
    };
    format!("{whose} To turn them on, press Remind again in the list.")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said_with_what_is_full() {
        let says = |is_channel_full| {
            let taken = Taken { added: 2, left_out: 3, ..Taken::default() };
            let now =
                TrackedNow { taken, is_channel_full, nameless: 0, reminded: None, gone: &[], handle: None };
            now.message().text
        };
        assert!(says(true).contains("3 are left out: a channel tracks 100,000 at most."));
        assert!(
            says(false)
                .contains("3 are left out: all channels of a workspace together track 1,000,000 at most.")
        );
    }
}
