//! The keys of a document's records, each looked up once: records of one file mostly have the same keys in the same
//! order, so that the key that followed the last time is nearly always the one that follows again.

use super::names::Meaning;
use super::scan::unescaped;
use std::collections::BTreeMap;

/// More different keys without a meaning are not remembered.
const PLAIN_KEYS_MAX: usize = 4_096;
/// More different keys are left unread, with a problem: an index must fit beside those of the API's paths.
const KEYS_MAX: usize = 32_768;

/// The keys seen so far, in the order in which they were first seen.
#[derive(Debug)]
pub(super) struct Keys {
    list: Vec<Key>,
    // Ordered, not hashed: no document can choose keys that collide.
    by_text: BTreeMap<Box<str>, u16>,
    /// Whether a key with a meaning had to be left out.
    pub(super) is_full: bool,
}

#[derive(Debug)]
struct Key {
    text: Box<str>,
    meaning: Meaning,
    /// The key that followed it the last time.
    next: u16,
}

impl Keys {
    /// Stands before the first key of a record.
    pub(super) const BEFORE: u16 = 0;
    /// Every key that is not remembered.
    const OTHER: u16 = 1;

    pub(super) fn new() -> Self {
        let none = || Key { text: "".into(), meaning: Meaning::default(), next: Self::OTHER };
        Keys { list: vec![none(), none()], by_text: BTreeMap::new(), is_full: false }
    }

    /// The index of the key `text`, which follows the key `last`.
    #[inline]
    pub(super) fn intern(&mut self, text: &str, last: u16) -> u16 {
        let expected = self.list[usize::from(last)].next;
        if expected != Self::OTHER && &*self.list[usize::from(expected)].text == text {
            return expected;
        }
        let index = match self.by_text.get(text) {
            Some(index) => *index,
            None => self.insert(text),
        };
        self.list[usize::from(last)].next = index;
        index
    }

    fn insert(&mut self, text: &str) -> u16 {
        let meaning = match text.contains('\\') {
            true => Meaning::of(&unescaped(text)),
            false => Meaning::of(text),
        };
        let max = if meaning.is_nothing() { PLAIN_KEYS_MAX } else { KEYS_MAX };
        let index = match u16::try_from(self.list.len()) {
            Ok(index) if self.list.len() < max => index,
            _ => {
                self.is_full |= !meaning.is_nothing();
                return Self::OTHER;
            }
        };
        self.list.push(Key { text: text.into(), meaning, next: Self::OTHER });
        self.by_text.insert(text.into(), index);
        index
    }

    /// The index of the key `text`, which follows the key `last`, if it was seen.
    #[inline]
    pub(super) fn find(&self, text: &str, last: u16) -> u16 {
        let expected = self.list[usize::from(last)].next;
        if expected != Self::OTHER && &*self.list[usize::from(expected)].text == text {
            return expected;
        }
        self.by_text.get(text).copied().unwrap_or(Self::OTHER)
    }

    /// What the key with this index means.
    #[inline]
    pub(super) fn meaning(&self, index: u16) -> &Meaning {
        &self.list[usize::from(index)].meaning
    }

    /// The key with this index, as it stands.
    pub(super) fn text(&self, index: u16) -> &str {
        self.list.get(usize::from(index)).map_or("", |key| &key.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json::names::Family;
    use crate::field::Field;

    #[test]
    fn a_key_is_found_in_any_order() {
        let mut keys = Keys::new();
        let stage = keys.intern("stage", Keys::BEFORE);
        let city = keys.intern("city", stage);
        assert_eq!(keys.find("stage", Keys::BEFORE), stage);
        assert_eq!(keys.find("stage", city), stage);
        assert_eq!(keys.find("city", Keys::BEFORE), city);
        assert_eq!(keys.meaning(city).in_family(Family::Canonical), Some(Field::City));
        assert!(keys.meaning(keys.find("town", city)).is_nothing());
    }

    #[test]
    fn keys_without_a_meaning_never_push_out_one_that_has_one() {
        let mut keys = Keys::new();
        for n in 0..2 * PLAIN_KEYS_MAX {
            keys.intern(&format!("k{n}"), Keys::BEFORE);
        }
        let stage = keys.intern("Stage", Keys::BEFORE);
        assert_eq!(keys.text(stage), "Stage");
        assert!(!keys.is_full);
    }
}
