//! What to do at LINE so that it has the menus files describe; pure, so that it can be shown first.
//!
//! A menu and its picture are immutable at LINE, so a changed menu is a new one. The order leaves nobody
//! without a menu at any point: the new menu with its picture, then the alias, the default and the links
//! of people who have the old one, then the old one goes. Each step is safe to find done already, so a
//! run that was cut off is continued by planning anew.

use std::collections::{BTreeSet, HashMap};

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
    /// Why there is nothing to be done, although there is something to do.
    pub conflicts: Vec<Conflict>,
    /// Other people than before are to see a menu.
    pub(super) is_new_rule: bool,
    /// All that is desired.
    pub(super) desired: &'a [Menu],
    /// LINE's ids of our menus that are there.
    pub(super) ids: HashMap<Name, RichMenuId>,
}

/// Files and what is there do not go together; somebody has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// An alias is in use.
    Taken {
        /// Which.
        alias: String,
        /// By which menu.
        name: String,
    },
    /// Nobody without a menu of their own would see one.
    NothingInFront(Audience),
}

/// Why a menu goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A newer version has taken its place.
    Replaced,
    /// No file describes it any more.
    NotDescribed,
    /// It was made twice, since the answer to an earlier call was lost.
    Twice,
    /// Something else made it, and it is to go.
    Foreign,
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
        /// Why.
        why: Why,
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
    /// Why it goes.
    pub why: Why,
}

/// Compares what should be with what is.
pub fn plan<'a>(desired: &'a [Menu], found: &Found, foreign: Foreign) -> Plan<'a> {
    let mut plan = Plan {
        steps: Vec::new(),
        is_partial: false,
        more_at: None,
        left: match foreign {
            Foreign::Leave => found.foreign().map(|menu| menu.name.clone()).collect(),
            Foreign::Remove => Vec::new(),
        },
        conflicts: Vec::new(),
        is_new_rule: rules(desired) != rules_at_line(found),
        desired,
        ids: ids(found),
    };
    plan.conflicts = plan.conflicts_with(found, foreign);
    if !plan.conflicts.is_empty() {
        return plan;
    }
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
    /// What is to be shown by default, with a disaster or without.
    pub(super) fn in_front(&self, disaster: bool) -> Option<&'a Menu> {
        let usual = Variant::usual(Language::japanese());
        let audience = Audience::in_front(disaster);
        let mut shown = self.desired.iter().filter(|m| m.shown_to == Some(audience));
        shown.find(|menu| menu.variant == usual)
    }

    fn conflicts_with(&self, found: &Found, foreign: Foreign) -> Vec<Conflict> {
        let taken = self.desired.iter().filter_map(|menu| {
            let alias = menu.alias.as_str();
            let name = found.taken(alias).filter(|_| foreign == Foreign::Leave)?;
            Some(Conflict::Taken {
                alias: alias.to_owned(),
                name: name.to_owned(),
            })
        });
        let mut conflicts: Vec<Conflict> = taken.collect();
        // The menu that is in front would go, and nothing come in its place.
        if self.in_front(found.disaster).is_none() && found.default.is_some() {
            conflicts.push(Conflict::NothingInFront(Audience::in_front(found.disaster)));
        }
        conflicts
    }

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
                    self.more_at = found.allowance.more_at(Scarce::Create);
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

    /// What is in front.
    fn show(&mut self, found: &Found) {
        // While a disaster lasts, its menu stays in front, whatever the files say.
        if let Some(menu) = self.in_front(found.disaster)
            && (found.default.is_none() || self.ids.get(&menu.name) != found.default.as_ref())
        {
            self.steps.push(Step::SetDefault(menu));
        }
    }

    /// What is old, once nobody has it any more.
    fn remove(&mut self, found: &Found, foreign: Foreign) {
        let mut old = self.old(found, foreign);
        let going = |id: &RichMenuId| {
            let ours = found.ours().any(|(menu, _)| menu.id == *id);
            ours || old.iter().any(|old| old.from == *id)
        };
        let aliases = found.aliases.iter().filter(|(alias, id)| {
            let desired = self.desired.iter().any(|m| m.alias.as_str() == *alias);
            !desired && going(id)
        });
        let mut dropped: Vec<AliasId> = aliases
            .filter_map(|(alias, _)| AliasId::parse(alias).ok())
            .collect();
        let left = |scarce| found.allowance.left(scarce);
        let at_once = match left(Scarce::Batch) {
            0 => 0,
            _ => left(Scarce::Delete),
        };
        for (scarce, is_short) in [
            (Scarce::DropAlias, dropped.len() > left(Scarce::DropAlias)),
            (Scarce::Delete, old.len() > left(Scarce::Delete)),
            (Scarce::Batch, !old.is_empty() && left(Scarce::Batch) == 0),
        ] {
            if is_short {
                self.is_partial = true;
                self.more_at = self.more_at.max(found.allowance.more_at(scarce));
            }
        }
        dropped.truncate(left(Scarce::DropAlias));
        old.truncate(at_once);
        // A menu without an alias is shown to nobody any more.
        self.steps.extend(dropped.into_iter().map(Step::DropAlias));
        // Whoever has a menu without a successor gets what is meant for them, not what newcomers see.
        let is_lost = old.iter().any(|old| old.to.is_none());
        if self.is_new_rule || found.is_relinking || is_lost {
            self.steps.push(Step::LinkEverybody);
        }
        let deleted: Vec<Step<'a>> = old
            .iter()
            .map(|old| Step::Delete {
                id: old.from.clone(),
                name: old.name.clone(),
                why: old.why,
            })
            .collect();
        if !old.is_empty() {
            self.steps.push(Step::Relink(old));
        }
        self.steps.extend(deleted);
    }

    fn old(&self, found: &Found, foreign: Foreign) -> Vec<Succession<'a>> {
        let ours = found.ours().filter_map(|(menu, name)| {
            let described = self.desired.iter().any(|menu| menu.name == name);
            if described && self.ids.get(&name) == Some(&menu.id) {
                return None;
            }
            let to = self.desired.iter().find(|d| d.name.is_version_of(&name));
            let why = match (described, to) {
                (true, _) => Why::Twice,
                (false, Some(_)) => Why::Replaced,
                (false, None) => Why::NotDescribed,
            };
            Some((menu, to, why))
        });
        let foreign = found.foreign().filter(|_| foreign == Foreign::Remove);
        let foreign = foreign.map(|menu| (menu, None, Why::Foreign));
        let old = ours.chain(foreign).map(|(menu, to, why)| Succession {
            from: menu.id.clone(),
            name: menu.name.clone(),
            to,
            why,
        });
        old.collect()
    }
}
