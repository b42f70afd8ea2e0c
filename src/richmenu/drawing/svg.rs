//! The strokes a drawing is made of, as SVG, and SVG as PNG.

use std::fmt::Write;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::line::rich_menu::Bounds;
use crate::richmenu::font;
use crate::richmenu::palette::Colour;

/// Why no picture came of a drawing; the drawing is ours, so this is a fault of the program or of an icon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the drawing could not be made into a picture: {0}")]
pub struct NotPainted(String);

/// Paints an SVG of our own as PNG.
///
/// # Errors
/// It is no SVG, or there is no memory for it.
pub(in crate::richmenu) fn png(svg: &str) -> Result<Vec<u8>, NotPainted> {
    paint(svg, 1.0)
}

/// The drawing two fifths as wide and high: sharp on a page, and a fraction of the bytes.
pub(in crate::richmenu) fn small_png(svg: &str) -> Result<Vec<u8>, NotPainted> {
    paint(svg, 0.4)
}

fn paint(svg: &str, scale: f32) -> Result<Vec<u8>, NotPainted> {
    let options = Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: font::database(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|e| NotPainted(e.to_string()))?;
    let size = tree.size().to_int_size();
    let size = size.scale_by(scale).unwrap_or(size);
    let mut picture = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| NotPainted("no memory".to_owned()))?;
    picture.fill(Color::WHITE);
    let scaled = Transform::from_scale(scale, scale);
    resvg::render(&tree, scaled, &mut picture.as_mut());
    picture.encode_png().map_err(|e| NotPainted(e.to_string()))
}

/// Whole pixels as a measure of the drawing; a menu has at most 2,500.
pub(super) fn pixels(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

pub(super) fn rect(svg: &mut String, bounds: Bounds, radius: f32, paint: &str) {
    let Bounds {
        x,
        y,
        width,
        height,
    } = bounds;
    put(
        svg,
        format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {paint}/>"#
        ),
    );
}

pub(super) fn disc_at(
    svg: &mut String,
    icon: &str,
    (left, top): (f32, f32),
    size: f32,
    disc: Colour,
    ink: Colour,
) {
    let radius = size / 2.0;
    put(
        svg,
        format_args!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="{radius:.1}" fill="{disc}"/>"#,
            left + radius,
            top + radius
        ),
    );
    let inner = size * 0.6;
    let inset = (size - inner) / 2.0;
    draw_icon(svg, icon, (left + inset, top + inset), inner, ink);
}

/// Draws what stands inside an icon's `<svg>`; icons are 24 wide and high and drawn in lines.
pub(super) fn draw_icon(
    svg: &mut String,
    icon: &str,
    (left, top): (f32, f32),
    size: f32,
    ink: Colour,
) {
    let scale = size / 24.0;
    put(
        svg,
        format_args!(
            r#"<g transform="translate({left:.1} {top:.1}) scale({scale:.3})" fill="none" stroke="{ink}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{icon}</g>"#
        ),
    );
}

pub(super) fn words_at(
    svg: &mut String,
    words: &str,
    (x, y): (f32, f32),
    size: f32,
    ink: Colour,
    anchor: &str,
) {
    let words = words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    put(
        svg,
        format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size:.1}" font-weight="700" fill="{ink}" text-anchor="{anchor}">{words}</text>"#
        ),
    );
}

fn put(svg: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _always_ok = svg.write_fmt(piece);
}
