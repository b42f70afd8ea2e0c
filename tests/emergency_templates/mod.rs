//! The wordings of emergencies: every one of them in every language and mode, and who publishes a changed one.

mod composing;
mod fields;
mod loading;
mod publishing;

use kairan::clock::Instant;
use kairan::emergency::template::{About, Filled, Finding, Library, Template, Where, compose};
use kairan::line::message::Messages;
use kairan::mode::Mode;
use kairan::policy::Profile;
use kairan::table::Source;
use serde_json::Value;

use crate::support::town::policy;

/// Every template that a municipality needs, each once.
pub const CODES: [&str; 34] = [
    "ALLCLEAR",
    "CIVIL",
    "CRIME",
    "DRILL-END",
    "DRILL-PRE",
    "DRILL-PUBLIC",
    "DRILL-STAFF",
    "EQ1",
    "EQ2",
    "EV-CHG",
    "EV-LIFT",
    "EV3",
    "EV4",
    "EV5",
    "FIRE",
    "FIX-FALSE",
    "FIX-PART",
    "GAS",
    "HEAT",
    "INFECT",
    "JMA-RLY",
    "MISSING",
    "MISSING-END",
    "NANKAI",
    "POWER",
    "ROAD",
    "SHELTER",
    "SNOW",
    "SYS",
    "TS-A",
    "TS-LIFT",
    "TS-W",
    "TYPH",
    "WATER",
];

pub fn library() -> Library {
    Library::builtin().unwrap_or_else(|faults| panic!("{faults:?}"))
}

pub fn now() -> Instant {
    "2026-11-24T07:30:00Z".parse().unwrap()
}

pub fn composed(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    places: &[&str],
) -> Result<Vec<Value>, Vec<Finding>> {
    let messages = made(template, mode, filled, places)?;
    let json = serde_json::to_value(&messages).unwrap();
    Ok(json.as_array().unwrap().clone())
}

pub fn made(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    places: &[&str],
) -> Result<Messages, Vec<Finding>> {
    let profile: &Profile = &policy().profile;
    let places = match places {
        [] => Where::WholeTown,
        names => Where::Places(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let about = About {
        profile,
        places,
        now: now(),
    };
    compose(template, mode, filled, &about)
}

/// What residents read of a message, from top to bottom.
pub fn read(message: &Value) -> Vec<String> {
    fn walk(part: &Value, found: &mut Vec<String>) {
        if part["type"] == "text" {
            found.push(part["text"].as_str().unwrap().to_owned());
        }
        for inner in part["contents"].as_array().into_iter().flatten() {
            walk(inner, found);
        }
    }
    if message["type"] == "text" {
        return vec![message["text"].as_str().unwrap().to_owned()];
    }
    let mut found = Vec::new();
    for block in ["header", "body", "footer"] {
        walk(&message["contents"][block], &mut found);
    }
    found
}

pub fn lines(message: &Value) -> Vec<String> {
    let read = read(message).join("\n");
    read.lines().map(str::to_owned).collect()
}

pub fn beginning(text: &str) -> String {
    let units: Vec<u16> = text.encode_utf16().take(40).collect();
    String::from_utf16_lossy(&units)
}

pub fn source(code: &str, text: &str) -> Source {
    Source::new(format!("{code}.toml"), text)
}

/// The templates that ship, one of them in other words.
pub fn files_but(code: &str, change: impl Fn(&str) -> String) -> Vec<Source> {
    let text = |each: &str| match each == code {
        true => change(&file(each)),
        false => file(each),
    };
    CODES.iter().map(|each| source(each, &text(each))).collect()
}

pub fn file(code: &str) -> String {
    let path = format!(
        "{}/emergency-templates/{code}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}
