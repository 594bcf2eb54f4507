//! How long AWS's review of a submitted opportunity may take.

use crate::calendar::plus_business_days;
use crate::opportunity::ReviewStatus;
use crate::rule::Case;
use chrono::NaiveDate;

/// The days between which AWS's answer is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedReview {
    /// The day of the submission.
    pub submitted_on: NaiveDate,
    /// The earliest day of the range.
    pub earliest: NaiveDate,
    /// The last day on which the answer is in time.
    pub latest: NaiveDate,
}

/// When to expect AWS's answer; none unless the record is under review and its submission date known.
pub fn expected_review(case: &Case<'_, '_>) -> Option<ExpectedReview> {
    let status = case.opp.review_status.known()?;
    if !matches!(status, ReviewStatus::Submitted | ReviewStatus::InReview) {
        return None;
    }
    let submitted_on = *case.opp.submitted_on.known()?;
    Some(ExpectedReview {
        submitted_on,
        earliest: plus_business_days(submitted_on, case.policy.review_business_days_min),
        latest: plus_business_days(submitted_on, case.policy.review_business_days_max),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::policy::Policy;
    use crate::testing::{AS_OF, blank, day, known, opportunity};

    #[test]
    fn only_a_record_under_review_with_a_submission_date_has_a_range() {
        let policy = Policy::default();
        let mut opp = opportunity();
        assert_eq!(expected_review(&Case::new(&opp, &policy, day(AS_OF), false)), None);
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::InReview);
        opp.submitted_on = blank(Field::SubmittedOn);
        assert_eq!(expected_review(&Case::new(&opp, &policy, day(AS_OF), false)), None);
    }

    #[test]
    fn the_range_is_five_to_ten_business_days() {
        let policy = Policy::default();
        let mut opp = opportunity();
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::Submitted);
        opp.submitted_on = known(Field::SubmittedOn, day("2026-11-20"));
        let review = expected_review(&Case::new(&opp, &policy, day(AS_OF), false)).unwrap();
        assert_eq!((review.earliest, review.latest), (day("2026-11-27"), day("2026-12-04")));
    }
}
