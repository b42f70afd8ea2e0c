//! From what was typed to what is said.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use unicode_normalization::UnicodeNormalization;

use super::compose::About;
use super::file::RIVER;
use super::model::{CONSENT, Choice, Field, Filled, Kind, Said, Template, Tongue};
use super::phrase::Slot;
use super::wording::{self, Finding, Slip};
use crate::clock::datetime_in_japan;
use crate::language::Language;
use crate::line::text::length;

/// What fills the places of a template.
pub(super) struct Values(BTreeMap<(String, Option<String>), Said>);

impl Values {
    /// What stands in `slot`.
    pub(super) fn get(&self, slot: &Slot, tongue: Tongue) -> Option<&str> {
        let key = (slot.name.clone(), slot.word.clone());
        self.0.get(&key).map(|said| said.in_tongue(tongue))
    }

    pub(super) fn put(&mut self, name: &str, word: Option<&str>, said: Said) {
        let key = (name.to_owned(), word.map(str::to_owned));
        self.0.insert(key, said);
    }
}

/// Judges every field. What is wrong with them is told all at once.
pub(super) fn fill(
    template: &Template,
    filled: &Filled,
    about: &About<'_>,
) -> Result<Values, Vec<Finding>> {
    let mut values = Values(BTreeMap::new());
    let mut findings: Vec<Finding> = filled
        .0
        .keys()
        .filter(|key| template.field(key).is_none())
        .map(|key| {
            Finding::general(Slip::Unknown {
                written: key.clone(),
            })
        })
        .collect();
    for field in &template.fields {
        if let Err(slip) = one(template, field, filled, about, &mut values) {
            findings.push(Finding::of(field, slip));
        }
    }
    match findings.is_empty() {
        true => Ok(values),
        false => Err(findings),
    }
}

fn one(
    template: &Template,
    field: &Field,
    filled: &Filled,
    about: &About<'_>,
    values: &mut Values,
) -> Result<(), Slip> {
    let Some(typed) = filled.get(&field.key) else {
        if let Some(said) = &field.unfilled {
            values.put(&field.key, None, said.clone());
        }
        return match field.required {
            true => Err(Slip::Missing),
            false => Ok(()),
        };
    };
    if let Some(hidden) = wording::hidden(typed) {
        return Err(Slip::Hidden { sign: hidden });
    }
    if let Some(needs) = &field.needs
        && filled.get(needs) != Some(CONSENT)
    {
        let consent = template.field(needs);
        let consent = consent.map_or(needs.as_str(), |consent| consent.label.as_str());
        return Err(Slip::Consent {
            consent: consent.to_owned(),
        });
    }
    let plain: String = typed.nfkc().collect();
    let unfit = |expected: &'static str| Slip::Unfit {
        written: typed.to_owned(),
        expected: expected.to_owned(),
    };
    match &field.kind {
        Kind::Time => {
            let at = moment(&plain, about)
                .ok_or_else(|| unfit("16:30、または 2026-11-22 16:30 の形の時刻"))?;
            values.put(&field.key, None, hour(at, about));
        }
        Kind::Number { least, most } => {
            let fits = |number: &u32| (least..=most).contains(&number);
            let number: u32 = plain.parse().ok().filter(fits).ok_or_else(|| Slip::Unfit {
                written: typed.to_owned(),
                expected: format!("{least}から{most}までの数"),
            })?;
            values.put(&field.key, None, same(&number.to_string()));
        }
        Kind::Choice(choices) => {
            let chosen = choices.iter().find(|choice| choice.key == typed);
            chosen_one(
                field,
                chosen.ok_or_else(|| unfit("一覧にあるもの"))?,
                values,
            );
        }
        Kind::Consent if typed == CONSENT => {}
        Kind::Consent => return Err(unfit("同意の記録があるという印")),
        Kind::Telephone => {
            let digits = plain.chars().filter(char::is_ascii_digit).count();
            let part = |c: char| c.is_ascii_digit() || c == '-';
            if !(3..=11).contains(&digits) || !plain.trim_start_matches('#').chars().all(part) {
                return Err(unfit("数字とハイフンの電話番号（例：0123-45-6789）"));
            }
            values.put(&field.key, None, same(&plain));
        }
        Kind::Link => {
            wording::link(typed, &about.profile.links)?;
            values.put(&field.key, None, same(typed));
        }
        Kind::Text { most, .. } => words(field, typed, *most, values)?,
        Kind::Facility { most } => words(field, typed, *most, values)?,
        Kind::River => words(field, typed, RIVER, values)?,
    }
    Ok(())
}

fn words(field: &Field, typed: &str, most: usize, values: &mut Values) -> Result<(), Slip> {
    let typed: String = typed.nfc().collect();
    let given = length(&typed);
    if given > most {
        return Err(Slip::TooLong { given, most });
    }
    if field.kind == Kind::River && !typed.ends_with(['川', '江', '沼', '湖', '池', '路']) {
        return Err(Slip::Unfit {
            written: typed,
            expected: "川や湖の名前（例：汐見川）".to_owned(),
        });
    }
    values.put(&field.key, None, same(&typed));
    Ok(())
}

fn chosen_one(field: &Field, choice: &Choice, values: &mut Values) {
    values.put(&field.key, None, choice.name.clone());
    for (word, said) in &choice.words {
        values.put(&field.key, Some(word), said.clone());
    }
}

pub(super) fn same(words: &str) -> Said {
    Said {
        ja: words.to_owned(),
        easy: words.to_owned(),
        en: words.to_owned(),
    }
}

/// A moment as it was typed: an hour of the day of issue, or a day and an hour.
fn moment(typed: &str, about: &About<'_>) -> Option<NaiveDateTime> {
    let today = datetime_in_japan(about.now).date();
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    if let Some(time) = time(typed) {
        return Some(today.and_time(time));
    }
    let (day, hour) = typed.split_once(['T', ' '])?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some(day.and_time(time(hour.trim())?))
}

/// How a moment is said: without its day on the day of issue.
pub(super) fn hour(at: NaiveDateTime, about: &About<'_>) -> Said {
    let today = datetime_in_japan(about.now).date();
    let (hour, minute) = (at.hour(), at.minute());
    let day = |tongue: Tongue, gap: &str| match at.date() == today {
        true => String::new(),
        // Months away, the year matters too.
        false => {
            let year = match at.year() == today.year() {
                true => String::new(),
                false => format!("{}年", at.year()),
            };
            let year = if tongue == Tongue::English {
                String::new()
            } else {
                year
            };
            let language = Language::parse(tongue.code()).unwrap_or(Language::japanese());
            format!("{year}{}{gap}", language.date(at.date()))
        }
    };
    let minutes = |unit: &str| match minute {
        0 => String::new(),
        minute => format!("{minute}{unit}"),
    };
    Said {
        ja: format!("{}{hour}時{}", day(Tongue::Japanese, ""), minutes("分")),
        easy: format!("{}{hour}時{}", day(Tongue::Easy, " "), minutes("分")),
        en: format!("{}{hour:02}:{minute:02}", day(Tongue::English, ", ")),
    }
}
