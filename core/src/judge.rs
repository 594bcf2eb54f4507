//! Asks every rule about one opportunity and draws the three answers from what they found.
//!
//! What holds across rules stands here and nowhere else: gates, what AWS pays although a rule objects, and which
//! failures can no longer be cured after launch. Rules never read each other's findings.

use crate::calendar::plus_days;
use crate::fact::{Missing, Unknown};
use crate::field::Field;
use crate::opportunity::{Origin, ReviewStatus, Stage};
use crate::report::{Submission, Upkeep, Verdict, WindowState};
use crate::rule::{Case, Check, Cure, Finding, Gate, Lack, Outcome, Pen, Phase, Rule, Ruling, Section};
use crate::{rules, say, update};

type OpportunityCheck = for<'a, 'd> fn(&Case<'a, 'd>, &mut Pen) -> Ruling;

/// How many rules judge a single opportunity.
pub(crate) const CHECKS: usize = {
    let (mut count, mut i) = (0, 0);
    while i < rules::ALL.len() {
        count += matches!(rules::ALL[i].check, Check::Opportunity(_)) as usize;
        i += 1;
    }
    count
};

const _: () = assert!(CHECKS <= 64, "a set of checks is one bit each");

/// The rules that judge a single opportunity, in the order of the registry.
pub(crate) static RULES: [(&Rule, OpportunityCheck); CHECKS] = {
    let mut table: [(&Rule, OpportunityCheck); CHECKS] = [(rules::ALL[0], never); CHECKS];
    let (mut count, mut i) = (0, 0);
    while i < rules::ALL.len() {
        if let Check::Opportunity(check) = rules::ALL[i].check {
            table[count] = (rules::ALL[i], check);
            count += 1;
        }
        i += 1;
    }
    table
};

/// Stands where the table of checks is not filled yet; it always is.
fn never<'a, 'd>(_: &Case<'a, 'd>, _: &mut Pen) -> Ruling {
    Ok(Finding::blank())
}

/// The index of the check with this id among [`RULES`].
pub(crate) const fn check_index(id: &str) -> usize {
    let mut at = 0;
    while at < CHECKS {
        if is_same(RULES[at].0.id, id) {
            return at;
        }
        at += 1;
    }
    panic!("there is no such check")
}

/// The index of the check with this id, if there is one.
pub(crate) fn index_of(id: &str) -> Option<usize> {
    RULES.iter().position(|(rule, _)| rule.id == id)
}

const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A set of checks, by their index.
type Checks = u64;

/// The checks that decide on the discount.
const DECIDING: Checks = of_section(Section::Pod) | of_section(Section::Eur);
/// The checks that decide on the submission.
const SUBMISSION: Checks = of_section(Section::Ace);

const fn of_section(section: Section) -> Checks {
    let (mut checks, mut at) = (0, 0);
    while at < CHECKS {
        if RULES[at].0.section as u8 == section as u8 {
            checks |= 1 << at;
        }
        at += 1;
    }
    checks
}

/// What all rules found, in the order of the registry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings {
    each: [Finding; CHECKS],
    /// Which checks found what, by outcome.
    by_outcome: [Checks; Outcome::ALL.len()],
    /// The failures that cannot be cured.
    for_good: Checks,
}

impl Findings {
    fn blank() -> Self {
        Findings { each: [Finding::blank(); CHECKS], by_outcome: [0; Outcome::ALL.len()], for_good: 0 }
    }

    fn set(&mut self, at: usize, finding: Finding) {
        self.each[at] = finding;
        self.by_outcome[finding.outcome as usize] |= 1 << at;
        if finding.outcome == Outcome::Fail && finding.cure != Cure::Curable {
            self.for_good |= 1 << at;
        }
    }

    /// Every finding, with the rule that found it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Rule, &Finding)> {
        RULES.iter().map(|(rule, _)| *rule).zip(&self.each)
    }

    /// What the check with this index found.
    pub(crate) fn outcome(&self, at: usize) -> Outcome {
        self.each[at].outcome
    }

    /// What the check with this index found, with all that the judge needs of it.
    pub(crate) fn finding(&self, at: usize) -> &Finding {
        &self.each[at]
    }

    /// The indexes of the checks that found something to do.
    pub(crate) fn needing_action(&self) -> impl Iterator<Item = usize> {
        let mut left = self.checks(Outcome::Fail)
            | self.checks(Outcome::Unknown)
            | self.checks(Outcome::Pending)
            | self.checks(Outcome::Warning);
        std::iter::from_fn(move || {
            let at = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (at < CHECKS).then_some(at)
        })
    }

    /// Whether a rule of POD or EUR fails for good.
    pub(crate) fn is_lost(&self) -> bool {
        self.for_good & DECIDING != 0
    }

    fn checks(&self, outcome: Outcome) -> Checks {
        self.by_outcome[outcome as usize]
    }
}

/// What was decided of one opportunity, without a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judgement {
    pub findings: Findings,
    pub verdict: Verdict,
    pub submission: Submission,
    pub upkeep: Upkeep,
}

/// Asks every rule, silently.
pub(crate) fn judge(case: &Case<'_, '_>) -> Judgement {
    let mut pen = Pen::silent();
    let mut findings = Findings::blank();
    let mut is_all_not_shown = true;
    let is_shut = Gate::ALL.map(|gate| shut_gate(gate, case, &mut pen).is_some());
    for (at, (rule, check)) in RULES.iter().enumerate() {
        if is_shut[rule.gate as usize] {
            findings.set(at, Finding::blank());
            continue;
        }
        let (finding, missing) = ask_for_missing(rule, *check, case, &mut pen);
        if rule.section == Section::Ace && finding.outcome == Outcome::Unknown {
            let why = missing.and_then(|Missing(field)| case.opp.provenance(field).unknown);
            is_all_not_shown &= matches!(why, Some(Unknown::NotInFormat));
        }
        findings.set(at, finding);
    }
    Judgement {
        verdict: verdict(case, &findings),
        submission: submission(case, &findings, is_all_not_shown),
        upkeep: upkeep(case),
        findings,
    }
}

/// Asks the check with this index; the sentences go to the pen.
pub(crate) fn ask(at: usize, case: &Case<'_, '_>, pen: &mut Pen) -> Finding {
    let (rule, check) = RULES[at];
    shut_gate(rule.gate, case, pen).unwrap_or_else(|| ask_for_missing(rule, check, case, pen).0)
}

/// Asks a rule whose gate is open.
fn ask_for_missing(
    rule: &Rule,
    check: OpportunityCheck,
    case: &Case<'_, '_>,
    pen: &mut Pen,
) -> (Finding, Option<Missing>) {
    let (mut finding, missing) = match check(case, pen) {
        Ok(finding) => (finding, None),
        Err(missing) => (cannot_tell(missing, case, pen), Some(missing)),
    };
    if finding.cure == Cure::UntilLaunch && case.phase != Phase::AtLaunch {
        finding.cure = Cure::Curable;
    }
    if case.is_paid {
        finding = although_paid(rule, finding, pen);
    }
    (finding, missing)
}

fn cannot_tell(Missing(field): Missing, case: &Case<'_, '_>, pen: &mut Pen) -> Finding {
    let blank = Unknown::Blank;
    let why = match field {
        Field::Spend => case.spend_month.and_then(|month| case.opp.spend.of(month).err()),
        _ => case.opp.provenance(field).unknown,
    };
    let why = why.unwrap_or(&blank);
    let finding = pen
        .unknown(format_args!("{}", say::unknown(field, why)), format_args!("{}", say::supply(field, why)));
    let lack = if matches!(why, Unknown::Masked) { Lack::Acceptance } else { Lack::Fact(field) };
    Finding { lacks: Some(lack), ..finding }
}

/// The `not_applicable` of a rule that is not asked at all.
fn shut_gate(gate: Gate, case: &Case<'_, '_>, pen: &mut Pen) -> Option<Finding> {
    let (stage, status) = (case.opp.stage.known(), case.opp.review_status.known());
    match gate {
        Gate::Always => None,
        Gate::NotLost => (case.phase == Phase::ClosedLost).then(|| {
            pen.not_applicable(format_args!("The opportunity is Closed Lost: there is no discount to earn."))
        }),
        Gate::Submittable => {
            if case.opp.origin.known() == Some(&Origin::Aws) {
                return Some(
                    pen.not_applicable(format_args!("AWS originated it: there is nothing to submit.")),
                );
            }
            match status {
                Some(ReviewStatus::PendingSubmission | ReviewStatus::ActionRequired) => None,
                Some(status) => {
                    Some(pen.not_applicable(format_args!("It was submitted: the review status is {status}.")))
                }
                None => {
                    stage.filter(|stage| matches!(stage, Stage::Launched | Stage::ClosedLost)).map(|stage| {
                        pen.not_applicable(format_args!("The stage is {stage}: there is nothing to submit."))
                    })
                }
            }
        }
        Gate::Editable => match (stage, status) {
            (Some(stage @ (Stage::Launched | Stage::ClosedLost)), _) => Some(
                pen.not_applicable(format_args!("The stage is {stage}: the record needs no more updates.")),
            ),
            (_, Some(ReviewStatus::Rejected)) => {
                Some(pen.not_applicable(format_args!("AWS rejected it: the record needs no more updates.")))
            }
            (_, Some(status @ (ReviewStatus::Submitted | ReviewStatus::InReview))) => {
                Some(pen.not_applicable(format_args!(
                    "The review status is {status}: AWS locks the record until it decides."
                )))
            }
            _ => None,
        },
    }
}

/// AWS pays: what is not known is as it must be, and what fails does not stop it.
fn although_paid(rule: &Rule, finding: Finding, pen: &mut Pen) -> Finding {
    const SETTLED_BY_PAYMENT: [&str; 9] =
        ["POD001", "POD002", "POD003", "POD004", "POD009", "EUR001", "EUR002", "EUR003", "EUR004"];
    match finding.outcome {
        Outcome::Unknown if SETTLED_BY_PAYMENT.contains(&rule.id) => {
            pen.pass(format_args!("AWS pays it: the discounts document shows the partner-originated amount."))
        }
        Outcome::Fail if matches!(rule.section, Section::Pod | Section::Eur) => {
            let words = pen.take();
            pen.warning(
                format_args!("AWS pays it although this rule objects: {}", words.message),
                format_args!("Keep proof of what you reported: AWS may correct it."),
            )
            .as_reading()
        }
        _ => finding,
    }
}

fn verdict(case: &Case<'_, '_>, findings: &Findings) -> Verdict {
    let is_launched = case.phase == Phase::AtLaunch;
    let has = |outcome| findings.checks(outcome) & DECIDING != 0;
    if findings.is_lost() {
        Verdict::NotEligible
    } else if is_launched && case.window.is_some_and(|window| case.as_of > window.end) {
        Verdict::Ended
    } else if has(Outcome::Fail) {
        Verdict::NeedsFixing
    } else if has(Outcome::Unknown) {
        Verdict::NeedsInformation
    } else if has(Outcome::Pending) {
        Verdict::OnTrack
    } else {
        Verdict::Eligible
    }
}

fn submission(case: &Case<'_, '_>, findings: &Findings, is_all_not_shown: bool) -> Submission {
    let (stage, status) = (case.opp.stage.known(), case.opp.review_status.known());
    let ace = |outcome| findings.checks(outcome) & SUBMISSION != 0;
    match (stage, status) {
        _ if case.opp.origin.known() == Some(&Origin::Aws) => Submission::NotNeeded,
        (Some(Stage::Launched), Some(ReviewStatus::PendingSubmission)) => Submission::WouldBeRejected,
        (Some(Stage::Launched | Stage::ClosedLost), _) => Submission::NotNeeded,
        (
            _,
            Some(
                ReviewStatus::Submitted
                | ReviewStatus::InReview
                | ReviewStatus::Approved
                | ReviewStatus::Rejected,
            ),
        ) => Submission::Submitted,
        _ if ace(Outcome::Fail) => Submission::WouldBeRejected,
        _ if ace(Outcome::Unknown) && is_all_not_shown => Submission::NotShown,
        _ if ace(Outcome::Unknown) => Submission::Incomplete,
        _ => Submission::Ready,
    }
}

pub(crate) fn upkeep(case: &Case<'_, '_>) -> Upkeep {
    match (case.opp.stage.known(), case.opp.review_status.known()) {
        (Some(Stage::Launched | Stage::ClosedLost), _) | (_, Some(ReviewStatus::Rejected)) => {
            Upkeep::NotNeeded
        }
        (_, Some(ReviewStatus::Submitted | ReviewStatus::InReview)) => Upkeep::Locked,
        (_, Some(ReviewStatus::ActionRequired)) => Upkeep::ActionRequired,
        (_, Some(ReviewStatus::PendingSubmission)) => Upkeep::NotSubmitted,
        _ => match update::last_update(case) {
            None => Upkeep::Unknown,
            Some(update) if update.days_overdue > 0 => Upkeep::Overdue,
            Some(update) if update.due <= plus_days(case.as_of, case.policy.update_due_soon_days) => {
                Upkeep::DueSoon
            }
            Some(_) => Upkeep::UpToDate,
        },
    }
}

/// Where the discount window stands; none without one.
pub(crate) fn window_state(case: &Case<'_, '_>, findings: &Findings) -> Option<WindowState> {
    let window = case.window.filter(|_| case.phase != Phase::ClosedLost)?;
    const POD006: usize = check_index("POD006");
    Some(if findings.outcome(POD006) == Outcome::Fail || findings.is_lost() {
        WindowState::Void
    } else if case.as_of < window.start {
        WindowState::Upcoming
    } else if case.as_of <= window.end {
        WindowState::Active
    } else {
        WindowState::Ended
    })
}
