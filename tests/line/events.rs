//! LINE's webhook bodies, one file of `tests/fixtures/line/` for each kind, read as events.

use chrono::{NaiveDate, NaiveTime};
use kairan::line::event::{
    Content, Event, LinkResult, Mode, Payload, RawEvent, RichMenuSwitch, Source, parse_body,
};
use serde_json::Value;

pub const HANAKO: &str = "U0123456789abcdef0123456789abcdef";

pub fn fixtures() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/line");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

pub fn raw_events(name: &str) -> Vec<RawEvent> {
    let (_, text) = fixtures()
        .into_iter()
        .find(|(found, _)| found == name)
        .unwrap();
    parse_body(text.as_bytes()).unwrap().events
}

pub fn event(name: &str) -> Event {
    Event::parse(&raw_events(name)[0])
}

fn content(name: &str) -> Content {
    match event(name).payload {
        Payload::Message(received) => received.content,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_fixture_keeps_its_events_byte_for_byte() {
    for (name, text) in fixtures() {
        let body = parse_body(text.as_bytes()).unwrap();
        assert_eq!(
            body.destination.as_deref(),
            Some("U00000000000000000000000000000b07"),
            "{name}"
        );
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            body.events.len(),
            whole["events"].as_array().unwrap().len(),
            "{name}"
        );
        for (raw, value) in body.events.iter().zip(whole["events"].as_array().unwrap()) {
            assert!(text.contains(raw.as_str()), "{name}");
            assert_eq!(
                &serde_json::from_str::<Value>(raw.as_str()).unwrap(),
                value,
                "{name}"
            );
            let again = RawEvent::from_json(raw.as_str()).unwrap();
            assert_eq!(Event::parse(&again), Event::parse(raw), "{name}");
        }
    }
}

#[test]
fn every_kind_line_documents_is_known() {
    for (name, _) in fixtures() {
        if ["unknown-type", "several-users", "empty"].contains(&name.as_str()) {
            continue;
        }
        assert!(
            !matches!(event(&name).payload, Payload::Unknown { .. }),
            "{name}: {:?}",
            event(&name).payload
        );
    }
}

#[test]
fn the_envelope_says_who_when_and_how_to_answer() {
    let envelope = event("message-text").envelope;
    assert_eq!(envelope.kind, "message");
    assert_eq!(envelope.id, "01KB0000000000000000000001");
    assert_eq!(envelope.timestamp_ms, Some(1_796_000_001_000));
    assert_eq!(envelope.mode, Mode::Active);
    assert!(matches!(&envelope.source, Source::User { user_id } if user_id.as_str() == HANAKO));
    assert!(!envelope.is_redelivery);
    assert_eq!(
        envelope.reply_token.unwrap().as_str(),
        "85cbe770fa8b4f45bbe077b1d4be4a01"
    );

    assert!(event("postback-menu-switch").envelope.is_redelivery);
    assert!(event("unfollow").envelope.reply_token.is_none());
    let standby = event("standby").envelope;
    assert_eq!((standby.mode, standby.reply_token), (Mode::Standby, None));
    assert_eq!(
        event("account-link-failed").envelope.source,
        Source::Unknown
    );
}

#[test]
fn groups_and_rooms_may_hide_who_spoke() {
    assert!(matches!(
        event("group").envelope.source,
        Source::Group { user_id: None, .. }
    ));
    let room = event("room").envelope.source;
    assert!(matches!(room, Source::Room { .. }));
    assert_eq!(room.user_id().unwrap().as_str(), HANAKO);
}

#[test]
fn messages_of_each_kind() {
    let Content::Text(text) = content("message-text") else {
        panic!()
    };
    assert_eq!(text.text, "ごみの日 🗑️ はいつ？");
    assert_eq!(
        text.quoted_message_id.as_deref(),
        Some("589999999999999999")
    );
    assert!(matches!(content("message-image"), Content::Image(image) if image.duration.is_none()));
    assert!(
        matches!(content("message-video"), Content::Video(video) if video.duration == Some(60_000))
    );
    assert!(
        matches!(content("message-audio"), Content::Audio(audio) if audio.duration == Some(4_200))
    );
    assert!(
        matches!(content("message-file"), Content::File(file) if file.file_name.as_deref() == Some("申請書.pdf"))
    );
    let Content::Location(place) = content("message-location") else {
        panic!()
    };
    assert_eq!(
        (place.latitude, place.title.as_deref()),
        (35.680_959_1, Some("町役場"))
    );
    let Content::Sticker(sticker) = content("message-sticker") else {
        panic!()
    };
    assert_eq!(
        (
            sticker.sticker_id.as_deref(),
            sticker.keywords.unwrap().len()
        ),
        (Some("1988"), 2)
    );
    assert!(matches!(content("message-unknown"), Content::Unknown { kind } if kind == "hologram"));
    assert!(matches!(event("message-edited").payload, Payload::MessageEdited(m) if m.id.is_some()));
}

#[test]
fn coming_and_going() {
    assert!(
        matches!(event("follow").payload, Payload::Follow(follow) if follow.is_unblocked == Some(true))
    );
    assert!(
        matches!(event("follow-without-follow").payload, Payload::Follow(follow) if follow.is_unblocked.is_none())
    );
    assert_eq!(event("unfollow").payload, Payload::Unfollow);
    assert_eq!(event("join").payload, Payload::Join);
    assert_eq!(event("leave").payload, Payload::Leave);
    assert!(
        matches!(event("unsend").payload, Payload::Unsend { message_id } if message_id == "590000000000000001")
    );
}

#[test]
fn postbacks_carry_what_was_picked() {
    let postback = |name| match event(name).payload {
        Payload::Postback(postback) => postback,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(postback("postback").data, "v1/garbage/tomorrow");
    assert_eq!(postback("postback").params(), Default::default());
    assert_eq!(
        postback("postback-date").params().date,
        NaiveDate::from_ymd_opt(2026, 4, 18)
    );
    assert_eq!(
        postback("postback-time").params().time,
        NaiveTime::from_hms_opt(6, 15, 0)
    );
    let christmas = NaiveDate::from_ymd_opt(2026, 12, 25)
        .unwrap()
        .and_hms_opt(1, 0, 0);
    assert_eq!(postback("postback-datetime").params().datetime, christmas);
    let switch = postback("postback-menu-switch").params();
    assert_eq!(switch.new_rich_menu_alias_id.as_deref(), Some("menu-b"));
    assert_eq!(switch.status, Some(RichMenuSwitch::Success));
}

#[test]
fn an_account_link_that_failed_names_nobody() {
    assert!(
        matches!(event("account-link").payload, Payload::AccountLink(link) if link.result == LinkResult::Ok)
    );
    assert!(
        matches!(event("account-link-failed").payload, Payload::AccountLink(l) if l.result == LinkResult::Failed)
    );
}
