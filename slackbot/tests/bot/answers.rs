//! Answers whose buttons are pressed: how large one may be, and at which replica.

use crate::bot::{Answer, Bot, NOW};
use crate::database::{Beside, on_both, postgres, sqlite};
use crate::fake_slack::FakeSlack;
use crate::limits::{Surface, violations};
use podcheck_slackbot::app::{Caller, FileAsked};
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::seal::{Key, Keyring};
use podcheck_slackbot::store::{Held, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::sleep;

const KEYS: [&str; 2] =
    ["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="];
const HALF_AN_HOUR: u64 = 30 * 60;
const GONE: &str = "This answer is not kept here, or no longer.";
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

/// Two replicas for one workspace, on one database, with the keys that they are given.
struct Replicas {
    bots: [Bot; 2],
    now: Arc<AtomicU64>,
    beside: Beside,
}

fn keyring(key: &str, old: &[&str]) -> Option<Keyring> {
    let old = old.iter().map(|key| Key::read(key).unwrap()).collect();
    Some(Keyring::new(Key::read(key).unwrap(), old).unwrap())
}

impl Replicas {
    async fn start(url: &str, keys: [Option<Keyring>; 2]) -> Replicas {
        let slack = FakeSlack::start().await;
        let now = Arc::new(AtomicU64::new(NOW));
        let mut bots = Vec::new();
        for keys in keys {
            let store = Store::open(url).await.unwrap();
            let clock = Clock::Set(Arc::clone(&now));
            bots.push(Bot::replica(slack.clone(), store, clock, keys).await);
        }
        let bots = bots.try_into().expect("two");
        Replicas { bots, now, beside: Beside::open(url).await }
    }

    async fn with_one_key() -> Replicas {
        Replicas::start(&postgres(), [keyring(KEYS[0], &[]), keyring(KEYS[0], &[])]).await
    }

    async fn held(&mut self) -> i64 {
        self.beside.number("SELECT COUNT(*) FROM held").await
    }

    /// Until so many questions are held, as before a person has read the answer.
    async fn holds(&mut self, count: i64) {
        for _ in 0..6_000 {
            if self.held().await == count {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("{} questions are held", self.held().await);
    }
}

#[tokio::test]
async fn what_is_held_is_bounded_found_by_its_asker_and_forgotten_in_time() {
    on_both(async |store| {
        let here = Tenant { team: "T1".to_owned(), ..Tenant::default() };
        store.settle(&here, "B1", 1).await.unwrap();
        let installation = store.installation_of(&here).await.unwrap().unwrap().id;
        let held = |number: i64| Held {
            id: format!("h{number}"),
            key_id: "k".to_owned(),
            sealed: "s".to_owned(),
            expires_at: number,
        };
        let mine = "T1/U1";
        for number in 1..=101 {
            store.hold(&installation, mine, &held(number)).await.unwrap();
        }
        assert_eq!(store.held(mine, "h100", 99).await.unwrap(), Some(held(100)));
        assert_eq!(store.held(mine, "h100", 100).await.unwrap(), None, "its time is over");
        assert_eq!(store.held(mine, "h1", 0).await.unwrap(), None, "nobody fills the database");
        assert_eq!(store.held(mine, "h2", 0).await.unwrap(), Some(held(2)), "the oldest alone goes");
        for other in ["T1/U2", "T2/U1"] {
            assert_eq!(store.held(other, "h100", 99).await.unwrap(), None);
            assert_eq!(store.held_names(other, 0).await.unwrap(), []);
        }
        let names = store.held_names(mine, 97).await.unwrap();
        assert_eq!(names, [101, 100, 99, 98].map(|number| (number, format!("h{number}"))));
        while store.forget_held(98).await.unwrap() {}
        assert_eq!(
            store.held_names(mine, 0).await.unwrap(),
            [101, 100, 99].map(|number| (number, format!("h{number}")))
        );
        assert!(store.hold("another", mine, &held(200)).await.is_err(), "it belongs to an installation");
        store.uninstall(&here, i64::MAX).await.unwrap();
        assert_eq!(store.held_names(mine, 0).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn what_a_workspace_asked_goes_with_it_where_its_organisations_installation_stays() {
    on_both(async |store| {
        let whole = Tenant { enterprise: "E1".to_owned(), ..Tenant::default() };
        store.settle(&whole, "B1", 1).await.unwrap();
        let installation = store.installation_of(&whole).await.unwrap().unwrap().id;
        let askers = ["T1/U1", "T1/W1", "T1/0", "T10/U1", "T/U1", "T2/U1", "T1A/U1", "E1/T1", "S1/U1"];
        for asker in askers {
            let held = Held {
                id: format!("of {asker}"),
                key_id: "k".to_owned(),
                sealed: "s".to_owned(),
                expires_at: 9,
            };
            store.hold(&installation, asker, &held).await.unwrap();
        }
        store.forget_held_of("T1").await.unwrap();
        for asker in askers {
            let held = store.held_names(asker, 0).await.unwrap();
            assert_eq!(held.is_empty(), asker.starts_with("T1/"), "{asker}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_buttons_of_an_answer_work_at_every_replica() {
    let mut replicas = Replicas::with_one_key().await;
    let table = export(3, 10);
    let one = replicas.bots[0].slash(&format!("/pod-check {FACTS} as_of=2026-12-24")).await;
    let many = replicas.bots[0].checks_message(&table, &[]).await;
    replicas.holds(2).await;
    let [here, there] = &replicas.bots;
    let details = there.presses(&one, "Details").await;
    details.says("# Tern Logistics (O7001)");
    assert_eq!(details.reads(), here.presses(&one, "Details").await.reads(), "the day is the same too");
    let shared = there.presses(&one, "Share in channel").await;
    assert_eq!(shared.audience, "in_channel");
    shared.says("Checked as of 24 Dec 2026").says("Shared by robin");
    there.presses(&many, "Track all").await.says("3 opportunities are tracked in this channel from now on.");
    let tracked = there.slash(&format!("/pod-check track {}", FACTS.replace("O7001", "O2"))).await;
    tracked.says("1 opportunity is tracked here already");
    // What is gone is stopped where the answer never was.
    let fewer = here.checks_message(&export(2, 10), &[]).await;
    let tracked = here.presses(&fewer, "Track all").await;
    replicas.holds(4).await;
    let there = &replicas.bots[1];
    let stopped = there.presses(&tracked, "Stop reminders of 1 opportunity").await;
    stopped.says("Reminders of 1 opportunity are stopped.");
}

#[tokio::test]
async fn an_id_alone_finds_the_newest_answer_of_any_replica() {
    let mut replicas = Replicas::with_one_key().await;
    replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    replicas.now.fetch_add(1, Ordering::Relaxed);
    replicas.bots[1].slash(&format!("/pod-check {}", FACTS.replace("Tern", "Heron"))).await;
    replicas.holds(2).await;
    for bot in &replicas.bots {
        bot.slash("/pod-check O7001").await.says("# Heron Logistics (O7001)");
    }
}

#[tokio::test]
async fn what_is_held_is_its_askers_alone_and_cannot_be_read() {
    let mut replicas = Replicas::with_one_key().await;
    let answer = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    replicas.holds(1).await;
    let there = &replicas.bots[1];
    there.used_by("T1", "U2").presses(&answer, "Details").await.says(GONE);
    there.used_by("T2", "U1").presses(&answer, "Details").await.says(GONE);
    there.used_by("T1", "U2").slash("/pod-check O7001").await.says("is not tracked in this channel");
    let rows = "SELECT id || installation_id || asker || key_id || sealed FROM held";
    let row = replicas.beside.texts(rows).await.concat();
    assert!(!row.contains("Tern") && !row.contains("O7001"), "{row}");
    let sealed = replicas.beside.texts("SELECT sealed FROM held").await.concat();
    let sealed = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, sealed).unwrap();
    assert!(!sealed.windows(4).any(|four| four == b"Tern"));
    // Whoever can write into the database gives it to nobody else.
    replicas.beside.does("UPDATE held SET asker = 'T1/U2'").await;
    let there = &replicas.bots[1];
    there.used_by("T1", "U2").presses(&answer, "Details").await.says(GONE);
    there.presses(&answer, "Details").await.says(GONE);
}

#[tokio::test]
async fn what_is_held_is_gone_after_half_an_hour_and_with_its_installation() {
    let mut replicas = Replicas::with_one_key().await;
    let answer = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    replicas.holds(1).await;
    replicas.now.fetch_add(HALF_AN_HOUR - 1, Ordering::Relaxed);
    replicas.bots[1].presses(&answer, "Details").await.says("Tern Logistics");
    replicas.bots[1].app.tidy().await;
    assert_eq!(replicas.held().await, 1);
    replicas.now.fetch_add(1, Ordering::Relaxed);
    for bot in &replicas.bots {
        bot.presses(&answer, "Details").await.says(GONE);
    }
    replicas.bots[1].app.tidy().await;
    assert_eq!(replicas.held().await, 0);
    assert_eq!(replicas.bots[1].app.load().1, 0, "nor is it in memory");
    replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    replicas.holds(1).await;
    let here = Tenant { team: "T1".to_owned(), ..Tenant::default() };
    let now = replicas.bots[0].app.clock.moment();
    replicas.bots[0].app.uninstalled(&here, now + 1).await.unwrap();
    assert_eq!(replicas.held().await, 0);
}

#[tokio::test]
async fn a_key_that_was_replaced_opens_and_another_does_not() {
    let keys = [keyring(KEYS[0], &[]), keyring(KEYS[1], &[KEYS[0]])];
    let mut replicas = Replicas::start(&postgres(), keys).await;
    let before = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    let after = replicas.bots[1].slash(&format!("/pod-check {FACTS}")).await;
    replicas.holds(2).await;
    replicas.bots[1].presses(&before, "Details").await.says("Tern Logistics");
    replicas.bots[0].presses(&after, "Details").await.says(GONE);
}

#[tokio::test]
async fn without_a_key_or_a_server_an_answer_stays_where_it_was_given() {
    for (url, keys) in [(postgres(), None), (sqlite(), keyring(KEYS[0], &[]))] {
        let mut replicas = Replicas::start(&url, [keys.clone(), keys]).await;
        let answer = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
        replicas.bots[0].app.drain().await;
        assert_eq!(replicas.held().await, 0);
        replicas.bots[0].presses(&answer, "Details").await.says("Tern Logistics");
        replicas.bots[1].presses(&answer, "Details").await.says(GONE);
    }
}

#[tokio::test]
async fn a_question_that_is_too_long_stays_where_it_was_answered() {
    let mut replicas = Replicas::with_one_key().await;
    let file = replicas.bots[0].slack.new_file("export.csv", export(1_000, 1_000).as_bytes());
    let answer = replicas.bots[0].checks_message("", &[file]).await;
    replicas.bots[0].app.drain().await;
    assert_eq!(replicas.held().await, 0);
    replicas.bots[0].presses(&answer, "Track all").await.says("1,000 opportunities are tracked");
    replicas.bots[1].presses(&answer, "Track all").await.says(GONE);
}

#[tokio::test]
async fn what_was_answered_last_is_held_before_the_program_ends() {
    let mut replicas = Replicas::with_one_key().await;
    let answer = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    replicas.bots[0].stops().await;
    assert_eq!(replicas.held().await, 1);
    replicas.bots[1].presses(&answer, "Details").await.says("Tern Logistics");
}

#[tokio::test]
async fn a_lost_database_takes_no_answer_away() {
    let replicas = Replicas::with_one_key().await;
    replicas.bots[0].app.store.close().await;
    let answer = replicas.bots[0].slash(&format!("/pod-check {FACTS}")).await;
    assert!(answer.is_inline);
    replicas.bots[0].presses(&answer, "Details").await.says("Tern Logistics");
    replicas.bots[1].presses(&answer, "Details").await.says(GONE);
}
