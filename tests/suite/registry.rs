//! Every rule is registered, named, explained and cited; what is released does not change its meaning.

use crate::repository;
use podcheck_core::cite;
use podcheck_core::rule::{Check, Section};
use podcheck_core::rules::ALL;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The rules that pod-check promises, by the first letters of their ids.
const PROMISED: [(&str, &[u32]); 6] = [
    ("POD", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
    ("EUR", &[1, 2, 3, 4, 5, 6]),
    ("ACE", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
    ("UPD", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("SET", &[1, 2, 3, 4]),
    ("PGM", &[1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16]),
];

#[test]
fn every_promised_rule_is_there_and_in_order() {
    let promised = PROMISED
        .iter()
        .flat_map(|(letters, numbers)| numbers.iter().map(move |n| format!("{letters}{n:03}")));
    let ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(ids, promised.collect::<Vec<_>>());
}

#[test]
fn ids_and_names_do_not_change() {
    let mut lines = String::new();
    for rule in ALL {
        let _ = writeln!(lines, "{} {}", rule.id, rule.name);
    }
    repository::is_as_written("tests/golden/rules.txt", &lines);
}

#[test]
fn a_rules_file_is_named_after_it_and_every_file_is_registered() {
    let files: BTreeSet<String> = repository::files("core/src/rules")
        .into_iter()
        .filter_map(|(path, _)| path.strip_prefix("core/src/rules/")?.strip_suffix(".rs").map(str::to_owned))
        .filter(|stem| stem != "mod")
        .collect();
    let names: BTreeSet<String> = ALL.iter().map(|rule| rule.name.replace('-', "_")).collect();
    assert_eq!(files, names);
    assert_eq!(names.len(), ALL.len(), "two rules have one name");
}

#[test]
fn a_name_is_in_lower_case_with_dashes() {
    for rule in ALL {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.name.chars().all(is_plain), "{} {}", rule.id, rule.name);
    }
}

#[test]
fn the_letters_of_an_id_are_its_sections() {
    for rule in ALL {
        let letters = match rule.section {
            Section::Pod => "POD",
            Section::Eur => "EUR",
            Section::Ace => "ACE",
            Section::Upd => "UPD",
            Section::Set => "SET",
            Section::Pgm => "PGM",
        };
        assert!(rule.id.starts_with(letters), "{} is in {:?}", rule.id, rule.section);
    }
}

#[test]
fn every_page_says_what_why_and_how_to_fix() {
    for rule in ALL {
        let page = rule.page.trim();
        let what = page.split("\n\n").next().unwrap_or_default();
        assert!(
            what.trim_end().ends_with('.'),
            "{}: the page opens with one sentence, not {what:?}",
            rule.id
        );
        for part in ["**Why**: ", "**To fix**: "] {
            assert!(page.contains(part), "{}: the page has no {part:?}", rule.id);
        }
        assert!(!page.contains("TODO"), "{}", rule.id);
    }
}

#[test]
fn every_rule_rests_on_a_section_of_the_guide() {
    for rule in ALL {
        assert!(cite::ALL.contains(&rule.guide), "{} cites {:?}", rule.id, rule.guide);
    }
}

#[test]
fn a_rule_about_one_opportunity_names_its_facts() {
    for rule in ALL {
        match rule.check {
            Check::Opportunity(_) => {
                assert_ne!(rule.section, Section::Set, "{}", rule.id);
                assert!(!rule.facts.is_empty(), "{} names no fact", rule.id);
            }
            Check::Set => assert_eq!(rule.section, Section::Set, "{}", rule.id),
            Check::Partner(_) => assert_eq!(rule.section, Section::Pgm, "{}", rule.id),
        }
    }
}
