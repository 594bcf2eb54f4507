//! What is kept of a judged opportunity: a few dozen bytes.

use crate::actions::{self, Planned};
use crate::assess::Part;
use crate::judge::{CHECKS, Judgement, check_index, judge, window_state};
use crate::opportunity::{Eur, Origin, ReviewStatus, Stage};
use crate::report::{Submission, Upkeep, Verdict, WindowState};
use crate::rule::{Case, Outcome, Phase};
use chrono::NaiveDate;

/// What is kept of a judged opportunity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub part: Part,
    pub verdict: Verdict,
    pub submission: Submission,
    pub upkeep: Upkeep,
    pub next: Option<Planned>,
    pub close_date: Option<NaiveDate>,
    pub traits: Traits,
    findings: [Packed; CHECKS],
}

/// What the portfolio asks of an entry beside its outcomes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    pub is_from_aws: bool,
    pub is_submitted: bool,
    pub is_approved: bool,
    pub is_launched: bool,
    pub is_over: bool,
    pub has_eur: bool,
    pub has_window_started: bool,
    /// A bill that is not known would decide on the spend.
    pub wants_spend: bool,
    /// A record that is not known would decide on End User Reporting.
    pub wants_eur: bool,
    /// The partner's own, not handed in and not closed: a bulk import may create it.
    pub is_draft: bool,
    /// The discount runs, on an account that is known.
    pub is_running: bool,
}

/// An outcome in one byte.
#[derive(Debug, Clone, Copy)]
struct Packed(u8);

impl Packed {
    fn of(outcome: Outcome) -> Self {
        Packed(outcome as u8)
    }

    fn outcome(self) -> Outcome {
        Outcome::ALL[usize::from(self.0)]
    }
}

impl Entry {
    /// Judges a case, silently.
    pub(crate) fn of(part: Part, case: &Case<'_, '_>) -> Entry {
        let judgement = judge(case);
        let state = window_state(case, &judgement.findings);
        Entry {
            part,
            verdict: judgement.verdict,
            submission: judgement.submission,
            upkeep: judgement.upkeep,
            next: actions::first(case, &judgement.findings),
            close_date: case.opp.target_close_date.known().copied(),
            traits: traits(case, &judgement, state),
            findings: std::array::from_fn(|at| Packed::of(judgement.findings.outcome(at))),
        }
    }

    /// What the rule with this index found.
    pub(crate) fn outcome(&self, rule: usize) -> Outcome {
        self.findings[rule].outcome()
    }

    /// What every rule found.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.findings.iter().map(|finding| finding.outcome())
    }
}

fn traits(case: &Case<'_, '_>, judgement: &Judgement, window: Option<WindowState>) -> Traits {
    const POD009: usize = check_index("POD009");
    const EUR: [usize; 3] = [check_index("EUR001"), check_index("EUR002"), check_index("EUR003")];
    let status = case.opp.review_status.known();
    let outcome = |rule| judgement.findings.outcome(rule);
    let has_account = case.opp.aws_account_id.known().is_some_and(|ids| ids.one().is_some());
    Traits {
        is_from_aws: case.opp.origin.known() == Some(&Origin::Aws),
        is_submitted: status.is_some_and(|status| *status != ReviewStatus::PendingSubmission),
        is_approved: case.effective_review_status() == Some(ReviewStatus::Approved),
        is_launched: case.phase == Phase::AtLaunch,
        is_over: case.opp.stage.known() == Some(&Stage::ClosedLost)
            || status == Some(&ReviewStatus::Rejected)
            || judgement.verdict == Verdict::Ended,
        has_eur: has_eur(&case.opp.eur),
        has_window_started: matches!(window, Some(WindowState::Active | WindowState::Ended)),
        wants_spend: has_account
            && outcome(POD009) == Outcome::Unknown
            && case.spend_month.is_some_and(|month| case.opp.spend.of(month).is_err_and(|why| why.is_soft())),
        wants_eur: has_account
            && case.opp.eur.account_id.is_softly_unknown()
            && EUR.iter().any(|rule| matches!(outcome(*rule), Outcome::Unknown | Outcome::Pending)),
        is_draft: is_draft(case),
        is_running: has_account && case.phase == Phase::AtLaunch && window == Some(WindowState::Active),
    }
}

/// Whether the partner holds it as a draft: by its review status, or because ACE does not seem to know it at all.
fn is_draft(case: &Case<'_, '_>) -> bool {
    let opp = case.opp;
    let is_open = !matches!(opp.stage.known(), Some(Stage::Launched | Stage::ClosedLost));
    // An id is given by ACE: even a draft that has one stands there.
    let is_in_ace = !opp.opportunity_id.is_softly_unknown();
    let is_pending = opp.review_status.known() == Some(&ReviewStatus::PendingSubmission);
    let was_sent = opp.submitted_on.known().is_some() || opp.decided_on.known().is_some();
    let may_be_sent = is_pending || opp.review_status.is_softly_unknown() && !was_sent;
    opp.origin.known() != Some(&Origin::Aws) && is_open && !is_in_ace && may_be_sent
}

/// Whether End User Reporting says anything of it.
fn has_eur(eur: &Eur<'_>) -> bool {
    !eur.account_id.is_softly_unknown()
        || !eur.usage_type.is_softly_unknown()
        || !eur.government_fields_complete.is_softly_unknown()
        || !eur.government_advising.is_softly_unknown()
        || !eur.city.is_softly_unknown()
}
