use super::rule;
use crate::calendar::{Month, MonthState};
use crate::fact::{Note, Unknown};
use crate::field::Field;
use crate::opportunity::Accounts;
use crate::planner;
use crate::report::PlanState;
use crate::rule::{Case, Check, Cure, Finding, Pen, Phase, Ruling};
use crate::say;
use rust_decimal::Decimal;
use std::fmt;

rule! {
    /// The account was billed less than $5,000 in the month before the target close date.
    ///
    /// **Why**: the discount is for customers at the beginning of their AWS use. The month that counts is the
    /// calendar month before the close date's month, whatever the day, and the bill must be strictly less:
    /// $5,000.00 fails.
    ///
    /// **To fix**: only another close date helps, because it chooses another month; only credits lower a bill. Look
    /// at the bill before you set the date. After launch the date is locked. Give the spend as a Cost Explorer or
    /// Cost and Usage Report export, or state `spend`; the estimated monthly revenue of the opportunity is not spend.
    ///
    /// **Readings**: a bill of a past month counts as final unless something says that it is not. A sum without a
    /// currency is read as US dollars.
    "POD009" "spend-below-threshold" {
        section: Pod, gate: NotLost, guide: EARLY_STAGE,
        facts: [Spend, SpendFinal, TargetCloseDate, AwsAccountId, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let Some(month) = case.spend_month else {
        return Ok(pen.not_applicable(format_args!("Without a close date no month's bill counts.")));
    };
    if let Some(Accounts::Several(ids)) = case.opp.aws_account_id.known() {
        return Ok(pen.not_applicable(format_args!(
            "{} account ids are given; each account's bill is judged in an opportunity of its own.",
            ids.len()
        )));
    }
    match case.opp.spend.of(month) {
        Err(why) => Ok(not_known(case, month, why, pen)),
        Ok(amount) => {
            let finding = if amount < case.policy.spend_threshold_usd {
                below(case, month, amount, pen)
            } else {
                at_or_above(case, month, amount, pen)?
            };
            Ok(if is_assumed_usd(case, month) { finding.as_reading() } else { finding })
        }
    }
}

fn not_known(case: &Case<'_, '_>, month: Month, why: &Unknown<'_>, pen: &mut Pen) -> Finding {
    let has_no_account = case.opp.aws_account_id.is_softly_unknown();
    match month.seen_from(case.as_of) {
        state @ (MonthState::Running | MonthState::Ahead) if why.is_soft() => {
            not_over_yet(case, month, state, pen)
        }
        MonthState::Over if why.is_soft() && has_no_account && case.phase == Phase::BeforeLaunch => pen
            .pending(
                format_args!(
                    "There is no AWS account yet whose bill of {} could be looked up.",
                    say::month(month)
                ),
                format_args!(
                    "Add the account id, then the bill of that month; set spend=0 if the account is new."
                ),
            )
            .by_if_known(case.launch_due()),
        _ => {
            let estimate = if why.is_soft() { note_on_estimate(case) } else { "" };
            let supply = fmt::from_fn(|f| write_supply(month, why, f));
            pen.unknown(
                format_args!(
                    "{} The bill of {} decides{estimate}.",
                    say::unknown(Field::Spend, why),
                    say::month(month)
                ),
                format_args!("{supply}"),
            )
        }
    }
}

fn not_over_yet(case: &Case<'_, '_>, month: Month, state: MonthState, pen: &mut Pen) -> Finding {
    let threshold = say::usd(case.policy.spend_threshold_usd);
    let ends = say::day(month.last_day());
    let when = match state {
        MonthState::Ahead => "is measurable from",
        _ => "is still running and ends on",
    };
    let day = if state == MonthState::Ahead { month.first_day() } else { month.last_day() };
    let newest = fmt::from_fn(|f| write_newest_bill_too_high(case, month, f));
    let (spend_month, estimate) = (say::month(month), note_on_estimate(case));
    pen.pending(
        format_args!("{spend_month}, whose bill decides, {when} {}{newest}{estimate}.", say::day(day)),
        format_args!("Keep {spend_month} below {threshold}, and verify its bill after {ends}."),
    )
    .by(month.last_day())
}

/// Where an estimate is all there is, it has to be said that it does not count.
fn note_on_estimate(case: &Case<'_, '_>) -> &'static str {
    let has_only_an_estimate = case.opp.spend.months.is_empty() && case.opp.expected_mrr.known().is_some();
    if has_only_an_estimate { "; the estimated monthly revenue is not spend" } else { "" }
}

fn write_supply(month: Month, why: &Unknown<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match why {
        Unknown::NoRow => write!(
            f,
            "Set spend=0 if the account is new; otherwise add a bill that covers this account in {}.",
            say::month(month)
        ),
        _ => write!(f, "{}", say::supply(Field::Spend, why)),
    }
}

fn below(case: &Case<'_, '_>, month: Month, amount: Decimal, pen: &mut Pen) -> Finding {
    let limit = case.policy.spend_threshold_usd;
    let (sum, threshold, spend_month) = (say::usd(amount), say::usd(limit), say::month(month));
    let ends = say::day(month.last_day());
    let is_final = case.opp.spend.entry(month).and_then(|entry| entry.is_final.known().copied());
    match (month.seen_from(case.as_of), is_final) {
        (MonthState::Over, Some(false)) => pen.unknown(
            format_args!("The bill of {spend_month}, {sum}, is below {threshold} but not final yet."),
            format_args!("Look again when AWS has issued the invoice, and set spend_final=yes."),
        ),
        (MonthState::Over, is_final) => {
            let note = if amount.is_sign_negative() && !amount.is_zero() {
                ": credits exceed the charges"
            } else if is_near(amount, limit, case.policy.near_threshold_percent) {
                ", but close to it: make sure that nothing is missing from the bill"
            } else {
                ""
            };
            let finding =
                pen.pass(format_args!("{spend_month} was billed at {sum}, below {threshold}{note}."));
            if is_final.is_none() { finding.as_reading() } else { finding }
        }
        (MonthState::Running, _) => pen
            .pending(
                format_args!(
                    "{spend_month} stands at {sum}, {} below {threshold}; the month ends on {ends}.",
                    say::usd(limit.saturating_sub(amount))
                ),
                format_args!("Keep {spend_month} below {threshold}, and verify its bill after {ends}."),
            )
            .by(month.last_day()),
        (MonthState::Ahead, _) => pen
            .pending(
                format_args!("The forecast for {spend_month} is {sum}, below {threshold}."),
                format_args!("Verify the bill of {spend_month} after {ends}: a forecast does not decide."),
            )
            .by(month.last_day()),
    }
}

fn at_or_above(case: &Case<'_, '_>, month: Month, amount: Decimal, pen: &mut Pen) -> Ruling {
    let (sum, threshold, spend_month) =
        (say::usd(amount), say::usd(case.policy.spend_threshold_usd), say::month(month));
    let state = month.seen_from(case.as_of);
    if state == MonthState::Ahead && case.is_launched()? {
        let ends = say::day(month.last_day());
        return Ok(pen
            .pending(
                format_args!("The forecast for {spend_month} is {sum}, not below {threshold}."),
                format_args!("Verify the bill of {spend_month} after {ends}: a forecast does not decide."),
            )
            .by(month.last_day()));
    }
    let so_far = match state {
        MonthState::Over => "was billed at",
        MonthState::Running => "already stands at",
        MonthState::Ahead => "is forecast at",
    };
    let cure = fmt::from_fn(|f| write_cure(case, f));
    Ok(pen
        .fail(
            Cure::UntilLaunch,
            format_args!("{spend_month} {so_far} {sum}; it has to be less than {threshold}."),
            format_args!("{cure}"),
        )
        .by(case.as_of))
}

fn write_cure(case: &Case<'_, '_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let threshold = say::usd(case.policy.spend_threshold_usd);
    if case.phase == Phase::AtLaunch {
        return f
            .write_str("Ask AWS whether credits lower that bill: after launch the close date is locked.");
    }
    let Some(best) = planner::best(case) else {
        return write!(f, "Move the close date to a month whose previous month is billed below {threshold}.");
    };
    let close_month = say::month(best.close_month);
    let spend_month = say::month(best.spend_month);
    let last_day = say::day(best.last_day());
    let so_far = if best.state == PlanState::Qualifies { "was billed at" } else { "stands at" };
    let sum = say::usd(best.amount.unwrap_or_default());
    write!(f, "Move the close date into {close_month}, by {last_day}: {spend_month} {so_far} {sum}.")
}

fn write_newest_bill_too_high(case: &Case<'_, '_>, month: Month, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let threshold = case.policy.spend_threshold_usd;
    match case.opp.spend.newest_known_before(month) {
        Some((newest, amount)) if amount >= threshold => write!(
            f,
            "; the newest known bill, of {}, was {}, not below {}",
            say::month(newest),
            say::usd(amount),
            say::usd(threshold)
        ),
        _ => Ok(()),
    }
}

fn is_near(amount: Decimal, threshold: Decimal, percent: u32) -> bool {
    let near = threshold * Decimal::from(100_u32.saturating_sub(percent)) / Decimal::ONE_HUNDRED;
    amount >= near
}

fn is_assumed_usd(case: &Case<'_, '_>, month: Month) -> bool {
    case.opp.spend.entry(month).is_some_and(|entry| entry.amount.note == Some(Note::AssumedUsd))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::{Opportunity, Stage};
    use crate::rule::{Outcome, Words};
    use crate::testing::{account, blank, check, known, no_spend, opportunity, spend, unreadable};

    // The close date 2026-12-15 makes November 2026 the month that counts.
    const AHEAD: &str = "2026-10-31";
    const RUNNING: &str = "2026-11-30";
    const OVER: &str = "2026-12-01";

    #[track_caller]
    fn decides(opp: &Opportunity<'_>, as_of: &str, outcome: Outcome) -> Words {
        let (finding, words) = check(&RULE, opp, as_of);
        assert_eq!(finding.outcome, outcome, "{as_of}: {}", words.message);
        words
    }

    fn billed(amount: &str, is_final: Option<bool>) -> Opportunity<'static> {
        Opportunity { spend: spend("2026-11", amount, is_final), ..opportunity() }
    }

    fn unbilled(why: Unknown<'static>) -> Opportunity<'static> {
        Opportunity { spend: no_spend(why), ..opportunity() }
    }

    #[test]
    fn without_a_close_date_or_with_several_accounts_no_bill_counts() {
        let mut opp = opportunity();
        opp.aws_account_id = known(Field::AwsAccountId, Accounts::Several(vec![account(1), account(2)]));
        decides(&opp, OVER, Outcome::NotApplicable);
        let opp = Opportunity { target_close_date: blank(Field::TargetCloseDate), ..opportunity() };
        decides(&opp, OVER, Outcome::NotApplicable);
    }

    #[test]
    fn an_amount_that_cannot_be_read_is_unknown_in_every_month() {
        let mut opp = billed("1", None);
        opp.spend.months[0].amount = unreadable(Field::Spend);
        for as_of in [AHEAD, RUNNING, OVER] {
            let words = decides(&opp, as_of, Outcome::Unknown);
            assert_eq!(words.message, "The spend “?!” cannot be read. The bill of November 2026 decides.");
        }
    }

    #[test]
    fn a_missing_bill_is_unknown_once_its_month_is_over() {
        let opp = unbilled(Unknown::NotInFormat);
        let words = decides(&opp, OVER, Outcome::Unknown);
        assert!(words.message.ends_with("decides; the estimated monthly revenue is not spend."));
        let words = decides(&unbilled(Unknown::NoRow), OVER, Outcome::Unknown);
        assert!(words.remedy.starts_with("Set spend=0 if the account is new"), "{}", words.remedy);
        let words = decides(&opp, RUNNING, Outcome::Pending);
        assert_eq!(
            words.message,
            "November 2026, whose bill decides, is still running and ends on 30 Nov 2026; the estimated monthly \
             revenue is not spend."
        );
        let opp = Opportunity { expected_mrr: blank(Field::ExpectedMrr), ..opp };
        let words = decides(&opp, AHEAD, Outcome::Pending);
        assert_eq!(words.message, "November 2026, whose bill decides, is measurable from 1 Nov 2026.");
    }

    #[test]
    fn before_launch_without_an_account_there_is_no_bill_yet() {
        let mut opp = unbilled(Unknown::Blank);
        opp.aws_account_id = blank(Field::AwsAccountId);
        decides(&opp, OVER, Outcome::Pending);
        opp.stage = known(Field::Stage, Stage::Launched);
        decides(&opp, OVER, Outcome::Unknown);
        opp.stage = blank(Field::Stage);
        decides(&opp, OVER, Outcome::Unknown);
    }

    #[test]
    fn a_bill_must_be_strictly_less() {
        for (amount, outcome) in
            [("4999.99", Outcome::Pass), ("5000.00", Outcome::Fail), ("5000.01", Outcome::Fail)]
        {
            decides(&billed(amount, Some(true)), OVER, outcome);
        }
        assert_eq!(check(&RULE, &billed("5000.00", None), OVER).0.cure, Cure::UntilLaunch);
    }

    #[test]
    fn a_low_bill_passes_only_when_it_is_final() {
        let words = decides(&billed("3200", Some(false)), OVER, Outcome::Unknown);
        assert_eq!(words.message, "The bill of November 2026, $3,200, is below $5,000 but not final yet.");
        assert!(!check(&RULE, &billed("3200", Some(true)), OVER).0.is_reading);
        assert!(check(&RULE, &billed("3200", None), OVER).0.is_reading);
    }

    #[test]
    fn a_pass_notes_credits_and_a_bill_close_to_the_threshold() {
        for (amount, note) in [
            ("-0.01", "November 2026 was billed at -$0.01, below $5,000: credits exceed the charges."),
            ("4499.99", "November 2026 was billed at $4,499.99, below $5,000."),
            (
                "4500",
                "November 2026 was billed at $4,500, below $5,000, but close to it: make sure that nothing \
                 is missing from the bill.",
            ),
        ] {
            assert_eq!(decides(&billed(amount, Some(true)), OVER, Outcome::Pass).message, note);
        }
    }

    #[test]
    fn a_running_month_is_never_a_pass_but_can_fail() {
        let words = decides(&billed("4999.99", None), RUNNING, Outcome::Pending);
        assert!(words.message.contains("$0.01 below $5,000"), "{}", words.message);
        decides(&billed("5000", None), RUNNING, Outcome::Fail);
    }

    #[test]
    fn a_forecast_fails_before_launch_only() {
        decides(&billed("4999.99", None), AHEAD, Outcome::Pending);
        let mut opp = billed("5000", None);
        let words = decides(&opp, AHEAD, Outcome::Fail);
        assert_eq!(words.message, "November 2026 is forecast at $5,000; it has to be less than $5,000.");
        opp.stage = known(Field::Stage, Stage::Launched);
        decides(&opp, AHEAD, Outcome::Pending);
        opp.stage = blank(Field::Stage);
        assert_eq!(decides(&opp, AHEAD, Outcome::Unknown).message, "Nothing is given for the stage.");
    }

    #[test]
    fn the_cure_names_a_close_month_that_would_do() {
        let mut opp = billed("6000", None);
        let words = decides(&opp, OVER, Outcome::Fail);
        assert_eq!(
            words.remedy,
            "Move the close date to a month whose previous month is billed below $5,000."
        );
        opp.spend.months.extend(spend("2026-12", "100", None).months);
        let words = decides(&opp, OVER, Outcome::Fail);
        assert_eq!(
            words.remedy,
            "Move the close date into January 2027, by 31 Jan 2027: December 2026 stands at $100."
        );
        opp.stage = known(Field::Stage, Stage::Launched);
        assert!(decides(&opp, OVER, Outcome::Fail).remedy.contains("locked"));
    }

    #[test]
    fn the_newest_known_bill_is_named_when_it_is_too_high() {
        let mut opp = opportunity();
        opp.spend = spend("2026-10", "5000", None);
        let words = decides(&opp, RUNNING, Outcome::Pending);
        assert!(
            words
                .message
                .ends_with("; the newest known bill, of October 2026, was $5,000, not below $5,000.")
        );
        opp.spend = spend("2026-10", "4999.99", None);
        assert!(!decides(&opp, RUNNING, Outcome::Pending).message.contains("October"));
    }

    #[test]
    fn a_sum_without_a_currency_is_a_reading() {
        let mut opp = billed("6000", Some(true));
        opp.spend.months[0].amount.note = Some(Note::AssumedUsd);
        assert!(check(&RULE, &opp, OVER).0.is_reading);
    }
}
