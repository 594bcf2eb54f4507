use super::rule;
use crate::rule::{Case, Check, Cure, Pen, Phase, Ruling};
use crate::{calendar::Month, say};

rule! {
    /// An open opportunity needs a target close date that has not passed.
    ///
    /// **Why**: the target close date fixes both the month whose bill is looked at and the day the discount starts.
    /// AWS refuses a date in the past, and a deal that slipped past its date is set to Launched with a date that no
    /// longer earns anything. After launch a past date is normal; it only has to lie on or after the launch.
    ///
    /// **To fix**: agree a new date with the customer and change *Target close date* in ACE while the record is
    /// Approved or Action Required. Moving it moves the spend month too.
    ///
    /// **Readings**: on the day itself the date still counts. A launched record is judged by its launch date, where
    /// one is known.
    "POD006" "close-date-not-past" {
        section: Pod, gate: NotLost, guide: CLOSE_DATE_ISSUES,
        facts: [TargetCloseDate, Stage, LaunchedOn],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let Ok(&close) = case.opp.target_close_date.get() else {
        return Ok(pen.not_applicable(format_args!("There is no close date to compare with {}.", say::day(case.as_of))));
    };
    let spend_month = say::month(Month::of(case.as_of).previous());
    Ok(match case.phase {
        Phase::AtLaunch => match case.opp.launched_on.known() {
            Some(&launched) if close < launched => pen
                .warning(
                    format_args!("The close date {} lies before the launch on {}.", say::day(close), say::day(launched)),
                    format_args!("Ask AWS to correct it: a partner can no longer change it after launch."),
                )
                .as_reading(),
            Some(&launched) => pen
                .pass(format_args!("The close date {} is not before the launch on {}.", say::day(close), say::day(launched)))
                .as_reading(),
            None => pen.pass(format_args!("The close date is {}; after launch a past close date is normal.", say::day(close))),
        },
        _ if close > case.as_of => pen.pass(format_args!("The close date {} lies ahead.", say::day(close))),
        _ if close == case.as_of && case.phase != Phase::Unknown => pen
            .warning(
                format_args!("The close date is today, {}.", say::day(close)),
                format_args!("Set the stage to Launched today if billing has begun, or move the close date."),
            )
            .by(close)
            .as_reading(),
        Phase::Unknown => pen.unknown(
            format_args!("The close date {} is not ahead, and the stage is not known.", say::day(close)),
            format_args!("Say which stage it has: set stage."),
        ),
        _ => pen
            .fail(
                Cure::UntilLaunch,
                format_args!("The close date {} has passed.", say::day(close)),
                format_args!(
                    "Move it to the new expected date; a date this month makes {spend_month} the month whose bill counts."
                ),
            )
            .by(case.as_of),
    })
}
