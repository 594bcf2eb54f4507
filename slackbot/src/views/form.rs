//! The form for what is too long for a command, and what comes back of it.

use super::block::{Block, Field, Piece, View};
use chrono::NaiveDate;

/// Names the form when it is sent.
pub const CALLBACK: &str = "check_form";
/// The name of the only field of each block.
pub const FIELD: &str = "value";
/// The form takes so many files.
pub const FILES_MAX: usize = 10;

/// The fields of the form, each in a block of its own.
pub mod field {
    /// Opportunities.
    pub const OPPORTUNITIES: &str = "opportunities";
    /// What did not fit into the first.
    pub const CONTINUED: &str = "continued";
    /// A spend table.
    pub const SPEND: &str = "spend";
    /// An End User Reporting table.
    pub const EUR: &str = "eur";
    /// Facts that no document has.
    pub const STATED: &str = "stated";
    /// Files.
    pub const FILES: &str = "files";
    /// The day to judge by.
    pub const AS_OF: &str = "as_of";
}

/// The endings of files that can be read.
pub const FILE_TYPES: &[&str] = &["csv", "tsv", "txt", "json", "xml", "xls", "xlsx"];

/// The form; `memory` comes back when it is sent.
pub fn check(as_of: NaiveDate, memory: String) -> View {
    let paste = |name, label: &str, hint: &str, example: &str| {
        Block::field(name, label, hint, Field::text(FIELD, example))
    };
    let blocks = vec![
        Block::paragraph([Piece::plain("Paste, choose files, or do both: all of it is checked together.")]),
        paste(
            field::OPPORTUNITIES,
            "Opportunities",
            "An ACE export, Partner Central JSON, or lines of key=value. A field takes 3,000 characters: continue in the \
             next one, or choose a file.",
            "opportunity_id=O1234567",
        ),
        paste(field::CONTINUED, "Opportunities, continued", "", "More of the same paste"),
        paste(
            field::SPEND,
            "Spend table",
            "From Cost Explorer or the Cost and Usage Report.",
            "Account, month, amount",
        ),
        paste(field::EUR, "End User Reporting table", "", "Account, usage type, government fields"),
        Block::field(
            field::FILES,
            "Files",
            "CSV, JSON, text or spreadsheets, up to 10 MB each and 20 MB together.",
            Field::FileInput { action_id: FIELD, filetypes: FILE_TYPES, max_files: FILES_MAX },
        ),
        paste(
            field::STATED,
            "Facts to state",
            "One per line, for all opportunities, or for one of them: O1234567:customer_consent=yes",
            "customer_consent=yes",
        ),
        Block::field(
            field::AS_OF,
            "Check as of",
            "",
            Field::Datepicker { action_id: FIELD, initial_date: as_of.to_string() },
        ),
    ];
    View::modal("Check opportunities", "Check", CALLBACK, memory, blocks)
}
