//! Golden pictures of the menus that ship: what changes in them is looked at before it is kept.
//!
//! `KAIRAN_PICTURES=tests/fixtures/rich-menus cargo test --test stories golden` takes them anew.

use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{ImageFormat, RgbImage};
use kairan::richmenu::Menu;

use crate::rich_menu::shipped;

const KEPT: &str = "tests/fixtures/rich-menus";
/// A quarter of a drawing: as many pixels as an older phone has.
const WIDTH: u32 = 625;
/// Mean difference of a pixel's colours, of 255. One letter more or less makes some 0.3; machines that
/// round otherwise make a hundredth of that.
const TOLERANCE: f64 = 0.05;

fn seen(menu: &Menu) -> RgbImage {
    let picture = image::load_from_memory(&menu.picture_bytes().unwrap()).unwrap();
    let height = picture.height() * WIDTH / picture.width();
    picture
        .resize_exact(WIDTH, height, FilterType::Triangle)
        .to_rgb8()
}

fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    if a.dimensions() != b.dimensions() {
        return f64::INFINITY;
    }
    let sum: u64 = a
        .iter()
        .zip(b.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

fn path(folder: &Path, menu: &Menu) -> PathBuf {
    let variant = menu.variant.code().replace('+', ".");
    folder.join(format!("{}.{variant}.png", menu.folder))
}

#[test]
fn every_menu_looks_like_its_golden_picture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = root.join(KEPT);
    let menus = shipped();
    if let Some(folder) = std::env::var_os("KAIRAN_PICTURES") {
        let folder = root.join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        for menu in &menus {
            let file = path(&folder, menu);
            seen(menu).save_with_format(file, ImageFormat::Png).unwrap();
        }
    }
    let mut faults = Vec::new();
    for menu in &menus {
        let file = path(&kept, menu);
        match image::open(&file) {
            Ok(golden) => {
                let difference = difference(&seen(menu), &golden.to_rgb8());
                if difference > TOLERANCE {
                    faults.push(format!("{}: differs by {difference:.3}", file.display()));
                }
            }
            Err(error) => faults.push(format!("{}: {error}", file.display())),
        }
    }
    let known: Vec<PathBuf> = menus.iter().map(|menu| path(&kept, menu)).collect();
    for file in std::fs::read_dir(&kept).unwrap() {
        let file = file.unwrap().path();
        if !known.contains(&file) {
            faults.push(format!("{}: no menu looks like this", file.display()));
        }
    }
    assert!(
        faults.is_empty(),
        "{}\nlook at them; if they are right, set KAIRAN_PICTURES={KEPT} and run this again",
        faults.join("\n")
    );
}

#[test]
fn a_letter_more_is_seen() {
    let menus = shipped();
    let [childcare, parents] =
        ["childcare", "parents"].map(|folder| menus.iter().find(|m| m.folder == folder).unwrap());
    assert!(difference(&seen(childcare), &seen(parents)) > 1.0);
    let picture = seen(childcare);
    let mut changed = picture.clone();
    // As much as some of a letter's strokes, on a white card.
    for (x, y) in (60..72).flat_map(|x| (300..312).map(move |y| (x, y))) {
        let [r, g, b] = picture.get_pixel(x, y).0;
        changed.put_pixel(x, y, image::Rgb([255 - r, 255 - g, 255 - b]));
    }
    assert!(difference(&picture, &changed) > TOLERANCE);
}
