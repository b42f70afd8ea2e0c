//! A template from its TOML file, with every fault of it.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};
use toml::Spanned;

use super::fault::Fault;
use super::model::{Choice, Effect, Field, Kind, Reach, Severity, Template, Tongue, Wording};
use super::phrase::{Phrase, Slot};
use super::wording;
use super::written::{Asked, Audience, File, Grade, Offered, Takes, Written};
use crate::table::{Finding, Source};

/// Hexadecimal digits of the digest that are a version's name.
const VERSION: usize = 12;
/// Most letters of a code.
const CODE: usize = 20;
/// Most letters of a name, which is a button on a telephone.
const NAME: usize = 40;
/// Most UTF-16 units of signal and call together, so that a place fits beside them in what a notification shows.
const HEAD: usize = 29;
/// What every template can say without a field.
pub(super) const KNOWN: [&str; 4] = ["town", "place", "issued", "telephone"];
/// Units of a line of names, where nothing else is written.
const NAMES: usize = 40;
/// Units of a river's name.
pub(super) const RIVER: usize = 20;

/// Reads a template.
pub(super) fn read(source: &Source) -> Result<Template, Vec<Finding<Fault>>> {
    let text = source.text();
    let text = text.map_err(|found| vec![found.map(Fault::from)])?;
    let file: File = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(&text, span.start));
        let fault = Fault::Toml(error.message().replace('\n', "; "));
        vec![source.fault(line, None, fault)]
    })?;
    let mut reading = Reading {
        source,
        text: &text,
        faults: Vec::new(),
    };
    let template = reading.template(file);
    reading.check(&template);
    match reading.faults.is_empty() {
        true => Ok(template),
        false => Err(reading.faults),
    }
}

struct Reading<'t> {
    source: &'t Source,
    text: &'t str,
    faults: Vec<Finding<Fault>>,
}

impl Reading<'_> {
    fn fault(&mut self, at: usize, fault: Fault) {
        let line = line_at(self.text, at);
        self.faults.push(self.source.fault(line, None, fault));
    }

    fn template(&mut self, file: File) -> Template {
        let code = file.code.get_ref();
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if !(1..=CODE).contains(&code.len()) || !code.chars().all(plain) {
            let fault = Fault::Code(code.clone());
            self.fault(file.code.span().start, fault);
        }
        if !(1..=NAME).contains(&file.name.trim().chars().count()) {
            self.fault(file.code.span().start, Fault::Name(file.name.clone()));
        }
        match (&file.answers, file.is_answer) {
            (None, false) => self.fault(file.code.span().start, Fault::NoAnswer),
            (Some(answers), true) => self.fault(answers.span().start, Fault::AnswersItself),
            _ => {}
        }
        let fields = file.fields.into_iter().map(|asked| self.field(asked));
        let fields: Vec<Field> = fields.collect();
        let mut wordings = BTreeMap::new();
        for (tongue, written) in [
            (Tongue::Japanese, file.ja),
            (Tongue::Easy, file.easy),
            (Tongue::English, file.en),
        ] {
            wordings.insert(tongue, self.wording(tongue, written, &fields));
        }
        Template {
            code: file.code.into_inner(),
            version: version(self.text),
            name: file.name,
            topic: file.topic,
            severity: match file.severity {
                Grade::Danger => Severity::Danger,
                Grade::Warning => Severity::Warning,
                Grade::Info => Severity::Info,
            },
            fields,
            effect: file.effect.map(Effect::from),
            answers: file.answers.map(Spanned::into_inner),
            public_drill: file.public_drill,
            announced_by: file.announced_by,
            sections: file.sections,
            speaks_of_drills: file.speaks_of_drills,
            unlevelled: file.unlevelled,
            reach: match file.audience {
                Audience::Town => Reach::WholeTown,
                Audience::Areas => Reach::Areas,
            },
            minutes: file.minutes,
            review: file.review,
            wordings,
        }
    }

    fn field(&mut self, asked: Spanned<Asked>) -> Field {
        let at = asked.span().start;
        let asked = asked.into_inner();
        let key = &asked.key;
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            self.fault(at, Fault::Key(key.clone()));
        }
        if KNOWN.contains(&key.as_str()) {
            self.fault(at, Fault::KeyKnown(key.clone()));
        }
        if asked.label.trim().is_empty() || asked.hint.trim().is_empty() {
            self.fault(at, Fault::NoHint(key.clone()));
        }
        let bounded = matches!(asked.kind, Takes::Text | Takes::Number);
        if bounded && asked.most.is_none() {
            self.fault(at, Fault::NoBound(key.clone()));
        }
        if (asked.kind == Takes::Choice) == asked.choices.is_empty() {
            self.fault(at, Fault::Choices(key.clone()));
        }
        if asked.coarse && asked.kind != Takes::Text {
            self.fault(at, Fault::Coarse(key.clone()));
        }
        let most = asked.most.unwrap_or_default();
        let units = usize::try_from(most).unwrap_or(usize::MAX);
        Field {
            kind: match asked.kind {
                Takes::Time => Kind::Time,
                Takes::Text => Kind::Text {
                    most: units,
                    coarse: asked.coarse,
                },
                Takes::Number => Kind::Number {
                    least: asked.least.unwrap_or_default(),
                    most,
                },
                Takes::Choice => Kind::Choice(self.choices(at, key, asked.choices)),
                Takes::River => Kind::River,
                Takes::Facility => Kind::Facility {
                    most: if most == 0 { NAMES } else { units },
                },
                Takes::Telephone => Kind::Telephone,
                Takes::Link => Kind::Link,
                Takes::Consent => Kind::Consent,
            },
            key: asked.key,
            label: asked.label,
            hint: asked.hint,
            required: asked.required,
            unfilled: asked.unfilled,
            needs: asked.needs,
        }
    }

    fn choices(&mut self, at: usize, key: &str, offered: Vec<Offered>) -> Vec<Choice> {
        let mut seen = HashSet::new();
        let mut choices = Vec::new();
        for choice in offered {
            if !seen.insert(choice.key.clone()) {
                let (key, choice) = (key.to_owned(), choice.key.clone());
                self.fault(at, Fault::ChoiceTwice { key, choice });
            }
            choices.push(Choice {
                key: choice.key,
                name: choice.name,
                words: choice.words,
                effect: choice.effect.map(Effect::from),
            });
        }
        choices
    }

    fn wording(&mut self, tongue: Tongue, written: Written, fields: &[Field]) -> Wording {
        let one = |reading: &mut Self, words: &Spanned<String>| {
            if words.get_ref().trim().is_empty() {
                reading.fault(words.span().start, Fault::Empty);
            }
            reading.phrase(words.get_ref(), words.span().start, tongue, fields)
        };
        let signal = one(self, &written.signal);
        let call = one(self, &written.call);
        let (at, body) = (written.body.span().start, written.body.get_ref());
        let body: Vec<Phrase> = body
            .trim()
            .lines()
            .map(|line| self.phrase(line, at, tongue, fields))
            .collect();
        let speaks = |name: &str| {
            let mut slots = body.iter().flat_map(Phrase::slots);
            slots.any(|slot| slot.name == name)
        };
        if !speaks("place") {
            self.fault(at, Fault::NoPlace);
        }
        if !speaks("issued") {
            self.fault(at, Fault::NoTime);
        }
        Wording { signal, call, body }
    }

    fn phrase(&mut self, words: &str, at: usize, tongue: Tongue, fields: &[Field]) -> Phrase {
        let phrase = Phrase::parse(words).unwrap_or_else(|fault| {
            self.fault(at, fault);
            Phrase::none()
        });
        for slot in phrase.slots() {
            if let Err(fault) = fits(slot, tongue, fields) {
                self.fault(at, fault);
            }
        }
        phrase
    }

    /// What only the whole template shows.
    fn check(&mut self, template: &Template) {
        let mut seen = HashSet::new();
        for field in &template.fields {
            let key = &field.key;
            if !seen.insert(key) {
                self.fault(0, Fault::KeyTwice(key.clone()));
            }
            let consent = |field: &Field| field.kind == Kind::Consent;
            if let Some(needs) = &field.needs
                && !template.field(needs).is_some_and(consent)
            {
                let (key, needs) = (key.clone(), needs.clone());
                self.fault(0, Fault::NoConsent { key, needs });
            }
            let slots = template.wordings.values().flat_map(Wording::slots);
            if !consent(field) && !slots.into_iter().any(|slot| slot.name == *key) {
                self.fault(0, Fault::Unsaid(key.clone()));
            }
        }
        if let Some(wording) = template.wordings.get(&Tongue::Japanese) {
            let found = crate::line::text::length(&wording.signal.words())
                + crate::line::text::length(&wording.call.words());
            if found > HEAD {
                self.fault(0, Fault::LongHead { found, most: HEAD });
            }
        }
        for slip in wording::of_template(template) {
            self.fault(0, Fault::Slip(slip));
        }
    }
}

/// Whether something can fill this place, in this language.
fn fits(slot: &Slot, tongue: Tongue, fields: &[Field]) -> Result<(), Fault> {
    let Slot { name, word } = slot;
    let key = name.clone();
    if KNOWN.contains(&name.as_str()) {
        return match word.clone() {
            None => Ok(()),
            Some(word) => Err(Fault::NoWords { key, word }),
        };
    }
    let Some(field) = fields.iter().find(|field| field.key == *name) else {
        return Err(Fault::NoField(key));
    };
    match (&field.kind, word.clone()) {
        (Kind::Consent, _) => Err(Fault::ConsentSaid(key)),
        (Kind::Text { .. }, _) if tongue != Tongue::Japanese => {
            Err(Fault::Untranslated { key, tongue })
        }
        (Kind::Choice(choices), Some(word)) => {
            match choices
                .iter()
                .all(|choice| choice.words.contains_key(&word))
            {
                true => Ok(()),
                false => Err(Fault::WordMissing { key, word }),
            }
        }
        (_, Some(word)) => Err(Fault::NoWords { key, word }),
        (_, None) => Ok(()),
    }
}

impl Wording {
    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        [&self.signal, &self.call].into_iter().chain(&self.body)
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.phrases().flat_map(Phrase::slots)
    }
}

/// A text's version.
fn version(text: &str) -> String {
    let digest = Sha256::digest(text);
    let mut digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(VERSION);
    digits
}

fn line_at(text: &str, offset: usize) -> u64 {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() as u64 + 1
}
