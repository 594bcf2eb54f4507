use super::rule;
use crate::opportunity::Accounts;
use crate::rule::{Case, Check, Pen, Phase, Ruling};

rule! {
    /// The opportunity names the customer's AWS account by its 12-digit id.
    ///
    /// **Why**: the discount is paid on one account, and that account's bill decides. AWS needs the id to set the
    /// stage to Launched, and it links the opportunity with its End User Reporting record. At launch AWS locks it.
    ///
    /// **To fix**: enter the 12 digits as *AWS Account ID* in ACE, as early as possible. In a spreadsheet keep the
    /// column as text: a number loses its leading zeros or is rounded.
    "POD007" "account-id-valid" {
        section: Pod, gate: NotLost, guide: EUR_INTEGRATION,
        facts: [AwsAccountId, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let accounts = &case.opp.aws_account_id;
    if accounts.is_softly_unknown() && case.phase == Phase::BeforeLaunch {
        return Ok(pen
            .pending(
                format_args!("No AWS account id is given yet."),
                format_args!(
                    "Add the AWS account id in ACE as early as possible: AWS needs it to set Launched, and it drives the \
                     sync with End User Reporting."
                ),
            )
            .by_if_known(case.launch_due()));
    }
    Ok(match accounts.get()? {
        Accounts::One(id) => pen.pass(format_args!("The AWS account id is {id}.")),
        Accounts::Several(_) => {
            pen.not_applicable(format_args!("Several account ids are given; that is judged by POD008."))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Fact, Unknown};
    use crate::field::Field;
    use crate::opportunity::Stage;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, account, blank, check, day, known, opportunity, unreadable};

    #[test]
    fn an_id_that_cannot_be_read_is_not_a_missing_one() {
        let mut opp = opportunity();
        opp.aws_account_id = unreadable(Field::AwsAccountId);
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::Unknown);
    }

    #[test]
    fn before_launch_a_missing_id_can_wait_until_the_close_date() {
        for why in [Unknown::Blank, Unknown::NoRow, Unknown::NotInFormat] {
            let mut opp = opportunity();
            opp.aws_account_id = Fact::absent(Field::AwsAccountId, why);
            let finding = check(&RULE, &opp, AS_OF).0;
            assert_eq!((finding.outcome, finding.due_on), (Outcome::Pending, Some(day("2026-12-15"))));
        }
    }

    #[test]
    fn at_launch_or_without_a_stage_a_missing_id_is_unknown() {
        let mut opp = opportunity();
        opp.aws_account_id = blank(Field::AwsAccountId);
        for stage in [known(Field::Stage, Stage::Launched), blank(Field::Stage)] {
            opp.stage = stage;
            let (finding, words) = check(&RULE, &opp, AS_OF);
            assert_eq!(
                (finding.outcome, &*words.message),
                (Outcome::Unknown, "Nothing is given for the AWS account id.")
            );
        }
    }

    #[test]
    fn one_id_passes_and_several_are_for_another_rule() {
        let mut opp = opportunity();
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(
            (finding.outcome, &*words.message),
            (Outcome::Pass, "The AWS account id is 123456789012.")
        );
        let ids = vec![account(123_456_789_012), account(1)];
        opp.aws_account_id = known(Field::AwsAccountId, Accounts::Several(ids));
        assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
    }
}
