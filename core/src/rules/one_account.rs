use super::rule;
use crate::opportunity::Accounts;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The opportunity is about one AWS account only.
    ///
    /// **Why**: several accounts on one opportunity are not supported. The discount is paid per account, each
    /// account's own bill decides, and AWS's field holds a single id.
    ///
    /// **To fix**: submit one opportunity for each account, each with a description that stands on its own. The
    /// report offers the split: one copy for each id, judged by itself.
    "POD008" "one-account" {
        section: Pod, gate: NotLost, guide: MULTIPLE_ACCOUNTS,
        facts: [AwsAccountId],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    Ok(match case.opp.aws_account_id.known() {
        None => pen.not_applicable(format_args!("No account id is known.")),
        Some(Accounts::One(id)) => pen.pass(format_args!("{id} is the only account.")),
        Some(Accounts::Several(ids)) => pen
            .fail(
                Cure::UntilLaunch,
                format_args!("The opportunity names {} accounts: {}.", ids.len(), say::list(ids)),
                format_args!(
                    "Keep one account id on this opportunity, and submit an opportunity of its own for each other account."
                ),
            )
            .by(case.as_of),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, account, blank, check, known, opportunity, unreadable};

    #[test]
    fn without_a_readable_id_there_is_nothing_to_count() {
        let mut opp = opportunity();
        for missing in [blank(Field::AwsAccountId), unreadable(Field::AwsAccountId)] {
            opp.aws_account_id = missing;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn two_accounts_need_two_opportunities() {
        let mut opp = opportunity();
        let ids = vec![account(123_456_789_012), account(1)];
        opp.aws_account_id = known(Field::AwsAccountId, Accounts::Several(ids));
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::UntilLaunch));
        assert_eq!(words.message, "The opportunity names 2 accounts: 123456789012 and 000000000001.");
    }

    #[test]
    fn one_account_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
