//! The partner's own answers about its readiness, and the guide's checklists.
//!
//! No document carries these: they are asked ([`QUESTIONS`]), and the PGM rules judge the answers. The checklists
//! ([`CHECKLISTS`]) are ticked off and judged by nobody.

use crate::cite::{self, Cite};
use crate::document::value::said_yes;
use crate::reference::spelling::same;
use crate::rule::{Cure, Finding, Pen};
use crate::say;
use std::fmt;

/// What the partner answered; what is not answered is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Key and answer, as given: `partner.tier` → `Advanced`.
    pub given: Vec<(String, String)>,
}

impl Answers {
    /// The answer to `key`, if it was given and is not blank.
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.given.iter().rev().find(|(given, _)| given.eq_ignore_ascii_case(key));
        found.map(|(_, answer)| answer.trim()).filter(|answer| !answer.is_empty())
    }
}

/// A tier of the AWS Partner Network, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A member without a tier.
    Registered,
    /// The first tier; AWS calls it Select today, the guide Standard.
    Standard,
    /// The second.
    Advanced,
    /// The third.
    Premier,
}

impl Tier {
    /// The tier with this name, in any case, with or without the word "tier".
    pub fn named(text: &str) -> Option<Tier> {
        let word =
            text.rsplit_once(' ').filter(|(_, last)| same(last, "tier")).map_or(text, |(word, _)| word);
        let is = |name: &str| same(name, word);
        match word {
            _ if is("Registered") => Some(Tier::Registered),
            _ if is("Standard") || is("Select") || is(TIERS[1]) => Some(Tier::Standard),
            _ if is("Advanced") => Some(Tier::Advanced),
            _ if is("Premier") => Some(Tier::Premier),
            _ => None,
        }
    }
}

/// The tiers as they are offered for an answer.
pub const TIERS: [&str; 4] = ["Registered", "Select (Standard)", "Advanced", "Premier"];

/// The designations of the programme, one of which AWS referrals need.
pub const DESIGNATIONS: [&str; 3] = ["Competency", "Service Delivery", "MSP"];

/// In which form a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Count,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A question to the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The key of its answer: `partner.tier`.
    pub key: &'static str,
    /// The question.
    pub text: &'static str,
    /// In which form it is answered.
    pub kind: Kind,
    /// The rules that its answer decides.
    pub rules: &'static [&'static str],
}

const fn question(
    key: &'static str,
    kind: Kind,
    rules: &'static [&'static str],
    text: &'static str,
) -> Question {
    Question { key, text, kind, rules }
}

/// Every question, in the order in which it is asked: the requirements for all partners, then those for referrals.
pub const QUESTIONS: &[Question] = &[
    question(
        "partner.tier",
        Kind::Choice(&TIERS),
        &["PGM001", "PGM011"],
        "Which tier do you have in the AWS Partner Network?",
    ),
    question(
        "partner.ace_terms",
        Kind::YesNo,
        &["PGM002"],
        "Has your alliance lead accepted the ACE terms and conditions in Partner Central?",
    ),
    question(
        "partner.psf_listing",
        Kind::YesNo,
        &["PGM003"],
        "Is your listing in the Partner Solutions Finder active?",
    ),
    question(
        "partner.solution_provider",
        Kind::YesNo,
        &["PGM004"],
        "Has AWS approved your application to the Solution Provider Program?",
    ),
    question(
        "partner.permissions",
        Kind::YesNo,
        &["PGM005"],
        "Does everybody who works with opportunities have a role in Pipeline Manager?",
    ),
    question(
        "partner.validated_opportunities",
        Kind::Count,
        &["PGM012"],
        "How many of your opportunities has AWS validated?",
    ),
    question(
        "partner.csat_reviews",
        Kind::Count,
        &["PGM013"],
        "How many customer satisfaction reviews do you have in the AWS Partner Network?",
    ),
    question(
        "partner.designation",
        Kind::Choice(&["Competency", "Service Delivery", "MSP", "None"]),
        &["PGM014"],
        "Which programme designation do you have?",
    ),
    question(
        "partner.preferences_survey",
        Kind::YesNo,
        &["PGM015"],
        "Have you completed the ACE preferences survey?",
    ),
    question(
        "partner.referral_updates",
        Kind::YesNo,
        &["PGM016"],
        "Do you commit to updating the referrals that AWS sends you?",
    ),
];

/// A list of things to set up or to keep doing, ticked off item by item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checklist {
    /// Stable; its items are numbered after it.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Where the guide has it.
    pub guide: Cite,
    /// Its items.
    pub items: &'static [Item],
}

/// One item of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Stable: `setup-1`. It is ticked off by the answer `check.setup-1=yes`.
    pub id: &'static str,
    /// What is to be done or kept up.
    pub text: &'static str,
}

impl Item {
    /// Whether it is ticked off: yes, no, or not answered.
    pub fn is_done(&self, answers: &Answers) -> Option<bool> {
        let of_this = |key: &str| {
            key.split_once('.').is_some_and(|(check, id)| {
                check.eq_ignore_ascii_case("check") && id.eq_ignore_ascii_case(self.id)
            })
        };
        let (_, answer) = answers.given.iter().rev().find(|(key, _)| of_this(key))?;
        said_yes(answer.trim())
    }
}

const fn item(id: &'static str, text: &'static str) -> Item {
    Item { id, text }
}

/// The guide's four checklists, then what it asks for a CRM integration and for access by API.
pub const CHECKLISTS: &[Checklist] = &[
    Checklist {
        id: "setup",
        title: "Initial setup",
        guide: cite::CHECKLIST,
        items: &[
            item(
                "setup-1",
                "Membership in the AWS Partner Network is confirmed, at Standard tier or higher.",
            ),
            item("setup-2", "AWS has approved the application to the Solution Provider Program."),
            item("setup-3", "The ACE terms and conditions are accepted in Partner Central."),
            item("setup-4", "Users have their permissions in ACE Pipeline Manager."),
            item("setup-5", "The listing in the Partner Solutions Finder is active."),
        ],
    },
    Checklist {
        id: "pod",
        title: "Configuration for the discount",
        guide: cite::CHECKLIST,
        items: &[
            item("pod-1", "Somebody has access to End User Reporting."),
            item(
                "pod-2",
                "The integration of ACE and End User Reporting is on, so that records sync by themselves.",
            ),
            item("pod-3", "It is settled who records each customer's AWS account id, and when."),
            item("pod-4", "A tool watches what each customer is billed."),
            item("pod-5", "Target close dates are checked before they are set or moved."),
        ],
    },
    Checklist {
        id: "operations",
        title: "Running it",
        guide: cite::CHECKLIST,
        items: &[
            item("operations-1", "Each month, customers' bills are compared with the threshold of $5,000."),
            item("operations-2", "The usage type of each account is checked to be End User."),
            item("operations-3", "It is settled who completes the government fields."),
            item("operations-4", "No target close date is left to pass."),
            item("operations-5", "Launches are confirmed with the customer's first bill."),
            item("operations-6", "End User Reporting is checked for accuracy regularly."),
        ],
    },
    Checklist {
        id: "quality",
        title: "Quality assurance",
        guide: cite::CHECKLIST,
        items: &[
            item("quality-1", "Eligibility is checked before each submission."),
            item("quality-2", "Government Advising is verified to be No."),
            item("quality-3", "The AWS account id is added early."),
            item("quality-4", "The city is filled in."),
            item("quality-5", "Customers with several accounts get one opportunity for each account."),
        ],
    },
    Checklist {
        id: "crm",
        title: "CRM integration",
        guide: cite::CRM_AND_API,
        items: &[
            item("crm-1", "An AWS account is linked to Partner Central."),
            item("crm-2", "IAM roles and policies for the integration are in place."),
            item(
                "crm-3",
                "Salesforce runs Lightning Experience, in the Enterprise, Professional or Unlimited edition.",
            ),
            item("crm-4", "The AWS Partner CRM Connector syncs opportunities in both directions."),
        ],
    },
    Checklist {
        id: "api",
        title: "Access by API",
        guide: cite::CRM_AND_API,
        items: &[
            item("api-1", "An AWS account is linked to Partner Central."),
            item("api-2", "An IAM role may read and write opportunities through the Partner Central API."),
            item("api-3", "Internal systems create and update opportunities in bulk through it."),
            item("api-4", "Reports on opportunities are made by program."),
        ],
    },
];

/// Judges a question that is answered by yes or no.
pub(crate) fn confirmed(
    answers: &Answers,
    pen: &mut Pen,
    key: &str,
    [yes, no]: [&str; 2],
    remedy: &str,
) -> Finding {
    let Some(answer) = answers.get(key) else { return unanswered(pen, key, "yes or no") };
    match said_yes(answer) {
        Some(true) => pen.pass(format_args!("{yes}")),
        Some(false) => pen.fail(Cure::Curable, format_args!("{no}"), format_args!("{remedy}")),
        None => unreadable(pen, key, answer, "yes or no"),
    }
}

/// Judges a question that is answered by a tier.
pub(crate) fn tier_at_least(answers: &Answers, pen: &mut Pen, wanted: Tier, remedy: &str) -> Finding {
    const KEY: &str = "partner.tier";
    let Some(answer) = answers.get(KEY) else { return unanswered(pen, KEY, "your tier") };
    let shown = say::quoted(answer);
    match Tier::named(answer) {
        Some(tier) if tier >= wanted => pen.pass(format_args!("Your tier is {shown}.")),
        Some(_) => pen.fail(Cure::Curable, format_args!("Your tier is {shown}."), format_args!("{remedy}")),
        None => unreadable(pen, KEY, answer, "Registered, Select, Standard, Advanced or Premier"),
    }
}

/// Judges a question that is answered by a number.
pub(crate) fn count_at_least(
    answers: &Answers,
    pen: &mut Pen,
    key: &str,
    wanted: u32,
    what: &str,
) -> Finding {
    let Some(answer) = answers.get(key) else { return unanswered(pen, key, "a number") };
    match answer.parse::<u32>() {
        Ok(count) if count >= wanted => {
            pen.pass(format_args!("{what}: {count}, where AWS asks for {wanted}."))
        }
        Ok(count) => pen.fail(
            Cure::Curable,
            format_args!("{what}: {count} of the {wanted} that AWS asks for."),
            format_args!("Collect {} more.", wanted - count),
        ),
        Err(_) => unreadable(pen, key, answer, "a whole number"),
    }
}

pub(crate) fn unanswered(pen: &mut Pen, key: &str, how: impl fmt::Display) -> Finding {
    pen.unknown(
        format_args!("You have not answered this yet."),
        format_args!("Answer it: set {key} to {how}."),
    )
}

pub(crate) fn unreadable(pen: &mut Pen, key: &str, answer: &str, how: impl fmt::Display) -> Finding {
    pen.unknown(
        format_args!("The answer {} cannot be read.", say::quoted(answer)),
        format_args!("Set {key} to {how}."),
    )
}

/// What `rule` finds when `key` is answered by `answer`; not answered when that is empty.
#[cfg(test)]
pub(crate) fn outcome_of(rule: &crate::rule::Rule, key: &str, answer: &str) -> crate::rule::Outcome {
    let crate::rule::Check::Partner(check) = rule.check else { panic!("{} asks the partner", rule.id) };
    check(&Answers { given: vec![(key.to_owned(), answer.to_owned())] }, &mut Pen::silent()).outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn answers(given: &[(&str, &str)]) -> Answers {
        Answers { given: given.iter().map(|(key, answer)| (key.to_string(), answer.to_string())).collect() }
    }

    #[test]
    fn a_blank_answer_is_none_and_the_last_one_counts() {
        assert_eq!(answers(&[]).get("partner.tier"), None);
        assert_eq!(answers(&[("partner.tier", "  ")]).get("partner.tier"), None);
        let twice = answers(&[("partner.tier", "Select"), ("PARTNER.TIER", " Premier ")]);
        assert_eq!(twice.get("partner.tier"), Some("Premier"));
    }

    #[test]
    fn every_item_has_an_id_of_its_own_after_its_list() {
        let mut seen = BTreeSet::new();
        for list in CHECKLISTS {
            for (i, item) in list.items.iter().enumerate() {
                assert_eq!(item.id, format!("{}-{}", list.id, i + 1));
                assert!(seen.insert(item.id));
                assert!(item.text.ends_with('.'), "{}", item.text);
            }
        }
    }

    #[test]
    fn an_item_is_done_open_or_not_answered() {
        let item = CHECKLISTS[0].items[0];
        assert_eq!(item.is_done(&answers(&[])), None);
        assert_eq!(item.is_done(&answers(&[("check.setup-10", "yes")])), None);
        assert_eq!(item.is_done(&answers(&[("check.setup-1", "perhaps")])), None);
        assert_eq!(item.is_done(&answers(&[("check.setup-1", "no")])), Some(false));
        assert_eq!(item.is_done(&answers(&[("check.setup-1", "no"), ("Check.Setup-1", "Yes")])), Some(true));
    }

    #[test]
    fn every_question_decides_a_rule_and_every_rule_about_the_partner_is_asked() {
        let asked: BTreeSet<&str> = QUESTIONS.iter().flat_map(|question| question.rules).copied().collect();
        let about_the_partner =
            |rule: &&&crate::rule::Rule| matches!(rule.check, crate::rule::Check::Partner(_));
        let rules: BTreeSet<&str> =
            crate::rules::ALL.iter().filter(about_the_partner).map(|rule| rule.id).collect();
        assert_eq!(asked, rules);
    }
}
