//! One menu's file: what stands in it, and where its cells and tabs lie.

use std::collections::BTreeMap;

use serde_saphyr::{Location, Spanned};

use super::{Town, at};
use crate::language::Language;
use crate::line::rich_menu::{AliasId, Bounds, MAX_AREAS};
use crate::resident::Letters;
use crate::richmenu::drawing::{DRAWN_WIDTH, strip_height};
use crate::richmenu::file::{Cell, File, Tapped, text_in};
use crate::richmenu::folder::MenuFolder;
use crate::richmenu::grid;
use crate::richmenu::model::{Content, Menu};
use crate::richmenu::tap::is_name;
use crate::richmenu::variant::Variant;
use crate::table::Finding;

/// One menu, being checked.
pub(super) struct Desk<'a, 'f> {
    pub(super) town: &'a Town<'a>,
    pub(super) name: &'a str,
    pub(super) menu: &'a MenuFolder,
    pub(super) file: &'a File,
    pub(super) findings: &'f mut Vec<Finding>,
}

impl<'a> Desk<'a, '_> {
    pub(super) fn fault(&mut self, location: Location, reason: impl Into<String>) {
        self.findings.push(at(self.menu, location, reason));
    }

    /// Checks what does not depend on the language; says whether the rest can be looked at.
    pub(super) fn check(&mut self) -> bool {
        let before = self.findings.len();
        let file = self.file;
        if let Err(error) = file.size.value.check() {
            self.fault(file.size.referenced, error.to_string());
        } else if self.menu.pictures.is_empty() && file.size.value.width != DRAWN_WIDTH {
            let reason =
                format!("a menu without a picture is drawn {DRAWN_WIDTH} wide; write that");
            self.fault(file.size.referenced, reason);
        }
        self.check_texts();
        if !is_name(self.name) {
            // The name is the folder's: no line of the file is wrong.
            self.fault(
                Location::UNKNOWN,
                "the folder's name must be 1 to 20 of a-z, 0-9 and -",
            );
        }
        if file.name.value.trim().is_empty() {
            self.fault(
                file.name.referenced,
                "`name` is empty; staff know the menu by it",
            );
        }
        for (name, cell) in &file.cells.value {
            if !is_name(name) {
                let reason = format!("the cell's name `{name}` must be 1 to 20 of a-z, 0-9 and -");
                self.fault(cell.referenced, reason);
            }
            let in_rows = file
                .rows(Letters::Usual)
                .iter()
                .flatten()
                .any(|n| n == name);
            if in_rows == cell.value.at.is_some() {
                let reason =
                    format!("`{name}` must stand either in `rows` or `at` a place of its own");
                self.fault(cell.referenced, reason);
            }
        }
        for letters in [Letters::Usual, Letters::Large] {
            let named = file.rows(letters).iter().flatten();
            for name in named.filter(|n| *n != "." && !file.cells.value.contains_key(*n)) {
                self.fault(file.rows_at(letters), format!("there is no cell `{name}`"));
            }
        }
        if let Some(large) = file
            .large
            .as_ref()
            .filter(|_| !self.menu.pictures.is_empty())
        {
            let reason = "`large` is drawn; beside a finished picture, put image.large.png";
            self.fault(large.rows.referenced, reason);
        }
        if let Some(title) = &file.title {
            if !self.menu.pictures.is_empty() {
                let reason = "`title` is drawn; on a finished picture, draw it yourself";
                self.fault(title.referenced, reason);
            }
            if !file.tabs.is_empty() {
                let reason = "a menu with `tabs` is named by its open tab; leave out `title`";
                self.fault(title.referenced, reason);
            }
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

    pub(super) fn menu_in(&mut self, variant: Variant) -> Option<Menu> {
        let before = self.findings.len();
        let file = self.file;
        let cells = self.placed(variant.letters);
        let tabs = self.tabs(variant.letters);
        self.check_places(variant.letters, &cells, &tabs);
        let mut areas = Vec::new();
        let mut names = Vec::new();
        let own = self.name;
        for (name, bounds) in tabs.iter().filter(|(name, _)| *name != own) {
            let spoken = self.tab_label(name, variant.language);
            let location = self.tab_location(name);
            areas.extend(self.switch(variant, location, name, name, spoken, *bounds));
            names.push((*name).to_owned());
        }
        for (name, cell, bounds) in &cells {
            areas.extend(self.area(variant, name, cell, *bounds));
            if !matches!(cell.value.action.value, Tapped::Open(_)) {
                names.push((*name).to_owned());
            }
        }
        let picture = self.picture(variant, &cells, &tabs);
        let alias = self.alias(variant);
        if self.findings.len() > before {
            return None;
        }
        let content = Content {
            folder: self.name.to_owned(),
            title: file.name.value.clone(),
            variant,
            alias: alias?,
            shown_to: file.shown_to.as_ref().map(|audience| audience.value),
            chat_bar: text_in(&file.chat_bar, variant.language).to_owned(),
            size: file.size.value,
            areas,
            cells: names,
            picture: picture?,
        };
        Menu::new(content)
            .map_err(|error| self.fault(file.chat_bar.referenced, error.to_string()))
            .ok()
    }

    fn alias(&mut self, variant: Variant) -> Option<AliasId> {
        let written = self.file.alias.as_ref();
        let location = written.map_or(self.file.name.referenced, |alias| alias.referenced);
        self.town
            .alias(self.name, variant)?
            .map_err(|error| self.fault(location, error.to_string()))
            .ok()
    }

    /// The cells and where they lie, from the top left on, as a screen reader should name them.
    fn placed(&mut self, letters: Letters) -> Vec<(&'a str, &'a Spanned<Cell>, Bounds)> {
        let file = self.file;
        let top = self.strip_height(letters);
        let in_rows = match file.rows(letters) {
            [] => BTreeMap::new(),
            rows => grid::place(rows, file.size.value, top).unwrap_or_else(|reason| {
                self.fault(file.rows_at(letters), reason);
                BTreeMap::new()
            }),
        };
        let mut placed: Vec<_> = file
            .cells
            .value
            .iter()
            .filter_map(|(name, cell)| {
                let bounds = cell.value.at.or_else(|| in_rows.get(name).copied())?;
                Some((name.as_str(), cell, bounds))
            })
            .collect();
        placed.sort_by_key(|(_, _, bounds)| (bounds.y, bounds.x));
        placed
    }

    fn tabs(&mut self, letters: Letters) -> Vec<(&'a str, Bounds)> {
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
                height: self.strip_height(letters),
            };
            tabs.push((tab.value.as_str(), bounds));
        }
        tabs
    }

    fn strip_height(&self, letters: Letters) -> u32 {
        let file = self.file;
        strip_height(letters, !file.tabs.is_empty(), file.title.is_some())
    }

    pub(super) fn tab_label(&self, menu: &str, language: Language) -> &'a str {
        let known = self.town.files.get(menu);
        known
            .and_then(|(_, file)| file.tab.as_ref())
            .map_or("", |tab| text_in(&tab.label, language))
    }

    fn tab_location(&self, menu: &str) -> Location {
        let tabs = &self.file.tabs;
        tabs.iter()
            .find(|tab| tab.value == menu)
            .map_or(self.file.name.referenced, |tab| tab.referenced)
    }

    fn check_places(
        &mut self,
        letters: Letters,
        cells: &[(&str, &Spanned<Cell>, Bounds)],
        tabs: &[(&str, Bounds)],
    ) {
        let size = self.file.size.value;
        if cells.len() + tabs.len() > MAX_AREAS + usize::from(!tabs.is_empty()) {
            let reason = format!("more than {MAX_AREAS} areas; LINE takes no more");
            self.fault(self.file.rows_at(letters), reason);
        }
        let title = self.file.title.is_some().then(|| Bounds {
            x: 0,
            y: 0,
            width: size.width,
            height: self.strip_height(letters),
        });
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
            let title = title.iter().map(|place| ("title", place));
            let over = others
                .chain(tabs)
                .chain(title)
                .find(|(_, place)| overlap(bounds, place));
            if let Some((other, _)) = over {
                self.fault(cell.referenced, format!("`{name}` overlaps `{other}`"));
            }
        }
    }
}

fn overlap(a: &Bounds, b: &Bounds) -> bool {
    let apart =
        |start: u32, length: u32, other: u32| u64::from(start) + u64::from(length) <= other.into();
    !(apart(a.x, a.width, b.x)
        || apart(b.x, b.width, a.x)
        || apart(a.y, a.height, b.y)
        || apart(b.y, b.height, a.y))
}
