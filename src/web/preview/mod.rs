//! Messages as residents will see them: bubbles in LINE's chat, drawn from the very JSON that is sent.
//!
//! It is a picture, not a phone: nothing in it can be tapped, and pictures from elsewhere are named, not
//! fetched. Widths and colours are LINE's defaults where a message says nothing.

mod draw;
mod flex;

use std::collections::BTreeSet;
use std::fmt;

use askama::filters::HtmlSafe;
use serde_json::Value;

use crate::line::message::Message;

use draw::Drawing;

/// A chat with these messages in it. In a template: `{{ preview }}`.
#[derive(Debug, Clone)]
pub struct Preview {
    html: String,
    colors: BTreeSet<String>,
}

impl Preview {
    /// `account` is the account's name in LINE, `hour` when the messages arrive: 「19:00」.
    pub fn new(account: &str, messages: &[Message], hour: &str) -> Self {
        let mut drawing = Drawing::default();
        let mut replies = Vec::new();
        draw::sender(&mut drawing, account);
        for message in messages {
            // Serialising plain structs cannot fail; were it to, a gap in the picture is what to show.
            let json = serde_json::to_value(message).unwrap_or_default();
            draw::message(&mut drawing, &json, hour);
            // LINE shows only those of the last message.
            replies = labels(&json["quickReply"]["items"]);
        }
        draw::quick_replies(&mut drawing, &replies);
        Self {
            html: drawing.html,
            colors: drawing.colors,
        }
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.colors.is_empty() {
            // A page may not carry styles of its own, so a message's colours come as a stylesheet.
            let list: Vec<&str> = self.colors.iter().map(String::as_str).collect();
            write!(
                f,
                r#"<link rel="stylesheet" href="/assets/colors/{}.css">"#,
                list.join("-")
            )?;
        }
        write!(
            f,
            r#"<div class="phone" role="group" aria-disabled="true" aria-label="住民に見える画面の見本">{}</div>"#,
            self.html
        )
    }
}

// Everything a message says is escaped where it is drawn.
impl HtmlSafe for Preview {}

fn labels(items: &Value) -> Vec<String> {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| Some(item["action"]["label"].as_str()?.to_owned()))
        .collect()
}

/// The stylesheet for a list of colours `rrggbb-rrggbb`; `None` when it is no such list.
pub(super) fn stylesheet(list: &str) -> Option<String> {
    /// A message of 50 KB has fewer.
    const MOST: usize = 200;
    let colors: Vec<&str> = list.split('-').collect();
    let sound = |color: &&str| {
        color.len() == 6
            && color
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    (colors.len() <= MOST && colors.iter().all(sound)).then(|| {
        colors
            .iter()
            .map(|c| {
                format!(".phone .ink-{c}{{color:#{c}}}.phone .fill-{c}{{background-color:#{c}}}\n")
            })
            .collect()
    })
}

#[cfg(test)]
mod tests;
