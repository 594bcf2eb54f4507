//! A person's home page.

use super::today_in;
use crate::app::App;
use crate::memory::Tenant;
use crate::reminders::due::{Due, due_for_reader};
use crate::store::{Broken, Channel, Installation, Person, Place, Tracked};
use crate::views::home::{self, Own, PERSON};
use crate::views::tracked::Note;
use chrono::NaiveDate;
use tracing::warn;

/// What a person owns, by channel.
struct Owned {
    by_channel: Vec<(Channel, Vec<Tracked>)>,
    counts: Vec<(String, usize)>,
    paused: Vec<Channel>,
    person: Person,
}

impl App {
    /// Shows a person the bot's home page.
    pub async fn show_home(&self, tenant: &Tenant, user: &str) {
        self.show_home_after(tenant, user, None).await;
    }

    /// The same after what was just done.
    pub(super) async fn show_home_after(&self, tenant: &Tenant, user: &str, note: Option<&Note>) {
        let Some(installed) = self.installed(tenant).await else { return };
        let owned = self.owned_by(&installed.installation, user).await;
        let owned = owned.inspect_err(|broken| warn!(%broken, "what a person owns was not reached")).ok();
        let now = self.clock.moment();
        let own = owned.as_ref().map(|owned| owned.as_of(now));
        let view = home::home(own.as_ref(), note);
        let (slack, view) = (&self.slack, &view);
        let shown =
            self.calling(&installed, |token| async move { slack.publish_home(&token, user, view).await });
        if let Err(failed) = shown.await {
            warn!(%failed, "a home page was not shown");
        }
    }

    async fn owned_by(&self, installation: &Installation, user: &str) -> Result<Owned, Broken> {
        let mut by_channel: Vec<(Channel, Vec<Tracked>)> = Vec::new();
        for one in self.store.owned(&installation.id, user).await? {
            match by_channel.last_mut() {
                Some((channel, tracked)) if channel.place == one.place => tracked.push(one),
                _ => {
                    let Some(channel) = self.store.channel(&one.place).await? else { continue };
                    by_channel.push((channel, vec![one]));
                }
            }
        }
        let counts = self.store.owned_counts(&installation.id, user).await?;
        let concerns = |place: &Place| {
            installation.installer == user || counts.iter().any(|(channel, _)| *channel == place.channel)
        };
        let mut paused = self.store.paused(&installation.id).await?;
        paused.retain(|channel| concerns(&channel.place));
        Ok(Owned { by_channel, paused, person: self.store.person(&installation.id, user).await?, counts })
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

impl Owned {
    fn as_of(&self, now: i64) -> Own<'_> {
        let mut found: Vec<(Due<'_>, NaiveDate)> = Vec::new();
        for (channel, tracked) in &self.by_channel {
            let today = today_in(channel, now);
            found.extend(due_for_reader(channel, tracked, today).into_iter().map(|due| (due, today)));
        }
        let first = |due: &Due<'_>| due.actions.first().and_then(|first| first.due);
        found.sort_by_key(|(due, _)| (!due.is_overdue, first(due)));
        Own { due: found, channels: self.counts.clone(), paused: self.paused.clone(), person: self.person }
    }
}

/// Whether this is a button by which a person says what they want.
pub(crate) fn is_wish(action: &str) -> bool {
    PERSON.contains(&action)
}
