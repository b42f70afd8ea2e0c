//! What a resident reads about evacuation places.

use super::model::{Hazard, Hazards, Near};
use super::opening::{Opening, State};
use crate::clock::{Instant, datetime_in_japan};
use crate::language::Language;

/// The hazard's name, short enough for a button.
pub fn hazard(hazard: Hazard, language: Language) -> String {
    language.say(&format!("shelter-hazard-{}", hazard.code()), &[])
}

/// The label of the button that sends the location.
pub fn send_location(language: Language) -> String {
    language.say("shelter-send-location", &[])
}

/// What is asked of somebody who has said where they are.
pub fn which_hazard(language: Language) -> String {
    language.say("shelter-which-hazard", &[])
}

/// The button of those who cannot tell.
pub fn any_hazard(language: Language) -> String {
    language.say("shelter-any-hazard", &[])
}

/// Above the list of places.
pub fn heading(safe_from: Option<Hazard>, language: Language) -> String {
    match safe_from {
        Some(h) => language.say(
            "shelter-near-safe-from",
            &[("hazard", hazard(h, language).into())],
        ),
        None => language.say("shelter-near", &[]),
    }
}

/// There is none, or the town does not publish where they are.
pub fn none(language: Language) -> String {
    language.say("shelter-none", &[])
}

/// One place: its name, how far it is, whether it is open, its address, what it is safe from, what the town adds.
pub fn place(near: &Near, language: Language, now: Instant) -> String {
    let shelter = &near.shelter;
    let mut lines = vec![language.say(
        "shelter-name-and-distance",
        &[
            ("name", shelter.name.as_str().into()),
            ("distance", distance(near.metres).into()),
        ],
    )];
    if let Some(said) = &shelter.opening {
        lines.push(opening(said, language, now));
        lines.extend(said.note.clone());
    }
    lines.extend(Some(shelter.address.clone()).filter(|a| !a.is_empty()));
    lines.push(safe_from(shelter.hazards, language));
    lines.extend(shelter.note.clone());
    lines.join("\n")
}

/// Whether it is open, and when somebody last said so.
fn opening(said: &Opening, language: Language, now: Instant) -> String {
    let key = match (said.state, said.is_stale(now)) {
        (State::Closed, _) => "shelter-closed",
        (State::Open, false) => "shelter-open",
        (State::Full, false) => "shelter-full",
        (State::Open, true) => "shelter-open-stale",
        (State::Full, true) => "shelter-full-stale",
    };
    let at = datetime_in_japan(said.confirmed_at);
    let values = [
        ("date", language.date(at.date()).into()),
        ("time", at.format("%-H:%M").to_string().into()),
    ];
    language.say(key, &values)
}

/// Who published the list, and what it does not know: which other places are open now. Under every list.
pub fn source(language: Language) -> String {
    language.say("shelter-source", &[])
}

fn safe_from(hazards: Hazards, language: Language) -> String {
    if hazards.is_empty() {
        return language.say("shelter-safe-from-nothing", &[]);
    }
    let separator = language.say("shelter-hazard-separator", &[]);
    let names: Vec<String> = hazards.iter().map(|h| hazard(h, language)).collect();
    language.say(
        "shelter-safe-from",
        &[("hazards", names.join(&separator).into())],
    )
}

/// `350 m`, `1.2 km`: to ten metres, from a kilometre on to a hundred.
fn distance(metres: f64) -> String {
    let tens = (metres / 10.0).round() * 10.0;
    if tens < 1000.0 {
        format!("{tens:.0}m")
    } else {
        format!("{:.1}km", metres / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_as_exact_as_they_are_useful() {
        for (metres, said) in [
            (0.0, "0m"),
            (354.9, "350m"),
            (994.9, "990m"),
            (996.0, "1.0km"),
            (1249.0, "1.2km"),
        ] {
            assert_eq!(distance(metres), said);
        }
    }

    #[test]
    fn every_language_names_every_hazard_briefly_and_the_source() {
        for language in Language::all() {
            for h in Hazard::ALL {
                let name = hazard(h, language);
                assert!(!name.contains("shelter-hazard"), "{name}");
                // A quick reply's label: at most 20 characters.
                assert!(name.chars().count() <= 20, "{name}");
            }
            for label in [send_location(language), any_hazard(language)] {
                assert!(label.chars().count() <= 20, "{label}");
            }
            assert!(
                source(language).contains("国土地理院"),
                "its terms ask for the name"
            );
        }
    }

    #[test]
    fn every_language_says_whether_a_place_is_open_and_as_of_when() {
        let at = Instant::UNIX_EPOCH;
        for language in Language::all() {
            let mut said = std::collections::BTreeSet::new();
            for state in State::ALL {
                let known = Opening {
                    state,
                    since: at,
                    confirmed_at: at,
                    note: None,
                    by: crate::ids::PersonId::new(at),
                };
                for now in [at, at + crate::shelter::FRESH] {
                    let line = opening(&known, language, now);
                    assert!(
                        line.contains("9:00") && !line.contains("shelter-"),
                        "{line}"
                    );
                    said.insert(line);
                }
            }
            // Closed is closed, however long ago.
            assert_eq!(said.len(), 5, "{said:?}");
        }
    }
}
