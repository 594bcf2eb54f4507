//! Reminders as channels and persons get them, with the bot's clock in the test's hand.

use crate::bot::{Answer, Bot, NOW};
use crate::database::{on_both_beside, sqlite};
use crate::fake_slack::{FakeSlack, Fault, TOKEN};
use crate::outbox::furnish;
use chrono::NaiveDate;
use podcheck_core::report::Verdict;
use podcheck_slackbot::app::App;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::metrics::Metrics;
use podcheck_slackbot::reminders::schedule::Zone;
use podcheck_slackbot::reminders::{self, plan, send};
use podcheck_slackbot::slack::{Slack, Token};
use podcheck_slackbot::store::outbox::Unsent;
use podcheck_slackbot::store::{Change, Channel, New, Person, Place, Store, Weekdays};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::Notify;

/// Eight in the morning of Monday, 23 November 2026, in UTC: nine in Paris.
const NINE: i64 = NOW as i64 + 20 * 3_600;

fn place(installation: &str) -> Place {
    Place { installation: installation.to_owned(), channel: "C1".to_owned() }
}

fn set(bot: &Bot, now: i64) {
    let Clock::Set(seconds) = &bot.app.clock else { panic!("the clock of a test is set") };
    seconds.store(u64::try_from(now).unwrap(), Ordering::Relaxed);
}

/// What was last updated on a day, of an owner.
fn open(id: &str, updated: &str) -> New {
    let facts = [
        ("opportunity_id", id),
        ("stage", "Qualified"),
        ("review_status", "Approved"),
        ("target_close_date", "2027-10-15"),
        ("last_modified_at", &format!("{updated}T00:00:00Z")),
        ("project_title", &format!("Deal {id}")),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    New {
        opportunity_id: id.to_owned(),
        facts: BTreeMap::from(facts),
        emptied: Vec::new(),
        verdict: Verdict::OnTrack,
        judged_on: "2026-11-22".parse().unwrap(),
    }
}

/// A bot whose channel C1 tracks these, and is reminded every day at nine in Paris.
async fn tracking(new: Vec<New>) -> (Bot, Place) {
    let bot = Bot::start().await;
    let tenant = Tenant { enterprise: String::new(), team: "T1".to_owned() };
    let place = place(&bot.app.installation(&tenant).await.unwrap().id);
    let channel = Channel {
        weekdays: Weekdays(0b111_1111),
        ..Channel::new(place.clone(), "Europe/Paris".to_owned(), "U1", NOW as i64)
    };
    assert!(bot.app.store.save_channel(&channel).await.unwrap());
    bot.app.store.track(&place, new, "U1", NOW as i64).await.unwrap();
    (bot, place)
}

/// Plans and sends what is due at a moment.
async fn at(bot: &Bot, now: i64) {
    set(bot, now);
    plan::tick(&bot.app, now).await.unwrap();
    send::tick(&bot.app, now).await.unwrap();
}

/// What stands in Slack, read as a person reads it.
fn read(bot: &Bot) -> Vec<String> {
    let answer = |body: Value| Answer { audience: "in_channel".to_owned(), body, is_inline: false };
    bot.slack.messages().into_iter().map(|body| answer(body).reads()).collect()
}

fn posts(bot: &Bot) -> usize {
    bot.slack.sent().iter().filter(|sent| sent.method == "chat.postMessage").count()
}

#[tokio::test]
async fn a_digest_comes_once_a_day_and_only_when_something_is_due() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01"), open("O2", "2026-11-20")]).await;
    for now in (NOW as i64..NINE).step_by(1_800) {
        at(&bot, now).await;
    }
    assert_eq!(posts(&bot), 0, "it is not nine yet");
    for now in (NINE..NINE + 23 * 3_600).step_by(1_800) {
        at(&bot, now).await;
    }
    let told = read(&bot);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("1 opportunity overdue on 23 Nov 2026"), "{}", told[0]);
    assert!(told[0].contains("Deal O1 (O1), overdue") && !told[0].contains("O2"), "{}", told[0]);
    at(&bot, NINE + 24 * 3_600).await;
    assert_eq!(posts(&bot), 2);
}

#[tokio::test]
async fn nothing_is_said_when_nothing_is_due() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-21")]).await;
    at(&bot, NINE).await;
    at(&bot, NINE + 60).await;
    assert_eq!(posts(&bot), 0);
    let metrics = bot.get("/metrics").await;
    let metrics = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(metrics.contains("podcheck_reminders_total{result=\"cancelled\"} 1\n"), "{metrics}");
    assert!(metrics.contains("podcheck_outbox_pending 0\n"), "{metrics}");
}

#[tokio::test]
async fn after_days_of_silence_one_digest_comes_and_none_that_is_four_hours_late() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE + 3 * 86_400 + 4 * 3_600 + 1).await;
    assert_eq!(posts(&bot), 0, "too late for the day");
    at(&bot, NINE + 5 * 86_400 + 4 * 3_600).await;
    assert_eq!(posts(&bot), 1, "one for all the days before");
    at(&bot, NINE + 6 * 86_400).await;
    assert_eq!(posts(&bot), 2, "and the next at its time");
}

#[tokio::test]
async fn what_waited_too_long_in_the_outbox_is_not_sent() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    plan::tick(&bot.app, NINE).await.unwrap();
    set(&bot, NINE + 4 * 3_600 + 1);
    send::tick(&bot.app, NINE + 4 * 3_600 + 1).await.unwrap();
    assert_eq!(posts(&bot), 0);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_message_itself() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::DoneAndLost);
    at(&bot, NINE).await;
    assert_eq!(bot.app.outbox_backlog().await.unwrap().ambiguous, 1);
    at(&bot, NINE + 119).await;
    assert_eq!(posts(&bot), 1, "nothing is sent while Slack may still tell");
    tells(&bot, 0, "A1").await;
    while bot.app.outbox_backlog().await.unwrap().ambiguous > 0 {
        tokio::task::yield_now().await;
    }
    at(&bot, NINE + 500).await;
    assert_eq!(posts(&bot), 1);
}

/// Slack tells of the message that was posted so many before.
async fn tells(bot: &Bot, message: usize, app_id: &str) {
    let message = bot.slack.messages().remove(message);
    let event = json!({
        "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1",
        "event": {
            "type": "message_metadata_posted", "app_id": app_id, "bot_id": "B1", "team_id": "T1", "channel_id": "C1",
            "metadata": message["metadata"], "message_ts": message["ts"], "event_ts": message["ts"],
        },
    });
    assert_eq!(bot.event(&event).await.status, 200);
}

#[tokio::test]
async fn a_message_that_another_app_wrote_settles_nothing() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::DoneAndLost);
    at(&bot, NINE).await;
    tells(&bot, 0, "A2").await;
    bot.app.drain().await;
    assert_eq!(bot.app.outbox_backlog().await.unwrap().ambiguous, 1);
}

#[tokio::test]
async fn without_a_word_it_is_sent_once_more_and_the_older_goes_when_both_turn_up() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::DoneAndLost);
    at(&bot, NINE).await;
    at(&bot, NINE + 120).await;
    assert_eq!((posts(&bot), read(&bot).len()), (2, 2));
    let deliveries = bot.slack.posts_by_delivery();
    assert_eq!(deliveries.values().collect::<Vec<_>>(), [&2], "both have the same name");
    let before = bot.slack.sent().len();
    tells(&bot, 0, "A1").await;
    bot.slack.waits_for(before, |sent| sent.method == "chat.delete").await;
    assert_eq!(bot.slack.messages()[0]["ts"], "1795300000.000002");
    at(&bot, NINE + 1_000).await;
    assert_eq!(posts(&bot), 2);
}

#[tokio::test]
async fn an_answer_that_is_lost_twice_is_given_up() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    for fault in [Fault::DoneAndLost, Fault::Says(503, "{\"ok\":false,\"error\":\"service_unavailable\"}")] {
        bot.slack.fail_next_post(fault);
    }
    for after in [0, 120, 240, 1_000] {
        at(&bot, NINE + after).await;
    }
    assert_eq!(posts(&bot), 1, "the second was not taken, and nobody could know");
    let metrics = String::from_utf8(bot.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("podcheck_reminders_total{result=\"failed\"} 1\n"), "{metrics}");
    assert!(metrics.contains("podcheck_reminders_total{result=\"in_doubt\"} 2\n"), "{metrics}");
}

#[tokio::test]
async fn a_refusal_for_haste_is_kept_to_and_is_no_attempt() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::Limited(90));
    at(&bot, NINE).await;
    at(&bot, NINE + 89).await;
    assert_eq!(posts(&bot), 0);
    at(&bot, NINE + 90).await;
    assert_eq!(posts(&bot), 1);
}

#[tokio::test]
async fn blocks_that_slack_refuses_are_said_in_words() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::Refuses("invalid_blocks"));
    at(&bot, NINE).await;
    assert_eq!(posts(&bot), 1);
    assert_eq!(bot.slack.messages()[0]["blocks"], json!([]));
    assert!(read(&bot)[0].contains("1 opportunity overdue"), "{:?}", read(&bot));
}

#[tokio::test]
async fn a_channel_that_takes_nothing_is_paused_until_it_is_resumed() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::Refuses("not_in_channel"));
    at(&bot, NINE).await;
    assert_eq!(bot.app.store.channel(&place).await.unwrap().unwrap().paused, "not_in_channel");
    at(&bot, NINE + 86_400).await;
    let told: Vec<Value> = bot.slack.messages().iter().map(|message| message["channel"].clone()).collect();
    assert_eq!(told, ["U1"], "nobody installed it: who set the channel up is told, and the channel nothing");
    assert!(reminders::resume(&bot.app, &place).await);
    at(&bot, NINE + 2 * 86_400).await;
    assert_eq!(posts(&bot), 2);
}

#[tokio::test]
async fn a_press_changes_the_digest_of_today_for_everybody() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01"), open("O2", "2026-11-02")]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    assert!(read(&bot)[0].contains("2 opportunities overdue"), "{:?}", read(&bot));
    for id in ["O1", "O2"] {
        let before = bot.slack.sent().len();
        let today = "2026-11-23".parse().unwrap();
        bot.app.store.change(&place, id, Change::Updated(today), "U1", NINE).await.unwrap();
        reminders::refresh(&bot.app, &place);
        bot.slack.waits_for(before, |sent| sent.method == "chat.update").await;
    }
    reminders::idle(&bot.app).await;
    let told = read(&bot);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("All that was due on 23 Nov 2026 is taken care of"), "{}", told[0]);
    assert!(told[0].contains("Taken care of: Deal O1 (O1), Deal O2 (O2)."), "{}", told[0]);
}

#[tokio::test]
async fn changes_all_at_once_leave_the_digest_as_it_is_kept() {
    let ids: Vec<String> = (0..10).map(|number| format!("O{number}")).collect();
    let (bot, place) = tracking(ids.iter().map(|id| open(id, "2026-11-01")).collect()).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    for id in &ids {
        let today = "2026-11-23".parse().unwrap();
        bot.app.store.change(&place, id, Change::Updated(today), "U1", NINE).await.unwrap();
        reminders::refresh(&bot.app, &place);
        reminders::refresh(&bot.app, &place);
    }
    reminders::idle(&bot.app).await;
    assert!(read(&bot)[0].contains("is taken care of."), "{:?}", read(&bot));
    let updates = bot.slack.sent().iter().filter(|sent| sent.method == "chat.update").count();
    assert!(updates < 20, "presses that come together are drawn together: {updates}");
}

#[tokio::test]
async fn what_slack_does_not_redraw_at_once_is_redrawn_a_little_later() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    let today = "2026-11-23".parse().unwrap();
    bot.app.store.change(&place, "O1", Change::Updated(today), "U1", NINE).await.unwrap();
    bot.slack.fail_next(Fault::Says(503, ""));
    reminders::refresh(&bot.app, &place);
    reminders::idle(&bot.app).await;
    assert!(bot.slack.has_failed() && read(&bot)[0].contains("is taken care of"), "{:?}", read(&bot));
}

#[tokio::test]
async fn what_changes_while_the_digest_is_on_its_way_is_drawn_when_it_stands() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    let answer = Arc::new(Notify::new());
    bot.slack.fail_next_post(Fault::DoneAndHeld(Arc::clone(&answer)));
    let app = Arc::clone(&bot.app);
    set(&bot, NINE);
    plan::tick(&app, NINE).await.unwrap();
    let before = bot.slack.sent().len();
    let sending = tokio::spawn(async move { send::tick(&app, NINE).await.unwrap() });
    bot.slack.waits_for(before, |sent| sent.method == "chat.postMessage").await;
    let today = "2026-11-23".parse().unwrap();
    bot.app.store.change(&place, "O1", Change::Updated(today), "U1", NINE).await.unwrap();
    reminders::refresh(&bot.app, &place);
    // What redraws has looked by then, and found nothing that stands.
    for _ in 0..50 {
        bot.app.store.standing(&place, 0, "", 1).await.unwrap();
    }
    answer.notify_one();
    sending.await.unwrap();
    reminders::idle(&bot.app).await;
    assert!(read(&bot)[0].contains("is taken care of"), "{:?}", read(&bot));
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_says_what_is_kept_once_it_is_found() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::DoneAndLost);
    at(&bot, NINE).await;
    let today = "2026-11-23".parse().unwrap();
    bot.app.store.change(&place, "O1", Change::Updated(today), "U1", NINE).await.unwrap();
    let before = bot.slack.sent().len();
    tells(&bot, 0, "A1").await;
    bot.slack.waits_for(before, |sent| sent.method == "chat.update").await;
    reminders::idle(&bot.app).await;
    assert!(!read(&bot)[0].contains("overdue"), "{:?}", read(&bot));
}

#[tokio::test]
async fn a_press_on_an_old_digest_redraws_it() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    set(&bot, NINE + 86_400 - 60);
    let before = bot.slack.sent().len();
    let today = "2026-11-24".parse().unwrap();
    bot.app.store.change(&place, "O1", Change::Updated(today), "U1", NINE).await.unwrap();
    reminders::refresh(&bot.app, &place);
    reminders::idle(&bot.app).await;
    assert_eq!(bot.slack.sent().len(), before, "nothing of today stands there");
    reminders::refresh_with(&bot.app, &place, "1795300000.000001");
    reminders::idle(&bot.app).await;
    assert!(read(&bot)[0].contains("is taken care of."), "{:?}", read(&bot));
}

#[tokio::test]
async fn owners_are_called_only_when_it_is_late_and_as_they_want() {
    let (bot, place) = tracking(vec![
        open("O1", "2026-11-01"),
        open("O2", "2026-11-10"),
        open("O3", "2026-11-02"),
        open("O4", "2026-11-03"),
    ])
    .await;
    let installation = place.installation.clone();
    for (id, owner) in [("O1", "U1"), ("O2", "U2"), ("O3", "U3"), ("O4", "U4")] {
        let change = Change::Owner(owner.to_owned());
        bot.app.store.change(&place, id, change, "U1", NOW as i64).await.unwrap();
    }
    let quiet = Person { mentions: false, direct: false };
    bot.app.store.save_person(&installation, "U3", quiet).await.unwrap();
    bot.app.store.save_person(&installation, "U4", Person { mentions: true, direct: true }).await.unwrap();
    at(&bot, NOW as i64).await;
    for after in [0, 3, 6] {
        at(&bot, NINE + after).await;
    }
    let messages = bot.slack.messages();
    let to = |recipient: &str| -> Vec<&Value> {
        messages.iter().filter(|message| message["channel"] == recipient).collect()
    };
    let digest = to("C1")[0].to_string();
    assert!(digest.contains(r#""user_id":"U1""#), "{digest}");
    for user in ["U2", "U3", "U4"] {
        assert!(!digest.contains(&format!(r#""user_id":"{user}""#)), "{user}: {digest}");
    }
    for name in ["Person U2", "Person U3", "Person U4"] {
        assert!(digest.contains(name), "{name}: {digest}");
    }
    assert!(!digest.contains("<!"), "nobody calls a whole channel");
    let direct = to("U4");
    assert_eq!((direct.len(), messages.len()), (1, 2));
    let direct = direct[0].to_string();
    assert!(
        direct.contains("O4") && !direct.contains("O1") && direct.contains(r#""channel_id":"C1""#),
        "{direct}"
    );
}

#[tokio::test]
async fn a_long_digest_tells_the_worst_and_the_rest_in_its_thread() {
    let (bot, _) = tracking((10..45).map(|number| open(&format!("O{number}"), "2026-11-01")).collect()).await;
    at(&bot, NOW as i64).await;
    for after in [0, 3, 6] {
        at(&bot, NINE + after).await;
    }
    let messages = bot.slack.messages();
    assert_eq!(messages.len(), 2);
    let told = read(&bot);
    assert!(told[0].contains("35 opportunities overdue") && told[0].contains("And 23 more"), "{}", told[0]);
    assert!(told[0].contains("(O21)") && !told[0].contains("(O22)"), "{}", told[0]);
    assert_eq!(messages[1]["thread_ts"], messages[0]["ts"]);
    assert_eq!(messages[1].get("reply_broadcast"), None);
    assert!(
        told[1].contains("(O22)") && told[1].contains("And 3 more") && !told[1].contains("(O21)"),
        "{}",
        told[1]
    );
    assert!(messages.iter().all(|message| message["blocks"].as_array().unwrap().len() <= 40));
}

/// Slack is asked for two names, and never answers the first question.
#[tokio::test]
async fn who_is_not_named_in_time_takes_no_other_name_away() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01"), open("O2", "2026-11-01")]).await;
    for (id, owner) in [("O1", "U1"), ("O2", "U2")] {
        let change = Change::Owner(owner.to_owned());
        bot.app.store.change(&place, id, change, "U1", NOW as i64).await.unwrap();
        let quiet = Person { mentions: false, direct: false };
        bot.app.store.save_person(&place.installation, owner, quiet).await.unwrap();
    }
    at(&bot, NOW as i64).await;
    bot.slack.fail_next(Fault::Hangs);
    at(&bot, NINE).await;
    let digest = bot.slack.messages()[0].to_string();
    assert!(digest.contains("Person U1") ^ digest.contains("Person U2"), "{digest}");
}

/// More than are read at a time are not due; what is due is read last.
#[tokio::test]
async fn a_home_page_tells_the_worst_of_all_that_a_person_owns() {
    let quiet = (1_000..1_600).map(|number| open(&format!("O{number}"), "2026-11-21"));
    let (bot, place) = tracking(quiet.chain([open("O1600", "2026-09-01")]).collect()).await;
    let last = Place { channel: "C9".to_owned(), ..place.clone() };
    let channel = Channel::new(last.clone(), "UTC".to_owned(), "U2", NOW as i64);
    assert!(bot.app.store.save_channel(&channel).await.unwrap());
    let late = (10..30).map(|day| open(&format!("O{day}"), &format!("2026-10-{day}"))).rev().collect();
    bot.app.store.track(&last, late, "U1", NOW as i64).await.unwrap();
    let tenant = Tenant { enterprise: String::new(), team: "T1".to_owned() };
    bot.app.show_home(&tenant, "U1").await;
    let sent = bot.slack.sent();
    let page = sent.iter().find(|sent| sent.method == "views.publish").unwrap().body.to_string();
    assert!(page.contains("Something is due for 21 opportunities of yours"), "{page}");
    for (id, is_told) in [("(O1600)", true), ("(O10)", true), ("(O18)", true), ("(O19)", false)] {
        assert_eq!(page.contains(id), is_told, "{id}: {page}");
    }
    assert!(page.contains("And 11 more"), "{page}");
}

#[tokio::test]
async fn what_aws_holds_for_its_review_is_not_told_of() {
    let mut locked = open("O1", "2026-10-01");
    locked.facts.insert("review_status".to_owned(), "Submitted".to_owned());
    locked.facts.insert("submitted_on".to_owned(), "2026-11-20".to_owned());
    let (bot, _) = tracking(vec![locked]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    assert_eq!(posts(&bot), 0);
}

#[tokio::test]
async fn settings_that_are_saved_on_the_day_neither_drop_nor_double_its_digest() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    let saves = async |now: i64, zone: &str, at_minute: u16| {
        set(&bot, now);
        let before = bot.app.store.channel(&place).await.unwrap().unwrap();
        let mut channel = Channel { zone: zone.to_owned(), at_minute, ..before.clone() };
        channel.next_at = Some(reminders::next_at_changed(&before, &channel, now));
        assert!(bot.app.store.save_channel(&channel).await.unwrap());
    };
    // Nine has come in Paris, and nobody has planned it yet.
    saves(NINE + 10, "Europe/Paris", 540).await;
    at(&bot, NINE + 20).await;
    assert_eq!(posts(&bot), 1);
    for (after, at_minute) in [(60, 600), (120, 540), (3_600, 700)] {
        saves(NINE + after, "Europe/Paris", at_minute).await;
        at(&bot, NINE + after + 20).await;
    }
    at(&bot, NINE + 4 * 3_600).await;
    assert_eq!(posts(&bot), 1, "the day had its digest");
    // The day after, before nine in Paris, it is nine and a half in Helsinki.
    saves(NINE + 86_400 - 1_800, "Europe/Helsinki", 540).await;
    at(&bot, NINE + 86_400 - 1_790).await;
    assert_eq!(posts(&bot), 2);
    saves(NINE + 86_400, "Europe/Paris", 570).await;
    at(&bot, NINE + 86_400 + 1_800).await;
    assert_eq!(posts(&bot), 2, "in Paris it is the same day");
    // One that was off, or is new, begins with its next turn.
    let off = Channel { is_on: false, ..bot.app.store.channel(&place).await.unwrap().unwrap() };
    let on = Channel { is_on: true, at_minute: 540, ..off.clone() };
    let later = NINE + 2 * 86_400 + 600;
    assert_eq!(reminders::next_at_changed(&off, &on, later), NINE + 3 * 86_400);
    assert_eq!(
        reminders::next_at_changed(&Channel { next_at: None, ..on.clone() }, &on, later),
        NINE + 3 * 86_400
    );
}

#[tokio::test]
async fn a_clock_that_ran_ahead_and_is_put_back_silences_no_channel() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    at(&bot, NINE + 100 * 86_400).await;
    assert_eq!(posts(&bot), 1);
    for day in 0..3 {
        at(&bot, NINE + day * 86_400 - 3_600).await;
        at(&bot, NINE + day * 86_400).await;
        at(&bot, NINE + day * 86_400 - 1_800).await;
        at(&bot, NINE + day * 86_400 + 10).await;
    }
    assert_eq!(posts(&bot), 4, "one a day, also where the clock is put back over its hour");
}

#[tokio::test]
async fn a_wait_that_no_digest_outlives_ends_in_the_next_one_and_is_counted() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    // As long as it can be written.
    bot.slack.fail_next_post(Fault::Limited(i64::MAX as u64));
    at(&bot, NINE).await;
    at(&bot, NINE + 86_400 - 1).await;
    assert_eq!(posts(&bot), 0);
    at(&bot, NINE + 86_400).await;
    at(&bot, NINE + 86_400 + 2).await;
    assert_eq!(posts(&bot), 1, "the next day's has all of it");
    let metrics = String::from_utf8(bot.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("podcheck_reminders_total{result=\"missed\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn who_asked_not_to_be_called_is_not_called_in_a_channel_of_very_many_owners() {
    let ids: Vec<String> = (1_000..1_250).map(|number| format!("O{number}")).collect();
    let (bot, place) = tracking(ids.iter().map(|id| open(id, "2026-11-05")).collect()).await;
    for (number, id) in ids.iter().enumerate() {
        let change = Change::Owner(format!("U{}", 5_000 + number));
        bot.app.store.change(&place, id, change, "U1", NOW as i64).await.unwrap();
    }
    // The last that is read is the worst.
    bot.app.store.track(&place, vec![open("O9", "2026-10-01")], "U1", NOW as i64).await.unwrap();
    bot.app.store.change(&place, "O9", Change::Owner("U9".to_owned()), "U1", NOW as i64).await.unwrap();
    let quiet = Person { mentions: false, direct: false };
    bot.app.store.save_person(&place.installation, "U9", quiet).await.unwrap();
    at(&bot, NOW as i64).await;
    at(&bot, NINE).await;
    let digest = bot.slack.messages()[0].to_string();
    assert!(digest.contains("Deal O9 (O9)"), "the worst is told");
    assert!(!digest.contains(r#""user_id":"U9""#), "its owner is named, and not called");
}

#[tokio::test]
async fn a_test_is_sent_at_once_and_stands_for_no_day() {
    let (bot, place) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    set(&bot, NINE - 60);
    reminders::test_now(&bot.app, &place, "U1").await.unwrap();
    reminders::test_now(&bot.app, &place, "U1").await.unwrap();
    assert_eq!(posts(&bot), 1, "a double press is one test");
    assert!(read(&bot)[0].contains("This is a test of the reminders"), "{:?}", read(&bot));
    at(&bot, NINE).await;
    assert_eq!(posts(&bot), 2, "the digest comes all the same");
    set(&bot, NINE + 600);
    bot.slack.fail_next_post(Fault::Refuses("not_in_channel"));
    let why = reminders::test_now(&bot.app, &place, "U1").await.unwrap_err();
    assert!(why.contains("/invite"), "{why}");
}

/// A year passes for four channels whose hours lie in both changes of their clocks; the bot sleeps now and then.
#[tokio::test]
async fn a_year_brings_one_digest_a_day_to_every_zone() {
    let bot = Bot::start().await;
    let tenant = Tenant { enterprise: String::new(), team: "T1".to_owned() };
    let installation = bot.app.installation(&tenant).await.unwrap().id;
    let zones = [
        ("Europe/Paris", 2 * 60 + 30),
        ("America/New_York", 90),
        ("Asia/Kolkata", 0),
        ("Australia/Lord_Howe", 105),
        ("Europe/Paris", 3 * 60),
        ("America/New_York", 2 * 60 + 30),
        ("Australia/Lord_Howe", 2 * 60 + 15),
    ];
    let begin = NOW as i64;
    for (number, (zone, at_minute)) in zones.iter().enumerate() {
        let place = Place { installation: installation.clone(), channel: format!("C{number}") };
        let new = Channel::new(place, (*zone).to_owned(), "U1", begin);
        let channel = Channel { at_minute: *at_minute, weekdays: Weekdays(0b111_1111), ..new };
        assert!(bot.app.store.save_channel(&channel).await.unwrap());
    }
    let mut slots: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (look, now) in (begin..begin + 365 * 86_400).step_by(1_700).enumerate() {
        // Three hours without a look, every few days, and sometimes around a change.
        if look % 97 < 6 {
            continue;
        }
        set(&bot, now);
        plan::tick(&bot.app, now).await.unwrap();
        for held in bot.app.store.claim(now, 100).await.unwrap() {
            let (zone, _) = zones[held.place.channel[1..].parse::<usize>().unwrap()];
            let day = Zone::named(zone).unwrap().day_at(now);
            slots.entry(held.place.channel.clone()).or_default().push(day.to_string());
            let done = Unsent::Cancelled("counted".to_owned());
            bot.app.store.settle_unsent(&held, &done, now).await.unwrap();
        }
    }
    for (number, (zone, at_minute)) in zones.iter().enumerate() {
        let days = &slots[&format!("C{number}")];
        let first: NaiveDate = days[0].parse().unwrap();
        let whole: Vec<String> = first.iter_days().take(365).map(|day| day.to_string()).collect();
        assert_eq!(*days, whole, "{zone} at minute {at_minute}");
    }
}

#[tokio::test]
async fn twenty_thousand_channels_are_planned_in_one_go() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 20_000).await;
        let slack = FakeSlack::start().await;
        let metrics = Arc::new(Metrics::default());
        let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics));
        let app = App::new(Clock::at(NOW), store, client.unwrap(), None::<Token>, metrics);
        assert_eq!(plan::tick(&app, NOW as i64).await.unwrap(), 20_000);
        assert_eq!(beside.number("SELECT COUNT(*) FROM outbox").await, 20_000);
        assert_eq!(plan::tick(&app, NOW as i64).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_token_that_slack_does_not_take_costs_time_and_no_digest() {
    let (bot, _) = tracking(vec![open("O1", "2026-11-01")]).await;
    at(&bot, NOW as i64).await;
    bot.slack.fail_next_post(Fault::Refuses("invalid_auth"));
    at(&bot, NINE).await;
    assert_eq!(posts(&bot), 0);
    at(&bot, NINE + 600).await;
    assert_eq!(posts(&bot), 1);
}

#[tokio::test]
async fn whoever_installed_the_bot_is_told_once_that_a_channel_is_closed() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 1).await;
        let place = Place { installation: "I1".to_owned(), channel: "C0".to_owned() };
        store.track(&place, vec![open("O1", "2026-11-01")], "U1", NOW as i64).await.unwrap();
        let slack = FakeSlack::start().await;
        let metrics = Arc::new(Metrics::default());
        let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
        let token = Some(Token::bot(&Secret::new(TOKEN)));
        let app = Arc::new(App::new(Clock::at(NOW), store, client, token, metrics));
        app.greet().await;
        slack.fail_next_post(Fault::Refuses("is_archived"));
        for now in [NOW as i64, NOW as i64 + 86_400] {
            plan::tick(&app, now).await.unwrap();
            send::tick(&app, now).await.unwrap();
        }
        let messages = slack.messages();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0]["channel"], "U9");
        let told = messages[0].to_string();
        assert!(
            told.contains("The channel is archived: unarchive it first.")
                && told.contains(r#""channel_id":"C0""#),
            "{told}"
        );
        assert_eq!(beside.texts("SELECT paused FROM channel").await, ["is_archived"]);
    })
    .await;
}

/// Whoever waited while Slack was asked whose the token is takes that answer, also where it came late.
#[tokio::test]
async fn all_who_wait_for_slack_to_know_the_token_ask_once() {
    let store = Store::open(&sqlite()).await.unwrap();
    let slack = FakeSlack::start().await;
    let metrics = Arc::new(Metrics::default());
    let client = Slack::new(slack.api().parse().unwrap(), Arc::clone(&metrics)).unwrap();
    let clock = Clock::at(NOW);
    let token = Some(Token::bot(&Secret::new(TOKEN)));
    let app = Arc::new(App::new(clock.clone(), store, client, token, metrics));
    let word = Arc::new(Notify::new());
    slack.fail_next(Fault::Held(Arc::clone(&word)));
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.greet().await })
        })
        .collect();
    while !slack.has_failed() {
        tokio::task::yield_now().await;
    }
    let Clock::Set(seconds) = &clock else { panic!("the clock of a test is set") };
    seconds.store(NOW + 20, Ordering::Relaxed);
    slack.fail_next(Fault::Says(500, ""));
    word.notify_one();
    for one in waiting {
        one.await.unwrap();
    }
    assert!(!slack.has_failed(), "nobody asked again");
}
