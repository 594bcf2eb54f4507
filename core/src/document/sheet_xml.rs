//! The XML of spreadsheets to the text of a sheet: a worksheet of a workbook, and the SpreadsheetML that ACE downloads
//! as `.xls`.

use super::delimited::{SHEET_CELL_END, SHEET_ROW_END};
use super::{DEPTH_MAX, FIELDS_MAX, UNFOLDED_BYTES_MAX};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// The text of one sheet, cells and rows apart, and the number of each of its rows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub name: String,
    pub text: String,
    pub row_numbers: Vec<u32>,
    /// What was not read of it, as a sentence.
    pub flaw: Option<&'static str>,
    row: u32,
    /// The next cell's column, from 0.
    column: usize,
    /// The last written cell's column.
    written: Option<usize>,
    /// Its text may have so many bytes.
    bytes_max: usize,
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn named(name: &str, bytes_max: usize) -> Self {
        Sheet { name: name.to_owned(), bytes_max, ..Sheet::default() }
    }

    /// Begins the row with this number, or the next one.
    fn begin_row(&mut self, number: Option<u32>) {
        self.end_row();
        self.row = number.unwrap_or(0).max(self.row.saturating_add(1));
        self.column = 0;
    }

    /// Adds a cell in the column with this index, or in the next one.
    fn add_cell(&mut self, column: Option<usize>, text: &str) {
        let column = column.unwrap_or(0).max(self.column);
        self.column = column.saturating_add(1);
        if text.is_empty() {
            return;
        }
        if column >= FIELDS_MAX {
            self.flaw = Some("Cells beyond the 1,024th column of the sheet were left out.");
            return;
        }
        if self.text.len() + text.len() + FIELDS_MAX > self.bytes_max {
            self.flaw = Some("The sheet holds more text than is read; what is beyond was left out.");
            return;
        }
        let gap = column - self.written.unwrap_or(0);
        self.text.extend(std::iter::repeat_n(SHEET_CELL_END, gap));
        self.written = Some(column);
        if text.contains([SHEET_CELL_END, SHEET_ROW_END]) {
            self.text.push_str(&text.replace([SHEET_CELL_END, SHEET_ROW_END], " "));
        } else {
            self.text.push_str(text);
        }
    }

    fn end_row(&mut self) {
        if self.written.take().is_some() {
            self.text.push(SHEET_ROW_END);
            self.row_numbers.push(self.row);
        }
    }
}

const BROKEN_XML: &str =
    "The XML of the sheet is broken from some place on; the rest of it was not read. Save it again.";
const TOO_DEEP: &str =
    "The XML of the sheet is nested too deeply; the rest of it was not read. Save it again.";

/// Walks XML: start tags with their attributes, end tags, and the text between. Stops when a flaw is found.
fn walk(xml: &str, mut visit: impl FnMut(Step<'_, '_>)) -> Option<&'static str> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Some(TOO_DEEP);
                }
                visit(Step::Open(&tag));
            }
            Ok(Event::Empty(tag)) => {
                visit(Step::Open(&tag));
                visit(Step::Close(local(tag.name().as_ref())));
            }
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                visit(Step::Close(local(tag.name().as_ref())));
            }
            Ok(Event::Text(text)) => visit(Step::Text(&text.xml10_content())),
            Ok(Event::CData(text)) => visit(Step::Text(&text.xml10_content())),
            // Entities are events of their own: the text of `R&amp;D` is in three pieces.
            Ok(Event::GeneralRef(entity)) => visit(Step::Text(&resolved(&entity))),
            Ok(Event::Eof) => return (depth > 0).then_some(BROKEN_XML),
            Ok(_) => {}
            Err(_) => return Some(BROKEN_XML),
        }
    }
}

enum Step<'a, 'x> {
    Open(&'a BytesStart<'x>),
    Close(&'a str),
    Text(&'a str),
}

fn resolved(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = entity;
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" => " ".to_owned(),
        _ => format!("&{name};"),
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The attribute with this name, whatever its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| local(attribute.key.as_ref()) == name)?;
    Some(
        found
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned),
    )
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}

/// The sheets of a SpreadsheetML document.
pub(super) fn spreadsheet_ml(xml: &str) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut text, mut in_data, mut in_comment, mut is_number) = (String::new(), false, false, false);
    let (mut column, mut skipped) = (None, 0usize);
    let flaw = walk(xml, |step| match step {
        Step::Open(tag) => match local(tag.name().as_ref()) {
            "Worksheet" => {
                sheets.push(Sheet::named(&attribute(tag, "Name").unwrap_or_default(), UNFOLDED_BYTES_MAX));
            }
            "Row" => {
                if let Some(sheet) = sheets.last_mut() {
                    sheet.begin_row(number(tag, "Index"));
                }
            }
            "Cell" => {
                column = number(tag, "Index").map(|index| index.saturating_sub(1) as usize);
                skipped = number(tag, "MergeAcross").unwrap_or(0) as usize;
                text.clear();
            }
            "Comment" => in_comment = true,
            "Data" if !in_comment => {
                in_data = true;
                is_number = attribute(tag, "Type").is_some_and(|kind| kind == "Number");
            }
            _ => {}
        },
        Step::Text(part) if in_data => text.push_str(part),
        Step::Text(_) => {}
        Step::Close("Data") => in_data = false,
        Step::Close("Comment") => in_comment = false,
        Step::Close("Cell") => {
            let value = text.trim();
            if let Some(sheet) = sheets.last_mut() {
                match is_number.then(|| whole_number(value)).flatten() {
                    Some(digits) => sheet.add_cell(column, &digits),
                    None => sheet.add_cell(column, value),
                }
                sheet.column = sheet.column.saturating_add(skipped);
            }
            (column, is_number) = (None, false);
        }
        Step::Close("Row" | "Table") => {
            if let Some(sheet) = sheets.last_mut() {
                sheet.end_row();
            }
        }
        Step::Close(_) => {}
    });
    if let Some(sheet) = sheets.last_mut() {
        sheet.end_row();
        sheet.flaw = flaw.or(sheet.flaw);
    }
    sheets
}

/// The texts that the cells of a workbook share.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<usize>,
}

impl SharedStrings {
    /// Reads `sharedStrings.xml`.
    pub(super) fn read(xml: &str) -> Self {
        let mut shared = SharedStrings::default();
        let (mut in_text, mut in_phonetic) = (false, false);
        walk(xml, |step| match step {
            Step::Open(tag) => match local(tag.name().as_ref()) {
                "t" => in_text = true,
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Step::Text(part) if in_text && !in_phonetic => shared.text.push_str(part),
            Step::Text(_) => {}
            Step::Close("t") => in_text = false,
            Step::Close("rPh") => in_phonetic = false,
            Step::Close("si") => shared.ends.push(shared.text.len()),
            Step::Close(_) => {}
        });
        shared
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// One worksheet of a workbook.
pub(super) fn worksheet(name: &str, xml: &str, shared: &SharedStrings, bytes_max: usize) -> Sheet {
    let mut sheet = Sheet::named(name, bytes_max);
    let (mut text, mut kind, mut column) = (String::new(), String::new(), None);
    let (mut in_value, mut in_phonetic) = (false, false);
    let flaw = walk(xml, |step| match step {
        Step::Open(tag) => match local(tag.name().as_ref()) {
            "row" => sheet.begin_row(number(tag, "r")),
            "c" => {
                text.clear();
                kind = attribute(tag, "t").unwrap_or_default();
                column = attribute(tag, "r").as_deref().and_then(column_of);
            }
            "v" | "t" => in_value = true,
            "rPh" => in_phonetic = true,
            _ => {}
        },
        Step::Text(part) if in_value && !in_phonetic => text.push_str(part),
        Step::Text(_) => {}
        Step::Close("v" | "t") => in_value = false,
        Step::Close("rPh") => in_phonetic = false,
        Step::Close("c") => {
            let value = text.trim();
            match kind.as_str() {
                "s" => {
                    let shared = value.parse().ok().and_then(|index| shared.get(index)).unwrap_or_default();
                    sheet.add_cell(column, shared.trim());
                }
                "b" => sheet.add_cell(column, if value == "1" { "TRUE" } else { "FALSE" }),
                "" | "n" => sheet.add_cell(column, whole_number(value).as_deref().unwrap_or(value)),
                _ => sheet.add_cell(column, value),
            }
        }
        Step::Close("row") => sheet.end_row(),
        Step::Close(_) => {}
    });
    sheet.end_row();
    sheet.flaw = flaw.or(sheet.flaw);
    sheet
}

/// The index of the column of `AB12`.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .take(4)
        .fold(0usize, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The names of the sheets of `workbook.xml` and the ids of their files, in order.
pub(super) fn sheet_names(xml: &str) -> Vec<(String, String)> {
    let mut names = Vec::new();
    walk(xml, |step| {
        if let Step::Open(tag) = step
            && local(tag.name().as_ref()) == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
        {
            names.push((name, id));
        }
    });
    names
}

/// The ids, types and targets of a `.rels` file.
pub(super) fn relationships(xml: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    walk(xml, |step| {
        if let Step::Open(tag) = step
            && local(tag.name().as_ref()) == "Relationship"
            && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
        {
            found.push((id, attribute(tag, "Type").unwrap_or_default(), target));
        }
    });
    found
}

/// `1.23456789012E11` in full; none when the number is written without an exponent already, is no whole number, or
/// has so few digits that a spreadsheet has rounded it.
fn whole_number(text: &str) -> Option<String> {
    const ROUNDED_DIGITS_MAX: usize = 6;
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || !is_digits(whole)
        || !is_digits(fraction)
        || fraction.len() > exponent
        || exponent > 30
    {
        return None;
    }
    if exponent >= 11 && whole.len() + fraction.len() <= ROUNDED_DIGITS_MAX {
        return None;
    }
    let digits = format!("{whole}{fraction}{}", "0".repeat(exponent - fraction.len()));
    let digits = digits.trim_start_matches('0');
    Some(format!("{sign}{}", if digits.is_empty() { "0" } else { digits }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sheet: &Sheet, text: &str, rows: &[u32]) {
        let shown = sheet.text.replace(SHEET_CELL_END, "|").replace(SHEET_ROW_END, "\n");
        assert_eq!((shown.as_str(), sheet.row_numbers.as_slice()), (text, rows));
    }

    #[test]
    fn broken_xml_keeps_what_stands_before_it() {
        let sheets =
            spreadsheet_ml("<Workbook><Worksheet><Table><Row><Cell><Data>a</Data></Cell></Row><Row></Cell>");
        check(&sheets[0], "a\n", &[1]);
        assert_eq!(sheets[0].flaw, Some(BROKEN_XML));
        let deep = spreadsheet_ml(&format!("<Worksheet>{}", "<a>".repeat(100)));
        assert_eq!(deep[0].flaw, Some(TOO_DEEP));
    }

    #[test]
    fn spreadsheet_ml_keeps_its_places() {
        let xml = r#"<?xml version="1.0"?><Workbook xmlns:ss="urn:x"><Worksheet ss:Name="R&amp;D"><Table>
            <Row><Cell><Data ss:Type="String"><span id="a">Opportunity Id</span></Data></Cell>
                 <Cell ss:Index="4"><Data ss:Type="String">A&amp;B &#8211; &lt;C&gt;</Data><Comment><Data>no</Data></Comment></Cell></Row>
            <Row/>
            <Row ss:Index="7"><Cell ss:MergeAcross="1"><Data>x</Data></Cell><Cell><Data ss:Type="Number">1.23456789012E11</Data></Cell></Row>
            </Table></Worksheet></Workbook>"#;
        let sheets = spreadsheet_ml(xml);
        assert_eq!(sheets[0].name, "R&D");
        check(&sheets[0], "Opportunity Id|||A&B – <C>\nx||123456789012\n", &[1, 7]);
    }

    #[test]
    fn a_worksheet_reads_every_type_of_cell() {
        let shared = SharedStrings::read(
            "<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r><rPh><t>no</t></rPh></si></sst>",
        );
        let xml = r#"<worksheet><sheetData><row r="2"><c r="B2" t="s"><v>1</v></c><c r="C2" t="b"><v>1</v></c>
            <c r="D2"/><c r="E2"><f>A1</f><v>5.0E3</v></c><c t="inlineStr"><is><t>in</t></is></c><c t="s"><v>9</v></c></row>
            <row><c t="s"><v>0</v></c></row></sheetData></worksheet>"#;
        check(&worksheet("S", xml, &shared, UNFOLDED_BYTES_MAX), "|two|TRUE||5000|in\none\n", &[2, 3]);
    }

    #[test]
    fn a_number_is_written_out_unless_it_was_rounded() {
        for (text, digits) in [
            ("1.23457E+11", None),
            ("1.5E-3", None),
            ("12.5", None),
            ("E5", None),
            ("1E400", None),
            ("1.23456789012E11", Some("123456789012")),
            ("1.2345E2", None),
            ("-2E3", Some("-2000")),
            ("0E0", Some("0")),
        ] {
            assert_eq!(whole_number(text).as_deref(), digits, "{text}");
        }
    }
}
