//! Everything that has a date as a calendar file: RFC 5545, an all-day event an action.
//!
//! Written by hand: it is a dozen kinds of line, and a library for it would bring random identifiers, and with them a
//! source of chance, into a core that has none. There is no alarm: when to be reminded is the reader's choice.

use crate::actions;
use crate::assess::Assessment;
use crate::calendar::plus_days;
use crate::desk::Desk;
use crate::document::Record;
use crate::headline;
use crate::judge::judge;
use crate::opportunity::Opportunity;
use crate::report::Action;
use crate::say;
use chrono::{Datelike, NaiveDate};
use std::fmt::Write;

/// A line has at most so many bytes, the one in front of a continued line counted.
const LINE_BYTES_MAX: usize = 75;

const HEADER: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//pod-check//pod-check//EN\r\nCALSCALE:GREGORIAN\r\n\
                      METHOD:PUBLISH\r\nX-WR-CALNAME:pod-check\r\n";
const FOOTER: &str = "END:VCALENDAR\r\n";

/// All actions with a date of a part of the opportunities, as they were given. The part from 0 opens the calendar, the
/// part that reaches the end closes it: all parts, in order, are one calendar.
///
/// What was due before the day on which the question is asked is of no use in the past of a calendar: it stands on
/// that day, and its title says since when it is overdue. An event keeps its `UID` when its day or its words change,
/// so that a calendar that takes the file in again moves it; `SEQUENCE` counts the days, so that the later file wins.
pub fn ics(assessment: &Assessment, from: usize, limit: usize) -> String {
    let desk = assessment.desk();
    let mut text = String::new();
    if from == 0 {
        text.push_str(HEADER);
    }
    let mut record = Record::empty();
    for entry in (0..assessment.len() as u32).skip(from).take(limit) {
        let opp = assessment.found.assemble(&desk, entry, None, &mut record);
        let key = assessment.key(&opp, entry);
        add_events(&desk, &opp, &key, |_| {}, |event| text.push_str(&event.text));
    }
    let is_part = from == 0 || from < assessment.len();
    if is_part && from.saturating_add(limit) >= assessment.len() {
        text.push_str(FOOTER);
    }
    text
}

/// One event of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day on which it stands.
    pub day: NaiveDate,
    /// Its lines.
    text: String,
}

impl Event {
    /// How many bytes it takes in a file.
    pub fn size(&self) -> usize {
        self.text.len()
    }
}

/// The events of all opportunities, as [`ics`] would write them, for a file of several assessments: `choose` is given
/// the key of each opportunity and its actions, and takes out what is not wanted.
pub fn events(assessment: &Assessment, choose: impl Fn(&str, &mut Vec<Action>)) -> Vec<Event> {
    let desk = assessment.desk();
    let mut record = Record::empty();
    let mut events = Vec::new();
    for entry in 0..assessment.len() as u32 {
        let opp = assessment.found.assemble(&desk, entry, None, &mut record);
        let key = assessment.key(&opp, entry);
        add_events(&desk, &opp, &key, |actions| choose(&key, actions), |event| events.push(event));
    }
    events
}

/// A calendar of these events.
pub fn calendar_of(events: &[Event]) -> String {
    let mut text = HEADER.to_owned();
    events.iter().for_each(|event| text.push_str(&event.text));
    text.push_str(FOOTER);
    text
}

/// The calendar of the opportunity with this key; none when there is none.
pub fn ics_of(assessment: &Assessment, key: &str) -> Option<String> {
    let desk = assessment.desk();
    let opp = match assessment.find(&desk, key) {
        Some(entry) => assessment.opportunity_of(&desk, entry),
        None => {
            let (entry, account) = assessment.copy(&desk, key)?;
            assessment.split_of(&desk, entry, account)
        }
    };
    let mut text = HEADER.to_owned();
    add_events(&desk, &opp, key, |_| {}, |event| text.push_str(&event.text));
    text.push_str(FOOTER);
    Some(text)
}

fn add_events(
    desk: &Desk<'_>,
    opp: &Opportunity<'_>,
    key: &str,
    choose: impl FnOnce(&mut Vec<Action>),
    mut add: impl FnMut(Event),
) {
    let case = desk.case(opp);
    let judgement = judge(&case);
    let mut actions = actions::all(&case, &judgement.findings);
    choose(&mut actions);
    let as_of = desk.inputs.as_of;
    let is_writable = |due: &NaiveDate| has_four_digits(*due) && has_four_digits(as_of);
    let dated = actions.iter().filter_map(|action| Some((action, action.due.filter(is_writable)?)));
    let headline = headline::of(&case, &judgement);
    let customer = opp.customer_name.known().map_or("", |name| name);
    let title = opp.project_title.known().map_or("", |title| title);
    let is_named = is_key_of(opp, key);
    let name = [customer, title, key].into_iter().find(|name| !name.trim().is_empty()).unwrap_or(key);
    for (action, due) in dated {
        // A place may name another opportunity tomorrow: with what it is about, its events replace no others.
        let about = if is_named { ["", ""] } else { [customer, title] };
        let uid = uid_of([&action.id, key, about[0], about[1]]);
        let details = format!("{headline}\n{key}, {}", action.rule);
        add(event(action, due, &uid, as_of, name, &details));
    }
}

/// Whether the key is a name that the opportunity has anywhere, and not its place; a split copy adds its account.
fn is_key_of(opp: &Opportunity<'_>, key: &str) -> bool {
    [&opp.opportunity_id, &opp.partner_crm_id].into_iter().filter_map(|id| id.known()).any(|id| {
        let rest = key.strip_prefix(id.as_ref());
        !id.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    })
}

fn event(action: &Action, due: NaiveDate, uid: &str, as_of: NaiveDate, name: &str, about: &str) -> Event {
    let mut text = String::new();
    let day = due.max(as_of);
    let overdue = if due < as_of { format!("overdue since {}: ", say::day(due)) } else { String::new() };
    let mut line = |name: &str, value: &str| add_line(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VEVENT");
    line("UID", uid);
    line("DTSTAMP", &format!("{}T000000Z", basic(as_of)));
    line("SEQUENCE", &as_of.num_days_from_ce().max(0).to_string());
    line("DTSTART;VALUE=DATE", &basic(day));
    line("DTEND;VALUE=DATE", &basic(plus_days(day, 1)));
    line("SUMMARY", &escaped(&format!("{name}: {overdue}{}", action.text)));
    line("DESCRIPTION", &escaped(about));
    line("TRANSP", "TRANSPARENT");
    line("END", "VEVENT");
    Event { day, text }
}

/// `20261122`, for a year that the format can write.
fn basic(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Whether the day, and the one after it, have a year of four digits.
fn has_four_digits(day: NaiveDate) -> bool {
    (1..=9998).contains(&day.year())
}

/// Of what an event is about: the same on every machine, and nothing of it can be read back.
///
/// FNV-1a of 128 bits: enough for no two events to meet, and no secret is kept by it.
fn uid_of(parts: [&str; 4]) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    // No part holds the byte that ends it: it is no UTF-8.
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    let hash = bytes.fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}@pod-check")
}

/// Text as the value of a property.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Adds a line, folded where it is long: between characters, the next part begins with a space.
fn add_line(text: &mut String, line: &str) {
    let mut rest = line;
    let mut room = LINE_BYTES_MAX;
    while rest.len() > room {
        let (part, more) = rest.split_at(rest.floor_char_boundary(room));
        let _ = write!(text, "{part}\r\n ");
        rest = more;
        room = LINE_BYTES_MAX - 1;
    }
    let _ = write!(text, "{rest}\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess, assess_on};

    /// The value of a property in the first event with this rule's title, unfolded.
    fn value<'t>(unfolded: &'t str, about: &str, name: &str) -> &'t str {
        let event = unfolded.split("BEGIN:VEVENT\r\n").find(|event| event.contains(about)).unwrap();
        event.lines().find_map(|line| line.strip_prefix(name)).unwrap()
    }

    const OPEN: [&str; 4] = [
        "stage=Committed",
        "launched_on=2030-01-01",
        "target_close_date=2026-12-15",
        "customer_name=A, B; C\\D",
    ];

    fn calendar(as_of: &str, stated: &[&str]) -> String {
        ics_of(&assess_on(as_of, &[LAUNCHED], stated), "O1").unwrap().replace("\r\n ", "")
    }

    #[test]
    fn an_action_is_an_event_of_its_whole_day() {
        let text = calendar("2026-11-22", &OPEN);
        let bill = "Verify the bill";
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
                && text.ends_with("END:VCALENDAR\r\n")
        );
        assert_eq!(value(&text, bill, "DTSTAMP:"), "20261122T000000Z");
        assert_eq!(value(&text, bill, "DTSTART;VALUE=DATE:"), "20261201");
        assert_eq!(value(&text, bill, "DTEND;VALUE=DATE:"), "20261202");
        assert_eq!(value(&text, bill, "TRANSP:"), "TRANSPARENT");
        let title = "A\\, B\\; C\\\\D: Verify the bill of November 2026: it must be below $5\\,000.";
        assert_eq!(value(&text, bill, "SUMMARY:"), title);
        assert!(value(&text, bill, "DESCRIPTION:").ends_with("\\nO1\\, POD009"), "{text}");
        assert!(!text.contains("VALARM"));
    }

    #[test]
    fn an_event_is_known_again_when_its_day_moves() {
        let at = |as_of, close| {
            let stated = ["stage=Committed", "launched_on=2030-01-01", close];
            let text = calendar(as_of, &stated);
            let of = |name| value(&text, "POD009", name).to_owned();
            (of("UID:"), of("DTSTART;VALUE=DATE:"), of("SEQUENCE:").parse::<u32>().unwrap())
        };
        let (first, moved) = (
            at("2026-11-22", "target_close_date=2026-12-15"),
            at("2026-11-23", "target_close_date=2027-01-15"),
        );
        assert_eq!(first.0, moved.0);
        assert_ne!(first.1, moved.1);
        assert_eq!(first.2 + 1, moved.2);
        assert_eq!(first.0.len(), 32 + "@pod-check".len());
    }

    #[test]
    fn what_is_overdue_stands_on_the_day_of_the_question() {
        let text = calendar("2026-12-10", &OPEN);
        let update = "Write the next step";
        assert_eq!(value(&text, update, "DTSTART;VALUE=DATE:"), "20261210");
        let title = value(&text, update, "SUMMARY:");
        assert!(title.contains(": overdue since 4 Dec 2026: Write the next step"), "{title}");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut text = String::new();
        add_line(&mut text, &format!("SUMMARY:{}", "é🦄".repeat(60)));
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= 75, "{}", line.len());
        }
        assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é🦄".repeat(60)));
        for length in [74, 75, 76, 149, 150] {
            let mut text = String::new();
            add_line(&mut text, &"x".repeat(length));
            assert_eq!(text.lines().map(str::len).max(), Some(length.min(75)), "{length}");
            assert!(!text.contains("\r\n \r\n"), "{length}");
        }
    }

    #[test]
    fn the_parts_are_one_calendar() {
        let two = LAUNCHED.replace("O1", "O2");
        let found = assess(&[LAUNCHED, &two], &[]);
        let whole = ics(&found, 0, 2);
        assert_eq!(format!("{}{}", ics(&found, 0, 1), ics(&found, 1, 1)), whole);
        assert_eq!(ics(&found, 0, usize::MAX), whole);
        assert_eq!(ics(&found, 2, 5), "");
        assert_eq!(ics(&assess(&[], &[]), 0, 500), format!("{HEADER}{FOOTER}"));
        assert_eq!(ics_of(&found, "O3"), None);
    }

    #[test]
    fn events_that_are_chosen_make_a_calendar_of_several_assessments() {
        let found = assess(&[LAUNCHED, &LAUNCHED.replace("O1", "O2")], &[]);
        let all = events(&found, |_, _| {});
        assert_eq!(calendar_of(&all), ics(&found, 0, usize::MAX));
        let one =
            events(&found, |key, actions| actions.retain(|action| key == "O2" && action.rule == "POD010"));
        assert!(!one.is_empty() && one.len() < all.len());
        for event in &one {
            assert!(all.contains(event));
            assert!(
                event.text.contains(&format!("DTSTART;VALUE=DATE:{}", basic(event.day))),
                "{}",
                event.text
            );
        }
        let both = [one.clone(), events(&assess(&[LAUNCHED], &[]), |_, _| {})].concat();
        let text = calendar_of(&both);
        assert_eq!(text.matches("BEGIN:VCALENDAR").count(), 1);
        assert_eq!(text.len(), HEADER.len() + FOOTER.len() + both.iter().map(Event::size).sum::<usize>());
    }

    #[test]
    fn one_whose_name_another_has_is_known_by_what_it_is_about_too() {
        let of = |name: &str| {
            let table = "Partner CRM Unique Identifier,Customer Company Name,Stage,Target Close Date\n\
                         C1,Heron Lane,Prospect,2026-12-15\n";
            let table = format!("{table}C1,{name},Prospect,2026-12-15\n");
            let found = assess(&[&table], &[]);
            let text = ics_of(&found, "document 1 record 2").unwrap().replace("\r\n ", "");
            value(&text, "POD006", "UID:").to_owned()
        };
        assert_ne!(of("Ibis Row"), of("Otter Mill"));
    }

    #[test]
    fn at_the_ends_of_the_calendar_every_day_has_eight_digits() {
        for (as_of, close) in
            [("9999-12-31", "9999-12-30"), ("9998-12-31", "9998-12-31"), ("1000-01-01", "1000-01-20")]
        {
            let found =
                assess_on(as_of, &[LAUNCHED], &[&format!("target_close_date={close}"), "stage=Prospect"]);
            for line in ics(&found, 0, 9).lines().filter(|line| line.starts_with("DT")) {
                let (_, day) = line.split_once(':').unwrap();
                assert_eq!(day.trim_end_matches("T000000Z").len(), 8, "{line}");
            }
        }
    }

    #[test]
    fn an_opportunity_without_an_id_is_known_by_what_it_is_about() {
        let table = |first: &str| {
            format!("Customer Company Name,Stage,Target Close Date\n{first},Prospect,2026-12-15\n")
        };
        let of = |name: &str| {
            let text = ics(&assess(&[&table(name)], &[]), 0, 9).replace("\r\n ", "");
            value(&text, "POD006", "UID:").to_owned()
        };
        assert_eq!(of("Heron Lane"), of("Heron Lane"));
        assert_ne!(of("Heron Lane"), of("Heron Row"));
    }
}
