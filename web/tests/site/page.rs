//! The built file: where it may connect to, what may run in it, what its scripts may say.

use crate::{built_module, built_page, gzipped};
use podcheck_web::module::{build, workspace};
use podcheck_web::page::{LOCK, MODULES, POLICY, WORKER, assemble, source_hash};
use std::collections::BTreeMap;
use std::fs;

/// Names and calls by which a script could reach a network, keep something, or turn text into code or markup.
const FORBIDDEN: &str = "fetch( XMLHttpRequest WebSocket WebTransport sendBeacon EventSource RTCPeerConnection \
    importScripts import( serviceWorker SharedWorker BroadcastChannel localStorage sessionStorage indexedDB caches \
    document.cookie innerHTML outerHTML insertAdjacentHTML document.write DOMParser eval( Function( window.open \
    location. navigate( ('link' ('script' ('img' ('iframe' Image( action= src=";

/// As a host that only knows gzip sends it; brotli sends a little less.
const GZIPPED_BYTES_MAX: usize = 500_000;

const META: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";

/// The contents of every element of this name.
fn elements<'t>(html: &'t str, name: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once(&open) {
        let (_, content) = tag.split_once('>').expect("a tag ends");
        let (content, after) = content.split_once(&close).expect("an element ends");
        found.push(content);
        rest = after;
    }
    found
}

#[track_caller]
fn attribute<'t>(html: &'t str, before: &str) -> &'t str {
    let (_, value) = html.split_once(before).expect("the attribute is there");
    value.split_once('"').expect("an attribute ends").0
}

/// The page outside its frame, and the frame.
fn shell_and_frame(page: &str) -> (String, String) {
    let frame = attribute(page, "srcdoc=\"");
    (page.replace(frame, ""), frame.replace("&quot;", "\"").replace("&amp;", "&"))
}

#[test]
fn shell_and_frame_state_one_policy_and_it_is_the_promised_one() {
    let Some(page) = built_page() else { return };
    let (shell, frame) = shell_and_frame(page);
    let policy = attribute(&shell, META);
    assert_eq!(attribute(&frame, META), policy);
    assert_eq!((shell.matches(META).count(), frame.matches(META).count()), (1, 1));
    let words: Vec<&str> = policy.split(' ').filter(|word| !word.starts_with("'sha256-")).collect();
    // The last hash of the styles takes the semicolon with it.
    let expect = POLICY.replace(" {scripts}", "").replace(" {styles};", "");
    assert_eq!(words.join(" "), expect);
    let line = page.lines().position(|line| line.contains("connect-src 'none'"));
    assert_eq!(line, Some(4), "the shell tells its reader to look at line 5");
}

#[test]
fn every_script_and_style_is_named_by_its_hash_and_nothing_else_is() {
    let Some(page) = built_page() else { return };
    let (shell, frame) = shell_and_frame(page);
    assert!(elements(&shell, "script").is_empty(), "the shell has no script");
    let inline = [elements(&frame, "script"), elements(&shell, "style"), elements(&frame, "style")].concat();
    let mut inline: Vec<String> = inline.into_iter().map(source_hash).collect();
    let words = attribute(&shell, META).split([' ', ';']);
    let mut named: Vec<&str> = words.filter(|word| word.starts_with("'sha256-")).collect();
    inline.sort();
    named.sort_unstable();
    assert_eq!(named, inline);
    for attribute in [" onload=", " onclick=", " onerror=", " style="] {
        assert!(!shell.contains(attribute), "{attribute}");
    }
}

#[test]
fn the_frame_has_no_origin_and_no_way_out() {
    let Some(page) = built_page() else { return };
    assert_eq!(page.matches("<iframe").count(), 1);
    assert_eq!(attribute(page, " sandbox=\""), "allow-scripts allow-downloads allow-modals");
    assert_eq!(attribute(page, " allow=\""), "clipboard-write");
}

#[test]
fn no_script_names_a_way_out() {
    let Some(module) = built_module() else { return };
    let scripts = MODULES.iter().copied().chain([("worker.js", WORKER), ("the glue", &module.glue)]);
    for (name, source) in scripts {
        for word in FORBIDDEN.split(' ') {
            assert!(!source.contains(word), "{name} says {word}");
        }
    }
    let in_lock: Vec<&str> = FORBIDDEN.split(' ').filter(|word| LOCK.contains(word)).collect();
    assert_eq!(in_lock, ["RTCPeerConnection"]);
}

#[test]
fn every_module_of_the_page_is_joined() {
    let mut files = Vec::new();
    for folder in ["", "view/"] {
        for entry in fs::read_dir(workspace().join("web/page").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".js") && name != "lock.js" && name != "worker.js" {
                files.push(format!("{folder}{name}"));
            }
        }
    }
    let mut joined: Vec<&str> = MODULES.iter().map(|(name, _)| *name).collect();
    files.sort();
    joined.sort_unstable();
    assert_eq!(files, joined);
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    for (at, (name, source)) in MODULES.iter().enumerate() {
        for line in source.lines().filter(|line| !line.starts_with("/**")) {
            let Some((_, from)) = line.split_once(" from '") else { continue };
            let from = from.split('\'').next().unwrap_or_default().trim_start_matches(['.', '/']);
            assert!(MODULES[..at].iter().any(|(earlier, _)| earlier.ends_with(from)), "{name} uses {from}");
        }
    }
}

#[test]
fn no_name_is_declared_by_two_modules() {
    let mut declared = BTreeMap::new();
    for (name, source) in MODULES {
        for line in source.lines() {
            let line = line.strip_prefix("export ").unwrap_or(line);
            let Some(rest) = line.strip_prefix("const ").or_else(|| line.strip_prefix("let ")) else {
                continue;
            };
            let word: String = rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            let earlier = if word.is_empty() { None } else { declared.insert(word.clone(), name) };
            assert_eq!(earlier, None, "{name} declares {word} again");
        }
    }
}

#[test]
fn the_page_stays_small() {
    let Some(page) = built_page() else { return };
    let bytes = gzipped(page);
    assert!(bytes <= GZIPPED_BYTES_MAX, "{bytes} bytes");
}

#[test]
fn the_page_is_the_same_byte_for_byte_when_it_is_built_again() {
    let Some(module) = built_module() else { return };
    let again = build().unwrap();
    assert!(*module == again, "the module differs");
    assert!(assemble(module).unwrap() == assemble(&again).unwrap(), "the page differs");
    for path in [workspace().to_str().unwrap(), "/.cargo/"] {
        assert!(
            !module.wasm.windows(path.len()).any(|part| part == path.as_bytes()),
            "{path} is in the module"
        );
    }
}
