//! What a channel tracks, a page at a time, and the card of one.

use super::note::logged;
use super::{
    Note, SNOOZE_DAY, SNOOZE_FORM, Stands, buttons, cut, next_or_quiet, owner, press, row, standing, state,
    told,
};
use crate::reminders::due::Due;
use crate::reminders::schedule::Zone;
use crate::store::{Logged, Tracked};
use crate::views::block::Field as Input;
use crate::views::block::{Block, Element, Message, Piece, View};
use crate::views::form::FIELD;
use chrono::NaiveDate;
use podcheck_core::field::Field;
use podcheck_core::report::Action;
use podcheck_core::say;

/// A page of the list has so many rows: two blocks each.
pub const ROWS_MAX: usize = 10;
/// A card tells so many things to do.
const CARD_ACTIONS_MAX: usize = 8;
/// A card tells so many things that were done.
pub const LOG_MAX: usize = 6;
const SENTENCE_UNITS_MAX: usize = 300;

/// A page of what a channel tracks.
#[derive(Debug)]
pub struct Page<'t> {
    /// The rows, each with what is due.
    pub rows: Vec<(&'t Tracked, Vec<Action>)>,
    /// Its number, from 0.
    pub page: usize,
    /// How many there are on all pages.
    pub total: usize,
    /// How many of them have something due.
    pub due: usize,
    /// The channel's day.
    pub today: NaiveDate,
}

impl Page<'_> {
    fn pages(&self) -> usize {
        self.total.div_ceil(ROWS_MAX)
    }

    /// The page as a message, after what was just done.
    pub fn message(&self, note: Option<&Note>) -> Message {
        let tracked = say::opportunities(self.total);
        let due = if self.due == 0 {
            "nothing is due".to_owned()
        } else {
            format!("something is due for {}", self.due)
        };
        let mut lead = format!("This channel tracks {tracked}; {due}.");
        if self.pages() > 1 {
            lead.push_str(&format!(" Page {} of {}, most urgent first.", self.page + 1, self.pages()));
        }
        let mut text = note.map_or(String::new(), |note| format!("{}\n", note.text()));
        text.push_str(&lead);
        let mut blocks = note.map_or(Vec::new(), |note| note.blocks(Stands::List(self.page)));
        blocks.push(Block::paragraph([Piece::bold(&lead)]));
        for (tracked, actions) in &self.rows {
            let next = next_or_quiet(tracked, actions, self.today);
            text.push_str(&format!("\n• {}. {}. {next}", tracked.name(), standing(tracked)));
            blocks.push(row(tracked, actions, self.today));
            blocks.push(buttons(Stands::List(self.page), tracked, self.today));
        }
        blocks.extend(self.turns());
        Message::new(&text, blocks)
    }

    fn turns(&self) -> Option<Block> {
        let mut elements = Vec::new();
        if self.page > 0 {
            let back = (self.page - 1).to_string();
            elements.push(Element::button(press::LIST_BACK, "Previous", &back, "Previous page"));
        }
        if self.page + 1 < self.pages() {
            let on = (self.page + 1).to_string();
            elements.push(Element::button(press::LIST, "Next", &on, "Next page"));
        }
        (!elements.is_empty()).then_some(Block::Actions { elements })
    }
}

/// One opportunity of a channel of this zone: how it stands, what is due, what is kept of it, and what was done with it
/// last.
pub fn card(
    tracked: &Tracked,
    due: Option<&Due<'_>>,
    log: &[Logged],
    zone: &Zone,
    today: NaiveDate,
    note: Option<&Note>,
) -> Message {
    let name = tracked.name();
    let stands = standing(tracked);
    let mut lead = vec![Piece::bold(&stands), Piece::plain(".")];
    lead.extend(owner(tracked));
    let mut blocks = note.map_or(Vec::new(), |note| note.blocks(Stands::Card));
    blocks.extend([Block::header(&name), Block::listed(lead, state(tracked, today).into_iter().collect())]);
    let actions = due.map_or(&[][..], |due| due.actions.as_slice());
    if actions.is_empty() {
        blocks.push(Block::paragraph([Piece::plain("Nothing is due.")]));
    } else {
        blocks.push(Block::list("What is due", told(actions, CARD_ACTIONS_MAX, SENTENCE_UNITS_MAX)));
    }
    blocks.push(buttons(Stands::Card, tracked, today));
    blocks.push(Block::list("What pod-check keeps of it", kept(tracked)));
    if !log.is_empty() {
        blocks.push(Block::list("History", log.iter().map(|done| logged(done, zone)).collect()));
    }
    let note = note.map_or(String::new(), |note| format!("{}\n", note.text()));
    let next = next_or_quiet(tracked, actions, today);
    Message::new(&format!("{note}{name}. {stands}. {next}"), blocks)
}

/// What is kept, in the order in which a report lists it.
fn kept(tracked: &Tracked) -> Vec<Vec<Piece>> {
    let fields = Field::ALL.iter().filter_map(|field| Some((*field, tracked.fact(*field)?)));
    let item = |(field, value): (Field, &str)| {
        let mut label = field.label().to_owned();
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        // A moment is kept where a day is meant.
        let day = value.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
        let value = day.map_or_else(|| cut(value), |day| say::day(day).to_string());
        vec![Piece::bold(&format!("{label}: ")), Piece::plain(&value)]
    };
    fields.map(item).collect()
}

/// The form that asks for a day to be quiet until; `memory` comes back when it is sent.
pub fn snooze_form(day: NaiveDate, memory: String) -> View {
    let blocks = vec![Block::field(
        SNOOZE_DAY,
        "No reminders before",
        "",
        Input::Datepicker { action_id: FIELD, initial_date: day.to_string() },
    )];
    View::modal("Snooze", "Snooze", SNOOZE_FORM, memory, blocks)
}
