//! From files to the menus LINE should have, with every fault found at once and its line.

use std::collections::BTreeMap;
use std::io::Cursor;

use serde_saphyr::{Location, Spanned};

use super::drawing::{DRAWN_WIDTH, Drawing, DrawnCell, DrawnTab, TABS_HEIGHT, Unreadable};
use super::file::{Audience, Cell, File, Tapped, text_in};
use super::folder::{Folder, MenuFolder};
use super::model::{Content, Menu, Picture, Tap, is_name};
use super::palette::Colour;
use super::{grid, link};
use crate::language::Language;
use crate::line::client::MenuImage;
use crate::line::message::{Action, MAX_LABEL, MessageError};
use crate::line::rich_menu::{AliasId, Area, Bounds, MAX_AREAS};
use crate::line::text;
use crate::policy::Profile;
use crate::table::Finding;

/// The accent of a menu that names none.
const ACCENT: &str = "#0F5F6B";

/// The menus that `folder` describes, in every language; `is_postback` knows what a button may carry.
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
            for language in Language::all() {
                menus.extend(desk.menu_in(language));
            }
        }
    }
    town.check_audiences(&mut findings);
    town.check_aliases(&mut findings);
    findings.sort();
    // A fault of a menu shows in each of its languages.
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
            let Some(audience) = file.shown_to else {
                continue;
            };
            if let Some(other) = seen.insert(audience, name) {
                let reason = format!("`shown_to` is the same as in `{other}`; one menu for each");
                findings.push(at(menu, Location::UNKNOWN, reason));
            }
        }
        if !seen.contains_key(&Audience::Default)
            && let Some((menu, _)) = self.files.values().next()
        {
            let reason = "no menu is `shown_to: default`; one must be, or newcomers see none";
            findings.push(at(menu, Location::UNKNOWN, reason));
        }
    }

    /// An alias leads to one menu.
    fn check_aliases(&self, findings: &mut Vec<Finding>) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, (menu, file)) in self.files {
            let written = file.alias.as_ref();
            let alias = written.map_or(*name, |alias| &alias.value);
            if let Some(other) = seen.insert(alias, name) {
                let location = written.map_or(Location::UNKNOWN, |alias| alias.referenced);
                let reason = format!("alias `{alias}` is `{other}`'s already; name another");
                findings.push(at(menu, location, reason));
            }
        }
    }

    /// A menu's alias in a language: as written, or the folder's name; with the language unless Japanese.
    fn alias(&self, menu: &str, language: Language) -> Option<Result<AliasId, MessageError>> {
        let (_, file) = self.files.get(menu)?;
        let alias = file.alias.as_ref().map_or(menu, |alias| &alias.value);
        Some(if language == Language::japanese() {
            AliasId::parse(alias)
        } else {
            AliasId::parse(&format!("{alias}-{}", language.code().to_ascii_lowercase()))
        })
    }
}

/// One menu, being checked.
struct Desk<'a, 'f> {
    town: &'a Town<'a>,
    name: &'a str,
    menu: &'a MenuFolder,
    file: &'a File,
    findings: &'f mut Vec<Finding>,
}

impl<'a> Desk<'a, '_> {
    fn fault(&mut self, location: Location, reason: impl Into<String>) {
        self.findings.push(at(self.menu, location, reason));
    }

    /// Checks what does not depend on the language; says whether the rest can be looked at.
    fn check(&mut self) -> bool {
        let before = self.findings.len();
        let (file, top) = (self.file, Location::UNKNOWN);
        if let Err(error) = file.size.value.check() {
            self.fault(file.size.referenced, error.to_string());
        } else if self.menu.pictures.is_empty() && file.size.value.width != DRAWN_WIDTH {
            let reason =
                format!("a menu without a picture is drawn {DRAWN_WIDTH} wide; write that");
            self.fault(file.size.referenced, reason);
        }
        if !is_name(self.name) {
            self.fault(top, "the folder's name must be 1 to 20 of a-z, 0-9 and -");
        }
        if file.name.trim().is_empty() {
            self.fault(top, "`name` is empty; staff know the menu by it");
        }
        for (name, cell) in &file.cells {
            if !is_name(name) {
                let reason = format!("the cell's name `{name}` must be 1 to 20 of a-z, 0-9 and -");
                self.fault(cell.referenced, reason);
            }
            let in_rows = file.rows().iter().flatten().any(|n| n == name);
            if in_rows == cell.value.at.is_some() {
                let reason =
                    format!("`{name}` must stand either in `rows` or `at` a place of its own");
                self.fault(cell.referenced, reason);
            }
        }
        let unknown = file.rows().iter().flatten();
        for name in unknown.filter(|n| *n != "." && !file.cells.contains_key(*n)) {
            self.fault(file.rows_at(), format!("there is no cell `{name}`"));
        }
        if !file.tabs.is_empty() {
            if !self.menu.pictures.is_empty() {
                let reason = "tabs are drawn; on a finished picture, write cells that switch";
                self.fault(file.tabs[0].referenced, reason);
            }
            if !file.tabs.iter().any(|tab| tab.value == self.name) {
                let reason = format!("`{}` must be among its own `tabs`", self.name);
                self.fault(file.tabs[0].referenced, reason);
            }
        }
        self.findings.len() == before
    }

    fn menu_in(&mut self, language: Language) -> Option<Menu> {
        let before = self.findings.len();
        let file = self.file;
        let cells = self.placed();
        let tabs = self.tabs();
        self.check_places(&cells, &tabs);
        let mut areas = Vec::new();
        let own = self.name;
        for (name, bounds) in tabs.iter().filter(|(name, _)| *name != own) {
            let spoken = self.tab_label(name, language);
            let location = self.tab_location(name);
            areas.extend(self.switch(language, location, name, name, spoken, *bounds));
        }
        for (name, cell, bounds) in &cells {
            areas.extend(self.area(language, name, cell, *bounds));
        }
        let picture = self.picture(language, &cells, &tabs);
        let alias = self.alias(language);
        if self.findings.len() > before {
            return None;
        }
        let content = Content {
            folder: self.name.to_owned(),
            language,
            alias: alias?,
            shown_to: file.shown_to,
            chat_bar: text_in(&file.chat_bar, language).to_owned(),
            size: file.size.value,
            areas,
            picture: picture?,
        };
        Menu::new(content)
            .map_err(|error| self.fault(file.chat_bar.referenced, error.to_string()))
            .ok()
    }

    fn alias(&mut self, language: Language) -> Option<AliasId> {
        let written = self.file.alias.as_ref();
        let location = written.map_or(Location::UNKNOWN, |alias| alias.referenced);
        self.town
            .alias(self.name, language)?
            .map_err(|error| self.fault(location, error.to_string()))
            .ok()
    }

    /// The cells and where they lie, from the top left on, as a screen reader should name them.
    fn placed(&mut self) -> Vec<(&'a str, &'a Spanned<Cell>, Bounds)> {
        let (file, top) = (
            self.file,
            if self.file.tabs.is_empty() {
                0
            } else {
                TABS_HEIGHT
            },
        );
        let in_rows = match file.rows() {
            [] => BTreeMap::new(),
            rows => grid::place(rows, file.size.value, top).unwrap_or_else(|reason| {
                self.fault(file.rows_at(), reason);
                BTreeMap::new()
            }),
        };
        let mut placed: Vec<_> = file
            .cells
            .iter()
            .filter_map(|(name, cell)| {
                let bounds = cell.value.at.or_else(|| in_rows.get(name).copied())?;
                Some((name.as_str(), cell, bounds))
            })
            .collect();
        placed.sort_by_key(|(_, _, bounds)| (bounds.y, bounds.x));
        placed
    }

    fn tabs(&mut self) -> Vec<(&'a str, Bounds)> {
        let file = self.file;
        let Ok(count) = u32::try_from(file.tabs.len()) else {
            return Vec::new();
        };
        let mut tabs = Vec::new();
        for (n, tab) in (0..).zip(&file.tabs) {
            let known = self.town.files.get(tab.value.as_str());
            let has_tab = known.is_some_and(|(_, file)| file.tab.is_some());
            if !has_tab {
                let reason = format!("`{}` is no menu with a `tab`", tab.value);
                self.fault(tab.referenced, reason);
                continue;
            }
            let edge = |n: u32| file.size.value.width * n / count;
            let bounds = Bounds {
                x: edge(n),
                y: 0,
                width: edge(n + 1) - edge(n),
                height: TABS_HEIGHT,
            };
            tabs.push((tab.value.as_str(), bounds));
        }
        tabs
    }

    fn tab_label(&self, menu: &str, language: Language) -> &'a str {
        let known = self.town.files.get(menu);
        known
            .and_then(|(_, file)| file.tab.as_ref())
            .map_or("", |tab| text_in(&tab.label, language))
    }

    fn tab_location(&self, menu: &str) -> Location {
        let tabs = &self.file.tabs;
        tabs.iter()
            .find(|tab| tab.value == menu)
            .map_or(Location::UNKNOWN, |tab| tab.referenced)
    }

    fn check_places(&mut self, cells: &[(&str, &Spanned<Cell>, Bounds)], tabs: &[(&str, Bounds)]) {
        let size = self.file.size.value;
        if cells.len() + tabs.len() > MAX_AREAS + usize::from(!tabs.is_empty()) {
            let reason = format!("more than {MAX_AREAS} areas; LINE takes no more");
            self.fault(self.file.rows_at(), reason);
        }
        for (n, (name, cell, bounds)) in cells.iter().enumerate() {
            let ends = |start: u32, length: u32, whole: u32| {
                length > 0 && start.checked_add(length).is_some_and(|end| end <= whole)
            };
            if !ends(bounds.x, bounds.width, size.width)
                || !ends(bounds.y, bounds.height, size.height)
            {
                let reason = format!(
                    "`{name}` reaches out of the picture ({} × {})",
                    size.width, size.height
                );
                self.fault(cell.referenced, reason);
                continue;
            }
            let others = cells[..n].iter().map(|(other, _, place)| (*other, place));
            let tabs = tabs.iter().map(|(tab, place)| (*tab, place));
            let over = others.chain(tabs).find(|(_, place)| overlap(bounds, place));
            if let Some((other, _)) = over {
                self.fault(cell.referenced, format!("`{name}` overlaps `{other}`"));
            }
        }
    }

    fn switch(
        &mut self,
        language: Language,
        location: Location,
        cell: &str,
        to: &str,
        spoken: &str,
        bounds: Bounds,
    ) -> Option<Area> {
        let Some(Ok(alias)) = self.town.alias(to, language) else {
            self.fault(location, format!("there is no menu `{to}` to switch to"));
            return None;
        };
        let tap = Tap {
            menu: self.name,
            cell,
            data: None,
        };
        Action::rich_menu_switch(spoken, alias, tap.to_string())
            .map_err(|error| self.fault(location, error.to_string()))
            .ok()
            .map(|action| Area { bounds, action })
    }

    fn area(
        &mut self,
        language: Language,
        name: &str,
        cell: &Spanned<Cell>,
        bounds: Bounds,
    ) -> Option<Area> {
        let spoken = spoken(text_in(&cell.value.label, language));
        let given = text::length(&spoken);
        if given > MAX_LABEL {
            let reason =
                format!("`{spoken}` has {given} characters, LINE takes {MAX_LABEL} as label");
            self.fault(cell.value.label.referenced, reason);
            return None;
        }
        let place = cell.value.action.referenced;
        let made = match &cell.value.action.value {
            Tapped::Switch(to) => {
                return self.switch(language, place, name, to, &spoken, bounds);
            }
            Tapped::Postback(data) if !(self.town.is_postback)(data) => {
                Err(format!("`{data}` is nothing the conversation knows"))
            }
            Tapped::Postback(data) => {
                let tap = Tap {
                    menu: self.name,
                    cell: name,
                    data: Some(data),
                };
                Action::postback(&spoken, tap.to_string())
                    .and_then(|action| action.display_text(&spoken))
                    .map_err(|error| error.to_string())
            }
            Tapped::Open(uri) => link::resolve(uri, self.town.profile)
                .and_then(|uri| Action::uri(&spoken, uri).map_err(|error| error.to_string())),
        };
        made.map_err(|reason| self.fault(place, reason))
            .ok()
            .map(|action| Area { bounds, action })
    }

    fn picture(
        &mut self,
        language: Language,
        cells: &[(&'a str, &'a Spanned<Cell>, Bounds)],
        tabs: &[(&'a str, Bounds)],
    ) -> Option<Picture> {
        if !self.menu.pictures.is_empty() {
            return self.finished(language);
        }
        let written = self.file.colour.as_ref();
        let accent = written.map_or(ACCENT, |colour| &colour.value);
        let place = written.map_or(Location::UNKNOWN, |colour| colour.referenced);
        let Some(accent) = Colour::parse(accent) else {
            self.fault(place, format!("`{accent}` is no colour; write #rrggbb"));
            return None;
        };
        let mut drawn_cells = Vec::new();
        for (name, cell, bounds) in cells {
            let icon = cell.value.icon.as_ref();
            drawn_cells.push(DrawnCell {
                name,
                bounds: *bounds,
                label: text_in(&cell.value.label, language).lines().collect(),
                note: cell.value.note.as_ref().map(|n| text_in(n, language)),
                icon: icon.and_then(|icon| self.icon(icon)),
                style: cell.value.style,
            });
        }
        let mut drawn_tabs = Vec::new();
        for (name, bounds) in tabs {
            let tab = self.town.files.get(name)?.1.tab.as_ref()?;
            drawn_tabs.push(DrawnTab {
                bounds: *bounds,
                label: text_in(&tab.label, language),
                icon: self.icon(&tab.icon)?,
                open: *name == self.name,
            });
        }
        let drawing = Drawing {
            size: self.file.size.value,
            accent,
            tabs: drawn_tabs,
            cells: drawn_cells,
        };
        match drawing.svg() {
            Ok(svg) => Some(Picture::Drawn(svg)),
            Err(faults) => {
                for fault in faults {
                    let location = match &fault {
                        Unreadable::Pale { .. } => place,
                        Unreadable::TooLong { cell, .. } | Unreadable::NoGlyph { cell, .. } => {
                            let cell = self.file.cells.get(cell);
                            cell.map_or(Location::UNKNOWN, |c| c.value.label.referenced)
                        }
                    };
                    self.fault(location, format!("{}: {fault}", language.code()));
                }
                None
            }
        }
    }

    fn icon(&mut self, name: &Spanned<String>) -> Option<&'a str> {
        let icon = self.town.folder.icons.get(&name.value);
        if icon.is_none() {
            let known: Vec<&str> = self.town.folder.icons.keys().map(String::as_str).collect();
            let reason = format!("no icon `{}`; there are {}", name.value, known.join(", "));
            self.fault(name.referenced, reason);
        }
        icon.map(String::as_str)
    }

    /// A finished picture must be one that LINE takes, and as large as the menu.
    fn finished(&mut self, language: Language) -> Option<Picture> {
        let pictures = &self.menu.pictures;
        let source = pictures
            .get(language.code())
            .or_else(|| pictures.get(Language::japanese().code()));
        let Some(source) = source else {
            self.fault(
                Location::UNKNOWN,
                "the Japanese picture, image.png, is missing",
            );
            return None;
        };
        let size = self.file.size.value;
        let fault = match MenuImage::new(source.bytes.clone()) {
            Err(error) => Some(error.to_string()),
            Ok(_) => match image::ImageReader::new(Cursor::new(&source.bytes))
                .with_guessed_format()
                .map_err(image::ImageError::from)
                .and_then(image::ImageReader::into_dimensions)
            {
                Err(error) => Some(format!("the picture cannot be read: {error}")),
                Ok((width, height)) if (width, height) != (size.width, size.height) => {
                    Some(format!(
                        "the picture is {width} × {height}; menu.yaml says {} × {}",
                        size.width, size.height
                    ))
                }
                Ok(_) => None,
            },
        };
        if let Some(reason) = fault {
            self.findings.push(source.finding(1, None, reason));
            return None;
        }
        Some(Picture::Finished(source.bytes.clone()))
    }
}

/// A label in one line: letters of Latin words need a space where the drawing breaks, kanji none.
fn spoken(label: &str) -> String {
    let mut lines = label.lines();
    let mut spoken = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        if spoken.ends_with(|c: char| c.is_ascii()) {
            spoken.push(' ');
        }
        spoken.push_str(line);
    }
    spoken
}

fn overlap(a: &Bounds, b: &Bounds) -> bool {
    let apart =
        |start: u32, length: u32, other: u32| u64::from(start) + u64::from(length) <= other.into();
    !(apart(a.x, a.width, b.x)
        || apart(b.x, b.width, a.x)
        || apart(a.y, a.height, b.y)
        || apart(b.y, b.height, a.y))
}
