//! What a channel tracks as a calendar file, handed over to whoever asks for it.
//!
//! It holds what the reminders tell, on every day to come. Nothing of it is quiet: what is snoozed stands in it too,
//! because a calendar reminds only as its owner wants.

use super::{Refused, lost, today_in};
use crate::app::{App, Caller};
use crate::reminders::due::{judged, keep_told};
use crate::slack::Failed;
use crate::store::{Broken, Channel, Place, Tracked};
use crate::views::block::Message;
use crate::views::calendar::{self as view, FILE_NAME, Held};
use chrono::NaiveDate;
use podcheck_core::export::{Event, calendar_of, events};
use podcheck_core::report::Action;
use std::collections::HashMap;
use std::sync::Arc;
use tracing::warn;

/// So many are judged at a time: what they hold is in memory.
const PART: usize = 2_000;
/// Google Calendar takes no larger file in; what the file has beside its events is a few hundred bytes.
const EVENTS_BYTES_MAX: usize = 1_000_000;

/// The nearest of all events.
#[derive(Debug, Default)]
struct Nearest {
    events: Vec<Event>,
    bytes: usize,
    left_out: usize,
}

impl Nearest {
    fn add(&mut self, events: Vec<Event>) {
        self.bytes += events.iter().map(Event::size).sum::<usize>();
        self.events.extend(events);
        // Of one day the order stays.
        self.events.sort_by_key(|event| event.day);
        while self.bytes > EVENTS_BYTES_MAX {
            let Some(last) = self.events.pop() else { return };
            self.bytes -= last.size();
            self.left_out += 1;
        }
    }

    fn held(&self) -> Held {
        Held { dates: self.events.len(), left_out: self.left_out }
    }
}

/// What a channel would be told of these, whatever the day.
fn events_of(channel: &Channel, tracked: &[Tracked], today: NaiveDate) -> Vec<Event> {
    let open: Vec<&Tracked> = tracked.iter().filter(|one| !one.is_stopped).collect();
    let by_id: HashMap<&str, &Tracked> = open.iter().map(|one| (one.opportunity_id.as_str(), *one)).collect();
    events(&judged(&open, today), |key, actions: &mut Vec<Action>| match by_id.get(key) {
        Some(one) => keep_told(channel, one, actions, today),
        None => actions.clear(),
    })
}

impl App {
    /// Sends the caller a calendar file of what their channel tracks; says where it is, or why there is none.
    pub async fn calendar(self: &Arc<App>, caller: &Caller) -> Message {
        let sent = async {
            let place = self.place_of(caller).await?;
            let nearest = self.nearest(&place).await?;
            if nearest.events.is_empty() {
                return Ok(view::nothing());
            }
            let held = nearest.held();
            let file = calendar_of(&nearest.events);
            drop(nearest);
            self.hand_over(caller, file.into(), &view::comment(&place.channel, held)).await?;
            Ok(view::sent(held))
        };
        sent.await.unwrap_or_else(|refused: Refused| refused)
    }

    async fn nearest(&self, place: &Place) -> Result<Nearest, Refused> {
        let mut nearest = Nearest::default();
        let Some(channel) = self.store.channel(place).await.map_err(|broken| lost(&broken))? else {
            return Ok(nearest);
        };
        let channel = Arc::new(channel);
        let today = today_in(&channel, self.clock.moment());
        let mut after = String::new();
        loop {
            let part = self.store.tracked(place, &after, PART).await.map_err(|broken| lost(&broken))?;
            let is_last = part.len() < PART;
            after = part.last().map(|last| last.opportunity_id.clone()).unwrap_or_default();
            let channel = Arc::clone(&channel);
            let part = tokio::task::spawn_blocking(move || events_of(&channel, &part, today)).await;
            nearest.add(part.map_err(|_| lost(&Broken::interrupted()))?);
            if is_last {
                return Ok(nearest);
            }
        }
    }

    /// Puts a file into the caller's direct messages with the bot.
    async fn hand_over(
        &self,
        caller: &Caller,
        file: hyper::body::Bytes,
        comment: &str,
    ) -> Result<(), Refused> {
        let Some(installed) = self.installed(&caller.tenant).await else {
            let why = self.why_absent(&caller.tenant).await;
            return Err(Message::sentence(&format!("Files cannot be sent here: {why}.")));
        };
        let (slack, user, file) = (&self.slack, &caller.user, &file);
        let sent = self.calling(&installed, async |token| {
            let channel = slack.direct_messages(&token, user).await?;
            slack.hand_over(&token, &channel, FILE_NAME, file.clone(), comment).await
        });
        sent.await.map_err(|failed| {
            warn!(%failed, "a calendar file was not sent");
            match failed {
                Failed::Refused(code) if code == "missing_scope" => view::not_allowed(),
                _ => view::failed(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reminders::kept::kept;
    use podcheck_core::assess::{Assessment, Inputs};
    use podcheck_core::document::Document;

    fn place() -> Place {
        Place { installation: "I1".into(), channel: "C1".into() }
    }

    /// Open deals, each with an update and a close date to come.
    fn deals(count: usize) -> Vec<Tracked> {
        let mut text = "opportunity_id,stage,review_status,target_close_date,last_modified_at\n".to_owned();
        (0..count)
            .for_each(|at| text.push_str(&format!("O{at:05},Qualified,Approved,2027-03-15,2026-11-20\n")));
        let document = Document::open("deals.csv", text.into_bytes());
        let assessment = Assessment::of(Inputs::new(vec![document], "2026-11-22".parse().unwrap()));
        kept(&assessment, 0, count).into_iter().map(|new| new.tracked_in(place())).collect()
    }

    #[test]
    fn what_is_stopped_or_not_wanted_is_in_no_calendar() {
        let channel = Channel::new(place(), "UTC".into(), "U1", 0);
        let today = "2026-11-22".parse().unwrap();
        let mut deals = deals(2);
        let all = events_of(&channel, &deals, today);
        assert!(all.iter().any(|event| event.day.to_string() == "2026-12-04"), "the next update: {all:#?}");
        deals[0].is_stopped = true;
        let some = events_of(&channel, &deals, today);
        assert_eq!(2 * some.len(), all.len());
        deals[1].snoozed_until = Some("2027-01-01".parse().unwrap());
        assert_eq!(events_of(&channel, &deals, today), some, "a calendar is not quiet");
        let unwanted = podcheck_core::report::ActionKind::ALL.to_vec();
        assert!(events_of(&Channel { unwanted, ..channel }, &deals, today).is_empty());
    }

    #[test]
    fn a_file_that_a_calendar_would_not_take_holds_the_nearest() {
        let channel = Channel::new(place(), "UTC".into(), "U1", 0);
        let today = "2026-11-22".parse().unwrap();
        let deals = deals(3_000);
        let all = events_of(&channel, &deals, today);
        let mut nearest = Nearest::default();
        for part in deals.chunks(700) {
            nearest.add(events_of(&channel, part, today));
        }
        let held = nearest.held();
        assert!(held.left_out > 0 && nearest.bytes <= EVENTS_BYTES_MAX, "{held:?}");
        assert_eq!(held.dates + held.left_out, all.len());
        let mut days: Vec<NaiveDate> = all.iter().map(|event| event.day).collect();
        days.sort_unstable();
        let kept: Vec<NaiveDate> = nearest.events.iter().map(|event| event.day).collect();
        assert_eq!(kept, days[..held.dates]);
        assert!(calendar_of(&nearest.events).len() < 1_024 * 1_024);
    }
}
