//! What a resident reads about evacuation places.

use super::model::{Hazard, Hazards, Near};
use crate::language::Language;

/// The hazard's name, short enough for a button.
pub fn hazard(hazard: Hazard, language: Language) -> String {
    language.say(&format!("shelter-hazard-{}", hazard.code()), &[])
}

/// The label of the button that sends the location.
pub fn send_location(language: Language) -> String {
    language.say("shelter-send-location", &[])
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

/// One place: its name, how far it is, its address, what it is safe from, what the town adds.
pub fn place(near: &Near, language: Language) -> String {
    let shelter = &near.shelter;
    let mut lines = vec![language.say(
        "shelter-name-and-distance",
        &[
            ("name", shelter.name.as_str().into()),
            ("distance", distance(near.metres).into()),
        ],
    )];
    lines.extend(Some(shelter.address.clone()).filter(|a| !a.is_empty()));
    lines.push(safe_from(shelter.hazards, language));
    lines.extend(shelter.note.clone());
    lines.join("\n")
}

/// Who published the list, and that it does not know what is open now. Under every list.
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
            assert!(send_location(language).chars().count() <= 20);
            assert!(
                source(language).contains("国土地理院"),
                "its terms ask for the name"
            );
        }
    }
}
