//! Sizes, spaces and colours of flex messages (<https://developers.line.biz/en/docs/messaging-api/flex-message-layout/>).

use super::{Findings, Place};

pub(super) const SPACES: &[&str] = &["none", "xs", "sm", "md", "lg", "xl", "xxl"];
pub(super) const FONT_SIZES: &[&str] = &[
    "xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl",
];
const BORDERS: &[&str] = &["none", "light", "normal", "medium", "semi-bold", "bold"];

/// What values a property takes.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Word(&'static [&'static str]),
    /// A keyword or pixels.
    Space,
    /// A keyword or pixels.
    Font,
    /// A keyword, pixels or a percentage.
    ImageSize,
    Border,
    /// A keyword, pixels or a percentage, possibly negative.
    Offset,
    /// A keyword, pixels or a percentage.
    Padding,
    /// Pixels or a percentage.
    Extent,
    Pixels,
    Color,
    Ratio,
    /// A whole number, zero or more.
    Natural,
    Boolean,
    Https,
    /// Checked elsewhere, as it depends on its neighbours.
    Elsewhere,
}

const POSITION: Kind = Kind::Word(&["relative", "absolute"]);
const ALIGN: Kind = Kind::Word(&["start", "end", "center"]);
const GRAVITY: Kind = Kind::Word(&["top", "bottom", "center"]);
const SHRINK: Kind = Kind::Word(&["shrink-to-fit"]);
const WEIGHT: Kind = Kind::Word(&["regular", "bold"]);
const SLANT: Kind = Kind::Word(&["normal", "italic"]);
const DECORATION: Kind = Kind::Word(&["none", "underline", "line-through"]);

/// The properties a component may have, `type` aside; `None` for an unknown component.
pub(super) fn properties(component: &str) -> Option<Vec<(&'static str, Kind)>> {
    use Kind::*;
    let placed = [
        ("position", POSITION),
        ("offsetTop", Offset),
        ("offsetBottom", Offset),
        ("offsetStart", Offset),
        ("offsetEnd", Offset),
    ];
    let own: &[(&'static str, Kind)] = match component {
        "box" => &[
            ("layout", Word(&["horizontal", "vertical", "baseline"])),
            ("contents", Elsewhere),
            ("flex", Natural),
            ("spacing", Space),
            ("margin", Space),
            ("backgroundColor", Color),
            ("borderColor", Color),
            ("borderWidth", Border),
            ("cornerRadius", Space),
            ("width", Extent),
            ("maxWidth", Extent),
            ("height", Extent),
            ("maxHeight", Extent),
            ("paddingAll", Padding),
            ("paddingTop", Padding),
            ("paddingBottom", Padding),
            ("paddingStart", Padding),
            ("paddingEnd", Padding),
            ("action", Elsewhere),
            (
                "justifyContent",
                Word(&[
                    "center",
                    "flex-start",
                    "flex-end",
                    "space-between",
                    "space-around",
                    "space-evenly",
                ]),
            ),
            ("alignItems", Word(&["center", "flex-start", "flex-end"])),
            ("background", Elsewhere),
        ],
        "button" => &[
            ("action", Elsewhere),
            ("flex", Natural),
            ("margin", Space),
            ("height", Word(&["sm", "md"])),
            ("style", Word(&["primary", "secondary", "link"])),
            ("color", Color),
            ("gravity", GRAVITY),
            ("adjustMode", SHRINK),
            ("scaling", Boolean),
        ],
        "image" => &[
            ("url", Https),
            ("flex", Natural),
            ("margin", Space),
            ("align", ALIGN),
            ("gravity", GRAVITY),
            ("size", ImageSize),
            ("aspectRatio", Ratio),
            ("aspectMode", Word(&["fit", "cover"])),
            ("backgroundColor", Color),
            ("action", Elsewhere),
            ("animated", Boolean),
        ],
        "icon" => &[
            ("url", Https),
            ("margin", Space),
            ("size", Font),
            ("aspectRatio", Ratio),
            ("scaling", Boolean),
        ],
        "text" => &[
            ("text", Elsewhere),
            ("contents", Elsewhere),
            ("adjustMode", SHRINK),
            ("flex", Natural),
            ("margin", Space),
            ("size", Font),
            ("align", ALIGN),
            ("gravity", GRAVITY),
            ("wrap", Boolean),
            ("lineSpacing", Pixels),
            ("maxLines", Natural),
            ("weight", WEIGHT),
            ("color", Color),
            ("action", Elsewhere),
            ("style", SLANT),
            ("decoration", DECORATION),
            ("scaling", Boolean),
        ],
        "span" => {
            return Some(vec![
                ("text", Elsewhere),
                ("color", Color),
                ("size", Font),
                ("weight", WEIGHT),
                ("style", SLANT),
                ("decoration", DECORATION),
            ]);
        }
        "separator" => return Some(vec![("margin", Space), ("color", Color)]),
        "filler" => return Some(vec![("flex", Natural)]),
        "video" => {
            return Some(vec![
                ("url", Https),
                ("previewUrl", Https),
                ("altContent", Elsewhere),
                ("aspectRatio", Ratio),
                ("action", Elsewhere),
            ]);
        }
        _ => return None,
    };
    Some(own.iter().copied().chain(placed).collect())
}

/// Checks a value against the kind of its property.
pub(super) fn style(place: &Place<'_>, kind: Kind, findings: &mut Findings) {
    let text = place.str();
    let fits = match kind {
        Kind::Elsewhere => true,
        Kind::Word(words) => return place.one_of(words, findings),
        Kind::Boolean => return place.boolean_if_any(findings),
        Kind::Https => return place.https(findings),
        Kind::Natural => place.value.and_then(serde_json::Value::as_u64).is_some(),
        Kind::Color => text.is_some_and(is_color),
        Kind::Ratio => text.is_some_and(is_ratio),
        Kind::Pixels => text.is_some_and(|t| is_measure(t, "px")),
        Kind::Extent => text.is_some_and(|t| is_measure(t, "px") || is_measure(t, "%")),
        Kind::Space => text.is_some_and(|t| SPACES.contains(&t) || is_measure(t, "px")),
        Kind::Padding => {
            text.is_some_and(|t| SPACES.contains(&t) || is_measure(t, "px") || is_measure(t, "%"))
        }
        Kind::Offset => text.is_some_and(|t| {
            let size = t.strip_prefix('-').unwrap_or(t);
            SPACES.contains(&t) || is_measure(size, "px") || is_measure(size, "%")
        }),
        Kind::Font => text.is_some_and(|t| FONT_SIZES.contains(&t) || is_measure(t, "px")),
        Kind::ImageSize => text.is_some_and(|t| {
            FONT_SIZES.contains(&t) || t == "full" || is_measure(t, "px") || is_measure(t, "%")
        }),
        Kind::Border => text.is_some_and(|t| BORDERS.contains(&t) || is_measure(t, "px")),
    };
    if !fits {
        findings.add(place, "invalid property value");
    }
}

pub(super) fn color_if_any(place: &Place<'_>, findings: &mut Findings) {
    if place.exists() {
        style(place, Kind::Color, findings);
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|rest| {
        matches!(rest.len(), 6 | 8) && rest.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn is_measure(text: &str, unit: &str) -> bool {
    text.strip_suffix(unit)
        .is_some_and(|n| n.parse::<f64>().is_ok_and(|n| n >= 0.0))
}

/// `width:height`, each 1 to 100,000, not higher than three times the width.
fn is_ratio(text: &str) -> bool {
    let Some((width, height)) = text.split_once(':') else {
        return false;
    };
    match (width.parse::<f64>(), height.parse::<f64>()) {
        (Ok(w), Ok(h)) => {
            (1.0..=100_000.0).contains(&w) && (1.0..=100_000.0).contains(&h) && h <= 3.0 * w
        }
        _ => false,
    }
}
