//! What the bot remembers in its own memory, for a while and within bounds: answers, for their buttons, and the ids of
//! events, so that a repeated delivery does nothing twice.

use podcheck_core::assess::Assessment;
use podcheck_core::document::Document;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most answers are small: together they may count so many bytes.
const SMALL_BYTES_MAX: usize = 8 * 1024 * 1024;
/// One that counts more lies on the shelf of the large ones, where it takes no small one's place.
const SMALL_BYTES: usize = 256 * 1024;
/// The large ones together: a few whole exports.
const LARGE_BYTES_MAX: usize = 96 * 1024 * 1024;
/// One of them. What counts more gets no buttons: it is a month of bills rather than an export.
const LARGE_BYTES: usize = 64 * 1024 * 1024;
/// What is kept of an answer beside its text, roughly: 16 KiB of tables, and what was made of each record. Measured: 120
/// bytes an opportunity, 175 an account's bill of a month.
const ANSWER_BYTES: usize = 16 * 1024;
const RECORD_BYTES: usize = 192;
/// Slack lets an answer's buttons write for half an hour.
pub const ANSWER_SECONDS: u64 = 30 * 60;
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

/// Answers whose buttons can be pressed, the newest kept: the small ones and the large ones each in room of their own.
#[derive(Debug)]
pub struct Answers([Mutex<Shelf>; 2]);

#[derive(Debug)]
struct Shelf {
    bytes_max: usize,
    bytes: usize,
    by_handle: HashMap<String, Answer>,
    /// The oldest first.
    order: VecDeque<String>,
}

#[derive(Debug)]
struct Answer {
    tenant: Tenant,
    user: String,
    until: u64,
    bytes: usize,
    assessment: Arc<Assessment>,
}

impl Default for Answers {
    fn default() -> Answers {
        Answers([SMALL_BYTES_MAX, LARGE_BYTES_MAX].map(|most| Mutex::new(Shelf::of(most))))
    }
}

impl Answers {
    /// Keeps an answer and gives the name by which its asker finds it; none for one that is too large.
    pub fn keep(&self, tenant: &Tenant, user: &str, assessment: Arc<Assessment>, now: u64) -> Option<String> {
        let handle = random_name();
        let until = now.saturating_add(ANSWER_SECONDS);
        self.keep_again(&handle, until, tenant, user, assessment).then_some(handle)
    }

    /// Keeps an answer that has its name and its end already; whether it is small enough for that.
    pub fn keep_again(
        &self,
        handle: &str,
        until: u64,
        tenant: &Tenant,
        user: &str,
        assessment: Arc<Assessment>,
    ) -> bool {
        let bytes = counted(&assessment);
        if bytes > LARGE_BYTES {
            return false;
        }
        let [small, large] = &self.0;
        let shelf = if bytes <= SMALL_BYTES { small } else { large };
        let answer = Answer { tenant: tenant.clone(), user: user.to_owned(), until, bytes, assessment };
        lock(shelf).put(handle, answer);
        true
    }

    /// The answer of this name, for the one who asked.
    pub fn find(&self, tenant: &Tenant, user: &str, handle: &str, now: u64) -> Option<Arc<Assessment>> {
        self.0.iter().find_map(|shelf| {
            let shelf = lock(shelf);
            let answer = shelf.by_handle.get(handle).filter(|answer| answer.is_for(tenant, user, now))?;
            Some(Arc::clone(&answer.assessment))
        })
    }

    /// Forgets the answers of a workspace; without a team, of a whole organisation; without either, of nobody.
    pub fn forget(&self, whose: &Tenant) {
        let is_theirs = |tenant: &Tenant| {
            if whose.team.is_empty() {
                tenant.enterprise == whose.enterprise && !whose.enterprise.is_empty()
            } else {
                tenant.team == whose.team
            }
        };
        self.retain(|answer| !is_theirs(&answer.tenant));
    }

    /// Forgets the answers whose time is over.
    pub fn forget_old(&self, now: u64) {
        self.retain(|answer| answer.until > now);
    }

    fn retain(&self, stays: impl Fn(&Answer) -> bool) {
        for shelf in &self.0 {
            let Shelf { bytes, by_handle, order, .. } = &mut *lock(shelf);
            by_handle.retain(|_, answer| {
                let stays = stays(answer);
                *bytes -= if stays { 0 } else { answer.bytes };
                stays
            });
            order.retain(|handle| by_handle.contains_key(handle));
        }
    }

    /// The names of the answers that somebody was given, each after its end; the newest of a shelf first.
    pub fn of(&self, tenant: &Tenant, user: &str, now: u64) -> Vec<(u64, String)> {
        let mut theirs = Vec::new();
        for shelf in &self.0 {
            let shelf = lock(shelf);
            let answers = shelf.order.iter().rev();
            let answers = answers.filter_map(|handle| Some((handle, shelf.by_handle.get(handle)?)));
            let found = answers.filter(|(_, answer)| answer.is_for(tenant, user, now));
            theirs.extend(found.map(|(handle, answer)| (answer.until, handle.clone())));
        }
        theirs
    }

    /// Roughly how many bytes are held.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|shelf| lock(shelf).bytes).sum()
    }
}

impl Answer {
    fn is_for(&self, tenant: &Tenant, user: &str, now: u64) -> bool {
        self.tenant.is(tenant) && self.user == user && self.until > now
    }
}

impl Shelf {
    fn of(bytes_max: usize) -> Shelf {
        Shelf { bytes_max, bytes: 0, by_handle: HashMap::new(), order: VecDeque::new() }
    }

    /// Puts an answer there that is no larger than the shelf; the oldest make room for it.
    fn put(&mut self, handle: &str, answer: Answer) {
        self.bytes += answer.bytes;
        match self.by_handle.insert(handle.to_owned(), answer) {
            // Two presses brought it at the same moment.
            Some(before) => self.bytes -= before.bytes,
            None => self.order.push_back(handle.to_owned()),
        }
        while self.bytes > self.bytes_max {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.by_handle.remove(&oldest).map_or(0, |answer| answer.bytes);
        }
    }
}

/// Roughly how many bytes an answer holds.
fn counted(assessment: &Assessment) -> usize {
    let records: usize = assessment.inputs().documents.iter().map(Document::len).sum();
    ANSWER_BYTES + text_bytes(assessment) + RECORD_BYTES * records
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

    /// Of so many bytes of text.
    fn long(bytes: usize) -> Arc<Assessment> {
        answer(format!("stage=Launched\nnext_steps={}", "x".repeat(bytes)))
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        for (bytes, together) in [(200_000, SMALL_BYTES_MAX), (6_000_000, LARGE_BYTES_MAX)] {
            let answers = Answers::default();
            let one = long(bytes);
            let handles: Vec<_> = (0..100)
                .map(|now| answers.keep(&tenant("T1"), "U1", Arc::clone(&one), now).unwrap())
                .collect();
            assert!((together / 2..=together).contains(&answers.bytes()));
            let found = |handle: &String| answers.find(&tenant("T1"), "U1", handle, 100).is_some();
            assert!(!found(&handles[0]) && found(&handles[99]), "{bytes}");
        }
    }

    #[test]
    fn a_large_answer_takes_no_small_ones_place() {
        let answers = Answers::default();
        let small = answers.keep(&tenant("T1"), "U1", answer("stage=Launched".into()), 0).unwrap();
        let large = long(30_000_000);
        for now in 1..10 {
            answers.keep(&tenant("T2"), "U2", Arc::clone(&large), now).unwrap();
        }
        assert!(answers.find(&tenant("T1"), "U1", &small, 10).is_some());
        assert_eq!(answers.of(&tenant("T2"), "U2", 10).len(), 3, "the large ones make room for each other");
    }

    #[test]
    fn what_counts_more_than_its_shelf_has_no_name_and_takes_nobodys_place() {
        let answers = Answers::default();
        let kept = answers.keep(&tenant("T1"), "U1", long(1_000_000), 0).unwrap();
        // Far less text than that, in very many records.
        let bills: String = (0..400_000).map(|row| format!("1{row:011},2026-10,1\n")).collect();
        for large in [long(LARGE_BYTES), answer(format!("account_id,month,spend\n{bills}"))] {
            assert_eq!(answers.keep(&tenant("T1"), "U1", large, 1), None);
        }
        assert!(answers.find(&tenant("T1"), "U1", &kept, 1).is_some());
    }

    #[test]
    fn an_answer_that_comes_twice_is_counted_once() {
        let answers = Answers::default();
        for _ in 0..2 {
            let again = answers.keep_again("h", 200, &tenant("T1"), "U1", answer("stage=Launched".into()));
            assert!(again);
        }
        assert_eq!(answers.of(&tenant("T1"), "U1", 100), [(200, "h".to_owned())]);
        assert!(answers.bytes() < 2 * ANSWER_BYTES);
    }

    #[test]
    fn what_is_too_old_is_forgotten() {
        let answers = Answers::default();
        for now in [0, 1, ANSWER_SECONDS + 5] {
            answers.keep(&tenant("T1"), "U1", answer("stage=Launched".into()), now);
        }
        answers.forget_old(ANSWER_SECONDS + 5);
        assert_eq!(lock(&answers.0[0]).order.len(), 1);
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
        assert!(answers.bytes() < 2 * ANSWER_BYTES && lock(&answers.0[0]).order.len() == 1);
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
