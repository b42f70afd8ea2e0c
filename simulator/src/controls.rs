//! `/_sim`: the operator's and the page's hands, as JSON over HTTP. `README.md` lists them.

use actix_web::HttpResponse;
use actix_web::web::{self, Bytes, Data, Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::options::Quota;
use crate::page;
use crate::phone;
use crate::platform::Platform;
use crate::reading;
use crate::world::World;

type Shared = Data<Platform>;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/people", web::get().to(people))
        .route("/people", web::post().to(add_person))
        .route("/crowd", web::post().to(add_crowd))
        .route("/people/{user}", web::get().to(screen))
        .route("/people/{user}/inbox", web::get().to(inbox))
        .route("/people/{user}/{deed}", web::post().to(act))
        .route("/menus/{id}/image", web::get().to(menu_image))
        .route("/stream", web::get().to(page::stream))
        .route("/requests", web::get().to(requests))
        .route("/webhook", web::put().to(set_webhook))
        .route("/webhooks", web::get().to(webhooks))
        .route("/webhooks/redeliver", web::post().to(redeliver))
        .route("/webhooks/raw", web::post().to(send_raw))
        .route("/webhooks/release", web::post().to(release))
        .route("/faults", web::get().to(faults))
        .route("/faults", web::post().to(inject))
        .route("/faults", web::delete().to(clear_faults))
        .route("/clock", web::get().to(clock))
        .route("/clock", web::post().to(move_clock))
        .route("/quota", web::put().to(set_quota));
}

fn outcome(result: Result<Value, String>) -> HttpResponse {
    match result {
        Ok(value) => HttpResponse::Ok().json(value),
        Err(message) => HttpResponse::Conflict().json(json!({ "message": message })),
    }
}

async fn people(platform: Shared) -> HttpResponse {
    HttpResponse::Ok().json(platform.look(|world| {
        let list: Vec<Value> = world
            .people
            .iter()
            .take(1_000)
            .map(
                |p| json!({ "id": p.id, "name": p.name, "friend": p.friend, "blocked": p.blocked }),
            )
            .collect();
        json!({ "account": world.options.display_name, "people": list })
    }))
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

async fn add_person(platform: Shared, body: Json<Name>) -> HttpResponse {
    let name = body.name.trim();
    if name.is_empty() {
        return outcome(Err("a person needs a name".to_owned()));
    }
    let id = platform.into_inner().change(|world| world.add_person(name));
    HttpResponse::Created().json(json!({ "id": id, "name": body.name }))
}

#[derive(Deserialize)]
struct Crowd {
    count: usize,
}

async fn add_crowd(platform: Shared, body: Json<Crowd>) -> HttpResponse {
    let ids = platform
        .into_inner()
        .change(|world| world.add_crowd(body.count));
    HttpResponse::Created().json(json!({ "ids": ids }))
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: usize,
}

async fn screen(platform: Shared, user: Path<String>, query: Query<After>) -> HttpResponse {
    outcome(platform.look(|world| phone::screen(world, &user, query.after)))
}

async fn inbox(platform: Shared, user: Path<String>) -> HttpResponse {
    outcome(platform.look(|world| {
        let person = world.person(&user)?;
        Ok(person.received().map(|bubble| bubble.view()).collect())
    }))
}

/// A deed of one person; the body's fields depend on the deed.
async fn act(platform: Shared, path: Path<(String, String)>, body: Json<Value>) -> HttpResponse {
    let (user, deed) = path.into_inner();
    outcome(
        platform
            .into_inner()
            .change(|world| perform(world, &user, &deed, &body)),
    )
}

fn perform(world: &mut World, user: &str, deed: &str, body: &Value) -> Result<Value, String> {
    let text = |name: &str| {
        body[name]
            .as_str()
            .ok_or_else(|| format!("the body must say 「{name}」 as a text"))
            .map(str::to_owned)
    };
    match deed {
        "follow" | "unblock" => world.follow(user)?,
        "block" => world.block(user)?,
        "open" => reading::open_chat(world, user)?,
        "open_address" => reading::open_address(world, user, &text("url")?)?,
        "say" => phone::say(world, user, &text("text")?)?,
        "location" => phone::send_location(world, user, body)?,
        "sticker" => phone::send_sticker(world, user, &text("packageId")?, &text("stickerId")?)?,
        "postback" => {
            let params = Some(body["params"].clone()).filter(|params| !params.is_null());
            phone::postback(world, user, &text("data")?, params)?;
        }
        "tap" => {
            let action = phone::find(world, user, &text("label")?)?;
            return phone::perform(world, user, &action);
        }
        "pick" => {
            let action = match body.get("action") {
                Some(action) => action.clone(),
                None => phone::find(world, user, &text("label")?)?,
            };
            phone::pick(world, user, &action, &text("value")?)?;
        }
        "perform" => return phone::perform(world, user, &body["action"]),
        other => return Err(format!("a person cannot do 「{other}」")),
    }
    Ok(json!({}))
}

async fn menu_image(platform: Shared, id: Path<String>) -> HttpResponse {
    match platform.look(|world| world.menus.get(&id).and_then(|menu| menu.image.clone())) {
        Some((content_type, bytes)) => HttpResponse::Ok().content_type(content_type).body(bytes),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn requests(platform: Shared) -> HttpResponse {
    let calls = platform.look(|world| world.log.all());
    let list: Vec<Value> = calls
        .iter()
        .map(|call| {
            json!({
                "at": call.at, "method": call.method, "path": call.path, "status": call.status,
                "retryKey": call.retry_key, "requestId": call.request_id, "body": call.json(), "answer": call.answer,
            })
        })
        .collect();
    HttpResponse::Ok().json(list)
}

#[derive(Deserialize)]
struct Address {
    url: Option<String>,
}

async fn set_webhook(platform: Shared, body: Json<Address>) -> HttpResponse {
    platform
        .into_inner()
        .change(|world| world.courier.url = body.into_inner().url);
    HttpResponse::Ok().json(json!({}))
}

async fn webhooks(platform: Shared) -> HttpResponse {
    let list: Vec<Value> = platform.look(|world| {
        let view = |record: &crate::Webhook| {
            let attempts: Vec<Value> = record
                .attempts
                .iter()
                .map(|a| json!({ "at": a.at, "status": a.status, "redelivery": a.redelivery }))
                .collect();
            json!({
                "eventIds": record.event_ids, "settled": record.settled, "attempts": attempts,
                "body": String::from_utf8_lossy(&record.body),
            })
        };
        world.courier.records().map(view).collect()
    });
    HttpResponse::Ok().json(list)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Redelivery {
    webhook_event_id: Option<String>,
}

/// Without an id the latest webhook is delivered again.
async fn redeliver(platform: Shared, body: Json<Redelivery>) -> HttpResponse {
    outcome(platform.into_inner().change(|world| {
        let latest = || {
            world
                .courier
                .records()
                .last()
                .and_then(|record| record.event_ids.first().cloned())
        };
        let id = body
            .webhook_event_id
            .clone()
            .or_else(latest)
            .ok_or("there was no webhook yet")?;
        if world.courier.redeliver(&id) {
            Ok(json!({ "webhookEventId": id }))
        } else {
            Err(format!("no webhook {id}"))
        }
    }))
}

#[derive(Deserialize)]
struct Raw {
    body: String,
    signature: Option<String>,
}

async fn send_raw(platform: Shared, raw: Json<Raw>) -> HttpResponse {
    let raw = raw.into_inner();
    platform.into_inner().change(|world| {
        world
            .courier
            .send_raw(Bytes::from(raw.body), raw.signature, world.options.memory);
    });
    HttpResponse::Accepted().json(json!({}))
}

async fn release(platform: Shared) -> HttpResponse {
    platform
        .into_inner()
        .change(|world| world.courier.release());
    HttpResponse::Ok().json(json!({}))
}

async fn faults(platform: Shared) -> HttpResponse {
    HttpResponse::Ok().json(platform.look(|world| world.faults.list().to_vec()))
}

async fn inject(platform: Shared, fault: Json<Fault>) -> HttpResponse {
    platform
        .into_inner()
        .change(|world| world.faults.inject(fault.into_inner()));
    HttpResponse::Created().json(json!({}))
}

async fn clear_faults(platform: Shared) -> HttpResponse {
    platform.into_inner().change(|world| {
        world.faults.clear();
        world.courier.release();
    });
    HttpResponse::Ok().json(json!({}))
}

async fn clock(platform: Shared) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "now": platform.look(|world| world.time.now()) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Move {
    advance_seconds: Option<u64>,
    now: Option<DateTime<Utc>>,
}

async fn move_clock(platform: Shared, body: Json<Move>) -> HttpResponse {
    let now = platform.into_inner().change(|world| {
        if let Some(now) = body.now {
            world.time.set(now);
        }
        if let Some(seconds) = body.advance_seconds {
            world.time.advance(std::time::Duration::from_secs(seconds));
        }
        world.time.now()
    });
    HttpResponse::Ok().json(json!({ "now": now }))
}

#[derive(Deserialize)]
struct Limit {
    limit: Option<u64>,
}

async fn set_quota(platform: Shared, body: Json<Limit>) -> HttpResponse {
    platform.into_inner().change(|world| {
        world.options.quota = body.limit.map_or(Quota::Unlimited, Quota::Limited);
    });
    HttpResponse::Ok().json(json!({}))
}
