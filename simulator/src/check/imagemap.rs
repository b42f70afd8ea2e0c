//! Imagemap messages (<https://developers.line.biz/en/reference/messaging-api/#imagemap-message>).

use super::message::alt_text;
use super::{Count, Findings, Place};

pub(super) fn imagemap(place: &Place<'_>, findings: &mut Findings) {
    alt_text(place, findings);
    place.field("baseUrl").https(findings);
    let size = place.field("baseSize");
    size.field("width").integer(1_040, 1_040, findings);
    size.field("height")
        .integer(1, i64::from(u16::MAX), findings);
    for tap in place.field("actions").list(0, 50, findings) {
        let kind = tap.field("type");
        match kind.str() {
            Some("uri") => {
                tap.field("linkUri")
                    .url(&["http", "https", "line", "tel"], 1_000, findings)
            }
            Some("message") => tap.field("text").text(400, Count::Utf16, findings),
            Some("clipboard") => tap
                .field("clipboardText")
                .text(1_000, Count::Utf16, findings),
            _ => findings.add(
                &kind,
                "Must be one of the following values: [uri, message, clipboard]",
            ),
        }
        let area = tap.field("area");
        for side in ["x", "y", "width", "height"] {
            area.field(side).integer(0, i64::from(u16::MAX), findings);
        }
    }
}
