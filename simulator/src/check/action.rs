//! Actions (<https://developers.line.biz/en/reference/messaging-api/#action-objects>).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{Count, Findings, Place};

/// Where an action stands; it decides which kinds may be used and how long a label may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spot {
    Template,
    ImageCarousel,
    FlexButton,
    /// A flex box, image or text, or a whole bubble or template: no label is shown.
    Bare,
    QuickReply,
    RichMenu,
}

impl Spot {
    /// Whether a label is required, and how long it may be.
    fn label(self) -> (bool, usize) {
        match self {
            Self::Template | Self::QuickReply => (true, 20),
            Self::ImageCarousel => (false, 12),
            Self::FlexButton => (true, 40),
            Self::Bare => (false, 40),
            Self::RichMenu => (false, 20),
        }
    }
}

pub(super) fn action(place: &Place<'_>, spot: Spot, findings: &mut Findings) {
    if !place.must_exist(findings) {
        return;
    }
    let label = place.field("label");
    match spot.label() {
        (true, max) => label.text(max, Count::Graphemes, findings),
        (false, max) => label.text_if_any(max, Count::Graphemes, findings),
    }
    let kind = place.field("type");
    match kind.str() {
        Some("postback") => postback(place, findings),
        Some("message") => place.field("text").text(300, Count::Graphemes, findings),
        Some("uri") => uri(place, findings),
        Some("datetimepicker") => datetime_picker(place, findings),
        Some("clipboard") => place
            .field("clipboardText")
            .text(1_000, Count::Utf16, findings),
        Some("camera" | "cameraRoll" | "location") if spot == Spot::QuickReply => {}
        Some("richmenuswitch") if spot == Spot::RichMenu => {
            place
                .field("richMenuAliasId")
                .text(32, Count::Utf16, findings);
            place.field("data").text(300, Count::Utf16, findings);
        }
        Some("camera" | "cameraRoll" | "location" | "richmenuswitch") => {
            findings.add(&kind, "this action cannot be used here");
        }
        _ => findings.add(&kind, "must be a known action type"),
    }
}

fn postback(place: &Place<'_>, findings: &mut Findings) {
    place.field("data").text(300, Count::Utf16, findings);
    let (shown, old) = (place.field("displayText"), place.field("text"));
    shown.text_if_any(300, Count::Graphemes, findings);
    old.text_if_any(300, Count::Graphemes, findings);
    if shown.exists() && old.exists() {
        findings.add(&old, "cannot be used together with displayText");
    }
    let input = place.field("inputOption");
    input.one_of(
        &["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"],
        findings,
    );
    let fill = place.field("fillInText");
    fill.text_if_any(300, Count::Graphemes, findings);
    if fill.exists() && input.str() != Some("openKeyboard") {
        findings.add(&fill, "needs inputOption openKeyboard");
    }
}

fn uri(place: &Place<'_>, findings: &mut Findings) {
    place
        .field("uri")
        .url(&["http", "https", "line", "tel"], 1_000, findings);
    let alternative = place.field("altUri");
    if alternative.exists() {
        alternative
            .field("desktop")
            .url(&["http", "https"], 1_000, findings);
    }
}

fn datetime_picker(place: &Place<'_>, findings: &mut Findings) {
    place.field("data").text(300, Count::Utf16, findings);
    let mode = place.field("mode");
    let Some(word @ ("date" | "time" | "datetime")) = mode.str() else {
        findings.add(
            &mode,
            "Must be one of the following values: [date, time, datetime]",
        );
        return;
    };
    let [min, initial, max] = ["min", "initial", "max"].map(|name| {
        let bound = place.field(name);
        if bound.exists() && !bound.str().is_some_and(|text| is_picked_value(word, text)) {
            findings.add(
                &bound,
                format!("must be a {word} between 1900-01-01 and 2100-12-31"),
            );
        }
        bound
    });
    // Values of one mode have one width, so that they sort as text.
    let later =
        |a: &Place<'_>, b: &Place<'_>| matches!((a.str(), b.str()), (Some(a), Some(b)) if a > b);
    if later(&min, &max) || (min.exists() && min.str() == max.str()) {
        findings.add(&min, "must be earlier than max");
    }
    if later(&min, &initial) || later(&initial, &max) {
        findings.add(&initial, "must lie between min and max");
    }
}

/// Whether a date and time picker of this mode can give this value.
pub(crate) fn is_picked_value(mode: &str, text: &str) -> bool {
    let in_range = |date: &str| ("1900-01-01"..="2100-12-31").contains(&date);
    match mode {
        "date" => {
            text.len() == 10
                && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
                && in_range(text)
        }
        "time" => text.len() == 5 && NaiveTime::parse_from_str(text, "%H:%M").is_ok(),
        "datetime" => {
            let text = text.replace('t', "T");
            text.len() == 16
                && NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").is_ok()
                && text.get(..10).is_some_and(in_range)
        }
        _ => false,
    }
}
