//! What holds for whole families of inputs.

use chrono::NaiveDate;
use podcheck_core::assess::{About, Assessment, Inputs, Supplement};
use podcheck_core::document::Document;
use podcheck_core::report::{CheckReport, OpportunityReport, Verdict};
use podcheck_core::rule::{Outcome, Section};
use podcheck_tests::deal::{Deal, Shape};
use podcheck_tests::random::Random;
use podcheck_tests::{generate, promises};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::{BTreeMap, BTreeSet};

fn cases(cases: u32) -> ProptestConfig {
    // The same cases every time: a test that fails must fail again.
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..Default::default()
    }
}

fn supplement(fact: &str, value: &str) -> Supplement {
    Supplement { about: About::All, fact: fact.to_owned(), value: value.to_owned() }
}

fn assess(texts: &[&str], supplements: Vec<Supplement>) -> Assessment {
    let open = |(i, text): (usize, &&str)| Document::open(&format!("text {i}"), text.as_bytes().to_vec());
    let documents = texts.iter().enumerate().map(open).collect();
    Assessment::of(Inputs { supplements, ..Inputs::new(documents, generate::as_of()) })
}

/// The one opportunity of `text`.
#[track_caller]
fn judge(text: &str) -> OpportunityReport {
    let report = assess(&[text], Vec::new()).report();
    let [one] = <[OpportunityReport; 1]>::try_from(report.opportunities)
        .unwrap_or_else(|several| panic!("{} opportunities in:\n{text}", several.len()));
    one
}

/// Every fact of a deal that earns the discount, in canonical names.
const EARNS: &[(&str, &str)] = &[
    ("opportunity_id", "O7654321"),
    ("partner_crm_id", "CRM-0815"),
    ("project_title", "Order book on managed databases"),
    ("origin", "Partner Referral"),
    ("customer_consent", "yes"),
    ("review_status", "Approved"),
    ("stage", "Launched"),
    ("target_close_date", "2026-09-17"),
    ("created_at", "2026-06-01"),
    ("submitted_on", "2026-06-03"),
    ("decided_on", "2026-06-12"),
    ("last_modified_at", "2026-11-12"),
    ("next_steps", "Quarterly review with the customer"),
    ("customer_name", "Heron Lane Dairy Ltd"),
    ("customer_website", "https://heron-lane.example.com"),
    ("country", "US"),
    ("state", "Washington"),
    ("city", "Seattle"),
    ("postal_code", "98101"),
    ("industry", "Retail"),
    ("duns", "123456789"),
    ("aws_account_id", "702938475610"),
    (
        "project_description",
        "The old server restarts and orders are lost; we move the order book to managed databases.",
    ),
    ("use_case", "Migration / Database Migration"),
    ("delivery_model", "Resell"),
    ("expected_mrr", "3200"),
    ("mrr_currency", "USD"),
    ("opportunity_type", "Net New Business"),
    ("primary_needs", "Co-Sell - Deal Support"),
    ("solution", "S-0012345"),
    ("national_security", "No"),
    ("catalog", "AWS"),
    ("spend.2026-08", "1250.40"),
    ("spend_final.2026-08", "yes"),
    ("spend_currency", "USD"),
    ("eur.account_id", "702938475610"),
    ("eur.usage_type", "End User"),
    ("eur.government_fields_complete", "yes"),
    ("eur.government_advising", "no"),
    ("eur.city", "Seattle"),
];

/// Without any of these nobody can say that a launched deal earns the discount. Consent counts as stated at the
/// submission, a bill as final once its month is over, and a record as no test record, unless somebody says otherwise.
const NEEDED: &[&str] = &[
    "origin",
    "review_status",
    "stage",
    "target_close_date",
    "aws_account_id",
    "opportunity_type",
    "spend.2026-08",
    "eur.account_id",
    "eur.usage_type",
    "eur.government_fields_complete",
    "eur.government_advising",
];

/// Saying nothing of these counts as the good answer, so leaving a bad one out helps: that is the reading chosen.
const GOOD_UNLESS_SAID: &[&str] = &["customer_consent", "spend_final.2026-08", "spend_currency", "catalog"];

fn key_value(facts: &[(&str, &str)]) -> String {
    facts.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}

fn table(facts: &[(&str, &str)], blank: &str) -> String {
    let mut text = String::new();
    podcheck_tests::deal::line(&mut text, facts.iter().map(|(name, _)| *name), ',', "\n");
    let cells = facts.iter().map(|(name, value)| if *name == blank { "" } else { *value });
    podcheck_tests::deal::line(&mut text, cells, ',', "\n");
    text
}

#[test]
fn a_deal_with_every_fact_is_eligible() {
    let one = judge(&key_value(EARNS));
    assert_eq!(one.verdict, Verdict::Eligible, "{:#?}", decisive(&one));
    assert_eq!(judge(&table(EARNS, "")).verdict, Verdict::Eligible);
}

/// What POD and EUR found beside passes.
fn decisive(one: &OpportunityReport) -> Vec<(&str, Outcome, &str)> {
    let sections = [Section::Pod, Section::Eur];
    let is_told = |check: &&CheckReport| {
        sections.contains(&check.section) && !matches!(check.outcome, Outcome::Pass | Outcome::NotApplicable)
    };
    one.checks.iter().filter(is_told).map(|check| (&*check.rule, check.outcome, &*check.message)).collect()
}

#[test]
fn without_a_needed_fact_nobody_can_tell_and_without_another_nothing_changes() {
    for (removed, _) in EARNS {
        let kept: Vec<(&str, &str)> = EARNS.iter().filter(|(name, _)| name != removed).copied().collect();
        for text in [key_value(&kept), table(EARNS, removed)] {
            let one = judge(&text);
            let expected =
                if NEEDED.contains(removed) { Verdict::NeedsInformation } else { Verdict::Eligible };
            assert_eq!(one.verdict, expected, "without {removed}: {:#?}", decisive(&one));
        }
    }
}

/// What else may stand for a fact, good or bad.
fn values_of(fact: &str) -> &'static [&'static str] {
    match fact {
        "origin" => &["AWS Referral", "Accept to View", "nobody"],
        "customer_consent" => &["no"],
        "review_status" => &["Submitted", "In review", "Action Required", "Rejected", "Draft", "maybe"],
        "stage" => &["Prospect", "Committed", "Closed Lost", "Closed Won", "won"],
        "target_close_date" => {
            &["2026-11-22", "2026-12-15", "2027-03-01", "03/04/2026", "2026-02-31", "2020-01-10"]
        }
        "aws_account_id" => &["70293847561", "702938475610; 702938475611", "7.02938E+11", "702938475619"],
        "opportunity_type" => &["Expansion", "Flat Renewal", "new"],
        "spend.2026-08" => &["5000", "4999.99", "-20", "8.500,00", "a lot"],
        "spend_final.2026-08" => &["no"],
        "spend_currency" => &["EUR"],
        "eur.account_id" => &["702938475611", "111122223333"],
        "eur.usage_type" => &["Internal", "END_CUSTOMER"],
        "eur.government_fields_complete" => &["no", "unsure"],
        "eur.government_advising" => &["yes"],
        "eur.city" => &["Tacoma"],
        "catalog" => &["Sandbox"],
        _ => &[],
    }
}

/// A deal in which some facts stand otherwise than [`EARNS`] says.
fn changed_deal() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    proptest::collection::vec((0..EARNS.len(), any::<prop::sample::Index>()), 0..4).prop_map(|changes| {
        let mut facts = EARNS.to_vec();
        for (at, index) in changes {
            let values = values_of(facts[at].0);
            if !values.is_empty() {
                facts[at].1 = values[index.index(values.len())];
            }
        }
        facts
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn saying_less_never_makes_a_deal_eligible(facts in changed_deal(), at in 0..EARNS.len()) {
        let (removed, _) = facts[at];
        let whole = judge(&key_value(&facts));
        let kept: Vec<(&str, &str)> = facts.iter().filter(|(name, _)| *name != removed).copied().collect();
        let less = judge(&key_value(&kept));
        if less.verdict == Verdict::Eligible && !GOOD_UNLESS_SAID.contains(&removed) {
            prop_assert_eq!(whole.verdict, Verdict::Eligible, "without {}: {:?}", removed, decisive(&whole));
        }
        if less.verdict == Verdict::Eligible {
            prop_assert!(!NEEDED.contains(&removed), "eligible without {}", removed);
        }
    }
}

/// The deal with its account id whole: what a table may restore, a JSON string may not.
fn with_whole_account(deal: Deal) -> Deal {
    let digits = deal.aws_account_id.replace('-', "");
    let is_short = (9..12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let whole = if is_short { format!("{digits:0>12}") } else { digits };
    Deal { aws_account_id: whole, ..deal }
}

type Found = (Verdict, BTreeMap<String, Outcome>);

/// What POD and EUR found of each of `deals`, written in `shape`, with what the shape lacks stated.
fn outcomes(deals: &[Deal], shape: Shape, eur: &str, spend: &str) -> BTreeMap<String, Found> {
    let mut supplements = vec![supplement("customer_consent", "yes")];
    for deal in deals {
        let facts: BTreeMap<&str, String> = podcheck_tests::deal::canonical(deal).into_iter().collect();
        for fact in shape.lacks().iter().filter(|fact| !facts[*fact].is_empty()) {
            supplements.push(Supplement {
                about: About::One(deal.opportunity_id.clone()),
                ..supplement(fact, &facts[fact])
            });
        }
    }
    let report = assess(&[&shape.write(deals), eur, spend], supplements).report();
    assert_eq!(report.opportunities.len(), deals.len(), "{shape:?}: {:?}", report.summary.documents);
    let found = |(deal, one): (&Deal, &OpportunityReport)| {
        // Advice is given for a cell that is blank, not for a column that is not there; and a path that no record has
        // is no column of the sample script's CSV.
        let has_no_column = |fact: &str| shape == Shape::ApiCsv || shape.lacks().contains(&fact);
        let is_told = |check: &&CheckReport| match &*check.rule {
            "EUR005" => !deal.city.is_empty() || !has_no_column("city"),
            "EUR006" => !deal.aws_account_id.is_empty() || !has_no_column("aws_account_id"),
            _ => matches!(check.section, Section::Pod | Section::Eur),
        };
        assert_eq!(one.key, deal.opportunity_id, "{shape:?} keeps the order");
        let outcomes =
            one.checks.iter().filter(is_told).map(|check| (check.rule.clone(), check.outcome)).collect();
        (one.key.clone(), (one.verdict, outcomes))
    };
    deals.iter().zip(&report.opportunities).map(found).collect()
}

#[test]
fn one_deal_has_one_verdict_in_every_format() {
    for shape in Shape::ALL {
        let found =
            outcomes(&[generate::launched_deal()], *shape, generate::LAUNCHED_EUR, generate::LAUNCHED_SPEND);
        assert!(found.values().all(|(verdict, _)| *verdict == Verdict::Eligible), "{shape:?}: {found:?}");
    }
}

#[test]
fn every_deal_of_a_portfolio_has_the_same_outcomes_in_every_format() {
    let (eur, spend) = (generate::eur_table(9, 120), generate::spend_table(9, 120));
    let deals: Vec<Deal> = generate::deals(9, 120).into_iter().map(with_whole_account).collect();
    let expected = outcomes(&deals, Shape::CanonicalTable, &eur, &spend);
    for shape in Shape::ALL {
        for (deal, (key, found)) in deals.iter().zip(outcomes(&deals, *shape, &eur, &spend)) {
            let (verdict, rules) = &expected[&key];
            let differing: Vec<_> =
                found.1.iter().filter(|(rule, outcome)| rules.get(*rule) != Some(outcome)).collect();
            assert!(
                found.0 == *verdict && differing.is_empty(),
                "{shape:?}: {:?}, {differing:?} instead of {verdict:?}, {rules:?} for {deal:#?}",
                found.0,
            );
        }
    }
}

#[test]
fn the_order_of_the_documents_changes_no_verdict() {
    let deals = generate::deals(5, 120);
    let texts = [
        Shape::AceExport.write(&deals[..60]),
        Shape::ApiGetLines.write(&deals[60..]),
        generate::eur_table(5, 120),
        generate::spend_table(5, 120),
    ];
    let found = |order: [usize; 4]| -> BTreeMap<String, (Verdict, Vec<Outcome>)> {
        let texts = order.map(|i| texts[i].as_str());
        let outcomes = |one: &OpportunityReport| one.checks.iter().map(|check| check.outcome).collect();
        let report = assess(&texts, Vec::new()).report();
        report.opportunities.iter().map(|one| (one.key.clone(), (one.verdict, outcomes(one)))).collect()
    };
    let expected = found([0, 1, 2, 3]);
    assert_eq!(expected.len(), 120);
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert!(found(order) == expected, "{order:?}");
    }
}

#[test]
fn a_verdict_depends_on_the_day_that_is_given_alone() {
    let text = key_value(EARNS);
    let on = |day: &str| {
        let day: NaiveDate = day.parse().expect("a day");
        let inputs = Inputs::new(vec![Document::open("text", text.clone().into_bytes())], day);
        Assessment::of(inputs).report().opportunities[0].verdict
    };
    // The discount runs from 2026-10-01 to 2028-09-30.
    assert_eq!(on("2028-09-30"), Verdict::Eligible);
    assert_eq!(on("2028-10-01"), Verdict::Ended);
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn broken_inputs_still_have_a_whole_report(seed in any::<u64>(), wounds in 1usize..12) {
        let random = &mut Random::seeded(seed);
        let deals = generate::deals(seed % 50, 3);
        let mut bytes = random.pick(Shape::ALL).write(&deals).into_bytes();
        for table in [generate::eur_table(seed % 50, 3), generate::spend_table(seed % 50, 3)] {
            bytes.extend_from_slice(promises::SEPARATOR.as_bytes());
            bytes.extend_from_slice(table.as_bytes());
        }
        bytes.extend_from_slice(b"%%customer_consent=yes\nstage=Committed\n");
        for _ in 0..wounds {
            let at = random.below(bytes.len() as u64) as usize;
            match random.below(4) {
                0 => bytes[at] = random.number() as u8,
                1 => drop(bytes.drain(at..(at + 40).min(bytes.len()))),
                2 => {
                    let piece = bytes[at..(at + 60).min(bytes.len())].to_vec();
                    let to = random.below(bytes.len() as u64) as usize;
                    bytes.splice(to..to, piece);
                }
                _ => {
                    let odd: [&[u8]; 6] = [b"\"", b"\r\n", "\u{1f984}é".as_bytes(), b"\0", b",,,,", b"}]"];
                    bytes.splice(at..at, random.pick(&odd).iter().copied());
                }
            }
        }
        promises::any_input_has_a_whole_report(&bytes);
    }
}

#[test]
fn the_calendar_of_a_portfolio_is_known_again_the_next_day() {
    let text = generate::ace_export(3, 400);
    let on = |days: u64| {
        let day = generate::as_of() + chrono::Days::new(days);
        let inputs = Inputs::new(vec![Document::open("text", text.clone().into_bytes())], day);
        promises::events_of(&podcheck_core::export::ics(&Assessment::of(inputs), 0, usize::MAX))
    };
    let (today, tomorrow) = (on(0), on(1));
    let uids = |events: &[BTreeMap<String, String>]| -> BTreeSet<String> {
        events.iter().map(|event| event["UID"].clone()).collect()
    };
    assert!(today.len() > 800, "{}", today.len());
    assert_eq!(uids(&today).len(), today.len());
    let kept = uids(&today).intersection(&uids(&tomorrow)).count();
    assert!(kept * 100 > today.len() * 90, "{kept} of {} events are known again", today.len());
}

/// Headings of AWS's import template, those of earlier templates and some of nobody's, with a value of some deal each.
fn import_columns(deal: &Deal) -> [(&'static str, String); 25] {
    [
        ("Customer Company Name - required", deal.customer_name.clone()),
        ("Country - required", deal.country_name.clone()),
        ("State/Province - required if Country = United States", deal.state.clone()),
        ("City", deal.city.clone()),
        ("Postal Code - required", deal.postal_code.clone()),
        ("Website - required", deal.customer_website.clone()),
        ("Industry Vertical - required", deal.industry.clone()),
        ("Customer DUNS", deal.duns.clone()),
        ("AWS Account ID", deal.aws_account_id.clone()),
        ("Partner Project Title - required", deal.project_title.clone()),
        ("Customer Business Problem - required", deal.project_description.clone()),
        ("Use Case - required", deal.use_case.clone()),
        ("Delivery Model - required", deal.delivery_model.clone()),
        ("Estimated AWS Monthly Recurring Revenue - required", deal.expected_mrr.clone()),
        (
            "Target Close Date(mm/dd/yyyy) - required",
            deal.target_close_date.map_or(String::new(), |day| day.to_string()),
        ),
        ("Opportunity Type - required", deal.opportunity_type.clone()),
        ("Partner Primary Need from AWS - required", deal.primary_needs.clone()),
        ("Solution Offered - required", deal.solution.clone()),
        ("Partner CRM Unique Identifier", deal.partner_crm_id.clone()),
        ("Next Steps - applicable if Partner Primary Need from AWS = Co-Sell", deal.next_steps.clone()),
        ("Industry Other - required if Industry Vertical = Other", String::new()),
        ("Does opportunity belong to NatSec? - required if Industry Vertical = Government", String::new()),
        ("Other Solution Offered - required if Solution Offered = Other", String::new()),
        ("Customer Phone", "+1 (206) 555-0100".to_owned()),
        ("Notes of ours", " kept;  as \"it\" is ".to_owned()),
    ]
}

/// The same value as people and spreadsheets write it.
fn worn(value: &str, random: &mut Random) -> String {
    match random.below(9) {
        0 => format!(" {value}\t"),
        1 => value.to_uppercase(),
        2 => value.to_lowercase(),
        3 => value.replace(' ', "  "),
        4 => value.replace(' ', "\u{a0}"),
        5 if value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{}-{}-{}", &value[..4], &value[4..8], &value[8..])
        }
        6 => value.replace(';', " , "),
        7 => value.replace(" & ", " and ").replace(" and ", " & "),
        _ => value.to_owned(),
    }
}

fn in_quotes(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\n"
}

fn read_csv(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headings = reader.headers().expect("there are headings").clone();
    let rows = reader.records().map(|row| row.expect("each row has as many cells"));
    let cells = |row: csv::StringRecord| {
        headings.iter().zip(&row).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    rows.map(cells).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn an_import_file_that_was_put_right_needs_no_more_and_says_the_same(seed in any::<u64>()) {
        let random = &mut Random::seeded(seed);
        let deals = generate::deals(seed % 1_000, 6);
        let mut text = String::new();
        let mut given = Vec::new();
        for (i, deal) in deals.iter().enumerate() {
            let columns = import_columns(deal);
            if i == 0 {
                text.push_str(&in_quotes(columns.iter().map(|(heading, _)| (*heading).to_owned())));
            }
            let is_ours = |heading: &str| matches!(heading, "Customer Phone" | "Notes of ours");
            let row = columns.map(|(heading, value)| {
                let value = if is_ours(heading) { value } else { worn(&value, random) };
                (heading.to_owned(), value)
            });
            text.push_str(&in_quotes(row.iter().map(|(_, value)| value.clone())));
            given.push(BTreeMap::from(row));
        }
        let before = assess(&[&text], Vec::new());
        let file = podcheck_core::export::import_csv(&before, 0, usize::MAX);
        let after = assess(&[&file], Vec::new());
        let left = podcheck_core::export::corrections(&after, 0, usize::MAX);
        prop_assert!(left.changes.is_empty(), "{:?}", left.changes);
        prop_assert_eq!(&podcheck_core::export::import_csv(&after, 0, usize::MAX), &file);

        let rows = read_csv(&file);
        prop_assert_eq!(rows.len(), given.len());
        let corrections = podcheck_core::export::corrections(&before, 0, usize::MAX).changes;
        let keys: Vec<String> = before.report().opportunities.into_iter().map(|one| one.key).collect();
        for ((row, given), key) in rows.iter().zip(&given).zip(&keys) {
            prop_assert_eq!(&row["Notes of ours"], &given["Notes of ours"]);
            for (heading, value) in given {
                let told = corrections.iter().find(|one| one.key == *key && one.field == *heading);
                match told {
                    Some(one) => prop_assert_eq!((&one.from, &one.to), (value, &row[heading])),
                    None => prop_assert_eq!(value, &row[heading], "{} changed silently", heading),
                }
            }
        }
        let (before, after) = (before.report().opportunities, after.report().opportunities);
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            for name in ["target_close_date", "aws_account_id", "expected_mrr", "opportunity_type"] {
                prop_assert_eq!(&before.facts[name].value, &after.facts[name].value, "{}", name);
            }
            for (name, fact) in before.facts.iter() {
                let now = &after.facts[name.as_str()];
                prop_assert_eq!(fact.value.is_some(), now.value.is_some(), "{}: {:?} {:?}", name, fact, now);
            }
            for (was, is) in before.checks.iter().zip(&after.checks) {
                let is_better = matches!(was.outcome, Outcome::Fail | Outcome::Warning) && is.outcome == Outcome::Pass;
                prop_assert!(was.outcome == is.outcome || is_better, "{}: {} {}", was.rule, was.message, is.message);
            }
        }
    }
}
