//! What somebody pasted into a conversation, out of the words and marks around it.

use serde::de::IgnoredAny;

/// Stands before and behind code of several lines.
const FENCE: &str = "```";
/// What is written behind an opening fence.
const LANGUAGES: [&str; 7] = ["json", "csv", "tsv", "text", "txt", "xml", "yaml"];
/// What keyboards make of straight quotation marks.
const TYPOGRAPHIC: [char; 3] = ['“', '”', '„'];

/// What somebody pasted: only what stands inside fences, where there are any, without the marks of code, and with the
/// straight quotation marks that JSON needs. Whether the words around fences may be dropped is for others to tell.
pub fn pasted(text: &str) -> String {
    let text = text.trim();
    let inside = inside_fences(text).unwrap_or_else(|| without_backticks(text).to_owned());
    if inside.starts_with(['{', '[']) { with_straight_quotes(inside) } else { inside }
}

/// A part of a text with fences in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// What stands inside one.
    Inside(&'t str),
    /// What stands around them, with its line breaks.
    Around(&'t str),
}

/// A text in parts, as they follow each other.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let parts: Vec<&str> = text.trim().split(FENCE).collect();
    // Every second part is inside a fence; what follows one that nothing closes is not.
    let closed = (parts.len() - 1) / 2 * 2;
    let part = |(at, part)| match at < closed && at % 2 == 1 {
        true => Part::Inside(without_language(part).trim()),
        false => Part::Around(part.trim_matches([' ', '\t'])),
    };
    parts.into_iter().enumerate().map(part).collect()
}

/// What stands inside fences, each a record of its own where it holds facts; none where nothing does.
fn inside_fences(text: &str) -> Option<String> {
    let inside = parts(text).into_iter().filter_map(|part| match part {
        Part::Inside(block) if !block.is_empty() => Some(block),
        _ => None,
    });
    let blocks = inside.collect::<Vec<_>>().join("\n\n");
    (!blocks.is_empty()).then_some(blocks)
}

/// Slack shows no language, but whoever writes a fence elsewhere names one behind it.
fn without_language(block: &str) -> &str {
    match block.split_once('\n') {
        Some((first, rest)) if LANGUAGES.contains(&&*first.trim().to_ascii_lowercase()) => rest,
        _ => block,
    }
}

/// Without the one pair of backticks around everything.
fn without_backticks(text: &str) -> &str {
    let inside = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    inside.filter(|inside| !inside.contains('`')).map_or(text, str::trim)
}

/// JSON whose quotation marks a keyboard made typographic, straight again. Inside a string they are what somebody wrote,
/// so JSON that is whole stays as it is, and so does JSON that they are not what breaks.
fn with_straight_quotes(json: String) -> String {
    if is_json(&json) {
        return json;
    }
    let straight = json.replace(TYPOGRAPHIC, "\"");
    // The first of all quotation marks begins a key or a string.
    let first = json.find(|c| c == '"' || TYPOGRAPHIC.contains(&c));
    let is_typographic = first.is_some_and(|at| json[at..].starts_with(TYPOGRAPHIC));
    if is_typographic || is_json(&straight) { straight } else { json }
}

/// Whether a text is JSON: one value, or several one after the other.
fn is_json(text: &str) -> bool {
    serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().all(|value| value.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_inside_fences_was_pasted_and_the_words_around_it_were_not() {
        const JSON: &str = r#"{"opportunity_id": "O7001"}"#;
        const CSV: &str = "opportunity_id,target_close_date\nO7001,2026-12-15\nO7002,2026-12-16";
        const FACTS: &str = "opportunity_id=O7001\ntarget_close_date=2026-12-15";
        for (text, inside) in [
            (format!("```{CSV}```"), CSV),
            (format!("Please check:\n```\n{JSON}\n```"), JSON),
            (format!("Please check: ```{JSON}```"), JSON),
            (format!("```{JSON}```\nThanks, Ann"), JSON),
            (format!("Please check:\n```{CSV}```"), CSV),
            (format!("```{CSV}```\nthanks!"), CSV),
            (format!("Please check:\n```{FACTS}```"), FACTS),
            (format!("```json\n{JSON}\n```"), JSON),
            (
                format!("One\n```{FACTS}```\nTwo\n``` ```\nThree\n```stage=Launched```"),
                &*format!("{FACTS}\n\nstage=Launched"),
            ),
            (format!("`{FACTS}`"), FACTS),
            // No fence that is closed.
            (FACTS.to_owned(), FACTS),
            (format!("{FACTS}```"), &*format!("{FACTS}```")),
            ("`O1` and `O2`".to_owned(), "`O1` and `O2`"),
            ("``````".to_owned(), "``````"),
            // A heading of the console is no language.
            ("```Stage\nLaunched```".to_owned(), "Stage\nLaunched"),
        ] {
            assert_eq!(pasted(&text), inside, "{text}");
        }
    }

    #[test]
    fn quotation_marks_become_straight_only_where_json_needs_it() {
        for (text, straight) in [
            ("{“a”: “b”}", r#"{"a": "b"}"#),
            ("[{„a“: „b“}]", r#"[{"a": "b"}]"#),
            (r#"{"a": “b”}"#, r#"{"a": "b"}"#),
            ("{“a”: “b”,", r#"{"a": "b","#),
            // What somebody wrote inside a string.
            (r#"{"a": "the “Alpha” deal"}"#, r#"{"a": "the “Alpha” deal"}"#),
            ("{\"a\": \"“b”\"}\n{\"a\": 1}", "{\"a\": \"“b”\"}\n{\"a\": 1}"),
            (r#"{"a": "the “Alpha” deal",}"#, r#"{"a": "the “Alpha” deal",}"#),
            // Neither facts nor tables need any.
            ("customer_name=“Tern”", "customer_name=“Tern”"),
            ("customer_name,stage\n“Tern”,Launched", "customer_name,stage\n“Tern”,Launched"),
        ] {
            assert_eq!(pasted(text), straight, "{text}");
        }
    }
}
