use super::rule;
use crate::fact::{Fact, Unknown};
use crate::opportunity::{Accounts, Stage, items};
use crate::rule::{Case, Check, Pen, Ruling};

rule! {
    /// A committed opportunity has what AWS asks for at launch.
    ///
    /// **Why**: AWS refuses the stage Launched without a 12-digit account id and a solution registered in Partner
    /// Central, whose id begins with `S-`. It is better to find out before the customer's billing begins.
    ///
    /// **To fix**: fill in *AWS Account ID*, and choose the solution from your registered ones, in ACE.
    "UPD008" "launch-prerequisites" {
        section: Upd, gate: Always, guide: LAUNCH,
        facts: [Stage, AwsAccountId, Solution],
        check: Check::Opportunity(check),
    }
}

/// What the record shows of one prerequisite.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Good,
    Lacking,
    NotTold,
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let opp = case.opp;
    if opp.stage.known() != Some(&Stage::Committed) {
        return Ok(pen.not_applicable(format_args!("The stage is not known to be Committed.")));
    }
    let account = shown(&opp.aws_account_id, |accounts| matches!(accounts, Accounts::One(_)));
    let solution = shown(&opp.solution, |text| items(text).any(is_solution_id));
    let lacking = match (account, solution) {
        (Shown::Good, Shown::Good) => {
            return Ok(
                pen.pass(format_args!("The account id and the solution that a launch needs are there."))
            );
        }
        (Shown::Lacking, Shown::Lacking) => {
            "exactly one 12-digit account id and a solution whose id begins with S-"
        }
        (Shown::Lacking, _) => "exactly one 12-digit account id",
        (_, Shown::Lacking) => "a solution whose id begins with S-",
        _ => {
            return Ok(
                pen.not_applicable(format_args!("Account id and solution are not both in what you pasted."))
            );
        }
    };
    Ok(pen
        .warning(
            format_args!("The stage is Committed, and a launch needs {lacking}: AWS will refuse it."),
            format_args!("Fill in {lacking} in ACE before billing begins."),
        )
        .by_if_known(case.launch_due()))
}

fn shown<T>(fact: &Fact<'_, T>, is_good: impl Fn(&T) -> bool) -> Shown {
    match &fact.value {
        Ok(value) if is_good(value) => Shown::Good,
        Ok(_) | Err(Unknown::Blank | Unknown::Unreadable { .. }) => Shown::Lacking,
        Err(_) => Shown::NotTold,
    }
}

/// `S-0001234`, in either case.
fn is_solution_id(text: &str) -> bool {
    let number = text.strip_prefix("S-").or_else(|| text.strip_prefix("s-"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, account, blank, check, known, opportunity, unreadable};

    fn missing<T>(field: Field) -> Fact<'static, T> {
        Fact::absent(field, Unknown::NotInFormat)
    }

    #[test]
    fn only_a_committed_record_is_judged() {
        let mut opp = opportunity();
        opp.solution = blank(Field::Solution);
        for stage in
            [known(Field::Stage, Stage::Qualified), known(Field::Stage, Stage::Launched), blank(Field::Stage)]
        {
            opp.stage = stage;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn an_account_id_that_is_blank_malformed_or_not_alone_is_missing() {
        let several = Accounts::Several(vec![account(1), account(2)]);
        for (id, outcome) in [
            (blank(Field::AwsAccountId), Outcome::Warning),
            (unreadable(Field::AwsAccountId), Outcome::Warning),
            (known(Field::AwsAccountId, several), Outcome::Warning),
            (missing(Field::AwsAccountId), Outcome::NotApplicable),
        ] {
            let mut opp = opportunity();
            opp.aws_account_id = id;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome);
        }
    }

    #[test]
    fn a_solution_is_named_by_its_id() {
        for (solution, outcome) in [
            ("", Outcome::Warning),
            ("Our shop", Outcome::Warning),
            ("S-", Outcome::Warning),
            ("S-12x", Outcome::Warning),
            ("S-0001234", Outcome::Pass),
            ("Our shop; S-0001234", Outcome::Pass),
        ] {
            let mut opp = opportunity();
            opp.solution = known(Field::Solution, solution.into());
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, outcome, "{solution}");
        }
    }

    #[test]
    fn what_is_lacking_counts_even_beside_what_the_format_does_not_carry() {
        let mut opp = opportunity();
        opp.aws_account_id = blank(Field::AwsAccountId);
        opp.solution = missing(Field::Solution);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Warning);
        assert_eq!(
            words.message,
            "The stage is Committed, and a launch needs exactly one 12-digit account id: AWS will refuse it."
        );
    }
}
