//! What is kept, on both databases.

use crate::database::{on_both, sqlite};
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::store::Store;

fn tenant(enterprise: &str, team: &str) -> Tenant {
    Tenant { enterprise: enterprise.to_owned(), team: team.to_owned() }
}

#[tokio::test]
async fn a_workspace_is_served_by_its_own_installation_or_by_its_organisations() {
    on_both(async |store| {
        store.settle(&tenant("E1", ""), "B1", 1).await.unwrap();
        store.settle(&tenant("E1", "T1"), "B2", 1).await.unwrap();
        store.settle(&tenant("E1", "T1"), "B3", 2).await.unwrap();
        let serving = async |enterprise, team| {
            store.installation_of(&tenant(enterprise, team)).await.unwrap().map(|found| found.tenant)
        };
        assert_eq!(serving("E1", "T1").await, Some(tenant("E1", "T1")));
        assert_eq!(serving("E1", "T2").await, Some(tenant("E1", "")));
        assert_eq!(serving("", "T1").await, Some(tenant("E1", "T1")));
        assert_eq!(serving("", "T2").await, None);
        assert_eq!(serving("", "").await, None);
        // A token that was taken back serves nobody while the organisation's does.
        assert_eq!(store.revoke_of(&tenant("E1", "T1"), 2, 2).await.unwrap().len(), 1);
        assert_eq!(serving("E1", "T1").await, Some(tenant("E1", "")));
        assert_eq!(serving("", "T1").await, Some(tenant("E1", "T1")));
    })
    .await;
}

#[tokio::test]
async fn an_address_of_another_database_is_refused_by_name() {
    for url in ["mysql://here/podcheck", "podcheck.db", "postgres//here"] {
        let sentence = Store::open(url).await.unwrap_err().to_string();
        assert_eq!(
            sentence, "DATABASE_URL is no address of a database: sqlite:FILE or postgres://…",
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_file_of_sqlite_is_its_owners_alone_and_is_found_again() {
    use std::os::unix::fs::PermissionsExt;
    let url = sqlite();
    let store = Store::open(&url).await.unwrap();
    store.settle(&tenant("", "T1"), "B1", 1).await.unwrap();
    store.close().await;
    let mode = std::fs::metadata(url.trim_start_matches("sqlite:")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = Store::open(&url).await.unwrap();
    assert!(again.installation_of(&tenant("", "T1")).await.unwrap().is_some());
}

#[tokio::test]
async fn an_address_that_is_no_database_is_refused_without_its_password() {
    for url in ["mysql://me:hush@localhost/x", "postgres://me:hush@127.0.0.1:1/x", "hush"] {
        let error = format!("{:#}", Store::open(url).await.unwrap_err());
        assert!(error.contains("DATABASE_URL") && !error.contains("hush"), "{error}");
    }
}
