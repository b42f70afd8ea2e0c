//! SVG of ours as PNG, and what an icon must be to become part of it.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, Node};
use resvg::usvg::{Options, Tree};

use crate::richmenu::font;

/// How wide and high an icon is, in its own measure.
const ICON: f32 = 24.0;

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
    let tree = tree(svg)?;
    let size = tree.size().to_int_size();
    let size = size.scale_by(scale).unwrap_or(size);
    let mut picture = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| NotPainted("no memory".to_owned()))?;
    picture.fill(Color::WHITE);
    let scaled = Transform::from_scale(scale, scale);
    resvg::render(&tree, scaled, &mut picture.as_mut());
    picture.encode_png().map_err(|e| NotPainted(e.to_string()))
}

fn tree(svg: &str) -> Result<Tree, NotPainted> {
    let options = Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: font::database(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|e| NotPainted(e.to_string()))
}

/// What stands inside an icon's `<svg>`, once it is sure that it can be drawn.
///
/// # Errors
/// The line, and what is wrong there.
pub(in crate::richmenu) fn check_icon(text: &str) -> Result<String, (u64, String)> {
    let document = Document::parse(text)
        .map_err(|error| (error.pos().row.into(), format!("is no SVG: {error}")))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || !is_square(root) {
        let reason = "an icon is one <svg> with viewBox=\"0 0 24 24\"".to_owned();
        return Err((1, reason));
    }
    let (Some(first), Some(last)) = (root.first_child(), root.last_child()) else {
        return Err((1, "the icon draws nothing".to_owned()));
    };
    let inside = text
        .get(first.range().start..last.range().end)
        .unwrap_or_default()
        .trim();
    // As it will stand in a drawing: what the root alone declares is gone.
    let alone = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000">{inside}</svg>"##
    );
    let tree = tree(&alone).map_err(|NotPainted(reason)| (1, reason))?;
    if !tree.root().has_children() {
        return Err((1, "the icon draws nothing".to_owned()));
    }
    Ok(inside.to_owned())
}

fn is_square(root: Node<'_, '_>) -> bool {
    let measure = |name: &str| {
        let parts = root.attribute(name)?.split([' ', ',']);
        let numbers: Result<Vec<f32>, _> =
            parts.filter(|p| !p.is_empty()).map(str::parse).collect();
        numbers.ok()
    };
    match measure("viewBox") {
        Some(view) => view == [0.0, 0.0, ICON, ICON],
        None => measure("width") == Some(vec![ICON]) && measure("height") == Some(vec![ICON]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_a_square_of_24_that_draws_something() {
        let dot = r#"<circle cx="12" cy="12" r="9"/>"#;
        for root in [
            r#"viewBox="0 0 24 24""#,
            r#"viewBox="0,0,24,24" width="100%""#,
            r#"width="24" height="24""#,
        ] {
            assert_eq!(
                check_icon(&format!("<svg {root}>{dot}</svg>")),
                Ok(dot.to_owned())
            );
        }
        for (icon, line, reason) in [
            (
                format!("<svg viewBox=\"0 0 24 24\">\n{dot}\n</g>"),
                3,
                "no SVG",
            ),
            (
                format!("<svg viewBox=\"0 0 48 48\">{dot}</svg>"),
                1,
                "0 0 24 24",
            ),
            (format!("<svg width=\"24\">{dot}</svg>"), 1, "0 0 24 24"),
            (
                format!("<g viewBox=\"0 0 24 24\">{dot}</g>"),
                1,
                "one <svg>",
            ),
            (
                "<svg viewBox=\"0 0 24 24\"/>".to_owned(),
                1,
                "draws nothing",
            ),
            (
                "<svg viewBox=\"0 0 24 24\"><b>x</b></svg>".to_owned(),
                1,
                "draws nothing",
            ),
            ("dot".to_owned(), 1, "no SVG"),
        ] {
            let fault = check_icon(&icon);
            let is_it = |(at, why): &(u64, String)| *at == line && why.contains(reason);
            assert!(fault.as_ref().is_err_and(is_it), "{icon}: {fault:?}");
        }
    }
}
