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
    /// How grave it is.
    pub severity: Severity,
    /// What a drafter fills in, in the order asked for.
    pub fields: Vec<Field>,
    /// What it changes for the areas it is sent to.
    pub effect: Option<Effect>,
    /// The template that lifts or corrects it; none for those that lift or correct others.
    pub answers: Option<String>,
    /// Minutes after which it is not sent to anybody any more.
    pub minutes: Option<u32>,
    text: &'static str,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Lives are in danger.
    Danger,
    /// They may be before long.
    Warning,
    /// It is over, or a matter of comfort.
    Info,
}

/// What sending a template changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// None is in force any more.
    Lift,
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key in [`Filled`].
    pub key: String,
    /// How the form calls it.
    pub label: String,
    /// What somebody who fills it in at night needs to know.
    pub hint: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it takes.
    pub kind: Kind,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A moment by Japan's clock.
    Time,
    /// Words on one line.
    Text {
        /// Most UTF-16 units.
        most: usize,
        /// Not down to the house number.
        coarse: bool,
    },
    /// A whole number.
    Number {
        /// The least.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// One of a list.
    Choice(Vec<Choice>),
    /// A river's name.
    River,
    /// Names of buildings and places.
    Facility {
        /// Most UTF-16 units.
        most: usize,
    },
    /// A telephone number.
    Telephone,
    /// An address.
    Link,
    /// That somebody agreed and that it is on record: [`CONSENT`], or nothing.
    Consent,
}

/// What a consent is filled in with.
pub const CONSENT: &str = "yes";

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is filled in.
    pub key: String,
    /// How it is called.
    pub name: Said,
    /// What choosing it changes.
    pub effect: Option<Effect>,
}

/// The same in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// 日本語.
    pub ja: String,
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

/// Something that must be put right before it is sent. It prints in Japanese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field it is about, by key and label; none if it is about the whole.
    pub field: Option<(String, String)>,
    slip: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some((_, label)) => write!(f, "「{label}」：{}", self.slip),
            None => f.write_str(&self.slip),
        }
    }
}

fn field(key: &str, label: &str, kind: Kind) -> Field {
    Field {
        key: key.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        required: true,
        kind,
    }
}

fn one_of(choices: &[(&str, &str)]) -> Kind {
    let choice = |(key, name): &(&str, &str)| Choice {
        key: (*key).to_owned(),
        name: Said {
            ja: (*name).to_owned(),
        },
        effect: None,
    };
    Kind::Choice(choices.iter().map(choice).collect())
}

/// Templates by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library(BTreeMap<String, Template>);

impl Library {
    /// Those that come with the program.
    ///
    /// # Errors
    /// Every fault with its file and line.
    pub fn builtin() -> Result<Self, Vec<table::Finding>> {
        let words = Kind::Text {
            most: 60,
            coarse: false,
        };
        let templates = [
            Template {
                code: "WATER".to_owned(),
                version: "0123456789ab".to_owned(),
                name: "断水・濁り水".to_owned(),
                severity: Severity::Info,
                fields: vec![
                    field(
                        "state",
                        "ようす",
                        one_of(&[("out", "断水"), ("turbid", "濁り水")]),
                    ),
                    field("since", "始まった時刻", Kind::Time),
                    field(
                        "cause",
                        "原因",
                        one_of(&[("pipe", "水道管の破損"), ("unknown", "調査中")]),
                    ),
                    field("phone", "問い合わせ先の電話", Kind::Telephone),
                ],
                effect: None,
                answers: Some("FIX-FALSE".to_owned()),
                minutes: Some(120),
                text: "【断水】{place} {since}から断水しています。給水所へは、きれいな容器を持って来てください。電話 {phone}",
            },
            Template {
                code: "FIX-FALSE".to_owned(),
                version: "0123456789ac".to_owned(),
                name: "誤配信の取消".to_owned(),
                severity: Severity::Warning,
                fields: vec![
                    field("sent", "誤った配信の時刻", Kind::Time),
                    field("title", "誤った配信の件名", words.clone()),
                    field("fact", "起きていないこと", words),
                    field(
                        "evacuation",
                        "避難情報",
                        one_of(&[
                            ("none", "出ていない"),
                            ("unconcerned", "避難の配信ではなかった"),
                        ]),
                    ),
                    field(
                        "cause",
                        "原因",
                        one_of(&[("input", "入力の誤り"), ("unknown", "調査中")]),
                    ),
                ],
                effect: None,
                answers: None,
                minutes: Some(120),
                text: "【訂正】{sent}の「{title}」は誤りです。{place}",
            },
        ];
        let templates = templates.map(|template| (template.code.clone(), template));
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
    let empty = template.fields.iter().filter(|field| {
        let typed = filled.0.get(&field.key);
        field.required && typed.is_none_or(|typed| typed.trim().is_empty())
    });
    let empty: Vec<_> = empty
        .map(|field| Finding {
            field: Some((field.key.clone(), field.label.clone())),
            slip: "書かれていません。必ず書く欄です。記入してください。".to_owned(),
        })
        .collect();
    if !empty.is_empty() {
        return Err(empty);
    }
    if mode == Mode::Drill {
        text.insert_str(0, "【訓練】");
    }
    let message = Message::text(text).map_err(|error| {
        vec![Finding {
            field: None,
            slip: error.to_string(),
        }]
    })?;
    Ok(message.into())
}
