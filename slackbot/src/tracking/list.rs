//! What a channel tracks, as it stands today: the list, and the card of one.

use super::{Refused, lost, today_in};
use crate::app::{App, Caller};
use crate::reminders;
use crate::reminders::due::due_for_reader;
use crate::reminders::schedule::Zone;
use crate::store::{Broken, Channel, Place, Tracked};
use crate::views::block::Message;
use crate::views::tracked::{LOG_MAX, Note, Page, ROWS_MAX, card, forget_all};
use chrono::NaiveDate;
use podcheck_core::say;
use std::collections::HashMap;
use std::sync::Arc;

/// So many are judged at a time: what they hold is in memory.
const PART: usize = 2_000;
const NOTHING: &str = "Nothing is tracked in this channel. Check an opportunity and press Track under the answer, or write \
                       /pod-check track and its facts.";

/// Where a row belongs in the list.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Overdue,
    Due,
    Open,
    Snoozed,
    Stopped,
}

/// All that the order of the list needs of one opportunity.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    rank: Rank,
    first: Option<NaiveDate>,
    id: String,
}

/// How these stand, in no order.
fn standings(channel: &Channel, tracked: &[Tracked], today: NaiveDate) -> Vec<Standing> {
    let dues = due_for_reader(channel, tracked, today);
    let mut found: HashMap<&str, (Rank, Option<NaiveDate>)> = dues
        .iter()
        .map(|due| {
            let rank = if due.is_overdue { Rank::Overdue } else { Rank::Due };
            (due.tracked.opportunity_id.as_str(), (rank, due.actions.first().and_then(|first| first.due)))
        })
        .collect();
    let standing = |one: &Tracked| {
        let (rank, first) = found.remove(one.opportunity_id.as_str()).unwrap_or_else(|| {
            let rank = match one.snoozed_until {
                _ if one.is_stopped => Rank::Stopped,
                Some(until) if until > today => Rank::Snoozed,
                _ => Rank::Open,
            };
            (rank, None)
        });
        Standing { rank, first, id: one.opportunity_id.clone() }
    };
    tracked.iter().map(standing).collect()
}

impl App {
    /// A page of what the caller's channel tracks, after what was just done.
    pub async fn list(self: &Arc<App>, caller: &Caller, page: usize, note: Option<Note>) -> Message {
        let place = match self.place_of(caller).await {
            Ok(place) => place,
            Err(refused) => return refused,
        };
        self.list_of(&place, page, note.as_ref()).await.unwrap_or_else(|refused| refused)
    }

    async fn list_of(&self, place: &Place, page: usize, note: Option<&Note>) -> Result<Message, Refused> {
        let nothing = || note.map_or_else(|| Message::sentence(NOTHING), Note::message);
        let Some(channel) = self.store.channel(place).await.map_err(|broken| lost(&broken))? else {
            return Ok(nothing());
        };
        let channel = Arc::new(channel);
        let today = today_in(&channel, self.clock.moment());
        let mut all: Vec<Standing> = Vec::new();
        loop {
            let after = all.last().map_or("", |last| last.id.as_str());
            let part = self.store.tracked(place, after, PART).await.map_err(|broken| lost(&broken))?;
            let is_last = part.len() < PART;
            let channel = Arc::clone(&channel);
            let part = tokio::task::spawn_blocking(move || standings(&channel, &part, today)).await;
            all.extend(part.map_err(|_| lost(&Broken::interrupted()))?);
            if is_last {
                break;
            }
        }
        if all.is_empty() {
            return Ok(nothing());
        }
        all.sort_unstable();
        let (total, pages) = (all.len(), all.len().div_ceil(ROWS_MAX));
        let is_due = |one: &&Standing| matches!(one.rank, Rank::Overdue | Rank::Due);
        let in_all = all.iter().filter(is_due).count();
        let page = page.min(pages - 1);
        let mut rows = Vec::new();
        for standing in all.iter().skip(page * ROWS_MAX).take(ROWS_MAX) {
            let one = self.store.tracked_one(place, &standing.id).await.map_err(|broken| lost(&broken))?;
            rows.extend(one);
        }
        let mut dues = due_for_reader(&channel, &rows, today);
        let rows = rows.iter().map(|one| {
            let found = dues.iter_mut().find(|due| due.tracked.opportunity_id == one.opportunity_id);
            (one, found.map(|due| std::mem::take(&mut due.actions)).unwrap_or_default())
        });
        Ok(Page { rows: rows.collect(), page, total, due: in_all, today }.message(note))
    }

    /// An opportunity that the caller's channel tracks, or else one of the caller's last answers.
    pub async fn card_or_answer(self: &Arc<App>, caller: &Caller, id: &str) -> Message {
        if let Ok(place) = self.place_of(caller).await {
            match self.card(&place, id, None).await {
                Ok(Some(card)) => return card,
                Ok(None) => {}
                Err(refused) => return refused,
            }
        }
        if let Some(details) = self.details_of(caller, id).await {
            return details;
        }
        let id = say::quoted(id);
        Message::sentence(&format!(
            "{id} is not tracked in this channel, and not in an answer of the last half hour. To track it, check it and \
             press Track under the answer, or write /pod-check track opportunity_id=… with its facts."
        ))
    }

    /// The card of an opportunity that a channel tracks, after what was just done.
    pub(super) async fn card(
        &self,
        place: &Place,
        id: &str,
        note: Option<&Note>,
    ) -> Result<Option<Message>, Refused> {
        let found = async {
            let Some(channel) = self.store.channel(place).await? else { return Ok(None) };
            let Some(tracked) = self.store.tracked_one(place, id).await? else { return Ok(None) };
            let log = self.store.log_of(place, id, LOG_MAX).await?;
            let zone = Zone::or_utc(&channel.zone);
            let today = zone.day_at(self.clock.moment());
            // A card also says what waits while nobody is reminded of it.
            let awake = [Tracked { snoozed_until: None, is_stopped: false, ..tracked.clone() }];
            let due = due_for_reader(&channel, &awake, today).pop();
            Ok(Some(card(&tracked, due.as_ref(), &log, &zone, today, note)))
        };
        found.await.map_err(|broken| lost(&broken))
    }

    /// Forgets one that the caller's channel tracks, or asks whether to forget all.
    pub async fn forget(self: &Arc<App>, caller: &Caller, id: Option<&str>) -> Message {
        let forgotten = async {
            let place = self.place_of(caller).await?;
            let Some(id) = id else {
                self.may_change(caller, &place).await?;
                let count = self.store.tracked_count(&place).await.map_err(|broken| lost(&broken))?;
                return Ok(if count == 0 {
                    Message::sentence(NOTHING)
                } else {
                    forget_all(&place.channel, count)
                });
            };
            let forgotten = self.store.forget(&place, Some(id)).await.map_err(|broken| lost(&broken))?;
            reminders::refresh(self, &place);
            Ok(match forgotten {
                0 => not_tracked(id),
                _ => Message::sentence(&format!(
                    "{id} and its history are forgotten in this channel. Nothing changes in ACE."
                )),
            })
        };
        forgotten.await.unwrap_or_else(|refused| refused)
    }

    /// Forgets all that the caller's channel tracks: the press after the question.
    pub async fn forget_all(self: &Arc<App>, caller: &Caller, channel: &str) -> Message {
        let forgotten = async {
            let place = self.place_of(caller).await?;
            if place.channel != channel {
                return Err(super::act::elsewhere());
            }
            self.may_change(caller, &place).await?;
            let count = self.store.forget(&place, None).await.map_err(|broken| lost(&broken))?;
            reminders::refresh(self, &place);
            Ok(Message::sentence(&format!(
                "Forgotten: {}, with history. The channel's settings stay, and nothing changes in ACE.",
                say::opportunities(count)
            )))
        };
        forgotten.await.unwrap_or_else(|refused| refused)
    }
}

/// That there is no such opportunity here.
pub(super) fn not_tracked(id: &str) -> Message {
    Message::sentence(&format!("{} is not tracked in this channel.", say::quoted(id)))
}
