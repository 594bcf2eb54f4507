//! What was asked, held for the other replicas on one PostgreSQL: Slack brings a press to any of them.
//!
//! What is held is sealed, and is the question alone: whoever needs the answer judges it again, and the same question
//! gets the same answer. Where there is no key, or one process alone, an answer is found in memory or not at all.

use crate::app::{App, Caller};
use crate::commands::Asked;
use crate::memory::ANSWER_SECONDS;
use crate::seal::Keyring;
use crate::store::{Backend, Held};
use chrono::NaiveDate;
use podcheck_core::assess::Supplement;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::{debug, warn};

/// A question of more bytes stays with the replica that answered it: sealed and as text, this is 1 MiB.
const QUESTION_BYTES_MAX: usize = 768 * 1024;
/// So many are written at a time. Under more load than that, the others stay with their replica.
const WRITES_MAX: u32 = 32;
/// What stands before the documents ends so.
const END_OF_HEAD: u8 = b'\n';

/// With what questions are held.
#[derive(Debug)]
pub(crate) struct Holding {
    keys: Keyring,
    writes: Arc<Semaphore>,
}

/// A question without the bytes of its documents, which follow it.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// The name and the length of each document.
    documents: Vec<(String, usize)>,
    supplements: Vec<Supplement>,
    as_of: NaiveDate,
}

impl App {
    /// The bot with keys: where several replicas may run, it holds what is asked for the others.
    pub fn with_keys(mut self, keys: Option<Keyring>) -> App {
        let writes = Arc::new(Semaphore::new(WRITES_MAX as usize));
        let keys = keys.filter(|_| self.store.backend() == Backend::Postgres);
        self.holding = keys.map(|keys| Holding { keys, writes });
        self
    }

    /// A question with its day as it is held, not sealed yet; none where it is not to be held.
    pub(crate) fn packed(&self, asked: &Asked) -> Option<Vec<u8>> {
        let is_held = self.holding.is_some() && asked.size() <= QUESTION_BYTES_MAX;
        let packed = asked.as_of.filter(|_| is_held).and_then(|day| packed(asked, day));
        packed.filter(|bytes| bytes.len() <= QUESTION_BYTES_MAX)
    }

    /// Holds a question for the other replicas. Nobody waits for that: it is done long before a person has read the
    /// answer, and where it fails the answer's buttons work here alone.
    pub(crate) fn hold(self: &Arc<App>, caller: &Caller, handle: String, question: Vec<u8>) {
        let Some(holding) = &self.holding else { return };
        let Ok(turn) = Arc::clone(&holding.writes).try_acquire_owned() else {
            return debug!("an answer stays with this replica: too many are written");
        };
        let (app, keys, asker) = (Arc::clone(self), holding.keys.clone(), asker(caller));
        let (tenant, now) = (caller.tenant.clone(), self.clock.moment());
        tokio::spawn(async move {
            let _turn = turn;
            let Some(installation) = app.installation(&tenant).await else { return };
            let held = Held {
                sealed: keys.seal_question(&whose(&handle, &asker), question),
                id: handle,
                key_id: keys.current_id().to_owned(),
                expires_at: now.saturating_add_unsigned(ANSWER_SECONDS),
            };
            if let Err(broken) = app.store.hold(&installation.id, &asker, &held).await {
                warn!(%broken, "an answer stays with this replica");
            }
        });
    }

    /// What this person asked at any replica, and the second until which it is held.
    pub(crate) async fn held(&self, caller: &Caller, handle: &str) -> Option<(Asked, u64)> {
        let holding = self.holding.as_ref()?;
        let asker = asker(caller);
        let held = self.store.held(&asker, handle, self.clock.moment()).await;
        let held = held.inspect_err(|broken| warn!(%broken, "an answer was not looked up")).ok()??;
        let opened = holding.keys.open_question(&held.key_id, &whose(handle, &asker), &held.sealed);
        if opened.is_none() {
            warn!(key = held.key_id, "a question cannot be opened: the key is not there, or it was changed");
        }
        Some((unpacked(&opened?)?, u64::try_from(held.expires_at).ok()?))
    }

    /// The names of what this person asked at any replica, each after its end.
    pub(crate) async fn held_names(&self, caller: &Caller) -> Vec<(u64, String)> {
        if self.holding.is_none() {
            return Vec::new();
        }
        let found = self.store.held_names(&asker(caller), self.clock.moment()).await;
        let found = found.inspect_err(|broken| warn!(%broken, "answers were not looked up"));
        let end = |(until, name)| (u64::try_from(until).unwrap_or_default(), name);
        found.unwrap_or_default().into_iter().map(end).collect()
    }

    /// Waits until nothing is being written.
    pub(crate) async fn holds_all(&self) {
        if let Some(holding) = &self.holding {
            // The semaphore is never closed.
            let _ = holding.writes.acquire_many(WRITES_MAX).await;
        }
    }
}

/// The workspace and the person, as one: no id has a slash in it.
fn asker(caller: &Caller) -> String {
    let tenant = &caller.tenant;
    // A workspace is known by its own id, whether or not its organisation is told with it.
    let tenant = if tenant.team.is_empty() { &tenant.enterprise } else { &tenant.team };
    format!("{tenant}/{}", caller.user)
}

/// To whom a question is sealed.
fn whose(handle: &str, asker: &str) -> String {
    format!("{handle}\0{asker}")
}

fn packed(asked: &Asked, as_of: NaiveDate) -> Option<Vec<u8>> {
    let documents = asked.documents.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect();
    let head = Head { documents, supplements: asked.supplements.clone(), as_of };
    let mut packed = serde_json::to_vec(&head).ok()?;
    packed.push(END_OF_HEAD);
    asked.documents.iter().for_each(|(_, bytes)| packed.extend(bytes));
    Some(packed)
}

fn unpacked(packed: &[u8]) -> Option<Asked> {
    let end = packed.iter().position(|byte| *byte == END_OF_HEAD)?;
    let head: Head = serde_json::from_slice(&packed[..end]).ok()?;
    let mut rest = &packed[end + 1..];
    let mut documents = Vec::with_capacity(head.documents.len());
    for (name, length) in head.documents {
        let (bytes, after) = rest.split_at_checked(length)?;
        documents.push((name, bytes.to_vec()));
        rest = after;
    }
    Some(Asked { documents, supplements: head.supplements, as_of: Some(head.as_of) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::assess::About;

    #[test]
    fn a_question_comes_back_as_it_was_asked() {
        let supplement = |about| Supplement { about, fact: "stage".into(), value: "a\nb".into() };
        let day: NaiveDate = "2026-11-22".parse().unwrap();
        let asked = Asked {
            documents: vec![("a\n.csv".into(), vec![0, 10, 255]), ("b".into(), Vec::new())],
            supplements: vec![
                supplement(About::One("O1".into())),
                supplement(About::All),
                supplement(About::Lacking),
            ],
            as_of: None,
        };
        let bytes = packed(&asked, day).unwrap();
        assert_eq!(unpacked(&bytes), Some(Asked { as_of: Some(day), ..asked }));
        for cut in 0..bytes.len() {
            assert_eq!(unpacked(&bytes[..cut]), None);
        }
    }
}
