//! The full report of one opportunity: made when it is looked at.

use crate::actions;
use crate::assess::Assessment;
use crate::calendar::Month;
use crate::desk::{Desk, key_of_copy};
use crate::document::Kind;
use crate::fact::{At, Unknown};
use crate::field::Field;
use crate::judge::{Findings, Judgement, RULES, ask, judge, window_state};
use crate::opportunity::{AccountId, Opportunity, Stage};
use crate::ordered::Ordered;
use crate::report::{
    BestMonth, CheckReport, DocumentReport, FactReport, OpportunityReport, Place, PlannedMonthReport,
    Planner, ProblemReport, ReviewReport, SpendMonthReport, StageReport, UpdateReport, WindowReport,
    WindowState,
};
use crate::review::expected_review;
use crate::rule::{Case, Cure, Finding, Outcome, Pen, Phase, Rule};
use crate::update::last_update;
use crate::{headline, planner, say};

/// How much of a report is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    /// What was decided, without what it rests on.
    Decision,
}

impl Assessment {
    /// The full report of the opportunity with this key; `O123#123456789012` is the copy of one of its accounts.
    pub fn opportunity(&self, key: &str) -> Option<OpportunityReport> {
        self.opportunity_at(&self.desk(), key)
    }

    /// The same, as another desk puts it together.
    pub(crate) fn opportunity_at(&self, desk: &Desk<'_>, key: &str) -> Option<OpportunityReport> {
        let known = self.desk();
        if let Some(entry) = self.find(&known, key) {
            return Some(self.detail(desk, entry));
        }
        let (entry, account) = self.copy(&known, key)?;
        let opp = self.opportunity_of(desk, entry);
        Some(self.split(desk, entry, &self.key(&opp, entry), account, Extent::All))
    }

    /// The full reports of a part of the opportunities, as they were given.
    pub fn opportunities(&self, from: usize, limit: usize) -> Vec<OpportunityReport> {
        let desk = self.desk();
        let entries = (0..self.len() as u32).skip(from).take(limit);
        entries.map(|entry| self.detail(&desk, entry)).collect()
    }

    /// What was decided of a part of the opportunities, as they were given: their reports without facts, planner and
    /// the places of what each check rests on. A message shows none of that, and it is half of the work.
    pub fn decisions(&self, from: usize, limit: usize) -> Vec<OpportunityReport> {
        let desk = self.desk();
        let entries = (0..self.len() as u32).skip(from).take(limit);
        entries.map(|entry| self.detail_of(&desk, entry, Extent::Decision)).collect()
    }

    /// The full report of an entry.
    pub(crate) fn detail(&self, desk: &Desk<'_>, entry: u32) -> OpportunityReport {
        self.detail_of(desk, entry, Extent::All)
    }

    fn detail_of(&self, desk: &Desk<'_>, entry: u32, extent: Extent) -> OpportunityReport {
        let opp = self.opportunity_of(desk, entry);
        let key = self.key(&opp, entry).into_owned();
        let several = opp.aws_account_id.known().map(|ids| ids.all()).filter(|ids| ids.len() > 1);
        let split = several
            .unwrap_or(&[])
            .iter()
            .map(|account| self.split(desk, entry, &key, *account, extent))
            .collect();
        OpportunityReport { split, ..self.report_of(desk, &opp, key, extent) }
    }

    fn split(
        &self,
        desk: &Desk<'_>,
        entry: u32,
        key: &str,
        account: AccountId,
        extent: Extent,
    ) -> OpportunityReport {
        let opp = self.split_of(desk, entry, account);
        self.report_of(desk, &opp, key_of_copy(key, account), extent)
    }

    fn report_of<'a>(
        &self,
        desk: &Desk<'a>,
        opp: &Opportunity<'a>,
        key: String,
        extent: Extent,
    ) -> OpportunityReport {
        let mut report = self.decision(desk, opp, key);
        if extent == Extent::All {
            for (check, (rule, _)) in report.checks.iter_mut().zip(RULES) {
                check.places = self.places_of(rule, opp);
            }
            report.planner = planner_report(&desk.case(opp));
            report.facts = self.facts(opp);
        }
        report
    }

    fn decision<'a>(&self, desk: &Desk<'a>, opp: &Opportunity<'a>, key: String) -> OpportunityReport {
        let case = desk.case(opp);
        let judgement = judge(&case);
        let owned = |fact: &crate::fact::Fact<'_, crate::opportunity::Text<'_>>| {
            fact.known().map(|text| text.to_string())
        };
        let window = window_report(&case, &judgement.findings);
        OpportunityReport {
            key,
            title: owned(&opp.project_title),
            customer: owned(&opp.customer_name),
            account_id: opp.aws_account_id.known().and_then(|ids| ids.one()).map(|id| id.to_string()),
            verdict: judgement.verdict,
            submission: judgement.submission,
            upkeep: judgement.upkeep,
            headline: headline::of(&case, &judgement),
            checks: checks(&case, &judgement),
            spend_month: case.spend_month.map(|month| spend_month_report(&case, month)),
            update: update_report(&case),
            review: review_report(&case),
            stage: case.opp.stage.known().map(|stage| stage_report(*stage)),
            actions: actions::all(&case, &judgement.findings),
            planner: None,
            window,
            split: Vec::new(),
            facts: Ordered::default(),
        }
    }

    fn places_of(&self, rule: &Rule, opp: &Opportunity<'_>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for field in rule.facts {
            let add = |at: At| {
                self.place(at).into_iter().for_each(|place| {
                    if !places.contains(&place) {
                        places.push(place);
                    }
                })
            };
            all_places(opp, *field).into_iter().for_each(add);
        }
        if rule.id == "EUR004"
            && let Some((_, at)) = opp.eur.near_miss
        {
            places.extend(self.place(at));
        }
        places
    }

    /// The place of a fact; none for what the user stated.
    pub(crate) fn place(&self, at: At) -> Option<Place> {
        let document = self.inputs.documents.get(usize::from(at.document))?;
        Some(self.lines.get(usize::from(at.document))?.place(document, at))
    }

    fn facts(&self, opp: &Opportunity<'_>) -> Ordered<String, FactReport> {
        let mut facts = Ordered::default();
        for field in Field::ALL.iter().filter(|field| **field < Field::RowMonth && !is_spend(**field)) {
            let provenance = opp.provenance(*field);
            let overruled = provenance.overruled;
            let report = FactReport {
                value: say::value(opp, *field),
                unknown: provenance.unknown.map(|why| reason(why).to_owned()),
                why: provenance.unknown.map(|why| say::unknown(*field, why).to_string()),
                note: provenance.note.map(|note| say::note(note).to_owned()),
                stated: provenance.at.is_some_and(At::is_stated),
                document_value: overruled.map(|at| self.raw(at)),
                places: all_places(opp, *field).into_iter().filter_map(|at| self.place(at)).collect(),
            };
            facts.add(field.name().to_owned(), report);
        }
        for entry in &opp.spend.months {
            let name = |field: Field| format!("{}.{}", field.name(), say::iso_month(entry.month));
            facts.add(name(Field::Spend), self.fact_report(&entry.amount, |amount| amount.to_string()));
            if entry.is_final.at.is_some() {
                let report = self.fact_report(&entry.is_final, |is_final| say::yes_no(*is_final).to_owned());
                facts.add(name(Field::SpendFinal), report);
            }
        }
        facts
    }

    fn fact_report<T>(&self, fact: &crate::fact::Fact<'_, T>, say: impl Fn(&T) -> String) -> FactReport {
        FactReport {
            value: fact.known().map(say),
            unknown: fact.unknown().map(|why| reason(why).to_owned()),
            why: fact.unknown().map(|why| say::unknown(fact.field, why).to_string()),
            note: fact.note.map(|note| say::note(note).to_owned()),
            stated: fact.at.is_some_and(At::is_stated),
            document_value: fact.overruled.map(|at| self.raw(at)),
            places: fact.at.into_iter().filter_map(|at| self.place(at)).collect(),
        }
    }

    /// What stands at a place.
    pub(crate) fn raw(&self, at: At) -> String {
        let text = self.inputs.documents.get(usize::from(at.document)).map_or("", |document| document.text());
        text.get(at.span.start as usize..at.span.end as usize).unwrap_or("").trim().to_owned()
    }

    /// What was given, and how much of it could be used.
    pub(crate) fn document_reports(&self, matched: &[Option<usize>]) -> Vec<DocumentReport> {
        let each = self.inputs.documents.iter().enumerate().map(|(index, document)| DocumentReport {
            index,
            name: document.name().to_owned(),
            kind: document.kind(),
            format: document.format(),
            records: document.len(),
            matched: matched.get(index).copied().flatten().filter(|_| is_joined(document.kind())),
            problems: document.problems().iter().map(|problem| self.problem(index, problem)).collect(),
            more_problems: document.more_problems(),
        });
        each.collect()
    }

    fn problem(&self, index: usize, problem: &crate::document::Problem) -> ProblemReport {
        let place = problem.span.and_then(|span| {
            let number = u16::try_from(index).ok()?;
            let document = self.inputs.documents.get(index)?;
            Some(self.lines.get(index)?.of(document, number, problem.record, String::new(), span))
        });
        ProblemReport { message: problem.message.clone(), place }
    }
}

/// Every check with its sentences, without the places of what it rests on.
fn checks(case: &Case<'_, '_>, judgement: &Judgement) -> Vec<CheckReport> {
    let mut pen = Pen::writing();
    let each = judgement.findings.iter().enumerate().map(|(at, (rule, finding))| {
        ask(at, case, &mut pen);
        check_report(rule, finding, pen.take(), Vec::new())
    });
    each.collect()
}

fn is_joined(kind: Kind) -> bool {
    matches!(kind, Kind::Eur | Kind::Spend | Kind::Discounts)
}

fn is_spend(field: Field) -> bool {
    matches!(field, Field::Spend | Field::SpendFinal | Field::SpendCurrency)
}

/// Where a fact stands: both places of a conflict, the spend month's rows for the spend.
fn all_places(opp: &Opportunity<'_>, field: Field) -> Vec<At> {
    let provenance = opp.provenance(field);
    let mut places: Vec<At> = provenance.at.into_iter().chain(provenance.overruled).collect();
    if let Some(Unknown::Conflicting(conflict)) = provenance.unknown {
        places.push(conflict.other);
    }
    if is_spend(field) {
        let month = opp.target_close_date.known().map(|close| Month::of(*close).previous());
        if let Some(entry) = month.and_then(|month| opp.spend.entry(month)) {
            places.extend(entry.amount.at);
            places.extend(entry.amount.overruled);
            if let Some(Unknown::Conflicting(conflict)) = entry.amount.unknown() {
                places.push(conflict.other);
            }
        }
    }
    places.retain(|at| !at.is_stated());
    places
}

/// A rule's finding with its sentences.
pub(crate) fn check_report(
    rule: &Rule,
    finding: &Finding,
    words: crate::rule::Words,
    places: Vec<Place>,
) -> CheckReport {
    CheckReport {
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        section: rule.section,
        outcome: finding.outcome,
        curable: (finding.outcome == Outcome::Fail).then_some(finding.cure == Cure::Curable),
        message: words.message,
        remedy: words.remedy,
        reading: finding.is_reading,
        facts: rule.facts.iter().map(|field| field.name().to_owned()).collect(),
        places,
        guide: rule.guide.0.to_owned(),
    }
}

/// A reason as the report spells it.
fn reason(why: &Unknown<'_>) -> &'static str {
    match why {
        Unknown::Blank => "blank",
        Unknown::NotInFormat => "not_in_format",
        Unknown::NoRow => "no_row",
        Unknown::Unreadable { .. } => "unreadable",
        Unknown::Ambiguous(_) => "ambiguous",
        Unknown::Masked => "masked",
        Unknown::Conflicting(_) => "conflicting",
    }
}

/// The discount window as the report shows it.
pub(crate) fn window_report(case: &Case<'_, '_>, findings: &Findings) -> Option<WindowReport> {
    let state = window_state(case, findings)?;
    let window = case.window?;
    Some(WindowReport {
        start: window.start,
        end: window.end,
        state,
        month: window.month_number(case.as_of).filter(|_| state == WindowState::Active),
        assumes_launch: case.phase != Phase::AtLaunch,
        condition: say::window_condition(case.policy.discount_months),
    })
}

fn spend_month_report(case: &Case<'_, '_>, month: Month) -> SpendMonthReport {
    SpendMonthReport {
        month: say::iso_month(month).to_string(),
        amount: case.opp.spend.of(month).ok(),
        state: month.seen_from(case.as_of),
        threshold: case.policy.spend_threshold_usd,
    }
}

fn update_report(case: &Case<'_, '_>) -> Option<UpdateReport> {
    use crate::report::Upkeep;
    let applies = !matches!(crate::judge::upkeep(case), Upkeep::NotNeeded | Upkeep::Locked | Upkeep::Unknown);
    let update = last_update(case).filter(|_| applies)?;
    Some(UpdateReport {
        last: update.last,
        source: update.source.name().to_owned(),
        due: update.due,
        days_overdue: update.days_overdue,
    })
}

fn review_report(case: &Case<'_, '_>) -> Option<ReviewReport> {
    let review = expected_review(case)?;
    Some(ReviewReport {
        submitted: Some(review.submitted_on),
        earliest: Some(review.earliest),
        latest: Some(review.latest),
    })
}

fn stage_report(stage: Stage) -> StageReport {
    let next = match stage {
        Stage::Prospect => Some(Stage::Qualified),
        Stage::Qualified => Some(Stage::TechnicalValidation),
        Stage::TechnicalValidation => Some(Stage::BusinessValidation),
        Stage::BusinessValidation => Some(Stage::Committed),
        Stage::Committed => Some(Stage::Launched),
        Stage::Launched | Stage::ClosedLost => None,
    };
    StageReport {
        value: stage.as_str().to_owned(),
        requires: say::stage_requires(stage).to_owned(),
        next: next.map(|next| next.as_str().to_owned()),
    }
}

fn planner_report(case: &Case<'_, '_>) -> Option<Planner> {
    if case.phase != Phase::BeforeLaunch {
        return None;
    }
    let months = planner::months(case).into_iter().map(|month| PlannedMonthReport {
        close_month: say::iso_month(month.close_month).to_string(),
        spend_month: say::iso_month(month.spend_month).to_string(),
        amount: month.amount,
        state: month.state,
        start: month.window.start,
        end: month.window.end,
    });
    let best = planner::best(case).map(|month| BestMonth {
        close_month: say::iso_month(month.close_month).to_string(),
        last_day: month.last_day(),
    });
    Some(Planner { months: months.collect(), best })
}
