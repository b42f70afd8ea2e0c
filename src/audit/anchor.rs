//! A head that leaves the machine, with its time and a code that nobody makes without the data key: whoever owns the
//! database can neither take it back nor write another.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use thiserror::Error;

use super::chain::Head;
use crate::clock::Instant;
use crate::seal::Seal;

/// What the code is for.
const PURPOSE: &str = "kairan-audit-anchor/1";

/// The head of the chain at a time, vouched for by this installation. Prints, and is read, as `SEQ:DIGEST/TIME/CODE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    head: Head,
    at: Instant,
    code: String,
}

/// What was kept elsewhere to be compared with: a head as somebody wrote it down, or an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Believed as it is.
    Head(Head),
    /// Believed if its code is ours.
    Anchor(Anchor),
}

/// Why a text is nothing that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is neither a head (SEQ:DIGEST) nor an anchor (SEQ:DIGEST/TIME/CODE): give it as it was printed"
)]
pub struct InvalidKept(String);

/// An anchor that nobody with our key made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "this anchor was not made with a key of this installation: it is forged, altered, or older than a key that was taken out of the key file"
)]
pub struct Forged;

impl Anchor {
    /// Vouches for `head` at `now`, to the second.
    pub fn of(seal: &Seal, now: Instant, head: Head) -> Self {
        let at = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let mut anchor = Self {
            head,
            at,
            code: String::new(),
        };
        anchor.code = seal.sign(PURPOSE, &anchor.said());
        anchor
    }

    /// The newest entry, as it was.
    pub fn seq(&self) -> i64 {
        self.head.seq
    }

    /// What the code is over.
    fn said(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{}/{at}", self.head)
    }
}

impl Kept {
    /// The head to compare with. An anchor's only once its code is found to be ours.
    ///
    /// # Errors
    /// It is not.
    pub fn head(&self, seal: &Seal) -> Result<&Head, Forged> {
        match self {
            Self::Head(head) => Ok(head),
            Self::Anchor(anchor) if seal.is_signed(PURPOSE, &anchor.said(), &anchor.code) => {
                Ok(&anchor.head)
            }
            Self::Anchor(_) => Err(Forged),
        }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.said(), self.code)
    }
}

impl FromStr for Kept {
    type Err = InvalidKept;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidKept(text.to_owned());
        let mut parts = text.trim().splitn(3, '/');
        let head = parts.next().unwrap_or_default();
        let head: Head = head.parse().map_err(|_| invalid())?;
        match (parts.next(), parts.next()) {
            (None, _) => Ok(Self::Head(head)),
            (Some(at), Some(code)) => {
                let at = DateTime::parse_from_rfc3339(at).map_err(|_| invalid())?;
                Ok(Self::Anchor(Anchor {
                    head,
                    at: at.with_timezone(&Utc),
                    code: code.to_owned(),
                }))
            }
            (Some(_), None) => Err(invalid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_believed_as_it_was_made_and_no_other() {
        let make = || Seal::generate().unwrap_or_else(|e| panic!("{e}"));
        let (seal, other) = (make(), make());
        let read = |text: &str| text.parse::<Kept>().unwrap_or_else(|e| panic!("{e}"));
        let head = Head {
            seq: 12,
            digest: "ab".repeat(32),
        };
        let now = "2026-11-24T00:25:00.123456Z".parse().unwrap_or_default();
        let anchor = Anchor::of(&seal, now, head.clone()).to_string();
        assert!(anchor.contains("/2026-11-24T00:25:00Z/"), "{anchor}");
        assert_eq!(read(&format!(" {anchor}\n")).head(&seal), Ok(&head));
        for (of, with) in [("12:", "11:"), ("ab/", "ac/"), ("T00:25", "T00:26")] {
            let altered = anchor.replacen(of, with, 1);
            assert_eq!(read(&altered).head(&seal), Err(Forged), "{altered}");
        }
        assert_eq!(read(&anchor).head(&other), Err(Forged));
        assert_eq!(read(&head.to_string()).head(&seal), Ok(&head));
        for wrong in ["", "12", &format!("{head}/"), &format!("{head}/now/x")] {
            assert!(wrong.parse::<Kept>().is_err(), "{wrong}");
        }
    }
}
