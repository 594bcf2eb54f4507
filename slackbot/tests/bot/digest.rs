//! What a message that stands in Slack says once something of it changed.

use crate::bot::{Answer, Bot, NOW};
use chrono::NaiveDate;
use podcheck_core::report::{ActionKind, Verdict};
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::reminders::{self, plan, send};
use podcheck_slackbot::store::{Change, Channel, New, Person, Place};
use std::sync::atomic::Ordering;

/// Nine in the morning of Monday, 23 November 2026, in UTC.
const NINE: i64 = NOW as i64 + 21 * 3_600;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn deal(id: &str, close: &str, updated: &str) -> New {
    let facts = [
        ("opportunity_id", id),
        ("stage", "Committed"),
        ("review_status", "Approved"),
        ("target_close_date", close),
        ("last_modified_at", updated),
        ("project_title", "Deal"),
    ];
    New {
        opportunity_id: id.to_owned(),
        facts: facts.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        emptied: Vec::new(),
        verdict: Verdict::OnTrack,
        judged_on: day("2026-11-22"),
    }
}

/// Its next update is overdue.
fn overdue(id: &str) -> New {
    deal(id, "2027-10-15", "2026-11-01T00:00:00Z")
}

/// A bot whose channel C1 tracks these and was reminded of them at nine.
async fn reminded(new: Vec<New>, owners: &[(&str, &str)], direct: &[&str]) -> (Bot, Channel) {
    let bot = Bot::start().await;
    let tenant = Tenant { enterprise: String::new(), team: "T1".to_owned() };
    let installation = bot.app.installation(&tenant).await.unwrap().id;
    let place = Place { installation, channel: "C1".to_owned() };
    let channel = Channel::new(place.clone(), "UTC".to_owned(), "U1", NOW as i64);
    let channel = Channel { next_at: Some(reminders::next_at(&channel, NOW as i64)), ..channel };
    let store = &bot.app.store;
    assert!(store.save_channel(&channel).await.unwrap());
    store.track(&place, new, "U1", NOW as i64).await.unwrap();
    for (id, owner) in owners {
        store.change(&place, id, Change::Owner((*owner).to_owned()), "U1", NOW as i64).await.unwrap();
    }
    for user in direct {
        let person = Person { mentions: true, direct: true };
        store.save_person(&place.installation, user, person).await.unwrap();
    }
    for now in [NINE, NINE + 2, NINE + 4] {
        let Clock::Set(seconds) = &bot.app.clock else { panic!("the clock of a test is set") };
        seconds.store(u64::try_from(now).unwrap(), Ordering::Relaxed);
        plan::tick(&bot.app, now).await.unwrap();
        send::tick(&bot.app, now).await.unwrap();
    }
    let channel = store.channel(&place).await.unwrap().unwrap();
    (bot, channel)
}

async fn changes(bot: &Bot, place: &Place, changes: Vec<(&str, Change)>) {
    for (id, change) in changes {
        bot.app.store.change(place, id, change, "U1", NINE).await.unwrap();
    }
    reminders::refresh(&bot.app, place);
    reminders::idle(&bot.app).await;
}

/// What stands in a conversation, read as a person reads it.
fn read(bot: &Bot, conversation: &str) -> Vec<String> {
    let answer = |body| Answer { audience: "in_channel".to_owned(), body, is_inline: false };
    let messages = bot.slack.messages().into_iter();
    messages.filter(|body| body["channel"] == conversation).map(|body| answer(body).reads()).collect()
}

#[tokio::test]
async fn what_is_told_no_more_is_told_with_the_reason() {
    let passed = deal("O4", "2026-11-01", "2026-11-20T00:00:00Z");
    let (bot, channel) = reminded(vec![overdue("O1"), overdue("O2"), overdue("O3"), passed], &[], &[]).await;
    assert!(read(&bot, "C1")[0].contains("4 opportunities overdue"), "{:?}", read(&bot, "C1"));
    let snoozed = Change::Snooze(day("2026-11-30"));
    let done = vec![("O1", Change::Updated(day("2026-11-23"))), ("O2", snoozed), ("O3", Change::Stop)];
    changes(&bot, &channel.place, done).await;
    let told = read(&bot, "C1").remove(0);
    assert!(
        told.contains("(Taken care of: Deal (O1).)\n(Snoozed or stopped: Deal (O2), Deal (O3).)"),
        "{told}"
    );
    let changed = Channel { unwanted: ActionKind::ALL.to_vec(), changed_at: NINE + 60, ..channel.clone() };
    assert!(bot.app.store.save_channel(&changed).await.unwrap());
    changes(&bot, &channel.place, Vec::new()).await;
    let told = read(&bot, "C1").remove(0);
    assert!(told.starts_with("No more reminders for 23 Nov 2026."), "{told}");
    assert!(told.contains("(No longer asked for here: Deal (O4).)"), "{told}");
    assert!(told.contains("(Taken care of: Deal (O1).)"), "{told}");
}

#[tokio::test]
async fn what_was_given_to_somebody_else_is_not_taken_care_of() {
    let (bot, channel) = reminded(vec![overdue("O1")], &[("O1", "U4")], &["U4"]).await;
    assert!(read(&bot, "U4")[0].contains("1 opportunity overdue"), "{:?}", read(&bot, "U4"));
    changes(&bot, &channel.place, vec![("O1", Change::Owner("U5".to_owned()))]).await;
    let told = read(&bot, "U4").remove(0);
    assert!(told.contains("(Handed over: Deal (O1).)") && !told.contains("aken care of"), "{told}");
}

#[tokio::test]
async fn a_thread_names_owners_and_says_when_nothing_more_is_due() {
    let ids: Vec<String> = (10..23).map(|number| format!("O{number}")).collect();
    let (bot, channel) = reminded(ids.iter().map(|id| overdue(id)).collect(), &[("O22", "U9")], &[]).await;
    let told = read(&bot, "C1");
    assert!(told[1].contains("Deal (O22), overdue · Person U9"), "{told:?}");
    changes(&bot, &channel.place, vec![("O22", Change::Updated(day("2026-11-23")))]).await;
    let told = read(&bot, "C1");
    assert!(told[0].starts_with("12 opportunities overdue"), "{told:?}");
    assert_eq!(told[1].trim(), "Nothing more is due.");
}
    assert!(told.contains(" This is about #C1.") && !told.contains("yours"), "{told}");
