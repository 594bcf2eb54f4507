//! How the walk goes on after a syntax error: at the next record, where that can be told.
//!
//! A record that begins its line ends before the next line that begins the same way. Of records that share a line, the
//! one with the error ends where its brackets close.

use super::super::problems::span;
use super::super::scan::{Fault, Why};
use super::Survey;

/// How reading goes on after an error.
pub(super) enum Onward {
    AtNext,
    AfterThis,
    Nowhere,
}

impl Survey<'_> {
    /// Reports a fault once, with the beginning of the record it was found in where that is known.
    pub(super) fn report(&mut self, fault: Fault, record: Option<usize>) {
        if self.reported == Some(fault) {
            return;
        }
        self.reported = Some(fault);
        let end = self.scan.text().ceil_char_boundary(fault.at().saturating_add(1));
        let place = span(fault.at().min(end), end);
        let begun = record.map_or(1, |start| self.problems.line_of(start));
        self.problems.push(None, Some(place), |line| {
            let within = match record {
                Some(_) if begun < line => format!(", in the record that begins in line {begun}"),
                _ => String::new(),
            };
            format!("The JSON cannot be read in line {line}{within}: {}.", fault.why.message())
        });
    }

    /// Where reading goes on after a `fault` in the record that begins at `start`, in a list of `depth`.
    pub(super) fn onward(&mut self, start: usize, depth: usize, fault: Fault) -> Onward {
        let before = self.scan.at.max(fault.at());
        let (onward, sought_to) = self.next_record(start, depth, fault);
        let cost = before.saturating_sub(self.scan.at) + sought_to.saturating_sub(before) + 1;
        if cost > self.spare_bytes {
            self.problems.push(None, Some(span(start, start)), |line| {
                format!("There are too many errors to read on from line {line}; mend the first ones and try again.")
            });
            self.spare_bytes = 0;
            return Onward::Nowhere;
        }
        self.spare_bytes -= cost;
        onward
    }

    /// Sets the scanner to where reading can go on, and tells how far it had to look.
    fn next_record(&mut self, start: usize, depth: usize, fault: Fault) -> (Onward, usize) {
        let text = self.scan.text();
        let line_of =
            |at: usize| memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1);
        let margin = &text[line_of(start)..start];
        let is_own_line = margin.bytes().all(|b| matches!(b, b' ' | b'\t'));
        if is_own_line || depth == 0 {
            let margin = if is_own_line { margin } else { "" };
            let from = match fault.why {
                // It may have swallowed the records after it.
                Why::Ended | Why::OpenText | Why::OpenComment => start + 1,
                _ => line_of(fault.at()).max(start + 1),
            };
            let known_to = self.places.last().map_or(0, |place| place.end as usize);
            let from = from.max(known_to).saturating_sub(1);
            let needle = format!("\n{margin}{{");
            let found = memchr::memmem::find(&text.as_bytes()[from..], needle.as_bytes());
            return match found {
                Some(found) => {
                    let at = from + found + needle.len() - 1;
                    self.scan.resume(at, depth);
                    (Onward::AtNext, at)
                }
                None => (Onward::Nowhere, text.len()),
            };
        }
        match self.scan.skip_out(depth) {
            Ok(()) => (Onward::AfterThis, self.scan.at),
            Err(_) => (Onward::Nowhere, text.len()),
        }
    }
}
