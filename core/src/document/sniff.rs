//! Tells what a text is.

use super::{Format, Kind, Layout, ReadOptions, Recognised};

pub(super) fn recognise(bytes: Vec<u8>, options: ReadOptions) -> (String, Recognised) {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if text.trim_start().starts_with(['{', '[']) {
        let recognised = super::json::recognise(&text, options);
        return (text, recognised);
    }
    let recognised = Recognised {
        kind: Kind::Ignored,
        format: Format::Unrecognised,
        layout: Layout::Nothing,
        problems: Vec::new(),
        more_problems: 0,
    };
    (text, recognised)
}
