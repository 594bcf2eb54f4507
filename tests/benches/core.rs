//! How fast the core reads and judges, beside the crate that only splits the same bytes into cells.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use podcheck_core::assess::{Assessment, Inputs};
use podcheck_core::document::{Document, Record};
use podcheck_core::export;
use podcheck_core::report::AgendaQuery;
use podcheck_tests::deal::Shape;
use podcheck_tests::generate;

fn main() {
    divan::main();
}

/// Rows of a portfolio: a list view, a partner, a distributor.
const ROWS: [usize; 3] = [1_000, 10_000, 100_000];

fn open(text: &str) -> Document {
    Document::open("portfolio", text.as_bytes().to_vec())
}

/// An ACE export recognised and every cell of it read, without a judgement.
#[divan::bench(args = ROWS, sample_count = 10, sample_size = 1)]
fn read_export(bencher: Bencher<'_, '_>, rows: usize) {
    let text = generate::ace_export(1, rows);
    bencher.counter(ItemsCount::new(rows)).counter(BytesCount::of_str(&text)).bench(|| {
        let document = open(&text);
        let mut record = Record::empty();
        for index in 0..document.len() {
            document.read(index, &mut record);
            black_box(&record);
        }
    });
}

/// An ACE export to its summary: read, judged by every rule, counted. What a user waits for; the core takes the
/// bytes over, so that neither their copy nor their end is measured.
#[divan::bench(args = ROWS, sample_count = 10, sample_size = 1)]
fn judge_export(bencher: Bencher<'_, '_>, rows: usize) {
    let text = generate::ace_export(1, rows);
    bencher
        .counter(ItemsCount::new(rows))
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.as_bytes().to_vec())
        .bench_values(|bytes| {
            let document = Document::open("portfolio", bytes);
            let assessment = Assessment::of(Inputs::new(vec![document], generate::as_of()));
            let summary = assessment.summary();
            (assessment, summary)
        });
}

/// The same with End User Reporting and four months of spend for most accounts.
#[divan::bench(args = ROWS, sample_count = 10, sample_size = 1)]
fn judge_export_with_spend_and_eur(bencher: Bencher<'_, '_>, rows: usize) {
    let texts = [generate::ace_export(1, rows), generate::eur_table(1, rows), generate::spend_table(1, rows)];
    bencher.counter(ItemsCount::new(rows)).bench(|| {
        let documents = texts.iter().map(|text| open(text)).collect();
        Assessment::of(Inputs::new(documents, generate::as_of())).summary()
    });
}

/// The days of every action, and the sentences of the first fifty.
#[divan::bench(args = ROWS, sample_count = 10, sample_size = 1)]
fn agenda_of_all(bencher: Bencher<'_, '_>, rows: usize) {
    let text = generate::ace_export(1, rows);
    let query = AgendaQuery { limit: 50, ..AgendaQuery::default() };
    bencher
        .counter(ItemsCount::new(rows))
        .with_inputs(|| Assessment::of(Inputs::new(vec![open(&text)], generate::as_of())))
        .bench_refs(|assessment| assessment.agenda(&query));
}

#[divan::bench(args = ROWS, sample_count = 3, sample_size = 1)]
fn calendar_of_all(bencher: Bencher<'_, '_>, rows: usize) {
    let assessment =
        Assessment::of(Inputs::new(vec![open(&generate::ace_export(1, rows))], generate::as_of()));
    bencher.counter(ItemsCount::new(rows)).bench(|| export::ics(&assessment, 0, usize::MAX));
}

/// Every deal as a draft: what is corrected is counted over all of them.
#[divan::bench(args = ROWS, sample_count = 3, sample_size = 1)]
fn corrections_of_all(bencher: Bencher<'_, '_>, rows: usize) {
    let text = generate::ace_export(1, rows).replace(",Approved,", ",Draft,").replacen(
        "Opportunity Id",
        "Our number",
        1,
    );
    bencher
        .counter(ItemsCount::new(rows))
        .with_inputs(|| Assessment::of(Inputs::new(vec![open(&text)], generate::as_of())))
        .bench_refs(|assessment| export::corrections(assessment, 0, 50));
}

/// One opportunity of a judged portfolio with every sentence: what a click costs.
#[divan::bench(args = [1, 10_000], sample_count = 100)]
fn report_one(bencher: Bencher<'_, '_>, rows: usize) {
    let assessment =
        Assessment::of(Inputs::new(vec![open(&generate::ace_export(1, rows))], generate::as_of()));
    let key = generate::deal(1, rows / 2).opportunity_id;
    bencher.bench(|| assessment.opportunity(black_box(&key)).expect("the deal is in the portfolio"));
}

/// A few facts of one opportunity, as somebody types them into a command.
const MESSAGE: &str = "opportunity_id=O7010\ncustomer_name=Tern Logistics\norigin=Partner Referral\n\
    review_status=Approved\nstage=Committed\ntarget_close_date=2027-04-15\naws_account_id=702938470410\n";

fn judge_message() -> Assessment {
    Assessment::of(Inputs::new(vec![open(MESSAGE)], generate::as_of()))
}

/// What a command costs: recognised and judged.
#[divan::bench(sample_count = 1_000)]
fn judge_one_message() -> Assessment {
    judge_message()
}

/// And what is said of it.
#[divan::bench(sample_count = 1_000)]
fn summary_of_one_message(bencher: Bencher<'_, '_>) {
    let assessment = judge_message();
    bencher.bench(|| assessment.summary());
}

/// What is said of it in a message.
#[divan::bench(sample_count = 1_000)]
fn decision_of_one_message(bencher: Bencher<'_, '_>) {
    let assessment = judge_message();
    bencher.bench(|| assessment.decisions(0, 1));
}

/// The whole report of it.
#[divan::bench(sample_count = 1_000)]
fn report_of_one_message(bencher: Bencher<'_, '_>) {
    let assessment = judge_message();
    bencher.bench(|| assessment.opportunities(0, 1));
}

/// The same bytes through the `csv` crate: cells and nothing more.
#[divan::bench(args = ROWS, sample_count = 10, sample_size = 1)]
fn peer_csv_crate(bencher: Bencher<'_, '_>, rows: usize) {
    let text = generate::ace_export(1, rows);
    bencher.counter(ItemsCount::new(rows)).counter(BytesCount::of_str(&text)).bench(|| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).expect("the generated export is sound") {
            black_box(&record);
        }
    });
}

/// GetOpportunity answers, one a line, read without a judgement.
#[divan::bench(args = [1_000, 10_000], sample_count = 10, sample_size = 1)]
fn read_get_opportunity(bencher: Bencher<'_, '_>, records: usize) {
    let text = Shape::ApiGetLines.write(&generate::deals(1, records));
    bencher.counter(ItemsCount::new(records)).counter(BytesCount::of_str(&text)).bench(|| {
        let document = open(&text);
        let mut record = Record::empty();
        for index in 0..document.len() {
            document.read(index, &mut record);
            black_box(&record);
        }
    });
}

/// GetOpportunity answers to their summary.
#[divan::bench(args = [1_000, 10_000], sample_count = 10, sample_size = 1)]
fn judge_get_opportunity(bencher: Bencher<'_, '_>, records: usize) {
    let text = Shape::ApiGetLines.write(&generate::deals(1, records));
    bencher
        .counter(ItemsCount::new(records))
        .counter(BytesCount::of_str(&text))
        .bench(|| Assessment::of(Inputs::new(vec![open(&text)], generate::as_of())).summary());
}

/// The same JSON into `serde_json`'s tree, and nothing more.
#[divan::bench(args = [1_000, 10_000], sample_count = 10, sample_size = 1)]
fn peer_serde_json_tree(bencher: Bencher<'_, '_>, records: usize) {
    let text = Shape::ApiGetLines.write(&generate::deals(1, records));
    bencher.counter(ItemsCount::new(records)).counter(BytesCount::of_str(&text)).bench(|| {
        for line in text.lines() {
            black_box(serde_json::from_str::<serde_json::Value>(line).expect("the generated JSON is sound"));
        }
    });
}
