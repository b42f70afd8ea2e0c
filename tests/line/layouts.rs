//! Templates, flex bubbles and rich menus.

use kairan::line::message::flex::{
    Align, Bubble, BubbleSize, ButtonStyle, Carousel, Color, Component, FlexBox, FlexButton,
    FlexImage, FlexText, Gravity, Separator, Size, Spacing,
};
use kairan::line::message::{Buttons, Confirm, Message, MessageError};
use kairan::line::rich_menu::{AliasId, Area, Bounds, RichMenu, Size as MenuSize};
use serde_json::json;

use super::support::{json_of, tap, too_long};

#[test]
fn templates_are_lines_json() {
    let buttons = Buttons::new("どうしますか", vec![tap("やめる")])
        .unwrap()
        .title("確認")
        .unwrap();
    assert_eq!(
        json_of(
            &Message::template("確認", buttons.image("https://example.jp/a.png").unwrap()).unwrap()
        ),
        json!({
            "type": "template", "altText": "確認",
            "template": {
                "type": "buttons", "thumbnailImageUrl": "https://example.jp/a.png", "title": "確認",
                "text": "どうしますか", "actions": [{"type": "postback", "data": "v1/x", "label": "やめる"}],
            },
        })
    );
    let confirm = Confirm::new("消しますか", tap("はい"), tap("いいえ")).unwrap();
    let json = json_of(&Message::template("消しますか", confirm).unwrap());
    assert_eq!(json["template"]["type"], "confirm");
    assert_eq!(json["template"]["actions"].as_array().unwrap().len(), 2);
}

#[test]
fn template_limits_hold_at_their_edges() {
    let at = |n| "あ".repeat(n);
    assert!(Buttons::new(at(160), vec![tap("a"); 4]).is_ok());
    assert_eq!(
        too_long(Buttons::new(at(161), vec![tap("a")])),
        ("text", 161, 160)
    );
    assert!(Buttons::new(at(1), vec![tap("a"); 5]).is_err());
    assert!(Buttons::new(at(1), vec![]).is_err());
    let long = || Buttons::new(at(61), vec![tap("a")]).unwrap();
    assert_eq!(too_long(long().title("a")), ("text", 61, 60));
    assert_eq!(
        too_long(long().image("https://example.jp/a.png")),
        ("text", 61, 60)
    );
    assert_eq!(
        too_long(Buttons::new("a", vec![tap("a")]).unwrap().title(at(41))),
        ("title", 41, 40)
    );
    assert_eq!(
        too_long(Confirm::new(at(241), tap("a"), tap("b"))),
        ("text", 241, 240)
    );
    let confirm = || Confirm::new(at(240), tap("a"), tap("b")).unwrap();
    assert!(Message::template(at(1500), confirm()).is_ok());
    assert_eq!(
        too_long(Message::template(at(1501), confirm())),
        ("altText", 1501, 1500)
    );
}

#[test]
fn a_bubble_is_lines_json() {
    let words = FlexText::new("もえるごみ")
        .unwrap()
        .bold()
        .size(Size::Xl3)
        .color(Color::rgb(0xC0392B));
    let words = words
        .align(Align::Center)
        .gravity(Gravity::Center)
        .margin(Spacing::Md)
        .flex(0)
        .max_lines(2);
    let row = FlexBox::baseline(vec![words.into(), Component::Filler])
        .unwrap()
        .spacing(Spacing::Sm)
        .flex(1);
    let line = Separator {
        margin: Some(Spacing::Lg),
        color: None,
    };
    let body = FlexBox::vertical(vec![row.into(), line.into()])
        .padding(Spacing::Xl)
        .background(Color::rgb(0xFFFFFF));
    let button = FlexButton::new(tap("くわしく"))
        .unwrap()
        .style(ButtonStyle::Primary)
        .small();
    let hero = FlexImage::new("https://example.jp/a.png")
        .unwrap()
        .size(Size::Full)
        .cover(20, 13)
        .unwrap();
    let bubble = Bubble::new(body)
        .size(BubbleSize::Kilo)
        .hero(hero)
        .footer(FlexBox::horizontal(vec![button.into()]));
    assert_eq!(
        json_of(&Message::flex("もえるごみの日です", bubble).unwrap()),
        json!({"type": "flex", "altText": "もえるごみの日です", "contents": {
            "type": "bubble", "size": "kilo",
            "hero": {
                "type": "image", "url": "https://example.jp/a.png", "size": "full",
                "aspectRatio": "20:13", "aspectMode": "cover",
            },
            "body": {
                "type": "box", "layout": "vertical", "paddingAll": "xl", "backgroundColor": "#FFFFFF",
                "contents": [
                    {"type": "box", "layout": "baseline", "flex": 1, "spacing": "sm", "contents": [
                        {
                            "type": "text", "text": "もえるごみ", "wrap": true, "size": "3xl", "weight": "bold",
                            "color": "#C0392B", "align": "center", "gravity": "center", "margin": "md",
                            "flex": 0, "maxLines": 2,
                        },
                        {"type": "filler"},
                    ]},
                    {"type": "separator", "margin": "lg"},
                ],
            },
            "footer": {"type": "box", "layout": "horizontal", "contents": [{
                "type": "button", "style": "primary", "height": "sm",
                "action": {"type": "postback", "data": "v1/x", "label": "くわしく"},
            }]},
        }})
    );
}

#[test]
fn flex_messages_have_a_size_in_bytes() {
    let bubble = |bytes: usize| {
        let fixed = json_of(&Carousel::new(vec![bubble_of("a")]).unwrap())["contents"][0]
            .to_string()
            .len()
            - 1;
        bubble_of(&"a".repeat(bytes - fixed))
    };
    let flex = |bubble| Message::flex("a", bubble);
    assert!(flex(bubble(30 * 1024)).is_ok());
    assert_eq!(
        flex(bubble(30 * 1024 + 1)).unwrap_err(),
        MessageError::TooLarge {
            field: "bubble",
            given: 30 * 1024 + 1,
            max: 30 * 1024
        }
    );
    // Bytes, not characters: each あ is three.
    assert!(flex(bubble_of(&"あ".repeat(10 * 1024))).is_err());
    assert!(
        Message::flex(
            "a",
            Carousel::new(vec![bubble(25 * 1024), bubble(24 * 1024)]).unwrap()
        )
        .is_ok()
    );
    let large = Carousel::new(vec![bubble(25 * 1024), bubble(25 * 1024)]).unwrap();
    assert!(matches!(
        Message::flex("a", large),
        Err(MessageError::TooLarge {
            field: "carousel",
            ..
        })
    ));
    assert!(Carousel::new(vec![bubble(30 * 1024 + 1)]).is_err());
    assert!(Carousel::new(vec![bubble_of("a"); 12]).is_ok());
    assert!(Carousel::new(vec![bubble_of("a"); 13]).is_err());
    assert!(Carousel::new(vec![]).is_err());
}

fn bubble_of(words: &str) -> Bubble {
    Bubble::new(FlexBox::vertical(vec![
        FlexText::new(words).unwrap().into(),
    ]))
}

#[test]
fn flex_components_refuse_what_line_refuses() {
    assert!(FlexText::new("").is_err());
    assert!(FlexImage::new("http://example.jp/a.png").is_err());
    assert!(
        FlexImage::new("https://example.jp/a.png")
            .unwrap()
            .cover(1, 4)
            .is_err()
    );
    assert!(
        FlexImage::new("https://example.jp/a.png")
            .unwrap()
            .cover(0, 0)
            .is_err()
    );
    assert!(FlexBox::baseline(vec![Separator::default().into()]).is_err());
}

#[test]
fn a_rich_menu_is_lines_json_within_its_picture() {
    let size = MenuSize {
        width: 2500,
        height: 1686,
    };
    let area = |x, y, width, height| Area {
        bounds: Bounds {
            x,
            y,
            width,
            height,
        },
        action: tap("ごみ"),
    };
    let menu = RichMenu::new("main", "メニュー", true, size, vec![area(0, 0, 2500, 1686)]).unwrap();
    assert_eq!(
        json_of(&menu),
        json!({
            "size": {"width": 2500, "height": 1686}, "selected": true, "name": "main", "chatBarText": "メニュー",
            "areas": [{
                "bounds": {"x": 0, "y": 0, "width": 2500, "height": 1686},
                "action": {"type": "postback", "data": "v1/x", "label": "ごみ"},
            }],
        })
    );
    let with = |size, areas| RichMenu::new("main", "メニュー", true, size, areas);
    for (width, height) in [(799, 400), (2501, 1600), (800, 249), (1449, 1000)] {
        assert!(
            with(MenuSize { width, height }, vec![area(0, 0, 1, 1)]).is_err(),
            "{width} × {height}"
        );
    }
    assert!(
        with(
            MenuSize {
                width: 1450,
                height: 1000
            },
            vec![area(0, 0, 1, 1)]
        )
        .is_ok()
    );
    for out in [
        area(1, 0, 2500, 1),
        area(0, 1686, 1, 1),
        area(0, 0, 0, 1),
        area(u32::MAX, 0, 2, 1),
    ] {
        assert!(with(size, vec![out]).is_err());
    }
    assert!(with(size, vec![area(0, 0, 1, 1); 21]).is_err());
    assert_eq!(
        too_long(RichMenu::new(
            "a",
            "あ".repeat(15),
            true,
            size,
            vec![area(0, 0, 1, 1)]
        ))
        .0,
        "chatBarText"
    );
    assert!(AliasId::parse("menu_b-1").is_ok());
    for bad in ["", "Menu", "メニュー", &"a".repeat(33)] {
        assert!(AliasId::parse(bad).is_err(), "{bad}");
    }
}
