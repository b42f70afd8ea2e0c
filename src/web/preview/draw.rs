//! Bubbles and what stands in them.

use std::collections::BTreeSet;
use std::fmt::Display;

use askama::filters::{Html, escape};
use serde_json::Value;

use super::flex;

/// HTML in the making, and the colours it needs.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) html: String,
    pub(super) colors: BTreeSet<String>,
}

impl Drawing {
    /// Adds HTML of ours.
    pub(super) fn add(&mut self, html: impl Display) {
        self.html.push_str(&html.to_string());
    }

    /// Adds words of a message, escaped.
    pub(super) fn say(&mut self, words: &str) {
        match escape(words, Html) {
            Ok(safe) => self.add(safe),
            Err(never) => match never {},
        }
    }

    /// The class that gives a message's colour (`#RRGGBB`, or with transparency, which is left out).
    pub(super) fn color(&mut self, kind: &str, value: &Value) -> String {
        let Some(hex) = value.as_str().and_then(|color| color.strip_prefix('#')) else {
            return String::new();
        };
        let Some(hex) = hex.get(..6).map(str::to_ascii_lowercase) else {
            return String::new();
        };
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return String::new();
        }
        let class = format!(" {kind}-{hex}");
        self.colors.insert(hex);
        class
    }
}

/// The account, as it stands above its bubbles: a round face and its name.
pub(super) fn sender(drawing: &mut Drawing, account: &str) {
    drawing.add(r#"<p class="sender"><span class="face" aria-hidden="true">"#);
    drawing.say(
        account
            .get(..account.ceil_char_boundary(1))
            .unwrap_or_default(),
    );
    drawing.add("</span>");
    drawing.say(account);
    drawing.add("</p>");
}

/// One message: the bubble, and the hour beside it.
pub(super) fn message(drawing: &mut Drawing, json: &Value, hour: &str) {
    drawing.add(r#"<div class="said">"#);
    match text_of(json, "type") {
        "text" | "textV2" => {
            drawing.add(r#"<p class="bubble">"#);
            drawing.say(text_of(json, "text"));
            drawing.add("</p>");
        }
        "image" => picture(drawing, text_of(json, "previewImageUrl"), "bubble-picture"),
        "location" => {
            drawing.add(r#"<div class="card"><p class="card-title">"#);
            drawing.say(text_of(json, "title"));
            drawing.add("</p><p>");
            drawing.say(text_of(json, "address"));
            drawing.add("</p></div>");
        }
        "template" => template(drawing, &json["template"]),
        "flex" => flex::contents(drawing, &json["contents"]),
        "sticker" => drawing.add(r#"<p class="unseen">スタンプ</p>"#),
        _ => {
            drawing.add(r#"<p class="unseen">"#);
            drawing.say(
                json["altText"]
                    .as_str()
                    .unwrap_or("この種類の見本は描けません"),
            );
            drawing.add("</p>");
        }
    }
    drawing.add(r#"<span class="hour">"#);
    drawing.say(hour);
    drawing.add("</span></div>");
}

/// The answers offered beneath everything.
pub(super) fn quick_replies(drawing: &mut Drawing, labels: &[String]) {
    if labels.is_empty() {
        return;
    }
    drawing.add(r#"<ul class="replies">"#);
    for label in labels {
        drawing.add("<li>");
        drawing.say(label);
        drawing.add("</li>");
    }
    drawing.add("</ul>");
}

/// A picture's frame. Ours are shown; others are named, for a console fetches nothing from elsewhere.
pub(super) fn picture(drawing: &mut Drawing, url: &str, class: &str) {
    drawing.add(format_args!(r#"<p class="picture {class}">画像<span>"#));
    let host = url.split('/').nth(2).unwrap_or_default();
    drawing.say(host);
    drawing.add("</span></p>");
}

fn template(drawing: &mut Drawing, template: &Value) {
    drawing.add(r#"<div class="card">"#);
    if let Some(url) = template["thumbnailImageUrl"].as_str() {
        picture(drawing, url, "wide");
    }
    if let Some(title) = template["title"].as_str() {
        drawing.add(r#"<p class="card-title">"#);
        drawing.say(title);
        drawing.add("</p>");
    }
    drawing.add("<p>");
    drawing.say(text_of(template, "text"));
    let pair = if text_of(template, "type") == "confirm" {
        " pair"
    } else {
        ""
    };
    drawing.add(format_args!(r#"</p><div class="choices{pair}">"#));
    for action in list(&template["actions"]) {
        drawing.add("<span>");
        drawing.say(text_of(action, "label"));
        drawing.add("</span>");
    }
    drawing.add("</div></div>");
}

pub(super) fn text_of<'a>(json: &'a Value, field: &str) -> &'a str {
    json[field].as_str().unwrap_or_default()
}

pub(super) fn list(json: &Value) -> &[Value] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}
