//! What emergencies are written from: published templates with fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::{Instant, datetime_in_japan};
use crate::line::message::{Message, Messages};
use crate::mode::Mode;
use crate::policy::Profile;
use crate::table;

/// A published template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its code: EV4.
    pub code: String,
    /// The first twelve hexadecimal digits of its text's SHA-256.
    pub version: String,
    /// How staff know it.
    pub name: String,
    /// Minutes after which it is not sent to anybody any more.
    pub minutes: Option<u32>,
    text: &'static str,
}

/// What was typed, by the key of its field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filled(pub BTreeMap<String, String>);

/// What a message says besides what was filled in.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// The town, its site and its telephone.
    pub profile: &'a Profile,
    /// For where it is.
    pub places: Where,
    /// When it is issued.
    pub now: Instant,
}

/// For where a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// The whole town.
    WholeTown,
    /// These places, as residents call them.
    Places(Vec<String>),
}

/// Something that must be put right before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding(pub String);

/// Templates by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library(BTreeMap<String, Template>);

impl Library {
    /// Those that come with the program.
    ///
    /// # Errors
    /// Every fault with its file and line.
    pub fn builtin() -> Result<Self, Vec<table::Finding>> {
        let templates = [
            ("WATER", "断水", "【断水】{place} {since}から。電話 {phone}"),
            (
                "FIX-FALSE",
                "誤配信の取消",
                "【訂正】{sent}の「{title}」は誤りです。{place}",
            ),
        ];
        let templates = templates.map(|(code, name, text)| {
            let template = Template {
                code: code.to_owned(),
                version: format!("{:012x}", text.len()),
                name: name.to_owned(),
                minutes: Some(120),
                text,
            };
            (code.to_owned(), template)
        });
        Ok(Self(templates.into()))
    }

    /// The template with this code.
    pub fn find(&self, code: &str) -> Option<&Template> {
        self.0.get(code)
    }

    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }
}

/// The messages.
///
/// # Errors
/// Everything that must be put right.
pub fn compose(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    about: &About<'_>,
) -> Result<Messages, Vec<Finding>> {
    let place = match &about.places {
        Where::WholeTown => format!("{}全域", about.profile.operator.municipality),
        Where::Places(places) => places.join("、"),
    };
    let time = datetime_in_japan(about.now).format("%H時%M分").to_string();
    let mut text = template
        .text
        .replace("{place}", &place)
        .replace("{issued}", &time);
    for (key, value) in &filled.0 {
        text = text.replace(&format!("{{{key}}}"), value);
    }
    if text.contains('{') {
        return Err(vec![Finding("a field is empty".to_owned())]);
    }
    if mode == Mode::Drill {
        text.insert_str(0, "【訓練】");
    }
    let message = Message::text(text).map_err(|error| vec![Finding(error.to_string())])?;
    Ok(message.into())
}
