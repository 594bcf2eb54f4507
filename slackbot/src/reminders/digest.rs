//! What a message of the outbox says, made from what is kept at the moment of sending or redrawing it.

use super::due::{Due, due};
use super::names::names_of;
use super::schedule::Zone;
use crate::app::App;
use crate::install::Installed;
use crate::memory::random_name;
use crate::store::outbox::{Delivery, Kind, New};
use crate::store::{Broken, Channel, Person, Place, Tracked};
use crate::views::block::Message;
use crate::views::digest::{self as view, Digest, Gone, Line, Owner, Whose};
use crate::views::tracked::{self, Stands};
use chrono::NaiveDate;
use podcheck_core::report::{Action, ActionKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::timeout;

/// So many opportunities are read and judged at a time.
const PAGE: usize = 200;
/// The worst that are told, in the message and in its thread.
const ROWS_MAX: usize = view::ROWS_MAX + view::THREAD_ROWS_MAX;
/// So many owners of what is due in one channel are asked how they want to hear of it.
const OWNERS_MAX: usize = 200;
/// So many opportunities a message remembers to have told.
const SHOWN_MAX: usize = 50;
/// What takes long to make, of a channel with very much, is held on to: three times within a lease.
const LEASE_KEPT_EVERY: Duration = Duration::from_secs(20);
/// A thread comes after its digest.
const THREAD_AFTER_SECONDS: i64 = 1;

/// What is to be sent.
pub(super) enum Composed {
    /// This.
    Message {
        message: Message,
        /// What is remembered of it.
        detail: String,
        /// Below which message; empty where it stands by itself.
        thread_ts: String,
    },
    /// Nothing, for this reason.
    Nothing(&'static str),
    /// It is not known yet.
    NotYet,
}

/// What is due in a channel.
#[derive(Debug, Default)]
struct Found {
    overdue: usize,
    soon: usize,
    /// The worst.
    rows: Vec<Row>,
    owners: BTreeSet<String>,
    /// What is still due of what was told.
    still: BTreeSet<String>,
}

#[derive(Debug)]
struct Row {
    tracked: Tracked,
    actions: Vec<Action>,
    is_overdue: bool,
}

/// What a message has told of an opportunity: the ids of what is to be done, each with its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    id: String,
    actions: BTreeMap<String, Option<NaiveDate>>,
}

/// What a message is about, and what it has told.
struct Asked<'a> {
    channel: &'a Channel,
    today: NaiveDate,
    kind: Kind,
    recipient: &'a str,
    shown: &'a [Shown],
}

/// What a claimed message says. Whatever else its digest needs is planned with it: the thread, and messages of their own
/// to owners who prefer them.
pub(super) async fn compose(
    app: &App,
    installed: &Installed,
    held: &Delivery,
    now: i64,
) -> Result<Composed, Broken> {
    if held.kind == Kind::Notice {
        let message = view::paused(&held.place.channel, &held.detail);
        return Ok(Composed::Message { message, detail: held.detail.clone(), thread_ts: String::new() });
    }
    let Some(channel) = app.store.channel(&held.place).await? else {
        return Ok(Composed::Nothing("the channel is forgotten"));
    };
    if held.kind != Kind::Test && (!channel.is_on || !channel.paused.is_empty()) {
        return Ok(Composed::Nothing("the channel wants no reminders"));
    }
    let mut thread_ts = String::new();
    if held.kind == Kind::Thread {
        let digest = app.store.delivery(&held.detail).await?;
        match digest.as_ref().map(|digest| digest.state.as_str()) {
            Some("sent") => thread_ts = digest.map(|digest| digest.posted_ts).unwrap_or_default(),
            Some("pending" | "sending" | "ambiguous") => return Ok(Composed::NotYet),
            _ => return Ok(Composed::Nothing("its digest was not sent")),
        }
    }
    let today = Zone::or_utc(&channel.zone).day_at(now);
    let asked = Asked { channel: &channel, today, kind: held.kind, recipient: &held.recipient, shown: &[] };
    let making = gather(app, &asked);
    tokio::pin!(making);
    let found = loop {
        if let Ok(found) = timeout(LEASE_KEPT_EVERY, &mut making).await {
            break found?;
        }
        if !app.store.keep_lease(held, app.clock.moment()).await? {
            return Ok(Composed::NotYet);
        }
    };
    if found.rows.is_empty() && held.kind != Kind::Test {
        return Ok(Composed::Nothing("nothing due"));
    }
    if held.kind == Kind::Thread && rest(&found).next().is_none() {
        return Ok(Composed::Nothing("nothing more due"));
    }
    let people = people(app, &asked, &found).await?;
    if held.kind == Kind::Digest {
        plan_direct(app, held, &found, &people, today, now).await?;
        plan_thread(app, held, &channel, &found, now).await?;
    }
    let detail = match held.kind {
        Kind::Thread => held.detail.clone(),
        _ => shown_after(Vec::new(), &found),
    };
    let message = said(app, installed, &asked, &found, &people, Vec::new()).await;
    Ok(Composed::Message { message, detail, thread_ts })
}

/// What a message that stands in Slack says by now, and what is remembered of it.
pub(super) async fn redrawn(
    app: &App,
    installed: &Installed,
    channel: &Channel,
    standing: &Delivery,
    now: i64,
) -> Result<(Message, String), Broken> {
    let mut shown: Vec<Shown> = serde_json::from_str(&standing.detail).unwrap_or_default();
    let today = Zone::or_utc(&channel.zone).day_at(now);
    let asked = Asked { channel, today, kind: standing.kind, recipient: &standing.recipient, shown: &shown };
    let found = gather(app, &asked).await?;
    let people = people(app, &asked, &found).await?;
    let (mut gone, mut forgotten) = (Vec::new(), BTreeSet::new());
    for shown in shown.iter().filter(|shown| !found.still.contains(&shown.id)) {
        match app.store.tracked_one(&channel.place, &shown.id).await? {
            Some(tracked) => gone.push((why_gone(&asked, shown, &tracked), tracked.name())),
            None => _ = forgotten.insert(shown.id.clone()),
        }
    }
    let message = said(app, installed, &asked, &found, &people, gone).await;
    shown.retain(|shown| !forgotten.contains(&shown.id));
    let detail = match standing.kind {
        Kind::Thread => standing.detail.clone(),
        _ => shown_after(shown, &found),
    };
    Ok((message, detail))
}

/// Why what a message told is not due there any more.
fn why_gone(asked: &Asked<'_>, shown: &Shown, tracked: &Tracked) -> Gone {
    if asked.kind == Kind::Direct && tracked.owner != asked.recipient {
        return Gone::HandedOver;
    }
    if tracked.is_stopped || tracked.snoozed_until.is_some_and(|until| until > asked.today) {
        return Gone::Quiet;
    }
    // With settings that ask for everything: what was done comes later than it was told, or not at all.
    let all = Channel { unwanted: Vec::new(), lead_days: i8::MAX, ..asked.channel.clone() };
    let dues = due(&all, std::slice::from_ref(tracked), asked.today);
    let stands = |action: &Action| {
        let told = shown.actions.get(&action.id);
        told.is_some_and(|told| action.due <= (*told).max(Some(asked.today)))
    };
    if dues.iter().flat_map(|due| &due.actions).any(stands) { Gone::Unasked } else { Gone::Done }
}

/// Judges what is tracked, a page at a time: the worst are kept, the others counted.
async fn gather(app: &App, asked: &Asked<'_>) -> Result<Found, Broken> {
    let mut found = Found::default();
    let mut after = String::new();
    loop {
        let place = &asked.channel.place;
        let page = match asked.kind {
            Kind::Direct => app.store.tracked_of(place, asked.recipient, &after, PAGE).await?,
            _ => app.store.tracked(place, &after, PAGE).await?,
        };
        let is_last = page.len() < PAGE;
        after = page.last().map(|last| last.opportunity_id.clone()).unwrap_or_default();
        if !page.is_empty() {
            let (channel, today, shown) = (asked.channel.clone(), asked.today, asked.shown.to_vec());
            let added = tokio::task::spawn_blocking(move || {
                found.add(due(&channel, &page, today), &shown);
                found
            });
            found = added.await.map_err(|_| Broken::interrupted())?;
        }
        if is_last {
            return Ok(found);
        }
    }
}

impl Found {
    fn add(&mut self, dues: Vec<Due<'_>>, shown: &[Shown]) {
        for due in dues {
            if due.is_overdue {
                self.overdue += 1;
            } else {
                self.soon += 1;
            }
            if !due.tracked.owner.is_empty() && self.owners.len() < OWNERS_MAX {
                self.owners.insert(due.tracked.owner.clone());
            }
            if shown.iter().any(|shown| shown.id == due.tracked.opportunity_id) {
                self.still.insert(due.tracked.opportunity_id.clone());
            }
            let Due { tracked, actions, is_overdue } = due;
            self.rows.push(Row { tracked: tracked.clone(), actions, is_overdue });
        }
        // Within equals the order of each page stays.
        self.rows.sort_by_key(Row::rank);
        self.rows.truncate(ROWS_MAX);
    }
}

impl Row {
    /// What is worst comes first: what is late, by its day, and of one day what stands against it.
    fn rank(&self) -> (bool, Option<NaiveDate>, bool) {
        let first = self.actions.first();
        (
            !self.is_overdue,
            first.and_then(|action| action.due),
            first.is_none_or(|first| first.kind != ActionKind::Fix),
        )
    }
}

async fn people(app: &App, asked: &Asked<'_>, found: &Found) -> Result<HashMap<String, Person>, Broken> {
    // Of very many owners those of the worst are among those who are asked.
    let told = found.rows.iter().map(|row| &row.tracked.owner).filter(|owner| !owner.is_empty());
    let owners: BTreeSet<&str> = found.owners.iter().chain(told).map(String::as_str).collect();
    let owners: Vec<&str> = owners.into_iter().collect();
    app.store.people(&asked.channel.place.installation, &owners).await
}

/// Owners who want to be written to get a message of their own, once a day and channel.
async fn plan_direct(
    app: &App,
    held: &Delivery,
    found: &Found,
    people: &HashMap<String, Person>,
    today: NaiveDate,
    now: i64,
) -> Result<(), Broken> {
    let Place { installation, channel } = &held.place;
    for owner in &found.owners {
        if !people.get(owner).is_some_and(|person| person.direct) {
            continue;
        }
        let new = New {
            id: random_name(),
            place: held.place.clone(),
            recipient: owner.clone(),
            kind: Kind::Direct,
            slot: format!("direct:{installation}:{owner}:{today}:{channel}"),
            not_before: now,
            not_after: held.not_after,
            detail: String::new(),
        };
        app.store.put(&new, now).await?;
    }
    Ok(())
}

async fn plan_thread(
    app: &App,
    held: &Delivery,
    channel: &Channel,
    found: &Found,
    now: i64,
) -> Result<(), Broken> {
    if !channel.threads || rest(found).next().is_none() {
        return Ok(());
    }
    let new = New {
        id: random_name(),
        place: held.place.clone(),
        recipient: held.recipient.clone(),
        kind: Kind::Thread,
        slot: format!("thread:{}", held.id),
        not_before: now + THREAD_AFTER_SECONDS,
        not_after: held.not_after,
        detail: held.id.clone(),
    };
    app.store.put(&new, now).await.map(|_| ())
}

/// What a digest has no room for: further opportunities, and all of those of which it tells not all.
fn rest(found: &Found) -> impl Iterator<Item = &Row> {
    let is_rest = |(at, row): &(usize, &Row)| *at >= view::ROWS_MAX || row.actions.len() > view::ACTIONS_MAX;
    found.rows.iter().enumerate().filter(is_rest).map(|(_, row)| row)
}

async fn said(
    app: &App,
    installed: &Installed,
    asked: &Asked<'_>,
    found: &Found,
    people: &HashMap<String, Person>,
    gone: Vec<(Gone, String)>,
) -> Message {
    let rows: Vec<&Row> = match asked.kind {
        Kind::Thread => rest(found).collect(),
        _ => found.rows.iter().take(view::ROWS_MAX).collect(),
    };
    let told = rows.iter().take(view::THREAD_ROWS_MAX);
    let unnamed = told.filter(|row| asked.kind != Kind::Direct && !is_called(asked, row, people));
    let users: BTreeSet<&str> =
        unnamed.map(|row| row.tracked.owner.as_str()).filter(|user| !user.is_empty()).collect();
    let names = names_of(app, installed, &users.into_iter().collect::<Vec<_>>()).await;
    let line = |row: &&Row| Line {
        name: row.tracked.name(),
        actions: row.actions.clone(),
        is_overdue: row.is_overdue,
        owner: owner(asked, row, people, &names),
        buttons: tracked::buttons(Stands::Elsewhere, &row.tracked, asked.today),
    };
    let lines: Vec<Line> = rows.iter().map(line).collect();
    if asked.kind == Kind::Thread {
        return view::thread(&lines, (found.overdue + found.soon).saturating_sub(ROWS_MAX));
    }
    view::message(&Digest {
        whose: match asked.kind {
            Kind::Direct => Whose::Persons(&asked.channel.place.channel),
            Kind::Test => Whose::Test,
            _ => Whose::Channels,
        },
        day: asked.today,
        overdue: found.overdue,
        soon: found.soon,
        lines,
        gone,
    })
}

/// An owner is called when something is late, where the channel and the owner let them be, and in a digest alone.
fn is_called(asked: &Asked<'_>, row: &Row, people: &HashMap<String, Person>) -> bool {
    let person = people.get(&row.tracked.owner).copied().unwrap_or_default();
    let may_be = asked.channel.mentions && person.mentions && !person.direct && !row.tracked.owner.is_empty();
    asked.kind == Kind::Digest && row.is_overdue && may_be
}

fn owner(
    asked: &Asked<'_>,
    row: &Row,
    people: &HashMap<String, Person>,
    names: &HashMap<String, String>,
) -> Owner {
    let user = &row.tracked.owner;
    if is_called(asked, row, people) {
        return Owner::Called(user.clone());
    }
    names.get(user).map_or(Owner::Nobody, |name| Owner::Named(name.clone()))
}

/// What the message remembers to have told, after it has told this.
fn shown_after(mut shown: Vec<Shown>, found: &Found) -> String {
    for row in found.rows.iter().take(view::ROWS_MAX) {
        let id = &row.tracked.opportunity_id;
        let actions = row.actions.iter().map(|action| (action.id.clone(), action.due)).collect();
        match shown.iter().position(|shown| shown.id == *id) {
            Some(at) => shown[at].actions = actions,
            None if shown.len() < SHOWN_MAX => shown.push(Shown { id: id.clone(), actions }),
            None => {}
        }
    }
    serde_json::to_string(&shown).unwrap_or_default()
}
