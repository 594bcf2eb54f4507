//! What was given as a bulk import file of AWS's, put right where that is safe, and what was changed.
//!
//! A bulk import creates opportunities: only drafts without an id of ACE's are written, for anything else would stand
//! there twice. Of a document that is an import file already, no column is lost: one that the template does not have
//! stands behind those of the template, as it is. Of other tables the columns of the template are taken, of JSON the
//! facts.
//!
//! Which rows there are and how much of each changes is counted once and kept; the rows are made when they are asked
//! for.

use crate::assemble::read;
use crate::assess::Assessment;
use crate::desk::Desk;
use crate::document::{Document, Format, Kind, Record, field_of_heading, heading_key};
use crate::export::correct::{self, CURRENCY, FORMULA, SPACES, STATED, UNWRAPPED};
use crate::export::csv::add_cells;
use crate::fact::At;
use crate::field::Field;
use crate::judge::{RULES, ask};
use crate::opportunity::Opportunity;
use crate::reference::import::{
    COMPANY_NAME_CHARS_MAX, HEADINGS, MARKETING_ACTIVITY, PROJECT_TITLE_CHARS_MAX,
};
use crate::report::{Correction, Corrections};
use crate::rule::{Outcome, Pen, Section};
use crate::say;
use std::borrow::Cow;
use std::sync::OnceLock;

/// So many notes are told; the rest are counted.
const NOTES_MAX: usize = 100;

/// The rows of the import file; made when somebody asks.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    made: OnceLock<Import>,
}

#[derive(Debug)]
struct Import {
    /// What the headings of the template mean.
    fields: [Option<Field>; HEADINGS.len()],
    /// The drafts, and how many changes come before those of each.
    rows: Vec<(u32, usize)>,
    changes: usize,
    /// Where each column of each document goes.
    columns: Vec<Vec<Target>>,
    /// Headings of import files that the template does not have.
    extras: Vec<String>,
    notes: Vec<String>,
}

/// Where a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Into this column of the file.
    Column(usize),
    /// Nowhere: it is no column of an import file.
    Nowhere,
}

/// A cell that stands otherwise in the file than in what was given.
struct Change {
    column: usize,
    at: At,
    from: String,
    to: String,
    why: &'static str,
}

/// The corrected import file: the rows of a part of the opportunities, as they were given. The part from 0 has the
/// headings; without a draft there is nothing.
///
/// What a spreadsheet could run as a formula gets an apostrophe in front, and a correction says so. Telephone numbers,
/// amounts and account ids are left as they are: they can do nothing.
pub fn import_csv(assessment: &Assessment, from: usize, limit: usize) -> String {
    let desk = assessment.desk();
    let import = assessment.import(&desk);
    let mut csv = String::new();
    if from == 0 && !import.rows.is_empty() {
        let headings = HEADINGS.into_iter().chain(import.extras.iter().map(String::as_str));
        add_cells(&mut csv, headings.map(|heading| guarded(heading, FORMULA).0));
    }
    let end = u32::try_from(from.saturating_add(limit)).unwrap_or(u32::MAX);
    let first = import.rows.partition_point(|(entry, _)| (*entry as usize) < from);
    for (entry, _) in import.rows[first..].iter().take_while(|(entry, _)| *entry < end) {
        let (cells, _) = assessment.row_of_import(&desk, import, *entry);
        add_cells(&mut csv, cells.iter().map(String::as_str));
    }
    csv
}

/// What was changed in the import file, and what a person has to look at.
pub fn corrections(assessment: &Assessment, from: usize, limit: usize) -> Corrections {
    let desk = assessment.desk();
    let import = assessment.import(&desk);
    let mut changes = Vec::new();
    let first = import.rows.partition_point(|(_, before)| *before <= from).saturating_sub(1);
    for (entry, before) in import.rows.get(first..).unwrap_or_default() {
        if changes.len() >= limit || *before >= from.saturating_add(limit) {
            break;
        }
        let (_, of_row) = assessment.row_of_import(&desk, import, *entry);
        let opp = assessment.opportunity_of(&desk, *entry);
        let key = assessment.key(&opp, *entry);
        let wanted = of_row.into_iter().skip(from.saturating_sub(*before)).take(limit - changes.len());
        changes.extend(wanted.map(|change| Correction {
            key: key.clone().into_owned(),
            document: change.at.document,
            line: assessment.place(change.at).map_or(0, |place| place.line),
            field: heading(import, change.column).to_owned(),
            from: change.from,
            to: change.to,
            why: change.why.to_owned(),
        }));
    }
    Corrections { rows: import.rows.len(), total: import.changes, from, changes, notes: import.notes.clone() }
}

fn heading(import: &Import, column: usize) -> &str {
    let extra = || import.extras.get(column - HEADINGS.len());
    HEADINGS.get(column).copied().or_else(|| extra().map(String::as_str)).unwrap_or_default()
}

/// What the headings of the template mean.
fn fields() -> [Option<Field>; HEADINGS.len()] {
    HEADINGS.map(field_of_heading)
}

impl Assessment {
    fn import(&self, desk: &Desk<'_>) -> &Import {
        self.imports.made.get_or_init(|| self.plan_import(desk))
    }

    fn plan_import(&self, desk: &Desk<'_>) -> Import {
        let mut import = Import {
            fields: fields(),
            rows: Vec::new(),
            changes: 0,
            columns: Vec::new(),
            extras: Vec::new(),
            notes: Vec::new(),
        };
        for document in &self.inputs.documents {
            let columns = targets(document, &mut import.extras);
            import.columns.push(columns);
        }
        let mut notes = Notes::default();
        let drafts = self.found.entries.iter().enumerate().filter(|(_, entry)| entry.traits.is_draft);
        for (entry, _) in drafts {
            let entry = entry as u32;
            let (cells, changes) = self.row_of_import(desk, &import, entry);
            self.note_row(desk, entry, &cells, &mut notes);
            import.rows.push((entry, import.changes));
            import.changes += changes.len();
        }
        import.notes = notes.in_words(&import, self.len());
        import
    }

    /// The cells of a draft's row, and what was changed in them.
    fn row_of_import(&self, desk: &Desk<'_>, import: &Import, entry: u32) -> (Vec<String>, Vec<Change>) {
        let opp = self.opportunity_of(desk, entry);
        let part = self.found.entries[entry as usize].part;
        let document = usize::from(part.document);
        let mut row =
            Row { cells: vec![String::new(); HEADINGS.len() + import.extras.len()], changes: Vec::new() };
        let mut record = Record::empty();
        let Some(given) = self.inputs.documents.get(document) else { return (row.cells, row.changes) };
        read(given, part.record as usize, self.inputs.date_order, &mut record);
        let at = |heading, span| At { document: part.document, heading, record: part.record, span };
        let begins =
            record.cells.first().map_or(at(0, Default::default()), |cell| at(cell.heading, cell.span));
        let fields = &import.fields;
        let known_columns = || fields.iter().enumerate().filter_map(|(at, field)| Some((at, (*field)?)));
        let columns = import.columns.get(document).filter(|columns| !columns.is_empty());
        let is_table = columns.is_some();
        match columns {
            Some(columns) => given.raw_row(part.record as usize, |heading, raw, wrapped, span| {
                let Some(Target::Column(column)) = columns.get(usize::from(heading)).copied() else { return };
                let known = fields.get(column).copied().flatten();
                let cell =
                    record.cells.iter().find(|cell| cell.heading == heading && Some(cell.field) == known);
                let fix = cell.filter(|cell| !cell.text.is_empty()).map(|cell| correct::fixed(cell, &opp));
                let (to, why) = match (fix, wrapped) {
                    (Some(fix), Some(text)) if fix.to == text || fix.why == SPACES => (fix.to, UNWRAPPED),
                    (Some(fix), _) => (fix.to, fix.why),
                    (None, Some(text)) => (text, UNWRAPPED),
                    (None, None) => (raw.clone(), FORMULA),
                };
                row.put(column, at(heading, span), raw, &to, why);
            }),
            None => {
                for (column, field) in known_columns() {
                    self.put_fact(&opp, field, column, begins, &mut row);
                }
            }
        }
        if is_table && given.format() != Format::AceImport {
            // Another column of the same meaning may say what the first one does not.
            for (column, field) in known_columns() {
                let is_given = opp.provenance(field).at.is_some_and(|at| !at.is_stated());
                if is_given && row.cells[column].trim().is_empty() {
                    self.put_fact(&opp, field, column, begins, &mut row);
                }
            }
        }
        for (column, field) in known_columns() {
            if opp.provenance(field).at.is_some_and(At::is_stated)
                && let Some(stated) = say::value(&opp, field)
            {
                let to = correct::fixed(&correct::typed(field, &stated), &opp).to;
                row.put_instead(column, begins, &to, STATED);
            }
        }
        in_dollars(&opp, fields, begins, &mut row);
        row.changes.sort_by_key(|change| change.column);
        (row.cells, row.changes)
    }

    /// What a record that is no row says of a fact.
    fn put_fact(&self, opp: &Opportunity<'_>, field: Field, column: usize, begins: At, row: &mut Row) {
        let provenance = opp.provenance(field);
        let place = provenance.at.filter(|at| !at.is_stated()).or(provenance.overruled);
        let raw = place.map_or(String::new(), |at| self.raw(at));
        let is_stated = provenance.at.is_some_and(At::is_stated);
        let Some(known) = say::value(opp, field).filter(|_| !is_stated) else {
            let fix = correct::fixed(&correct::typed(field, &raw), opp);
            return row.put(column, place.unwrap_or(begins), raw.as_str().into(), &fix.to, fix.why);
        };
        let fix = correct::fixed(&correct::typed(field, &known), opp);
        // A list may stand in several places, and then no single one of them is what it was.
        let has_own_form = matches!(
            field,
            Field::TargetCloseDate | Field::AwsAccountId | Field::ExpectedMrr | Field::OpportunityType
        );
        let from = if has_own_form && !raw.is_empty() { raw } else { known.clone() };
        row.put(column, place.unwrap_or(begins), from.into(), &fix.to, fix.why);
    }

    fn note_row(&self, desk: &Desk<'_>, entry: u32, cells: &[String], notes: &mut Notes) {
        let kept = &self.found.entries[entry as usize];
        let is_open = |at: &usize| {
            RULES[*at].0.section == Section::Ace
                && matches!(kept.outcome(*at), Outcome::Fail | Outcome::Unknown)
        };
        let opp = self.opportunity_of(desk, entry);
        let asked = HEADINGS.iter().position(|heading| *heading == MARKETING_ACTIVITY).map(|at| &cells[at]);
        notes.of_others += usize::from(opp.format != Format::AceImport);
        notes.without_status += usize::from(opp.review_status.is_softly_unknown());
        notes.without_marketing += usize::from(asked.is_some_and(String::is_empty));
        let open: Vec<usize> = (0..RULES.len()).filter(is_open).collect();
        let row = Lazy { assessment: self, desk, entry, opp: &opp };
        let case = desk.case(&opp);
        let mut pen = Pen::writing();
        for at in open {
            notes.add(&row, || {
                ask(at, &case, &mut pen);
                pen.take().message
            });
        }
        if opp.format != Format::AceImport {
            for (what, text, chars_max) in [
                ("customer company name", &opp.customer_name, COMPANY_NAME_CHARS_MAX),
                ("project title", &opp.project_title, PROJECT_TITLE_CHARS_MAX),
            ] {
                let length = text.known().map_or(0, |text| text.chars().count());
                if length > chars_max {
                    notes.add(&row, || {
                        format!("The {what} is {length} characters long; an import file takes at most {chars_max}.")
                    });
                }
            }
        }
        if opp.aws_account_id.known().is_some_and(|ids| ids.one().is_none()) {
            notes.add(&row, || {
                "It names several account ids; each account needs a row of its own.".to_owned()
            });
        }
        if let Some(currency) = foreign_currency(&opp) {
            notes.add(&row, || format!("The estimate is in {currency}; the import file takes US dollars."));
        }
    }
}

/// A row while it is filled.
struct Row {
    cells: Vec<String>,
    changes: Vec<Change>,
}

impl Row {
    fn put(&mut self, column: usize, at: At, from: Cow<'_, str>, to: &str, why: &'static str) {
        let (to, why) = guarded(to, why);
        if to != from {
            let change = Change { column, at, from: from.into_owned(), to: to.clone(), why };
            self.changes.push(change);
        }
        self.cells[column] = to;
    }

    /// It stands in the place of whatever was put there before.
    fn put_instead(&mut self, column: usize, begins: At, to: &str, why: &'static str) {
        let (to, why) = guarded(to, why);
        let given = self.changes.iter().position(|change| change.column == column);
        let given = given.map(|at| self.changes.remove(at));
        let (at, from) =
            given.map_or_else(|| (begins, self.cells[column].clone()), |change| (change.at, change.from));
        if to != from {
            self.changes.push(Change { column, at, from, to: to.clone(), why });
        }
        self.cells[column] = to;
    }
}

fn guarded(text: &str, why: &'static str) -> (String, &'static str) {
    if correct::could_run(text) { (format!("'{text}"), FORMULA) } else { (text.to_owned(), why) }
}

/// Where each column of a document goes; nothing for what is no plain table. What only an import file has is appended.
fn targets(document: &Document, extras: &mut Vec<String>) -> Vec<Target> {
    let is_opportunities = matches!(document.kind(), Kind::Opportunities | Kind::Facts);
    if !is_opportunities || document.format() == Format::ApiCsv {
        return Vec::new();
    }
    let headings = document.columns();
    let keys = HEADINGS.map(heading_key);
    let fields = fields();
    let mut targets = vec![Target::Nowhere; headings.len()];
    let mut is_taken = [false; HEADINGS.len()];
    let mut take = |at: usize, column: Option<usize>, targets: &mut [Target]| {
        if let Some(column) = column.filter(|column| !is_taken[*column] && targets[at] == Target::Nowhere) {
            is_taken[column] = true;
            targets[at] = Target::Column(column);
        }
    };
    for (at, heading) in headings.iter().enumerate() {
        let key = heading_key(heading);
        take(at, keys.iter().position(|known| *known == key), &mut targets);
    }
    for (at, heading) in headings.iter().enumerate() {
        let field = field_of_heading(heading);
        take(at, fields.iter().position(|known| known.is_some() && *known == field), &mut targets);
    }
    if document.format() == Format::AceImport {
        for (at, heading) in headings.iter().enumerate() {
            if targets[at] != Target::Nowhere || heading.trim().is_empty() && is_empty_column(document, at) {
                continue;
            }
            // Two columns of one name stay two.
            let is_free = |extra: usize| !targets.contains(&Target::Column(HEADINGS.len() + extra));
            let known = (0..extras.len()).find(|extra| extras[*extra] == *heading && is_free(*extra));
            let known = known.unwrap_or_else(|| {
                extras.push(heading.clone());
                extras.len() - 1
            });
            targets[at] = Target::Column(HEADINGS.len() + known);
        }
    }
    targets
}

/// Whether nothing stands in a column of a table.
fn is_empty_column(document: &Document, column: usize) -> bool {
    let mut is_empty = true;
    for row in 0..document.len() {
        document.raw_row(row, |at, raw, _, _| {
            is_empty &= usize::from(at) != column || raw.trim().is_empty();
        });
        if !is_empty {
            break;
        }
    }
    is_empty
}

/// The currency of an estimate that is not in dollars.
fn foreign_currency<'o>(opp: &'o Opportunity<'_>) -> Option<&'o str> {
    opp.mrr_currency
        .known()
        .map(|currency| currency.as_ref())
        .filter(|code| !code.eq_ignore_ascii_case("USD"))
}

/// An amount of another currency, whose currency stood elsewhere, does not pass for dollars.
fn in_dollars(opp: &Opportunity<'_>, fields: &[Option<Field>], begins: At, row: &mut Row) {
    let Some(currency) = foreign_currency(opp) else { return };
    let Some(column) = fields.iter().position(|field| *field == Some(Field::ExpectedMrr)) else { return };
    let amount = &row.cells[column];
    if !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        row.put_instead(column, begins, &format!("{amount} {currency}"), CURRENCY);
    }
}

/// A row that may have to be named.
struct Lazy<'a, 'o> {
    assessment: &'a Assessment,
    desk: &'a Desk<'a>,
    entry: u32,
    opp: &'o Opportunity<'a>,
}

impl Lazy<'_, '_> {
    /// `Line 3 of “deals.csv” (Heron Lane Dairy)`.
    fn name(&self) -> String {
        let part = self.assessment.found.entries[self.entry as usize].part;
        let mut record = Record::empty();
        let document = self.desk.inputs.documents.get(usize::from(part.document));
        let place = document.and_then(|document| {
            document.read(part.record as usize, &mut record);
            let cell = record.cells.first()?;
            let at =
                At { document: part.document, heading: cell.heading, record: part.record, span: cell.span };
            self.assessment.place(at)
        });
        let line = place.map_or(0, |place| place.line);
        let document = say::quoted(document.map_or("", |document| document.name()));
        let who = self.opp.customer_name.known().or(self.opp.project_title.known());
        let who = who.map_or(String::new(), |who| format!(" ({})", say::quoted(who)));
        format!("Line {line} of {document}{who}")
    }
}

/// What a person has to look at.
#[derive(Default)]
struct Notes {
    of_rows: Vec<String>,
    more: usize,
    without_marketing: usize,
    without_status: usize,
    /// Rows of documents that are no import files.
    of_others: usize,
}

impl Notes {
    fn add(&mut self, row: &Lazy<'_, '_>, say: impl FnOnce() -> String) {
        if self.of_rows.len() == NOTES_MAX {
            self.more += 1;
        } else {
            self.of_rows.push(format!("{}: {}", row.name(), say()));
        }
    }

    fn in_words(self, import: &Import, opportunities: usize) -> Vec<String> {
        let mut notes = Vec::new();
        let rows = import.rows.len();
        if rows == 0 {
            if opportunities > 0 {
                notes.push(
                    "Nothing can be imported: a bulk import creates opportunities, and none of those you gave is a draft \
                     that ACE does not have yet."
                        .to_owned(),
                );
            }
            return notes;
        }
        if rows < opportunities {
            notes.push(format!(
                "Only drafts that ACE does not have yet are imported. In ACE already, AWS's own or closed, and so left \
                 out: {}.",
                say::opportunities(opportunities - rows)
            ));
        }
        if self.of_others > 0 {
            notes.push(
                "Of documents that are no import files, only what the template has a column for was taken."
                    .to_owned(),
            );
        }
        if self.without_status > 0 {
            notes.push(format!(
                "{} neither an opportunity id nor a status: import only what ACE does not have yet.",
                if self.without_status == 1 {
                    "1 row gives".to_owned()
                } else {
                    format!("{} give", say::count(self.without_status as i64, "row"))
                }
            ));
        }
        if self.without_marketing > 0 {
            notes.push(format!(
                "AWS requires an answer to “Is Opportunity from Marketing Activity?”: fill it in, it is blank in {}.",
                say::count(self.without_marketing as i64, "row")
            ));
        }
        if !import.extras.is_empty() {
            let name = |heading: &String| match heading.trim() {
                "" => "one without a heading".to_owned(),
                _ => say::quoted(heading).to_string(),
            };
            let headings: Vec<String> = import.extras.iter().map(name).collect();
            notes.push(format!(
                "{} not in AWS's template: {}. What stands there was kept, behind the columns of the template.",
                if headings.len() == 1 { "This column is" } else { "These columns are" },
                say::list(&headings)
            ));
        }
        notes.extend(self.of_rows);
        if self.more > 0 {
            notes.push(format!("And {} more like these.", say::count(self.more as i64, "note")));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assess, assess_on};

    /// Every heading of the template means a fact, or is known to mean none.
    #[test]
    fn the_headings_of_the_template_mean_what_they_say() {
        let known = fields().iter().flatten().count();
        assert_eq!(known, 23);
        for (heading, field) in [
            ("Customer Company Name - required", Field::CustomerName),
            ("Website - required", Field::CustomerWebsite),
            ("Target Close Date(mm/dd/yyyy) - required", Field::TargetCloseDate),
            ("Customer DUNS", Field::Duns),
            ("Partner CRM Unique Identifier", Field::PartnerCrmId),
        ] {
            let at = HEADINGS.iter().position(|known| *known == heading).unwrap();
            assert_eq!(fields()[at], Some(field));
        }
        let mut keys = HEADINGS.map(heading_key).to_vec();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), HEADINGS.len(), "no two headings are one");
    }

    const HEADS: &str = "Customer Company Name - required,Country - required,Target Close Date(mm/dd/yyyy) - required,\
                         AWS Account ID,Delivery Model - required,Customer Phone,Stage,My notes";

    fn told(found: &Assessment) -> Vec<(String, String, String, u32)> {
        let all = corrections(found, 0, usize::MAX);
        assert_eq!(all.total, all.changes.len());
        let short = |field: String| field.split([' ', '(']).take(2).collect::<Vec<_>>().join(" ");
        all.changes.into_iter().map(|one| (short(one.field), one.from, one.to, one.line)).collect()
    }

    /// The cell under a heading in the second line of the file.
    fn cell(csv: &str, heading: &str) -> String {
        let document = Document::open("file", csv.as_bytes().to_vec());
        let at = document.columns().iter().position(|known| known == heading).unwrap();
        let mut found = None;
        document.raw_row(0, |column, text, _, _| {
            if usize::from(column) == at {
                found = Some(text.into_owned());
            }
        });
        found.unwrap()
    }

    #[test]
    fn what_is_safe_is_put_right_and_what_is_not_known_is_carried_over() {
        let row = " Heron  Lane ,us,2027-01-20,1234-5678-9012,\"resell, other\",+1 (555) 010-9999,Prospect,\" \"\"mine\"\" \"";
        let found = assess(&[&format!("{HEADS}\n{row}\n")], &[]);
        let change =
            |field: &str, from: &str, to: &str| (field.to_owned(), from.to_owned(), to.to_owned(), 2);
        assert_eq!(
            told(&found),
            [
                change("Customer Company", " Heron  Lane ", "Heron Lane"),
                change("Country -", "us", "United States"),
                change("Target Close", "2027-01-20", "01/20/2027"),
                change("Delivery Model", "resell, other", "Resell;Other"),
                change("AWS Account", "1234-5678-9012", "123456789012"),
            ]
        );
        let csv = import_csv(&found, 0, usize::MAX);
        assert_eq!(cell(&csv, "Customer Phone"), "+1 (555) 010-9999");
        assert_eq!(cell(&csv, "Stage"), "Prospect");
        assert_eq!(cell(&csv, "My notes"), " \"mine\" ");
        let notes = corrections(&found, 0, 0).notes;
        assert!(
            notes
                .iter()
                .any(|note| note
                    .starts_with("These columns are not in AWS's template: “Stage” and “My notes”.")),
            "{notes:?}"
        );
        assert!(
            notes.iter().any(|note| note.starts_with("Line 2 of “1” (“ Heron")
                || note.starts_with("Line 2 of “1” (“Heron")),
            "{notes:?}"
        );
    }

    #[test]
    fn a_date_is_never_moved_and_a_blank_never_filled() {
        let found = assess(&[&format!("{HEADS}\nHeron,,01/02/2020,,Resell,,,\n")], &[]);
        assert_eq!(told(&found), []);
        let csv = import_csv(&found, 0, usize::MAX);
        assert_eq!(cell(&csv, "Target Close Date(mm/dd/yyyy) - required"), "01/02/2020");
        assert_eq!(cell(&csv, "Country - required"), "");
        let notes = corrections(&found, 0, 0).notes;
        assert!(notes.iter().any(|note| note.contains("has passed; AWS refuses it")), "{notes:?}");
    }

    #[test]
    fn a_formula_is_kept_from_running() {
        let found = assess(&[&format!("{HEADS}\n=1+1,US,01/20/2027,,Resell,,,=cmd|x!A0\n")], &[]);
        let headed = assess(
            &[
                "Country - required,Website - required,Partner Project Title - required,=1+1\nUS,a.example,T,x\n",
            ],
            &[],
        );
        assert!(import_csv(&headed, 0, 9).lines().next().unwrap().ends_with(",\"'=1+1\""));
        let why = corrections(&found, 0, 9).changes.into_iter().map(|one| (one.to, one.why));
        let why: Vec<(String, String)> = why.filter(|(_, why)| why == FORMULA).collect();
        assert_eq!(
            why,
            [("'=1+1".to_owned(), FORMULA.to_owned()), ("'=cmd|x!A0".to_owned(), FORMULA.to_owned())]
        );
    }

    #[test]
    fn what_you_stated_stands_in_the_file() {
        let found =
            assess(&[&format!("{HEADS}\nHeron,US,01/20/2027,,Resell,,,\n")], &["country=DE", "city=Berlin"]);
        let csv = import_csv(&found, 0, usize::MAX);
        assert_eq!(
            (cell(&csv, "Country - required").as_str(), cell(&csv, "City").as_str()),
            ("Germany", "Berlin")
        );
        let stated = corrections(&found, 0, 9).changes;
        assert_eq!(
            stated.iter().map(|one| (&*one.from, &*one.to, &*one.why)).collect::<Vec<_>>(),
            [("US", "Germany", STATED), ("", "Berlin", STATED),]
        );
    }

    #[test]
    fn only_drafts_of_the_partners_own_are_imported() {
        let table = "Opportunity Id,Status,Stage,Opportunity Ownership,Customer Company Name,Customer Last Name\n\
                     O1,Approved,Committed,Partner Referral,One,A\n\
                     ,Draft,Prospect,Partner Referral,Two,B\n\
                     O3,Draft,Prospect,AWS Referral,Three,C\n\
                     ,Draft,Closed Lost,Partner Referral,Four,D\n\
                     O5,Draft,Prospect,Partner Referral,Five,E\n";
        let found = assess(&[table], &[]);
        let csv = import_csv(&found, 0, usize::MAX);
        assert_eq!(csv.lines().count(), 2, "what has an id is in ACE, as a draft too: {csv}");
        assert_eq!(
            (cell(&csv, HEADINGS[0]).as_str(), cell(&csv, "Customer Last Name").as_str()),
            ("Two", "B")
        );
        let notes = corrections(&found, 0, 0).notes;
        assert!(
            notes[0].starts_with("Only drafts") && notes[0].ends_with("so left out: 4 opportunities."),
            "{notes:?}"
        );
        let sent = "Stage,Customer Company Name,Date Submitted(MM/DD/YYYY)\n\
                    Prospect,Six,10/20/2026\nProspect,Seven,\n";
        let unsaid = assess(&[sent], &[]);
        let csv = import_csv(&unsaid, 0, usize::MAX);
        assert!(csv.lines().count() == 2 && csv.contains("\nSeven,"), "what was submitted is in ACE: {csv}");
        let notes = corrections(&unsaid, 0, 0).notes;
        assert!(notes[1].starts_with("Of documents that are no import files"), "{notes:?}");
        assert!(notes[2].starts_with("1 row gives neither an opportunity id nor a status"), "{notes:?}");
        let none = assess(&[&table.replace("Draft", "Approved")], &[]);
        assert_eq!(import_csv(&none, 0, 9), "");
        let Corrections { rows, total, notes, .. } = corrections(&none, 0, 9);
        assert_eq!((rows, total, notes.len()), (0, 0, 1));
        assert!(corrections(&assess(&[], &[]), 0, 9).notes.is_empty());
    }

    #[test]
    fn a_draft_in_json_is_written_from_its_facts() {
        let json = r#"{"Catalog":"AWS","Origin":"Partner Referral","PartnerOpportunityIdentifier":"CRM-1",
            "Customer":{"Account":{"CompanyName":"Heron & \"Lane\"","Industry":"Software and Internet",
            "Address":{"CountryCode":"DE"}}},"LifeCycle":{"TargetCloseDate":"2027-01-20"},
            "Project":{"DeliveryModels":["Resell","Other"],"Title":"T",
            "ExpectedCustomerSpend":[{"Amount":"2500","CurrencyCode":"EUR","TargetCompany":"AWS"}]}}"#;
        let found = assess(&[json], &[]);
        let csv = import_csv(&found, 0, usize::MAX);
        for (heading, expect) in [
            (HEADINGS[0], "Heron & \"Lane\""),
            ("Industry Vertical - required", "Software & Internet"),
            ("Country - required", "Germany"),
            ("Delivery Model - required", "Resell;Other"),
            ("Target Close Date(mm/dd/yyyy) - required", "01/20/2027"),
            ("Estimated AWS Monthly Recurring Revenue - required", "2500 EUR"),
        ] {
            assert_eq!(cell(&csv, heading).replace("\"\"", "\""), expect);
        }
        let notes = corrections(&found, 0, 0).notes;
        assert!(
            notes.iter().any(|note| note.contains("in EUR; the import file takes US dollars")),
            "{notes:?}"
        );
    }

    /// Every cell of the file's first row, by its heading, in order.
    fn cells(csv: &str) -> Vec<(String, String)> {
        let document = Document::open("file", csv.as_bytes().to_vec());
        let mut cells = Vec::new();
        document.raw_row(0, |column, text, _, _| {
            cells.push((document.columns()[usize::from(column)].clone(), text.into_owned()));
        });
        cells
    }

    #[test]
    fn columns_of_one_name_or_of_none_keep_what_stands_in_them() {
        let heads =
            "Customer Company Name - required,Country - required,Website - required,Notes,Notes,,City,City,";
        let row = "Heron,United States,a.example,first,second,nameless,Boise,Nampa,";
        let found = assess(&[&format!("{heads}\n{row}\n"), &format!("{heads}\n{row}\n")], &[]);
        let csv = import_csv(&found, 0, usize::MAX);
        let extras = &cells(&csv)[HEADINGS.len()..];
        let extras: Vec<(&str, &str)> = extras.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            extras,
            [("Notes", "first"), ("Notes", "second"), ("", "nameless"), ("City", "Nampa")],
            "and the second document has no others"
        );
        assert_eq!(cell(&csv, "City"), "Boise");
        let notes = corrections(&found, 0, 0).notes;
        assert!(notes.iter().any(|note| note.contains("“Notes”, “Notes”, one without a heading and “City”")));
    }

    #[test]
    fn a_formula_that_wraps_a_text_is_told_when_it_is_taken_away() {
        let row = "Heron,US,01/20/2027,\"=\"\"012345678901\"\"\",Resell,\"=\"\"0555\"\"\",,";
        let found = assess(&[&format!("{HEADS}\n{row}\n")], &[]);
        let csv = import_csv(&found, 0, 9);
        assert_eq!(
            (cell(&csv, "AWS Account ID").as_str(), cell(&csv, "Customer Phone").as_str()),
            ("012345678901", "0555")
        );
        let told = corrections(&found, 0, 9).changes.into_iter().map(|one| (one.from, one.to, one.why));
        let told: Vec<_> = told.filter(|(_, _, why)| why == UNWRAPPED).collect();
        let wrapped = |text: &str| (format!("=\"{text}\""), text.to_owned(), UNWRAPPED.to_owned());
        assert_eq!(told, [wrapped("0555"), wrapped("012345678901")]);
    }

    #[test]
    fn of_two_columns_of_one_meaning_the_one_that_says_something_is_taken() {
        let table = "Status,Partner Project Title,Opportunity Name,City,Country\nDraft,,Heron,Boise,\nDraft,Ibis,,,\n";
        let found = assess(&[table], &[]);
        let csv = import_csv(&found, 0, 9);
        assert_eq!(cell(&csv, "Partner Project Title - required"), "Heron");
        assert_eq!(cell(&csv, "Country - required"), "", "a blank stays");
        assert_eq!(cell(&csv, "Opportunity Type - required"), "", "what is only assumed is not filled in");
        assert!(csv.lines().nth(2).unwrap().contains(",Ibis,"), "{csv}");
        assert_eq!(corrections(&found, 0, 9).changes, []);
    }

    #[test]
    fn a_currency_that_is_put_to_its_amount_is_told() {
        let row = "Customer Company Name,Status,Estimated AWS Monthly Recurring Revenue,MRR Currency\n\
                   Heron,Draft,2500,EUR\n";
        let found = assess(&[row], &[]);
        let amount = "Estimated AWS Monthly Recurring Revenue - required";
        assert_eq!(cell(&import_csv(&found, 0, 9), amount), "2500 EUR");
        let told = corrections(&found, 0, 9).changes;
        let told: Vec<_> = told.iter().map(|one| (&*one.field, &*one.from, &*one.to, &*one.why)).collect();
        assert_eq!(told, [(amount, "2500", "2500 EUR", CURRENCY)]);
    }

    #[test]
    fn parts_are_parts_of_the_whole() {
        let rows: String = (0..7).map(|n| format!(" Shop {n},us,2027-01-20,,resell,,,\n")).collect();
        let found = assess_on("2026-11-22", &[&format!("{HEADS}\n{rows}")], &[]);
        let whole = corrections(&found, 0, usize::MAX);
        assert_eq!((whole.rows, whole.total), (7, 28));
        for (from, limit) in [(0, 1), (3, 2), (4, 4), (5, 9), (27, 5), (28, 1), (99, 1), (0, 0)] {
            let part = corrections(&found, from, limit);
            let expect: Vec<_> = whole.changes.iter().skip(from).take(limit).cloned().collect();
            assert_eq!((part.from, part.total, part.changes), (from, 28, expect), "{from} {limit}");
        }
        let parts = [(0, 3), (3, 3), (6, 3)].map(|(from, limit)| import_csv(&found, from, limit));
        assert_eq!(parts.concat(), import_csv(&found, 0, usize::MAX));
    }
}
