//! `rich-menus/`: a folder a menu, and the icons they share.

use std::collections::BTreeMap;
use std::path::Path;

use super::variant::LARGE;
use crate::language::Language;
use crate::table::{Finding, Source};

/// The files of `rich-menus/`.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// What stands inside each icon's `<svg>`, by name.
    pub(super) icons: BTreeMap<String, String>,
    pub(super) menus: BTreeMap<String, MenuFolder>,
}

/// One menu's files.
#[derive(Debug, Clone)]
pub(super) struct MenuFolder {
    pub(super) yaml: Source,
    /// Finished pictures by variant: `image.png` is the Japanese one, `image.en.png` the English,
    /// `image.en.large.png` the English in large letters.
    pub(super) pictures: BTreeMap<String, Source>,
}

impl Folder {
    /// Reads a folder of the disk.
    ///
    /// # Errors
    /// It cannot be read, or see [`Folder::of`].
    pub fn open(folder: &Path) -> Result<Self, Vec<Finding>> {
        Self::of(read(folder)?)
    }

    /// Sorts files by what they are, from their paths inside the folder, like `living/menu.yaml`.
    /// What is neither a menu's nor an icon is left alone.
    ///
    /// # Errors
    /// A finding for each icon that is no SVG, and when there is no menu at all.
    pub fn of(files: impl IntoIterator<Item = (String, Source)>) -> Result<Self, Vec<Finding>> {
        let mut folder = Self::default();
        let mut findings = Vec::new();
        let mut pictures: BTreeMap<String, BTreeMap<String, Source>> = BTreeMap::new();
        for (path, source) in files {
            let Some((place, file)) = path.split_once('/') else {
                continue;
            };
            if let ("icons", Some(name)) = (place, file.strip_suffix(".svg")) {
                match inside_svg(&source) {
                    Some(lines) => drop(folder.icons.insert(name.to_owned(), lines)),
                    None => findings.push(source.finding(
                        1,
                        None,
                        "the icon is no SVG of one <svg> element, 24 wide and high",
                    )),
                }
            } else if file == "menu.yaml" {
                let menu = MenuFolder {
                    yaml: source,
                    pictures: BTreeMap::new(),
                };
                folder.menus.insert(place.to_owned(), menu);
            } else if let Some(variant) = variant_of_picture(file) {
                let pictures = pictures.entry(place.to_owned()).or_default();
                pictures.insert(variant, source);
            }
        }
        for (place, pictures) in pictures {
            if let Some(menu) = folder.menus.get_mut(&place) {
                menu.pictures = pictures;
            }
        }
        if folder.menus.is_empty() {
            findings.push(Source::new("rich-menus", Vec::new()).finding(
                1,
                None,
                "there is no <name>/menu.yaml in it",
            ));
        }
        if findings.is_empty() {
            Ok(folder)
        } else {
            Err(findings)
        }
    }
}

/// Every file two levels down, with its path inside the folder.
///
/// # Errors
/// The folder, or a file of it, cannot be read.
pub fn read(folder: &Path) -> Result<Vec<(String, Source)>, Vec<Finding>> {
    let walk = || -> std::io::Result<Vec<(String, Source)>> {
        let mut files = Vec::new();
        for place in std::fs::read_dir(folder)? {
            let place = place?.path();
            if !place.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&place)? {
                let file = file?.path();
                let inside = file.strip_prefix(folder).unwrap_or(&file);
                let inside = inside.to_string_lossy().replace('\\', "/");
                if file.is_file() && !inside.starts_with("fonts/") {
                    let name = file.display().to_string();
                    files.push((inside, Source::new(name, std::fs::read(&file)?)));
                }
            }
        }
        Ok(files)
    };
    walk().map_err(|error| {
        let folder = Source::new(folder.display().to_string(), Vec::new());
        vec![folder.finding(
            1,
            None,
            format!("cannot be read: {error}; name it with --menus"),
        )]
    })
}

/// The code of the variant a picture is for.
fn variant_of_picture(file: &str) -> Option<String> {
    let stem = file.strip_prefix("image")?;
    let stem = stem.strip_suffix(".png").or(stem.strip_suffix(".jpg"))?;
    let mut parts = stem.split('.').skip(1).peekable();
    let language = parts.next_if(|part| *part != LARGE);
    let mut code = language.unwrap_or(Language::japanese().code()).to_owned();
    if parts.next_if_eq(&LARGE).is_some() {
        code = format!("{code}+{LARGE}");
    }
    (stem.is_empty() || stem.starts_with('.'))
        .then_some(code)
        .filter(|_| parts.next().is_none())
}

fn inside_svg(source: &Source) -> Option<String> {
    let text = source.text().ok()?;
    let (_, rest) = text.split_once("<svg")?;
    let (_, rest) = rest.split_once('>')?;
    let (inside, _) = rest.rsplit_once("</svg>")?;
    Some(inside.trim().to_owned())
}
