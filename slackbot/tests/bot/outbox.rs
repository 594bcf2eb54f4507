//! The outbox, on both databases: what is planned once, held by one, and settled by its holder.

use crate::database::{Beside, on_both_beside, postgres};
use podcheck_slackbot::store::outbox::{Arrived, Delivery, Kind, LEASE_SECONDS, New, Step, Unsent};
use podcheck_slackbot::store::{Place, Store};
use std::collections::BTreeSet;
use std::time::Duration;

const NOW: i64 = 1_795_348_800;

fn place(channel: &str) -> Place {
    Place { installation: "I1".to_owned(), channel: channel.to_owned() }
}

fn new(id: &str, recipient: &str) -> New {
    New {
        id: id.to_owned(),
        place: place("C1"),
        recipient: recipient.to_owned(),
        kind: Kind::Digest,
        slot: format!("slot:{id}"),
        not_before: NOW,
        not_after: NOW + 14_400,
        detail: String::new(),
    }
}

fn step(channel: &str, was: Option<i64>, next: i64, slot: &str) -> Step {
    Step {
        installation: "I1".to_owned(),
        channel: channel.to_owned(),
        was,
        next: Some(next),
        id: format!("id-{channel}-{next}"),
        slot: slot.to_owned(),
        not_after: NOW + 14_400,
    }
}

/// An installation and its channels, each due.
pub(crate) async fn furnish(beside: &mut Beside, channels: usize) {
    beside
        .does(
            "INSERT INTO installation (id, enterprise_id, team_id, bot_user_id, installer, scopes, token, refresh_token, \
             key_id, generation, renewed_until, status, installed_at, updated_at) \
             VALUES ('I1', '', 'T1', 'B1', 'U9', '', '', '', '', 1, 0, 'active', 1, 1)",
        )
        .await;
    for first in (0..channels).step_by(500) {
        let rows: Vec<String> = (first..channels.min(first + 500))
            .map(|number| format!("('I1', 'C{number}', 'UTC', 540, 127, '[]', '[]', 3, 1, 1, 1, 1, '[]', 1, '', {NOW}, 1, 'U1', 1)"))
            .collect();
        let sql = "INSERT INTO channel (installation_id, channel_id, zone, at_minute, weekdays, holidays, unwanted_kinds, \
                   lead_days, threads, mentions, names, files, editors, is_on, paused, next_at, version, changed_by, \
                   changed_at) VALUES ";
        beside.does(&format!("{sql}{}", rows.join(","))).await;
    }
}

/// The one message, held.
async fn held(store: &Store, now: i64) -> Delivery {
    let mut claimed = store.claim(now, 10).await.unwrap();
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

async fn state(store: &Store, id: &str) -> String {
    store.delivery(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_turn_is_planned_once_however_many_try() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 2).await;
        let steps = [
            step("C0", Some(NOW), NOW + 86_400, "digest:0"),
            step("C1", Some(NOW), NOW + 86_400, "digest:1"),
        ];
        let tries = (0..8).map(|_| {
            let (store, steps) = (store.clone(), steps.clone());
            tokio::spawn(async move { store.plan(&steps, NOW).await.unwrap() })
        });
        let mut moved = 0;
        for one in tries.collect::<Vec<_>>() {
            moved += one.await.unwrap();
        }
        assert_eq!(moved, 2);
        assert_eq!(beside.number("SELECT COUNT(*) FROM outbox").await, 2);
        // The clock was put back: the same day is planned again, and is not sent again.
        beside.does(&format!("UPDATE channel SET next_at = {NOW}")).await;
        assert_eq!(store.plan(&steps, NOW).await.unwrap(), 2);
        assert_eq!(beside.number("SELECT COUNT(*) FROM outbox").await, 2);
        assert!(store.waiting(NOW, 10).await.unwrap().is_empty());
        // A turn without a message moves on.
        assert_eq!(store.plan(&[step("C0", Some(NOW + 86_400), NOW + 90_000, "")], NOW).await.unwrap(), 1);
        assert_eq!(beside.number("SELECT COUNT(*) FROM outbox").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_channel_whose_turn_is_not_worked_out_waits_unless_it_is_off() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 3).await;
        beside.does("UPDATE channel SET next_at = NULL").await;
        beside.does("UPDATE channel SET is_on = 0 WHERE channel_id = 'C1'").await;
        beside.does("UPDATE channel SET paused = 'is_archived' WHERE channel_id = 'C2'").await;
        let waiting = store.waiting(NOW, 10).await.unwrap();
        let found: Vec<_> = waiting.iter().map(|one| (one.place.channel.as_str(), one.next_at)).collect();
        assert_eq!(found, [("C0", None)]);
        assert_eq!(store.plan(&[step("C0", None, NOW + 60, "")], NOW).await.unwrap(), 1);
        assert!(store.waiting(NOW, 10).await.unwrap().is_empty());
        assert!(store.resume(&place("C2"), Some(NOW)).await.unwrap());
        assert_eq!(store.waiting(NOW, 10).await.unwrap()[0].place.channel, "C2");
    })
    .await;
}

#[tokio::test]
async fn a_message_is_held_by_one_and_a_recipient_gets_one_at_a_time() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        for number in 0..60 {
            let recipient = format!("C{}", number / 2);
            assert!(store.put(&new(&format!("m{number:02}"), &recipient), NOW).await.unwrap());
        }
        assert!(
            !store.put(&New { id: "other".into(), ..new("m00", "C0") }, NOW).await.unwrap(),
            "its slot is taken"
        );
        let mut tries = Vec::new();
        for _ in 0..8 {
            let store = store.clone();
            tries.push(tokio::spawn(async move { store.claim(NOW, 7).await.unwrap() }));
        }
        let mut ids = BTreeSet::new();
        for one in tries {
            for held in one.await.unwrap() {
                assert!(ids.insert(held.id), "claimed twice");
            }
        }
        while let Some(held) = store.claim(NOW, 7).await.unwrap().pop() {
            ids.insert(held.id);
        }
        let claimed = beside.number("SELECT COUNT(*) FROM outbox WHERE state = 'sending'").await;
        let recipients =
            beside.number("SELECT COUNT(DISTINCT recipient) FROM outbox WHERE state = 'sending'").await;
        assert_eq!((claimed, recipients), (30, 30), "the first of each pair");
        assert!(
            beside
                .texts("SELECT id FROM outbox WHERE state = 'sending'")
                .await
                .iter()
                .all(|id| { id.trim_start_matches('m').parse::<usize>().unwrap() % 2 == 0 })
        );
    })
    .await;
}

#[tokio::test]
async fn the_next_message_to_a_recipient_waits_two_seconds() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        store.put(&new("b", "C1"), NOW).await.unwrap();
        let first = held(&store, NOW).await;
        assert!(store.begin_call(&first, NOW).await.unwrap());
        assert!(store.settle_sent(&first, "C1", "1.1", "", NOW).await.unwrap());
        assert!(store.claim(NOW + 1, 10).await.unwrap().is_empty());
        assert!(store.claim_one("b", NOW + 1).await.unwrap().is_none());
        assert_eq!(store.claim_one("b", NOW + 2).await.unwrap().unwrap().id, "b");
    })
    .await;
}

#[tokio::test]
async fn a_gate_that_slack_closed_stops_everybody_until_it_opens() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        store.put(&new("b", "C2"), NOW).await.unwrap();
        store.close_gate("I1", "chat.postMessage", "C1", NOW + 100).await.unwrap();
        store.close_gate("I1", "chat.postMessage", "", NOW + 30).await.unwrap();
        // A shorter wait than one that is known does not open it.
        store.close_gate("I1", "chat.postMessage", "", NOW + 5).await.unwrap();
        assert!(store.claim(NOW + 29, 10).await.unwrap().is_empty());
        assert_eq!(held(&store, NOW + 30).await.id, "b");
        assert_eq!(held(&store, NOW + 100).await.id, "a");
    })
    .await;
}

#[tokio::test]
async fn what_was_left_unmarked_is_sent_again_and_what_was_marked_is_in_doubt() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        let first = held(&store, NOW).await;
        assert_eq!(store.take_back(NOW + LEASE_SECONDS - 1).await.unwrap(), 0);
        assert_eq!(store.take_back(NOW + LEASE_SECONDS).await.unwrap(), 1);
        assert_eq!(state(&store, "a").await, "pending");
        let later = NOW + LEASE_SECONDS;
        let second = held(&store, later).await;
        assert!(!store.begin_call(&first, later).await.unwrap(), "the first holder is too late");
        assert!(!store.settle_unsent(&first, &Unsent::Failed("x".into()), later).await.unwrap());
        assert!(store.begin_call(&second, later).await.unwrap());
        store.take_back(later + LEASE_SECONDS).await.unwrap();
        assert_eq!(state(&store, "a").await, "ambiguous");
        // Nobody tells of it: it is sent once more, and given up when that is lost too.
        let later = later + LEASE_SECONDS;
        assert_eq!(store.decide_doubts(later + 119).await.unwrap(), 0);
        assert_eq!(state(&store, "a").await, "ambiguous");
        store.decide_doubts(later + 120).await.unwrap();
        let third = held(&store, later + 120).await;
        assert_eq!(third.doubts, 1);
        assert!(store.begin_call(&third, later + 120).await.unwrap());
        store.settle_unsent(&third, &Unsent::InDoubt, later + 130).await.unwrap();
        assert_eq!(store.decide_doubts(later + 250).await.unwrap(), 1);
        assert_eq!(state(&store, "a").await, "failed");
    })
    .await;
}

/// The test does what the first replica does, and holds its lock until the second one waits for it.
#[tokio::test]
async fn two_replicas_at_once_count_one_lost_answer_once() {
    let url = postgres();
    let store = Store::open(&url).await.unwrap();
    let (mut first, mut watch) = (Beside::open(&url).await, Beside::open(&url).await);
    furnish(&mut first, 0).await;
    store.put(&new("a", "C1"), NOW).await.unwrap();
    let held = held(&store, NOW).await;
    assert!(store.begin_call(&held, NOW).await.unwrap());
    let over = NOW + LEASE_SECONDS;

    let takes_back = "UPDATE outbox SET state = 'ambiguous', doubts = doubts + 1, not_before =";
    let again = store.clone();
    let second = async move { again.take_back(over).await.unwrap() };
    assert_eq!(waits_for(&mut first, &mut watch, &format!("{takes_back} {over} + 120"), second).await, 0);
    let doubts = async || store.delivery("a").await.unwrap().map(|one| (one.state, one.doubts)).unwrap();
    assert_eq!(doubts().await, ("ambiguous".to_owned(), 1));

    // The first has decided already that it is sent again, and its answer was lost again.
    let later = over + 120;
    let decides = || {
        let store = store.clone();
        async move { store.decide_doubts(later).await.unwrap() }
    };
    let lost_again = format!("{takes_back} {later} + 120");
    assert_eq!(waits_for(&mut first, &mut watch, &lost_again, decides()).await, 0);
    assert_eq!(doubts().await, ("ambiguous".to_owned(), 2), "its two minutes have begun");

    // Or the first sends it already.
    first.does(&format!("UPDATE outbox SET doubts = 1, not_before = {later}")).await;
    let sends = "UPDATE outbox SET state = 'sending'";
    assert_eq!(waits_for(&mut first, &mut watch, sends, decides()).await, 0);
    assert_eq!(doubts().await, ("sending".to_owned(), 1));
}

/// What comes of a replica that began while another had changed the rows and not committed yet.
async fn waits_for(
    first: &mut Beside,
    watch: &mut Beside,
    change: &str,
    second: impl Future<Output = u64> + Send + 'static,
) -> u64 {
    first.does(&format!("BEGIN; {change}")).await;
    let second = tokio::spawn(second);
    watch.until_one_waits().await;
    first.does("COMMIT").await;
    second.await.unwrap()
}

#[tokio::test]
async fn a_message_that_turns_up_settles_its_doubt() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        let held = held(&store, NOW).await;
        store.begin_call(&held, NOW).await.unwrap();
        store.settle_unsent(&held, &Unsent::InDoubt, NOW).await.unwrap();
        assert_eq!(store.arrived("I2", "a", "C1", "5.1", NOW).await.unwrap(), Arrived::Unknown);
        assert_eq!(store.arrived("I1", "nobody", "C1", "5.1", NOW).await.unwrap(), Arrived::Unknown);
        let settled = Arrived::Settled(place("C1"));
        assert_eq!(store.arrived("I1", "a", "C1", "5.1", NOW + 1).await.unwrap(), settled);
        assert_eq!(store.arrived("I1", "a", "C1", "5.1", NOW + 1).await.unwrap(), Arrived::Known);
        let known = store.delivery("a").await.unwrap().unwrap();
        assert_eq!((&*known.state, &*known.posted_in, &*known.posted_ts), ("sent", "C1", "5.1"));
        assert_eq!(store.decide_doubts(NOW + 1_000).await.unwrap(), 0);
        assert!(store.claim(NOW + 1_000, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_a_message_shows_is_noted_where_nobody_else_has_noted_it() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        assert!(store.now_shows("a", "", "[1]").await.unwrap());
        assert!(!store.now_shows("a", "", "[2]").await.unwrap());
        assert_eq!(store.delivery("a").await.unwrap().unwrap().detail, "[1]");
    })
    .await;
}

#[tokio::test]
async fn of_two_that_turn_up_the_older_goes() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        let first = held(&store, NOW).await;
        store.begin_call(&first, NOW).await.unwrap();
        store.settle_unsent(&first, &Unsent::InDoubt, NOW).await.unwrap();
        store.decide_doubts(NOW + 200).await.unwrap();
        let second = held(&store, NOW + 200).await;
        store.begin_call(&second, NOW + 200).await.unwrap();
        // Slack tells of the first while the second is on its way.
        assert_eq!(store.arrived("I1", "a", "C1", "5.1", NOW + 200).await.unwrap(), Arrived::Known);
        assert!(!store.settle_sent(&second, "C1", "7.1", "", NOW + 200).await.unwrap());
        let older = Arrived::Twice { posted_in: "C1".into(), posted_ts: "5.1".into() };
        assert_eq!(store.arrived("I1", "a", "C1", "7.1", NOW + 200).await.unwrap(), older);
        let known = store.delivery("a").await.unwrap().unwrap();
        assert_eq!((&*known.state, &*known.posted_ts), ("sent", "7.1"));
        assert_eq!(
            store.arrived("I1", "a", "C1", "5.1", NOW + 200).await.unwrap(),
            older,
            "told again, it goes again"
        );
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_comes_after_the_lease_still_counts() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&new("a", "C1"), NOW).await.unwrap();
        let held = held(&store, NOW).await;
        store.begin_call(&held, NOW).await.unwrap();
        store.take_back(NOW + LEASE_SECONDS).await.unwrap();
        assert!(store.settle_sent(&held, "C1", "5.1", "[]", NOW + LEASE_SECONDS).await.unwrap());
        assert_eq!(state(&store, "a").await, "sent");
    })
    .await;
}

#[tokio::test]
async fn what_takes_longer_to_make_than_its_lease_is_its_holders_until_it_is_taken_back_or_too_late() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        store.put(&New { not_after: NOW + 1_000, ..new("a", "C1") }, NOW).await.unwrap();
        let first = held(&store, NOW).await;
        assert!(store.keep_lease(&first, NOW + LEASE_SECONDS - 1).await.unwrap());
        assert_eq!(store.take_back(NOW + LEASE_SECONDS).await.unwrap(), 0);
        let later = NOW + 2 * LEASE_SECONDS;
        assert!(store.begin_call(&first, later).await.unwrap(), "nobody has taken it back");
        assert!(!store.begin_call(&first, NOW + 1_001).await.unwrap(), "it is too late to post it");
        store.take_back(later + LEASE_SECONDS).await.unwrap();
        assert!(!store.keep_lease(&first, later + LEASE_SECONDS).await.unwrap());
    })
    .await;
}

/// A clock that ran ahead left leases and doubts that end long after any could.
#[tokio::test]
async fn a_clock_that_is_put_back_leaves_nothing_held_for_longer_than_a_lease() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        for (id, recipient) in [("a", "C1"), ("b", "C2")] {
            store.put(&new(id, recipient), NOW).await.unwrap();
        }
        let ahead = NOW + 86_400;
        let b = store.claim_one("b", ahead).await.unwrap().unwrap();
        store.begin_call(&Delivery { not_after: i64::MAX, ..b.clone() }, ahead).await.unwrap();
        store.settle_unsent(&b, &Unsent::InDoubt, ahead).await.unwrap();
        store.claim_one("a", ahead).await.unwrap().unwrap();
        store.take_back(NOW).await.unwrap();
        store.decide_doubts(NOW).await.unwrap();
        assert_eq!(
            (state(&store, "a").await, state(&store, "b").await),
            ("pending".into(), "pending".into())
        );
    })
    .await;
}

#[tokio::test]
async fn a_channel_is_paused_once_and_its_installer_is_told_once() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 2).await;
        let notice = || Some(New { kind: Kind::Notice, recipient: "U9".into(), ..new("n", "U9") });
        assert!(store.pause(&place("C1"), "is_archived", notice(), NOW).await.unwrap());
        assert!(!store.pause(&place("C1"), "is_archived", notice(), NOW).await.unwrap());
        assert_eq!(beside.number("SELECT COUNT(*) FROM outbox WHERE recipient = 'U9'").await, 1);
        assert_eq!(beside.texts("SELECT paused FROM channel ORDER BY channel_id").await, ["", "is_archived"]);
        assert_eq!(store.waiting(NOW, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_dropped_in_steps_and_what_is_open_stays() {
    on_both_beside(async |store, mut beside| {
        furnish(&mut beside, 0).await;
        for number in 0..3 {
            store.put(&new(&format!("m{number}"), &format!("C{number}")), NOW).await.unwrap();
        }
        let first = store.claim_one("m0", NOW).await.unwrap().unwrap();
        store.settle_unsent(&first, &Unsent::Cancelled("nothing due".into()), NOW).await.unwrap();
        assert_eq!(store.backlog(NOW + 9).await.unwrap().oldest_seconds, 9);
        assert_eq!(store.prune_outbox(NOW).await.unwrap(), 0);
        assert_eq!(store.prune_outbox(NOW + 1).await.unwrap(), 1);
        assert_eq!(store.backlog(NOW).await.unwrap().pending, 2);
    })
    .await;
}

/// The planner of PostgreSQL decides with rows in the tables as after a few days of 20,000 channels, and the server counts
/// how often it read a whole table.
#[tokio::test]
async fn no_query_of_the_outbox_reads_a_whole_table() {
    let url = postgres();
    Store::open(&url).await.unwrap().close().await;
    let mut beside = Beside::open(&url).await;
    furnish(&mut beside, 20_000).await;
    beside
        .does(&format!(
            "INSERT INTO outbox SELECT 'o' || n, 'I1', 'C' || n % 20000, 'C' || n % 20000, 'digest', 'slot' || n, \
             CASE WHEN n < 2000 THEN 'pending' ELSE 'sent' END, 0, 0, {NOW} - n, {NOW} + 9999, 0, 0, \
             CASE WHEN n < 2000 THEN NULL ELSE {NOW} - 40 * n END, '', 'C', n || '.1', '', {NOW} - 40 * n, NULL \
             FROM generate_series(0, 59999) n; \
             UPDATE channel SET next_at = next_at + substr(channel_id, 2)::BIGINT; \
             INSERT INTO gate SELECT 'I1', 'chat.postMessage', 'X' || n, {NOW} FROM generate_series(0, 999) n; \
             ANALYZE outbox; ANALYZE channel; ANALYZE gate;"
        ))
        .await;
    let whole = "SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables \
                 WHERE relname IN ('outbox', 'channel', 'gate') AND seq_scan > 0";
    let indexes =
        "SELECT indexrelname::TEXT FROM pg_stat_user_indexes WHERE idx_scan > 0 AND relname = 'outbox'";
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    beside.does("SELECT pg_stat_force_next_flush()").await;
    beside.does("SELECT pg_stat_reset()").await;

    let store = Store::open(&url).await.unwrap();
    // More than five times each: the plan for any value takes over from the plans for these.
    for round in 0..8 {
        let now = NOW + round;
        let waiting = store.waiting(now, 5).await.unwrap();
        let steps: Vec<Step> = waiting
            .iter()
            .map(|one| {
                step(&one.place.channel, one.next_at, now + 86_400, &format!("again:{}", one.place.channel))
            })
            .collect();
        assert!(!steps.is_empty());
        store.plan(&steps, now).await.unwrap();
        let claimed = store.claim(now, 16).await.unwrap();
        assert_eq!(claimed.len(), 16);
        store.claim_one("o1", now).await.unwrap();
        for (number, held) in claimed.iter().enumerate() {
            store.begin_call(held, now).await.unwrap();
            match number % 3 {
                0 => store.settle_sent(held, "C1", &format!("{now}.{number}"), "", now).await.unwrap(),
                1 => store.settle_unsent(held, &Unsent::InDoubt, now).await.unwrap(),
                _ => true,
            };
        }
        store.close_gate("I1", "chat.postMessage", "Y", now).await.unwrap();
        store.arrived("I1", &claimed[1].id, "C1", "9.9", now).await.unwrap();
        store.standing(&place("C7"), now - 100, "3.1", 10).await.unwrap();
        store.take_back(now + 61).await.unwrap();
        store.decide_doubts(now + 500).await.unwrap();
        store.backlog(now).await.unwrap();
        store.prune_outbox(NOW - 40 * 39_000).await.unwrap();
        store.pause(&place("C8"), "is_archived", None, now).await.unwrap();
        store.resume(&place("C8"), Some(now)).await.unwrap();
    }
    store.close().await;

    // What a connection counted is told when it ends.
    while beside.number(others).await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(beside.texts(whole).await, Vec::<String>::new(), "some query read a whole table");
    let used: BTreeSet<String> = beside.texts(indexes).await.into_iter().collect();
    for index in [
        "outbox_pending",
        "outbox_sending",
        "outbox_ambiguous",
        "outbox_open",
        "outbox_by_recipient",
        "outbox_by_channel",
        "outbox_by_age",
        "outbox_pkey",
    ] {
        assert!(used.contains(index), "{index} is not used: {used:?}");
    }
}
