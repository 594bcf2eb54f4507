//! Opportunities as CSV, safe to open in a spreadsheet.

use crate::assess::Assessment;
use crate::report::{Query, Sort};
use crate::rule::Outcome;
use std::borrow::Cow;

/// The heading row of [`csv`].
pub const CSV_HEADINGS: [&str; 14] = [
    "Opportunity",
    "Customer",
    "Project",
    "AWS account id",
    "Stage",
    "Close date",
    "Verdict",
    "Submission",
    "Upkeep",
    "Failures",
    "Unknown",
    "Next action",
    "Due",
    "Rule",
];

/// Opportunities as CSV, a line each, in the order given; the headings stand first when `from` is 0.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub fn csv(assessment: &Assessment, from: usize, limit: usize) -> String {
    let mut csv = String::new();
    if from == 0 {
        add_line(&mut csv, &CSV_HEADINGS);
    }
    let page = assessment.rows(&Query { from, limit, sort: Sort::Given, ..Query::default() });
    for row in page.rows {
        let count = |outcome| row.counts.get(&outcome).copied().unwrap_or(0).to_string();
        let next = row.next.as_ref();
        add_line(
            &mut csv,
            &[
                &row.key,
                row.customer.as_deref().unwrap_or(""),
                row.title.as_deref().unwrap_or(""),
                row.account_id.as_deref().unwrap_or(""),
                row.stage.as_deref().unwrap_or(""),
                &row.close_date.map_or(String::new(), |day| day.to_string()),
                row.verdict.as_str(),
                row.submission.as_str(),
                row.upkeep.as_str(),
                &count(Outcome::Fail),
                &count(Outcome::Unknown),
                next.map_or("", |next| &next.text),
                &next.and_then(|next| next.due).map_or(String::new(), |day| day.to_string()),
                next.map_or("", |next| &next.rule),
            ],
        );
    }
    csv
}

/// What may begin a formula, as the keyboards of East Asia write it too.
const BEGINS_FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];

/// Adds a line of cells of which none begins a formula.
fn add_line(csv: &mut String, cells: &[&str]) {
    let is_formula = |cell: &str| cell.starts_with(BEGINS_FORMULA);
    let safe = cells.iter().map(|cell| match is_formula(cell) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(*cell),
    });
    add_cells(csv, safe);
}

/// Adds a line of cells as they are, in quotation marks where they need them.
pub(super) fn add_cells<T: AsRef<str>>(csv: &mut String, cells: impl Iterator<Item = T>) {
    for (i, cell) in cells.enumerate() {
        let cell = cell.as_ref();
        if i > 0 {
            csv.push(',');
        }
        let is_plain = !cell.contains([',', ';', '"', '\n', '\r', '\t']) && !cell.starts_with('\'');
        if is_plain && cell.trim().len() == cell.len() {
            csv.push_str(cell);
            continue;
        }
        csv.push('"');
        for c in cell.chars() {
            if c == '"' {
                csv.push('"');
            }
            csv.push(c);
        }
        csv.push('"');
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_text() {
        let mut line = String::new();
        add_line(&mut line, &["=1+1", "a,b", "say \"x\"", "plain", "-3", "＝1", "\n=1"]);
        assert_eq!(line, "\"'=1+1\",\"a,b\",\"say \"\"x\"\"\",plain,\"'-3\",\"'＝1\",\"'\n=1\"\r\n");
    }
}
