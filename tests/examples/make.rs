//! Writes generated inputs to files: `make seeds DIRECTORY` what fuzzing starts from, one folder a target;
//! `make export ROWS FILE` an ACE export.

use podcheck_tests::deal::Shape;
use podcheck_tests::{generate, workbook};
use std::{env, fs, io, path::Path};

const ROWS: &[&[&str]] = &[
    &["Opportunity Id", "Stage", "Target Close Date(MM/DD/YYYY)", "AWS Account ID"],
    &["O1", "Committed", "12/05/2026", "702938475610"],
    &["O2", "Closed Won", "46450", "70293847561"],
];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["seeds", directory] => seeds(directory),
        ["export", rows, file] => {
            fs::write(file, generate::ace_export(1, rows.parse().map_err(io::Error::other)?))
        }
        _ => Err(io::Error::other("usage: make seeds DIRECTORY | make export ROWS FILE")),
    }
}

fn seeds(directory: &str) -> io::Result<()> {
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(directory).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    let deals = generate::deals(1, 2);
    for shape in Shape::ALL {
        let (name, text) = (format!("{shape:?}"), shape.write(&deals));
        write("open", &name, text.as_bytes())?;
        match shape {
            Shape::KeyValue => write("key_value", &name, text.as_bytes())?,
            Shape::AceExport => {
                let rows = text.split_once('\n').map_or("", |(_, rows)| rows);
                write("table", &name, format!("\0{rows}").as_bytes())?;
            }
            _ if text.starts_with(['{', '[']) => write("json", &name, format!("\0{text}").as_bytes())?,
            _ => {}
        }
    }
    for (choice, rows) in [
        (1, "O1,Committed,2026-12-05,702938475610,120.5,End User"),
        (2, "702938475610,2026-10,$4,999.00,USD,yes"),
        (3, "702938475610,End User,Yes,No,Seattle"),
        (4, "702938475610,12.00,1.50,0,2026-10-01"),
        (5, "702938475610,2026-10-01T00:00:00Z,0.25,Usage"),
    ] {
        write("table", &format!("{choice}"), &[&[choice], rows.as_bytes()].concat())?;
    }
    let facts = "spend.2026-10: 4,999.00\neur.usage_type = End User\n\nopportunity_id: O2\n";
    write("key_value", "facts", facts.as_bytes())?;
    write("open", "xlsx", &workbook::xlsx(&workbook::sheet(ROWS), workbook::SHARED_STRINGS))?;
    let xml = workbook::spreadsheet_xml_rows(ROWS);
    write("open", "xml", &workbook::spreadsheet_xml(&xml))?;
    write(
        "workbook",
        "raw",
        &[b"\0", workbook::xlsx(&workbook::sheet(ROWS), workbook::SHARED_STRINGS).as_slice()].concat(),
    )?;
    write("workbook", "xml", &[b"\x01", xml.as_slice()].concat())?;
    write("workbook", "sheet", &[b"\x02", workbook::sheet(ROWS).as_slice()].concat())?;
    for (i, text) in [
        "2026-12-05",
        "12/05/2026",
        "46450",
        "2026-11-03T03:16:07.038000+00:00",
        "1762139767.038",
        "7029-3847-5610",
        "7.02938E+11",
        "'012345678901; 702938475610",
        "$8,500.00",
        "8.500,00 EUR",
        "Yes?",
        "Partner-Originated",
        "Closed Won",
        "In-Review",
        "2026-11-01: called\n2026-11-10: sent",
    ]
    .iter()
    .enumerate()
    {
        write("values", &i.to_string(), text.as_bytes())?;
    }
    write(
        "policy",
        "one",
        br#"{"spendThresholdUsd":{"value":"1000","source":"Our PDM","dated":"2026-11"}}"#,
    )?;
    write(
        "whole",
        "three",
        format!(
            "{}%%{}%%{}%%customer_consent=yes",
            Shape::AceExport.write(&[generate::launched_deal()]),
            generate::LAUNCHED_EUR,
            generate::LAUNCHED_SPEND,
        )
        .as_bytes(),
    )?;
    write(
        "whole",
        "many",
        format!(
            "{}%%{}%%{}%%",
            Shape::ApiGetLines.write(&deals),
            generate::eur_table(1, 2),
            generate::spend_table(1, 2),
        )
        .as_bytes(),
    )
}
