//! Words with places to fill: `{town}`, `{hazard}`, `{hazard.reason}`.

use super::fault::Fault;

/// A line of a wording, taken apart once when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Slot(Slot),
}

/// A place to fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// What fills it: something every template knows, or a field.
    pub(super) name: String,
    /// Which of a choice's words; its name, if not said.
    pub(super) word: Option<String>,
}

impl Phrase {
    /// Takes words apart.
    ///
    /// # Errors
    /// A brace that opens and never closes, or the other way round.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((inside, behind)) = after.split_once('}') else {
                return Err(Fault::Open(after.to_owned()));
            };
            parts.push(Part::Words(before.to_owned()));
            let (name, word) = match inside.split_once('.') {
                Some((name, word)) => (name, Some(word.to_owned())),
                None => (inside, None),
            };
            let name = name.to_owned();
            parts.push(Part::Slot(Slot { name, word }));
            rest = behind;
        }
        parts.push(Part::Words(rest.to_owned()));
        let stray = |part: &Part| matches!(part, Part::Words(words) if words.contains('}'));
        match parts.iter().any(stray) {
            true => Err(Fault::Closed(text.to_owned())),
            false => Ok(Self(parts)),
        }
    }

    /// No words at all.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// The places, from left to right.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter().filter_map(|part| match part {
            Part::Slot(slot) => Some(slot),
            Part::Words(_) => None,
        })
    }

    /// The words with their places filled; none when there is nothing to fill one with.
    pub(super) fn say<'v>(&self, value: impl Fn(&Slot) -> Option<&'v str>) -> Option<String> {
        let mut said = String::new();
        for part in &self.0 {
            match part {
                Part::Words(words) => said.push_str(words),
                Part::Slot(slot) => said.push_str(value(slot)?),
            }
        }
        Some(said.trim_end().to_owned())
    }

    /// Its words alone, without what fills the places.
    pub(super) fn words(&self) -> String {
        let words = self.0.iter().map(|part| match part {
            Part::Words(words) => words.as_str(),
            Part::Slot(_) => "",
        });
        words.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_a_missing_one_takes_its_line_along() {
        let phrase = Phrase::parse("{town}の{hazard.reason}です").unwrap_or_else(|e| panic!("{e}"));
        let filled = |slot: &Slot| match (slot.name.as_str(), slot.word.as_deref()) {
            ("town", None) => Some("汐見市"),
            ("hazard", Some("reason")) => Some("大雨{x}"),
            _ => None,
        };
        // What fills a place is never looked into.
        assert_eq!(phrase.say(filled).as_deref(), Some("汐見市の大雨{x}です"));
        assert_eq!(phrase.say(|_| None), None);
        assert_eq!(phrase.words(), "のです");
    }

    #[test]
    fn a_brace_without_its_other_half_is_a_fault() {
        for text in ["{town", "town}", "{a}{b", "a}b{c}"] {
            assert!(Phrase::parse(text).is_err(), "{text}");
        }
    }
}
