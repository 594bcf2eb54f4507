use super::rule;
use crate::opportunity::ReviewStatus;
use crate::rule::{Case, Check, Pen, Ruling};
use crate::say;
use std::fmt;

rule! {
    /// No answer to AWS's reviewers is outstanding.
    ///
    /// **Why**: *Action Required* means that a reviewer found something to correct. The opportunity is not validated
    /// until you have corrected it and sent it back.
    ///
    /// **To fix**: read the review comments, correct the record in ACE and submit it again. Open for correction are
    /// the customer's address and website, the target close date, the expected spend, the business problem and your
    /// own CRM id; the AWS account id is not.
    "UPD003" "action-required-answered" {
        section: Upd, gate: Editable, guide: VALIDATION,
        facts: [ReviewStatus, ReviewComments],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    Ok(match case.opp.review_status.known() {
        None => pen.not_applicable(format_args!("The review status is not known.")),
        Some(ReviewStatus::ActionRequired) => {
            let comments = fmt::from_fn(|f| match case.opp.review_comments.known() {
                Some(comments) => {
                    write!(f, "AWS's reviewers ask for a correction: {}.", say::quoted(comments))
                }
                None => f.write_str("AWS's reviewers ask for a correction; the comments are in ACE."),
            });
            pen.warning(
                format_args!("{comments}"),
                format_args!(
                    "Correct the opportunity in ACE and submit it again; address, website, close date, expected spend, \
                     business problem and CRM id can be edited now, the AWS account id cannot."
                ),
            )
            .by(case.as_of)
        }
        Some(status) => pen.pass(format_args!("The status is {status}: no correction is asked for.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity, unreadable};

    #[test]
    fn without_a_status_nothing_is_said() {
        let mut opp = opportunity();
        for status in [blank(Field::ReviewStatus), unreadable(Field::ReviewStatus)] {
            opp.review_status = status;
            assert_eq!(check(&RULE, &opp, AS_OF).0.outcome, Outcome::NotApplicable);
        }
    }

    #[test]
    fn it_repeats_what_the_reviewer_wrote() {
        let mut opp = opportunity();
        opp.review_status = known(Field::ReviewStatus, ReviewStatus::ActionRequired);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Warning);
        assert!(words.message.ends_with("the comments are in ACE."), "{}", words.message);
        opp.review_comments = known(Field::ReviewComments, "Website is dead".into());
        assert_eq!(
            check(&RULE, &opp, AS_OF).1.message,
            "AWS's reviewers ask for a correction: “Website is dead”."
        );
    }

    #[test]
    fn any_other_status_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
