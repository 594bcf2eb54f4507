//! The core for JavaScript: one class, no logic. Reading and judging is the core's; words and layout are the page's.
//!
//! Nothing is judged until somebody asks: opening five documents and then asking judges once. Every answer is a page
//! of the whole, so that no single call copies 100,000 opportunities into JavaScript. What JavaScript may hand in
//! wrongly is an `Error` with a sentence; the module never traps on what a user typed.

use chrono::NaiveDate;
use podcheck_core::assess::{About, Assessment, Inputs, Supplement};
use podcheck_core::document::{DateOrder, Document};
use podcheck_core::partner::{Answers, CHECKLISTS, Kind, QUESTIONS};
use podcheck_core::policy::Policy;
use podcheck_core::report::{AgendaQuery, Query};
use podcheck_core::{calendar, explain, explanations, export};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use std::mem;
use wasm_bindgen::prelude::*;

/// More documents than anybody pastes; each keeps its text in memory.
const DOCUMENTS_MAX: usize = 200;
/// A supplement's value is a cell, not a document.
const VALUE_BYTES_MAX: usize = 64 * 1024;
/// More supplements than anybody types.
const SUPPLEMENTS_MAX: usize = 100_000;
/// More answers than there are questions.
const ANSWERS_MAX: usize = 1_000;
/// A text box with more than this stops a browser for seconds.
const PREVIEW_BYTES_MAX: usize = 300_000;

/// Documents, what the user added, and what follows from them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Checker {
    /// What is given; an empty shell while `judged` holds it.
    open: Inputs,
    judged: Option<Box<Assessment>>,
}

/// A part of a document's text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Preview<'d> {
    /// The lines.
    text: &'d str,
    /// The number of the first of them, from 1.
    from_line: usize,
    /// How many lines the document has.
    total_lines: usize,
    /// Whether this is all of it.
    is_whole: bool,
}

/// What the partner can be asked about itself.
#[derive(Debug, Serialize)]
struct Questions {
    questions: Vec<Question>,
    checklists: Vec<Checklist>,
}

#[derive(Debug, Serialize)]
struct Question {
    key: &'static str,
    text: &'static str,
    /// What it can be answered with; null for a whole number.
    choices: Option<&'static [&'static str]>,
}

#[derive(Debug, Serialize)]
struct Checklist {
    title: &'static str,
    /// Id and text of each item; `check.` and the id is the key of its answer, `yes`.
    items: Vec<(&'static str, &'static str)>,
}

fn refuse<T>(sentence: impl AsRef<str>) -> Result<T, JsError> {
    Err(JsError::new(sentence.as_ref()))
}

fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsError> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| JsError::new(&error.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, JsError> {
    serde_json::from_str(text).map_err(|error| JsError::new(&error.to_string()))
}

fn day(text: &str) -> Result<NaiveDate, JsError> {
    match calendar::iso_day(text) {
        Some(day) => Ok(day),
        None => refuse(format!("{text:?} is no day. Write it as 2026-11-22.")),
    }
}

fn nothing(as_of: NaiveDate, policy: Policy) -> Inputs {
    Inputs {
        documents: Vec::new(),
        supplements: Vec::new(),
        answers: Answers::default(),
        policy,
        as_of,
        date_order: None,
    }
}

#[wasm_bindgen]
impl Checker {
    /// A checker without documents that judges by `as_of`, an ISO day.
    ///
    /// # Errors
    /// When `as_of` is no day.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(js_name = asOf)] as_of: &str) -> Result<Checker, JsError> {
        Ok(Checker { open: nothing(day(as_of)?, Policy::default()), judged: None })
    }

    /// Adds a document of these bytes.
    ///
    /// # Errors
    /// When there are too many documents already.
    pub fn open(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        let inputs = self.inputs();
        if inputs.documents.len() >= DOCUMENTS_MAX {
            return refuse(format!("{DOCUMENTS_MAX} documents are open. Remove one first."));
        }
        inputs.documents.push(Document::open(name, bytes));
        Ok(())
    }

    /// Adds a document of this text.
    ///
    /// # Errors
    /// When there are too many documents already.
    #[wasm_bindgen(js_name = openText)]
    pub fn open_text(&mut self, name: &str, text: String) -> Result<(), JsError> {
        self.open(name, text.into_bytes())
    }

    /// Puts this text in the place of a document, for a text that is being edited.
    ///
    /// # Errors
    /// When there is no such document.
    #[wasm_bindgen(js_name = replaceText)]
    pub fn replace_text(&mut self, index: usize, name: &str, text: String) -> Result<(), JsError> {
        match self.inputs().documents.get_mut(index) {
            Some(document) => *document = Document::open(name, text.into_bytes()),
            None => return refuse("That document is no longer open."),
        }
        Ok(())
    }

    /// Removes the document with this index; those after it move up.
    ///
    /// # Errors
    /// When there is no such document.
    pub fn remove(&mut self, index: usize) -> Result<(), JsError> {
        let documents = &mut self.inputs().documents;
        if index >= documents.len() {
            return refuse("That document is no longer open.");
        }
        documents.remove(index);
        Ok(())
    }

    /// Forgets everything but the day and the policy.
    pub fn clear(&mut self) {
        let inputs = self.inputs();
        *inputs = nothing(inputs.as_of, mem::take(&mut inputs.policy));
    }

    /// Judges by another day.
    ///
    /// # Errors
    /// When it is no day.
    #[wasm_bindgen(js_name = setAsOf)]
    pub fn set_as_of(&mut self, #[wasm_bindgen(js_name = asOf)] as_of: &str) -> Result<(), JsError> {
        self.inputs().as_of = day(as_of)?;
        Ok(())
    }

    /// The order of day and month where a document leaves it open: `month_first`, `day_first`, or not chosen.
    ///
    /// # Errors
    /// When it is neither.
    #[wasm_bindgen(js_name = setDateOrder)]
    pub fn set_date_order(&mut self, order: Option<String>) -> Result<(), JsError> {
        self.inputs().date_order = match order.as_deref() {
            None => None,
            Some("month_first") => Some(DateOrder::MonthFirst),
            Some("day_first") => Some(DateOrder::DayFirst),
            Some(other) => return refuse(format!("{other:?} is no order of day and month.")),
        };
        Ok(())
    }

    /// Judges by another policy; by the built-in one when none is given.
    ///
    /// # Errors
    /// When it cannot be read, with what is wrong with it.
    #[wasm_bindgen(js_name = setPolicy)]
    pub fn set_policy(&mut self, json: Option<String>) -> Result<(), JsError> {
        let policy = match json {
            None => Policy::default(),
            Some(json) => Policy::from_json(&json).map_err(|sentence| JsError::new(&sentence))?,
        };
        self.inputs().policy = policy;
        Ok(())
    }

    /// States a fact of one opportunity, or of all; without a value, takes the statement back.
    ///
    /// # Errors
    /// When the value is too long, or too much was stated.
    pub fn supplement(
        &mut self,
        key: Option<String>,
        fact: String,
        value: Option<String>,
    ) -> Result<(), JsError> {
        self.state(key.map_or(About::All, About::One), fact, value)
    }

    /// States a fact of every opportunity that lacks it; without a value, takes the statement back.
    ///
    /// # Errors
    /// When the value is too long, or too much was stated.
    #[wasm_bindgen(js_name = supplementLacking)]
    pub fn supplement_lacking(&mut self, fact: String, value: Option<String>) -> Result<(), JsError> {
        self.state(About::Lacking, fact, value)
    }

    /// Answers a question about the partner itself; without a value, takes the answer back.
    ///
    /// # Errors
    /// When the answer is too long, or there are too many.
    pub fn answer(&mut self, key: String, value: Option<String>) -> Result<(), JsError> {
        let given = &mut self.inputs().answers.given;
        given.retain(|(question, _)| *question != key);
        match value {
            None => {}
            Some(value) if value.len() > VALUE_BYTES_MAX || given.len() >= ANSWERS_MAX => {
                return refuse("That answer cannot be kept.");
            }
            Some(value) => given.push((key, value)),
        }
        Ok(())
    }

    /// Everything but the opportunities.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.judged().summary())
    }

    /// Part of the list of opportunities. The query is the JSON text of a `Query`: to read an object instead, the
    /// module would have to import two dozen more functions, one of which calls any other.
    ///
    /// # Errors
    /// When the query cannot be understood.
    #[wasm_bindgen(unchecked_return_type = "Page")]
    pub fn rows(&mut self, query: &str) -> Result<JsValue, JsError> {
        let query: Query = from_json(query)?;
        to_js(&self.judged().rows(&query))
    }

    /// Part of what is to be done by when, across all opportunities. The query is the JSON text of an `AgendaQuery`.
    ///
    /// # Errors
    /// When the query cannot be understood.
    #[wasm_bindgen(unchecked_return_type = "Agenda")]
    pub fn agenda(&mut self, query: &str) -> Result<JsValue, JsError> {
        let query: AgendaQuery = from_json(query)?;
        to_js(&self.judged().agenda(&query))
    }

    /// Everything about one opportunity; null when there is none with this key.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "OpportunityReport | null")]
    pub fn opportunity(&mut self, key: &str) -> Result<JsValue, JsError> {
        to_js(&self.judged().opportunity(key))
    }

    /// What the opportunity with this key would be with these facts, the JSON text of names and values; null when
    /// there is none with this key. Nothing is kept.
    ///
    /// # Errors
    /// When the facts cannot be understood.
    #[wasm_bindgen(js_name = tryOut, unchecked_return_type = "OpportunityReport | null")]
    pub fn try_out(&mut self, key: &str, facts: &str) -> Result<JsValue, JsError> {
        let facts: Vec<(String, String)> = from_json(facts)?;
        if facts.len() > ANSWERS_MAX || facts.iter().any(|(_, value)| value.len() > VALUE_BYTES_MAX) {
            return refuse("That is too much to try out.");
        }
        to_js(&self.judged().try_out(key, &facts))
    }

    /// A rule's page; null when there is no such rule.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Explanation | null")]
    pub fn explain(&self, rule: &str) -> Result<JsValue, JsError> {
        to_js(&explain(rule))
    }

    /// Every rule's page.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Explanation[]")]
    pub fn explanations(&self) -> Result<JsValue, JsError> {
        to_js(&explanations())
    }

    /// What the partner can be asked about itself.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Questions")]
    pub fn questions(&self) -> Result<JsValue, JsError> {
        let questions = QUESTIONS.iter().map(|question| Question {
            key: question.key,
            text: question.text,
            choices: match question.kind {
                Kind::YesNo => Some(&["yes", "no"]),
                Kind::Choice(choices) => Some(choices),
                Kind::Count => None,
            },
        });
        let checklists = CHECKLISTS.iter().map(|list| Checklist {
            title: list.title,
            items: list.items.iter().map(|item| (item.id, item.text)).collect(),
        });
        to_js(&Questions { questions: questions.collect(), checklists: checklists.collect() })
    }

    /// How many records stand in everything that was given, known before any of it is judged.
    pub fn records(&self) -> usize {
        self.documents().iter().map(Document::len).sum()
    }

    /// How many opportunities there are.
    pub fn count(&mut self) -> usize {
        self.judged().len()
    }

    /// Everything about a part of the opportunities, as they were given; the parts, in order, are the whole.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "OpportunityReport[]")]
    pub fn opportunities(&mut self, from: usize, limit: usize) -> Result<JsValue, JsError> {
        to_js(&self.judged().opportunities(from, limit))
    }

    /// A part of the opportunities as CSV text; the part from 0 has the headings.
    pub fn csv(&mut self, from: usize, limit: usize) -> String {
        export::csv(self.judged(), from, limit)
    }

    /// What has a date, of a part of the opportunities, as part of a calendar file; the parts, in order, are the whole.
    pub fn ics(&mut self, from: usize, limit: usize) -> String {
        export::ics(self.judged(), from, limit)
    }

    /// A calendar file of one opportunity; nothing when there is none with this key.
    #[wasm_bindgen(js_name = icsOf)]
    pub fn ics_of(&mut self, key: &str) -> Option<String> {
        export::ics_of(self.judged(), key)
    }

    /// Part of what was corrected in the import file, and what to know before importing.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Corrections")]
    pub fn corrections(&mut self, from: usize, limit: usize) -> Result<JsValue, JsError> {
        to_js(&export::corrections(self.judged(), from, limit))
    }

    /// The drafts among a part of the opportunities as part of a corrected import file; the part from 0 has the headings.
    #[wasm_bindgen(js_name = importCsv)]
    pub fn import_csv(&mut self, from: usize, limit: usize) -> String {
        export::import_csv(self.judged(), from, limit)
    }

    /// One opportunity as Markdown, or without a key all of them; nothing when there is none.
    pub fn markdown(&mut self, key: Option<String>) -> Option<String> {
        let judged = self.judged();
        match key {
            Some(key) => judged.opportunity(&key).map(|report| export::markdown(&report)),
            None => export::markdown_of_all(judged),
        }
    }

    /// One opportunity as a message for Slack, or without a key all of them; nothing when there is none.
    pub fn slack(&mut self, key: Option<String>) -> Option<String> {
        let judged = self.judged();
        match key {
            Some(key) => judged.opportunity(&key).map(|report| export::mrkdwn(&report)),
            None => export::mrkdwn_of_all(judged),
        }
    }

    /// Some lines of a document's text, from line 1; null when there is no such document.
    ///
    /// # Errors
    /// Only when the answer cannot be handed over.
    #[wasm_bindgen(unchecked_return_type = "Preview | null")]
    pub fn preview(
        &self,
        document: usize,
        #[wasm_bindgen(js_name = fromLine)] from_line: usize,
        lines: usize,
    ) -> Result<JsValue, JsError> {
        to_js(&self.documents().get(document).map(|document| preview(document.text(), from_line, lines)))
    }
}

impl Checker {
    fn documents(&self) -> &[Document] {
        match &self.judged {
            None => &self.open.documents,
            Some(assessment) => &assessment.inputs().documents,
        }
    }

    fn state(&mut self, about: About, fact: String, value: Option<String>) -> Result<(), JsError> {
        let supplements = &mut self.inputs().supplements;
        let is_room = supplements.len() < SUPPLEMENTS_MAX;
        let said = supplements.iter_mut().find(|said| said.about == about && said.fact == fact);
        match (said, value) {
            (_, Some(value)) if value.len() > VALUE_BYTES_MAX => {
                return refuse(format!("That value is {} bytes long; a fact has fewer.", value.len()));
            }
            (Some(said), Some(value)) => said.value = value,
            (None, Some(value)) if is_room => supplements.push(Supplement { about, fact, value }),
            (None, Some(_)) => return refuse("Too much was stated. Take something back first."),
            (_, None) => supplements.retain(|said| said.about != about || said.fact != fact),
        }
        Ok(())
    }

    /// What is given, to be changed: what was judged no longer holds.
    fn inputs(&mut self) -> &mut Inputs {
        if let Some(assessment) = self.judged.take() {
            self.open = assessment.into_inputs();
        }
        &mut self.open
    }

    fn judged(&mut self) -> &Assessment {
        let open = &mut self.open;
        self.judged.get_or_insert_with(|| {
            let shell = nothing(open.as_of, Policy::default());
            Box::new(Assessment::of(mem::replace(open, shell)))
        })
    }
}

fn preview(text: &str, from_line: usize, lines: usize) -> Preview<'_> {
    let mut ends = text.match_indices('\n').map(|(at, _)| at);
    let first = match from_line {
        0 | 1 => 0,
        later => ends.nth(later - 2).map_or(text.len(), |end| end + 1),
    };
    let end = text[first..]
        .match_indices('\n')
        .nth(lines.saturating_sub(1))
        .map_or(text.len(), |(at, _)| first + at);
    let end = text.floor_char_boundary(end.min(first + PREVIEW_BYTES_MAX));
    Preview {
        text: &text[first..end],
        from_line: from_line.max(1),
        total_lines: text.lines().count(),
        is_whole: first == 0 && end == text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(text: &str, from_line: usize, lines: usize, expect: &str) {
        assert_eq!(preview(text, from_line, lines).text, expect);
    }

    #[test]
    fn a_preview_is_whole_lines() {
        shows("", 1, 1, "");
        shows("a\nb\nc", 0, 1, "a");
        shows("a\nb\nc", 2, 2, "b\nc");
        shows("a\r\nb", 2, 9, "b");
        shows("a\nb", 3, 1, "");
        assert_eq!(preview("a\nb\n", 1, 1).total_lines, 2);
        assert!(preview("a\nb\n", 1, 9).is_whole);
    }

    #[test]
    fn a_preview_of_one_endless_line_is_cut_between_characters() {
        let text = "é".repeat(PREVIEW_BYTES_MAX);
        let shown = preview(&text, 1, 1);
        assert!(!shown.is_whole && shown.text.len() <= PREVIEW_BYTES_MAX);
    }
}
