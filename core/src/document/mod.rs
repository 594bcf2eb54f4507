//! Text or bytes in, a recognised document of records out. Nothing here fails: what cannot be read becomes a
//! [`Problem`] with its place, and the rest is still read.
//!
//! A document keeps its text and where each record stands, not the records: they are read again when they are
//! needed ([`Document::read`]). That is what keeps 100,000 rows in little more memory than their text.
//! Nothing here knows what a value means for the discount; [`value`] reads one cell, `join` puts them together.

mod aliases;
mod delimited;
mod heading;
mod json;
mod key_value;
mod mapping;
mod nearest;
mod order;
mod paths;
mod pivot;
#[cfg(test)]
mod robustness;
mod sheet_xml;
mod sniff;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod title_row;
pub mod value;
mod workbook;
mod zip;

use crate::calendar::Month;
use crate::fact::Span;
use crate::field::{Field, FieldSet};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// Larger input is refused: a browser tab holds at most a few times this.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;
/// More records of one document are left unread, with a problem.
pub const RECORDS_MAX: usize = 2_000_000;
/// More columns or cells of one record are left unread, with a problem.
pub const FIELDS_MAX: usize = 1_024;
/// Deeper nested JSON or XML is left unread, with a problem.
pub const DEPTH_MAX: usize = 64;
/// A compressed workbook may unfold to so many bytes.
pub const UNFOLDED_BYTES_MAX: usize = 256 * 1024 * 1024;
/// So many problems of one document are listed; the rest are counted.
pub const PROBLEMS_MAX: usize = 50;

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Opportunities.
    Opportunities,
    /// End User Reporting records.
    Eur,
    /// Billed revenue by account and month.
    Spend,
    /// Discounts that AWS paid.
    Discounts,
    /// Canonical names of several of these in one record.
    Facts,
    /// An earlier report of pod-check.
    Report,
    /// Something else, named for what it is.
    Ignored,
}

/// In which shape it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named as the report names it")]
pub enum Format {
    ApiCreate,
    ApiUpdate,
    ApiGet,
    ApiList,
    ApiAwsSummary,
    /// The dotted-path CSV of AWS's sample export script.
    ApiCsv,
    S3Outbound,
    S3Inbound,
    AceExport,
    AceImport,
    Salesforce,
    Hubspot,
    OpportunityPipeline,
    CanonicalJson,
    CanonicalTable,
    KeyValue,
    EurTable,
    ChannelRelationships,
    AccountRelationships,
    CostExplorer,
    CostAndUsageReport,
    SppReport,
    DiscountBusinessReport,
    PodCheckReport,
    /// A results file of the S3 integration.
    S3Results,
    /// A lead file.
    Leads,
    /// An EventBridge event, which names an opportunity and carries nothing of it.
    Event,
    /// An error answer of the API.
    ApiError,
    /// Nothing known.
    Unrecognised,
}

impl Format {
    /// A record of this format is a draft of the partner's own: partner-originated, Pending Submission, Prospect.
    pub fn is_draft(self) -> bool {
        matches!(self, Format::AceImport | Format::ApiCreate | Format::S3Inbound)
    }

    /// A record of the Partner Central API, where a key that is left out is blank.
    pub fn is_api(self) -> bool {
        matches!(
            self,
            Format::ApiCreate
                | Format::ApiUpdate
                | Format::ApiGet
                | Format::ApiList
                | Format::ApiAwsSummary
                | Format::ApiCsv
        )
    }
}

/// Which of day and month comes first in `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 03/04/2026 is 4 March.
    MonthFirst,
    /// 03/04/2026 is 3 April.
    DayFirst,
}

/// How the order of day and month of a column is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It is not.
    Unproved,
    /// The heading names it, or the user chose it where the document leaves it open.
    Given(DateOrder),
    /// Some date of the column allows only this order.
    Proved(DateOrder),
}

/// In which form a value stood: a number loses its leading zeros, a text does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A cell of a table: text, with whatever a spreadsheet made of it.
    TableCell,
    /// A JSON string.
    JsonString,
    /// A JSON number, `true` or `false`.
    JsonLiteral,
    /// Typed by a person: key-value text, or a supplement.
    Typed,
}

/// One value of a record, as it stands.
///
/// Some fields hold what no reader of values knows. [`Field::RowFinal`] of a Cost and Usage Report is the text of the
/// invoice id: blank means that the bill is not final. [`Field::RowCharge`] may stand twice in a record: a Cost and
/// Usage Report says `Tax` as the type of a line and `AWS Marketplace` as its billing entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'d> {
    /// Which fact it is.
    pub field: Field,
    /// Of which month, for `spend.2026-11`.
    pub month: Option<Month>,
    /// The text, trimmed and unescaped; empty for an empty cell and for null.
    pub text: Cow<'d, str>,
    /// In which form it stood.
    pub form: Form,
    /// The order of day and month in its column.
    pub order: Order,
    /// The heading or path it stood under, as an index for [`Document::heading`].
    pub heading: u16,
    /// Where it stands.
    pub span: Span,
}

/// One record as it stands: its cells in the order of appearance. Reused from record to record.
#[derive(Debug, Clone)]
pub struct Record<'d> {
    /// Its index within the document, from 0.
    pub index: u32,
    /// The shape it has; the records of one document may differ.
    pub format: Format,
    /// What its format or its file's columns can carry: of these, what has no cell is blank.
    pub carries: FieldSet,
    /// Its cells.
    pub cells: Vec<Cell<'d>>,
}

impl Record<'_> {
    /// An empty record to read into.
    pub fn empty() -> Self {
        Record { index: 0, format: Format::Unrecognised, carries: FieldSet::EMPTY, cells: Vec::new() }
    }
}

/// Something about a document that its reader could not use, as a sentence with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, where, and what to do.
    pub message: String,
    /// The record concerned, from 0, if it is one.
    pub record: Option<u32>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What a reader hands back: what it recognised, and where each record stands.
#[derive(Debug)]
pub(crate) struct Recognised {
    pub kind: Kind,
    pub format: Format,
    pub layout: Layout,
    pub problems: Vec<Problem>,
    /// How many more problems there were than [`PROBLEMS_MAX`].
    pub more_problems: usize,
}

/// Where the records of a document stand, and how to read one.
#[derive(Debug)]
pub(crate) enum Layout {
    /// Nothing to read.
    Nothing,
    /// Rows of delimited text or of a sheet.
    Table(Box<table::Table>),
    /// Lines of keys and values.
    KeyValue(Box<key_value::KeyValue>),
    /// JSON.
    Json(json::Layout),
}

/// The problems of a document while it is read.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    listed: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Adds a problem; past [`PROBLEMS_MAX`] it is only counted.
    pub(crate) fn add(&mut self, record: Option<usize>, span: Option<Span>, message: fmt::Arguments<'_>) {
        if self.listed.len() == PROBLEMS_MAX {
            self.more += 1;
            return;
        }
        let record = record.and_then(|index| u32::try_from(index).ok());
        self.listed.push(Problem { message: message.to_string(), record, span });
    }

    /// The problems and what was recognised in spite of them.
    pub(crate) fn into_recognised(self, kind: Kind, format: Format, layout: Layout) -> Recognised {
        Recognised { kind, format, layout, problems: self.listed, more_problems: self.more }
    }
}

/// What a heading says, reduced: `targetclosedate` of `Target Close Date(mm/dd/yyyy) - required`.
pub(crate) fn heading_key(heading: &str) -> String {
    heading::Heading::of(heading).key
}

/// The fact of an opportunity that a heading means.
pub(crate) fn field_of_heading(heading: &str) -> Option<Field> {
    aliases::opportunity_field(&heading_key(heading))
}

/// A document: its text, what it was recognised as, and where its records stand.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    recognised: Recognised,
}

impl Document {
    /// Recognises `bytes`. Never fails: what is not recognised is of kind [`Kind::Ignored`] and says what it is.
    pub fn open(name: &str, bytes: Vec<u8>) -> Document {
        Document::open_within(name, bytes, UNFOLDED_BYTES_MAX)
    }

    /// The same, where a compressed workbook may unfold to `unfolded_bytes_max` bytes alone: for whoever reads files of
    /// many people in one memory.
    pub fn open_within(name: &str, bytes: Vec<u8>, unfolded_bytes_max: usize) -> Document {
        let (text, recognised) = sniff::recognise(bytes, unfolded_bytes_max.min(UNFOLDED_BYTES_MAX));
        Document { name: name.to_owned(), text, recognised }
    }

    /// The name it was given: a file's name, or `pasted text`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text, in which every [`Span`] lies. A workbook's text is made of its cells.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is about.
    pub fn kind(&self) -> Kind {
        self.recognised.kind
    }

    /// In which shape it came: of the first record, when they differ.
    pub fn format(&self) -> Format {
        self.recognised.format
    }

    /// What could not be used.
    pub fn problems(&self) -> &[Problem] {
        &self.recognised.problems
    }

    /// How many more problems there were than are listed.
    pub fn more_problems(&self) -> usize {
        self.recognised.more_problems
    }

    /// How many records it has.
    pub fn len(&self) -> usize {
        match &self.recognised.layout {
            Layout::Nothing => 0,
            Layout::Table(table) => table.len(),
            Layout::KeyValue(lines) => lines.len(),
            Layout::Json(layout) => layout.len(),
        }
    }

    /// Whether it has no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the record with this index into `record`, replacing what was there; past the end, no cells.
    pub fn read<'d>(&'d self, index: usize, record: &mut Record<'d>) {
        record.cells.clear();
        record.index = u32::try_from(index).unwrap_or(u32::MAX);
        record.format = self.recognised.format;
        match &self.recognised.layout {
            Layout::Nothing => record.carries = FieldSet::EMPTY,
            Layout::Table(table) => table.read(&self.text, index, record),
            Layout::KeyValue(lines) => lines.read(&self.text, index, record),
            Layout::Json(layout) => layout.read(&self.text, index, record),
        }
        // What programs write where a value is missing, as a text.
        for cell in record.cells.iter_mut().filter(|cell| cell.text == "null") {
            cell.text = Cow::Borrowed("");
        }
    }

    /// Where the cell of `record` under `heading` stands in its sheet: row and column, both from 1. None when the document
    /// is no workbook; a place in it is then a line and a column of [`Document::text`].
    pub fn sheet_place(&self, record: u32, heading: u16) -> Option<(u32, u32)> {
        match &self.recognised.layout {
            Layout::Table(table) if table.is_sheet() => {
                Some((table.row_number(record), table.column_of(heading)))
            }
            _ => None,
        }
    }

    /// The headings of a table, one a column; none for what is no plain table.
    pub(crate) fn columns(&self) -> &[String] {
        match &self.recognised.layout {
            Layout::Table(table) => table.columns(),
            _ => &[],
        }
    }

    /// Shows every cell of a row of a table: the number of its column, its text with its spaces, the text inside where a
    /// formula only wraps one, and where it stands.
    pub(crate) fn raw_row<'d>(
        &'d self,
        index: usize,
        visit: impl FnMut(u16, Cow<'d, str>, Option<Cow<'d, str>>, Span),
    ) {
        if let Layout::Table(table) = &self.recognised.layout {
            table.raw_row(&self.text, index, visit);
        }
    }

    /// The heading or path with this index, as it stands in the document.
    pub fn heading(&self, index: u16) -> &str {
        match &self.recognised.layout {
            Layout::Nothing => "",
            Layout::Table(table) => table.heading(index),
            Layout::KeyValue(lines) => lines.heading(index),
            Layout::Json(layout) => layout.heading(index),
        }
    }
}
