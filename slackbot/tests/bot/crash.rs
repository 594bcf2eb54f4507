//! The program itself, killed where it hurts most, beside a Slack that loses requests and answers. Counted is what
//! stands in Slack in the end: once, or twice where an answer was lost and nobody told of the message.
//!
//! Where the program stands when it is killed is decided from outside: by a Slack that holds its answer, and by locks
//! that a connection of the test's own holds on a table or a row. Time passes by setting back what is kept.

use crate::bot::SECRET;
use crate::database::{Beside, postgres, sqlite};
use crate::fake_slack::{FakeSlack, Fault, TOKEN};
use podcheck_core::report::Verdict;
use podcheck_slackbot::clock::Clock;
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::store::{Channel, New, Place, Store, Weekdays};
use podcheck_slackbot::transport::SigningKey;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// Nothing that should happen takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(10);

/// A program that serves; it does not outlive its test.
struct Program {
    child: Child,
    port: u16,
}

impl Program {
    fn start(database: &str, slack: &FakeSlack) -> Program {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_podcheck"))
            .arg("serve")
            .env_clear()
            .env("PODCHECK_LISTEN", format!("127.0.0.1:{port}"))
            .env("PODCHECK_PAGE", "nowhere")
            .env("SLACK_SIGNING_SECRET", SECRET)
            .env("SLACK_BOT_TOKEN", TOKEN)
            .env("SLACK_API_URL", slack.api())
            .env("DATABASE_URL", database)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Program { child, port }
    }

    /// Waits until it answers: by then it hears what it is told.
    async fn serves(&self) {
        let until = Instant::now() + PATIENCE;
        while !self.hears(&json!({})) {
            assert!(Instant::now() < until, "it does not serve");
            sleep(LOOK).await;
        }
    }

    /// SIGKILL: nothing is finished, nothing is said.
    fn killed(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM.
    async fn is_told_to_stop(&self) {
        self.serves().await;
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        while self.hears(&json!({})) {
            sleep(LOOK).await;
        }
    }

    /// It finishes what it has begun, and ends.
    async fn stopped(mut self) {
        self.is_told_to_stop().await;
        self.ends().await;
    }

    async fn ends(&mut self) {
        let until = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it does not stop");
            sleep(LOOK).await;
        }
        assert!(self.child.wait().unwrap().success());
    }

    /// Slack delivers an event.
    fn hears(&self, event: &Value) -> bool {
        let (body, time) = (event.to_string(), Clock::Machine.seconds().to_string());
        let signature = SigningKey::new(SECRET).sign(&time, body.as_bytes());
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let head = format!(
            "POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             X-Slack-Request-Timestamp: {time}\r\nX-Slack-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut answer = String::new();
        stream.write_all(head.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A database whose channels are due at this very moment, and a Slack.
struct Scene {
    url: String,
    slack: FakeSlack,
    /// What stands in the way of the program.
    beside: Beside,
    /// What looks on: within a transaction a look would stay as it was.
    watch: Beside,
}

impl Scene {
    async fn new(url: String, channels: usize) -> Scene {
        let slack = FakeSlack::start().await;
        let store = Store::open(&url).await.unwrap();
        let tenant = Tenant { enterprise: String::new(), team: "T1".to_owned() };
        store.settle(&tenant, "B1", 1).await.unwrap();
        let installation = store.installation_of(&tenant).await.unwrap().unwrap().id;
        let now = Clock::Machine.moment();
        for number in 0..channels {
            let place = Place { installation: installation.clone(), channel: format!("C{number}") };
            let channel = Channel {
                at_minute: 12 * 60,
                weekdays: Weekdays(0b111_1111),
                next_at: Some(now - 1),
                ..Channel::new(place.clone(), noon(now), "U1", now)
            };
            assert!(store.save_channel(&channel).await.unwrap());
            store.track(&place, vec![overdue()], "U1", now).await.unwrap();
        }
        store.close().await;
        let beside = Beside::open(&url).await;
        let mut watch = Beside::open(&url).await;
        if !url.starts_with("sqlite") {
            watch.does("SET application_name = 'watch'").await;
        }
        Scene { url, slack, beside, watch }
    }

    fn starts(&self) -> Program {
        Program::start(&self.url, &self.slack)
    }

    /// Waits until so many messages of the outbox are in a state.
    async fn until(&mut self, state: &str, count: i64) {
        self.until_number(&format!("SELECT COUNT(*) FROM outbox WHERE state = '{state}'"), count).await;
    }

    async fn until_number(&mut self, sql: &str, number: i64) {
        let until = Instant::now() + PATIENCE;
        while self.watch.number(sql).await < number {
            if Instant::now() > until {
                let rows =
                    self.watch.texts("SELECT state || ' ' || error || ' ' || attempt FROM outbox").await;
                panic!(
                    "{sql} does not become {number}: {rows:?}, sent {:#?}",
                    self.slack.posts_by_delivery()
                );
            }
            sleep(LOOK).await;
        }
    }

    /// Waits until Slack has taken so many messages.
    async fn until_posted(&self, count: usize) {
        let until = Instant::now() + PATIENCE;
        while self.slack.posts_by_delivery().values().sum::<usize>() < count {
            assert!(Instant::now() < until, "Slack got no message");
            sleep(LOOK).await;
        }
    }

    /// Slack tells of the message that stands there.
    fn arrival(&self) -> Value {
        let message = self.slack.messages().remove(0);
        json!({
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1",
            "event": {
                "type": "message_metadata_posted", "app_id": "A1", "channel_id": "C0",
                "metadata": message["metadata"], "message_ts": message["ts"],
            },
        })
    }

    /// What a killed program had begun in the database comes to its end there, and half an hour passes: leases run out,
    /// doubts are to be decided, gates open.
    async fn time_passes(&mut self) {
        if !self.url.starts_with("sqlite") {
            let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                          AND application_name = '' AND query NOT LIKE '%pg_stat_activity%' AND state <> 'idle'";
            let until = Instant::now() + PATIENCE;
            while self.watch.number(others).await > 0 {
                assert!(Instant::now() < until, "what was killed still works in the database");
                sleep(LOOK).await;
            }
        }
        self.watch
            .does(
                "UPDATE outbox SET lease_until = lease_until - 1800, called_at = called_at - 1800 \
                 WHERE state = 'sending'",
            )
            .await;
        self.doubts_age().await;
    }

    /// The same for what nobody holds: it may be done beside a program that works.
    async fn doubts_age(&mut self) {
        self.watch
            .does("UPDATE outbox SET not_before = not_before - 1800 WHERE state IN ('pending', 'ambiguous')")
            .await;
        self.watch.does("UPDATE gate SET closed_until = closed_until - 1800").await;
    }

    /// The same, where nothing was lost twice.
    async fn ends_with_all_sent(&mut self, count: i64) -> Vec<usize> {
        let posts = self.ends_with_all_settled(count).await;
        assert_eq!(self.watch.number("SELECT COUNT(*) FROM outbox WHERE state = 'sent'").await, count);
        posts
    }

    /// Time passes, and a second start finds all that was left; then how often each message was posted.
    async fn ends_with_all_settled(&mut self, count: i64) -> Vec<usize> {
        self.time_passes().await;
        let program = self.starts();
        program.serves().await;
        let until = Instant::now() + PATIENCE;
        // What was lost twice is given up.
        let settled = "SELECT COUNT(*) FROM outbox WHERE state = 'sent' OR state = 'failed' AND doubts = 2";
        while self.watch.number(settled).await < count {
            assert!(Instant::now() < until, "{:?}", self.watch.texts("SELECT state FROM outbox").await);
            self.doubts_age().await;
            sleep(LOOK).await;
        }
        program.stopped().await;
        assert_eq!(self.watch.number("SELECT COUNT(*) FROM outbox").await, count, "a slot is one message");
        self.slack.posts_by_delivery().into_values().collect()
    }

    /// Waits until a connection of the program waits for a lock of the test's.
    async fn until_it_waits(&mut self) {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        self.until_number(waits, 1).await;
    }
}

/// A zone in which it is noon, and no midnight is near.
fn noon(now: i64) -> String {
    let hour = now.rem_euclid(86_400) / 3_600;
    match 12 - hour {
        0 => "UTC".to_owned(),
        // The sign of these names says how far UTC is, not the zone.
        ahead @ 1.. => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}

fn overdue() -> New {
    let facts = [
        ("opportunity_id", "O1"),
        ("stage", "Qualified"),
        ("review_status", "Approved"),
        ("target_close_date", "2099-10-15"),
        ("last_modified_at", "2026-01-01T00:00:00Z"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    New {
        opportunity_id: "O1".to_owned(),
        facts: BTreeMap::from(facts),
        emptied: Vec::new(),
        verdict: Verdict::OnTrack,
        judged_on: "2026-01-01".parse().unwrap(),
    }
}

fn both() -> [String; 2] {
    [sqlite(), postgres()]
}

#[tokio::test]
async fn killed_before_it_planned_it_plans_again() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        // Nobody else writes: the plan stands before its first statement that does.
        let hold = if url.starts_with("sqlite") {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN; LOCK TABLE channel IN SHARE MODE"
        };
        scene.beside.does(hold).await;
        let program = scene.starts();
        program.serves().await;
        if !url.starts_with("sqlite") {
            scene.until_it_waits().await;
        }
        program.killed();
        scene.beside.does("COMMIT").await;
        assert_eq!(scene.ends_with_all_sent(1).await, [1], "{url}");
    }
}

/// Kills the program where it waits for a table, with its message in this state.
async fn killed_before_it_reads(table: &str, state: &str) {
    let mut scene = Scene::new(postgres(), 1).await;
    scene.beside.does(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await;
    let program = scene.starts();
    scene.until(state, 1).await;
    scene.until_it_waits().await;
    program.killed();
    scene.beside.does("COMMIT").await;
    assert_eq!(scene.ends_with_all_sent(1).await, [1]);
}

#[tokio::test]
async fn killed_between_its_plan_and_its_claim_it_sends_once() {
    // To claim is to look at the gates.
    killed_before_it_reads("gate", "pending").await;
}

#[tokio::test]
async fn killed_with_a_claim_it_sends_once() {
    // What is claimed is made from what is tracked.
    killed_before_it_reads("tracked", "sending").await;
}

#[tokio::test]
async fn killed_while_it_notes_that_it_will_call_it_sends_once() {
    let mut scene = Scene::new(postgres(), 1).await;
    let mut reader = Beside::open(&scene.url).await;
    reader.does("BEGIN; LOCK TABLE tracked IN ACCESS EXCLUSIVE MODE").await;
    let program = scene.starts();
    scene.until("sending", 1).await;
    scene.beside.does("BEGIN; SELECT 1 FROM outbox FOR UPDATE").await;
    reader.does("COMMIT").await;
    let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
                 AND query LIKE 'UPDATE outbox SET called_at%'";
    scene.until_number(waits, 1).await;
    program.killed();
    scene.beside.does("COMMIT").await;
    assert_eq!(scene.ends_with_all_sent(1).await, [1], "whatever was noted, nothing was called");
}

#[tokio::test]
async fn killed_while_slack_hangs_it_sends_once() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::Hangs);
        let program = scene.starts();
        scene.until_number("SELECT COUNT(*) FROM outbox WHERE called_at IS NOT NULL", 1).await;
        let until = Instant::now() + PATIENCE;
        while !scene.slack.has_failed() {
            assert!(Instant::now() < until, "Slack got no request");
            sleep(LOOK).await;
        }
        program.killed();
        assert_eq!(scene.ends_with_all_sent(1).await, [1], "{url}");
    }
}

#[tokio::test]
async fn killed_while_slack_answers_it_sends_twice_at_most() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::DoneAndHeld(Arc::new(Notify::new())));
        let program = scene.starts();
        scene.until_posted(1).await;
        program.killed();
        assert_eq!(scene.ends_with_all_sent(1).await, [2], "{url}");
        assert_eq!(scene.slack.messages().len(), 2);
    }
}

#[tokio::test]
async fn killed_while_slack_answers_it_sends_once_when_slack_tells_of_the_message() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::DoneAndHeld(Arc::new(Notify::new())));
        let program = scene.starts();
        scene.until_posted(1).await;
        program.killed();
        let event = scene.arrival();
        let again = scene.starts();
        while !again.hears(&event) {
            sleep(LOOK).await;
        }
        scene.until_number("SELECT COUNT(*) FROM outbox WHERE posted_ts <> ''", 1).await;
        again.stopped().await;
        assert_eq!(scene.ends_with_all_sent(1).await, [1], "{url}");
    }
}

#[tokio::test]
async fn killed_between_the_answer_and_its_note_it_sends_twice_at_most() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        let answer = Arc::new(Notify::new());
        scene.slack.fail_next_post(Fault::DoneAndHeld(Arc::clone(&answer)));
        let program = scene.starts();
        scene.until_posted(1).await;
        let is_sqlite = url.starts_with("sqlite");
        let hold = if is_sqlite { "BEGIN IMMEDIATE" } else { "BEGIN; SELECT 1 FROM outbox FOR UPDATE" };
        scene.beside.does(hold).await;
        answer.notify_one();
        if !is_sqlite {
            scene.until_it_waits().await;
        }
        program.killed();
        scene.beside.does("COMMIT").await;
        let posts = scene.ends_with_all_sent(1).await;
        assert!(posts == [1] || posts == [2], "{url}: {posts:?}");
    }
}

#[tokio::test]
async fn killed_after_a_refusal_for_haste_it_waits_and_sends_once() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::Limited(600));
        let program = scene.starts();
        scene.until_number("SELECT COUNT(*) FROM gate", 1).await;
        scene.until("pending", 1).await;
        program.killed();
        // Whoever comes next keeps to what Slack said to the one before.
        let again = scene.starts();
        again.serves().await;
        again.stopped().await;
        assert_eq!(scene.slack.posts_by_delivery().len(), 0);
        assert_eq!(scene.ends_with_all_sent(1).await, [1], "{url}");
    }
}

#[tokio::test]
async fn killed_with_a_lost_answer_it_sends_twice_at_most() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::DoneAndLost);
        let program = scene.starts();
        scene.until("ambiguous", 1).await;
        program.killed();
        assert_eq!(scene.ends_with_all_sent(1).await, [2], "{url}");
    }
}

/// Wherever it stands at that moment: it is killed a little later each time.
#[tokio::test]
async fn killed_at_any_moment_it_sends_all_and_nothing_a_third_time() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 12).await;
        for later in 1..=12 {
            let program = scene.starts();
            sleep(Duration::from_millis(40 + 15 * later)).await;
            program.killed();
            scene.time_passes().await;
        }
        let posts = scene.ends_with_all_settled(12).await;
        assert!(posts.iter().all(|posts| *posts <= 2), "{url}: {posts:?}");
        let lost = scene.watch.number("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await;
        assert!(posts.len() as i64 + lost >= 12, "{url}: {posts:?} and {lost} given up");
    }
}

#[tokio::test]
async fn of_two_programs_on_one_database_one_is_killed_and_nothing_is_lost() {
    let mut scene = Scene::new(postgres(), 40).await;
    for _ in 0..6 {
        scene.slack.fail_next_post(Fault::Hangs);
    }
    let (first, second) = (scene.starts(), scene.starts());
    scene.until("sent", 20).await;
    first.killed();
    second.stopped().await;
    let posts = scene.ends_with_all_sent(40).await;
    assert_eq!(posts.len(), 40);
    // Of what was under way when it was killed the answers are lost.
    assert!(posts.iter().all(|posts| (1..=2).contains(posts)), "{posts:?}");
}

#[tokio::test]
async fn two_programs_share_the_work_and_do_nothing_twice() {
    let mut scene = Scene::new(postgres(), 60).await;
    let (first, second) = (scene.starts(), scene.starts());
    scene.until("sent", 60).await;
    first.stopped().await;
    second.stopped().await;
    let posts: Vec<usize> = scene.slack.posts_by_delivery().into_values().collect();
    assert_eq!(posts, [1; 60]);
}

#[tokio::test]
async fn connections_that_are_cut_lose_and_double_nothing() {
    let mut scene = Scene::new(postgres(), 40).await;
    let answers = Arc::new(Notify::new());
    scene.slack.fail_next_post(Fault::DoneAndHeld(Arc::clone(&answers)));
    let program = scene.starts();
    let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'watch'";
    for sent in [1, 10, 20, 30] {
        scene.until("sent", sent).await;
        scene.beside.number(cut).await;
    }
    // The one whose answer is held comes back to connections that are gone.
    answers.notify_one();
    program.stopped().await;
    let posts = scene.ends_with_all_sent(40).await;
    assert!(posts.iter().all(|posts| *posts == 1), "{posts:?}");
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_it_is_posting() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        let answer = Arc::new(Notify::new());
        scene.slack.fail_next_post(Fault::DoneAndHeld(Arc::clone(&answer)));
        let mut program = scene.starts();
        scene.until_posted(1).await;
        program.is_told_to_stop().await;
        answer.notify_one();
        program.ends().await;
        assert_eq!(scene.watch.texts("SELECT state FROM outbox").await, ["sent"], "{url}");
    }
}

#[tokio::test]
async fn told_to_stop_it_redraws_what_has_changed() {
    for url in both() {
        let mut scene = Scene::new(url.clone(), 1).await;
        scene.slack.fail_next_post(Fault::DoneAndLost);
        let mut program = scene.starts();
        scene.until("ambiguous", 1).await;
        scene.beside.does("UPDATE tracked SET is_stopped = 1").await;
        let answer = Arc::new(Notify::new());
        scene.slack.fail_next(Fault::Held(Arc::clone(&answer)));
        assert!(program.hears(&scene.arrival()));
        let until = Instant::now() + PATIENCE;
        while !scene.slack.has_failed() {
            assert!(Instant::now() < until, "nothing is redrawn");
            sleep(LOOK).await;
        }
        program.is_told_to_stop().await;
        answer.notify_one();
        program.ends().await;
        let message = scene.slack.messages().remove(0).to_string();
        assert!(message.contains("Nothing is due"), "{url}: {message}");
    }
}

#[tokio::test]
async fn told_to_stop_it_hands_back_what_it_has_not_begun() {
    let mut scene = Scene::new(postgres(), 3).await;
    scene.beside.does("BEGIN; LOCK TABLE tracked IN ACCESS EXCLUSIVE MODE").await;
    let mut program = scene.starts();
    scene.until("sending", 3).await;
    program.is_told_to_stop().await;
    scene.beside.does("COMMIT").await;
    program.ends().await;
    assert_eq!(scene.watch.texts("SELECT state FROM outbox").await, ["pending"; 3]);
    assert!(scene.slack.posts_by_delivery().is_empty());
    let next = scene.starts();
    scene.until("sent", 3).await;
    next.stopped().await;
}
