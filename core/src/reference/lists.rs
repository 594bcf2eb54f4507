//! The values that ACE offers for industry, use case, delivery model and support, current and earlier ones.
//!
//! Spelled as the API spells them; the console writes `&` for `and` and puts spaces around `/`, which
//! [`spelling`](super::spelling) does not distinguish.

use super::spelling::{listed, same};
use std::borrow::Cow;

/// Every industry.
pub const INDUSTRIES: [&str; 28] = [
    "Aerospace",
    "Agriculture",
    "Automotive",
    "Computers and Electronics",
    "Consumer Goods",
    "Education",
    "Energy - Oil and Gas",
    "Energy - Power and Utilities",
    "Financial Services",
    "Gaming",
    "Government",
    "Healthcare",
    "Hospitality",
    "Life Sciences",
    "Manufacturing",
    "Marketing and Advertising",
    "Media and Entertainment",
    "Mining",
    "Non-Profit Organization",
    "Other",
    "Professional Services",
    "Real Estate and Construction",
    "Retail",
    "Software and Internet",
    "Telecommunications",
    "Transportation and Logistics",
    "Travel",
    "Wholesale and Distribution",
];

/// The industry that has to be put into words.
pub const OTHER: &str = "Other";

/// Every use case of the current list, then those of the 2023 list that old records still carry.
pub const USE_CASES: [&str; 42] = [
    "AI Machine Learning and Analytics",
    "Archiving",
    "Big Data: Data Warehouse/Data Integration/ETL/Data Lake/BI",
    "Blockchain",
    "Business Applications: Mainframe Modernization",
    "Business Applications & Contact Center",
    "Business Applications & SAP Production",
    "Centralized Operations Management",
    "Cloud Management Tools",
    "Cloud Management Tools & DevOps with Continuous Integration & Continuous Delivery (CICD)",
    "Configuration, Compliance & Auditing",
    "Connected Services",
    "Containers & Serverless",
    "Content Delivery & Edge Services",
    "Database",
    "Edge Computing/End User Computing",
    "Energy",
    "Enterprise Governance & Controls",
    "Enterprise Resource Planning",
    "Financial Services",
    "Healthcare and Life Sciences",
    "High Performance Computing",
    "Hybrid Application Platform",
    "Industrial Software",
    "IOT",
    "Manufacturing, Supply Chain and Operations",
    "Media & High performance computing (HPC)",
    "Migration/Database Migration",
    "Monitoring, logging and performance",
    "Monitoring & Observability",
    "Networking",
    "Outpost",
    "SAP",
    "Security & Compliance",
    "Storage & Backup",
    "Training",
    "VMC",
    "VMWare",
    "Web development & DevOps",
    "AI/Machine Learning",
    "Big Data",
    "Migration",
];

/// Of these, those of the earlier list alone.
const USE_CASES_OF_2023: [&str; 3] = ["AI/Machine Learning", "Big Data", "Migration"];

/// Every delivery model.
pub const DELIVERY_MODELS: [&str; 6] =
    ["SaaS or PaaS", "BYOL or AMI", "Managed Services", "Professional Services", "Resell", "Other"];

/// What a partner can ask AWS for; without the `Co-Sell - ` that the current list puts in front.
const CO_SELL_NEEDS: [&str; 8] = [
    "Architectural Validation",
    "Business Presentation",
    "Competitive Information",
    "Deal Support",
    "Pricing Assistance",
    "Support for Public Tender / RFx",
    "Technical Consultation",
    "Total Cost of Ownership Evaluation",
];

/// How a partner says that it needs nothing: the current value, and those of earlier lists.
const NO_SUPPORT: [&str; 3] = [
    "Do Not Need Support from AWS Sales Rep",
    "For Visibility - No Assistance Needed",
    "For Visibility Only",
];

/// What a value of "Partner Primary Need from AWS" asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Something of AWS's sales team.
    CoSell,
    /// Nothing.
    NoSupport,
    /// `Other` of an earlier list: it does not say what.
    Other,
}

/// The industry of ACE's that is spelled like `text`.
pub fn industry(text: &str) -> Option<&'static str> {
    listed(&INDUSTRIES, text)
}

/// The use case of ACE's, current or earlier, that is spelled like `text`.
pub fn use_case(text: &str) -> Option<&'static str> {
    listed(&USE_CASES, text)
}

/// The delivery model of ACE's that is spelled like `text`.
pub fn delivery_model(text: &str) -> Option<&'static str> {
    listed(&DELIVERY_MODELS, text)
}

/// What one value of "Partner Primary Need from AWS" asks for; none for what ACE does not offer.
pub fn need(text: &str) -> Option<Need> {
    if listed(&NO_SUPPORT, text).is_some() {
        return Some(Need::NoSupport);
    }
    if same(text, OTHER) {
        return Some(Need::Other);
    }
    let what = after_co_sell(text);
    let is_co_sell = same(text, "Co-Sell") || listed(&CO_SELL_NEEDS, what).is_some();
    is_co_sell.then_some(Need::CoSell)
}

/// The same as the console and the import file spell it: `Software & Internet`.
pub fn industry_in_file(text: &str) -> Option<Cow<'static, str>> {
    let industry = industry(text)?;
    Some(if industry.contains(" and ") { industry.replace(" and ", " & ").into() } else { industry.into() })
}

/// The same as the console and the import file spell it: `Migration / Database Migration`. Earlier values stay.
pub fn use_case_in_file(text: &str) -> Option<Cow<'static, str>> {
    let use_case = use_case(text)?;
    let is_earlier = USE_CASES_OF_2023.contains(&use_case);
    Some(if is_earlier || !use_case.contains('/') {
        use_case.into()
    } else {
        use_case.replace('/', " / ").into()
    })
}

/// One value of "Partner Primary Need from AWS" as the current list spells it; none for what that does not offer.
pub fn need_in_file(text: &str) -> Option<Cow<'static, str>> {
    if same(text, NO_SUPPORT[0]) {
        return Some(NO_SUPPORT[0].into());
    }
    let need = listed(&CO_SELL_NEEDS, after_co_sell(text))?;
    Some(format!("Co-Sell - {need}").into())
}

/// What follows `Co-Sell - `, with whatever dashes; the text itself where that does not stand in front.
fn after_co_sell(text: &str) -> &str {
    let is_dash = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let after_word = |text: &'static str, rest: &mut &str| match rest.get(..text.len()) {
        Some(start) if start.eq_ignore_ascii_case(text) => {
            *rest = rest[text.len()..].trim_start_matches(is_dash);
            true
        }
        _ => false,
    };
    let mut rest = text;
    if after_word("co", &mut rest) && after_word("sell", &mut rest) { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_offered_is_not_listed() {
        assert_eq!(industry("Banking"), None);
        assert_eq!(use_case("Web shop"), None);
        assert_eq!(delivery_model("Pay-as-you-go"), None);
        for wrong in ["Money", "Co-Sell - Money", "", "Cost of Ownership"] {
            assert_eq!(need(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn both_spellings_are_the_same_industry_and_use_case() {
        assert_eq!(industry("Energy - Oil & Gas"), Some("Energy - Oil and Gas"));
        assert_eq!(industry("non profit organization"), Some("Non-Profit Organization"));
        assert_eq!(
            use_case("Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI"),
            Some("Big Data: Data Warehouse/Data Integration/ETL/Data Lake/BI")
        );
    }

    #[test]
    fn needs_are_read_from_every_list_that_aws_has_had() {
        for (text, expect) in [
            ("Co-Sell - Deal Support", Need::CoSell),
            ("Cosell—Deal Support", Need::CoSell),
            ("deal support", Need::CoSell),
            ("Co-Sell - Support for Public Tender / RFx", Need::CoSell),
            ("Co-Sell", Need::CoSell),
            ("Do Not Need Support from AWS Sales Rep", Need::NoSupport),
            ("For Visibility - No Assistance Needed", Need::NoSupport),
            ("Other", Need::Other),
        ] {
            assert_eq!(need(text), Some(expect), "{text}");
        }
    }
}
