//! Portfolios: many deals with the mix of stages, blanks and errors of a partner's pipeline, and the spend and
//! End User Reporting tables beside them.

use crate::deal::{Deal, line};
use crate::random::Random;
use chrono::{Days, Months, NaiveDate};
use std::fmt::Write as _;

/// The day on which the generated portfolios are meant to be judged.
///
/// # Panics
/// Never: the day exists.
pub fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("this day exists")
}

const FIRST: [&str; 24] = [
    "Amber", "Birch", "Cobalt", "Dune", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Kestrel",
    "Lumen", "Maple", "Nimbus", "Onyx", "Pebble", "Quill", "Rowan", "Saffron", "Tundra", "Umber", "Violet",
    "Willow", "Zephyr",
];
const SECOND: [&str; 16] = [
    "Analytics",
    "Bakeries",
    "Clinics",
    "Dairy",
    "Energy",
    "Freight",
    "Games",
    "Hotels",
    "Insurance",
    "Joinery",
    "Kitchens",
    "Logistics",
    "Mutual",
    "Optics",
    "Robotics",
    "Seeds",
];
const INDUSTRIES: [&str; 8] = [
    "Financial Services",
    "Healthcare",
    "Manufacturing",
    "Retail",
    "Software and Internet",
    "Hospitality",
    "Professional Services",
    "Education",
];
const USE_CASES: [&str; 6] = [
    "Business Applications & Contact Center",
    "Containers & Serverless",
    "Migration / Database Migration",
    "Networking",
    "Security & Compliance",
    "Storage & Backup",
];
const COUNTRIES: [(&str, &str, &str, &str, &str); 8] = [
    ("US", "United States", "Washington", "Seattle", "98101"),
    ("US", "United States", "Texas", "Austin", "73301"),
    ("US", "United States", "Ohio", "Columbus", "43004"),
    ("DE", "Germany", "", "Leipzig", "04109"),
    ("FR", "France", "", "Nantes", "44000"),
    ("GB", "United Kingdom", "", "Leeds", "LS1 4AP"),
    ("JP", "Japan", "", "Osaka", "530-0001"),
    ("NL", "Netherlands", "", "Utrecht", "3511 AB"),
];
const DELIVERY: [&str; 4] = [
    "Managed Services",
    "Professional Services",
    "SaaS or PaaS; Managed Services",
    "Resell; Professional Services",
];
const NEEDS: [&str; 4] = [
    "Co-Sell - Architectural Validation",
    "Co-Sell - Technical Consultation; Co-Sell - Deal Support",
    "Co-Sell - Pricing Assistance",
    "Do Not Need Support from AWS Sales Rep",
];
const BEFORE_LAUNCH: [&str; 5] =
    ["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed"];
const LOST: [&str; 3] = ["Price", "Customer Experience", "Lost to Competitor – Other"];

/// The id of the account of the deal at `index`; every 16th begins with a zero.
fn account_of(index: usize) -> String {
    let number = (index as u64).wrapping_mul(7_919) % 99_999_999 + 1;
    if index % 16 == 3 {
        format!("0{number:08}{:03}", index % 997)
    } else {
        format!("7{number:08}{:03}", index % 997)
    }
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// `value`, or nothing if `is_blank`.
fn unless(is_blank: bool, value: String) -> String {
    if is_blank { String::new() } else { value }
}

/// A description of the customer's problem, long enough for AWS, with the commas and line breaks people write.
fn description(random: &mut Random, customer: &str) -> String {
    let problem = random.pick(&[
        "loses orders whenever its two old servers are restarted",
        "cannot say at month end what it has in stock",
        "waits four hours each night for reports that nobody trusts",
        "pays for a data center it has outgrown",
    ]);
    let solution = random.pick(&[
        "We move the workload to managed databases and containers",
        "We rebuild the pipeline on object storage, queues, and functions",
        "We migrate the applications in three waves, with a rehearsal before each",
        "We set up a landing zone, backups, and a monitored network",
    ]);
    let glue = if random.percent(20) { ".\n" } else { ", and its customers notice. " };
    let end = if random.percent(15) {
        " The board calls it \"the big move\"."
    } else {
        " First go-live in spring."
    };
    format!("{customer} {problem}{glue}{solution}.{end}")
}

/// The deal at `index` of the portfolio of `seed`, the same every time.
pub fn deal(seed: u64, index: usize) -> Deal {
    let random = &mut Random::seeded(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ index as u64);
    let today = as_of();
    let customer = format!(
        "{} {} {}",
        random.pick(&FIRST),
        random.pick(&SECOND),
        random.pick(&["GmbH", "Inc", "Ltd", "SA"])
    );
    let (country_code, country_name, state, city, postal_code) = *random.pick(&COUNTRIES);
    let progress = random.below(100);
    let (stage, close) = match progress {
        0..55 => (*random.pick(&BEFORE_LAUNCH), after(today, random.below(200))),
        55..62 => (*random.pick(&BEFORE_LAUNCH), before(today, 1 + random.below(60))),
        62..90 => ("Launched", before(today, random.below(900))),
        _ => ("Closed Lost", before(today, random.below(400))),
    };
    let status = match (stage, random.below(100)) {
        ("Launched", 0..97) => "Approved",
        (_, 0..60) => "Approved",
        (_, 60..68) => "Submitted",
        (_, 68..74) => "In review",
        (_, 74..78) => "Action Required",
        (_, 78..82) => "Rejected",
        _ => "Draft",
    };
    let created = before(close.min(today), 30 + random.below(90));
    let submitted = (status != "Draft").then(|| after(created, random.below(9)));
    let decided = submitted.filter(|_| matches!(status, "Approved" | "Rejected")).map(|day| after(day, 8));
    let account = account_of(index);
    let aws_account_id = match random.below(100) {
        0..88 if random.percent(50) => account.trim_start_matches('0').to_owned(),
        0..88 => account,
        88..97 => String::new(),
        97 => "7.10234E+11".to_owned(),
        98 => format!("{account}; 7{:011}", index % 1_000),
        _ => format!("{}-{}-{}", &account[..4], &account[4..8], &account[8..]),
    };
    let slug = customer.to_lowercase().replace(' ', "-");
    Deal {
        opportunity_id: format!("O{}", 4_000_000 + index),
        partner_crm_id: format!("CRM-{index:07}"),
        project_title: format!(
            "{} for {customer}",
            random.pick(&["Cloud move", "Data platform", "New web shop"])
        ),
        origin: if random.percent(93) { "Partner Referral" } else { "AWS Referral" }.to_owned(),
        review_status: status.to_owned(),
        stage: if random.percent(2) { "Closed Won" } else { stage }.to_owned(),
        target_close_date: (!random.percent(1)).then_some(close),
        created_on: Some(created),
        submitted_on: submitted,
        decided_on: decided,
        last_modified_on: Some(before(today, random.below(40))),
        next_steps: unless(
            random.percent(15),
            format!("Call with {} on the statement of work", random.pick(&["finance", "the CTO"])),
        ),
        customer_website: unless(random.percent(4), format!("https://{slug}.example.com")),
        customer_name: customer.clone(),
        country_code: country_code.to_owned(),
        country_name: country_name.to_owned(),
        state: state.to_owned(),
        city: unless(random.percent(20), city.to_owned()),
        postal_code: postal_code.to_owned(),
        industry: (*random.pick(&INDUSTRIES)).to_owned(),
        duns: unless(random.percent(70), format!("{:09}", random.below(999_999_999))),
        aws_account_id,
        project_description: description(random, &customer),
        use_case: (*random.pick(&USE_CASES)).to_owned(),
        delivery_model: (*random.pick(&DELIVERY)).to_owned(),
        expected_mrr: unless(
            random.percent(3),
            format!("{}.{:02}", 200 + random.below(9_000), random.below(100)),
        ),
        opportunity_type: random
            .pick(&["Net New Business", "Net New Business", "Net New Business", "Expansion"])
            .to_string(),
        primary_needs: (*random.pick(&NEEDS)).to_owned(),
        solution: unless(random.percent(10), format!("S-{:07}", random.below(90_000))),
        closed_lost_reason: if stage == "Closed Lost" && !random.percent(10) {
            (*random.pick(&LOST)).to_owned()
        } else {
            String::new()
        },
    }
}

/// The first `count` deals of the portfolio of `seed`.
pub fn deals(seed: u64, count: usize) -> Vec<Deal> {
    (0..count).map(|index| deal(seed, index)).collect()
}

/// An ACE export of `count` deals, about 580 bytes a row, made row by row.
pub fn ace_export(seed: u64, count: usize) -> String {
    let mut text = crate::deal::ace_export(&[], ',');
    text.reserve(count * 640);
    let headings = text.len();
    for index in 0..count {
        text.push_str(&crate::deal::ace_export(&[deal(seed, index)], ',')[headings..]);
    }
    text
}

/// End User Reporting records of three in four accounts of the portfolio, a few of them wrong.
pub fn eur_table(seed: u64, count: usize) -> String {
    let random = &mut Random::seeded(seed ^ 0x00e0_0e00);
    let mut text =
        "AWS Account ID,Usage Type,Government Fields Complete,Government Advising,City\n".to_owned();
    for account in (0..count).map(account_of) {
        if random.percent(75) {
            let usage = if random.percent(97) { "End User" } else { "Internal" };
            let complete = if random.percent(96) { "Yes" } else { "No" };
            let advising = ["No", "Yes", ""][usize::from(random.percent(2)) + usize::from(random.percent(1))];
            line(&mut text, [&account, usage, complete, advising, ""], ',', "\n");
        }
    }
    text
}

/// Billed revenue of four in five accounts of the portfolio, over the last four months.
pub fn spend_table(seed: u64, count: usize) -> String {
    let random = &mut Random::seeded(seed ^ 0x0005_9e4d);
    let mut text = "aws_account_id,month,amount,currency,final\n".to_owned();
    for account in (0..count).map(account_of) {
        if random.percent(80) {
            for back in 0..4 {
                let month = as_of().checked_sub_months(Months::new(back)).unwrap_or(as_of());
                let high = if random.percent(90) { 4_000 } else { 9_000 };
                let amount = random.below(high);
                let done = if back == 0 { "no" } else { "yes" };
                let _ = writeln!(
                    text,
                    "{account},{},{amount}.{:02},USD,{done}",
                    &month.to_string()[..7],
                    random.below(100)
                );
            }
        }
    }
    text
}

/// A deal with which nothing is wrong: launched last spring, approved, the partner's own.
///
/// # Panics
/// Never: its days exist.
pub fn launched_deal() -> Deal {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    Deal {
        opportunity_id: "O7654321".into(),
        partner_crm_id: "CRM-0815".into(),
        project_title: "Order book on managed databases".into(),
        origin: "Partner Referral".into(),
        review_status: "Approved".into(),
        stage: "Launched".into(),
        target_close_date: day(2026, 9, 17),
        created_on: day(2026, 6, 1),
        submitted_on: day(2026, 6, 3),
        decided_on: day(2026, 6, 12),
        last_modified_on: day(2026, 11, 12),
        next_steps: "Quarterly review with the customer".into(),
        customer_name: "Heron Lane Dairy Ltd".into(),
        customer_website: "https://heron-lane.example.com".into(),
        country_code: "US".into(),
        country_name: "United States".into(),
        state: "Washington".into(),
        city: "Seattle".into(),
        postal_code: "98101".into(),
        industry: "Retail".into(),
        duns: "123456789".into(),
        aws_account_id: "702938475610".into(),
        project_description:
            "Heron Lane Dairy loses orders when its old server restarts, and its drivers wait. \
                              We move the order book to managed databases with backups."
                .into(),
        use_case: "Migration / Database Migration".into(),
        delivery_model: "Managed Services; Resell".into(),
        expected_mrr: "3200".into(),
        opportunity_type: "Net New Business".into(),
        primary_needs: "Co-Sell - Deal Support".into(),
        solution: "S-0012345".into(),
        closed_lost_reason: String::new(),
    }
}

/// The End User Reporting record of [`launched_deal`].
pub const LAUNCHED_EUR: &str = "eur.account_id,eur.usage_type,eur.government_fields_complete,eur.government_advising,eur.city\n\
                                702938475610,End User,Yes,No,Seattle\n";

/// The bills of [`launched_deal`]'s account: August is the month before its close date's.
pub const LAUNCHED_SPEND: &str = "aws_account_id,month,amount,currency,final\n\
                                  702938475610,2026-08,1250.40,USD,yes\n\
                                  702938475610,2026-09,2980.00,USD,yes\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_portfolio() {
        assert_eq!(ace_export(3, 50), ace_export(3, 50));
        assert_ne!(ace_export(3, 50), ace_export(4, 50));
        assert_eq!(crate::deal::ace_export(&deals(3, 50), ','), ace_export(3, 50));
    }

    #[test]
    fn a_row_of_the_export_has_about_580_bytes() {
        let bytes = ace_export(1, 2_000).len() / 2_000;
        assert!((520..640).contains(&bytes), "{bytes}");
    }
}
