//! Rich text: paragraphs, lists, tables, and the words in them.

use super::{clipped, one_line};
use serde::Serialize;

/// No limit of one piece is published; a section's is 3,000.
const RICH_UNITS_MAX: usize = 3_000;
/// Slack's ids are far shorter.
const ID_UNITS_MAX: usize = 40;

/// A part of a rich text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rich {
    /// A paragraph.
    RichTextSection {
        /// Its words.
        elements: Vec<Piece>,
    },
    /// A list.
    RichTextList {
        /// `bullet`.
        style: &'static str,
        /// Its items, each a paragraph.
        elements: Vec<Rich>,
    },
}

impl Rich {
    pub(super) fn section(pieces: impl IntoIterator<Item = Piece>) -> Rich {
        let mut elements: Vec<Piece> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        if elements.is_empty() {
            elements.push(Piece::plain("–"));
        }
        Rich::RichTextSection { elements }
    }
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Piece {
    /// Words, shown as they stand, in one style.
    Text {
        /// The words.
        text: String,
        /// How they are shown.
        #[serde(skip_serializing_if = "Style::is_plain")]
        style: Style,
    },
    /// A person, whom Slack tells of it where others see it.
    User {
        /// Their id.
        user_id: String,
    },
    /// A channel.
    Channel {
        /// Its id.
        channel_id: String,
    },
}

/// How words are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Style {
    #[serde(skip_serializing_if = "is_no")]
    bold: bool,
    #[serde(skip_serializing_if = "is_no")]
    code: bool,
    #[serde(skip_serializing_if = "is_no")]
    italic: bool,
}

impl Style {
    /// As it is.
    pub const PLAIN: Style = Style { bold: false, code: false, italic: false };
    /// Bold.
    pub const BOLD: Style = Style { bold: true, ..Style::PLAIN };
    /// As code.
    pub const CODE: Style = Style { code: true, ..Style::PLAIN };
    /// Italic.
    pub const ITALIC: Style = Style { italic: true, ..Style::PLAIN };

    fn is_plain(&self) -> bool {
        *self == Style::PLAIN
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_no(answer: &bool) -> bool {
    !answer
}

impl Piece {
    /// Words in a style.
    pub fn styled(text: &str, style: Style) -> Piece {
        Piece::Text { text: clipped(text, RICH_UNITS_MAX), style }
    }

    /// Words.
    pub fn plain(text: &str) -> Piece {
        Piece::styled(text, Style::PLAIN)
    }

    /// Words in bold.
    pub fn bold(text: &str) -> Piece {
        Piece::styled(text, Style::BOLD)
    }

    /// A person by id: only Slack's own ids become one, anything else stays words.
    pub fn person(id: &str) -> Piece {
        if is_slacks_id(id) { Piece::User { user_id: id.to_owned() } } else { Piece::cut(id, ID_UNITS_MAX) }
    }

    /// A channel by id, likewise.
    pub fn channel(id: &str) -> Piece {
        if is_slacks_id(id) {
            Piece::Channel { channel_id: id.to_owned() }
        } else {
            Piece::cut(id, ID_UNITS_MAX)
        }
    }

    /// The words; of a person or a channel there are none.
    pub fn text(&self) -> &str {
        match self {
            Piece::Text { text, .. } => text,
            Piece::User { .. } | Piece::Channel { .. } => "",
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Piece::Text { text, .. } if text.is_empty())
    }

    /// A document's words: on one line, cut after `units_max`.
    pub fn cut(text: &str, units_max: usize) -> Piece {
        Piece::plain(&clipped(&one_line(text), units_max))
    }
}

/// Whether it is written as Slack writes ids: capitals and digits.
pub(in crate::views) fn is_slacks_id(id: &str) -> bool {
    (2..=ID_UNITS_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "rich_text")]
pub struct Cell {
    elements: Vec<Rich>,
}

impl Cell {
    /// A cell of words, cut after `units_max`.
    pub fn new(text: &str, units_max: usize) -> Cell {
        Cell { elements: vec![Rich::section([Piece::cut(text, units_max)])] }
    }

    pub(super) fn bold(text: &str) -> Cell {
        Cell { elements: vec![Rich::section([Piece::bold(text)])] }
    }
}

/// How a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    pub(super) is_wrapped: bool,
}
