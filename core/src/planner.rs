//! Which month to close in: what the bill of the month before says about each close month within reach.

use crate::calendar::{DiscountWindow, Month, MonthState};
use crate::report::PlanState;
use crate::rule::{Case, Phase};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// One month in which the deal could close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedMonth {
    /// The month of the close date.
    pub close_month: Month,
    /// The month whose bill would count.
    pub spend_month: Month,
    /// Its amount in US dollars, if known.
    pub amount: Option<Decimal>,
    /// What that means.
    pub state: PlanState,
    /// The months during which the discount would be paid.
    pub window: DiscountWindow,
}

impl PlannedMonth {
    /// The last calendar day on which the deal could close in this month.
    pub fn last_day(&self) -> NaiveDate {
        self.close_month.last_day()
    }
}

/// This month and the next ones as close months; empty unless the record is before its launch, because AWS
/// locks the close date at launch.
pub fn months(case: &Case<'_, '_>) -> Vec<PlannedMonth> {
    within_reach(case).collect()
}

/// The best choice: the earliest month that qualifies, else the earliest that does so far.
pub fn best(case: &Case<'_, '_>) -> Option<PlannedMonth> {
    let earliest = |state| within_reach(case).find(|month| month.state == state);
    earliest(PlanState::Qualifies).or_else(|| earliest(PlanState::Provisional))
}

fn within_reach(case: &Case<'_, '_>) -> impl Iterator<Item = PlannedMonth> {
    let count = if case.phase == Phase::BeforeLaunch { case.policy.planner_months } else { 0 };
    (0..count).map(|ahead| planned(case, Month::of(case.as_of).plus(ahead)))
}

fn planned(case: &Case<'_, '_>, close_month: Month) -> PlannedMonth {
    let spend_month = close_month.previous();
    let amount = case.opp.spend.of(spend_month).ok();
    let is_over = spend_month.seen_from(case.as_of) == MonthState::Over;
    let is_open = || {
        let entry = case.opp.spend.entry(spend_month);
        entry.is_some_and(|entry| entry.is_final.known() == Some(&false))
    };
    let state = match amount {
        None => PlanState::Unknown,
        Some(amount) if amount >= case.policy.spend_threshold_usd => PlanState::Fails,
        Some(_) if is_over && !is_open() => PlanState::Qualifies,
        Some(_) => PlanState::Provisional,
    };
    let window = DiscountWindow::from_close_date(close_month.first_day(), case.policy.discount_months);
    PlannedMonth { close_month, spend_month, amount, state, window }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::field::Field;
    use crate::opportunity::{Opportunity, Stage};
    use crate::policy::Policy;
    use crate::testing::{AS_OF, blank, day, known, no_spend, opportunity, spend};

    /// The states of the months from November 2026 on, and the best close month.
    fn plan(opp: &Opportunity<'_>) -> (Vec<PlanState>, Option<Month>) {
        let policy = Policy::default();
        let case = Case::new(opp, &policy, day(AS_OF), false);
        let states = months(&case).iter().map(|month| month.state).collect();
        (states, best(&case).map(|month| month.close_month))
    }

    /// October 2026 with one amount, November with another.
    fn billed(october: (&str, Option<bool>), november: &str) -> Opportunity<'static> {
        let mut opp = opportunity();
        opp.spend = spend("2026-10", october.0, october.1);
        opp.spend.months.extend(spend("2026-11", november, None).months);
        opp
    }

    #[test]
    fn after_launch_and_without_a_stage_there_is_nothing_to_plan() {
        let mut opp = opportunity();
        opp.stage = known(Field::Stage, Stage::Launched);
        assert_eq!(plan(&opp), (vec![], None));
        opp.stage = blank(Field::Stage);
        assert_eq!(plan(&opp), (vec![], None));
    }

    #[test]
    fn without_spend_every_month_is_unknown() {
        let mut opp = opportunity();
        opp.spend = no_spend(Unknown::NotInFormat);
        assert_eq!(plan(&opp), (vec![PlanState::Unknown; 7], None));
    }

    #[test]
    fn the_best_month_qualifies_before_it_is_provisional() {
        use PlanState::{Fails, Provisional, Qualifies};
        for (october, november, first, second, best) in [
            (("4999.99", None), "4999.99", Qualifies, Provisional, Some("2026-11")),
            (("4999.99", Some(true)), "5000.00", Qualifies, Fails, Some("2026-11")),
            (("4999.99", Some(false)), "0", Provisional, Provisional, Some("2026-11")),
            (("5000.00", None), "0", Fails, Provisional, Some("2026-12")),
            (("5000.01", None), "5000.00", Fails, Fails, None),
        ] {
            let (states, chosen) = plan(&billed(october, november));
            assert_eq!((states[0], states[1], states[2]), (first, second, PlanState::Unknown));
            assert_eq!(chosen, best.and_then(Month::parse), "{october:?} {november}");
        }
    }

    #[test]
    fn a_month_names_its_last_day_and_its_discount() {
        let opp = opportunity();
        let policy = Policy::default();
        let case = Case::new(&opp, &policy, day(AS_OF), false);
        let december = months(&case)[1];
        assert_eq!(december.spend_month, Month::parse("2026-11").unwrap());
        assert_eq!(december.amount, Some("1200.50".parse().unwrap()));
        assert_eq!(december.last_day(), day("2026-12-31"));
        assert_eq!((december.window.start, december.window.end), (day("2027-01-01"), day("2028-12-31")));
    }
}
