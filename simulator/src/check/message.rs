//! Message objects (<https://developers.line.biz/en/reference/messaging-api/#message-objects>).

use std::collections::HashSet;

use serde_json::Value;

use super::action::{Spot, action};
use super::{Count, Findings, Place, flex, imagemap, template, text_v2};

/// By which call messages travel; quotes and mentions exist only in a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Road {
    /// Reply or push: one chat.
    Chat,
    /// Multicast, narrowcast, broadcast: many people.
    Crowd,
}

/// The `messages` of a body: 1 to 5 message objects.
pub(crate) fn messages(body: &Place<'_>, road: Road, findings: &mut Findings) {
    for message in body.field("messages").list(1, 5, findings) {
        one(&message, road, findings);
    }
}

fn one(place: &Place<'_>, road: Road, findings: &mut Findings) {
    let kind = place.field("type");
    match kind.str() {
        Some("text") => text(place, findings),
        Some("textV2") => text_v2::text_v2(place, road, findings),
        Some("sticker") => {
            place.field("packageId").text(20, Count::Utf16, findings);
            place.field("stickerId").text(20, Count::Utf16, findings);
        }
        Some("image") => {
            place.field("originalContentUrl").https(findings);
            place.field("previewImageUrl").https(findings);
        }
        Some("video") => {
            place.field("originalContentUrl").https(findings);
            place.field("previewImageUrl").https(findings);
            place
                .field("trackingId")
                .text_if_any(100, Count::Utf16, findings);
        }
        Some("audio") => {
            place.field("originalContentUrl").https(findings);
            place.field("duration").integer(1, i64::MAX, findings);
        }
        Some("location") => {
            place.field("title").text(100, Count::Utf16, findings);
            place.field("address").text(100, Count::Utf16, findings);
            place.field("latitude").number(-90.0, 90.0, findings);
            place.field("longitude").number(-180.0, 180.0, findings);
        }
        Some("coupon") => {
            place.field("couponId").text(100, Count::Utf16, findings);
            place
                .field("deliveryTag")
                .text_if_any(30, Count::Utf16, findings);
        }
        Some("imagemap") => imagemap::imagemap(place, findings),
        Some("template") => template::template(place, findings),
        Some("flex") => flex::flex(place, findings),
        _ => findings.add(&kind, "must be a known message type"),
    }
    quote(place, road, findings);
    quick_reply(&place.field("quickReply"), findings);
    sender(&place.field("sender"), findings);
}

/// The text that stands for a rich message where it cannot be shown, and in the notification.
pub(super) fn alt_text(place: &Place<'_>, findings: &mut Findings) {
    place.field("altText").text(1_500, Count::Utf16, findings);
}

fn text(place: &Place<'_>, findings: &mut Findings) {
    let text = place.field("text");
    text.text(5_000, Count::Utf16, findings);
    let emojis = place.field("emojis");
    if !emojis.exists() {
        return;
    }
    let units: Vec<u16> = text.str().unwrap_or_default().encode_utf16().collect();
    let mut seen = HashSet::new();
    for emoji in emojis.list(1, 20, findings) {
        emoji.field("productId").text(100, Count::Utf16, findings);
        emoji.field("emojiId").text(100, Count::Utf16, findings);
        let index = emoji.field("index");
        let at = index
            .value()
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok());
        let placeholder = at
            .and_then(|n| units.get(n))
            .is_some_and(|unit| *unit == u16::from(b'$'));
        if !placeholder || !seen.insert(at) {
            findings.add(&index, "must point at a placeholder, $, of its own");
        }
    }
}

fn quote(place: &Place<'_>, road: Road, findings: &mut Findings) {
    let token = place.field("quoteToken");
    let quotable = matches!(
        place.field("type").str(),
        Some("text" | "textV2" | "sticker")
    );
    if token.exists() && !(quotable && road == Road::Chat) {
        findings.add(
            &token,
            "a quote is possible only in a text or sticker sent to one chat",
        );
    }
    token.text_if_any(1_000, Count::Utf16, findings);
}

fn quick_reply(place: &Place<'_>, findings: &mut Findings) {
    if !place.exists() {
        return;
    }
    for item in place.field("items").list(1, 13, findings) {
        if item.field("type").str() != Some("action") {
            findings.add(
                &item.field("type"),
                "Must be one of the following values: [action]",
            );
        }
        if item.field("imageUrl").exists() {
            item.field("imageUrl").https(findings);
        }
        action(&item.field("action"), Spot::QuickReply, findings);
    }
}

fn sender(place: &Place<'_>, findings: &mut Findings) {
    if !place.exists() {
        return;
    }
    let name = place.field("name");
    name.text_if_any(20, Count::Utf16, findings);
    if name
        .str()
        .is_some_and(|name| name.to_ascii_uppercase().contains("LINE"))
    {
        findings.add(&name, "may not contain LINE");
    }
    if place.field("iconUrl").exists() {
        place.field("iconUrl").https(findings);
    }
}
