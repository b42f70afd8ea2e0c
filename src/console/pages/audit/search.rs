//! What is looked for in the record, as a form has it.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::{Query, Who};
use crate::clock::{Instant, instant_in_japan};
use crate::console::acts::{ACTS, ROOMS};
use crate::ids::PersonId;
use crate::staff::people::Roster;
use crate::web::{Choice, Errors};

/// Longest text looked for, in characters.
const LONGEST: usize = 100;
/// Most words looked for at once.
const MOST_WORDS: usize = 5;
/// The last page that can be asked for.
const LAST_PAGE: u64 = 1_000_000;

/// A search as it was entered; nothing in it is trusted.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// A person's id, `system` or `operator`.
    pub who: String,
    /// An act, or the beginning of several.
    pub act: String,
    /// The id of what it was done to.
    pub object: String,
    /// Words.
    pub q: String,
    /// The page, from 1.
    #[serde(skip_serializing)]
    pub page: String,
}

impl Asked {
    /// What to look for, or what is wrong with what was entered.
    pub fn query(&self) -> (Option<Query>, Errors) {
        let mut errors = Errors::default();
        let from = day("from", &self.from, &mut errors);
        let to = day("to", &self.to, &mut errors);
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            errors.add(
                "to",
                "終わりの日が、始まりの日より前です。日付を入れかえてください。",
            );
        }
        let who = match self.who.as_str() {
            "" => None,
            "system" => Some(Who::System),
            "operator" => Some(Who::Operator),
            id => match id.parse::<Uuid>() {
                Ok(id) => Some(Who::Person(PersonId(id))),
                Err(_) => {
                    errors.add("who", "操作した人を一覧から選んでください。");
                    None
                }
            },
        };
        let short = |field, text: &str, errors: &mut Errors| {
            if text.chars().count() > LONGEST {
                let told = format!("{LONGEST}字までで入れてください。");
                errors.add(field, told);
            }
        };
        short("act", &self.act, &mut errors);
        short("object", &self.object, &mut errors);
        short("q", &self.q, &mut errors);
        let words = self.words();
        if words.len() > MOST_WORDS {
            errors.add("q", format!("言葉は{MOST_WORDS}つまでにしてください。"));
        }
        if !errors.is_empty() {
            return (None, errors);
        }
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let query = Query {
            from: from.map(midnight),
            until: to.and_then(|to| to.succ_opt()).map(midnight),
            who,
            act: given(&self.act),
            object: given(&self.object),
            words,
            page: self.page.parse().unwrap_or(1).clamp(1, LAST_PAGE) - 1,
        };
        (Some(query), errors)
    }

    /// As the query of an address, without the page.
    pub fn encoded(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.fields() {
            if !value.is_empty() && value.chars().count() <= LONGEST {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// Every field but the page.
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("who", &self.who),
            ("act", &self.act),
            ("object", &self.object),
            ("q", &self.q),
        ]
    }

    /// What the record keeps of it: of words only how many, since they may name somebody.
    pub fn on_record(&self) -> Value {
        let mut kept = serde_json::Map::new();
        for (name, value) in self.fields() {
            if name != "q" && !value.is_empty() {
                kept.insert(name.to_owned(), json!(value));
            }
        }
        let words = self.words().len();
        if words > 0 {
            kept.insert("words".to_owned(), json!(words));
        }
        Value::Object(kept)
    }

    fn words(&self) -> Vec<String> {
        self.q.split_whitespace().map(str::to_owned).collect()
    }
}

/// Whose deeds can be looked for.
pub(super) fn who(roster: &Roster) -> Vec<Choice> {
    let mut who = vec![
        Choice::new("system", "システム"),
        Choice::new("operator", "サーバーの操作者"),
    ];
    who.extend(roster.persons.values().map(|person| {
        let label = format!("{}（{}）", person.name.as_str(), person.number.as_str());
        Choice::new(person.id.to_string(), label)
    }));
    who
}

/// What can be looked for that was done.
pub(super) fn acts() -> Vec<Choice> {
    let rooms = ROOMS.iter().chain(ACTS);
    rooms
        .map(|(act, words)| Choice::new(*act, *words))
        .collect()
}

fn day(field: &'static str, text: &str, errors: &mut Errors) -> Option<NaiveDate> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let date = text.parse().ok();
    // Years beyond these are no dates of ours, and not every engine has them.
    let date = date.filter(|date: &NaiveDate| (2000..2200).contains(&chrono::Datelike::year(date)));
    if date.is_none() {
        errors.add(field, "日付は「2026-11-24」の形で入れてください。");
    }
    date
}

fn midnight(day: NaiveDate) -> Instant {
    instant_in_japan(day.and_time(NaiveTime::MIN))
}
