//! Socket Mode when it goes well, when Slack ends connections, and when they break.

use crate::bot::{Answer, Bot, Way, json_of, quick};
use crate::fake_slack::{FakeSlack, Fault, Sent, TOKEN};
use crate::fake_socket::{APP_TOKEN, Welcome};
use crate::inbound::{events, interactions};
use hyper::StatusCode;
use podcheck_slackbot::config::Secret;
use podcheck_slackbot::slack::{Failed, Token};
use podcheck_slackbot::transport::Patience;
use serde_json::{Value, json};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message as Frame;

const DEAL: &str =
    "opportunity_id=O7001 customer_name=Tern Logistics stage=Committed target_close_date=2026-11-21";

async fn started() -> Bot {
    Bot::by(Way::Socket).await
}

/// A command for a connection, and the id of its `response_url`.
fn command(bot: &Bot, words: &str) -> (Value, String) {
    let (url, id) = bot.slack.new_response_url();
    (json_of(&bot.slash_form(words, &url)), id)
}

/// What Prometheus reads of a series.
async fn counted(bot: &Bot, series: &str) -> String {
    let metrics = String::from_utf8(bot.get("/metrics").await.body.to_vec()).unwrap();
    let found = metrics.lines().find_map(|line| line.strip_prefix(&format!("{series} ")).map(str::to_owned));
    found.unwrap_or_else(|| panic!("{series} is not in\n{metrics}"))
}

#[tokio::test]
async fn everything_that_slack_delivers_is_acknowledged_and_what_is_unknown_says_nothing() {
    let bot = started().await;
    let socket = &bot.slack.socket;
    for (_, payload) in interactions() {
        assert_eq!(socket.delivers("interactive", &payload).await, None, "{payload}");
    }
    for payload in events() {
        assert_eq!(socket.delivers("events_api", &payload).await, None, "{payload}");
    }
    for payload in [json!(null), json!({}), json!([7])] {
        assert_eq!(socket.delivers("of_tomorrow", &payload).await, None);
        assert_eq!(socket.delivers("interactive", &payload).await, None);
        assert_eq!(socket.delivers("events_api", &payload).await, None);
    }
    let probe = json!({ "token": "x", "ssl_check": "1" });
    assert_eq!(socket.delivers("slash_commands", &probe).await, None);
    assert!(bot.slack.sent().is_empty(), "{:?}", bot.slack.sent());
    assert_eq!(socket.knocks(), 1, "nothing of it broke the connection");
}

#[tokio::test]
async fn who_opens_a_connection_again_first_waits_as_long_as_slack_wants() {
    let bot = Bot::start().await;
    let token = Token::app(&Secret::new(APP_TOKEN));
    bot.slack.socket.answers_next(429, "");
    assert_eq!(bot.app.dial(&token).await.unwrap_err(), Failed::Limited);
    let begun = Instant::now();
    bot.app.dial(&token).await.unwrap();
    assert!(begun.elapsed() > Duration::from_millis(500), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_no_envelope_changes_nothing() {
    let bot = started().await;
    for text in ["", "{", "null", "[]", r#"{"type":7}"#, r#"{"type":"of_tomorrow"}"#, r#"{"type":"hello"}"#] {
        bot.slack.socket.says(0, Frame::text(text));
    }
    bot.slack.socket.says(0, Frame::binary(vec![0xff, 0]));
    bot.slash("help").await.says("says whether");
    bot.slack.socket.ponged(1).await;
    assert_eq!(bot.slack.socket.acknowledged().len(), 1);
    assert_eq!(bot.slack.socket.knocks(), 1);
}

#[tokio::test]
async fn what_takes_long_holds_nobody_else_up() {
    let bot = started().await;
    let socket = &bot.slack.socket;
    let word = Arc::new(Notify::new());
    bot.slack.fail_next(Fault::Held(Arc::clone(&word)));
    let (slow, id) = command(&bot, "");
    let slow = socket.sends(0, "slash_commands", &slow);
    let quick = socket.sends(0, "slash_commands", &command(&bot, "help").0);
    let slow = socket.acknowledgement(&slow).await;
    assert_eq!(slow.body.get("payload"), None, "its answer comes later");
    assert_eq!(socket.acknowledged()[0].body["envelope_id"], quick.as_str());
    word.notify_one();
    let late = bot.slack.waits_for(0, |sent| sent.to == id).await;
    Answer::of(&late).says("The form could not be opened.");
}

#[tokio::test]
async fn an_event_that_found_no_place_is_not_acknowledged_and_comes_again() {
    let bot = started().await;
    let socket = &bot.slack.socket;
    let mut places = Vec::new();
    while let Some(place) = bot.app.place() {
        places.push(place);
    }
    let opened = json!({ "type": "event_callback", "team_id": "T1", "event_id": "Ev1",
                         "event": { "type": "app_home_opened", "tab": "home", "user": "U1" } });
    let shed = socket.sends(0, "events_api", &opened);
    let busy = bot.slash("help").await;
    busy.says("pod-check has too much to do at this moment.");
    places.clear();
    assert_eq!(socket.delivers("events_api", &opened).await, None);
    bot.slack.waits_for(0, |sent| sent.method == "views.publish").await;
    assert_eq!(socket.delivers("events_api", &opened).await, None);
    assert!(socket.acknowledged().iter().all(|ack| ack.body["envelope_id"] != shed.as_str()));
    let homes = bot.slack.sent().iter().filter(|sent| sent.method == "views.publish").count();
    assert_eq!(homes, 1, "once, however often it is delivered");
}

#[tokio::test]
async fn the_next_connection_stands_before_the_old_one_goes() {
    for reason in ["warning", "refresh_requested", "of_tomorrow"] {
        let bot = started().await;
        let socket = &bot.slack.socket;
        let word = Arc::new(Notify::new());
        socket.receives_next(Welcome::Later(Arc::clone(&word)));
        socket.disconnects(0, reason);
        socket.knocked(2).await;
        // The next one does not stand yet, and Slack delivers still.
        let between = socket.sends(0, "slash_commands", &command(&bot, DEAL).0);
        let answer = socket.acknowledgement(&between).await;
        assert!(answer.line == 0 && answer.body["payload"]["text"].is_string(), "{answer:?}");
        assert_eq!(bot.get("/readyz").await.status, StatusCode::OK);
        word.notify_one();
        socket.greeted(2).await;
        // Both stand for a while: by either, an answer comes.
        let by_new = socket.sends(1, "slash_commands", &command(&bot, DEAL).0);
        let answer = socket.acknowledgement(&by_new).await;
        assert!(answer.line == 1 && answer.body["payload"]["text"].is_string(), "{answer:?}");
        assert!(socket.ended(0).await, "in words");
        bot.slash(DEAL).await.says("Needs fixing");
        assert_eq!(socket.knocks(), 2);
        assert_eq!(counted(&bot, "podcheck_socket_reconnects_total").await, "1");
        assert_ne!(counted(&bot, "podcheck_socket_last_delivery_timestamp_seconds").await, "0");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_followed_by_another_and_no_answer_is_lost() {
    let bot = started().await;
    let socket = &bot.slack.socket;
    let word = Arc::new(Notify::new());
    bot.slack.fail_next(Fault::Held(Arc::clone(&word)));
    let (slow, id) = command(&bot, "");
    socket.sends(0, "slash_commands", &slow);
    // It is being worked on.
    bot.slash("help").await;
    socket.cuts(0);
    socket.greeted(2).await;
    word.notify_one();
    let answer = bot.slack.waits_for(0, |sent| sent.to == id).await;
    Answer::of(&answer).says("The form could not be opened.");
    bot.slash(DEAL).await.says("Needs fixing");
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_heard_is_given_up() {
    let ms = Duration::from_millis;
    let patience = Patience { silence_max: ms(1_000), ping_every: ms(100), ..quick() };
    let bot = Bot::by_socket(patience).await;
    let socket = &bot.slack.socket;
    socket.greeted(1).await;
    socket.forgets(0);
    socket.greeted(2).await;
    bot.slash(DEAL).await.says("Needs fixing");
}

#[tokio::test]
async fn a_thousand_at_once_are_all_acknowledged() {
    let bot = started().await;
    let payload = command(&bot, "help").0;
    let ids: Vec<String> =
        (0..1_000).map(|_| bot.slack.socket.sends(0, "slash_commands", &payload)).collect();
    for id in &ids {
        let acknowledged = bot.slack.socket.acknowledgement(id).await;
        assert!(acknowledged.line == 0 && acknowledged.body["payload"]["text"].is_string());
    }
    assert_eq!(bot.slack.socket.acknowledged().len(), ids.len(), "once each");
}

#[tokio::test]
async fn a_message_that_is_far_too_large_is_not_read() {
    let bot = started().await;
    let socket = &bot.slack.socket;
    let large = json!({ "type": "of_tomorrow", "text": "x".repeat(1024 * 1024) });
    assert_eq!(socket.delivers("of_tomorrow", &large).await, None);
    socket.says(0, Frame::text("x".repeat(2 * 1024 * 1024 + 1)));
    assert!(!socket.ended(0).await, "the connection breaks");
    socket.greeted(2).await;
    bot.slash(DEAL).await.says("Needs fixing");
}

#[tokio::test]
async fn pings_keep_a_quiet_connection() {
    let ms = Duration::from_millis;
    let patience = Patience { silence_max: ms(5_000), ping_every: ms(100), ..quick() };
    let bot = Bot::by_socket(patience).await;
    // Slack says nothing by itself, and answers: by the last ping, more time than that has passed.
    bot.slack.socket.pinged(52).await;
    assert_eq!(bot.slack.socket.knocks(), 1);
}

#[tokio::test]
async fn who_cannot_connect_tries_again() {
    let slack = FakeSlack::start().await;
    for welcome in
        [Welcome::Silence, Welcome::NoGreeting, Welcome::TooMany, Welcome::TooMany, Welcome::Refusal]
    {
        slack.socket.receives_next(welcome);
    }
    slack.socket.answers_next(500, "");
    slack.socket.answers_next(200, r#"{"ok":false,"error":"internal_error"}"#);
    slack.socket.answers_next(200, r#"{"ok":true,"url":"wss://evil.example/link/?ticket=1"}"#);
    let patience = Patience { connect_max: Duration::from_secs(1), ..quick() };
    let bot = Bot::beside(slack, Way::Socket, false, true, patience).await;
    assert_eq!(bot.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(counted(&bot, "podcheck_socket_connections").await, "0");
    bot.slack.socket.greeted(1).await;
    assert_eq!(bot.slack.socket.knocks(), 6);
    bot.slash(DEAL).await.says("Needs fixing");
    assert_eq!(bot.get("/readyz").await.status, StatusCode::OK);
    assert_eq!(counted(&bot, "podcheck_socket_connections").await, "1");
    assert_eq!(counted(&bot, "podcheck_socket_reconnects_total").await, "0");
}

#[tokio::test]
async fn when_socket_mode_is_turned_off_nobody_knocks_again() {
    // Whoever tried again would do so at once.
    let bot = Bot::by_socket(Patience { pause: Duration::ZERO, ..quick() }).await;
    bot.slack.socket.greeted(1).await;
    bot.slack.socket.disconnects(0, "link_disabled");
    assert!(bot.slack.socket.ended(0).await, "in words");
    for _ in 0..20 {
        let reply = bot.get("/readyz").await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(reply.body, "Socket Mode is not connected.\n");
    }
    assert_eq!(bot.slack.socket.knocks(), 1);
    assert_eq!(bot.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_delivered_is_answered_before_the_program_stops() {
    let mut bot = started().await;
    let word = Arc::new(Notify::new());
    bot.slack.fail_next(Fault::Held(Arc::clone(&word)));
    let (slow, id) = command(&bot, "");
    let slow = bot.slack.socket.sends(0, "slash_commands", &slow);
    bot.slash("help").await;
    let slack = bot.slack.clone();
    let freed = tokio::spawn(async move {
        slack.socket.acknowledgement(&slow).await;
        word.notify_one();
    });
    bot.stops().await;
    freed.await.unwrap();
    let answers: Vec<Sent> = bot.slack.sent().into_iter().filter(|sent| sent.to == id).collect();
    Answer::of(&answers[0]).says("The form could not be opened.");
    assert!(bot.slack.socket.ended(0).await, "in words");
    assert_eq!(bot.slack.socket.knocks(), 1);
}

/// The program itself, its settings in the environment; it is told to stop, and its log comes back.
struct Program {
    served: Child,
    port: u16,
}

impl Program {
    fn start(slack: &FakeSlack) -> Program {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let served = Command::new(env!("CARGO_BIN_EXE_podcheck"))
            .arg("serve")
            .env_clear()
            .env("PODCHECK_LISTEN", format!("127.0.0.1:{port}"))
            .env("PODCHECK_LOG", "trace")
            .env("DATABASE_URL", "sqlite::memory:")
            .env("SLACK_API_URL", slack.api())
            .env("SLACK_APP_TOKEN", APP_TOKEN)
            .env("SLACK_BOT_TOKEN", TOKEN)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Program { served, port }
    }

    fn stop(mut self) -> String {
        let told = Command::new("kill").arg(self.served.id().to_string()).status().unwrap();
        assert!(told.success() && self.served.wait().unwrap().success());
        let mut log = String::new();
        self.served.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_connects_by_itself_and_its_log_holds_no_permission_and_no_words_of_anybody() {
    let slack = FakeSlack::start().await;
    slack.socket.receives_next(Welcome::Refusal);
    let program = Program::start(&slack);
    slack.socket.greeted(1).await;
    let bot = Bot::beside(slack.clone(), Way::Http, true, true, quick()).await;
    let payload = command(&bot, DEAL).0;
    let answer = slack.socket.delivers("slash_commands", &payload).await.unwrap();
    assert!(answer["text"].as_str().unwrap().contains("Needs fixing"), "{answer:#}");
    slack.socket.says(0, Frame::text("Tern Logistics {"));
    slack.socket.delivers("of_tomorrow", &json!({ "text": "Tern Logistics" })).await;
    slack.socket.disconnects(0, "warning");
    slack.socket.greeted(2).await;
    slack.socket.cuts(1);
    slack.socket.greeted(3).await;
    slack.socket.disconnects(2, "link_disabled");
    slack.socket.ended(2).await;
    let (port, log) = (program.port, tokio::task::spawn_blocking(move || program.stop()).await.unwrap());
    assert_ne!(port, 0);
    for part in [
        "Socket Mode is connected",
        "Socket Mode is turned off in the app's settings",
        "\"kind\":\"of_tomorrow\"",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
    assert!(!log.contains("SLACK_SIGNING_SECRET"), "it is not needed: {log}");
    for secret in ["ticket", APP_TOKEN, TOKEN, "Tern", "O7001", "127.0.0.1:", "robin"] {
        let held = log.lines().find(|line| line.contains(secret) && !line.contains("\"serving\""));
        assert_eq!(held, None, "{secret} is in the log");
    }
}
