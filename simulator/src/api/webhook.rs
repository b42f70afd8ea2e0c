//! The webhook's address and its test.

use std::sync::Arc;

use chrono::SecondsFormat;
use serde_json::json;

use super::{Answer, Call, Outcome, World};
use crate::platform::Platform;
use crate::webhook::post::{Failure, send};
use crate::webhook::signature;

/// LINE's webhook addresses are HTTPS; the simulator also takes plain HTTP on this machine.
fn is_endpoint(url: &str) -> bool {
    let Ok(parsed) = reqwest::Url::parse(url) else {
        return false;
    };
    let loopback = matches!(parsed.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.len() <= 500 && (parsed.scheme() == "https" || (parsed.scheme() == "http" && loopback))
}

pub(super) fn endpoint(world: &mut World, _: &Call) -> Outcome {
    match &world.courier.url {
        Some(url) => Ok(Answer::json(
            200,
            json!({ "endpoint": url, "active": true }),
        )),
        None => Err(Answer::not_found()),
    }
}

pub(super) fn set_endpoint(world: &mut World, call: &Call) -> Outcome {
    match call.json()?["endpoint"].as_str() {
        Some(url) if is_endpoint(url) => {
            world.courier.url = Some(url.to_owned());
            Ok(Answer::ok())
        }
        _ => Err(Answer::error(400, "Invalid webhook endpoint URL")),
    }
}

/// The test is answered by [`test_answer`], since it must wait for the other side.
pub(super) fn never(_: &mut World, _: &Call) -> Outcome {
    Err(Answer::not_found())
}

/// A webhook test about to run.
pub(crate) struct WebhookTest {
    url: String,
    body: String,
    signature: String,
    timeout: std::time::Duration,
    stamp: String,
}

/// Prepares the test: an empty, signed body to the given address or the one set.
pub(crate) fn webhook_test(world: &World, call: &Call) -> Result<WebhookTest, Answer> {
    let given = if call.body.is_empty() {
        None
    } else {
        call.json()?["endpoint"].as_str().map(str::to_owned)
    };
    let url = given
        .or_else(|| world.courier.url.clone())
        .ok_or_else(Answer::not_found)?;
    if !is_endpoint(&url) {
        return Err(Answer::error(400, "Invalid webhook endpoint URL"));
    }
    let body = json!({ "destination": world.options.bot_user_id, "events": [] }).to_string();
    let signature = signature(&world.options.channel_secret, body.as_bytes());
    let stamp = call.now.to_rfc3339_opts(SecondsFormat::Millis, true);
    Ok(WebhookTest {
        url,
        body,
        signature,
        timeout: world.options.webhook_timeout,
        stamp,
    })
}

pub(crate) async fn test_answer(platform: &Arc<Platform>, test: WebhookTest) -> Answer {
    let outcome = send(
        platform,
        &test.url,
        test.body.into_bytes(),
        &test.signature,
        test.timeout,
    )
    .await;
    let (success, status, reason) = match outcome {
        Ok(status @ 200..=299) => (true, i32::from(status), "OK"),
        Ok(status) => (false, i32::from(status), "ERROR_STATUS_CODE"),
        Err(Failure::CouldNotConnect) => (false, 0, "COULD_NOT_CONNECT"),
        Err(Failure::RequestTimeout) => (false, 0, "REQUEST_TIMEOUT"),
    };
    let detail = if success {
        "200".to_owned()
    } else {
        format!("{reason} ({status})")
    };
    let body = json!({
        "success": success, "timestamp": test.stamp, "statusCode": status, "reason": reason, "detail": detail,
    });
    Answer::json(200, body)
}
