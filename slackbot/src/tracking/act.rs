//! What the buttons of what is tracked do.

use super::list::not_tracked;
use super::{Refused, lost, today_in};
use crate::app::{App, Caller};
use crate::commands::Deed;
use crate::reminders;
use crate::reminders::schedule::Zone;
use crate::slack::Audience;
use crate::store::{Change, Channel, Place, Tracked};
use crate::views::block::Message;
use crate::views::tracked::{Done, Note, Snooze, Snoozed, Stands, Which, press, snooze_form};
use chrono::{Datelike, Days, NaiveDate};
use podcheck_core::calendar;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tracing::warn;
use url::Url;

/// A day that nobody is reminded on is passed over at most so often.
const MOVES_MAX: usize = 60;

/// A press on one of the buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// What it does.
    pub press: Press,
    /// Where the button stands.
    pub stands: Stands,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Changes an opportunity by a word.
    Do(Deed, Which),
    /// Is quiet about it for a while.
    Snooze(Snoozed),
    /// Gives it to somebody.
    Owner(Which, String),
    /// Takes back what was done.
    Undo(Done),
    /// Shows its card.
    Card(Which),
    /// Forgets it.
    Forget(Which),
}

impl Press {
    /// What the button of this action does with its value; none where it is no button of what is tracked.
    pub fn read(action: &str, value: &str, block_id: &str) -> Option<Pressed> {
        let (stands, named) = Stands::read(block_id);
        let which = || serde_json::from_str::<Which>(value).ok();
        let press = match action {
            press::UPDATED => Press::Do(Deed::Updated, which()?),
            press::STOP => Press::Do(Deed::Stop, which()?),
            press::RESUME => Press::Do(Deed::Resume, which()?),
            press::SNOOZE => Press::Snooze(serde_json::from_str(value).ok()?),
            press::OWNER => Press::Owner(named?, value.to_owned()),
            press::UNDO => Press::Undo(serde_json::from_str(value).ok()?),
            press::CARD => Press::Card(which()?),
            press::FORGET => Press::Forget(which()?),
            _ => return None,
        };
        Some(Pressed { press, stands })
    }
}

/// What the form for a day remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnoozeMemory {
    /// The opportunity.
    pub which: Which,
    /// The zone of its channel, by whose days it is quiet.
    pub zone: String,
    /// The channel in which it was opened; empty on a home page.
    pub channel: String,
    /// Where the button stands.
    pub stands: Stands,
    /// The message with the button, where others see it too.
    pub message_ts: String,
    /// Where the answer goes.
    pub response_url: Option<Url>,
}

impl SnoozeMemory {
    /// The day that was chosen, where it is one after today in the channel.
    pub fn day(&self, chosen: &str, now: i64) -> Option<NaiveDate> {
        calendar::iso_day(chosen).filter(|day| *day > Zone::or_utc(&self.zone).day_at(now))
    }
}

/// That a button works in its own channel alone.
pub(super) fn elsewhere() -> Message {
    Message::sentence(
        "This button belongs to another channel, or to somebody else's opportunity. Nothing was done.",
    )
}

impl App {
    /// Does what a button says, and shows what came of it where the button stands.
    pub async fn pressed(self: &Arc<App>, caller: &Caller, pressed: Pressed, trigger_id: &str) {
        let Pressed { press, stands } = pressed;
        let done = match press {
            Press::Do(deed, which) => self.deed(caller, deed, which).await,
            Press::Owner(which, owner) => self.changes(caller, which, |_| Change::Owner(owner)).await,
            Press::Snooze(Snoozed { which, s: Snooze::Date }) => {
                if let Some(refused) = self.ask_for_day(caller, which, stands, trigger_id).await {
                    self.deliver(caller, Audience::Ephemeral, &refused).await;
                }
                return;
            }
            Press::Snooze(Snoozed { which, s }) => {
                let now = self.clock.moment();
                self.changes(caller, which, |channel| Change::Snooze(snoozed_until(channel, s, now))).await
            }
            Press::Undo(done) => self.undo(caller, &done).await,
            Press::Card(which) => {
                let card = self.card_of(caller, &which).await.unwrap_or_else(|refused| refused);
                return self.deliver(caller, Audience::Ephemeral, &card).await;
            }
            Press::Forget(which) => {
                let gone = self.forget_which(caller, &which).await.unwrap_or_else(|refused| refused);
                return self.replace(caller, &gone).await;
            }
        };
        match done {
            Ok((note, which)) => self.show(caller, stands, &note, which.as_ref()).await,
            Err(refused) => self.deliver(caller, Audience::Ephemeral, &refused).await,
        }
    }

    /// Is quiet about an opportunity until the day that the form was sent with.
    pub async fn snoozed(self: &Arc<App>, caller: &Caller, memory: SnoozeMemory, until: NaiveDate) {
        let caller = Caller {
            channel: memory.channel.clone(),
            message_ts: memory.message_ts.clone(),
            response_url: memory.response_url.clone(),
            ..caller.clone()
        };
        match self.changes(&caller, memory.which, |_| Change::Snooze(until)).await {
            Ok((note, which)) => self.show(&caller, memory.stands, &note, which.as_ref()).await,
            Err(refused) => self.deliver(&caller, Audience::Ephemeral, &refused).await,
        }
    }

    /// Does with one of the caller's channel what a word says.
    pub async fn does(self: &Arc<App>, caller: &Caller, deed: Deed, id: String) -> Message {
        if let Err(refused) = self.place_of(caller).await {
            return refused;
        }
        let which = Which { c: caller.channel.clone(), o: id };
        let done = self.deed(caller, deed, which).await;
        done.map_or_else(|refused| refused, |(note, _)| note.message())
    }

    async fn deed(
        self: &Arc<App>,
        caller: &Caller,
        deed: Deed,
        which: Which,
    ) -> Result<(Note, Option<Which>), Refused> {
        let now = self.clock.moment();
        let change = |channel: &Channel| match deed {
            Deed::Updated => Change::Updated(today_in(channel, now)),
            Deed::Snooze => Change::Snooze(snoozed_until(channel, Snooze::Days, now)),
            Deed::Stop => Change::Stop,
            Deed::Resume => Change::Resume,
        };
        self.changes(caller, which, change).await
    }

    /// Changes an opportunity, where the caller may.
    async fn changes(
        self: &Arc<App>,
        caller: &Caller,
        which: Which,
        change: impl FnOnce(&Channel) -> Change,
    ) -> Result<(Note, Option<Which>), Refused> {
        let (place, channel, _) = self.allowed(caller, &which).await?;
        let (change, zone) = (change(&channel), Zone::or_utc(&channel.zone));
        let (by, now) = (&caller.user, self.clock.moment());
        let changed = self.store.change(&place, &which.o, change.clone(), by, now).await;
        let changed = changed.map_err(|broken| lost(&broken))?;
        reminders::refresh_with(self, &place, &caller.message_ts);
        match changed {
            Some(changed) => Ok((Note::of_change(&changed, &change, by, &zone), Some(which))),
            None => Err(not_tracked(&which.o)),
        }
    }

    async fn undo(self: &Arc<App>, caller: &Caller, done: &Done) -> Result<(Note, Option<Which>), Refused> {
        let installation = self.installation_for(caller).await?;
        let place = Place { installation: installation.id, channel: done.c.clone() };
        let found = self.store.logged(&place, &done.u).await.map_err(|broken| lost(&broken))?;
        let which = found.as_ref().map(|(id, _)| Which { c: done.c.clone(), o: id.clone() });
        if caller.channel != done.c {
            // Whoever did it may take it back, also after it was given to somebody else.
            let did = found.is_some_and(|(_, logged)| logged.by == caller.user) && is_alone(caller);
            match &which {
                Some(which) if !did => drop(self.allowed(caller, which).await?),
                Some(_) => {}
                None => return Err(elsewhere()),
            }
        }
        let undone = self.store.undo(&place, &done.u, &caller.user, self.clock.moment()).await;
        let undone = undone.map_err(|broken| lost(&broken))?;
        let zone = self.zone_at(&caller.tenant, &done.c).await;
        reminders::refresh_with(self, &place, &caller.message_ts);
        Ok((Note::of_undo(&undone, &caller.user, &zone), which))
    }

    /// The place that a button names, where the caller may press it: in that channel, or alone with what they own.
    async fn allowed(&self, caller: &Caller, which: &Which) -> Result<(Place, Channel, Tracked), Refused> {
        let installation = self.installation_for(caller).await?;
        let place = Place { installation: installation.id, channel: which.c.clone() };
        let is_here = caller.channel == which.c;
        if !is_here && !is_alone(caller) {
            return Err(elsewhere());
        }
        let found = async {
            Ok((self.store.channel(&place).await?, self.store.tracked_one(&place, &which.o).await?))
        };
        match found.await.map_err(|broken| lost(&broken))? {
            (Some(channel), Some(tracked)) if is_here || tracked.owner == caller.user => {
                Ok((place, channel, tracked))
            }
            _ if is_here => Err(not_tracked(&which.o)),
            _ => Err(elsewhere()),
        }
    }

    async fn card_of(&self, caller: &Caller, which: &Which) -> Result<Message, Refused> {
        let (place, ..) = self.allowed(caller, which).await?;
        self.card(&place, &which.o, None).await?.ok_or_else(|| not_tracked(&which.o))
    }

    async fn forget_which(self: &Arc<App>, caller: &Caller, which: &Which) -> Result<Message, Refused> {
        let (place, ..) = self.allowed(caller, which).await?;
        self.store.forget(&place, Some(&which.o)).await.map_err(|broken| lost(&broken))?;
        reminders::refresh_with(self, &place, &caller.message_ts);
        Ok(Message::sentence(&format!("{} and its history are forgotten. Nothing changes in ACE.", which.o)))
    }

    /// Asks for a day, in a form.
    async fn ask_for_day(
        &self,
        caller: &Caller,
        which: Which,
        stands: Stands,
        trigger_id: &str,
    ) -> Option<Refused> {
        // The trigger lives for seconds: the form comes first, and whether the caller may is asked when it is sent.
        let installed = self.installed(&caller.tenant).await?;
        let zone = self.zone_at(&caller.tenant, &which.c).await;
        let week = Days::new(7);
        let day = zone.day_at(self.clock.moment()).checked_add_days(week).unwrap_or(NaiveDate::MAX);
        let (channel, response_url) = (caller.channel.clone(), caller.response_url.clone());
        let message_ts = caller.message_ts.clone();
        let memory =
            SnoozeMemory { which, zone: zone.name().to_owned(), channel, stands, message_ts, response_url };
        let form = snooze_form(day, serde_json::to_string(&memory).unwrap_or_default());
        let (slack, form) = (&self.slack, &form);
        let opened =
            self.calling(&installed, |token| async move { slack.open_view(&token, trigger_id, form).await });
        match opened.await {
            Ok(()) => None,
            Err(failed) => {
                warn!(%failed, "a form was not opened");
                Some(Message::sentence("The form could not be opened. Try again."))
            }
        }
    }

    /// Shows where a button stands what came of it.
    async fn show(self: &Arc<App>, caller: &Caller, stands: Stands, note: &Note, which: Option<&Which>) {
        let message = match stands {
            Stands::List(page) => self.list(caller, page, Some(note.clone())).await,
            Stands::Card => match which {
                Some(which) => {
                    let card = async {
                        let (place, ..) = self.allowed(caller, which).await?;
                        self.card(&place, &which.o, Some(note)).await
                    };
                    card.await.ok().flatten().unwrap_or_else(|| note.message())
                }
                None => note.message(),
            },
            Stands::Home => return self.show_home_after(&caller.tenant, &caller.user, Some(note)).await,
            Stands::Elsewhere => return self.deliver(caller, Audience::Ephemeral, &note.message()).await,
        };
        self.replace(caller, &message).await;
    }
}

/// Whether the caller is where nobody else sees it: on a home page or in a direct message.
fn is_alone(caller: &Caller) -> bool {
    caller.channel.is_empty() || caller.channel.starts_with('D')
}

/// Until when; never until a day on which the channel is not reminded.
fn snoozed_until(channel: &Channel, snooze: Snooze, now: i64) -> NaiveDate {
    let today = today_in(channel, now);
    let days = match snooze {
        Snooze::Day => 1,
        Snooze::Days | Snooze::Date => 3,
        Snooze::Monday => 7 - u64::from(today.weekday().num_days_from_monday()),
    };
    let wanted = today.checked_add_days(Days::new(days)).unwrap_or(today);
    let is_working = |day: &NaiveDate| channel.weekdays.has(day.weekday()) && !channel.holidays.contains(day);
    wanted.iter_days().take(MOVES_MAX).find(is_working).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Weekdays;

    #[test]
    fn a_snooze_ends_on_a_day_on_which_the_channel_is_reminded() {
        let place = Place { installation: "I1".into(), channel: "C1".into() };
        let channel = Channel::new(place, "UTC".into(), "U1", 0);
        let until = |channel: &Channel, day: &str, snooze| {
            let noon = format!("{day}T12:00:00Z").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
            snoozed_until(channel, snooze, noon.timestamp()).to_string()
        };
        assert_eq!(until(&channel, "2026-11-18", Snooze::Day), "2026-11-19");
        assert_eq!(until(&channel, "2026-11-20", Snooze::Day), "2026-11-23");
        assert_eq!(until(&channel, "2026-11-18", Snooze::Days), "2026-11-23");
        assert_eq!(until(&channel, "2026-11-16", Snooze::Monday), "2026-11-23");
        assert_eq!(until(&channel, "2026-11-22", Snooze::Monday), "2026-11-23");
        let away = Channel { holidays: vec!["2026-11-23".parse().unwrap()], ..channel.clone() };
        assert_eq!(until(&away, "2026-11-20", Snooze::Monday), "2026-11-24");
        let never = Channel { weekdays: Weekdays(0), ..channel };
        assert_eq!(until(&never, "2026-11-20", Snooze::Day), "2026-11-21");
    }
}
