//! What people did with what they received, where a call named an aggregation unit
//! (<https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit>).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::ledger::day;
use crate::world::World;

/// Below so many people, LINE tells no number.
const FEWEST: usize = 20;

/// Who opened which bubble, and which address, by unit and day.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// The unit of each call that had one, by request id.
    units: HashMap<String, String>,
    seen: BTreeMap<String, Vec<Seen>>,
}

/// Something done with a message, once.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// The Japanese date, `yyyyMMdd`.
    day: String,
    user: String,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// The bubble with this number, from 1, was displayed.
    Bubble(usize),
    /// This address was opened.
    Address(String),
}

impl Readings {
    /// A call was accepted under `unit`.
    pub(crate) fn sent(&mut self, request_id: &str, unit: &str) {
        self.units.insert(request_id.to_owned(), unit.to_owned());
    }

    fn note(&mut self, unit: &str, seen: Seen) {
        let of_unit = self.seen.entry(unit.to_owned()).or_default();
        let before = of_unit
            .iter()
            .any(|known| known.user == seen.user && known.what == seen.what);
        // Once a person and thing is enough for what is asked; of clicks every one counts.
        if !before || matches!(seen.what, What::Address(_)) {
            of_unit.push(seen);
        }
    }

    /// What LINE answers of the days from `from` to `to`, as far as they are over `now`.
    pub(crate) fn of(&self, unit: &str, from: &str, to: &str, now: DateTime<Utc>) -> Value {
        let today = day(now);
        let days = |seen: &&Seen| {
            (from..=to).contains(&seen.day.as_str()) && seen.day.as_str() < today.as_str()
        };
        let seen: Vec<&Seen> = self
            .seen
            .get(unit)
            .into_iter()
            .flatten()
            .filter(days)
            .collect();
        let (mut bubbles, mut addresses) = (BTreeMap::new(), BTreeMap::new());
        for seen in &seen {
            match &seen.what {
                What::Bubble(seq) => bubbles.entry(*seq).or_insert_with(Vec::new).push(seen),
                What::Address(url) => addresses.entry(url).or_insert_with(Vec::new).push(seen),
            }
        }
        let people = |seen: &mut dyn Iterator<Item = &&&Seen>| {
            let people: BTreeSet<&str> = seen.map(|seen| seen.user.as_str()).collect();
            people.len()
        };
        let messages: Vec<Value> = bubbles
            .iter()
            .map(|(seq, seen)| {
                let unique = told(people(&mut seen.iter()));
                json!({ "seq": seq, "impression": told(seen.len()), "uniqueImpression": unique })
            })
            .collect();
        let clicks: Vec<Value> = (1..)
            .zip(&addresses)
            .map(|(seq, (url, seen))| {
                let unique = told(people(&mut seen.iter()));
                json!({ "seq": seq, "url": url, "click": told(seen.len()), "uniqueClick": unique, "uniqueClickOfRequest": unique })
            })
            .collect();
        let opened = people(&mut bubbles.values().flatten());
        let clicked = people(&mut addresses.values().flatten());
        json!({
            "overview": {
                "uniqueImpression": told(opened), "uniqueClick": told(clicked),
                "uniqueMediaPlayed": null, "uniqueMediaPlayed100Percent": null,
            },
            "messages": messages,
            "clicks": clicks,
        })
    }
}

fn told(number: usize) -> Option<usize> {
    Some(number).filter(|number| *number >= FEWEST)
}

/// The person opens the chat and sees everything in it.
pub(crate) fn open_chat(world: &mut World, user: &str) -> Result<(), String> {
    let today = day(world.time.now());
    let mut seen = Vec::new();
    let mut bubbles: HashMap<&str, usize> = HashMap::new();
    for bubble in world.person(user)?.received() {
        let seq = bubbles.entry(&bubble.request_id).or_default();
        *seq += 1;
        if let Some(unit) = world.readings.units.get(&*bubble.request_id) {
            seen.push((unit.clone(), *seq));
        }
    }
    for (unit, seq) in seen {
        let seen = Seen {
            day: today.clone(),
            user: user.to_owned(),
            what: What::Bubble(seq),
        };
        world.readings.note(&unit, seen);
    }
    Ok(())
}

/// The person opens an address that stands in a message: in a text, or behind a button.
pub(crate) fn open_address(world: &mut World, user: &str, url: &str) -> Result<(), String> {
    let person = world.person(user)?;
    let newest = person
        .received()
        .filter(|bubble| bubble.message.to_string().contains(url))
        .last();
    let bubble = newest.ok_or_else(|| format!("{} sees no {url}", person.name))?;
    let unit = world.readings.units.get(&*bubble.request_id).cloned();
    if let Some(unit) = unit {
        let seen = Seen {
            day: day(world.time.now()),
            user: user.to_owned(),
            what: What::Address(url.to_owned()),
        };
        world.readings.note(&unit, seen);
    }
    Ok(())
}
