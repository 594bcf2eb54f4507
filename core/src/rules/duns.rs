use super::rule;
use crate::fact::Unknown;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

const DIGITS: usize = 9;

rule! {
    /// The customer's D-U-N-S number is optional; when it is given, it has nine digits.
    ///
    /// **Why**: the number says exactly which legal entity is meant, which a company name often does not; the guide
    /// recommends it. A number with dashes, spaces or a lost zero is refused.
    ///
    /// **To fix**: enter the nine digits without dashes, or leave the field empty.
    "ACE007" "duns" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [Duns],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let fact = &case.opp.duns;
    let number = match &fact.value {
        Ok(number) => number,
        Err(Unknown::Blank) => {
            return Ok(pen.advice(
                format_args!(
                    "No D-U-N-S number is given; it is optional and helps AWS to identify the customer."
                ),
                format_args!("Add the customer's nine-digit D-U-N-S number in ACE if you know it."),
            ));
        }
        Err(why) if why.is_soft() => {
            return Ok(pen.not_applicable(format_args!(
                "What you pasted does not carry the optional D-U-N-S number."
            )));
        }
        Err(why) => {
            return Ok(pen.advice(
                format_args!("{}", say::unknown(fact.field, why)),
                format_args!("{}", say::supply(fact.field, why)),
            ));
        }
    };
    if number.len() == DIGITS && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(pen.pass(format_args!("The D-U-N-S number {number} has nine digits.")));
    }
    Ok(pen.fail(
        Cure::Curable,
        format_args!("The D-U-N-S number {} is not nine digits.", say::quoted(number)),
        format_args!(
            "Enter its nine digits without dashes or spaces, zeros in front included, or leave it empty."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(value: Result<&'static str, Unknown<'static>>, expect: Outcome) {
        let mut opp = testing::opportunity();
        opp.duns.value = value.map(Into::into);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, expect, "{:?}", opp.duns.value);
    }

    #[test]
    fn a_number_has_exactly_nine_digits() {
        for wrong in ["12345678", "1234567890", "12-345-6789", "12345678x", "１２３"] {
            found(Ok(wrong), Outcome::Fail);
        }
        found(Ok("012345678"), Outcome::Pass);
    }

    #[test]
    fn none_is_needed() {
        found(Err(Unknown::Blank), Outcome::Advice);
        found(Err(Unknown::NotInFormat), Outcome::NotApplicable);
        found(Err(Unknown::Masked), Outcome::Advice);
    }
}
