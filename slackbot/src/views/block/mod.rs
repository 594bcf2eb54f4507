//! The blocks that the bot sends, cut at Slack's limits as they are made.

mod element;
mod field;
mod rich;

pub use element::{Choice, Confirm, Element};
pub use field::{Field, INPUT_UNITS_MAX};
pub(super) use rich::is_slacks_id;
pub use rich::{Cell, Column, Piece, Rich, Style};

use super::text::{clipped, one_line};
use serde::Serialize;

/// Slack takes so many blocks of a message; of a form or a home page it takes [`VIEW_BLOCKS_MAX`].
pub const MESSAGE_BLOCKS_MAX: usize = 50;
/// Slack takes so many blocks of a form or a home page.
pub const VIEW_BLOCKS_MAX: usize = 100;
/// The notification of a message; Slack advises fewer than 4,000.
const NOTIFICATION_UNITS_MAX: usize = 3_000;
const HEADER_UNITS_MAX: usize = 150;
const PLAIN_UNITS_MAX: usize = 2_000;
const TITLE_UNITS_MAX: usize = 24;

/// A message without where it goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// What a notification and a screen reader say, in `mrkdwn`: all that the blocks say first.
    pub text: String,
    /// What is shown.
    pub blocks: Vec<Block>,
    /// Links in it are not looked up.
    unfurl_links: bool,
    unfurl_media: bool,
}

impl Message {
    /// A message; `text` is what it says in short, as it would be typed.
    pub fn new(text: &str, blocks: Vec<Block>) -> Message {
        debug_assert!(blocks.len() <= MESSAGE_BLOCKS_MAX, "a view makes no more blocks than Slack takes");
        let text = super::text::inert(text.trim());
        Message {
            text: clipped(&text, NOTIFICATION_UNITS_MAX),
            blocks,
            unfurl_links: false,
            unfurl_media: false,
        }
    }

    /// A message of one sentence.
    pub fn sentence(text: &str) -> Message {
        Message::new(text, vec![Block::paragraph([Piece::plain(text)])])
    }

    /// Whether a table is in it.
    pub fn has_table(&self) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::Table { .. }))
    }

    /// The same in words alone, for when Slack refuses the blocks.
    pub fn in_words(&self) -> Message {
        Message { blocks: Vec::new(), ..self.clone() }
    }
}

/// A form, or the bot's home page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum View {
    /// A form over the conversation.
    Modal {
        /// What the form is for.
        title: Plain,
        /// The button that sends it.
        submit: Plain,
        /// The button that does not.
        close: Plain,
        /// Comes back when it is sent.
        callback_id: &'static str,
        /// Comes back when it is sent: what the bot must remember.
        private_metadata: String,
        /// The fields.
        blocks: Vec<Block>,
    },
    /// The bot's home page.
    Home {
        /// What is shown.
        blocks: Vec<Block>,
    },
}

impl View {
    /// A form; `memory` is at most 3,000 units, or the form cannot be sent.
    pub fn modal(
        title: &str,
        submit: &str,
        callback_id: &'static str,
        memory: String,
        blocks: Vec<Block>,
    ) -> View {
        let short = |text: &str| Plain::new(text, TITLE_UNITS_MAX);
        View::Modal {
            title: short(title),
            submit: short(submit),
            close: short("Cancel"),
            callback_id,
            private_metadata: memory,
            blocks,
        }
    }
}

/// One block.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Header {
        /// Its text.
        text: Plain,
    },
    /// Paragraphs and lists.
    RichText {
        /// One after the other.
        elements: Vec<Rich>,
    },
    /// Small print.
    Context {
        /// One beside the other.
        elements: Vec<Plain>,
    },
    /// Buttons and menus.
    Actions {
        /// One beside the other.
        elements: Vec<Element>,
    },
    /// Buttons and menus that say where they stand when they are pressed.
    #[serde(rename = "actions")]
    NamedActions {
        /// Comes back with a press; unique within a message.
        block_id: String,
        /// One beside the other.
        elements: Vec<Element>,
    },
    /// A table; one a message.
    Table {
        /// The rows, the first of them headings.
        rows: Vec<Vec<Cell>>,
        /// How each column is shown.
        column_settings: Vec<Column>,
    },
    /// A line across.
    Divider {},
    /// A field of a form.
    Input {
        /// Names the field when the form is sent.
        block_id: &'static str,
        /// What to write.
        label: Plain,
        /// How to write it.
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<Plain>,
        /// May be left empty.
        optional: bool,
        /// The field itself.
        element: Field,
    },
}

impl Block {
    /// A heading.
    pub fn header(text: &str) -> Block {
        Block::Header { text: Plain::new(text, HEADER_UNITS_MAX) }
    }

    /// A paragraph.
    pub fn paragraph(pieces: impl IntoIterator<Item = Piece>) -> Block {
        Block::RichText { elements: vec![Rich::section(pieces)] }
    }

    /// A paragraph in bold and a list under it, if there is one.
    pub fn list(lead: &str, items: Vec<Vec<Piece>>) -> Block {
        Block::listed(vec![Piece::bold(lead)], items)
    }

    /// A paragraph and a list under it, if there is one.
    pub fn listed(lead: Vec<Piece>, items: Vec<Vec<Piece>>) -> Block {
        let mut elements = vec![Rich::section(lead)];
        if !items.is_empty() {
            let items = items.into_iter().map(Rich::section).collect();
            elements.push(Rich::RichTextList { style: "bullet", elements: items });
        }
        Block::RichText { elements }
    }

    /// A list.
    pub fn bullets(items: Vec<Vec<Piece>>) -> Block {
        let elements = items.into_iter().map(Rich::section).collect();
        Block::RichText { elements: vec![Rich::RichTextList { style: "bullet", elements }] }
    }

    /// Small print.
    pub fn context(text: &str) -> Block {
        Block::Context { elements: vec![Plain::new(text, PLAIN_UNITS_MAX)] }
    }

    /// A table; the widths of columns are Slack's.
    pub fn table(headings: &[&str], rows: Vec<Vec<Cell>>) -> Block {
        let headings = headings.iter().map(|heading| Cell::bold(heading)).collect::<Vec<_>>();
        let column_settings = vec![Column { is_wrapped: true }; headings.len()];
        Block::Table { rows: std::iter::once(headings).chain(rows).collect(), column_settings }
    }

    /// A field that may be left empty.
    pub fn field(block_id: &'static str, label: &str, hint: &str, element: Field) -> Block {
        let hint = (!hint.is_empty()).then(|| Plain::new(hint, PLAIN_UNITS_MAX));
        Block::Input { block_id, label: Plain::new(label, PLAIN_UNITS_MAX), hint, optional: true, element }
    }
}

/// Text that Slack shows as it stands; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "plain_text")]
pub struct Plain {
    text: String,
    emoji: bool,
}

impl Plain {
    fn new(text: &str, units_max: usize) -> Plain {
        let text = clipped(&one_line(text), units_max);
        Plain { text: if text.is_empty() { "–".to_owned() } else { text }, emoji: false }
    }
}
