//! The zip archive that a workbook is: its list of files, and one file unfolded within a limit.

use std::ops::Range;

/// A workbook has a few dozen files.
const ENTRIES_MAX: usize = 4_096;
/// The record at the end of the archive, and the longest comment behind it.
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 65_535;

/// What is wrong with an archive, as the rest of a sentence that begins with its name.
pub(super) type Flaw = &'static str;

/// An archive whose files unfold to no more than `bytes_left` together.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
    bytes_left: usize,
}

#[derive(Debug)]
struct Entry {
    name: String,
    method: u16,
    is_encrypted: bool,
    header: usize,
    folded_bytes: usize,
}

impl<'a> Archive<'a> {
    /// Reads the list of files.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn open(bytes: &'a [u8], bytes_max: usize) -> Result<Self, Flaw> {
        const BROKEN: Flaw = "is damaged or cut off; save or download it again";
        let tail = bytes.len().saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
        let end = tail + memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06").ok_or(BROKEN)?;
        let count = usize::from(u16_at(bytes, end + 10).ok_or(BROKEN)?);
        let mut at = u32_at(bytes, end + 16).ok_or(BROKEN)? as usize;
        if at == u32::MAX as usize || count == usize::from(u16::MAX) {
            return Err("is in the zip64 form, which is not read; save it again as .xlsx or .csv");
        }
        let mut entries = Vec::new();
        for _ in 0..count.min(ENTRIES_MAX) {
            if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
                return Err(BROKEN);
            }
            let number = |offset| u16_at(bytes, at + offset).map(usize::from).ok_or(BROKEN);
            let (name_bytes, extra, comment) = (number(28)?, number(30)?, number(32)?);
            let name = bytes.get(at + 46..at + 46 + name_bytes).ok_or(BROKEN)?;
            entries.push(Entry {
                name: String::from_utf8_lossy(name).replace('\\', "/"),
                method: number(10)? as u16,
                is_encrypted: number(8)? & 1 == 1,
                header: u32_at(bytes, at + 42).ok_or(BROKEN)? as usize,
                folded_bytes: u32_at(bytes, at + 20).ok_or(BROKEN)? as usize,
            });
            at += 46 + name_bytes + extra + comment;
        }
        Ok(Archive { bytes, entries, bytes_left: bytes_max })
    }

    /// The names of its files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The file with this name as text, whatever the case of the name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Flaw> {
        let bytes = self.unfold(name)?;
        match super::text::decode(bytes) {
            super::text::Decoded::Text(text, _) => Ok(text),
            super::text::Decoded::Binary => {
                Err("holds a part that is no text; save it again as .xlsx or .csv")
            }
        }
    }

    fn unfold(&mut self, name: &str) -> Result<Vec<u8>, Flaw> {
        const BROKEN: Flaw = "is damaged; save or download it again";
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
            .ok_or("lacks a part that every workbook has; save it again as .xlsx or .csv")?;
        if entry.is_encrypted {
            return Err("is protected by a password; save it without one");
        }
        let folded = self.bytes.get(place(self.bytes, entry).ok_or(BROKEN)?).ok_or(BROKEN)?;
        let unfolded = match entry.method {
            0 if folded.len() <= self.bytes_left => folded.to_vec(),
            8 => miniz_oxide::inflate::decompress_to_vec_with_limit(folded, self.bytes_left).map_err(
                |error| match error.status {
                    miniz_oxide::inflate::TINFLStatus::HasMoreOutput => TOO_LARGE,
                    _ => BROKEN,
                },
            )?,
            0 => return Err(TOO_LARGE),
            _ => return Err("is compressed in a way that is not read; save it again as .xlsx or .csv"),
        };
        self.bytes_left -= unfolded.len().min(self.bytes_left);
        Ok(unfolded)
    }
}

const TOO_LARGE: Flaw = "unfolds to more than is read; save the one sheet that matters as .csv";

/// Where the folded bytes of `entry` stand: after its own header, whose name and extra field may differ in length.
fn place(bytes: &[u8], entry: &Entry) -> Option<Range<usize>> {
    if bytes.get(entry.header..entry.header + 4)? != b"PK\x03\x04" {
        return None;
    }
    let name = usize::from(u16_at(bytes, entry.header + 26)?);
    let extra = usize::from(u16_at(bytes, entry.header + 28)?);
    let start = entry.header + 30 + name + extra;
    Some(start..start.checked_add(entry.folded_bytes)?)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A zip archive with these files; those with `true` are stored, the others deflated.
    pub(in super::super) fn archive(files: &[(&str, &[u8], bool)]) -> Vec<u8> {
        let (mut bytes, mut list) = (Vec::new(), Vec::new());
        for (name, content, is_stored) in files {
            let folded =
                if *is_stored { content.to_vec() } else { miniz_oxide::deflate::compress_to_vec(content, 6) };
            let header = bytes.len() as u32;
            let method = if *is_stored { 0u16 } else { 8 };
            let mut common = Vec::new();
            common.extend([20, 0, 0, 0]);
            common.extend(method.to_le_bytes());
            common.extend([0; 8]);
            common.extend((folded.len() as u32).to_le_bytes());
            common.extend((content.len() as u32).to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend([0, 0]);
            bytes.extend(b"PK\x03\x04");
            bytes.extend(&common);
            bytes.extend(name.as_bytes());
            bytes.extend(&folded);
            list.extend(b"PK\x01\x02\x14\0");
            list.extend(&common);
            list.extend([0; 10]);
            list.extend(header.to_le_bytes());
            list.extend(name.as_bytes());
        }
        let start = bytes.len() as u32;
        bytes.extend(&list);
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend((files.len() as u16).to_le_bytes());
        bytes.extend((files.len() as u16).to_le_bytes());
        bytes.extend((list.len() as u32).to_le_bytes());
        bytes.extend(start.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    #[test]
    fn a_file_that_unfolds_too_far_is_refused() {
        let zeros = vec![b' '; 100_000];
        let bytes = archive(&[("a", &zeros, false), ("b", &zeros, true)]);
        let mut small = Archive::open(&bytes, 1_000).unwrap();
        assert_eq!(small.text("a"), Err(TOO_LARGE));
        assert_eq!(small.text("b"), Err(TOO_LARGE));
        let mut enough = Archive::open(&bytes, 150_000).unwrap();
        assert_eq!(enough.text("a").map(|text| text.len()), Ok(100_000));
        assert_eq!(enough.text("a"), Err(TOO_LARGE), "the limit holds for all files together");
    }

    #[test]
    fn a_cut_off_archive_is_refused() {
        let bytes = archive(&[("a", b"text", false)]);
        assert!(Archive::open(&bytes[..bytes.len() - 30], 1_000).is_err());
        assert!(Archive::open(b"PK\x03\x04", 1_000).is_err());
        assert!(Archive::open(&bytes, 1_000).unwrap().text("missing").is_err());
    }

    #[test]
    fn a_file_is_found_whatever_its_case() {
        let bytes = archive(&[("xl/Workbook.xml", b"text", true)]);
        assert_eq!(Archive::open(&bytes, 1_000).unwrap().text("xl/workbook.xml").as_deref(), Ok("text"));
    }
}
