//! From files to the menus LINE should have, with every fault found at once and its line.

mod area;
mod desk;
mod picture;
mod texts;

use std::collections::BTreeMap;
use std::panic::resume_unwind;

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

/// The menus that `folder` describes, in every variant, with their pictures painted; `is_postback` knows
/// what a button may carry.
///
/// # Errors
/// Every fault, with file and line. Nothing half right is returned.
pub fn desired(
    profile: &Profile,
    folder: &Folder,
    is_postback: impl Fn(&Profile, &str) -> bool,
) -> Result<Vec<Menu>, Vec<Finding>> {
    let files = files(folder)?;
    let menus = of_files(profile, folder, &files, &is_postback)?;
    let findings = paint(&files, &menus);
    match findings.is_empty() {
        true => Ok(menus),
        false => Err(findings),
    }
}

/// The same, in a hundredth of the time: a picture is painted when it is asked for. Where many are only
/// listed, that is enough.
///
/// # Errors
/// See [`desired`]; only that a drawing cannot be painted, or is too large for LINE, is not found out.
pub fn described(
    profile: &Profile,
    folder: &Folder,
    is_postback: impl Fn(&Profile, &str) -> bool,
) -> Result<Vec<Menu>, Vec<Finding>> {
    of_files(profile, folder, &files(folder)?, &is_postback)
}

/// The files as they are written, by folder.
type Files<'a> = BTreeMap<&'a str, (&'a MenuFolder, File)>;

fn files(folder: &Folder) -> Result<Files<'_>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut files = BTreeMap::new();
    for (name, menu) in &folder.menus {
        match read(menu) {
            Ok(file) => drop(files.insert(name.as_str(), (menu, file))),
            Err(finding) => findings.push(finding),
        }
    }
    match findings.is_empty() {
        true => Ok(files),
        false => Err(findings),
    }
}

fn of_files(
    profile: &Profile,
    folder: &Folder,
    files: &Files<'_>,
    is_postback: &dyn Fn(&Profile, &str) -> bool,
) -> Result<Vec<Menu>, Vec<Finding>> {
    let mut findings = Vec::new();
    let town = Town {
        profile,
        folder,
        files,
        is_postback,
    };
    let mut menus = Vec::new();
    for (name, (menu, file)) in files {
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

/// Paints every menu, which keeps its picture, and says which of them LINE would not take.
fn paint(files: &Files<'_>, menus: &[Menu]) -> Vec<Finding> {
    let fault = |menu: &Menu| {
        let reason = menu.picture().err()?;
        let (folder, file) = files.get(menu.folder.as_str())?;
        let reason = format!("{}: {reason}; use simpler icons", menu.variant.code());
        Some(at(folder, file.size.referenced, reason))
    };
    // Each takes some tenths of a second of pure computing.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = menus.len().div_ceil(cores).max(1);
    let mut findings: Vec<Finding> = std::thread::scope(|scope| {
        let painters: Vec<_> = menus
            .chunks(share)
            .map(|menus| scope.spawn(move || menus.iter().filter_map(fault).collect::<Vec<_>>()))
            .collect();
        painters
            .into_iter()
            .flat_map(|painter| painter.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    findings.sort();
    findings
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
    files: &'a Files<'a>,
    is_postback: &'a dyn Fn(&Profile, &str) -> bool,
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

    /// An alias leads to one menu, in whatever variants.
    fn check_aliases(&self, findings: &mut Vec<Finding>) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (name, (menu, file)) in self.files {
            let written = file.alias.as_ref();
            let alias = written.map_or(*name, |alias| &alias.value);
            for variant in Variant::all().filter(|variant| menu.has(*variant)) {
                let alias = variant.of_alias(alias);
                let Some(other) = seen.insert(alias.clone(), name) else {
                    continue;
                };
                let location = written.map_or(file.name.referenced, |alias| alias.referenced);
                let reason = format!(
                    "alias `{alias}` ({}) is `{other}`'s already; name another",
                    variant.code()
                );
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
