//! A fact is known, or it says why not; either way it says where it stands.

use crate::field::Field;
use std::borrow::Cow;

/// A stretch of a document's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// Where a value stands: a document, a record of it, and the characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The document's index; [`At::STATED`] for what the user stated.
    pub document: u16,
    /// The heading or path under which it stood, as an index into the document's headings.
    pub heading: u16,
    /// The record's index within the document, from 0.
    pub record: u32,
    /// The characters.
    pub span: Span,
}

impl At {
    /// The document index of a supplement: it stands in no document.
    pub const STATED: u16 = u16::MAX;

    /// Whether the user stated it.
    pub fn is_stated(self) -> bool {
        self.document == Self::STATED
    }
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown<'d> {
    /// The cell is empty or null, or a free form leaves it out.
    Blank,
    /// The format, or this file's columns, do not carry it.
    NotInFormat,
    /// A spend or EUR document is there, without a row for this account.
    NoRow,
    /// It is there and cannot be read.
    Unreadable {
        /// What stands there.
        raw: Cow<'d, str>,
        /// What is wrong with it, as the rest of a sentence: `has no such day`.
        why: &'static str,
    },
    /// It can be read in two ways.
    Ambiguous(Box<Ambiguity<'d>>),
    /// AWS hides it until the referral is accepted.
    Masked,
    /// Two places say different things.
    Conflicting(Box<Conflict<'d>>),
}

/// A value that can be read in two ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguity<'d> {
    /// What stands there.
    pub raw: Cow<'d, str>,
    /// The two readings, in words.
    pub readings: [String; 2],
}

/// Two places that say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict<'d> {
    /// What the first place says.
    pub first: Cow<'d, str>,
    /// What the second place says.
    pub second: Cow<'d, str>,
    /// Where the second stands.
    pub other: At,
}

impl Unknown<'_> {
    /// Blank, not carried or without a row: nothing is there that could be wrong.
    pub fn is_soft(&self) -> bool {
        matches!(self, Unknown::Blank | Unknown::NotInFormat | Unknown::NoRow)
    }

    /// The same, without a hold on the document's text.
    pub(crate) fn into_owned(self) -> Unknown<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Unknown::Blank => Unknown::Blank,
            Unknown::NotInFormat => Unknown::NotInFormat,
            Unknown::NoRow => Unknown::NoRow,
            Unknown::Unreadable { raw, why } => Unknown::Unreadable { raw: owned(raw), why },
            Unknown::Ambiguous(two) => {
                Unknown::Ambiguous(Box::new(Ambiguity { raw: owned(two.raw), readings: two.readings }))
            }
            Unknown::Masked => Unknown::Masked,
            Unknown::Conflicting(two) => Unknown::Conflicting(Box::new(Conflict {
                first: owned(two.first),
                second: owned(two.second),
                other: two.other,
            })),
        }
    }
}

/// What was done to read a value; shown beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Zeros that a spreadsheet dropped were put back in front.
    LeadingZerosRestored,
    /// The number of days of a spreadsheet was read as a date.
    SpreadsheetDate,
    /// The order of day and month was proved by the rest of the column.
    OrderProvedByColumn,
    /// `Closed Won` was read as Launched.
    ClosedWonIsLaunched,
    /// `END_CUSTOMER` of the Channel API was read as End User.
    EndCustomerIsEndUser,
    /// Two letters were read as a US state.
    StateByLetters,
    /// A US state's name was read as its letters' state.
    StateByName,
    /// True of every record of this format.
    ByConstruction,
    /// AWS fills it in when it is left out.
    AwsDefault,
    /// The newest of several dates.
    NewestOfSeveral,
    /// No currency was given: US dollars.
    AssumedUsd,
}

/// A value as it was read: known with what was done to read it, or why not.
pub type Reading<'d, T> = Result<(T, Option<Note>), Unknown<'d>>;

/// The answer of a rule that needs a fact and cannot have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing(pub Field);

/// One canonical value of one opportunity, with its provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<'d, T> {
    /// Which fact it is.
    pub field: Field,
    /// The value, or why there is none.
    pub value: Result<T, Unknown<'d>>,
    /// Where it stands, if it stands anywhere.
    pub at: Option<At>,
    /// What was done to read it.
    pub note: Option<Note>,
    /// Where the document says it, when the user stated something else.
    pub overruled: Option<At>,
}

impl<'d, T> Fact<'d, T> {
    /// A fact that is not there, and why.
    pub fn absent(field: Field, why: Unknown<'d>) -> Self {
        Fact { field, value: Err(why), at: None, note: None, overruled: None }
    }

    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        self.value.as_ref().ok()
    }

    /// The value; without one, the rule that asks "cannot tell".
    ///
    /// # Errors
    /// [`Missing`] names this field; `?` hands it to the judge, which says why and how to supply it.
    pub fn get(&self) -> Result<&T, Missing> {
        self.value.as_ref().map_err(|_| Missing(self.field))
    }

    /// The value, or none where nothing is there: for a rule to which nothing is an answer too.
    ///
    /// # Errors
    /// [`Missing`] names this field when something is there that cannot be read.
    pub fn given(&self) -> Result<Option<&T>, Missing> {
        match &self.value {
            Ok(value) => Ok(Some(value)),
            Err(why) if why.is_soft() => Ok(None),
            Err(_) => Err(Missing(self.field)),
        }
    }

    /// Why it is not known, if it is not.
    pub fn unknown(&self) -> Option<&Unknown<'d>> {
        self.value.as_ref().err()
    }

    /// Not known because nothing is there: blank, not carried by the format, no row.
    pub fn is_softly_unknown(&self) -> bool {
        self.unknown().is_some_and(Unknown::is_soft)
    }

    /// Not known because the cell is empty.
    pub fn is_blank(&self) -> bool {
        matches!(self.value, Err(Unknown::Blank))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_fact_names_itself() {
        let fact: Fact<'_, u8> = Fact::absent(Field::Stage, Unknown::NotInFormat);
        assert_eq!(fact.get(), Err(Missing(Field::Stage)));
        assert!(fact.is_softly_unknown() && !fact.is_blank());
    }

    #[test]
    fn what_stands_there_and_cannot_be_read_is_a_hard_reason() {
        assert!(!Unknown::Masked.is_soft());
        let fact: Fact<'_, u8> =
            Fact::absent(Field::Stage, Unknown::Unreadable { raw: "x".into(), why: "is no stage" });
        assert!(!fact.is_softly_unknown());
        assert_eq!(fact.given(), Err(Missing(Field::Stage)));
        assert_eq!(Fact::<'_, u8>::absent(Field::Stage, Unknown::NoRow).given(), Ok(None));
    }
}
