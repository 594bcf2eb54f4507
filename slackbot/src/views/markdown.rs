//! The Markdown of our own pages as rich text: paragraphs, lists, bold, italic and code. Nothing else is in them.

use super::block::{Block, Piece, Style};

/// A page as blocks: a block a paragraph or list.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    page.split("\n\n").filter(|part| !part.trim().is_empty()).map(part).collect()
}

/// A page as a person would read it aloud: without marks, a line a paragraph.
pub(super) fn plain(page: &str) -> String {
    let said = |line: &str| pieces(line).iter().map(Piece::text).collect::<String>();
    let lines = page.split("\n\n").flat_map(|part| lines(part.trim()));
    lines.map(|line| said(&line)).collect::<Vec<_>>().join("\n")
}

fn part(part: &str) -> Block {
    let part = part.trim();
    let lines = lines(part);
    if part.starts_with("- ") {
        return Block::bullets(lines.iter().map(|item| pieces(item)).collect());
    }
    Block::paragraph(pieces(&lines.join(" ")))
}

/// A paragraph as one line, or each item of a list as one: the source is broken where its lines are full.
fn lines(part: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in part.lines() {
        match (line.strip_prefix("- "), lines.last_mut()) {
            (None, Some(last)) => *last = format!("{last} {}", line.trim()),
            (item, _) => lines.push(item.unwrap_or(line).trim().to_owned()),
        }
    }
    lines
}

/// A text with its styles.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, mark, style)) = next_mark(rest) {
        let after = &rest[at + mark.len()..];
        let Some(end) = after.find(mark) else { break };
        pieces.push(Piece::plain(&rest[..at]));
        pieces.push(Piece::styled(&after[..end], style));
        rest = &after[end + mark.len()..];
    }
    pieces.push(Piece::plain(rest));
    pieces
}

fn next_mark(text: &str) -> Option<(usize, &'static str, Style)> {
    // The longer mark first: at the same place it wins.
    let marks = [("**", Style::BOLD), ("*", Style::ITALIC), ("`", Style::CODE)];
    let found = marks.into_iter().filter_map(|(mark, style)| text.find(mark).map(|at| (at, mark, style)));
    found.min_by_key(|(at, mark, _)| (*at, usize::MAX - mark.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::explanations;

    #[test]
    fn styles_are_told_apart() {
        let styled = |text, style| Piece::styled(text, style);
        assert_eq!(
            pieces("**Why**: set *Stage*, or `stage`, 2 * 3"),
            [
                Piece::plain(""),
                styled("Why", Style::BOLD),
                Piece::plain(": set "),
                styled("Stage", Style::ITALIC),
                Piece::plain(", or "),
                styled("stage", Style::CODE),
                Piece::plain(", 2 * 3"),
            ]
        );
    }

    #[test]
    fn no_mark_of_a_rules_page_is_left_over() {
        for page in explanations() {
            let shown = serde_json::to_string(&blocks(&page.page)).unwrap();
            let said = plain(&page.page);
            for text in [&shown, &said] {
                assert!(!text.contains("**") && !text.contains('`'), "{}: {text}", page.rule);
            }
        }
    }
}
