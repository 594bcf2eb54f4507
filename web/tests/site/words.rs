//! Every text that a person reads stands in one table, `words.js`, so that it can be translated in one place.

use podcheck_web::module::workspace;
use podcheck_web::page::MODULES;
use std::fs;

fn frame() -> String {
    fs::read_to_string(workspace().join("web/page/frame.html")).expect("the frame is a file")
}

fn words() -> &'static str {
    MODULES.iter().find(|(name, _)| *name == "words.js").map(|(_, source)| *source).expect("it is a module")
}

/// The values of every attribute with this name.
fn values<'t>(html: &'t str, attribute: &str) -> Vec<&'t str> {
    let before = format!(" {attribute}=\"");
    html.split(&before).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

/// The names in `FRAME`: lines of two spaces, a name and a colon.
fn frame_names() -> Vec<&'static str> {
    let (_, table) = words().split_once("export const FRAME = {\n").expect("the frame has words");
    let (table, _) = table.split_once("\n};").expect("the table ends");
    let lines = table.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    lines.filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name).collect()
}

/// Texts in quotes outside comments: what stands between two of the same quotes on one line.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().map(str::trim).filter(|line| !line.starts_with(['/', '*']));
    // What only a developer can make happen is said to a developer.
    let lines = lines.filter(|line| !line.contains("throw new Error("));
    lines.flat_map(|line| ['\'', '"', '`'].into_iter().flat_map(|quote| line.split(quote).skip(1).step_by(2)))
}

/// A capital letter, more letters, a space and a small letter.
fn looks_like_a_sentence(text: &str) -> bool {
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let is_capital = word.starts_with(|c: char| c.is_ascii_uppercase());
        let is_word = word.len() > 1 && word.chars().skip(1).all(|c| c.is_ascii_lowercase());
        let is_followed = words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_lowercase()));
        if is_capital && is_word && is_followed {
            return true;
        }
    }
    false
}

#[test]
fn the_frame_has_no_words_of_its_own() {
    let html = frame();
    for (at, text) in html.split('<').skip(1).filter_map(|tag| tag.split_once('>')) {
        let text = text.replace("{{lock}}", "").replace("{{style}}", "").replace("{{script}}", "");
        assert!(!text.contains(char::is_alphabetic), "<{at}> says {text:?}");
    }
    for attribute in ["placeholder", "aria-label", "title", "alt", "lang"] {
        assert!(values(&html, attribute).is_empty(), "{attribute}");
    }
}

#[test]
fn every_word_of_the_frame_is_in_the_table_and_no_other_is() {
    let html = frame();
    let mut used: Vec<&str> = ["data-words", "data-words-placeholder", "data-words-aria-label"]
        .iter()
        .flat_map(|name| values(&html, name))
        .collect();
    // The title is no element of the frame's body.
    used.push("documentTitle");
    used.sort_unstable();
    used.dedup();
    let mut names = frame_names();
    names.sort_unstable();
    assert_eq!(used, names);
}

#[test]
fn modules_hold_no_sentences() {
    for (name, source) in MODULES.iter().filter(|(name, _)| *name != "words.js") {
        let found: Vec<&str> = literals(source).filter(|text| looks_like_a_sentence(text)).collect();
        assert!(found.is_empty(), "{name} says {found:?}");
    }
}

#[test]
fn a_sentence_is_told_from_a_class_and_a_selector() {
    for text in ["Nothing is given", "and 3 more; All of them", "Show line ${line}"] {
        assert!(looks_like_a_sentence(text), "{text}");
    }
    for text in ["badge large", "button.link, h3", "Escape", "image/svg+xml", "button[data-focus=\"A b\"]"] {
        assert!(!looks_like_a_sentence(text), "{text}");
    }
}

#[test]
fn no_two_modules_declare_one_name() {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for (module, source) in MODULES {
        for line in source.lines() {
            let line = line.strip_prefix("export ").unwrap_or(line);
            let rest = ["const ", "let ", "class "].iter().find_map(|word| line.strip_prefix(word));
            let name = rest.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
            names.extend(name.filter(|name| !name.is_empty()).map(|name| (name, *module)));
        }
    }
    names.sort_unstable();
    for pair in names.windows(2) {
        assert!(pair[0].0 != pair[1].0, "{} is declared in {} and in {}", pair[0].0, pair[0].1, pair[1].1);
    }
}
