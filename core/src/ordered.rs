//! A small map in the order in which it was filled, for the report's few short tables.
//!
//! It is looked through from the front. A search tree for each of them would be a twentieth of the module that a
//! browser loads.

use serde::{Serialize, Serializer};
use std::borrow::Borrow;
use std::ops::Index;

/// A small map in the order in which it was filled; in JSON an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<K, V>(Vec<(K, V)>);

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Ordered(Vec::new())
    }
}

impl<K: PartialEq, V> Ordered<K, V> {
    /// Adds an entry whose key is not there yet.
    pub(crate) fn add(&mut self, key: K, value: V) {
        debug_assert!(self.0.iter().all(|(known, _)| *known != key), "a key is added once");
        self.0.push((key, value));
    }

    /// The value of `key`.
    pub fn get<Q: PartialEq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.iter().find(|(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The values, in order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: PartialEq + Copy> Ordered<K, usize> {
    /// How often each of `all` occurs among `found`, in the order of `all`; what does not occur is left out.
    pub(crate) fn counts(all: &[K], found: impl Iterator<Item = K>) -> Self {
        let mut counts: Vec<(K, usize)> = all.iter().map(|one| (*one, 0)).collect();
        for one in found {
            if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == one) {
                *count += 1;
            }
        }
        counts.retain(|(_, count)| *count > 0);
        Ordered(counts)
    }
}

impl<K: PartialEq, V> FromIterator<(K, V)> for Ordered<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut filled = Ordered::default();
        entries.into_iter().for_each(|(key, value)| filled.add(key, value));
        filled
    }
}

impl<V> Index<&str> for Ordered<String, V> {
    type Output = V;

    /// # Panics
    /// When there is no such key; [`Ordered::get`] does not.
    fn index(&self, key: &str) -> &V {
        self.get(key).expect("the key is there")
    }
}

impl<K: Serialize, V: Serialize> Serialize for Ordered<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_keep_the_order_of_all_and_leave_out_what_does_not_occur() {
        let counts = Ordered::counts(&["a", "b", "c"], ["c", "a", "x", "c"].into_iter());
        assert_eq!(
            counts.iter().map(|(key, count)| (*key, *count)).collect::<Vec<_>>(),
            [("a", 1), ("c", 2)]
        );
        assert_eq!(counts.get("b"), None);
        assert_eq!(serde_json::to_string(&counts).unwrap(), r#"{"a":1,"c":2}"#);
    }
}
