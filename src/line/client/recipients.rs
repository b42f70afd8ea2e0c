//! Whom one call may concern.

use std::collections::HashSet;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::line::UserId;

/// Most people one multicast or bulk link may name.
pub const MAX_RECIPIENTS: usize = 500;

/// 1 to 500 different people, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipients(Vec<UserId>);

/// Why people cannot be named in one call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidRecipients {
    /// None or too many.
    #[error("{given} recipients: one call takes 1 to {MAX_RECIPIENTS}")]
    Count {
        /// People given.
        given: usize,
    },
    /// LINE does not say whether somebody named twice is told twice.
    #[error("{user} stands twice among the recipients")]
    Duplicate {
        /// Who.
        user: UserId,
    },
}

impl Recipients {
    /// # Errors
    /// When there are none or more than 500, or somebody is named twice.
    pub fn new(users: Vec<UserId>) -> Result<Self, InvalidRecipients> {
        if users.is_empty() || users.len() > MAX_RECIPIENTS {
            return Err(InvalidRecipients::Count { given: users.len() });
        }
        let mut seen = HashSet::with_capacity(users.len());
        match users.iter().find(|user| !seen.insert(*user)) {
            Some(user) => Err(InvalidRecipients::Duplicate { user: user.clone() }),
            None => Ok(Self(users)),
        }
    }

    /// The people.
    pub fn as_slice(&self) -> &[UserId] {
        &self.0
    }
}

impl Serialize for Recipients {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(UserId::as_str))
    }
}
