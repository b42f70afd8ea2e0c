//! Reading a profile, with every fault found at once and its line.

use std::collections::HashSet;
use std::fmt;

use chrono::{NaiveTime, Timelike};

use super::model::Profile;
use crate::language::Language;

/// Most choices of one step: LINE shows 13 quick replies, and three are ours (next, none, back).
const MAX_CHOICES: usize = 10;

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
    /// Every fault found; a file that is not TOML at all has just one.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let profile: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(text, span.start));
            vec![Fault {
                line,
                reason: error.message().replace('\n', "; "),
            }]
        })?;
        let faults = profile.faults(text);
        if faults.is_empty() {
            Ok(profile)
        } else {
            Err(faults)
        }
    }

    fn faults(&self, text: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |near: &str, reason: String| {
            faults.push(Fault {
                line: line_of(text, near),
                reason,
            });
        };
        for (key, value) in [
            ("version", &self.profile.version),
            ("municipality", &self.operator.municipality),
            ("section", &self.operator.section),
            ("account_name", &self.operator.account_name),
            ("window", &self.inquiry.window),
            ("hours", &self.inquiry.hours),
        ] {
            if value.trim().is_empty() {
                fault(
                    key,
                    format!("`{key}` is empty; residents are told it, so write it"),
                );
            }
        }
        for (key, address) in [
            ("site", &self.operator.site),
            ("policy_page", &self.operator.policy_page),
            ("opinions", &self.inquiry.opinions),
        ] {
            if !address.starts_with("https://") || address.len() > 1000 {
                fault(
                    key,
                    format!(
                        "`{key}` is `{address}`; write a full https:// address of at most 1,000 characters"
                    ),
                );
            }
        }
        let telephone = &self.inquiry.telephone;
        if telephone.is_empty() || !telephone.chars().all(|c| c.is_ascii_digit() || c == '-') {
            fault(
                "telephone",
                format!(
                    "`telephone` is `{telephone}`; write digits and hyphens, like 0123-45-6789"
                ),
            );
        }
        self.faults_in_choices(&mut fault);
        for (key, days) in [
            ("unreachable_days", self.retention.unreachable_days),
            ("half_finished_hours", self.retention.half_finished_hours),
            ("event_days", self.retention.event_days),
            ("word_days", self.retention.word_days),
        ] {
            if days == 0 || days > 3660 {
                fault(
                    key,
                    format!("`{key}` is {days}; write a number from 1 to 3660"),
                );
            }
        }
        faults
    }

    fn faults_in_choices(&self, fault: &mut impl FnMut(&str, String)) {
        let hours = [
            &self.reminder.evening_before[..],
            &self.reminder.that_morning[..],
        ]
        .concat();
        if hours.is_empty() || hours.len() > MAX_CHOICES {
            fault(
                "[reminder]",
                format!(
                    "{} hours are offered; write 1 to {MAX_CHOICES} in all",
                    hours.len()
                ),
            );
        }
        for (key, times) in [
            ("evening_before", &self.reminder.evening_before),
            ("that_morning", &self.reminder.that_morning),
        ] {
            let distinct: HashSet<&NaiveTime> = times.iter().collect();
            if distinct.len() != times.len() {
                fault(key, format!("`{key}` names an hour twice; write each once"));
            }
            if let Some(odd) = times.iter().find(|t| t.minute() % 10 != 0) {
                fault(
                    key,
                    format!(
                        "`{key}` has {}; reminders go out every ten minutes, so write :00, :10 … :50",
                        odd.format("%H:%M")
                    ),
                );
            }
        }
        if self.topics.is_empty() || self.topics.len() > MAX_CHOICES {
            fault(
                "[[topic]]",
                format!(
                    "there are {} topics; write 1 to {MAX_CHOICES}",
                    self.topics.len()
                ),
            );
        }
        let mut seen = HashSet::new();
        for topic in &self.topics {
            let near = format!("id = \"{}\"", topic.id);
            if topic.id.is_empty() || !topic.id.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            {
                fault(
                    &near,
                    format!(
                        "topic id `{}` is not usable; write lower-case letters and hyphens",
                        topic.id
                    ),
                );
            }
            if !seen.insert(&topic.id) {
                fault(
                    &near,
                    format!("topic `{}` stands twice; give each its own id", topic.id),
                );
            }
            if !topic.name.contains_key(Language::japanese().code()) {
                fault(
                    &near,
                    format!(
                        "topic `{}` has no Japanese name; write name = {{ ja = \"…\" }}",
                        topic.id
                    ),
                );
            }
            for (code, name) in &topic.name {
                if Language::parse(code).is_err() {
                    fault(
                        &near,
                        format!(
                            "topic `{}` is named in `{code}`, which is no language here",
                            topic.id
                        ),
                    );
                }
                // Two places stay free for the mark of a chosen topic.
                if name.is_empty() || name.encode_utf16().count() > 18 {
                    fault(
                        &near,
                        format!("topic name `{name}` must have 1 to 18 characters to fit a button"),
                    );
                }
            }
        }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

/// The line on which `near` first stands outside a comment.
fn line_of(text: &str, near: &str) -> usize {
    text.lines()
        .position(|line| line.trim_start().starts_with(near))
        .map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: &str = include_str!("../../policies/default.toml");

    fn faults_of(text: &str) -> Vec<String> {
        Profile::parse(text)
            .map(|_| Vec::new())
            .unwrap_or_else(|faults| faults.iter().map(Fault::to_string).collect())
    }

    #[test]
    fn the_profile_that_ships_has_no_fault() {
        assert_eq!(faults_of(DEFAULT), Vec::<String>::new());
    }

    #[test]
    fn a_fault_names_its_line_and_what_to_write() {
        for (from, to, expected) in [
            (
                "mode = \"auto\"",
                "mode = \"sometimes\"",
                "expected one of `none`, `auto`, `selective`",
            ),
            (
                "unreachable_days = 30",
                "unreachable_dayz = 30",
                "unreachable_dayz",
            ),
            ("\"19:00\"", "\"7pm\"", "\"19:00\""),
            ("\"19:00\"", "\"19:05\"", "every ten minutes"),
            (
                "https://www.city.example.jp/line-policy/",
                "http://x",
                "https://",
            ),
            ("id = \"health\"", "id = \"event\"", "stands twice"),
            ("ja = \"福祉・介護\", ", "", "no Japanese name"),
            ("event_days = 30", "event_days = 0", "1 to 3660"),
            (
                "telephone = \"000-000-0000\"",
                "telephone = \"代表\"",
                "digits and hyphens",
            ),
        ] {
            let broken = DEFAULT.replacen(from, to, 1);
            assert_ne!(
                broken, DEFAULT,
                "{from} is no longer in the default profile"
            );
            let faults = faults_of(&broken);
            assert!(
                faults.iter().any(|f| f.contains(expected)),
                "{to}: {faults:?}"
            );
            let line: usize = faults[0]
                .split(':')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            assert!(line > 1, "{faults:?}");
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let broken = DEFAULT
            .replace("event_days = 30", "event_days = 0")
            .replace("\"000-000-0000\"", "\"\"");
        assert_eq!(faults_of(&broken).len(), 2);
    }
}
