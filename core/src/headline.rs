//! The verdict as a sentence that a person can repeat.

use crate::calendar::{Month, MonthState};
use crate::judge::{Judgement, window_state};
use crate::report::{Verdict, WindowState};
use crate::rule::{Case, Outcome, Pen, Phase, Section};
use crate::{judge, say};
use std::fmt::Write;

/// At most so many reasons are named; the checks name them all.
const REASONS_MAX: usize = 2;

/// One or two sentences: the verdict, and what it rests on.
pub(crate) fn of(case: &Case<'_, '_>, judgement: &Judgement) -> String {
    let mut words = String::new();
    match judgement.verdict {
        Verdict::NotEligible => {
            words.push_str("Not eligible, and it cannot be put right.");
            add_reasons(&mut words, case, judgement, Outcome::Fail);
        }
        Verdict::NeedsFixing => {
            words.push_str("Not eligible as it stands, but it can be put right.");
            add_reasons(&mut words, case, judgement, Outcome::Fail);
        }
        Verdict::NeedsInformation => {
            words.push_str("Cannot be decided yet.");
            add_reasons(&mut words, case, judgement, Outcome::Unknown);
        }
        Verdict::OnTrack => on_track(&mut words, case, judgement),
        Verdict::Eligible => {
            words.push_str("Eligible.");
            add_window(&mut words, case, judgement);
        }
        Verdict::Ended => {
            words.push_str("Over.");
            add_window(&mut words, case, judgement);
        }
    }
    words
}

fn on_track(words: &mut String, case: &Case<'_, '_>, judgement: &Judgement) {
    let pending = |id: &str| {
        judge::index_of(id).is_some_and(|index| judgement.findings.outcome(index) == Outcome::Pending)
    };
    let is_open = |month: &Month| month.seen_from(case.as_of) != MonthState::Over;
    let spend = case.spend_month.filter(|month| pending("POD009") && is_open(month)).map(|month| {
        let limit = say::usd(case.policy.spend_threshold_usd);
        format!("keep {}'s bill below {limit}", say::month(month))
    });
    let steps = [
        pending("POD002").then(|| "ask for the customer's consent".to_owned()),
        pending("POD003").then(|| "get AWS's approval".to_owned()),
        pending("POD007").then(|| "add the AWS account id".to_owned()),
        spend,
        (pending("EUR001") || pending("EUR002") || pending("EUR003"))
            .then(|| "complete the end user report".to_owned()),
        pending("POD010").then(|| "set Launched when billing begins".to_owned()),
    ];
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    if steps.is_empty() {
        words.push_str("On track.");
    } else {
        let _ = write!(words, "On track: {}.", say::list(&steps));
    }
    add_window(words, case, judgement);
}

fn add_window(words: &mut String, case: &Case<'_, '_>, judgement: &Judgement) {
    let Some((window, state)) = case.window.zip(window_state(case, &judgement.findings)) else { return };
    let (start, end) = (say::day(window.start), say::day(window.end));
    let _ = match state {
        WindowState::Void => Ok(()),
        WindowState::Ended => write!(words, " The discount ran from {start} to {end}."),
        WindowState::Active if case.phase == Phase::AtLaunch => {
            let month = window.month_number(case.as_of).unwrap_or(1);
            let months = case.policy.discount_months;
            write!(words, " The discount runs from {start} to {end}; this is month {month} of {months}.")
        }
        _ if case.phase == Phase::AtLaunch => write!(words, " The discount will run from {start} to {end}."),
        _ => write!(words, " The discount would run from {start} to {end}."),
    };
}

/// Adds the messages of the first rules of POD and EUR with this outcome.
fn add_reasons(words: &mut String, case: &Case<'_, '_>, judgement: &Judgement, outcome: Outcome) {
    let is_final = judgement.verdict == Verdict::NotEligible;
    let mut pen = Pen::writing();
    let mut more = 0;
    let mut named = 0;
    for (at, (rule, finding)) in judgement.findings.iter().enumerate() {
        let is_reason = matches!(rule.section, Section::Pod | Section::Eur)
            && finding.outcome == outcome
            && (!is_final || finding.cure != crate::rule::Cure::Curable);
        if !is_reason {
            continue;
        }
        if named == REASONS_MAX {
            more += 1;
            continue;
        }
        judge::ask(at, case, &mut pen);
        let _ = write!(words, " {}", pen.take().message);
        named += 1;
    }
    if more > 0 {
        let _ = write!(words, " And {} more.", more);
    }
}
