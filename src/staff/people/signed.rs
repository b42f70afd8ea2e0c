//! A person with what they may do today.

use std::collections::BTreeSet;

use super::model::{Name, Number, Person, Post, PostKind};
use crate::audit::Actor;
use crate::ids::PersonId;
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
