//! `podcheck explain`, `help` and `manifest`: what is written without reading anything.

use super::options::HELP;
use crate::manifest::{self, Reached};
use anyhow::{Context, Result};
use podcheck_core::report::Explanation;
use podcheck_core::{explain, explanations, say};
use std::io::Write;

/// Writes the page of the rule with this id, or of all rules.
///
/// # Errors
/// When there is no such rule, or the page cannot be written.
pub fn run(rule: &str, out: &mut impl Write) -> Result<()> {
    if rule.eq_ignore_ascii_case("all") {
        return explanations().iter().try_for_each(|page| write(page, out));
    }
    let page = explain(rule).with_context(|| {
        format!("{rule:?} is no rule; podcheck explain all shows every one, as POD009 or EUR001.")
    })?;
    write(&page, out)
}

/// Writes what the program can do.
///
/// # Errors
/// When it cannot be written.
pub fn help(out: &mut impl Write) -> Result<()> {
    Ok(writeln!(out, "{HELP}")?)
}

/// Writes the Slack app manifest for a bot that Slack reaches so.
///
/// # Errors
/// When Slack could not reach it there, or the manifest cannot be written.
pub fn manifest(reached: &Reached, out: &mut impl Write) -> Result<()> {
    Ok(writeln!(out, "{:#}", manifest::of(reached)?)?)
}

fn write(page: &Explanation, out: &mut impl Write) -> Result<()> {
    writeln!(out, "# {} {}\n", page.rule, page.name)?;
    writeln!(out, "{}\n", page.page)?;
    writeln!(out, "{}. Source: {}.", say::section(page.section), page.guide)?;
    if !page.facts.is_empty() {
        writeln!(out, "Looks at: {}.", page.facts.join(", "))?;
    }
    Ok(writeln!(out)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(rule: &str) -> Result<String> {
        let mut out = Vec::new();
        run(rule, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn a_rule_is_found_whatever_its_case() {
        assert!(explained("pod009").unwrap().starts_with("# POD009 spend-below-threshold\n"));
        assert!(explained("POD999").unwrap_err().to_string().contains("is no rule"));
    }

    #[test]
    fn all_of_them_are_all_of_them() {
        let pages = explained("all").unwrap();
        for page in explanations() {
            assert!(pages.contains(&format!("# {} {}\n", page.rule, page.name)), "{}", page.rule);
        }
    }
}
