//! A picture's rights, and whether they are enough.

use chrono::NaiveDate;
use thiserror::Error;

use super::picture::Format;
use crate::clock::Instant;
use crate::ids::{MediaId, PersonId};
use crate::policy::{ImageProof, Images};

/// Most characters of a name, and of each word about rights.
const MAX_NAME: usize = 100;
const MAX_WORDS: usize = 500;

/// A picture that is kept, with what shows that it may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its id, and its public address's.
    pub id: MediaId,
    /// Lower-case hexadecimal SHA-256 of its bytes.
    pub digest: String,
    /// What the bytes are.
    pub format: Format,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How it is called, and why it may be used.
    pub entitled: Entitled,
    /// When it was kept.
    pub kept_at: Instant,
}

/// How a picture is called, and why it may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entitled {
    /// By what staff find it.
    pub name: String,
    /// Why it may be used.
    pub rights: Rights,
}

/// What shows that a picture may be used. The policy says which of it is demanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// What it has to do with what it stands beside.
    pub relation: Option<String>,
    /// Whose it is; printed with it.
    pub holder: Option<String>,
    /// What shows that it may be used: a contract, a letter, a page with terms.
    pub evidence: Option<String>,
    /// Who checked that.
    pub checker: Option<PersonId>,
    /// When they did.
    pub checked_on: Option<NaiveDate>,
    /// The last day on which it may be used.
    pub expires_on: Option<NaiveDate>,
    /// Whether others may pass it on, as content under an open-data licence is.
    pub open: bool,
}

/// Something a policy demands about a picture and that nobody has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking(pub ImageProof);

/// The picture may not be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the picture could be used until {0}")]
pub struct Expired(pub NaiveDate);

/// Why what was said of a picture cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidRights {
    /// Nobody would find it.
    #[error("a picture's name has 1 to {MAX_NAME} characters")]
    Name,
    /// Too long to be read.
    #[error("what is said of a picture's rights has at most {MAX_WORDS} characters each")]
    Long,
    /// It was checked on a day that is still to come.
    #[error("a picture is checked before it is kept, not on {0}")]
    CheckedLater(NaiveDate),
    /// It may not be used even now.
    #[error("the picture could be used until {0}")]
    Over(NaiveDate),
}

impl Media {
    /// Whether it may be used on `date`.
    ///
    /// # Errors
    /// The last day was before.
    pub fn usable_on(&self, date: NaiveDate) -> Result<(), Expired> {
        match self.entitled.rights.expires_on {
            Some(last) if last < date => Err(Expired(last)),
            _ => Ok(()),
        }
    }
}

impl Rights {
    /// The first thing the policy demands that is not given.
    pub fn lack(&self, policy: &Images) -> Option<Lacking> {
        let given = |words: &Option<String>| words.as_ref().is_some_and(|w| !w.trim().is_empty());
        let lacks = |proof: &ImageProof| match proof {
            ImageProof::Relation => !given(&self.relation),
            ImageProof::Holder => !given(&self.holder),
            ImageProof::Evidence => !given(&self.evidence),
            ImageProof::Checker => self.checker.is_none(),
            ImageProof::Date => self.checked_on.is_none(),
            ImageProof::Expiry => self.expires_on.is_none(),
        };
        policy.require.iter().copied().find(lacks).map(Lacking)
    }
}

impl Entitled {
    /// Whether this can be, as of `today`.
    pub(super) fn check(&self, today: NaiveDate) -> Result<(), InvalidRights> {
        let length = |words: &str| words.chars().count();
        if self.name.trim().is_empty() || length(&self.name) > MAX_NAME {
            return Err(InvalidRights::Name);
        }
        let rights = &self.rights;
        let words = [&rights.relation, &rights.holder, &rights.evidence];
        if words.into_iter().flatten().any(|w| length(w) > MAX_WORDS) {
            return Err(InvalidRights::Long);
        }
        if let Some(later) = rights.checked_on.filter(|on| today < *on) {
            return Err(InvalidRights::CheckedLater(later));
        }
        match rights.expires_on.filter(|last| *last < today) {
            Some(last) => Err(InvalidRights::Over(last)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Rights {
        Rights {
            relation: Some("健診の会場".into()),
            holder: Some("汐見市".into()),
            evidence: Some("職員が撮影".into()),
            checker: Some(PersonId(uuid::Uuid::nil())),
            checked_on: NaiveDate::from_ymd_opt(2026, 11, 20),
            expires_on: NaiveDate::from_ymd_opt(2027, 3, 31),
            open: false,
        }
    }

    #[test]
    fn each_proof_that_is_demanded_is_missed_and_no_other() {
        type Forget = fn(&mut Rights);
        let proofs: [(ImageProof, Forget); 6] = [
            (ImageProof::Relation, |r| r.relation = Some(" ".into())),
            (ImageProof::Holder, |r| r.holder = None),
            (ImageProof::Evidence, |r| r.evidence = Some(String::new())),
            (ImageProof::Checker, |r| r.checker = None),
            (ImageProof::Date, |r| r.checked_on = None),
            (ImageProof::Expiry, |r| r.expires_on = None),
        ];
        for (proof, forget) in proofs {
            let mut rights = all();
            forget(&mut rights);
            for (demanded, _) in proofs {
                let policy = Images {
                    require: vec![demanded],
                    clause: None,
                };
                let lacks = (demanded == proof).then_some(Lacking(proof));
                assert_eq!(rights.lack(&policy), lacks, "{proof:?} of {demanded:?}");
                assert_eq!(all().lack(&policy), None);
            }
        }
    }
}
