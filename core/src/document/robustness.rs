//! No input makes a reader panic, and what it reports lies within the text.

use super::{Document, FIELDS_MAX, PROBLEMS_MAX, Record};
use crate::fact::Span;
use proptest::prelude::*;

const TABLE: &str = "Opportunity Id;Stage;Target Close Date (MM/DD/YYYY);Delivery Model;Größe\r\n\
    O1;Qualified;01/02/2027;\"Resell;Other\";\"a \"\"b\"\"\r\nc\"\r\nO2;;;=\"x\";\r\n";
const PATHS: &str = "Id,LifeCycle.Stage,Project.ExpectedCustomerSpend[0].Amount,\
    Project.ExpectedCustomerSpend[0].TargetCompany,Project.DeliveryModels[0],Project.DeliveryModels[1]\nO1,a,1,AWS,b,c\n";
const PIVOT: &str = "Linked account,Ä (111122223333)($),\"44\"\"444455556666($)\"\n2026-09-01,1,2\n";
const KEYS: &str =
    "opportunity_id=O1\nStage: Größe\nspend.2026-11 = 3\n---\n# x\nstagee\t4\n\nStatus\nOpportunity ID\n";
const SHEET: &str = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet \
    ss:Name=\"a\"><Table><Row><Cell><Data>Opportunity Id</Data></Cell><Cell ss:Index=\"3\"><Data>Stage</Data></Cell></Row>\
    <Row ss:Index=\"9\"><Cell><Data ss:Type=\"Number\">1.2E9</Data></Cell><Cell><Data>&amp;&#228;</Data></Cell></Row>\
    </Table></Worksheet></Workbook>";

fn check(bytes: &[u8]) {
    let document = Document::open("any", bytes.to_vec());
    let text = document.text();
    let lies_within = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    let (mut record, mut again) = (Record::empty(), Record::empty());
    for index in 0..document.len() + 1 {
        document.read(index, &mut record);
        document.read(index, &mut again);
        assert_eq!(record.cells, again.cells);
        assert!(record.cells.len() <= 2 * FIELDS_MAX);
        for cell in &record.cells {
            assert!(lies_within(cell.span), "{cell:?}");
            assert!(record.carries.contains(cell.field), "{cell:?}");
            let _ = (document.heading(cell.heading), document.sheet_place(record.index, cell.heading));
        }
    }
    assert!(document.problems().len() <= PROBLEMS_MAX + 4);
    for problem in document.problems() {
        assert!(problem.span.is_none_or(lies_within), "{problem:?}");
        assert!(problem.message.starts_with(char::is_uppercase), "{}", problem.message);
        assert!(problem.message.ends_with(['.', '?']), "{}", problem.message);
    }
}

fn fixture() -> impl Strategy<Value = Vec<u8>> {
    let workbook = super::zip::tests::archive(&[
        ("xl/workbook.xml", br#"<workbook><sheet name="a" r:id="r"/></workbook>"#, true),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<R><Relationship Id="r" Type="/worksheet" Target="s.xml"/></R>"#,
            true,
        ),
        (
            "xl/s.xml",
            br#"<w><row r="1"><c r="A1"><v>Opportunity Id</v></c><c><v>Stage</v></c></row><row><c><v>1E9</v></c></row></w>"#,
            true,
        ),
    ]);
    let fixtures: Vec<Vec<u8>> = [TABLE, PATHS, PIVOT, KEYS, SHEET]
        .map(|text| text.as_bytes().to_vec())
        .into_iter()
        .chain([workbook])
        .collect();
    prop::sample::select(fixtures)
}

/// What confuses readers, put in place of what stood there.
fn disturbance() -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&[u8]> = vec![
        b"\"",
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b"\x1E",
        b"\x1F",
        b"\0",
        b"<",
        b"&",
        b"=\"",
        b"\xFF",
        b"\xC3",
        b"(",
        b"[",
        b"999999999999999999",
        b"=",
        b": ",
        b"---\n",
    ];
    prop_oneof![prop::sample::select(odd).prop_map(<[u8]>::to_vec), prop::collection::vec(any::<u8>(), 0..4)]
}

#[test]
fn an_account_behind_doubled_marks_in_a_heading_is_found_where_it_stands() {
    let text = "Linked account,Total costs($),\"\"\"Ä\"\" é (444455556666)é\"\n2026-10,9,1\n";
    check(text.as_bytes());
    let document = Document::open("any", text.as_bytes().to_vec());
    let mut record = Record::empty();
    document.read(0, &mut record);
    let account = record.cells.iter().find(|cell| cell.text == "444455556666").expect("the account is read");
    assert_eq!(&text[account.span.start as usize..account.span.end as usize], "444455556666");
}

proptest! {
    #[test]
    fn random_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn random_characters_are_survived(text in "(Opportunity Id|Stage|spend|[,;|\t\"\r\n=: äA-O0-9.-]){0,80}") {
        check(text.as_bytes());
    }

    #[test]
    fn disturbed_documents_are_survived(
        mut bytes in fixture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3usize, disturbance()), 0..6),
    ) {
        for (at, length, with) in changes {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, with);
        }
        check(&bytes);
    }

    #[test]
    fn cut_off_documents_are_survived(bytes in fixture(), at in any::<prop::sample::Index>()) {
        check(&bytes[..at.index(bytes.len() + 1)]);
    }
}
