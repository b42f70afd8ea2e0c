//! Template messages (<https://developers.line.biz/en/reference/messaging-api/#template-messages>).

use super::action::{Spot, action};
use super::message::alt_text;
use super::{Count, Findings, Place};

pub(super) fn template(message: &Place<'_>, findings: &mut Findings) {
    alt_text(message, findings);
    let place = message.field("template");
    if !place.must_exist(findings) {
        return;
    }
    match place.field("type").str() {
        Some("buttons") => {
            look(&place, findings);
            card(&place, 160, 4, findings);
        }
        Some("confirm") => {
            place.field("text").text(240, Count::Graphemes, findings);
            for button in place.field("actions").list(2, 2, findings) {
                action(&button, Spot::Template, findings);
            }
        }
        Some("carousel") => {
            look(&place, findings);
            carousel(&place, findings);
        }
        Some("image_carousel") => {
            for column in place.field("columns").list(1, 10, findings) {
                column.field("imageUrl").https(findings);
                action(&column.field("action"), Spot::ImageCarousel, findings);
            }
        }
        _ => findings.add(
            &place.field("type"),
            "Must be one of the following values: [buttons, confirm, carousel, image_carousel]",
        ),
    }
}

fn look(place: &Place<'_>, findings: &mut Findings) {
    place
        .field("imageAspectRatio")
        .one_of(&["rectangle", "square"], findings);
    place
        .field("imageSize")
        .one_of(&["cover", "contain"], findings);
}

fn carousel(place: &Place<'_>, findings: &mut Findings) {
    let columns = place.field("columns").list(1, 10, findings);
    let mut counts: Vec<usize> = Vec::new();
    for column in &columns {
        counts.push(card(column, 120, 3, findings));
    }
    if counts.iter().any(|count| counts.first() != Some(count)) {
        findings.add(
            &place.field("columns"),
            "all columns must have the same number of actions",
        );
    }
}

/// A card with text and buttons; the text is shorter beside an image or a title.
fn card(place: &Place<'_>, plain: usize, buttons: usize, findings: &mut Findings) -> usize {
    let (image, title) = (place.field("thumbnailImageUrl"), place.field("title"));
    if image.exists() {
        image.https(findings);
    }
    title.text_if_any(40, Count::Graphemes, findings);
    let max = if image.exists() || title.exists() {
        60
    } else {
        plain
    };
    place.field("text").text(max, Count::Graphemes, findings);
    super::flex_style::color_if_any(&place.field("imageBackgroundColor"), findings);
    if place.field("defaultAction").exists() {
        action(&place.field("defaultAction"), Spot::Bare, findings);
    }
    let actions = place.field("actions").list(1, buttons, findings);
    for button in &actions {
        action(button, Spot::Template, findings);
    }
    actions.len()
}
