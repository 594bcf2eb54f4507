//! Text that stays what it is.

use podcheck_core::export;

/// Cuts `text` to at most `units_max` UTF-16 units, the last of them `…` where something is left out.
///
/// Slack does not say what it counts; nothing counts more than UTF-16 units.
pub fn clipped(text: &str, units_max: usize) -> String {
    if text.len() <= units_max || text.chars().map(char::len_utf16).sum::<usize>() <= units_max {
        return text.to_owned();
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= units_max
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    kept
}

/// Text on one line, without what steers a terminal or the direction of writing.
pub fn one_line(text: &str) -> String {
    let is_steering = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || is_steering(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text that cannot mention, link, format or become emoji where Slack reads `mrkdwn`, line by line.
pub fn inert(text: &str) -> String {
    text.split('\n').map(export::inert).collect::<Vec<_>>().join("\n")
}

/// What a person typed, from the form in which Slack hands it over: its three escapes taken back.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What a message says, from its `mrkdwn`: links and mentions as they are shown.
pub fn as_shown(mrkdwn: &str) -> String {
    let mut shown = String::with_capacity(mrkdwn.len());
    let mut rest = mrkdwn;
    while let Some(open) = rest.find('<') {
        shown.push_str(&rest[..open]);
        rest = &rest[open + 1..];
        let Some(close) = rest.find('>') else {
            shown.push('<');
            break;
        };
        shown.push_str(link_as_shown(&rest[..close]));
        rest = &rest[close + 1..];
    }
    shown.push_str(rest);
    unescaped(&shown).trim().to_owned()
}

/// `https://example.com|example.com` as `example.com`, `mailto:a@b.c|a@b.c` as `a@b.c`.
fn link_as_shown(link: &str) -> &str {
    match link.split_once('|') {
        Some((_, label)) => label,
        None => link.strip_prefix("mailto:").or(link.strip_prefix("tel:")).unwrap_or(link),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_text_says_so_and_never_splits_a_character() {
        assert_eq!(clipped("abc", 3), "abc");
        assert_eq!(clipped("abcd", 3), "ab…");
        assert_eq!(clipped("😀😀", 4), "😀😀");
        assert_eq!(clipped("😀😀😀", 4), "😀…");
        assert_eq!(clipped("éé", 2), "éé");
    }

    #[test]
    fn every_line_is_inert_and_a_line_of_its_own() {
        assert_eq!(inert("<!channel>\n:boom:"), "&lt;!channel&gt;\n:\u{200b}boom:");
    }

    #[test]
    fn what_was_typed_comes_back_as_it_was_typed() {
        assert_eq!(unescaped("A &amp;lt; B &lt;C&gt;"), "A &lt; B <C>");
        assert_eq!(
            as_shown("customer_website=<http://tern.example|tern.example>\nx=1 &lt; 2"),
            "customer_website=tern.example\nx=1 < 2"
        );
        assert_eq!(as_shown("{“a”: “<mailto:a@b.example|a@b.example>”}"), "{“a”: “a@b.example”}");
        assert_eq!(as_shown("a < b"), "a < b");
    }

    proptest! {
        #[test]
        fn what_slack_escapes_comes_back_whatever_it_is(typed in "\\PC{0,80}|[&<>;lgtamp ]{0,40}") {
            let escaped = typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(unescaped(&escaped), typed);
        }

        #[test]
        fn inert_text_looks_as_it_was_typed(typed in "\\PC{0,80}|[&<>*_~`:@#a. ]{0,40}") {
            prop_assert_eq!(unescaped(&inert(&typed)).replace('\u{200b}', ""), typed);
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line(" a\n\tb\u{202E}c\u{7} "), "a b c");
    }
}
