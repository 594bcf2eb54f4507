//! The index of the rules: one static page without a script, made of the rules' own pages.
//!
//! An address such as `rules.html#POD009` is given to people, who keep it: it never changes.

use crate::page::{fill, source_hash};
use podcheck_core::report::Explanation;
use podcheck_core::rule::Section;
use podcheck_core::{explanations, say};
use pulldown_cmark::{Event, Parser, html};
use std::fmt::Write;

const TEMPLATE: &str = include_str!("../page/rules.html");
const STYLE: &str = include_str!("../page/rules.css");

/// Nothing runs and nothing is loaded.
pub const POLICY: &str =
    "default-src 'none'; style-src {style}; img-src data:; form-action 'none'; base-uri 'none'";

/// The sections in the order of the registry: the letters of their rules, and what they are about.
const SECTIONS: [(Section, &str, &str); 6] = [
    (Section::Pod, "pod", "What decides on the discount itself."),
    (Section::Eur, "eur", "What the account’s End User Reporting record must say."),
    (Section::Ace, "ace", "What AWS refuses or asks for when an opportunity is submitted."),
    (Section::Upd, "upd", "What keeps an open opportunity from going stale."),
    (Section::Set, "set", "What shows only when several documents are laid side by side."),
    (Section::Pgm, "pgm", "What the programme asks of the partner itself."),
];

/// The names of things that are written in capitals.
const CAPITALS: [&str; 9] = ["ace", "apn", "aws", "csat", "duns", "eur", "mrr", "psf", "pod"];

/// The page.
///
/// # Panics
/// Never: its template has a place for each of its parts, as a test shows.
pub fn index() -> String {
    let all = explanations();
    let (mut contents, mut rules) = (String::new(), String::new());
    for (section, id, about) in SECTIONS {
        let title = say::section(section);
        let _ = writeln!(contents, "<h3>{title}</h3>\n<ol>");
        let _ = writeln!(
            rules,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n<p>{about}</p>"
        );
        for rule in all.iter().filter(|rule| rule.section == section) {
            let (id, name) = (&rule.rule, name_of(rule));
            let _ =
                writeln!(contents, "<li><a href=\"#{id}\"><span class=\"id\">{id}</span> {name}</a></li>");
            add_rule(&mut rules, rule, &name);
        }
        contents.push_str("</ol>\n");
        rules.push_str("</section>\n");
    }
    let policy = POLICY.replace("{style}", &source_hash(STYLE));
    let parts = [
        ("policy", policy.as_str()),
        ("style", STYLE),
        ("count", &all.len().to_string()),
        ("contents", &contents),
        ("rules", &rules),
    ];
    fill(TEMPLATE, &parts).expect("the template has a place for each part")
}

fn add_rule(text: &mut String, rule: &Explanation, name: &str) {
    let id = &rule.rule;
    let _ = write!(
        text,
        "<article id=\"{id}\" aria-labelledby=\"{id}-name\">\n\
         <h3 id=\"{id}-name\"><a class=\"id\" href=\"#{id}\">{id}</a> {name}</h3>\n"
    );
    // A page is text: what looks like markup in it is shown, not obeyed.
    let events = Parser::new(&rule.page).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    html::push_html(text, events);
    let _ = write!(text, "<dl>\n<dt>Guide section</dt><dd>{}</dd>\n", escaped(&rule.guide));
    if !rule.facts.is_empty() {
        let facts: String = rule.facts.iter().map(|fact| format!("<code>{}</code>", escaped(fact))).collect();
        let _ = writeln!(text, "<dt>Looks at</dt><dd>{facts}</dd>");
    }
    text.push_str("</dl>\n</article>\n");
}

/// `spend-below-threshold` as `Spend below threshold`.
fn name_of(rule: &Explanation) -> String {
    let words = rule.name.split('-').enumerate().map(|(at, word)| match word {
        _ if CAPITALS.contains(&word) => word.to_uppercase(),
        _ if at == 0 => word[..1].to_uppercase() + &word[1..],
        _ => word.to_owned(),
    });
    escaped(&words.collect::<Vec<_>>().join(" "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
