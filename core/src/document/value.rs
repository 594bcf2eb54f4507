//! One cell to one typed value, or why not. Blank and masked cells are told apart before a reader is asked.

use super::Cell;
use crate::fact::{Reading, Unknown};
use crate::opportunity::{Accounts, OpportunityType, Origin, ReviewStatus, Stage, Text};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

/// A date: ISO, the order its column has, or a spreadsheet's day number.
pub fn date<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDate> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no date" })
}

/// A moment in UTC; a date alone is its midnight, a number of seconds counts from 1970.
pub fn moment<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDateTime> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no time" })
}

/// The day of the newest entry of a log of lines `YYYY-MM-DD: text`, or a single moment.
pub fn newest_entry<'d>(cell: &Cell<'d>) -> Reading<'d, NaiveDate> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "has no dated line" })
}

/// One or several account ids.
pub fn accounts<'d>(cell: &Cell<'d>) -> Reading<'d, Accounts> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no account id" })
}

/// An amount, without its currency sign; the currency it names, if it names one.
pub fn money<'d>(cell: &Cell<'d>) -> Reading<'d, (Decimal, Option<Text<'d>>)> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no amount" })
}

/// Yes or no.
pub fn yes_no<'d>(cell: &Cell<'d>) -> Reading<'d, bool> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is neither yes nor no" })
}

/// Who brought the customer.
pub fn origin<'d>(cell: &Cell<'d>) -> Reading<'d, Origin> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no origin" })
}

/// The sales stage.
pub fn stage<'d>(cell: &Cell<'d>) -> Reading<'d, Stage> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no stage" })
}

/// The review status.
pub fn review_status<'d>(cell: &Cell<'d>) -> Reading<'d, ReviewStatus> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no review status" })
}

/// The opportunity type.
pub fn opportunity_type<'d>(cell: &Cell<'d>) -> Reading<'d, OpportunityType> {
    Err(Unknown::Unreadable { raw: cell.text.clone(), why: "is no opportunity type" })
}

/// The usage type: `End User` in whatever spelling, or what else stands there.
pub fn usage_type<'d>(cell: &Cell<'d>) -> Reading<'d, Text<'d>> {
    Ok((cell.text.clone(), None))
}

/// Whether AWS hides the value until the referral is accepted.
pub fn is_masked(text: &str) -> bool {
    text.eq_ignore_ascii_case("accept to view")
}
