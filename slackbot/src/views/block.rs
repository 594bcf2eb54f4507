//! The blocks that the bot sends, cut at Slack's limits as they are made.

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
const CONFIRM_TITLE_UNITS_MAX: usize = 100;
const CONFIRM_UNITS_MAX: usize = 300;
const BUTTON_UNITS_MAX: usize = 75;
const OPTION_UNITS_MAX: usize = 75;
const OPTIONS_MAX: usize = 100;
const PLACEHOLDER_UNITS_MAX: usize = 150;
/// Ids and values are made by the bot and are never near this.
const VALUE_UNITS_MAX: usize = 150;
const TITLE_UNITS_MAX: usize = 24;
/// No limit of one piece is published; a section's is 3,000.
const RICH_UNITS_MAX: usize = 3_000;
/// Slack's ids are far shorter.
const ID_UNITS_MAX: usize = 40;
/// The most that a text field of a form takes.
const INPUT_UNITS_MAX: usize = 3_000;

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

    /// A paragraph and a list under it.
    pub fn list(lead: &str, items: Vec<Vec<Piece>>) -> Block {
        let lead = Rich::section([Piece::bold(lead)]);
        let items = items.into_iter().map(Rich::section).collect();
        Block::RichText { elements: vec![lead, Rich::RichTextList { style: "bullet", elements: items }] }
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
    fn section(pieces: impl IntoIterator<Item = Piece>) -> Rich {
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
pub(super) fn is_slacks_id(id: &str) -> bool {
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

    fn bold(text: &str) -> Cell {
        Cell { elements: vec![Rich::section([Piece::bold(text)])] }
    }
}

/// How a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    is_wrapped: bool,
}

/// What can be pressed or chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Element {
    /// A button.
    Button {
        /// What it does; unique within its block.
        action_id: &'static str,
        /// What it says.
        text: Plain,
        /// What it is about.
        value: String,
        /// What it says where it stands alone.
        accessibility_label: String,
        /// What Slack asks before it does it.
        #[serde(skip_serializing_if = "Option::is_none")]
        confirm: Option<Confirm>,
    },
    /// A menu.
    StaticSelect {
        /// What it does; unique within its block.
        action_id: &'static str,
        /// What it says before a choice.
        placeholder: Plain,
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// A menu of all people.
    UsersSelect {
        /// What it does; unique within its block.
        action_id: &'static str,
        /// What it says before a choice.
        placeholder: Plain,
        /// Who is chosen at first.
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_user: Option<String>,
    },
}

/// A question before something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirm {
    title: Plain,
    text: Plain,
    confirm: Plain,
    deny: Plain,
}

/// A choice of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    text: Plain,
    value: String,
}

impl Choice {
    /// A choice with what it is about.
    pub fn new(text: &str, value: String) -> Choice {
        debug_assert!(value.len() <= VALUE_UNITS_MAX, "a choice names a thing, it does not hold it");
        Choice { text: Plain::new(text, OPTION_UNITS_MAX), value }
    }
}

impl Element {
    /// A button; `label` says all of it where a screen reader finds it alone.
    pub fn button(action_id: &'static str, text: &str, value: &str, label: &str) -> Element {
        debug_assert!(value.len() <= VALUE_UNITS_MAX, "a button names a thing, it does not hold it");
        Element::Button {
            action_id,
            text: Plain::new(text, BUTTON_UNITS_MAX),
            value: value.to_owned(),
            accessibility_label: clipped(&one_line(label), BUTTON_UNITS_MAX),
            confirm: None,
        }
    }

    /// The same button, which asks first: for what cannot be undone.
    pub fn asking(mut self, title: &str, question: &str) -> Element {
        if let Element::Button { text, confirm, .. } = &mut self {
            *confirm = Some(Confirm {
                title: Plain::new(title, CONFIRM_TITLE_UNITS_MAX),
                text: Plain::new(question, CONFIRM_UNITS_MAX),
                confirm: text.clone(),
                deny: Plain::new("Cancel", TITLE_UNITS_MAX),
            });
        }
        self
    }

    /// A menu of all people, one of them chosen.
    pub fn people(action_id: &'static str, placeholder: &str, chosen: &str) -> Element {
        Element::UsersSelect {
            action_id,
            placeholder: Plain::new(placeholder, PLACEHOLDER_UNITS_MAX),
            initial_user: is_slacks_id(chosen).then(|| chosen.to_owned()),
        }
    }

    /// A menu of the first hundred choices.
    pub fn menu(action_id: &'static str, placeholder: &str, mut options: Vec<Choice>) -> Element {
        options.truncate(OPTIONS_MAX);
        Element::StaticSelect {
            action_id,
            placeholder: Plain::new(placeholder, PLACEHOLDER_UNITS_MAX),
            options,
        }
    }
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Field {
    /// Text.
    PlainTextInput {
        /// Names the field within its block.
        action_id: &'static str,
        /// Several lines.
        multiline: bool,
        /// The most that it takes.
        max_length: usize,
        /// What it says while it is empty.
        placeholder: Plain,
        /// What is written in it at first.
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_value: Option<String>,
    },
    /// A time of the day.
    Timepicker {
        /// Names the field within its block.
        action_id: &'static str,
        /// The time that is chosen at first: `09:00`.
        initial_time: String,
    },
    /// Boxes to tick.
    Checkboxes {
        /// Names the field within its block.
        action_id: &'static str,
        /// The boxes.
        options: Vec<Choice>,
        /// Those that are ticked at first.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        initial_options: Vec<Choice>,
    },
    /// A menu.
    StaticSelect {
        /// Names the field within its block.
        action_id: &'static str,
        /// What can be chosen.
        options: Vec<Choice>,
        /// What is chosen at first.
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_option: Option<Choice>,
    },
    /// People.
    MultiUsersSelect {
        /// Names the field within its block.
        action_id: &'static str,
        /// Those who are chosen at first.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        initial_users: Vec<String>,
    },
    /// A day.
    Datepicker {
        /// Names the field within its block.
        action_id: &'static str,
        /// The day that is chosen at first, ISO.
        initial_date: String,
    },
    /// Files.
    FileInput {
        /// Names the field within its block.
        action_id: &'static str,
        /// Which files can be chosen.
        filetypes: &'static [&'static str],
        /// How many.
        max_files: usize,
    },
}

impl Field {
    /// A field for a long text.
    pub fn text(action_id: &'static str, placeholder: &str) -> Field {
        let placeholder = Plain::new(placeholder, PLACEHOLDER_UNITS_MAX);
        Field::PlainTextInput {
            action_id,
            multiline: true,
            max_length: INPUT_UNITS_MAX,
            placeholder,
            initial_value: None,
        }
    }

    /// A field with something written in it.
    pub fn written(action_id: &'static str, placeholder: &str, written: &str, multiline: bool) -> Field {
        Field::PlainTextInput {
            action_id,
            multiline,
            max_length: INPUT_UNITS_MAX,
            placeholder: Plain::new(placeholder, PLACEHOLDER_UNITS_MAX),
            initial_value: (!written.is_empty()).then(|| clipped(written, INPUT_UNITS_MAX)),
        }
    }

    /// Boxes to tick, each a value and what it says; `ticked` are those that are at first.
    pub fn boxes(action_id: &'static str, boxes: &[(&str, &str)], ticked: impl Fn(&str) -> bool) -> Field {
        let choice = |(value, says): &(&str, &str)| Choice::new(says, (*value).to_owned());
        Field::Checkboxes {
            action_id,
            options: boxes.iter().map(choice).collect(),
            initial_options: boxes.iter().filter(|(value, _)| ticked(value)).map(choice).collect(),
        }
    }

    /// A menu, each choice a value and what it says.
    pub fn menu(action_id: &'static str, choices: &[(String, String)], chosen: &str) -> Field {
        let choice = |(value, says): &(String, String)| Choice::new(says, value.clone());
        Field::StaticSelect {
            action_id,
            options: choices.iter().map(choice).collect(),
            initial_option: choices.iter().find(|(value, _)| value == chosen).map(choice),
        }
    }

    /// People, some of them chosen.
    pub fn people(action_id: &'static str, chosen: &[String]) -> Field {
        let initial_users = chosen.iter().filter(|id| is_slacks_id(id)).cloned().collect();
        Field::MultiUsersSelect { action_id, initial_users }
    }
}

impl Block {
    /// A field that may be left empty.
    pub fn field(block_id: &'static str, label: &str, hint: &str, element: Field) -> Block {
        let hint = (!hint.is_empty()).then(|| Plain::new(hint, PLAIN_UNITS_MAX));
        Block::Input { block_id, label: Plain::new(label, PLAIN_UNITS_MAX), hint, optional: true, element }
    }
}
