//! Validation of request bodies, as strict as LINE's.
//!
//! Each noun has its room. A [`Place`] is a value together with its path in the body, so that a
//! finding can say where it is (`messages[0].text`); [`Findings`] collects all of them, because
//! LINE reports all errors of a body at once.

mod action;
mod flex;
mod flex_style;
mod imagemap;
mod message;
mod rich_menu;
mod template;
mod text_v2;

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

pub(crate) use action::is_picked_value;
pub(crate) use message::{Road, messages};
pub(crate) use rich_menu::{batch, rich_menu};

/// What is wrong with a body.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<(String, String)>);

impl Findings {
    pub(crate) fn add(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.0.push((place.path.clone(), message.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The `details` of LINE's error body.
    pub(crate) fn details(&self) -> Vec<Value> {
        self.0
            .iter()
            .map(|(property, message)| json!({ "message": message, "property": property }))
            .collect()
    }
}

/// How the length of a text is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    /// UTF-16 code units: the general rule.
    Utf16,
    /// Grapheme clusters: labels, action texts, template texts, names of rich menus.
    Graphemes,
}

impl Count {
    fn of(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.encode_utf16().count(),
            Self::Graphemes => text.graphemes(true).count(),
        }
    }
}

/// A value and where it stands in the body.
#[derive(Clone, Debug)]
pub(crate) struct Place<'v> {
    value: Option<&'v Value>,
    path: String,
}

impl<'v> Place<'v> {
    pub(crate) fn root(value: &'v Value) -> Self {
        Self {
            value: Some(value),
            path: String::new(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Self {
        let value = self
            .value
            .and_then(|value| value.get(name))
            .filter(|value| !value.is_null());
        let path = if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        Self { value, path }
    }

    pub(crate) fn value(&self) -> Option<&'v Value> {
        self.value
    }

    fn exists(&self) -> bool {
        self.value.is_some()
    }

    pub(crate) fn str(&self) -> Option<&'v str> {
        self.value.and_then(Value::as_str)
    }

    /// The elements of an array, each with its own place.
    fn items(&self) -> Vec<Self> {
        let list = self
            .value
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        list.iter()
            .enumerate()
            .map(|(n, value)| Self {
                value: Some(value),
                path: format!("{}[{n}]", self.path),
            })
            .collect()
    }

    /// The names an object has.
    fn names(&self) -> Vec<&'v String> {
        self.value
            .and_then(Value::as_object)
            .map(|object| object.keys().collect())
            .unwrap_or_default()
    }

    fn must_exist(&self, findings: &mut Findings) -> bool {
        if !self.exists() {
            findings.add(self, "must be specified");
        }
        self.exists()
    }

    /// A required text of 1 to `max`.
    fn text(&self, max: usize, count: Count, findings: &mut Findings) {
        match self.value {
            None => findings.add(self, "May not be empty"),
            Some(Value::String(text)) if text.trim().is_empty() => {
                findings.add(self, "May not be empty")
            }
            Some(_) => self.text_if_any(max, count, findings),
        }
    }

    /// A text of at most `max`, if there is one.
    fn text_if_any(&self, max: usize, count: Count, findings: &mut Findings) {
        match self.value {
            None => {}
            Some(Value::String(text)) if count.of(text) <= max => {}
            Some(Value::String(_)) => {
                findings.add(self, format!("Length must be between 0 and {max}"))
            }
            Some(_) => findings.add(self, "must be a string"),
        }
    }

    fn one_of(&self, words: &[&str], findings: &mut Findings) {
        if self.exists() && !self.str().is_some_and(|word| words.contains(&word)) {
            findings.add(
                self,
                format!(
                    "Must be one of the following values: [{}]",
                    words.join(", ")
                ),
            );
        }
    }

    fn boolean_if_any(&self, findings: &mut Findings) {
        if self.value.is_some_and(|value| !value.is_boolean()) {
            findings.add(self, "must be a boolean");
        }
    }

    /// A required whole number within the range.
    fn integer(&self, min: i64, max: i64, findings: &mut Findings) -> Option<i64> {
        let number = self.value.and_then(Value::as_i64);
        match number {
            Some(n) if n < min => {
                findings.add(self, format!("must be greater than or equal to {min}"))
            }
            Some(n) if n > max => {
                findings.add(self, format!("must be less than or equal to {max}"))
            }
            Some(_) => return number,
            None => findings.add(self, "must be an integer"),
        }
        None
    }

    /// A required decimal number within the range.
    fn number(&self, min: f64, max: f64, findings: &mut Findings) {
        if !self
            .value
            .and_then(Value::as_f64)
            .is_some_and(|n| (min..=max).contains(&n))
        {
            findings.add(self, format!("must be a number between {min} and {max}"));
        }
    }

    /// A required array with `min` to `max` elements.
    pub(crate) fn list(&self, min: usize, max: usize, findings: &mut Findings) -> Vec<Self> {
        let items = self.items();
        if !self.value.is_some_and(Value::is_array) {
            findings.add(self, "May not be empty");
        } else if !(min..=max).contains(&items.len()) {
            findings.add(self, format!("Size must be between {min} and {max}"));
        }
        items
    }

    /// A required address with one of the schemes, percent-encoded, at most `max` characters.
    fn url(&self, schemes: &[&str], max: usize, findings: &mut Findings) {
        let Some(text) = self.str() else {
            findings.add(self, "May not be empty");
            return;
        };
        if text.encode_utf16().count() > max {
            findings.add(self, format!("Length must be between 0 and {max}"));
        }
        let scheme = text
            .split_once(':')
            .map_or(String::new(), |(scheme, _)| scheme.to_ascii_lowercase());
        if !schemes.contains(&scheme.as_str()) {
            findings.add(self, "invalid uri scheme");
        } else if !text.bytes().all(|b| b.is_ascii_graphic()) || reqwest::Url::parse(text).is_err()
        {
            findings.add(self, "invalid uri");
        }
    }

    /// A required address of a picture or a film: HTTPS, at most 2,000 characters.
    fn https(&self, findings: &mut Findings) {
        self.url(&["https"], 2_000, findings);
    }
}
