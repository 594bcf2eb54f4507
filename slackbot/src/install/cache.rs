//! Opened tokens, for a minute: what another replica changed is seen after that.

use super::Installed;
use crate::memory::Tenant;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const KEPT_SECONDS: u64 = 60;
/// More workspaces than these at a time are looked up again.
const KEPT_MAX: usize = 1_000;

/// By what an installation is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Tenant(Tenant),
    Id(String),
}

#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<Whose, (Installed, u64)>>);

impl Cache {
    fn held(&self) -> MutexGuard<'_, HashMap<Whose, (Installed, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn find(&self, whose: &Whose, now: u64) -> Option<Installed> {
        let held = self.held();
        held.get(whose).filter(|(_, until)| *until > now).map(|(installed, _)| installed.clone())
    }

    pub(super) fn keep(&self, whose: Whose, installed: &Installed, now: u64) {
        let mut held = self.held();
        if held.len() >= KEPT_MAX {
            held.retain(|_, (_, until)| *until > now);
        }
        if held.len() >= KEPT_MAX {
            held.clear();
        }
        held.insert(whose, (installed.clone(), now.saturating_add(KEPT_SECONDS)));
    }

    /// Forgets an installation, by whatever it was asked for.
    pub(super) fn forget(&self, id: &str) {
        self.held().retain(|_, (installed, _)| installed.installation.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use crate::slack::Token;
    use crate::store::{Installation, SealedTokens};

    fn installed(id: &str) -> Installed {
        let installation = Installation {
            id: id.to_owned(),
            tenant: Tenant::default(),
            installer: String::new(),
            generation: 1,
            is_active: true,
            tokens: SealedTokens::default(),
        };
        Installed { installation, token: Token::bot(&Secret::new("xoxb-1")) }
    }

    fn whose(id: &str) -> Whose {
        Whose::Id(id.to_owned())
    }

    #[test]
    fn a_token_is_held_for_a_minute() {
        let cache = Cache::default();
        cache.keep(whose("i1"), &installed("i1"), 100);
        assert!(cache.find(&whose("i1"), 159).is_some());
        assert!(cache.find(&whose("i1"), 160).is_none());
        assert!(cache.find(&whose("i2"), 100).is_none());
    }

    #[test]
    fn what_is_forgotten_is_forgotten_under_each_name() {
        let cache = Cache::default();
        let tenant = Whose::Tenant(Tenant::default());
        cache.keep(tenant.clone(), &installed("i1"), 100);
        cache.keep(whose("i1"), &installed("i1"), 100);
        cache.keep(whose("i2"), &installed("i2"), 100);
        cache.forget("i1");
        assert!(cache.find(&tenant, 100).is_none() && cache.find(&whose("i1"), 100).is_none());
        assert!(cache.find(&whose("i2"), 100).is_some());
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let cache = Cache::default();
        for number in 0..3 * KEPT_MAX {
            cache.keep(whose(&number.to_string()), &installed("i1"), 100);
        }
        assert!(cache.held().len() <= KEPT_MAX);
    }
}
