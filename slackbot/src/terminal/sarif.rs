//! SARIF 2.1.0: findings with their places, for code scanning and editors.
//!
//! Failures are errors, what is not known a warning, what cannot be true yet and advice are notes. Results are
//! written one opportunity after the other, so that a large portfolio does not stand in memory as JSON.

use super::check::{each, shown};
use anyhow::Result;
use podcheck_core::assess::Assessment;
use podcheck_core::explanations;
use podcheck_core::report::{CheckReport, Explanation, OpportunityReport, Place, ProblemReport};
use podcheck_core::rule::Outcome;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Bytes that a path may hold as they are inside an address.
const PLAIN: &[u8] = b"-._~/";

struct Log<'a> {
    rules: Vec<Explanation>,
    files: &'a [PathBuf],
}

/// Writes the log of one run.
pub(super) fn write(assessment: &Assessment, files: &[PathBuf], out: &mut impl Write) -> Result<()> {
    let log = Log { rules: explanations(), files };
    let summary = assessment.summary();
    write!(
        out,
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
         \"tool\":{},\"columnKind\":\"utf16CodeUnits\",\"invocations\":[{}],\"artifacts\":{},\"results\":[",
        log.tool(&summary.ruleset),
        log.invocation(&summary.documents.iter().flat_map(|document| &document.problems).collect::<Vec<_>>()),
        Value::from_iter(files.iter().map(|path| json!({ "location": { "uri": uri(path) } }))),
    )?;
    let mut separator = "";
    let mut put = |result: Value| -> Result<()> {
        write!(out, "{separator}{result}")?;
        separator = ",\n";
        Ok(())
    };
    each(assessment, |report| {
        let open = report.checks.iter().filter_map(|check| level(check.outcome).map(|level| (check, level)));
        open.map(|(check, level)| log.result(report, check, level)).try_for_each(&mut put)
    })?;
    for found in &summary.set {
        let message = format!("{} {}", found.message, found.remedy);
        put(log.found(&found.rule, "warning", message.trim_end(), &found.places, &found.opportunities))?;
    }
    Ok(writeln!(out, "]}}]}}")?)
}

fn level(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Pass | Outcome::NotApplicable => None,
        Outcome::Fail => Some("error"),
        Outcome::Unknown | Outcome::Warning => Some("warning"),
        Outcome::Pending | Outcome::Advice => Some("note"),
    }
}

impl Log<'_> {
    fn tool(&self, ruleset: &str) -> Value {
        let rules = self.rules.iter().map(|page| {
            let first = page.page.lines().next().unwrap_or_default();
            json!({
                "id": page.rule,
                "name": page.name,
                "shortDescription": { "text": first },
                "fullDescription": { "text": first },
                "help": { "text": page.page, "markdown": page.page },
                "properties": { "tags": [page.section], "guide": page.guide },
            })
        });
        let rules: Value = rules.collect();
        let version = env!("CARGO_PKG_VERSION");
        json!({ "driver": {
            "name": "pod-check", "semanticVersion": version, "rules": rules, "properties": { "ruleset": ruleset },
        } })
    }

    fn invocation(&self, problems: &[&ProblemReport]) -> Value {
        let told = problems.iter().map(|problem| {
            let places: Vec<Place> = problem.place.iter().cloned().collect();
            json!({
                "level": "warning",
                "message": { "text": problem.message },
                "locations": self.locations(&places, &[]),
            })
        });
        json!({ "executionSuccessful": true, "toolExecutionNotifications": told.collect::<Value>() })
    }

    fn result(&self, report: &OpportunityReport, check: &CheckReport, level: &str) -> Value {
        // Code scanning shows nothing that stands nowhere: what is not given stands where its opportunity does.
        let own = report.facts.values().find_map(|fact| fact.places.first()).into_iter().cloned();
        let own: Vec<Place> = own.collect();
        let places = if check.places.is_empty() { &own } else { &check.places };
        let message = format!("{}: {} {}", report.key, check.message, check.remedy);
        self.found(&check.rule, level, message.trim_end(), places, std::slice::from_ref(&report.key))
    }

    fn found(&self, rule: &str, level: &str, message: &str, places: &[Place], keys: &[String]) -> Value {
        let index = self.rules.iter().position(|page| page.rule == rule);
        let identity = format!("{rule}:{}", keys.join(","));
        let mut result = json!({
            "ruleId": rule,
            "level": level,
            "message": { "text": message },
            "locations": self.locations(places, keys),
            "partialFingerprints": { "opportunityAndRule/v1": identity },
        });
        if let Some(index) = index {
            result["ruleIndex"] = index.into();
        }
        result
    }

    fn locations(&self, places: &[Place], keys: &[String]) -> Value {
        let logical: Value = keys.iter().map(|key| json!({ "name": key, "kind": "object" })).collect();
        let of = |place: &Place| {
            let index = usize::from(place.document);
            let path = self.files.get(index).map_or_else(String::new, |path| uri(path));
            let mut location = json!({
                "physicalLocation": { "artifactLocation": { "uri": path, "index": index } },
            });
            // A workbook has cells, not lines.
            if place.start.is_some() {
                location["physicalLocation"]["region"] = json!({
                    "startLine": place.line.max(1),
                    "startColumn": place.column.max(1),
                    "endLine": place.end_line.max(1),
                    "endColumn": place.end_column.max(1),
                });
            } else {
                location["message"] = json!({
                    "text": format!("{}: row {}, column {}", place.field, place.line, place.column),
                });
            }
            if !keys.is_empty() {
                location["logicalLocations"] = logical.clone();
            }
            location
        };
        places.iter().map(of).collect()
    }
}

/// A path as a relative address.
fn uri(path: &Path) -> String {
    let mut uri = String::new();
    for byte in shown(path).replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            uri.push(byte.into());
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use podcheck_core::assess::Inputs;
    use podcheck_core::document::Document;

    fn log(text: &str) -> Value {
        let document = Document::open("a deal.csv", text.into());
        let assessment = Assessment::of(Inputs::new(vec![document], "2026-11-22".parse().unwrap()));
        let mut out = Vec::new();
        write(&assessment, &["a deal.csv".into()], &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_finding_points_at_the_cell_and_at_its_rule() {
        let log = log("opportunity_id,stage,target_close_date\nO1,Committed,2026-11-21\n");
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let result = results.iter().find(|result| result["ruleId"] == "POD006").unwrap();
        assert_eq!(result["level"], "error");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20deal.csv");
        assert_eq!(
            (place["region"]["startLine"].as_u64(), place["region"]["startColumn"].as_u64()),
            (Some(2), Some(14))
        );
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "POD006");
    }

    #[test]
    fn every_finding_stands_somewhere_and_has_an_identity_of_its_own() {
        let log = log("opportunity_id,stage\nO1,Committed\nO2,Qualified\n");
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(results.len() > 4);
        let mut identities: Vec<String> =
            results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
        assert!(results.iter().all(|result| !result["locations"].as_array().unwrap().is_empty()));
        identities.sort();
        identities.dedup();
        assert_eq!(identities.len(), results.len());
    }

    #[test]
    fn an_address_has_no_character_that_means_something_else() {
        assert_eq!(uri(Path::new("a b/ü#1.csv")), "a%20b/%C3%BC%231.csv");
        assert_eq!(uri(Path::new("-")), "standard%20input");
    }
}
