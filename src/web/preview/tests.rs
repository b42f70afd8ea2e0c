use crate::line::message::flex::{Bubble, Color, FlexBox, FlexButton, FlexText, Size};
use crate::line::message::{Action, Buttons, Message, MessageError, QuickReplies};

use super::*;

fn drawn(messages: &[Message]) -> String {
    Preview::new("汐見市公式", messages, "19:00").to_string()
}

#[test]
fn every_word_is_escaped_wherever_it_stands() -> Result<(), MessageError> {
    const EVIL: &str = "<img src=x onerror=alert(1)>\"'&";
    let button = || Action::postback(EVIL, "data");
    let card = FlexBox::vertical(vec![
        FlexText::new(EVIL)?.into(),
        FlexButton::new(button()?)?.into(),
    ]);
    let raw = serde_json::json!({"type": "location", "title": EVIL, "address": EVIL,
        "latitude": 0.0, "longitude": 0.0});
    let html = Preview::new(
        EVIL,
        &[
            Message::text(EVIL)?,
            Message::flex(EVIL, Bubble::new(card))?,
            Message::raw(raw)?,
            Message::raw(serde_json::json!({"type": "odd", "altText": EVIL}))?,
            Message::image("https://x.example/\"><b>", "https://\"><b>/p.png")?,
        ],
        EVIL,
    )
    .to_string();
    assert!(!html.contains("<img") && !html.contains("<b>"), "{html}");
    assert!(html.matches("&#60;img").count() >= 8, "{html}");
    Ok(())
}

#[test]
fn colours_come_as_a_stylesheet_that_holds_nothing_else() -> Result<(), MessageError> {
    let body = FlexBox::vertical(vec![
        FlexText::new("もえるごみ")?
            .color(Color::rgb(0xC0_39_2B))
            .size(Size::Xl)
            .into(),
    ]);
    let html = drawn(&[Message::flex("あした", Bubble::new(body))?]);
    assert!(html.starts_with(r#"<link rel="stylesheet" href="/assets/colors/c0392b.css">"#));
    assert!(html.contains("text size-xl ink-c0392b"), "{html}");
    assert!(!html.contains("style="));
    let css = stylesheet("c0392b-ffffff").unwrap_or_default();
    assert!(css.starts_with(".phone .ink-c0392b{color:#c0392b}"));
    for odd in [
        "",
        "c0392",
        "C0392B",
        "c0392b}",
        "c0392b-",
        &"ffffff-".repeat(300),
    ] {
        assert_eq!(stylesheet(odd), None, "{odd}");
    }
    Ok(())
}

#[test]
fn only_the_last_messages_quick_replies_are_offered() -> Result<(), MessageError> {
    let offering = |label: &str| -> Result<Message, MessageError> {
        let replies = QuickReplies::new(vec![Action::message(label, label)?])?;
        Ok(Message::text("どうしますか")?.quick_replies(replies))
    };
    let html = drawn(&[offering("前のもの")?, offering("後のもの")?]);
    assert!(html.contains("後のもの") && !html.contains("前のもの"));
    let buttons = Buttons::new("質問", vec![Action::message("はい", "はい")?])?;
    assert!(drawn(&[Message::template("質問", buttons)?]).contains("<span>はい</span>"));
    Ok(())
}
