use super::{not_reported_yet, rule};
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The government fields of the account's End User Reporting record are complete.
    ///
    /// **Why**: AWS pays the discount only on accounts whose government fields are filled in, *Government Advising*
    /// among them. An empty field is not a No.
    ///
    /// **To fix**: fill in every government field in End User Reporting, at the latest with the launch, then state
    /// it with `eur.government_fields_complete=yes` if your file does not show it.
    "EUR002" "government-fields-complete" {
        section: Eur, gate: NotLost, guide: POD_REQUIREMENTS,
        facts: [EurGovernmentFieldsComplete, EurGovernmentAdvising, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let eur = &case.opp.eur;
    match eur.government_fields_complete.known() {
        None => not_reported_yet(case, pen, &eur.government_fields_complete),
        Some(true) if eur.government_advising.known().is_some() => {
            Ok(pen.pass(format_args!("The government fields are complete.")))
        }
        Some(true) => not_reported_yet(case, pen, &eur.government_advising),
        Some(false) if case.is_launched()? => Ok(pen
            .fail(
                Cure::Curable,
                format_args!("The government fields are not complete."),
                format_args!("Complete the government fields in End User Reporting."),
            )
            .by(case.as_of)),
        Some(false) => Ok(pen
            .pending(
                format_args!("The government fields are not complete yet."),
                format_args!(
                    "Complete the government fields in End User Reporting, at the latest with the launch."
                ),
            )
            .by_if_known(case.launch_due())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::{Opportunity, Stage};
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    /// The outcomes before launch, at launch and without a stage.
    #[track_caller]
    fn decides(mut opp: Opportunity<'static>, expected: [Outcome; 3]) {
        let stages = [
            known(Field::Stage, Stage::Committed),
            known(Field::Stage, Stage::Launched),
            blank(Field::Stage),
        ];
        for (stage, outcome) in stages.into_iter().zip(expected) {
            opp.stage = stage;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{:?}", opp.stage.value);
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_unknown() {
        let mut opp = opportunity();
        opp.eur.government_fields_complete = unreadable(Field::EurGovernmentFieldsComplete);
        decides(opp, [Outcome::Unknown; 3]);
        let mut opp = opportunity();
        opp.eur.government_advising = unreadable(Field::EurGovernmentAdvising);
        decides(opp, [Outcome::Unknown; 3]);
    }

    #[test]
    fn incomplete_waits_before_launch_and_fails_after_it() {
        let mut opp = opportunity();
        opp.eur.government_fields_complete = known(Field::EurGovernmentFieldsComplete, false);
        decides(opp, [Outcome::Pending, Outcome::Fail, Outcome::Unknown]);
    }

    #[test]
    fn a_blank_field_waits_before_launch_and_is_unknown_after_it() {
        let mut opp = opportunity();
        opp.eur.government_fields_complete = blank(Field::EurGovernmentFieldsComplete);
        decides(opp, [Outcome::Pending, Outcome::Unknown, Outcome::Unknown]);
        let mut opp = opportunity();
        opp.eur.government_advising = blank(Field::EurGovernmentAdvising);
        decides(opp, [Outcome::Pending, Outcome::Unknown, Outcome::Unknown]);
    }

    #[test]
    fn complete_with_either_answer_on_advising_passes() {
        let mut opp = opportunity();
        opp.eur.government_advising = known(Field::EurGovernmentAdvising, true);
        decides(opp, [Outcome::Pass; 3]);
        decides(opportunity(), [Outcome::Pass; 3]);
    }
}
