//! Words for values, so that page, bot and files say the same. Nothing else formats a date, a sum or a list.

use crate::calendar::Month;
use crate::fact::{Fact, Note, Unknown};
use crate::field::Field;
use crate::opportunity::{AccountId, Opportunity, OpportunityType, Origin, ReviewStatus, Stage, Text};
use crate::report::Verdict;
use crate::rule::{Outcome, Section};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
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

/// `2026-11`, as data spells it.
pub fn iso_month(month: Month) -> impl Display {
    let first = month.first_day();
    display(move |f| write!(f, "{:04}-{:02}", first.year(), first.month()))
}

/// `yes` or `no`, as data spells it.
pub fn yes_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

/// An outcome as data spells it.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
        Outcome::Pending => "pending",
        Outcome::Warning => "warning",
        Outcome::Advice => "advice",
        Outcome::NotApplicable => "not_applicable",
    }
}

/// A part of the report as people call it.
pub fn section(section: Section) -> &'static str {
    match section {
        Section::Pod => "Partner Originated Discount",
        Section::Eur => "End User Reporting",
        Section::Ace => "Ready to submit in ACE",
        Section::Upd => "Kept current",
        Section::Set => "Across your documents",
        Section::Pgm => "Your company",
    }
}

/// A verdict as people call it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotEligible => "Not eligible",
        Verdict::NeedsFixing => "Needs fixing",
        Verdict::NeedsInformation => "Needs information",
        Verdict::OnTrack => "On track",
        Verdict::Eligible => "Eligible",
        Verdict::Ended => "Ended",
    }
}

/// How many opportunities have a verdict: `1 needs fixing`, `7 need information`, `2 eligible`.
pub fn verdicts(opportunities: usize, verdict: Verdict) -> impl Display {
    let one_or_more = |one: &'static str, more: &'static str| if opportunities == 1 { one } else { more };
    let words = match verdict {
        Verdict::NotEligible => "not eligible",
        Verdict::NeedsFixing => one_or_more("needs fixing", "need fixing"),
        Verdict::NeedsInformation => one_or_more("needs information", "need information"),
        Verdict::OnTrack => "on track",
        Verdict::Eligible => "eligible",
        Verdict::Ended => "ended",
    };
    display(move |f| write!(f, "{} {words}", number(opportunities as i64)))
}

/// `$5,000`, `$4,999.99`, `-$12.50`: cents only where there are any.
///
/// Fractions of a cent are cut off: a bill just below the threshold must not read as the threshold.
pub fn usd(amount: Decimal) -> impl Display {
    display(move |f| {
        let cut = amount.trunc_with_scale(2);
        let whole = cut.trunc().abs().to_string();
        if cut.is_sign_negative() && !cut.is_zero() {
            f.write_str("-")?;
        }
        f.write_str("$")?;
        in_thousands(f, &whole)?;
        let cents = (cut.fract().abs() * Decimal::ONE_HUNDRED).trunc();
        if cents.is_zero() { Ok(()) } else { write!(f, ".{cents:0>2}") }
    })
}

fn in_thousands(f: &mut fmt::Formatter<'_>, digits: &str) -> fmt::Result {
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            f.write_str(",")?;
        }
        write!(f, "{digit}")?;
    }
    Ok(())
}

/// `7`, `33,016`.
pub fn number(number: impl Into<i64>) -> impl Display {
    let number = number.into();
    display(move |f| {
        if number < 0 {
            f.write_str("-")?;
        }
        in_thousands(f, &number.unsigned_abs().to_string())
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

/// `1 day`, `1,234 days`; any noun whose plural ends in s.
pub fn count(number: impl Into<i64>, noun: &'static str) -> impl Display {
    let number = number.into();
    display(move |f| write!(f, "{} {noun}{}", self::number(number), if number == 1 { "" } else { "s" }))
}

/// `1 opportunity`, `33,016 opportunities`.
pub fn opportunities(number: usize) -> impl Display {
    let noun = if number == 1 { "opportunity" } else { "opportunities" };
    display(move |f| write!(f, "{} {noun}", self::number(number as i64)))
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

/// Why a fact is not known, as a sentence.
pub fn unknown(field: Field, why: &Unknown<'_>) -> impl Display {
    display(move |f| {
        let label = field.label();
        match why {
            Unknown::Blank => write!(f, "Nothing is given for the {label}."),
            Unknown::NotInFormat => write!(f, "What you gave does not show the {label}."),
            Unknown::NoRow => {
                write!(f, "The data you gave has no row for this account: the {label} is not known.")
            }
            Unknown::Unreadable { raw, why } => write!(f, "The {label} {} {why}.", quoted(raw)),
            Unknown::Ambiguous(ambiguity) => {
                let [a, b] = &ambiguity.readings;
                write!(f, "The {label} {} can be read as {a} or as {b}.", quoted(&ambiguity.raw))
            }
            Unknown::Masked => write!(f, "AWS hides the {label} until the referral is accepted."),
            Unknown::Conflicting(conflict) => {
                let (first, second) = (quoted(&conflict.first), quoted(&conflict.second));
                write!(f, "For the {label}, one place says {first} and another {second}.")
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
                write!(f, "State the {label} yourself: set {name}.")
            }
            Unknown::Blank => write!(f, "Fill in the {label}, or set {name}."),
            Unknown::NotInFormat | Unknown::NoRow => {
                write!(f, "To show the {label}, add {carrier}, or set {name}.")
            }
            Unknown::Unreadable { .. } => write!(f, "Correct the {label}, or set {name}."),
            Unknown::Ambiguous(_) => write!(f, "Choose the order of day and month, or set {name}."),
            Unknown::Masked => write!(f, "Accept or decline the referral in Partner Central."),
            Unknown::Conflicting(_) => write!(f, "Find out which {label} is right, and set {name}."),
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

/// What the guide asks for at a stage, as a sentence.
pub fn stage_requires(stage: Stage) -> &'static str {
    match stage {
        Stage::Prospect => "A first contact with the customer.",
        Stage::Qualified => "The customer confirmed a real interest, and the requirements are understood.",
        Stage::TechnicalValidation => {
            "The solution is validated technically: a proof of concept, architecture sessions."
        }
        Stage::BusinessValidation => "The business case is confirmed: the stakeholders agree.",
        Stage::Committed => "The customer committed: technology, architecture and economics are agreed.",
        Stage::Launched => "Billing has begun: this is the stage that earns the discount.",
        Stage::ClosedLost => "The reason why it was lost.",
    }
}

/// On what the discount goes on depending, as a sentence.
pub fn window_condition(months: u32) -> String {
    format!(
        "End user reporting and the Channel Program's requirements must stay met for all {months} months."
    )
}

/// A fact's value in its canonical form; none when it is not known.
pub fn value(opp: &Opportunity<'_>, field: Field) -> Option<String> {
    fn text<T>(fact: &Fact<'_, T>, say: impl Fn(&T) -> String) -> Option<String> {
        fact.known().map(say)
    }
    let plain = |fact: &Fact<'_, Text<'_>>| text(fact, |value| value.to_string());
    let date = |fact: &Fact<'_, NaiveDate>| text(fact, |value| value.to_string());
    let moment =
        |fact: &Fact<'_, NaiveDateTime>| text(fact, |value| format!("{}T{}Z", value.date(), value.time()));
    let answer = |fact: &Fact<'_, bool>| text(fact, |value| yes_no(*value).to_owned());
    match field {
        Field::OpportunityId => plain(&opp.opportunity_id),
        Field::PartnerCrmId => plain(&opp.partner_crm_id),
        Field::ProjectTitle => plain(&opp.project_title),
        Field::Origin => text(&opp.origin, Origin::to_string),
        Field::CustomerConsent => answer(&opp.customer_consent),
        Field::ReviewStatus => text(&opp.review_status, ReviewStatus::to_string),
        Field::ReviewComments => plain(&opp.review_comments),
        Field::Stage => text(&opp.stage, Stage::to_string),
        Field::TargetCloseDate => date(&opp.target_close_date),
        Field::LaunchedOn => date(&opp.launched_on),
        Field::BillingStartedOn => date(&opp.billing_started_on),
        Field::CreatedAt => moment(&opp.created_at),
        Field::SubmittedOn => date(&opp.submitted_on),
        Field::DecidedOn => date(&opp.decided_on),
        Field::LastModifiedAt => moment(&opp.last_modified_at),
        Field::NextSteps => plain(&opp.next_steps),
        Field::NextStepsHistory => date(&opp.next_steps_history),
        Field::CustomerName => plain(&opp.customer_name),
        Field::CustomerWebsite => plain(&opp.customer_website),
        Field::Country => plain(&opp.country),
        Field::State => plain(&opp.state),
        Field::City => plain(&opp.city),
        Field::PostalCode => plain(&opp.postal_code),
        Field::Industry => plain(&opp.industry),
        Field::IndustryOther => plain(&opp.industry_other),
        Field::Duns => plain(&opp.duns),
        Field::AwsAccountId => text(&opp.aws_account_id, |ids| {
            ids.all().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }),
        Field::ProjectDescription => plain(&opp.project_description),
        Field::UseCase => plain(&opp.use_case),
        Field::DeliveryModel => plain(&opp.delivery_model),
        Field::ExpectedMrr => text(&opp.expected_mrr, Decimal::to_string),
        Field::MrrCurrency => plain(&opp.mrr_currency),
        Field::OpportunityType => text(&opp.opportunity_type, OpportunityType::to_string),
        Field::PrimaryNeeds => plain(&opp.primary_needs),
        Field::Solution => plain(&opp.solution),
        Field::OtherSolution => plain(&opp.other_solution),
        Field::NationalSecurity => answer(&opp.national_security),
        Field::ClosedLostReason => plain(&opp.closed_lost_reason),
        Field::Catalog => plain(&opp.catalog),
        Field::EurAccountId => text(&opp.eur.account_id, AccountId::to_string),
        Field::EurUsageType => plain(&opp.eur.usage_type),
        Field::EurGovernmentFieldsComplete => answer(&opp.eur.government_fields_complete),
        Field::EurGovernmentAdvising => answer(&opp.eur.government_advising),
        Field::EurCity => plain(&opp.eur.city),
        // Spend is told month by month; the columns of tables are no facts of an opportunity.
        _ => None,
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
            ("4999.999", "$4,999.99"),
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
    fn counts_have_separators_too() {
        says(count(33_016, "row"), "33,016 rows");
        says(count(-1_234, "day"), "-1,234 days");
        says(opportunities(1), "1 opportunity");
        says(opportunities(1_000_000), "1,000,000 opportunities");
        says(number(999), "999");
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
