//! One cell to one typed value, or why not. Blank and masked cells are told apart before a reader is asked.

mod account;
mod date;
mod log;
mod moment;
mod money;

pub use account::accounts;
pub use date::date;
pub use log::newest_entry;
pub use moment::moment;
pub use money::money;

use super::Cell;
use crate::fact::{Note, Reading, Unknown};
use crate::opportunity::{OpportunityType, Origin, ReviewStatus, Stage, Text};
use crate::reference::spelling::same;

/// Yes or no.
pub fn yes_no<'d>(cell: &Cell<'d>) -> Reading<'d, bool> {
    match said_yes(&cell.text) {
        Some(answer) => Ok((answer, None)),
        None => unreadable(cell, "is neither yes nor no"),
    }
}

/// Whether a text says yes or no, in one of the ways that forms and people use: `Yes?`, `true`, `N`, `0`.
pub(crate) fn said_yes(text: &str) -> Option<bool> {
    let any = |words: &[&str]| words.iter().any(|word| same(word, text));
    match text {
        "Yes" | "true" => Some(true),
        "No" | "false" => Some(false),
        _ if any(&["yes", "y", "true", "1"]) => Some(true),
        _ if any(&["no", "n", "false", "0"]) => Some(false),
        _ => None,
    }
}

/// Who brought the customer.
pub fn origin<'d>(cell: &Cell<'d>) -> Reading<'d, Origin> {
    const SPELLINGS: [(&str, Origin); 8] = [
        ("Partner Referral", Origin::Partner),
        ("AWS Referral", Origin::Aws),
        ("Partner Originated", Origin::Partner),
        ("AWS Originated", Origin::Aws),
        ("Partner", Origin::Partner),
        ("AWS", Origin::Aws),
        ("PO", Origin::Partner),
        ("AO", Origin::Aws),
    ];
    spelled(cell, &SPELLINGS, "is no origin: Partner Referral or AWS Referral")
}

/// The sales stage.
pub fn stage<'d>(cell: &Cell<'d>) -> Reading<'d, Stage> {
    const SPELLINGS: [(&str, Stage); 7] = [
        ("Prospect", Stage::Prospect),
        ("Qualified", Stage::Qualified),
        ("Technical Validation", Stage::TechnicalValidation),
        ("Business Validation", Stage::BusinessValidation),
        ("Committed", Stage::Committed),
        ("Launched", Stage::Launched),
        ("Closed Lost", Stage::ClosedLost),
    ];
    spelled(cell, &SPELLINGS, "is no stage of ACE").or_else(|unknown| {
        let is_won = same("Closed Won", &cell.text) || same("Launched (Closed Won)", &cell.text);
        if is_won { Ok((Stage::Launched, Some(Note::ClosedWonIsLaunched))) } else { Err(unknown) }
    })
}

/// The review status.
pub fn review_status<'d>(cell: &Cell<'d>) -> Reading<'d, ReviewStatus> {
    const SPELLINGS: [(&str, ReviewStatus); 8] = [
        ("Approved", ReviewStatus::Approved),
        ("Pending Submission", ReviewStatus::PendingSubmission),
        ("Submitted", ReviewStatus::Submitted),
        ("In review", ReviewStatus::InReview),
        ("Rejected", ReviewStatus::Rejected),
        ("Action Required", ReviewStatus::ActionRequired),
        ("Draft", ReviewStatus::PendingSubmission),
        ("Disqualified", ReviewStatus::Rejected),
    ];
    spelled(cell, &SPELLINGS, "is no review status of ACE")
}

/// The opportunity type.
pub fn opportunity_type<'d>(cell: &Cell<'d>) -> Reading<'d, OpportunityType> {
    const SPELLINGS: [(&str, OpportunityType); 4] = [
        ("Net New Business", OpportunityType::NetNew),
        ("Expansion", OpportunityType::Expansion),
        ("Flat Renewal", OpportunityType::FlatRenewal),
        ("Net New", OpportunityType::NetNew),
    ];
    spelled(cell, &SPELLINGS, "is no opportunity type: Net New Business, Expansion or Flat Renewal")
}

/// The usage type: `End User` in whatever spelling, or what else stands there.
pub fn usage_type<'d>(cell: &Cell<'d>) -> Reading<'d, Text<'d>> {
    if same("End User", &cell.text) {
        return Ok((Text::Borrowed("End User"), None));
    }
    if same("END_CUSTOMER", &cell.text) {
        return Ok((Text::Borrowed("End User"), Some(Note::EndCustomerIsEndUser)));
    }
    Ok((cell.text.clone(), None))
}

/// Whether AWS hides the value until the referral is accepted.
pub fn is_masked(text: &str) -> bool {
    text.eq_ignore_ascii_case("accept to view")
}

/// The value that one of `spellings` names: the first that is written the same, else the first that reads the same.
fn spelled<'d, T: Copy>(cell: &Cell<'d>, spellings: &[(&str, T)], why: &'static str) -> Reading<'d, T> {
    let exactly = spellings.iter().find(|(spelling, _)| *spelling == cell.text);
    let found = exactly.or_else(|| spellings.iter().find(|(spelling, _)| same(spelling, &cell.text)));
    match found {
        Some((_, value)) => Ok((*value, None)),
        None => unreadable(cell, why),
    }
}

fn unreadable<'d, T>(cell: &Cell<'d>, why: &'static str) -> Reading<'d, T> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why })
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::document::{Cell, Form, Order};
    use crate::fact::Span;
    use crate::field::Field;

    /// A cell of a table, about which nothing but its text matters.
    pub(crate) fn cell(text: &str) -> Cell<'_> {
        Cell {
            field: Field::NextSteps,
            month: None,
            text: text.into(),
            form: Form::TableCell,
            order: Order::Unproved,
            heading: 0,
            span: Span::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::cell;
    use super::*;

    #[track_caller]
    fn all<T: PartialEq + std::fmt::Debug>(
        read: for<'d> fn(&Cell<'d>) -> Reading<'d, T>,
        texts: &[&str],
        expect: T,
        note: Option<Note>,
    ) {
        for text in texts {
            let (value, read_note) = read(&cell(text)).unwrap_or_else(|why| panic!("{text}: {why:?}"));
            assert_eq!((&value, read_note), (&expect, note), "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_unreadable() {
        for wrong in ["maybe", "yes no", "2", "10"] {
            assert!(yes_no(&cell(wrong)).is_err(), "{wrong}");
        }
        for wrong in ["Launch", "In Progress", "Closed", "Won"] {
            assert!(stage(&cell(wrong)).is_err(), "{wrong}");
        }
        for wrong in ["Review", "Accepted", "Yes"] {
            assert!(review_status(&cell(wrong)).is_err(), "{wrong}");
            assert!(opportunity_type(&cell(wrong)).is_err(), "{wrong}");
            assert!(origin(&cell(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn forms_and_people_say_yes_and_no_in_many_ways() {
        all(yes_no, &["Yes", "yes", "Y", "TRUE", "true", "1", "Yes?"], true, None);
        all(yes_no, &["No", "n", "False", "0", "No."], false, None);
    }

    #[test]
    fn each_spelling_in_circulation_is_read() {
        all(origin, &["Partner Referral", "partner-originated", "PO", "Partner"], Origin::Partner, None);
        all(origin, &["AWS Referral", "AWS Originated", "ao", "aws"], Origin::Aws, None);
        all(stage, &["Technical validation", "TECHNICAL-VALIDATION"], Stage::TechnicalValidation, None);
        all(stage, &["Closed/Lost", "closed lost", "Closed – Lost"], Stage::ClosedLost, None);
        all(stage, &["Closed Won", "Closed/Won"], Stage::Launched, Some(Note::ClosedWonIsLaunched));
        all(review_status, &["Draft", "pending submission"], ReviewStatus::PendingSubmission, None);
        all(review_status, &["In Review", "In-Review", "In review"], ReviewStatus::InReview, None);
        all(review_status, &["Disqualified", "Rejected"], ReviewStatus::Rejected, None);
        all(opportunity_type, &["Net New Business", "net-new business"], OpportunityType::NetNew, None);
    }

    #[test]
    fn every_value_is_read_from_its_own_spelling() {
        for value in Stage::ALL {
            all(stage, &[value.as_str()], *value, None);
        }
        for value in ReviewStatus::ALL {
            all(review_status, &[value.as_str()], *value, None);
        }
        for value in OpportunityType::ALL {
            all(opportunity_type, &[value.as_str()], *value, None);
        }
        for value in Origin::ALL {
            all(origin, &[value.as_str()], *value, None);
        }
    }

    #[test]
    fn end_customers_of_the_channel_are_end_users_with_a_note() {
        let read = |text: &'static str| usage_type(&cell(text)).unwrap();
        assert_eq!(read("end-user"), ("End User".into(), None));
        assert_eq!(read("enduser"), ("End User".into(), None));
        assert_eq!(read("END_CUSTOMER"), ("End User".into(), Some(Note::EndCustomerIsEndUser)));
        assert_eq!(read("Internal"), ("Internal".into(), None));
    }
}
