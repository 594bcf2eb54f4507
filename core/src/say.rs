//! Words for values, so that page, bot and files say the same. Nothing else formats a date, a sum or a list.

use crate::calendar::Month;
use crate::fact::{Note, Unknown};
use crate::field::Field;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use std::fmt::{self, Display};

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The longest piece of a document's text that a sentence repeats.
const QUOTED_CHARS_MAX: usize = 80;

fn display(write: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> impl Display {
    fmt::from_fn(write)
}

/// `22 Nov 2026`: no reader takes the day for the month.
pub fn day(day: NaiveDate) -> impl Display {
    display(move |f| write!(f, "{} {} {}", day.day(), &MONTHS[day.month0() as usize][..3], day.year()))
}

/// `November 2026`.
pub fn month(month: Month) -> impl Display {
    let first = month.first_day();
    display(move |f| write!(f, "{} {}", MONTHS[first.month0() as usize], first.year()))
}

/// `$5,000`, `$4,999.99`, `-$12.50`: cents only where there are any.
pub fn usd(amount: Decimal) -> impl Display {
    display(move |f| {
        let rounded = amount.round_dp(2);
        let whole = rounded.trunc().abs().to_string();
        if rounded.is_sign_negative() && !rounded.is_zero() {
            f.write_str("-")?;
        }
        f.write_str("$")?;
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        let cents = (rounded.fract().abs() * Decimal::ONE_HUNDRED).trunc();
        if cents.is_zero() { Ok(()) } else { write!(f, ".{cents:0>2}") }
    })
}

/// `$5,000` for US dollars, the number and its code for any other currency: `2500 EUR`.
pub fn amount(amount: Decimal, currency: &str) -> impl Display {
    display(move |f| {
        if currency.eq_ignore_ascii_case("USD") {
            return write!(f, "{}", usd(amount));
        }
        write!(f, "{} {}", amount.normalize(), currency.to_ascii_uppercase())
    })
}

/// `1 day`, `7 days`; any noun whose plural ends in s.
pub fn count(number: impl Into<i64>, noun: &'static str) -> impl Display {
    let number = number.into();
    display(move |f| write!(f, "{number} {noun}{}", if number == 1 { "" } else { "s" }))
}

/// A document's own text inside quotation marks, on one line, cut where it is long.
pub fn quoted(text: &str) -> impl Display {
    display(move |f| {
        f.write_str("“")?;
        for c in text.chars().take(QUOTED_CHARS_MAX) {
            f.write_fmt(format_args!("{}", if c.is_control() { ' ' } else { c }))?;
        }
        if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
            f.write_str("…")?;
        }
        f.write_str("”")
    })
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: Display>(items: &[T]) -> impl Display {
    display(move |f| {
        for (i, item) in items.iter().enumerate() {
            let before = match i {
                0 => "",
                _ if i + 1 == items.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}{item}")?;
        }
        Ok(())
    })
}

/// The first letter in upper case: labels are written as they stand within a sentence.
pub fn capital(text: &str) -> impl Display {
    display(move |f| {
        let mut chars = text.chars();
        match chars.next() {
            Some(first) => write!(f, "{}{}", first.to_uppercase(), chars.as_str()),
            None => Ok(()),
        }
    })
}

/// Why a fact is not known, as a sentence.
pub fn unknown(field: Field, why: &Unknown<'_>) -> impl Display {
    display(move |f| {
        let label = field.label();
        let capital = capital(label);
        match why {
            Unknown::Blank => write!(f, "{capital} is blank."),
            Unknown::NotInFormat => {
                write!(f, "{capital} is not in what you pasted: this format does not carry it.")
            }
            Unknown::NoRow => write!(f, "{capital}: the data you gave has no row for this account."),
            Unknown::Unreadable { raw, why } => write!(f, "{capital} {} {why}.", quoted(raw)),
            Unknown::Ambiguous { raw, readings: [a, b] } => {
                write!(f, "{capital} {} can be read as {a} or as {b}.", quoted(raw))
            }
            Unknown::Masked => write!(f, "{capital} is hidden by AWS until the referral is accepted."),
            Unknown::Conflicting { first, second, .. } => {
                write!(f, "{capital} is {} in one place and {} in another.", quoted(first), quoted(second))
            }
        }
    })
}

/// How to supply a fact that is not known, as a sentence.
pub fn supply(field: Field, why: &Unknown<'_>) -> impl Display {
    display(move |f| {
        let (name, label, carrier) = (field.name(), field.label(), field.carrier());
        match why {
            Unknown::Blank | Unknown::NotInFormat | Unknown::NoRow if carrier.is_empty() => {
                write!(f, "Say it yourself: set {name}.")
            }
            Unknown::Blank => write!(f, "Fill in the {label}, or set {name}."),
            Unknown::NotInFormat | Unknown::NoRow => write!(f, "Add {carrier}, or set {name}."),
            Unknown::Unreadable { .. } => write!(f, "Correct the {label}, or set {name}."),
            Unknown::Ambiguous { .. } => write!(f, "Choose the order of day and month, or set {name}."),
            Unknown::Masked => write!(f, "Accept or decline the referral in Partner Central."),
            Unknown::Conflicting { .. } => write!(f, "Find out which is right, and set {name}."),
        }
    })
}

/// What was done to read a value, as a sentence.
pub fn note(note: Note) -> &'static str {
    match note {
        Note::LeadingZerosRestored => "Zeros that a spreadsheet dropped were put back in front.",
        Note::SpreadsheetDate => "Read as a date from a spreadsheet's day number.",
        Note::OrderProvedByColumn => "The order of day and month was taken from the rest of the column.",
        Note::ClosedWonIsLaunched => "“Closed Won” was read as Launched.",
        Note::EndCustomerIsEndUser => "“END_CUSTOMER” of the Channel API was read as End User.",
        Note::StateByLetters => "The state was recognised by its two letters.",
        Note::StateByName => "The state was recognised by its name.",
        Note::ByConstruction => "True of every record of this format.",
        Note::AwsDefault => "AWS's own default when it is left out.",
        Note::NewestOfSeveral => "The newest of several dates.",
        Note::AssumedUsd => "No currency was given; read as US dollars.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(words: impl Display, expect: &str) {
        assert_eq!(words.to_string(), expect);
    }

    #[test]
    fn dates_cannot_be_mistaken() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
        says(day(date), "4 Mar 2026");
        says(month(Month::of(date)), "March 2026");
    }

    #[test]
    fn sums_have_separators_and_cents_only_where_there_are_any() {
        for (amount, expect) in [
            ("5000", "$5,000"),
            ("4999.99", "$4,999.99"),
            ("4999.999", "$5,000"),
            ("-12.5", "-$12.50"),
            ("0.05", "$0.05"),
            ("-0.001", "$0"),
            ("1234567.1", "$1,234,567.10"),
            ("0", "$0"),
        ] {
            says(usd(amount.parse().unwrap()), expect);
        }
    }

    #[test]
    fn other_currencies_are_named() {
        says(amount("2500.00".parse().unwrap(), "eur"), "2500 EUR");
        says(amount("2500.00".parse().unwrap(), "usd"), "$2,500");
    }

    #[test]
    fn a_quotation_stays_on_one_line_and_short() {
        says(quoted("a\nb"), "“a b”");
        says(quoted(&"é".repeat(81)), &format!("“{}…”", "é".repeat(80)));
    }

    #[test]
    fn lists_read_as_people_write_them() {
        says(list::<&str>(&[]), "");
        says(list(&["a"]), "a");
        says(list(&["a", "b", "c"]), "a, b and c");
        says(count(1, "day"), "1 day");
        says(count(0, "day"), "0 days");
    }
}
