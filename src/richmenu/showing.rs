//! Who sees which menu. The names of the menus at LINE say whom they are for; whether a disaster is on
//! is the town's to decide.

use std::collections::{HashMap, HashSet};

use super::file::Audience;
use super::found::{Found, at_line, list};
use super::model::Name;
use super::variant::Variant;
use crate::language::Language;
use crate::line::client::{Client, Failure};
use crate::line::rich_menu::RichMenuId;
use crate::resident::{Letters, Resident};

/// What of a resident decides on their menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Agreed, and said where they live.
    pub registered: bool,
    /// Told of a child, born or to come.
    pub parent: bool,
    /// What they read.
    pub language: Language,
    /// How large.
    pub letters: Letters,
}

impl From<&Resident> for Viewer {
    fn from(resident: &Resident) -> Self {
        Self {
            registered: resident.is_registered(),
            parent: resident.children.as_ref().is_some_and(|c| !c.is_empty()),
            language: resident.language(),
            letters: resident.letters.unwrap_or_default(),
        }
    }
}

/// The menus LINE shows, by whom and in which variant.
#[derive(Debug, Clone, Default)]
pub(super) struct Showing {
    menus: HashMap<(Audience, String), RichMenuId>,
    /// Which menus' tabs one gets to from a menu.
    families: HashMap<RichMenuId, HashSet<RichMenuId>>,
    default: Option<RichMenuId>,
    disaster: bool,
}

impl Audience {
    /// Whose menu is shown by default, with a disaster or without.
    pub(super) fn in_front(disaster: bool) -> Self {
        match disaster {
            true => Self::Disaster,
            false => Self::Default,
        }
    }
}

impl Showing {
    /// Reads who is to see what from the names of our finished menus.
    pub(super) fn of(found: &Found) -> Self {
        let complete = found.ours().filter(|(menu, _)| found.is_complete(&menu.id));
        let menus = complete
            .filter_map(|(menu, name)| Some(((name.shown_to?, name.variant), menu.id.clone())))
            .collect();
        let families = found
            .menus
            .iter()
            .map(|menu| (menu.id.clone(), family(found, &menu.id)))
            .collect();
        Self {
            menus,
            families,
            default: found.default.clone(),
            disaster: found.disaster,
        }
    }

    /// Asks LINE. Where none of our menus is, nothing more is asked, and nobody's menu is touched.
    pub(super) async fn read(line: &Client, disaster: bool) -> Result<Self, Failure> {
        let menus = list(line).await?;
        if menus.iter().all(|menu| Name::read(&menu.name).is_none()) {
            return Ok(Self::default());
        }
        let mut found = at_line(line, menus).await?;
        found.disaster = disaster;
        Ok(Self::of(&found))
    }

    /// Whether no menu of ours is there to be shown.
    pub(super) fn is_empty(&self) -> bool {
        self.menus.is_empty()
    }

    /// The menu of one's own that somebody needs; `None` when the default is theirs.
    pub(super) fn menu_for(&self, viewer: Viewer) -> Option<&RichMenuId> {
        self.meant_for(viewer)
            .filter(|menu| self.default.as_ref() != Some(*menu))
    }

    /// Whether somebody who has `linked` sees what is meant for them, or a tab of it.
    pub(super) fn suits(&self, linked: Option<&RichMenuId>, viewer: Viewer) -> bool {
        match (linked, self.meant_for(viewer)) {
            (None, _) => self.menu_for(viewer).is_none(),
            (Some(_), None) => false,
            (Some(linked), Some(meant)) => self
                .families
                .get(meant)
                .is_some_and(|family| family.contains(linked)),
        }
    }

    fn meant_for(&self, viewer: Viewer) -> Option<&RichMenuId> {
        let audiences: &[Audience] = match (self.disaster, viewer.registered, viewer.parent) {
            (true, ..) => &[Audience::Disaster],
            (_, true, true) => &[Audience::Parents, Audience::Registered, Audience::Default],
            (_, true, false) => &[Audience::Registered, Audience::Default],
            (_, false, _) => &[Audience::Default],
        };
        let variant = Variant {
            language: viewer.language,
            letters: viewer.letters,
        };
        audiences
            .iter()
            .find_map(|audience| self.nearest(*audience, variant))
    }

    /// What is shown by default, with a disaster or without.
    pub(super) fn in_front(&self, disaster: bool) -> Option<&RichMenuId> {
        let usual = Variant::usual(Language::japanese());
        self.nearest(Audience::in_front(disaster), usual)
    }

    /// Whether LINE shows that by default, if there is such a menu.
    pub(super) fn is_in_front(&self, disaster: bool) -> bool {
        let menu = self.in_front(disaster);
        menu.is_none() || menu == self.default.as_ref()
    }

    /// The menu for an audience in a variant, or in what stands in for that.
    fn nearest(&self, audience: Audience, variant: Variant) -> Option<&RichMenuId> {
        let mut variants = variant.or_nearest().into_iter();
        variants.find_map(|variant| self.menus.get(&(audience, variant.code())))
    }
}

/// A menu and all that its tabs lead to.
fn family(found: &Found, menu: &RichMenuId) -> HashSet<RichMenuId> {
    let mut family = HashSet::from([menu.clone()]);
    let mut to_visit = vec![menu];
    while let Some(id) = to_visit.pop() {
        let menu = found.menus.iter().find(|menu| menu.id == *id);
        let aliases = menu
            .map(|menu| menu.leads_to.as_slice())
            .unwrap_or_default();
        for next in aliases.iter().filter_map(|alias| found.aliases.get(alias)) {
            if family.insert(next.clone()) {
                to_visit.push(next);
            }
        }
    }
    family
}
