use super::rule;
use crate::calendar::minus_business_days;
use crate::opportunity::ReviewStatus;
use crate::review::expected_review;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;
use chrono::NaiveDate;

rule! {
    /// AWS has validated the opportunity: its status is Approved.
    ///
    /// **Why**: the discount is for opportunities that went through AWS's validation. Until it is approved a record
    /// cannot be set to Launched, and a rejected one earns nothing.
    ///
    /// **To fix**: it depends on the status. *Pending Submission*: submit it. *Submitted*, *In review*: wait, AWS
    /// needs 5 to 10 business days. *Action Required*: correct what the reviewer names and submit it again. A record
    /// that was launched without ever being submitted goes back to Committed first. *Rejected* is final.
    ///
    /// **Readings**: once the discount of a launched record has begun, its approval is taken as given, unless the
    /// status says that it was never submitted or was rejected.
    "POD003" "ace-approved" {
        section: Pod, gate: NotLost, guide: VALIDATION,
        facts: [ReviewStatus, Stage, SubmittedOn],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let status = match case.effective_review_status() {
        Some(status) => status,
        None => *case.opp.review_status.get()?,
    };
    Ok(match status {
        ReviewStatus::Approved if case.opp.review_status.known() != Some(&status) => pen
            .pass(format_args!(
                "The discount began on {}, so the approval is taken as given whatever the status says now.",
                say::day(case.window.map_or(case.as_of, |window| window.start))
            ))
            .as_reading(),
        ReviewStatus::Approved => pen.pass(format_args!("AWS has approved the opportunity.")),
        ReviewStatus::PendingSubmission if case.is_launched()? => pen
            .fail(
                Cure::Curable,
                format_args!("The record is at Launched but was never submitted to AWS."),
                format_args!("Set the stage back to Committed in ACE, then submit it."),
            )
            .by(case.as_of),
        ReviewStatus::PendingSubmission => pen
            .pending(
                format_args!("The opportunity has not been submitted to AWS yet."),
                format_args!(
                    "Submit the opportunity in ACE, early enough for the review to end before the close date."
                ),
            )
            .by_if_known(latest_submission(case)),
        ReviewStatus::Submitted | ReviewStatus::InReview => pen
            .pending(
                format_args!("AWS is validating the opportunity: its status is {status}."),
                format_args!("Wait for AWS's decision; until then the record is locked."),
            )
            .by_if_known(expected_review(case).map(|review| review.latest)),
        ReviewStatus::ActionRequired => pen
            .pending(
                format_args!("AWS sent the opportunity back: its status is {status}."),
                format_args!("Correct what the reviewer names in ACE and submit it again."),
            )
            .by(case.as_of),
        ReviewStatus::Rejected => pen.fail(
            Cure::Never,
            format_args!("AWS rejected the opportunity."),
            format_args!(
                "Read the review comments, and ask your AWS partner manager whether a new one can be \
                 submitted."
            ),
        ),
    })
}

/// The last day on which a submission leaves AWS the time of a whole review before the close date; now, when that
/// day has passed.
fn latest_submission(case: &Case<'_, '_>) -> Option<NaiveDate> {
    let close = case.opp.target_close_date.known()?;
    Some(minus_business_days(*close, case.policy.review_business_days_max).max(case.as_of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity};

    #[test]
    fn a_missing_status_cannot_be_judged() {
        let mut opp = opportunity();
        opp.review_status = blank(Field::ReviewStatus);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Unknown);
        assert_eq!(words.message, "Nothing is given for the review status.");
    }

    #[test]
    fn each_status_has_its_own_next_step() {
        for (status, outcome, step) in [
            (ReviewStatus::PendingSubmission, Outcome::Pending, "Submit the opportunity in ACE"),
            (ReviewStatus::Submitted, Outcome::Pending, "Wait for AWS"),
            (ReviewStatus::InReview, Outcome::Pending, "Wait for AWS"),
            (ReviewStatus::ActionRequired, Outcome::Pending, "Correct what the reviewer names"),
            (ReviewStatus::Rejected, Outcome::Fail, "Read the review comments"),
            (ReviewStatus::Approved, Outcome::Pass, ""),
        ] {
            let mut opp = opportunity();
            opp.review_status = known(Field::ReviewStatus, status);
            let (finding, words) = check(&RULE, &opp, AS_OF);
            assert_eq!(finding.outcome, outcome, "{status}");
            assert!(words.remedy.starts_with(step), "{}", words.remedy);
        }
    }

    #[test]
    fn a_launch_without_a_submission_fails_and_can_be_cured() {
        let mut opp = opportunity();
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::PendingSubmission);
        opp.stage = known(Field::Stage, Stage::Launched);
        let finding = check(&RULE, &opp, AS_OF).0;
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Curable));
        opp.stage = blank(Field::Stage);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!((finding.outcome, &*words.message), (Outcome::Unknown, "Nothing is given for the stage."));
    }

    #[test]
    fn a_rejection_is_final() {
        let mut opp = opportunity();
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::Rejected);
        assert_eq!(check(&RULE, &opp, AS_OF).0.cure, Cure::Never);
    }

    #[test]
    fn once_the_discount_has_begun_the_approval_is_given() {
        let mut opp = opportunity();
        opp.review_status = blank(Field::ReviewStatus);
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-15"));
        assert_eq!(check(&RULE, &opp, "2026-12-31").0.outcome, Outcome::Unknown);
        let finding = check(&RULE, &opp, "2027-01-01").0;
        assert_eq!((finding.outcome, finding.is_reading), (Outcome::Pass, true));
    }
}
