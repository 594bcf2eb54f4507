//! What may safely be put right in a cell of a bulk import file: its form, never what it says.
//!
//! No date is moved, no blank is filled, no text is cut, nothing is guessed: what cannot be read is left as it stands.
//! What has been put right once is right: doing it again changes nothing.

use crate::document::{Cell, Form, Order, value};
use crate::fact::{Note, Span};
use crate::field::Field;
use crate::opportunity::{Accounts, Opportunity};
use crate::reference::{countries, lists, states};
use crate::say;
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;

pub(super) const SPACES: &str = "Spaces that do not belong to it were taken out.";
pub(super) const STATED: &str = "You stated it.";
pub(super) const FORMULA: &str =
    "A spreadsheet would run it as a formula; an apostrophe in front keeps it text.";
pub(super) const UNWRAPPED: &str = "A formula that only wraps a text: the import file takes the text.";
pub(super) const CURRENCY: &str =
    "The currency stood elsewhere; without it the amount would pass for US dollars.";
const SPELLING: &str = "AWS spells it so.";
const LIST: &str = "Several values are spelled as AWS spells them and set apart by semicolons.";
const DIGITS: &str = "The number is written in digits alone.";
const UNROUNDED: &str = "A spreadsheet wrote the number in powers of ten; no digit was lost.";
const DATE: &str = "The import file takes dates as mm/dd/yyyy.";
const AMOUNT: &str = "The import file takes a number alone.";

/// The D-U-N-S number has so many digits.
const DUNS_DIGITS: usize = 9;

/// A cell as it should stand, and why, where it should stand otherwise than it does.
pub(super) struct Fix<'d> {
    pub to: Cow<'d, str>,
    pub why: &'static str,
}

/// A value as a cell that a person typed.
pub(super) fn typed(field: Field, text: &str) -> Cell<'_> {
    Cell {
        field,
        month: None,
        text: Cow::Borrowed(text),
        form: Form::Typed,
        order: Order::Unproved,
        heading: 0,
        span: Span::default(),
    }
}

/// How the value of `cell` stands in an import file.
pub(super) fn fixed<'d>(cell: &Cell<'d>, opp: &Opportunity<'_>) -> Fix<'d> {
    let text = cell.text.trim();
    let fix = if text.is_empty() || value::is_masked(text) { None } else { in_form(cell, text, opp) };
    let fix = fix.map(|fix| if fix.to == on_one_line(text) { Fix { why: SPACES, ..fix } } else { fix });
    fix.unwrap_or_else(|| {
        let keeps_lines = matches!(cell.field, Field::ProjectDescription | Field::NextSteps);
        let to = if keeps_lines { text.to_owned() } else { on_one_line(text) };
        Fix { to: to.into(), why: SPACES }
    })
}

/// A value that is more than text in the form of its kind; none where there is none, or it cannot be read.
fn in_form<'d>(cell: &Cell<'d>, text: &str, opp: &Opportunity<'_>) -> Option<Fix<'d>> {
    let fix = |to: Cow<'d, str>, why| Some(Fix { to, why });
    let spelled = |name: Option<&'static str>| fix(name?.into(), SPELLING);
    match cell.field {
        Field::Country => spelled(countries::find(text).map(|country| country.name)),
        Field::State => {
            let country = opp.country.known().and_then(|country| countries::find(country))?;
            spelled(
                Some(country)
                    .filter(|country| country.is_united_states())
                    .and(states::find(text))
                    .map(|state| state.name),
            )
        }
        Field::Industry => fix(lists::industry_in_file(text)?, SPELLING),
        Field::UseCase => fix(lists::use_case_in_file(text)?, SPELLING),
        Field::DeliveryModel => list(text, |item| lists::delivery_model(item).map(Cow::Borrowed)),
        Field::PrimaryNeeds => list(text, lists::need_in_file),
        Field::OpportunityType => spelled(value::opportunity_type(cell).ok().map(|(kind, _)| kind.as_str())),
        Field::NationalSecurity => {
            spelled(value::yes_no(cell).ok().map(|(answer, _)| if answer { "Yes" } else { "No" }))
        }
        Field::AwsAccountId => account(cell, text),
        Field::Duns => {
            let is_gap = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2013}');
            let digits: String = text.chars().filter(|c| !is_gap(*c)).collect();
            let is_duns = digits.len() == DUNS_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_duns { fix(digits.into(), DIGITS) } else { None }
        }
        Field::ExpectedMrr => {
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let ((amount, currency), _) = value::money(cell).ok()?;
            let is_usd = currency.is_none_or(|currency| currency == "USD");
            if is_number || !is_usd { None } else { fix(amount.normalize().to_string().into(), AMOUNT) }
        }
        Field::TargetCloseDate => fix(us_day(value::date(cell).ok()?.0)?.into(), DATE),
        _ => None,
    }
}

/// `12/15/2026`, for a year of four digits.
fn us_day(day: NaiveDate) -> Option<String> {
    let year = Some(day.year()).filter(|year| (1000..=9999).contains(year))?;
    Some(format!("{:02}/{:02}/{year}", day.month(), day.day()))
}

/// A list in which every item that AWS offers is spelled as it offers it. Commas and lines part items only where each of
/// them is one that AWS offers.
fn list<'d>(text: &str, spell: impl Fn(&str) -> Option<Cow<'static, str>>) -> Option<Fix<'d>> {
    let trimmed = |separators: &'static [char]| {
        text.split(separators).map(str::trim).filter(|item| !item.is_empty()).collect::<Vec<&str>>()
    };
    let by_any = trimmed(&[';', ',', '\n', '|']);
    let items = if by_any.iter().all(|item| spell(item).is_some()) { by_any } else { trimmed(&[';']) };
    let spelled: Vec<Cow<'_, str>> =
        items.iter().map(|item| spell(item).unwrap_or_else(|| on_one_line(item).into())).collect();
    let why = if spelled.len() == 1 { SPELLING } else { LIST };
    // A text of separators alone is no list: it stays.
    if spelled.is_empty() { None } else { Some(Fix { to: spelled.join(";").into(), why }) }
}

/// The twelve digits of the one account that a cell names.
fn account<'d>(cell: &Cell<'d>, text: &str) -> Option<Fix<'d>> {
    if let Some(digits) = unrounded(text) {
        return Some(Fix { to: digits.into(), why: UNROUNDED });
    }
    match value::accounts(cell).ok()? {
        (Accounts::One(id), Some(note @ Note::LeadingZerosRestored)) => {
            Some(Fix { to: id.to_string().into(), why: say::note(note) })
        }
        (Accounts::One(id), _) => Some(Fix { to: id.to_string().into(), why: DIGITS }),
        _ => None,
    }
}

/// The digits of `1.23456789012E+11`, where all twelve are there: with fewer, some may have been rounded away.
fn unrounded(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let (first, rest) = mantissa.split_once(['.', ','])?;
    let are_digits =
        |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = are_digits(first, 1) && first != "0" && are_digits(rest, 11);
    (is_whole && matches!(exponent, "+11" | "11")).then(|| format!("{first}{rest}"))
}

/// A text in which single spaces stand between the words.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Whether a spreadsheet could run a text as a formula that does something.
///
/// A cell that begins with `=` or `@`, or with a tab or a line end, is guarded whatever follows. A plus or a minus
/// begins telephone numbers, amounts and lines of a list, which a guard would spoil: such a cell can act only where
/// it calls a function or another program, which takes letters and a parenthesis, a bar or an exclamation mark.
pub(super) fn could_run(text: &str) -> bool {
    let has_letter = || text.chars().any(char::is_alphabetic);
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => has_letter() && text.contains(['(', '|', '!']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{known, opportunity};

    #[track_caller]
    fn becomes(field: Field, from: &str, expect: &str) {
        let mut opp = opportunity();
        opp.country = known(Field::Country, "US".into());
        for form in [Form::TableCell, Form::Typed] {
            let cell = |text| Cell {
                form,
                order: Order::Given(crate::document::DateOrder::MonthFirst),
                ..typed(field, text)
            };
            if form == Form::Typed && from.chars().filter(char::is_ascii_digit).count() == 11 {
                continue;
            }
            let to = fixed(&cell(from), &opp).to;
            assert_eq!(to, expect, "{from:?}");
            assert_eq!(fixed(&cell(&to), &opp).to, expect, "what was put right is right: {to:?}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_left_as_it_stands() {
        for (field, text) in [
            (Field::AwsAccountId, "1.23457E+11"),
            (Field::AwsAccountId, "1.2345678901E+11"),
            (Field::AwsAccountId, "123456789012; 210987654321"),
            (Field::AwsAccountId, "70293847"),
            (Field::Duns, "12-345"),
            (Field::Duns, "12345678"),
            (Field::Country, "Deutschland"),
            (Field::Country, "UK"),
            (Field::State, "Ontario"),
            (Field::Industry, "Hospitals"),
            (Field::UseCase, "Web shop"),
            (Field::DeliveryModel, "Consulting, Resell"),
            (Field::DeliveryModel, ";"),
            (Field::PrimaryNeeds, "For Visibility Only"),
            (Field::PrimaryNeeds, "Money"),
            (Field::OpportunityType, "new"),
            (Field::ExpectedMrr, "2500 EUR"),
            (Field::ExpectedMrr, "a lot"),
            (Field::ExpectedMrr, "2500.00"),
            (Field::TargetCloseDate, "02/31/2027"),
            (Field::TargetCloseDate, "soon"),
            (Field::PostalCode, "837"),
            (Field::CustomerName, ""),
            (Field::CustomerName, "Accept to View"),
        ] {
            becomes(field, text, text);
        }
    }

    #[test]
    fn what_means_one_thing_gets_its_form() {
        for (field, from, to) in [
            (Field::AwsAccountId, "1234-5678-9012", "123456789012"),
            (Field::AwsAccountId, "'012345678901", "012345678901"),
            (Field::AwsAccountId, "12345678901", "012345678901"),
            (Field::AwsAccountId, "1.23456789012E+11", "123456789012"),
            (Field::Duns, "12-345-6789", "123456789"),
            (Field::Country, "us", "United States"),
            (Field::Country, "TURKEY", "Turkey"),
            (Field::State, "wa", "Washington"),
            (Field::Industry, "software and internet", "Software & Internet"),
            (Field::UseCase, "Migration/Database Migration", "Migration / Database Migration"),
            (Field::UseCase, "AI/Machine Learning", "AI/Machine Learning"),
            (Field::DeliveryModel, "resell ; managed services;", "Resell;Managed Services"),
            (Field::DeliveryModel, "Resell, Other", "Resell;Other"),
            (Field::DeliveryModel, "resell; Consulting", "Resell;Consulting"),
            (Field::PrimaryNeeds, "Cosell—deal support", "Co-Sell - Deal Support"),
            (
                Field::PrimaryNeeds,
                "pricing assistance; Deal Support",
                "Co-Sell - Pricing Assistance;Co-Sell - Deal Support",
            ),
            (Field::OpportunityType, "net-new business", "Net New Business"),
            (Field::NationalSecurity, "n", "No"),
            (Field::ExpectedMrr, "$2,500", "2500"),
            (Field::ExpectedMrr, "8.500,50 USD", "8500.5"),
            (Field::ExpectedMrr, "1.5E3", "1500"),
            (Field::TargetCloseDate, "2027-01-20", "01/20/2027"),
            (Field::TargetCloseDate, "1/2/2027", "01/02/2027"),
            (Field::CustomerName, " Heron\u{a0} Lane\nDairy ", "Heron Lane Dairy"),
            (Field::ProjectDescription, " One.\n\n Two. ", "One.\n\n Two."),
        ] {
            becomes(field, from, to);
        }
    }

    #[test]
    fn only_what_could_run_is_guarded() {
        for text in ["=1+1", "@SUM(A1)", "+HYPERLINK(\"x\")", "-cmd|' /C calc'!A0", "- cmd|x", "\tx"] {
            assert!(could_run(text), "{text}");
        }
        for text in ["", "Heron", "-12.50", "+1 (555) 010-9999", "- moves the shop", "012345678901", "'=1"] {
            assert!(!could_run(text), "{text}");
        }
    }
}
