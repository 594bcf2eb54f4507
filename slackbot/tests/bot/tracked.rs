//! What is tracked and what people do with it, as both databases keep it.

use crate::database::{Beside, on_both, postgres};
use chrono::NaiveDate;
use podcheck_core::field::Field;
use podcheck_core::report::{ActionKind, Verdict};
use podcheck_slackbot::memory::Tenant;
use podcheck_slackbot::store::outbox::{self, Kind};
use podcheck_slackbot::store::{Change, Channel, New, Person, Place, Store, Taken, Undone, Weekdays};
use std::collections::BTreeMap;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A channel of a workspace, with its settings as they are at first.
async fn channel(store: &Store, team: &str, channel: &str) -> Channel {
    let tenant = Tenant { enterprise: String::new(), team: team.to_owned() };
    store.settle(&tenant, "B1", 1).await.unwrap();
    let installation = store.installation_of(&tenant).await.unwrap().unwrap().id;
    let place = Place { installation, channel: channel.to_owned() };
    let new = Channel::new(place.clone(), "Europe/Paris".to_owned(), "U1", 10);
    assert!(store.save_channel(&new).await.unwrap());
    store.channel(&place).await.unwrap().unwrap()
}

fn new(id: &str, facts: &[(&str, &str)]) -> New {
    let mut all: BTreeMap<String, String> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    all.insert("opportunity_id".to_owned(), id.to_owned());
    New {
        opportunity_id: id.to_owned(),
        facts: all,
        emptied: Vec::new(),
        verdict: Verdict::OnTrack,
        judged_on: day("2026-11-22"),
    }
}

fn taken(added: usize, refreshed: usize) -> Taken {
    Taken { added, refreshed, ..Taken::default() }
}

#[tokio::test]
async fn a_channels_settings_come_back_as_they_were_saved() {
    on_both(async |store| {
        let mut saved = channel(&store, "T1", "C1").await;
        assert_eq!((saved.version, saved.weekdays), (1, Weekdays::WORKING));
        saved.zone = "Asia/Kolkata".to_owned();
        saved.at_minute = 1_439;
        saved.weekdays = Weekdays(0b100_0001);
        saved.holidays = vec![day("2026-12-25"), day("2027-01-01")];
        saved.unwanted = vec![ActionKind::Eur, ActionKind::CloseDate];
        saved.lead_days = -3;
        (saved.threads, saved.mentions, saved.names, saved.files, saved.is_on) =
            (false, false, true, true, false);
        saved.editors = vec!["U1".to_owned(), "U2".to_owned()];
        saved.paused = "archived".to_owned();
        saved.next_at = Some(1_800_000_000);
        (saved.changed_by, saved.changed_at) = ("U2".to_owned(), 20);
        assert!(store.save_channel(&saved).await.unwrap());
        let read = store.channel(&saved.place).await.unwrap().unwrap();
        assert_eq!(read, Channel { version: 2, ..saved.clone() });
        assert!(!store.save_channel(&saved).await.unwrap(), "somebody saved it in the meantime");
        assert_eq!(store.paused(&saved.place.installation).await.unwrap(), [read]);
    })
    .await;
}

#[tokio::test]
async fn an_export_adds_what_is_new_and_refreshes_what_is_known() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        let first = vec![
            new("O2", &[("stage", "Committed")]),
            new("O1", &[("last_modified_at", "2026-11-01T00:00:00Z")]),
        ];
        assert_eq!(store.track(&place, first, "U1", 5).await.unwrap(), taken(2, 0));
        store.change(&place, "O1", Change::Owner("U2".to_owned()), "U1", 6).await.unwrap();
        store.change(&place, "O1", Change::Updated(day("2026-11-20")), "U1", 6).await.unwrap();
        let again = vec![
            New { verdict: Verdict::Eligible, ..new("O1", &[("last_modified_at", "2026-11-10T00:00:00Z")]) },
            new("O3", &[]),
            new("O3", &[]),
        ];
        assert_eq!(store.track(&place, again, "U3", 7).await.unwrap(), taken(1, 1));
        let kept = store.tracked(&place, "", 10).await.unwrap();
        let ids: Vec<_> = kept.iter().map(|one| one.opportunity_id.as_str()).collect();
        assert_eq!(ids, ["O1", "O2", "O3"]);
        assert_eq!(
            (kept[0].owner.as_str(), kept[0].verdict, kept[0].tracked_at),
            ("U2", Verdict::Eligible, 5)
        );
        assert_eq!(
            kept[0].fact(Field::LastModifiedAt),
            Some("2026-11-20T00:00:00Z"),
            "an update that was noted here is newer than the export"
        );
        assert_eq!(kept[2].owner, "U3");
        store.change(&place, "O3", Change::Stop, "U3", 8).await.unwrap();
        let again = vec![new("O2", &[]), new("O3", &[]), new("O4", &[])];
        let of_stopped = Taken { stopped: 1, ..taken(1, 2) };
        assert_eq!(store.track(&place, again, "U3", 9).await.unwrap(), of_stopped);
        let after: Vec<_> = store.tracked(&place, "O1", 1).await.unwrap();
        assert_eq!(after[0].opportunity_id, "O2");
    })
    .await;
}

#[tokio::test]
async fn a_check_that_says_less_takes_nothing_away() {
    on_both(async |store| {
        let mut channel = channel(&store, "T1", "C1").await;
        channel.names = true;
        assert!(store.save_channel(&channel).await.unwrap());
        let place = channel.place;
        let export = new(
            "O1",
            &[
                ("project_title", "Tern migration"),
                ("customer_name", "Tern Logistics"),
                ("review_status", "Submitted"),
                ("target_close_date", "2027-03-15"),
            ],
        );
        let lost = |new| New { verdict: Verdict::NotEligible, ..new };
        let unsure = |new| New { verdict: Verdict::NeedsInformation, judged_on: day("2026-11-25"), ..new };
        store.track(&place, vec![lost(export.clone())], "U1", 5).await.unwrap();
        let approved = unsure(new("O1", &[("review_status", "Approved")]));
        store.track(&place, vec![approved], "U1", 6).await.unwrap();
        let kept = store.tracked_one(&place, "O1").await.unwrap().unwrap();
        let mut expect = export.facts.clone();
        expect.insert("review_status".to_owned(), "Approved".to_owned());
        assert_eq!(kept.facts, expect, "the new one wins, and nothing is added that nobody said");
        assert_eq!(
            (kept.verdict, kept.judged_on),
            (Verdict::NotEligible, day("2026-11-22")),
            "who knew less and could not decide changes no decision"
        );
        let decided = New { verdict: Verdict::Ended, ..new("O1", &[]) };
        store.track(&place, vec![decided], "U1", 7).await.unwrap();
        assert_eq!(store.tracked_one(&place, "O1").await.unwrap().unwrap().verdict, Verdict::Ended);
        store.track(&place, vec![unsure(export)], "U1", 8).await.unwrap();
        let kept = store.tracked_one(&place, "O1").await.unwrap().unwrap();
        assert_eq!((kept.verdict, kept.judged_on), (Verdict::NeedsInformation, day("2026-11-25")));
        assert_eq!(kept.fact(Field::ReviewStatus), Some("Submitted"));
    })
    .await;
}

#[tokio::test]
async fn an_empty_cell_takes_away_what_was_known() {
    on_both(async |store| {
        let mut channel = channel(&store, "T1", "C1").await;
        channel.names = true;
        assert!(store.save_channel(&channel).await.unwrap());
        let place = channel.place;
        let launched =
            [("customer_name", "Tern Logistics"), ("launched_on", "2026-11-02"), ("stage", "Committed")];
        store.track(&place, vec![new("O1", &launched)], "U1", 5).await.unwrap();
        let emptied = New {
            emptied: vec!["customer_name", "launched_on"],
            verdict: Verdict::NeedsInformation,
            ..new("O1", &[])
        };
        store.track(&place, vec![emptied], "U1", 6).await.unwrap();
        let kept = store.tracked_one(&place, "O1").await.unwrap().unwrap();
        assert_eq!(kept.facts, new("O1", &[("stage", "Committed")]).facts);
        assert_eq!(kept.verdict, Verdict::OnTrack, "the stage was not given");
    })
    .await;
}

#[tokio::test]
async fn customers_names_are_kept_only_where_the_channel_wants_them_and_go_when_it_does_not() {
    on_both(async |store| {
        let named = || vec![new("O1", &[("customer_name", "Tern Logistics")])];
        let name = async |place: &Place| {
            let one = store.tracked_one(place, "O1").await.unwrap().unwrap();
            one.fact(Field::CustomerName).map(str::to_owned)
        };
        let mut channel = channel(&store, "T1", "C1").await;
        let place = channel.place.clone();
        store.track(&place, named(), "U1", 5).await.unwrap();
        assert_eq!(name(&place).await, None);
        channel.names = true;
        assert!(store.save_channel(&channel).await.unwrap());
        store.track(&place, named(), "U1", 6).await.unwrap();
        assert_eq!(name(&place).await.as_deref(), Some("Tern Logistics"));
        store.change(&place, "O1", Change::Stop, "U1", 7).await.unwrap();
        assert_eq!(name(&place).await.as_deref(), Some("Tern Logistics"));
        channel.version += 1;
        channel.names = false;
        assert!(store.save_channel(&channel).await.unwrap());
        assert_eq!(name(&place).await, None);
    })
    .await;
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_says_who_did_it_first() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        store.track(&place, vec![new("O1", &[])], "U1", 5).await.unwrap();
        for change in [
            Change::Updated(day("2026-11-22")),
            Change::Snooze(day("2026-11-30")),
            Change::Stop,
            Change::Resume,
            Change::Owner("U9".to_owned()),
        ] {
            let change = || change.clone();
            let first = store.change(&place, "O1", change(), "U1", 6).await.unwrap().unwrap();
            let second = store.change(&place, "O1", change(), "U2", 7).await.unwrap().unwrap();
            assert!(first.is_new && !second.is_new);
            assert_eq!(first.tracked, second.tracked);
            assert_eq!(first.made_by, second.made_by);
            let made_by = second.made_by.unwrap();
            assert_eq!((made_by.by.as_str(), made_by.at, made_by.act.change), ("U1", 6, change()));
        }
        assert_eq!(store.change(&place, "O2", Change::Stop, "U1", 8).await.unwrap(), None);
        let log = store.log_of(&place, "O1", 3).await.unwrap();
        assert_eq!(log.len(), 3);
        assert_eq!(log[0].act.change, Change::Owner("U9".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_was_done_can_be_undone_once_and_only_while_nothing_newer_happened() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        store
            .track(&place, vec![new("O1", &[("last_modified_at", "2026-11-01T00:00:00Z")])], "U1", 5)
            .await
            .unwrap();
        let before = store.tracked_one(&place, "O1").await.unwrap().unwrap();
        let done =
            store.change(&place, "O1", Change::Updated(day("2026-11-22")), "U1", 6).await.unwrap().unwrap();
        let id = done.made_by.unwrap().id;
        let Undone::Now(now, change) = store.undo(&place, &id, "U2", 7).await.unwrap() else { panic!() };
        assert_eq!(change, Change::Updated(day("2026-11-22")));
        assert_eq!(now.facts, before.facts);
        let Undone::Before(_, by) = store.undo(&place, &id, "U3", 8).await.unwrap() else { panic!() };
        assert_eq!((by.by.as_str(), by.at), ("U2", 7));

        let stopped = store.change(&place, "O1", Change::Stop, "U1", 9).await.unwrap().unwrap();
        store.change(&place, "O1", Change::Snooze(day("2026-12-01")), "U2", 10).await.unwrap();
        let id = stopped.made_by.unwrap().id;
        let Undone::Superseded(kept, Some(newer)) = store.undo(&place, &id, "U1", 11).await.unwrap() else {
            panic!()
        };
        assert!(kept.is_stopped);
        assert_eq!((newer.by.as_str(), newer.act.change), ("U2", Change::Snooze(day("2026-12-01"))));
        assert_eq!(store.undo(&place, "nothing", "U1", 12).await.unwrap(), Undone::Gone);
    })
    .await;
}

#[tokio::test]
async fn two_people_at_once_leave_one_change() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        store.track(&place, vec![new("O1", &[])], "U1", 5).await.unwrap();
        let presses = (0..8).map(|user| {
            let (store, place) = (store.clone(), place.clone());
            tokio::spawn(async move {
                let by = format!("U{user}");
                store.change(&place, "O1", Change::Stop, &by, 6).await.unwrap().unwrap().is_new
            })
        });
        let mut changes = 0;
        for press in presses.collect::<Vec<_>>() {
            changes += usize::from(press.await.unwrap());
        }
        assert_eq!(changes, 1);
        assert_eq!(store.log_of(&place, "O1", 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn channels_and_workspaces_have_nothing_in_common() {
    on_both(async |store| {
        let here = channel(&store, "T1", "C1").await.place;
        let there = channel(&store, "T1", "C2").await.place;
        let elsewhere = channel(&store, "T2", "C1").await.place;
        for place in [&here, &there, &elsewhere] {
            store.track(place, vec![new("O1", &[])], "U1", 5).await.unwrap();
        }
        let stopped = store.change(&here, "O1", Change::Stop, "U1", 6).await.unwrap().unwrap();
        let id = stopped.made_by.unwrap().id;
        for place in [&there, &elsewhere] {
            assert_eq!(store.undo(place, &id, "U1", 7).await.unwrap(), Undone::Gone);
            assert!(!store.tracked_one(place, "O1").await.unwrap().unwrap().is_stopped);
            assert!(store.log_of(place, "O1", 9).await.unwrap().is_empty());
        }
        assert_eq!(store.forget(&here, None).await.unwrap(), 1);
        assert!(store.log_of(&here, "O1", 9).await.unwrap().is_empty());
        assert_eq!(store.tracked_count(&there).await.unwrap(), 1);
        let owned = store.owned_counts(&there.installation, "U1").await.unwrap();
        assert_eq!(owned, [("C2".to_owned(), 1)]);
        let nowhere = Place { channel: "C9".to_owned(), ..here };
        assert!(store.track(&nowhere, vec![new("O1", &[])], "U1", 8).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_one_person_owns_in_a_channel_is_read_in_parts() {
    on_both(async |store| {
        let here = channel(&store, "T1", "C1").await.place;
        let there = channel(&store, "T1", "C2").await.place;
        for place in [&here, &there] {
            let news = ["O1", "O2", "O3", "O4"].map(|id| new(id, &[])).to_vec();
            store.track(place, news, "U1", 5).await.unwrap();
        }
        store.change(&here, "O2", Change::Owner("U2".to_owned()), "U1", 6).await.unwrap();
        let ids = async |owner: &str, after: &str, limit| {
            let part = store.tracked_of(&here, owner, after, limit).await.unwrap();
            part.into_iter().map(|one| one.opportunity_id).collect::<Vec<_>>()
        };
        assert_eq!(ids("U1", "", 2).await, ["O1", "O3"]);
        assert_eq!(ids("U1", "O3", 2).await, ["O4"]);
        assert_eq!(ids("U2", "", 2).await, ["O2"]);
        assert!(ids("U3", "", 2).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_is_forgotten_with_its_log_and_several_are_stopped_at_once() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        let all: Vec<New> = (0..250).map(|at| new(&format!("O{at:04}"), &[])).collect();
        store.track(&place, all, "U1", 5).await.unwrap();
        store.change(&place, "O0001", Change::Stop, "U1", 6).await.unwrap();
        assert_eq!(store.forget(&place, Some("O0001")).await.unwrap(), 1);
        assert_eq!(store.forget(&place, Some("O0001")).await.unwrap(), 0);
        assert!(store.log_of(&place, "O0001", 9).await.unwrap().is_empty());
        let ids = store.tracked_ids(&place).await.unwrap();
        assert_eq!(ids.len(), 249);
        assert_eq!(store.stop_all(&place, &ids, "U2", 7).await.unwrap(), 249);
        assert_eq!(store.stop_all(&place, &ids, "U2", 8).await.unwrap(), 0);
        assert!(store.tracked_ids(&place).await.unwrap().is_empty());
    })
    .await;
}

/// What is forgotten stands in no message's memory; a message tells by it what is taken care of.
#[tokio::test]
async fn a_message_does_not_remember_what_is_forgotten() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        let ids = ["O1", "O12", "O2"];
        let shown = |ids: &[&str]| {
            let shown =
                ids.iter().map(|id| format!(r#"{{"id":"{id}","actions":{{"UPD001":"2026-11-15"}}}}"#));
            format!("[{}]", shown.collect::<Vec<_>>().join(","))
        };
        store.track(&place, ids.map(|id| new(id, &[])).to_vec(), "U1", 5).await.unwrap();
        for (id, kind, detail) in [
            ("d1", Kind::Digest, shown(&["O1", "O12", "O2"])),
            ("d2", Kind::Direct, shown(&["O12"])),
            ("n1", Kind::Notice, "is_archived".to_owned()),
        ] {
            let (place, slot, recipient) = (place.clone(), id.to_owned(), id.to_owned());
            let id = id.to_owned();
            let message =
                outbox::New { id, place, recipient, kind, slot, not_before: 5, not_after: 9, detail };
            assert!(store.put(&message, 5).await.unwrap());
        }
        let details = async || {
            let mut details = Vec::new();
            for id in ["d1", "d2", "n1"] {
                details.push(store.delivery(id).await.unwrap().unwrap().detail);
            }
            details
        };
        assert_eq!(store.forget(&place, Some("O1")).await.unwrap(), 1);
        assert_eq!(details().await, [shown(&["", "O12", "O2"]), shown(&["O12"]), "is_archived".to_owned()]);
        assert_eq!(store.forget(&place, None).await.unwrap(), 2);
        assert_eq!(details().await, ["[]", "[]", "is_archived"]);
    })
    .await;
}

/// The test presses, and holds the channel as a press does until who forgets waits for it.
#[tokio::test]
async fn a_press_at_the_same_moment_leaves_nothing_of_what_is_forgotten() {
    let url = postgres();
    let store = Store::open(&url).await.unwrap();
    let (mut press, mut watch) = (Beside::open(&url).await, Beside::open(&url).await);
    let place = channel(&store, "T1", "C1").await.place;
    store.track(&place, vec![new("O1", &[])], "U1", 5).await.unwrap();
    press.does("BEGIN; UPDATE channel SET version = version").await;
    let forgetting = tokio::spawn({
        let (store, place) = (store.clone(), place.clone());
        async move { store.forget(&place, Some("O1")).await.unwrap() }
    });
    watch.until_one_waits().await;
    press
        .does(
            "UPDATE tracked SET is_stopped = 1, version = 2;              INSERT INTO change SELECT 'x', installation_id, channel_id, 'O1', 'U1', '{\"change\":\"stop\"}', '{}', 2, 6 \
             FROM channel; COMMIT",
        )
        .await;
    assert_eq!(forgetting.await.unwrap(), 1);
    assert_eq!(watch.number("SELECT COUNT(*) FROM change").await, 0);
}

#[tokio::test]
async fn what_was_done_long_ago_is_forgotten_also_of_what_nobody_touches_any_more() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        store.track(&place, vec![new("O1", &[])], "U1", 5).await.unwrap();
        store.change(&place, "O1", Change::Stop, "U1", 1_000).await.unwrap();
        store.change(&place, "O1", Change::Resume, "U1", 1_001).await.unwrap();
        assert!(store.forget_changes(1_001).await.unwrap());
        assert!(!store.forget_changes(1_001).await.unwrap());
        let log = store.log_of(&place, "O1", 9).await.unwrap();
        assert_eq!(log.iter().map(|one| &one.act.change).collect::<Vec<_>>(), [&Change::Resume]);
    })
    .await;
}

#[tokio::test]
async fn a_person_is_asked_nothing_until_they_say_so() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        let wants = async |user| store.person(&place.installation, user).await.unwrap();
        assert_eq!(wants("U1").await, Person { mentions: true, direct: false });
        for person in [Person { mentions: false, direct: true }, Person { mentions: true, direct: true }] {
            store.save_person(&place.installation, "U1", person).await.unwrap();
            assert_eq!(wants("U1").await, person);
        }
        assert_eq!(wants("U2").await, Person::default());
    })
    .await;
}

#[tokio::test]
async fn an_export_is_tracked_in_parts() {
    on_both(async |store| {
        let place = channel(&store, "T1", "C1").await.place;
        let all = || -> Vec<New> { (0..1_234).rev().map(|at| new(&format!("O{at:07}"), &[])).collect() };
        assert_eq!(store.track(&place, all(), "U1", 5).await.unwrap(), taken(1_234, 0));
        assert_eq!(store.track(&place, all(), "U1", 6).await.unwrap(), taken(0, 1_234));
        assert_eq!(store.tracked_count(&place).await.unwrap(), 1_234);
    })
    .await;
}
