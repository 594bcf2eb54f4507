use super::rule;
use crate::calendar::plus_business_days;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The target close date lies in the future, far enough to outlast the review and not beyond AWS's horizon.
    ///
    /// **Why**: AWS refuses a date in the past and one more than 60 years ahead. While a submitted opportunity is
    /// under review, for up to ten business days, nothing in it can be changed; a date that passes meanwhile is stale
    /// before the opportunity is approved.
    ///
    /// **To fix**: set *Target close date* to the day on which you expect the customer's billing to begin, after the
    /// end of a review that starts today. Mind that it also chooses the month whose bill counts.
    ///
    /// **Readings**: the guide asks for a future date and AWS accepts today; today is only warned about.
    "ACE010" "close-date-in-future" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [TargetCloseDate],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let close = *case.opp.target_close_date.get()?;
    let horizon = case.policy.close_date_horizon(case.as_of);
    let review_end = plus_business_days(case.as_of, case.policy.review_business_days_max);
    let shown = say::day(close);
    Ok(if close < case.as_of {
        pen.fail(
            Cure::UntilLaunch,
            format_args!("The close date {shown} has passed; AWS refuses it."),
            format_args!(
                "Set the target close date to the new expected day, best after {}.",
                say::day(review_end)
            ),
        )
    } else if close == case.as_of {
        pen.warning(
            format_args!(
                "The close date is today, {shown}: AWS accepts it, the guide asks for a future date."
            ),
            format_args!(
                "Set the target close date to a day after {}, the end of a review that starts today.",
                say::day(review_end)
            ),
        )
        .by(close)
        .as_reading()
    } else if close > horizon {
        pen.fail(
            Cure::UntilLaunch,
            format_args!(
                "The close date {shown} lies beyond {}, the last that AWS accepts.",
                say::day(horizon)
            ),
            format_args!("Correct the year of the target close date."),
        )
    } else if close < review_end {
        pen.warning(
            format_args!(
                "The close date {shown} may pass during the review, which can last until {}.",
                say::day(review_end)
            ),
            format_args!(
                "Move the target close date to {} or later, or be ready to move it after approval.",
                say::day(review_end)
            ),
        )
    } else {
        pen.pass(format_args!("The close date {shown} lies after the review."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    // A Sunday: ten business days later is Friday 4 December.
    const AS_OF: &str = "2026-11-22";

    #[track_caller]
    fn found(close: &str, expect: Outcome, cure: Cure) {
        let mut opp = testing::opportunity();
        opp.target_close_date.value = Ok(close.parse().unwrap());
        let (finding, words) = testing::check(&RULE, &opp, AS_OF);
        assert_eq!((finding.outcome, finding.cure), (expect, cure), "{close}: {}", words.message);
    }

    #[test]
    fn yesterday_fails_today_warns_tomorrow_is_within_the_review() {
        found("2026-11-21", Outcome::Fail, Cure::UntilLaunch);
        found("2026-11-22", Outcome::Warning, Cure::Curable);
        found("2026-11-23", Outcome::Warning, Cure::Curable);
    }

    #[test]
    fn the_end_of_the_review_is_early_enough() {
        found("2026-12-03", Outcome::Warning, Cure::Curable);
        found("2026-12-04", Outcome::Pass, Cure::Curable);
        found("2026-12-05", Outcome::Pass, Cure::Curable);
    }

    #[test]
    fn the_horizon_is_sixty_years_ahead() {
        found("2086-11-21", Outcome::Pass, Cure::Curable);
        found("2086-11-22", Outcome::Pass, Cure::Curable);
        found("2086-11-23", Outcome::Fail, Cure::UntilLaunch);
    }

    #[test]
    fn without_a_date_nothing_can_be_said() {
        let mut opp = testing::opportunity();
        opp.target_close_date.value = Err(Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }
}
