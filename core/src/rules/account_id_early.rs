use super::rule;
use crate::opportunity::Stage;
use crate::rule::{Case, Check, Pen, Ruling};

rule! {
    /// The account id is on the opportunity well before it is needed.
    ///
    /// **Why**: the id is what lets AWS keep the opportunity and its End User Reporting record in step. The earlier
    /// it is there, the earlier the record is complete and the spend can be watched.
    ///
    /// **To fix**: enter the 12 digits in ACE as soon as the customer has an account.
    "EUR006" "account-id-early" {
        section: Eur, gate: NotLost, guide: EUR_INTEGRATION,
        facts: [AwsAccountId, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let accounts = &case.opp.aws_account_id;
    if accounts.known().is_some() {
        return Ok(pen.pass(format_args!("The AWS account id is already given.")));
    }
    Ok(match case.effective_stage() {
        Some(stage) if stage <= Stage::BusinessValidation && accounts.is_blank() => pen.advice(
            format_args!("The stage is {stage}, and no AWS account id is given yet."),
            format_args!(
                "Add the AWS account id in ACE as soon as the customer has an account: it starts the sync with End User \
                 Reporting."
            ),
        ),
        _ => pen.not_applicable(format_args!("This is advice for early stages whose account id is blank.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity};

    #[test]
    fn it_is_advice_only_in_early_stages_and_only_for_a_blank() {
        for &stage in Stage::ALL {
            let mut opp = opportunity();
            opp.stage = known(Field::Stage, stage);
            opp.aws_account_id = blank(Field::AwsAccountId);
            let expected = if stage < Stage::Committed { Outcome::Advice } else { Outcome::NotApplicable };
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, expected, "{stage}");
            opp.aws_account_id = Fact::absent(Field::AwsAccountId, Unknown::NotInFormat);
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable, "{stage}");
        }
    }

    #[test]
    fn without_a_stage_nothing_is_advised() {
        let mut opp = opportunity();
        opp.stage = blank(Field::Stage);
        opp.aws_account_id = blank(Field::AwsAccountId);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }

    #[test]
    fn an_id_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
