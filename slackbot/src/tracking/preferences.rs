//! How a channel wants to be reminded: shown, and changed by whoever may.

use super::{Refused, Zone, lost};
use crate::app::{App, Caller};
use crate::reminders;
use crate::store::{Channel, Place, Weekdays};
use crate::views::block::Message;
use crate::views::settings::{self, KINDS, field, more};
use chrono::NaiveDate;
use podcheck_core::report::ActionKind;
use podcheck_core::{calendar, say};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tracing::warn;
use url::Url;

/// So many days without reminders are kept.
const HOLIDAYS_MAX: usize = 200;
/// So many people may be named who may change a channel.
const EDITORS_MAX: usize = 100;

/// What the form was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    is_on: bool,
    at_minute: u16,
    weekdays: Weekdays,
    zone: String,
    holidays: Vec<NaiveDate>,
    unwanted: Vec<ActionKind>,
    lead_days: i8,
    threads: bool,
    mentions: bool,
    names: bool,
    files: bool,
    editors: Vec<String>,
}

/// What the form remembers until it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesMemory {
    /// The channel.
    pub channel: String,
    /// The version that was shown.
    pub version: i64,
    /// Where the answer goes.
    pub response_url: Option<Url>,
}

impl Preferences {
    /// Reads the form: `chosen` gives what was typed, ticked or chosen in a field.
    ///
    /// # Errors
    /// The first field that is wrong, and a sentence.
    pub fn read(chosen: impl Fn(&'static str) -> Vec<String>) -> Result<Preferences, (&'static str, String)> {
        let first = |name| chosen(name).into_iter().next().unwrap_or_default();
        let ticked = |name, value: &str| chosen(name).iter().any(|one| one == value);
        let is_on = ticked(field::ON, settings::ON);
        let days = chosen(field::WEEKDAYS);
        let days = days.iter().filter_map(|day| day.parse::<u8>().ok()).filter(|day| *day < 7);
        let weekdays = Weekdays(days.fold(0, |days, day| days | 1 << day));
        if is_on && weekdays == Weekdays(0) {
            return Err((
                field::WEEKDAYS,
                "Choose at least one day, or switch the reminders off.".to_owned(),
            ));
        }
        let at_minute = minute(&first(field::TIME)).ok_or((field::TIME, "Choose a time.".to_owned()))?;
        let typed = first(field::OTHER_ZONE).trim().replace(' ', "_");
        let (at, zone) = match typed.as_str() {
            "" => (field::ZONE, first(field::ZONE)),
            _ => (field::OTHER_ZONE, typed),
        };
        Zone::named(&zone).map_err(|unknown| (at, unknown.to_string()))?;
        let kinds = chosen(field::KINDS);
        let unwanted = KINDS.iter().filter(|(kind, _)| !kinds.iter().any(|wanted| wanted == kind.as_str()));
        let mut unwanted: Vec<ActionKind> = unwanted.map(|(kind, _)| *kind).collect();
        // One box stands for both.
        if unwanted.contains(&ActionKind::Starts) {
            unwanted.push(ActionKind::Ends);
        }
        let mut editors = chosen(field::EDITORS);
        editors.truncate(EDITORS_MAX);
        Ok(Preferences {
            is_on,
            at_minute,
            weekdays,
            zone,
            holidays: holidays(&first(field::HOLIDAYS))?,
            unwanted,
            lead_days: first(field::LEAD).parse().unwrap_or(3),
            threads: ticked(field::MORE, more::THREADS),
            mentions: ticked(field::MORE, more::MENTIONS),
            names: ticked(field::MORE, more::NAMES),
            files: ticked(field::MORE, more::FILES),
            editors,
        })
    }

    fn apply(self, channel: &mut Channel) {
        channel.is_on = self.is_on;
        channel.at_minute = self.at_minute;
        channel.weekdays = self.weekdays;
        channel.zone = self.zone;
        channel.holidays = self.holidays;
        channel.unwanted = self.unwanted;
        channel.lead_days = self.lead_days;
        channel.threads = self.threads;
        channel.mentions = self.mentions;
        channel.names = self.names;
        channel.files = self.files;
        channel.editors = self.editors;
    }
}

/// `09:30` in minutes.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn holidays(text: &str) -> Result<Vec<NaiveDate>, (&'static str, String)> {
    let lines = text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty());
    let day = |line: &str| {
        let wrong =
            || (field::HOLIDAYS, format!("{} is not a date. Write it as 2026-12-25.", say::quoted(line)));
        calendar::iso_day(line).ok_or_else(wrong)
    };
    let mut days = lines.map(day).collect::<Result<Vec<_>, _>>()?;
    days.sort_unstable();
    days.dedup();
    if days.len() > HOLIDAYS_MAX {
        return Err((field::HOLIDAYS, format!("Write at most {HOLIDAYS_MAX} days.")));
    }
    Ok(days)
}

impl App {
    /// Opens the form for the caller's channel; says why where that does not work.
    pub async fn open_settings(&self, caller: &Caller, trigger_id: &str) -> Option<Message> {
        let opened = async {
            let place = self.place_of(caller).await?;
            let channel = self.may_change(caller, &place).await?;
            let Some(installed) = self.installed(&caller.tenant).await else {
                let why = self.why_absent(&caller.tenant).await;
                return Err(Message::sentence(&format!("Settings do not work here: {why}.")));
            };
            let memory = PreferencesMemory {
                channel: place.channel,
                version: channel.version,
                response_url: caller.response_url.clone(),
            };
            let form = settings::form(&channel, serde_json::to_string(&memory).unwrap_or_default());
            let (slack, form) = (&self.slack, &form);
            let opened = self
                .calling(&installed, |token| async move { slack.open_view(&token, trigger_id, form).await });
            opened.await.map_err(|failed| {
                warn!(%failed, "a form was not opened");
                Message::sentence("The form could not be opened. Try again.")
            })
        };
        opened.await.err()
    }

    /// Saves how a channel wants to be reminded.
    pub async fn save_settings(
        self: &Arc<App>,
        caller: &Caller,
        memory: &PreferencesMemory,
        preferences: Preferences,
    ) -> Message {
        let saved = async {
            let caller = Caller { channel: memory.channel.clone(), ..caller.clone() };
            let place = self.place_of(&caller).await?;
            let mut channel = self.may_change(&caller, &place).await?;
            let now = self.clock.moment();
            let before = channel.clone();
            preferences.apply(&mut channel);
            channel.version = memory.version;
            // Whoever saves has seen why it was paused.
            channel.paused = String::new();
            (channel.changed_by, channel.changed_at) = (caller.user.clone(), now);
            channel.next_at = Some(reminders::next_at_changed(&before, &channel, now));
            let is_saved = self.store.save_channel(&channel).await.map_err(|broken| lost(&broken))?;
            self.zones.forget(&channel.place.channel);
            reminders::refresh(self, &channel.place);
            Ok(Message::sentence(&if is_saved {
                format!("Saved. {}", settings::in_words(&channel))
            } else {
                "Not saved: somebody else changed these settings at the same time. Open them again with /pod-check settings."
                    .to_owned()
            }))
        };
        saved.await.unwrap_or_else(|refused: Refused| refused)
    }

    /// Posts what is due in the caller's channel at once, for them to see.
    pub async fn test(self: &Arc<App>, caller: &Caller) -> Message {
        let tested = async {
            let place = self.place_of(caller).await?;
            self.may_change(caller, &place).await?;
            let sent = reminders::test_now(self, &place, &caller.user).await;
            sent.map_err(|sentence| Message::sentence(&sentence))
        };
        let sent = tested.await.map(|()| {
            Message::sentence("A test was sent to this channel, with the settings as they are saved.")
        });
        sent.unwrap_or_else(|refused| refused)
    }

    /// A channel, where the caller may change it. Whoever installed the bot always may.
    pub(super) async fn may_change(&self, caller: &Caller, place: &Place) -> Result<Channel, Refused> {
        let channel = self.channel_at(caller, place).await?;
        let is_installer = || async {
            let installation = self.installation(&caller.tenant).await;
            installation.is_some_and(|installation| installation.installer == caller.user)
        };
        if channel.may_change(&caller.user) || is_installer().await {
            return Ok(channel);
        }
        Err(settings::not_yours(&channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(changes: &[(&'static str, &[&str])]) -> Result<Preferences, (&'static str, String)> {
        let mut fields: std::collections::HashMap<&str, Vec<String>> = [
            (field::ON, vec!["on"]),
            (field::TIME, vec!["09:30"]),
            (field::WEEKDAYS, vec!["0", "6"]),
            (field::ZONE, vec!["Europe/Paris"]),
            (field::KINDS, vec!["update"]),
            (field::LEAD, vec!["-3"]),
        ]
        .map(|(name, values)| (name, values.into_iter().map(str::to_owned).collect()))
        .into();
        for (name, values) in changes {
            fields.insert(name, values.iter().map(|value| (*value).to_owned()).collect());
        }
        Preferences::read(|name| fields.get(name).cloned().unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |name, value: &str| {
            let (at, sentence) = sent(&[(name, &[value])]).unwrap_err();
            assert_eq!(at, name);
            sentence
        };
        assert_eq!(wrong(field::TIME, "25:00"), "Choose a time.");
        assert!(wrong(field::OTHER_ZONE, "Mars/Base").contains("“Mars/Base” is not a time zone"));
        assert_eq!(
            wrong(field::HOLIDAYS, "2026-02-30"),
            "“2026-02-30” is not a date. Write it as 2026-12-25."
        );
        assert_eq!(sent(&[(field::WEEKDAYS, &[])]).unwrap_err().0, field::WEEKDAYS);
        assert!(sent(&[(field::WEEKDAYS, &[]), (field::ON, &[])]).is_ok());
    }

    #[test]
    fn what_is_not_ticked_is_not_wanted() {
        let sent = sent(&[
            (field::OTHER_ZONE, &["America/New York"]),
            (field::HOLIDAYS, &["2026-12-26\n2026-12-25, 2026-12-25"]),
        ])
        .unwrap();
        assert_eq!((sent.at_minute, sent.weekdays, sent.lead_days), (570, Weekdays(0b100_0001), -3));
        assert_eq!(sent.zone, "America/New_York");
        assert_eq!(sent.holidays.len(), 2);
        assert!(!sent.unwanted.contains(&ActionKind::Update));
        assert!(sent.unwanted.contains(&ActionKind::Ends));
        assert!(!sent.names && !sent.threads);
    }
}
