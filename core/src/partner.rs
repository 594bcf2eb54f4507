//! The partner's own answers about its readiness, and the guide's checklists.

/// What the partner answered; what is not answered is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Key and answer, as given: `partner.tier` → `Advanced`.
    pub given: Vec<(String, String)>,
}

impl Answers {
    /// The answer to `key`, if it was given and is not blank.
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.given.iter().rev().find(|(given, _)| given.eq_ignore_ascii_case(key));
        found.map(|(_, answer)| answer.trim()).filter(|answer| !answer.is_empty())
    }
}
pub struct Checklist {
    pub title: &'static str,
    pub items: &'static [Item],
}
pub struct Item {
    pub id: &'static str,
    pub text: &'static str,
}
pub const CHECKLISTS: &[Checklist] = &[];
impl Answers {
    pub fn is_done(&self, _: &str) -> Option<bool> {
        None
    }
}
