//! Messages as LINE's JSON, and LINE's limits at their edges.

use kairan::line::message::{
    Action, Mentionee, Message, MessageError, Messages, QuickReplies, Substitution, TextV2,
    escape_braces,
};
use kairan::line::{UserId, text};
use proptest::prelude::*;
use serde_json::json;

use super::support::{json_of, tap, too_long};

#[test]
fn plain_messages_are_lines_json() {
    assert_eq!(
        json_of(&Message::text("ごみ").unwrap()),
        json!({"type": "text", "text": "ごみ"})
    );
    assert_eq!(
        json_of(&Message::sticker("446", "1988")),
        json!({"type": "sticker", "packageId": "446", "stickerId": "1988"})
    );
    assert_eq!(
        json_of(&Message::image("https://example.jp/a.png", "https://example.jp/b.png").unwrap()),
        json!({
            "type": "image",
            "originalContentUrl": "https://example.jp/a.png",
            "previewImageUrl": "https://example.jp/b.png",
        })
    );
    assert_eq!(
        json_of(&Message::location("避難所", "本町1-1", 35.5, 139.25).unwrap()),
        json!({
            "type": "location", "title": "避難所", "address": "本町1-1", "latitude": 35.5, "longitude": 139.25,
        })
    );
}

#[test]
fn text_is_counted_in_utf16_units() {
    assert!(Message::text("あ".repeat(5000)).is_ok());
    assert!(Message::text("🍎".repeat(2500)).is_ok());
    assert_eq!(
        too_long(Message::text("🍎".repeat(2500) + "あ")),
        ("text", 5001, 5000)
    );
    assert_eq!(
        Message::text("").unwrap_err(),
        MessageError::Empty { field: "text" }
    );
    let error = Message::text("あ".repeat(5001)).unwrap_err().to_string();
    assert_eq!(
        error,
        "text has 5001 characters (UTF-16 units), LINE takes 5000: shorten it"
    );
}

#[test]
fn pictures_need_https_and_encoded_addresses() {
    for bad in [
        "http://example.jp/a.png",
        "https://example.jp/絵.png",
        "https://example.jp/a b.png",
        "",
    ] {
        assert!(
            Message::image(bad, "https://example.jp/b.png").is_err(),
            "{bad}"
        );
        assert!(
            Message::image("https://example.jp/b.png", bad).is_err(),
            "{bad}"
        );
    }
    let long = format!("https://example.jp/{}", "a".repeat(1981));
    assert!(Message::image(long.clone(), "https://example.jp/b.png").is_ok());
    assert_eq!(
        too_long(Message::image(long + "a", "https://example.jp/b.png")),
        ("originalContentUrl", 2001, 2000)
    );
}

#[test]
fn places_are_on_earth() {
    assert!(Message::location("a", "b", -90.0, 180.0).is_ok());
    for (latitude, longitude) in [
        (90.1, 0.0),
        (0.0, -180.1),
        (f64::NAN, 0.0),
        (0.0, f64::INFINITY),
    ] {
        assert!(Message::location("a", "b", latitude, longitude).is_err());
    }
    assert_eq!(
        too_long(Message::location("あ".repeat(101), "b", 0.0, 0.0)),
        ("title", 101, 100)
    );
}

#[test]
fn text_v2_knows_its_placeholders() {
    let smile = (
        "smile".to_owned(),
        Substitution::Emoji {
            product_id: "5ac1".into(),
            emoji_id: "002".into(),
        },
    );
    let all = (
        "all".to_owned(),
        Substitution::Mention {
            mentionee: Mentionee::All,
        },
    );
    let user = UserId::parse("U0123456789abcdef0123456789abcdef").unwrap();
    let one = (
        "one".to_owned(),
        Substitution::Mention {
            mentionee: Mentionee::User(user),
        },
    );
    let text = TextV2::new(
        "{all} {one} ごみ{smile} {{注意}}",
        [smile.clone(), all, one],
    )
    .unwrap();
    assert_eq!(
        json_of(&Message::text_v2(text)),
        json!({"type": "textV2", "text": "{all} {one} ごみ{smile} {{注意}}", "substitution": {
            "all": {"type": "mention", "mentionee": {"type": "all"}},
            "one": {"type": "mention", "mentionee": {"type": "user", "userId": "U0123456789abcdef0123456789abcdef"}},
            "smile": {"type": "emoji", "productId": "5ac1", "emojiId": "002"},
        }})
    );
    for bad in [
        "{smile",
        "smile}",
        "{frown}",
        "{{smile}",
        "{",
        "}}}",
        "{a{smile}}",
        "",
    ] {
        assert!(TextV2::new(bad, [smile.clone()]).is_err(), "{bad}");
    }
    let (_, emoji) = smile;
    for bad in ["", "a-b", "絵", &"k".repeat(21)] {
        assert!(
            TextV2::new("a", [(bad.to_owned(), emoji.clone())]).is_err(),
            "{bad}"
        );
    }
    let many = |n: usize| TextV2::new("a", (0..n).map(|i| (format!("k{i}"), emoji.clone())));
    assert!(many(20).is_ok());
    assert!(many(21).is_err());
}

#[test]
fn what_line_adds_later_passes_through() {
    let coupon =
        json!({"type": "coupon", "couponId": "01KB", "quickReply": {"items": []}, "zoom": 1.50});
    let message = Message::raw(coupon.clone()).unwrap();
    assert_eq!(json_of(&message), coupon);
    let offered = message.quick_replies(QuickReplies::new(vec![tap("a")]).unwrap());
    let text = serde_json::to_string(&offered).unwrap();
    assert_eq!(text.matches("quickReply").count(), 1, "{text}");
    for bad in [
        json!("text"),
        json!([]),
        json!({"text": "a"}),
        json!({"type": 1}),
    ] {
        assert!(Message::raw(bad).is_err());
    }
}

#[test]
fn one_to_five_messages_make_a_call() {
    let message = Message::text("a").unwrap();
    assert!(Messages::new(vec![message.clone(); 5]).is_ok());
    for wrong in [0, 6] {
        let error = Messages::new(vec![message.clone(); wrong]).unwrap_err();
        assert_eq!(
            error,
            MessageError::Count {
                field: "messages",
                given: wrong,
                min: 1,
                max: 5
            }
        );
    }
    let messages =
        Messages::from(message.quick_replies(QuickReplies::new(vec![tap("a")]).unwrap()));
    let stored = serde_json::to_string(&messages).unwrap();
    let again = Messages::from_json(&stored).unwrap();
    assert_eq!(
        serde_json::to_string(&again).unwrap(),
        stored,
        "stored messages are sent byte for byte"
    );
    for bad in ["", "{}", "[]", "[1]", "[{\"text\":\"a\"}]"] {
        assert!(Messages::from_json(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn escaped_words_are_never_placeholders(words in ".{1,200}") {
        prop_assert!(TextV2::new(escape_braces(&words), []).is_ok());
    }

    #[test]
    fn whatever_is_built_is_within_the_limits(label in ".{0,50}", data in ".{0,320}") {
        if let Ok(action) = Action::postback(label, data) {
            let json = json_of(&action);
            prop_assert!((1..=300).contains(&text::length(json["data"].as_str().unwrap())));
            if QuickReplies::new(vec![action]).is_ok() {
                prop_assert!((1..=20).contains(&text::length(json["label"].as_str().unwrap())));
            }
        }
    }
}
