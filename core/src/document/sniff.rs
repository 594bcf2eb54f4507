//! Tells what a text is.

use super::{Format, Kind, Layout, ReadOptions, Recognised};

pub(super) fn recognise(bytes: Vec<u8>, _options: ReadOptions) -> (String, Recognised) {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let recognised = Recognised {
        kind: Kind::Ignored,
        format: Format::Unrecognised,
        layout: Layout::Nothing,
        problems: Vec::new(),
        more_problems: 0,
    };
    (text, recognised)
}
