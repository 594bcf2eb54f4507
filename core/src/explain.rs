//! Every rule's page, from its doc comment.

use crate::report::Explanation;
use crate::rule::Rule;
use crate::rules;

/// The page of the rule with this id, whatever its case.
pub fn explain(id: &str) -> Option<Explanation> {
    rules::find(id).map(page)
}

/// Every rule's page, in the order of the registry.
pub fn explanations() -> Vec<Explanation> {
    rules::ALL.iter().map(|rule| page(rule)).collect()
}

fn page(rule: &Rule) -> Explanation {
    let lines = rule.page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    Explanation {
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        section: rule.section,
        guide: rule.guide.0.to_owned(),
        facts: rule.facts.iter().map(|field| field.name().to_owned()).collect(),
        page: lines.collect::<Vec<_>>().join("\n").trim().to_owned(),
    }
}
