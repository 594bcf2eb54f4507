//! Each limit of a document is told in a sentence, and what lies within it is still read.

use super::zip::tests::archive;
use super::{BYTES_MAX, DEPTH_MAX, Document, FIELDS_MAX, Kind, PROBLEMS_MAX, RECORDS_MAX, Record};
use std::fmt::Write;

/// The only problem of `document`.
#[track_caller]
fn only_problem(document: &Document) -> &str {
    let [problem] = document.problems() else { panic!("{:?}", document.problems()) };
    &problem.message
}

#[track_caller]
fn cells_of_first(document: &Document) -> usize {
    let mut record = Record::empty();
    document.read(0, &mut record);
    record.cells.len()
}

#[test]
fn a_file_that_is_too_large_is_refused_with_its_size() {
    let document = Document::open("large", vec![0; BYTES_MAX + 1]);
    assert_eq!((document.kind(), document.text()), (Kind::Ignored, ""));
    assert_eq!(only_problem(&document), "This file has 257 MB; at most 256 MB are read. Split it.");
}

#[test]
fn records_past_the_limit_are_told_and_left_unread() {
    let text = format!("Opportunity Id,Stage\n{}", "O,\n".repeat(RECORDS_MAX + 2));
    let document = Document::open("long", text.into_bytes());
    assert_eq!(document.len(), RECORDS_MAX);
    assert_eq!(only_problem(&document), "Only the first 2000000 rows are read; split the table.");
}

#[test]
fn columns_keys_and_lines_past_the_limit_are_told_and_left_unread() {
    let mut row = "Opportunity Id,Stage".to_owned();
    (2..FIELDS_MAX + 5).for_each(|n| write!(row, ",c{n}").unwrap());
    let table =
        Document::open("wide", format!("{row}\nO1,Qualified{}\n", ",x".repeat(FIELDS_MAX)).into_bytes());
    assert_eq!(only_problem(&table), "Only the first 1024 columns of this table are read.");
    assert_eq!(cells_of_first(&table), 2);

    let keys: String = (0..FIELDS_MAX + 5).map(|n| format!(",\"spend.2026-11\": {n}")).collect();
    let json = Document::open("wide", format!("{{\"opportunity_id\": \"O1\"{keys}}}").into_bytes());
    assert!(json.problems()[0].message.contains("1030 keys; only its first 1024"), "{:?}", json.problems());
    assert_eq!(cells_of_first(&json), FIELDS_MAX);

    let lines = "stage=a\n".repeat(FIELDS_MAX + 5);
    let typed = Document::open("wide", lines.into_bytes());
    assert_eq!(only_problem(&typed), "Only the first 1024 lines of record 1 are read.");
    assert_eq!(cells_of_first(&typed), FIELDS_MAX);

    let far = format!(
        "<worksheet><row><c r=\"A1\"><v>Opportunity Id</v></c><c r=\"B1\"><v>Stage</v></c><c r=\"{}1\"><v>x</v></c></row>\
         <row><c><v>O1</v></c></row></worksheet>",
        "ZZZ"
    );
    let book = archive(&[
        ("xl/workbook.xml", br#"<workbook><sheet name="a" r:id="r"/></workbook>"#, false),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<R><Relationship Id="r" Type="/worksheet" Target="s.xml"/></R>"#,
            false,
        ),
        ("xl/s.xml", far.as_bytes(), false),
    ]);
    let sheet = Document::open("wide.xlsx", book);
    assert_eq!((sheet.len(), cells_of_first(&sheet)), (1, 1));
    assert_eq!(only_problem(&sheet), "Cells beyond the 1,024th column of the sheet were left out.");
}

#[test]
fn a_workbook_unfolds_within_the_limit_of_its_reader() {
    let long = "x".repeat(600);
    let strings = format!("<sst><si><t>Opportunity Id</t></si><si><t>{long}</t></si></sst>");
    let cells = "<c t=\"s\"><v>1</v></c>".repeat(20);
    let sheet = format!(
        "<worksheet><row><c t=\"s\"><v>0</v></c><c><v>Stage</v></c></row><row><c><v>O1</v></c>{cells}</row></worksheet>"
    );
    let rels = br#"<R><Relationship Id="r" Type="/worksheet" Target="s.xml"/><Relationship Id="t" Type="/sharedStrings" Target="t.xml"/></R>"#;
    let book = archive(&[
        ("xl/workbook.xml", br#"<workbook><sheet name="a" r:id="r"/></workbook>"#, false),
        ("xl/_rels/workbook.xml.rels", rels, false),
        ("xl/t.xml", strings.as_bytes(), false),
        ("xl/s.xml", sheet.as_bytes(), false),
    ]);
    let within = |bytes_max| Document::open_within("a.xlsx", book.clone(), bytes_max);
    let says =
        |document: &Document, part| document.problems().iter().any(|problem| problem.message.contains(part));
    assert!(says(&within(500), "unfolds to more than is read; save the one sheet that matters as .csv."));
    // A few cells that all name one long text are more than what the archive held.
    assert!(says(&within(4_000), "holds more text than is read"));
    assert!(within(4_000).text().len() <= 4_000);
    assert!(!says(&within(40_000), "than is read"));
}

#[test]
fn what_is_nested_too_deeply_is_told_and_passed_over() {
    let deep = format!("{}{}", "[".repeat(DEPTH_MAX + 1), "]".repeat(DEPTH_MAX + 1));
    let text = format!("{{\"opportunity_id\": \"O1\", \"x\": {deep}, \"stage\": \"Prospect\"}}");
    let document = Document::open("deep", text.into_bytes());
    assert_eq!((document.len(), cells_of_first(&document)), (1, 2));
    assert!(only_problem(&document).contains("more than 64 deep"), "{}", only_problem(&document));
}

#[test]
fn problems_past_the_limit_are_counted() {
    let rows = "O1,a,too much\n".repeat(PROBLEMS_MAX + 7);
    let table = Document::open("wrong", format!("Opportunity Id,Stage\n{rows}").into_bytes());
    assert_eq!((table.problems().len(), table.more_problems()), (PROBLEMS_MAX, 7));
    let json = Document::open("wrong", "{\"x\": 1}\n".repeat(PROBLEMS_MAX + 7).into_bytes());
    assert_eq!((json.problems().len(), json.more_problems()), (PROBLEMS_MAX, 7));
}
