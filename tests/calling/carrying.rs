//! What those who carry calls are handed.

use kairan::calling::{Gateway, InvalidChannel, Mail, Side};
use serde_json::json;

use super::servers::{SECRET, is_signed, vouched};
use super::{Ring, Who};
use crate::on_both;

on_both!(a_gateway_is_handed_what_it_can_verify, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    let request = ring.gateway.requests().pop().unwrap();
    let calling = ring.calling(id).await;
    let call = calling
        .calls
        .iter()
        .find(|call| call.channel == Some(kairan::policy::Channel::Sms) && call.rung == Some(0));
    let call = call.unwrap();
    let body = request.json();
    assert_eq!(
        body,
        json!({ "id": call.id, "kind": "sms", "to": "+819012340003", "text": body["text"] })
    );
    assert_eq!(request.headers["idempotency-key"], call.id.to_string());
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(is_signed(&request, ring.now().timestamp()));
    let mut forged = request;
    forged.body.push(b' ');
    assert!(!is_signed(&forged, ring.now().timestamp()));
});

on_both!(
    a_push_service_reads_nothing_and_knows_who_sends,
    |ring: Ring| {
        let key = kairan::calling::push_key(&ring.night.hall.db, ring.now())
            .await
            .unwrap();
        ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        let request = ring.push.requests().pop().unwrap();
        let (claims, by) = vouched(&request);
        assert_eq!(by, key, "what browsers are given to subscribe with");
        assert_eq!(claims["aud"], ring.push.address);
        assert_eq!(claims["sub"], "mailto:line@city.example.jp");
        let exp = claims["exp"].as_i64().unwrap() - ring.now().timestamp();
        assert!((1..=86_400).contains(&exp), "{exp}");
        assert_eq!(request.headers["content-encoding"], "aes128gcm");
        assert_eq!(request.headers["urgency"], "high");
        assert_eq!(request.headers["ttl"], "600");
        assert!(request.headers["topic"].len() <= 32);
        let sent = String::from_utf8_lossy(&request.body).into_owned();
        assert!(!sent.contains("calls/"));
        let (_, device) = &ring.devices[&Who::PrChief];
        let shown = device.opens(&request);
        assert_eq!(
            shown["title"],
            "【訓練】呼出訓練 第1号 リンクを開いて応答してください"
        );
        assert!(
            shown["url"]
                .as_str()
                .unwrap()
                .starts_with("https://line.city.example.jp/calls/")
        );
        assert_eq!(shown["tag"], request.headers["topic"]);

        // The key is one, and the database does not tell it.
        use sea_orm::EntityTrait;
        let row = entity::push_key::Entity::find().one(ring.night.hall.db.conn());
        let row = row.await.unwrap().unwrap();
        assert!(row.private.starts_with("r."), "sealed: {}", row.private);
        let again = kairan::calling::push_key(&ring.night.hall.db, ring.now())
            .await
            .unwrap();
        assert_eq!(again, key);
    }
);

on_both!(a_mail_bears_the_name_of_its_call, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    ring.steps().await;
    let letter = ring.mail.letters().pop().unwrap();
    let calling = ring.calling(id).await;
    let mail = Some(kairan::policy::Channel::Mail);
    let call = calling
        .calls
        .iter()
        .find(|call| call.channel == mail)
        .unwrap();
    assert_eq!(letter.id, format!("<{}@city.example.jp>", call.id));
    assert_eq!(letter.to, "prchief@city.example.jp");
    let words = "【訓練】呼出訓練 第1号 リンクを開いて応答してください";
    assert_eq!(letter.subject, words);
    assert!(letter.body.starts_with(words));
});

#[test]
fn no_call_goes_over_a_way_that_others_read() {
    let mail = |address: &str| Mail::new(&address.to_owned().into(), "line@city.example.jp");
    for address in [
        "smtp://kairan:hunter2@mail.city.example.jp:587",
        "smtp://mail.city.example.jp?tls=opportunistic",
        "http://mail.city.example.jp",
        "mail.city.example.jp",
    ] {
        assert_eq!(
            mail(address).unwrap_err(),
            InvalidChannel::Smtp,
            "{address}"
        );
    }
    for address in [
        "smtps://kairan:hunter2@mail.city.example.jp",
        "smtp://kairan:hunter2@mail.city.example.jp:587?tls=required",
        "smtp://127.0.0.1:25",
    ] {
        let mail = mail(address).unwrap();
        assert!(!format!("{mail:?}").contains("hunter2"));
    }
    let from = Mail::new(&"smtp://127.0.0.1".to_owned().into(), "kairan").unwrap_err();
    assert_eq!(from, InvalidChannel::From);
    let gateway = |address: &str, secret: &str| Gateway::new(address, secret.into());
    for address in ["http://calls.example.jp/", "ftp://127.0.0.1/", "calls"] {
        let refused = gateway(address, SECRET).unwrap_err();
        assert_eq!(refused, InvalidChannel::Gateway, "{address}");
    }
    let short = gateway("https://calls.example.jp/", "hunter2").unwrap_err();
    assert_eq!(short, InvalidChannel::Secret);
    let taken = gateway("https://calls.example.jp/", SECRET).unwrap();
    assert!(!format!("{taken:?}").contains(SECRET));
}
