//! Asks every rule about one opportunity and draws the three answers from what they found.
//!
//! What holds across rules stands here and nowhere else: gates, what AWS pays although a rule objects, and which
//! failures can no longer be cured after launch. Rules never read each other's findings.

use crate::calendar::plus_days;
use crate::fact::{Missing, Unknown};
use crate::field::Field;
use crate::opportunity::{Origin, ReviewStatus, Stage};
use crate::report::{Submission, Upkeep, Verdict, WindowState};
use crate::rule::{Case, Check, Cure, Finding, Gate, Outcome, Pen, Phase, Rule, Ruling, Section};
use crate::{rules, say, update};

type OpportunityCheck = for<'a, 'd> fn(&Case<'a, 'd>, &mut Pen) -> Ruling;

/// How many rules judge a single opportunity.
pub(crate) const CHECKS: usize = {
    let (mut count, mut i) = (0, 0);
    while i < rules::ALL.len() {
        if matches!(rules::ALL[i].check, Check::Opportunity(_)) {
            count += 1;
        }
        i += 1;
    }
    count
};

/// What all rules found, in the order of the registry.
pub(crate) type Findings = [Finding; CHECKS];

/// The rules that judge a single opportunity, in the order of the registry.
pub(crate) fn opportunity_rules() -> impl Iterator<Item = (&'static Rule, OpportunityCheck)> {
    rules::ALL.iter().filter_map(|rule| match rule.check {
        Check::Opportunity(check) => Some((*rule, check)),
        Check::Set | Check::Partner(_) => None,
    })
}

/// The index of a rule among [`Findings`].
pub(crate) fn index_of(id: &str) -> Option<usize> {
    opportunity_rules().position(|(rule, _)| rule.id == id)
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
    let mut findings = [Finding::blank(); CHECKS];
    let mut is_all_not_shown = true;
    for (finding, (rule, check)) in findings.iter_mut().zip(opportunity_rules()) {
        let (found, missing) = ask_for_missing(rule, check, case, &mut pen);
        if rule.section == Section::Ace && found.outcome == Outcome::Unknown {
            let why = missing.and_then(|Missing(field)| case.opp.provenance(field).unknown);
            is_all_not_shown &= matches!(why, Some(Unknown::NotInFormat));
        }
        *finding = found;
    }
    Judgement {
        verdict: verdict(case, &findings),
        submission: submission(case, &findings, is_all_not_shown),
        upkeep: upkeep(case),
        findings,
    }
}

/// Asks one rule; the sentences go to the pen.
pub(crate) fn ask(rule: &Rule, check: OpportunityCheck, case: &Case<'_, '_>, pen: &mut Pen) -> Finding {
    ask_for_missing(rule, check, case, pen).0
}

fn ask_for_missing(
    rule: &Rule,
    check: OpportunityCheck,
    case: &Case<'_, '_>,
    pen: &mut Pen,
) -> (Finding, Option<Missing>) {
    if let Some(finding) = shut_gate(rule.gate, case, pen) {
        return (finding, None);
    }
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
    pen.unknown(format_args!("{}", say::unknown(field, why)), format_args!("{}", say::supply(field, why)))
        .by(case.as_of)
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

fn deciding(findings: &Findings) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .zip(opportunity_rules())
        .filter(|(_, (rule, _))| matches!(rule.section, Section::Pod | Section::Eur))
        .map(|(finding, _)| finding)
}

fn has(findings: &Findings, outcome: Outcome) -> bool {
    deciding(findings).any(|finding| finding.outcome == outcome)
}

/// Whether a rule of POD or EUR fails for good.
pub(crate) fn is_lost(findings: &Findings) -> bool {
    deciding(findings).any(|finding| finding.outcome == Outcome::Fail && finding.cure != Cure::Curable)
}

fn verdict(case: &Case<'_, '_>, findings: &Findings) -> Verdict {
    let is_launched = case.phase == Phase::AtLaunch;
    if is_lost(findings) {
        Verdict::NotEligible
    } else if is_launched && case.window.is_some_and(|window| case.as_of > window.end) {
        Verdict::Ended
    } else if has(findings, Outcome::Fail) {
        Verdict::NeedsFixing
    } else if has(findings, Outcome::Unknown) {
        Verdict::NeedsInformation
    } else if has(findings, Outcome::Pending) {
        Verdict::OnTrack
    } else {
        Verdict::Eligible
    }
}

fn submission(case: &Case<'_, '_>, findings: &Findings, is_all_not_shown: bool) -> Submission {
    let (stage, status) = (case.opp.stage.known(), case.opp.review_status.known());
    let ace = |outcome| {
        let mut of_ace =
            findings.iter().zip(opportunity_rules()).filter(|(_, (rule, _))| rule.section == Section::Ace);
        of_ace.any(|(finding, _)| finding.outcome == outcome)
    };
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
    let is_past = index_of("POD006").is_some_and(|i| findings[i].outcome == Outcome::Fail);
    Some(if is_past || is_lost(findings) {
        WindowState::Void
    } else if case.as_of < window.start {
        WindowState::Upcoming
    } else if case.as_of <= window.end {
        WindowState::Active
    } else {
        WindowState::Ended
    })
}
