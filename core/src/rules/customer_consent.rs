use super::rule;
use crate::opportunity::ReviewStatus;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The customer agreed to be submitted to AWS.
    ///
    /// **Why**: AWS takes the customer's details only with the customer's consent, which the partner has to have
    /// before it submits. No export and no API carries the answer, so it has to be stated.
    ///
    /// **To fix**: ask the customer before you submit, keep a record of the answer, and state it with
    /// `customer_consent=yes`.
    ///
    /// **Readings**: submitting says that consent was given. Once a record has been submitted, an answer that is
    /// not stated is therefore a warning to keep a record, and no obstacle.
    "POD002" "customer-consent" {
        section: Pod, gate: NotLost, guide: POD_REQUIREMENTS,
        facts: [CustomerConsent, Stage, ReviewStatus],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    match case.opp.customer_consent.given()? {
        Some(true) => return Ok(pen.pass(format_args!("The customer agreed to be submitted."))),
        Some(false) => {
            return Ok(pen
                .fail(
                    Cure::Curable,
                    format_args!("The customer has not agreed to be submitted to AWS."),
                    format_args!("Ask the customer before submitting, then set customer_consent=yes."),
                )
                .by(case.as_of));
        }
        None => {}
    }
    let may_be_a_draft =
        matches!(case.effective_review_status(), None | Some(ReviewStatus::PendingSubmission));
    if may_be_a_draft && !case.is_launched()? {
        return Ok(pen
            .pending(
                format_args!("Nothing says that the customer agreed to be submitted to AWS."),
                format_args!("Ask the customer before you submit, then set customer_consent=yes."),
            )
            .by_if_known(case.launch_due()));
    }
    Ok(pen
        .warning(
            format_args!(
                "Consent counts as stated when the opportunity was submitted; nothing here shows it."
            ),
            format_args!("Keep a record of the customer's consent, and set customer_consent=yes."),
        )
        .as_reading())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    #[test]
    fn an_answer_that_cannot_be_read_is_neither_yes_nor_no() {
        let mut opp = opportunity();
        opp.customer_consent = unreadable(Field::CustomerConsent);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn a_refusal_fails_and_can_be_cured() {
        let mut opp = opportunity();
        opp.customer_consent = known(Field::CustomerConsent, false);
        let finding = check(&RULE, &opp, AS_OF).0;
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Curable));
    }

    #[test]
    fn silence_waits_before_the_submission_and_warns_after_it() {
        use ReviewStatus::{Approved, PendingSubmission, Rejected};
        use Stage::{Committed, Launched};
        for (stage, status, outcome) in [
            (Some(Committed), Some(PendingSubmission), Outcome::Pending),
            (Some(Committed), None, Outcome::Pending),
            (Some(Committed), Some(Approved), Outcome::Warning),
            (Some(Committed), Some(Rejected), Outcome::Warning),
            (Some(Launched), Some(PendingSubmission), Outcome::Warning),
            (Some(Launched), None, Outcome::Warning),
            (None, Some(Approved), Outcome::Warning),
            (None, Some(PendingSubmission), Outcome::Unknown),
            (None, None, Outcome::Unknown),
        ] {
            let mut opp = opportunity();
            opp.customer_consent = blank(Field::CustomerConsent);
            opp.stage = stage.map_or_else(|| blank(Field::Stage), |stage| known(Field::Stage, stage));
            opp.review_status = status
                .map_or_else(|| blank(Field::ReviewStatus), |status| known(Field::ReviewStatus, status));
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!(finding.outcome, outcome, "{stage:?} {status:?}");
            assert_eq!(finding.is_reading, outcome == Outcome::Warning);
        }
    }

    #[test]
    fn stated_consent_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
