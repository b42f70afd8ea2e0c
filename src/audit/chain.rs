//! The chain: each entry's digest covers the digest before it.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use crate::clock::Instant;
use crate::text::hex;

/// Stands first in everything digested, so that no digest made elsewhere means anything here.
const LABEL: &[u8] = b"kairan-audit/1";

/// The newest entry of a chain. Prints, and is read, as `SEQ:DIGEST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub seq: i64,
    /// The newest one's digest, lower-case hexadecimal; zeros when there is none.
    pub digest: String,
}

impl Head {
    fn of_nothing() -> Self {
        Self {
            seq: 0,
            digest: "0".repeat(64),
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.digest)
    }
}

/// Why a text is not a head.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a head: write it as it was printed, SEQ:DIGEST, with 64 characters of 0-9a-f"
)]
pub struct InvalidHead(String);

impl FromStr for Head {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidHead(text.to_owned());
        let (seq, digest) = text.trim().split_once(':').ok_or_else(invalid)?;
        let seq = seq.parse().map_err(|_| invalid())?;
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        match seq >= 0 && digest.len() == 64 && digest.bytes().all(is_hex) {
            true => Ok(Self {
                seq,
                digest: digest.to_owned(),
            }),
            false => Err(invalid()),
        }
    }
}

/// An entry exactly as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub seq: i64,
    pub at: Instant,
    pub actor_kind: String,
    pub actor: Option<Uuid>,
    pub post: Option<String>,
    pub act: String,
    pub object_kind: String,
    pub object_id: String,
    pub detail: String,
    pub address_hint: Option<String>,
    pub prev: String,
    pub digest: String,
}

impl Link {
    /// What its digest must be. Each field goes in with its length before it, so that no two entries
    /// run together into the same bytes.
    pub(super) fn computed(&self) -> String {
        let mut digest = Sha256::new();
        let mut take = |field: Option<&[u8]>| match field {
            Some(bytes) => {
                digest.update([1]);
                digest.update((bytes.len() as u64).to_be_bytes());
                digest.update(bytes);
            }
            None => digest.update([0]),
        };
        take(Some(LABEL));
        take(Some(&self.seq.to_be_bytes()));
        take(Some(self.prev.as_bytes()));
        take(Some(&self.at.timestamp_micros().to_be_bytes()));
        take(Some(self.actor_kind.as_bytes()));
        take(self.actor.as_ref().map(|id| id.as_bytes().as_slice()));
        take(self.post.as_deref().map(str::as_bytes));
        take(Some(self.act.as_bytes()));
        take(Some(self.object_kind.as_bytes()));
        take(Some(self.object_id.as_bytes()));
        take(Some(self.detail.as_bytes()));
        take(self.address_hint.as_deref().map(str::as_bytes));
        hex(&digest.finalize())
    }
}

/// A chain without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries it has.
    pub entries: i64,
    /// Its newest, to be kept somewhere else.
    pub head: Head,
}

/// A chain somebody has laid hands on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("entry {seq}: {why}")]
pub struct Broken {
    /// The first entry at which it shows.
    pub seq: i64,
    /// How.
    pub why: Why,
}

/// How a broken chain shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Why {
    /// Between its neighbours it is not there.
    #[error("it is missing")]
    Missing,
    /// Its words are not those that were digested.
    #[error("it was changed after it was written")]
    Changed,
    /// It does not follow from the entry before.
    #[error("it does not follow from the entry before it")]
    Unlinked,
    /// The head row says there should be more entries, or fewer.
    #[error("the chain does not end where its head says")]
    OtherEnd,
    /// A head kept earlier is not in this chain.
    #[error("it is not the entry that was kept: the chain was cut off, or written anew")]
    NotAsKept,
}

/// Goes along a chain from its beginning.
pub(super) struct Walk<'a> {
    last: Head,
    kept: Option<&'a Head>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(kept: Option<&'a Head>) -> Self {
        Self {
            last: Head::of_nothing(),
            kept,
        }
    }

    /// The last entry found right.
    pub(super) fn seq(&self) -> i64 {
        self.last.seq
    }

    pub(super) fn step(&mut self, link: &Link) -> Result<(), Broken> {
        let next = self.last.seq + 1;
        let broken = |why| Err(Broken { seq: next, why });
        if link.seq != next {
            return broken(Why::Missing);
        }
        if link.digest != link.computed() {
            return broken(Why::Changed);
        }
        if link.prev != self.last.digest {
            return broken(Why::Unlinked);
        }
        self.last = Head {
            seq: link.seq,
            digest: link.digest.clone(),
        };
        match self.kept {
            Some(kept) if kept.seq == next && *kept != self.last => broken(Why::NotAsKept),
            _ => Ok(()),
        }
    }

    pub(super) fn end(self, head: &Head) -> Result<Verified, Broken> {
        let broken = |seq, why| Err(Broken { seq, why });
        if let Some(kept) = self.kept.filter(|kept| kept.seq > self.last.seq) {
            return broken(kept.seq, Why::NotAsKept);
        }
        if *head != self.last {
            return broken(head.seq.min(self.last.seq) + 1, Why::OtherEnd);
        }
        Ok(Verified {
            entries: self.last.seq,
            head: self.last,
        })
    }
}
