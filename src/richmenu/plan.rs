//! What to do at LINE so that it has the menus files describe; pure, so that it can be shown first.
//!
//! A menu and its picture are immutable at LINE, so a changed menu is a new one. The order leaves nobody
//! without a menu at any point: the new menu with its picture, then the alias, the default and the links
//! of people who have the old one, then the old one goes. Each step is safe to find done already, so a
//! run that was cut off is continued by planning anew.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::file::Audience;
use super::model::{Menu, Name};
use crate::language::Language;
use crate::line::rich_menu::{AliasId, RichMenuId};

/// Most menus made, and most deleted, in an hour (LINE's rate limits).
const AN_HOUR: usize = 100;

/// What LINE has.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// All menus, with their names.
    pub menus: Vec<(RichMenuId, String)>,
    /// The menu behind each alias. LINE points an alias only at a menu that has its picture.
    pub aliases: BTreeMap<String, RichMenuId>,
    /// What people see who have no menu of their own.
    pub default: Option<RichMenuId>,
}

impl Found {
    /// Our menus, with what their names say.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&RichMenuId, Name)> {
        self.menus
            .iter()
            .filter_map(|(id, name)| Some((id, Name::read(name)?)))
    }

    /// Whether the disaster menu is in front: LINE's default menu is where that is written down.
    pub fn shows_disaster(&self) -> bool {
        self.ours().any(|(id, name)| {
            name.shown_to == Some(Audience::Disaster) && self.default.as_ref() == Some(id)
        })
    }
}

/// What to do, in order.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Nothing to do when empty.
    pub steps: Vec<Step<'a>>,
    /// More than an hour allows: plan again in an hour.
    pub is_partial: bool,
    /// LINE's ids of our menus that are there.
    pub(super) ids: HashMap<Name, RichMenuId>,
}

/// One call to LINE.
#[derive(Debug)]
pub enum Step<'a> {
    /// Make a menu.
    Create {
        /// Which.
        menu: &'a Menu,
        /// It takes the place of an earlier version.
        replaces: bool,
    },
    /// Give a menu its picture.
    Upload {
        /// Which.
        menu: &'a Menu,
        /// The menu was there before this plan, perhaps with its picture.
        resumed: bool,
    },
    /// Make an alias, or point it at another menu.
    PointAlias {
        /// At which menu.
        menu: &'a Menu,
        /// The alias is there and points elsewhere.
        moves: bool,
    },
    /// Show a menu to everybody without one of their own.
    SetDefault(&'a Menu),
    /// Give everybody who has an old menu its successor, or none.
    Relink(Vec<Succession<'a>>),
    /// Forget an alias.
    DropAlias(AliasId),
    /// Remove a menu.
    Delete {
        /// LINE's id of it.
        id: RichMenuId,
        /// Ours.
        name: Name,
    },
}

/// An old menu and what takes its place.
#[derive(Debug)]
pub struct Succession<'a> {
    /// The old one's id.
    pub from: RichMenuId,
    /// Its name.
    pub name: Name,
    /// The new one, if files still describe one.
    pub to: Option<&'a Menu>,
}

/// Compares what should be with what is. Menus that are not ours are neither counted nor touched.
pub fn plan<'a>(desired: &'a [Menu], found: &Found) -> Plan<'a> {
    let ours: Vec<(&RichMenuId, Name)> = found.ours().collect();
    let mut ids: HashMap<Name, RichMenuId> = HashMap::new();
    for (id, name) in &ours {
        // Of twins (an answer that was lost), the one with an alias is the finished one.
        let finished = found.aliases.values().any(|pointed| pointed == *id);
        if finished || !ids.contains_key(name) {
            ids.insert(name.clone(), (*id).clone());
        }
    }
    let mut steps = Vec::new();
    let missing = desired.iter().filter(|menu| !ids.contains_key(&menu.name));
    let mut is_partial = missing.count() > AN_HOUR;
    let mut to_create = AN_HOUR;
    for menu in desired {
        let pointed = found.aliases.get(menu.alias.as_str());
        let id = ids.get(&menu.name);
        if id.is_some() && id == pointed {
            continue;
        }
        if id.is_none() {
            if to_create == 0 {
                continue;
            }
            to_create -= 1;
            let replaces = ours.iter().any(|(_, name)| name.is_version_of(&menu.name));
            steps.push(Step::Create { menu, replaces });
        }
        let resumed = id.is_some();
        steps.push(Step::Upload { menu, resumed });
        let moves = pointed.is_some();
        steps.push(Step::PointAlias { menu, moves });
    }
    if is_partial {
        // What is new is not complete: nothing old goes yet.
        return Plan {
            steps,
            is_partial,
            ids,
        };
    }
    // While a disaster lasts, its menu stays in front, whatever the files say.
    let audience = if found.shows_disaster() {
        Audience::Disaster
    } else {
        Audience::Default
    };
    let default = desired
        .iter()
        .find(|menu| menu.shown_to == Some(audience) && menu.language == Language::japanese());
    if let Some(menu) = default
        && (found.default.is_none() || ids.get(&menu.name) != found.default.as_ref())
    {
        steps.push(Step::SetDefault(menu));
    }
    let mut old: Vec<Succession<'a>> = ours
        .into_iter()
        .filter(|(id, name)| {
            let kept = desired.iter().any(|menu| menu.name == *name);
            !kept || ids.get(name) != Some(*id)
        })
        .map(|(id, name)| Succession {
            from: id.clone(),
            to: desired.iter().find(|menu| menu.name.is_version_of(&name)),
            name,
        })
        .collect();
    is_partial = old.len() > AN_HOUR;
    old.truncate(AN_HOUR);
    let aliases = found.aliases.iter().filter(|(alias, id)| {
        old.iter().any(|old| old.from == **id)
            && !desired.iter().any(|menu| menu.alias.as_str() == *alias)
    });
    let dropped: Vec<Step<'a>> = aliases
        .filter_map(|(alias, _)| AliasId::parse(alias).ok().map(Step::DropAlias))
        .collect();
    let deleted: Vec<Step<'a>> = old
        .iter()
        .map(|old| Step::Delete {
            id: old.from.clone(),
            name: old.name.clone(),
        })
        .collect();
    if !old.is_empty() {
        steps.push(Step::Relink(old));
    }
    steps.extend(dropped);
    steps.extend(deleted);
    Plan {
        steps,
        is_partial,
        ids,
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { menu, replaces } => {
                let why = if *replaces {
                    "its files have changed"
                } else {
                    "LINE has none"
                };
                write!(f, "create {}: {why}", menu.name)
            }
            Self::Upload { menu, resumed } => {
                let why = if *resumed {
                    "nothing shows that it arrived"
                } else {
                    "a menu is shown only with one"
                };
                write!(f, "upload the picture of {}: {why}", menu.name)
            }
            Self::PointAlias { menu, moves } => {
                let why = if *moves {
                    "it points elsewhere"
                } else {
                    "LINE has none"
                };
                write!(
                    f,
                    "point alias {} at {}: {why}",
                    menu.alias.as_str(),
                    menu.name
                )
            }
            Self::SetDefault(menu) => {
                write!(f, "show {} by default: another is, or none", menu.name)
            }
            Self::Relink(successions) => {
                f.write_str("relink whoever has")?;
                for (n, Succession { name, to, .. }) in successions.iter().enumerate() {
                    let comma = if n > 0 { "," } else { "" };
                    match to {
                        Some(to) => write!(f, "{comma} {name} to {}", to.name)?,
                        None => write!(f, "{comma} {name} to the default")?,
                    }
                }
                f.write_str(": the old ones go")
            }
            Self::DropAlias(alias) => {
                write!(f, "drop alias {}: its menu goes", alias.as_str())
            }
            Self::Delete { name, .. } => write!(f, "delete {name}: no file describes it any more"),
        }
    }
}
