//! SARIF 2.1.0: findings with their places, for code scanning and editors.
//!
//! Failures are errors, what is not known a warning, what cannot be true yet and advice are notes. Results are
//! written one opportunity after the other, so that a large portfolio does not stand in memory as JSON.

use super::check::each;
use anyhow::Result;
use podcheck_core::assess::Assessment;
use podcheck_core::document::Kind;
use podcheck_core::report::{CheckReport, Explanation, OpportunityReport, Place, SetFinding, Summary};
use podcheck_core::rule::Outcome;
use podcheck_core::{explanations, say};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The rule of a document of no use at all.
const IGNORED_RULE: &str = "SET004";
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
        log.invocation(&summary),
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
    // One finding for each of them, in their order.
    let mut ignored = summary.documents.iter().filter(|document| document.kind == Kind::Ignored);
    // What only counts more of a rule stands where the last of them does.
    let mut last = ("", 0);
    for found in &summary.set {
        let unused = if found.rule == IGNORED_RULE { ignored.next() } else { None };
        let place = || found.places.first().map(in_document);
        let owner =
            || first_place(&assessment.opportunity(found.opportunities.first()?)?).as_ref().map(in_document);
        let counted = || (found.rule == last.0).then_some(last.1);
        let document = unused.map(|document| document.index).or_else(place).or_else(owner).or_else(counted);
        last = (&found.rule, document.unwrap_or_default());
        put(log.set_finding(found, last.1))?;
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

/// Where an opportunity stands.
fn first_place(report: &OpportunityReport) -> Option<Place> {
    report.facts.values().find_map(|fact| fact.places.first()).cloned()
}

fn in_document(place: &Place) -> usize {
    place.document.into()
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

    /// What could not be used: of each document, and of what was stated beside them.
    fn invocation(&self, summary: &Summary) -> Value {
        let mut told = Vec::new();
        let mut tell = |text: &str, locations: Value| {
            told.push(json!({ "level": "warning", "message": { "text": text }, "locations": locations }));
        };
        for document in &summary.documents {
            for problem in &document.problems {
                let locations = self.locations(problem.place.as_slice(), &[], document.index);
                tell(&problem.message, locations);
            }
            if document.more_problems > 0 {
                let more = format!("And {} more of {}.", document.more_problems, say::quoted(&document.name));
                tell(&more, self.locations(&[], &[], document.index));
            }
        }
        for problem in &summary.problems {
            tell(&problem.message, json!([]));
        }
        json!({ "executionSuccessful": true, "toolExecutionNotifications": told })
    }

    fn result(&self, report: &OpportunityReport, check: &CheckReport, level: &str) -> Value {
        // Code scanning shows nothing that stands nowhere: what is not given stands where its opportunity does.
        let own = first_place(report);
        let places = if check.places.is_empty() { own.as_slice() } else { &check.places };
        let message = format!("{}: {} {}", report.key, check.message, check.remedy);
        let keys = std::slice::from_ref(&report.key);
        let identity = format!("{}:{}", check.rule, report.key);
        self.found(&check.rule, level, &message, self.locations(places, keys, 0), &identity)
    }

    /// A finding across documents: its identity is what it says, for several of one rule may name no opportunity, or
    /// the same.
    fn set_finding(&self, found: &SetFinding, document: usize) -> Value {
        let keys = &found.opportunities;
        let hash = digest(&SHA256, found.message.as_bytes());
        let hash: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let identity = format!("{}:{}:{hash}", found.rule, keys.join(","));
        let message = format!("{} {}", found.message, found.remedy);
        let locations = self.locations(&found.places, keys, document);
        self.found(&found.rule, "warning", &message, locations, &identity)
    }

    fn found(&self, rule: &str, level: &str, message: &str, locations: Value, identity: &str) -> Value {
        let index = self.rules.iter().position(|page| page.rule == rule);
        let mut result = json!({
            "ruleId": rule,
            "level": level,
            "message": { "text": message.trim_end() },
            "locations": locations,
            "partialFingerprints": { "opportunityAndRule/v1": identity },
        });
        if let Some(index) = index {
            result["ruleIndex"] = index.into();
        }
        result
    }

    /// Where something stands; a document as a whole, where it stands nowhere in it.
    fn locations(&self, places: &[Place], keys: &[String], document: usize) -> Value {
        let logical: Value = keys.iter().map(|key| json!({ "name": key, "kind": "object" })).collect();
        let in_file = |index: usize| {
            let path = self.files.get(index).map_or_else(String::new, |path| uri(path));
            let mut location =
                json!({ "physicalLocation": { "artifactLocation": { "uri": path, "index": index } } });
            if !keys.is_empty() {
                location["logicalLocations"] = logical.clone();
            }
            location
        };
        if places.is_empty() {
            return json!([in_file(document)]);
        }
        let of = |place: &Place| {
            let mut location = in_file(place.document.into());
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
            location
        };
        places.iter().map(of).collect()
    }
}

/// A path as a relative address.
fn uri(path: &Path) -> String {
    let mut uri = String::new();
    let name = if path == Path::new("-") { b"standard input" } else { path.as_os_str().as_encoded_bytes() };
    for byte in name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }) {
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
    use podcheck_core::assess::{About, Inputs, Supplement};
    use podcheck_core::document::Document;
    use std::os::unix::ffi::OsStrExt;

    fn log(text: &str) -> Value {
        log_of(&[("a deal.csv", text)], Vec::new())
    }

    fn log_of(files: &[(&str, &str)], supplements: Vec<Supplement>) -> Value {
        let documents = files.iter().map(|(name, text)| Document::open(name, (*text).into())).collect();
        let inputs = Inputs { supplements, ..Inputs::new(documents, "2026-11-22".parse().unwrap()) };
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| name.into()).collect();
        let mut out = Vec::new();
        write(&Assessment::of(inputs), &paths, &mut out).unwrap();
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
        let table = "opportunity_id,stage\nO1,Committed\nO2,Qualified\nO2,Launched\nO2,Prospect\n";
        let log = log_of(&[("deals.csv", table), ("a.bin", "\0\0\u{1}"), ("b.bin", "\0\0\u{1}")], Vec::new());
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(results.len() > 4);
        let mut identities: Vec<String> =
            results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
        assert!(results.iter().all(|result| !result["locations"].as_array().unwrap().is_empty()));
        identities.sort();
        identities.dedup();
        assert_eq!(identities.len(), results.len());
        let ignored = results.iter().filter(|result| result["ruleId"] == IGNORED_RULE);
        let file = |result: &Value| {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
        };
        assert_eq!(ignored.map(file).collect::<Vec<_>>(), ["a.bin", "b.bin"]);
    }

    #[test]
    fn a_finding_without_a_place_keeps_its_opportunities_and_stands_in_the_file_that_it_is_about() {
        // Who states an account leaves no place where it stands; of unreadable rows a hundred are told one by one.
        let account = Supplement {
            about: About::All,
            fact: "aws_account_id".to_owned(),
            value: "111122223333".to_owned(),
        };
        let facts = "opportunity_id=O1\nstage=Qualified\n\nopportunity_id=O2\nstage=Qualified\n";
        let bills = format!("account_id,month,spend\n{}", "none,2026-10,1\n".repeat(120));
        let files = [("a.bin", "\0\0\u{1}"), ("bills.csv", &*bills), ("deals.txt", facts)];
        let log = log_of(&files, vec![account]);
        let results = log["runs"][0]["results"].as_array().unwrap();
        let of = |rule: &str, says: &str| {
            let found = results.iter().find(|result| {
                result["ruleId"] == rule && result["message"]["text"].as_str().unwrap().contains(says)
            });
            let location = &found.unwrap_or_else(|| panic!("{rule} is not in {results:#?}"))["locations"][0];
            let file = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
            let names = location["logicalLocations"].as_array().into_iter().flatten();
            (file, names.map(|name| name["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of("SET002", ""), ("deals.txt".to_owned(), vec!["O1".to_owned(), "O2".to_owned()]));
        assert_eq!(of("SET003", "And 20 unreadable rows"), ("bills.csv".to_owned(), Vec::new()));
        assert_eq!(of("SET004", "a.bin"), ("a.bin".to_owned(), Vec::new()));
    }

    #[test]
    fn what_could_not_be_used_is_told_whatever_it_was() {
        let stated = Supplement { about: About::All, fact: "colour".to_owned(), value: "red".to_owned() };
        let mut table = "opportunity_id,stage,customer_name\nO1,Committed,\"Tern".to_owned();
        table.push_str(&"\nO2,Nowhere,x".repeat(3));
        let log = log_of(&[("deals.csv", &table)], vec![stated]);
        let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let texts: Vec<&str> = told.iter().map(|one| one["message"]["text"].as_str().unwrap()).collect();
        assert!(texts.iter().any(|text| text.contains("colour")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("quotation mark")), "{texts:?}");
    }

    #[test]
    fn an_address_has_no_character_that_means_something_else() {
        assert_eq!(uri(Path::new("a b/ü#1.csv")), "a%20b/%C3%BC%231.csv");
        assert_eq!(uri(Path::new("-")), "standard%20input");
        assert_eq!(uri(Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9.csv"))), "caf%E9.csv");
    }
}
