//! Postal codes: what AWS documents for a country, and whether a code meets it.

use std::fmt::{self, Display, Write};

/// What AWS documents about a country's postal codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostalCode {
    /// The country has none.
    NotUsed,
    /// Alternatives, separated by `|`: `#` is a digit, `@` a letter, `*` either.
    Formats(&'static str),
    /// Nothing: any code will do.
    Undocumented,
}

/// Whether `code` has one of the formats, in whatever case.
pub(super) fn meets(formats: &str, code: &str) -> bool {
    formats.split('|').any(|format| {
        format.len() == code.len()
            && format.bytes().zip(code.bytes()).all(|(wanted, byte)| has_form(wanted, byte))
    })
}

/// The formats as AWS writes them, `9` for a digit and `A` for a letter; those without a space only where there is
/// none with it.
pub(super) fn shown(formats: &'static str) -> impl Display {
    fmt::from_fn(move |f| {
        let is_spaced =
            |format: &str| formats.split('|').any(|other| other.contains(' ') && same(other, format));
        let mut is_first = true;
        for format in formats.split('|').filter(|format| format.contains(' ') || !is_spaced(format)) {
            f.write_str(if is_first { "" } else { " or " })?;
            is_first = false;
            for c in format.chars() {
                f.write_char(match c {
                    '#' => '9',
                    '@' => 'A',
                    '*' => 'X',
                    c => c,
                })?;
            }
        }
        Ok(())
    })
}

fn same(spaced: &str, format: &str) -> bool {
    spaced.chars().filter(|c| *c != ' ').eq(format.chars())
}

fn has_form(wanted: u8, byte: u8) -> bool {
    match wanted {
        b'#' => byte.is_ascii_digit(),
        b'@' => byte.is_ascii_alphabetic(),
        b'*' => byte.is_ascii_alphanumeric(),
        _ => byte.eq_ignore_ascii_case(&wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_decides() {
        for wrong in ["1234", "123456", "1234a", "12345-", "12345-678", "12345-67890", "１２３４５", ""]
        {
            assert!(!meets("#####|#####-####", wrong), "{wrong}");
        }
        for right in ["12345", "12345-6789"] {
            assert!(meets("#####|#####-####", right), "{right}");
        }
    }

    #[test]
    fn formats_are_shown_as_aws_writes_them() {
        assert_eq!(shown("#####|#####-####").to_string(), "99999 or 99999-9999");
        assert_eq!(shown("#### @@|####@@").to_string(), "9999 AA");
        assert_eq!(shown("######|### ###").to_string(), "999 999");
        assert_eq!(shown("VC####").to_string(), "VC9999");
    }

    #[test]
    fn letters_have_any_case_and_the_rest_stands_for_itself() {
        assert!(meets("@#@ #@#", "k1a 0B1"));
        assert!(meets("VC####", "vc0100"));
        assert!(!meets("VC####", "VX0100"));
    }
}
