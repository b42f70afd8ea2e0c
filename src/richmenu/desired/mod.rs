//! From files to the menus LINE should have, with every fault found at once and its line.

mod area;
mod desk;
mod picture;

use std::collections::BTreeMap;

use serde_saphyr::Location;

use self::desk::Desk;
use super::file::{Audience, File};
use super::folder::{Folder, MenuFolder};
use super::model::Menu;
use super::variant::Variant;
use crate::line::message::MessageError;
use crate::line::rich_menu::AliasId;
use crate::policy::Profile;
use crate::table::Finding;

/// The menus that `folder` describes, in every variant; `is_postback` knows what a button may carry.
///
/// # Errors
/// Every fault, with file and line. Nothing half right is returned.
pub fn desired(
    profile: &Profile,
    folder: &Folder,
    is_postback: impl Fn(&str) -> bool,
) -> Result<Vec<Menu>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut files = BTreeMap::new();
    for (name, menu) in &folder.menus {
        match read(menu) {
            Ok(file) => drop(files.insert(name.as_str(), (menu, file))),
            Err(finding) => findings.push(finding),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let town = Town {
        profile,
        folder,
        files: &files,
        is_postback: &is_postback,
    };
    let mut menus = Vec::new();
    for (name, (menu, file)) in &files {
        let mut desk = Desk {
            town: &town,
            name,
            menu,
            file,
            findings: &mut findings,
        };
        if desk.check() {
            for variant in Variant::all().filter(|variant| menu.has(*variant)) {
                menus.extend(desk.menu_in(variant));
            }
        }
    }
    town.check_audiences(&mut findings);
    town.check_aliases(&mut findings);
    findings.sort();
    // A fault of a menu shows in each of its variants.
    findings.dedup();
    if findings.is_empty() {
        Ok(menus)
    } else {
        Err(findings)
    }
}

fn read(menu: &MenuFolder) -> Result<File, Finding> {
    let text = menu.yaml.text()?;
    serde_saphyr::from_str(&text).map_err(|error| {
        let location = error.location().unwrap_or(Location::UNKNOWN);
        let reason = error.without_snippet().to_string();
        let reason = reason.lines().next().unwrap_or_default();
        at(menu, location, reason)
    })
}

fn at(menu: &MenuFolder, location: Location, reason: impl Into<String>) -> Finding {
    let column = usize::try_from(location.column()).ok().filter(|c| *c > 0);
    menu.yaml.finding(location.line().max(1), column, reason)
}

struct Town<'a> {
    profile: &'a Profile,
    folder: &'a Folder,
    files: &'a BTreeMap<&'a str, (&'a MenuFolder, File)>,
    is_postback: &'a dyn Fn(&str) -> bool,
}

impl Town<'_> {
    /// Each audience has one menu at most, and everybody else has one at all.
    fn check_audiences(&self, findings: &mut Vec<Finding>) {
        let mut seen: BTreeMap<Audience, &str> = BTreeMap::new();
        for (name, (menu, file)) in self.files {
            let Some(audience) = &file.shown_to else {
                continue;
            };
            if let Some(other) = seen.insert(audience.value, name) {
                let reason = format!("`shown_to` is the same as in `{other}`; one menu for each");
                findings.push(at(menu, audience.referenced, reason));
            }
        }
        if !seen.contains_key(&Audience::Default)
            && let Some((menu, file)) = self.files.values().next()
        {
            let place = file.shown_to.as_ref().map(|audience| audience.referenced);
            let reason = "no menu is `shown_to: default`; one must be, or newcomers see none";
            findings.push(at(menu, place.unwrap_or(file.name.referenced), reason));
        }
    }

    /// An alias leads to one menu.
    fn check_aliases(&self, findings: &mut Vec<Finding>) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, (menu, file)) in self.files {
            let written = file.alias.as_ref();
            let alias = written.map_or(*name, |alias| &alias.value);
            if let Some(other) = seen.insert(alias, name) {
                let location = written.map_or(file.name.referenced, |alias| alias.referenced);
                let reason = format!("alias `{alias}` is `{other}`'s already; name another");
                findings.push(at(menu, location, reason));
            }
        }
    }

    /// A menu's alias in a variant: as written, or the folder's name, and what the variant adds. A menu
    /// that has no such variant is switched to in usual letters.
    fn alias(&self, menu: &str, variant: Variant) -> Option<Result<AliasId, MessageError>> {
        let (folder, file) = self.files.get(menu)?;
        let alias = file.alias.as_ref().map_or(menu, |alias| &alias.value);
        let variant = match folder.has(variant) {
            true => variant,
            false => Variant::usual(variant.language),
        };
        Some(AliasId::parse(&variant.of_alias(alias)))
    }
}

impl MenuFolder {
    /// Whether the menu has this variant: a drawing has all, a finished picture needs one of its own to
    /// be seen in large letters.
    fn has(&self, variant: Variant) -> bool {
        let own = self.pictures.contains_key(&variant.code());
        self.pictures.is_empty() || !variant.is_large() || own
    }
}
