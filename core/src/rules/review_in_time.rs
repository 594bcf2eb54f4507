use super::rule;
use crate::review::expected_review;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;

rule! {
    /// AWS's review ends in time.
    ///
    /// **Why**: AWS validates an opportunity within 5 to 10 business days, and until it has decided the record is
    /// locked. A close date that passes meanwhile cannot be moved.
    ///
    /// **To fix**: when the 10 days are over, ask AWS. When the close date comes too soon, agree on it with the
    /// reviewer, or move it as soon as the decision is there.
    ///
    /// **Readings**: business days are Monday to Friday, without holidays; the first one after the submission is
    /// day 1.
    "UPD002" "review-in-time" {
        section: Upd, gate: Always, guide: VALIDATION,
        facts: [ReviewStatus, SubmittedOn, TargetCloseDate],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let Some(review) = expected_review(case) else {
        return Ok(pen.not_applicable(format_args!(
            "The record is not under review, or its submission date is not known."
        )));
    };
    let (submitted, earliest, latest) =
        (say::day(review.submitted_on), say::day(review.earliest), say::day(review.latest));
    if case.as_of > review.latest {
        return Ok(pen
            .warning(
                format_args!("Submitted on {submitted}, AWS's decision was due by {latest}."),
                format_args!("Chase it: ask your AWS partner manager where the review stands."),
            )
            .by(case.as_of));
    }
    Ok(match case.opp.target_close_date.known() {
        Some(&close) if close < review.latest => pen
            .warning(
                format_args!(
                    "The close date {} comes before the end of the review on {latest}, and the record is \
                     locked until then.",
                    say::day(close)
                ),
                format_args!(
                    "Ask AWS for an early decision, and move the close date as soon as the record is open \
                     again."
                ),
            )
            .by(close.max(case.as_of)),
        _ => pen.pass(format_args!(
            "Submitted on {submitted}; AWS's decision is expected between {earliest} and {latest}."
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::opportunity::{Opportunity, ReviewStatus};
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, day, known, opportunity, unreadable};

    /// Submitted on a Friday, so that AWS's ten business days end on Friday, 4 December.
    fn submitted() -> Opportunity<'static> {
        let mut opp = opportunity();
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::InReview);
        opp.submitted_on = known(Field::SubmittedOn, day("2026-11-20"));
        opp
    }

    #[test]
    fn it_needs_a_review_and_its_beginning() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::NotApplicable);
        for date in [blank(Field::SubmittedOn), unreadable(Field::SubmittedOn)] {
            let opp = Opportunity { submitted_on: date, ..submitted() };
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn the_day_after_ten_business_days_is_late() {
        for (as_of, outcome) in
            [("2026-12-03", Outcome::Pass), ("2026-12-04", Outcome::Pass), ("2026-12-05", Outcome::Warning)]
        {
            assert_eq!(check(&RULE, &submitted(), as_of).0.outcome, outcome, "{as_of}");
        }
        assert_eq!(
            check(&RULE, &submitted(), AS_OF).1.message,
            "Submitted on 20 Nov 2026; AWS's decision is expected between 27 Nov 2026 and 4 Dec 2026."
        );
    }

    #[test]
    fn a_close_date_before_the_end_of_the_review_is_a_warning() {
        for (close, outcome) in
            [("2026-12-03", Outcome::Warning), ("2026-12-04", Outcome::Pass), ("2026-12-05", Outcome::Pass)]
        {
            let mut opp = submitted();
            opp.target_close_date = known(Field::TargetCloseDate, day(close));
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{close}");
        }
        let opp = Opportunity { target_close_date: blank(Field::TargetCloseDate), ..submitted() };
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Pass);
    }
}
