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
const ACCENT: Colour = Colour::of(0x0F, 0x5F, 0x6B);

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
        let accent = match &self.file.colour {
            Some(colour) => self.colour(colour)?,
            None => ACCENT,
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
                accent: match &cell.value.colour {
                    Some(colour) => self.colour(colour)?,
                    None => accent,
                },
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
            title: (self.file.title.as_ref()).map(|title| text_in(title, variant.language)),
            tabs: drawn_tabs,
            cells: drawn_cells,
        };
        match drawing.svg() {
            Ok(svg) => Some(Picture::drawn(svg)),
            Err(faults) => {
                for fault in faults {
                    let (menu, location) = match &fault {
                        Unreadable::Pale { place, .. } => (self.menu, self.origin_of_colour(place)),
                        _ => self.origin(fault.place(), variant),
                    };
                    let reason = format!("{}: {fault}", variant.code());
                    self.findings.push(at(menu, location, reason));
                }
                None
            }
        }
    }

    /// The file and the place of what cannot be read: a tab's label stands in the file it leads to.
    fn origin(&self, place: &Place, variant: Variant) -> (&'a MenuFolder, Location) {
        let written = match place {
            Place::Title => {
                let title = self.file.title.as_ref();
                title.map(|title| (self.menu, title.referenced))
            }
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

    /// Where the colour stands that something is drawn in: the cell's own, or the menu's.
    fn origin_of_colour(&self, place: &Place) -> Location {
        let own = match place {
            Place::Cell(name) | Place::Note(name) => {
                let cell = self.file.cells.value.get(name);
                cell.and_then(|cell| cell.value.colour.as_ref())
            }
            Place::Title | Place::Tab(_) => None,
        };
        own.or(self.file.colour.as_ref())
            .map_or(self.file.name.referenced, |colour| colour.referenced)
    }

    fn colour(&mut self, written: &Spanned<String>) -> Option<Colour> {
        let colour = Colour::parse(&written.value);
        if colour.is_none() {
            let reason = format!("`{}` is no colour; write #rrggbb", written.value);
            self.fault(written.referenced, reason);
        }
        colour
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
