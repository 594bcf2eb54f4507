//! Answers whose buttons are pressed: how large one may be.

use crate::bot::{Answer, Bot};
use crate::limits::{Surface, violations};
use podcheck_slackbot::app::{Caller, FileAsked};
use podcheck_slackbot::memory::Tenant;

const FACTS: &str = "opportunity_id=O7001 customer_name=Tern Logistics review_status=Approved stage=Qualified \
                     target_close_date=2027-03-15 last_modified_at=2026-11-20";

/// An export of so many, each with so many bytes of next steps.
fn export(rows: usize, bytes: usize) -> String {
    let steps = "x".repeat(bytes);
    let row = |row: usize| format!("O{row},Deal {row},Qualified,Approved,2027-03-15,2026-11-20,{steps}\n");
    let rows: String = (1..=rows).map(row).collect();
    format!(
        "opportunity_id,project_title,stage,review_status,target_close_date,last_modified_at,next_steps\n{rows}"
    )
}

/// What a person is answered who hands these files over: large ones take a slow machine longer than a test waits for
/// what Slack is sent.
async fn checks(bot: &Bot, files: &[(&str, String)]) -> Answer {
    let file = |(name, text): &(&str, String)| {
        let file = bot.slack.new_file(name, text.as_bytes());
        FileAsked {
            id: file["id"].as_str().unwrap().to_owned(),
            name: (*name).to_owned(),
            url: file["url_private_download"].as_str().and_then(|url| url.parse().ok()),
            bytes: text.len(),
        }
    };
    let files: Vec<FileAsked> = files.iter().map(file).collect();
    let message = bot.app.check_message(&robin(), "", &files).await;
    let body = serde_json::to_value(&message).unwrap();
    assert_eq!(violations(&body, Surface::Message), Vec::<String>::new(), "{body:#}");
    Answer { audience: "ephemeral".to_owned(), body, is_inline: false }
}

fn robin() -> Caller {
    let tenant = Tenant { team: "T1".to_owned(), ..Tenant::default() };
    Caller { tenant, user: "U1".to_owned(), channel: "C1".to_owned(), ..Caller::default() }
}

#[tokio::test]
async fn a_whole_export_is_tracked_by_its_button_and_takes_nobodys_buttons_away() {
    let bot = Bot::start().await;
    let other = bot.used_by("T1", "U2");
    let small = other.slash(&format!("/pod-check {FACTS}")).await;
    let answer = checks(&bot, &[("export.csv", export(10_000, 540))]).await;
    answer.says("10,000 opportunities").says("[Track all] [Share in channel]");
    for _ in 0..3 {
        checks(&bot, &[("export.csv", export(3_000, 540))]).await.says("[Track all]");
    }
    let button = answer.action("Track all");
    let tracked = bot.app.track_answer(&robin(), button["value"].as_str().unwrap()).await;
    let tracked = serde_json::to_string(&tracked).unwrap();
    assert!(tracked.contains("10,000 opportunities are tracked in this channel from now on."), "{tracked}");
    other.presses(&small, "Details").await.says("Tern Logistics");
}

#[tokio::test]
async fn what_is_too_large_for_buttons_says_so() {
    let bot = Bot::start().await;
    // A small file in bytes: what is made of its records is large.
    let bills: String = (0..345_000).map(|row| format!("1{row:011},2026-10,1\n")).collect();
    let bills = ("spend.csv", format!("account_id,month,spend\n{bills}"));
    let deals = ("export.csv", export(2, 0));
    let answer = checks(&bot, &[bills, deals.clone()]).await;
    answer.says("2 opportunities").says("This is more than the buttons of an answer can hold");
    assert!(answer.body["text"].as_str().unwrap().contains("Give it in smaller files"), "{}", answer.body);
    assert!(!answer.reads().contains("[Track"), "{}", answer.reads());
    let small = checks(&bot, &[deals]).await;
    assert!(!small.reads().contains("more than the buttons"), "{}", small.reads());
}
