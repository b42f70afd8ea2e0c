//! Narrowcast: accepted at once, sent behind it
//! (<https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message>).
//!
//! The simulator knows no audiences and no demographics: a narrowcast without `recipient` goes to
//! all friends, one that names a target fails the way LINE's does when too few people remain.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::send::{all_friends, checked_messages, spread};
use super::{Answer, Call, Outcome, World};
use crate::check::Road;
use crate::world::Post;

/// The fewest recipients of a narrowcast.
const FLOOR: usize = 50;

/// A narrowcast and how it went.
#[derive(Debug)]
pub(crate) struct Narrowcast {
    accepted_at: DateTime<Utc>,
    target: usize,
    success: usize,
    /// LINE's `errorCode`, if it failed.
    error: Option<u8>,
}

pub(super) fn start(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let messages = checked_messages(&body, Road::Crowd)?;
    let limit = &body["limit"];
    if limit["forbidPartialDelivery"] == true && limit["upToRemainingQuota"] != true {
        return Err(Answer::invalid_property("limit.forbidPartialDelivery"));
    }
    let targeted = !body["recipient"].is_null() || !body["filter"].is_null();
    let friends = all_friends(world);
    if targeted && friends.len() < 100 {
        return Err(Answer::error(
            403,
            "Access to this API is not available for your account",
        ));
    }
    let mut narrowcast = Narrowcast {
        accepted_at: call.now,
        target: friends.len(),
        success: 0,
        error: None,
    };
    if targeted && friends.len() < FLOOR {
        narrowcast.error = Some(2);
    } else {
        let max = limit["max"]
            .as_u64()
            .and_then(|max| usize::try_from(max).ok())
            .unwrap_or(usize::MAX);
        let chosen = friends.get(..max.min(friends.len())).unwrap_or_default();
        let silent = body["notificationDisabled"].as_bool().unwrap_or_default();
        let post = Post {
            messages: &messages,
            via: "narrowcast",
            silent,
            request_id: call.request_id.as_str().into(),
        };
        spread(world, chosen, &post, call)?;
        narrowcast.success = chosen.len();
    }
    world
        .narrowcasts
        .insert(call.request_id.clone(), narrowcast);
    Ok(Answer::accepted())
}

pub(super) fn progress(world: &mut World, call: &Call) -> Outcome {
    let id = call.query("requestId").unwrap_or_default();
    let known = world
        .narrowcasts
        .get(id)
        .filter(|cast| call.now - cast.accepted_at < TimeDelta::days(14));
    let Some(cast) = known else {
        return Err(Answer::not_found());
    };
    let stamp = cast
        .accepted_at
        .to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut body: Value = json!({ "acceptedTime": stamp });
    if let Some(error) = cast.error {
        body["phase"] = "failed".into();
        body["errorCode"] = error.into();
        body["failedDescription"] = "The number of recipients is too small".into();
    } else {
        body["phase"] = "succeeded".into();
        body["successCount"] = cast.success.into();
        body["failureCount"] = 0.into();
        body["targetCount"] = cast.target.into();
    }
    body["completedTime"] = stamp.into();
    Ok(Answer::json(200, body))
}
