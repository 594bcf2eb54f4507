//! The report as people take it with them. As JSON it is what serde makes of it.

mod correct;
mod csv;
mod ics;
mod import;
mod markdown;
mod mrkdwn;
mod text;

pub use csv::{CSV_HEADINGS, csv};
pub use ics::{Event, calendar_of, events, ics, ics_of};
pub(crate) use import::Plan;
pub use import::{corrections, import_csv};
pub use markdown::{markdown, markdown_of_all};
pub use mrkdwn::{inert, mrkdwn, mrkdwn_of_all};
