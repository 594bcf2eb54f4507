//! A calendar file: what goes with it, and what is said of it.

use super::block::{Message, is_slacks_id};
use podcheck_core::say;

/// What the file is called. The bot takes no file of that name for a question.
pub const FILE_NAME: &str = "pod-check.ics";

/// What happens when a newer file is taken in, and what does not.
const AGAIN: &str = "Import it into your calendar. Importing a newer one later moves what has moved and adds what is new; \
                     what is done or not tracked any more stays in your calendar until you delete it.";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How many dates.
    pub dates: usize,
    /// How many later ones it has no room for.
    pub left_out: usize,
}

/// What stands above the file in the direct message.
pub fn comment(channel: &str, held: Held) -> String {
    let channel = if is_slacks_id(channel) { format!("<#{channel}>") } else { "a channel".to_owned() };
    format!("{} of what {channel} tracks.{} {AGAIN}", dates(held.dates), left_out(held))
}

/// Where the file is.
pub fn sent(held: Held) -> Message {
    Message::sentence(&format!(
        "A calendar file with {} is in your direct messages with pod-check.{} {AGAIN}",
        dates(held.dates),
        left_out(held)
    ))
}

/// That there is nothing for a file to hold.
pub fn nothing() -> Message {
    Message::sentence(
        "Nothing that this channel tracks has a date to come, so there is no calendar file. /pod-check list shows what is \
         tracked.",
    )
}

/// That Slack has not been asked for leave to send files.
pub fn not_allowed() -> Message {
    Message::sentence(
        "pod-check may not send files in this workspace yet. Whoever manages its apps has to install pod-check again, \
         which asks for files:write and im:write.",
    )
}

/// That the file could not be handed over.
pub fn failed() -> Message {
    Message::sentence("The calendar file could not be sent. Try again in a minute.")
}

fn dates(dates: usize) -> String {
    say::count(dates as i64, "date").to_string()
}

fn left_out(held: Held) -> String {
    if held.left_out == 0 {
        return String::new();
    }
    format!(" It holds the nearest ones; {} later did not fit.", dates(held.left_out))
}
