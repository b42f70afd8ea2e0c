//! The shape of a template's file. Unknown keys are refused: a misspelt rule must not be silently none.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::model::{Effect, Said, Topic};
use crate::evacuation::Level;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) code: Spanned<String>,
    pub(super) name: String,
    pub(super) topic: Topic,
    pub(super) severity: Grade,
    pub(super) effect: Option<Changes>,
    pub(super) answers: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) is_answer: bool,
    #[serde(default)]
    pub(super) public_drill: bool,
    pub(super) announced_by: Option<String>,
    #[serde(default)]
    pub(super) sections: Vec<String>,
    #[serde(default)]
    pub(super) speaks_of_drills: bool,
    #[serde(default)]
    pub(super) unlevelled: bool,
    pub(super) audience: Audience,
    pub(super) minutes: Option<u32>,
    #[serde(deserialize_with = "date")]
    pub(super) review: NaiveDate,
    pub(super) ja: Written,
    #[serde(rename = "ja-Hira")]
    pub(super) easy: Written,
    pub(super) en: Written,
    #[serde(default, rename = "field")]
    pub(super) fields: Vec<Spanned<Asked>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Grade {
    Danger,
    Warning,
    Info,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Audience {
    Town,
    Areas,
}

#[derive(Clone, Copy, Deserialize)]
pub(super) enum Changes {
    #[serde(rename = "evacuation-3")]
    Three,
    #[serde(rename = "evacuation-4")]
    Four,
    #[serde(rename = "evacuation-5")]
    Five,
    #[serde(rename = "evacuation-order")]
    Order,
    #[serde(rename = "lift")]
    Lift,
    #[serde(rename = "withdraw")]
    Withdraw,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) signal: Spanned<String>,
    pub(super) call: Spanned<String>,
    pub(super) body: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) kind: Takes,
    #[serde(default = "yes")]
    pub(super) required: bool,
    pub(super) unfilled: Option<Said>,
    pub(super) needs: Option<String>,
    pub(super) least: Option<u32>,
    pub(super) most: Option<u32>,
    #[serde(default)]
    pub(super) coarse: bool,
    #[serde(default, rename = "choice")]
    pub(super) choices: Vec<Offered>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Takes {
    Time,
    Text,
    Number,
    Choice,
    River,
    Facility,
    Telephone,
    Link,
    Consent,
}

#[derive(Deserialize)]
pub(super) struct Offered {
    pub(super) key: String,
    pub(super) name: Said,
    pub(super) effect: Option<Changes>,
    #[serde(flatten)]
    pub(super) words: BTreeMap<String, Said>,
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            ja: String,
            #[serde(rename = "ja-Hira")]
            easy: String,
            en: String,
        }
        let Written { ja, easy, en } = Written::deserialize(from)?;
        Ok(Self { ja, easy, en })
    }
}

fn yes() -> bool {
    true
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(from)?;
    written
        .date
        .filter(|_| written.time.is_none())
        .and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
        .ok_or_else(|| {
            serde::de::Error::custom(format!("`{written}` is no date; write one like 2027-05-20"))
        })
}

impl From<Changes> for Effect {
    fn from(changes: Changes) -> Self {
        match changes {
            Changes::Three => Self::Evacuation(Level::Three),
            Changes::Four => Self::Evacuation(Level::Four),
            Changes::Five => Self::Evacuation(Level::Five),
            Changes::Order => Self::Evacuation(Level::Order),
            Changes::Lift => Self::Lift,
            Changes::Withdraw => Self::Withdraw,
        }
    }
}
