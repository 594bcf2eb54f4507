//! Every message that the bot can send, with the longest and the oddest contents, judged against Slack's limits and
//! read by the client library's own shapes.

use crate::limits::{Surface, violations};
use chrono::NaiveDate;
use podcheck_core::assess::{Assessment, Inputs};
use podcheck_core::document::Document;
use podcheck_core::report::ActionKind;
use podcheck_core::{explain, explanations};
use podcheck_slackbot::reminders::due::due;
use podcheck_slackbot::reminders::kept::kept;
use podcheck_slackbot::reminders::schedule::Zone;
use podcheck_slackbot::store::{
    Act, Change, Changed, Channel, Logged, Person, Place, Taken, Tracked, Weekdays,
};
use podcheck_slackbot::views::block::{Message, View};
use podcheck_slackbot::views::home::Own;
use podcheck_slackbot::views::tracked::{Page, TrackedNow};
use podcheck_slackbot::views::{self, answer, form, guide, home};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use slack_morphism::prelude::{SlackBlock, SlackView};

const HANDLE: &str = "0123456789abcdef0123456789abcdef";

fn assess(texts: &[String]) -> Assessment {
    let documents =
        texts.iter().map(|text| Document::open("pasted text", text.clone().into_bytes())).collect();
    Assessment::of(Inputs::new(documents, "2026-11-22".parse().unwrap()))
}

fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[track_caller]
fn slack_takes(message: &Message) -> Value {
    let sent = json_of(message);
    assert_eq!(violations(&sent, Surface::Message), Vec::<String>::new(), "{sent:#}");
    same_to_the_library(&sent["blocks"]);
    sent
}

#[track_caller]
fn slack_takes_view(view: &View, surface: Surface) {
    let sent = json_of(view);
    assert_eq!(violations(&sent, surface), Vec::<String>::new(), "{sent:#}");
    same_to_the_library(&sent["blocks"]);
    let _: SlackView = serde_json::from_value(sent).unwrap();
}

/// The client library knows every block, and what it makes of it is what was sent.
#[track_caller]
fn same_to_the_library(sent: &Value) {
    let blocks: Vec<SlackBlock> = serde_json::from_value(sent.clone()).unwrap();
    for block in &blocks {
        assert!(!matches!(block, SlackBlock::Unknown(_)), "not known: {block:?}");
    }
    assert_eq!(json!(blocks), *sent);
}

/// Every text that a message shows or says, joined.
fn shown(sent: &Value) -> String {
    match sent {
        Value::String(text) => format!("{text}\n"),
        Value::Array(values) => values.iter().map(shown).collect(),
        Value::Object(fields) => {
            fields.iter().filter(|(key, _)| *key != "type").map(|(_, value)| shown(value)).collect()
        }
        _ => String::new(),
    }
}

fn table(rows: usize, name: &str) -> String {
    let mut table = "opportunity_id,customer_name,stage,origin,target_close_date,aws_account_id\n".to_owned();
    for row in 0..rows {
        let name = name.replace('"', "\"\"");
        table.push_str(&format!(
            "O{row:07},\"{name}\",Committed,Partner Referral,2026-11-{:02},\n",
            1 + row % 28
        ));
    }
    table
}

#[test]
fn an_answer_of_any_length_is_one_that_slack_takes() {
    let long = "W".repeat(5_000);
    for rows in [1, 2, 20, 21, 100, 3_000] {
        for name in ["Tern Logistics", &long, "\u{1F6A2}\u{1F6A2}", ""] {
            let assessment = assess(&[table(rows, name)]);
            let sent = slack_takes(&answer::of(&assessment, Some(HANDLE)));
            if rows > 20 {
                let more = format!("And {} more.", rows - 20);
                assert!(shown(&sent).contains(&more), "{more}");
            }
            slack_takes(&answer::of(&assessment, None));
            slack_takes(&answer::details(&assessment, rows - 1).unwrap());
            slack_takes(&answer::shared(&assessment, &long));
            assert_eq!(answer::details(&assessment, rows), None);
        }
    }
}

#[test]
fn what_cannot_be_read_is_said_and_counted() {
    let nothing = slack_takes(&answer::of(&assess(&["Dear all, see attached".to_owned()]), Some(HANDLE)));
    assert!(shown(&nothing).contains("There is no opportunity"), "{nothing:#}");
    slack_takes(&answer::of(&assess(&[]), Some(HANDLE)));
    let mut broken = table(1, "Tern Logistics");
    for line in 0..200 {
        broken.push_str(&format!("O9{line:06},x,Committed,Partner Referral,31/31/2026,\n"));
    }
    slack_takes(&answer::of(&assess(&[broken, "%PDF".to_owned(), "x".repeat(10_000)]), Some(HANDLE)));
}

#[test]
fn of_several_documents_each_problem_names_its_own() {
    let broken = "opportunity_id=O1\nstage=Launched\ncolour=red".to_owned();
    let one = slack_takes(&answer::of(&assess(std::slice::from_ref(&broken)), None));
    assert!(shown(&one).contains("Line 3: "), "{one:#}");
    let documents = [
        ("a.txt", broken.clone()),
        ("b.txt", broken),
        (&*"W".repeat(5_000), "shape=round\nstage=x".to_owned()),
    ]
    .map(|(name, text)| Document::open(name, text.into_bytes()));
    let assessment = Assessment::of(Inputs::new(documents.into(), "2026-11-22".parse().unwrap()));
    let several = shown(&slack_takes(&answer::of(&assessment, None)));
    for place in ["a.txt, line 3: ", "b.txt, line 3: ", "W…, line 1: "] {
        assert!(several.contains(place), "{place}: {several}");
    }
}

#[test]
fn many_accounts_on_one_opportunity_are_told_one_by_one() {
    let accounts: Vec<String> = (0..40).map(|number| format!("{}", 702_938_470_401_u64 + number)).collect();
    let deal = format!(
        "opportunity_id=O1\nstage=Launched\ntarget_close_date=2026-10-15\naws_account_id={}\n",
        accounts.join("; ")
    );
    let sent = slack_takes(&answer::of(&assess(&[deal]), Some(HANDLE)));
    assert!(shown(&sent).contains("Each account on its own"), "{sent:#}");
}

#[test]
fn help_forms_and_every_rules_page_are_ones_that_slack_takes() {
    slack_takes(&guide::help(""));
    slack_takes(&guide::help(&"I do not know that. ".repeat(300)));
    slack_takes(&guide::rules(&explanations()));
    for page in explanations() {
        slack_takes(&guide::explanation(&page));
        assert_eq!(explain(&page.rule).unwrap(), page);
    }
    slack_takes_view(&home::home(None, None), Surface::Home);
    let day = "2026-11-22".parse().unwrap();
    slack_takes_view(&form::check(day, "m".repeat(3_000)), Surface::Modal);
}

/// An opportunity that is tracked, with a name of any kind and as much to do as there can be.
fn tracked(id: &str, name: &str) -> Tracked {
    let text = format!(
        "opportunity_id={id}\nreview_status=Action Required\nstage=Qualified\ntarget_close_date=2026-11-01\n\
         billing_started_on=2026-11-02\nlast_modified_at=2026-10-01\nlaunched_on=2026-11-01"
    );
    let new = kept(&assess(&[text]), 0, 1).pop().unwrap();
    let mut facts = new.facts;
    facts.insert("project_title".to_owned(), name.to_owned());
    facts.insert("customer_name".to_owned(), name.to_owned());
    Tracked {
        place: Place { installation: "I1".to_owned(), channel: "C0123456789".to_owned() },
        opportunity_id: new.opportunity_id,
        facts,
        verdict: new.verdict,
        judged_on: new.judged_on,
        owner: "U0123456789".to_owned(),
        snoozed_until: Some("2026-11-20".parse().unwrap()),
        is_stopped: false,
        version: 1,
        tracked_at: 0,
    }
}

#[test]
fn what_is_tracked_is_shown_as_slack_takes_it_whatever_it_is_called() {
    let today: NaiveDate = "2026-11-22".parse().unwrap();
    for name in ["Tern Logistics", "<!channel> *x* :boom: <@U1>", &"\u{1F600}".repeat(500), "", "\n\u{202E}"]
    {
        let all: Vec<Tracked> =
            (0..home::DUE_MAX + 5).map(|at| tracked(&format!("O{at:0>63}"), name)).collect();
        let channel = Channel::new(all[0].place.clone(), "UTC".to_owned(), "U1", 0);
        let dues = due(&channel, &all, today);
        assert_eq!(dues.len(), all.len());
        let logged = |change| Logged {
            id: HANDLE.to_owned(),
            by: "U0123456789".to_owned(),
            act: Act { change, undoes: None },
            at: 1_795_348_800,
        };
        let changes = [Change::Updated(today), Change::Snooze(today), Change::Stop, Change::Resume];
        let log: Vec<Logged> =
            changes.into_iter().chain([Change::Owner("U2".to_owned())]).map(logged).collect();
        for made in &log {
            let changed = Changed { tracked: all[0].clone(), made_by: Some(made.clone()), is_new: false };
            let note = views::tracked::Note::of_change(&changed, &made.act.change, "U1", &Zone::UTC);
            let sent = slack_takes(&views::tracked::card(
                &all[0],
                dues.first(),
                &log,
                &Zone::UTC,
                today,
                Some(&note),
            ));
            assert!(!shown(&sent).contains("<!channel>\n*"), "{sent}");
            let rows = dues.iter().take(views::tracked::ROWS_MAX);
            let rows = rows.map(|due| (due.tracked, due.actions.clone())).collect();
            let page = Page { rows, page: 1, total: 100_000, due: 99_999, today };
            slack_takes(&page.message(Some(&note)));
            let own = Own {
                due: dues.iter().map(|due| (due.clone(), today)).collect(),
                due_count: dues.len(),
                channels: (0..50).map(|at| (format!("C{at}"), 1_000)).collect(),
                paused: vec![Channel { paused: "is_archived".to_owned(), ..channel.clone() }; 40],
                person: Person::default(),
            };
            slack_takes_view(&home::home(Some(&own), Some(&note)), Surface::Home);
        }
        let gone: Vec<String> = all.iter().map(|one| one.opportunity_id.clone()).collect();
        let taken = Taken { added: 7, refreshed: 100_000, left_out: 9, stopped: 3 };
        let (gone, handle) = (gone.as_slice(), Some(HANDLE));
        let now = TrackedNow { taken, is_channel_full: true, nameless: 4, reminded: None, gone, handle };
        slack_takes(&now.message());
        slack_takes(&views::tracked::forget_all("C0123456789", 100_000));
    }
}

#[test]
fn settings_are_a_form_that_slack_takes_whatever_they_are() {
    let place = Place { installation: "I1".to_owned(), channel: "C1".to_owned() };
    let plain = Channel::new(place, "UTC".to_owned(), "U1", 0);
    let days = "2026-01-01".parse::<NaiveDate>().unwrap().iter_days();
    let odd = Channel {
        zone: "America/Argentina/Salta".to_owned(),
        weekdays: Weekdays(0),
        holidays: days.take(200).collect(),
        unwanted: ActionKind::ALL.to_vec(),
        lead_days: -100,
        threads: false,
        editors: (0..100).map(|at| format!("U{at:0>10}")).collect(),
        paused: "not_in_channel".to_owned(),
        is_on: false,
        version: 9,
        ..plain.clone()
    };
    for channel in [plain, odd] {
        slack_takes_view(&views::settings::form(&channel, "m".repeat(3_000)), Surface::Modal);
        slack_takes(&views::settings::not_yours(&channel));
        assert!(views::settings::in_words(&channel).contains("eminders"));
    }
    slack_takes_view(
        &views::tracked::snooze_form("2026-11-22".parse().unwrap(), "m".repeat(3_000)),
        Surface::Modal,
    );
}

#[test]
fn nobody_is_mentioned_and_nothing_is_formatted_by_what_was_pasted() {
    for name in [
        "<!channel>",
        "<@U0123>",
        "<https://evil.example|here>",
        "*x* _y_ ~z~ `c`",
        ":boom:",
        "@here",
        "&lt;",
    ] {
        for rows in [1, 2] {
            let sent = slack_takes(&answer::of(&assess(&[table(rows, name)]), Some(HANDLE)));
            // The blocks hold it as it was typed, and the notification with its marks taken apart.
            assert!(shown(&sent["blocks"]).contains(name), "{name}: {sent:#}");
            let text = sent["text"].as_str().unwrap();
            assert!(name == "&lt;" || !text.contains(name), "{text}");
            assert_eq!(text.replace('\u{200B}', "").contains("&amp;lt;"), name == "&lt;", "{text}");
        }
    }
}

#[test]
fn the_checker_finds_what_slack_would_refuse() {
    let plain = |text: String| json!({ "type": "plain_text", "text": text, "emoji": false });
    let header = |long| json!({ "type": "header", "text": plain("x".repeat(long)) });
    let message = |blocks: Value| json!({ "text": "x", "blocks": blocks });
    let clean = |payload: &Value| violations(payload, Surface::Message).is_empty();
    assert!(clean(&message(json!([header(150)]))));
    assert!(!clean(&message(json!([header(151)]))));
    assert!(!clean(&message(json!([header(0)]))));
    assert!(!clean(&message(json!(vec![header(1); 51]))));
    assert!(!clean(&json!({ "text": "", "blocks": [header(1)] })));
    assert!(!clean(&json!({ "text": "<!here>", "blocks": [header(1)] })));
    let button = |id: &str| json!({ "type": "button", "action_id": id, "text": plain("x".into()), "value": "1", "accessibility_label": "x" });
    let actions = |elements: Value| message(json!([{ "type": "actions", "elements": elements }]));
    assert!(clean(&actions(json!([button("a"), button("b")]))));
    assert!(!clean(&actions(json!([button("a"), button("a")]))));
    let words = |word: Value| {
        message(
            json!([{ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [word] }] }]),
        )
    };
    assert!(clean(&words(json!({ "type": "text", "text": "x" }))));
    assert!(!clean(&words(json!({ "type": "text", "text": "" }))));
    assert!(!clean(&words(json!({ "type": "broadcast", "range": "channel" }))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pasted_slack_takes_the_answer(text in "\\PC{0,400}", name in "\\PC{0,200}", stage in "[A-Za-z ]{0,20}") {
        let facts = format!("opportunity_id=O1\ncustomer_name={name}\nstage={stage}\n{text}");
        for text in [text, facts] {
            let assessment = assess(&[text]);
            slack_takes(&answer::of(&assessment, Some(HANDLE)));
            if let Some(message) = answer::details(&assessment, 0) {
                slack_takes(&message);
            }
        }
    }
}
