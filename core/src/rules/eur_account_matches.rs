use super::{not_reported_yet, rule};
use crate::fact::Missing;
use crate::opportunity::{AccountId, Accounts};
use crate::rule::{Case, Check, Cure, Finding, Pen, Phase, Ruling};

rule! {
    /// Opportunity and End User Reporting name the same account.
    ///
    /// **Why**: AWS joins the two by the account id. When the ids differ, be it by one mistyped digit, the
    /// reporting record is not found and the account is priced as if it had none.
    ///
    /// **To fix**: compare both ids with the one in the customer's console, and correct the wrong one. The id of an
    /// opportunity can be changed while it is Approved and before it is Launched.
    ///
    /// A relationship of Channel Management names the customer's management account, which may rightly differ; there
    /// it is only a warning.
    "EUR004" "eur-account-matches" {
        section: Eur, gate: NotLost, guide: SYNC_FAILURES,
        facts: [EurAccountId, AwsAccountId, Stage],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let (accounts, eur) = (&case.opp.aws_account_id, &case.opp.eur);
    let ours = match accounts.known() {
        None if accounts.is_softly_unknown() && case.phase == Phase::BeforeLaunch => {
            return Ok(pen
                .pending(
                    format_args!("The opportunity names no account id that End User Reporting could match."),
                    format_args!("Add the account id in ACE, at the latest with the launch."),
                )
                .by_if_known(case.launch_due()));
        }
        None => return Err(Missing(accounts.field)),
        Some(Accounts::Several(_)) => {
            return Ok(
                pen.not_applicable(format_args!("Several account ids are given; that is judged by POD008."))
            );
        }
        Some(Accounts::One(id)) => *id,
    };
    match (eur.account_id.known(), eur.near_miss) {
        (Some(&theirs), _) if theirs == ours => {
            Ok(pen.pass(format_args!("Opportunity and End User Reporting both name {ours}.")))
        }
        (Some(&theirs), _) | (None, Some((theirs, _))) => Ok(differ(case, ours, theirs, pen)),
        (None, None) => not_reported_yet(case, pen, &eur.account_id),
    }
}

fn differ(case: &Case<'_, '_>, ours: AccountId, theirs: AccountId, pen: &mut Pen) -> Finding {
    if case.opp.eur.is_channel_relationship {
        return pen.warning(
            format_args!(
                "The opportunity names account {ours}, the Channel relationship the management account \
                 {theirs}."
            ),
            format_args!("Make sure that {ours} belongs to the organization of {theirs}."),
        );
    }
    pen.fail(
        Cure::Curable,
        format_args!("The opportunity names account {ours}, End User Reporting {theirs}."),
        format_args!("Find out which is right and correct the other, in ACE or in End User Reporting."),
    )
    .by(case.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{At, Fact, Span, Unknown};
    use crate::field::Field;
    use crate::opportunity::{Opportunity, Stage};
    use crate::rule::{Outcome, Words};
    use crate::testing::{AS_OF, account, blank, check, known, opportunity, unreadable};

    #[track_caller]
    fn decides(opp: &Opportunity<'_>, outcome: Outcome) -> Words {
        let (finding, words) = check(&RULE, opp, AS_OF);
        assert_eq!((finding.outcome, finding.cure), (outcome, Cure::Curable));
        words
    }

    #[test]
    fn without_one_readable_id_of_our_own_nothing_can_match() {
        let mut opp = opportunity();
        opp.aws_account_id = unreadable(Field::AwsAccountId);
        decides(&opp, Outcome::Unknown);
        opp.aws_account_id = blank(Field::AwsAccountId);
        decides(&opp, Outcome::Pending);
        opp.aws_account_id = known(Field::AwsAccountId, Accounts::Several(vec![account(1), account(2)]));
        decides(&opp, Outcome::NotApplicable);
    }

    #[test]
    fn a_missing_record_can_wait_until_the_launch() {
        let mut opp = opportunity();
        opp.eur.account_id = Fact::absent(Field::EurAccountId, Unknown::NoRow);
        decides(&opp, Outcome::Pending);
        opp.stage = known(Field::Stage, Stage::Launched);
        decides(&opp, Outcome::Unknown);
    }

    #[test]
    fn another_id_and_a_near_miss_fail_and_show_both() {
        let both = "The opportunity names account 123456789012, End User Reporting 123456789013.";
        let mut opp = opportunity();
        opp.eur.account_id = known(Field::EurAccountId, account(123_456_789_013));
        assert_eq!(decides(&opp, Outcome::Fail).message, both);
        opp.eur.account_id = Fact::absent(Field::EurAccountId, Unknown::NoRow);
        let at = At { document: 1, heading: 0, record: 0, span: Span::default() };
        opp.eur.near_miss = Some((account(123_456_789_013), at));
        assert_eq!(decides(&opp, Outcome::Fail).message, both);
    }

    #[test]
    fn a_channel_relationship_that_names_another_account_is_only_a_warning() {
        let mut opp = opportunity();
        opp.eur.account_id = known(Field::EurAccountId, account(999_999_999_999));
        opp.eur.is_channel_relationship = true;
        decides(&opp, Outcome::Warning);
    }

    #[test]
    fn the_same_id_passes() {
        decides(&opportunity(), Outcome::Pass);
    }
}
