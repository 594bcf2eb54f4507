//! What somebody did, in words, with a button that takes it back.

use super::{Done, Stands, cut, json, press};
use crate::reminders::schedule::Zone;
use crate::store::{Act, Change, Changed, Logged, Tracked, Undone};
use crate::views::block::{Block, Element, Message, Piece};
use podcheck_core::say;

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

    /// What came of a change that `user` wanted, in a channel of this zone.
    pub fn of_change(changed: &Changed, wanted: &Change, user: &str, zone: &Zone) -> Note {
        let mut pieces = what(wanted, &changed.tracked);
        // Where nothing changed, what was done last may be something else, which is not the caller's to take back here.
        let is_wanted = |made: &&Logged| made.act.change == *wanted && made.act.undoes.is_none();
        let made_by = changed.made_by.as_ref().filter(is_wanted);
        let undo = made_by.map(|made| Done { c: changed.tracked.place.channel.clone(), u: made.id.clone() });
        if !changed.is_new {
            match made_by {
                Some(made) => {
                    pieces.push(Piece::plain(" "));
                    pieces.push(by(&made.by, user));
                    pieces.push(Piece::plain(&format!(" did this already on {}.", day_of(made.at, zone))));
                }
                None => pieces.push(Piece::plain(" It was so already.")),
            }
        }
        Note { pieces, undo }
    }

    /// What came of undoing, in a channel of this zone.
    pub fn of_undo(undone: &Undone, user: &str, zone: &Zone) -> Note {
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
                let undid = Piece::plain(&format!(" undid this already on {}.", day_of(made.at, zone)));
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
                    pieces.extend(logged(newer, zone));
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
    pub(super) fn text(&self) -> String {
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

fn day_of(moment: i64, zone: &Zone) -> String {
    say::day(zone.day_at(moment)).to_string()
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
pub(super) fn logged(logged: &Logged, zone: &Zone) -> Vec<Piece> {
    let mut pieces = vec![Piece::plain(&format!("{}: ", day_of(logged.at, zone))), Piece::person(&logged.by)];
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
