//! The problems of one document: the first of them listed, the rest counted.

use super::super::{PROBLEMS_MAX, Problem};
use crate::fact::Span;

/// Problems as they are found.
#[derive(Debug)]
pub(super) struct Problems<'t> {
    text: &'t str,
    pub(super) list: Vec<Problem>,
    /// How many more there were.
    pub(super) more: usize,
    /// Whether it was said that there are too many records.
    pub(super) is_over_limit: bool,
    /// A place and its line: the next one is counted from here when it lies further on.
    known: (usize, usize),
}

impl<'t> Problems<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Problems { text, list: Vec::new(), more: 0, is_over_limit: false, known: (0, 1) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Adds one, whose message is told the line of its place, from 1.
    pub(super) fn push(
        &mut self,
        record: Option<u32>,
        span: Option<Span>,
        message: impl FnOnce(usize) -> String,
    ) {
        if self.list.len() >= PROBLEMS_MAX {
            self.more += 1;
            return;
        }
        let line = span.map_or(1, |span| self.line_of(span.start as usize));
        self.list.push(Problem { message: message(line), record, span });
    }

    /// The line of a place, from 1; what is no longer listed needs none.
    pub(super) fn line_of(&mut self, at: usize) -> usize {
        if self.list.len() >= PROBLEMS_MAX {
            return 1;
        }
        let (from, line) = if at >= self.known.0 { self.known } else { (0, 1) };
        let at = at.min(self.text.len());
        let line = line + memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..at]).count();
        self.known = (at, line);
        line
    }
}

/// The bytes from `start` to `end`.
pub(super) fn span(start: usize, end: usize) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: byte(start), end: byte(end) }
}
