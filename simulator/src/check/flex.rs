//! Flex messages (<https://developers.line.biz/en/reference/messaging-api/#flex-message>).

use serde_json::Value;

use super::action::{Spot, action};
use super::flex_style::{Kind, color_if_any, properties, style};
use super::message::alt_text;
use super::{Findings, Place};

/// The largest bubble, as JSON.
const BUBBLE_BYTES: usize = 30 * 1024;
/// The largest carousel, as JSON.
const CAROUSEL_BYTES: usize = 50 * 1024;

pub(super) fn flex(message: &Place<'_>, findings: &mut Findings) {
    alt_text(message, findings);
    let place = message.field("contents");
    if !place.must_exist(findings) {
        return;
    }
    match place.field("type").str() {
        Some("bubble") => {
            within(&place, BUBBLE_BYTES, findings);
            bubble(&place, findings);
        }
        Some("carousel") => {
            within(&place, CAROUSEL_BYTES, findings);
            known(&place, &["type", "contents"], findings);
            let bubbles = place.field("contents").list(1, 12, findings);
            for one in &bubbles {
                within(one, BUBBLE_BYTES, findings);
                bubble(one, findings);
            }
            let widths: Vec<_> = bubbles
                .iter()
                .map(|one| one.field("size").str().unwrap_or("mega"))
                .collect();
            if widths.iter().any(|width| widths.first() != Some(width)) {
                findings.add(&place, "all bubbles of a carousel must have the same size");
            }
        }
        _ => findings.add(
            &place.field("type"),
            "Must be one of the following values: [bubble, carousel]",
        ),
    }
}

fn within(place: &Place<'_>, max: usize, findings: &mut Findings) {
    let bytes = place
        .value()
        .map(|value| value.to_string().len())
        .unwrap_or_default();
    if bytes > max {
        findings.add(
            place,
            format!("the JSON has {bytes} bytes, the maximum is {max}"),
        );
    }
}

fn known(place: &Place<'_>, names: &[&str], findings: &mut Findings) {
    for name in place.names() {
        if !names.contains(&name.as_str()) {
            findings.add(&place.field(name), "unknown property");
        }
    }
}

fn bubble(place: &Place<'_>, findings: &mut Findings) {
    known(
        place,
        &[
            "type",
            "size",
            "direction",
            "header",
            "hero",
            "body",
            "footer",
            "styles",
            "action",
        ],
        findings,
    );
    if place.field("type").str() != Some("bubble") {
        findings.add(
            &place.field("type"),
            "Must be one of the following values: [bubble]",
        );
    }
    place.field("size").one_of(
        &["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"],
        findings,
    );
    place.field("direction").one_of(&["ltr", "rtl"], findings);
    let mut blocks = 0;
    for (name, kinds) in [
        ("header", &["box"][..]),
        ("hero", &["box", "image", "video"][..]),
        ("body", &["box"][..]),
        ("footer", &["box"][..]),
    ] {
        let block = place.field(name);
        if block.exists() {
            blocks += 1;
            component(&block, kinds, findings);
            let look = place.field("styles").field(name);
            known(
                &look,
                &["backgroundColor", "separator", "separatorColor"],
                findings,
            );
            color_if_any(&look.field("backgroundColor"), findings);
            color_if_any(&look.field("separatorColor"), findings);
            look.field("separator").boolean_if_any(findings);
        }
    }
    if blocks == 0 {
        findings.add(place, "At least one block must be specified");
    }
    if place.field("action").exists() {
        action(&place.field("action"), Spot::Bare, findings);
    }
}

/// One component, which must be of one of the kinds its parent takes.
fn component(place: &Place<'_>, kinds: &[&str], findings: &mut Findings) {
    let kind = place.field("type");
    let Some(word) = kind.str().filter(|word| kinds.contains(word)) else {
        findings.add(
            &kind,
            format!(
                "Must be one of the following values: [{}]",
                kinds.join(", ")
            ),
        );
        return;
    };
    let properties = properties(word).unwrap_or_default();
    for name in place.names().into_iter().filter(|name| *name != "type") {
        let field = place.field(name);
        match properties.iter().find(|(known, _)| known == name) {
            Some((_, kind)) if field.exists() => style(&field, *kind, findings),
            Some(_) => {}
            None => findings.add(&field, "unknown property"),
        }
    }
    match word {
        "box" => flex_box(place, findings),
        "button" => action(&place.field("action"), Spot::FlexButton, findings),
        "text" => flex_text(place, findings),
        "span" => non_empty(&place.field("text"), findings),
        "image" | "icon" => {
            place.field("url").must_exist(findings);
        }
        "video" => {
            for name in ["url", "previewUrl"] {
                place.field(name).must_exist(findings);
            }
            component(&place.field("altContent"), &["box", "image"], findings);
        }
        _ => {}
    }
    if matches!(word, "box" | "image" | "text" | "video") && place.field("action").exists() {
        action(&place.field("action"), Spot::Bare, findings);
    }
}

fn flex_box(place: &Place<'_>, findings: &mut Findings) {
    place.field("layout").must_exist(findings);
    let kinds: &[&str] = match place.field("layout").str() {
        Some("baseline") => &["icon", "text", "filler"],
        _ => &["box", "button", "image", "text", "separator", "filler"],
    };
    for child in place.field("contents").list(0, 1_000, findings) {
        component(&child, kinds, findings);
    }
    let background = place.field("background");
    if background.exists() {
        background
            .field("type")
            .one_of(&["linearGradient"], findings);
        for name in ["startColor", "endColor"] {
            style(&background.field(name), Kind::Color, findings);
        }
    }
}

fn flex_text(place: &Place<'_>, findings: &mut Findings) {
    let spans = place.field("contents");
    if !spans.exists() {
        return non_empty(&place.field("text"), findings);
    }
    for span in spans.list(1, 1_000, findings) {
        component(&span, &["span"], findings);
    }
}

fn non_empty(place: &Place<'_>, findings: &mut Findings) {
    if place
        .value()
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        findings.add(place, "must be non-empty text");
    }
}
