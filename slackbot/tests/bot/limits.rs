//! Slack's published limits, checked over whatever JSON the bot would send. It shares no code with what makes the
//! messages, and is what the tests' Slack refuses messages by.

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

/// Names a folder in which every payload is left that keeps the limits, for judges that share no code with this one.
pub(crate) const KEPT: &str = "PODCHECK_MESSAGES";

/// Where a payload is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// A message.
    Message,
    /// A form.
    Modal,
    /// The bot's home page.
    Home,
}

/// All the text of a message: no limit is published, so this is the one that the bot keeps to.
const TOTAL_UNITS_MAX: usize = 12_000;

/// Every limit that a payload does not keep, as sentences.
pub(crate) fn violations(payload: &Value, surface: Surface) -> Vec<String> {
    let mut judge =
        Judge { surface, found: Vec::new(), block_ids: BTreeSet::new(), tables: 0, inputs: 0, total: 0 };
    judge.payload(payload);
    if let (true, Some(folder)) = (judge.found.is_empty(), env::var_os(KEPT)) {
        keep(Path::new(&folder), payload, surface);
    }
    judge.found
}

/// The same payload is kept once.
fn keep(folder: &Path, payload: &Value, surface: Surface) {
    let kept = json!({ "surface": surface.name(), "payload": payload }).to_string();
    let name: String =
        digest(&SHA256, kept.as_bytes()).as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join(format!("{}-{name}.json", surface.name())), kept).unwrap();
}

impl Surface {
    /// What the judges call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Surface::Message => "message",
            Surface::Modal => "modal",
            Surface::Home => "home",
        }
    }
}

struct Judge {
    surface: Surface,
    found: Vec<String>,
    block_ids: BTreeSet<String>,
    tables: usize,
    inputs: usize,
    total: usize,
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Judge {
    fn add(&mut self, sentence: impl Into<String>) {
        self.found.push(sentence.into());
    }

    fn holds(&mut self, is_kept: bool, sentence: &str) {
        if !is_kept {
            self.add(sentence);
        }
    }

    fn payload(&mut self, payload: &Value) {
        let blocks = payload["blocks"].as_array().cloned().unwrap_or_default();
        let most = if self.surface == Surface::Message { 50 } else { 100 };
        self.holds(blocks.len() <= most, &format!("{} blocks", blocks.len()));
        match self.surface {
            Surface::Message => {
                let text = payload["text"].as_str().unwrap_or_default();
                self.holds(!text.trim().is_empty(), "a message without text");
                self.holds(units(text) < 4_000, &format!("a text of {} units", units(text)));
                let bare = text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "");
                self.holds(!bare.contains(['<', '>', '&']), "a text with an open escape");
            }
            Surface::Modal | Surface::Home => {
                self.holds(!blocks.is_empty(), "a view without blocks");
                let size = payload.to_string().len();
                self.holds(size <= 250_000, &format!("a view of {size} bytes"));
                self.text_within(&payload["private_metadata"], 3_000, "private_metadata");
                self.text_within(&payload["callback_id"], 255, "callback_id");
                self.text_within(&payload["external_id"], 255, "external_id");
            }
        }
        for block in &blocks {
            self.block(block);
        }
        if self.surface == Surface::Modal {
            self.holds(payload["type"] == "modal", "a form that is no modal");
            self.plain(&payload["title"], 24, "title");
            self.plain(&payload["close"], 24, "close");
            if self.inputs > 0 || !payload["submit"].is_null() {
                self.plain(&payload["submit"], 24, "submit");
            }
        }
        self.holds(self.total <= TOTAL_UNITS_MAX, &format!("{} units of text in all", self.total));
        self.holds(self.tables <= 1, "more than one table");
    }

    fn text_within(&mut self, text: &Value, most: usize, name: &str) {
        let long = text.as_str().map_or(0, units);
        self.holds(long <= most, &format!("{name} of {long} units"));
    }

    /// Plain text of 1 to `most` units.
    fn plain(&mut self, object: &Value, most: usize, name: &str) {
        self.holds(object["type"] == "plain_text", &format!("{name} is no plain text"));
        let long = object["text"].as_str().map_or(0, units);
        self.total += long;
        self.holds((1..=most).contains(&long), &format!("{name} of {long} units"));
        self.holds(object["emoji"] == false, &format!("{name} turns codes into emoji"));
        self.keys(object, &["type", "text", "emoji"]);
    }

    fn keys(&mut self, object: &Value, known: &[&str]) {
        for key in object.as_object().into_iter().flat_map(|object| object.keys()) {
            self.holds(known.contains(&key.as_str()), &format!("{key} is no key of {}", object["type"]));
        }
    }

    fn block(&mut self, block: &Value) {
        if let Some(id) = block["block_id"].as_str() {
            self.holds((1..=255).contains(&units(id)), "a block_id is too long");
            let is_new = self.block_ids.insert(id.to_owned());
            self.holds(is_new, &format!("block_id {id} twice"));
        }
        match block["type"].as_str().unwrap_or_default() {
            "header" => {
                self.plain(&block["text"], 150, "header");
                self.keys(block, &["type", "block_id", "text"]);
            }
            "context" => {
                let elements = block["elements"].as_array().cloned().unwrap_or_default();
                self.holds((1..=10).contains(&elements.len()), "elements of a context");
                elements.iter().for_each(|element| self.plain(element, 3_000, "context"));
                self.keys(block, &["type", "block_id", "elements"]);
            }
            "divider" => self.keys(block, &["type", "block_id"]),
            "rich_text" => self.rich(block),
            "actions" => self.actions(block),
            "table" => self.table(block),
            "input" => self.input(block),
            other => self.add(format!("{other:?} is no block that the bot sends")),
        }
    }

    fn rich(&mut self, block: &Value) {
        self.keys(block, &["type", "block_id", "elements"]);
        let elements = block["elements"].as_array().cloned().unwrap_or_default();
        self.holds(!elements.is_empty(), "a rich text without elements");
        for element in &elements {
            match element["type"].as_str().unwrap_or_default() {
                "rich_text_section" => self.section(element),
                "rich_text_list" => {
                    self.keys(element, &["type", "style", "elements"]);
                    self.holds(
                        element["style"] == "bullet" || element["style"] == "ordered",
                        "a list's style",
                    );
                    let items = element["elements"].as_array().cloned().unwrap_or_default();
                    self.holds(!items.is_empty(), "a list without items");
                    items.iter().for_each(|item| self.section(item));
                }
                other => self.add(format!("{other:?} in a rich text")),
            }
        }
    }

    fn section(&mut self, section: &Value) {
        self.holds(section["type"] == "rich_text_section", "an item that is no section");
        self.keys(section, &["type", "elements"]);
        let words = section["elements"].as_array().cloned().unwrap_or_default();
        self.holds(!words.is_empty(), "a section without words");
        for word in &words {
            // An owner and a channel are named by their ids alone: nobody's words can become one.
            let named = [("user", "user_id"), ("channel", "channel_id")];
            if let Some((kind, id)) = named.into_iter().find(|(kind, _)| word["type"] == *kind) {
                self.keys(word, &["type", id]);
                let is_id = |id: &str| {
                    id.len() > 1 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                };
                self.holds(word[id].as_str().is_some_and(is_id), &format!("a {kind} that is none"));
                continue;
            }
            // Anything else but text (a link, an emoji) would be something that a person could have typed.
            self.holds(word["type"] == "text", &format!("{} in a section", word["type"]));
            self.keys(word, &["type", "text", "style"]);
            let long = word["text"].as_str().map_or(0, units);
            self.total += long;
            self.holds((1..=3_000).contains(&long), &format!("words of {long} units"));
        }
    }

    fn actions(&mut self, block: &Value) {
        self.keys(block, &["type", "block_id", "elements"]);
        let elements = block["elements"].as_array().cloned().unwrap_or_default();
        self.holds((1..=25).contains(&elements.len()), "elements of an actions block");
        let mut ids = BTreeSet::new();
        for element in &elements {
            let id = element["action_id"].as_str().unwrap_or_default().to_owned();
            self.holds((1..=255).contains(&units(&id)), "an action_id's length");
            self.holds(ids.insert(id.clone()), &format!("action_id {id} twice in a block"));
            match element["type"].as_str().unwrap_or_default() {
                "button" => {
                    self.keys(
                        element,
                        &["type", "action_id", "text", "value", "style", "accessibility_label", "confirm"],
                    );
                    if element.get("confirm").is_some() {
                        let confirm = &element["confirm"];
                        for (part, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                            self.plain(&confirm[part], most, "a part of a question");
                        }
                    }
                    self.plain(&element["text"], 75, "a button's text");
                    self.text_within(&element["value"], 2_000, "a button's value");
                    self.text_within(&element["accessibility_label"], 75, "a button's label");
                    self.holds(element["accessibility_label"].is_string(), "a button without a label");
                }
                "static_select" => {
                    self.keys(element, &["type", "action_id", "placeholder", "options"]);
                    self.plain(&element["placeholder"], 150, "a placeholder");
                    self.options(&element["options"], 100);
                }
                "users_select" => {
                    self.keys(element, &["type", "action_id", "placeholder", "initial_user"]);
                    self.plain(&element["placeholder"], 150, "a placeholder");
                }
                other => self.add(format!("{other:?} in an actions block")),
            }
        }
    }

    fn options(&mut self, options: &Value, most: usize) {
        let options = options.as_array().cloned().unwrap_or_default();
        self.holds((1..=most).contains(&options.len()), "options of a menu");
        let mut values = BTreeSet::new();
        for option in &options {
            self.keys(option, &["text", "value", "description"]);
            self.plain(&option["text"], 75, "an option");
            self.text_within(&option["value"], 150, "an option's value");
            self.holds(values.insert(option["value"].to_string()), "an option twice");
        }
    }

    fn table(&mut self, block: &Value) {
        self.tables += 1;
        self.holds(self.surface != Surface::Modal, "a table in a form");
        self.keys(block, &["type", "block_id", "rows", "column_settings"]);
        let rows = block["rows"].as_array().cloned().unwrap_or_default();
        self.holds((1..=100).contains(&rows.len()), "rows of a table");
        let wide = rows.first().and_then(|row| row.as_array()).map_or(0, Vec::len);
        self.holds((1..=20).contains(&wide), "cells of a row");
        let settings = block["column_settings"].as_array().map_or(0, Vec::len);
        self.holds(settings <= wide, "settings of columns that are not there");
        for row in &rows {
            let cells = row.as_array().cloned().unwrap_or_default();
            self.holds(cells.len() == wide, "a row of another length");
            cells.iter().for_each(|cell| self.rich(cell));
        }
    }

    /// What is chosen at first can be chosen.
    fn chosen(&mut self, element: &Value, chosen: Option<&Vec<Value>>) {
        let Some(chosen) = chosen else { return };
        self.holds(!chosen.is_empty(), "nothing is chosen at first, and said to be");
        let options = element["options"].as_array().cloned().unwrap_or_default();
        self.holds(chosen.iter().all(|one| options.contains(one)), "what is chosen at first is no option");
    }

    fn input(&mut self, block: &Value) {
        self.inputs += 1;
        self.holds(self.surface == Surface::Modal, "a field outside a form");
        self.keys(block, &["type", "block_id", "label", "hint", "optional", "element"]);
        self.plain(&block["label"], 2_000, "a label");
        if !block["hint"].is_null() {
            self.plain(&block["hint"], 2_000, "a hint");
        }
        let element = &block["element"];
        match element["type"].as_str().unwrap_or_default() {
            "plain_text_input" => {
                self.keys(
                    element,
                    &["type", "action_id", "multiline", "max_length", "placeholder", "initial_value"],
                );
                let most = element["max_length"].as_u64().unwrap_or(3_000);
                self.holds((1..=3_000).contains(&most), "a field's max_length");
                self.plain(&element["placeholder"], 150, "a placeholder");
                self.text_within(&element["initial_value"], most as usize, "a field's first value");
            }
            "datepicker" => self.keys(element, &["type", "action_id", "initial_date"]),
            "timepicker" => self.keys(element, &["type", "action_id", "initial_time"]),
            "multi_users_select" => self.keys(element, &["type", "action_id", "initial_users"]),
            "checkboxes" => {
                self.keys(element, &["type", "action_id", "options", "initial_options"]);
                self.options(&element["options"], 10);
                self.chosen(element, element["initial_options"].as_array());
            }
            "static_select" => {
                self.keys(element, &["type", "action_id", "options", "initial_option"]);
                self.options(&element["options"], 100);
                self.chosen(element, element.get("initial_option").map(|one| vec![one.clone()]).as_ref());
            }
            "file_input" => {
                self.keys(element, &["type", "action_id", "filetypes", "max_files"]);
                let most = element["max_files"].as_u64().unwrap_or_default();
                self.holds((1..=10).contains(&most), "files of a field");
            }
            other => self.add(format!("{other:?} in a field")),
        }
    }
}
