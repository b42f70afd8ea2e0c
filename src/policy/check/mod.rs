//! What a profile must keep to besides its shape: values in their bounds, and sections that agree.

mod account;
mod approval;
mod content;
mod gates;
mod hours;
mod personal;

use std::collections::HashSet;

use super::profile::Profile;
use super::read::{Fault, Places};

/// Every fault, in no order.
pub(super) fn faults(profile: &Profile, places: &Places<'_>) -> Vec<Fault> {
    let mut check = Check {
        places,
        path: Vec::new(),
        faults: Vec::new(),
    };
    account::check(profile, &mut check);
    hours::check(profile, &mut check);
    approval::check(profile, &mut check);
    content::check(profile, &mut check);
    gates::check(profile, &mut check);
    personal::check(profile, &mut check);
    check.faults
}

/// Where in the profile we are, and what was found so far.
struct Check<'a> {
    places: &'a Places<'a>,
    path: Vec<String>,
    faults: Vec<Fault>,
}

impl Check<'_> {
    /// Looks into a section, an entry or a key.
    fn within(&mut self, step: impl ToString, look: impl FnOnce(&mut Self)) {
        self.path.push(step.to_string());
        look(self);
        self.path.pop();
    }

    /// Looks into each entry of a list.
    fn each<'p, T>(
        &mut self,
        name: &str,
        entries: &'p [T],
        mut look: impl FnMut(&mut Self, &'p T),
    ) {
        self.within(name, |check| {
            for (at, entry) in entries.iter().enumerate() {
                check.within(at, |check| look(check, entry));
            }
        });
    }

    /// A fault at `key`, or where we are when it is empty.
    fn fault(&mut self, key: &str, reason: impl Into<String>) {
        let mut path = self.path.clone();
        if !key.is_empty() {
            path.push(key.to_owned());
        }
        self.faults.push(Fault {
            line: self.places.line(&path),
            reason: reason.into(),
        });
    }

    fn words(&mut self, key: &str, words: &str) {
        if words.trim().is_empty() {
            self.fault(
                key,
                format!("`{key}` is empty; people read it, so write it"),
            );
        }
    }

    fn some_words(&mut self, key: &str, words: Option<&str>) {
        if let Some(words) = words {
            self.words(key, words);
        }
    }

    fn address(&mut self, key: &str, address: &str) {
        if !address.starts_with("https://") || address.len() > 1000 {
            self.fault(
                key,
                format!("`{key}` is `{address}`; write a full https:// address of at most 1,000 characters"),
            );
        }
    }

    fn number(&mut self, key: &str, number: u32, least: u32, most: u32) {
        if number < least || number > most {
            self.fault(
                key,
                format!("`{key}` is {number}; write a number from {least} to {most}"),
            );
        }
    }

    /// An id is what data say: it must be plain and stand once.
    fn id<'p>(&mut self, id: &'p str, seen: &mut HashSet<&'p str>) {
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
            self.fault(
                "id",
                format!("id `{id}` is not usable; write lower-case letters and hyphens"),
            );
        }
        if !seen.insert(id) {
            self.fault("id", format!("`{id}` stands twice; give each its own id"));
        }
    }

    fn not_empty<T>(&mut self, name: &str, entries: &[T]) {
        if entries.is_empty() {
            self.fault(name, format!("there is no [[{name}]]; write at least one"));
        }
    }

    fn once<T: Eq + std::hash::Hash>(&mut self, key: &str, entries: &[T]) {
        let distinct: HashSet<&T> = entries.iter().collect();
        if distinct.len() != entries.len() {
            self.fault(
                key,
                format!("`{key}` names something twice; write each once"),
            );
        }
    }
}
