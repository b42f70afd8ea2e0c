//! `rich-menus/`: a folder a menu, and the icons they share.

use std::collections::BTreeMap;
use std::path::Path;

use super::drawing::check_icon;
use super::variant::{LARGE, Variant};
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
    /// What is neither a menu's nor an icon, nor nearly so, is left alone.
    ///
    /// # Errors
    /// A finding for each icon that cannot be drawn, for each file that is nearly called like a menu's or
    /// a picture, and when there is no menu at all.
    pub fn of(files: impl IntoIterator<Item = (String, Source)>) -> Result<Self, Vec<Finding>> {
        let mut folder = Self::default();
        let mut findings = Vec::new();
        let mut pictures: BTreeMap<String, BTreeMap<String, Source>> = BTreeMap::new();
        for (path, source) in files {
            let Some((place, file)) = path.split_once('/') else {
                continue;
            };
            match Kind::of(place, file) {
                Kind::Icon(name) => match source.text().map(|text| check_icon(&text)) {
                    Ok(Ok(lines)) => drop(folder.icons.insert(name.to_owned(), lines)),
                    Ok(Err((line, reason))) => findings.push(source.finding(line, None, reason)),
                    Err(finding) => findings.push(finding),
                },
                Kind::Menu => {
                    let menu = MenuFolder {
                        yaml: source,
                        pictures: BTreeMap::new(),
                    };
                    folder.menus.insert(place.to_owned(), menu);
                }
                Kind::Picture(variant) => {
                    let code = variant.code();
                    let reason =
                        format!("there are two pictures for {code}, .png and .jpg; keep one");
                    let pictures = pictures.entry(place.to_owned()).or_default();
                    if let Some(other) = pictures.insert(code, source) {
                        findings.push(other.finding(1, None, reason));
                    }
                }
                Kind::Nearly(expected) => findings.push(source.finding(1, None, expected)),
                Kind::Other => {}
            }
        }
        for (place, pictures) in pictures {
            match folder.menus.get_mut(&place) {
                Some(menu) => menu.pictures = pictures,
                None => findings.extend(pictures.values().map(|picture| {
                    let reason =
                        format!("the picture of a menu, but there is no {place}/menu.yaml");
                    picture.finding(1, None, reason)
                })),
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
            findings.sort();
            Err(findings)
        }
    }
}

/// What a file is, by its name.
enum Kind<'a> {
    Icon(&'a str),
    Menu,
    Picture(Variant),
    /// Somebody meant it to be one of these; what it would have to be called.
    Nearly(String),
    Other,
}

impl<'a> Kind<'a> {
    fn of(place: &str, file: &'a str) -> Self {
        if place == "icons" {
            return file.strip_suffix(".svg").map_or(Self::Other, Self::Icon);
        }
        if file == "menu.yaml" {
            return Self::Menu;
        }
        if let Some(variant) = variant_of_picture(file) {
            return Self::Picture(variant);
        }
        let lower = file.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
        if lower == "menu.yml" || lower == "menu.yaml" {
            Self::Nearly("a menu's file is called menu.yaml".to_owned())
        } else if lower.starts_with("image") && ends(&[".png", ".jpg", ".jpeg", ".gif", ".webp"]) {
            let known: Vec<String> = Variant::all().map(picture_name).collect();
            let known = known.join(", ");
            Self::Nearly(format!(
                "`{file}` is no name of a picture; there are {known}, each also as .jpg"
            ))
        } else {
            Self::Other
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

/// The variant a picture is for.
fn variant_of_picture(file: &str) -> Option<Variant> {
    let stem = file.strip_suffix(".png").or(file.strip_suffix(".jpg"))?;
    Variant::all().find(|variant| picture_name(*variant).strip_suffix(".png") == Some(stem))
}

/// What a variant's picture is called as PNG.
fn picture_name(variant: Variant) -> String {
    let mut name = "image".to_owned();
    if variant.language != Language::japanese() {
        name = format!("{name}.{}", variant.language.code());
    }
    if variant.is_large() {
        name = format!("{name}.{LARGE}");
    }
    name + ".png"
}
