//! Workbooks: an `.xlsx` archive, and the SpreadsheetML that ACE calls `.xls`. The sheet that is best known is read.

use super::sheet_xml::{self, SharedStrings, Sheet};
use super::zip::{Archive, Flaw};
use super::{Format, Kind, Layout, Problems, Recognised, table, title_row};

/// Sheets past these are not looked at.
const SHEETS_MAX: usize = 64;

/// Recognises SpreadsheetML.
pub(super) fn recognise_xml(xml: &str) -> (String, Recognised) {
    choose(sheet_xml::spreadsheet_ml(xml).into_iter().take(SHEETS_MAX))
}

/// Recognises what begins like a zip archive; it may unfold to so many bytes.
pub(super) fn recognise_archive(bytes: &[u8], unfolded_bytes_max: usize) -> (String, Recognised) {
    match read_archive(bytes, unfolded_bytes_max) {
        Ok(read) => read,
        Err(flaw) => ignored(format_args!("This workbook {flaw}.")),
    }
}

fn read_archive(bytes: &[u8], unfolded_bytes_max: usize) -> Result<(String, Recognised), Flaw> {
    let mut archive = Archive::open(bytes, unfolded_bytes_max)?;
    let Some(workbook) = archive.names().find(|name| name.ends_with("workbook.xml")).map(str::to_owned)
    else {
        return Ok(ignored(format_args!("{}", other_archive(&archive))));
    };
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let rels = sheet_xml::relationships(&archive.text(&in_folder(folder, &format!("_rels/{file}.rels")))?);
    let target = |wanted: &dyn Fn(&str, &str) -> bool| {
        let (_, _, target) = rels.iter().find(|(id, kind, _)| wanted(id, kind))?;
        Some(in_folder(folder, target))
    };
    let shared = match target(&|_, kind| kind.ends_with("/sharedStrings")) {
        Some(name) => SharedStrings::read(&archive.text(&name)?),
        None => SharedStrings::default(),
    };
    let names = sheet_xml::sheet_names(&archive.text(&workbook)?);
    let mut flaw = None;
    let sheets = names.iter().take(SHEETS_MAX).filter_map(|(name, id)| {
        let file = target(&|rel, kind| rel == id && kind.ends_with("/worksheet"))?;
        let xml = archive.text(&file).map_err(|why| flaw = flaw.or(Some(why))).ok()?;
        Some(sheet_xml::worksheet(name, &xml, &shared, unfolded_bytes_max))
    });
    let (text, mut recognised) = choose(sheets);
    match flaw {
        Some(flaw) if matches!(recognised.layout, Layout::Nothing) => Err(flaw),
        Some(flaw) => {
            let message = format!("A sheet of this workbook {flaw}.");
            recognised.problems.push(super::Problem { message, record: None, span: None });
            Ok((text, recognised))
        }
        None => Ok((text, recognised)),
    }
}

/// The name of a file beside `folder`'s others; a name that begins with `/` is complete.
fn in_folder(folder: &str, name: &str) -> String {
    match name.strip_prefix('/') {
        Some(name) => name.to_owned(),
        None if folder.is_empty() => name.to_owned(),
        None => format!("{folder}/{name}"),
    }
}

fn other_archive(archive: &Archive<'_>) -> &'static str {
    let has = |wanted: &str| archive.names().any(|name| name.ends_with(wanted));
    if has("workbook.bin") {
        "This is a binary workbook (.xlsb); save it as .xlsx or .csv."
    } else if has("word/document.xml") {
        "This is a Word document; paste its text, or export the opportunities from ACE as a table."
    } else if has("ppt/presentation.xml") {
        "This is a presentation; export the opportunities from ACE as a table."
    } else if has("content.xml") {
        "This is an OpenDocument file; save the sheet as .xlsx or .csv."
    } else if has(".iwa") {
        "This is a Numbers file; export it as .xlsx or .csv."
    } else {
        "This is a zip archive; unpack it and open the files in it one by one."
    }
}

/// Takes the sheet with the most headings that are known, and names the others that are known too.
fn choose(sheets: impl Iterator<Item = Sheet>) -> (String, Recognised) {
    let mut best: Option<(usize, Sheet)> = None;
    let mut others = Vec::new();
    for sheet in sheets {
        let score = title_row::find_in_sheet(&sheet.text).map_or(0, |found| found.mapping.score);
        let is_better = match &best {
            None => true,
            Some((best, old)) => score > *best || (*best == 0 && old.text.is_empty()),
        };
        let passed = if is_better { best.replace((score, sheet)) } else { Some((score, sheet)) };
        others.extend(passed.filter(|(score, _)| *score > 0).map(|(_, sheet)| sheet.name));
    }
    let Some((_, sheet)) = best.filter(|(_, sheet)| !sheet.text.is_empty()) else {
        return ignored(format_args!("This workbook has no sheet with anything in it."));
    };
    let Some(mut recognised) = table::recognise_sheet(&sheet.text, &sheet.row_numbers) else {
        return ignored(format_args!("{}", super::sniff::unknown(&sheet.text)));
    };
    let add = |recognised: &mut Recognised, message: String| {
        recognised.problems.push(super::Problem { message, record: None, span: None });
    };
    if let Some(flaw) = sheet.flaw {
        add(&mut recognised, flaw.to_owned());
    }
    if !others.is_empty() {
        let message = format!(
            "Only the sheet “{}” of this workbook is read; save {} as a file of its own to read it too.",
            sheet.name,
            super::sniff::quoted_list(&others),
        );
        add(&mut recognised, message);
    }
    (sheet.text, recognised)
}

fn ignored(message: std::fmt::Arguments<'_>) -> (String, Recognised) {
    let mut problems = Problems::default();
    problems.add(None, None, message);
    (String::new(), problems.into_recognised(Kind::Ignored, Format::Unrecognised, Layout::Nothing))
}

#[cfg(test)]
mod tests {
    use super::super::zip::tests::archive;
    use super::super::{Document, Record};
    use super::*;
    use crate::field::Field;

    const RELS: &[u8] =
        br#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
        <Relationship Id="r3" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    const BOOK: &[u8] =
        br#"<workbook><sheets><sheet name="Notes" r:id="r1"/><sheet name="Pipeline" r:id="r2"/></sheets></workbook>"#;
    const SHARED: &[u8] =
        br#"<sst><si><t>Opportunity Id</t></si><si><t>AWS Account ID</t></si><si><t>City</t></si></sst>"#;
    const PIPELINE: &[u8] = br#"<worksheet><sheetData><row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c></row>
        <row r="5"><c r="A5" t="inlineStr"><is><t>O5</t></is></c><c r="C5"><v>1.11122223333E11</v></c></row></sheetData></worksheet>"#;

    fn workbook(first: &[u8]) -> Document {
        let bytes = archive(&[
            ("xl/workbook.xml", BOOK, false),
            ("xl/_rels/workbook.xml.rels", RELS, false),
            ("xl/sharedStrings.xml", SHARED, false),
            ("xl/worksheets/sheet1.xml", first, true),
            ("xl/worksheets/sheet2.xml", PIPELINE, false),
        ]);
        Document::open("book.xlsx", bytes)
    }

    #[test]
    fn the_sheet_that_is_known_is_read_with_its_places() {
        let document = workbook(b"<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>");
        assert_eq!((document.format(), document.len()), (Format::AceExport, 1), "{:?}", document.problems());
        let mut record = Record::empty();
        document.read(0, &mut record);
        let cell = &record.cells[1];
        assert_eq!((cell.field, cell.text.as_ref()), (Field::AwsAccountId, "111122223333"));
        assert_eq!(document.sheet_place(0, cell.heading), Some((5, 3)));
        assert!(document.problems().is_empty());
    }

    #[test]
    fn a_second_known_sheet_is_named() {
        let document = workbook(PIPELINE);
        assert_eq!(document.len(), 1);
        assert!(document.problems()[0].message.contains("“Pipeline”"), "{:?}", document.problems());
    }

    #[test]
    fn a_broken_workbook_is_one_sentence() {
        for bytes in [
            b"PK\x03\x04 and nothing else".to_vec(),
            archive(&[("xl/workbook.xml", BOOK, false)]),
            archive(&[("a.csv", b"x", false)]),
        ] {
            let document = Document::open("x", bytes);
            assert_eq!((document.kind(), document.problems().len()), (Kind::Ignored, 1));
        }
    }
}
