//! Things to tap: as LINE's JSON, within its limits, where it takes them.

use chrono::NaiveDate;
use kairan::line::message::flex::{FlexBox, FlexButton};
use kairan::line::message::{
    Action, Buttons, Confirm, DatePicker, InputOption, Message, MessageError, QuickReplies,
};
use kairan::line::rich_menu::AliasId;
use kairan::line::text;
use serde_json::json;

use super::support::{json_of, tap, too_long};

#[test]
fn actions_are_lines_json() {
    let actions = [
        (
            Action::postback("はい", "v1/yes")
                .unwrap()
                .display_text("はい")
                .unwrap(),
            json!({"type": "postback", "data": "v1/yes", "displayText": "はい", "label": "はい"}),
        ),
        (
            Action::postback("a", "b")
                .unwrap()
                .input_option(InputOption::CloseRichMenu)
                .unwrap(),
            json!({"type": "postback", "data": "b", "inputOption": "closeRichMenu", "label": "a"}),
        ),
        (
            Action::postback("a", "b")
                .unwrap()
                .fill_in_text("地区: ")
                .unwrap(),
            json!({
                "type": "postback", "data": "b", "inputOption": "openKeyboard", "fillInText": "地区: ", "label": "a",
            }),
        ),
        (
            Action::message("a", "ごみ").unwrap(),
            json!({"type": "message", "text": "ごみ", "label": "a"}),
        ),
        (
            Action::uri("a", "tel:0312345678").unwrap(),
            json!({"type": "uri", "uri": "tel:0312345678", "label": "a"}),
        ),
        (
            Action::camera("a").unwrap(),
            json!({"type": "camera", "label": "a"}),
        ),
        (
            Action::camera_roll("a").unwrap(),
            json!({"type": "cameraRoll", "label": "a"}),
        ),
        (
            Action::location("a").unwrap(),
            json!({"type": "location", "label": "a"}),
        ),
        (
            Action::rich_menu_switch("a", AliasId::parse("menu-b").unwrap(), "v1/b").unwrap(),
            json!({"type": "richmenuswitch", "richMenuAliasId": "menu-b", "data": "v1/b", "label": "a"}),
        ),
        (
            Action::clipboard("a", "照合番号").unwrap(),
            json!({"type": "clipboard", "clipboardText": "照合番号", "label": "a"}),
        ),
    ];
    for (action, expected) in actions {
        assert_eq!(json_of(&action), expected);
    }
}

#[test]
fn action_limits_hold_at_their_edges() {
    let at = |n| "あ".repeat(n);
    assert!(Action::postback("a", at(300)).is_ok());
    assert_eq!(too_long(Action::postback("a", at(301))), ("data", 301, 300));
    assert_eq!(
        too_long(tap("a").display_text(at(301))),
        ("displayText", 301, 300)
    );
    assert_eq!(
        too_long(tap("a").fill_in_text(at(301))),
        ("fillInText", 301, 300)
    );
    assert_eq!(too_long(Action::message("a", at(301))), ("text", 301, 300));
    assert_eq!(
        too_long(Action::clipboard("a", at(1001))),
        ("clipboardText", 1001, 1000)
    );
    assert_eq!(too_long(Action::postback(at(41), "b")), ("label", 41, 40));
    assert_eq!(
        too_long(Action::uri("a", format!("https://{}", "a".repeat(993)))),
        ("uri", 1001, 1000)
    );
    assert!(Action::uri("a", "https://example.jp/?q=%E3%81%82").is_ok());
    for bad in [
        "ftp://a",
        "javascript:alert(1)",
        "https://",
        "https://example.jp/あ",
        "example.jp",
    ] {
        assert!(
            matches!(
                Action::uri("a", bad),
                Err(MessageError::Invalid { field: "uri", .. })
            ),
            "{bad}"
        );
    }
    assert!(
        Action::message("a", "b")
            .unwrap()
            .display_text("c")
            .is_err(),
        "only postbacks have a display text"
    );
}

#[test]
fn pickers_stay_between_their_ends() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    let picker = DatePicker::date(day(2026, 4, 1), day(2020, 1, 1), day(2026, 12, 31)).unwrap();
    assert_eq!(
        json_of(&Action::date_picker("生まれた月", "v1/born", picker).unwrap()),
        json!({
            "type": "datetimepicker", "data": "v1/born", "mode": "date",
            "initial": "2026-04-01", "max": "2026-12-31", "min": "2020-01-01", "label": "生まれた月",
        })
    );
    let noon = day(2026, 12, 25).unwrap().and_hms_opt(12, 5, 0).unwrap();
    assert_eq!(
        json_of(&DatePicker::datetime(Some(noon), None, None).unwrap())["initial"],
        "2026-12-25T12:05"
    );
    assert_eq!(
        json_of(&DatePicker::time(Some(noon.time()), None, None).unwrap())["initial"],
        "12:05"
    );
    assert!(DatePicker::date(None, day(2026, 1, 1), day(2026, 1, 1)).is_err());
    assert!(DatePicker::date(day(2019, 12, 31), day(2020, 1, 1), None).is_err());
    assert!(DatePicker::date(day(2027, 1, 1), None, day(2026, 12, 31)).is_err());
    assert!(DatePicker::date(None, day(1899, 12, 31), None).is_err());
    assert!(DatePicker::date(None, None, day(2101, 1, 1)).is_err());
}

#[test]
fn quick_replies_are_one_to_thirteen_with_short_labels() {
    let message = Message::text("地区は？")
        .unwrap()
        .quick_replies(QuickReplies::new(vec![tap("本町")]).unwrap());
    assert_eq!(
        json_of(&message),
        json!({
            "type": "text", "text": "地区は？",
            "quickReply": {"items": [
                {"type": "action", "action": {"type": "postback", "data": "v1/x", "label": "本町"}},
            ]},
        })
    );
    assert!(QuickReplies::new(vec![tap("a"); 13]).is_ok());
    for wrong in [0, 14] {
        assert_eq!(
            QuickReplies::new(vec![tap("a"); wrong]).unwrap_err(),
            MessageError::Count {
                field: "quickReply.items",
                given: wrong,
                min: 1,
                max: 13
            }
        );
    }
    assert!(QuickReplies::new(vec![tap(&"あ".repeat(20))]).is_ok());
    assert_eq!(
        too_long(QuickReplies::new(vec![tap(&"あ".repeat(21))])),
        ("label", 21, 20)
    );
    assert_eq!(
        too_long(QuickReplies::new(vec![tap(&"🍎".repeat(11))])),
        ("label", 22, 20)
    );
    let area = "本町一丁目（商店街を除く）、二丁目の一部、三丁目";
    assert!(QuickReplies::new(vec![tap(&text::fit(area, 20))]).is_ok());
}

#[test]
fn actions_stand_only_where_line_takes_them() {
    let here = || Action::location("今いる所").unwrap();
    let switch = || Action::rich_menu_switch("a", AliasId::parse("b").unwrap(), "c").unwrap();
    assert!(QuickReplies::new(vec![here()]).is_ok());
    assert!(Buttons::new("a", vec![here()]).is_err());
    assert!(FlexButton::new(here()).is_err());
    assert!(QuickReplies::new(vec![switch()]).is_err());
    assert!(Confirm::new("a", tap("b"), switch()).is_err());
    assert!(FlexButton::new(tap(&"あ".repeat(40))).is_ok());
    assert!(FlexBox::vertical(vec![]).action(switch()).is_err());
}
