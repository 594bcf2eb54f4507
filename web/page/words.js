// Every word for a value of the report, in one table. Sentences about an opportunity come from the core.

/** @typedef {{ symbol: string, label: string, tone: 'good' | 'fair' | 'ask' | 'bad' | 'off', says?: string }} Word */

/** @type {Record<string, Word>} worst first */
export const VERDICTS = {
  not_eligible: {
    symbol: '✕',
    label: 'Not eligible',
    tone: 'bad',
    says: 'Something rules it out that can no longer be put right',
  },
  needs_fixing: {
    symbol: '!',
    label: 'Needs fixing',
    tone: 'bad',
    says: 'Something rules it out that can still be put right',
  },
  needs_information: {
    symbol: '?',
    label: 'Needs information',
    tone: 'ask',
    says: 'Something that is needed now is not known',
  },
  on_track: {
    symbol: '→',
    label: 'On track',
    tone: 'fair',
    says: 'Nothing stands against it; something cannot be true yet',
  },
  eligible: { symbol: '✓', label: 'Eligible', tone: 'good', says: 'Everything is as it must be' },
  ended: { symbol: '■', label: 'Ended', tone: 'off', says: 'The discount has run its course' },
};

/** @type {Record<string, Word>} */
export const SUBMISSION = {
  would_be_rejected: { symbol: '✕', label: 'AWS would reject it', tone: 'bad' },
  incomplete: { symbol: '?', label: 'Incomplete', tone: 'ask' },
  not_shown: { symbol: '…', label: 'Not shown here', tone: 'off' },
  ready: { symbol: '✓', label: 'Ready to submit', tone: 'good' },
  submitted: { symbol: '✓', label: 'Submitted', tone: 'good' },
  not_needed: { symbol: '–', label: 'Nothing to submit', tone: 'off' },
};

/** @type {Record<string, Word>} */
export const UPKEEP = {
  overdue: { symbol: '!', label: 'Update overdue', tone: 'bad' },
  action_required: { symbol: '!', label: 'Action required', tone: 'bad' },
  due_soon: { symbol: '→', label: 'Update due soon', tone: 'ask' },
  unknown: { symbol: '?', label: 'Last update not known', tone: 'ask' },
  not_submitted: { symbol: '–', label: 'Not submitted yet', tone: 'off' },
  locked: { symbol: '…', label: 'AWS is reviewing', tone: 'fair' },
  up_to_date: { symbol: '✓', label: 'Up to date', tone: 'good' },
  not_needed: { symbol: '–', label: 'No updates needed', tone: 'off' },
};

/** @type {Record<string, Word & { tally: [string, string] }>} in the order in which they want attention */
export const OUTCOMES = {
  fail: { symbol: '✕', label: 'Fails', tone: 'bad', tally: ['fails', 'fail'] },
  unknown: { symbol: '?', label: 'Not known', tone: 'ask', tally: ['not known', 'not known'] },
  warning: { symbol: '!', label: 'Warning', tone: 'ask', tally: ['warning', 'warnings'] },
  pending: { symbol: '→', label: 'Not yet', tone: 'fair', tally: ['not yet', 'not yet'] },
  advice: { symbol: 'i', label: 'Advice', tone: 'fair', tally: ['piece of advice', 'pieces of advice'] },
  pass: { symbol: '✓', label: 'Passes', tone: 'good', tally: ['passes', 'pass'] },
  not_applicable: {
    symbol: '–',
    label: 'Does not apply',
    tone: 'off',
    tally: ['does not apply', 'do not apply'],
  },
};

export const WINDOWS = {
  void: 'cannot start as things stand',
  upcoming: 'not started',
  active: 'running',
  ended: 'over',
};

/** @type {Record<string, Word>} */
export const PLANS = {
  qualifies: { symbol: '✓', label: 'Qualifies', tone: 'good' },
  provisional: { symbol: '→', label: 'Below so far', tone: 'fair' },
  unknown: { symbol: '?', label: 'Spend not known', tone: 'ask' },
  fails: { symbol: '✕', label: 'Too much spend', tone: 'bad' },
};

export const SECTIONS = {
  pod: 'Partner Originated Discount',
  eur: 'End User Reporting',
  ace: 'Ready to submit in ACE',
  upd: 'Kept current',
  set: 'Across your documents',
  pgm: 'Your company',
};

export const KINDS = {
  opportunities: ['opportunity', 'opportunities'],
  eur: ['EUR record', 'EUR records'],
  spend: ['spend row', 'spend rows'],
  discounts: ['discount row', 'discount rows'],
  facts: ['record', 'records'],
  ignored: ['record', 'records'],
};

export const FORMATS = {
  api_create: 'CreateOpportunity request',
  api_update: 'UpdateOpportunity request',
  api_get: 'GetOpportunity answer',
  api_list: 'ListOpportunities answer',
  api_aws_summary: 'GetAwsOpportunitySummary answer',
  api_csv: 'CSV of AWS’s API export script',
  s3_outbound: 'S3 integration, outbound file',
  s3_inbound: 'S3 integration, inbound file',
  ace_export: 'ACE export',
  ace_import: 'ACE bulk import file',
  salesforce: 'Salesforce report',
  hubspot: 'HubSpot export',
  opportunity_pipeline: 'Opportunity pipeline data subscription',
  canonical_json: 'JSON with pod-check’s names',
  canonical_table: 'Table with pod-check’s names',
  key_value: 'Facts, one a line',
  eur_table: 'End User Reporting table',
  channel_relationships: 'Channel API relationships',
  account_relationships: 'Account relationships data subscription',
  cost_explorer: 'Cost Explorer',
  cost_and_usage_report: 'Cost and Usage Report',
  spp_report: 'Solution Provider Program report',
  discount_business_report: 'Discount business report',
  pod_check_report: 'Earlier pod-check report',
  s3_results: 'Results file of the S3 integration',
  leads: 'Leads',
  event: 'EventBridge event',
  api_error: 'Error answer of the API',
  unrecognised: 'Not recognised',
};

/** The language of this table, as `lang` and number formats name it. */
export const LANG = 'en';

/** A number as the reader writes it. */
export const sayNumber = (number) => number.toLocaleString(LANG);

/** The texts of the frame's own markup, by the name that stands there; `**` and `` ` `` as in Markdown where it is a list. */
export const FRAME = {
  documentTitle: 'pod-check',
  claim: 'Will this deal earn the Partner Originated Discount?',
  how: 'Paste one opportunity, or the whole ACE export. Each gets a verdict, the reason for it, and what to do by when.',
  givenTitle: 'What you give',
  addFiles: 'Add files…',
  newText: 'Paste more',
  closeText: 'Hide text',
  clear: 'Start over',
  asOf: 'Checked as of',
  backToToday: 'Back to today',
  dateOrder: '03/04/2026 means',
  dateQuestion: 'Some dates can be read two ways. Please choose.',
  placeholder:
    'Paste here, or anywhere on the page:\n\n• rows of an ACE export, with their headings\n• JSON from GetOpportunity\n• facts, one a line, such as  stage = Committed\n• End User Reporting or monthly spend, beside them',
  openFiles: 'Open files…',
  orDrop: 'or drop them anywhere here',
  filesLabel: 'Files to check',
  backToResult: '↩ Back to the result',
  foundTitle: 'What it means',
  search: 'Search',
  searchHint: 'Customer, title or id',
  sort: 'Sort',
  reverse: 'Reverse order',
  samplesTitle: 'No data at hand? Look at an invented example',
  partnerTitle: 'Is your company ready?',
  partnerNote:
    'What AWS asks of the partner itself, and the guide’s checklists. Your answers stay on this page.',
  aboutTitle: 'About this page',
  helpTitle: 'What can be read',
  policyTitle: 'The numbers used',
  openPolicy: 'Use another policy file…',
  resetPolicy: 'Back to the guide’s numbers',
  policyLabel: 'Policy file',
  drop: 'Drop to check',
  cancel: 'Cancel',
  download: 'Download',
};

export const PROMISES = [
  {
    symbol: '⌂',
    title: 'It stays here',
    text: 'Nothing you paste leaves your browser. Unplug the network: it works the same.',
  },
  {
    symbol: '→',
    title: 'It says what to do',
    text: 'A verdict for each opportunity, the next step, and the date by which it counts.',
  },
  {
    symbol: '?',
    title: 'It never guesses',
    text: 'What your data cannot show is named, with the reason and how to supply it.',
  },
];

/** What can be read, as Markdown. */
export const HELP = `
- **Opportunities**: the ACE export (CSV, the downloaded .xls, or cells copied from it), the bulk import file, JSON of the Partner Central API (Get, List, Create, Update, AWS summary) and of the S3 integration, Salesforce and HubSpot reports.
- **End User Reporting**: a table with account id, usage type, government fields and government advising.
- **Spend**: a table of account, month and amount; Cost Explorer; a Cost and Usage Report.
- **Discounts**: AWS’s discount business report, to see what is really paid.
- **An earlier report** of this page, as JSON: what changed since is listed.
- **Anything else**: facts, one a line, such as \`target_close_date = 2026-12-15\`.

Give several at once: they are joined by AWS account id.`;

/** @type {Record<string, { title: string, text: string }>} */
export const SAMPLE_WORDS = {
  portfolio: { title: 'A portfolio', text: 'An ACE export with End User Reporting and spend' },
  deal: { title: 'One deal', text: 'Facts, one a line, as you would type them' },
  api: { title: 'An API answer', text: 'JSON from GetOpportunity' },
};

/** What is said of the documents, the box and the settings. */
export const GIVEN = {
  pasted: 'Pasted text',
  notToday: (day) => `Not today: ${sayDay(day)}.`,
  showText: 'Show text',
  hideText: 'Hide text',
  box: 'Paste an opportunity, or a whole export',
  dateOrders: { '': 'not chosen', month_first: '4 March (month first)', day_first: '3 April (day first)' },
  notRecognised: 'Not recognised',
  notUsed: (format) => `${format}: not used`,
  changes: (format) => `${format}: what changed since is listed`,
  matched: (count) => `${sayNumber(count)} matched`,
  unmatched: (count) => `${sayNumber(count)} unmatched`,
  problems: (count) => sayCount(count, ['problem', 'problems']),
  moreProblems: (count) => `and ${sayNumber(count)} more`,
  showLine: (line) => `Show line ${line}`,
  show: 'Show its text',
  remove: (name) => `Remove ${name}`,
  removed: (name) => `Removed ${name}.`,
  cleared: 'Everything you gave was forgotten.',
  undo: 'Undo',
  undone: 'It is back.',
  example: 'This is an invented example.',
  leaveExample: 'Leave the example',
  cells: 'The cells of the workbook, as text.',
  part: (from, to, total) =>
    `Lines ${sayNumber(from)} to ${sayNumber(to)} of ${sayNumber(total)}. All of them are judged; only these are shown.`,
  tooLarge: (bytes, most) =>
    `That is ${sayBytes(bytes)}. This page reads up to ${sayBytes(most)} at once; give it a part.`,
  edition: (ruleset, isOwn) => `Edition ${ruleset} of the rules${isOwn ? ', with your own numbers' : ''}.`,
  judged: (count) => `${sayCount(count, ['opportunity', 'opportunities'])} judged.`,
};

/** What the checker is doing, by what it was asked. */
export const PROGRESS = {
  open: (name, bytes) => `Reading ${name}, ${sayBytes(bytes)}`,
  judge: (records) => (records > 1 ? `Judging ${sayNumber(records)} records` : 'Judging'),
  again: 'Reading again what you gave before',
  file: (what, percent) => `Writing ${what}, ${percent} %`,
  other: 'Working',
  cancelled: 'Cancelled. Everything from before it is still here.',
  tooMuch: 'That was too much for this browser. Everything from before it is still here.',
  stopped: 'The checker cannot go on in this browser. Reload the page and give it less at once.',
  lost: (names) => `Could not be read again, because the file has changed or is gone: ${names.join(', ')}.`,
  tooLarge: (most) =>
    `The file would be larger than ${sayBytes(most)}, and nothing could open it. Give the page fewer opportunities at once.`,
  unreadable: (name) => `${name} cannot be read. Was it moved or changed since you chose it?`,
  noBrowser: (reason) =>
    `This browser cannot run the checker: ${reason} A current Chrome, Edge, Firefox or Safari can.`,
};

/** What is taken along. A file is named by what it is and the day it was judged by. */
export const TAKE = {
  copy: 'Copy',
  download: 'Download',
  print: 'Print',
  one: 'This opportunity',
  all: (count) => (count === 1 ? 'This opportunity' : `All ${sayNumber(count)} opportunities`),
  markdown: { label: 'Markdown', text: 'For a ticket, a wiki or an e-mail' },
  slack: { label: 'Slack text', text: 'With Slack’s own bold and lists' },
  html: { label: 'Report to read or send', text: 'One HTML file without scripts; opens anywhere' },
  ics: { label: 'Calendar', text: 'Everything dated, as .ics; take it again to update it' },
  csv: { label: 'Spreadsheet (CSV)', text: 'A line for each opportunity' },
  importCsv: { label: 'Corrected import file…', text: 'Safe repairs for a bulk import; see them first' },
  json: { label: 'Whole report (JSON)', text: 'Drop it here later to see what changed' },
  copied: { markdown: 'Copied as Markdown.', slack: 'Copied as Slack text.' },
  downloaded: (name) => `Downloaded ${name}.`,
  names: {
    html: 'report.html',
    ics: 'calendar.ics',
    csv: 'opportunities.csv',
    importCsv: 'corrected import.csv',
    json: 'report.json',
    verdicts: 'verdicts.json',
  },
  /** What no file system refuses in a name. */
  safe: (key) => key.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60),
  fileName: (day, what) => `pod-check ${day} ${what}`,
};

/** What was put right in the corrected import file. */
export const CORRECTIONS = {
  title: 'Corrected bulk import file',
  lead: 'Only what is safe is put right: spaces, the digits of an id, spellings of a choice. A close date is never moved, and nothing is sent: you import the file yourself.',
  count: (changes, rows) =>
    `${sayCount(changes, ['correction', 'corrections'])} in ${sayCount(rows, ['row', 'rows'])}.`,
  none: (rows, notes) =>
    `Nothing ${notes > 0 ? 'can be put right without you' : 'has to be put right'}. The file holds your ${sayCount(rows, ['row', 'rows'])} as they are.`,
  noRows: 'There is no row for an import file.',
  headings: ['Opportunity', 'Line', 'Field', 'From', 'To', 'Why'],
  empty: 'empty',
  notes: 'What is left to you',
  part: (from, to, total) => `${sayNumber(from)} to ${sayNumber(to)} of ${sayNumber(total)}`,
  previous: 'Previous',
  next: 'Next',
  download: 'Download corrected import file',
  close: 'Close',
};

/** The report as a file to read. */
export const PAPER = {
  title: (day) => `pod-check report, ${day}`,
  heading: 'Partner Originated Discount: what each opportunity needs',
  headingOne: 'Partner Originated Discount: what this opportunity needs',
  judged: 'Checked as of',
  edition: 'Rules',
  editionText: (ruleset, isOwn) => `Edition ${ruleset}${isOwn ? ', with numbers of your own' : ''}`,
  read: 'Read',
  stated: 'You stated',
  statedText: (count) => sayCount(count, ['fact, marked “you stated”', 'facts, marked “you stated”']),
  overview: 'Overview',
  verdict: 'Discount',
  count: 'Opportunities',
  metrics: 'Metrics',
  share: (some, all) => (all === 0 ? 'none to count' : `${sayNumber(some)} of ${sayNumber(all)}`),
  list: 'Opportunities, the most urgent first',
  listed: (shown, all) =>
    shown < all ? `The first ${sayNumber(shown)} of ${sayNumber(all)}.` : `All ${sayNumber(all)}.`,
  headings: ['Opportunity', 'Discount', 'What to do next', 'By', 'Close date'],
  nothing: 'Nothing',
  details: 'In detail',
  detailed: (shown, isAll) =>
    `${isAll ? 'Each opportunity with something to do' : `The ${sayNumber(shown)} most urgent`}. A folded line opens when you click it.`,
  foot: 'Made by pod-check in a browser; nothing was sent anywhere. Not an AWS product: confirm with your Partner Development Manager what is worth money to you.',
};

export const PAYMENTS = {
  unpaid: { symbol: '!', label: 'Not paid', tone: 'bad' },
  no_eur: { symbol: '!', label: 'No-EUR rate', tone: 'bad' },
  unexplained: { symbol: '?', label: 'Unexplained', tone: 'ask' },
  paid: { symbol: '✓', label: 'Paid', tone: 'good' },
  nothing: { symbol: '–', label: 'Nothing due', tone: 'off' },
};

export const POLICY = {
  spendThresholdUsd: 'Billed revenue of the spend month must be less than (USD)',
  nearThresholdPercent: 'Counts as close to it within (percent)',
  discountMonths: 'The discount runs for (months)',
  updateCadenceDays: 'Update the record at least every (days)',
  updateDueSoonDays: 'An update is due soon within (days)',
  reviewBusinessDaysMin: 'AWS reviews within at least (business days)',
  reviewBusinessDaysMax: 'AWS reviews within at most (business days)',
  closeDateHorizonYears: 'A close date may lie ahead by (years)',
  plannerMonths: 'The close-date planner shows (months)',
  lateStageDays: 'A deal should be Committed before the close date by (days)',
};

export const SORTS = {
  urgent: 'Most urgent first',
  due: 'Next due date',
  close_date: 'Close date',
  customer: 'Customer',
  key: 'Id',
  given: 'As given',
};

/** @typedef {{ label: string, options?: string[], type?: 'date' | 'text', hint?: string }} Asked */

/** @type {Record<string, Asked>} what can be stated */
export const STATEMENTS = {
  origin: { label: 'Who originated the opportunity?', options: ['Partner Referral', 'AWS Referral'] },
  customer_consent: { label: 'Has the customer agreed to be submitted?', options: ['yes', 'no'] },
  opportunity_type: { label: 'Opportunity type', options: ['Net New Business', 'Expansion', 'Flat Renewal'] },
  review_status: {
    label: 'Review status',
    options: ['Pending Submission', 'Submitted', 'In review', 'Approved', 'Action Required', 'Rejected'],
  },
  stage: {
    label: 'Stage',
    options: [
      'Prospect',
      'Qualified',
      'Technical Validation',
      'Business Validation',
      'Committed',
      'Launched',
      'Closed Lost',
    ],
  },
  target_close_date: { label: 'Target close date', type: 'date' },
  aws_account_id: { label: 'AWS account id', hint: '12 digits' },
  spend: { label: 'Spend of the spend month, in USD', hint: 'for example 3200.00' },
  spend_final: { label: 'Is that bill final?', options: ['yes', 'no'] },
  'eur.usage_type': { label: 'EUR: usage type', options: ['End User', 'Internal', 'Distribution Seller'] },
  'eur.government_fields_complete': {
    label: 'EUR: are the government fields complete?',
    options: ['yes', 'no'],
  },
  'eur.government_advising': { label: 'EUR: government advising', options: ['No', 'Yes'] },
  'eur.account_id': { label: 'EUR: AWS account id', hint: '12 digits' },
  launched_on: { label: 'Day it was set to Launched', type: 'date' },
  billing_started_on: { label: 'Day the customer’s billing began', type: 'date' },
  last_modified_at: { label: 'Day of the last update', type: 'date' },
  submitted_on: { label: 'Day it was submitted', type: 'date' },
  solution: { label: 'Solution', hint: 'S-0001234' },
  city: { label: 'City' },
};

/** What often holds for many opportunities at once, with the rule that asks for it. */
export const SHARED_STATEMENTS = {
  origin: 'POD001',
  customer_consent: 'POD002',
  opportunity_type: 'POD004',
  'eur.usage_type': 'EUR001',
  'eur.government_fields_complete': 'EUR002',
  'eur.government_advising': 'EUR003',
};

// What is said about many opportunities at once.

const OPPORTUNITIES = ['opportunity', 'opportunities'];

export const OVERVIEW = {
  opportunities: OPPORTUNITIES,
  /** How many earn the discount or are on their way to it. */
  good: (good, all) =>
    good === 0
      ? `None of ${all.toLocaleString('en')} earns the discount or is on track yet`
      : `${good.toLocaleString('en')} of ${all.toLocaleString('en')} ${good === 1 ? 'earns the discount or is' : 'earn the discount or are'} on track`,
  due: (due) =>
    due === 0
      ? 'nothing is due this week'
      : `${sayCount(due, ['opportunity needs', 'opportunities need'])} you this week`,
  showDue: 'Show this week',
  verdicts: 'Discount: choose to list only those',
  more: 'Submission and upkeep',
  submission: 'Submission',
  upkeep: 'Upkeep',
  wanted: 'Next file',
  openFiles: 'Open files…',
  findings: (count) => `${sayCount(count, ['finding', 'findings'])} across your documents`,
  showFindings: 'Show',
  addOpportunities: {
    lead: 'Now add the opportunities.',
    text: 'What you gave so far belongs to opportunities and says nothing without them. Paste or open an ACE export, or JSON from GetOpportunity; they are joined by AWS account id.',
  },
  noOpportunity: {
    lead: 'No opportunity was found in what you gave.',
    text: 'An opportunity comes as rows of an ACE export with their headings, as JSON from GetOpportunity, or as facts such as “stage = Committed”, one a line. What each document was taken for stands beside its name.',
  },
};

/** The views of many opportunities, in order. */
export const VIEWS = {
  list: 'Opportunities',
  week: 'This week',
  rules: 'By rule',
  paid: 'What AWS pays',
  changes: 'Changes',
  metrics: 'Metrics',
};
export const VIEWS_LABEL = 'Views of your opportunities';

export const LISTING = {
  headings: ['Opportunity', 'Discount', 'What to do next', 'Close date', 'Upkeep'],
  next: 'Next',
  today: 'Today: ',
  nothing: 'Nothing',
  caption: 'Opportunities',
  none: 'No opportunity fits this filter.',
  all: (total) => `All ${total.toLocaleString('en')}`,
  some: (total) => `${total.toLocaleString('en')} found`,
  part: (from, to, total) =>
    `${from.toLocaleString('en')} to ${to.toLocaleString('en')} of ${total.toLocaleString('en')}`,
  pages: 'Pages of the list',
  previousPage: '← Previous page',
  nextPage: 'Next page →',
  filters: 'Filters in use',
  remove: (label) => `Remove the filter ${label}`,
  clear: 'Clear filters',
  search: (text) => `“${text}”`,
  rule: (name, outcome) => (outcome ? `${name}: ${outcome}` : name),
  metric: (name, counted) =>
    ({ yes: `${name}: counted`, no: `${name}: not counted`, '': name })[counted] ?? name,
};

export const DETAIL_BAR = {
  bar: 'Between opportunities',
  back: '← All opportunities',
  previous: 'Previous',
  next: 'Next',
  place: (at, total) => `${at.toLocaleString('en')} of ${total.toLocaleString('en')}`,
};

/** What there is to do, by kind. */
export const ACTION_KINDS = {
  update: 'Updates',
  fix: 'Fixes',
  fill: 'Missing facts',
  spend: 'Bills',
  close_date: 'Close dates',
  review: 'AWS reviews',
  launch: 'Launches',
  eur: 'End User Reporting',
  starts: 'Discount starts',
  ends: 'Discount ends',
};

export const AGENDA = {
  lead: 'What to do this week, across all opportunities.',
  groups: { overdue: 'Overdue', today: 'Today', week: 'Next 7 days', later: 'Later' },
  when: 'When',
  kinds: 'Only these kinds',
  none: 'Nothing of this kind is due.',
  all: 'Nothing is due.',
  part: LISTING.part,
  pages: 'Pages of this week',
};

export const GROUPS = {
  lead: 'What stands in the way most often. Each line lists its opportunities.',
  outcomes: 'Show what',
  none: 'Nothing of this kind was found.',
  list: (count) => `List ${sayCount(count, OPPORTUNITIES)}`,
  documents: 'Across your documents',
  noFindings:
    'Your documents fit together: no duplicate, no account on two opportunities, no row without one.',
  findings: (count) => sayCount(count, ['finding', 'findings']),
  line: (line) => `Show line ${line}`,
  more: (count) => `and ${count.toLocaleString('en')} more`,
};

export const PAID = {
  lead: 'What AWS pays against what it should, missing money first.',
  absent: 'Nothing to compare yet.',
  drop: 'Drop AWS’s discount business report. Each of its lines is compared with your launched opportunities: what is paid, what is missing, what nobody explains.',
  headings: ['', 'Accounts', 'Amount'],
  lines: ['Account', 'Opportunity', 'Paid', 'What was found'],
  caption: 'Sums',
  unpaid: 'Windows that run without the discount',
  noEur: 'Charged at the no-EUR rate',
  unexplained: 'Paid without a reason that is known',
  paid: 'Paid as partner-originated discount',
  nothing: 'Nothing paid and nothing due',
  list: (label, count) => `${sayCount(count, ['account', 'accounts'])}: ${label}`,
  more: (count) => `Show ${count.toLocaleString('en')} more`,
  noAmount: '–',
  noOpportunity: 'none',
};

export const CHANGED = {
  lead: (day) => `Since the verdicts of ${day}`,
  counts: (changed, fresh, gone) =>
    `${sayCount(changed, ['verdict', 'verdicts'])} changed, ${fresh.toLocaleString('en')} new, ${gone.toLocaleString('en')} gone.`,
  none: 'Nothing changed since then.',
  absent: 'No earlier report to compare with.',
  drop: 'Save today’s verdicts and keep the file. Drop it here next month, beside the new export: what changed since is then listed here.',
  download: 'Save today’s verdicts',
  moves: 'How verdicts moved',
  move: (from, to) => `${from} → ${to}`,
  changed: 'Changed',
  fresh: 'New',
  gone: 'Gone',
  more: PAID.more,
};

export const MEASURES = {
  lead: 'How you do by the measures of the guide. A number lists its opportunities.',
  headings: ['Measure', 'Rate', 'Counted', 'Not counted'],
  of: (numerator, denominator) => `${numerator.toLocaleString('en')} of ${denominator.toLocaleString('en')}`,
  none: 'None to count yet',
  listYes: (name, count) => `List ${sayCount(count, OPPORTUNITIES)} counted in ${name}`,
  listNo: (name, count) => `List ${sayCount(count, OPPORTUNITIES)} not counted in ${name}`,
};

export const SHARED = {
  title: 'Answer once for all',
  state: (open, answered) =>
    [open > 0 && `${sayCount(open, ['question', 'questions'])} open`, answered > 0 && `${answered} answered`]
      .filter(Boolean)
      .join(', ') || 'what you stated',
  note: 'An answer counts where the documents say nothing, is marked “you stated”, and is easily taken back. For an exception, answer in the form of that opportunity.',
  lacking: (count) => `not known of ${sayCount(count, OPPORTUNITIES)}`,
  apply: (count) => `Answer for ${count.toLocaleString('en')}`,
  choose: 'Choose an answer first.',
  answered: 'Answered so far',
  forLacking: (count) =>
    count === null ? 'for all that lack it' : `for ${sayCount(count, OPPORTUNITIES)} that lacked it`,
  forSome: (count) => `for ${sayCount(count, OPPORTUNITIES)}`,
  forEvery: 'for every opportunity, whatever its document says',
  exceptions: (count) => sayCount(count, ['exception', 'exceptions']),
  takeBack: 'Take back',
  takeBackLabel: (fact, whom) => `Take back ${fact} ${whom}`,
  more: GROUPS.more,
  save: 'Save what I stated',
  said: (count) => `Answered for ${sayCount(count, OPPORTUNITIES)}.`,
};

export const READINESS = {
  questions: 'Questions',
  answered: (count, all) => `${count} of ${all} answered`,
  notAnswered: 'Not answered',
  todo: 'What is still to do',
  fine: 'Nothing stands in the way so far',
  checklists: 'Checklists',
  progress: (done, all) => `${done} of ${all}`,
  save: 'Save my answers',
  saveNote:
    'Downloads a small file with your answers and what you stated about opportunities. Open or drop it here to have them back. This page itself keeps nothing.',
};

export const NOTES = {
  file: (day) => `pod-check answers ${day}.json`,
  unreadable: 'This file of saved answers cannot be read: it is damaged. Nothing was changed.',
  newer: 'This file of saved answers was made by a newer pod-check. Nothing was changed.',
  restored: (answers, statements) =>
    `Restored ${sayCount(answers, ['answer', 'answers'])} about your company and ${sayCount(statements, ['statement', 'statements'])} about opportunities.`,
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-22` as `22 Nov 2026`, as the core writes days in its sentences. */
export const sayDay = (iso) => {
  const [year, month, day] = iso.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
};

/** `2026-11` as `Nov 2026`. */
export const sayMonth = (iso) => `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;

/** A decimal string as `$3,200` or `$3,200.50`; never by way of a floating point number. */
export const sayUsd = (amount) => {
  const [, sign, whole, cents = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [null, '', amount, ''];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}$${grouped}${/[1-9]/.test(cents) ? `.${cents.padEnd(2, '0').slice(0, 2)}` : ''}`;
};

/**
 * A count with its noun.
 * @param {number} number
 * @param {string[]} nouns of one, of many
 */
export const sayCount = (number, [one, many]) => `${sayNumber(number)} ${number === 1 ? one : many}`;

/** A size in bytes as `60 MB`. */
const sayBytes = (bytes) =>
  bytes < 1_000_000
    ? `${sayNumber(Math.max(1, Math.round(bytes / 1_000)))} kB`
    : `${sayNumber(Math.round(bytes / 1_000_000))} MB`;

/** `target_close_date` as `Target close date`. */
export const sayFact = (name) => {
  const words = name
    .replace(/^eur\./, 'EUR ')
    .replace(/[_.]/g, ' ')
    .replace(/\b(aws|crm|mrr|duns|id)\b/g, (word) => (word === 'id' ? word : word.toUpperCase()));
  return words[0].toUpperCase() + words.slice(1);
};

/** `spend-below-threshold` as `Spend below threshold`. */
export const sayRule = (name) => {
  const words = name
    .replaceAll('-', ' ')
    .replace(/\b(aws|ace|apn|csat|psf|duns|mrr|eur)\b/g, (word) => word.toUpperCase());
  return words[0].toUpperCase() + words.slice(1);
};

/** The days from one ISO day to another, in words. */
export const sayDistance = (from, to) => {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
  if (days === 0) {
    return 'today';
  }
  const count = sayCount(Math.abs(days), ['day', 'days']);
  return days > 0 ? `in ${count}` : `${count} ago`;
};

// One opportunity

const DATE_FACTS = [
  'target_close_date',
  'launched_on',
  'billing_started_on',
  'created_at',
  'submitted_on',
  'decided_on',
  'last_modified_at',
  'next_steps_history',
];

/** `spend.2026-11` as its fact and its month. */
const monthly = (name) => /^(spend|spend_final)\.(\d{4}-\d{2})$/.exec(name) ?? [];

/** What a fact is called. */
export const sayFactOf = (name) => {
  const [, fact, month] = monthly(name);
  if (fact === undefined) {
    return sayFact(name);
  }
  return fact === 'spend' ? `Bill of ${sayMonth(month)}` : `Is the bill of ${sayMonth(month)} final?`;
};

/**
 * How a fact is asked for.
 * @returns {Asked}
 */
export const askedAs = (name) => {
  const [, fact] = monthly(name);
  return STATEMENTS[fact ?? name] ?? { label: sayFact(name), type: DATE_FACTS.includes(name) ? 'date' : 'text' };
};

/** A fact's value for reading: days and sums as everywhere on the page. */
export const sayValue = (name, value) => {
  if (DATE_FACTS.includes(name) && /^\d{4}-\d{2}-\d{2}/.test(value)) {
    return sayDay(value.slice(0, 10));
  }
  return monthly(name)[1] === 'spend' ? sayUsd(value) : value;
};

/** The table of facts, in groups; a fact that is in none stands in the last. */
export const FACT_GROUPS = [
  {
    title: 'Deal',
    facts: [
      'opportunity_id',
      'partner_crm_id',
      'project_title',
      'origin',
      'customer_consent',
      'opportunity_type',
      'stage',
      'review_status',
      'review_comments',
      'next_steps',
      'closed_lost_reason',
      'catalog',
    ],
  },
  {
    title: 'Dates',
    facts: DATE_FACTS,
  },
  {
    title: 'Account and spend',
    facts: ['aws_account_id', 'spend.*', 'spend_final.*', 'spend_currency', 'expected_mrr', 'mrr_currency'],
  },
  { title: 'End User Reporting', facts: ['eur.*'] },
  {
    title: 'Customer',
    facts: [
      'customer_name',
      'customer_website',
      'country',
      'state',
      'city',
      'postal_code',
      'industry',
      'industry_other',
      'duns',
      'national_security',
    ],
  },
  {
    title: 'Submission',
    facts: [
      'project_description',
      'use_case',
      'delivery_model',
      'primary_needs',
      'solution',
      'other_solution',
    ],
  },
];

export const DEAL = {
  back: '← All opportunities',
  account: (id) => `account ${id}`,
  next: 'Do this next',
  by: (day) => `By ${day}, `,
  wasDue: (day) => `Was due on ${day}, `,
  overdue: 'overdue',
  anyTime: 'Any time',
  nothing: 'Nothing is left to do here.',
  then: (count) => `After that (${count})`,
  why: 'Why?',
  correct: 'Correct or add a fact',
  standing: 'Where it stands',
  stage: 'Stage',
  nextStage: (stage) => `, next: ${stage}`,
  update: 'Last update',
  updateDue: (day, distance) => `; the next is due ${day} (${distance})`,
  updateWasDue: (day, distance) => `; the next was due ${day} (${distance})`,
  review: 'AWS’s review',
  reviewEnds: (from, to) => `should end between ${from} and ${to}`,
  discount: 'Discount',
  split: (count) => `One opportunity for each account: ${sayCount(count, ['copy', 'copies'])}`,
  splitWhy: 'As it is judged when each account has an opportunity of its own.',
  copyOf: (account) => `Account ${account}`,
  copyChecks: 'Its checks and dates',
  checks: 'Every check',
};

export const WINDOW = {
  span: (start, end) => `${start} to ${end}`,
  month: (month, of) => `month ${month} of ${of}`,
  running: 'running',
  ifLaunched: 'if launched',
};

export const TIMELINE = {
  title: 'When',
  today: 'Today',
  updated: 'Last update',
  updateDue: 'Next update due',
  updateLate: 'Update overdue',
  review: 'AWS’s answer expected',
  bill: 'Bill that counts',
  close: 'Close date',
  launched: 'Launched',
  starts: 'Discount starts',
  wouldStart: 'Discount would start',
  started: 'Discount started',
  ends: 'Discount ends',
  ended: 'Discount ended',
  wouldEnd: 'Discount would end',
  range: (from, to) => `${from} to ${to}`,
  month: (month, of) => `Month ${month} of ${of} is running`,
  barNow: (month, of) => `Today: month ${month} of ${of}`,
  barUpcoming: (distance) => `Starts ${distance}, if launched`,
  barSure: (distance) => `Starts ${distance}`,
  barUnlaunched: 'Not launched',
  barEnded: (distance) => `Ended ${distance}`,
  barVoid: 'Cannot start as things stand',
  barTitle: (months) => `The discount’s ${months} months`,
};

export const SPENDING = {
  title: 'Spend against the limit',
  caption: 'Spend by month against the limit',
  month: 'Month',
  limit: (amount) => `Limit ${amount}`,
  bar: 'Against the limit',
  amount: 'Billed',
  unknown: 'Not known',
  counts: 'the month that counts',
  running: 'still running',
  ahead: 'forecast',
  open: 'not final',
  over: 'not below the limit',
  enter: (month) => `Enter the bill of ${month}`,
  soFar: (amount) => `${amount} so far`,
  of: (amount, limit) => `${amount}; must stay below ${limit}`,
  unknownOf: (limit) => `not known; must stay below ${limit}`,
};

export const PLANNER = {
  title: 'If you moved the close date',
  bestBefore: 'Best choice: close by ',
  bestAfter: (month) => `, so in ${month}.`,
  none: 'No month can be recommended as things stand.',
  headings: ['Close in', 'Bill that counts', 'Spend', 'Result', 'Discount'],
  best: 'best',
  present: 'now',
  ask: 'What if the close date were',
  hint: 'Choose a day, or a month of the table. Nothing changes by trying.',
  tryDay: (day) => `Try ${day}`,
  unknown: 'not known',
  trial: 'A trial',
  trialOf: (day) => `If it closed on ${day}`,
  was: 'Now',
  rows: {
    date: 'Close date',
    verdict: 'Verdict',
    bill: 'Bill that counts',
    window: 'Discount',
  },
  same: 'no change',
  none_: 'none',
  notWritten: 'Nothing is written back: change it in ACE yourself.',
  use: 'Use this date here',
  dismiss: 'Dismiss',
  dismissed: 'The trial is dismissed; nothing changed.',
  said: (headline) => `A trial, nothing changed: ${headline}`,
  failed: 'This could not be tried.',
};

export const FACTS = {
  title: 'Facts as they were read',
  counted: (known, stated) => `${known} known${stated > 0 ? `, ${stated} stated by you` : ''}`,
  headings: ['Fact', 'Value', 'Where'],
  note: 'Any of them can be corrected here. What you state wins over the documents, stays on this page, and is taken back with one click.',
  edit: 'Edit',
  add: 'Add',
  editOf: (fact) => `Edit: ${fact}`,
  addOf: (fact) => `Add: ${fact}`,
  save: 'Save',
  cancel: 'Cancel',
  choose: 'Choose…',
  stated: 'you stated',
  statedForAll: 'you stated, for every opportunity',
  forAll: 'for every opportunity',
  reset: 'Reset',
  resetForAll: 'Reset for all',
  resetOf: (fact) => `Reset: ${fact}`,
  resetAll: 'Reset all',
  statedTitle: 'You stated',
  documentSays: (value) => `The document says: ${value}`,
  unknown: 'not known',
  unasked: (count) => `Not given, and not asked for (${count})`,
  identity: 'It names the record: change it in the document.',
};

export const COMPLETE = {
  title: (count) => `Complete what is missing (${count})`,
  note: 'No pasted format carries everything. What you state here wins over the documents, is marked “you stated”, and stays on this page.',
  group: 'Facts to state',
  unknown: 'Not known',
  state: 'State it and judge again',
  scope: 'This holds for',
  scopeOne: ' this opportunity',
  scopeAll: ' every opportunity, whatever its document says',
  here: 'Complete it here',
  fact: (fact) => `Complete: ${fact}`,
};

export const CHECKS = {
  curable: 'can be put right',
  incurable: 'cannot be put right',
  reading: 'our reading of the guide',
  readingWhy: 'The guide is silent or unclear here; its explanation says how it was read.',
  guide: (section) => `Guide: ${section}`,
  explained: ' explained',
  noPage: 'This rule has no page.',
  rest: (tally) => `The rest: ${tally}`,
  show: (field) => `Show “${field}” in the paste`,
  showShort: 'Show',
  somewhere: 'this place',
  where: (document, line, column) => `${document}, line ${line}, column ${column}`,
};

export const CARET = {
  title: 'What rests on this place',
  fact: (fact) => `Fact: ${fact}`,
};
