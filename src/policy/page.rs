//! The policy as people read it: headings and sentences, and what one version changes of another. No
//! HTML: the public page and the console render it.

use chrono::NaiveDate;

use super::outline;
use super::profile::Profile;
use super::rulebook::{Rulebook, Version};

/// A version of the policy, to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The document's name.
    pub title: String,
    /// The version's name.
    pub version: String,
    /// The first day on which it rules.
    pub effective_from: NaiveDate,
    /// What it says, in order.
    pub sections: Vec<Section>,
}

/// Sentences under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Who reads it.
    pub audience: Audience,
    /// The sentences, in order.
    pub lines: Vec<Line>,
}

/// Who reads a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Staff: how the account is kept safe, and what a drafter is asked.
    Staff,
}

/// A sentence, and where the document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The sentence.
    pub text: String,
    /// The clause, as the document counts.
    pub clause: Option<String>,
}

/// What a version changes under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The heading.
    pub heading: String,
    /// Who reads it.
    pub audience: Audience,
    /// Sentences that hold no longer.
    pub removed: Vec<Line>,
    /// Sentences that are new. When nothing is removed either, only the order has changed.
    pub added: Vec<Line>,
}

/// A version that ruled, rules or will rule, and what it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Past<'a> {
    /// The version.
    pub version: &'a Version,
    /// The first day on which it ruled.
    pub from: NaiveDate,
    /// What it changed of the one before; nothing for the first.
    pub changes: Vec<Change>,
}

/// The whole policy; the public page leaves the sections for staff out.
pub fn page(profile: &Profile) -> Page {
    Page {
        title: profile.source.name.clone(),
        version: profile.profile.version.clone(),
        effective_from: profile.profile.effective_from,
        sections: outline::sections(profile),
    }
}

/// What `new` changes of `old`, besides name and date.
pub fn diff(old: &Profile, new: &Profile) -> Vec<Change> {
    let (old, new) = (outline::sections(old), outline::sections(new));
    let gone = old
        .iter()
        .filter(|o| new.iter().all(|n| n.heading != o.heading));
    let nothing: &[Line] = &[];
    let kept = new.iter().map(|section| {
        let before = old.iter().find(|o| o.heading == section.heading);
        (
            section,
            before.map_or(nothing, |b| &b.lines),
            section.lines.as_slice(),
        )
    });
    let gone = gone.map(|section| (section, section.lines.as_slice(), nothing));
    kept.chain(gone)
        .filter(|(_, before, after)| before != after)
        .map(|(section, before, after)| Change {
            heading: section.heading.clone(),
            audience: section.audience,
            removed: missing_from(after, before),
            added: missing_from(before, after),
        })
        .collect()
}

/// Every adopted version, the newest first, with what it changed.
pub fn history(rulebook: &Rulebook) -> Vec<Past<'_>> {
    let adopted = || {
        let versions = rulebook.versions().iter();
        versions.filter_map(|version| Some((version, version.acts_from()?)))
    };
    let before = std::iter::once(None).chain(adopted().map(Some));
    let mut history: Vec<Past<'_>> = adopted()
        .zip(before)
        .map(|((version, from), before)| Past {
            version,
            from,
            changes: before.map_or_else(Vec::new, |(before, _)| {
                diff(before.profile(), version.profile())
            }),
        })
        .collect();
    history.reverse();
    history
}

/// Lines of `lines` that `others` has not, counting each.
fn missing_from(others: &[Line], lines: &[Line]) -> Vec<Line> {
    let mut others: Vec<&Line> = others.iter().collect();
    let mut missing = Vec::new();
    for line in lines {
        match others.iter().position(|other| *other == line) {
            Some(at) => drop(others.swap_remove(at)),
            None => missing.push(line.clone()),
        }
    }
    missing
}
