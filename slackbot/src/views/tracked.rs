//! What is tracked, as people see it: a row each, a card of one, and a sentence about what somebody did.

use super::block::Field as Input;
use super::block::{Block, Choice, Element, Message, Piece, View};
use super::form::FIELD;
use crate::reminders::due::Due;
use crate::store::{Act, CHANNEL_TRACKED_MAX, Change, Changed, Logged, Taken, Tracked, Undone};
use crate::words;
use chrono::{DateTime, NaiveDate};
use podcheck_core::field::Field;
use podcheck_core::report::Action;
use podcheck_core::say;
use serde::{Deserialize, Serialize};

/// A page of the list has so many rows: two blocks each.
pub const ROWS_MAX: usize = 10;
/// A row tells so many things to do.
const ACTIONS_MAX: usize = 2;
/// A card tells so many.
const CARD_ACTIONS_MAX: usize = 8;
/// A card tells so many things that were done.
pub const LOG_MAX: usize = 6;
/// So many that are gone from an export are named.
const GONE_NAMED_MAX: usize = 5;
const SENTENCE_UNITS_MAX: usize = 300;
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

/// The buttons of a row: updated, snooze, stop, and its card where this is not it.
pub fn buttons(stands: Stands, tracked: &Tracked) -> Block {
    let (which, name) = (tracked.which(), tracked.name());
    let value = json(&which);
    let button =
        |action, says: &str, label: &str| Element::button(action, says, &value, &format!("{label} {name}"));
    let mut elements = vec![button(press::UPDATED, "Updated", "Updated in ACE today:")];
    if tracked.is_stopped || tracked.snoozed_until.is_some() {
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

/// What somebody did, in words, with a button that takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pieces: Vec<Piece>,
    undo: Option<Done>,
}

impl Note {
    /// A sentence about nothing that could be undone.
    pub fn sentence(text: &str) -> Note {
        Note { pieces: vec![Piece::plain(text)], undo: None }
    }

    /// What came of a change that `user` wanted.
    pub fn of_change(changed: &Changed, wanted: &Change, user: &str) -> Note {
        let mut pieces = what(wanted, &changed.tracked);
        let undo = changed
            .made_by
            .as_ref()
            .filter(|made| made.act.undoes.is_none())
            .map(|made| Done { c: changed.tracked.place.channel.clone(), u: made.id.clone() });
        if !changed.is_new {
            match changed.made_by.as_ref().filter(|made| made.act.change == *wanted) {
                Some(made) => {
                    pieces.push(Piece::plain(" "));
                    pieces.push(by(&made.by, user));
                    pieces.push(Piece::plain(&format!(" did this already on {}.", day_of(made.at))));
                }
                None => pieces.push(Piece::plain(" It was so already.")),
            }
        }
        Note { pieces, undo }
    }

    /// What came of undoing.
    pub fn of_undo(undone: &Undone, user: &str) -> Note {
        match undone {
            Undone::Now(tracked, change) => {
                let (before, after) = match change {
                    Change::Updated(_) => ("", " is no longer marked as updated."),
                    Change::Snooze(_) => ("", " is no longer snoozed."),
                    Change::Stop => ("reminders of ", " are no longer stopped."),
                    Change::Resume => ("there are no reminders of ", ", as before."),
                    Change::Owner(_) => ("the owner of ", " is as before."),
                };
                let name = Piece::bold(&cut(&tracked.name()));
                Note {
                    pieces: vec![Piece::plain(&format!("Undone: {before}")), name, Piece::plain(after)],
                    undo: None,
                }
            }
            Undone::Before(_, made) => {
                let undid = Piece::plain(&format!(" undid this already on {}.", day_of(made.at)));
                Note { pieces: vec![by(&made.by, user), undid], undo: None }
            }
            Undone::Superseded(tracked, newer) => {
                let mut pieces = vec![
                    Piece::plain("This cannot be undone any more: "),
                    Piece::bold(&cut(&tracked.name())),
                    Piece::plain(" has changed since."),
                ];
                if let Some(newer) = newer {
                    pieces.push(Piece::plain(" "));
                    pieces.extend(logged(newer));
                }
                Note { pieces, undo: None }
            }
            Undone::Gone => Note::sentence("This cannot be undone any more: it is not tracked here now."),
        }
    }

    /// The sentence and its button, before what stands there.
    pub fn blocks(&self, stands: Stands) -> Vec<Block> {
        let mut blocks = vec![Block::paragraph(self.pieces.clone())];
        if let Some(undo) = &self.undo {
            let button = Element::button(press::UNDO, "Undo", &json(undo), "Undo what was just done");
            blocks.push(Block::NamedActions { block_id: stands.block_id("undo"), elements: vec![button] });
        }
        blocks
    }

    /// The same for a screen reader.
    fn text(&self) -> String {
        self.pieces.iter().map(aloud).collect()
    }

    /// The note alone.
    pub fn message(&self) -> Message {
        Message::new(&self.text(), self.blocks(Stands::Elsewhere))
    }
}

/// Names of people are no words.
fn aloud(piece: &Piece) -> &str {
    match piece {
        Piece::User { .. } => "Somebody else",
        Piece::Channel { .. } => "a channel",
        Piece::Text { text, .. } => text,
    }
}

/// Who did it, at the beginning of a sentence.
fn by(person: &str, user: &str) -> Piece {
    if person == user { Piece::plain("You") } else { Piece::person(person) }
}

fn cut(text: &str) -> String {
    super::text::clipped(&super::text::one_line(text), NAME_UNITS_MAX)
}

fn day_of(moment: i64) -> String {
    DateTime::from_timestamp(moment, 0).map_or(String::new(), |at| say::day(at.date_naive()).to_string())
}

fn what(change: &Change, tracked: &Tracked) -> Vec<Piece> {
    let name = Piece::bold(&cut(&tracked.name()));
    match change {
        Change::Updated(day) => {
            vec![name, Piece::plain(&format!(" is marked as updated in ACE on {}.", say::day(*day)))]
        }
        Change::Snooze(until) => {
            vec![name, Piece::plain(&format!(" is snoozed: no reminders before {}.", say::day(*until)))]
        }
        Change::Stop => vec![Piece::plain("Reminders of "), name, Piece::plain(" are stopped.")],
        Change::Resume => vec![Piece::plain("Reminders of "), name, Piece::plain(" are on again.")],
        Change::Owner(user) => vec![Piece::person(user), Piece::plain(" now owns "), name, Piece::plain(".")],
    }
}

/// Who did what and when, as a sentence.
fn logged(logged: &Logged) -> Vec<Piece> {
    let mut pieces = vec![Piece::plain(&format!("{}: ", day_of(logged.at))), Piece::person(&logged.by)];
    let Act { change, undoes } = &logged.act;
    let did = match (change, undoes) {
        (Change::Updated(day), None) => format!("marked it as updated on {}.", say::day(*day)),
        (Change::Updated(day), Some(_)) => format!("undid the update of {}.", say::day(*day)),
        (Change::Snooze(until), None) => format!("snoozed it until {}.", say::day(*until)),
        (Change::Snooze(until), Some(_)) => format!("undid the snooze until {}.", say::day(*until)),
        (Change::Stop, None) => "stopped its reminders.".to_owned(),
        (Change::Stop, Some(_)) => "undid the stop of its reminders.".to_owned(),
        (Change::Resume, None) => "turned its reminders on again.".to_owned(),
        (Change::Resume, Some(_)) => "undid that its reminders are on again.".to_owned(),
        (Change::Owner(user), None) => {
            pieces.extend([Piece::plain(" made "), Piece::person(user), Piece::plain(" its owner.")]);
            return pieces;
        }
        (Change::Owner(user), Some(_)) => {
            let undid = Piece::plain(" undid that ");
            pieces.extend([undid, Piece::person(user), Piece::plain(" is its owner.")]);
            return pieces;
        }
    };
    pieces.push(Piece::plain(&format!(" {did}")));
    pieces
}

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
            blocks.push(buttons(Stands::List(self.page), tracked));
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

/// One opportunity: how it stands, what is due, what is kept of it, and what was done with it last.
pub fn card(
    tracked: &Tracked,
    due: Option<&Due<'_>>,
    log: &[Logged],
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
    blocks.push(buttons(Stands::Card, tracked));
    blocks.push(Block::list("What pod-check keeps of it", kept(tracked)));
    if !log.is_empty() {
        blocks.push(Block::list("History", log.iter().map(logged).collect()));
    }
    let note = note.map_or(String::new(), |note| format!("{}\n", note.text()));
    let next = next_or_quiet(tracked, actions, today);
    Message::new(&format!("{note}{name}. {stands}. {next}"), blocks)
}

/// What is to be done first, for a screen reader, or why nothing is said.
fn next_or_quiet(tracked: &Tracked, actions: &[Action], today: NaiveDate) -> String {
    let next = actions.first().map(|next| format!("{}{}", words::by(next.due), next.text));
    let said: Vec<String> = quiet(tracked, today).into_iter().chain(next).collect();
    if said.is_empty() { "Nothing is due.".to_owned() } else { said.join(" ") }
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
