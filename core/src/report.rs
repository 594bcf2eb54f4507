//! The one shape that page, bot, files and tests share. JSON Schema and TypeScript are made from these types.
//!
//! Keys are camelCase, values of enums snake_case, money is a decimal string, a date is ISO. Counting starts at 1
//! for records, lines and columns; columns and offsets count UTF-16 code units, as editors and browsers do.

use crate::calendar::MonthState;
use crate::document::{Format, Kind};
use crate::ordered::Ordered;
use crate::rule::{Outcome, Section};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }
        )*
    };
}

macro_rules! answers {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident $text:literal,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
            #[serde(rename_all = "snake_case")]
            pub enum $name { $($(#[$variant_meta])* $variant,)* }

            impl $name {
                /// Every value, worst first.
                pub const ALL: &'static [$name] = &[$($name::$variant,)*];

                /// The value as the report spells it.
                pub const fn as_str(self) -> &'static str {
                    match self { $($name::$variant => $text,)* }
                }

                /// The value that the report spells so.
                pub fn parse(text: &str) -> Option<$name> {
                    $name::ALL.iter().find(|value| value.as_str() == text).copied()
                }
            }
        )*
    };
}

answers! {
    /// Whether the opportunity earns the discount.
    pub enum Verdict {
        /// Something rules it out that can no longer be put right.
        NotEligible "not_eligible",
        /// Something rules it out that can be put right.
        NeedsFixing "needs_fixing",
        /// Something that is needed now is not known.
        NeedsInformation "needs_information",
        /// Nothing stands against it; something cannot be true yet.
        OnTrack "on_track",
        /// Everything is as it must be.
        Eligible "eligible",
        /// The discount has run its course.
        Ended "ended",
    }

    /// Whether AWS would accept the record.
    pub enum Submission {
        /// Something would be rejected.
        WouldBeRejected "would_be_rejected",
        /// Something required is missing.
        Incomplete "incomplete",
        /// What is required is not shown in what was pasted.
        NotShown "not_shown",
        /// Nothing stands in the way.
        Ready "ready",
        /// It was handed in.
        Submitted "submitted",
        /// There is nothing to hand in.
        NotNeeded "not_needed",
    }

    /// Whether the record is kept current.
    pub enum Upkeep {
        /// The last update is too old.
        Overdue "overdue",
        /// AWS sent it back.
        ActionRequired "action_required",
        /// An update is due within days.
        DueSoon "due_soon",
        /// When it was last updated is not known.
        Unknown "unknown",
        /// It is a draft.
        NotSubmitted "not_submitted",
        /// AWS is reviewing it; it cannot be edited.
        Locked "locked",
        /// Updated in time.
        UpToDate "up_to_date",
        /// It is over.
        NotNeeded "not_needed",
    }

    /// Where the discount window stands.
    pub enum WindowState {
        /// It cannot start as things stand.
        Void "void",
        /// It has not started.
        Upcoming "upcoming",
        /// The discount runs.
        Active "active",
        /// It is over.
        Ended "ended",
    }

    /// What kind of thing is to be done.
    pub enum ActionKind {
        /// Something that stands against it is to be put right.
        Fix "fix",
        /// A fact is missing.
        Fill "fill",
        /// The record is due for an update, or overdue.
        Update "update",
        /// The bill is to be kept low, or to be verified.
        Spend "spend",
        /// The close date is near, or does not fit.
        CloseDate "close_date",
        /// AWS's review is to be passed.
        Review "review",
        /// The launch is to be set, or prepared.
        Launch "launch",
        /// End User Reporting is to be completed or checked.
        Eur "eur",
        /// The discount starts.
        Starts "starts",
        /// The discount ends.
        Ends "ends",
    }

    /// What a close month would mean for the spend threshold.
    pub enum PlanState {
        /// The bill of the month before is over and below the threshold.
        Qualifies "qualifies",
        /// It is at or above the threshold, or forecast to be.
        Fails "fails",
        /// It is below so far, and not over.
        Provisional "provisional",
        /// It is not known.
        Unknown "unknown",
    }
}

shapes! {
    /// Everything pod-check has to say about what it was given.
    pub struct Report {
        /// Everything but the opportunities; its fields stand beside them.
        #[serde(flatten)]
        pub summary: Summary,
        /// What was decided, opportunity by opportunity.
        pub opportunities: Vec<OpportunityReport>,
    }

    /// What was given, and how much of it could be used.
    pub struct DocumentReport {
        /// Its index, from 0.
        pub index: usize,
        /// The name it was given.
        pub name: String,
        /// What it is about.
        pub kind: Kind,
        /// In which shape it came.
        pub format: Format,
        /// How many records it has.
        pub records: usize,
        /// How many of its rows belong to an opportunity; null for opportunities themselves.
        pub matched: Option<usize>,
        /// What could not be read.
        pub problems: Vec<ProblemReport>,
        /// How many more problems there are than are listed.
        pub more_problems: usize,
    }

    /// Something that could not be used.
    pub struct ProblemReport {
        /// What is wrong, where, and what to do.
        pub message: String,
        /// Where it stands, if it stands anywhere.
        pub place: Option<Place>,
    }

    /// A place in what was given.
    pub struct Place {
        /// The document's index, from 0.
        pub document: u16,
        /// The record, from 1; null for a place outside the records.
        pub record: Option<u32>,
        /// The heading or path as it stands there.
        pub field: String,
        /// The line; for a workbook the row of the sheet.
        pub line: u32,
        /// The column; for a workbook the number of the sheet's column.
        pub column: u32,
        /// The line of the end.
        pub end_line: u32,
        /// The column after the last character.
        pub end_column: u32,
        /// The offset of the first character in the document's text; null for a workbook.
        pub start: Option<u32>,
        /// The offset after the last character; null for a workbook.
        pub end: Option<u32>,
    }

    /// What was decided of one opportunity.
    pub struct OpportunityReport {
        /// The opportunity id, else the partner CRM id, else `document 1 record 3`.
        pub key: String,
        /// The project title.
        pub title: Option<String>,
        /// The customer's name.
        pub customer: Option<String>,
        /// The one AWS account id.
        pub account_id: Option<String>,
        /// Whether it earns the discount.
        pub verdict: Verdict,
        /// Whether AWS would accept the record.
        pub submission: Submission,
        /// Whether the record is kept current.
        pub upkeep: Upkeep,
        /// The verdict as a sentence that can be repeated.
        pub headline: String,
        /// Every rule of POD, EUR, ACE and UPD, once, in the order of the registry.
        pub checks: Vec<CheckReport>,
        /// When the discount would run; null without a close date or when Closed Lost.
        pub window: Option<WindowReport>,
        /// The month whose bill counts; null without a close date.
        pub spend_month: Option<SpendMonthReport>,
        /// When it was last updated and when the next is due; null when not applicable or not known.
        pub update: Option<UpdateReport>,
        /// When AWS's review should end; null when none is under way.
        pub review: Option<ReviewReport>,
        /// What the stage asks for; null when it is not known.
        pub stage: Option<StageReport>,
        /// What to do next, by date.
        pub actions: Vec<Action>,
        /// What another close month would mean; null after launch.
        pub planner: Option<Planner>,
        /// One copy per account id, each judged on its own, when the record names several.
        pub split: Vec<OpportunityReport>,
        /// Every fact, by canonical name.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<String, FactReport>"), schemars(with = "std::collections::BTreeMap<String, FactReport>"))]
        pub facts: Ordered<String, FactReport>,
    }

    /// What one rule found.
    pub struct CheckReport {
        /// The rule's id.
        pub rule: String,
        /// The rule's name.
        pub name: String,
        /// The part of the report it belongs to.
        pub section: Section,
        /// What was found.
        pub outcome: Outcome,
        /// Whether a failure can be put right; null for every other outcome.
        pub curable: Option<bool>,
        /// What is so.
        pub message: String,
        /// What to do; empty when there is nothing to do.
        pub remedy: String,
        /// It rests on a reading of the guide where the guide is silent.
        pub reading: bool,
        /// The facts it looked at.
        pub facts: Vec<String>,
        /// Where they stand.
        pub places: Vec<Place>,
        /// The guide section it rests on.
        pub guide: String,
    }

    /// When the discount would run.
    pub struct WindowReport {
        /// The first day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub start: NaiveDate,
        /// The last day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub end: NaiveDate,
        /// Where it stands.
        pub state: WindowState,
        /// The number of the running month, from 1.
        pub month: Option<u32>,
        /// It starts only if the opportunity is launched.
        pub assumes_launch: bool,
        /// On what it depends, as a sentence.
        pub condition: String,
    }

    /// The month whose bill counts.
    pub struct SpendMonthReport {
        /// `2026-11`.
        pub month: String,
        /// Its amount in US dollars, where it is known.
        #[cfg_attr(feature = "schema", ts(type = "string | null"))]
        pub amount: Option<Decimal>,
        /// Over, running or ahead.
        pub state: MonthState,
        /// The amount must stay below this.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub threshold: Decimal,
    }

    /// When the record was last updated.
    pub struct UpdateReport {
        /// The day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub last: NaiveDate,
        /// The fact that says so.
        pub source: String,
        /// When the next update is due.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub due: NaiveDate,
        /// How many days late it is; 0 when it is not.
        pub days_overdue: u32,
    }

    /// When AWS's review should end.
    pub struct ReviewReport {
        /// When it was submitted, where that is known.
        #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
        pub submitted: Option<NaiveDate>,
        /// The earliest expected day.
        #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
        pub earliest: Option<NaiveDate>,
        /// The latest expected day.
        #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
        pub latest: Option<NaiveDate>,
    }

    /// What the stage asks for.
    pub struct StageReport {
        /// The stage.
        pub value: String,
        /// What the guide asks for at this stage.
        pub requires: String,
        /// The next stage.
        pub next: Option<String>,
    }

    /// Something to do.
    pub struct Action {
        /// Its id within the opportunity, such as `POD009-verify`: the same when its date or its words change.
        pub id: String,
        /// What kind of thing it is.
        pub kind: ActionKind,
        /// The rule it comes from.
        pub rule: String,
        /// By when.
        #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
        pub due: Option<NaiveDate>,
        /// What.
        pub text: String,
    }

    /// What other close months would mean.
    pub struct Planner {
        /// Month by month, from the current one.
        pub months: Vec<PlannedMonthReport>,
        /// The best choice.
        pub best: Option<BestMonth>,
    }

    /// What one close month would mean.
    pub struct PlannedMonthReport {
        /// The month of the close date.
        pub close_month: String,
        /// The month whose bill would count.
        pub spend_month: String,
        /// Its amount, where it is known.
        #[cfg_attr(feature = "schema", ts(type = "string | null"))]
        pub amount: Option<Decimal>,
        /// What it means.
        pub state: PlanState,
        /// The discount's first day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub start: NaiveDate,
        /// The discount's last day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub end: NaiveDate,
    }

    /// The best close month.
    pub struct BestMonth {
        /// The month.
        pub close_month: String,
        /// Its last day.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub last_day: NaiveDate,
    }

    /// One fact.
    pub struct FactReport {
        /// The value in canonical form; null when it is not known.
        pub value: Option<String>,
        /// Why it is not known: `blank`, `not_in_format`, `no_row`, `unreadable`, `ambiguous`, `masked`, `conflicting`.
        pub unknown: Option<String>,
        /// Why it is not known, as a sentence.
        pub why: Option<String>,
        /// What was done to read it, as a sentence.
        pub note: Option<String>,
        /// You stated it.
        pub stated: bool,
        /// What the document says instead, when you stated something else.
        pub document_value: Option<String>,
        /// Where it stands.
        pub places: Vec<Place>,
    }

    /// What shows only across opportunities and documents.
    pub struct SetFinding {
        /// The rule.
        pub rule: String,
        /// What is so.
        pub message: String,
        /// What to do.
        pub remedy: String,
        /// The opportunities concerned.
        pub opportunities: Vec<String>,
        /// Where it stands.
        pub places: Vec<Place>,
    }

    /// Counts and metrics.
    pub struct Portfolio {
        /// How many opportunities there are.
        pub opportunities: usize,
        /// How many have each verdict.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<Verdict, usize>"), schemars(with = "std::collections::BTreeMap<Verdict, usize>"))]
        pub verdicts: Ordered<Verdict, usize>,
        /// How many have each answer on submission.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<Submission, usize>"), schemars(with = "std::collections::BTreeMap<Submission, usize>"))]
        pub submission: Ordered<Submission, usize>,
        /// How many have each answer on upkeep.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<Upkeep, usize>"), schemars(with = "std::collections::BTreeMap<Upkeep, usize>"))]
        pub upkeep: Ordered<Upkeep, usize>,
        /// For each rule, how many opportunities have each outcome that needs attention.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<String, std::collections::BTreeMap<Outcome, usize>>"), schemars(with = "std::collections::BTreeMap<String, std::collections::BTreeMap<Outcome, usize>>"))]
        pub rules: Ordered<String, Ordered<Outcome, usize>>,
        /// The guide's metrics.
        pub metrics: Vec<Metric>,
    }

    /// One of the guide's metrics.
    pub struct Metric {
        /// Its id: `pod_qualification_rate`.
        pub id: String,
        /// What it is called.
        pub name: String,
        /// What is counted of what, as a sentence.
        pub definition: String,
        /// What is counted.
        pub numerator: usize,
        /// Of how many.
        pub denominator: usize,
        /// Their quotient with four decimals; null when the denominator is 0.
        pub rate: Option<String>,
    }

    /// What AWS pays against what it should.
    pub struct Reconciliation {
        /// Launched opportunities and other accounts of the discounts document, missing money first.
        pub accounts: Vec<ReconciledAccount>,
        /// The sum of partner-originated discounts.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub partner_originated: Decimal,
        /// The sum of no-EUR discounts.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub no_eur: Decimal,
        /// Accounts with a no-EUR discount.
        pub no_eur_accounts: usize,
        /// Active windows without a partner-originated amount.
        pub unpaid_accounts: usize,
        /// Partner-originated amounts outside any window or on accounts without an opportunity, summed.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub unexplained: Decimal,
        /// How many accounts have such an amount.
        pub unexplained_accounts: usize,
    }

    /// What AWS pays for one account.
    pub struct ReconciledAccount {
        /// The account.
        pub account_id: String,
        /// The opportunity it belongs to.
        pub key: Option<String>,
        /// What was found.
        pub finding: ReconciledFinding,
        /// As a sentence.
        pub message: String,
        /// How many lines of the discounts document are about it.
        pub lines: usize,
        /// The partner-originated discount inside the window.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub partner_originated: Decimal,
        /// The partner-originated discount outside any window.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub outside: Decimal,
        /// The no-EUR discount.
        #[cfg_attr(feature = "schema", ts(type = "string"))]
        pub no_eur: Decimal,
        /// The discount window.
        pub window: Option<WindowReport>,
    }

    /// What changed since an earlier report.
    pub struct Changes {
        /// The earlier report's day.
        pub since: String,
        /// Those whose verdict changed.
        pub changed: Vec<ChangedVerdict>,
        /// Those that are new.
        pub new: Vec<String>,
        /// Those that are gone.
        pub gone: Vec<String>,
    }

    /// An opportunity whose verdict changed.
    pub struct ChangedVerdict {
        /// The opportunity.
        pub key: String,
        /// What it was.
        pub from: String,
        /// What it is.
        pub to: Verdict,
    }

    /// The partner's own readiness.
    pub struct PartnerReport {
        /// Every PGM rule.
        pub checks: Vec<CheckReport>,
        /// The guide's checklists.
        pub checklists: Vec<ChecklistReport>,
    }

    /// One of the guide's checklists.
    pub struct ChecklistReport {
        /// Its title.
        pub title: String,
        /// Its items.
        pub items: Vec<ChecklistItemReport>,
    }

    /// One item of a checklist.
    pub struct ChecklistItemReport {
        /// Its id: `setup-1`.
        pub id: String,
        /// What is to be done.
        pub text: String,
        /// Whether it is; null when it was not said.
        pub done: Option<bool>,
    }

    /// One line of a list of opportunities: what can be told without making sentences.
    pub struct Row {
        /// The opportunity's key.
        pub key: String,
        /// The project title.
        pub title: Option<String>,
        /// The customer's name.
        pub customer: Option<String>,
        /// The one AWS account id.
        pub account_id: Option<String>,
        /// The stage, as AWS spells it.
        pub stage: Option<String>,
        /// The close date.
        #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
        pub close_date: Option<NaiveDate>,
        /// Whether it earns the discount.
        pub verdict: Verdict,
        /// Whether AWS would accept the record.
        pub submission: Submission,
        /// Whether the record is kept current.
        pub upkeep: Upkeep,
        /// How many checks of POD, EUR, ACE and UPD had each outcome that needs attention.
        #[cfg_attr(feature = "schema", ts(as = "std::collections::BTreeMap<Outcome, usize>"), schemars(with = "std::collections::BTreeMap<Outcome, usize>"))]
        pub counts: Ordered<Outcome, usize>,
        /// What to do first.
        pub next: Option<Action>,
    }

    /// Part of a list of opportunities.
    pub struct Page {
        /// How many there are in all.
        pub total: usize,
        /// The index of the first of these.
        pub from: usize,
        /// The lines.
        pub rows: Vec<Row>,
    }

    /// One line of the agenda.
    pub struct AgendaItem {
        /// The opportunity's key.
        pub key: String,
        /// The customer's name.
        pub customer: Option<String>,
        /// The project title.
        pub title: Option<String>,
        /// Whether the opportunity earns the discount.
        pub verdict: Verdict,
        /// What is to be done.
        pub action: Action,
    }

    /// Part of what is to be done by when, across all opportunities.
    pub struct Agenda {
        /// How many actions match in all.
        pub total: usize,
        /// Of how many opportunities these are.
        pub opportunities: usize,
        /// The index of the first of these.
        pub from: usize,
        /// How many of all that match were due before the day on which the question is asked.
        pub overdue: usize,
        /// How many are due on that day.
        pub today: usize,
        /// How many are due after it.
        pub later: usize,
        /// The actions, by day.
        pub items: Vec<AgendaItem>,
    }

    /// Everything but the opportunities.
    pub struct Summary {
        /// The edition of the rules.
        pub ruleset: String,
        /// The day on which the question was asked.
        #[cfg_attr(feature = "schema", ts(type = "string"), schemars(with = "String", extend("format" = "date")))]
        pub as_of: NaiveDate,
        /// The numbers by which was judged.
        pub policy: crate::policy::Policy,
        /// What was given.
        pub documents: Vec<DocumentReport>,
        /// What shows only across opportunities and documents.
        pub set: Vec<SetFinding>,
        /// Counts and metrics.
        pub portfolio: Portfolio,
        /// What AWS pays against what it should; null without a discounts document.
        pub reconciliation: Option<Reconciliation>,
        /// What changed since an earlier report; null without one.
        pub changes: Option<Changes>,
        /// The partner's own readiness, from its answers; null without answers.
        pub partner: Option<PartnerReport>,
        /// The documents that would decide more, the most useful first.
        pub wanted: Vec<WantedDocument>,
        /// What could not be used, beside the documents' own problems.
        pub problems: Vec<ProblemReport>,
    }

    /// A document that was not given, or not for all, and would decide something.
    pub struct WantedDocument {
        /// What it is about.
        pub kind: WantedKind,
        /// How many opportunities it would say something of.
        pub opportunities: usize,
        /// What to drop and what it decides, as a sentence.
        pub message: String,
    }

    /// A cell that stands otherwise in the corrected import file than in what was given.
    pub struct Correction {
        /// The opportunity's key.
        pub key: String,
        /// The document's index, from 0.
        pub document: u16,
        /// The line; for a workbook the row of the sheet.
        pub line: u32,
        /// The heading of its column in the import file.
        pub field: String,
        /// What was given.
        pub from: String,
        /// What stands in the file.
        pub to: String,
        /// Why, as a sentence.
        pub why: String,
    }

    /// Part of what was corrected in the import file, and what a person has to look at.
    pub struct Corrections {
        /// How many rows the import file has.
        pub rows: usize,
        /// How many cells were corrected in all.
        pub total: usize,
        /// The index of the first of these.
        pub from: usize,
        /// The corrections, in the order of the rows and columns.
        pub changes: Vec<Correction>,
        /// What could not be corrected and what to know before importing, as sentences.
        pub notes: Vec<String>,
    }

    /// A rule's page.
    pub struct Explanation {
        /// The rule's id.
        pub rule: String,
        /// The rule's name.
        pub name: String,
        /// The part of the report it belongs to.
        pub section: Section,
        /// The guide section it rests on.
        pub guide: String,
        /// The facts it looks at.
        pub facts: Vec<String>,
        /// What, why, how to fix: Markdown.
        pub page: String,
    }
}

answers! {
    /// Which document is wanted.
    pub enum WantedKind {
        /// End User Reporting.
        Eur "eur",
        /// What accounts were billed.
        Spend "spend",
        /// What AWS pays.
        Discounts "discounts",
    }

    /// What the discounts document shows of one account.
    pub enum ReconciledFinding {
        /// The window is active and nothing is paid.
        Unpaid "unpaid",
        /// AWS charges for a missing End User Reporting record.
        NoEur "no_eur",
        /// Something is paid outside any window, or without an opportunity.
        Unexplained "unexplained",
        /// Paid as it should be.
        Paid "paid",
        /// Nothing is paid and nothing is due.
        Nothing "nothing",
    }
}

/// Which opportunities to list, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Query {
    /// The index of the first one wanted.
    pub from: usize,
    /// How many are wanted at most.
    pub limit: usize,
    /// Only these verdicts; all when empty.
    pub verdicts: Vec<String>,
    /// Only these answers on submission; all when empty.
    pub submission: Vec<String>,
    /// Only these answers on upkeep; all when empty.
    pub upkeep: Vec<String>,
    /// Only those in which this rule needs attention.
    pub rule: String,
    /// Only with this outcome of `rule`; any that needs attention when empty.
    pub outcome: String,
    /// Only those that this metric is about, by its id.
    pub metric: String,
    /// Of those: `yes` what it counts, `no` what it does not count; all when empty.
    pub counted: String,
    /// Only those whose key, title or customer holds this text, whatever the case.
    pub search: String,
    /// The order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
}

/// Which part of the agenda is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AgendaQuery {
    /// The index of the first one wanted.
    pub from: usize,
    /// How many are wanted at most.
    pub limit: usize,
    /// Only what is due by this day.
    #[cfg_attr(feature = "schema", ts(type = "string | null"), schemars(with = "Option<String>", extend("format" = "date")))]
    pub until: Option<IsoDay>,
    /// Only these kinds of action; all when empty.
    pub kinds: Vec<String>,
}

/// A day that is written `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsoDay(pub NaiveDate);

impl<'de> Deserialize<'de> for IsoDay {
    fn deserialize<D: serde::Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let text = String::deserialize(given)?;
        let day = crate::calendar::iso_day(&text);
        day.map(IsoDay).ok_or_else(|| {
            serde::de::Error::custom(format_args!("{text:?} is no day. Write it as 2026-11-22."))
        })
    }
}

/// An order of opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What can still be put right first, and of that the earliest due date.
    #[default]
    Urgent,
    /// The earliest due date first.
    Due,
    /// By customer.
    Customer,
    /// By key.
    Key,
    /// By close date.
    CloseDate,
    /// As they stand in the documents.
    Given,
}
