//! What AWS's bulk import file takes: its headings, word for word, and how long a text may be in it.

/// The headings of the template, in its order. What each means is read as it is from any document.
pub const HEADINGS: [&str; 46] = [
    "Customer Company Name - required",
    "Industry Vertical - required",
    "Industry Other - required if Industry Vertical = Other",
    "Does opportunity belong to NatSec? - required if Industry Vertical = Government",
    "Country - required",
    "State/Province - required if Country = United States",
    "Postal Code - required",
    "Website - required",
    "Partner Primary Need from AWS - required",
    "Partner Project Title - required",
    "Customer Business Problem - required",
    "Solution Offered - required",
    "Other Solution Offered - required if Solution Offered = Other",
    "Next Steps - applicable if Partner Primary Need from AWS = Co-Sell",
    "Use Case - required",
    "Estimated AWS Monthly Recurring Revenue - required",
    "Target Close Date(mm/dd/yyyy) - required",
    "Opportunity Type - required",
    "Delivery Model - required",
    MARKETING_ACTIVITY,
    "Was Marketing Development Funds Used? - required if Is Opportunity from Marketing Activity? = Yes",
    "Customer DUNS",
    "Sales Activities - required if Partner Primary Need from AWS = Co-Sell",
    "AWS Products",
    "Parent Opportunity ID (applicable only if Opportunity Type = Flat Renewal or Expansion)",
    "Customer First Name",
    "Customer Last Name",
    "Customer Title",
    "Customer Phone",
    "Customer Email",
    "AWS Account ID",
    "Additional Comments",
    "Street Address",
    "City",
    "Competitive Tracking",
    "Other Competitors - required if Competitive Tracking = *Other",
    "Marketing Campaign (applicable only if Is Opportunity from Marketing Activity? = Yes)",
    "Marketing Activity Channel (applicable only if Is Opportunity from Marketing Activity? = Yes)",
    "Marketing Activity Use-Case (applicable only if Is Opportunity from Marketing Activity? = Yes)",
    "APN Programs",
    "Primary Sales Contact First Name",
    "Primary Sales Contact Last Name",
    "Primary Sales Contact Phone",
    "Primary Sales Contact Email",
    "Primary Contact Title",
    "Partner CRM Unique Identifier",
];

/// The one heading of a required column that is no fact of the discount, and so judged by no rule.
pub const MARKETING_ACTIVITY: &str = "Is Opportunity from Marketing Activity? - required";

/// The longest company name of a row.
pub const COMPANY_NAME_CHARS_MAX: usize = 80;

/// The longest project title of a row.
pub const PROJECT_TITLE_CHARS_MAX: usize = 60;
