//! A menu's picture: drawn from its file, or finished by a designer.

use std::io::Cursor;

use serde_saphyr::{Location, Spanned};

use super::desk::Desk;
use crate::language::Language;
use crate::line::client::MenuImage;
use crate::line::rich_menu::Bounds;
use crate::richmenu::drawing::{Drawing, DrawnCell, DrawnTab, Unreadable};
use crate::richmenu::file::{Cell, text_in};
use crate::richmenu::model::Picture;
use crate::richmenu::palette::Colour;

/// The accent of a menu that names none.
const ACCENT: &str = "#0F5F6B";

impl<'a> Desk<'a, '_> {
    pub(super) fn picture(
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
