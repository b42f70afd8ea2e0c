//! Webhook bodies that are not as documented: nothing panics, and no event loses its neighbours.

use kairan::line::event::{BodyError, Event, Mode, Payload, RawEvent, parse_body};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::events::{HANAKO, event, fixtures, raw_events};

#[test]
fn odd_events_do_not_lose_their_neighbours() {
    let events: Vec<Event> = raw_events("several-users")
        .iter()
        .map(Event::parse)
        .collect();
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event.envelope.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        ["message", "message", "message", "", "teleport", "follow"]
    );
    let Payload::Unknown {
        kind,
        reason: Some(reason),
    } = &events[2].payload
    else {
        panic!("{:?}", events[2])
    };
    assert_eq!(kind, "message");
    assert!(
        !reason.contains("壊れている"),
        "a resident's words must not reach the logs: {reason}"
    );
    assert!(
        matches!(&events[4].payload, Payload::Unknown { kind, reason: None } if kind == "teleport")
    );
    let people: std::collections::HashSet<_> = events
        .iter()
        .filter_map(|e| e.envelope.source.user_id())
        .collect();
    assert_eq!(people.len(), 3);
}

#[test]
fn an_event_without_an_id_gets_a_lasting_one() {
    let ids: Vec<String> = raw_events("several-users")
        .iter()
        .map(|raw| raw.envelope().id)
        .collect();
    assert!(
        ids[2].starts_with("sha256:") && ids[2].len() == 71,
        "{}",
        ids[2]
    );
    assert_ne!(ids[2], ids[3]);
    assert_eq!(
        ids,
        raw_events("several-users")
            .iter()
            .map(|raw| raw.envelope().id)
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_consoles_old_dummies_are_recognised() {
    assert!(
        raw_events("verify-dummy")
            .iter()
            .all(|raw| raw.envelope().is_verification_dummy())
    );
    assert!(!event("message-text").envelope.is_verification_dummy());
    assert!(!event("unfollow").envelope.is_verification_dummy());
}

#[test]
fn an_unknown_mode_means_silence_and_a_missing_one_does_not() {
    let mode = |json| RawEvent::from_json(json).unwrap().envelope().mode;
    assert_eq!(mode(r#"{"mode":"paused"}"#), Mode::Standby);
    assert_eq!(mode("{}"), Mode::Active);
}

#[test]
fn a_body_without_events_says_so() {
    let error = |bytes: &[u8]| parse_body(bytes).unwrap_err();
    for malformed in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"\"\"",
        b"{\"events\":[]} x",
        b"{\"events\":[\xff]}",
    ] {
        assert!(
            matches!(error(malformed), BodyError::Malformed(_)),
            "{malformed:?}"
        );
    }
    assert!(matches!(error(b"{}"), BodyError::NoEvents));
    for not_an_array in [
        &br#"{"events":null}"#[..],
        br#"{"events":{}}"#,
        br#"{"events":"x"}"#,
    ] {
        assert!(matches!(
            error(not_an_array),
            BodyError::EventsNotAnArray(_)
        ));
    }
    assert!(parse_body(br#"{"events":[]}"#).unwrap().events.is_empty());
}

#[test]
fn deep_nesting_is_set_aside() {
    let deep = format!(
        r#"{{"type":"message","message":{}1{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let body =
        parse_body(format!(r#"{{"events":[{deep},{{"type":"unfollow"}}]}}"#).as_bytes()).unwrap();
    assert!(matches!(
        Event::parse(&body.events[0]).payload,
        Payload::Unknown {
            reason: Some(_),
            ..
        }
    ));
    assert_eq!(Event::parse(&body.events[1]).payload, Payload::Unfollow);
}

#[test]
fn nothing_personal_prints() {
    for (name, _) in fixtures() {
        for raw in raw_events(&name) {
            let printed = format!("{raw:?} {:?}", Event::parse(&raw));
            for secret in [
                HANAKO,
                "ごみ",
                "ペットボトル",
                "申請書",
                "本町",
                "35.68",
                "85cbe770fa8b4f45bbe",
            ] {
                assert!(!printed.contains(secret), "{name}: {secret} in {printed}");
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z]{1,9}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Replaces (or removes, for `None`) the property that is `at`-th in reading order.
fn change(value: &mut Value, at: &mut usize, with: &Option<Value>) -> bool {
    let keys: Vec<String> = value
        .as_object()
        .map(|object| object.keys().cloned().collect())
        .unwrap_or_default();
    for key in keys {
        let object = value.as_object_mut().unwrap();
        if *at == 0 {
            match with {
                Some(with) => drop(object.insert(key, with.clone())),
                None => drop(object.shift_remove(&key)),
            }
            return true;
        }
        *at -= 1;
        if change(&mut object[&key], at, with) {
            return true;
        }
    }
    false
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_body(&bytes);
    }

    #[test]
    fn any_json_is_an_event(value in any_json()) {
        let _ = Event::parse(&RawEvent::from_json(&value.to_string()).unwrap());
    }

    #[test]
    fn one_changed_property_loses_neither_the_event_nor_its_neighbours(
        file in any::<prop::sample::Index>(), at in 0..25usize, with in prop::option::of(any_json()),
    ) {
        let events: Vec<Value> = fixtures()
            .iter()
            .flat_map(|(_, text)| serde_json::from_str::<Value>(text).unwrap()["events"].as_array().unwrap().clone())
            .collect();
        let mut odd = file.get(&events).clone();
        change(&mut odd, &mut { at }, &with);
        let neighbour = &events[0];
        let body = json!({"destination": "U0", "events": [neighbour, odd, neighbour]}).to_string();
        let parsed: Vec<Event> = parse_body(body.as_bytes()).unwrap().events.iter().map(Event::parse).collect();
        prop_assert_eq!(parsed.len(), 3);
        prop_assert!(!parsed[1].envelope.id.is_empty());
        let expected = Event::parse(&RawEvent::from_json(&neighbour.to_string()).unwrap());
        prop_assert_eq!(&parsed[0], &expected);
        prop_assert_eq!(&parsed[2], &expected);
    }
}
