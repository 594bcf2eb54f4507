use super::super::{DateOrder, Document, Record};
use super::*;
use crate::field::Field;

fn open(text: &str) -> Document {
    open_with(text)
}

fn open_with(text: &str) -> Document {
    Document::open("test.csv", text.as_bytes().to_vec())
}

/// The records of `document`, each as its fields and their texts.
fn records(document: &Document) -> Vec<Vec<(Field, String)>> {
    let mut record = Record::empty();
    let read = |index| {
        document.read(index, &mut record);
        record.cells.iter().map(|cell| (cell.field, cell.text.to_string())).collect()
    };
    (0..document.len()).map(read).collect()
}

/// Opens `text` and compares what each of its records has under `field`.
#[track_caller]
fn check(text: &str, field: Field, expected: &[&str]) {
    let document = open(text);
    let found: Vec<String> = records(&document)
        .into_iter()
        .map(|cells| {
            cells
                .into_iter()
                .filter(|(of, _)| *of == field)
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
                .join("+")
        })
        .collect();
    assert_eq!(found, expected, "{:?}", document.problems());
}

#[track_caller]
fn order_of(text: &str) -> Order {
    let document = open_with(text);
    let mut record = Record::empty();
    document.read(0, &mut record);
    record.cells.iter().find(|cell| cell.field == Field::TargetCloseDate).unwrap().order
}

#[test]
fn a_row_with_too_many_cells_is_reported_and_read() {
    let document = open("Opportunity Id,Stage\nO1,Qualified,and,more\nO2,Prospect,,\n");
    assert_eq!(document.len(), 2);
    let [problem] = document.problems() else { panic!("one problem") };
    assert_eq!(problem.record, Some(0));
    assert!(
        problem.message.starts_with("Record 1 has 4 cells and the table 2 headings"),
        "{}",
        problem.message
    );
}

#[test]
fn a_row_with_too_few_cells_carries_the_rest_as_blank() {
    let document = open("Opportunity Id,Stage,City\nO1\n");
    let mut record = Record::empty();
    document.read(0, &mut record);
    assert_eq!(record.cells.len(), 1);
    assert!(record.carries.contains(Field::City));
}

#[test]
fn an_unclosed_quotation_mark_is_reported_and_spoils_only_its_line() {
    let text = "Opportunity Id,Stage,City\nO1,\"Qualified,Ulm\nO2,Prospect,Bonn\n";
    check(text, Field::City, &["", "Bonn"]);
    let document = open(text);
    let problem = &document.problems()[0];
    let span = problem.span.unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "\"Qualified,Ulm");
    assert!(problem.message.contains("record 1"), "{}", problem.message);
}

#[test]
fn a_table_without_rows_says_so() {
    let document = open("Opportunity Id,Stage\n\n");
    assert_eq!((document.kind(), document.len()), (Kind::Opportunities, 0));
    assert!(document.problems()[0].message.contains("no row"));
}

#[test]
fn every_delimiter_and_line_end_is_read() {
    for text in [
        "Opportunity Id,Stage\nO1,Qualified",
        "Opportunity Id\tStage\r\nO1\tQualified\r\n",
        "Opportunity Id;Stage\n\n;\nO1;Qualified\n",
        "Opportunity Id;Stage\rO1;Qualified\r",
        "| Opportunity Id | Stage |\n|---|:--|\n| O1 | Qualified |\n",
        "sep=;\r\nOpportunity Id;Stage\r\nO1;Qualified\r\n",
        "Pipeline of the week\n\nOpportunity Id,Stage\nO1,Qualified\n",
    ] {
        check(text, Field::Stage, &["Qualified"]);
    }
}

#[test]
fn a_semicolon_in_a_quoted_cell_parts_nothing() {
    check(
        "Opportunity Id;Delivery Model;City\nO1;\"Resell;Other\";Ulm\n",
        Field::DeliveryModel,
        &["Resell;Other"],
    );
    check("Opportunity Id;Delivery Model;City\nO1;\"Resell;Other\";Ulm\n", Field::City, &["Ulm"]);
}

#[test]
fn headings_and_cells_may_hold_line_ends() {
    let text = "\"Opportunity\nId\",\"Target Close Date\n(mm/dd/yyyy)\n(required)\"\n\"O1\",\"01/02/2027\"\n\"O\n2\",\n";
    check(text, Field::OpportunityId, &["O1", "O\n2"]);
    assert_eq!(order_of(text), Order::Given(DateOrder::MonthFirst));
}

#[test]
fn doubled_marks_and_formulas_are_unwrapped_in_their_place() {
    let text = "Opportunity Id,Partner Project Title,AWS Account ID\nO1,\"The \"\"big\"\" one\",=\"012345678901\"\n\
                O2,x,\"=\"\"012345678902\"\"\"\n";
    check(text, Field::ProjectTitle, &["The \"big\" one", "x"]);
    check(text, Field::AwsAccountId, &["012345678901", "012345678902"]);
    let document = open(text);
    let mut record = Record::empty();
    document.read(0, &mut record);
    let span = record.cells[2].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "012345678901");
}

#[test]
fn an_empty_cell_has_its_place() {
    let text = "Opportunity Id,City,Stage\nO1,  ,Qualified\n";
    let document = open(text);
    let mut record = Record::empty();
    document.read(0, &mut record);
    let city = &record.cells[1];
    assert_eq!((city.field, city.text.as_ref(), document.heading(city.heading)), (Field::City, "", "City"));
    assert_eq!(city.span.start, city.span.end);
    assert!((29..=31).contains(&city.span.start));
}

#[test]
fn two_columns_of_one_field_are_two_cells() {
    check(
        "Opportunity Id,Last Updated Date(MM/DD/YYYY),Last Modified Date\nO1,01/02/2026,2026-01-03\n",
        Field::LastModifiedAt,
        &["01/02/2026+2026-01-03"],
    );
}

#[test]
fn the_row_of_field_names_above_the_headings_is_no_record() {
    let text = "partnerProjectTitle,country,targetCloseDate\nPlease fill in\n\"Partner Project Title\n(required)\",\
                \"Country\n(required)\",Target Close Date (mm/dd/yyyy)\nMove,Germany,01/02/2027\n";
    check(text, Field::ProjectTitle, &["Move"]);
    assert_eq!(open(text).format(), super::super::Format::AceImport);
}

#[test]
fn headings_repeated_between_records_are_no_record() {
    check(
        "Opportunity Id,Stage\nO1,Qualified\nOpportunity Id,Stage\nO2,Prospect\n",
        Field::OpportunityId,
        &["O1", "O2"],
    );
}

#[test]
fn a_column_proves_the_order_of_its_dates() {
    let table = |dates: &str| format!("Opportunity Id,Close Date\n{dates}");
    assert_eq!(order_of(&table("O1,03/04/2026\nO2,12/12/2026\n")), Order::Unproved);
    assert_eq!(order_of(&table("O1,03/04/2026\nO2,13/12/2026\n")), Order::Proved(DateOrder::DayFirst));
    assert_eq!(
        order_of(&table("O1,03/04/2026\n\"O2\",\"12/13/2026\"\n")),
        Order::Proved(DateOrder::MonthFirst)
    );
    assert_eq!(order_of(&table("O1,03/04/2026\nO2,12/13/2026\nO3,13/12/2026\n")), Order::Unproved);
    let named = "Opportunity Id,Close Date (DD/MM/YYYY)\nO1,03/04/2026\nO2,12/13/2026\n";
    assert_eq!(order_of(named), Order::Given(DateOrder::DayFirst));
}

#[test]
fn only_what_aws_bills_is_the_estimate() {
    let text = "Id,LifeCycle.Stage,Project.DeliveryModels[0],Project.DeliveryModels[1],\
                Project.ExpectedCustomerSpend[0].Amount,Project.ExpectedCustomerSpend[0].TargetCompany,\
                Project.ExpectedCustomerSpend[1].Amount,Project.ExpectedCustomerSpend[1].TargetCompany\n\
                O1,Qualified,Resell,Other,900000,Self,1200,AWS\nO2,Qualified,Resell,,900000,Self,,\nO3,Qualified,,,,,,\n";
    check(text, Field::ExpectedMrr, &["1200", "", "+"]);
    check(text, Field::DeliveryModel, &["Resell;Other", "Resell", ""]);
    assert_eq!(open(text).format(), super::super::Format::ApiCsv);
}

#[test]
fn a_line_of_a_bill_says_what_it_is_for_and_whether_it_is_invoiced() {
    let text = "bill_invoice_id,bill_billing_entity,bill_billing_period_start_date,line_item_usage_account_id,\
                line_item_line_item_type,line_item_unblended_cost\n\
                ,AWS,2026-10-01T00:00:00Z,111122223333,Usage,1.25\n77,AWS Marketplace,2026-09-01T00:00:00Z,111122223333,Tax,2\n";
    check(text, Field::RowFinal, &["", "77"]);
    check(text, Field::RowCharge, &["AWS+Usage", "AWS Marketplace+Tax"]);
    check(text, Field::RowAmount, &["1.25", "2"]);
}

#[test]
fn cost_explorer_has_accounts_in_its_headings_and_months_below() {
    let text = "\"Linked account\",\"Acme (111122223333)($)\",\"444455556666($)\",\"Total costs($)\"\n\
                \"Linked account total\",\"30.5\",\"7\",\"37.5\"\n\"2026-09-01\",\"10.5\",\"3\",\"13.5\"\n\
                \"2026-10-01\",\"20\",\"4\",\"24\"\n";
    check(text, Field::RowAccountId, &["111122223333", "444455556666", "111122223333", "444455556666"]);
    check(text, Field::RowMonth, &["2026-09-01", "2026-09-01", "2026-10-01", "2026-10-01"]);
    check(text, Field::RowAmount, &["10.5", "3", "20", "4"]);
    let document = open(text);
    let mut record = Record::empty();
    document.read(2, &mut record);
    for cell in &record.cells {
        assert_eq!(&text[cell.span.start as usize..cell.span.end as usize], cell.text);
    }
}

#[test]
fn cost_explorer_turned_has_months_in_its_headings() {
    let text = "Linked account,2026-09-01($),2026-10-01($),Total costs($)\nAcme (111122223333),10,20,30\nTotal,10,20,30\n";
    check(text, Field::RowAccountId, &["111122223333", "111122223333"]);
    check(text, Field::RowMonth, &["2026-09-01", "2026-10-01"]);
    check(text, Field::RowAmount, &["10", "20"]);
}

#[test]
fn spend_beside_an_opportunity_carries_its_month() {
    let document =
        open("opportunity_id,aws_account_id,spend.2026-11,eur.usage_type\nO1,111122223333,42,End User\n");
    assert_eq!(document.kind(), Kind::Facts);
    let mut record = Record::empty();
    document.read(0, &mut record);
    assert_eq!(
        (record.cells[2].field, record.cells[2].month),
        (Field::Spend, crate::calendar::Month::parse("2026-11"))
    );
}

#[test]
fn a_record_past_the_end_has_no_cells() {
    let document = open("Opportunity Id,Stage\nO1,Qualified\n");
    let mut record = Record::empty();
    document.read(7, &mut record);
    assert_eq!((record.cells.len(), record.index), (0, 7));
}
