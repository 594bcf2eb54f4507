use super::rule;
use crate::fact::Unknown;
use crate::field::Field;
use crate::opportunity::{Opportunity, Origin};
use crate::rule::{Case, Check, Cure, Pen, Ruling};

rule! {
    /// The opportunity comes from the partner, not from AWS.
    ///
    /// **Why**: the discount rewards partners for finding new customers. A lead or referral that AWS handed over
    /// earns none, however well everything else fits, and its origin does not change later.
    ///
    /// **To fix**: nothing can be fixed in an AWS referral. Where the origin is not shown, look at *Opportunity
    /// Ownership* in the ACE export; GetOpportunity and ListOpportunities do not carry it.
    ///
    /// **Readings**: fields that say *Accept to View* beside an empty status are the mark of an AWS referral that
    /// nobody has accepted yet; that is said, but not taken as proof.
    "POD001" "partner-originated" {
        section: Pod, gate: Always, guide: POD_REQUIREMENTS,
        facts: [Origin],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let origin = match case.opp.origin.get() {
        Err(_) if looks_like_an_unaccepted_referral(case.opp) => {
            return Ok(pen.unknown(
                format_args!(
                    "AWS hides fields of this record and its status is blank: it looks like an AWS \
                     referral that has not been accepted."
                ),
                format_args!(
                    "Accept or decline it in Partner Central; if it is your own opportunity, set \
                     origin=partner."
                ),
            ));
        }
        origin => origin?,
    };
    Ok(match origin {
        Origin::Partner => pen.pass(format_args!("The opportunity is partner-originated.")),
        Origin::Aws => pen.fail(
            Cure::Never,
            format_args!("The opportunity is an {origin}; only partner-originated ones earn the discount."),
            format_args!(
                "Plan without the discount; if the origin is wrong, ask your AWS partner manager about it."
            ),
        ),
    })
}

fn looks_like_an_unaccepted_referral(opp: &Opportunity<'_>) -> bool {
    let masked = |field: &Field| matches!(opp.provenance(*field).unknown, Some(Unknown::Masked));
    opp.review_status.is_blank() && Field::ALL.iter().any(masked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;
    use crate::rule::Outcome;
    use crate::testing::{AS_OF, blank, check, known, opportunity};

    #[test]
    fn an_unknown_origin_is_asked_for() {
        let mut opp = opportunity();
        opp.origin = Fact::absent(Field::Origin, Unknown::NotInFormat);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Unknown);
        assert!(words.remedy.contains("Opportunity Ownership"), "{}", words.remedy);
    }

    #[test]
    fn masked_fields_with_a_blank_status_look_like_an_unaccepted_referral() {
        let mut opp = opportunity();
        opp.origin = blank(Field::Origin);
        opp.customer_name = Fact::absent(Field::CustomerName, Unknown::Masked);
        assert!(!check(&RULE, &opp, AS_OF).1.message.contains("referral"), "an approved record was accepted");
        opp.review_status = blank(Field::ReviewStatus);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!(finding.outcome, Outcome::Unknown);
        assert!(words.message.contains("looks like an AWS referral"), "{}", words.message);
    }

    #[test]
    fn an_aws_referral_never_earns_the_discount() {
        let mut opp = opportunity();
        opp.origin = known(Field::Origin, Origin::Aws);
        let (finding, words) = check(&RULE, &opp, AS_OF);
        assert_eq!((finding.outcome, finding.cure), (Outcome::Fail, Cure::Never));
        assert_eq!(
            words.message,
            "The opportunity is an AWS Referral; only partner-originated ones earn the discount."
        );
    }

    #[test]
    fn a_partners_own_opportunity_passes() {
        assert_eq!(check(&RULE, &opportunity(), AS_OF).0.outcome, Outcome::Pass);
    }
}
