//! A person with what they may do today.

use std::collections::BTreeSet;

use super::model::{Name, Number, Person, Place, Post, PostKind};
use crate::audit::Actor;
use crate::ids::{PersonId, SectionId};
use crate::staff::Right;
use crate::staff::right::rights_of;

/// Somebody who may act, as of a day. Only [`crate::staff::people`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    person: PersonId,
    number: Number,
    name: Name,
    posts: Vec<Post>,
    rights: BTreeSet<Right>,
}

/// Whose content somebody may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every section's.
    Everything,
    /// Only these sections'.
    Sections(BTreeSet<SectionId>),
}

impl Signed {
    pub(super) fn new(person: &Person, posts: Vec<Post>) -> Option<Self> {
        let rights = rights_of(&posts, person.organisation.is_some());
        (!rights.is_empty()).then(|| Self {
            person: person.id,
            number: person.number.clone(),
            name: person.name.clone(),
            posts,
            rights,
        })
    }

    /// Who it is.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The number by which the municipality knows them.
    pub fn number(&self) -> &Number {
        &self.number
    }

    /// How they are called.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The posts they hold that day.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// Everything they may do.
    pub fn rights(&self) -> &BTreeSet<Right> {
        &self.rights
    }

    /// Whether they may do that.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whose content their content rights reach: all of it from the section that owns the account, the
    /// own section's from elsewhere.
    pub fn reach(&self) -> Reach {
        if self.posts.iter().any(Post::of_owner) {
            return Reach::Everything;
        }
        let sections = self.posts.iter().filter_map(|post| match &post.place {
            Place::Section(section) => Some(section.id),
            _ => None,
        });
        Reach::Sections(sections.collect())
    }

    /// Whether a password alone does not let them in: what chiefs and administrators can do is worth
    /// stealing one.
    pub fn needs_second_factor(&self) -> bool {
        let weighty = |post: &Post| matches!(post.kind, PostKind::Chief | PostKind::Administrator);
        self.posts.iter().any(weighty)
    }

    /// How the audit record names them.
    pub fn actor(&self) -> Actor {
        let posts: Vec<String> = self.posts.iter().map(Post::label).collect();
        Actor::Person(self.person, Some(posts.join("、")))
    }
}
