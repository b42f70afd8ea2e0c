//! Text with placeholders (<https://developers.line.biz/en/reference/messaging-api/#text-message-v2>).

use std::collections::HashSet;

use super::{Count, Findings, Place, Road};
use crate::ids;

pub(super) fn text_v2(place: &Place<'_>, road: Road, findings: &mut Findings) {
    let text = place.field("text");
    text.text(5_000, Count::Utf16, findings);
    let used = match placeholders(text.str().unwrap_or_default()) {
        Ok(used) => used,
        Err(reason) => {
            findings.add(&text, reason);
            return;
        }
    };
    let substitution = place.field("substitution");
    let defined = substitution.names();
    for key in used.iter().filter(|key| !defined.contains(key)) {
        findings.add(
            &text,
            format!("the placeholder {{{key}}} has no substitution"),
        );
    }
    if defined.len() > 100 {
        findings.add(&substitution, "Size must be between 0 and 100");
    }
    let (mut mentions, mut emojis) = (0, 0);
    for name in defined {
        let entry = substitution.field(name);
        if !is_key(name) {
            findings.add(&entry, "a key has 1 to 20 characters of [0-9A-Za-z_]");
        }
        match entry.field("type").str() {
            Some("mention") => {
                mentions += 1;
                mention(&entry, road, findings);
            }
            Some("emoji") => {
                emojis += 1;
                entry.field("productId").text(100, Count::Utf16, findings);
                entry.field("emojiId").text(100, Count::Utf16, findings);
            }
            _ => findings.add(
                &entry.field("type"),
                "Must be one of the following values: [mention, emoji]",
            ),
        }
    }
    if mentions > 20 || emojis > 20 {
        findings.add(&substitution, "at most 20 mentions and 20 emojis");
    }
}

fn mention(entry: &Place<'_>, road: Road, findings: &mut Findings) {
    if road == Road::Crowd {
        findings.add(
            entry,
            "a mention is possible only in a reply or push to a group",
        );
    }
    let mentionee = entry.field("mentionee");
    match mentionee.field("type").str() {
        Some("all") => {}
        Some("user")
            if mentionee
                .field("userId")
                .str()
                .is_some_and(|id| ids::is_hex('U', id)) => {}
        _ => findings.add(&mentionee, "must name a user or all"),
    }
}

fn is_key(key: &str) -> bool {
    (1..=20).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The keys a text uses; `{{` and `}}` are literal braces.
fn placeholders(text: &str) -> Result<HashSet<String>, String> {
    let mut used = HashSet::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '{' if rest.next_if_eq(&'{').is_some() => {}
            '}' if rest.next_if_eq(&'}').is_some() => {}
            '{' => {
                let mut key = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some(c) => key.push(c),
                        None => {
                            return Err("a { is never closed; write {{ for a literal brace".into());
                        }
                    }
                }
                if !is_key(&key) {
                    return Err(format!(
                        "{{{key}}} is not a placeholder; write {{{{ for a literal brace"
                    ));
                }
                used.insert(key);
            }
            '}' => return Err("a } was never opened; write }} for a literal brace".into()),
            _ => {}
        }
    }
    Ok(used)
}
