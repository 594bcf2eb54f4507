//! Tells what bytes are and has the right reader read them; what is nothing to read is named for what it is.

use super::delimited::{SHEET_CELL_END, SHEET_ROW_END};
use super::heading::Heading;
use super::text::{Decoded, decode};
use super::{
    BYTES_MAX, Format, Kind, Layout, Problem, Problems, Recognised, aliases, json, key_value, table,
    title_row, workbook,
};

/// What follows every sentence that names a document of no use here.
const INSTEAD: &str =
    "export the opportunities from ACE, or paste them as a table, as JSON or as key=value lines";

/// What the first bytes of files that are no text say, and the sentence that names them.
const BINARY: &[(&[u8], &str)] = &[
    (b"%PDF", "This is a PDF"),
    (b"\x89PNG", "This is a picture"),
    (b"\xFF\xD8\xFF", "This is a picture"),
    (b"GIF8", "This is a picture"),
    (b"RIFF", "This is a picture or a recording"),
    (b"PAR1", "This is a Parquet file; convert it to CSV, or"),
    (b"ORC", "This is an ORC file; convert it to CSV, or"),
    (b"Obj\x01", "This is an Avro file; convert it to CSV, or"),
    (b"\x1F\x8B", "This file is compressed with gzip; unpack it, or"),
    (b"BZh", "This file is compressed with bzip2; unpack it, or"),
    (b"\x28\xB5\x2F\xFD", "This file is compressed with zstd; unpack it, or"),
    (b"\xFD7zXZ", "This file is compressed with xz; unpack it, or"),
    (b"7z\xBC\xAF\x27\x1C", "This is a 7z archive; unpack it, or"),
    (b"Rar!", "This is a RAR archive; unpack it, or"),
    (b"{\\rtf", "This is a rich text document"),
];

/// The first bytes of an old Microsoft Office file, and of an encrypted new one.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// So much of a text is looked at to tell what it is.
const PROBE_BYTES: usize = 4_096;

/// Recognises `bytes`, and returns the text in which the places of its records lie.
pub(super) fn recognise(bytes: Vec<u8>, unfolded_bytes_max: usize) -> (String, Recognised) {
    if bytes.len() > BYTES_MAX {
        let size = bytes.len().div_ceil(1024 * 1024);
        return named(String::new(), &format!("This file has {size} MB; at most 256 MB are read. Split it."));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return workbook::recognise_archive(&bytes, unfolded_bytes_max);
    }
    if bytes.starts_with(OLE) {
        return named(String::new(), ole(&bytes));
    }
    if let Some((_, what)) = BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        let glue = if what.ends_with(" or") { " " } else { "; " };
        return named(String::new(), &format!("{what}{glue}{INSTEAD}."));
    }
    match decode(bytes) {
        Decoded::Binary => {
            let sentence = format!("This file is no text, and none of the formats that are read; {INSTEAD}.");
            named(String::new(), &sentence)
        }
        Decoded::Text(text, remark) => {
            let (text, mut recognised) = recognise_text(text);
            let remark =
                remark.map(|remark| Problem { message: remark.to_owned(), record: None, span: None });
            recognised.problems.extend(remark);
            (text, recognised)
        }
    }
}

fn ole(bytes: &[u8]) -> &'static str {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memchr::memmem::find(bytes, &name).is_some() {
        "This workbook is protected by a password; save it without one."
    } else {
        "This is a file of an old Microsoft Office program (.xls, .doc, .msg); open it and save the sheet as .xlsx or .csv."
    }
}

fn recognise_text(text: String) -> (String, Recognised) {
    let text = without_fence(text);
    let start = text.trim_start();
    let probe = start[..start.floor_char_boundary(PROBE_BYTES)].to_ascii_lowercase();
    match start.as_bytes().first() {
        None => named(text, &format!("There is nothing here to read; {INSTEAD}.")),
        Some(b'{' | b'[') => {
            let recognised = json::recognise(&text);
            (text, recognised)
        }
        Some(b'<')
            if probe.contains("urn:schemas-microsoft-com:office:spreadsheet")
                || probe.contains("<workbook") =>
        {
            workbook::recognise_xml(&text)
        }
        Some(b'<')
            if ["<html", "<!doctype", "<table", "<head", "<meta"].iter().any(|tag| probe.contains(tag)) =>
        {
            named(
                text,
                "This is a web page (HTML); open it in a spreadsheet and save the table as .csv or .xlsx.",
            )
        }
        Some(b'<') => named(text, &format!("This is XML, but not a spreadsheet's; {INSTEAD}.")),
        Some(_) => {
            let recognised = table::recognise(&text)
                .or_else(|| key_value::recognise(&text))
                .unwrap_or_else(|| only(&unknown(&text)));
            (text, recognised)
        }
    }
}

/// Blanks the fence of three backticks that chats put around text; everything else keeps its place.
fn without_fence(mut text: String) -> String {
    const FENCE: &str = "```";
    let start = text.len() - text.trim_start().len();
    let Some(opening) = text[start..].strip_prefix(FENCE) else { return text };
    let language = opening.lines().next().unwrap_or_default();
    if language.chars().any(|c| !c.is_ascii_alphanumeric()) {
        return text;
    }
    let opened = FENCE.len() + language.len();
    text.replace_range(start..start + opened, &" ".repeat(opened));
    let end = text.trim_end().len();
    if text[..end].ends_with(FENCE) {
        text.replace_range(end - FENCE.len()..end, &" ".repeat(FENCE.len()));
    }
    text
}

/// Names text or a sheet that is not known: by its one column, by its rows without headings, or by its headings.
pub(super) fn unknown(text: &str) -> String {
    let mut lines = text.split(['\n', '\r', SHEET_ROW_END]).map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let cells = || {
        first
            .split([',', '\t', ';', '|', SHEET_CELL_END])
            .map(|cell| cell.trim().trim_matches('"'))
            .filter(|cell| !cell.is_empty())
    };
    let heading = Heading::of(first).key;
    if aliases::opportunity_field(&heading).is_some() || aliases::is_account(&heading) {
        let first = quoted_list(&[first.to_owned()]);
        return format!(
            "This is the one column {first}; copy the whole table, its row of headings included."
        );
    }
    if cells().any(is_id) {
        return "These are rows without their headings; copy the row of headings above them too.".to_owned();
    }
    match title_row::first_cells(text) {
        Some(headings) => format!(
            "This looks like a table with the headings {}, which is none of those that are read; {INSTEAD}.",
            quoted_list(&headings),
        ),
        None => format!("This text is in none of the formats that are read; {INSTEAD}."),
    }
}

/// Whether a cell is an opportunity id or an account id, which no heading is.
fn is_id(cell: &str) -> bool {
    let digits = cell.strip_prefix('O').unwrap_or(cell);
    digits.len() >= if digits.len() < cell.len() { 4 } else { 12 }
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first of `items` in quotation marks, shortened where they are long.
pub(super) fn quoted_list(items: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = items
        .iter()
        .take(SHOWN)
        .map(|item| {
            let line = item.split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = line.chars().take(40).collect();
            if short.len() < line.len() { format!("“{short}…”") } else { format!("“{short}”") }
        })
        .collect();
    let more = if items.len() > SHOWN { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn named(text: String, sentence: &str) -> (String, Recognised) {
    (text, only(sentence))
}

fn only(sentence: &str) -> Recognised {
    let mut problems = Problems::default();
    problems.add(None, None, format_args!("{sentence}"));
    problems.into_recognised(Kind::Ignored, Format::Unrecognised, Layout::Nothing)
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    #[track_caller]
    fn ignored(bytes: &[u8], part: &str) {
        let document = Document::open("test", bytes.to_vec());
        assert_eq!((document.kind(), document.len()), (Kind::Ignored, 0));
        assert_eq!(document.problems().len(), 1);
        let sentence = &document.problems()[0].message;
        assert!(sentence.contains(part) && sentence.ends_with('.'), "{sentence}");
    }

    #[test]
    fn what_cannot_be_read_is_named_in_one_sentence() {
        ignored(b"", "nothing here");
        ignored(b" \r\n\t ", "nothing here");
        ignored(b"%PDF-1.7 ...", "a PDF; export");
        ignored(b"PAR1....", "Parquet file; convert it to CSV, or export");
        ignored(b"\x1F\x8B\x08\0\0", "gzip");
        ignored(b"\x89PNG\r\n\x1a\n\0\0", "picture");
        ignored(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", "old Microsoft Office");
        ignored(b"<!DOCTYPE html><html></html>", "web page");
        ignored(b"<?xml version=\"1.0\"?><note/>", "XML");
        ignored(b"abc\0\x01\x02", "no text");
        ignored(b"Dear all, how are you?", "none of the formats");
        ignored(b"Name,Colour,Size\nA,red,5\n", "“Name”, “Colour”");
        ignored(b"Lead Id,Company,Country\n1,A,DE\n", "leads");
        ignored(b"\"Service\",\"EC2($)\",\"Total costs($)\"\n\"2026-10-01\",1,1\n", "by linked account");
    }

    #[test]
    fn a_column_or_rows_alone_are_told_what_they_lack() {
        ignored(b"AWS Account ID\n012345678901\n111122223333\n", "the one column “AWS");
        ignored(b"Target Close Date (MM/DD/YYYY)\r\n12/05/2026\r\n", "one column");
        ignored(b"O1234567\nO1234568\n", "without their headings");
        ignored(b"O1234567\tQualified\t12/05/2026\nO1234568\tProspect\t\n", "without their headings");
        ignored(b"\"Acme\",\"111122223333\",\"End User\"\n", "without their headings");
    }

    #[test]
    fn the_fence_of_a_chat_is_no_part_of_what_it_holds() {
        for text in [
            "```json\n{\"opportunity_id\": \"O1\", \"stage\": \"Prospect\"}\n```\n",
            "\n```\nopportunity_id=O1\nstage=Prospect\n```",
            "```csv\nOpportunity Id,Stage\nO1,Prospect\n```",
            "```\nopportunity_id=O1\nstage=Prospect",
        ] {
            let document = Document::open("test", text.into());
            assert_eq!((document.len(), document.problems()), (1, &[][..]), "{text}");
            let mut record = super::super::Record::empty();
            document.read(0, &mut record);
            let span = record.cells[1].span;
            assert_eq!(&text[span.start as usize..span.end as usize], "Prospect");
        }
    }

    #[test]
    fn a_password_is_told_from_an_old_file() {
        let mut bytes = OLE.to_vec();
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        ignored(&bytes, "password");
    }
}
