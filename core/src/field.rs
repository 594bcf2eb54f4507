//! Every fact the rules ask for: its canonical name, what people call it, and where it can be found.

macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal, $label:literal, $carrier:literal;)+) => {
        /// A fact that a document, a supplement or a row of a table can carry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Field {
            /// Every field, in the order in which a report lists them.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)+];

            /// The canonical name: `target_close_date`.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)+ }
            }

            /// What a person calls it, in a sentence: `target close date`.
            pub const fn label(self) -> &'static str {
                match self { $(Field::$variant => $label,)+ }
            }

            /// Where it can be found when the pasted format does not carry it; empty when every one does.
            pub const fn carrier(self) -> &'static str {
                match self { $(Field::$variant => $carrier,)+ }
            }
        }
    };
}

fields! {
    /// The id AWS gave: `O1234567`.
    OpportunityId "opportunity_id", "opportunity id", "the ACE export or the Partner Central API";
    /// The partner's own CRM id.
    PartnerCrmId "partner_crm_id", "partner CRM id", "the ACE export or the Partner Central API";
    /// What the partner calls the project.
    ProjectTitle "project_title", "project title", "GetOpportunity or the ACE export";
    /// Who brought the customer.
    Origin "origin", "origin", "the ACE export (Opportunity Ownership) or GetAwsOpportunitySummary";
    /// Whether the customer agreed to be submitted.
    CustomerConsent "customer_consent", "customer consent", "";
    /// Where AWS's validation stands.
    ReviewStatus "review_status", "review status", "the ACE export (Status) or GetOpportunity";
    /// What AWS's reviewers wrote.
    ReviewComments "review_comments", "review comments", "GetOpportunity";
    /// The partner's sales stage.
    Stage "stage", "stage", "the ACE export or GetOpportunity";
    /// Target Close Date, the anchor of spend month and discount.
    TargetCloseDate "target_close_date", "target close date", "the ACE export or GetOpportunity";
    /// The day the stage became Launched.
    LaunchedOn "launched_on", "launch date", "the opportunity_pipeline data subscription (won_date)";
    /// The day the customer's billing began.
    BillingStartedOn "billing_started_on", "start of billing", "";
    /// When the record was made.
    CreatedAt "created_at", "creation date", "the ACE export or GetOpportunity";
    /// When the partner submitted it.
    SubmittedOn "submitted_on", "submission date", "the ACE export (Date Submitted)";
    /// When AWS approved or rejected it.
    DecidedOn "decided_on", "decision date", "the ACE export (Date Approved/Rejected)";
    /// When anybody, AWS included, last changed the record.
    LastModifiedAt "last_modified_at", "last modified date", "the ACE export or GetOpportunity";
    /// The next step as the partner wrote it.
    NextSteps "next_steps", "next steps", "the ACE export or GetOpportunity";
    /// When each next step was written.
    NextStepsHistory "next_steps_history", "next steps history", "GetOpportunity";
    /// The customer's company name.
    CustomerName "customer_name", "customer company name", "the ACE export or GetOpportunity";
    /// The customer's website.
    CustomerWebsite "customer_website", "customer website", "the ACE export or GetOpportunity";
    /// The customer's country.
    Country "country", "country", "the ACE export or GetOpportunity";
    /// The customer's state or region.
    State "state", "state", "GetOpportunity or the bulk import file";
    /// The customer's city.
    City "city", "city", "GetOpportunity or the bulk import file";
    /// The customer's postal code.
    PostalCode "postal_code", "postal code", "GetOpportunity or the bulk import file";
    /// The customer's industry.
    Industry "industry", "industry", "the ACE export or GetOpportunity";
    /// The industry in words when it is `Other`.
    IndustryOther "industry_other", "other industry", "the ACE export or GetOpportunity";
    /// The customer's D-U-N-S number.
    Duns "duns", "DUNS number", "GetOpportunity or the bulk import file";
    /// The AWS account the discount is for.
    AwsAccountId "aws_account_id", "AWS account id", "the ACE export or GetOpportunity";
    /// The customer's business problem.
    ProjectDescription "project_description", "project description", "the ACE export or GetOpportunity";
    /// The use case.
    UseCase "use_case", "use case", "the ACE export or GetOpportunity";
    /// How the solution is delivered.
    DeliveryModel "delivery_model", "delivery model", "the ACE export or GetOpportunity";
    /// Estimated AWS monthly recurring revenue.
    ExpectedMrr "expected_mrr", "estimated monthly recurring revenue", "the ACE export or GetOpportunity";
    /// Its currency.
    MrrCurrency "mrr_currency", "currency of the estimate", "GetOpportunity";
    /// Net new, expansion or renewal.
    OpportunityType "opportunity_type", "opportunity type", "GetOpportunity or the bulk import file";
    /// What the partner asks AWS for.
    PrimaryNeeds "primary_needs", "primary needs from AWS", "the ACE export or GetOpportunity";
    /// The solution offered: `S-0001234`.
    Solution "solution", "solution", "GetOpportunity or the bulk import file";
    /// The solution in words when it is none of the partner's listed ones.
    OtherSolution "other_solution", "other solution", "GetOpportunity or the bulk import file";
    /// Whether it is a national security matter.
    NationalSecurity "national_security", "national security", "GetOpportunity or the bulk import file";
    /// Why it was lost.
    ClosedLostReason "closed_lost_reason", "closed lost reason", "the ACE export or GetOpportunity";
    /// The catalog: `AWS`, or `Sandbox` for tests.
    Catalog "catalog", "catalog", "the Partner Central API";
    /// Billed revenue of a month; of the spend month when no month is named.
    Spend "spend", "spend", "a Cost Explorer or Cost and Usage Report export";
    /// Whether that bill is final.
    SpendFinal "spend_final", "whether the bill is final", "a Cost Explorer or Cost and Usage Report export";
    /// The currency of the spend.
    SpendCurrency "spend_currency", "currency of the spend", "a Cost Explorer or Cost and Usage Report export";
    /// The account an End User Reporting record is about.
    EurAccountId "eur.account_id", "End User Reporting account id", "End User Reporting";
    /// Its usage type.
    EurUsageType "eur.usage_type", "usage type", "End User Reporting";
    /// Whether its government fields are complete.
    EurGovernmentFieldsComplete "eur.government_fields_complete", "state of the government fields", "End User Reporting";
    /// Whether it is marked as government advising.
    EurGovernmentAdvising "eur.government_advising", "government advising answer", "End User Reporting";
    /// Its city.
    EurCity "eur.city", "End User Reporting city", "End User Reporting";
    /// The month of a row of a spend or discount table.
    RowMonth "month", "month", "";
    /// The account a row of a spend or discount table is about, when the table's own heading names it.
    RowAccountId "account_id", "account id", "";
    /// The amount of a row of a spend table.
    RowAmount "amount", "amount", "";
    /// The currency of a row of a spend or discount table.
    RowCurrency "currency", "currency", "";
    /// Whether a row of a spend table is final.
    RowFinal "final", "final", "";
    /// What a row of a bill is for; tax and Marketplace rows are left out of the spend.
    RowCharge "charge_type", "charge type", "";
    /// The partner-originated discount of a row.
    DiscountPartnerOriginated "discount.partner_originated", "partner-originated discount", "";
    /// The no-EUR discount of a row.
    DiscountNoEur "discount.no_eur", "no-EUR discount", "";
    /// The first day of the discount that a row belongs to.
    DiscountStart "discount.start", "discount start", "";
    /// The key of a row in a dataset that is delivered as changes.
    RowKey "row_key", "row key", "";
    /// `INSERT`, `UPDATE` or `DELETE` in a dataset that is delivered as changes.
    RowType "row_type", "row type", "";
    /// When a row of such a dataset was changed.
    RowModified "row_modified_date", "row modified date", "";
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The field with this canonical name, whatever its case and separators: `Target Close Date`.
    pub fn from_name(name: &str) -> Option<Field> {
        let matches = |field: &&Field| {
            let mut ours = field.name().bytes().filter(u8::is_ascii_alphanumeric);
            let mut theirs = name.bytes().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
            loop {
                match (ours.next(), theirs.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if a == b.to_ascii_lowercase() => {}
                    _ => return false,
                }
            }
        };
        Field::ALL.iter().find(matches).copied()
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldSet(u128);

const _: () = assert!(Field::COUNT <= 128, "FieldSet holds one bit a field");

impl FieldSet {
    /// No field.
    pub const EMPTY: FieldSet = FieldSet(0);

    /// The set of `fields`.
    pub const fn of(fields: &[Field]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < fields.len() {
            bits |= 1 << fields[i] as u8;
            i += 1;
        }
        FieldSet(bits)
    }

    /// Whether `field` is in it.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// Adds `field`.
    pub const fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }

    /// All that are in either.
    #[must_use]
    pub const fn union(self, other: FieldSet) -> FieldSet {
        FieldSet(self.0 | other.0)
    }

    /// Whether any field is in both.
    pub const fn intersects(self, other: FieldSet) -> bool {
        self.0 & other.0 != 0
    }

    /// How many fields are in it.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether it has no field.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_case_and_separators() {
        for (text, field) in [
            ("opportunity-i", None),
            ("opportunité_id", None),
            ("", None),
            ("target_close_date", Some(Field::TargetCloseDate)),
            ("Target Close Date", Some(Field::TargetCloseDate)),
            ("eur.usage_type", Some(Field::EurUsageType)),
            ("EUR Usage-Type", Some(Field::EurUsageType)),
        ] {
            assert_eq!(Field::from_name(text), field, "{text}");
        }
    }

    #[test]
    fn no_two_fields_share_a_name() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
        }
    }
}
