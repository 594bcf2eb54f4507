//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16, Windows-1252.
//!
//! What is no text at all is not guessed at here; `sniff` names it before or after.

use std::borrow::Cow;

/// So many bytes show which of the two bytes of UTF-16 is the empty one.
const UTF16_PROBE_BYTES: usize = 1024;

/// What bytes turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    /// Text, and what was wrong with it, as a sentence.
    Text(String, Option<&'static str>),
    /// It holds characters that no text has.
    Binary,
}

/// Decodes `bytes`. Valid UTF-8 is taken over without copying.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    if let Some(unit) = utf16_without_mark(&bytes) {
        return utf16(&bytes, unit);
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Decoded::Binary;
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{FEFF}') {
                text.drain(..'\u{FEFF}'.len_utf8());
            }
            Decoded::Text(text, None)
        }
        Err(error) => not_quite_utf8(error.as_bytes()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut lost = false;
    let text: String = char::decode_utf16(units)
        .map(|result| {
            result.unwrap_or_else(|_| {
                lost = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if text.contains('\0') {
        return Decoded::Binary;
    }
    let remark = "Some characters of this UTF-16 text are damaged and were replaced; save the file as UTF-8.";
    Decoded::Text(text, lost.then_some(remark))
}

/// UTF-16 whose first characters are mostly Latin has a zero in every second byte, and hardly one in the others.
fn utf16_without_mark(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let probe = &bytes[..bytes.len().min(UTF16_PROBE_BYTES)];
    let pairs = probe.len() / 2;
    if pairs < 2 || bytes.len() % 2 == 1 {
        return None;
    }
    let zeros = |at: usize| probe.chunks_exact(2).filter(|pair| pair[at] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    if second * 10 >= pairs * 7 && first * 20 <= pairs {
        Some(u16::from_le_bytes)
    } else if first * 10 >= pairs * 7 && second * 20 <= pairs {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

/// UTF-8 with a few damaged characters, or Windows-1252: whichever explains more of what is not ASCII.
fn not_quite_utf8(bytes: &[u8]) -> Decoded {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if whole > broken {
        let text = String::from_utf8_lossy(bytes).into_owned();
        return Decoded::Text(
            text,
            Some("Some characters of this text are damaged and were replaced; save the file as UTF-8."),
        );
    }
    Decoded::Text(windows_1252(bytes).into_owned(), None)
}

/// Where Windows-1252 differs from Latin-1: 0x80 to 0x9F. What it leaves open stays a replacement character.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
    '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> Cow<'static, str> {
    let decode = |byte: &u8| match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    bytes.iter().map(decode).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        assert_eq!(decode(bytes.to_vec()), Decoded::Text(text.to_owned(), None));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        check(b"\xEF\xBB\xBFStage", "Stage");
        check(b"\xFF\xFES\0t\0", "St");
        check(b"\xFE\xFF\0S\0t", "St");
    }

    #[test]
    fn utf16_is_known_without_its_mark() {
        let little: Vec<u8> = "Stage\tCity é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&little, "Stage\tCity é");
        let big: Vec<u8> = "Stage\tCity é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&big, "Stage\tCity é");
    }

    #[test]
    fn windows_1252_is_what_is_not_utf8() {
        check(b"Lost to Competitor \x96 Z\xFCrich \x80", "Lost to Competitor – Zürich €");
    }

    #[test]
    fn one_damaged_character_does_not_spoil_the_others() {
        let Decoded::Text(text, Some(remark)) = decode(b"Z\xC3\xBCrich K\xC3\xB6ln \xC3".to_vec()) else {
            panic!("text with a remark");
        };
        assert_eq!(text, "Zürich Köln \u{FFFD}");
        assert!(remark.contains("damaged"));
    }

    #[test]
    fn bytes_with_zeros_are_no_text() {
        assert_eq!(decode(b"abc\0def, and more".to_vec()), Decoded::Binary);
        assert_eq!(decode(Vec::new()), Decoded::Text(String::new(), None));
    }
}
