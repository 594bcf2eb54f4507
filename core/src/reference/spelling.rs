//! When two spellings are the same word: case, spaces, dashes and other punctuation do not count, `&` is `and`,
//! and the accents that country names carry are dropped.

use std::cmp::Ordering;

/// What each ASCII character counts as: a letter or digit in lower case, or nothing. `&` begins `and`.
const COUNTS_AS: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            table[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    table[b'&' as usize] = b'a';
    table
};

/// The letters and digits of a text, in lower case.
struct Folded<'a> {
    text: &'a str,
    at: usize,
    rest_of_and: &'static [u8],
}

fn folded(text: &str) -> Folded<'_> {
    Folded { text, at: 0, rest_of_and: b"" }
}

impl Iterator for Folded<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let [first, rest @ ..] = self.rest_of_and {
            self.rest_of_and = rest;
            return Some(char::from(*first));
        }
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if let Some(&counts_as) = COUNTS_AS.get(usize::from(byte)) {
                self.at += 1;
                if byte == b'&' {
                    self.rest_of_and = b"nd";
                }
                if counts_as != 0 {
                    return Some(char::from(counts_as));
                }
                continue;
            }
            let c = self.text[self.at..].chars().next()?;
            self.at += c.len_utf8();
            if c.is_alphanumeric() {
                return Some(without_accent(c));
            }
        }
    }
}

fn without_accent(c: char) -> char {
    match c {
        'à'..='å' | 'À'..='Å' => 'a',
        'ç' | 'Ç' => 'c',
        'è'..='ë' | 'È'..='Ë' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' => 'i',
        'ò'..='ö' | 'Ò'..='Ö' => 'o',
        'ù'..='ü' | 'Ù'..='Ü' => 'u',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Whether two spellings are the same.
///
/// ```
/// use podcheck_core::reference::spelling::same;
/// assert!(same("In-Review", "in review"));
/// assert!(!same("In review", "Reviewed"));
/// ```
pub fn same(a: &str, b: &str) -> bool {
    a == b || folded(a).eq(folded(b))
}

/// How two spellings are ordered, for tables that are searched by halves.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    folded(a).cmp(folded(b))
}

/// The entry of `list` that is spelled like `text`.
pub(crate) fn listed(list: &[&'static str], text: &str) -> Option<&'static str> {
    let exactly = list.iter().find(|entry| **entry == text);
    exactly.or_else(|| list.iter().find(|entry| same(entry, text))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_word_is_not_the_same() {
        for (a, b) in [("Launched", "Launch"), ("", "x"), ("1", "10"), ("Other", "Óthers")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn case_spaces_dashes_ampersands_and_accents_do_not_count() {
        for (a, b) in [
            ("END USER", "end-user"),
            ("Closed/Lost", "Closed Lost"),
            ("Computers & Electronics", "Computers and Electronics"),
            ("Lost to Competitor – Google", "Lost to Competitor - Google"),
            ("Migration / Database Migration", "Migration/Database\u{a0}Migration"),
            ("Côte d’Ivoire", "Cote d'Ivoire"),
            ("Åland Islands", "ALAND ISLANDS"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
    }
}
