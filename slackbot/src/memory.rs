//! What the bot remembers in its own memory, for a while and within bounds: answers, for their buttons, and the ids of
//! events, so that a repeated delivery does nothing twice.

use podcheck_core::assess::Assessment;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All answers together may hold so many bytes of text.
const ANSWERS_BYTES_MAX: usize = 8 * 1024 * 1024;
/// An answer of more text than this gets no buttons.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// What is kept of an answer beside its text, roughly: 16 KiB of tables, and a few dozen bytes an opportunity.
const ANSWER_BYTES: usize = 16 * 1024;
const OPPORTUNITY_BYTES: usize = 128;
/// Slack lets an answer's buttons write for half an hour.
const ANSWER_SECONDS: u64 = 30 * 60;
/// Slack may repeat a delivery hours later.
const EVENT_SECONDS: u64 = 24 * 60 * 60;
/// More than one workspace delivers in an hour.
const EVENTS_MAX: usize = 50_000;

/// Whose something is: a workspace, or an organisation of workspaces. Either id may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Tenant {
    /// The organisation.
    pub enterprise: String,
    /// The workspace.
    pub team: String,
}

impl Tenant {
    /// Whether both are the same: a workspace is known by its own id, whether or not its organisation is told with it.
    pub fn is(&self, other: &Tenant) -> bool {
        self.team == other.team && (!self.team.is_empty() || self.enterprise == other.enterprise)
    }
}

/// Answers whose buttons can be pressed, the newest kept.
#[derive(Debug, Default)]
pub struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_handle: HashMap<String, Answer>,
    /// The oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

#[derive(Debug)]
struct Answer {
    tenant: Tenant,
    user: String,
    until: u64,
    bytes: usize,
    assessment: Arc<Assessment>,
}

impl Answers {
    /// Keeps an answer and gives the name by which its asker finds it; none for one that is too large.
    pub fn keep(&self, tenant: &Tenant, user: &str, assessment: Arc<Assessment>, now: u64) -> Option<String> {
        let text = text_bytes(&assessment);
        if text > ANSWER_BYTES_MAX {
            return None;
        }
        let bytes = ANSWER_BYTES + 2 * text + OPPORTUNITY_BYTES * assessment.len();
        let handle = random_name();
        let mut kept = lock(&self.0);
        let answer = Answer {
            tenant: tenant.clone(),
            user: user.to_owned(),
            until: now.saturating_add(ANSWER_SECONDS),
            bytes,
            assessment,
        };
        kept.by_handle.insert(handle.clone(), answer);
        kept.order.push_back(handle.clone());
        kept.bytes += bytes;
        while kept.bytes > ANSWERS_BYTES_MAX || kept.oldest_until().is_some_and(|until| until <= now) {
            kept.drop_oldest();
        }
        Some(handle)
    }

    /// The answer of this name, for the one who asked.
    pub fn find(&self, tenant: &Tenant, user: &str, handle: &str, now: u64) -> Option<Arc<Assessment>> {
        let kept = lock(&self.0);
        let answer = kept.by_handle.get(handle)?;
        let is_theirs = answer.tenant.is(tenant) && answer.user == user;
        (is_theirs && answer.until > now).then(|| Arc::clone(&answer.assessment))
    }

    /// Forgets the answers of a workspace; without a team, of a whole organisation.
    pub fn forget(&self, whose: &Tenant) {
        let mut kept = lock(&self.0);
        let is_theirs = |tenant: &Tenant| {
            if whose.team.is_empty() {
                tenant.enterprise == whose.enterprise
            } else {
                tenant.team == whose.team
            }
        };
        let handles = kept.by_handle.iter().filter(|(_, answer)| is_theirs(&answer.tenant));
        let handles: HashSet<String> = handles.map(|(handle, _)| handle.clone()).collect();
        kept.order.retain(|handle| !handles.contains(handle));
        for handle in handles {
            let bytes = kept.by_handle.remove(&handle).map_or(0, |answer| answer.bytes);
            kept.bytes -= bytes;
        }
    }

    /// The answers that somebody was given, the newest first.
    pub fn of(&self, tenant: &Tenant, user: &str, now: u64) -> Vec<Arc<Assessment>> {
        let kept = lock(&self.0);
        let answers = kept.order.iter().rev().filter_map(|handle| kept.by_handle.get(handle));
        let theirs = answers.filter(|answer| answer.tenant.is(tenant) && answer.user == user);
        theirs.filter(|answer| answer.until > now).map(|answer| Arc::clone(&answer.assessment)).collect()
    }

    /// Roughly how many bytes are held.
    pub fn bytes(&self) -> usize {
        lock(&self.0).bytes
    }
}

impl Kept {
    fn oldest_until(&self) -> Option<u64> {
        self.by_handle.get(self.order.front()?).map(|answer| answer.until)
    }

    fn drop_oldest(&mut self) {
        let oldest = self.order.pop_front().and_then(|handle| self.by_handle.remove(&handle));
        self.bytes -= oldest.map_or(0, |answer| answer.bytes);
    }
}

/// How many bytes of text an answer was made from.
pub(crate) fn text_bytes(assessment: &Assessment) -> usize {
    assessment.inputs().documents.iter().map(|document| document.text().len()).sum()
}

/// A name that nobody can guess.
pub fn random_name() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the machine's source of randomness does not fail once it is open");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ids of events that were taken.
#[derive(Debug, Default)]
pub struct Seen(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    hashes: HashSet<u64>,
    /// With the second until which each is remembered, the oldest first.
    order: VecDeque<(u64, u64)>,
}

impl Seen {
    /// Whether this id is new; from now on it is not.
    pub fn is_new(&self, tenant: &Tenant, id: &str, now: u64) -> bool {
        let mut hasher = DefaultHasher::new();
        (tenant, id).hash(&mut hasher);
        let hash = hasher.finish();
        let mut ids = lock(&self.0);
        let is_stale = |ids: &Ids| ids.order.front().is_some_and(|(_, until)| *until <= now);
        while ids.order.len() >= EVENTS_MAX || is_stale(&ids) {
            let Some((oldest, _)) = ids.order.pop_front() else { break };
            ids.hashes.remove(&oldest);
        }
        let is_new = ids.hashes.insert(hash);
        if is_new {
            ids.order.push_back((hash, now.saturating_add(EVENT_SECONDS)));
        }
        is_new
    }
}

/// Nothing panics while it holds one of these locks; if something did, what they hold is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::assess::Inputs;
    use podcheck_core::document::Document;

    fn tenant(team: &str) -> Tenant {
        Tenant { team: team.to_owned(), ..Tenant::default() }
    }

    #[test]
    fn a_workspace_is_the_same_whether_or_not_its_organisation_is_told() {
        let of = |enterprise: &str, team: &str| Tenant {
            enterprise: enterprise.to_owned(),
            team: team.to_owned(),
        };
        assert!(of("E1", "T1").is(&of("", "T1")));
        assert!(of("E1", "").is(&of("E1", "")));
        for other in [of("E1", "T2"), of("E1", ""), of("", "")] {
            assert!(!of("E1", "T1").is(&other), "{other:?}");
        }
        assert!(!of("E1", "").is(&of("E2", "")));
        let answers = Answers::default();
        let handle = answers.keep(&of("E1", "T1"), "U1", answer("stage=Launched".to_owned()), 0).unwrap();
        assert!(answers.find(&of("", "T1"), "U1", &handle, 0).is_some());
        assert!(answers.find(&of("E1", "T2"), "U1", &handle, 0).is_none());
    }

    fn answer(text: String) -> Arc<Assessment> {
        let document = Document::open("pasted text", text.into_bytes());
        Arc::new(Assessment::of(Inputs::new(vec![document], "2026-11-22".parse().unwrap())))
    }

    #[test]
    fn only_the_asker_finds_an_answer_and_only_for_half_an_hour() {
        let answers = Answers::default();
        let handle = answers.keep(&tenant("T1"), "U1", answer("stage=Launched".into()), 100).unwrap();
        let finds = |team, user, now| answers.find(&tenant(team), user, &handle, now).is_some();
        assert!(finds("T1", "U1", 100 + ANSWER_SECONDS - 1));
        assert!(!finds("T1", "U1", 100 + ANSWER_SECONDS));
        assert!(!finds("T2", "U1", 100));
        assert!(!finds("T1", "U2", 100));
        assert!(answers.find(&tenant("T1"), "U1", "another", 100).is_none());
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let answers = Answers::default();
        let large = answer(format!("stage=Launched\nnext_steps={}", "x".repeat(1_000_000)));
        let handles: Vec<_> =
            (0..20).map(|now| answers.keep(&tenant("T1"), "U1", Arc::clone(&large), now).unwrap()).collect();
        assert!(answers.bytes() <= ANSWERS_BYTES_MAX);
        let found = |handle: &String| answers.find(&tenant("T1"), "U1", handle, 20).is_some();
        assert!(!found(&handles[0]) && found(&handles[19]));
        let huge = answer("x".repeat(ANSWER_BYTES_MAX + 1));
        assert_eq!(answers.keep(&tenant("T1"), "U1", huge, 20), None);
    }

    #[test]
    fn what_is_too_old_goes_when_something_new_comes() {
        let answers = Answers::default();
        for now in [0, 1, ANSWER_SECONDS + 5] {
            answers.keep(&tenant("T1"), "U1", answer("stage=Launched".into()), now);
        }
        assert_eq!(lock(&answers.0).by_handle.len(), 1);
        assert!(answers.bytes() < 2 * ANSWER_BYTES);
    }

    #[test]
    fn the_answers_of_a_workspace_that_goes_are_forgotten() {
        let answers = Answers::default();
        let of = |enterprise: &str, team: &str| Tenant {
            enterprise: enterprise.to_owned(),
            team: team.to_owned(),
        };
        let tenants = [of("", "T1"), of("E1", "T2"), of("E1", "T3"), of("", "T4")];
        let handles = tenants.clone().map(|tenant| {
            let handle = answers.keep(&tenant, "U1", answer("stage=Launched".into()), 100).unwrap();
            (tenant, handle)
        });
        let left = || {
            let kept =
                |(tenant, handle): &&(Tenant, String)| answers.find(tenant, "U1", handle, 100).is_some();
            handles.iter().filter(kept).map(|(tenant, _)| tenant.team.clone()).collect::<Vec<_>>()
        };
        answers.forget(&of("", "T1"));
        assert_eq!(left(), ["T2", "T3", "T4"]);
        answers.forget(&of("E1", ""));
        assert_eq!(left(), ["T4"]);
        assert!(answers.bytes() < 2 * ANSWER_BYTES && lock(&answers.0).order.len() == 1);
    }

    #[test]
    fn an_event_is_new_once_a_day_and_a_workspace() {
        let seen = Seen::default();
        assert!(seen.is_new(&tenant("T1"), "Ev1", 0));
        assert!(!seen.is_new(&tenant("T1"), "Ev1", EVENT_SECONDS - 1));
        assert!(seen.is_new(&tenant("T2"), "Ev1", 1));
        assert!(seen.is_new(&tenant("T1"), "Ev1", EVENT_SECONDS + 1));
        for number in 0..EVENTS_MAX {
            seen.is_new(&tenant("T3"), &number.to_string(), EVENT_SECONDS + 2);
        }
        assert!(lock(&seen.0).order.len() <= EVENTS_MAX);
    }
}
