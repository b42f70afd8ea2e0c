//! What to do at LINE so that it has the menus files describe; pure, so that it can be shown first.
//!
//! A menu and its picture are immutable at LINE, so a changed menu is a new one. The order leaves nobody
//! without a menu at any point: the new menu with its picture, then the alias, the default and the links
//! of people who have the old one, then the old one goes. Each step is safe to find done already, so a
//! run that was cut off is continued by planning anew.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::allowance::Scarce;
use super::file::Audience;
use super::found::Found;
use super::model::{Menu, Name};
use super::variant::Variant;
use crate::clock::Instant;
use crate::language::Language;
use crate::line::rich_menu::{AliasId, RichMenuId};

/// What becomes of menus that something else made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// They stay, and are named.
    Leave,
    /// They go, with their aliases.
    Remove,
}

/// What to do, in order.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Nothing to do when empty.
    pub steps: Vec<Step<'a>>,
    /// More than LINE takes in this hour: plan again in an hour.
    pub is_partial: bool,
    /// When there will be more of what earlier runs have used up.
    pub more_at: Option<Instant>,
    /// Menus that something else made and that stay, by their names at LINE.
    pub left: Vec<String>,
    /// Other people than before are to see a menu.
    pub(super) is_new_rule: bool,
    /// All that is desired.
    pub(super) desired: &'a [Menu],
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
    /// Give every resident the menu meant for them.
    LinkEverybody,
    /// Give everybody who has an old menu its successor, or none.
    Relink(Vec<Succession<'a>>),
    /// Forget an alias.
    DropAlias(AliasId),
    /// Remove a menu.
    Delete {
        /// LINE's id of it.
        id: RichMenuId,
        /// Its name there.
        name: String,
    },
}

/// An old menu and what takes its place.
#[derive(Debug)]
pub struct Succession<'a> {
    /// The old one's id.
    pub from: RichMenuId,
    /// Its name.
    pub name: String,
    /// The new one, if files still describe one.
    pub to: Option<&'a Menu>,
}

/// Compares what should be with what is.
pub fn plan<'a>(desired: &'a [Menu], found: &Found, foreign: Foreign) -> Plan<'a> {
    let mut plan = Plan {
        steps: Vec::new(),
        is_partial: false,
        more_at: found.allowance.more_at,
        left: match foreign {
            Foreign::Leave => found.foreign().map(|menu| menu.name.clone()).collect(),
            Foreign::Remove => Vec::new(),
        },
        is_new_rule: rules(desired) != rules_at_line(found),
        desired,
        ids: ids(found),
    };
    plan.make(found);
    if plan.is_partial {
        // What is new is not complete: nothing old goes yet.
        return plan;
    }
    plan.show(found);
    plan.remove(found, foreign);
    plan
}

/// Who is to see which menu.
type Rules = BTreeSet<(Audience, String, String)>;

fn rules(desired: &[Menu]) -> Rules {
    desired
        .iter()
        .filter_map(|menu| Some((menu.shown_to?, menu.variant.code(), menu.folder.clone())))
        .collect()
}

fn rules_at_line(found: &Found) -> Rules {
    found
        .ours()
        .filter(|(menu, _)| found.is_complete(&menu.id))
        .filter_map(|(_, name)| Some((name.shown_to?, name.variant, name.folder)))
        .collect()
}

fn ids(found: &Found) -> HashMap<Name, RichMenuId> {
    let mut ids: HashMap<Name, RichMenuId> = HashMap::new();
    for (menu, name) in found.ours() {
        // Two of one name: the answer to an earlier call was lost. The one with an alias is complete.
        if found.is_complete(&menu.id) || !ids.contains_key(&name) {
            ids.insert(name, menu.id.clone());
        }
    }
    ids
}

impl<'a> Plan<'a> {
    /// What is new, complete with picture and alias.
    fn make(&mut self, found: &Found) {
        let desired = self.desired;
        let mut to_create = found.allowance.left(Scarce::Create);
        for menu in desired {
            let pointed = found.aliases.get(menu.alias.as_str());
            let id = self.ids.get(&menu.name);
            if id.is_some() && id == pointed {
                continue;
            }
            let resumed = id.is_some();
            if !resumed {
                if to_create == 0 {
                    self.is_partial = true;
                    continue;
                }
                to_create -= 1;
                let replaces = found.ours().any(|(_, name)| name.is_version_of(&menu.name));
                self.steps.push(Step::Create { menu, replaces });
            }
            self.steps.push(Step::Upload { menu, resumed });
            let moves = pointed.is_some();
            self.steps.push(Step::PointAlias { menu, moves });
        }
    }

    /// What is in front, and who has a menu of their own.
    fn show(&mut self, found: &Found) {
        // While a disaster lasts, its menu stays in front, whatever the files say.
        let audience = if found.disaster {
            Audience::Disaster
        } else {
            Audience::Default
        };
        let usual = Variant::usual(Language::japanese());
        let mut shown = self.desired.iter().filter(|m| m.shown_to == Some(audience));
        if let Some(menu) = shown.find(|menu| menu.variant == usual)
            && (found.default.is_none() || self.ids.get(&menu.name) != found.default.as_ref())
        {
            self.steps.push(Step::SetDefault(menu));
        }
        if self.is_new_rule || found.is_relinking {
            self.steps.push(Step::LinkEverybody);
        }
    }

    /// What is old, once nobody has it any more.
    fn remove(&mut self, found: &Found, foreign: Foreign) {
        let mut old: Vec<Succession<'a>> = found
            .ours()
            .filter(|(menu, name)| {
                let kept = self.desired.iter().any(|menu| menu.name == *name);
                !kept || self.ids.get(name) != Some(&menu.id)
            })
            .map(|(menu, name)| Succession {
                from: menu.id.clone(),
                name: menu.name.clone(),
                to: self.desired.iter().find(|d| d.name.is_version_of(&name)),
            })
            .collect();
        if foreign == Foreign::Remove {
            old.extend(found.foreign().map(|menu| Succession {
                from: menu.id.clone(),
                name: menu.name.clone(),
                to: None,
            }));
        }
        let left = |scarce| found.allowance.left(scarce);
        let at_once = match left(Scarce::Batch) {
            0 => 0,
            _ => left(Scarce::Delete).min(left(Scarce::DropAlias)),
        };
        self.is_partial = old.len() > at_once;
        old.truncate(at_once);
        if old.is_empty() {
            return;
        }
        let aliases = found.aliases.iter().filter(|(alias, id)| {
            let desired = self.desired.iter().any(|m| m.alias.as_str() == *alias);
            !desired && old.iter().any(|old| old.from == **id)
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
        self.steps.push(Step::Relink(old));
        self.steps.extend(dropped);
        self.steps.extend(deleted);
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
            Self::LinkEverybody => {
                f.write_str("link every resident to the menu meant for them: who sees which is new")
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
