//! Requests as they arrive: signed or not, too large, too slow, repeated, of kinds that nobody knows.

use crate::bot::{Bot, NOW, SECRET};
use hyper::{Method, StatusCode};
use podcheck_slackbot::transport::SigningKey;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATHS: [&str; 3] = ["/slack/commands", "/slack/interactions", "/slack/events"];

#[tokio::test]
async fn only_slack_is_answered() {
    let bot = Bot::start().await;
    let body = bot.slash_form("help", "");
    let sign = |time: u64| SigningKey::new(SECRET).sign(&time.to_string(), body.as_bytes());
    let (time, signature) = (NOW.to_string(), sign(NOW));
    let post = |headers: Vec<(&'static str, String)>, body: Vec<u8>| {
        let bot = &bot;
        async move {
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            bot.request(Method::POST, "/slack/commands", &headers, &body).await.status
        }
    };
    const TIME: &str = "x-slack-request-timestamp";
    const SIGNATURE: &str = "x-slack-signature";
    let bytes = body.clone().into_bytes();
    let both = vec![(TIME, time.clone()), (SIGNATURE, signature.clone())];
    assert_eq!(post(both.clone(), bytes.clone()).await, StatusCode::OK);
    let mut changed = bytes.clone();
    changed[7] ^= 1;
    assert_eq!(post(both.clone(), changed).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(vec![(TIME, time.clone())], bytes.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(vec![(SIGNATURE, signature.clone())], bytes.clone()).await, StatusCode::UNAUTHORIZED);
    let mut twice = both.clone();
    twice.push((SIGNATURE, signature.clone()));
    assert_eq!(post(twice, bytes.clone()).await, StatusCode::UNAUTHORIZED);
    for (time, status) in [(NOW - 300, 200), (NOW - 301, 401), (NOW + 300, 200), (NOW + 301, 401)] {
        let headers = vec![(TIME, time.to_string()), (SIGNATURE, sign(time))];
        assert_eq!(post(headers, bytes.clone()).await.as_u16(), status, "{time}");
    }
}

#[tokio::test]
async fn what_is_signed_and_not_understood_is_acknowledged_with_nothing() {
    let bot = Bot::start().await;
    for path in PATHS {
        for body in
            ["", "payload=", "payload=%7B", "{", "[]", "null", "\u{0}\u{1}", "payload=%7B%22type%22%3A7%7D"]
        {
            let reply = bot.signed(path, body).await;
            // A command without words opens the form; without a trigger, it says that it could not.
            let is_silent = reply.body.is_empty() || path == "/slack/commands";
            assert!(reply.status == StatusCode::OK && is_silent, "{path} {body:?}: {reply:?}");
        }
    }
    assert_eq!(bot.signed("/slack/commands", "token=x&ssl_check=1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn slack_is_told_that_the_address_is_ours() {
    let bot = Bot::start().await;
    let reply =
        bot.event(&json!({ "type": "url_verification", "token": "x", "challenge": "3eZbrw1a" })).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::OK, &b"3eZbrw1a"[..]));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let bot = Bot::start().await;
    let large = vec![b'x'; 600 * 1024];
    for path in PATHS {
        let headers = [("x-slack-request-timestamp", "1"), ("x-slack-signature", "v0=00")];
        assert_eq!(
            bot.request(Method::POST, path, &headers, &large).await.status,
            StatusCode::PAYLOAD_TOO_LARGE
        );
    }
    // Without a length it is read until it is too large.
    let mut stream = TcpStream::connect(bot.address).await.unwrap();
    let head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=00\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..9 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let bot = Bot::start().await;
    let mut stream = TcpStream::connect(bot.address).await.unwrap();
    let head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=00\r\n\
                Content-Length: 100\r\n\r\nx";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    timeout(Duration::from_secs(8), stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn without_a_secret_nothing_is_taken_from_slack_and_the_rest_works() {
    let bot = Bot::with(false, false).await;
    for path in PATHS {
        assert_eq!(bot.signed(path, "x").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(bot.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(bot.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_happens_is_counted_and_holds_nothing_of_anybodys() {
    let bot = Bot::start().await;
    bot.slash("/pod-check opportunity_id=O7001 customer_name=Tern stage=Launched").await;
    bot.request(Method::POST, "/slack/events", &[], b"x").await;
    let metrics = String::from_utf8(bot.get("/metrics").await.body.to_vec()).unwrap();
    for line in [
        "podcheck_slack_requests_total{endpoint=\"command\",result=\"answered\"} 1",
        "podcheck_slack_requests_total{endpoint=\"event\",result=\"unsigned\"} 1",
        "podcheck_checks_total 1",
        "podcheck_opportunities_total 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("Tern") && !metrics.contains("T1"));
}

#[tokio::test]
async fn a_command_is_acknowledged_in_time_however_long_its_answer_takes() {
    let bot = Bot::start().await;
    // Slack takes a second before it lets the form be opened.
    bot.slack.fail_next(crate::fake_slack::Fault::Hangs);
    let (url, _) = bot.slack.new_response_url();
    let begun = tokio::time::Instant::now();
    let reply = bot.signed("/slack/commands", &bot.slash_form("", &url)).await;
    assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
    assert!(begun.elapsed() < Duration::from_millis(1_500), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_under_way_is_finished_before_the_program_stops() {
    let mut bot = Bot::start().await;
    bot.slack.fail_next(crate::fake_slack::Fault::Limited(1));
    let (url, id) = bot.slack.new_response_url();
    let table = "opportunity_id,stage\nO1,Launched\nO2,Launched\n";
    let reply = bot.signed("/slack/commands", &bot.slash_form(table, &url)).await;
    assert_eq!(reply.status, StatusCode::OK);
    bot.stops().await;
    assert!(bot.slack.sent().iter().any(|sent| sent.to == id));
    assert!(TcpStream::connect(bot.address).await.is_err());
}

#[tokio::test]
async fn too_much_work_is_refused_kindly_and_no_form_is_lost() {
    let bot = Bot::start().await;
    let form = bot.opens_form().await;
    let answer = bot.slash("/pod-check opportunity_id=O1 stage=Launched").await;
    let mut places = Vec::new();
    while let Some(place) = bot.app.place() {
        places.push(place);
    }
    bot.slash("/pod-check help").await.says("pod-check has too much to do at this moment.");
    bot.presses(&answer, "Details").await.says("pod-check has too much to do at this moment.");
    bot.checks_message("stage=Launched", &[]).await.says("pod-check has too much to do at this moment.");
    let fields = json!({ "opportunities": { "value": { "value": "stage=Launched" } } });
    let errors = bot.submits(&form, &fields).await.unwrap_err();
    assert_eq!(
        errors["opportunities"],
        "pod-check has too much to do at this moment. Try again in a few seconds."
    );
    let opened = json!({ "type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": { "type": "app_home_opened", "tab": "home" } });
    assert_eq!(bot.event(&opened).await.status, StatusCode::SERVICE_UNAVAILABLE, "Slack delivers it again");
    places.pop();
    bot.presses(&answer, "Details").await.says("O1");
    assert_eq!(bot.event(&opened).await.status, StatusCode::OK);
    bot.slack.waits_for(0, |sent| sent.method == "views.publish").await;
    bot.slash("/pod-check help").await.says("says whether");
}
