//! A workspace that removes the bot, or takes its tokens back.

use super::{Stage, tenant};
use crate::bot::NOW;
use crate::database::{self, Beside, on_both, sqlite};
use crate::fake_oauth::Consent;
use crate::fake_slack::FakeSlack;
use hyper::StatusCode;
use podcheck_core::report::Verdict;
use podcheck_slackbot::store::{Change, Channel, New, Person, Place, Store};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;

const DEAL: &str = "/pod-check opportunity_id=O1 stage=Launched";

/// Keeps something of everything for a workspace, and gives its place.
async fn keeps(stage: &Stage, team: &str) -> Place {
    let installation = stage.bot.app.installation(&tenant("", team)).await.unwrap().id;
    let store = &stage.bot.app.store;
    let place = Place { installation, channel: "C1".to_owned() };
    let channel = Channel::new(place.clone(), "UTC".to_owned(), "U1", 1);
    assert!(store.save_channel(&channel).await.unwrap());
    let deal = New {
        opportunity_id: "O1".to_owned(),
        facts: BTreeMap::from([("opportunity_id".to_owned(), "O1".to_owned())]),
        emptied: Vec::new(),
        verdict: Verdict::OnTrack,
        judged_on: "2026-11-22".parse().unwrap(),
    };
    store.track(&place, vec![deal], "U1", 1).await.unwrap();
    store.change(&place, "O1", Change::Stop, "U1", 2).await.unwrap();
    store.save_person(&place.installation, "U1", Person { mentions: false, direct: true }).await.unwrap();
    place
}

#[tokio::test]
async fn what_was_tracked_goes_with_its_workspace_and_no_other() {
    on_both(async |store| {
        let stage = Stage::over(FakeSlack::start().await, store.clone()).await;
        let mut places = Vec::new();
        for team in ["T1", "T2"] {
            stage.installs(Consent::of("", team)).await;
            places.push(keeps(&stage, team).await);
        }
        let whose = json!({ "team_id": "T1", "event_time": NOW });
        // Tokens that are taken back take nothing with them; what is removed does.
        assert_eq!(stage.event(&whose, &revoked()).await, StatusCode::OK);
        assert_eq!(store.tracked_count(&places[0]).await.unwrap(), 1);
        assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::OK);
        // Installed again, it begins anew: nothing of before comes back under the old id either.
        stage.installs(Consent::of("", "T1")).await;
        assert_ne!(stage.bot.app.installation(&tenant("", "T1")).await.unwrap().id, places[0].installation);
        for (place, is_there) in [(&places[0], false), (&places[1], true)] {
            assert_eq!(store.channel(place).await.unwrap().is_some(), is_there);
            assert_eq!(store.tracked_count(place).await.unwrap(), usize::from(is_there));
            assert_eq!(store.log_of(place, "O1", 9).await.unwrap().len(), usize::from(is_there));
            let person = store.person(&place.installation, "U1").await.unwrap();
            assert_eq!(person.direct, is_there);
        }
    })
    .await;
}

#[tokio::test]
async fn who_did_what_is_kept_for_a_quarter() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1")).await;
    let place = keeps(&stage, "T1").await;
    let store = &stage.bot.app.store;
    let done = async || store.log_of(&place, "O1", 9).await.unwrap().len();
    let now = i64::try_from(NOW).unwrap();
    store.change(&place, "O1", Change::Resume, "U1", now).await.unwrap();
    assert_eq!(done().await, 2);
    stage.passes(92 * 24 * 60 * 60);
    stage.bot.app.tidy().await;
    assert_eq!(done().await, 1, "that of long ago is gone");
    stage.passes(1);
    stage.bot.app.tidy().await;
    assert_eq!(done().await, 0);
    assert_eq!(store.tracked_count(&place).await.unwrap(), 1);
}

fn uninstalled() -> Value {
    json!({ "type": "app_uninstalled" })
}

fn revoked() -> Value {
    json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": ["B-T1"] } })
}

#[tokio::test]
async fn a_workspace_that_removes_it_leaves_nothing_and_the_others_keep_theirs() {
    let stage = Stage::new().await;
    for team in ["T1", "T2"] {
        stage.installs(Consent::of("", team)).await;
    }
    let [mine, theirs] = ["T1", "T2"].map(|team| stage.bot.used_by(team, "U1"));
    let (my_answer, their_answer) = (mine.slash(DEAL).await, theirs.slash(DEAL).await);
    let whose = json!({ "team_id": "T1", "event_id": "Ev1", "event_time": NOW });
    assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::OK);
    assert!(stage.bot.app.installation(&tenant("", "T1")).await.is_none());
    assert_eq!(stage.served_by("", "T1").await, None);
    assert_eq!(stage.served_by("", "T2").await.as_deref(), Some("T2"));
    mine.presses(&my_answer, "Details").await.says("This answer is not kept here");
    their_answer.says("O1");
    assert!(!theirs.presses(&their_answer, "Details").await.reads().contains("not kept here"));
    // Told twice, it does nothing more.
    assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::OK);
    assert_eq!(stage.served_by("", "T2").await.as_deref(), Some("T2"));
}

#[tokio::test]
async fn what_a_slow_database_deletes_late_is_told_again_meanwhile() {
    let url = sqlite();
    let stage = Stage::over(FakeSlack::start().await, Store::open(&url).await.unwrap()).await;
    stage.installs(Consent::of("", "T1")).await;
    let mut beside = Beside::open(&url).await;
    beside.does("BEGIN IMMEDIATE").await;
    let whose = json!({ "team_id": "T1", "event_time": NOW });
    // Answered while the database is still held: it would give up later than Slack.
    assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::SERVICE_UNAVAILABLE);
    beside.does("COMMIT").await;
    let gone = async {
        while stage.bot.app.installation(&tenant("", "T1")).await.is_some() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), gone).await.expect("it is deleted once the database is free");
    assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::OK);
}

#[tokio::test]
async fn what_was_removed_before_it_was_installed_again_stays() {
    let stage = Stage::new().await;
    stage.passes(100);
    stage.installs(Consent::of("", "T1")).await;
    for event in [uninstalled(), revoked()] {
        let late = json!({ "team_id": "T1", "event_time": NOW + 99 });
        assert_eq!(stage.event(&late, &event).await, StatusCode::OK);
        assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    }
    let whose = json!({ "team_id": "T1", "event_time": NOW + 100 });
    assert_eq!(stage.event(&whose, &uninstalled()).await, StatusCode::OK);
    assert_eq!(stage.served_by("", "T1").await, None);
}

#[tokio::test]
async fn an_organisation_that_removes_it_is_told_from_its_workspaces() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("E1", "")).await;
    stage.installs(Consent::of("E1", "T2")).await;
    let [mine, theirs] = ["T1", "T3"].map(|team| stage.bot.used_by(team, "U1"));
    let (my_answer, their_answer) = (mine.slash(DEAL).await, theirs.slash(DEAL).await);
    // A workspace without an installation of its own does not remove the organisation's; what it asked goes.
    let workspace = json!({ "team_id": "T1", "enterprise_id": "E1", "event_time": NOW });
    assert_eq!(stage.event(&workspace, &uninstalled()).await, StatusCode::OK);
    assert_eq!(stage.served_by("E1", "T1").await.as_deref(), Some("E1"));
    mine.presses(&my_answer, "Details").await.says("This answer is not kept here");
    assert!(!theirs.presses(&their_answer, "Details").await.reads().contains("not kept here"));
    let organisation = json!({ "enterprise_id": "E1", "event_time": NOW });
    assert_eq!(stage.event(&organisation, &revoked()).await, StatusCode::OK);
    assert_eq!(stage.served_by("E1", "T1").await, None);
    assert!(!stage.bot.app.installation(&tenant("E1", "")).await.unwrap().is_active);
    assert_eq!(stage.event(&organisation, &uninstalled()).await, StatusCode::OK);
    assert!(stage.bot.app.installation(&tenant("E1", "")).await.is_none());
    assert_eq!(stage.served_by("E1", "T2").await.as_deref(), Some("T2"));
    // Nobody in particular is nobody.
    assert_eq!(stage.event(&json!({ "event_time": NOW }), &uninstalled()).await, StatusCode::OK);
    assert_eq!(stage.served_by("E1", "T2").await.as_deref(), Some("T2"));
}

#[tokio::test]
async fn tokens_that_are_taken_back_are_deleted_and_the_rest_stays() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1").rotating()).await;
    let whose = json!({ "team_id": "T1", "event_time": NOW });
    let persons = json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"] } });
    assert_eq!(stage.event(&whose, &persons).await, StatusCode::OK);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"), "a person's token is not the bot's");
    assert_eq!(stage.event(&whose, &revoked()).await, StatusCode::OK);
    assert_eq!(stage.served_by("", "T1").await, None);
    let kept = stage.bot.app.installation(&tenant("", "T1")).await.unwrap();
    assert!(kept.tokens.token.is_empty() && kept.tokens.refresh_token.is_empty() && !kept.is_active);
}

#[tokio::test]
async fn an_event_is_taken_by_one_replica_alone() {
    let url = database::postgres();
    let slack = FakeSlack::start().await;
    let one = Stage::over(slack.clone(), Store::open(&url).await.unwrap()).await;
    let other = Stage::over(slack.clone(), Store::open(&url).await.unwrap()).await;
    one.installs(Consent::of("", "T1")).await;
    let home = json!({ "type": "app_home_opened", "tab": "home", "user": "U1" });
    let shown = |slack: &FakeSlack| slack.sent().iter().filter(|sent| sent.method == "views.publish").count();
    for stage in [&one, &other, &one] {
        let whose = json!({ "team_id": "T1", "event_id": "Ev1" });
        assert_eq!(stage.event(&whose, &home).await, StatusCode::OK);
        // One after the other: what each did is done.
        stage.bot.app.drain().await;
    }
    assert_eq!(shown(&slack), 1);
    one.passes(24 * 60 * 60 + 1);
    one.bot.app.tidy().await;
    assert!(one.bot.app.is_first(&tenant("", "T1"), "Ev1").await, "after a day it is forgotten");
}
