//! What a rule is: its data (id, name, section, gate, citation, page) and its check, a plain function.
//!
//! A check decides and says in one breath: it hands its sentences to a [`Pen`] as format arguments. A silent
//! pen drops them unformatted, so judging 100,000 opportunities makes no sentence; a writing pen keeps them.

use crate::calendar::{DiscountWindow, Month};
use crate::cite::Cite;
use crate::fact::Missing;
use crate::field::Field;
use crate::opportunity::{Opportunity, ReviewStatus, Stage};
use crate::policy::Policy;
use chrono::NaiveDate;
use serde::Serialize;
use std::fmt;

/// What a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Checked and fine; may carry a note.
    Pass,
    /// As it stands, this rules the thing out.
    Fail,
    /// Needed now, and not known.
    Unknown,
    /// Cannot be true yet.
    Pending,
    /// Does not decide, but endangers.
    Warning,
    /// Good practice not yet followed.
    Advice,
    /// Does not apply to this record now.
    NotApplicable,
}

impl Outcome {
    /// Every outcome, in the order in which they are declared.
    pub const ALL: [Outcome; 7] = [
        Outcome::Pass,
        Outcome::Fail,
        Outcome::Unknown,
        Outcome::Pending,
        Outcome::Warning,
        Outcome::Advice,
        Outcome::NotApplicable,
    ];

    /// Whether a person has to look at it.
    pub fn is_open(self) -> bool {
        !matches!(self, Outcome::Pass | Outcome::NotApplicable)
    }
}

/// Whether a failure can still be put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// Yes.
    Curable,
    /// By another close date or account id, which AWS locks at launch: no longer after that.
    UntilLaunch,
    /// No.
    Never,
}

/// An outcome with what the judge needs of it; the sentences are with the pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub outcome: Outcome,
    /// Whether a failure can be put right; `Curable` for every other outcome.
    pub cure: Cure,
    /// It rests on a reading of the guide where the guide is silent.
    pub is_reading: bool,
    /// The day by which its remedy is due.
    pub due_on: Option<NaiveDate>,
    /// What the rule lacked to be able to tell.
    pub lacks: Option<Lack>,
}

/// What a rule may lack to be able to tell; rules that lack the same ask for it in the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// A fact.
    Fact(Field),
    /// AWS hides the fact, as it hides others, until its referral is accepted.
    Acceptance,
}

impl Finding {
    /// Of a rule that is not asked.
    pub(crate) const fn blank() -> Self {
        Finding {
            outcome: Outcome::NotApplicable,
            cure: Cure::Curable,
            is_reading: false,
            due_on: None,
            lacks: None,
        }
    }

    fn new(outcome: Outcome) -> Self {
        Finding { outcome, ..Finding::blank() }
    }

    /// Its remedy is due on `day`.
    #[must_use]
    pub fn by(mut self, day: NaiveDate) -> Self {
        self.due_on = Some(day);
        self
    }

    /// Its remedy is due on `day`, where such a day is known.
    #[must_use]
    pub fn by_if_known(mut self, day: Option<NaiveDate>) -> Self {
        self.due_on = day;
        self
    }

    /// It rests on a reading of the guide where the guide is silent.
    #[must_use]
    pub fn as_reading(mut self) -> Self {
        self.is_reading = true;
        self
    }
}

/// A check's answer: a finding, or the fact without which it cannot tell.
pub type Ruling = Result<Finding, Missing>;

/// Takes a check's sentences: drops them unformatted, or writes them down.
#[derive(Debug, Default)]
pub struct Pen {
    written: Option<Words>,
}

/// The two sentences of a finding.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Words {
    /// What is so, with the actual values.
    pub message: String,
    /// What to do; empty when there is nothing to do.
    pub remedy: String,
}

impl Pen {
    /// A pen that drops every sentence unformatted.
    pub fn silent() -> Self {
        Pen { written: None }
    }

    /// A pen that keeps the sentences.
    pub fn writing() -> Self {
        Pen { written: Some(Words::default()) }
    }

    /// What was written, and a clean sheet for the next rule; empty for a silent pen.
    pub fn take(&mut self) -> Words {
        self.written.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Writes the sentences without deciding anything: what was written before is replaced.
    #[inline]
    pub fn write(&mut self, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) {
        if let Some(words) = &mut self.written {
            words.message = message.to_string();
            words.remedy = remedy.to_string();
        }
    }

    /// Checked and fine.
    pub fn pass(&mut self, message: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::Pass, message, format_args!(""))
    }

    /// As it stands, this rules the thing out.
    pub fn fail(&mut self, cure: Cure, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) -> Finding {
        Finding { cure, ..self.found(Outcome::Fail, message, remedy) }
    }

    /// Needed now, and not known, for a reason of the rule's own; for an unknown fact, use `?` on [`Fact::get`].
    ///
    /// [`Fact::get`]: crate::fact::Fact::get
    pub fn unknown(&mut self, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::Unknown, message, remedy)
    }

    /// Cannot be true yet.
    pub fn pending(&mut self, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::Pending, message, remedy)
    }

    /// Does not decide, but endangers.
    pub fn warning(&mut self, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::Warning, message, remedy)
    }

    /// Good practice not yet followed.
    pub fn advice(&mut self, message: fmt::Arguments<'_>, remedy: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::Advice, message, remedy)
    }

    /// Does not apply to this record now.
    pub fn not_applicable(&mut self, why: fmt::Arguments<'_>) -> Finding {
        self.found(Outcome::NotApplicable, why, format_args!(""))
    }

    fn found(
        &mut self,
        outcome: Outcome,
        message: fmt::Arguments<'_>,
        remedy: fmt::Arguments<'_>,
    ) -> Finding {
        self.write(message, remedy);
        Finding::new(outcome)
    }
}

/// Where the record stands with respect to its launch, as the POD and EUR rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Prospect to Committed.
    BeforeLaunch,
    /// Launched; or launched once, when the discount has begun and later changes no longer matter.
    AtLaunch,
    /// Closed Lost.
    ClosedLost,
    /// The stage is not known.
    Unknown,
}

/// One opportunity as the rules see it on one day.
#[derive(Debug)]
pub struct Case<'a, 'd> {
    /// What is known of it.
    pub opp: &'a Opportunity<'d>,
    /// The numbers of the programme.
    pub policy: &'a Policy,
    /// The day on which the question is asked.
    pub as_of: NaiveDate,
    /// Before launch or after, stability considered.
    pub phase: Phase,
    /// The discount has begun on a launched record: what stage and status say now does not matter.
    pub is_stable: bool,
    /// AWS pays the discount, as a discounts document shows.
    pub is_paid: bool,
    /// The month whose bill counts.
    pub spend_month: Option<Month>,
    /// The months during which the discount would be paid.
    pub window: Option<DiscountWindow>,
}

impl Case<'_, '_> {
    /// The stage for the POD and EUR rules: Launched once the discount has begun.
    pub fn effective_stage(&self) -> Option<Stage> {
        if self.is_stable { Some(Stage::Launched) } else { self.opp.stage.known().copied() }
    }

    /// The review status for the POD and EUR rules: Approved once the discount has begun, unless the record says
    /// that it was never submitted or was rejected.
    pub fn effective_review_status(&self) -> Option<ReviewStatus> {
        let status = self.opp.review_status.known().copied();
        match status {
            Some(ReviewStatus::PendingSubmission | ReviewStatus::Rejected) => status,
            _ if self.is_stable => Some(ReviewStatus::Approved),
            _ => status,
        }
    }
}

/// The part of the report a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Partner Originated Discount.
    Pod,
    /// End User Reporting.
    Eur,
    /// Ready to submit.
    Ace,
    /// Kept current.
    Upd,
    /// Across the documents.
    Set,
    /// The partner's readiness.
    Pgm,
}

impl Section {
    /// Those that judge one opportunity, in the order in which they are told.
    pub const OF_ONE: [Section; 4] = [Section::Pod, Section::Eur, Section::Ace, Section::Upd];
}

/// When a rule is asked at all; the judge answers `not_applicable` otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Always.
    Always,
    /// Unless the record is Closed Lost, and neither stable nor paid.
    NotLost,
    /// While the record can still be submitted or corrected, and is not AWS's.
    Submittable,
    /// While the partner can edit it and it is open.
    Editable,
}

impl Gate {
    /// Every gate, in the order in which they are declared.
    pub const ALL: [Gate; 4] = [Gate::Always, Gate::NotLost, Gate::Submittable, Gate::Editable];
}

/// What decides a rule.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// One opportunity.
    Opportunity(for<'a, 'd> fn(&Case<'a, 'd>, &mut Pen) -> Ruling),
    /// All documents together; decided where they are joined.
    Set,
    /// The partner's own answers.
    Partner(fn(&crate::partner::Answers, &mut Pen) -> Finding),
}

/// A rule: what it is called, where it belongs, what it rests on, what it says on its page, and how it decides.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `POD009`; never changes its meaning once released.
    pub id: &'static str,
    /// `spend-below-threshold`.
    pub name: &'static str,
    /// The part of the report it belongs to.
    pub section: Section,
    /// When it is asked at all.
    pub gate: Gate,
    /// The guide section it rests on.
    pub guide: Cite,
    /// The facts it looks at.
    pub facts: &'static [Field],
    /// Its page, in Markdown: what, why, how to fix.
    pub page: &'static str,
    /// How it decides.
    pub check: Check,
}

/// Declares a rule's data; its doc comment is its page, its logic is the function it names.
macro_rules! rule {
    (
        $(#[doc = $page:literal])+
        $id:literal $name:literal {
            section: $section:ident, gate: $gate:ident, guide: $guide:ident, facts: [$($field:ident),* $(,)?], check: $check:expr $(,)?
        }
    ) => {
        $(#[doc = $page])+
        pub(crate) const RULE: crate::rule::Rule = crate::rule::Rule {
            id: $id,
            name: $name,
            section: crate::rule::Section::$section,
            gate: crate::rule::Gate::$gate,
            guide: crate::cite::$guide,
            facts: &[$(crate::field::Field::$field),*],
            page: concat!($($page, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use rule;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_pen_writes_nothing_and_decides_the_same() {
        let (mut silent, mut writing) = (Pen::silent(), Pen::writing());
        let found =
            |pen: &mut Pen| pen.fail(Cure::Never, format_args!("{} is wrong.", 7), format_args!("Mend it."));
        assert_eq!(found(&mut silent), found(&mut writing));
        assert_eq!(silent.take(), Words::default());
        assert_eq!(writing.take(), Words { message: "7 is wrong.".into(), remedy: "Mend it.".into() });
        assert_eq!(writing.take(), Words::default());
    }
}
