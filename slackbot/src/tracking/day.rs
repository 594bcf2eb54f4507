//! The day on which somebody asks: the one of their channel, where that is known, else the one in UTC.

use crate::app::{App, Caller};
use crate::memory::Tenant;
use crate::reminders::schedule::Zone;
use crate::store::{Broken, Place};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tracing::info;

/// What another replica changed is seen after this.
const KEPT_SECONDS: u64 = 60;
/// Where the database did not tell, it is asked again after this.
const UNTOLD_SECONDS: u64 = 10;
/// A check needs no database: it waits no longer for one.
const ASK_TIMEOUT: Duration = Duration::from_millis(500);
/// More channels than these at a time are looked up again.
const ZONES_MAX: usize = 10_000;

/// A channel as Slack names it.
type Asked = (Tenant, String);

/// The zones of channels in which somebody asked, each until a moment; of one that is not known, UTC.
#[derive(Debug, Default)]
pub(crate) struct Zones(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    zones: HashMap<Asked, (Zone, u64)>,
    /// How often one was forgotten: what was looked up meanwhile may be as it was before.
    forgotten: u64,
}

impl Zones {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The zone, and until when it is to be taken as it is; with it how often one was forgotten by now.
    fn find(&self, asked: &Asked) -> (Option<(Zone, u64)>, u64) {
        let held = self.held();
        (held.zones.get(asked).cloned(), held.forgotten)
    }

    /// Keeps a zone that was looked for when so many were forgotten.
    fn keep(&self, asked: Asked, zone: Zone, until: u64, forgotten: u64) {
        let mut held = self.held();
        if held.forgotten != forgotten {
            return;
        }
        if held.zones.len() >= ZONES_MAX {
            held.zones.clear();
        }
        held.zones.insert(asked, (zone, until));
    }

    /// Forgets what is known of a channel, whose zone may be another now.
    pub(super) fn forget(&self, channel: &str) {
        let mut held = self.held();
        held.forgotten += 1;
        held.zones.retain(|(_, known), _| known != channel);
    }
}

impl App {
    /// The day that it is where somebody asks.
    pub(crate) async fn today_of(&self, caller: &Caller) -> NaiveDate {
        self.zone_at(&caller.tenant, &caller.channel).await.day_at(self.clock.moment())
    }

    /// The zone of a workspace's channel; UTC where nothing is tracked or set there.
    pub(super) async fn zone_at(&self, tenant: &Tenant, channel: &str) -> Zone {
        if channel.is_empty() || channel.starts_with('D') {
            return Zone::UTC;
        }
        let (asked, now) = ((tenant.clone(), channel.to_owned()), self.clock.seconds());
        let (known, forgotten) = self.zones.find(&asked);
        if let Some((zone, until)) = &known
            && *until > now
        {
            return zone.clone();
        }
        let (zone, seconds) = match timeout(ASK_TIMEOUT, self.zone_kept(tenant, channel)).await {
            Ok(Ok(zone)) => (zone.unwrap_or(Zone::UTC), KEPT_SECONDS),
            failed => {
                info!(failed = ?failed.map(|found| found.err()), "a channel's zone was not looked up");
                // A guess is good for this once.
                let Some((zone, _)) = known else { return Zone::UTC };
                (zone, UNTOLD_SECONDS)
            }
        };
        self.zones.keep(asked, zone.clone(), now.saturating_add(seconds), forgotten);
        zone
    }

    async fn zone_kept(&self, tenant: &Tenant, channel: &str) -> Result<Option<Zone>, Broken> {
        let Some(installation) = self.store.installation_of(tenant).await? else { return Ok(None) };
        let place = Place { installation: installation.id, channel: channel.to_owned() };
        Ok(self.store.channel(&place).await?.map(|channel| Zone::or_utc(&channel.zone)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_not_grow_without_end() {
        let zones = Zones::default();
        for number in 0..3 * ZONES_MAX {
            zones.keep((Tenant::default(), number.to_string()), Zone::UTC, 60, 0);
        }
        assert!(zones.held().zones.len() <= ZONES_MAX);
    }

    #[test]
    fn what_was_looked_up_before_it_was_forgotten_does_not_come_back() {
        let (zones, asked) = (Zones::default(), (Tenant::default(), "C1".to_owned()));
        let (_, before) = zones.find(&asked);
        zones.forget("C1");
        zones.keep(asked.clone(), Zone::UTC, 60, before);
        let (known, by_now) = zones.find(&asked);
        assert!(known.is_none());
        zones.keep(asked.clone(), Zone::UTC, 60, by_now);
        assert!(zones.find(&asked).0.is_some());
    }
}
