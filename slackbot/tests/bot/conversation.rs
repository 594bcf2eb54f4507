//! What people do with the bot, and what they read: over HTTP, and by Socket Mode.

use super::WAY;
use crate::bot::{Answer, Bot};
use crate::fake_slack::Fault;
use serde_json::json;

const DEAL: &str = "/pod-check opportunity_id=O7001 customer_name=Tern Logistics origin=Partner Referral \
                    review_status=Approved stage=Committed target_close_date=2026-11-21";

fn table(rows: usize) -> String {
    let mut table = "opportunity_id,customer_name,stage,origin,target_close_date\n".to_owned();
    for row in 0..rows {
        table.push_str(&format!(
            "O{row:04},Tern {row},Committed,Partner Referral,2026-11-{:02}\n",
            1 + row % 28
        ));
    }
    table
}

#[tokio::test]
async fn a_command_with_facts_is_answered_for_its_asker_alone() {
    let bot = Bot::by(WAY).await;
    let answer = bot.slash(DEAL).await;
    assert_eq!((answer.audience.as_str(), answer.is_inline), ("ephemeral", true));
    let text = answer.reads();
    let order = [
        "# Tern Logistics (O7001)",
        "Needs fixing.",
        "What to do next",
        "What stands in the way",
        "[Details]",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"))).collect();
    assert!(places.is_sorted(), "{text}");
    answer
        .says("By 22 Nov 2026: Move the close date in ACE")
        .says("(POD006)")
        .says("Checked as of 22 Nov 2026");
}

#[tokio::test]
async fn details_explanations_and_sharing_are_one_press_away() {
    let bot = Bot::by(WAY).await;
    let answer = bot.slash(DEAL).await;
    let details = bot.presses(&answer, "Details").await;
    assert_eq!(details.audience, "ephemeral");
    details.says("Partner Originated Discount").says("checks passed.").says("[Explain a check …]");
    bot.presses(&details, "POD006 close-date-not-past").await.says("# POD006 close-date-not-past");
    bot.presses(&answer, "Explain POD006").await.says("To fix");
    let shared = bot.presses(&answer, "Share in channel").await;
    assert_eq!(shared.audience, "in_channel");
    shared.says("Needs fixing.").says("(Shared by robin with /pod-check)");
    assert!(!shared.reads().contains('['), "buttons that others cannot use: {}", shared.reads());
}

#[tokio::test]
async fn another_person_or_workspace_never_sees_an_answer() {
    let bot = Bot::by(WAY).await;
    let answer = bot.slash(DEAL).await;
    for stranger in [bot.used_by("T1", "U2"), bot.used_by("T2", "U1")] {
        for button in ["Details", "Share in channel"] {
            let seen = stranger.presses(&answer, button).await;
            assert_eq!(seen.audience, "ephemeral");
            seen.says("This answer is not kept here, or no longer.");
            assert!(!seen.reads().contains("Tern"));
        }
    }
}

#[tokio::test]
async fn a_portfolio_is_a_table_of_the_most_urgent_with_details_behind_each() {
    let bot = Bot::by(WAY).await;
    let answer = bot.checks_message(&format!("```{}```", table(30)), &[]).await;
    answer
        .says("30 opportunities: 23 need fixing, 7 need information.")
        .says("And 10 more.")
        .says("[Details of …] [Track all] [Share in channel]");
    assert!(answer.reads().contains("Tern 0 (O0000) | Needs fixing | "), "{}", answer.reads());
    let details = bot.presses(&answer, "Tern 0 (O0000)").await;
    details.says("# Tern 0 (O0000)").says("Partner Originated Discount");
    bot.presses(&answer, "Share in channel").await.says("30 opportunities");
}

#[tokio::test]
async fn words_that_are_no_facts_are_answered_with_help() {
    let bot = Bot::by(WAY).await;
    bot.slash("/pod-check hello <!channel>")
        .await
        .says("I do not know “hello”.")
        .says("/pod-check explain POD009");
    bot.slash("/pod-check help").await.says("says whether an AWS opportunity earns");
    bot.slash("/pod-check explain POD009").await.says("# POD009 spend-below-threshold");
    bot.slash("/pod-check explain POD999").await.says("“POD999” is not a rule.");
    bot.slash("/pod-check explain").await.says("EUR001");
    bot.slash("/pod-check stage=Launched as_of=soon").await.says("“soon” is not a date");
    bot.slash("/pod-check a, b, c").await.says("There is no opportunity in what you gave.");
}

#[tokio::test]
async fn a_command_may_be_json_or_name_the_day() {
    let bot = Bot::by(WAY).await;
    let json = r#"{"opportunity_id": "O7002", "stage": "Launched", "customer_name": "Salt & <Sons>"}"#;
    bot.slash(json).await.says("Salt & <Sons> (O7002)");
    bot.slash("opportunity_id=O1 stage=Launched as_of=2027-01-05").await.says("Checked as of 5 Jan 2027");
}

#[tokio::test]
async fn the_form_takes_pastes_tables_files_facts_and_a_day() {
    let bot = Bot::by(WAY).await;
    let form = bot.opens_form().await;
    assert_eq!(form["title"]["text"], "Check opportunities");
    let file = bot.slack.new_file("more.csv", table(2).as_bytes());
    let fields = json!({
        "opportunities": { "value": { "type": "plain_text_input", "value": "opportunity_id=O7001\nstage=Committed" } },
        "continued": { "value": { "type": "plain_text_input", "value": "customer_name=Tern Logistics" } },
        "spend": { "value": { "type": "plain_text_input", "value": null } },
        "stated": { "value": { "type": "plain_text_input", "value": "O7001:customer_consent=yes" } },
        "files": { "value": { "type": "file_input", "files": [file] } },
        "as_of": { "value": { "type": "datepicker", "selected_date": "2026-12-24" } },
    });
    let answer = bot.submits(&form, &fields).await.unwrap();
    assert_eq!(answer.audience, "ephemeral");
    answer.says("3 opportunities").says("Tern Logistics (O7001)").says("Checked as of 24 Dec 2026");
}

#[tokio::test]
async fn a_form_says_at_its_field_what_is_wrong() {
    let bot = Bot::by(WAY).await;
    let form = bot.opens_form().await;
    let errors = bot.submits(&form, &json!({})).await.unwrap_err();
    assert_eq!(errors["opportunities"], "Paste something here, or choose a file.");
    let stated = json!({
        "opportunities": { "value": { "value": "stage=Launched" } },
        "stated": { "value": { "value": "consent: yes" } },
    });
    let errors = bot.submits(&form, &stated).await.unwrap_err();
    assert_eq!(errors["stated"], "“consent: yes” states nothing. Write customer_consent=yes.");
}

#[tokio::test]
async fn a_form_that_was_open_for_too_long_is_answered_directly() {
    let bot = Bot::by(WAY).await;
    let form = bot.opens_form().await;
    bot.slack.fail_next(Fault::Says(404, "expired_url"));
    let fields = json!({ "opportunities": { "value": { "value": "opportunity_id=O7001\nstage=Launched" } } });
    let answer = bot.submits(&form, &fields).await.unwrap();
    assert_eq!((answer.audience.as_str(), &answer.body["channel"]), ("direct", &json!("U1")));
    answer.says("O7001");
}

#[tokio::test]
async fn a_message_with_a_file_is_checked_and_its_words_are_left_aside() {
    let bot = Bot::by(WAY).await;
    let file = bot.slack.new_file("export.csv", table(3).as_bytes());
    let answer = bot.checks_message("Please have a look at this, all", std::slice::from_ref(&file)).await;
    answer.says("3 opportunities");
    assert!(!answer.reads().contains("could not be used"), "{}", answer.reads());
    let dated = bot.checks_message("opportunity_id=O1 stage=Launched as_of=2027-01-05", &[]).await;
    dated.says("Checked as of 5 Jan 2027");
    bot.checks_message("stage=Launched as_of=soon", &[]).await.says("“soon” is not a date.");
    bot.slack.fail_next(Fault::Says(404, ""));
    bot.checks_message("", &[file]).await.says("The file “export.csv” could not be read.");
    let mut large = bot.slack.new_file("large.csv", b"");
    large["size"] = json!(11 * 1024 * 1024);
    bot.checks_message("", &[large]).await.says("The file “large.csv” is too large");
    let elsewhere = json!({ "id": "F9", "name": "x.csv", "url_private_download": "https://evil.example/x" });
    bot.checks_message("", &[elsewhere]).await.says("could not be read");
}

#[tokio::test]
async fn a_message_may_have_words_around_what_was_pasted() {
    let bot = Bot::by(WAY).await;
    let json = r#"{"opportunity_id": "O7001", "stage": "Committed", "customer_name": "the “Tern” group"}"#;
    let csv = table(2);
    let csv = csv.trim();
    let facts = "opportunity_id=O7001\nstage=Committed\ntarget_close_date=2026-12-15";
    for (text, says) in [
        (format!("Please check:\n```{json}```"), "# the “Tern” group (O7001)\n"),
        (format!("```{json}```\nThanks, Ann"), "# the “Tern” group (O7001)\n"),
        (format!("Please check:\n```{csv}```"), "2 opportunities: 2 need fixing."),
        (format!("```{csv}```\nthanks!"), "2 opportunities: 2 need fixing."),
        (format!("Please check:\n```{facts}```"), "# O7001\n"),
    ] {
        let answer = bot.checks_message(&text, &[]).await;
        answer.says(says);
        assert!(!answer.reads().contains("What could not be used"), "{text}: {}", answer.reads());
    }
    let tracked = bot.slash(&format!("/pod-check track ```{facts}```")).await;
    tracked.says("1 opportunity is tracked in this channel");
}

#[tokio::test]
async fn the_day_may_stand_on_a_line_of_its_own() {
    let bot = Bot::by(WAY).await;
    let dated = bot.checks_message("opportunity_id=O1\nas_of=2027-01-05\nstage=Launched", &[]).await;
    dated.says("Checked as of 5 Jan 2027");
    assert!(!dated.reads().contains("as_of"), "{}", dated.reads());
    bot.checks_message("stage=Launched\nas_of=soon", &[]).await.says("“soon” is not a date.");
}

#[tokio::test]
async fn a_form_with_a_file_that_is_too_large_stays_open() {
    let bot = Bot::by(WAY).await;
    let form = bot.opens_form().await;
    let sized = |name: &str, megabytes: usize| {
        let mut file = bot.slack.new_file(name, b"");
        file["size"] = json!(megabytes * 1024 * 1024);
        file
    };
    let sends = async |files: &[serde_json::Value]| {
        let pasted = json!({ "value": { "value": "opportunity_id=O7001\nstage=Launched" } });
        let fields = json!({ "opportunities": pasted, "files": { "value": { "type": "file_input", "files": files } } });
        bot.submits(&form, &fields).await.unwrap_err()["files"].as_str().unwrap().to_owned()
    };
    let said = sends(&[sized("large.csv", 11)]).await;
    assert!(said.starts_with("The file “large.csv” is too large"), "{said}");
    let said = sends(&[sized("a.csv", 9), sized("b.csv", 9), sized("c.csv", 9)]).await;
    assert!(said.starts_with("The files are too large together"), "{said}");
}

#[tokio::test]
async fn a_paste_that_is_longer_than_a_field_goes_on_in_the_next_one() {
    let bot = Bot::by(WAY).await;
    let form = bot.opens_form().await;
    let csv = table(80);
    let (first, rest) = csv.split_at(3_000);
    assert!(!first.ends_with('\n') && !rest.starts_with('\n'), "it is cut inside a row");
    let fields = json!({ "opportunities": { "value": { "value": first } }, "continued": { "value": { "value": rest } } });
    let answer = bot.submits(&form, &fields).await.unwrap();
    answer.says("80 opportunities:");
    assert!(!answer.reads().contains("What could not be used"), "{}", answer.reads());
}

#[tokio::test]
async fn whoever_shares_a_file_hears_of_it() {
    let bot = Bot::by(WAY).await;
    let shares = async |file: &str| {
        let before = bot.slack.sent().len();
        let event = json!({
            "type": "event_callback", "team_id": "T1", "event_id": format!("Ev{file}"),
            "event": { "type": "file_shared", "channel_id": "D1", "user_id": "U1", "file_id": file, "event_ts": "1.1" },
        });
        assert_eq!(bot.event(&event).await.status, 200);
        Answer::of(&bot.slack.waits_for(before, |sent| sent.method == "chat.postMessage").await)
    };
    let file = bot.slack.new_file("export.csv", table(2).as_bytes());
    bot.slack.fail_next_post(Fault::Refuses("invalid_blocks"));
    let answer = shares(file["id"].as_str().unwrap()).await;
    assert_eq!(answer.body["blocks"], json!([]));
    answer.says("2 opportunities: 2 need fixing.");
    shares("F404").await.says("A file that was shared here could not be read.");
}

#[tokio::test]
async fn what_cannot_be_shared_is_not_sent_as_something_else() {
    let bot = Bot::by(WAY).await;
    let answer = bot.slash(DEAL).await;
    let before = bot.slack.sent().len();
    bot.slack.fail_next(Fault::Says(404, "expired_url"));
    let (url, _) = bot.slack.new_response_url();
    let payload = bot.press_payload(&answer, "Share in channel", &url);
    assert_eq!(bot.interacts(&payload).await.status, 200);
    let sent = bot.slack.waits_for(before, |sent| sent.method == "chat.postMessage").await;
    Answer::of(&sent).says("The answer could not be shared.");
}

#[tokio::test]
async fn an_answers_address_takes_five_and_what_comes_then_comes_directly() {
    let bot = Bot::by(WAY).await;
    let answer = bot.slash(DEAL).await;
    let (url, id) = bot.slack.new_response_url();
    let payload = bot.press_payload(&answer, "Details", &url);
    for _ in 0..6 {
        assert_eq!(bot.interacts(&payload).await.status, 200);
    }
    let sent = bot.slack.waits_for(0, |sent| sent.method == "chat.postMessage").await;
    Answer::of(&sent).says("Tern Logistics");
    assert_eq!(bot.slack.sent().iter().filter(|sent| sent.to == id).count(), 5);
}

#[tokio::test]
async fn blocks_that_slack_refuses_are_sent_as_words() {
    let bot = Bot::by(WAY).await;
    bot.slack.fail_next(Fault::Says(400, "invalid_blocks"));
    let answer = bot.checks_message(&table(2), &[]).await;
    assert_eq!(answer.body["blocks"], json!([]));
    answer.says("2 opportunities: 2 need fixing.");
}

#[tokio::test]
async fn slack_is_given_the_time_that_it_asks_for() {
    let bot = Bot::by(WAY).await;
    bot.slack.fail_next(Fault::Limited(1));
    let before = tokio::time::Instant::now();
    bot.checks_message(&table(2), &[]).await.says("2 opportunities");
    assert!(before.elapsed() >= std::time::Duration::from_secs(1));
}

#[tokio::test]
async fn without_a_token_facts_are_checked_and_forms_say_why_not() {
    let bot = Bot::without_token(WAY).await;
    bot.slash(DEAL).await.says("Needs fixing");
    bot.slash("/pod-check").await.says("Forms do not work here");
    let file = bot.slack.new_file("export.csv", b"x");
    bot.checks_message("", &[file]).await.says("Files cannot be read here");
}

#[tokio::test]
async fn the_home_page_shows_how_it_works_and_opens_the_form() {
    let bot = Bot::by(WAY).await;
    let opened = json!({
        "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event_time": 1,
        "event": { "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1.1" },
        "authorizations": [{ "enterprise_id": null, "team_id": "T1", "user_id": "B1", "is_bot": true }],
    });
    assert_eq!(bot.event(&opened).await.status, 200);
    let home = bot.slack.waits_for(0, |sent| sent.method == "views.publish").await;
    assert_eq!(home.body["user_id"], "U1");
    let answer = Answer { audience: String::new(), body: home.body["view"].clone(), is_inline: false };
    answer.says("# pod-check").says("[Check opportunities]");
    let before = bot.slack.sent().len();
    let payload = bot.press_payload(&answer, "Check opportunities", "");
    assert_eq!(bot.interacts(&payload).await.status, 200);
    bot.slack.waits_for(before, |sent| sent.method == "views.open").await;
    // Slack delivers again what it thinks was not taken: nothing happens twice.
    assert_eq!(bot.event(&opened).await.status, 200);
    assert_eq!(bot.slack.sent().iter().filter(|sent| sent.method == "views.publish").count(), 1);
}
