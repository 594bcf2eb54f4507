use super::{not_reported_yet, rule};
use crate::fact::Note;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The account's End User Reporting record says *End User*.
    ///
    /// **Why**: the discount is for accounts that an end customer uses. An account reported as used by a reseller,
    /// by the partner itself or otherwise does not qualify.
    ///
    /// **To fix**: set *Usage Type* to *End User* in End User Reporting, if that is what the account is. It has to
    /// be done at the latest with the launch and to stay so for as long as the discount is paid.
    ///
    /// **Readings**: a relationship of type `END_CUSTOMER` in Channel Management counts as End User.
    "EUR001" "usage-type-end-user" {
        section: Eur, gate: NotLost, guide: EUR_ERRORS,
        facts: [EurUsageType, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let fact = &case.opp.eur.usage_type;
    let Some(usage_type) = fact.known() else { return not_reported_yet(case, pen, fact) };
    if fact.note == Some(Note::EndCustomerIsEndUser) {
        return Ok(pen
            .pass(format_args!("The Channel relationship names an end customer, which counts as End User."))
            .as_reading());
    }
    if spells(usage_type, "enduser") {
        return Ok(pen.pass(format_args!("The usage type is End User.")));
    }
    Ok(pen
        .fail(
            Cure::Curable,
            format_args!("The usage type is {}, not End User.", say::quoted(usage_type)),
            format_args!(
                "Set the usage type to End User in End User Reporting, if that is what the account is."
            ),
        )
        .by(case.as_of))
}

/// Whether `text` is `letters`, whatever its case and separators.
fn spells(text: &str, letters: &str) -> bool {
    let theirs = text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    theirs.eq(letters.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity, unreadable};

    #[test]
    fn a_missing_record_can_wait_until_the_launch() {
        for why in [Unknown::Blank, Unknown::NotInFormat, Unknown::NoRow] {
            let mut opp = opportunity();
            opp.eur.usage_type = Fact::absent(Field::EurUsageType, why);
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!((finding.outcome, finding.due_on), (Outcome::Pending, Some(day("2026-12-15"))));
            opp.stage = known(Field::Stage, Stage::Launched);
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
            opp.stage = blank(Field::Stage);
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_unknown_before_launch_too() {
        let mut opp = opportunity();
        opp.eur.usage_type = unreadable(Field::EurUsageType);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn another_usage_type_fails_and_can_be_cured() {
        let mut opp = opportunity();
        opp.eur.usage_type = known(Field::EurUsageType, "Reseller".into());
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Curable));
        assert_eq!(words.message, "The usage type is “Reseller”, not End User.");
    }

    #[test]
    fn end_user_passes_and_an_end_customer_by_a_reading() {
        let mut opp = opportunity();
        for spelled in ["End User", "END_USER", "end-user"] {
            opp.eur.usage_type = known(Field::EurUsageType, spelled.into());
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, false), "{spelled}");
        }
        opp.eur.usage_type.note = Some(Note::EndCustomerIsEndUser);
        let finding = check(&RULE, &opp, AS_OF).0;
        assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, true));
    }
}
