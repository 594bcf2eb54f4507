//! The scanner beside serde_json, which is right about what JSON is.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// The value that the scanner stands on, as serde_json has it.
fn value(scan: &mut Scanner<'_>) -> Result<Value, Fault> {
    let mut first = true;
    Ok(match scan.start()? {
        Start::Text => Value::String(scan.quoted()?.text(scan.text()).into_owned()),
        Start::Word => match scan.word()?.2 {
            Some(word) => serde_json::from_str(word).unwrap_or(Value::Null),
            None => Value::Null,
        },
        Start::Array => {
            let mut items = Vec::new();
            scan.enter();
            while scan.item(&mut first)? {
                items.push(value(scan)?);
            }
            Value::Array(items)
        }
        Start::Object => {
            let mut map = serde_json::Map::new();
            scan.enter();
            while let Some(key) = scan.key(&mut first)? {
                let key = key.text(scan.text()).into_owned();
                map.insert(key, value(scan)?);
            }
            Value::Object(map)
        }
    })
}

/// What a whole text is, if it is JSON and nothing but JSON.
fn strictly(text: &str) -> Option<Value> {
    let mut scan = Scanner::new(text, 0);
    let read = value(&mut scan).ok()?;
    let mut skip = Scanner::new(text, 0);
    assert_eq!(skip.skip(), Ok(()), "what can be read can be passed over");
    assert_eq!(skip.at, scan.at, "both end at the same place");
    assert_eq!((skip.depth, scan.depth), (0, 0));
    scan.space().ok()?;
    (scan.at == text.len() && scan.lapses == [None; Lapse::ALL.len()]).then_some(read)
}

#[track_caller]
fn check(text: &str) {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => assert_eq!(strictly(text), Some(value), "{text}"),
        // It refuses numbers that its own types cannot hold; we keep them as text.
        Err(error) if error.to_string().contains("out of range") => {}
        Err(error) => assert_eq!(strictly(text), None, "{text}: {error}"),
    }
}

#[test]
fn what_is_no_json_is_told() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "{\"a\":1,}",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "'a'",
        "nul",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "--1",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\n\"",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "1 2",
        "//\n1",
        "/*",
        "[/",
        "[1}",
        "{\"a\":1]",
        "NaN",
    ] {
        check(text);
        assert_eq!(strictly(text), None, "{text}");
    }
}

#[test]
fn what_is_json_is_read() {
    for text in [
        "0",
        "-0",
        "1.5e-7",
        "1E+2",
        "true",
        "null",
        "\"\"",
        "\"\\u00e9\\ud83d\\ude00\\/\\b\"",
        "[]",
        "{}",
        " [ ] ",
        "[{}]",
        "{\"a\":[1,{\"b\":null}],\"c\":\"d\"}",
        "\"12345678\\n12345678\"",
        "{\"\":{\"\":[[]]}}",
        "123456789012345678901",
    ] {
        check(text);
        assert!(strictly(text).is_some(), "{text}");
    }
}

#[test]
fn what_is_too_deep_is_passed_over_by_its_brackets() {
    let text = format!("[{}\"]\"{}, 1]", "[".repeat(200), "]".repeat(200));
    let mut scan = Scanner::new(&text, 0);
    assert_eq!(scan.skip(), Ok(()));
    assert_eq!(scan.at, text.len());
    assert!(scan.lapses[Lapse::Depth as usize].is_some());
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(".{0,12}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_serde_json_reads_it(value in any_value()) {
        check(&value.to_string());
        check(&serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn json_with_an_error_is_refused_as_serde_json_refuses_it(
        value in any_value(), at in any::<prop::sample::Index>(), put in r#"[\[\]{}",:\\ 0-9eEu.n\n/*-]{0,3}"#, cut in 0_usize..3,
    ) {
        let text: Vec<char> = value.to_string().chars().collect();
        let at = at.index(text.len() + 1);
        let after = (at + cut).min(text.len());
        check(&text[..at].iter().copied().chain(put.chars()).chain(text[after..].iter().copied()).collect::<String>());
    }

    #[test]
    fn tokens_in_any_order_are_judged_as_serde_json_judges_them(
        tokens in proptest::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "1", "null", " ", "\"", "\\", "-", "0", "//", "e", "true",
        ]), 0..12),
    ) {
        check(&tokens.concat());
    }
}
