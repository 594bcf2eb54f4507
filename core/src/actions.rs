//! What to do next: one list, from which reminders, the calendar file and the page's next steps are made.

use crate::calendar::{Month, minus_days};
use crate::judge::{CHECKS, Findings, RULES, ask, check_index, window_state};
use crate::opportunity::Stage;
use crate::report::{Action, ActionKind, WindowState};
use crate::review::expected_review;
use crate::rule::{Case, Lack, Outcome, Pen, Phase, Section};
use crate::say;
use crate::update::last_update;
use chrono::NaiveDate;

/// So long before the discount ends, a first and a last action speak of it.
const WINDOW_END_NOTICE_DAYS: [u16; 2] = [90, 30];

const POD006: usize = check_index("POD006");
const UPD001: usize = check_index("UPD001");

/// Of which kind a remedy is where nothing fails and nothing is merely missing; any other is something to put right.
const KINDS: [(&str, ActionKind); 17] = [
    ("POD002", ActionKind::Fill),
    ("POD003", ActionKind::Review),
    ("POD006", ActionKind::CloseDate),
    ("POD007", ActionKind::Fill),
    ("POD009", ActionKind::Spend),
    ("POD010", ActionKind::Launch),
    ("POD013", ActionKind::Launch),
    ("EUR001", ActionKind::Eur),
    ("EUR002", ActionKind::Eur),
    ("EUR003", ActionKind::Eur),
    ("EUR004", ActionKind::Eur),
    ("ACE010", ActionKind::CloseDate),
    ("UPD002", ActionKind::Review),
    ("UPD004", ActionKind::CloseDate),
    ("UPD005", ActionKind::Launch),
    ("UPD007", ActionKind::Fill),
    ("UPD008", ActionKind::Launch),
];

/// The same by the index of the check.
static KINDS_BY_CHECK: [ActionKind; CHECKS] = {
    let mut kinds = [ActionKind::Fix; CHECKS];
    let mut at = 0;
    while at < KINDS.len() {
        kinds[check_index(KINDS[at].0)] = KINDS[at].1;
        at += 1;
    }
    kinds
};

/// Something to do, before it is put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    pub what: What,
    pub due: Option<NaiveDate>,
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// The remedy of the check with this index.
    Remedy(u8),
    NextUpdate,
    VerifyBill,
    CloseDate,
    ReviewEnd,
    CheckEur,
    DiscountStart,
    /// The discount ends in so many days.
    WindowEnds(u16),
}

impl What {
    /// The rule it comes from.
    fn rule(self) -> &'static str {
        match self {
            What::Remedy(index) => RULES[usize::from(index)].0.id,
            What::NextUpdate => "UPD001",
            What::VerifyBill => "POD009",
            What::CloseDate => "POD006",
            What::ReviewEnd => "UPD002",
            What::CheckEur => "EUR002",
            What::DiscountStart | What::WindowEnds(_) => "POD010",
        }
    }

    /// Its id within the opportunity: the rule's, and what else that rule asks for beside its remedy.
    ///
    /// The next update becomes the remedy of its rule when it is overdue, and so does the close date when it has
    /// passed: one thing to do, and one id.
    fn id(self) -> String {
        let rule = self.rule();
        match self {
            What::Remedy(_) | What::NextUpdate | What::CloseDate => rule.to_owned(),
            What::VerifyBill => format!("{rule}-verify"),
            What::ReviewEnd => format!("{rule}-decision"),
            What::CheckEur => format!("{rule}-check"),
            What::DiscountStart => format!("{rule}-starts"),
            What::WindowEnds(days) => format!("{rule}-ends-{days}"),
        }
    }

    /// Of which kind it is, where its rule found `outcome`.
    pub(crate) fn kind(self, outcome: Outcome) -> ActionKind {
        match self {
            What::Remedy(index) => match outcome {
                Outcome::Unknown => ActionKind::Fill,
                _ if usize::from(index) == UPD001 => ActionKind::Update,
                Outcome::Fail => ActionKind::Fix,
                _ => KINDS_BY_CHECK[usize::from(index)],
            },
            What::NextUpdate => ActionKind::Update,
            What::VerifyBill => ActionKind::Spend,
            What::CloseDate => ActionKind::CloseDate,
            What::ReviewEnd => ActionKind::Review,
            What::CheckEur => ActionKind::Eur,
            What::DiscountStart => ActionKind::Starts,
            What::WindowEnds(_) => ActionKind::Ends,
        }
    }
}

/// Hands every action to `take`, in no particular order.
pub(crate) fn plan(case: &Case<'_, '_>, findings: &Findings, mut take: impl FnMut(Planned)) {
    let is_lost = findings.is_lost();
    let state = window_state(case, findings);
    let is_over = state == Some(WindowState::Ended);
    // Nobody hands in a deal that is lost, or one whose discount runs already.
    let is_done = case.is_stable || case.opp.stage.known() == Some(&Stage::ClosedLost);
    for index in findings.needing_action() {
        let section = RULES[index].0.section;
        if section == Section::Ace && is_done {
            continue;
        }
        // What can no longer earn the discount needs no work for it.
        if matches!(section, Section::Pod | Section::Eur) && (is_lost || is_over) {
            continue;
        }
        let finding = findings.finding(index);
        let index = index as u8;
        let is_needed_now =
            matches!(finding.outcome, Outcome::Fail | Outcome::Unknown) && section != Section::Upd;
        take(Planned {
            what: What::Remedy(index),
            due: finding.due_on.or(is_needed_now.then_some(case.as_of)),
        });
    }
    let mut on = |what, due| take(Planned { what, due: Some(due) });
    // An update that is too old is asked for by the rule itself.
    let is_in_time = matches!(findings.outcome(UPD001), Outcome::Pass | Outcome::Advice);
    if let Some(update) = last_update(case).filter(|_| is_in_time) {
        on(What::NextUpdate, update.due);
    }
    if let Some(review) = expected_review(case).filter(|review| review.latest >= case.as_of) {
        on(What::ReviewEnd, review.latest);
    }
    let Some(window) = case.window.filter(|_| !is_lost && !is_over) else { return };
    if let Some(after) =
        case.spend_month.map(|month| month.plus(1).first_day()).filter(|day| *day >= case.as_of)
    {
        on(What::VerifyBill, after);
    }
    let close = case.opp.target_close_date.known().copied();
    let is_ahead = findings.outcome(POD006) == Outcome::Pass;
    if let Some(close) = close.filter(|_| case.phase != Phase::AtLaunch && is_ahead) {
        on(What::CloseDate, close);
    }
    if !matches!(state, Some(WindowState::Upcoming | WindowState::Active)) {
        return;
    }
    let this_first = Month::of(case.as_of).first_day();
    let next_first =
        if this_first == case.as_of { this_first } else { Month::of(case.as_of).plus(1).first_day() };
    if next_first <= window.end {
        on(What::CheckEur, next_first);
    }
    if window.start >= case.as_of {
        on(What::DiscountStart, window.start);
    }
    for days in WINDOW_END_NOTICE_DAYS {
        let day = minus_days(window.end, days.into());
        if day >= case.as_of {
            on(What::WindowEnds(days), day);
        }
    }
}

/// The order of actions: by date, those without one last; of one date, the failures first.
fn rank(planned: &Planned, findings: &Findings) -> (bool, Option<NaiveDate>, Outcome, What) {
    (planned.due.is_none(), planned.due, outcome_of(planned.what, findings), planned.what)
}

/// What the rule of a remedy found.
pub(crate) fn outcome_of(what: What, findings: &Findings) -> Outcome {
    match what {
        What::Remedy(index) => findings.outcome(index.into()),
        _ => Outcome::NotApplicable,
    }
}

/// What comes first.
pub(crate) fn first(case: &Case<'_, '_>, findings: &Findings) -> Option<Planned> {
    let mut first: Option<Planned> = None;
    plan(case, findings, |planned| {
        if first.is_none_or(|known| rank(&planned, findings) < rank(&known, findings)) {
            first = Some(planned);
        }
    });
    first
}

/// Everything, in order; a fact that several rules lack is asked for once.
pub(crate) fn in_order(case: &Case<'_, '_>, findings: &Findings) -> Vec<Planned> {
    let mut planned = Vec::new();
    plan(case, findings, |one| planned.push(one));
    planned.sort_by_key(|one| rank(one, findings));
    let mut asked: Vec<Lack> = Vec::new();
    planned.retain(|one| {
        let What::Remedy(index) = one.what else { return true };
        let Some(lack) = findings.finding(index.into()).lacks else { return true };
        let is_new = !asked.contains(&lack);
        asked.push(lack);
        is_new
    });
    planned
}

/// Everything, in order, in words.
pub(crate) fn all(case: &Case<'_, '_>, findings: &Findings) -> Vec<Action> {
    in_order(case, findings).into_iter().filter_map(|one| in_words(case, one)).collect()
}

/// One action in words; none for a check that has nothing to say.
pub(crate) fn in_words(case: &Case<'_, '_>, planned: Planned) -> Option<Action> {
    let window = case.window;
    let mut outcome = Outcome::NotApplicable;
    let text = match planned.what {
        What::Remedy(index) => {
            let mut pen = Pen::writing();
            outcome = ask(index.into(), case, &mut pen).outcome;
            Some(pen.take().remedy).filter(|remedy| !remedy.is_empty())?
        }
        What::NextUpdate => "Update the opportunity: write the next step into ACE.".to_owned(),
        What::VerifyBill => {
            let month = say::month(case.spend_month?);
            let limit = say::usd(case.policy.spend_threshold_usd);
            format!("Verify the bill of {month}: it must be below {limit}.")
        }
        What::CloseDate => {
            "The close date: set Launched if billing has begun, or move the date before it passes.".to_owned()
        }
        What::ReviewEnd => "AWS's review should be done: ask, if there is no answer.".to_owned(),
        What::CheckEur => {
            "Check the end user report: account id, usage type and government fields.".to_owned()
        }
        What::DiscountStart => {
            let end = say::day(window?.end);
            let condition =
                if case.phase == Phase::AtLaunch { "" } else { ", if the opportunity is launched" };
            format!("The discount starts{condition}; it runs until {end}.")
        }
        What::WindowEnds(days) => {
            let end = say::day(window?.end);
            format!("{} until the discount ends on {end}.", say::count(days, "day"))
        }
    };
    let what = planned.what;
    Some(Action {
        id: what.id(),
        kind: what.kind(outcome),
        rule: what.rule().to_owned(),
        due: planned.due,
        text,
    })
}

#[cfg(test)]
mod tests;
