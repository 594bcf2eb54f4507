//! What a message that stands in Slack says once something of it changed.

use crate::bot::{Answer, Bot, NOW};
use crate::fake_slack::Fault;
use chrono::NaiveDate;
use podcheck_core::report::{ActionKind, Verdict};
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::reminders::{self, plan, send};
use podcheck_slackbot::store::{Change, Channel, New, Person, Place};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

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
    let (bot, channel) = tracking(new, owners, direct).await;
    for now in [NINE, NINE + 2, NINE + 4] {
        comes(&bot, now).await;
    }
    let channel = bot.app.store.channel(&channel.place).await.unwrap().unwrap();
    (bot, channel)
}

/// A bot whose channel C1 tracks these and is reminded at nine.
async fn tracking(new: Vec<New>, owners: &[(&str, &str)], direct: &[&str]) -> (Bot, Channel) {
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
    (bot, channel)
}

/// A moment comes, with what is sent then.
async fn comes(bot: &Bot, now: i64) {
    let Clock::Set(seconds) = &bot.app.clock else { panic!("the clock of a test is set") };
    seconds.store(u64::try_from(now).unwrap(), Ordering::Relaxed);
    plan::tick(&bot.app, now).await.unwrap();
    send::tick(&bot.app, now).await.unwrap();
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
    assert!(told.contains(" This is about #C1.") && !told.contains("yours"), "{told}");
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

#[tokio::test]
async fn a_thread_that_has_nothing_more_to_tell_is_not_sent() {
    let ids: Vec<String> = (10..23).map(|number| format!("O{number}")).collect();
    let (bot, channel) = tracking(ids.iter().map(|id| overdue(id)).collect(), &[], &[]).await;
    comes(&bot, NINE).await;
    bot.app.store.change(&channel.place, "O22", Change::Stop, "U1", NINE).await.unwrap();
    comes(&bot, NINE + 4).await;
    assert_eq!(read(&bot, "C1").len(), 1);
}

/// What Slack does not take at this moment holds up no other message.
#[tokio::test]
async fn a_message_that_cannot_be_redrawn_waits_behind_the_others() {
    let (bot, channel) = reminded(vec![overdue("O1")], &[("O1", "U4")], &["U4"]).await;
    let drawn = async |done| {
        let before = bot.slack.sent().len();
        changes(&bot, &channel.place, done).await;
        let sent = bot.slack.sent().split_off(before).into_iter();
        let updates = sent.filter(|sent| sent.method == "chat.update");
        updates.map(|sent| sent.body["channel"].to_string()).collect::<Vec<_>>()
    };
    let mut order = drawn(Vec::new()).await;
    assert_eq!(order.len(), 2);
    bot.slack.fail_next(Fault::Says(500, "broken"));
    order.reverse();
    assert_eq!(drawn(vec![("O1", Change::Stop)]).await, order, "the first is drawn last");
    for conversation in ["C1", "U4"] {
        assert!(read(&bot, conversation)[0].starts_with("No more reminders"), "{conversation}");
    }
}

#[tokio::test]
async fn what_is_forgotten_while_a_message_is_redrawn_is_not_remembered_again() {
    let (bot, channel) = reminded(vec![overdue("O1"), overdue("O2")], &[], &[]).await;
    let (store, place) = (&bot.app.store, &channel.place);
    let remembered = async || store.standing(place, 0, "", 9).await.unwrap().remove(0).detail;
    assert!(remembered().await.contains("O1"));
    // Its owner is looked up by name, after it was read what is tracked.
    let quiet = Person { mentions: false, direct: false };
    store.save_person(&place.installation, "U7", quiet).await.unwrap();
    store.track(place, vec![overdue("O3")], "U7", NINE).await.unwrap();
    let answer = Arc::new(Notify::new());
    bot.slack.fail_next(Fault::Held(Arc::clone(&answer)));
    reminders::refresh(&bot.app, place);
    while !bot.slack.has_failed() {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(store.forget(place, Some("O1")).await.unwrap(), 1);
    answer.notify_one();
    reminders::idle(&bot.app).await;
    let detail = remembered().await;
    assert!(detail.contains("O3") && !detail.contains("O1") && !detail.contains(r#""id":"""#), "{detail}");
}
