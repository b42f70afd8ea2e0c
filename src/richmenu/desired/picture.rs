//! A menu's picture: drawn from its file, or finished by a designer.

use std::io::Cursor;

use serde_saphyr::{Location, Spanned};

use super::at;
use super::desk::Desk;
use crate::language::Language;
use crate::line::client::MenuImage;
use crate::line::rich_menu::Bounds;
use crate::resident::Letters;
use crate::richmenu::drawing::{Drawing, DrawnCell, DrawnTab, Place, Unreadable};
use crate::richmenu::file::{Cell, drawn_in, text_in};
use crate::richmenu::folder::MenuFolder;
use crate::richmenu::model::Picture;
use crate::richmenu::palette::Colour;
use crate::richmenu::variant::Variant;

/// The accent of a menu that names none.
const ACCENT: &str = "#0F5F6B";

impl<'a> Desk<'a, '_> {
    pub(super) fn picture(
        &mut self,
        variant: Variant,
        cells: &[(&'a str, &'a Spanned<Cell>, Bounds)],
        tabs: &[(&'a str, Bounds)],
    ) -> Option<Picture> {
        if !self.menu.pictures.is_empty() {
            return self.finished(variant);
        }
        let written = self.file.colour.as_ref();
        let accent = written.map_or(ACCENT, |colour| &colour.value);
        let place = written.map_or(self.file.name.referenced, |colour| colour.referenced);
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
                label: drawn_in(&cell.value.label, cell.value.large.as_ref(), variant)
                    .0
                    .lines()
                    .collect(),
                // Large letters leave no room for what is said beside.
                note: match (variant.letters, &cell.value.note) {
                    (Letters::Usual, Some(note)) => Some(text_in(note, variant.language)),
                    _ => None,
                },
                icon: icon.and_then(|icon| self.icon(icon)),
                style: cell.value.style,
            });
        }
        let mut drawn_tabs = Vec::new();
        for (name, bounds) in tabs {
            let tab = self.town.files.get(name)?.1.tab.as_ref()?;
            drawn_tabs.push(DrawnTab {
                name,
                bounds: *bounds,
                label: drawn_in(&tab.label, tab.large.as_ref(), variant).0,
                icon: self.icon(&tab.icon)?,
                open: *name == self.name,
            });
        }
        let drawing = Drawing {
            size: self.file.size.value,
            letters: variant.letters,
            accent,
            tabs: drawn_tabs,
            cells: drawn_cells,
        };
        match drawing.svg() {
            Ok(svg) => Some(Picture::Drawn(svg)),
            Err(faults) => {
                for fault in faults {
                    let (menu, location) = self.origin(&fault, variant, place);
                    let reason = format!("{}: {fault}", variant.code());
                    self.findings.push(at(menu, location, reason));
                }
                None
            }
        }
    }

    /// The file and the place of what cannot be read: a tab's label stands in the file it leads to.
    fn origin(
        &self,
        fault: &Unreadable,
        variant: Variant,
        colour: Location,
    ) -> (&'a MenuFolder, Location) {
        let (Unreadable::TooLong { place, .. } | Unreadable::NoGlyph { place, .. }) = fault else {
            return (self.menu, colour);
        };
        let written = match place {
            Place::Cell(name) => self.file.cells.value.get(name).map(|cell| {
                let cell = &cell.value;
                let (_, label) = drawn_in(&cell.label, cell.large.as_ref(), variant);
                (self.menu, label)
            }),
            Place::Note(name) => self.file.cells.value.get(name).and_then(|cell| {
                let note = cell.value.note.as_ref()?;
                Some((self.menu, note.referenced))
            }),
            Place::Tab(name) => self.town.files.get(name.as_str()).and_then(|(menu, file)| {
                let tab = file.tab.as_ref()?;
                Some((*menu, drawn_in(&tab.label, tab.large.as_ref(), variant).1))
            }),
        };
        written.unwrap_or((self.menu, self.file.cells.referenced))
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
    fn finished(&mut self, variant: Variant) -> Option<Picture> {
        let pictures = &self.menu.pictures;
        let source = pictures
            .get(&variant.code())
            .or_else(|| pictures.get(Language::japanese().code()));
        let Some(source) = source else {
            self.fault(
                self.file.size.referenced,
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
