//! The index of the rules: each has its address, nothing runs, and the file is the one that the code makes.

use crate::built_module;
use podcheck_core::explanations;
use podcheck_web::page::source_hash;
use podcheck_web::rules::{POLICY, index};
use podcheck_web::{build, dist};
use std::fs;

/// What stands in `text` between `before` and `after`, each time.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap_or_default()).collect()
}

#[test]
fn every_rule_has_its_address_once_and_is_named_in_the_contents() {
    let page = index();
    let ids: Vec<String> = explanations().into_iter().map(|rule| rule.rule).collect();
    assert_eq!(between(&page, "<article id=\"", "\""), ids);
    assert_eq!(between(&page, "<li><a href=\"#", "\""), ids);
    let mut all = between(&page, " id=\"", "\"");
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "no id stands twice");
    for target in between(&page, "href=\"#", "\"") {
        assert!(all.contains(&target), "{target} leads nowhere");
    }
}

#[test]
fn every_rule_says_what_why_and_how_to_fix_and_on_what_it_rests() {
    let page = index();
    for rule in explanations() {
        let article = between(&page, &format!("<article id=\"{}\"", rule.rule), "</article>")[0];
        assert!(
            article.contains("<strong>Why</strong>: ") && article.contains("<strong>To fix</strong>: "),
            "{article}"
        );
        assert!(article.contains(&rule.guide.replace('&', "&amp;")), "{article}");
        for fact in &rule.facts {
            assert!(article.contains(&format!("<code>{fact}</code>")), "{} {fact}", rule.rule);
        }
        assert!(!article.contains("**") && !article.contains("`"), "Markdown is left in {article}");
    }
}

#[test]
fn nothing_runs_and_nothing_is_loaded() {
    let page = index();
    let style = between(&page, "<style>", "</style>")[0];
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"")[0];
    assert_eq!(policy, POLICY.replace("{style}", &source_hash(style)));
    for word in
        ["<script", "javascript:", " on", "style=", "src=", "url(", "@import", "http:", "https:", "{{"]
    {
        let is_handler = word == " on";
        let found = if is_handler {
            page.contains(" onclick") || page.contains(" onload")
        } else {
            page.contains(word)
        };
        assert!(!found, "{word}");
    }
    let links = between(&page, "href=\"", "\"");
    assert!(
        links.iter().all(|link| link.starts_with('#') || ["index.html", "data:,"].contains(link)),
        "{links:?}"
    );
}

#[test]
fn the_built_files_are_current() {
    if built_module().is_none() {
        return;
    }
    let site = build().expect("the page is built");
    let read = |name: &str| fs::read_to_string(dist().join(name)).expect("it was written");
    assert_eq!(read("rules.html"), index());
    assert_eq!(site.rules, index());
    assert_eq!(
        read("index.html.sha256"),
        format!("{}  index.html\n", podcheck_web::page::sha256(&read("index.html")))
    );
}
