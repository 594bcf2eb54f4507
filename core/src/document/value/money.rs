//! Amounts, in decimal arithmetic only.

use crate::document::Cell;
use crate::fact::{Reading, Unknown};
use crate::opportunity::Text;
use rust_decimal::Decimal;

/// Longer numbers are no amounts.
const CHARS_MAX: usize = 64;

/// So many decimals are kept; a bill's line items have more than matter.
const DECIMALS_MAX: u32 = 18;

/// What has more digits than this and cannot be read is too large rather than no number.
const DIGITS_OF_A_SUM: usize = 10;

const SIGNS: [(&str, &str); 5] = [("US$", "USD"), ("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("₹", "INR")];

/// Every currency that ACE lists; other words around a number are no part of an amount. The two it takes come first.
const CODES: &str = "USD EUR \
     AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP \
     BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB \
     EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD \
     JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
     MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD \
     RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD \
     TWD TZS UAH UGX USD USN UYI UYU UZS VEF VND VUV WST XAF XCD XDR XOF XPF XSU XUA YER ZAR ZMW ZWL";

/// An amount, without its currency sign; the currency it names, if it names one.
///
/// A comma before exactly three digits separates thousands (`8,500` is 8500); a single dot is a decimal point
/// (`8.500` is 8.5), for that is how every machine writes it. `8.500,00` has only one reading.
pub fn money<'d>(cell: &Cell<'d>) -> Reading<'d, (Decimal, Option<Text<'d>>)> {
    let text = cell.text.trim();
    let unreadable = |why| Unknown::Unreadable { raw: cell.text.clone(), why };
    if text.len() > CHARS_MAX {
        return Err(unreadable("is no amount"));
    }
    let (is_negative, currency, number) = bare(text).ok_or_else(|| unreadable("is no amount"))?;
    let amount = plain_decimal(number).or_else(|| grouped(number)).ok_or_else(|| {
        let is_number =
            number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'E' | b'e'));
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        unreadable(if is_number && digits > DIGITS_OF_A_SUM {
            "is too large an amount"
        } else {
            "is no amount"
        })
    })?;
    let amount = if is_negative { -amount } else { amount };
    Ok(((amount, currency.map(Text::Borrowed)), None))
}

/// Takes sign, brackets and currency off: whether it is negative, which currency, and the number that is left.
fn bare(text: &str) -> Option<(bool, Option<&'static str>, &str)> {
    let (mut is_negative, mut rest) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (true, inner.trim()),
        None => (false, text),
    };
    let mut currency: Option<&'static str> = None;
    let mut is_signed = is_negative;
    loop {
        let unsigned = rest.strip_prefix(['-', '−', '+']);
        if let Some(unsigned) = unsigned {
            if is_signed {
                return None;
            }
            is_signed = true;
            is_negative = !rest.starts_with('+');
            rest = unsigned.trim_start();
        } else if let Some((named, unnamed)) = currency_in_front(rest).or_else(|| currency_behind(rest)) {
            if currency.is_some_and(|before| before != named) {
                return None;
            }
            currency = Some(named);
            rest = unnamed;
        } else {
            return Some((is_negative, currency, rest));
        }
    }
}

fn currency_in_front(text: &str) -> Option<(&'static str, &str)> {
    if let Some((sign, code)) = SIGNS.iter().find(|(sign, _)| text.starts_with(sign)) {
        return Some((code, text[sign.len()..].trim_start()));
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    Some((code_named(&text[..text.len() - rest.len()])?, rest.trim_start()))
}

fn currency_behind(text: &str) -> Option<(&'static str, &str)> {
    if let Some((sign, code)) = SIGNS.iter().find(|(sign, _)| text.ends_with(sign)) {
        return Some((code, text[..text.len() - sign.len()].trim_end()));
    }
    let rest = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    Some((code_named(&text[rest.len()..])?, rest.trim_end()))
}

/// The currency with these three letters, in any case.
fn code_named(letters: &str) -> Option<&'static str> {
    if letters.len() != 3 {
        return None;
    }
    CODES.split(' ').find(|code| code.eq_ignore_ascii_case(letters))
}

/// A number as machines write it: digits, at most one point, and an exponent if there is one. No sign.
pub(super) fn plain_decimal(text: &str) -> Option<Decimal> {
    let bytes = text.as_bytes();
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let end = bytes.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(bytes.len());
    let number = digits_and_point(&bytes[..end], b'.')?;
    if end == bytes.len() {
        return Some(number);
    }
    scaled(number, text[end + 1..].parse().ok()?)
}

fn scaled(number: Decimal, exponent: i32) -> Option<Decimal> {
    if !(-28..=28).contains(&exponent) {
        return None;
    }
    let ten = Decimal::TEN;
    (0..exponent.unsigned_abs()).try_fold(number, |number, _| {
        if exponent < 0 { number.checked_div(ten) } else { number.checked_mul(ten) }
    })
}

/// Digits with at most one point; decimals past [`DECIMALS_MAX`] are cut off.
fn digits_and_point(bytes: &[u8], point: u8) -> Option<Decimal> {
    let (mut number, mut decimals, mut is_past_point, mut digits) = (0_i128, 0, false, 0);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if is_past_point && decimals == DECIMALS_MAX {
                    continue;
                }
                number = number.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                decimals += u32::from(is_past_point);
            }
            _ if *byte == point && !is_past_point => is_past_point = true,
            _ => return None,
        }
    }
    if digits == 0 { None } else { Decimal::try_from_i128_with_scale(number, decimals).ok() }
}

/// A number as people write it, thousands separated in one way or another.
fn grouped(text: &str) -> Option<Decimal> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '\'' | '’');
    let is_mark = |c: &char| matches!(c, '.' | ',');
    let mut marks = text.chars().filter(is_mark);
    let (first, last, count) = (marks.next(), text.chars().rfind(is_mark), 1 + marks.count());
    let has_gaps = text.contains(is_gap);
    let (thousands, point) = match (first, last) {
        (Some(first), Some(last)) if first != last => (Some(first), Some(last)),
        (Some(mark), _) if count == 1 && (mark == '.' || has_gaps || !separates_thousands(text)) => {
            (None, Some(mark))
        }
        (mark, _) => (mark, None),
    };
    if has_gaps && thousands.is_some() {
        return None;
    }
    let (whole, decimals) = match point {
        Some(point) => text.rsplit_once(point)?,
        None => (text, ""),
    };
    let is_separator = |c: char| Some(c) == thousands || is_gap(c);
    let mut groups = whole.split(is_separator);
    let is_grouped = match groups.next() {
        Some(first) if whole.contains(is_separator) => {
            (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
        }
        _ => true,
    };
    if !is_grouped || whole.contains(|c: char| is_mark(&c) && Some(c) != thousands) {
        return None;
    }
    let (mut digits, mut length) = ([0; CHARS_MAX], 0);
    let bare = whole.chars().filter(|c| !is_separator(*c)).chain(['.']).chain(decimals.chars());
    for c in bare {
        *digits.get_mut(length)? = u8::try_from(c).ok()?;
        length += 1;
    }
    digits_and_point(&digits[..length], b'.')
}

/// Whether the one comma of `text` stands where thousands are separated: `8,500`, and neither `8,50` nor `0,500`.
fn separates_thousands(text: &str) -> bool {
    text.split_once(',').is_some_and(|(before, after)| {
        (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::value::testing::cell;

    #[track_caller]
    fn is(text: &str, expect: &str, currency: Option<&str>) {
        let ((amount, named), _) = money(&cell(text)).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        assert_eq!((amount, named.as_deref()), (expect.parse().unwrap(), currency), "{text}");
    }

    #[test]
    fn what_is_no_amount_is_not_read() {
        for text in [
            "",
            "-",
            "$",
            "USD",
            "n/a",
            "8.5K",
            "8,500/month",
            "8,50,0",
            "8,5000,000",
            "1.2.3",
            "1,234.567.89",
            "--5",
            "(-5)",
            "$5 EUR",
            "CAD $5",
            "5 000 00",
            "1,2 345",
            "10%",
            "0x10",
            "1e",
            "1e99",
            "1e-99",
            "∞",
            "５",
            "US Dollars 5",
            ".",
        ] {
            assert!(
                matches!(money(&cell(text)), Err(Unknown::Unreadable { .. })),
                "{text}: {:?}",
                money(&cell(text))
            );
        }
    }

    #[test]
    fn too_large_an_amount_overflows_nothing() {
        for text in
            ["79228162514264337593543950336", "9999999999E28", "99999999999999999999999999999999999999999"]
        {
            assert_eq!(
                money(&cell(text)),
                Err(Unknown::Unreadable { raw: text.into(), why: "is too large an amount" }),
                "{text}"
            );
        }
        is("79228162514264337593543950335", "79228162514264337593543950335", None);
    }

    #[test]
    fn currencies_stand_in_front_or_behind() {
        for (text, currency) in [
            ("8500", None),
            ("$8,500.00", Some("USD")),
            ("US$ 8,500", Some("USD")),
            ("USD 8,500", Some("USD")),
            ("8,500 EUR", Some("EUR")),
            ("$8,500.00 USD", Some("USD")),
            ("USD $8,500", Some("USD")),
            ("8500eur", Some("EUR")),
            ("€8.500,00", Some("EUR")),
            ("8.500,00 €", Some("EUR")),
            ("CHF 8'500.00", Some("CHF")),
            ("£8500", Some("GBP")),
        ] {
            is(text, "8500", currency);
        }
    }

    #[test]
    fn thousands_are_separated_in_every_way_that_has_one_reading() {
        for (text, expect) in [
            ("8,500", "8500"),
            ("8.500", "8.5"),
            ("8,50", "8.5"),
            ("0,500", "0.5"),
            ("1,234,567.89", "1234567.89"),
            ("1.234.567,89", "1234567.89"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("8\u{a0}500,00", "8500"),
            ("8\u{2009}500", "8500"),
            ("8\u{202f}500.25", "8500.25"),
            ("8 500", "8500"),
            ("12500.", "12500"),
            ("123.0", "123"),
            ("1.2E3", "1200"),
            ("1.2e-3", "0.0012"),
            ("0.0000000001234567890123456789", "0.000000000123456789"),
        ] {
            is(text, expect, None);
        }
    }

    #[test]
    fn credits_are_negative() {
        for text in ["-12.5", "−12.50", "(12.50)", "(12,50)"] {
            is(text, "-12.5", None);
        }
        for text in ["-$12.50", "$-12.50", "($12.50)", "-12.50 USD"] {
            is(text, "-12.5", Some("USD"));
        }
        is("+5", "5", None);
    }
}
