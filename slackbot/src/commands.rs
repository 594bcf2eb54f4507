//! What a person asks of the bot, whatever way it came: words of a command, a form, a message. No shapes of Slack.

use crate::paste::{Part, parts, pasted};
use crate::reminders::kept::{is_id, tracked_id};
use chrono::NaiveDate;
use podcheck_core::assess::{About, Inputs, Supplement};
use podcheck_core::document::{Document, Format, Kind};
use podcheck_core::field::Field;
use podcheck_core::{calendar, explain};

const TRACK_WHAT: &str = "Say what to track: /pod-check track opportunity_id=O1234567 stage=Committed. Or press Track under \
                          the answer to a check.";

/// Longer than any word that is a mistake worth repeating.
const REPEATED_CHARS_MAX: usize = 40;
/// All workbooks of one question may unfold to so many bytes: several questions are read at a time.
const UNFOLDED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What the words after `/pod-check` ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The form for a long paste.
    Form,
    /// What the bot can do.
    Help,
    /// The names of all rules.
    Rules,
    /// A rule's page.
    Explain(String),
    /// To check this.
    Check(Asked),
    /// To track what this holds.
    Track(Asked),
    /// What this channel tracks, a page of it, counted from 0.
    List(usize),
    /// An opportunity by its id.
    Card(String),
    /// To do something with one that this channel tracks.
    Do(Deed, String),
    /// To forget one, or all.
    Forget(Option<String>),
    /// A calendar file of what this channel tracks.
    Calendar,
    /// How this channel wants to be reminded.
    Settings,
    /// A command with something wrong, and a sentence that says what.
    Wrong(String),
    /// Something else, with a sentence that says so.
    NotUnderstood(String),
}

/// What can be done with what is tracked by a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It was updated today.
    Updated,
    /// To be quiet about it for three days.
    Snooze,
    /// To be quiet about it for good.
    Stop,
    /// To be reminded of it again.
    Resume,
}

/// What is to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Documents with their names.
    pub documents: Vec<(String, Vec<u8>)>,
    /// What is stated beside them.
    pub supplements: Vec<Supplement>,
    /// The day to judge by; today when not said.
    pub as_of: Option<NaiveDate>,
}

impl Asked {
    /// A text that was written or pasted in one piece.
    ///
    /// # Errors
    /// A sentence about the day to judge by, when it is none.
    pub fn of_text(name: &str, text: &str) -> Result<Asked, String> {
        let (texts, day_around) = texts(text);
        let (mut documents, mut as_of) = (Vec::with_capacity(texts.len()), None);
        for text in texts {
            let (lines, day) = facts_by_line(&text);
            documents.push((name.to_owned(), lines.into_bytes()));
            as_of = day.or(as_of);
        }
        let day = |text: String| calendar::iso_day(&text).ok_or_else(|| not_a_day(&text));
        let as_of = day_around.or(as_of).map(day).transpose()?;
        Ok(Asked { documents, as_of, ..Asked::default() })
    }

    /// What the core judges.
    pub fn into_inputs(self, today: NaiveDate) -> Inputs {
        let mut left = UNFOLDED_BYTES_MAX;
        let documents = self.documents.into_iter().map(|(name, bytes)| {
            let document = Document::open_within(&name, bytes, left);
            left = left.saturating_sub(document.text().len());
            document
        });
        let documents = documents.collect();
        Inputs { supplements: self.supplements, ..Inputs::new(documents, self.as_of.unwrap_or(today)) }
    }

    /// How many bytes are to be read.
    pub fn size(&self) -> usize {
        self.documents.iter().map(|(_, bytes)| bytes.len()).sum()
    }
}

/// What of a text is to be read, and the day to judge by that stands around its fences. Words around them that state
/// nothing are dropped.
fn texts(text: &str) -> (Vec<String>, Option<String>) {
    let inside = pasted(text);
    let parts = parts(text);
    if !parts.iter().any(|part| matches!(part, Part::Inside(block) if !block.is_empty())) {
        return (vec![inside], None);
    }
    let (mut around, mut whole, mut as_of) = (String::new(), String::new(), None);
    for (at, part) in parts.iter().enumerate() {
        let part = match part {
            Part::Inside(block) => (*block).to_owned(),
            Part::Around(words) => {
                let (words, day) = words_and_day(words);
                as_of = day.or(as_of);
                around.push_str(&words);
                around.push('\n');
                words
            }
        };
        // The mark of a fence ends a line, and what stands in one is no part of what stands in the next.
        if at > 0 && !whole.ends_with('\n') && !part.starts_with('\n') {
            whole.push('\n');
        }
        if at > 0 && at % 2 == 0 && matches!(parts.get(at + 1), Some(Part::Inside(_))) {
            whole.push('\n');
        }
        whole.push_str(&part);
    }
    let found = [is_laid_out(&inside), is_laid_out(&around)];
    let texts = match found {
        [_, None] => vec![inside],
        // Facts beside facts are of one opportunity; a table or JSON stays by itself.
        [Some(false) | None, Some(false)] => vec![whole.trim().to_owned()],
        [None, Some(true)] => vec![around],
        [Some(_), Some(_)] => vec![inside, around],
    };
    (texts, as_of)
}

/// Whether a text is a table or JSON rather than facts; none where it states nothing.
fn is_laid_out(text: &str) -> Option<bool> {
    let document = Document::open("", text.as_bytes().to_vec());
    (document.kind() != Kind::Ignored).then(|| document.format() != Format::KeyValue)
}

/// Understands the words after `/pod-check`.
pub fn read(text: &str) -> Command {
    // The words of a command stand before what is pasted, unless they were pasted too.
    let (whole, all_pasted) = (text, text.trim_start().starts_with('`').then(|| pasted(text)));
    let text = all_pasted.as_deref().unwrap_or(text).trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match first.to_ascii_lowercase().as_str() {
        "" | "form" => Command::Form,
        "help" | "?" => Command::Help,
        "list" => page(rest),
        "calendar" => Command::Calendar,
        "settings" => Command::Settings,
        "track" if rest.trim().is_empty() => Command::Wrong(TRACK_WHAT.to_owned()),
        "track" => match check(rest) {
            Command::Check(asked) => Command::Track(asked),
            other => other,
        },
        "forget" if rest.trim().eq_ignore_ascii_case("all") => Command::Forget(None),
        "forget" => named(rest, |id| Command::Forget(Some(id))),
        "updated" => named(rest, |id| Command::Do(Deed::Updated, id)),
        "snooze" => named(rest, |id| Command::Do(Deed::Snooze, id)),
        "stop" => named(rest, |id| Command::Do(Deed::Stop, id)),
        "resume" => named(rest, |id| Command::Do(Deed::Resume, id)),
        "explain" if rest.trim().is_empty() => Command::Rules,
        "explain" => Command::Explain(rest.trim().to_owned()),
        "check" if rest.trim().is_empty() => Command::Form,
        "check" => check(rest),
        _ if rest.is_empty() && explain(first).is_some() => Command::Explain(first.to_owned()),
        _ if rest.is_empty() && looks_like_id(first) => Command::Card(first.to_ascii_uppercase()),
        _ if looks_like_facts(text) => check(whole),
        _ => Command::NotUnderstood(format!("I do not know {}.", podcheck_core::say::quoted(&cut(first)))),
    }
}

/// A page is counted from 1 by people.
fn page(text: &str) -> Command {
    match text.trim() {
        "" => Command::List(0),
        page => match page.parse::<usize>() {
            Ok(page) => Command::List(page.saturating_sub(1)),
            Err(_) => {
                let page = podcheck_core::say::quoted(&cut(page)).to_string();
                Command::Wrong(format!("{page} is not a page of the list. Write /pod-check list 2."))
            }
        },
    }
}

/// A command about one opportunity.
fn named(text: &str, command: impl FnOnce(String) -> Command) -> Command {
    let id = text.trim();
    if let Some(id) = tracked_id(id) {
        return command(id);
    }
    let sentence = if id.is_empty() {
        "Name an opportunity by its id, for example O1234567.".to_owned()
    } else {
        format!("{} is not an opportunity id. Write it as O1234567.", podcheck_core::say::quoted(&cut(id)))
    };
    Command::Wrong(sentence)
}

/// AWS's ids are an O and digits; anything else alone is a word.
fn looks_like_id(word: &str) -> bool {
    let digits = word.strip_prefix(['O', 'o']);
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        && is_id(word)
}

fn cut(word: &str) -> String {
    word.chars().take(REPEATED_CHARS_MAX).collect()
}

/// Facts and tables have marks that a word has not.
fn looks_like_facts(text: &str) -> bool {
    text.contains(['=', ':', '{', '[', '\n', '\t', ','])
}

fn check(text: &str) -> Command {
    Asked::of_text("pasted text", text).map_or_else(Command::Wrong, Command::Check)
}

/// The sentence for a day that is none.
pub fn not_a_day(text: &str) -> String {
    format!("{} is not a date. Write it as 2026-11-22.", podcheck_core::say::quoted(text))
}

/// A command is one line, and whatever has several keeps them; the day to judge by is taken out.
fn facts_by_line(text: &str) -> (String, Option<String>) {
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        return (text.to_owned(), None);
    }
    if text.contains('\n') {
        return without_day(text);
    }
    facts_in_line(text)
}

/// What stands around fences, and the day to judge by that is stated there.
fn words_and_day(text: &str) -> (String, Option<String>) {
    if is_laid_out(text) == Some(true) {
        return (text.to_owned(), None);
    }
    let (is_one_line, mut as_of) = (!text.trim().contains('\n'), None);
    let line = |line| {
        let (facts, day) = facts_in_line(line);
        if day.is_none() && !is_one_line {
            return line.to_owned();
        }
        as_of = day.or(as_of.take());
        facts
    };
    let lines: Vec<String> = text.split('\n').map(line).collect();
    (lines.join("\n"), as_of)
}

/// One line: each fact that begins in it gets a line of its own, and the day to judge by is taken out.
fn facts_in_line(text: &str) -> (String, Option<String>) {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let name = word.split_once(['=', ':']).map_or("", |(name, _)| name);
        let begins = is_day(name) || fact_named(name);
        match lines.last_mut() {
            Some(line) if !begins => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let mut as_of = None;
    lines.retain_mut(|line| {
        line.truncate(line.trim_end_matches([',', ';']).len());
        let day = day_in(line).map(str::to_owned);
        let is_kept = day.is_none();
        as_of = day.filter(|day| !day.is_empty()).or(as_of.take());
        is_kept
    });
    (lines.join("\n"), as_of)
}

/// Lines of facts, and the day to judge by that stands on one of them. That one becomes a comment: the others keep
/// their places.
fn without_day(text: &str) -> (String, Option<String>) {
    // A cell of a table may hold such a line.
    let is_facts = || Document::open("", text.to_owned().into_bytes()).format() == Format::KeyValue;
    if text.lines().all(|line| day_in(line).is_none()) || !is_facts() {
        return (text.to_owned(), None);
    }
    let as_of = text.lines().filter_map(day_in).rfind(|day| !day.is_empty());
    let line = |line| if day_in(line).is_some() { format!("# {line}") } else { line.to_owned() };
    (text.lines().map(line).collect::<Vec<_>>().join("\n"), as_of.map(str::to_owned))
}

/// The day to judge by, where a line states it; empty where the line leaves it open.
fn day_in(line: &str) -> Option<&str> {
    let (name, day) = line.split_once(['=', ':'])?;
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '-' || c == '•');
    let day = day.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ',' | ';' | ':' | '.'));
    // In two words it may begin a sentence.
    (is_day(name) && (!name.contains(' ') || calendar::iso_day(day).is_some())).then_some(day)
}

fn is_day(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "as_of" | "as-of" | "as of" | "asof")
}

fn fact_named(name: &str) -> bool {
    let name = name.split_once('.').map_or(name, |(before, _)| before);
    !name.is_empty() && Field::from_name(name).is_some()
}

/// Facts to state, one a line: `customer_consent=yes`, or of one opportunity `O1234567:customer_consent=yes`.
///
/// # Errors
/// A sentence about the first line that states nothing.
pub fn stated(text: &str) -> Result<Vec<Supplement>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(supplement).collect()
}

fn supplement(line: &str) -> Result<Supplement, String> {
    let unclear =
        || format!("{} states nothing. Write customer_consent=yes.", podcheck_core::say::quoted(line));
    let (name, value) = line.split_once('=').ok_or_else(unclear)?;
    let (about, fact) = match name.rsplit_once(':') {
        Some((key, fact)) => (About::One(key.trim().to_owned()), fact.trim()),
        None => (About::All, name.trim()),
    };
    if !fact_named(fact) {
        return Err(format!("{} is not a fact that pod-check knows.", podcheck_core::say::quoted(fact)));
    }
    Ok(Supplement { about, fact: fact.to_owned(), value: value.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn checks(text: &str, lines: &str, as_of: Option<&str>) {
        let Command::Check(asked) = read(text) else { panic!("{text:?} is {:?}", read(text)) };
        assert_eq!(String::from_utf8(asked.documents[0].1.clone()).unwrap(), lines);
        assert_eq!(asked.as_of.map(|day| day.to_string()).as_deref(), as_of);
    }

    #[test]
    fn one_line_of_facts_becomes_a_line_a_fact() {
        checks("opportunity_id=O1 stage=Committed", "opportunity_id=O1\nstage=Committed", None);
        checks(
            "customer_name=Tern Logistics, stage=Qualified",
            "customer_name=Tern Logistics\nstage=Qualified",
            None,
        );
        checks(
            "Stage: Committed target_close_date: 2026-12-15",
            "Stage: Committed\ntarget_close_date: 2026-12-15",
            None,
        );
        checks(
            "spend.2026-11=100 as_of=2026-12-01 stage=Launched",
            "spend.2026-11=100\nstage=Launched",
            Some("2026-12-01"),
        );
        checks("check next_steps=see http://x.example?a=b", "next_steps=see http://x.example?a=b", None);
    }

    #[test]
    fn what_has_lines_or_is_json_stays_as_it_is() {
        checks("stage=Launched\nopportunity_id=O1 x=y", "stage=Launched\nopportunity_id=O1 x=y", None);
        checks(r#"{"stage": "Launched", "as_of": 1}"#, r#"{"stage": "Launched", "as_of": 1}"#, None);
    }

    #[test]
    fn the_day_to_judge_by_may_have_a_line_of_its_own() {
        checks(
            "opportunity_id=O1\nas_of=2026-12-01\nstage=Launched",
            "opportunity_id=O1\n# as_of=2026-12-01\nstage=Launched",
            Some("2026-12-01"),
        );
        checks(
            "*As of:* 2026-12-01\nStage: Launched",
            "# *As of:* 2026-12-01\nStage: Launched",
            Some("2026-12-01"),
        );
        checks(
            "check ```stage=Launched\nas_of=2026-12-01```",
            "stage=Launched\n# as_of=2026-12-01",
            Some("2026-12-01"),
        );
        let cell = "opportunity_id,stage,next_steps\nO1,Launched,\"as agreed\nas_of: soon\nwith them\"";
        checks(cell, cell, None);
        checks(
            "*As of: 2026-12-01*\nStage: Launched",
            "# *As of: 2026-12-01*\nStage: Launched",
            Some("2026-12-01"),
        );
        // A sentence is none, and a form that was left empty says nothing.
        let sentence = "Stage: Launched\nAs of: this morning they signed";
        checks(sentence, sentence, None);
        checks("As of: this morning they signed", "As of: this morning they signed", None);
        checks("stage=Launched\nas_of=", "stage=Launched\n# as_of=", None);
        checks("as_of= stage=Launched", "stage=Launched", None);
        checks("as_of=2026-12-01 as_of= stage=Launched", "stage=Launched", Some("2026-12-01"));
        let Command::Wrong(sentence) = read("stage=Launched\nas_of=tomorrow") else { panic!() };
        assert_eq!(sentence, "“tomorrow” is not a date. Write it as 2026-11-22.");
    }

    #[test]
    fn words_around_a_fence_are_the_commands_and_the_rest_is_checked() {
        checks("```opportunity_id,stage\nO1,Launched```", "opportunity_id,stage\nO1,Launched", None);
        checks("Please check:\n```stage=Launched```\nThanks", "stage=Launched", None);
        assert_eq!(read("`O1234567`"), Command::Card("O1234567".to_owned()));
        let Command::Track(asked) = read("track ```{“stage”: “Launched”}```") else { panic!() };
        assert_eq!(asked.documents[0].1, br#"{"stage": "Launched"}"#);
    }

    #[test]
    fn what_stands_around_fences_is_dropped_where_it_states_nothing() {
        const CSV: &str = "opportunity_id,stage\nO1,Launched";
        const JSON: &str = r#"{"opportunity_id": "O1"}"#;
        const O1: &str = "opportunity_id=O1\nstage=Launched";
        let day = Some("2026-12-01");
        for (text, documents, as_of) in [
            // Words.
            (format!("Please check:\n```{O1}```\nThanks, Ann"), &[O1][..], None),
            (format!("Hi team, could you look at this one?\n\n```{CSV}```\n\nThanks, Ann"), &[CSV], None),
            (format!("@pod-check see: ```{JSON}``` (from the console)"), &[JSON], None),
            (format!("Opportunity:\n```{O1}```"), &[O1], None),
            (
                format!("One:\n```{O1}```\nTwo:\n```opportunity_id=O2```"),
                &["opportunity_id=O1\nstage=Launched\n\nopportunity_id=O2"],
                None,
            ),
            // A day.
            ("as_of=2026-12-01 ```stage=Launched```".to_owned(), &["stage=Launched"], day),
            ("```stage=Launched``` as_of=2026-12-01".to_owned(), &["stage=Launched"], day),
            (format!("Please check as_of=2026-12-01:\n```{O1}```"), &[O1], day),
            (format!("*As of: 2026-12-01*\n```{CSV}```\nThanks"), &[CSV], day),
            (format!("```{JSON}```\nThanks,\nAnn\nas_of=2026-12-01"), &[JSON], day),
            (
                format!("as_of=2026-12-01 ```{O1}\nas_of=2026-11-01```"),
                &["opportunity_id=O1\nstage=Launched\n# as_of=2026-11-01"],
                day,
            ),
            (format!("As of: this morning they signed\n```{O1}```"), &[O1], None),
            // Facts.
            (
                "opportunity_id=O7001\nstage=Committed\nNotes:\n```see the attached```".to_owned(),
                &["opportunity_id=O7001\nstage=Committed\nNotes:\nsee the attached"],
                None,
            ),
            (
                format!("customer_consent=yes\n```{O1}```"),
                &["customer_consent=yes\nopportunity_id=O1\nstage=Launched"],
                None,
            ),
            (
                format!(
                    "customer_consent=yes as_of=2026-12-01 stage=Launched ```{O1}``` target_close_date=2026-12-15"
                ),
                &[
                    "customer_consent=yes\nstage=Launched\nopportunity_id=O1\nstage=Launched\ntarget_close_date=2026-12-15",
                ],
                day,
            ),
            (
                format!("```{O1}``` and\ncustomer_consent=yes\n```opportunity_id=O2```"),
                &["opportunity_id=O1\nstage=Launched\n\nand\ncustomer_consent=yes\nopportunity_id=O2"],
                None,
            ),
            (
                format!("{O1}\n\n```opportunity_id=O2```"),
                &["opportunity_id=O1\nstage=Launched\n\nopportunity_id=O2"],
                None,
            ),
            // A table or JSON stays what it is.
            (
                format!("opportunity_id=O2 stage=Qualified as_of=2026-12-01\n```{CSV}```"),
                &[CSV, "opportunity_id=O2\nstage=Qualified"],
                day,
            ),
            (format!("{CSV}\n```as discussed```"), &[CSV], None),
        ] {
            let asked = Asked::of_text("x", &text).unwrap();
            let read = asked.documents.iter().map(|(_, bytes)| std::str::from_utf8(bytes).unwrap());
            assert_eq!(read.collect::<Vec<_>>(), documents, "{text}");
            assert_eq!(asked.as_of.map(|day| day.to_string()).as_deref(), as_of, "{text}");
        }
        checks("```stage=Launched``` as_of=2026-12-01", "stage=Launched", day);
        checks("as_of=2026-12-01 ```stage=Launched```", "stage=Launched", day);
        let Command::Wrong(sentence) = read("as_of=tomorrow ```stage=Launched```") else { panic!() };
        assert_eq!(sentence, "“tomorrow” is not a date. Write it as 2026-11-22.");
    }

    #[test]
    fn words_are_commands_whatever_their_case() {
        assert_eq!(read(" "), Command::Form);
        assert_eq!(read("HELP"), Command::Help);
        assert_eq!(read("calendar"), Command::Calendar);
        assert_eq!(read("explain"), Command::Rules);
        assert_eq!(read("explain  pod009 "), Command::Explain("pod009".to_owned()));
        assert_eq!(read("pod009"), Command::Explain("pod009".to_owned()));
    }

    #[test]
    fn what_is_not_understood_is_repeated_in_short() {
        assert_eq!(read("hello"), Command::NotUnderstood("I do not know “hello”.".to_owned()));
        let Command::NotUnderstood(sentence) = read(&"x".repeat(500)) else { panic!() };
        assert!(sentence.chars().count() < 70);
        let Command::Wrong(sentence) = read("stage=Launched as_of=tomorrow") else { panic!() };
        assert_eq!(sentence, "“tomorrow” is not a date. Write it as 2026-11-22.");
    }

    #[test]
    fn facts_to_state_are_one_a_line() {
        let said = stated("customer_consent=yes\n\n O1:spend.2026-11 = 100 \n").unwrap();
        assert_eq!(
            said[0],
            Supplement { about: About::All, fact: "customer_consent".into(), value: "yes".into() }
        );
        assert_eq!(
            said[1],
            Supplement { about: About::One("O1".into()), fact: "spend.2026-11".into(), value: "100".into() }
        );
        assert_eq!(stated("yes").unwrap_err(), "“yes” states nothing. Write customer_consent=yes.");
        assert_eq!(stated("colour=red").unwrap_err(), "“colour” is not a fact that pod-check knows.");
    }
}
