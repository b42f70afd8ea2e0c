//! Rich menus (<https://developers.line.biz/en/reference/messaging-api/#rich-menu-structure>).

use std::collections::HashSet;

use super::action::{Spot, action};
use super::{Count, Findings, Place};

/// The least width of a menu for its height.
const RATIO: f64 = 1.45;

pub(crate) fn rich_menu(place: &Place<'_>, findings: &mut Findings) {
    let size = place.field("size");
    let width = size.field("width").integer(800, 2_500, findings);
    let height = size.field("height").integer(250, 2_500, findings);
    if let (Some(width), Some(height)) = (width, height)
        && (width as f64) < RATIO * height as f64
    {
        findings.add(&size, "the width must be at least 1.45 times the height");
    }
    if place.field("selected").must_exist(findings) {
        place.field("selected").boolean_if_any(findings);
    }
    place.field("name").text(300, Count::Graphemes, findings);
    place
        .field("chatBarText")
        .text(14, Count::Graphemes, findings);
    for area in place.field("areas").list(0, 20, findings) {
        let bounds = area.field("bounds");
        let [x, y, w, h] = ["x", "y", "width", "height"]
            .map(|side| bounds.field(side).integer(0, 2_500, findings).unwrap_or(0));
        if width.is_some_and(|width| x + w > width) || height.is_some_and(|height| y + h > height) {
            findings.add(&bounds, "must lie within the menu");
        }
        action(&area.field("action"), Spot::RichMenu, findings);
    }
}

/// The operations of a batch: which menus take the place of which.
pub(crate) fn batch(place: &Place<'_>, findings: &mut Findings) {
    let operations = place.field("operations").list(1, 1_000, findings);
    let mut origins = HashSet::new();
    for operation in &operations {
        let kind = operation.field("type");
        let needed: &[&str] = match kind.str() {
            Some("link") => &["from", "to"],
            Some("unlink") => &["from"],
            Some("unlinkAll") if operations.len() == 1 => &[],
            Some("unlinkAll") => {
                findings.add(&kind, "unlinkAll must be the only operation");
                continue;
            }
            _ => {
                findings.add(
                    &kind,
                    "Must be one of the following values: [link, unlink, unlinkAll]",
                );
                continue;
            }
        };
        for name in needed {
            operation.field(name).text(100, Count::Utf16, findings);
        }
        if let Some(from) = operation.field("from").str()
            && !origins.insert(from)
        {
            findings.add(&operation.field("from"), "a menu may be replaced only once");
        }
    }
    let key = place.field("resumeRequestKey");
    let well_formed = |key: &str| {
        (1..=100).contains(&key.len())
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    if key.exists() && !key.str().is_some_and(well_formed) {
        findings.add(&key, "must have 1 to 100 characters of [0-9a-zA-Z_-]");
    }
}
