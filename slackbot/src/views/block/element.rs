//! Buttons and menus.

use super::rich::is_slacks_id;
use super::{Plain, TITLE_UNITS_MAX, clipped, one_line};
use serde::Serialize;

const CONFIRM_TITLE_UNITS_MAX: usize = 100;
const CONFIRM_UNITS_MAX: usize = 300;
const BUTTON_UNITS_MAX: usize = 75;
const OPTION_UNITS_MAX: usize = 75;
const OPTIONS_MAX: usize = 100;
pub(super) const PLACEHOLDER_UNITS_MAX: usize = 150;
/// Ids and values are made by the bot and are never near this.
const VALUE_UNITS_MAX: usize = 150;

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
