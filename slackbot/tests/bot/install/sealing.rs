//! Tokens as they lie in the database.

use super::{KEYS, Stage, keys, tenant};
use crate::bot::NOW;
use crate::database::{on_both, on_both_beside};
use crate::fake_oauth::Consent;
use crate::fake_slack::FakeSlack;
use podcheck_slackbot::store::{Granted, SealedTokens};

#[tokio::test]
async fn no_token_is_kept_as_it_is() {
    on_both(async |store| {
        let stage = Stage::over(FakeSlack::start().await, store.clone()).await;
        stage.installs(Consent::of("", "T1").rotating()).await;
        let kept = format!("{:?}", store.installation_of(&tenant("", "T1")).await.unwrap().unwrap());
        for secret in stage.bot.slack.oauth.secrets() {
            assert!(!kept.contains(&secret), "{kept}");
        }
        assert_eq!(stage.served_by("", "T1").await.as_deref(), Some("T1"));
    })
    .await;
}

#[tokio::test]
async fn what_an_old_key_sealed_is_sealed_again_at_the_start() {
    on_both(async |store| {
        let slack = FakeSlack::start().await;
        let before = Stage::over(slack.clone(), store.clone()).await;
        before.installs(Consent::of("", "T1").rotating()).await;
        before.installs(Consent::of("", "T2")).await;
        let both = Stage::with_keys(slack.clone(), store.clone(), keys(KEYS[1], &[KEYS[0]])).await;
        assert_eq!(both.served_by("", "T1").await.as_deref(), Some("T1"));
        // The old key is no longer needed, for the refresh token neither.
        let after = Stage::with_keys(slack.clone(), store.clone(), keys(KEYS[1], &[])).await;
        after.passes(crate::fake_oauth::TOKEN_SECONDS);
        for team in ["T1", "T2"] {
            assert_eq!(after.served_by("", team).await.as_deref(), Some(team));
        }
        assert_eq!(slack.oauth.calls(), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn with_another_key_a_token_is_unusable_and_comes_back_with_its_own() {
    on_both(async |store| {
        let slack = FakeSlack::start().await;
        let before = Stage::over(slack.clone(), store.clone()).await;
        before.installs(Consent::of("", "T1")).await;
        let wrong = Stage::with_keys(slack.clone(), store.clone(), keys(KEYS[1], &[])).await;
        assert_eq!(wrong.served_by("", "T1").await, None);
        wrong.bot.slash("/pod-check").await.says("Forms do not work here");
        wrong.installs(Consent::of("", "T2")).await;
        assert_eq!(wrong.served_by("", "T2").await.as_deref(), Some("T2"), "the others work");
        let right = Stage::over(slack.clone(), store.clone()).await;
        assert_eq!(right.served_by("", "T1").await.as_deref(), Some("T1"), "nothing was lost");
    })
    .await;
}

#[tokio::test]
async fn a_state_is_taken_once_and_in_time() {
    on_both(async |store| {
        let now = i64::try_from(NOW).unwrap();
        for hash in ["a", "b"] {
            store.expect_state(hash, now, now + 600).await.unwrap();
        }
        assert!(store.take_state("a", now + 599).await.unwrap());
        assert!(!store.take_state("a", now + 599).await.unwrap());
        assert!(!store.take_state("b", now + 600).await.unwrap());
        assert!(!store.take_state("c", now).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn who_begins_without_end_keeps_nobody_out() {
    on_both_beside(async |store, mut beside| {
        let now = i64::try_from(NOW).unwrap();
        let many = format!(
            "INSERT INTO oauth_state (hash, expires_at) WITH RECURSIVE n(i) AS \
             (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT 'h' || i, {now} + i FROM n"
        );
        beside.does(&many).await;
        store.expect_state("a", now, now + 20_000).await.unwrap();
        assert_eq!(beside.number("SELECT COUNT(*) FROM oauth_state").await, 10_000);
        assert!(!store.take_state("h1", now).await.unwrap(), "who began first is forgotten");
        assert!(store.take_state("h2", now).await.unwrap());
        assert!(store.take_state("a", now).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn deliveries_are_forgotten_after_a_while() {
    on_both(async |store| {
        for number in 0..3 {
            assert!(store.is_first(&number.to_string(), number).await.unwrap());
            assert!(!store.is_first(&number.to_string(), 9).await.unwrap());
        }
        while store.forget_seen(2).await.unwrap() {}
        assert!(store.is_first("1", 9).await.unwrap());
        assert!(!store.is_first("2", 9).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_workspace_is_installed_once_whoever_is_faster() {
    on_both(async |store| {
        let granted = |enterprise, team| Granted {
            tenant: tenant(enterprise, team),
            bot_user: "B1".to_owned(),
            installer: "U1".to_owned(),
            scopes: "commands".to_owned(),
        };
        let tokens = SealedTokens { token: "sealed".to_owned(), ..SealedTokens::default() };
        assert!(store.install("i1", &granted("", "T1"), &tokens, 1).await.unwrap());
        assert!(!store.install("i2", &granted("", "T1"), &tokens, 1).await.unwrap());
        assert!(!store.install("i2", &granted("E1", "T1"), &tokens, 1).await.unwrap(), "the same workspace");
        assert_eq!(store.id_for(&tenant("E1", "T1")).await.unwrap(), "i1");
        assert!(store.install("i1", &granted("E1", "T1"), &tokens, 2).await.unwrap());
        assert!(store.install("i3", &granted("E1", ""), &tokens, 1).await.unwrap());
        assert!(store.install("i4", &granted("E2", ""), &tokens, 1).await.unwrap());
        assert!(!store.install("i5", &granted("E2", ""), &tokens, 1).await.unwrap());
        assert_eq!(store.installation("i1").await.unwrap().unwrap().generation, 2);
        // A workspace that is there by its own token is not noted again for the settings'.
        store.settle(&tenant("", "T1"), "B1", 3).await.unwrap();
        assert_eq!(store.installation_of(&tenant("", "T1")).await.unwrap().unwrap().id, "i1");
        assert_eq!(store.uninstall(&tenant("E9", "T1"), 3).await.unwrap(), ["i1"]);
    })
    .await;
}
