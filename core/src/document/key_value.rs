//! Text of keys and values: `stage=Launched`, `Stage: Launched`, and labels copied off the console with their value
//! beside or below them.
//!
//! Records are separated by a blank line or by `---`. A value ends with its line.

use super::heading::Heading;
use super::mapping::kind_of;
use super::{
    Cell, FIELDS_MAX, Form, Format, Kind, Layout, Order, Problems, RECORDS_MAX, Recognised, Record, aliases,
    nearest, paths,
};
use crate::calendar::Month;
use crate::fact::Span;
use crate::field::{Field, FieldSet};
use rustc_hash::FxHashMap;

/// A longer key is a sentence.
const KEY_BYTES_MAX: usize = 120;

/// Labels of the console that mean no field. Naming them as unknown would only be noise, and `aws_stage` is not a
/// misspelt `stage`.
const UNUSED: &[&str] = &[
    "address",
    "acceptby",
    "awsclosedate",
    "awsclosedlostreason",
    "awsstage",
    "involvementtype",
    "opportunityowner",
    "salesactivities",
    "visibility",
];

/// Lines of keys and values: what each key means, and where each record begins and ends.
#[derive(Debug)]
pub(crate) struct KeyValue {
    /// Each key as it stands.
    keys: Vec<String>,
    meanings: FxHashMap<String, Meaning>,
    records: Vec<Span>,
    kind: Kind,
    is_stacked: bool,
}

#[derive(Debug, Clone, Copy)]
struct Meaning {
    field: Field,
    month: Option<Month>,
    order: Order,
    index: u16,
}

/// Recognises text of keys and values; none when hardly a line of it has a key that is known.
pub(super) fn recognise(text: &str) -> Option<Recognised> {
    let mut reader = Reader::new();
    reader.is_stacked = is_stacked(text);
    reader.gather(text);
    if !reader.is_likely() {
        return None;
    }
    let Reader { keys, mut meanings, records, fields, mut problems, is_stacked, .. } = reader;
    let kind = kind_of_text(fields, &mut meanings);
    if kind == Kind::Opportunities && records.is_empty() {
        problems.add(None, None, format_args!("This text has keys and no record."));
    }
    let layout = KeyValue { keys, meanings, records, kind, is_stacked };
    Some(problems.into_recognised(kind, Format::KeyValue, Layout::KeyValue(Box::new(layout))))
}

/// Only facts of End User Reporting, or only of spend, make a document of that kind, in which `AWS account id` is that
/// of its rows.
fn kind_of_text(fields: FieldSet, meanings: &mut FxHashMap<String, Meaning>) -> Kind {
    let is_row = fields.contains(Field::RowAmount) && fields.contains(Field::RowMonth);
    let discounts = FieldSet::of(&[Field::DiscountPartnerOriginated, Field::DiscountNoEur]);
    let kind = match kind_of(fields) {
        _ if fields.intersects(discounts) && !fields.contains(Field::OpportunityId) => Kind::Discounts,
        _ if is_row && !fields.contains(Field::OpportunityId) => Kind::Spend,
        Some(kind @ (Kind::Eur | Kind::Spend | Kind::Facts)) => kind,
        _ if fields.intersects(FieldSet::of(&[
            Field::Spend,
            Field::EurUsageType,
            Field::EurGovernmentAdvising,
        ])) =>
        {
            Kind::Facts
        }
        _ => Kind::Opportunities,
    };
    let account = match kind {
        Kind::Spend | Kind::Discounts => Field::RowAccountId,
        Kind::Eur if !fields.contains(Field::EurAccountId) => Field::EurAccountId,
        _ => return kind,
    };
    for meaning in meanings.values_mut() {
        if meaning.field == Field::AwsAccountId {
            meaning.field = account;
        }
    }
    kind
}

impl KeyValue {
    /// How many records it has.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The key with this index.
    pub(super) fn heading(&self, index: u16) -> &str {
        self.keys.get(usize::from(index)).map_or("", String::as_str)
    }

    /// Reads the record with this index; past the end, no cells.
    pub(super) fn read<'d>(&self, text: &'d str, index: usize, record: &mut Record<'d>) {
        record.carries = carried(self.kind);
        let Some(place) = self.records.get(index) else { return };
        let block = text.get(place.start as usize..place.end as usize).unwrap_or_default();
        for (key, value, start) in pairs(block, self.is_stacked).take(FIELDS_MAX) {
            let Some(meaning) = self.meanings.get(key) else { continue };
            let start = place.start + start as u32;
            record.cells.push(Cell {
                field: meaning.field,
                month: meaning.month,
                text: value.into(),
                form: Form::Typed,
                order: meaning.order,
                heading: meaning.index,
                span: Span { start, end: start + value.len() as u32 },
            });
        }
    }
}

/// A free form can carry every field: what it leaves out is blank. Rows of a bill carry only what such rows have.
fn carried(kind: Kind) -> FieldSet {
    let wanted = |field: &&Field| match kind {
        Kind::Spend => aliases::is_of_spend(**field) || (Field::RowMonth..=Field::RowCharge).contains(field),
        Kind::Discounts => **field >= Field::RowMonth,
        _ => true,
    };
    let mut fields = FieldSet::EMPTY;
    for field in Field::ALL.iter().filter(wanted) {
        fields.insert(*field);
    }
    fields
}

struct Reader {
    keys: Vec<String>,
    meanings: FxHashMap<String, Meaning>,
    unknown_keys: FxHashMap<String, ()>,
    records: Vec<Span>,
    fields: FieldSet,
    problems: Problems,
    known: usize,
    unknown: usize,
    is_stacked: bool,
}

impl Reader {
    fn new() -> Self {
        Reader {
            keys: Vec::new(),
            meanings: FxHashMap::default(),
            unknown_keys: FxHashMap::default(),
            records: Vec::new(),
            fields: FieldSet::EMPTY,
            problems: Problems::default(),
            known: 0,
            unknown: 0,
            is_stacked: false,
        }
    }

    fn gather(&mut self, text: &str) {
        let (mut block_start, mut at) = (0, 0);
        for line in text.split_inclusive('\n').chain(["---"]) {
            let is_end = is_separator(line) && !(self.is_stacked && line.trim().is_empty());
            if is_end && !self.end_block(text, block_start, at) {
                return;
            }
            at += line.len();
            if is_end {
                block_start = at;
            }
        }
    }

    /// Takes the block as a record if it has a known key; false when no more are taken.
    fn end_block(&mut self, text: &str, start: usize, end: usize) -> bool {
        let Some(block) = text.get(start..end) else { return true };
        let (mut has_known, mut cells) = (false, 0);
        let record = self.records.len();
        if record == RECORDS_MAX {
            self.problems.add(None, None, format_args!("Only the first {RECORDS_MAX} records are read."));
            return false;
        }
        for (key, value, value_start) in pairs(block, self.is_stacked) {
            let span =
                Span { start: (start + value_start) as u32, end: (start + value_start + value.len()) as u32 };
            cells += 1;
            if self.meanings.contains_key(key) || (!self.unknown_keys.contains_key(key) && self.learn(key)) {
                has_known = true;
                self.known += 1;
            } else {
                if self.is_hopeless() {
                    return false;
                }
                self.unknown += 1;
                self.report_unknown(key, record, span);
            }
        }
        if cells > FIELDS_MAX {
            let sentence =
                format_args!("Only the first {FIELDS_MAX} lines of record {} are read.", record + 1);
            self.problems.add(Some(record), None, sentence);
        }
        for line in block.lines().filter(|line| !self.is_stacked && is_stray(line)) {
            let shown: String = line.trim().chars().take(60).collect();
            self.problems.add(
                Some(record),
                None,
                format_args!("The line “{shown}” is neither `key=value` nor `Key: value` and was left out."),
            );
        }
        if has_known {
            self.records.push(Span { start: start as u32, end: end as u32 });
        }
        true
    }

    /// Whether so few of so many keys are known that this is some other text.
    fn is_hopeless(&self) -> bool {
        const ENOUGH: usize = 1_000;
        self.unknown > ENOUGH && !self.is_likely()
    }

    fn is_likely(&self) -> bool {
        self.known > 0 && self.known * 4 >= self.unknown
    }

    fn learn(&mut self, key: &str) -> bool {
        let Some((field, month, order)) = meaning_of(key) else { return false };
        if self.keys.len() == FIELDS_MAX {
            return false;
        }
        let order = order.map_or(Order::Unproved, Order::Given);
        let index = self.keys.len() as u16;
        self.keys.push(key.to_owned());
        self.fields.insert(field);
        self.meanings.insert(key.to_owned(), Meaning { field, month, order, index });
        true
    }

    fn report_unknown(&mut self, key: &str, record: usize, span: Span) {
        if UNUSED.contains(&Heading::of(key).key.as_str()) {
            return;
        }
        if self.unknown_keys.len() == FIELDS_MAX || self.unknown_keys.insert(key.to_owned(), ()).is_some() {
            return;
        }
        match nearest::field_name(key) {
            Some(name) => self.problems.add(
                Some(record),
                Some(span),
                format_args!("The key `{key}` in record {} is not known; did you mean `{name}`?", record + 1),
            ),
            None => self.problems.add(
                Some(record),
                Some(span),
                format_args!("The key `{key}` in record {} is not known and was left out.", record + 1),
            ),
        }
    }
}

fn meaning_of(key: &str) -> Option<(Field, Option<Month>, Option<super::DateOrder>)> {
    let heading = Heading::of(key);
    if let Some((month, is_final)) = heading.spend_month() {
        return Some((if is_final { Field::SpendFinal } else { Field::Spend }, Some(month), None));
    }
    // Of a spend entry only its neighbours tell whose it is.
    let of_path = || {
        let field = paths::field_of_path(key).filter(|_| key.contains('.'))?;
        (!matches!(field, Field::ExpectedMrr | Field::MrrCurrency)).then_some(field)
    };
    let field = aliases::opportunity_field(&heading.key)
        .or_else(|| Field::from_name(&heading.key))
        .or_else(of_path)?;
    Some((field, None, heading.order))
}

/// A line that separates records.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.len() >= 3 && line.bytes().all(|byte| byte == b'-'))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn is_stray(line: &str) -> bool {
    !is_separator(line) && !is_comment(line) && split(line).is_none()
}

/// `key=value`, `Key: value` or the two with a tab between them: key, value, and where the value begins.
fn split(line: &str) -> Option<(&str, &str, usize)> {
    if is_comment(line) {
        return None;
    }
    let head = &line[..line.floor_char_boundary(KEY_BYTES_MAX)];
    // A key may hold a colon or an equals sign in its parentheses, as a template's heading does.
    let mut depth = 0u32;
    let at = head.bytes().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(byte, b'=' | b':' | b'\t')
    })?;
    let raw = line[..at].trim();
    let key = raw.trim_matches(['"', '*', '-', '•']).trim();
    if key.is_empty() {
        return None;
    }
    // `*Stage:* Launched` of a chat, and `"stage": "Launched",` of JSON that lost its braces.
    let (is_bold, is_quoted) = (raw.starts_with('*'), raw.starts_with('"'));
    let rest = line[at + 1..].trim_end();
    let value = rest
        .trim_start_matches(|c: char| c.is_whitespace() || (is_bold && c == '*') || (is_quoted && c == '"'));
    let start = at + 1 + rest.len() - value.len();
    let value = if is_quoted { value.trim_end_matches([',', '"']) } else { value };
    Some((key, value, start))
}

/// The keys and values of one record, and where in it each value begins.
fn pairs(block: &str, is_stacked: bool) -> impl Iterator<Item = (&str, &str, usize)> {
    let mut at = 0;
    let mut label: Option<&str> = None;
    block.split_inclusive('\n').filter_map(move |line| {
        let line_start = at;
        at += line.len();
        if !is_stacked {
            let (key, value, start) = split(line)?;
            return Some((key, value, line_start + start));
        }
        let trimmed = line.trim();
        let start = line_start + (line.len() - line.trim_start().len());
        if trimmed.is_empty() {
            return None;
        }
        if is_label(trimmed) {
            label = Some(trimmed);
            return None;
        }
        // The console draws a dash where there is nothing.
        let value = if matches!(trimmed, "-" | "–" | "—") { &trimmed[..0] } else { trimmed };
        label.take().map(|key| (key, value, start))
    })
}

/// A line that is nothing but a label of the console.
fn is_label(line: &str) -> bool {
    line.len() <= KEY_BYTES_MAX
        && line.starts_with(|c: char| c.is_ascii_uppercase())
        && line.contains([' ', '-'])
        && meaning_of(line).is_some()
        || matches!(line, "Stage" | "Status" | "Country" | "City")
}

/// Labels with their values below them: several lines are a label, and hardly one is a key with its value.
fn is_stacked(text: &str) -> bool {
    let lines = || text.lines().take(200).filter(|line| !line.trim().is_empty());
    let labels = lines().filter(|line| is_label(line.trim())).count();
    let keyed = lines().filter(|line| split(line).is_some_and(|(key, ..)| meaning_of(key).is_some())).count();
    labels >= 3 && keyed * 4 < labels
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    fn open(text: &str) -> Document {
        Document::open("test", text.as_bytes().to_vec())
    }

    #[track_caller]
    fn check(text: &str, kind: Kind, records: &[&[(Field, &str)]]) {
        let document = open(text);
        assert_eq!(
            (document.kind(), document.format()),
            (kind, Format::KeyValue),
            "{:?}",
            document.problems()
        );
        assert_eq!(document.len(), records.len());
        let mut record = Record::empty();
        for (index, expected) in records.iter().enumerate() {
            document.read(index, &mut record);
            let cells: Vec<_> = record.cells.iter().map(|cell| (cell.field, cell.text.as_ref())).collect();
            assert_eq!(cells, *expected);
            for cell in &record.cells {
                assert_eq!(&document.text()[cell.span.start as usize..cell.span.end as usize], cell.text);
            }
        }
    }

    #[test]
    fn a_misspelt_key_is_named_with_the_nearest_and_the_rest_is_read() {
        let document = open("opportunity_id=O1\ntarget_close_dat=2027-01-05\nstage=Prospect");
        assert_eq!(document.len(), 1);
        assert!(document.problems()[0].message.contains("did you mean `target_close_date`?"));
    }

    #[test]
    fn a_line_without_a_key_is_reported() {
        let document = open("opportunity_id=O1\nstage=Prospect\nwhat is this\n");
        assert!(document.problems()[0].message.contains("what is this"));
    }

    #[test]
    fn records_are_separated_by_a_blank_line_or_a_rule() {
        check(
            "# mine\nOpportunity ID: O1\nStage:Launched\n\n\nopportunity_id = O2\n---\nopportunity_id=O3",
            Kind::Opportunities,
            &[
                &[(Field::OpportunityId, "O1"), (Field::Stage, "Launched")],
                &[(Field::OpportunityId, "O2")],
                &[(Field::OpportunityId, "O3")],
            ],
        );
    }

    #[test]
    fn a_repeated_key_is_two_cells_and_an_empty_value_has_its_place() {
        check(
            "opportunity_id=O1\ncity=\ncity=Ulm\r\n",
            Kind::Opportunities,
            &[&[(Field::OpportunityId, "O1"), (Field::City, ""), (Field::City, "Ulm")]],
        );
    }

    #[test]
    fn spend_carries_its_month_and_makes_facts() {
        let document = open("opportunity_id=O1\nspend.2026-11=4,200.00\nspend_final.2026-11=yes");
        assert_eq!(document.kind(), Kind::Facts);
        let mut record = Record::empty();
        document.read(0, &mut record);
        assert_eq!(record.cells[1].month, Month::parse("2026-11"));
        assert_eq!(record.cells[2].field, Field::SpendFinal);
        assert!(record.carries.contains(Field::EurCity), "a free form carries everything");
    }

    #[test]
    fn only_end_user_reporting_makes_its_own_kind() {
        check(
            "AWS Account ID: 111122223333\nUsage Type: End User\nGovernment Advising: No",
            Kind::Eur,
            &[&[
                (Field::EurAccountId, "111122223333"),
                (Field::EurUsageType, "End User"),
                (Field::EurGovernmentAdvising, "No"),
            ]],
        );
    }

    #[test]
    fn a_row_of_spend_may_be_typed() {
        check(
            "aws_account_id=111122223333\nmonth=2026-11\namount=12.50\nfinal=yes",
            Kind::Spend,
            &[&[
                (Field::RowAccountId, "111122223333"),
                (Field::RowMonth, "2026-11"),
                (Field::RowAmount, "12.50"),
                (Field::RowFinal, "yes"),
            ]],
        );
    }

    #[test]
    fn labels_copied_off_the_console_have_their_value_below_them() {
        check(
            "Opportunity ID\nO77\n\nStage\nQualified\n\nTarget close date\n2027-02-01\n\nCustomer website\nPartner CRM identifier\nX-1\n",
            Kind::Opportunities,
            &[&[
                (Field::OpportunityId, "O77"),
                (Field::Stage, "Qualified"),
                (Field::TargetCloseDate, "2027-02-01"),
                (Field::PartnerCrmId, "X-1"),
            ]],
        );
    }

    #[test]
    fn marks_of_a_chat_and_of_json_are_no_part_of_the_value() {
        check(
            "*Opportunity ID:* O77\n**Stage**: Qualified\n• City: Ulm\n\"country\": \"DE\",\nLifeCycle.ReviewStatus=Approved",
            Kind::Opportunities,
            &[&[
                (Field::OpportunityId, "O77"),
                (Field::Stage, "Qualified"),
                (Field::City, "Ulm"),
                (Field::Country, "DE"),
                (Field::ReviewStatus, "Approved"),
            ]],
        );
    }

    #[test]
    fn a_tab_may_stand_between_key_and_value() {
        check(
            "Opportunity ID\tO77\nStage\tQualified\n",
            Kind::Opportunities,
            &[&[(Field::OpportunityId, "O77"), (Field::Stage, "Qualified")]],
        );
    }

    #[test]
    fn discounts_may_be_typed() {
        check(
            "aws_account_id=111122223333\nmonth=2026-11\ndiscount.partner_originated=3\n",
            Kind::Discounts,
            &[&[
                (Field::RowAccountId, "111122223333"),
                (Field::RowMonth, "2026-11"),
                (Field::DiscountPartnerOriginated, "3"),
            ]],
        );
    }

    #[test]
    fn a_dash_below_a_label_is_nothing() {
        let text = "Opportunity ID\nO7\nAWS account ID\n-\nTarget close date\n2026-12-05\nClosed reason\n–\n";
        check(
            text,
            Kind::Opportunities,
            &[&[
                (Field::OpportunityId, "O7"),
                (Field::AwsAccountId, ""),
                (Field::TargetCloseDate, "2026-12-05"),
                (Field::ClosedLostReason, ""),
            ]],
        );
    }
}
