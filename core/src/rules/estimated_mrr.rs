use super::rule;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The estimated AWS monthly recurring revenue is there, greater than zero, in US dollars or euros.
    ///
    /// **Why**: AWS sizes the opportunity by what the customer is expected to spend on AWS each month, three months
    /// after launch. It is an estimate of AWS consumption: not your own revenue, not a year's total, and not the
    /// billed revenue by which the discount is decided.
    ///
    /// **To fix**: enter the monthly AWS amount from the AWS Pricing Calculator in *Estimated AWS monthly recurring
    /// revenue*.
    ///
    /// **Readings**: an estimate without a currency is taken as US dollars.
    "ACE009" "estimated-mrr" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [ExpectedMrr, MrrCurrency],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let amount = *case.opp.expected_mrr.get()?;
    let named = case.opp.mrr_currency.known();
    let currency = named.map_or("USD", |currency| currency.as_ref());
    let shown = say::amount(amount, currency);
    if !["USD", "EUR"].iter().any(|code| currency.eq_ignore_ascii_case(code)) {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The estimate is in {}; ACE takes US dollars and euros.", say::quoted(currency)),
            format_args!("Give the estimated AWS monthly recurring revenue in USD or EUR."),
        ));
    }
    if amount.is_zero() || amount.is_sign_negative() {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!(
                "The estimated AWS monthly recurring revenue is {shown}; it has to be greater than zero."
            ),
            format_args!("Enter what the customer will spend on AWS each month, three months after launch."),
        ));
    }
    let finding = pen.pass(format_args!("The estimated AWS monthly recurring revenue is {shown}."));
    Ok(if named.is_none() { finding.as_reading() } else { finding })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::{Finding, Outcome};
    use crate::testing;

    fn found(amount: &str, currency: Result<&'static str, Unknown<'static>>) -> Finding {
        let mut opp = testing::opportunity();
        opp.expected_mrr.value = Ok(amount.parse().unwrap());
        opp.mrr_currency.value = currency.map(Into::into);
        testing::check(&RULE, &opp, "2026-11-22").0
    }

    #[test]
    fn it_is_greater_than_zero() {
        assert_eq!(found("-0.01", Ok("USD")).outcome, Outcome::Fail);
        assert_eq!(found("0.00", Ok("USD")).outcome, Outcome::Fail);
        assert_eq!(found("0.01", Ok("USD")).outcome, Outcome::Pass);
    }

    #[test]
    fn it_is_in_dollars_or_euros_and_in_dollars_when_nothing_is_said() {
        assert_eq!(found("100", Ok("GBP")).outcome, Outcome::Fail);
        assert_eq!(found("100", Ok("eur")).outcome, Outcome::Pass);
        let assumed = found("100", Err(Unknown::NotInFormat));
        assert!(assumed.outcome == Outcome::Pass && assumed.is_reading);
    }

    #[test]
    fn without_an_amount_nothing_can_be_said() {
        let mut opp = testing::opportunity();
        opp.expected_mrr.value = Err(Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, Outcome::Unknown);
    }
}
