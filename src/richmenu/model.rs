//! What a menu is once its file has been read.

use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::drawing::{self, NotPainted};
use super::file::Audience;
use super::variant::Variant;
use crate::line::client::MenuImage;
use crate::line::message::MessageError;
use crate::line::rich_menu::{AliasId, Area, RichMenu, Size};
use crate::text::hex;

/// What all names begin with that we give menus at LINE; others are not ours to touch.
const OURS: &str = "kairan";
/// Stands in a name where nobody sees the menu without switching to it.
const TABS_ONLY: &str = "tab";

/// A menu as it should be at LINE, in one variant.
#[derive(Debug, Clone)]
pub struct Menu {
    /// Its folder.
    pub folder: String,
    /// What staff call it.
    pub title: String,
    /// The language of its texts, and their size.
    pub variant: Variant,
    /// By what other menus switch to it. LINE gives one only to a menu that has its picture, so it also
    /// shows that a menu is complete.
    pub alias: AliasId,
    /// Who sees it without having switched to it.
    pub shown_to: Option<Audience>,
    /// As LINE takes it.
    pub object: RichMenu,
    /// Its name at LINE.
    pub name: Name,
    /// The cells and tabs whose taps come back to us.
    pub cells: Vec<String>,
    picture: Picture,
}

/// The name by which we know our menus again at LINE: `kairan:<folder>:<variant>:<shown to>:<digest>`.
/// Since a menu at LINE never changes, one with this name has this content; and who is to see it can be
/// read there, without the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The menu's folder.
    pub folder: String,
    /// Its [`Variant`]'s code.
    pub variant: String,
    /// Who sees it without having switched to it.
    pub shown_to: Option<Audience>,
    digest: String,
}

/// Where the picture comes from.
#[derive(Debug, Clone)]
pub(super) enum Picture {
    /// An SVG of ours, and what it was painted as, once it was.
    Drawn(String, Arc<OnceLock<Vec<u8>>>),
    /// A finished PNG or JPEG.
    Finished(Vec<u8>),
}

impl Name {
    /// Reads a name at LINE; a menu with any other is not ours.
    pub fn read(name: &str) -> Option<Self> {
        let mut parts = name.split(':');
        let (ours, folder, variant) = (parts.next()?, parts.next()?, parts.next()?);
        let (shown_to, digest) = (parts.next()?, parts.next()?);
        (ours == OURS && parts.next().is_none()).then(|| Self {
            folder: folder.to_owned(),
            variant: variant.to_owned(),
            shown_to: Audience::ALL.into_iter().find(|a| a.as_str() == shown_to),
            digest: digest.to_owned(),
        })
    }

    /// What of the content is in the name: another content, another digest.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether both name versions of one menu in one variant.
    pub fn is_version_of(&self, other: &Self) -> bool {
        self.folder == other.folder && self.variant == other.variant
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            folder,
            variant,
            shown_to,
            digest,
        } = self;
        let shown_to = shown_to.map_or(TABS_ONLY, Audience::as_str);
        write!(f, "{OURS}:{folder}:{variant}:{shown_to}:{digest}")
    }
}

impl Picture {
    pub(super) fn drawn(svg: String) -> Self {
        Self::Drawn(svg, Arc::default())
    }
}

/// What the file says of a menu, before it has its name.
pub(super) struct Content {
    pub(super) folder: String,
    pub(super) title: String,
    pub(super) variant: Variant,
    pub(super) alias: AliasId,
    pub(super) shown_to: Option<Audience>,
    pub(super) chat_bar: String,
    pub(super) size: Size,
    pub(super) areas: Vec<Area>,
    pub(super) cells: Vec<String>,
    pub(super) picture: Picture,
}

impl Menu {
    /// # Errors
    /// What exceeds LINE's limits.
    pub(super) fn new(content: Content) -> Result<Self, MessageError> {
        let object = |name: String| {
            RichMenu::new(
                name,
                content.chat_bar.clone(),
                true,
                content.size,
                content.areas.clone(),
            )
        };
        let mut digest = Sha256::new();
        let nameless = object(OURS.to_owned())?;
        digest.update(serde_json::to_vec(&nameless).unwrap_or_default());
        digest.update(match &content.picture {
            Picture::Drawn(svg, _) => svg.as_bytes(),
            Picture::Finished(bytes) => bytes,
        });
        let name = Name {
            folder: content.folder.clone(),
            variant: content.variant.code(),
            shown_to: content.shown_to,
            digest: hex(&digest.finalize()[..8]),
        };
        Ok(Self {
            object: object(name.to_string())?,
            folder: content.folder,
            title: content.title,
            variant: content.variant,
            cells: content.cells,
            alias: content.alias,
            shown_to: content.shown_to,
            name,
            picture: content.picture,
        })
    }

    /// The picture: as it was finished, or painted before, or painted now (some tenths of a second of work).
    ///
    /// # Errors
    /// See [`NoPicture`].
    pub fn picture(&self) -> Result<MenuImage, NoPicture> {
        Ok(MenuImage::new(self.picture_bytes()?)?)
    }

    /// The picture as a PNG or JPEG.
    ///
    /// # Errors
    /// It could not be painted.
    pub fn picture_bytes(&self) -> Result<Vec<u8>, NotPainted> {
        match &self.picture {
            Picture::Drawn(svg, painted) => match painted.get() {
                Some(bytes) => Ok(bytes.clone()),
                None => {
                    let bytes = drawing::png(svg)?;
                    Ok(painted.get_or_init(|| bytes).clone())
                }
            },
            Picture::Finished(bytes) => Ok(bytes.clone()),
        }
    }

    /// The picture as a page shows it: a drawing smaller than LINE takes it, a finished one as it is.
    ///
    /// # Errors
    /// It could not be painted.
    pub fn small_picture(&self) -> Result<Vec<u8>, NotPainted> {
        match &self.picture {
            Picture::Drawn(svg, _) => drawing::small_png(svg),
            Picture::Finished(bytes) => Ok(bytes.clone()),
        }
    }
}

/// Why a menu has no picture.
#[derive(Debug, thiserror::Error)]
pub enum NoPicture {
    /// It could not be painted.
    #[error(transparent)]
    NotPainted(#[from] NotPainted),
    /// LINE would not take it.
    #[error(transparent)]
    Limits(#[from] MessageError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_ours() {
        let name = Name::read("kairan:living:ja:registered:0123");
        assert_eq!(
            name.map(|n| n.to_string()).as_deref(),
            Some("kairan:living:ja:registered:0123")
        );
        for name in ["", "夏まつり", "kairan:living:ja:tab", "kairan:a:b:c:d:e"] {
            assert_eq!(Name::read(name), None, "{name}");
        }
    }
}
