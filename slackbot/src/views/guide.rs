//! Help, the pages of the rules, and the sentences for what went wrong.

use super::block::{Block, Element, Message, Piece};
use super::markdown;
use podcheck_core::report::Explanation;
use podcheck_core::rule::Section;
use podcheck_core::say;

/// What a button of the help does: opens the form.
pub const OPEN_FORM: &str = "open_form";

const WHAT: &str = "pod-check says whether an AWS opportunity earns the Partner Originated Discount, what stands in \
                    its way, and what to do by when.";
const COMMANDS: [(&str, &str); 12] = [
    ("/pod-check", "opens a form for a long paste, files, your spend and End User Reporting tables"),
    ("/pod-check opportunity_id=O1234567 stage=Committed target_close_date=2026-12-15", "checks these facts"),
    (
        "/pod-check track opportunity_id=O1234567 …",
        "checks these facts, and from then on reminds this channel of what is due",
    ),
    ("/pod-check list", "shows what this channel tracks, most urgent first"),
    ("/pod-check O1234567", "shows one opportunity: of this channel, or of your last answers"),
    (
        "/pod-check updated O1234567",
        "notes that you updated it in ACE today, so that the next update is counted from today",
    ),
    (
        "/pod-check snooze O1234567",
        "sends no reminders of it for three days; stop sends none any more, resume sends them again",
    ),
    (
        "/pod-check calendar",
        "sends you a calendar file of what this channel tracks; importing a newer one updates your calendar",
    ),
    (
        "/pod-check forget O1234567",
        "deletes it and its history here; forget all does so for the whole channel",
    ),
    ("/pod-check settings", "sets when this channel is reminded, and of what"),
    ("/pod-check explain POD009", "explains a rule; explain alone lists all rules"),
    ("/pod-check help", "shows these commands"),
];
const SHORTCUT: &str = "To check a message that holds an export, JSON or a file, choose More actions, then Check this opportunity. A file \
     that you send to pod-check in a direct message is checked too.";
const PRIVACY: &str = "Only you see an answer, until you share it. What you check is kept for about half an hour, \
                       for the buttons of its answer, and sealed wherever it is written down. Of what is tracked, \
                       pod-check keeps id, title, status, stage, dates, verdict and who did what; customers' names \
                       only where the channel's settings say so. Nothing here changes anything in ACE.";

/// What the bot can do; `sentence` says first why it is shown.
pub fn help(sentence: &str) -> Message {
    let mut blocks = Vec::new();
    if !sentence.is_empty() {
        blocks.push(Block::paragraph([Piece::bold(sentence)]));
    }
    blocks.extend(help_blocks());
    let commands: Vec<String> = COMMANDS.iter().map(|(command, does)| format!("{command} {does}.")).collect();
    let lead = if sentence.is_empty() { WHAT.to_owned() } else { format!("{sentence} {WHAT}") };
    Message::new(&format!("{lead}\n{}\n{SHORTCUT}\n{PRIVACY}", commands.join("\n")), blocks)
}

/// What is wrong with a command that is known, and where all are explained.
pub fn wrong(sentence: &str) -> Message {
    Message::sentence(&format!("{sentence} All commands: /pod-check help."))
}

/// What the bot can do, as a home page shows it.
pub(super) fn help_blocks() -> Vec<Block> {
    let item = |(command, does): &(&str, &str)| {
        vec![Piece::styled(command, super::block::Style::CODE), Piece::plain(&format!(" {does}"))]
    };
    vec![
        Block::paragraph([Piece::plain(WHAT)]),
        Block::bullets(COMMANDS.iter().map(item).chain([vec![Piece::plain(SHORTCUT)]]).collect()),
        Block::context(PRIVACY),
        Block::Actions {
            elements: vec![Element::button(
                OPEN_FORM,
                "Check opportunities",
                "home",
                "Check opportunities: opens the form",
            )],
        },
    ]
}

/// A rule's page.
pub fn explanation(page: &Explanation) -> Message {
    let title = format!("{} {}", page.rule, page.name);
    let mut blocks = vec![Block::header(&title)];
    blocks.extend(markdown::blocks(&page.page));
    blocks.push(Block::context(&format!("{}. Source: {}.", say::section(page.section), page.guide)));
    Message::new(&format!("{title}\n{}", markdown::plain(&page.page)), blocks)
}

/// Every rule by name.
pub fn rules(pages: &[Explanation]) -> Message {
    const LEAD: &str = "These are all rules. To read one: /pod-check explain POD009.";
    let mut blocks = vec![Block::paragraph([Piece::plain(LEAD)])];
    let mut text = LEAD.to_owned();
    for section in [Section::Pod, Section::Eur, Section::Ace, Section::Upd, Section::Set, Section::Pgm] {
        let ours = pages.iter().filter(|page| page.section == section);
        let names: Vec<String> = ours.map(|page| format!("{} {}", page.rule, page.name)).collect();
        text.push_str(&format!("\n{}: {}", say::section(section), names.join(", ")));
        let items = names.iter().map(|name| vec![Piece::plain(name)]).collect();
        blocks.push(Block::list(say::section(section), items));
    }
    Message::new(&text, blocks)
}
