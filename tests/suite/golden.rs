//! Golden reports: each folder of `tests/golden` holds documents, how they are asked about, and the report.

use crate::repository;
use podcheck_core::assess::{About, Assessment, Inputs, Supplement};
use podcheck_core::document::{DateOrder, Document};
use podcheck_core::partner::Answers;
use podcheck_core::policy::Policy;
use podcheck_tests::promises;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How a golden's documents are asked about: `case.json` beside them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    /// What the golden is there to show.
    #[serde(rename = "shows")]
    _shows: String,
    as_of: chrono::NaiveDate,
    #[serde(default)]
    supplements: Vec<Stated>,
    #[serde(default)]
    answers: BTreeMap<String, String>,
    date_order: Option<DateOrder>,
    /// A policy file, as a user would give one.
    policy: Option<Value>,
    /// The report to the last key; otherwise each place is one word, `0:3:15-24` for document, line and columns, and
    /// so is a fact that stands nowhere, and a check with nothing to do is one sentence.
    #[serde(default)]
    is_in_full: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    key: Option<String>,
    fact: String,
    value: String,
}

#[test]
fn every_golden_has_its_report() {
    let mut folders: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for (path, bytes) in repository::files("tests/golden") {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        if folder != "tests/golden" {
            folders.entry(folder.to_owned()).or_default().push((name.to_owned(), bytes));
        }
    }
    assert!(folders.len() >= 12, "{} goldens", folders.len());
    for (folder, mut files) in folders {
        let case = files.iter().position(|(name, _)| name == "case.json");
        let (_, case) = files.swap_remove(case.unwrap_or_else(|| panic!("{folder} has no case.json")));
        let case: Case = serde_json::from_slice(&case).unwrap_or_else(|error| panic!("{folder}: {error}"));
        files.retain(|(name, _)| name != "report.json");
        files.sort();
        let documents: Vec<Document> =
            files.into_iter().map(|(name, bytes)| Document::open(&name, bytes)).collect();
        let texts: Vec<String> = documents.iter().map(|document| document.text().to_owned()).collect();
        let stated = |stated: Stated| Supplement {
            about: stated.key.map_or(About::All, About::One),
            fact: stated.fact,
            value: stated.value,
        };
        let policy =
            case.policy.map(|policy| Policy::from_json(&policy.to_string()).expect("the policy is sound"));
        let report = Assessment::of(Inputs {
            supplements: case.supplements.into_iter().map(stated).collect(),
            answers: Answers { given: case.answers.into_iter().collect() },
            policy: policy.unwrap_or_default(),
            date_order: case.date_order,
            ..Inputs::new(documents, case.as_of)
        })
        .report();
        promises::is_whole(&report, &texts);
        let mut value = serde_json::to_value(&report).expect("a report can be written");
        if !case.is_in_full {
            shorten(&mut value);
        }
        let mut written = String::new();
        write(&value, 0, &mut written);
        written.push('\n');
        repository::is_as_written(&format!("{folder}/report.json"), &written);
    }
}

/// Makes one word of each place, and of a fact that stands nowhere, and one sentence of a check with nothing to do: that line, column and offsets
/// agree is promised for every report already, and a report can then be read.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(place) if place.contains_key("endColumn") => {
            let number = |key: &str| place[key].as_u64().unwrap_or_default();
            let (line, end_line) = (number("line"), number("endLine"));
            let end = if line == end_line { String::new() } else { format!("{end_line}:") };
            let columns = format!("{}-{end}{}", number("column"), number("endColumn"));
            *value = Value::String(format!("{}:{line}:{columns}", number("document")));
        }
        Value::Object(map) => {
            map.values_mut().for_each(shorten);
            if map.contains_key("denominator") {
                // The words of a metric are the same in every report.
                map.retain(|key, _| key != "name" && key != "definition");
            }
            if map.contains_key("documentValue")
                && map["places"].as_array().is_none_or(Vec::is_empty)
                && map["value"].is_null()
            {
                let unknown = map["unknown"].take();
                *value = unknown;
            } else if let (Some(rule), Some("pass" | "not_applicable")) =
                (map.get("rule").and_then(Value::as_str), map.get("outcome").and_then(Value::as_str))
            {
                // A check with nothing to do: what it says.
                let reading = if map["reading"] == Value::Bool(true) { ", by a reading" } else { "" };
                let (outcome, message) = (&map["outcome"], &map["message"]);
                let words = format!("{rule} {outcome}{reading}: {message}").replace('"', "");
                *value = Value::String(words);
            }
        }
        _ => {}
    }
}

/// As JSON in which whatever is short stands on one line, so that a report can be read and its differences too.
fn write(value: &Value, depth: usize, text: &mut String) {
    const LINE_CHARS_MAX: usize = 180;
    let compact = value.to_string();
    let begin = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&" ".repeat(depth));
    };
    match value {
        _ if compact.chars().count() + depth <= LINE_CHARS_MAX => text.push_str(&compact),
        Value::Array(items) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                text.push_str(if i == 0 { "" } else { "," });
                begin(text, depth + 1);
                write(item, depth + 1, text);
            }
            begin(text, depth);
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                text.push_str(if i == 0 { "" } else { "," });
                begin(text, depth + 1);
                text.push_str(&format!("{}: ", Value::String(key.clone())));
                write(value, depth + 1, text);
            }
            begin(text, depth);
            text.push('}');
        }
        _ => text.push_str(&compact),
    }
}
