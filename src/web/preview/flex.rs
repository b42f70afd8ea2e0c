//! Flex messages: a reasonable part of them, by classes only.

use serde_json::Value;

use super::draw::{Drawing, list, picture, text_of};

/// Words LINE knows for sizes and spaces; others (pixels, percentages) fall back to the default.
const WORDS: [&str; 12] = [
    "none", "xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl", "full",
];
/// Boxes in boxes: more than anybody draws, and no more than a stack holds.
const DEEPEST: usize = 12;

/// A bubble, or bubbles side by side.
pub(super) fn contents(drawing: &mut Drawing, contents: &Value) {
    if text_of(contents, "type") == "carousel" {
        drawing.add(r#"<div class="carousel" tabindex="0">"#);
        for bubble in list(&contents["contents"]) {
            self::bubble(drawing, bubble);
        }
        drawing.add("</div>");
    } else {
        bubble(drawing, contents);
    }
}

fn bubble(drawing: &mut Drawing, bubble: &Value) {
    let size = ["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"]
        .into_iter()
        .find(|size| *size == text_of(bubble, "size"))
        .unwrap_or("mega");
    drawing.add(format_args!(r#"<div class="flex-bubble {size}">"#));
    for block in ["header", "hero", "body", "footer"] {
        if !bubble[block].is_object() {
            continue;
        }
        let fill = drawing.color("fill", &bubble["styles"][block]["backgroundColor"]);
        drawing.add(format_args!(r#"<div class="flex-{block}{fill}">"#));
        component(drawing, &bubble[block], 0);
        drawing.add("</div>");
    }
    drawing.add("</div>");
}

fn component(drawing: &mut Drawing, part: &Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let space = word("margin", part) + &grow(part);
    match text_of(part, "type") {
        "box" => {
            let layout = match text_of(part, "layout") {
                "horizontal" => "horizontal",
                "baseline" => "baseline",
                _ => "vertical",
            };
            let fill = drawing.color("fill", &part["backgroundColor"]);
            let spacing = word("spacing", part);
            let padding = word("paddingAll", part);
            let corner = word("cornerRadius", part);
            drawing.add(format_args!(
                r#"<div class="box {layout}{space}{spacing}{padding}{corner}{fill}">"#
            ));
            for inner in list(&part["contents"]) {
                component(drawing, inner, depth + 1);
            }
            drawing.add("</div>");
        }
        "text" => {
            let ink = drawing.color("ink", &part["color"]);
            let size = word("size", part);
            let bold = flag(part, "weight", "bold");
            let align = flag(part, "align", "center") + &flag(part, "align", "end");
            let gravity = flag(part, "gravity", "center") + &flag(part, "gravity", "bottom");
            drawing.add(format_args!(
                r#"<p class="text{space}{size}{bold}{align}{gravity}{ink}">"#
            ));
            drawing.say(text_of(part, "text"));
            for span in list(&part["contents"]) {
                let ink = drawing.color("ink", &span["color"]);
                let look = word("size", span) + &flag(span, "weight", "bold");
                drawing.add(format_args!(r#"<span class="{look}{ink}">"#));
                drawing.say(text_of(span, "text"));
                drawing.add("</span>");
            }
            drawing.add("</p>");
        }
        "button" => {
            let style = match text_of(part, "style") {
                "primary" => "primary",
                "secondary" => "secondary",
                _ => "link",
            };
            let kind = if style == "link" { "ink" } else { "fill" };
            let color = drawing.color(kind, &part["color"]);
            let low = flag(part, "height", "sm");
            drawing.add(format_args!(
                r#"<span class="line-button {style}{low}{space}{color}">"#
            ));
            drawing.say(text_of(&part["action"], "label"));
            drawing.add("</span>");
        }
        "image" => picture(drawing, text_of(part, "url"), &format!("wide{space}")),
        "separator" => drawing.add(format_args!(r#"<span class="rule-line{space}"></span>"#)),
        "filler" => drawing.add(r#"<span class="filler"></span>"#),
        _ => {}
    }
}

/// ` FIELD-WORD` when LINE knows the word.
fn word(field: &str, part: &Value) -> String {
    let given = text_of(part, field);
    let known = WORDS.into_iter().find(|word| *word == given);
    known.map_or_else(String::new, |word| format!(" {field}-{word}"))
}

/// ` FIELD-VALUE` when the field has that value.
fn flag(part: &Value, field: &str, value: &str) -> String {
    if text_of(part, field) == value {
        format!(" {field}-{value}")
    } else {
        String::new()
    }
}

/// The share of room, 0 to 10.
fn grow(part: &Value) -> String {
    let share = part["flex"].as_u64();
    share.map_or_else(String::new, |share| format!(" grow-{}", share.min(10)))
}
