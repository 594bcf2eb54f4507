//! One file out of many: the shell, the frame inside it, styles, scripts, samples and the WebAssembly module.
//!
//! The shell has no script at all. Everything that runs lives in its sandboxed frame, and a content policy that names
//! the hash of every script and style holds from the first byte; the frame inherits it and states it again.

use crate::module::{Module, without_exports};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::io::Write;

const SHELL: &str = include_str!("../page/shell.html");
const SHELL_STYLE: &str = include_str!("../page/shell.css");
const FRAME: &str = include_str!("../page/frame.html");
const FRAME_STYLE: &str = include_str!("../page/style.css");
/// What runs before everything else in the frame.
pub const LOCK: &str = include_str!("../page/lock.js");
/// What runs in the worker beside the module's glue.
pub const WORKER: &str = include_str!("../page/worker.js");

/// The page's modules in the order in which they are joined: each uses only what stands before it.
pub const MODULES: &[(&str, &str)] = &[
    ("words.js", include_str!("../page/words.js")),
    ("samples.js", include_str!("../page/samples.js")),
    ("engine.js", include_str!("../page/engine.js")),
    ("notes.js", include_str!("../page/notes.js")),
    ("view/dom.js", include_str!("../page/view/dom.js")),
    ("view/input.js", include_str!("../page/view/input.js")),
    ("view/master.js", include_str!("../page/view/master.js")),
    ("view/portfolio.js", include_str!("../page/view/portfolio.js")),
    ("view/list.js", include_str!("../page/view/list.js")),
    ("view/facts.js", include_str!("../page/view/facts.js")),
    ("view/checks.js", include_str!("../page/view/checks.js")),
    ("view/complete.js", include_str!("../page/view/complete.js")),
    ("view/shared.js", include_str!("../page/view/shared.js")),
    ("view/agenda.js", include_str!("../page/view/agenda.js")),
    ("view/groups.js", include_str!("../page/view/groups.js")),
    ("view/paid.js", include_str!("../page/view/paid.js")),
    ("view/changes.js", include_str!("../page/view/changes.js")),
    ("view/metrics.js", include_str!("../page/view/metrics.js")),
    ("view/partner.js", include_str!("../page/view/partner.js")),
    ("view/timeline.js", include_str!("../page/view/timeline.js")),
    ("view/spend.js", include_str!("../page/view/spend.js")),
    ("view/planner.js", include_str!("../page/view/planner.js")),
    ("view/caret.js", include_str!("../page/view/caret.js")),
    ("view/opportunity.js", include_str!("../page/view/opportunity.js")),
    ("view/take.js", include_str!("../page/view/take.js")),
    ("view/corrections.js", include_str!("../page/view/corrections.js")),
    ("view/paper.js", include_str!("../page/view/paper.js")),
    ("view/events.js", include_str!("../page/view/events.js")),
    ("across.js", include_str!("../page/across.js")),
    ("box.js", include_str!("../page/box.js")),
    ("stating.js", include_str!("../page/stating.js")),
    ("taking.js", include_str!("../page/taking.js")),
    ("main.js", include_str!("../page/main.js")),
];

/// Invented documents for the page's sample buttons; their dates are written relative to the as-of date.
const SAMPLES: &[(&str, &str)] = &[
    ("one-deal.txt", include_str!("../page/samples/one-deal.txt")),
    ("get-opportunity.json", include_str!("../page/samples/get-opportunity.json")),
    ("ace-export.csv", include_str!("../page/samples/ace-export.csv")),
    ("end-user-reporting.csv", include_str!("../page/samples/end-user-reporting.csv")),
    ("monthly-spend.csv", include_str!("../page/samples/monthly-spend.csv")),
];

/// The content policy but for its hashes: nothing is loaded, nothing is connected to, nothing is sent.
pub const POLICY: &str = "default-src 'none'; connect-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; \
    style-src {styles}; worker-src blob:; frame-src blob:; img-src data:; form-action 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types pod-worker";

/// The WebAssembly module as the page carries it: compressed, as text.
pub fn embedded(module: &Module) -> Result<String> {
    Ok(STANDARD.encode(gzip(&module.wasm)?))
}

/// The page's whole script in the form in which it ships.
fn script(module: &Module) -> Result<String> {
    let mut script = format!("'use strict';\n{}\n", worker(module)?);
    script.push_str(&format!("const MODULE = '{}';\n", embedded(module)?));
    let samples: Map<_, _> = SAMPLES.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
    script.push_str(&format!("const SAMPLE_TEXTS = {};\n", Value::Object(samples)));
    for (_, source) in MODULES {
        script.push_str(&without_exports(source));
    }
    Ok(script)
}

/// The function that holds the WebAssembly module's glue and answers the page. Its own text is the worker's script.
pub fn worker(module: &Module) -> Result<String> {
    let mut imports = String::new();
    for (from, names) in &module.imports {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        imports.push_str(&format!("{}: {{ {} }},", json!(from), names.join(", ")));
    }
    ensure!(module.imports.len() <= 1, "The module imports from more than its glue.");
    let glue = &module.glue;
    Ok(format!(
        "const podWorker = (scope) => {{\n{glue}\nconst moduleImports = {{ {imports} }};\n{}\n}};",
        without_exports(WORKER)
    ))
}

/// The whole page.
///
/// # Errors
/// When a template lacks a place for one of its parts, or a script would end its own element.
pub fn assemble(module: &Module) -> Result<String> {
    let script = script(module)?;
    for part in [&script, LOCK, FRAME_STYLE, SHELL_STYLE] {
        let lower = part.to_ascii_lowercase();
        ensure!(
            !lower.contains("</script") && !lower.contains("</style") && !part.contains("<!--"),
            "A script or style would end its own element."
        );
    }
    let policy = POLICY
        .replace("{scripts}", &format!("{} {}", source_hash(LOCK), source_hash(&script)))
        .replace("{styles}", &format!("{} {}", source_hash(SHELL_STYLE), source_hash(FRAME_STYLE)));
    let frame =
        fill(FRAME, &[("policy", &policy), ("style", FRAME_STYLE), ("lock", LOCK), ("script", &script)])?;
    let frame = frame.replace('&', "&amp;").replace('"', "&quot;");
    fill(SHELL, &[("policy", &policy), ("style", SHELL_STYLE), ("frame", &frame)])
}

/// `'sha256-…'`, as a content policy names an inline script or style.
pub fn source_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The SHA-256 of a text in hexadecimal.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The template with each part in its place.
pub(crate) fn fill(template: &str, parts: &[(&str, &str)]) -> Result<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("a place in a template does not end")?;
        let part = parts.iter().find(|(part, _)| *part == name);
        let (_, part) = part.with_context(|| format!("nothing to put into {{{{{name}}}}}"))?;
        filled.push_str(before);
        filled.push_str(part);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Always the same bytes: no name, no time.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
