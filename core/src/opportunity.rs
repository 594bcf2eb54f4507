//! What is known of one opportunity, typed. How it came to be known is the business of `document` and `join`.

use crate::calendar::Month;
use crate::document::Format;
use crate::fact::{At, Fact, Unknown};
use crate::field::Field;
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt;

/// Text as it stands in a document, trimmed; owned only where it had to be unescaped.
pub type Text<'d> = Cow<'d, str>;

/// A 12-digit AWS account id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl AccountId {
    /// How many digits every account id has.
    pub const DIGITS: usize = 12;

    /// The account id with this number, zeros in front included.
    pub fn from_number(number: u64) -> Option<Self> {
        (number < 1_000_000_000_000).then_some(AccountId(number))
    }

    /// The number, without the zeros in front.
    pub fn number(self) -> u64 {
        self.0
    }

    /// In how many of the twelve digits two ids differ.
    pub fn differing_digits(self, other: AccountId) -> u32 {
        let (mut a, mut b, mut differing) = (self.0, other.0, 0);
        for _ in 0..Self::DIGITS {
            differing += u32::from(a % 10 != b % 10);
            a /= 10;
            b /= 10;
        }
        differing
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

/// The account id or ids in the one field that should hold exactly one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accounts {
    /// One id, as it should be.
    One(AccountId),
    /// Several distinct ids, in the order in which they stand.
    Several(Vec<AccountId>),
}

impl Accounts {
    /// The one id, when there is exactly one.
    pub fn one(&self) -> Option<AccountId> {
        match self {
            Accounts::One(id) => Some(*id),
            Accounts::Several(_) => None,
        }
    }

    /// All ids.
    pub fn all(&self) -> &[AccountId] {
        match self {
            Accounts::One(id) => std::slice::from_ref(id),
            Accounts::Several(ids) => ids,
        }
    }
}

macro_rules! spelled {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $vdoc:literal])+ $variant:ident $text:literal;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $vdoc])+ $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The value as AWS spells it.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

spelled! {
    /// Who brought the customer.
    Origin {
        /// The partner: only these earn the discount.
        Partner "Partner Referral";
        /// AWS.
        Aws "AWS Referral";
    }
}

spelled! {
    /// The partner's sales stage, in order.
    Stage {
        /// Customer opportunity identified.
        Prospect "Prospect";
        /// Customer engaged.
        Qualified "Qualified";
        /// Solution technically validated.
        TechnicalValidation "Technical Validation";
        /// Financial viability confirmed.
        BusinessValidation "Business Validation";
        /// Customer commits to the solution.
        Committed "Committed";
        /// Billing has begun.
        Launched "Launched";
        /// Customer chose otherwise.
        ClosedLost "Closed Lost";
    }
}

spelled! {
    /// Where AWS's validation of the opportunity stands.
    ReviewStatus {
        /// A draft; AWS has not seen it.
        PendingSubmission "Pending Submission";
        /// Handed in; locked.
        Submitted "Submitted";
        /// Being looked at; locked.
        InReview "In review";
        /// Validated.
        Approved "Approved";
        /// Turned down.
        Rejected "Rejected";
        /// Sent back with an issue to fix.
        ActionRequired "Action Required";
    }
}

spelled! {
    /// What kind of business it is for the customer's AWS use.
    OpportunityType {
        /// New.
        NetNew "Net New Business";
        /// The same again.
        FlatRenewal "Flat Renewal";
        /// More of what is there.
        Expansion "Expansion";
    }
}

/// Billed revenue of one account in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSpend<'d> {
    /// The billing month.
    pub month: Month,
    /// The amount in US dollars.
    pub amount: Fact<'d, Decimal>,
    /// Whether the bill is final.
    pub is_final: Fact<'d, bool>,
}

/// What is known of an account's spend, month by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spend<'d> {
    /// In the order of the months, one entry a month.
    pub months: Vec<MonthSpend<'d>>,
    /// Why a month that is not among them is not known.
    pub otherwise: Unknown<'d>,
}

impl<'d> Spend<'d> {
    /// The amount of `month`.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn of(&self, month: Month) -> Result<Decimal, &Unknown<'d>> {
        match self.entry(month).map(|entry| entry.amount.value.as_ref()) {
            // Something may say that the bill is final, and nothing how high it is.
            None | Some(Err(Unknown::NotInFormat)) => Err(&self.otherwise),
            Some(amount) => amount.copied(),
        }
    }

    /// The entry of `month`, if there is one.
    pub fn entry(&self, month: Month) -> Option<&MonthSpend<'d>> {
        self.months.iter().find(|entry| entry.month == month)
    }

    /// The newest month before `month` whose amount is known.
    pub fn newest_known_before(&self, month: Month) -> Option<(Month, Decimal)> {
        let known = |entry: &MonthSpend<'_>| entry.amount.known().map(|amount| (entry.month, *amount));
        self.months.iter().rev().filter(|entry| entry.month < month).find_map(known)
    }
}

/// The End User Reporting record of the opportunity's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eur<'d> {
    /// The account it is about.
    pub account_id: Fact<'d, AccountId>,
    /// `End User`, or what else.
    pub usage_type: Fact<'d, Text<'d>>,
    /// Whether the government fields are complete.
    pub government_fields_complete: Fact<'d, bool>,
    /// Whether the account advises a government.
    pub government_advising: Fact<'d, bool>,
    /// The city.
    pub city: Fact<'d, Text<'d>>,
    /// It is a Channel relationship, which names the customer's management account.
    pub is_channel_relationship: bool,
    /// An unmatched row that is probably meant: its account, and where it stands.
    pub near_miss: Option<(AccountId, At)>,
}

/// What is known of one opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the fact of the same name, described at `Field`")]
pub struct Opportunity<'d> {
    /// The format of the record it was read from; of the richest, when several were merged.
    pub format: Format,
    pub opportunity_id: Fact<'d, Text<'d>>,
    pub partner_crm_id: Fact<'d, Text<'d>>,
    pub project_title: Fact<'d, Text<'d>>,
    pub origin: Fact<'d, Origin>,
    pub customer_consent: Fact<'d, bool>,
    pub review_status: Fact<'d, ReviewStatus>,
    pub review_comments: Fact<'d, Text<'d>>,
    pub stage: Fact<'d, Stage>,
    pub target_close_date: Fact<'d, NaiveDate>,
    pub launched_on: Fact<'d, NaiveDate>,
    pub billing_started_on: Fact<'d, NaiveDate>,
    pub created_at: Fact<'d, NaiveDateTime>,
    pub submitted_on: Fact<'d, NaiveDate>,
    pub decided_on: Fact<'d, NaiveDate>,
    pub last_modified_at: Fact<'d, NaiveDateTime>,
    pub next_steps: Fact<'d, Text<'d>>,
    /// The day of the newest entry.
    pub next_steps_history: Fact<'d, NaiveDate>,
    pub customer_name: Fact<'d, Text<'d>>,
    pub customer_website: Fact<'d, Text<'d>>,
    pub country: Fact<'d, Text<'d>>,
    pub state: Fact<'d, Text<'d>>,
    pub city: Fact<'d, Text<'d>>,
    pub postal_code: Fact<'d, Text<'d>>,
    pub industry: Fact<'d, Text<'d>>,
    pub industry_other: Fact<'d, Text<'d>>,
    pub duns: Fact<'d, Text<'d>>,
    pub aws_account_id: Fact<'d, Accounts>,
    pub project_description: Fact<'d, Text<'d>>,
    pub use_case: Fact<'d, Text<'d>>,
    /// Several are joined by `;`, see [`items`].
    pub delivery_model: Fact<'d, Text<'d>>,
    pub expected_mrr: Fact<'d, Decimal>,
    pub mrr_currency: Fact<'d, Text<'d>>,
    pub opportunity_type: Fact<'d, OpportunityType>,
    /// Several are joined by `;`, see [`items`].
    pub primary_needs: Fact<'d, Text<'d>>,
    /// Several are joined by `;`, see [`items`].
    pub solution: Fact<'d, Text<'d>>,
    pub other_solution: Fact<'d, Text<'d>>,
    pub national_security: Fact<'d, bool>,
    pub closed_lost_reason: Fact<'d, Text<'d>>,
    pub catalog: Fact<'d, Text<'d>>,
    /// The spend of its one account.
    pub spend: Spend<'d>,
    /// The End User Reporting record of its one account.
    pub eur: Eur<'d>,
}

/// The values of a field that may hold several, joined by `;`.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|item| !item.is_empty())
}

impl<'d> Opportunity<'d> {
    /// Why `field` is not known, where it stands, and what was done to read it: what a report needs of any fact.
    pub fn provenance(&self, field: Field) -> Provenance<'_, 'd> {
        macro_rules! of {
            ($($variant:ident => $($path:ident).+;)+) => {
                match field {
                    $(Field::$variant => {
                        let fact = &self.$($path).+;
                        Provenance { unknown: fact.unknown(), at: fact.at, overruled: fact.overruled, note: fact.note }
                    })+
                    _ => Provenance { unknown: None, at: None, overruled: None, note: None },
                }
            };
        }
        of! {
            OpportunityId => opportunity_id;
            PartnerCrmId => partner_crm_id;
            ProjectTitle => project_title;
            Origin => origin;
            CustomerConsent => customer_consent;
            ReviewStatus => review_status;
            ReviewComments => review_comments;
            Stage => stage;
            TargetCloseDate => target_close_date;
            LaunchedOn => launched_on;
            BillingStartedOn => billing_started_on;
            CreatedAt => created_at;
            SubmittedOn => submitted_on;
            DecidedOn => decided_on;
            LastModifiedAt => last_modified_at;
            NextSteps => next_steps;
            NextStepsHistory => next_steps_history;
            CustomerName => customer_name;
            CustomerWebsite => customer_website;
            Country => country;
            State => state;
            City => city;
            PostalCode => postal_code;
            Industry => industry;
            IndustryOther => industry_other;
            Duns => duns;
            AwsAccountId => aws_account_id;
            ProjectDescription => project_description;
            UseCase => use_case;
            DeliveryModel => delivery_model;
            ExpectedMrr => expected_mrr;
            MrrCurrency => mrr_currency;
            OpportunityType => opportunity_type;
            PrimaryNeeds => primary_needs;
            Solution => solution;
            OtherSolution => other_solution;
            NationalSecurity => national_security;
            ClosedLostReason => closed_lost_reason;
            Catalog => catalog;
            EurAccountId => eur.account_id;
            EurUsageType => eur.usage_type;
            EurGovernmentFieldsComplete => eur.government_fields_complete;
            EurGovernmentAdvising => eur.government_advising;
            EurCity => eur.city;
        }
    }
}

/// What a report needs of any fact beside its value.
#[derive(Debug, Clone, Copy)]
pub struct Provenance<'a, 'd> {
    /// Why it is not known, if it is not.
    pub unknown: Option<&'a Unknown<'d>>,
    /// Where it stands.
    pub at: Option<At>,
    /// Where the document says it, when the user stated something else.
    pub overruled: Option<At>,
    /// What was done to read it.
    pub note: Option<crate::fact::Note>,
}

impl Provenance<'_, '_> {
    /// Whether a cell stands there for it, and is empty.
    pub fn is_emptied(&self) -> bool {
        matches!(self.unknown, Some(Unknown::Blank)) && self.at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_keeps_its_leading_zeros() {
        assert_eq!(AccountId::from_number(1_000_000_000_000), None);
        assert_eq!(AccountId::from_number(12_345_678_901).unwrap().to_string(), "012345678901");
    }

    #[test]
    fn differing_digits_are_counted_by_position() {
        let id = |n| AccountId::from_number(n).unwrap();
        assert_eq!(id(123_456_789_012).differing_digits(id(123_456_789_012)), 0);
        assert_eq!(id(123_456_789_012).differing_digits(id(123_456_789_021)), 2);
        assert_eq!(id(12_345_678_901).differing_digits(id(912_345_678_901)), 1);
    }

    #[test]
    fn a_list_is_split_at_semicolons() {
        assert_eq!(items(" Resell ;; Other").collect::<Vec<_>>(), ["Resell", "Other"]);
        assert_eq!(items(" ; ").count(), 0);
    }
}
