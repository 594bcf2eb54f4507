//! What stands between the brackets of JSON, byte by byte: blanks, plain characters, escapes and numbers.

/// The first place from `at` on that is no blank: indentation comes in runs.
#[inline]
pub(super) fn blank_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let others = u64::from_le_bytes(*chunk) ^ u64::from_le_bytes([b' '; 8]);
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// The first place from `at` on of a quotation mark, a backslash or a control character.
#[inline]
pub(super) fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let slash = word ^ (ONES * b'\\' as u64);
        // In each term the lowest bit that is set marks a true hit; only bits above it can be false ones.
        let hits = (quote.wrapping_sub(ONES) & !quote
            | slash.wrapping_sub(ONES) & !slash
            | word.wrapping_sub(ONES * 0x20) & !word)
            & HIGH;
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// How long the escape is that `bytes` begin with, and its character if it has one.
pub(super) fn escape(bytes: &[u8]) -> (usize, Option<char>) {
    let character = match bytes.get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return escape_by_number(bytes),
        _ => return (1, None),
    };
    (2, Some(character))
}

fn escape_by_number(bytes: &[u8]) -> (usize, Option<char>) {
    let Some(high) = hex(bytes) else { return (2, None) };
    if let 0xD800..=0xDBFF = high {
        let low = bytes.get(6..).and_then(hex);
        return match low {
            Some(low @ 0xDC00..=0xDFFF) => {
                (12, char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)))
            }
            _ => (6, None),
        };
    }
    (6, char::from_u32(high))
}

/// The number of a `\u0041`.
fn hex(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}

pub(in super::super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let (length, character) = escape(&rest.as_bytes()[at..]);
        text.push(character.unwrap_or('\u{FFFD}'));
        rest = rest.get(at + length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// Whether JSON reads it as a number.
pub(super) fn is_number(word: &[u8]) -> bool {
    let digits = |from: usize| {
        word.get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count())
    };
    let mut at = usize::from(word.first() == Some(&b'-'));
    match digits(at) {
        0 => return false,
        1 => at += 1,
        _ if word.get(at) == Some(&b'0') => return false,
        count => at += count,
    }
    if word.get(at) == Some(&b'.') {
        let count = digits(at + 1);
        if count == 0 {
            return false;
        }
        at += 1 + count;
    }
    if matches!(word.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(word.get(at + 1), Some(b'+' | b'-')));
        let count = digits(at);
        if count == 0 {
            return false;
        }
        at += count;
    }
    at == word.len()
}
