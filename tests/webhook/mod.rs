//! LINE's door and what stands behind it, and what becomes of it when LINE or an event misbehaves.

mod door;
mod order;
mod trouble;

use entity::{resident, unanswered_word, webhook_event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::database::sealed;
use crate::support::town::{Person, Town};

const REPLY: &str = "/v2/bot/message/reply";

/// Posts a body as LINE would; gives the status.
async fn post(town: &Town, body: impl Into<Vec<u8>>, signature: Option<&str>) -> u16 {
    let url = format!("http://{}/line/webhook", town.product.address);
    let mut request = reqwest::Client::new().post(url).body(body.into());
    if let Some(signature) = signature {
        request = request.header("X-Line-Signature", signature);
    }
    request.send().await.unwrap().status().as_u16()
}

fn signed(body: &[u8]) -> String {
    line_simulator::signature(&line_simulator::Options::default().channel_secret, body)
}

async fn post_signed(town: &Town, body: impl Into<Vec<u8>>) -> u16 {
    let body = body.into();
    let signature = signed(&body);
    post(town, body, Some(&signature)).await
}

fn body_of(events: &[Value]) -> String {
    json!({ "destination": "U00000000000000000000000000000b07", "events": events }).to_string()
}

fn user(last: char) -> String {
    format!("U{}", last.to_string().repeat(32))
}

fn event(id: &str, user: &str, kind: &str, at_ms: i64) -> Value {
    json!({
        "type": kind, "mode": "active", "timestamp": at_ms, "webhookEventId": id,
        "source": { "type": "user", "userId": user },
        "deliveryContext": { "isRedelivery": false },
    })
}

/// A message without a reply token: what it changes is what can be seen of it.
fn text(id: &str, user: &str, at_ms: i64, words: &str) -> Value {
    let mut event = event(id, user, "message", at_ms);
    event["message"] = json!({ "type": "text", "id": "1", "text": words });
    event
}

async fn rows(town: &Town) -> Vec<webhook_event::Model> {
    webhook_event::Entity::find()
        .order_by_asc(webhook_event::Column::Id)
        .all(town.db.conn())
        .await
        .unwrap()
}

async fn states(town: &Town) -> Vec<String> {
    let described = |row: webhook_event::Model| format!("{} {}", row.event_id, row.state);
    rows(town).await.into_iter().map(described).collect()
}

async fn held_of(town: &Town, user: &str) -> Option<resident::Model> {
    resident::Entity::find()
        .filter(resident::Column::LineUserId.eq(sealed(&town.db, "resident.line_user_id", user)))
        .one(town.db.conn())
        .await
        .unwrap()
}

async fn times(town: &Town, word: &str) -> i64 {
    let row = unanswered_word::Entity::find_by_id(word.to_owned())
        .one(town.db.conn())
        .await
        .unwrap();
    row.map_or(0, |row| row.times)
}

fn replies(town: &Town) -> Vec<u16> {
    let calls = town.line.requests().into_iter();
    calls
        .filter(|call| call.path == REPLY)
        .map(|call| call.status)
        .collect()
}

/// What a person does, without waiting for an answer.
fn says(town: &Town, person: &Person<'_>, words: &str) {
    town.line.say(&person.id, words).unwrap();
    town.line.advance(std::time::Duration::from_millis(1));
}
