//! What holds for every input, however broken. Property tests and fuzzing both ask here.

use podcheck_core::document::value;
use podcheck_core::document::{Cell, DateOrder, Document, Form, Order, ReadOptions, Record};
use podcheck_core::fact::{Span, Unknown};
use podcheck_core::field::Field;
use podcheck_core::opportunity::AccountId;
use podcheck_core::policy::Policy;
use std::borrow::Cow;

/// So many records of one document are read twice; the rest are read by the judge.
const RECORDS_READ_MAX: usize = 200;

/// Whether `span` is a stretch of `text` between two characters.
pub fn lies_inside(span: Span, text: &str) -> bool {
    text.get(span.start as usize..span.end as usize).is_some()
}

/// Any bytes are a document; what it says of itself stands in its text, and reading it again says the same.
///
/// # Panics
/// When a promise is broken.
pub fn any_bytes_are_a_document(bytes: &[u8]) {
    let open = || Document::open("pasted text", bytes.to_vec(), ReadOptions::default());
    let (document, again) = (open(), open());
    assert_eq!(
        (document.text(), document.kind(), document.format(), document.len(), document.problems()),
        (again.text(), again.kind(), again.format(), again.len(), again.problems()),
        "a document opened twice is the same document",
    );
    for problem in document.problems() {
        assert!(!problem.message.is_empty(), "a problem is a sentence");
        assert!(problem.span.is_none_or(|span| lies_inside(span, document.text())), "{problem:?}");
    }
    let mut record = Record::empty();
    for index in 0..document.len().min(RECORDS_READ_MAX) {
        document.read(index, &mut record);
        let mut fresh = Record::empty();
        again.read(index, &mut fresh);
        assert_eq!(record.cells, fresh.cells, "a record read twice is the same record");
        assert_eq!((record.format, record.carries), (fresh.format, fresh.carries));
        assert_eq!(record.index as usize, index);
        for cell in &record.cells {
            assert!(lies_inside(cell.span, document.text()), "{cell:?} lies outside the text");
            assert!(record.carries.contains(cell.field), "{cell:?} is not among what the record carries");
            let _ = document.heading(cell.heading);
            any_cell_has_a_value_or_a_reason(cell);
        }
    }
    document.read(document.len(), &mut record);
    assert!(record.cells.is_empty(), "past the end there is no cell");
}

/// Any text is read or says why not, whatever form it stood in and whatever order its column has.
///
/// # Panics
/// When a promise is broken.
pub fn any_text_has_a_value_or_a_reason(text: &str) {
    for form in [Form::TableCell, Form::JsonString, Form::JsonLiteral, Form::Typed] {
        for order in [
            Order::Unproved,
            Order::Given(DateOrder::DayFirst),
            Order::Given(DateOrder::MonthFirst),
            Order::Proved(DateOrder::DayFirst),
            Order::Proved(DateOrder::MonthFirst),
        ] {
            any_cell_has_a_value_or_a_reason(&Cell {
                field: Field::TargetCloseDate,
                month: None,
                text: Cow::Borrowed(text.trim()),
                form,
                order,
                heading: 0,
                span: Span::default(),
            });
        }
    }
}

fn any_cell_has_a_value_or_a_reason(cell: &Cell<'_>) {
    fn says_why<T>(reading: Result<T, Unknown<'_>>) -> Option<T> {
        match reading {
            Ok(value) => Some(value),
            Err(Unknown::Unreadable { why, .. }) => {
                assert!(!why.is_empty(), "what cannot be read says why");
                None
            }
            Err(Unknown::Ambiguous { readings: [a, b], .. }) => {
                assert_ne!(a, b, "two readings are two");
                None
            }
            Err(_) => None,
        }
    }
    if let Some((day, _)) = says_why(value::date(cell)) {
        let written = Cell { text: day.to_string().into(), ..cell.clone() };
        let year = chrono::Datelike::year(&day);
        if (1000..=9999).contains(&year) {
            assert_eq!(value::date(&written).map(|(day, _)| day), Ok(day), "an ISO date is that date");
        }
    }
    says_why(value::moment(cell));
    says_why(value::newest_entry(cell));
    if let Some((accounts, _)) = says_why(value::accounts(cell)) {
        assert!(!accounts.all().is_empty());
        assert!(accounts.all().iter().all(|id| id.to_string().len() == AccountId::DIGITS));
        let written = Cell { text: accounts.all()[0].to_string().into(), ..cell.clone() };
        let again = value::accounts(&written).map(|(accounts, _)| accounts.one());
        assert_eq!(again, Ok(Some(accounts.all()[0])), "an id that was read can be read again");
    }
    if let Some(((amount, _), _)) = says_why(value::money(cell)) {
        // Three decimals with a point could also be thousands; what has at most two is that amount again.
        if amount.scale() <= 2 {
            let written = Cell { text: amount.to_string().into(), ..cell.clone() };
            assert_eq!(value::money(&written).map(|((amount, _), _)| amount), Ok(amount));
        }
    }
    says_why(value::yes_no(cell));
    if let Some((origin, _)) = says_why(value::origin(cell)) {
        let written = Cell { text: origin.as_str().into(), ..cell.clone() };
        assert_eq!(value::origin(&written).map(|(origin, _)| origin), Ok(origin));
    }
    if let Some((stage, _)) = says_why(value::stage(cell)) {
        let written = Cell { text: stage.as_str().into(), ..cell.clone() };
        assert_eq!(value::stage(&written).map(|(stage, _)| stage), Ok(stage));
    }
    says_why(value::review_status(cell));
    says_why(value::opportunity_type(cell));
    says_why(value::usage_type(cell));
}

/// Any text is a policy within its limits, or is refused with a sentence.
///
/// # Panics
/// When a promise is broken.
pub fn any_text_is_a_policy_or_is_refused(text: &str) {
    match Policy::from_json(text) {
        Ok(policy) => {
            assert!((1..=240).contains(&policy.discount_months));
            assert!(policy.review_business_days_min <= policy.review_business_days_max);
            assert_eq!(policy.sources.len(), Policy::default().sources.len(), "each number keeps one source");
        }
        Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
    }
}
