//! Rows below headings that are known: the first byte says which headings and which delimiter.
#![no_main]

use podcheck_tests::deal::ACE_EXPORT_HEADINGS;

const CANONICAL: &str =
    "opportunity_id\tstage\ttarget_close_date\taws_account_id\tspend.2026-10\teur.usage_type";
const SPEND: &str = "aws_account_id\tmonth\tamount\tcurrency\tfinal";
const EUR: &str = "AWS Account ID\tUsage Type\tGovernment Fields Complete\tGovernment Advising\tCity";
const DISCOUNTS: &str =
    "linked_account_id\tsum_amount\tpartner_originated_discount\tno_eur_discount\tdiscount_start_date";
const BILL: &str = "line_item_usage_account_id\tbill_billing_period_start_date\tline_item_unblended_cost\tline_item_line_item_type";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rows)) = bytes.split_first() else { return };
    let headings = match choice % 6 {
        0 => ACE_EXPORT_HEADINGS.join("\t"),
        1 => CANONICAL.to_owned(),
        2 => SPEND.to_owned(),
        3 => EUR.to_owned(),
        4 => DISCOUNTS.to_owned(),
        _ => BILL.to_owned(),
    };
    let delimiter = [",", "\t", ";"][usize::from(choice / 6 % 3)];
    let mut text = headings.replace('\t', delimiter).into_bytes();
    text.push(b'\n');
    text.extend_from_slice(rows);
    podcheck_tests::promises::any_bytes_are_a_document(&text);
});
