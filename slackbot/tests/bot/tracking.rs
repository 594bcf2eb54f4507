//! What people do with what is tracked, and what they read.

use crate::bot::{Answer, Bot, NOW};
use crate::fake_slack::Fault;
use podcheck_slackbot::clock::Clock;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// Overdue since 16 November, on the bot's day, 22 November 2026.
const OVERDUE: &str = "opportunity_id=O7001 project_title=Harbour migration customer_name=Tern Logistics \
                       origin=Partner Referral review_status=Approved stage=Qualified \
                       target_close_date=2027-03-15 last_modified_at=2026-11-01";
/// Nothing is due of it.
const QUIET: &str = "opportunity_id=O7002 project_title=Archive review_status=Approved stage=Qualified \
                     target_close_date=2027-03-15 last_modified_at=2026-11-20";

/// Several, as a table.
fn table(ids: &[u32]) -> String {
    let row = |id: &u32| format!("O{id},Deal {id},Qualified,Approved,2027-03-15,2026-11-20\n");
    let rows: String = ids.iter().map(row).collect();
    format!("opportunity_id,project_title,stage,review_status,target_close_date,last_modified_at\n{rows}")
}

fn set(bot: &Bot, now: u64) {
    let Clock::Set(seconds) = &bot.app.clock else { panic!("the clock of a test is set") };
    seconds.store(now, Ordering::Relaxed);
}

async fn tracks(bot: &Bot, facts: &str) -> Answer {
    bot.slash(&format!("/pod-check track {facts}")).await
}

/// The home page of a person, as it was shown last.
async fn home(bot: &Bot, user: &str, number: u32) -> Answer {
    let before = bot.slack.sent().len();
    let opened = json!({
        "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": format!("Ev{user}{number}"),
        "event": { "type": "app_home_opened", "user": user, "channel": "D1", "tab": "home", "event_ts": "1.1" },
    });
    assert_eq!(bot.event(&opened).await.status, 200);
    shown(bot, before).await
}

/// The home page that is shown next.
async fn shown(bot: &Bot, before: usize) -> Answer {
    let sent = bot.slack.waits_for(before, |sent| sent.method == "views.publish").await;
    Answer { audience: String::new(), body: sent.body["view"].clone(), is_inline: false }
}

#[tokio::test]
async fn facts_are_tracked_and_the_channel_lists_the_worst_first() {
    let bot = Bot::start().await;
    bot.slack.lives_in("U1", "Europe/Paris");
    tracks(&bot, QUIET)
        .await
        .says("1 opportunity is tracked in this channel from now on.")
        .says("Reminders come in this channel at 09:00 (Europe/Paris), Monday to Friday, when something is due.")
        .says("/invite @pod-check");
    let again = tracks(&bot, OVERDUE).await;
    assert!(!again.reads().contains("Reminders come"), "that is told once: {}", again.reads());
    tracks(&bot, OVERDUE).await.says("1 opportunity is tracked here already, and now up to date.");
    let list = bot.slash("/pod-check list").await;
    assert_eq!((list.audience.as_str(), list.is_inline), ("ephemeral", true));
    let text = list.reads();
    assert!(text.find("O7001") < text.find("O7002"), "{text}");
    list.says("This channel tracks 2 opportunities; something is due for 1.")
        .says("Harbour migration (O7001). Needs information when checked on 22 Nov 2026. Owner: @U1")
        .says("- By 15 Nov 2026: Write the next step in ACE today: it was due on 15 Nov 2026. (UPD001)")
        .says("- Nothing is due.")
        .says("[Updated] [Snooze …] [Stop] [Details]");
    assert!(!text.contains("Tern"), "customers' names are not kept: {text}");
}

#[tokio::test]
async fn what_was_taken_out_of_ace_is_taken_out_here() {
    let bot = Bot::start().await;
    let launched = "opportunity_id=O7001 review_status=Approved stage=Committed target_close_date=2027-03-15 \
                    last_modified_at=2026-11-20 launched_on=2026-11-02";
    tracks(&bot, launched).await;
    bot.slash("/pod-check list").await.says("(POD010)");
    tracks(&bot, "opportunity_id=O7001 last_modified_at=2026-11-21").await;
    bot.slash("/pod-check list").await.says("(POD010)");
    tracks(&bot, "opportunity_id,stage,launched_on,last_modified_at\nO7001,Committed,,2026-11-21\n").await;
    let list = bot.slash("/pod-check list").await.reads();
    assert!(!list.contains("POD010"), "{list}");
}

#[tokio::test]
async fn presses_change_the_list_in_place_and_can_be_undone() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let list = bot.slash("/pod-check list").await;
    for (label, says) in [
        ("Updated", "Harbour migration (O7001) is marked as updated in ACE on 22 Nov 2026."),
        ("1 day", "Harbour migration (O7001) is snoozed: no reminders before 23 Nov 2026."),
        ("3 days", "before 25 Nov 2026."),
        ("Until next Monday", "before 23 Nov 2026."),
        ("Stop", "Reminders of Harbour migration (O7001) are stopped."),
    ] {
        let pressed = bot.presses_on(&list, "O7001", label).await;
        assert_eq!(pressed.body["replace_original"], true, "{label}");
        pressed.says(says).says("[Undo]");
        let again = bot.presses_on(&list, "O7001", label).await;
        again.says(says).says("You did this already on 22 Nov 2026.");
        let other = bot.used_by("T1", "U2").presses_on(&list, "O7001", label).await;
        other.says("@U1 did this already on 22 Nov 2026.");
        let undone = bot.presses(&pressed, "Undo").await;
        undone.says("Undone: ").says("Harbour migration (O7001)");
        bot.used_by("T1", "U2")
            .presses(&pressed, "Undo")
            .await
            .says("@U1 undid this already on 22 Nov 2026.");
        bot.slash("/pod-check list").await.says("something is due for 1.");
    }
    let stopped = bot.presses_on(&list, "O7001", "Stop").await;
    bot.presses_on(&list, "O7001", "Updated").await;
    bot.presses(&stopped, "Undo")
        .await
        .says("This cannot be undone any more: Harbour migration (O7001) has changed since.")
        .says("22 Nov 2026: @U1 marked it as updated on 22 Nov 2026.");
    let list = bot.slash("/pod-check list").await;
    list.says("- Reminders are stopped.");
    bot.presses_on(&list, "O7001", "Remind again").await.says("are on again.");
}

#[tokio::test]
async fn an_undo_takes_back_what_it_stands_below_and_nothing_of_somebody_else() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let list = bot.slash("/pod-check list").await;
    bot.presses_on(&list, "O7001", "Updated").await.says("[Undo]");
    bot.used_by("T1", "U2").presses_on(&list, "O7001", "1 day").await.says("[Undo]");
    let late = bot.used_by("T1", "U3").presses_on(&list, "O7001", "Updated").await;
    late.says("is marked as updated in ACE on 22 Nov 2026. It was so already.");
    assert!(!late.reads().contains("[Undo]"), "{}", late.reads());
}

#[tokio::test]
async fn a_snooze_that_is_over_is_no_more_to_be_ended() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    bot.slash("/pod-check snooze O7001").await;
    bot.slash("/pod-check list").await.says("[Updated] [Remind again] [Snooze …]");
    set(&bot, NOW + 4 * 86_400);
    bot.slash("/pod-check list").await.says("[Updated] [Snooze …]");
    bot.slash("/pod-check O7001").await.says("[Updated] [Snooze …]");
    home(&bot, "U1", 1).await.says("[Updated] [Snooze …]");
}

#[tokio::test]
async fn whoever_looks_is_told_what_the_channel_is_told_later() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let lead = json!({ "lead": { "value": { "selected_option": { "value": "-14" } } }, "kinds": { "value": { "selected_options": [{ "value": "update" }] } } });
    let form = settings(&bot).await;
    bot.submits(&form, &preferences(lead)).await.unwrap().says("Saved.");
    bot.slash("/pod-check list").await.says("something is due for 1.");
    bot.slash("/pod-check O7001").await.says("By 15 Nov 2026: Write the next step");
    home(&bot, "U1", 1).await.says("Something is due for 1 opportunity of yours");
}

/// It is 23 November there already.
#[tokio::test]
async fn every_day_is_the_one_of_the_channel() {
    let bot = Bot::start().await;
    bot.slack.lives_in("U1", "Pacific/Auckland");
    const CHECK: &str = "/pod-check opportunity_id=O1 stage=Committed";
    bot.slash(CHECK).await.says("Checked as of 22 Nov 2026");
    tracks(&bot, OVERDUE).await;
    bot.slash(CHECK).await.says("Checked as of 23 Nov 2026");
    bot.in_channel("C2").slash(CHECK).await.says("Checked as of 22 Nov 2026");
    bot.in_channel("D1").slash(CHECK).await.says("Checked as of 22 Nov 2026");
    let form = bot.opens_form().await.to_string();
    assert!(form.contains(r#""initial_date":"2026-11-23""#), "{form}");

    bot.slash("/pod-check stop O7001").await;
    bot.slash("/pod-check stop O7001").await.says("You did this already on 23 Nov 2026.");
    let resumed = bot.slash("/pod-check resume O7001").await;
    bot.presses(&resumed, "Undo").await;
    bot.presses(&resumed, "Undo").await.says("You undid this already on 23 Nov 2026.");
    bot.slash("/pod-check O7001").await.says("23 Nov 2026: @U1 stopped its reminders.");
    let saved =
        preferences(json!({ "zone": { "value": { "selected_option": { "value": "Pacific/Auckland" } } } }));
    bot.submits(&settings(&bot).await, &saved).await.unwrap();
    let form = settings(&bot).await;
    Answer { audience: String::new(), body: form.clone(), is_inline: false }
        .says("Last changed by @U1 on 23 Nov 2026.");
    let saved = preferences(json!({ "zone": { "value": { "selected_option": { "value": "UTC" } } } }));
    bot.submits(&form, &saved).await.unwrap();
    bot.slash(CHECK).await.says("Checked as of 22 Nov 2026");
}

#[tokio::test]
async fn the_zone_of_a_channel_is_remembered_for_a_minute() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    const CHECK: &str = "/pod-check opportunity_id=O1 stage=Committed";
    bot.slash(CHECK).await.says("Checked as of 22 Nov 2026");
    let tenant = podcheck_slackbot::memory::Tenant { enterprise: String::new(), team: "T1".to_owned() };
    let installation = bot.app.installation(&tenant).await.unwrap().id;
    let place = podcheck_slackbot::store::Place { installation, channel: "C1".to_owned() };
    // Another replica saves it.
    let mut channel = bot.app.store.channel(&place).await.unwrap().unwrap();
    channel.zone = "Pacific/Auckland".to_owned();
    assert!(bot.app.store.save_channel(&channel).await.unwrap());
    set(&bot, NOW + 59);
    bot.slash(CHECK).await.says("Checked as of 22 Nov 2026");
    set(&bot, NOW + 60);
    bot.slash(CHECK).await.says("Checked as of 23 Nov 2026");
}

#[tokio::test]
async fn a_day_to_be_quiet_until_is_after_the_day_of_the_channel() {
    let bot = Bot::start().await;
    bot.slack.lives_in("U1", "Pacific/Auckland");
    tracks(&bot, OVERDUE).await;
    let list = bot.slash("/pod-check list").await;
    let before = bot.slack.sent().len();
    let (url, _) = bot.slack.new_response_url();
    let payload = bot.payload_of(list.action_on("O7001", "Until a date …"), &url);
    assert_eq!(bot.interacts(&payload).await.status, 200);
    let form = bot.slack.waits_for(before, |sent| sent.method == "views.open").await.body["view"].clone();
    assert!(form.to_string().contains(r#""initial_date":"2026-11-30""#), "{form}");
    let day =
        |day: &str| json!({ "snooze_until": { "value": { "type": "datepicker", "selected_date": day } } });
    let wrong = bot.submits(&form, &day("2026-11-23")).await.unwrap_err();
    assert_eq!(wrong["snooze_until"], "Choose a day after today.");
    bot.submits(&form, &day("2026-11-24")).await.unwrap().says("before 24 Nov 2026.");
}

#[tokio::test]
async fn tracking_says_what_nobody_will_be_reminded_of() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    tracks(&bot, QUIET).await;
    bot.slash("/pod-check stop O7001").await;
    let stopped = tracks(&bot, OVERDUE).await;
    stopped.says("Its reminders are stopped. To turn them on, press Remind again in the list.");
    bot.presses(&stopped, "Show the list").await.says("[Remind again]");
    let answer = bot.checks_message(&table(&[7001, 7002, 7003]), &[]).await;
    bot.presses(&answer, "Track all").await.says("The reminders of 1 of them are stopped.");
    let off = json!({ "on": { "value": { "selected_options": [] } } });
    bot.submits(&settings(&bot).await, &preferences(off)).await.unwrap();
    tracks(&bot, QUIET)
        .await
        .says("Reminders are switched off for this channel: /pod-check settings switches");
}

#[tokio::test]
async fn a_snooze_until_a_date_asks_for_it_in_a_form() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let list = bot.slash("/pod-check list").await;
    let before = bot.slack.sent().len();
    let (url, id) = bot.slack.new_response_url();
    let payload = bot.payload_of(list.action_on("O7001", "Until a date …"), &url);
    assert_eq!(bot.interacts(&payload).await.status, 200);
    let form = bot.slack.waits_for(before, |sent| sent.method == "views.open").await.body["view"].clone();
    let day =
        |day: &str| json!({ "snooze_until": { "value": { "type": "datepicker", "selected_date": day } } });
    let wrong = bot.submits(&form, &day("2026-11-22")).await.unwrap_err();
    assert_eq!(wrong["snooze_until"], "Choose a day after today.");
    let answer = bot.submits(&form, &day("2026-12-24")).await.unwrap();
    assert_eq!(answer.body["replace_original"], true);
    answer.says("before 24 Dec 2026.").says("This channel tracks 1 opportunity; nothing is due.");
    assert!(bot.slack.sent().iter().any(|sent| sent.to == id), "it comes where the button stands");
}

#[tokio::test]
async fn a_card_tells_what_is_kept_what_is_due_and_who_did_what() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    bot.slash("/pod-check stop O7001").await.says("are stopped.");
    bot.slash("/pod-check resume O7001").await.says("are on again.");
    let card = bot.slash("/pod-check o7001").await;
    card.says("# Harbour migration (O7001)")
        .says("Needs information when checked on 22 Nov 2026. Owner: @U1")
        .says("By 15 Nov 2026: Write the next step in ACE today")
        .says("Target close date: 15 Mar 2027")
        .says("Last modified date: 1 Nov 2026")
        .says("22 Nov 2026: @U1 turned its reminders on again.")
        .says("22 Nov 2026: @U1 stopped its reminders.");
    let mut owner = card.action_on("O7001", "Owner …");
    owner["selected_user"] = json!("U9");
    let given = bot.does(owner).await;
    assert_eq!(given.body["replace_original"], true);
    given.says("@U9 now owns Harbour migration (O7001).").says("Owner: @U9").says("made @U9 its owner.");
    let list = bot.slash("/pod-check list").await;
    bot.presses_on(&list, "O7001", "Details").await.says("# Harbour migration (O7001)").says("Owner: @U9");
    let asks = "Harbour migration (O7001) and its history are forgotten here, and this cannot be undone.";
    assert!(card.body.to_string().contains(asks), "it asks first: {}", card.body);
    bot.presses_on(&card, "O7001", "Forget").await.says("O7001 and its history are forgotten.");
    bot.slash("/pod-check list").await.says("Nothing is tracked in this channel.");
    bot.presses_on(&list, "O7001", "Stop").await.says("“O7001” is not tracked in this channel.");
    bot.presses(&given, "Undo").await.says("This cannot be undone any more: it is not tracked here now.");
}

#[tokio::test]
async fn an_id_alone_is_a_card_an_answer_of_the_last_half_hour_or_a_sentence() {
    let bot = Bot::start().await;
    bot.slash("/pod-check O7001")
        .await
        .says("“O7001” is not tracked in this channel")
        .says("/pod-check track");
    bot.slash(&format!("/pod-check {OVERDUE}")).await.says("[Track]");
    bot.slash("/pod-check O7001").await.says("# Tern Logistics (O7001)").says("checks passed.");
    let other = bot.used_by("T1", "U2");
    other.slash("/pod-check O7001").await.says("“O7001” is not tracked in this channel");
}

#[tokio::test]
async fn an_id_is_the_same_however_it_is_typed() {
    let bot = Bot::start().await;
    bot.slash("/pod-check track opportunity_id=o7009 stage=Qualified customer_name=Tern")
        .await
        .says("1 opportunity is tracked");
    for typed in ["O7009", "o7009"] {
        bot.slash(&format!("/pod-check {typed}")).await.says("Opportunity id: O7009");
    }
    bot.slash("/pod-check stop o7009").await.says("O7009");
    bot.slash("/pod-check forget o7009").await;
    bot.slash("/pod-check O7009").await.says("“O7009” is not tracked in this channel");
}

#[tokio::test]
async fn an_answer_is_tracked_by_its_button_and_what_is_gone_is_offered_for_stopping() {
    let bot = Bot::start().await;
    let answer = bot.checks_message(&table(&[1, 2, 3]), &[]).await;
    bot.presses(&answer, "Track all").await.says("3 opportunities are tracked in this channel from now on.");
    let answer = bot.checks_message(&table(&[2, 3, 4]), &[]).await;
    let tracked = bot.presses(&answer, "Track all").await;
    tracked
        .says("1 opportunity is tracked in this channel from now on; 2 tracked here before are up to date.")
        .says("Tracked in this channel, but not in what you gave: O1.");
    let stopped = bot.presses(&tracked, "Stop reminders of 1 opportunity").await;
    stopped.says("Reminders of 1 opportunity are stopped.");
    bot.presses(&tracked, "Stop reminders of 1 opportunity").await.says("There is nothing left to stop.");
    let list = bot.presses(&tracked, "Show the list").await;
    list.says("Deal 1 (O1)").says("Reminders are stopped.");
    let text = list.reads();
    assert!(text.find("(O4)") < text.find("(O1)"), "what is stopped comes last: {text}");
    let nameless = bot.slash("/pod-check track stage=Launched").await;
    nameless.says("Nothing was tracked.").says("1 is not tracked: it has no opportunity id.");
    bot.slash("/pod-check track nothing").await.says("There is no opportunity in what you gave.");
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let bot = Bot::start().await;
    let ids: Vec<u32> = (100..125).collect();
    let answer = bot.checks_message(&table(&ids), &[]).await;
    bot.presses(&answer, "Track all").await;
    let first = bot.slash("/pod-check list").await;
    first.says("This channel tracks 25 opportunities; nothing is due. Page 1 of 3, most urgent first.");
    let second = bot.presses(&first, "Next").await;
    assert_eq!(second.body["replace_original"], true);
    second.says("Page 2 of 3").says("[Previous] [Next]").says("O110");
    let pressed = bot.presses_on(&second, "O110", "Stop").await;
    pressed.says("Page 2 of 3").says("are stopped.");
    bot.slash("/pod-check list 99").await.says("Page 3 of 3").says("(O110)");
    bot.slash("/pod-check list x").await.says("“x” is not a page of the list.");
}

#[tokio::test]
async fn buttons_work_in_their_own_channel_and_workspace_alone() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let list = bot.slash("/pod-check list").await;
    let card = bot.slash("/pod-check O7001").await;
    let stopped = bot.presses_on(&list, "O7001", "Updated").await;
    let mut owner = card.action_on("O7001", "Owner …");
    owner["selected_user"] = json!("U2");
    let strangers = [
        bot.in_channel("C2"),
        bot.used_by("T2", "U1"),
        bot.used_by("T1", "U2").in_channel("D2"),
        bot.used_by("T1", "U2").in_channel(""),
    ];
    let tenant = podcheck_slackbot::memory::Tenant { enterprise: String::new(), team: "T2".to_owned() };
    bot.app.store.settle(&tenant, "B2", 1).await.unwrap();
    for stranger in &strangers {
        for label in ["Stop", "1 day", "Details", "Updated"] {
            let seen = stranger.presses_on(&list, "O7001", label).await;
            refuses(&seen);
        }
        refuses(&stranger.presses_on(&card, "O7001", "Forget").await);
        refuses(&stranger.presses(&stopped, "Undo").await);
        refuses(&stranger.does(owner.clone()).await);
    }
    let card = bot.slash("/pod-check O7001").await;
    card.says("Owner: @U1").says("marked it as updated on 22 Nov 2026.");
    assert!(!card.reads().contains("stopped"), "{}", card.reads());
    bot.in_channel("C2").slash("/pod-check list").await.says("Nothing is tracked in this channel.");
    bot.used_by("T2", "U1").slash("/pod-check list").await.says("Nothing is tracked in this channel.");
    bot.used_by("T2", "U1").slash("/pod-check forget O7001").await.says("is not tracked in this channel.");
    // Whoever owns it may press in a message of their own.
    let alone = bot.in_channel("D1");
    alone.presses_on(&list, "O7001", "Details").await.says("# Harbour migration (O7001)");
}

#[track_caller]
fn refuses(seen: &Answer) {
    let text = seen.reads();
    let sentences = [
        "This button belongs to another channel",
        "is not tracked in this channel",
        "it is not tracked here now",
    ];
    assert!(sentences.iter().any(|sentence| text.contains(sentence)), "{text}");
    assert!(!text.contains("Harbour"), "{text}");
}

#[tokio::test]
async fn in_a_direct_message_nothing_is_tracked() {
    let bot = &Bot::start().await;
    let bot = bot.in_channel("D1");
    tracks(&bot, OVERDUE).await.says("Nothing is tracked in a direct message");
    bot.slash("/pod-check list").await.says("Nothing is tracked in a direct message");
    bot.slash("/pod-check settings").await.says("Nothing is tracked in a direct message");
}

#[tokio::test]
async fn everything_is_forgotten_after_a_question() {
    let bot = Bot::start().await;
    bot.slash("/pod-check forget all").await.says("Nothing is tracked in this channel.");
    tracks(&bot, OVERDUE).await;
    tracks(&bot, QUIET).await;
    let asks = bot.slash("/pod-check forget all").await;
    asks.says("Forget 2 opportunities of this channel and their history?");
    bot.in_channel("C2").presses(&asks, "Forget all").await.says("This button belongs to another channel");
    bot.presses(&asks, "Forget all").await.says("Forgotten: 2 opportunities, with history.");
    bot.slash("/pod-check list").await.says("Nothing is tracked in this channel.");
    bot.slash("/pod-check forget O7001").await.says("“O7001” is not tracked in this channel.");
    bot.slash("/pod-check forget").await.says("Name an opportunity by its id");
    bot.slash("/pod-check stop <!channel>").await.says("is not an opportunity id.");
}

/// Opens the settings of a channel.
async fn settings(bot: &Bot) -> Value {
    let before = bot.slack.sent().len();
    let (url, _) = bot.slack.new_response_url();
    let reply = bot.signed("/slack/commands", &bot.slash_form("settings", &url)).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0), "{:?}", reply.body);
    bot.slack.waits_for(before, |sent| sent.method == "views.open").await.body["view"].clone()
}

/// The fields of the settings as they are sent, some of them otherwise.
fn preferences(changes: Value) -> Value {
    let options = |values: &[&str]| json!({ "value": { "selected_options": values.iter().map(|value| json!({ "value": value })).collect::<Vec<_>>() } });
    let mut fields = json!({
        "on": options(&["on"]),
        "time": { "value": { "selected_time": "08:30" } },
        "weekdays": options(&["0", "2"]),
        "zone": { "value": { "selected_option": { "value": "Asia/Tokyo" } } },
        "holidays": { "value": { "value": "2026-12-25" } },
        "kinds": options(&["update", "fix"]),
        "lead": { "value": { "selected_option": { "value": "7" } } },
        "more": options(&["names", "files"]),
        "editors": { "value": { "selected_users": [] } },
    });
    fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    fields
}

#[tokio::test]
async fn settings_are_shown_changed_and_kept_to_those_who_may() {
    let bot = Bot::start().await;
    bot.slack.lives_in("U1", "America/New_York");
    let form = settings(&bot).await;
    let reads = Answer { audience: String::new(), body: form.clone(), is_inline: false };
    reads.says("These are the default settings").says("Time: <timepicker>");
    assert!(form.to_string().contains("America/New_York"), "{form}");
    let wrong = json!({ "other_zone": { "value": { "value": "Mars/Base" } } });
    let errors = bot.submits(&form, &preferences(wrong)).await.unwrap_err();
    assert!(errors["other_zone"].as_str().unwrap().contains("“Mars/Base” is not a time zone"), "{errors}");
    let errors =
        bot.submits(&form, &preferences(json!({ "holidays": { "value": { "value": "soon" } } }))).await;
    assert_eq!(errors.unwrap_err()["holidays"], "“soon” is not a date. Write it as 2026-12-25.");
    let saved = bot.submits(&form, &preferences(json!({}))).await.unwrap();
    saved.says("Saved. Reminders come in this channel at 08:30 (Asia/Tokyo), Monday and Wednesday, when something is due.");
    // Sent again from a form that was open before.
    bot.submits(&form, &preferences(json!({})))
        .await
        .unwrap()
        .says("Not saved: somebody else changed these settings");
    let form = settings(&bot).await;
    let reads = Answer { audience: String::new(), body: form.clone(), is_inline: false };
    reads.says("Last changed by @U1 on 22 Nov 2026.");
    let editors = json!({ "editors": { "value": { "selected_users": ["U1", "U3"] } }, "on": { "value": { "selected_options": [] } } });
    bot.submits(&form, &preferences(editors))
        .await
        .unwrap()
        .says("Reminders are switched off for this channel");
    let other = bot.used_by("T1", "U2");
    other
        .slash("/pod-check settings")
        .await
        .says("You may not change this channel's reminders. These people may: @U1, @U3.");
    other.slash("/pod-check forget all").await.says("You may not change this channel's reminders.");
    other.submits(&form, &preferences(json!({}))).await.unwrap().says("You may not change");
    tracks(&other, OVERDUE).await.says("1 opportunity is tracked");
    bot.slash("/pod-check list").await.says("Tern Logistics (O7001)");
}

#[tokio::test]
async fn a_test_shows_the_channel_what_is_due_and_presses_there_redraw_it_for_everybody() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    let form = settings(&bot).await;
    let form = Answer { audience: String::new(), body: form, is_inline: false };
    let before = bot.slack.sent().len();
    let (url, id) = bot.slack.new_response_url();
    let mut payload = bot.in_channel("").payload_of(form.action("Send a test now"), "");
    let memory = form.body["private_metadata"].as_str().unwrap();
    let mut memory: Value = serde_json::from_str(memory).unwrap();
    memory["response_url"] = json!(url);
    payload["view"] =
        json!({ "callback_id": form.body["callback_id"], "private_metadata": memory.to_string() });
    payload["container"] = json!({ "type": "view", "view_id": "V1" });
    payload.as_object_mut().unwrap().remove("channel");
    assert_eq!(bot.interacts(&payload).await.status, 200);
    let posted = bot.slack.waits_for(before, |sent| sent.method == "chat.postMessage").await;
    assert_eq!(posted.body["channel"], "C1");
    let told = bot.slack.waits_for(before, |sent| sent.to == id).await;
    Answer::of(&told).says("A test was sent to this channel");
    let digest = Answer::of(&posted);
    digest.says("Harbour migration").says("[Updated] [Snooze …] [Stop] [Details]");

    let ts = bot.slack.messages()[0]["ts"].as_str().unwrap().to_owned();
    let (url, id) = bot.slack.new_response_url();
    let mut payload = bot.payload_of(digest.action_on("O7001", "Stop"), &url);
    payload["container"] =
        json!({ "type": "message", "message_ts": ts, "channel_id": "C1", "is_ephemeral": false });
    assert_eq!(bot.interacts(&payload).await.status, 200);
    let answer = Answer::of(&bot.slack.waits_for(0, |sent| sent.to == id).await);
    assert_eq!((answer.audience.as_str(), &answer.body["replace_original"]), ("ephemeral", &json!(false)));
    answer.says("Harbour migration (O7001) are stopped").says("[Undo]");
    let redrawn = bot.slack.waits_for(before, |sent| sent.method == "chat.update").await;
    assert_eq!(redrawn.body["ts"], json!(ts));
    assert!(!Answer::of(&redrawn).reads().contains("[Stop]"));
}

#[tokio::test]
async fn a_home_page_tells_what_a_person_owns_and_follows_their_presses() {
    let bot = Bot::start().await;
    home(&bot, "U1", 1).await.says("You own no tracked opportunity.").says("[Check opportunities]");
    tracks(&bot, OVERDUE).await;
    tracks(&bot.in_channel("C2"), QUIET).await;
    let page = home(&bot, "U1", 2).await;
    page.says("Something is due for 1 opportunity of yours, most urgent first.")
        .says("Harbour migration (O7001)")
        .says("- #C1: 1 opportunity")
        .says("- #C2: 1 opportunity")
        .says("[Do not mention me] [Remind me directly]");
    home(&bot, "U2", 1).await.says("You own no tracked opportunity.");
    let press = async |action: Value| {
        let before = bot.slack.sent().len();
        let mut payload = bot.in_channel("").payload_of(action, "");
        payload["container"] = json!({ "type": "view", "view_id": "V1" });
        payload.as_object_mut().unwrap().remove("channel");
        assert_eq!(bot.interacts(&payload).await.status, 200);
        shown(&bot, before).await
    };
    let page = press(page.action("Remind me directly")).await;
    page.says("[Do not mention me] [Do not remind me directly]");
    let page = press(page.action("Do not mention me")).await;
    page.says("[Mention me again] [Do not remind me directly]");
    let page = press(page.action_on("O7001", "Updated")).await;
    page.says("is marked as updated in ACE on 22 Nov 2026.").says("Nothing of yours is due.");
    press(page.action("Undo")).await.says("Something is due for 1 opportunity");
}

#[tokio::test]
async fn a_file_is_checked_where_it_is_asked_for_and_nowhere_else() {
    let bot = Bot::start().await;
    let shares = async |channel: &str, name: &str, text: &str, number: u32| {
        let file = bot.slack.new_file(name, text.as_bytes());
        let event = json!({
            "type": "event_callback", "team_id": "T1", "event_id": format!("EvF{number}"),
            "event": { "type": "file_shared", "channel_id": channel, "user_id": "U1", "file_id": file["id"],
                       "file": { "id": file["id"] }, "event_ts": "1.1" },
        });
        assert_eq!(bot.event(&event).await.status, 200);
    };
    shares("C1", "export.csv", &table(&[1, 2]), 1).await;
    shares("D1", "export.csv", &table(&[1, 2]), 2).await;
    let sent = bot.slack.waits_for(0, |sent| sent.method == "chat.postMessage").await;
    assert_eq!(sent.body["channel"], "D1");
    Answer::of(&sent).says("2 opportunities").says("[Track all]");
    assert!(bot.slack.sent().iter().all(|sent| sent.method != "chat.postEphemeral"), "nobody asked in C1");
    let form = settings(&bot).await;
    bot.submits(&form, &preferences(json!({}))).await.unwrap();
    shares("C1", "lunch.csv", "dish,price\nsoup,3\n", 3).await;
    shares("C1", "photo.png", "x", 4).await;
    shares("C1", "export.csv", &table(&[1, 2, 3]), 5).await;
    let sent = bot.slack.waits_for(0, |sent| sent.method == "chat.postEphemeral").await;
    assert_eq!((&sent.body["channel"], &sent.body["user"]), (&json!("C1"), &json!("U1")));
    let answer = Answer::of(&sent);
    answer.says("3 opportunities");
    bot.presses(&answer, "Track all").await.says("3 opportunities are tracked in this channel from now on.");
    let told = bot.slack.sent().iter().filter(|sent| sent.method == "chat.postEphemeral").count();
    assert_eq!(told, 1, "about soup and a photo nothing is said");
}

#[tokio::test]
async fn a_calendar_file_comes_as_a_direct_message_and_a_newer_one_updates_it() {
    let bot = Bot::start().await;
    bot.slash("/pod-check calendar").await.says("so there is no calendar file.");
    tracks(&bot, OVERDUE).await;
    let answer = bot.slash("/pod-check calendar").await;
    assert_eq!(answer.audience, "ephemeral");
    answer.says("is in your direct messages with pod-check.").says("Importing a newer one later");
    let file = bot.slack.handed_over().remove(0);
    assert_eq!((file.channel.as_str(), file.name.as_str()), ("D0000000U1", "pod-check.ics"));
    assert!(file.comment.contains("of what <#C1> tracks"), "{}", file.comment);
    let calendar = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n ", "");
    let before = calendar(file.bytes);
    assert!(before.starts_with("BEGIN:VCALENDAR\r\n") && before.ends_with("END:VCALENDAR\r\n"));
    assert!(before.contains("SUMMARY:Harbour migration: overdue since 15 Nov 2026"), "{before}");
    assert!(!before.contains("Tern"), "customers' names are not kept: {before}");
    bot.slash("/pod-check updated O7001").await;
    bot.slash("/pod-check calendar").await;
    let after = calendar(bot.slack.handed_over().remove(1).bytes);
    let update = |calendar: &str| {
        let event = calendar.split("BEGIN:VEVENT").find(|event| event.contains("UPD001")).unwrap().to_owned();
        let of = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        (of("UID:"), of("DTSTART;VALUE=DATE:"))
    };
    let ((first, overdue), (second, moved)) = (update(&before), update(&after));
    assert_eq!((first, overdue.as_str(), moved.as_str()), (second, "20261122", "20261206"));
    bot.slash("/pod-check stop O7001").await;
    bot.slash("/pod-check calendar").await.says("there is no calendar file.");
    bot.in_channel("D1").slash("/pod-check calendar").await.says("Nothing is tracked in a direct message");
}

#[tokio::test]
async fn a_calendar_file_that_slack_does_not_take_is_said_to_be_missing() {
    let bot = Bot::start().await;
    tracks(&bot, OVERDUE).await;
    for (fault, says) in [
        (Fault::Refuses("missing_scope"), "has to install pod-check again"),
        (Fault::Refuses("user_disabled"), "could not be sent"),
        (Fault::Says(500, ""), "could not be sent"),
    ] {
        bot.slack.fail_next(fault);
        bot.slash("/pod-check calendar").await.says(says);
    }
    assert!(bot.slack.handed_over().is_empty());
}

#[tokio::test]
async fn the_bot_does_not_check_its_own_calendar_file() {
    let bot = Bot::start().await;
    for (name, number) in [("pod-check.ics", 1), ("other.txt", 2)] {
        let file = bot.slack.new_file(name, b"BEGIN:VCALENDAR");
        let event = json!({
            "type": "event_callback", "team_id": "T1", "event_id": format!("EvC{number}"),
            "event": { "type": "file_shared", "channel_id": "D1", "user_id": "U1", "file_id": file["id"],
                       "file": { "id": file["id"] }, "event_ts": "1.1" },
        });
        assert_eq!(bot.event(&event).await.status, 200);
        bot.app.drain().await;
    }
    let answers = bot.slack.sent().iter().filter(|sent| sent.method == "chat.postMessage").count();
    assert_eq!(answers, 1, "the other file is answered");
}
