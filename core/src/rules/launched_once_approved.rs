use super::rule;
use crate::opportunity::ReviewStatus;
use crate::rule::{Case, Check, Pen, Phase, Ruling};

rule! {
    /// A launched opportunity is an approved one.
    ///
    /// **Why**: AWS lets a partner set Launched only on an approved opportunity. A launched record with another
    /// status contradicts itself, and its discount is in danger until that is cleared up.
    ///
    /// **To fix**: look the record up in ACE. If status and stage really differ there, ask AWS.
    ///
    /// **Readings**: once the discount of a launched record has begun, its approval is taken as given, unless the
    /// status says that it was never submitted or was rejected.
    "POD013" "launched-once-approved" {
        section: Pod, gate: NotLost, guide: VALIDATION,
        facts: [Stage, ReviewStatus],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    if case.phase != Phase::AtLaunch {
        return Ok(pen.not_applicable(format_args!("The opportunity is not known to be launched.")));
    }
    Ok(match case.effective_review_status() {
        None => pen.not_applicable(format_args!("The review status is not known.")),
        Some(ReviewStatus::Approved) if case.opp.review_status.known() == Some(&ReviewStatus::Approved) => {
            pen.pass(format_args!("The opportunity is launched and approved."))
        }
        Some(ReviewStatus::Approved) => pen
            .pass(format_args!(
                "The opportunity was launched and its discount has begun: its approval is taken as given."
            ))
            .as_reading(),
        Some(status) => pen
            .warning(
                format_args!("The opportunity is launched, but its status is {status}."),
                format_args!(
                    "Look the opportunity up in ACE: AWS lets only approved opportunities be launched."
                ),
            )
            .by(case.as_of),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity};

    #[test]
    fn only_a_launched_record_with_a_known_status_is_judged() {
        let mut opp = opportunity();
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        opp.stage = blank(Field::Stage);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        opp.stage = known(Field::Stage, Stage::Launched);
        opp.review_status = blank(Field::ReviewStatus);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn launched_with_any_other_status_is_a_warning() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::Launched);
        for &status in ReviewStatus::ALL {
            opp.review_status = known(Field::ReviewStatus, status);
            let expected = if status == ReviewStatus::Approved { Outcome::Pass } else { Outcome::Warning };
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, expected, "{status}");
        }
    }

    #[test]
    fn once_the_discount_has_begun_the_approval_is_given() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::Launched);
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-15"));
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::InReview);
        assert_eq!(check(&RULE, &opp, "2026-12-31").0.outcome, Outcome::Warning);
        let finding = check(&RULE, &opp, "2027-01-01").0;
        assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, true));
    }
}
