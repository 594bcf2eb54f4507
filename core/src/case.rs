//! How a case is made of an opportunity: its phase, its months, and whether later changes still matter.

use crate::calendar::{DiscountWindow, Month};
use crate::fact::Missing;
use crate::opportunity::{Opportunity, Stage};
use crate::policy::Policy;
use crate::rule::{Case, Phase};
use chrono::NaiveDate;

impl<'a, 'd> Case<'a, 'd> {
    /// The case that `opp` is on the day `as_of`; `is_paid` when a discounts document shows that AWS pays.
    ///
    /// It is stable, that is later changes of stage and status do not matter, when it is known to have been
    /// launched before its discount window started and that window has started (our reading of the guide's
    /// "changes after POD begins will not impact your discount").
    pub fn new(opp: &'a Opportunity<'d>, policy: &'a Policy, as_of: NaiveDate, is_paid: bool) -> Self {
        let close = opp.target_close_date.known().copied();
        let window = close.map(|close| DiscountWindow::from_close_date(close, policy.discount_months));
        let is_stable = match (opp.launched_on.known(), window) {
            (Some(&launched), Some(window)) => launched < window.start && window.start <= as_of,
            _ => false,
        };
        let phase = match opp.stage.known() {
            _ if is_stable => Phase::AtLaunch,
            None => Phase::Unknown,
            Some(Stage::Launched) => Phase::AtLaunch,
            Some(Stage::ClosedLost) if is_paid => Phase::AtLaunch,
            Some(Stage::ClosedLost) => Phase::ClosedLost,
            Some(_) => Phase::BeforeLaunch,
        };
        Case {
            opp,
            policy,
            as_of,
            phase,
            is_stable,
            is_paid,
            spend_month: close.map(|close| Month::of(close).previous()),
            window: window.filter(|_| phase != Phase::ClosedLost),
        }
    }

    /// Whether it is judged as launched, for a rule that judges the two differently.
    ///
    /// # Errors
    /// The stage is not known.
    pub fn is_launched(&self) -> Result<bool, Missing> {
        match self.phase {
            Phase::AtLaunch => Ok(true),
            Phase::BeforeLaunch | Phase::ClosedLost => Ok(false),
            Phase::Unknown => Err(Missing(self.opp.stage.field)),
        }
    }

    /// By when to do what has to be done before the launch: on the close date, or now when that has passed.
    pub fn launch_due(&self) -> Option<NaiveDate> {
        self.opp.target_close_date.known().map(|&close| close.max(self.as_of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::opportunity::ReviewStatus;
    use crate::testing::{day, known, opportunity};

    fn phase_of(opp: &Opportunity<'_>, as_of: &str, is_paid: bool) -> (Phase, bool) {
        let policy = Policy::default();
        let case = Case::new(opp, &policy, day(as_of), is_paid);
        (case.phase, case.is_stable)
    }

    #[test]
    fn without_a_stage_it_is_neither_before_nor_at_launch() {
        let mut opp = opportunity();
        opp.stage = Fact::absent(Field::Stage, Unknown::NotInFormat);
        assert_eq!(phase_of(&opp, "2026-11-22", false), (Phase::Unknown, false));
        let policy = Policy::default();
        let case = Case::new(&opp, &policy, day("2026-11-22"), false);
        assert_eq!(case.is_launched(), Err(Missing(Field::Stage)));
    }

    #[test]
    fn without_a_close_date_there_is_no_month_and_no_window() {
        let mut opp = opportunity();
        opp.target_close_date = Fact::absent(Field::TargetCloseDate, Unknown::Blank);
        opp.launched_on = known(Field::LaunchedOn, day("2020-01-01"));
        let policy = Policy::default();
        let case = Case::new(&opp, &policy, day("2026-11-22"), false);
        assert_eq!((case.spend_month, case.window, case.is_stable), (None, None, false));
        assert_eq!(case.launch_due(), None);
    }

    #[test]
    fn the_close_date_fixes_spend_month_and_window() {
        let opp = opportunity();
        let policy = Policy::default();
        let case = Case::new(&opp, &policy, day("2026-11-22"), false);
        assert_eq!(case.phase, Phase::BeforeLaunch);
        assert_eq!(case.spend_month, Month::parse("2026-11"));
        let window = case.window.unwrap();
        assert_eq!((window.start, window.end), (day("2027-01-01"), day("2028-12-31")));
        assert_eq!(case.launch_due(), Some(day("2026-12-15")));
        assert_eq!(Case::new(&opp, &policy, day("2026-12-16"), false).launch_due(), Some(day("2026-12-16")));
    }

    #[test]
    fn it_is_stable_from_the_first_day_of_the_window() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::ClosedLost);
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-31"));
        assert_eq!(phase_of(&opp, "2026-12-31", false), (Phase::ClosedLost, false));
        assert_eq!(phase_of(&opp, "2027-01-01", false), (Phase::AtLaunch, true));
        assert_eq!(phase_of(&opp, "2027-01-02", false), (Phase::AtLaunch, true));
    }

    #[test]
    fn a_launch_on_the_day_the_window_starts_is_too_late_to_be_stable() {
        let mut opp = opportunity();
        opp.launched_on = known(Field::LaunchedOn, day("2027-01-01"));
        assert_eq!(phase_of(&opp, "2027-02-01", false), (Phase::BeforeLaunch, false));
        opp.launched_on = known(Field::LaunchedOn, day("2027-01-02"));
        assert_eq!(phase_of(&opp, "2027-02-01", false), (Phase::BeforeLaunch, false));
    }

    #[test]
    fn a_launched_record_without_a_launch_date_is_at_launch_but_not_stable() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::Launched);
        assert_eq!(phase_of(&opp, "2027-02-01", false), (Phase::AtLaunch, false));
    }

    #[test]
    fn closed_lost_has_no_window_unless_aws_pays_it() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::ClosedLost);
        assert_eq!(phase_of(&opp, "2027-02-01", false), (Phase::ClosedLost, false));
        assert_eq!(phase_of(&opp, "2027-02-01", true), (Phase::AtLaunch, false));
        let policy = Policy::default();
        assert_eq!(Case::new(&opp, &policy, day("2027-02-01"), false).window, None);
        assert!(Case::new(&opp, &policy, day("2027-02-01"), true).window.is_some());
    }

    #[test]
    fn stability_takes_the_approval_as_given_but_not_after_a_rejection() {
        let policy = Policy::default();
        let mut opp = opportunity();
        opp.launched_on = known(Field::LaunchedOn, day("2026-12-15"));
        for (status, effective) in [
            (ReviewStatus::InReview, ReviewStatus::Approved),
            (ReviewStatus::ActionRequired, ReviewStatus::Approved),
            (ReviewStatus::PendingSubmission, ReviewStatus::PendingSubmission),
            (ReviewStatus::Rejected, ReviewStatus::Rejected),
        ] {
            opp.review_status = known(Field::ReviewStatus, status);
            let case = Case::new(&opp, &policy, day("2027-01-01"), false);
            assert_eq!(case.effective_stage(), Some(Stage::Launched));
            assert_eq!(case.effective_review_status(), Some(effective), "{status}");
        }
    }
}
