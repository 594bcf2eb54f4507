//! Slack's own packages for installations against our fake Slack, and beside our own consent page: what they take for
//! Slack is fit to test the bot with.

use super::{Browser, Stage};
use crate::fake_oauth::{CLIENT_ID, CLIENT_SECRET, Consent, TOKEN_SECONDS};
use crate::official;
use podcheck_slackbot::manifest::SCOPES;
use serde_json::{Value, json};
use url::Url;

fn told(stage: &Stage) -> Value {
    let api = stage.bot.slack.api();
    json!({
        "api": api,
        "authorization_url": api.replace("/api", "/oauth/v2/authorize"),
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scopes": SCOPES,
    })
}

/// What an address asks for, in order of the names.
fn query(address: &Url) -> Vec<(String, String)> {
    let mut query: Vec<_> = address.query_pairs().into_owned().collect();
    query.sort();
    query
}

#[tokio::test]
async fn the_consent_page_is_asked_for_as_slacks_python_package_does_and_the_fake_grants_what_it_reads() {
    let stage = Stage::new().await;
    let ours = Browser::begins(&stage.bot).await;
    let redirect = ours.query("redirect_uri");
    let code = |consent| stage.bot.slack.oauth.new_code(consent, &redirect);
    let mut told = told(&stage);
    told["state"] = json!(ours.query("state"));
    told["redirect_uri"] = json!(redirect);
    told["codes"] = json!({
        "workspace": code(Consent::of("", "T1")),
        "organisation": code(Consent::of("E1", "")),
        "rotating": code(Consent::of("E1", "T2").rotating()),
    });
    let Some(said) = official::python("oauth.py", &told).await else { return };
    let theirs: Url = said["page"].as_str().unwrap().parse().unwrap();
    assert_eq!(query(&ours.address), query(&theirs));
    assert_eq!((ours.address.host(), ours.address.path()), (theirs.host(), theirs.path()));
    let grants = &said["grants"];
    assert_eq!(grants["workspace"]["team"]["id"], "T1");
    assert_eq!(grants["workspace"].get("refresh_token"), None);
    assert_eq!(
        (&grants["organisation"]["team"], &grants["organisation"]["is_enterprise_install"]),
        (&json!(null), &json!(true))
    );
    assert_eq!(grants["rotating"]["expires_in"], TOKEN_SECONDS);
    let identities = &said["identities"];
    assert_eq!(identities["workspace"]["team_id"], "T1");
    assert_eq!(
        (&identities["organisation"]["enterprise_id"], &identities["rotating"]["team_id"]),
        (&json!("E1"), &json!("T2"))
    );
    assert_eq!((&said["used"], &said["unknown"]), (&json!("code_already_used"), &json!("invalid_code")));
    assert_eq!(said["stranger"], "bad_client_secret");
    assert_eq!(
        (&said["early"], &said["is_new"], &said["renewed"]["team_id"]),
        (&json!(false), &json!(true), &json!("T2"))
    );
    assert!(said["twice"].as_str().unwrap().contains("invalid_refresh_token"), "{said}");
}

#[tokio::test]
async fn slacks_node_package_installs_an_app_at_the_fake_and_renews_its_token() {
    let stage = Stage::new().await;
    stage.bot.slack.oauth.will(Consent::of("", "T1").rotating());
    let Some(said) = official::node("oauth.cjs", &told(&stage)).await else { return };
    assert_eq!(said["statuses"], json!([302, 302, 200, 500]));
    assert_eq!((&said["team"], &said["found"]), (&json!("T1"), &json!(true)));
    assert_eq!((&said["is_new"], &said["rotates"]), (&json!(true), &json!(true)));
    let theirs: Url = said["page"].as_str().unwrap().parse().unwrap();
    let ours = Browser::begins(&stage.bot).await.address;
    // This one leaves out what is empty.
    let names = |address: &Url| {
        let said = query(address).into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names(&ours), names(&theirs));
    assert_eq!(stage.bot.slack.oauth.calls(), (2, 1), "the code that came again was refused");
}
