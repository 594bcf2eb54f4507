//! The core in the browser: what it can call, and that it answers there as it does here.

use crate::{built_module, skip};
use podcheck_core::assess::{Assessment, Inputs};
use podcheck_core::document::Document;
use podcheck_core::export;
use podcheck_core::report::Query;
use podcheck_web::page::worker;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use wasmparser::{Parser, Payload};

/// All that the code which reads the documents can call: it makes strings, numbers, arrays, objects and errors. It can
/// look up no name and call no function of the page, so it has no way to a network even without the page's policy.
const IMPORTS: &[&str] = &[
    "__wbg_Error",
    "__wbg_String",
    "__wbg___wbindgen_is_string",
    "__wbg___wbindgen_throw",
    "__wbg_new",
    "__wbg_new",
    "__wbg_new",
    "__wbg_set",
    "__wbg_set",
    "__wbg_set",
    "__wbindgen_generic",
    "__wbindgen_generic",
    "__wbindgen_generic",
    "__wbindgen_init_externref_table",
];

/// The hash or number behind a name changes with each release of wasm-bindgen.
const SUFFIX_CHARS: usize = "_208446807d0d1e30".len();

const AS_OF: &str = "2026-11-22";

/// Text of several kinds: names with characters outside the basic plane, amounts, dates, broken rows.
const DOCUMENTS: &[(&str, &str)] = &[
    (
        "deals.csv",
        "Opportunity Id,Customer Company Name,Stage,Status,Opportunity Ownership,Target Close Date(MM/DD/YYYY),AWS Account ID\n\
         O1,Zoë 🦀 & Co,Committed,Approved,Partner Referral,12/20/2026,219045337810\n\
         O2,\"A, B\",Launched,Approved,Partner Referral,09/12/2026,610233984471\n\
         O3,,Qualified,,AWS Referral,02/31/2026,12\n",
    ),
    ("spend.csv", "aws_account_id,month,amount\n219045337810,2026-11,4999.995\n610233984471,2026-08,-0.10\n"),
    (
        "deal.txt",
        "opportunity_id = O9\nstage = Prospect\ntarget_close_date = 2026-12-15\nspend.2026-11 = 3200",
    ),
    (
        "get.json",
        r#"{"Id":"O77","Catalog":"AWS","RelatedEntityIdentifiers":{},"LifeCycle":{"Stage":"Committed"}}"#,
    ),
    ("letter.txt", "Dear team, nothing here is an opportunity."),
];

/// Runs the very text that the page runs in its worker, and prints the answers as one line of JSON.
const DRIVER: &str = r"
const [module, asOf, documents, query] = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
let last = 0;
const waiting = new Map();
const scope = { postMessage: ({ id, value, error }) => waiting.get(id)(error === undefined ? value : { error }) };
podWorker(scope);
const ask = (method, ...args) => new Promise((resolve) => {
  waiting.set(++last, resolve);
  scope.onmessage({ data: { id: last, method, args } });
});
(async () => {
  const answers = [await ask('start', module, asOf)];
  for (const [name, text] of documents) {
    await ask('openText', name, text);
  }
  answers.push(await ask('summary'), await ask('rows', JSON.stringify(query)), await ask('opportunities', 0, 100));
  answers.push(await ask('csv', 0, 100), await ask('markdown', 'O9'), await ask('explain', 'POD006'));
  answers.push(await ask('setAsOf', 'soon'), await ask('constructor'), await ask('remove', 99), await ask('rows', '{'));
  console.log(answers.map((answer) => JSON.stringify(answer) ?? 'null').join('\n'));
})();
";

fn answers_in_node(script: &str, input: &Value) -> Option<Vec<String>> {
    let node = Command::new("node").args(["-e", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = node else {
        skip("node is missing: install Node.js 20 or later to compare the browser's answers with the core's");
        return None;
    };
    let mut stdin = node.stdin.take().expect("it was asked for");
    write!(stdin, "{input}").expect("node reads to the end");
    drop(stdin);
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).expect("node writes UTF-8").lines().map(str::to_owned).collect())
}

#[test]
fn the_browser_answers_byte_for_byte_as_the_core_does() {
    let Some(module) = built_module() else { return };
    let query = json!({ "limit": 100, "sort": "customer" });
    let script = format!("'use strict';\n{}\n{DRIVER}", worker(module).unwrap());
    let input = json!([podcheck_web::page::embedded(module).unwrap(), AS_OF, DOCUMENTS, query]);
    let Some(answers) = answers_in_node(&script, &input) else { return };

    let documents =
        DOCUMENTS.iter().map(|(name, text)| Document::open(name, text.as_bytes().to_vec())).collect();
    let here = Assessment::of(Inputs::new(documents, AS_OF.parse().unwrap()));
    let query: Query = serde_json::from_value(query).unwrap();
    let text = |text: String| serde_json::to_string(&text).unwrap();
    let expect = [
        "null".to_owned(),
        serde_json::to_string(&here.summary()).unwrap(),
        serde_json::to_string(&here.rows(&query)).unwrap(),
        serde_json::to_string(&here.opportunities(0, 100)).unwrap(),
        text(export::csv(&here, 0, 100)),
        text(export::markdown(&here.opportunity("O9").unwrap())),
        serde_json::to_string(&podcheck_core::explain("POD006")).unwrap(),
    ];
    for (answer, expect) in answers.iter().zip(&expect) {
        assert_eq!(answer, expect);
    }
    let refusals: Vec<Value> =
        answers[expect.len()..].iter().map(|answer| serde_json::from_str(answer).unwrap()).collect();
    assert_eq!(refusals.len(), 4);
    for refusal in refusals {
        assert!(refusal["error"].as_str().is_some_and(|sentence| sentence.len() > 10), "{refusal}");
    }
}

#[test]
fn the_module_can_call_nothing_but_these() {
    let Some(module) = built_module() else { return };
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(&module.wasm) {
        if let Payload::ImportSection(section) = payload.unwrap() {
            imports.extend(section.into_imports().map(|import| import.unwrap().name.to_owned()));
        }
    }
    let mut names: Vec<&str> = imports.iter().map(|name| without_suffix(name)).collect();
    names.sort_unstable();
    assert_eq!(names, IMPORTS);
}

fn without_suffix(name: &str) -> &str {
    match name.split_at_checked(name.len().saturating_sub(SUFFIX_CHARS)) {
        Some((stem, suffix)) if suffix[1..].bytes().all(|byte| byte.is_ascii_hexdigit()) => stem,
        _ => name,
    }
}
