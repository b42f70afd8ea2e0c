//! Drafts that begin with the wording of an emergency, in working hours: whether they still say what the template says.

use super::content::Manuscript;
use super::model::Broadcast;
use crate::approval::{Digest, Undigestible};

/// The template whose words a draft began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The template's code.
    pub template: String,
    /// The digest of the words, as the template put them.
    pub words: Digest,
}

/// With what a draft begins.
pub(super) enum Begun<'a> {
    /// With nothing.
    Blank,
    /// With the words of this template.
    Template(&'a str),
    /// With what another says.
    Copy(&'a Broadcast),
}

impl Begun<'_> {
    pub(super) fn copied(&self) -> Option<&Broadcast> {
        match self {
            Self::Copy(from) => Some(from),
            Self::Blank | Self::Template(_) => None,
        }
    }

    pub(super) fn wording(&self, manuscript: &Manuscript) -> Result<Option<Wording>, Undigestible> {
        Ok(match self {
            Self::Blank => None,
            Self::Template(code) => Some(Wording {
                template: (*code).to_owned(),
                words: Digest::of(&manuscript.blocks)?,
            }),
            Self::Copy(from) => from.head.wording.clone(),
        })
    }
}

impl Broadcast {
    /// Whether it says word for word what the template says with which it began; nothing, if it began with none.
    pub fn keeps_wording(&self) -> Option<bool> {
        let wording = self.head.wording.as_ref()?;
        let now = Digest::of(&self.manuscript.blocks).ok();
        Some(now.as_ref() == Some(&wording.words))
    }
}
