//! JSON that people paste and that holds no record: each is named for what it is, with what to paste instead.

use super::super::Format;
use super::names::Mark;
use super::scan::Scanner;
use super::shape::Seen;

/// More keys of unknown JSON are not listed.
const KEYS_LISTED_MAX: usize = 6;
/// Longer keys are cut.
const KEY_CHARS_MAX: usize = 40;

/// What `text`, an object that is no record, is: its format, and a sentence to follow "This is ".
pub(super) fn name(seen: Seen, text: &str) -> (Format, String) {
    if seen.has(Mark::Results) {
        let message = "a results file of the S3 integration: it says what was taken in, and holds no opportunity. \
            Paste the file of opportunities itself.";
        return (Format::S3Results, message.to_owned());
    }
    if seen.has(Mark::Leads) {
        return (
            Format::Leads,
            "a lead file: leads are no opportunities yet, and earn no discount.".to_owned(),
        );
    }
    if seen.has(Mark::DetailType) || seen.has(Mark::Detail) && seen.has(Mark::Source) {
        let carried = match identifier(text) {
            Some(id) => format!("carries only the id {id}"),
            None => "carries at most an id".to_owned(),
        };
        return (
            Format::Event,
            format!("an EventBridge event, which {carried}: paste the opportunity itself."),
        );
    }
    let is_error = seen.has(Mark::ErrorList)
        || seen.has(Mark::ErrorType)
        || seen.has(Mark::Error)
        || seen.has(Mark::ErrorMessage) && seen.has(Mark::ErrorCode);
    if is_error {
        let message = "an error answer of the API, not an opportunity: mend what it complains of, call again, and \
            paste that answer.";
        return (Format::ApiError, message.to_owned());
    }
    if seen.has(Mark::NextPage) {
        let message = "a page of an answer with the token of the next page and no record. Paste the pages that have some.";
        return (Format::Unrecognised, message.to_owned());
    }
    (Format::Unrecognised, unknown(text))
}

fn unknown(text: &str) -> String {
    let (keys, is_all) = keys(text);
    if keys.is_empty() {
        return "an empty JSON object: there is nothing to read.".to_owned();
    }
    let keys = keys.join(", ");
    let more = if is_all { "" } else { " and more" };
    format!(
        "JSON with the keys {keys}{more}; none of the known forms has these. Paste an opportunity as the Partner \
         Central API, the ACE export or the CRM integration gives it."
    )
}

/// The first keys of an object, and whether these are all.
fn keys(text: &str) -> (Vec<String>, bool) {
    let mut scan = Scanner::new(text, 0);
    let mut keys = Vec::new();
    let mut first = true;
    scan.enter();
    while let Ok(Some(key)) = scan.key(&mut first) {
        if keys.len() == KEYS_LISTED_MAX {
            return (keys, false);
        }
        keys.push(key.text(text).chars().take(KEY_CHARS_MAX).collect());
        if scan.skip().is_err() {
            break;
        }
    }
    (keys, true)
}

/// The opportunity id in an event.
fn identifier(text: &str) -> Option<&str> {
    let key = "\"identifier\"";
    let after = &text[memchr::memmem::find(text.as_bytes(), key.as_bytes())? + key.len()..];
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let id = &value[..value.bytes().take(21).take_while(u8::is_ascii_alphanumeric).count()];
    (!id.is_empty()).then_some(id)
}
