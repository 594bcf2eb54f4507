//! A person's home page.

use super::today_in;
use crate::app::App;
use crate::memory::Tenant;
use crate::reminders::due::{Due, due_for_reader};
use crate::store::{Broken, Channel, Installation, Person, Place, Tracked};
use crate::views::home::{self, DUE_MAX, Own, PERSON};
use crate::views::tracked::Note;
use chrono::NaiveDate;
use podcheck_core::report::Action;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tracing::{debug, warn};

/// So many opportunities are read and judged at a time.
const PAGE: usize = 200;
/// More home pages than these at a time are drawn again where somebody opens them again.
const DRAWN_MAX: usize = 10_000;

/// The home pages that are being drawn: how many were begun, and of each person which was begun last.
#[derive(Debug, Default)]
pub(crate) struct Drawings(Mutex<(u64, HashMap<Whose, u64>)>);

/// An installation, and a person of it.
type Whose = (String, String);

impl Drawings {
    fn begin(&self, person: &Whose) -> u64 {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, last) = &mut *held;
        if last.len() >= DRAWN_MAX {
            last.clear();
        }
        *number += 1;
        last.insert(person.clone(), *number);
        *number
    }

    /// Whether this is the one to show; no where a later one was begun, which knows more.
    fn ends(&self, person: &Whose, number: u64) -> bool {
        let last = &mut self.0.lock().unwrap_or_else(PoisonError::into_inner).1;
        last.get(person) == Some(&number) && last.remove(person).is_some()
    }
}

/// What a person owns.
struct Owned {
    due: Worst,
    counts: Vec<(String, usize)>,
    paused: Vec<Channel>,
    person: Person,
}

/// What is due of it: how many, and the worst of them with the days of their channels.
#[derive(Default)]
struct Worst {
    count: usize,
    rows: Vec<Row>,
}

struct Row {
    tracked: Tracked,
    actions: Vec<Action>,
    is_overdue: bool,
    today: NaiveDate,
}

impl App {
    /// Shows a person the bot's home page.
    pub async fn show_home(&self, tenant: &Tenant, user: &str) {
        self.show_home_after(tenant, user, None).await;
    }

    /// The same after what was just done.
    pub(super) async fn show_home_after(&self, tenant: &Tenant, user: &str, note: Option<&Note>) {
        let Some(installed) = self.installed(tenant).await else { return };
        let person = (installed.installation.id.clone(), user.to_owned());
        let number = self.reminders.homes.begin(&person);
        let owned = self.owned_by(&installed.installation, user).await;
        let owned = owned.inspect_err(|broken| warn!(%broken, "what a person owns was not reached")).ok();
        if !self.reminders.homes.ends(&person, number) {
            return debug!("a home page is drawn anew already");
        }
        let own = owned.as_ref().map(Owned::own);
        let view = home::home(own.as_ref(), note);
        let (slack, view) = (&self.slack, &view);
        let shown =
            self.calling(&installed, |token| async move { slack.publish_home(&token, user, view).await });
        if let Err(failed) = shown.await {
            warn!(%failed, "a home page was not shown");
        }
    }

    async fn owned_by(&self, installation: &Installation, user: &str) -> Result<Owned, Broken> {
        let counts = self.store.owned_counts(&installation.id, user).await?;
        let mut due = Worst::default();
        for (channel, _) in &counts {
            let place = Place { installation: installation.id.clone(), channel: channel.clone() };
            if let Some(channel) = self.store.channel(&place).await? {
                due = self.due_of(&channel, user, due).await?;
            }
        }
        let concerns = |channel: &Channel| {
            let is_owner = counts.iter().any(|(owned, _)| *owned == channel.place.channel);
            is_owner || installation.installer == user || channel.changed_by == user
        };
        let mut paused = self.store.paused(&installation.id).await?;
        paused.retain(concerns);
        Ok(Owned { due, paused, person: self.store.person(&installation.id, user).await?, counts })
    }

    /// Judges what a person owns in a channel, a page at a time: the worst are kept, the others counted.
    async fn due_of(&self, channel: &Channel, user: &str, mut worst: Worst) -> Result<Worst, Broken> {
        let today = today_in(channel, self.clock.moment());
        let mut after = String::new();
        loop {
            let page = self.store.tracked_of(&channel.place, user, &after, PAGE).await?;
            let is_last = page.len() < PAGE;
            after = page.last().map(|last| last.opportunity_id.clone()).unwrap_or_default();
            let channel = channel.clone();
            let added = tokio::task::spawn_blocking(move || {
                worst.add(due_for_reader(&channel, &page, today), today);
                worst
            });
            worst = added.await.map_err(|_| Broken::interrupted())?;
            if is_last {
                return Ok(worst);
            }
        }
    }

    /// Notes what a person wants: the wish and its answer, `direct=1`.
    pub async fn wishes(&self, tenant: &Tenant, user: &str, wish: &str) {
        let Some(installation) = self.installation(tenant).await else { return };
        let saved = async {
            let person = self.store.person(&installation.id, user).await?;
            let Some((name, answer)) = wish.split_once('=') else { return Ok(()) };
            let is_wanted = answer == "1";
            let person = match name {
                "mentions" => Person { mentions: is_wanted, ..person },
                "direct" => Person { direct: is_wanted, ..person },
                _ => person,
            };
            self.store.save_person(&installation.id, user, person).await
        };
        if let Err(broken) = saved.await {
            warn!(%broken, "what a person wants was not noted");
        }
        self.show_home(tenant, user).await;
    }
}

impl Worst {
    fn add(&mut self, dues: Vec<Due<'_>>, today: NaiveDate) {
        self.count += dues.len();
        self.rows.extend(dues.into_iter().map(|due| Row {
            tracked: due.tracked.clone(),
            actions: due.actions,
            is_overdue: due.is_overdue,
            today,
        }));
        // Within equals the order of each page stays.
        self.rows.sort_by_key(|row| (!row.is_overdue, row.actions.first().and_then(|first| first.due)));
        self.rows.truncate(DUE_MAX);
    }
}

impl Row {
    fn due(&self) -> (Due<'_>, NaiveDate) {
        let Row { tracked, actions, is_overdue, today } = self;
        (Due { tracked, actions: actions.clone(), is_overdue: *is_overdue }, *today)
    }
}

impl Owned {
    fn own(&self) -> Own<'_> {
        Own {
            due: self.due.rows.iter().map(Row::due).collect(),
            due_count: self.due.count,
            channels: self.counts.clone(),
            paused: self.paused.clone(),
            person: self.person,
        }
    }
}

/// Whether this is a button by which a person says what they want.
pub(crate) fn is_wish(action: &str) -> bool {
    PERSON.contains(&action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_home_pages_of_a_person_the_one_begun_last_is_shown() {
        let drawings = Drawings::default();
        let person = |user: &str| ("i1".to_owned(), user.to_owned());
        let (first, other) = (drawings.begin(&person("U1")), drawings.begin(&person("U2")));
        let second = drawings.begin(&person("U1"));
        assert!(drawings.ends(&person("U1"), second));
        assert!(!drawings.ends(&person("U1"), first), "whichever comes first");
        assert!(drawings.ends(&person("U2"), other));
        assert!(drawings.0.lock().unwrap().1.is_empty());
    }
}
