use super::rule;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

/// The catalog in which the Partner Central API keeps test records.
const TEST_CATALOG: &str = "Sandbox";

rule! {
    /// The record is a real one, not a test.
    ///
    /// **Why**: the Partner Central API has a *Sandbox* catalog for trying things out. What is in there is never
    /// seen by AWS's reviewers and earns nothing.
    ///
    /// **To fix**: create the opportunity in the catalog *AWS*.
    "POD012" "production-record" {
        section: Pod, gate: Always, guide: CRM_AND_API,
        facts: [Catalog],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    Ok(match case.opp.catalog.known() {
        None => pen.not_applicable(format_args!("The record does not say which catalog it is in.")),
        Some(catalog) if catalog.trim().eq_ignore_ascii_case(TEST_CATALOG) => pen.fail(
            Cure::Never,
            format_args!("This is a test record: it is in the {TEST_CATALOG} catalog."),
            format_args!("Create the opportunity in the catalog AWS."),
        ),
        Some(_) => pen.pass(format_args!("The record is not in the {TEST_CATALOG} catalog.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    #[test]
    fn without_a_catalog_nothing_is_said() {
        let mut opp = opportunity();
        for missing in [blank(Field::Catalog), unreadable(Field::Catalog)] {
            opp.catalog = missing;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn a_test_record_never_earns_the_discount() {
        let mut opp = opportunity();
        for (catalog, outcome, cure) in [
            ("Sandbox", Outcome::Fail, Cure::Never),
            ("sandbox ", Outcome::Fail, Cure::Never),
            ("AWS", Outcome::Pass, Cure::Curable),
        ] {
            opp.catalog = known(Field::Catalog, catalog.into());
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!((finding.outcome, finding.cure), (outcome, cure), "{catalog}");
        }
    }
}
