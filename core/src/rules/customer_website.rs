use super::rule;
use crate::rule::{Case, Check, Cure, Pen, Ruling};
use crate::say;

const CHARS_MIN: usize = 4;
const CHARS_MAX: usize = 255;
/// What the domain name system allows one label to have.
const LABEL_BYTES_MAX: usize = 63;

/// Where a company has a page and not its website, under every name the networks use.
const SOCIAL_DOMAINS: [&str; 11] = [
    "facebook.com",
    "fb.com",
    "linkedin.com",
    "lnkd.in",
    "x.com",
    "twitter.com",
    "t.co",
    "instagram.com",
    "youtube.com",
    "youtu.be",
    "tiktok.com",
];

rule! {
    /// The customer's own website is there: a domain, not an e-mail address and not a page on a social network.
    ///
    /// **Why**: AWS identifies the customer by its domain. An address of a person, a page on LinkedIn or Facebook,
    /// or a word like “none” identifies nobody, and the bulk import refuses it. Between 4 and 255 characters are
    /// stored. Opportunities for national security need no website.
    ///
    /// **To fix**: enter the domain under which the customer presents itself, such as `www.example.com`.
    "ACE002" "customer-website" {
        section: Ace, gate: Submittable, guide: REQUIRED_INFORMATION,
        facts: [CustomerWebsite, NationalSecurity],
        check: Check::Opportunity(check),
    }
}

fn check(case: &Case<'_, '_>, pen: &mut Pen) -> Ruling {
    if case.opp.national_security.known() == Some(&true) {
        return Ok(pen.not_applicable(format_args!("An opportunity for national security needs no website.")));
    }
    let website = case.opp.customer_website.get()?;
    let shown = say::quoted(website);
    let host = host_of(website);
    let length = website.chars().count();
    let fault = if host.contains('@') {
        "is an e-mail address"
    } else if length < CHARS_MIN {
        "is shorter than 4 characters"
    } else if length > CHARS_MAX {
        "is longer than 255 characters"
    } else if !is_domain(host) {
        "is no domain"
    } else if is_social(host) {
        "is a page on a social network"
    } else {
        return Ok(pen.pass(format_args!("The customer's website is {shown}.")));
    };
    Ok(pen.fail(
        Cure::Curable,
        format_args!("The customer's website {shown} {fault}."),
        format_args!("Enter the customer's own domain in Customer website, such as www.example.com."),
    ))
}

/// What stands between the scheme and the path: `www.example.com` of `https://www.example.com/about`.
fn host_of(website: &str) -> &str {
    let starts_with =
        |scheme: &str| website.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["https://", "http://"].into_iter().find(|scheme| starts_with(scheme)).unwrap_or_default();
    let rest = &website[scheme.len()..];
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Labels of letters, digits and dashes, the last of letters or in the form for other scripts: `xn--p1ai`.
fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((front, last)) = host.rsplit_once('.') else { return false };
    let is_top_level = last.len() >= 2 && last.starts_with(|c: char| c.is_ascii_alphabetic());
    is_top_level && is_label(last) && front.split('.').all(is_label) && !front.eq_ignore_ascii_case("www")
}

fn is_social(host: &str) -> bool {
    SOCIAL_DOMAINS.iter().any(|domain| {
        host.len().checked_sub(domain.len()).is_some_and(|start| {
            host[start..].eq_ignore_ascii_case(domain) && (start == 0 || host.as_bytes()[start - 1] == b'.')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Outcome;
    use crate::testing;

    #[track_caller]
    fn found(website: &str, expect: Outcome, part: &str) {
        let mut opp = testing::opportunity();
        opp.customer_website.value = Ok(website.to_owned().into());
        let (finding, words) = testing::check(&RULE, &opp, "2026-11-22");
        assert_eq!(finding.outcome, expect, "{website}");
        assert!(words.message.contains(part), "{}", words.message);
    }

    #[test]
    fn what_is_no_website_of_the_customer_fails_and_says_why() {
        for (website, part) in [
            ("a@example.com", "e-mail"),
            ("mailto:a@example.com", "e-mail"),
            ("a.b", "shorter"),
            ("none", "no domain"),
            ("N/A.", "no domain"),
            ("example", "no domain"),
            ("http://", "no domain"),
            ("www.example", "no domain"),
            ("example..com", "no domain"),
            ("-example.com", "no domain"),
            ("exam ple.com", "no domain"),
            ("example.com, example.org", "no domain"),
            ("10.20.30.40", "no domain"),
            ("münchen.example", "no domain"),
            ("https://www.linkedin.com/company/example", "social"),
            ("uk.linkedin.com/in/example", "social"),
            ("HTTP://Facebook.com/example", "social"),
            ("m.facebook.com", "social"),
            ("x.com/example", "social"),
            ("youtu.be/abc", "social"),
        ] {
            found(website, Outcome::Fail, part);
        }
    }

    #[test]
    fn the_customers_own_domain_passes() {
        for website in [
            "a.io",
            "example.com",
            "https://www.example.co.uk/about?x=1#y",
            "HTTPS://EXAMPLE.COM",
            "xn--mnchen-3ya.de",
            "example.xn--p1ai",
            "netflix.com",
            "3m.com",
            "shop.example.com/@team",
        ] {
            found(website, Outcome::Pass, "website is");
        }
    }

    #[test]
    fn a_website_has_at_most_255_characters() {
        let path = |length: usize| format!("example.com/{}", "a".repeat(length - 12));
        found(&path(256), Outcome::Fail, "longer");
        found(&path(255), Outcome::Pass, "website is");
        found(&path(254), Outcome::Pass, "website is");
    }

    #[test]
    fn national_security_needs_none() {
        let mut opp = testing::opportunity();
        opp.national_security.value = Ok(true);
        opp.customer_website.value = Err(crate::fact::Unknown::Blank);
        assert_eq!(testing::check(&RULE, &opp, "2026-11-22").0.outcome, Outcome::NotApplicable);
    }
}
