//! What changed since an earlier report of ours.

use crate::assess::Assessment;
use crate::desk::Desk;
use crate::document::Kind;
use crate::report::{ChangedVerdict, Changes};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::borrow::Cow;

/// What is read of an earlier report.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Earlier<'t> {
    #[serde(borrow)]
    as_of: Cow<'t, str>,
    #[serde(borrow)]
    opportunities: Vec<EarlierVerdict<'t>>,
}

#[derive(Deserialize)]
struct EarlierVerdict<'t> {
    #[serde(borrow)]
    key: Cow<'t, str>,
    #[serde(borrow)]
    verdict: Cow<'t, str>,
}

fn earlier_reports(assessment: &Assessment) -> impl Iterator<Item = Result<Earlier<'_>, String>> {
    let reports = assessment.inputs.documents.iter().filter(|document| document.kind() == Kind::Report);
    reports.map(|document| {
        serde_json::from_str(document.text()).map_err(|error| {
            format!("The earlier report {} cannot be read: {error}.", crate::say::quoted(document.name()))
        })
    })
}

/// The changes since the latest earlier report; none without one.
pub(crate) fn of(assessment: &Assessment, desk: &Desk<'_>) -> Option<Changes> {
    let earlier = earlier_reports(assessment).filter_map(Result::ok).max_by(|a, b| a.as_of.cmp(&b.as_of))?;
    let mut before: FxHashMap<&str, &str> =
        earlier.opportunities.iter().map(|one| (one.key.as_ref(), one.verdict.as_ref())).collect();
    let mut changes =
        Changes { since: earlier.as_of.to_string(), changed: Vec::new(), new: Vec::new(), gone: Vec::new() };
    for (at, entry) in (0u32..).zip(&assessment.found.entries) {
        let opp = assessment.opportunity_of(desk, at);
        let key = assessment.key(&opp, at);
        match before.remove(key.as_ref()) {
            None => changes.new.push(key.into_owned()),
            Some(from) if from != entry.verdict.as_str() => {
                let (from, key) = (from.to_owned(), key.into_owned());
                changes.changed.push(ChangedVerdict { key, from, to: entry.verdict });
            }
            Some(_) => {}
        }
    }
    let gone = earlier.opportunities.iter().filter(|one| before.remove(one.key.as_ref()).is_some());
    changes.gone = gone.map(|one| one.key.to_string()).collect();
    Some(changes)
}

/// Why an earlier report was not used.
pub(crate) fn unread(assessment: &Assessment) -> impl Iterator<Item = String> {
    earlier_reports(assessment).filter_map(Result::err)
}
