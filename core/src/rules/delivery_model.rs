use super::rule;
use crate::opportunity::items;
use crate::reference::lists;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// The delivery model is there, and each value is one of ACE's.
    ///
    /// **Why**: AWS refuses a value outside its six: SaaS or PaaS, BYOL or AMI, Managed Services, Professional
    /// Services, Resell and Other. `Resell` is the one for accounts and billing that you manage, which is what the
    /// Partner Originated Discount is about.
    ///
    /// **To fix**: choose one or several under *Delivery model*; in a file, separate them by a semicolon.
    "ACE012" "delivery-model" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [DeliveryModel],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.delivery_model.get()?;
    if let Some(unlisted) = items(text).find(|item| lists::delivery_model(item).is_none()) {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The delivery model {} is none of ACE's.", say::quoted(unlisted)),
            format_args!("Choose from {}.", say::list(&lists::DELIVERY_MODELS)),
        ));
    }
    if items(text).next().is_none() {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The delivery model {} names none.", say::quoted(text)),
            format_args!("Choose from {}.", say::list(&lists::DELIVERY_MODELS)),
        ));
    }
    Ok(pen.pass(format_args!("The delivery model is {}.", say::quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[test]
    fn each_value_is_one_of_aces() {
        for (value, expect) in [
            (Err(Unknown::NotInFormat), Outcome::Unknown),
            (Ok("Pay-as-you-go".into()), Outcome::Fail),
            (Ok("Resell; On-prem".into()), Outcome::Fail),
            (Ok(";".into()), Outcome::Fail),
            (Ok("resell;SaaS or PaaS".into()), Outcome::Pass),
        ] {
            let mut opp = testing::opportunity();
            opp.delivery_model.value = value;
            assert_eq!(
                testing::check(&RULE, &opp, "2026-11-22").0.outcome,
                expect,
                "{:?}",
                opp.delivery_model.value
            );
        }
    }
}
