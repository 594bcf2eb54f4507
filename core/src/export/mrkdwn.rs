//! The report in mrkdwn, the marks that Slack's messages are written with.
//!
//! Only text: what sends it is no part of the core.

use crate::assess::Assessment;
use crate::export::text::{self, Marks};
use crate::report::OpportunityReport;

const MARKS: Marks = Marks {
    escaped: inert,
    title: ["*", "*"],
    subtitle: ["*", "*"],
    strong: "*",
    bullet: "• ",
    has_checks: false,
};

/// Shown as nothing, and no letter of a name, an address or an emoji.
const BREAK: char = '\u{200b}';

/// One opportunity for Slack: the verdict, and what to do next.
pub fn mrkdwn(report: &OpportunityReport) -> String {
    text::one(report, &MARKS)
}

/// All opportunities for Slack: how many have which verdict, and the most urgent with what to do first. None without
/// an opportunity.
pub fn mrkdwn_of_all(assessment: &Assessment) -> Option<String> {
    text::all(assessment, &MARKS)
}

/// Text that Slack shows as it stands: it mentions nobody, links nowhere, and is neither formatted nor an emoji.
///
/// Slack has three characters escaped, `&`, `<` and `>`, and that takes its control sequences away: `<!channel>`,
/// `<@U1>`, `<address|text>`. For everything else it has no escape: a backslash is shown, and the character references
/// of formatting marks are not read. So a zero-width space is put where a mark, a name or an address would begin:
/// nobody sees it, the text stays as it was typed, and a search in Slack finds all of the text but for that place.
/// Letters that look alike would change a name; a code span would change its looks, and a grave accent ends it.
///
/// A mark between two letters or digits does nothing in Slack and is left as it is, so that `customer_consent` can be
/// copied. The marks of East Asian keyboards count as Slack counts them.
pub fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.clone().next().unwrap_or(' ');
        match c {
            c if c.is_control() => inert.push(' '),
            '&' => inert.push_str("&amp;"),
            '<' => inert.push_str("&lt;"),
            '>' => inert.push_str("&gt;"),
            '*' | '_' | '~' | '＊' | '＿' | '～' if before.is_alphanumeric() && next.is_alphanumeric() => {
                inert.push(c);
            }
            '*' | '_' | '~' | '`' | '＊' | '＿' | '～' | '｀' => inert.extend([BREAK, c, BREAK]),
            ':' | '：' | '@' | '＠' | '#' | '＃' if !next.is_whitespace() => inert.extend([c, BREAK]),
            '.' | '。' | '．' if begins_domain(rest.as_str()) => inert.extend([c, BREAK]),
            _ => inert.push(c),
        }
        before = c;
    }
    inert
}

/// Whether `text`, after a full stop, may be the end of a host name: two letters or more, and then its end.
fn begins_domain(text: &str) -> bool {
    let label = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next().unwrap_or_default();
    label.chars().count() > 1 && !label.contains('_') && label.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess};

    /// As Slack shows it, where no mark acts.
    fn shown(text: &str) -> String {
        text.replace(BREAK, "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    /// Whether a character stands alone: nothing that could make it a mark follows it, or it is inside a word.
    fn is_alone(text: &[char], at: usize) -> bool {
        let around = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(' ');
        let (before, after) = (around(at.checked_sub(1)), around(Some(at + 1)));
        before == BREAK && after == BREAK
            || text[at] != '`' && before.is_alphanumeric() && after.is_alphanumeric()
    }

    #[track_caller]
    fn cannot_act(text: &str) {
        let written = inert(text);
        assert_eq!(shown(&written), text.replace(['\n', '\t', '\r'], " "), "{written:?}");
        assert!(!written.contains(['<', '>', '\n']), "{written:?}");
        let letters: Vec<char> = written.chars().collect();
        for (at, c) in letters.iter().enumerate() {
            match c {
                '*' | '_' | '~' | '`' => assert!(is_alone(&letters, at), "{written:?}"),
                '@' | '#' | ':' => {
                    let next = letters.get(at + 1).copied().unwrap_or(' ');
                    assert!(next == BREAK || next.is_whitespace(), "{written:?}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn text_stays_as_typed_and_cannot_act() {
        for text in [
            "<!channel>",
            "<!here|here> & <@U024BE7LH>",
            "<http://a.b|a bank>",
            "*x* and **y**",
            "_x_ __y__ a_b",
            "~x~",
            "`x` ```y```",
            ":boom: :+1: :100:",
            "@here @channel @U024BE7LH a@b.example",
            "#general",
            "http://a.b https://www.example.com/x_y",
            "&amp; &lt;!channel&gt;",
            "> quoted\n> again",
            "Smith & Sons *",
            "*",
            "a*",
            "",
        ] {
            cannot_act(text);
        }
        assert_eq!(inert("<!channel>"), "&lt;!channel&gt;");
        assert_eq!(inert(":boom:"), ":\u{200b}boom:");
        assert_eq!(inert("@here"), "@\u{200b}here");
        assert_eq!(inert("http://a.bc"), "http:\u{200b}//a.\u{200b}bc");
        assert_eq!(inert("＊x＊"), "\u{200b}＊\u{200b}x\u{200b}＊\u{200b}");
    }

    #[test]
    fn what_does_nothing_is_left_as_it_is() {
        for text in [
            "Heron Lane Dairy Ltd.",
            "set customer_consent=yes",
            "eur.usage_type, spend.2026-11",
            "$4,999.99",
        ] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn a_message_says_verdict_headline_and_what_to_do() {
        let found = assess(&[LAUNCHED], &["customer_name=<!here> *Ltd*", "origin=AWS Referral"]);
        let text = mrkdwn(&found.opportunity("O1").unwrap());
        let first =
            "*Not eligible*: &lt;!here&gt; \u{200b}*\u{200b}Ltd\u{200b}*\u{200b} (O1)\n\nNot eligible, and";
        assert!(text.starts_with(first), "{text}");
        assert!(!text.contains("POD001:"), "checks are not told: {text}");
        let all = mrkdwn_of_all(&found).unwrap();
        assert!(
            all.starts_with("*1 opportunity on 22 Nov 2026*\n\n• Not eligible: 1\n\n*Most urgent*\n\n• *Not eligible* &lt;"),
            "{all}"
        );
    }
}
