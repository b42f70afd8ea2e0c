//! An entry's details as people read them.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::console::acts::of_thing;
use crate::ids::{PersonId, PostId};
use crate::staff::people::{Place, Post, Roster, Section};

/// What an entry says besides who, what and when.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Detail {
    /// Facts, by name.
    pub facts: Vec<(String, String)>,
    /// What was changed: name, before, after.
    pub changes: Vec<(String, String, String)>,
}

impl Detail {
    pub fn of(detail: &Value, roster: &Roster) -> Self {
        let mut read = Self::default();
        let Value::Object(fields) = detail else {
            read.fact("", detail, roster);
            return read;
        };
        let compared = match (fields.get("before"), fields.get("after")) {
            (Some(before), Some(after)) => {
                read.compare(before, after, roster);
                true
            }
            _ => false,
        };
        for (name, value) in fields {
            if !(compared && (name == "before" || name == "after")) {
                read.fact(of_thing(name), value, roster);
            }
        }
        read
    }

    fn fact(&mut self, name: &str, value: &Value, roster: &Roster) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (inner, value) in fields {
                    let joint = if name.is_empty() { "" } else { "・" };
                    self.fact(&format!("{name}{joint}{}", of_thing(inner)), value, roster);
                }
            }
            _ => self.facts.push((name.to_owned(), said(value, roster))),
        }
    }

    fn compare(&mut self, before: &Value, after: &Value, roster: &Roster) {
        let nothing = Map::new();
        let (Some(old), Some(new)) = (fields(before, &nothing), fields(after, &nothing)) else {
            let (before, after) = (said(before, roster), said(after, roster));
            return self.changes.push((String::new(), before, after));
        };
        let gone = old.keys().filter(|name| !new.contains_key(*name));
        for name in new.keys().chain(gone) {
            let side = |side: &Map<String, Value>| {
                let value = side.get(name).unwrap_or(&Value::Null);
                said(value, roster)
            };
            let (before, after) = (side(old), side(new));
            if before != after {
                self.changes
                    .push((of_thing(name).to_owned(), before, after));
            }
        }
    }
}

/// The fields of an object; of nothing, none.
fn fields<'a>(value: &'a Value, nothing: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        Value::Null => Some(nothing),
        _ => None,
    }
}

fn said(value: &Value, roster: &Roster) -> String {
    match value {
        Value::Null => "なし".to_owned(),
        Value::Bool(true) => "はい".to_owned(),
        Value::Bool(false) => "いいえ".to_owned(),
        Value::String(text) => named(text, roster),
        Value::Array(items) if items.is_empty() => "なし".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| said(item, roster)).collect();
            items.join("、")
        }
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A text, or who or what it is the id of.
pub(super) fn named(text: &str, roster: &Roster) -> String {
    let Ok(id) = text.parse::<Uuid>() else {
        return text.to_owned();
    };
    if roster.persons.contains_key(&PersonId(id)) {
        return name(PersonId(id), roster);
    }
    let post = roster.posts.get(&PostId(id)).map(Post::label);
    let places = roster.posts.values().map(|post| &post.place);
    let section = || {
        places
            .filter_map(section_of)
            .find(|section| section.id.0 == id)
    };
    let named = post.or_else(|| section().map(|section| section.name.clone()));
    named.unwrap_or_else(|| text.to_owned())
}

fn section_of(place: &Place) -> Option<&Section> {
    match place {
        Place::Section(section) => Some(section),
        Place::Organisation(_) | Place::Town => None,
    }
}

/// A person's name and number.
pub(super) fn name(person: PersonId, roster: &Roster) -> String {
    match roster.persons.get(&person) {
        Some(person) => format!("{}（{}）", person.name.as_str(), person.number.as_str()),
        None => person.to_string(),
    }
}
