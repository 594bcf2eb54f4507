//! The fields of a form.

use super::element::{Choice, PLACEHOLDER_UNITS_MAX};
use super::rich::is_slacks_id;
use super::{Plain, clipped};
use serde::Serialize;

/// The most that a text field of a form takes.
pub const INPUT_UNITS_MAX: usize = 3_000;

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
        Field::written(action_id, placeholder, "", true)
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
