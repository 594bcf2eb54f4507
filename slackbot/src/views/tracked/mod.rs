//! What is tracked, as people see it: a row each, with its buttons and what they carry.

mod list;
mod note;
mod taken;

pub use list::{LOG_MAX, Page, ROWS_MAX, card, snooze_form};
pub use note::Note;
pub use taken::{TrackedNow, forget_all};

use super::block::{Block, Choice, Element, Piece};
use crate::store::Tracked;
use crate::words;
use chrono::NaiveDate;
use podcheck_core::field::Field;
use podcheck_core::report::Action;
use podcheck_core::say;
use serde::{Deserialize, Serialize};

/// A row tells so many things to do.
const ACTIONS_MAX: usize = 2;
/// In a row, of which there are several, a sentence is shorter.
const ROW_SENTENCE_UNITS_MAX: usize = 160;
const NAME_UNITS_MAX: usize = 90;

/// What the buttons do.
pub mod press {
    /// It was updated today; the value is the opportunity.
    pub const UPDATED: &str = "tracked_updated";
    /// To be quiet about it until a day; the value is the opportunity and how long.
    pub const SNOOZE: &str = "tracked_snooze";
    /// To be quiet about it for good; the value is the opportunity.
    pub const STOP: &str = "tracked_stop";
    /// To be reminded of it again; the value is the opportunity.
    pub const RESUME: &str = "tracked_resume";
    /// To take back what was done; the value is what was done.
    pub const UNDO: &str = "tracked_undo";
    /// To give it to somebody; the block names the opportunity.
    pub const OWNER: &str = "tracked_owner";
    /// Its card; the value is the opportunity.
    pub const CARD: &str = "tracked_card";
    /// To forget it; the value is the opportunity.
    pub const FORGET: &str = "tracked_forget";
    /// To forget everything that a channel tracks; the value is the channel.
    pub const FORGET_ALL: &str = "tracked_forget_all";
    /// The page of the list before; the value is its number from 0.
    pub const LIST_BACK: &str = "tracked_list_back";
    /// A page of the list; the value is its number from 0.
    pub const LIST: &str = "tracked_list";
    /// To track what an answer holds; the value is the answer.
    pub const TRACK: &str = "track";
    /// To stop what is gone from an answer; the value is the answer.
    pub const STOP_GONE: &str = "track_stop_gone";
}

/// Names the form for a day to be quiet until.
pub const SNOOZE_FORM: &str = "snooze_form";
/// The field of that form.
pub const SNOOZE_DAY: &str = "snooze_until";

/// What a button is about: an opportunity of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Which {
    /// The channel.
    pub c: String,
    /// The opportunity.
    pub o: String,
}

/// What an undo button is about: something that was done in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The channel.
    pub c: String,
    /// What was done.
    pub u: String,
}

/// What a choice of the snooze menu is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snoozed {
    /// The opportunity.
    #[serde(flatten)]
    pub which: Which,
    /// For how long.
    pub s: Snooze,
}

/// For how long to be quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Snooze {
    /// A day.
    Day,
    /// Three days.
    Days,
    /// Until next Monday.
    Monday,
    /// Until a day that is asked for.
    Date,
}

const SNOOZES: [(Snooze, &str); 4] = [
    (Snooze::Day, "1 day"),
    (Snooze::Days, "3 days"),
    (Snooze::Monday, "Until next Monday"),
    (Snooze::Date, "Until a date …"),
];

/// Where a button stands, so that it can be drawn again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stands {
    /// On a page of a list.
    List(usize),
    /// On a card.
    Card,
    /// On somebody's home page.
    Home,
    /// In a message that others see too, or one that says what was done.
    Elsewhere,
}

impl Stands {
    /// The id of a block that stands there and is about this.
    fn block_id(self, about: &str) -> String {
        match self {
            Stands::List(page) => format!("list.{page}/{about}"),
            Stands::Card => format!("card/{about}"),
            Stands::Home => format!("home/{about}"),
            Stands::Elsewhere => format!("elsewhere/{about}"),
        }
    }

    /// Where the block of this id stands, and which opportunity it is about.
    pub fn read(block_id: &str) -> (Stands, Option<Which>) {
        let (stands, which) = block_id.split_once('/').unwrap_or((block_id, ""));
        let stands = match stands.split_once('.') {
            Some(("list", page)) => Stands::List(page.parse().unwrap_or_default()),
            None if stands == "card" => Stands::Card,
            None if stands == "home" => Stands::Home,
            _ => Stands::Elsewhere,
        };
        (stands, serde_json::from_str(which).ok())
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Tracked {
    /// What buttons name it by.
    pub fn which(&self) -> Which {
        Which { c: self.place.channel.clone(), o: self.opportunity_id.clone() }
    }

    /// What people call it.
    pub fn name(&self) -> String {
        words::name(&self.opportunity_id, self.fact(Field::CustomerName), self.fact(Field::ProjectTitle))
    }
}

/// A row: what it is called, how it stands, whose it is, and what is to be done.
pub fn row(tracked: &Tracked, actions: &[Action], today: NaiveDate) -> Block {
    let stands = format!(". {}.", standing(tracked));
    let mut lead = vec![Piece::bold(&cut(&tracked.name())), Piece::plain(&stands)];
    lead.extend(owner(tracked));
    let mut items = told(actions, ACTIONS_MAX, ROW_SENTENCE_UNITS_MAX);
    items.extend(state(tracked, today));
    if items.is_empty() {
        items.push(vec![Piece::plain("Nothing is due.")]);
    }
    Block::listed(lead, items)
}

/// `Needs fixing when checked on 22 Nov 2026`: what was kept then.
fn standing(tracked: &Tracked) -> String {
    format!("{} when checked on {}", say::verdict(tracked.verdict), say::day(tracked.judged_on))
}

fn owner(tracked: &Tracked) -> Vec<Piece> {
    if tracked.owner.is_empty() {
        return vec![Piece::plain(" No owner.")];
    }
    vec![Piece::plain(" Owner: "), Piece::person(&tracked.owner)]
}

fn told(actions: &[Action], most: usize, units_max: usize) -> Vec<Vec<Piece>> {
    let item = |action: &Action| {
        let rule = format!(" ({})", action.rule);
        vec![Piece::bold(&words::by(action.due)), Piece::cut(&action.text, units_max), Piece::plain(&rule)]
    };
    let mut items: Vec<Vec<Piece>> = actions.iter().take(most).map(item).collect();
    let more = actions.len().saturating_sub(most);
    if more > 0 {
        items.push(vec![Piece::plain(&format!("And {more} more."))]);
    }
    items
}

fn state(tracked: &Tracked, today: NaiveDate) -> Option<Vec<Piece>> {
    Some(vec![Piece::plain(&quiet(tracked, today)?)])
}

/// That nobody is reminded of it, where that is so.
fn quiet(tracked: &Tracked, today: NaiveDate) -> Option<String> {
    match tracked.snoozed_until {
        _ if tracked.is_stopped => Some("Reminders are stopped.".to_owned()),
        Some(until) if until > today => Some(format!("Snoozed: no reminders before {}.", say::day(until))),
        _ => None,
    }
}

/// The buttons of a row on a day: updated, snooze, stop, and its card where this is not it.
pub fn buttons(stands: Stands, tracked: &Tracked, today: NaiveDate) -> Block {
    let (which, name) = (tracked.which(), tracked.name());
    let value = json(&which);
    let button =
        |action, says: &str, label: &str| Element::button(action, says, &value, &format!("{label} {name}"));
    let mut elements = vec![button(press::UPDATED, "Updated", "Updated in ACE today:")];
    if quiet(tracked, today).is_some() {
        elements.push(button(press::RESUME, "Remind again", "Remind again of"));
    }
    if !tracked.is_stopped {
        let choices = SNOOZES
            .iter()
            .map(|(snooze, says)| Choice::new(says, json(&Snoozed { which: which.clone(), s: *snooze })));
        elements.push(Element::menu(press::SNOOZE, "Snooze …", choices.collect()));
        elements.push(button(press::STOP, "Stop", "Stop reminders of"));
    }
    if stands == Stands::Card {
        elements.push(Element::people(press::OWNER, "Owner …", &tracked.owner));
        elements.push(button(press::FORGET, "Forget", "Forget").asking(
            "Forget this opportunity?",
            &format!(
                "{} and its history are forgotten here, and this cannot be undone. Nothing changes in ACE.",
                cut(&name)
            ),
        ));
    } else {
        elements.push(button(press::CARD, "Details", "Details of"));
    }
    // A menu of people gives back whom it was chosen, and no value of ours: its block says which opportunity it is about.
    let about = if stands == Stands::Card { value } else { which.o };
    Block::NamedActions { block_id: stands.block_id(&about), elements }
}

/// What is to be done first, for a screen reader, or why nothing is said.
fn next_or_quiet(tracked: &Tracked, actions: &[Action], today: NaiveDate) -> String {
    let next = actions.first().map(|next| format!("{}{}", words::by(next.due), next.text));
    let said: Vec<String> = quiet(tracked, today).into_iter().chain(next).collect();
    if said.is_empty() { "Nothing is due.".to_owned() } else { said.join(" ") }
}

fn cut(text: &str) -> String {
    super::text::clipped(&super::text::one_line(text), NAME_UNITS_MAX)
}
