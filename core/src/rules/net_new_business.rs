use super::rule;
use crate::opportunity::OpportunityType;
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The opportunity is net new business for AWS.
    ///
    /// **Why**: the discount is for new customers, and for new workloads that let an existing customer's use grow
    /// markedly. A renewal on the same terms brings AWS nothing new.
    ///
    /// **To fix**: choose *Net New Business* in ACE when the workload is new. Where it is an expansion, say in the
    /// project description what is new about it.
    ///
    /// **Readings**: an expansion is a warning and no failure. It counts when it is a new workload that adds
    /// significantly, and the account's spend decides in any case.
    "POD004" "net-new-business" {
        section: Pod, gate: NotLost, guide: NET_NEW,
        facts: [OpportunityType],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let kind = case.opp.opportunity_type.get()?;
    Ok(match kind {
        OpportunityType::NetNew => pen.pass(format_args!("The opportunity is {kind}.")),
        OpportunityType::Expansion => pen
            .warning(
                format_args!(
                    "The opportunity is an {kind}: it counts only as a new workload that significantly \
                     expands AWS use, and the account's spend still decides."
                ),
                format_args!("Say in the project description which workload is new and what it adds."),
            )
            .as_reading(),
        OpportunityType::FlatRenewal => pen.fail(
            Cure::Never,
            format_args!("The opportunity is a {kind}, which is no new business."),
            format_args!(
                "Plan without the discount; a new workload of this customer is an opportunity of its own."
            ),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, check, known, opportunity};

    #[test]
    fn an_unknown_type_cannot_be_judged() {
        let mut opp = opportunity();
        opp.opportunity_type = Fact::absent(Field::OpportunityType, Unknown::NotInFormat);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn each_type_is_judged() {
        for (kind, outcome, cure, is_reading) in [
            (OpportunityType::FlatRenewal, Outcome::Fail, Cure::Never, false),
            (OpportunityType::Expansion, Outcome::Warning, Cure::Curable, true),
            (OpportunityType::NetNew, Outcome::Pass, Cure::Curable, false),
        ] {
            let mut opp = opportunity();
            opp.opportunity_type = known(Field::OpportunityType, kind);
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!((finding.outcome, finding.cure, finding.is_reading), (outcome, cure, is_reading));
        }
    }
}
