// Written by: PODCHECK_WRITE=1 cargo test -p podcheck-web types

/**
 * Something to do.
 */
export type Action = { 
/**
 * Its id within the opportunity, such as `POD009-verify`: the same when its date or its words change.
 */
id: string, 
/**
 * What kind of thing it is.
 */
kind: ActionKind, 
/**
 * The rule it comes from.
 */
rule: string, 
/**
 * By when.
 */
due: string | null, 
/**
 * What.
 */
text: string, };

/**
 * What kind of thing is to be done.
 */
export type ActionKind = "fix" | "fill" | "update" | "spend" | "close_date" | "review" | "launch" | "eur" | "starts" | "ends";

/**
 * Part of what is to be done by when, across all opportunities.
 */
export type Agenda = { 
/**
 * How many actions match in all.
 */
total: number, 
/**
 * Of how many opportunities these are.
 */
opportunities: number, 
/**
 * The index of the first of these.
 */
from: number, 
/**
 * How many of all that match were due before the day on which the question is asked.
 */
overdue: number, 
/**
 * How many are due on that day.
 */
today: number, 
/**
 * How many are due after it.
 */
later: number, 
/**
 * The actions, by day.
 */
items: Array<AgendaItem>, };

/**
 * One line of the agenda.
 */
export type AgendaItem = { 
/**
 * The opportunity's key.
 */
key: string, 
/**
 * The customer's name.
 */
customer: string | null, 
/**
 * The project title.
 */
title: string | null, 
/**
 * Whether the opportunity earns the discount.
 */
verdict: Verdict, 
/**
 * What is to be done.
 */
action: Action, };

/**
 * Which part of the agenda is wanted.
 */
export type AgendaQuery = { 
/**
 * The index of the first one wanted.
 */
from: number, 
/**
 * How many are wanted at most.
 */
limit: number, 
/**
 * Only what is due by this day.
 */
until: string | null, 
/**
 * Only these kinds of action; all when empty.
 */
kinds: Array<string>, };

/**
 * The best close month.
 */
export type BestMonth = { 
/**
 * The month.
 */
closeMonth: string, 
/**
 * Its last day.
 */
lastDay: string, };

/**
 * An opportunity whose verdict changed.
 */
export type ChangedVerdict = { 
/**
 * The opportunity.
 */
key: string, 
/**
 * What it was.
 */
from: string, 
/**
 * What it is.
 */
to: Verdict, };

/**
 * What changed since an earlier report.
 */
export type Changes = { 
/**
 * The earlier report's day.
 */
since: string, 
/**
 * Those whose verdict changed.
 */
changed: Array<ChangedVerdict>, 
/**
 * Those that are new.
 */
new: Array<string>, 
/**
 * Those that are gone.
 */
gone: Array<string>, };

/**
 * What one rule found.
 */
export type CheckReport = { 
/**
 * The rule's id.
 */
rule: string, 
/**
 * The rule's name.
 */
name: string, 
/**
 * The part of the report it belongs to.
 */
section: Section, 
/**
 * What was found.
 */
outcome: Outcome, 
/**
 * Whether a failure can be put right; null for every other outcome.
 */
curable: boolean | null, 
/**
 * What is so.
 */
message: string, 
/**
 * What to do; empty when there is nothing to do.
 */
remedy: string, 
/**
 * It rests on a reading of the guide where the guide is silent.
 */
reading: boolean, 
/**
 * The facts it looked at.
 */
facts: Array<string>, 
/**
 * Where they stand.
 */
places: Array<Place>, 
/**
 * The guide section it rests on.
 */
guide: string, };

/**
 * One item of a checklist.
 */
export type ChecklistItemReport = { 
/**
 * Its id: `setup-1`.
 */
id: string, 
/**
 * What is to be done.
 */
text: string, 
/**
 * Whether it is; null when it was not said.
 */
done: boolean | null, };

/**
 * One of the guide's checklists.
 */
export type ChecklistReport = { 
/**
 * Its title.
 */
title: string, 
/**
 * Its items.
 */
items: Array<ChecklistItemReport>, };

/**
 * A cell that stands otherwise in the corrected import file than in what was given.
 */
export type Correction = { 
/**
 * The opportunity's key.
 */
key: string, 
/**
 * The document's index, from 0.
 */
document: number, 
/**
 * The line; for a workbook the row of the sheet.
 */
line: number, 
/**
 * The heading of its column in the import file.
 */
field: string, 
/**
 * What was given.
 */
from: string, 
/**
 * What stands in the file.
 */
to: string, 
/**
 * Why, as a sentence.
 */
why: string, };

/**
 * Part of what was corrected in the import file, and what a person has to look at.
 */
export type Corrections = { 
/**
 * How many rows the import file has.
 */
rows: number, 
/**
 * How many cells were corrected in all.
 */
total: number, 
/**
 * The index of the first of these.
 */
from: number, 
/**
 * The corrections, in the order of the rows and columns.
 */
changes: Array<Correction>, 
/**
 * What could not be corrected and what to know before importing, as sentences.
 */
notes: Array<string>, };

/**
 * What was given, and how much of it could be used.
 */
export type DocumentReport = { 
/**
 * Its index, from 0.
 */
index: number, 
/**
 * The name it was given.
 */
name: string, 
/**
 * What it is about.
 */
kind: Kind, 
/**
 * In which shape it came.
 */
format: Format, 
/**
 * How many records it has.
 */
records: number, 
/**
 * How many of its rows belong to an opportunity; null for opportunities themselves.
 */
matched: number | null, 
/**
 * What could not be read.
 */
problems: Array<ProblemReport>, 
/**
 * How many more problems there are than are listed.
 */
moreProblems: number, };

/**
 * A rule's page.
 */
export type Explanation = { 
/**
 * The rule's id.
 */
rule: string, 
/**
 * The rule's name.
 */
name: string, 
/**
 * The part of the report it belongs to.
 */
section: Section, 
/**
 * The guide section it rests on.
 */
guide: string, 
/**
 * The facts it looks at.
 */
facts: Array<string>, 
/**
 * What, why, how to fix: Markdown.
 */
page: string, };

/**
 * One fact.
 */
export type FactReport = { 
/**
 * The value in canonical form; null when it is not known.
 */
value: string | null, 
/**
 * Why it is not known: `blank`, `not_in_format`, `no_row`, `unreadable`, `ambiguous`, `masked`, `conflicting`.
 */
unknown: string | null, 
/**
 * Why it is not known, as a sentence.
 */
why: string | null, 
/**
 * What was done to read it, as a sentence.
 */
note: string | null, 
/**
 * You stated it.
 */
stated: boolean, 
/**
 * What the document says instead, when you stated something else.
 */
documentValue: string | null, 
/**
 * Where it stands.
 */
places: Array<Place>, };

/**
 * In which shape it came.
 */
export type Format = "api_create" | "api_update" | "api_get" | "api_list" | "api_aws_summary" | "api_csv" | "s3_outbound" | "s3_inbound" | "ace_export" | "ace_import" | "salesforce" | "hubspot" | "opportunity_pipeline" | "canonical_json" | "canonical_table" | "key_value" | "eur_table" | "channel_relationships" | "account_relationships" | "cost_explorer" | "cost_and_usage_report" | "spp_report" | "discount_business_report" | "pod_check_report" | "s3_results" | "leads" | "event" | "api_error" | "unrecognised";

/**
 * What a document is about.
 */
export type Kind = "opportunities" | "eur" | "spend" | "discounts" | "facts" | "report" | "ignored";

/**
 * One of the guide's metrics.
 */
export type Metric = { 
/**
 * Its id: `pod_qualification_rate`.
 */
id: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * What is counted of what, as a sentence.
 */
definition: string, 
/**
 * What is counted.
 */
numerator: number, 
/**
 * Of how many.
 */
denominator: number, 
/**
 * Their quotient with four decimals; null when the denominator is 0.
 */
rate: string | null, };

/**
 * Where a month stands on the as-of day.
 */
export type MonthState = "over" | "running" | "ahead";

/**
 * What was decided of one opportunity.
 */
export type OpportunityReport = { 
/**
 * The opportunity id, else the partner CRM id, else `document 1 record 3`.
 */
key: string, 
/**
 * The project title.
 */
title: string | null, 
/**
 * The customer's name.
 */
customer: string | null, 
/**
 * The one AWS account id.
 */
accountId: string | null, 
/**
 * Whether it earns the discount.
 */
verdict: Verdict, 
/**
 * Whether AWS would accept the record.
 */
submission: Submission, 
/**
 * Whether the record is kept current.
 */
upkeep: Upkeep, 
/**
 * The verdict as a sentence that can be repeated.
 */
headline: string, 
/**
 * Every rule of POD, EUR, ACE and UPD, once, in the order of the registry.
 */
checks: Array<CheckReport>, 
/**
 * When the discount would run; null without a close date or when Closed Lost.
 */
window: WindowReport | null, 
/**
 * The month whose bill counts; null without a close date.
 */
spendMonth: SpendMonthReport | null, 
/**
 * When it was last updated and when the next is due; null when not applicable or not known.
 */
update: UpdateReport | null, 
/**
 * When AWS's review should end; null when none is under way.
 */
review: ReviewReport | null, 
/**
 * What the stage asks for; null when it is not known.
 */
stage: StageReport | null, 
/**
 * What to do next, by date.
 */
actions: Array<Action>, 
/**
 * What another close month would mean; null after launch.
 */
planner: Planner | null, 
/**
 * One copy per account id, each judged on its own, when the record names several.
 */
split: Array<OpportunityReport>, 
/**
 * Every fact, by canonical name.
 */
facts: { [key in string]: FactReport }, };

/**
 * What a rule found.
 */
export type Outcome = "pass" | "fail" | "unknown" | "pending" | "warning" | "advice" | "not_applicable";

/**
 * Part of a list of opportunities.
 */
export type Page = { 
/**
 * How many there are in all.
 */
total: number, 
/**
 * The index of the first of these.
 */
from: number, 
/**
 * The lines.
 */
rows: Array<Row>, };

/**
 * The partner's own readiness.
 */
export type PartnerReport = { 
/**
 * Every PGM rule.
 */
checks: Array<CheckReport>, 
/**
 * The guide's checklists.
 */
checklists: Array<ChecklistReport>, };

/**
 * A place in what was given.
 */
export type Place = { 
/**
 * The document's index, from 0.
 */
document: number, 
/**
 * The record, from 1; null for a place outside the records.
 */
record: number | null, 
/**
 * The heading or path as it stands there.
 */
field: string, 
/**
 * The line; for a workbook the row of the sheet.
 */
line: number, 
/**
 * The column; for a workbook the number of the sheet's column.
 */
column: number, 
/**
 * The line of the end.
 */
endLine: number, 
/**
 * The column after the last character.
 */
endColumn: number, 
/**
 * The offset of the first character in the document's text; null for a workbook.
 */
start: number | null, 
/**
 * The offset after the last character; null for a workbook.
 */
end: number | null, };

/**
 * What a close month would mean for the spend threshold.
 */
export type PlanState = "qualifies" | "fails" | "provisional" | "unknown";

/**
 * What one close month would mean.
 */
export type PlannedMonthReport = { 
/**
 * The month of the close date.
 */
closeMonth: string, 
/**
 * The month whose bill would count.
 */
spendMonth: string, 
/**
 * Its amount, where it is known.
 */
amount: string | null, 
/**
 * What it means.
 */
state: PlanState, 
/**
 * The discount's first day.
 */
start: string, 
/**
 * The discount's last day.
 */
end: string, };

/**
 * What other close months would mean.
 */
export type Planner = { 
/**
 * Month by month, from the current one.
 */
months: Array<PlannedMonthReport>, 
/**
 * The best choice.
 */
best: BestMonth | null, };

/**
 * The numbers by which opportunities are judged.
 */
export type Policy = { 
/**
 * The edition of the rules: `2026-11`.
 */
ruleset: string, 
/**
 * Billed revenue of the spend month must be strictly less.
 */
spendThresholdUsd: string, 
/**
 * Within so many percent below the threshold, a pass carries a note.
 */
nearThresholdPercent: number, 
/**
 * How long the discount is paid.
 */
discountMonths: number, 
/**
 * How old the last update may be.
 */
updateCadenceDays: number, 
/**
 * How long before that an update is due soon.
 */
updateDueSoonDays: number, 
/**
 * How fast AWS may review.
 */
reviewBusinessDaysMin: number, 
/**
 * How long AWS may review.
 */
reviewBusinessDaysMax: number, 
/**
 * How far ahead a close date may lie.
 */
closeDateHorizonYears: number, 
/**
 * How many months the close-date planner shows.
 */
plannerMonths: number, 
/**
 * How long before the close date a deal should be Committed.
 */
lateStageDays: number, };

/**
 * Counts and metrics.
 */
export type Portfolio = { 
/**
 * How many opportunities there are.
 */
opportunities: number, 
/**
 * How many have each verdict.
 */
verdicts: { [key in Verdict]?: number }, 
/**
 * How many have each answer on submission.
 */
submission: { [key in Submission]?: number }, 
/**
 * How many have each answer on upkeep.
 */
upkeep: { [key in Upkeep]?: number }, 
/**
 * For each rule, how many opportunities have each outcome that needs attention.
 */
rules: { [key in string]: { [key in Outcome]?: number } }, 
/**
 * The guide's metrics.
 */
metrics: Array<Metric>, };

/**
 * Something that could not be used.
 */
export type ProblemReport = { 
/**
 * What is wrong, where, and what to do.
 */
message: string, 
/**
 * Where it stands, if it stands anywhere.
 */
place: Place | null, };

/**
 * Which opportunities to list, and in which order.
 */
export type Query = { 
/**
 * The index of the first one wanted.
 */
from: number, 
/**
 * How many are wanted at most.
 */
limit: number, 
/**
 * Only these verdicts; all when empty.
 */
verdicts: Array<string>, 
/**
 * Only these answers on submission; all when empty.
 */
submission: Array<string>, 
/**
 * Only these answers on upkeep; all when empty.
 */
upkeep: Array<string>, 
/**
 * Only those in which this rule needs attention.
 */
rule: string, 
/**
 * Only with this outcome of `rule`; any that needs attention when empty.
 */
outcome: string, 
/**
 * Only those that this metric is about, by its id.
 */
metric: string, 
/**
 * Of those: `yes` what it counts, `no` what it does not count; all when empty.
 */
counted: string, 
/**
 * Only those whose key, title or customer holds this text, whatever the case.
 */
search: string, 
/**
 * The order.
 */
sort: Sort, 
/**
 * The other way round.
 */
descending: boolean, };

/**
 * What AWS pays for one account.
 */
export type ReconciledAccount = { 
/**
 * The account.
 */
accountId: string, 
/**
 * The opportunity it belongs to.
 */
key: string | null, 
/**
 * What was found.
 */
finding: ReconciledFinding, 
/**
 * As a sentence.
 */
message: string, 
/**
 * How many lines of the discounts document are about it.
 */
lines: number, 
/**
 * The partner-originated discount inside the window.
 */
partnerOriginated: string, 
/**
 * The partner-originated discount outside any window.
 */
outside: string, 
/**
 * The no-EUR discount.
 */
noEur: string, 
/**
 * The discount window.
 */
window: WindowReport | null, };

/**
 * What the discounts document shows of one account.
 */
export type ReconciledFinding = "unpaid" | "no_eur" | "unexplained" | "paid" | "nothing";

/**
 * What AWS pays against what it should.
 */
export type Reconciliation = { 
/**
 * Launched opportunities and other accounts of the discounts document, missing money first.
 */
accounts: Array<ReconciledAccount>, 
/**
 * The sum of partner-originated discounts.
 */
partnerOriginated: string, 
/**
 * The sum of no-EUR discounts.
 */
noEur: string, 
/**
 * Accounts with a no-EUR discount.
 */
noEurAccounts: number, 
/**
 * Active windows without a partner-originated amount.
 */
unpaidAccounts: number, 
/**
 * Partner-originated amounts outside any window or on accounts without an opportunity, summed.
 */
unexplained: string, 
/**
 * How many accounts have such an amount.
 */
unexplainedAccounts: number, };

/**
 * Everything pod-check has to say about what it was given.
 */
export type Report = { 
/**
 * What was decided, opportunity by opportunity.
 */
opportunities: Array<OpportunityReport>, 
/**
 * The edition of the rules.
 */
ruleset: string, 
/**
 * The day on which the question was asked.
 */
asOf: string, 
/**
 * The numbers by which was judged.
 */
policy: Policy, 
/**
 * What was given.
 */
documents: Array<DocumentReport>, 
/**
 * What shows only across opportunities and documents.
 */
set: Array<SetFinding>, 
/**
 * Counts and metrics.
 */
portfolio: Portfolio, 
/**
 * What AWS pays against what it should; null without a discounts document.
 */
reconciliation: Reconciliation | null, 
/**
 * What changed since an earlier report; null without one.
 */
changes: Changes | null, 
/**
 * The partner's own readiness, from its answers; null without answers.
 */
partner: PartnerReport | null, 
/**
 * The documents that would decide more, the most useful first.
 */
wanted: Array<WantedDocument>, 
/**
 * What could not be used, beside the documents' own problems.
 */
problems: Array<ProblemReport>, };

/**
 * When AWS's review should end.
 */
export type ReviewReport = { 
/**
 * When it was submitted, where that is known.
 */
submitted: string | null, 
/**
 * The earliest expected day.
 */
earliest: string | null, 
/**
 * The latest expected day.
 */
latest: string | null, };

/**
 * One line of a list of opportunities: what can be told without making sentences.
 */
export type Row = { 
/**
 * The opportunity's key.
 */
key: string, 
/**
 * The project title.
 */
title: string | null, 
/**
 * The customer's name.
 */
customer: string | null, 
/**
 * The one AWS account id.
 */
accountId: string | null, 
/**
 * The stage, as AWS spells it.
 */
stage: string | null, 
/**
 * The close date.
 */
closeDate: string | null, 
/**
 * Whether it earns the discount.
 */
verdict: Verdict, 
/**
 * Whether AWS would accept the record.
 */
submission: Submission, 
/**
 * Whether the record is kept current.
 */
upkeep: Upkeep, 
/**
 * How many checks of POD, EUR, ACE and UPD had each outcome that needs attention.
 */
counts: { [key in Outcome]?: number }, 
/**
 * What to do first.
 */
next: Action | null, };

/**
 * The part of the report a rule belongs to.
 */
export type Section = "pod" | "eur" | "ace" | "upd" | "set" | "pgm";

/**
 * What shows only across opportunities and documents.
 */
export type SetFinding = { 
/**
 * The rule.
 */
rule: string, 
/**
 * What is so.
 */
message: string, 
/**
 * What to do.
 */
remedy: string, 
/**
 * The opportunities concerned.
 */
opportunities: Array<string>, 
/**
 * Where it stands.
 */
places: Array<Place>, };

/**
 * An order of opportunities.
 */
export type Sort = "urgent" | "due" | "customer" | "key" | "close_date" | "given";

/**
 * The month whose bill counts.
 */
export type SpendMonthReport = { 
/**
 * `2026-11`.
 */
month: string, 
/**
 * Its amount in US dollars, where it is known.
 */
amount: string | null, 
/**
 * Over, running or ahead.
 */
state: MonthState, 
/**
 * The amount must stay below this.
 */
threshold: string, };

/**
 * What the stage asks for.
 */
export type StageReport = { 
/**
 * The stage.
 */
value: string, 
/**
 * What the guide asks for at this stage.
 */
requires: string, 
/**
 * The next stage.
 */
next: string | null, };

/**
 * Whether AWS would accept the record.
 */
export type Submission = "would_be_rejected" | "incomplete" | "not_shown" | "ready" | "submitted" | "not_needed";

/**
 * Everything but the opportunities.
 */
export type Summary = { 
/**
 * The edition of the rules.
 */
ruleset: string, 
/**
 * The day on which the question was asked.
 */
asOf: string, 
/**
 * The numbers by which was judged.
 */
policy: Policy, 
/**
 * What was given.
 */
documents: Array<DocumentReport>, 
/**
 * What shows only across opportunities and documents.
 */
set: Array<SetFinding>, 
/**
 * Counts and metrics.
 */
portfolio: Portfolio, 
/**
 * What AWS pays against what it should; null without a discounts document.
 */
reconciliation: Reconciliation | null, 
/**
 * What changed since an earlier report; null without one.
 */
changes: Changes | null, 
/**
 * The partner's own readiness, from its answers; null without answers.
 */
partner: PartnerReport | null, 
/**
 * The documents that would decide more, the most useful first.
 */
wanted: Array<WantedDocument>, 
/**
 * What could not be used, beside the documents' own problems.
 */
problems: Array<ProblemReport>, };

/**
 * When the record was last updated.
 */
export type UpdateReport = { 
/**
 * The day.
 */
last: string, 
/**
 * The fact that says so.
 */
source: string, 
/**
 * When the next update is due.
 */
due: string, 
/**
 * How many days late it is; 0 when it is not.
 */
daysOverdue: number, };

/**
 * Whether the record is kept current.
 */
export type Upkeep = "overdue" | "action_required" | "due_soon" | "unknown" | "not_submitted" | "locked" | "up_to_date" | "not_needed";

/**
 * Whether the opportunity earns the discount.
 */
export type Verdict = "not_eligible" | "needs_fixing" | "needs_information" | "on_track" | "eligible" | "ended";

/**
 * A document that was not given, or not for all, and would decide something.
 */
export type WantedDocument = { 
/**
 * What it is about.
 */
kind: WantedKind, 
/**
 * How many opportunities it would say something of.
 */
opportunities: number, 
/**
 * What to drop and what it decides, as a sentence.
 */
message: string, };

/**
 * Which document is wanted.
 */
export type WantedKind = "eur" | "spend" | "discounts";

/**
 * When the discount would run.
 */
export type WindowReport = { 
/**
 * The first day.
 */
start: string, 
/**
 * The last day.
 */
end: string, 
/**
 * Where it stands.
 */
state: WindowState, 
/**
 * The number of the running month, from 1.
 */
month: number | null, 
/**
 * It starts only if the opportunity is launched.
 */
assumesLaunch: boolean, 
/**
 * On what it depends, as a sentence.
 */
condition: string, };

/**
 * Where the discount window stands.
 */
export type WindowState = "void" | "upcoming" | "active" | "ended";
