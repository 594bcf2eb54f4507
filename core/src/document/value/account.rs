//! Account ids: twelve digits, or several times twelve where only one belongs.

use crate::document::{Cell, Form};
use crate::fact::{Note, Reading, Unknown};
use crate::opportunity::{AccountId, Accounts};

/// A spreadsheet or a JSON number drops zeros in front, rarely more than three.
const DIGITS_MIN: usize = 9;

/// More ids of one cell are not an account field any more.
const IDS_MAX: usize = 1_000;

const NO_ID: &str = "is no 12-digit account id";
const ROUNDED: &str = "was rounded by a spreadsheet; copy the column as text";
const TOO_FEW: &str = "has fewer than 12 digits";
const TOO_MANY: &str = "has more than 12 digits";

/// One or several account ids.
///
/// Ids are separated by a comma, semicolon, slash, bar, line or space; spaces and dashes within one id, as the
/// console writes it, do not separate. One id that cannot be read makes the whole cell unreadable.
pub fn accounts<'d>(cell: &Cell<'d>) -> Reading<'d, Accounts> {
    let text = cell.text.trim();
    if let Some(id) = twelve_digits(text) {
        return Ok((Accounts::One(id), None));
    }
    read_all(text, cell.form).map_err(|why| Unknown::Unreadable { raw: cell.text.clone(), why })
}

fn read_all(text: &str, form: Form) -> Result<(Accounts, Option<Note>), &'static str> {
    if is_rounded(text) {
        return Err(ROUNDED);
    }
    let mut ids = Ids { distinct: Vec::new(), note: None, form };
    for piece in text.split([',', ';', '/', '|', '\n', '\r', '\t']) {
        ids.read_piece(piece)?;
    }
    let accounts = match ids.distinct.as_slice() {
        [] => return Err(NO_ID),
        [id] => Accounts::One(*id),
        _ => Accounts::Several(ids.distinct),
    };
    Ok((accounts, ids.note))
}

/// The ids read so far, and how the cell stood.
struct Ids {
    distinct: Vec<AccountId>,
    note: Option<Note>,
    form: Form,
}

impl Ids {
    /// Reads a piece without separators other than spaces: `1234 5678 9012` is one id, two times twelve are two.
    fn read_piece(&mut self, piece: &str) -> Result<(), &'static str> {
        let (mut number, mut length, mut groups) = (0, 0, 0);
        for group in piece.split_whitespace() {
            let (digits, count) = digits_of(group)?;
            if length > 0 && length + count > AccountId::DIGITS {
                self.end(number, length, groups)?;
                (number, length, groups) = (0, 0, 0);
            }
            number = number * 10_u64.pow(u32::try_from(count).unwrap_or(0)) + digits;
            length += count;
            groups += if group.contains(['-', '–']) { 2 } else { 1 };
            if length == AccountId::DIGITS {
                self.end(number, length, groups)?;
                (number, length, groups) = (0, 0, 0);
            }
        }
        if length > 0 { self.end(number, length, groups) } else { Ok(()) }
    }

    /// An id ends here: `length` digits that were written in so many groups.
    fn end(&mut self, number: u64, length: usize, groups: usize) -> Result<(), &'static str> {
        if length < AccountId::DIGITS {
            let may_have_lost_zeros = matches!(self.form, Form::TableCell | Form::JsonLiteral);
            if !may_have_lost_zeros || length < DIGITS_MIN || groups > 1 {
                return Err(if length < DIGITS_MIN || groups > 1 {
                    TOO_FEW
                } else {
                    "has fewer than 12 digits; write the zeros in front"
                });
            }
            self.note = Some(Note::LeadingZerosRestored);
        }
        if number == 0 {
            return Err("is all zeros");
        }
        let id = AccountId::from_number(number).ok_or(TOO_MANY)?;
        if self.distinct.len() == IDS_MAX {
            return Err("holds more account ids than can be read");
        }
        if !self.distinct.contains(&id) {
            self.distinct.push(id);
        }
        Ok(())
    }
}

fn twelve_digits(text: &str) -> Option<AccountId> {
    let bytes = text.as_bytes();
    if bytes.len() != AccountId::DIGITS {
        return None;
    }
    let mut number = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(byte - b'0');
    }
    AccountId::from_number(number).filter(|_| number != 0)
}

/// The digits of a group without its dashes and quotes, and how many there are.
fn digits_of(group: &str) -> Result<(u64, usize), &'static str> {
    let bare = group.trim_matches(['\'', '"', '’', '`']);
    if is_rounded(bare) {
        return Err(ROUNDED);
    }
    let (mut number, mut count) = (0_u64, 0);
    for c in without_fraction(bare).chars() {
        match c {
            '0'..='9' if count == AccountId::DIGITS => return Err(TOO_MANY),
            '0'..='9' => {
                number = number * 10 + u64::from(c) - u64::from('0');
                count += 1;
            }
            '-' | '\u{2010}'..='\u{2013}' => {}
            _ => return Err(NO_ID),
        }
    }
    Ok((number, count))
}

/// `123456789012.0`: what a number column becomes when one of its cells is empty.
fn without_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    }
}

/// `1.23457E+11`: the digits after the sixth are gone.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && are_digits(exponent.trim_start_matches('+'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::value::testing::cell;

    fn at(text: &str, form: Form) -> Cell<'_> {
        Cell { form, ..cell(text) }
    }

    #[track_caller]
    fn unreadable(cell: &Cell<'_>, part: &str) {
        match accounts(cell) {
            Err(Unknown::Unreadable { why, .. }) => assert!(why.contains(part), "{}: {why}", cell.text),
            other => panic!("{}: {other:?}", cell.text),
        }
    }

    #[track_caller]
    fn are(cell: &Cell<'_>, expect: &[&str], note: Option<Note>) {
        let (accounts, read_note) = accounts(cell).unwrap();
        let ids: Vec<String> = accounts.all().iter().map(ToString::to_string).collect();
        assert_eq!(
            (ids.as_slice(), read_note),
            (&expect.iter().map(ToString::to_string).collect::<Vec<_>>()[..], note)
        );
        assert_eq!(accounts.one().is_some(), expect.len() == 1);
    }

    #[test]
    fn what_is_no_id_says_why() {
        for (text, part) in [
            ("none", "no 12-digit"),
            ("12345678901a", "no 12-digit"),
            ("１２３４５６７８９０１２", "no 12-digit"),
            ("-", "no 12-digit"),
            (";", "no 12-digit"),
            ("12345678", "fewer"),
            ("1234-5678-901", "fewer"),
            ("1234567890123", "more"),
            ("000000000000", "zeros"),
            ("0000-0000-0000", "zeros"),
            ("1.23457E+11", "rounded by a spreadsheet"),
            ("1,23457E+11", "rounded"),
            ("1E11", "rounded"),
            ("123456789012.5", "no 12-digit"),
            ("123456789012; see mail", "no 12-digit"),
            ("123456789012, 1.23457E+11", "rounded"),
        ] {
            unreadable(&cell(text), part);
        }
    }

    #[test]
    fn dashes_spaces_and_an_apostrophe_do_not_belong_to_the_id() {
        for text in [
            "123456789012",
            "1234-5678-9012",
            "1234 5678 9012",
            "'123456789012",
            " 1234\u{a0}5678\u{a0}9012 ",
            "123456789012.0",
            "123456789012;",
            "123456789012, 1234-5678-9012",
        ] {
            are(&cell(text), &["123456789012"], None);
        }
    }

    #[test]
    fn zeros_are_restored_only_where_a_number_lost_them() {
        let restored = Some(Note::LeadingZerosRestored);
        for form in [Form::TableCell, Form::JsonLiteral] {
            unreadable(&at("12345678", form), "fewer");
            are(&at("123456789", form), &["000123456789"], restored);
            are(&at("12345678901", form), &["012345678901"], restored);
            are(&at("012345678901", form), &["012345678901"], None);
        }
        for form in [Form::JsonString, Form::Typed] {
            unreadable(&at("12345678901", form), "zeros in front");
        }
    }

    #[test]
    fn several_ids_are_kept_in_order_and_once_each() {
        let both = &["210987654321", "123456789012"];
        for text in [
            "210987654321,123456789012",
            "210987654321 ; 123456789012",
            "210987654321/123456789012",
            "210987654321 123456789012",
            "210987654321\r\n123456789012\n210987654321",
            "2109 8765 4321 1234 5678 9012",
            "2109-8765-4321 1234-5678-9012",
        ] {
            are(&cell(text), both, None);
        }
        are(
            &cell("12345678901 210987654321"),
            &["012345678901", "210987654321"],
            Some(Note::LeadingZerosRestored),
        );
    }
}
