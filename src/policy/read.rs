//! TOML → profile. Each section, and each entry of a list, is read by itself, so that a fault in one does
//! not hide those in others.

use std::fmt;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::check;
use super::profile::Profile;

/// A fault in a profile, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// What was found, what was expected, what to write.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.reason)
    }
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// Every fault found, in the order of lines. Rules between sections are checked once all can be read.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader {
            text,
            root: root.get_ref(),
            known: Vec::new(),
            faults: errors.iter().map(|error| fault(text, error)).collect(),
        };
        if reader.faults.is_empty() {
            let profile = reader.profile();
            reader.refuse_unknown_sections();
            if let (Some(profile), true) = (profile, reader.faults.is_empty()) {
                let faults = check::faults(
                    &profile,
                    &Places {
                        text,
                        root: root.get_ref(),
                    },
                );
                if faults.is_empty() {
                    return Ok(profile);
                }
                reader.faults = faults;
            }
        }
        reader.faults.sort_by_key(|fault| fault.line);
        Err(reader.faults)
    }
}

struct Reader<'t> {
    text: &'t str,
    root: &'t DeTable<'t>,
    known: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// Every section is asked for before the first missing one ends it.
    fn profile(&mut self) -> Option<Profile> {
        let profile = self.section("profile");
        let source = self.section("source");
        let operator = self.section("operator");
        let inquiry = self.section("inquiry");
        let replies = self.section("replies");
        let working_hours = self.section("working_hours");
        let counter_hours = self.section("counter_hours");
        let deciders = self.section("deciders");
        let routes = self.list("route");
        let sending = self.section("sending");
        let categories = self.list("category");
        let questions = self.list("question");
        let links = self.section("links");
        let images = self.section("images");
        let open_data = self.optional("open_data");
        let removal = self.section("removal");
        let reasons = self.list("reason");
        let personal = self.section("personal");
        let personal_fields = self.list("personal_field");
        let retention = self.section("retention");
        let reminder = self.section("reminder");
        let topics = self.list("topic");
        let accounts = self.optional("accounts").unwrap_or_default();
        let suspension = self.section("suspension");
        let emergency = self.optional("emergency");
        let contractors = self.optional("contractors");
        let statements = self.list("statement");
        Some(Profile {
            profile: profile?,
            source: source?,
            operator: operator?,
            inquiry: inquiry?,
            replies: replies?,
            working_hours: working_hours?,
            counter_hours: counter_hours?,
            deciders: deciders?,
            routes,
            sending: sending?,
            categories,
            questions,
            links: links?,
            images: images?,
            open_data,
            removal: removal?,
            reasons,
            personal: personal?,
            personal_fields,
            retention: retention?,
            reminder: reminder?,
            topics,
            accounts,
            suspension: suspension?,
            emergency,
            contractors,
            statements,
        })
    }

    fn section<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        if self.root.get(name).is_none() {
            self.faults.push(Fault {
                line: 1,
                reason: format!("there is no [{name}]; write it as policies/default.toml does"),
            });
        }
        self.optional(name)
    }

    fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        self.known.push(name);
        let root = self.root;
        self.read(root.get(name)?)
    }

    fn list<T: DeserializeOwned>(&mut self, name: &'static str) -> Vec<T> {
        self.known.push(name);
        let root = self.root;
        let Some(value) = root.get(name) else {
            return Vec::new();
        };
        let Some(entries) = value.get_ref().as_array() else {
            self.faults.push(Fault {
                line: line_at(self.text, value.span().start),
                reason: format!("`{name}` is no list; write [[{name}]] before each entry"),
            });
            return Vec::new();
        };
        entries
            .iter()
            .filter_map(|entry| self.read(entry))
            .collect()
    }

    fn read<T: DeserializeOwned>(&mut self, value: &Spanned<DeValue<'_>>) -> Option<T> {
        match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(read) => Some(read),
            Err(error) => {
                let mut fault = fault(self.text, &error);
                if error.span().is_none() {
                    fault.line = line_at(self.text, value.span().start);
                }
                self.faults.push(fault);
                None
            }
        }
    }

    fn refuse_unknown_sections(&mut self) {
        for (name, _) in self.root.iter() {
            if !self.known.contains(&name.get_ref().as_ref()) {
                self.faults.push(Fault {
                    line: line_at(self.text, name.span().start),
                    reason: format!(
                        "`{}` is no section; there are {}",
                        name.get_ref(),
                        self.known.join(", ")
                    ),
                });
            }
        }
    }
}

/// Where the values of a profile stand.
pub(super) struct Places<'t> {
    text: &'t str,
    root: &'t DeTable<'t>,
}

impl Places<'_> {
    /// The line of the value at `path` (keys, and numbers in lists), or of the nearest thing around it.
    pub(super) fn line(&self, path: &[String]) -> usize {
        let Some((first, rest)) = path.split_first() else {
            return 1;
        };
        let Some(mut value) = self.root.get(first.as_str()) else {
            return 1;
        };
        for step in rest {
            let next = match value.get_ref() {
                DeValue::Array(entries) => step.parse().ok().and_then(|at: usize| entries.get(at)),
                DeValue::Table(table) => table.get(step.as_str()),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        line_at(self.text, value.span().start)
    }
}

fn fault(text: &str, error: &Error) -> Fault {
    Fault {
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        reason: error.message().replace('\n', "; "),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}
