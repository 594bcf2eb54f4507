//! Tokens that end.

use super::{Stage, tenant};
use crate::database;
use crate::fake_oauth::{Consent, TOKEN_SECONDS};
use crate::fake_slack::{FakeSlack, Fault};
use podcheck_slackbot::store::Store;
use std::sync::Arc;

const TWO_HOURS: u64 = 2 * 60 * 60;

async fn rotating() -> Stage {
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1").rotating()).await;
    stage
}

async fn generation(stage: &Stage) -> i64 {
    stage.bot.app.installation(&tenant("", "T1")).await.unwrap().generation
}

#[tokio::test]
async fn a_token_is_renewed_when_it_ends_within_two_hours() {
    let stage = rotating().await;
    stage.passes(TOKEN_SECONDS - TWO_HOURS);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 0), "exactly two hours are left");
    stage.passes(61);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 1));
    assert_eq!(generation(&stage).await, 2);
    stage.passes(61);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 1), "the new one is as good as the first was");
    // And again with the refresh token that came with it.
    stage.passes(TOKEN_SECONDS);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 2));
}

#[tokio::test]
async fn a_token_that_does_not_rotate_is_good_for_ever() {
    let stage = Stage::new().await;
    stage.installs(Consent::of("", "T1")).await;
    stage.passes(1_000 * TOKEN_SECONDS);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 0));
}

#[tokio::test]
async fn of_many_who_need_it_one_renews_it() {
    let stage = rotating().await;
    stage.passes(TOKEN_SECONDS);
    let here = tenant("", "T1");
    let all = (0..20).map(|_| stage.bot.app.installed(&here));
    let all = futures_util::future::join_all(all).await;
    assert!(
        all.iter().all(|installed| installed.as_ref().is_some_and(|one| one.installation.generation == 2))
    );
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 1));
}

#[tokio::test]
async fn of_two_replicas_one_renews_it_and_the_other_reads_it() {
    let url = database::postgres();
    let slack = FakeSlack::start().await;
    let one = Stage::over(slack.clone(), Store::open(&url).await.unwrap()).await;
    let other = Stage::over(slack.clone(), Store::open(&url).await.unwrap()).await;
    one.installs(Consent::of("", "T1").rotating()).await;
    for stage in [&one, &other] {
        stage.passes(TOKEN_SECONDS);
    }
    let here = tenant("", "T1");
    let asks = [&one, &other, &one, &other].map(|stage| stage.bot.app.installed(&here));
    for installed in futures_util::future::join_all(asks).await {
        assert_eq!(installed.unwrap().installation.generation, 2);
    }
    assert_eq!(slack.oauth.calls(), (1, 1));
    assert_eq!(other.served_by("", "T1").await.as_deref(), Some("T1"));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_lose_the_new_token() {
    let stage = rotating().await;
    stage.passes(TOKEN_SECONDS);
    let app = Arc::clone(&stage.bot.app);
    let asked = tokio::spawn(async move { app.installed(&tenant("", "T1")).await });
    // As soon as Slack has given a new token for the old one, which is used up by that.
    while stage.bot.slack.oauth.calls().1 == 0 {
        tokio::task::yield_now().await;
    }
    asked.abort();
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!((stage.bot.slack.oauth.calls(), generation(&stage).await), ((1, 1), 2));
}

#[tokio::test]
async fn a_token_that_slack_calls_expired_is_renewed_and_the_call_made_again() {
    let stage = rotating().await;
    for why in ["token_expired", "invalid_auth"] {
        stage.bot.slack.oauth.ends_tokens(why);
        let before = stage.bot.slack.sent().len();
        stage.bot.opens_form().await;
        let opened = stage.bot.slack.waits_for(before, |sent| sent.method == "views.open").await;
        assert_eq!(opened.whose, "T1");
    }
    assert_eq!((stage.bot.slack.oauth.calls(), generation(&stage).await), ((1, 2), 3));
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_noted_as_revoked() {
    for why in ["invalid_auth", "token_revoked", "account_inactive"] {
        let stage = Stage::new().await;
        stage.installs(Consent::of("", "T1")).await;
        stage.installs(Consent::of("", "T2")).await;
        stage.bot.slack.oauth.ends_tokens(why);
        assert_eq!(stage.served_by("", "T1").await, None);
        let kept = stage.bot.app.installation(&tenant("", "T1")).await.unwrap();
        assert!(!kept.is_active && kept.tokens.token.is_empty() && kept.tokens.key_id.is_empty());
        assert!(stage.bot.app.installed(&tenant("", "T1")).await.is_none());
        assert!(stage.bot.app.installation(&tenant("", "T2")).await.unwrap().is_active, "not the other's");
        stage.installs(Consent::of("", "T1")).await;
        assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"), "installed again, it works");
    }
}

#[tokio::test]
async fn a_refresh_token_that_slack_does_not_know_is_the_end() {
    let stage = rotating().await;
    stage.passes(TOKEN_SECONDS);
    stage.bot.slack.oauth.ends_refresh_tokens();
    for _ in 0..3 {
        assert_eq!(stage.served_by("", "T1").await, None);
    }
    assert!(!stage.bot.app.installation(&tenant("", "T1")).await.unwrap().is_active);
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 1), "it is not asked again");
}

#[tokio::test]
async fn while_slack_does_not_answer_the_old_token_does_and_nothing_is_lost() {
    let stage = rotating().await;
    stage.passes(TOKEN_SECONDS - TWO_HOURS + 1);
    stage.bot.slack.fail_next(Fault::Says(503, "later"));
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"), "it has two hours still");
    assert_eq!((stage.bot.slack.oauth.calls(), generation(&stage).await), ((1, 0), 1));
    stage.passes(61);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert_eq!((stage.bot.slack.oauth.calls(), generation(&stage).await), ((1, 1), 2));
    // Where it has ended, there is none until Slack answers; and Slack is not asked at every turn.
    stage.passes(TOKEN_SECONDS);
    stage.bot.slack.fail_next(Fault::Says(503, "later"));
    assert_eq!(stage.served_by("", "T1").await, None);
    assert_eq!(stage.served_by("", "T1").await, None);
    assert_eq!(stage.bot.slack.oauth.calls(), (1, 1));
    stage.passes(10);
    assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    assert!(stage.bot.app.installation(&tenant("", "T1")).await.unwrap().is_active);
}

#[tokio::test]
async fn a_new_token_does_not_bring_back_what_was_removed_meanwhile() {
    let stage = rotating().await;
    let before = stage.bot.app.installation(&tenant("", "T1")).await.unwrap();
    let store = &stage.bot.app.store;
    let now = stage.bot.app.clock.moment();
    assert!(store.claim_renewal(&before.id, before.generation, now, now + 20).await.unwrap());
    assert!(!store.claim_renewal(&before.id, before.generation, now, now + 20).await.unwrap());
    assert_eq!(store.revoke_of(&tenant("", "T1"), now, now).await.unwrap(), [before.id.as_str()]);
    assert!(!store.renew(&before.id, before.generation, &before.tokens, now).await.unwrap());
    assert!(stage.bot.app.installed(&tenant("", "T1")).await.is_none());
}
