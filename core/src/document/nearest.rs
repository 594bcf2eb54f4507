//! The name that was probably meant by one that is not known.

use crate::field::Field;

/// The canonical name that `key` is most probably meant to be.
pub(super) fn field_name(key: &str) -> Option<&'static str> {
    let key: Vec<u8> = key.to_ascii_lowercase().bytes().take(40).collect();
    let distance = |name: &str| edit_distance(&key, name.as_bytes());
    let best = Field::ALL.iter().map(|field| (distance(field.name()), field.name())).min()?;
    (best.0 <= 1 + key.len() / 4).then_some(best.1)
}

fn edit_distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_has_its_nearest_and_another_word_has_none() {
        assert_eq!(field_name("target_closedate"), Some("target_close_date"));
        assert_eq!(field_name("Stag"), Some("stage"));
        assert_eq!(field_name("weather"), None);
        assert_eq!(field_name(""), None);
    }
}
