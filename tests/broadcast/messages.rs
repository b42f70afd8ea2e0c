//! What residents receive.

use std::collections::BTreeMap;

use kairan::broadcast::content::{Block, Button, Manuscript, Target};
use kairan::broadcast::messages::Setting;
use kairan::broadcast::room::{Field, rooms};
use kairan::clock::Instant;
use kairan::ids::MediaId;
use kairan::media::{Format, Media};
use kairan::policy::Profile;
use serde_json::{Value, json};

use super::pictures::entitled;
use super::{PUBLIC, manuscript, saying, tomorrow};

fn kushiro() -> Profile {
    let text = include_str!("../../policies/kushiro.toml");
    Profile::parse(text).unwrap()
}

/// A picture of 400 by 200, and the address where LINE finds it.
fn picture() -> (BTreeMap<MediaId, Media>, MediaId, String) {
    let id = MediaId::new(tomorrow(0));
    let media = Media {
        id,
        digest: "00".into(),
        format: Format::Jpeg,
        width: 400,
        height: 200,
        entitled: entitled("湿原"),
        kept_at: tomorrow(0),
    };
    (
        BTreeMap::from([(id, media)]),
        id,
        format!("{PUBLIC}/media/{id}"),
    )
}

fn setting<'a>(profile: &'a Profile, pictures: &'a BTreeMap<MediaId, Media>) -> Setting<'a> {
    Setting {
        profile,
        pictures,
        public_url: PUBLIC,
        corrected: None,
        test: None,
    }
}

fn sent(manuscript: &Manuscript, setting: Setting<'_>) -> Value {
    serde_json::to_value(manuscript.messages(setting).unwrap()).unwrap()
}

fn labelled() -> Profile {
    let mut profile = kushiro();
    profile.categories[0].label = Some("担当者の感想です。".into());
    profile
}

fn of_region(blocks: Vec<Block>) -> Manuscript {
    Manuscript {
        category: "region".into(),
        blocks,
        ..manuscript()
    }
}

const TAG: &str =
    "#CCBY\n利用のきまり https://www.pref.hokkaido.lg.jp/ss/dtf/opendata/hokkaido_od_kiyaku.html";

#[test]
fn words_stand_between_the_label_and_the_licence() {
    let (profile, none) = (labelled(), BTreeMap::new());
    let plain = Manuscript {
        category: "region".into(),
        ..saying("湿原の秋")
    };
    let open = Manuscript {
        open_data: true,
        ..plain.clone()
    };
    assert_eq!(
        sent(&plain, setting(&profile, &none)),
        json!([
            { "type": "text", "text": "担当者の感想です。\n\n湿原の秋" }
        ])
    );
    let two = of_region(vec![
        Block::Text { text: "一".into() },
        Block::Text { text: "二".into() },
    ]);
    let corrected = Setting {
        corrected: Some(tomorrow(10)),
        ..setting(&profile, &none)
    };
    assert_eq!(
        sent(
            &Manuscript {
                open_data: true,
                ..two
            },
            corrected
        ),
        json!([
            { "type": "text", "text":
                "【訂正】11月25日(水) 10:00に配信したお知らせを、つぎのとおり訂正します。\n\n担当者の感想です。\n\n一" },
            { "type": "text", "text": format!("二\n\n{TAG}") },
        ])
    );
    let open = sent(&open, setting(&profile, &none));
    assert_eq!(
        open[0]["text"],
        format!("担当者の感想です。\n\n湿原の秋\n\n{TAG}")
    );
}

#[test]
fn a_picture_alone_is_a_picture_and_with_words_a_card() {
    let (pictures, id, address) = picture();
    let bare = |text: &str| {
        of_region(vec![Block::Picture {
            picture: id,
            shows: "湿原".into(),
            text: text.into(),
        }])
    };
    let profile = kushiro();
    assert_eq!(
        sent(&bare(""), setting(&profile, &pictures)),
        json!([
            { "type": "image", "originalContentUrl": address, "previewImageUrl": address }
        ])
    );
    let words = sent(&bare("湿原の秋"), setting(&profile, &pictures));
    assert_eq!(words[0]["altText"], "湿原の秋");
    assert_eq!(
        words[0]["contents"]["hero"],
        json!({
            "type": "image", "url": address, "size": "full", "aspectRatio": "400:200", "aspectMode": "cover"
        })
    );
    assert_eq!(
        words[0]["contents"]["body"]["contents"][0]["text"],
        "湿原の秋"
    );
    // The licence must stand somewhere.
    let open = Manuscript {
        open_data: true,
        ..bare("")
    };
    let open = sent(&open, setting(&profile, &pictures));
    assert_eq!(open[0]["altText"], "湿原");
    assert_eq!(open[0]["contents"]["body"]["contents"][0]["text"], TAG);
}

#[test]
fn under_each_button_stands_where_it_leads() {
    let (pictures, id, address) = picture();
    let card = Block::Card {
        title: "湿原の秋".into(),
        text: "見ごろです。".into(),
        picture: Some(id),
        buttons: vec![
            Button {
                label: "くわしく".into(),
                target: Target::Link("https://WWW.pref.hokkaido.lg.jp/a?b".into()),
            },
            Button {
                label: "電話する".into(),
                target: Target::Phone("0154-00-0000".into()),
            },
        ],
    };
    let profile = kushiro();
    let message = &sent(&of_region(vec![card]), setting(&profile, &pictures))[0];
    assert_eq!(message["altText"], "湿原の秋\n見ごろです。");
    assert_eq!(message["contents"]["hero"]["url"], address);
    let foot = message["contents"]["footer"]["contents"]
        .as_array()
        .unwrap();
    let told: Vec<(&Value, &Value)> = foot
        .iter()
        .map(|part| (&part["action"], &part["text"]))
        .collect();
    assert_eq!(
        told,
        [
            (
                &json!({ "type": "uri", "uri": "https://WWW.pref.hokkaido.lg.jp/a?b", "label": "くわしく" }),
                &Value::Null
            ),
            (&Value::Null, &json!("開くサイト: www.pref.hokkaido.lg.jp")),
            (
                &json!({ "type": "uri", "uri": "tel:0154000000", "label": "電話する" }),
                &Value::Null
            ),
            (&Value::Null, &json!("電話: 0154-00-0000")),
        ]
    );
}

#[test]
fn the_room_that_is_told_is_the_room_there_is() {
    let (profile, none) = (labelled(), BTreeMap::new());
    let corrected = Setting {
        corrected: Some(tomorrow(10)),
        ..setting(&profile, &none)
    };
    for setting in [setting(&profile, &none), corrected] {
        for open_data in [false, true] {
            let of = |text: String| Manuscript {
                category: "region".into(),
                open_data,
                ..saying(&text)
            };
            let room = rooms(&of("🍎ab".into()), setting);
            let room = room
                .iter()
                .find(|room| room.field == Field::Text(0))
                .unwrap();
            assert_eq!(
                (room.used, room.fits()),
                (4, true),
                "an apple takes two units"
            );
            let full = of("あ".repeat(room.limit));
            assert!(full.messages(setting).is_ok());
            let over = of("あ".repeat(room.limit + 1));
            assert!(over.messages(setting).is_err());
            let told = rooms(&over, setting);
            assert_eq!(told.iter().filter(|room| !room.fits()).count(), 1);
        }
    }
}

#[test]
fn phones_stay_silent_when_the_policy_says_so() {
    let text = include_str!("../../policies/bunkyo.toml");
    let profile = Profile::parse(text).unwrap();
    let at = |hour| -> Instant { tomorrow(hour) };
    for (category, hour, sounds) in [
        ("ward", 10, true),
        ("ward", 21, false),
        ("ward", 6, false),
        ("ward", 7, true),
        ("event", 10, false),
        ("emergency", 2, true),
    ] {
        let draft = Manuscript {
            category: category.into(),
            ..manuscript()
        };
        assert_eq!(
            profile.sounds_at(&draft.category, at(hour)),
            sounds,
            "{category} at {hour}"
        );
    }
}
