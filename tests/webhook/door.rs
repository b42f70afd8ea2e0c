//! What is let in, and stored once.

use serde_json::json;

use super::{body_of, event, held_of, post, post_signed, rows, signed, states, text, times, user};
use crate::on_both;
use crate::support::town::{Town, policy, settings};

on_both!(nobody_but_line_is_heard, |town: Town| {
    let body = body_of(&[text("01A", &user('a'), 1, "ぱぴぷ")]);
    let other = line_simulator::signature("another secret", body.as_bytes());
    let of_another_body = signed(b"{}");
    for signature in [
        None,
        Some(""),
        Some("AAAA"),
        Some("日本"),
        Some(&other),
        Some(&of_another_body),
    ] {
        // Header values are bytes, not always ASCII.
        let status = post(&town, body.clone(), signature).await;
        assert_eq!(status, 401, "{signature:?}");
    }
    assert_eq!(states(&town).await, [""; 0]);
    assert_eq!(post_signed(&town, body).await, 200);
    assert_eq!(states(&town).await, ["01A received"]);
});

on_both!(any_other_byte_is_not_what_line_signed, |town: Town| {
    let body = body_of(&[text("01A", &user('a'), 1, "ぱぴぷ")]);
    let signature = signed(body.as_bytes());
    for at in 0..body.len() {
        let mut flipped = body.clone().into_bytes();
        flipped[at] ^= 1 << (at % 8);
        let status = post(&town, flipped, Some(&signature)).await;
        assert_eq!(status, 401, "byte {at}");
    }
    // The same to a parser, in other bytes.
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    let again = serde_json::to_string_pretty(&value).unwrap();
    for other in [again, format!("{body} "), body.replace('ぱ', "\\u3071")] {
        assert_ne!(other, body);
        assert_eq!(post(&town, other, Some(&signature)).await, 401);
    }
    assert_eq!(states(&town).await, [""; 0]);
    for _ in 0..100 {
        assert_eq!(post(&town, body.clone(), Some(&signature)).await, 200);
    }
    town.work().await;
    assert_eq!(states(&town).await, ["01A done"]);
    assert_eq!(times(&town, "ぱぴぷ").await, 1);
});

on_both!(both_secrets_are_good_while_they_rotate, |town: Town| {
    let mut rotating = settings(&town.line, &town.db.url);
    rotating.channel_secrets.insert(0, "the new secret".into());
    town.product = kairan::startup::open(&rotating, policy(), town.clock.clone(), None)
        .await
        .unwrap();
    let body = body_of(&[]);
    for secret in [
        "the new secret",
        &line_simulator::Options::default().channel_secret,
    ] {
        let signature = line_simulator::signature(secret, body.as_bytes());
        assert_eq!(post(&town, body.clone(), Some(&signature)).await, 200);
    }
    assert_eq!(post(&town, body, Some("neither")).await, 401);
});

on_both!(two_mebibytes_are_taken_and_not_a_byte_more, |town: Town| {
    let frame = r#"{"padding":"","events":[]}"#.len();
    let of_size = |size: usize| {
        format!(
            r#"{{"padding":"{}","events":[]}}"#,
            "x".repeat(size - frame)
        )
    };
    assert_eq!(post_signed(&town, of_size(2 * 1024 * 1024)).await, 200);
    assert_eq!(post_signed(&town, of_size(2 * 1024 * 1024 + 1)).await, 413);
});

on_both!(what_is_no_body_of_events_is_refused, |town: Town| {
    assert_eq!(post_signed(&town, body_of(&[])).await, 200);
    for malformed in [
        "",
        "[]",
        "{",
        r#"{"events":{}}"#,
        r#"{"destination":"x"}"#,
        "\u{feff}{}",
    ] {
        assert_eq!(post_signed(&town, malformed).await, 400, "{malformed}");
    }
    assert_eq!(states(&town).await, [""; 0]);
});

on_both!(
    an_odd_event_is_kept_aside_and_loses_no_other,
    |town: Town| {
        let hana = user('a');
        let mut odd_mode = text("05", &hana, 5, "ぱぴぷ");
        odd_mode["mode"] = "dreaming".into();
        let mut odd_message = event("06", &hana, "message", 6);
        odd_message["message"] = json!({ "type": "hologram", "id": "1", "depth": 3 });
        let mut bare = event("07", &hana, "follow", 7);
        bare["source"]["mood"] = "glad".into();
        for gone in ["deliveryContext", "mode", "timestamp"] {
            bare.as_object_mut().unwrap().remove(gone);
        }
        let mut lone_surrogate = text("08", &hana, 8, "?").to_string();
        lone_surrogate = lone_surrogate.replace("\"?\"", r#""\ud83d""#);
        let events: Vec<String> = vec![
            text("01", &hana, 1, "ぱぴぷ").to_string(),
            event("02", &hana, "teleported", 2).to_string(),
            "null".into(),
            "7".into(),
            event("04", "Unobody", "message", 4).to_string(),
            odd_mode.to_string(),
            odd_message.to_string(),
            bare.to_string(),
            lone_surrogate,
            text("09", &hana, 9, "\0ぱぴぷ\0").to_string(),
        ];
        let body = format!(r#"{{"events":[{}]}}"#, events.join(","));
        assert_eq!(post_signed(&town, body).await, 200);
        town.work().await;
        town.nothing_went_wrong().await;
        let rows = rows(&town).await;
        assert_eq!(rows.len(), events.len());
        assert!(
            rows.iter()
                .all(|row| ["done", "ignored"].contains(&row.state.as_str())),
            "{rows:?}"
        );
        assert_eq!(times(&town, "ぱぴぷ").await, 2);
        assert!(held_of(&town, &hana).await.is_some());
    }
);

on_both!(an_event_counts_once_however_often_it_comes, |town: Town| {
    let first = text("01", &user('a'), 1, "ぱぴぷ");
    let mut again = first.clone();
    again["deliveryContext"]["isRedelivery"] = true.into();
    assert_eq!(
        post_signed(&town, body_of(&[first.clone(), first.clone()])).await,
        200
    );
    assert_eq!(
        post_signed(&town, body_of(std::slice::from_ref(&first))).await,
        200
    );
    town.work().await;
    assert_eq!(post_signed(&town, body_of(&[again])).await, 200);
    town.work().await;
    assert_eq!(states(&town).await, ["01 done"]);
    assert_eq!(times(&town, "ぱぴぷ").await, 1);
});

on_both!(silence_where_the_account_is_not_spoken_to, |town: Town| {
    let hanako = town.resident("花子").await;
    let before = town.line.requests().len();
    let group = format!("C{}", "1".repeat(32));
    let room = format!("R{}", "2".repeat(32));
    let mut standby = text("01", &hanako.id, 1, "防災");
    standby["mode"] = "standby".into();
    let mut in_group = text("02", &hanako.id, 2, "防災");
    in_group["source"] = json!({ "type": "group", "groupId": group, "userId": hanako.id });
    let mut in_room = text("03", &hanako.id, 3, "防災");
    in_room["source"] = json!({ "type": "room", "roomId": room, "userId": hanako.id });
    let mut dummy = text("04", "Udeadbeefdeadbeefdeadbeefdeadbeef", 4, "Hello, world");
    dummy["replyToken"] = "0".repeat(32).into();
    let mut dummy_follow = event("05", &user('a'), "follow", 5);
    dummy_follow["replyToken"] = "f".repeat(32).into();
    let events = [standby, in_group, in_room, dummy, dummy_follow];
    assert_eq!(post_signed(&town, body_of(&events)).await, 200);
    town.work().await;
    assert_eq!(town.line.requests().len(), before);
    assert!(states(&town).await.iter().all(|s| !s.ends_with("received")));
    // Of words nobody answers, none are kept.
    for row in rows(&town).await {
        assert_eq!((&row.body, &row.line_user_id), (&None, &None), "{row:?}");
    }
});

on_both!(a_group_is_left_without_a_word, |town: Town| {
    let group = town.line.invite_to_group();
    town.settle().await;
    let calls: Vec<String> = town.line.requests().into_iter().map(|c| c.path).collect();
    assert!(
        calls.contains(&format!("/v2/bot/group/{group}/leave")),
        "{calls:?}"
    );
    assert!(!calls.iter().any(|path| path.contains("message")));
    town.nothing_went_wrong().await;
});

/// Asks for `/healthz` over `line`, and reads its answer's head and body.
fn is_answered(line: &mut std::net::TcpStream) -> bool {
    use std::io::{Read, Write};
    let mut heard = [0; 1024];
    let asked = line.write_all(b"GET /healthz HTTP/1.1\r\nHost: city.example\r\n\r\n");
    let read = asked.and_then(|()| line.read(&mut heard)).unwrap_or(0);
    heard[..read].starts_with(b"HTTP/1.1 200")
}

/// A proxy keeps connections, and sends the next request over one that was still for a minute. The wait is real: what is
/// asked here is what the server's own timer does, whose pause is five seconds when nobody says another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxys_still_connection_is_kept_and_ends_with_the_product() {
    let town =
        <Town as crate::support::Begin>::begin(crate::support::database::Engine::Sqlite).await;
    let mut line = std::net::TcpStream::connect(town.product.address).unwrap();
    assert!(is_answered(&mut line));
    tokio::time::sleep(std::time::Duration::from_secs(7)).await;
    assert!(is_answered(&mut line), "it was closed meanwhile");
    town.product.stop.cancel();
    let begun = std::time::Instant::now();
    town.product.finish(std::future::ready(())).await;
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(4),
        "a still connection keeps nobody from stopping"
    );
    assert!(!is_answered(&mut line));
}
