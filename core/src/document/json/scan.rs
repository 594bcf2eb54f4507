//! A pull scanner over JSON text: it hands out keys and values with their places and allocates nothing.
//!
//! It is our own because `serde_json` tells no places and loses what stands before an error. What people paste is
//! read where its meaning is plain (comments, a comma too many, line breaks within a text, Python's `None`): each
//! kind of such a [`Lapse`] is remembered with its first place. There is no generic value here, on purpose.

mod literal;
#[cfg(test)]
mod tests;

use super::super::DEPTH_MAX;
pub(super) use literal::unescaped;
use literal::{blank_until, escape, is_number, plain_until};
use std::borrow::Cow;

/// Reads on from one place of a text.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    /// The next byte to look at.
    pub(super) at: usize,
    depth: usize,
    /// Where each kind of lapse first stood.
    pub(super) lapses: [Option<u32>; Lapse::ALL.len()],
    /// No comment that opens from here on is closed: known after the first such, so that it is sought once.
    unclosed_from: usize,
}

/// What is no JSON, and is read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lapse {
    Comment,
    Comma,
    Control,
    Escape,
    Word,
    Depth,
}

impl Lapse {
    pub(super) const ALL: [Lapse; 6] =
        [Lapse::Comment, Lapse::Comma, Lapse::Control, Lapse::Escape, Lapse::Word, Lapse::Depth];

    /// What it is and what was done about it, to follow "In line 3".
    pub(super) fn message(self) -> &'static str {
        match self {
            Lapse::Comment => "stands a comment, which JSON does not have; it was passed over.",
            Lapse::Comma => "stands a comma too many; it was passed over.",
            Lapse::Control => "a text holds a line break or another control character; it was kept as it is.",
            Lapse::Escape => {
                "a text holds an escape that JSON does not have; it was read as an unknown character."
            }
            Lapse::Word => {
                "stands a value as another language writes it, not JSON; it was read for what it means."
            }
            Lapse::Depth => "values are nested more than 64 deep; what is deeper was left unread.",
        }
    }
}

/// A syntax error: where, and what was expected or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    at: u32,
    pub(super) why: Why,
}

impl Fault {
    fn new(at: usize, why: Why) -> Self {
        Fault { at: byte(at), why }
    }

    pub(super) fn at(self) -> usize {
        self.at as usize
    }
}

/// A place as a document keeps it; no document is longer.
#[inline]
fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What is wrong at the place of a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Ended,
    OpenText,
    OpenComment,
    SingleQuote,
    NoKey,
    NoColon,
    NoValue,
    NoComma,
}

impl Why {
    /// As the rest of a sentence, with what to do.
    pub(super) fn message(self) -> &'static str {
        match self {
            Why::Ended => "it ends before all its brackets are closed; copy it again up to the last one",
            Why::OpenText => {
                "a text is opened and never closed; put the missing quotation mark back, or copy it again if its end was cut off"
            }
            Why::OpenComment => "a comment is opened and never closed; remove it",
            Why::SingleQuote => {
                "a single quotation mark stands where JSON has a double one; print it as JSON (in Python, with json.dumps)"
            }
            Why::NoKey => "a key in quotation marks, or a closing brace, is missing before this",
            Why::NoColon => "a colon is missing after the key",
            Why::NoValue => "what stands here is no value of JSON (a text needs quotation marks)",
            Why::NoComma => "a comma or a closing bracket is missing before this",
        }
    }
}

/// The inside of a text in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoted {
    start: u32,
    end: u32,
    escaped: bool,
}

impl Quoted {
    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn end(self) -> usize {
        self.end as usize
    }

    /// As it stands, escapes and all.
    pub(super) fn raw(self, text: &str) -> &str {
        text.get(self.start()..self.end()).unwrap_or_default()
    }

    /// What it says.
    pub(super) fn text(self, text: &str) -> Cow<'_, str> {
        let raw = self.raw(text);
        if self.escaped { Cow::Owned(unescaped(raw)) } else { Cow::Borrowed(raw) }
    }
}

/// What a value begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Object,
    Array,
    Text,
    Word,
}

impl<'t> Scanner<'t> {
    /// A scanner that begins at byte `at` of `text`, which must be the boundary of a character.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Scanner { text, at, depth: 0, lapses: [None; Lapse::ALL.len()], unclosed_from: usize::MAX }
    }

    /// How many objects and lists are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Goes on at `at`, with `depth` objects and lists open: after an error.
    pub(super) fn resume(&mut self, at: usize, depth: usize) {
        self.at = at;
        self.depth = depth;
    }

    /// The text it reads.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space and comments.
    #[inline]
    pub(super) fn space(&mut self) -> Result<(), Fault> {
        match self.byte() {
            Some(byte) if byte > b'/' || byte == b'"' || byte == b',' => Ok(()),
            _ => self.more_space(),
        }
    }

    fn more_space(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at = blank_until(bytes, self.at + 1),
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest.get(1) {
            Some(b'/') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => {
                let close = if self.at < self.unclosed_from {
                    rest.get(2..).and_then(|inside| memchr::memmem::find(inside, b"*/"))
                } else {
                    None
                };
                match close {
                    Some(close) => close + 4,
                    None => {
                        self.unclosed_from = self.unclosed_from.min(self.at);
                        return Err(self.fault(Why::OpenComment));
                    }
                }
            }
            _ => return Err(self.fault(Why::NoValue)),
        };
        self.lapse(Lapse::Comment, self.at);
        self.at += length;
        Ok(())
    }

    fn lapse(&mut self, lapse: Lapse, at: usize) {
        self.lapses[lapse as usize].get_or_insert(byte(at));
    }

    fn fault(&self, why: Why) -> Fault {
        let why = match (why, self.byte()) {
            (Why::OpenComment, _) => why,
            (_, None) => Why::Ended,
            (_, Some(b'\'')) => Why::SingleQuote,
            _ => why,
        };
        Fault::new(self.at, why)
    }

    /// What the next value begins with; the scanner stands on it.
    #[inline]
    pub(super) fn start(&mut self) -> Result<Start, Fault> {
        self.space()?;
        match self.byte() {
            Some(b'{') => Ok(Start::Object),
            Some(b'[') => Ok(Start::Array),
            Some(b'"') => Ok(Start::Text),
            Some(b'-' | b'+' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => Ok(Start::Word),
            _ => Err(self.fault(Why::NoValue)),
        }
    }

    /// Steps into the object or list that the scanner stands on.
    #[inline]
    pub(super) fn enter(&mut self) {
        self.at += 1;
        self.depth += 1;
    }

    /// Whether what the scanner stands on would be nested too deep to step into.
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth >= DEPTH_MAX
    }

    /// The next key of the object, or nothing at its end. The scanner then stands before the value.
    #[inline]
    pub(super) fn key(&mut self, first: &mut bool) -> Result<Option<Quoted>, Fault> {
        if !self.more(b'}', first, Why::NoKey)? {
            return Ok(None);
        }
        if self.byte() != Some(b'"') {
            return Err(self.fault(Why::NoKey));
        }
        let key = self.quoted()?;
        self.space()?;
        if self.byte() != Some(b':') {
            return Err(self.fault(Why::NoColon));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether the list has a next item; the scanner then stands before it.
    #[inline]
    pub(super) fn item(&mut self, first: &mut bool) -> Result<bool, Fault> {
        self.more(b']', first, Why::NoValue)
    }

    /// Whether more follows before `close`, which is passed over; `missing` is what a further comma stands for.
    #[inline]
    fn more(&mut self, close: u8, first: &mut bool, missing: Why) -> Result<bool, Fault> {
        self.space()?;
        let is_first = std::mem::replace(first, false);
        match self.byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            Some(b',') if !is_first => {
                self.at += 1;
                self.space()?;
                if self.byte() == Some(close) {
                    self.lapse(Lapse::Comma, self.at - 1);
                    self.at += 1;
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(false);
                }
                Ok(true)
            }
            Some(_) if is_first => Ok(true),
            _ => Err(self.fault(if self.byte() == Some(b',') { missing } else { Why::NoComma })),
        }
    }

    /// The text in quotation marks that the scanner stands on.
    #[inline]
    pub(super) fn quoted(&mut self) -> Result<Quoted, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at = plain_until(bytes, at);
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(Quoted { start: byte(start), end: byte(at), escaped });
                }
                Some(b'\\') => {
                    escaped = true;
                    let (length, character) = escape(&bytes[at..]);
                    if character.is_none() {
                        self.lapse(Lapse::Escape, at);
                    }
                    at += length;
                }
                Some(_) => {
                    self.lapse(Lapse::Control, at);
                    at += 1;
                }
                None => return Err(Fault::new(self.at, Why::OpenText)),
            }
        }
    }

    /// The number, `true`, `false` or `null` that the scanner stands on; nothing for a null.
    #[inline]
    pub(super) fn word(&mut self) -> Result<(usize, usize, Option<&'t str>), Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.' | b'_')))
            .unwrap_or(rest.len());
        let (start, end) = (self.at, self.at + length);
        let word = self.text.get(start..end).unwrap_or_default();
        let value = match word {
            "null" => None,
            "true" | "false" => Some(word),
            _ if is_number(word.as_bytes()) => Some(word),
            "NaN" | "None" | "undefined" | "nil" => {
                self.lapse(Lapse::Word, start);
                None
            }
            "True" | "False" | "TRUE" | "FALSE" => {
                self.lapse(Lapse::Word, start);
                Some(word)
            }
            // An account id that lost its quotation marks keeps its zeros.
            _ if word.starts_with('0') && word.bytes().all(|b| b.is_ascii_digit()) => {
                self.lapse(Lapse::Word, start);
                Some(word)
            }
            _ => return Err(self.fault(Why::NoValue)),
        };
        self.at = end;
        Ok((start, end, value))
    }

    /// Passes over the next value, whatever it is.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let outer = self.depth;
        // One bit for each open object or list: 1 for an object.
        let mut objects = 0_u128;
        loop {
            match self.start()? {
                Start::Text => drop(self.quoted()?),
                Start::Word => drop(self.word()?),
                _ if self.is_too_deep() => self.skip_unread()?,
                start => {
                    objects = objects << 1 | u128::from(start == Start::Object);
                    self.enter();
                    if self.step(objects & 1 == 1, true)? {
                        continue;
                    }
                    objects >>= 1;
                }
            }
            loop {
                if self.depth <= outer {
                    return Ok(());
                }
                if self.step(objects & 1 == 1, false)? {
                    break;
                }
                objects >>= 1;
            }
        }
    }

    /// To the next value of the open object or list, or past its end.
    #[inline]
    fn step(&mut self, is_object: bool, mut first: bool) -> Result<bool, Fault> {
        if is_object { Ok(self.key(&mut first)?.is_some()) } else { self.item(&mut first) }
    }

    /// Leaves what is open inside of `depth`, by its brackets alone: after an error.
    pub(super) fn skip_out(&mut self, depth: usize) -> Result<(), Fault> {
        let open = self.depth.saturating_sub(depth);
        if open == 0 {
            return Err(self.fault(Why::NoComma));
        }
        self.depth = depth;
        self.skip_brackets(open)
    }

    /// Passes over the object or list by its brackets alone.
    fn skip_unread(&mut self) -> Result<(), Fault> {
        self.lapse(Lapse::Depth, self.at);
        self.skip_brackets(0)
    }

    /// Reads on until as many brackets are closed as are opened, of which `open` are.
    fn skip_brackets(&mut self, mut open: usize) -> Result<(), Fault> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(length) = rest.iter().position(|b| matches!(b, b'"' | b'{' | b'[' | b'}' | b']')) else {
                self.at = self.text.len();
                return Err(self.fault(Why::Ended));
            };
            self.at += length;
            match rest[length] {
                b'"' => {
                    self.quoted()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                _ => open -= 1,
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }
}
