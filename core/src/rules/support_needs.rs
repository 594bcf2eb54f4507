use super::rule;
use crate::opportunity::items;
use crate::reference::lists::{self, Need};
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

rule! {
    /// What you need from AWS is there: co-sell support of some kind, or none, and not both.
    ///
    /// **Why**: the answer tells AWS whether you want the help of its sales team or only let it know of the
    /// opportunity. AWS refuses a record that asks for support and at the same time says that none is needed.
    ///
    /// **To fix**: under *Partner primary need from AWS* choose the kinds of co-sell support you want, or only *Do
    /// Not Need Support from AWS Sales Rep*.
    ///
    /// **Readings**: a value that was never on AWS's list is warned about; `For Visibility` of earlier lists means
    /// that no support is needed.
    "ACE013" "support-needs" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [PrimaryNeeds],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    let text = case.opp.primary_needs.get()?;
    let find = |wanted: Option<Need>| items(text).find(|item| lists::need(item) == wanted);
    if let (Some(need), Some(none)) = (find(Some(Need::CoSell)), find(Some(Need::NoSupport))) {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("{} and {} exclude each other.", say::quoted(need), say::quoted(none)),
            format_args!("Keep either the co-sell needs or “Do Not Need Support from AWS Sales Rep”."),
        ));
    }
    if items(text).next().is_none() {
        return Ok(pen.fail(
            Cure::Curable,
            format_args!("The primary need from AWS {} names none.", say::quoted(text)),
            format_args!("Choose what you need from AWS, or that you need no support."),
        ));
    }
    if let Some(unlisted) = find(None) {
        return Ok(pen
            .warning(
                format_args!("The primary need {} is not on AWS's list.", say::quoted(unlisted)),
                format_args!("Choose what you need from the list in ACE."),
            )
            .as_reading());
    }
    Ok(pen.pass(format_args!("The primary need from AWS is {}.", say::quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Unknown;
    use crate::rule::Outcome;
    use crate::testing;

    #[test]
    fn co_sell_needs_and_no_support_exclude_each_other() {
        for (value, expect) in [
            (Err(Unknown::Blank), Outcome::Unknown),
            (Ok("Co-Sell - Deal Support;Do Not Need Support from AWS Sales Rep".into()), Outcome::Fail),
            (Ok("Deal support;For Visibility - No Assistance Needed".into()), Outcome::Fail),
            (Ok(" ; ".into()), Outcome::Fail),
            (Ok("Co-Sell - Money".into()), Outcome::Warning),
            (Ok("Do Not Need Support from AWS Sales Rep".into()), Outcome::Pass),
            (Ok("Co-Sell - Deal Support; Cosell—Pricing Assistance".into()), Outcome::Pass),
        ] {
            let mut opp = testing::opportunity();
            opp.primary_needs.value = value;
            assert_eq!(
                testing::check(&RULE, &opp, "2026-11-22").0.outcome,
                expect,
                "{:?}",
                opp.primary_needs.value
            );
        }
    }
}
